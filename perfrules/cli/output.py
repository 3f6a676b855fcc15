"""What is printed: results to standard output, everything else to standard error; neither ever fails a run."""

import contextlib
import io
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO

import click

from perfrules.cli.settings import Settings
from perfrules.errors import Diagnostic, UsageError
from perfrules.locale import message
from perfrules.locations import Place, caret
from perfrules.writing import replace


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


def write(path: Path, content: bytes) -> None:
    """Write a file that is the result, beside it first, then renamed.

    Raises:
        UsageError: It cannot be written.
    """
    try:
        replace(path, content)
    except OSError as error:
        what = message("{file} cannot be written: {reason}", file=str(path), reason=error.strerror)
        hint = message("choose a folder that you may write into")
        raise UsageError([Diagnostic("PR509", what, hint=hint)]) from error


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
