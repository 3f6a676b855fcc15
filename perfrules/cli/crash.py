"""A bug of ours: written down with what is needed to find it, and told as such."""

import contextlib
import os
import platform
import tempfile
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from perfrules.cli import output
from perfrules.cli.settings import Settings
from perfrules.databases.addresses import is_address, shown
from perfrules.locale import message

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


def tell(error: Exception, args: Sequence[str], settings: Settings) -> int:
    """Write down a bug of ours and say where; gives its exit code."""
    where = _write_report(_crash_report(error, args))
    output.tell(
        settings.say(
            message(
                "This is a bug in perfrules, not in your data: {kind}: {error}",
                kind=type(error).__name__,
                error=str(error),
            )
        )
    )
    if where is not None:
        output.tell(
            settings.say(
                message(
                    "A report is in {path}; please send it to us, after a look whether it quotes what is confidential.",
                    path=str(where),
                )
            )
        )
    if settings.verbose or where is None:
        output.tell("".join(traceback.format_exception(error)))
    return BUG


def _crash_report(error: Exception, args: Sequence[str]) -> str:
    lines = [
        f"perfrules {' '.join(shown(arg) if is_address(arg) else arg for arg in args)}",
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
