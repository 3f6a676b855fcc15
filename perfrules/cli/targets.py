"""Files asked for with ``-o``: in which format, and what is told of them. One that cannot be written changes no exit code."""

from collections.abc import Callable, Collection
from pathlib import Path

from perfrules.cli import output
from perfrules.cli.settings import Settings
from perfrules.errors import Diagnostic, UsageError
from perfrules.locale import message


def target(
    text: str, formats: Collection[str], format_of: Callable[[Path], str]
) -> tuple[str, Path]:
    """The format and path of ``format=path`` or ``path``; refused before any work is done.

    Args:
        text: What was given.
        formats: The names of formats.
        format_of: The format of a path without a name; refuses one that says none.

    Raises:
        UsageError: There is no such format, or no such folder.
    """
    name, sign, rest = text.replace("＝", "=", 1).partition("=")
    named = bool(sign) and name in formats
    path = Path(rest if named else text)
    kind = name if named else format_of(path)
    if not path.parent.is_dir():
        folder = str(path.parent)
        what = message("there is no folder {folder} to write into", folder=folder)
        raise UsageError([Diagnostic("PR503", what)])
    return kind, path


def named(text: str, kind: str) -> str:
    """What ``text`` names behind ``kind=``; empty if it is of another kind."""
    name, sign, rest = text.replace("＝", "=", 1).partition("=")
    return rest if sign and name == kind else ""


def save(path: Path, write: Callable[[], object], settings: Settings) -> bool:
    """Write one file, and tell and give whether it was written."""
    try:
        write()
    except OSError as error:
        reason = error.strerror or str(error)
        told = message("{path} was not written: {error}", path=str(path), error=reason)
        output.tell(settings.say(told))
        return False
    if not settings.quiet:
        output.tell(settings.say(message("written: {path}", path=str(path))))
    return True
