"""What a reader knows of a table beside its cells, and how faults in those cells are reported."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from perfrules.dataset import Origins
from perfrules.locale import Message
from perfrules.notices import Level, Notice
from perfrules.quantities.figures import State

FEW = 3
"""How many places or samples a notice names."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a reader knows of a table beside its cells.

    Attributes:
        origins: File, section and rows; cells with an origin of their own. The headings are found when the table is normalised.
        headings: Headings as printed, in the order of the raw columns; empty if the raw columns bear them.
        unit_of_measure: Unit of the table's money.
        units: Unit by column id, over that of the table.
        columns: Column id by printed heading, where the pack does not know the heading.
        constants: Values of columns that are not printed, by column id.
        quotes: Words around each figure, by (row, column id).
        states: Cells that hold nothing for a reason that the reader found, by (row, column id).
        doubtful: Rows whose cells cannot be trusted.
        notices: What the reader found.
    """

    origins: Origins = field(default_factory=Origins)
    headings: tuple[str, ...] = ()
    unit_of_measure: str | None = None
    units: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    quotes: Mapping[tuple[int, str], str] = field(default_factory=dict)
    states: Mapping[tuple[int, str], State] = field(default_factory=dict)
    doubtful: frozenset[int] = frozenset()
    notices: tuple[Notice, ...] = ()

    def quoted(self) -> Origins:
        """The origins with the quotes written into them."""
        if not self.quotes:
            return self.origins
        cells = dict(self.origins.cells)
        for (row, column), quote in self.quotes.items():
            if quote:
                cells[row, column] = replace(self.origins.of(row, column), quote=quote)
        return replace(self.origins, cells=cells)


class Remarks:
    """Collects the notices of one table.

    Attributes:
        table: Id of the table.
        origins: Where its cells were printed.
        notices: The notices so far.
    """

    def __init__(self, table: str, origins: Origins) -> None:
        self.table = table
        self.origins = origins
        self.notices: list[Notice] = []

    def add(self, code: str, text: Message, level: Level = "blocking", where: str = "") -> None:
        """Add a notice."""
        self.notices.append(Notice(code, text, level, table=self.table, where=where))

    def place(self, row: int, column: str) -> str:
        """Where a cell was printed, or which row it is, from 1, if it never was on paper."""
        origin = self.origins.of(row, column)
        return str(origin) if origin.row is not None else f"{origin or self.table} [{row + 1}]"

    def places(self, rows: Iterable[int], column: str) -> tuple[str, ...]:
        """Where the first few of some cells were printed."""
        return tuple(self.place(row, column) for row, _ in zip(rows, range(FEW), strict=False))
