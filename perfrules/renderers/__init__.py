"""Reports to text and files: one module per format, found by its name or by the suffix of a path.

A renderer is a module of this folder with ``SUFFIXES``, the suffixes of its files, and ``render(report, language)``, which
gives a text or bytes. Its name is the name of the format; a format that is a promise carries its version (``json_v1``), and
its name alone means the newest.
"""

import pkgutil
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from perfrules.errors import Diagnostic, UsageError
from perfrules.locale import message
from perfrules.report import Report
from perfrules.writing import replace


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
    suffix = path.suffix.lower()
    names = formats()
    likely = [suffix[1:]] if suffix[1:] in names else []
    for name in (*likely, *names):
        if suffix in renderer(name).SUFFIXES:
            return name
    known = tuple(sorted({suffix for name in names for suffix in renderer(name).SUFFIXES}))
    raise UsageError(
        [
            Diagnostic(
                "PR501",
                message("the name {path} does not say the format", path=str(path)),
                hint=message("suffixes: {known}; or write format=path", known=known),
            )
        ]
    )


def save(report: Report, path: Path, format: str | None = None, language: str = "zh") -> Path:  # noqa: A002  # as in Report.save
    """Write a report to a file, beside it first, then renamed, so that there is never half a file.

    Raises:
        UsageError: There is no such format.
        OSError: The file cannot be written.
    """
    content = renderer(format or format_of(path)).render(report, language)
    replace(path, content.encode() if isinstance(content, str) else content)
    return path
