"""What a reader knows of a table beside its cells, and how faults in those cells are reported."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace

from perfrules.dataset import Origins
from perfrules.locale import Message
from perfrules.notices import Level, Notice
from perfrules.quantities.figures import State
from perfrules.values import frozen

FEW = 3
"""How many places or samples a notice names."""


@frozen
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
        start: Rows of the table that come before these, which are a part of it.
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
    start: int = 0
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


_ORDER = ("PR428", "PR427", "PR409", "PR413", "PR407", "PR406", "PR423", "PR408", "PR417")
"""The order in which the cells of a column are remarked on; synonyms are after all columns."""


def together(parts: Iterable[Iterable[Notice]], columns: Sequence[str]) -> list[Notice]:
    """The notices of the parts of a table as those of the whole: counts are added, and the first few places and samples kept."""
    found: dict[object, Notice] = {}
    for notice in (notice for part in parts for notice in part):
        said = _said(notice)
        fixed = tuple((name, str(said.args[name])) for name in said.args if name not in _ADDED)
        key = (notice.code, said.text, fixed)
        found[key] = _added(found[key], notice) if key in found else notice

    def place(notice: Notice) -> tuple[int, int]:
        column = _said(notice).args.get("column")
        if notice.code not in _ORDER or column not in columns:
            return (-1, 0)
        at = len(columns) if notice.code == "PR417" else columns.index(str(column))
        return (at, _ORDER.index(notice.code))

    return sorted(found.values(), key=place)


_ADDED = ("count", "places", "samples", "written")


def _added(first: Notice, then: Notice) -> Notice:
    old, new = _said(first).args, dict(_said(then).args)
    for name in _ADDED:
        if name not in old:
            continue
        a, b = old[name], new[name]
        if isinstance(a, int) and isinstance(b, int):
            new[name] = a + b
        elif isinstance(a, tuple) and isinstance(b, tuple):
            # numbers are shown as they come, texts each once, and of synonyms all
            joined = (
                (*a, *b)
                if name == "places" or first.code == "PR413"
                else (*dict.fromkeys((*a, *b)),)
            )
            new[name] = joined if name == "written" else joined[:FEW]
    return replace(first, message=replace(_said(first), args=new))


def _said(notice: Notice) -> Message:
    assert isinstance(notice.message, Message)  # noqa: S101  # a reader's own; labels come from saved reports
    return notice.message


class Remarks:
    """Collects the notices of one table.

    Attributes:
        table: Id of the table.
        origins: Where its cells were printed.
        notices: The notices so far.
    """

    def __init__(self, table: str, origins: Origins, start: int = 0) -> None:
        self.table = table
        self.origins = origins
        self._start = start
        self.notices: list[Notice] = []

    def add(self, code: str, text: Message, level: Level = "blocking", where: str = "") -> None:
        """Add a notice."""
        self.notices.append(Notice(code, text, level, table=self.table, where=where))

    def place(self, row: int, column: str) -> str:
        """Where a cell was printed, or which row it is, from 1, if it never was on paper."""
        origin = self.origins.of(row, column)
        if origin.row is not None:
            return str(origin)
        return f"{origin or self.table} [{self._start + row + 1}]"

    def first(self, column: str) -> str:
        """Where the first cell of a column was printed, be it before these rows."""
        row = self.origins.first_row
        whole = replace(self.origins, first_row=None if row is None else row - self._start)
        return Remarks(self.table, whole).place(0, column)

    def places(self, rows: Iterable[int], column: str) -> tuple[str, ...]:
        """Where the first few of some cells were printed."""
        return tuple(self.place(row, column) for row, _ in zip(rows, range(FEW), strict=False))
