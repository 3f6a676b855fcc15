"""A page of text for a terminal: headings, paragraphs, names with what belongs to them, tables."""

from collections.abc import Iterable, Sequence
from io import StringIO

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from perfrules.cli import output
from perfrules.cli.settings import Settings
from perfrules.locations import lines


class Page:
    """Collects what a verb has to say, and prints it at the end."""

    def __init__(self, settings: Settings, width: int) -> None:
        self.settings = settings
        self._width = width
        self._file = StringIO()
        self._console = Console(
            file=self._file,
            width=width,
            force_terminal=settings.color,
            color_system="standard" if settings.color else None,
            legacy_windows=False,
            highlight=False,
            markup=False,
            emoji=False,
        )

    def line(self, text: object = "", *, style: str = "", indent: int = 0) -> None:
        """A paragraph; without a text an empty line."""
        said = text if isinstance(text, Text) else Text(self.settings.say(text), style)
        parts = (said[start:end] for start, end in lines(said.plain, self._width - indent))
        self._console.print(Padding(Text("\n").join(parts), (0, 0, 0, indent)) if said else "")

    def raw(self, text: str, *, indent: int = 0) -> None:
        """A line that is to be copied, and so is never broken."""
        self._console.print(Text(" " * indent + text), soft_wrap=True)

    def heading(self, text: object) -> None:
        """An empty line and a title."""
        self.line()
        self.line(text, style="bold")

    def pairs(self, rows: Iterable[tuple[object, object]], *, indent: int = 0) -> None:
        """Names, and beside each what belongs to it; rows without anything are left out."""
        say = self.settings.say
        self.table(
            [(Text(say(name), "dim"), said) for name, said in rows if say(said)],
            indent=indent,
            wraps=(1,),
        )

    def table(
        self, rows: Sequence[Sequence[object]], *, indent: int = 0, wraps: Sequence[int] = ()
    ) -> None:
        """Rows in columns without lines; only the columns of ``wraps`` may break."""
        if not rows:
            return
        grid = Table.grid(padding=(0, 2))
        for position in range(len(rows[0])):
            grid.add_column(no_wrap=position not in wraps, overflow="fold")
        for row in rows:
            grid.add_row(
                *(part if isinstance(part, Text) else Text(self.settings.say(part)) for part in row)
            )
        self._console.print(Padding(grid, (0, 0, 0, indent), expand=False))

    def show(self) -> None:
        """Print the page."""
        told = (line.rstrip() for line in self._file.getvalue().splitlines())
        output.show("\n".join(told) + "\n", color=self.settings.color)
