"""What is printed: results to standard output, everything else to standard error; neither ever fails a run."""

import contextlib
import io
import os
import platform
import sys
import tempfile
import traceback
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO

import click

from perfrules.cli.settings import Settings
from perfrules.errors import Diagnostic
from perfrules.locale import message
from perfrules.locations import Place, caret

BUG = 4
"""The exit code of a bug of ours."""
_LIBRARIES = (
    "perfrules",
    "polars",
    "pandera",
    "pydantic",
    "lark",
    "click",
    "rich",
    "PyYAML",
    "python-calamine",
)


def degrade() -> None:
    """Let the standard streams replace what their encoding lacks, where they would raise."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def takes_color(environment: Mapping[str, str]) -> bool:
    """Whether standard output is a terminal that takes colours."""
    return (
        sys.stdout.isatty()
        and not environment.get("NO_COLOR")
        and environment.get("TERM") != "dumb"
    )


def show(text: str, *, color: bool = False) -> None:
    """Print a result; a reader that has closed the pipe is no error."""
    try:
        click.echo(text, color=color, nl=not text.endswith("\n"))
        sys.stdout.flush()
    except BrokenPipeError:
        _forget(sys.stdout)


def tell(text: str) -> None:
    """Print what is not the result."""
    try:
        click.echo(text, err=True)
    except BrokenPipeError:
        _forget(sys.stderr)


def _forget(stream: IO[str]) -> None:
    """Write the rest to nowhere, so that flushing at the end raises no second error."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def faults(found: Iterable[Diagnostic], settings: Settings) -> None:
    """Print diagnostics, each with its line and a caret under what is meant."""
    for fault in found:
        tell(diagnostic(fault, settings))


def diagnostic(fault: Diagnostic, settings: Settings) -> str:
    """A diagnostic as text: place, code and message, the line with a caret, what to do."""
    place = fault.place
    where = f"{place.file}:{place.line}:{place.column}: " if place else ""
    lines = [f"{where}{fault.code}: {settings.say(fault.message)}"]
    if place and place.text.strip():
        lines += [
            f"    {line}"
            for line in caret(Place(place.file, place.line, place.column, place.length, place.text))
        ]
    if fault.hint:
        lines.append(f"  → {settings.say(fault.hint)}")
    return "\n".join(lines)


def crash(error: Exception, args: Sequence[str], settings: Settings) -> int:
    """Write down a bug of ours and say where; gives its exit code."""
    where = _write_report(_crash_report(error, args))
    tell(
        settings.say(
            message(
                "This is a bug in perfrules, not in your data: {kind}: {error}",
                kind=type(error).__name__,
                error=str(error),
            )
        )
    )
    if where is not None:
        tell(
            settings.say(
                message(
                    "A report is in {path}; please send it to us. It holds no data.",
                    path=str(where),
                )
            )
        )
    if settings.verbose or where is None:
        tell("".join(traceback.format_exception(error)))
    return BUG


def _crash_report(error: Exception, args: Sequence[str]) -> str:
    lines = [
        f"perfrules {' '.join(args)}",
        f"{platform.python_implementation()} {platform.python_version()} {platform.platform()}",
        *(f"{name} {_version(name)}" for name in _LIBRARIES),
        "",
        *traceback.format_exception(error),
    ]
    return "\n".join(lines)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "-"


def _write_report(text: str) -> Path | None:
    """Into the folder of the run, or else the one for temporary files."""
    name = f"perfrules-crash-{datetime.now(UTC):%Y%m%d-%H%M%S}-{os.getpid()}.txt"
    for folder in (Path.cwd(), Path(tempfile.gettempdir())):
        with contextlib.suppress(OSError):
            (folder / name).write_text(text, encoding="utf-8", errors="replace")
            return folder / name
    return None
