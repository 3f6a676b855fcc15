"""Reports to text and files: one module per format, found by its name or by the suffix of a path.

A renderer is a module of this folder with ``SUFFIXES``, the suffixes of its files, and ``render(report, language)``, which
gives a text or bytes. Its name is the name of the format; a format that is a promise carries its version (``json_v1``), and
its name alone means the newest.
"""

import pkgutil
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from perfrules.errors import DataError, Diagnostic, UsageError
from perfrules.locale import message
from perfrules.report import Report
from perfrules.writing import replace as write


class Renderer(Protocol):
    """What a module of this folder offers."""

    SUFFIXES: tuple[str, ...]

    def render(self, report: Report, language: str) -> str | bytes:
        """The report in this format; texts are written as UTF-8."""


def formats() -> dict[str, str]:
    """The module of every format, by the name of the format."""
    modules = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return {name: name for name in modules} | {
        name.rpartition("_v")[0]: name for name in modules if "_v" in name
    }


def renderer(name: str) -> Renderer:
    """The renderer of a format.

    Raises:
        UsageError: There is no such format.
    """
    module = formats().get(name)
    if module is None:
        raise UsageError(
            [
                Diagnostic(
                    "PR501",
                    message("there is no format {name}", name=name),
                    hint=message("formats: {names}", names=tuple(sorted(formats()))),
                )
            ]
        )
    return cast("Renderer", import_module(f"{__name__}.{module}"))


def format_of(path: Path) -> str:
    """The name of the format that a file's suffix says.

    Raises:
        UsageError: No format has this suffix.
    """
    file = path.name.lower()
    names = {name: renderer(name).SUFFIXES for name in sorted(formats(), key=len)}
    known = {suffix: name for name in reversed(names) for suffix in names[name]}
    for suffix in sorted(known, key=len, reverse=True):
        if file.endswith(suffix) and file != suffix:
            return known[suffix]
    raise UsageError(
        [
            Diagnostic(
                "PR501",
                message("the name {path} does not say the format", path=str(path)),
                hint=message("suffixes: {known}; or write format=path", known=tuple(sorted(known))),
            )
        ]
    )


def load(path: Path) -> Report:
    """The report that was saved as JSON, with its way to be saved again.

    Raises:
        DataError: It cannot be read, or is no such report.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        what = message(
            "{file} cannot be read: {reason}", file=str(path), reason=error.strerror or ""
        )
        raise DataError([Diagnostic("PR516", what)]) from None
    reader = import_module(f"{__name__}.{formats()['json']}")
    return replace(cast("Report", reader.read(content, str(path))), saver=save)


def save(report: Report, path: Path, format: str | None = None, language: str = "zh") -> Path:  # noqa: A002  # as in Report.save
    """Write a report to a file, beside it first, then renamed, so that there is never half a file.

    Raises:
        UsageError: There is no such format.
        OSError: The file cannot be written.
    """
    content = renderer(format or format_of(path)).render(report, language)
    write(path, content.encode(errors="replace") if isinstance(content, str) else content)
    return path
