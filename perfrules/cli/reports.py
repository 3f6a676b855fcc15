"""Reports printed and written to files, for the verbs that have one."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from perfrules import renderers
from perfrules.cli import output, targets
from perfrules.cli.settings import Settings, terminal_width
from perfrules.renderers import terminal
from perfrules.report import Report

Files = Sequence[tuple[str, Path]]


def files(asked: Sequence[str]) -> Files:
    """The files of ``-o``, with their formats; refused before any work is done.

    Raises:
        UsageError: There is no such format, or no such folder.
    """
    return [targets.target(text, renderers.formats(), renderers.format_of) for text in asked]


def show(report: Report, settings: Settings, form: str, **view: Any) -> None:
    """Print a report; ``view`` is for the page of the terminal."""
    if form != "terminal":
        content = renderers.renderer(form).render(report, settings.language)
        output.show(content if isinstance(content, str) else content.decode())
        return
    seen = terminal.View(
        width=terminal_width(),
        color=settings.color,
        verbose=settings.verbose,
        quiet=settings.quiet,
        **view,
    )
    output.show(terminal.render(report, settings.language, seen), color=settings.color)


def save(report: Report, asked: Files, settings: Settings) -> bool:
    """Write the files; gives whether all were written."""
    done = [
        targets.save(
            path, partial(report.save, path, format=kind, language=settings.language), settings
        )
        for kind, path in asked
    ]
    return all(done)
