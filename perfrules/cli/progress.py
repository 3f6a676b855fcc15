"""A bar for work that lasts, on standard error, if that is a terminal."""

import sys
from threading import Timer
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from perfrules.cli.settings import Settings
from perfrules.locale import Message, message

CHECKING = message("checking")
PATIENCE = 0.5
"""Seconds before a bar is shown."""


class Progress:
    """Shows how much of some work is done; nothing for work that is done at once."""

    def __init__(self, settings: Settings, work: Message = CHECKING) -> None:
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[told]}"),
            TimeElapsedColumn(),
            console=Console(stderr=True, no_color=not settings.color),
            transient=True,
        )
        self._reading = settings.say(message("reading"))
        self._checking = settings.say(work)
        self._say = settings.say
        self._task = self._bar.add_task(self._reading, total=None, told="")
        wanted = sys.stderr.isatty() and not settings.quiet
        self._timer = Timer(PATIENCE, self._bar.start) if wanted else None

    def __enter__(self) -> Self:
        if self._timer:
            self._timer.daemon = True
            self._timer.start()
        return self

    def tell(self, done: int, total: int, rows: int = 0, all_rows: int = 0) -> None:
        """Take note of the work done, in pieces such as rules; where rows are counted, they say how far it is."""
        told = f"{done}/{total}"
        if all_rows:
            told = self._say(
                message(
                    "rules {done}/{total}  rows {rows}/{all_rows}",
                    done=done,
                    total=total,
                    rows=f"{rows:,}",
                    all_rows=f"{all_rows:,}",
                )
            )
        at, end = (rows, all_rows) if all_rows else (done, total)
        self._bar.update(self._task, description=self._checking, completed=at, total=end, told=told)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer.join()
            self._bar.stop()
