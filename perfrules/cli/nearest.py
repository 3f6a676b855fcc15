"""Which configuration is meant: the nearest file at the working folder or above, found without reading what is heavy to read."""

import re
from collections.abc import Sequence
from pathlib import Path

CONFIG_FILE = "perfrules.toml"
PYPROJECT = "pyproject.toml"
_OURS = re.compile(rb"^[ \t]*\[+[ \t]*tool[ \t]*\.[ \t]*perfrules\b", re.MULTILINE)


def nearest(folder: Path) -> Path | None:
    """The file that holds the configuration of a folder; None if there is none.

    ``perfrules.toml`` goes before the pyproject.toml beside it. A pyproject.toml that does not speak of perfrules is passed over.
    """
    for home in (folder, *folder.parents):
        if (home / CONFIG_FILE).is_file():
            return home / CONFIG_FILE
        if _is_ours(home / PYPROJECT):
            return home / PYPROJECT
    return None


def meant(asked: str | None) -> Path | None:
    """The configuration that is asked for, or the nearest; of an empty name, none."""
    if asked is not None:
        return Path(asked) if asked else None
    try:
        return nearest(Path.cwd())
    except OSError:  # the working folder is gone
        return None


def asked_in(args: Sequence[str]) -> str | None:
    """The value of ``--config`` in arguments that nobody has parsed yet."""
    for position, arg in enumerate(args):
        name, sign, value = arg.partition("=")
        if name == "--config":
            return value if sign else "".join(args[position + 1 : position + 2])
    return None


def language(path: Path | None) -> str:
    """The language that a configuration says; empty if it says none, or cannot be read: that is told where it is loaded."""
    if path is None:
        return ""
    import tomllib  # noqa: PLC0415  # only where there is a configuration

    try:
        found = tomllib.loads(path.read_text("utf-8-sig"))
        if path.name == PYPROJECT:
            found = found["tool"]["perfrules"]
        return str(found["language"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ""


def _is_ours(path: Path) -> bool:
    try:
        return path.is_file() and _OURS.search(path.read_bytes()) is not None
    except OSError:
        return False
