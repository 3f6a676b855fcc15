"""The bar of ``progress``, for work that lasts: most runs never see it, and do not import this."""

from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn


class Bar:
    """A bar on standard error, with what is done on the left and how much of it on the right."""

    def __init__(self, *, color: bool) -> None:
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[told]}"),
            TimeElapsedColumn(),
            console=Console(stderr=True, no_color=not color),
            transient=True,
        )
        self._task = self._bar.add_task("", total=None, told="")
        self._bar.start()

    def show(self, **state: Any) -> None:
        """Show how far the work is."""
        self._bar.update(self._task, **state)

    def stop(self) -> None:
        """Take the bar away."""
        self._bar.stop()
