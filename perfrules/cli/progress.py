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
            TextColumn("{task.completed}/{task.total}"),
            TimeElapsedColumn(),
            console=Console(stderr=True, no_color=not settings.color),
            transient=True,
        )
        self._reading = settings.say(message("reading"))
        self._checking = settings.say(work)
        self._task = self._bar.add_task(self._reading, total=None)
        wanted = sys.stderr.isatty() and not settings.quiet
        self._timer = Timer(PATIENCE, self._bar.start) if wanted else None

    def __enter__(self) -> Self:
        if self._timer:
            self._timer.daemon = True
            self._timer.start()
        return self

    def tell(self, done: int, total: int) -> None:
        """Take note of the work done."""
        self._bar.update(self._task, description=self._checking, completed=done, total=total)

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
