"""A bar for work that lasts, on standard error, if that is a terminal."""

import sys
from threading import Timer
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from perfrules.cli.settings import Settings
from perfrules.locale import Message, message

if TYPE_CHECKING:
    from perfrules.cli.bar import Bar

CHECKING = message("checking")
PATIENCE = 0.5
"""Seconds before a bar is shown."""


class Progress:
    """Shows how much of some work is done; nothing for work that is done at once."""

    def __init__(self, settings: Settings, work: Message = CHECKING) -> None:
        self._color = settings.color
        self._checking = settings.say(work)
        self._say = settings.say
        self._state: dict[str, Any] = {"description": settings.say(message("reading"))}
        self._bar: Bar | None = None
        wanted = sys.stderr.isatty() and not settings.quiet
        self._timer = Timer(PATIENCE, self._start) if wanted else None

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
        self._state = {"description": self._checking, "completed": at, "total": end, "told": told}
        if self._bar:
            self._bar.show(**self._state)

    def _start(self) -> None:
        from perfrules.cli.bar import Bar  # noqa: PLC0415  # few runs last

        self._bar = Bar(color=self._color)
        self._bar.show(**self._state)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer.join()
        if self._bar:
            self._bar.stop()
