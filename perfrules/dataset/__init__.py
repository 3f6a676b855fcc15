"""Tables under check: their figures as scaled integers, their keys, and the origin of every cell."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import field
from fractions import Fraction
from typing import Any, Protocol

import polars as pl

from perfrules import tables
from perfrules.locations import Origin
from perfrules.notices import Notice
from perfrules.quantities import MEASURES
from perfrules.quantities.figures import Number, State, tenfold
from perfrules.values import frozen, mutable

ROW = "@row"
"""Column of a table's frame that holds the position of each row."""
DOUBTFUL = "@doubtful"
"""Column, there only if it is needed, that is true in every row whose key is missing or occurs twice, or whose cells slipped."""


def place_column(column: str) -> str:
    """Name of the column with the last printed place of each cell of ``column``."""
    return f"{column}@place"


def state_column(column: str) -> str:
    """Name of the column with the :class:`State` of each cell of ``column``."""
    return f"{column}@state"


@frozen
class Measure:
    """How the figures of one column are held: a figure is ``integer * 10**-scale`` of the base unit.

    Attributes:
        scale: The common scale of the column.
        place: The last printed place (``10**-place``) where all cells agree; None: it stands in the ``@place`` column.
        usual: The usual place by the pack's ``decimals``, in the unit of the data; None if each cell has its own.
        exact: Figures are the numbers themselves.
        unit: Unit that the data is printed in.
        unit_place: The place of that unit: -4 for 万元, 2 for %.
        states: Whether there is a ``@state`` column; without one every null is a blank.
        bounds: Ends of the interval that a bound or range says, by row.
    """

    scale: int
    place: int | None
    usual: int | None = None
    exact: bool = False
    unit: str = ""
    unit_place: int = 0
    states: bool = False
    bounds: Mapping[int, tuple[Number, Number]] = field(default_factory=dict)


@frozen
class Cell:
    """One cell as the reference evaluator sees it.

    Attributes:
        table, row, column: Which cell it is; ``row`` is -1 where no row was found.
        state: Whether it holds something; the attributes below are only set if it does.
        value: Exact number in the base unit, or a text, a flag, or a date as its ordinal.
        place: Last printed place; None for an exact figure and for what is not a figure.
        usual: Usual place of the column; None if each cell has its own.
        low, high: Ends of a bound or range; None where the print is a plain figure.
    """

    table: str
    row: int
    column: str
    state: State
    value: Fraction | str | bool | None = None
    place: int | None = None
    usual: int | None = None
    low: Number | None = None
    high: Number | None = None


@frozen
class Origins:
    """Where the cells of a table were printed.

    Attributes:
        file, section: Of the whole table.
        first_row: Row of the file that holds the table's first row; None if there is no such file.
        rows: Row of the file by row of the table, where they do not follow one another; else empty.
        headings: Heading as printed, by column id.
        cells: Cells with an origin of their own, by (row, column id).
    """

    file: str = ""
    section: str = ""
    first_row: int | None = None
    rows: Sequence[int] = ()
    headings: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[tuple[int, str], Origin] = field(default_factory=dict)

    def of(self, row: int, column: str) -> Origin:
        """The origin of one cell."""
        own = self.cells.get((row, column))
        if own is not None:
            return own
        return Origin(self.file, self.section, self._line(row), self.headings.get(column, ""))

    def _line(self, row: int) -> int | None:
        if row < 0:
            return None
        if self.rows:
            return self.rows[row]
        return None if self.first_row is None else self.first_row + row


class Held(Protocol):
    """What sheets are laid of: a :class:`Table` in memory, or a relation in a database."""

    @property
    def name(self) -> str:
        """Table id."""

    @property
    def spec(self) -> tables.Table:
        """What the pack says of it."""

    @property
    def measures(self) -> Mapping[str, Measure]:
        """How its figures are held, by column id."""

    @property
    def columns(self) -> Collection[str]:
        """The names of its columns, those with an ``@`` among them."""

    def nulls(self, column: str) -> int:
        """How many cells of ``column`` hold nothing."""

    def places_in(self, column: str) -> Sequence[int]:
        """The last printed places that occur in ``column``, where cells have their own."""

    def is_wide(self, column: str) -> bool:
        """Whether the integers of ``column`` are held in 128 bits."""

    def is_bounded(self, column: str, x: Any) -> Any:
        """Where a cell of ``column`` is a bound or a range, as an expression of ``x``."""


@frozen
class Table:
    """A table under check.

    Attributes:
        name: Table id.
        spec: What the pack says of it.
        frame: One column per column of the pack that the data has, named by its id: figures as Int64 or Int128 scaled by their
            :class:`Measure`, ``year`` as Int64, ``text`` and ``code`` as String, ``date`` as Date, ``flag`` as Boolean; null where
            there is no value; then ``@row``, and the ``@place``, ``@state`` and ``@doubtful`` columns where they are needed.
        measures: By column id, for the columns of type money, ratio, points, count and number.
        origins: Where its cells were printed.
        notices: What was found when it was read.
    """

    name: str
    spec: tables.Table
    frame: pl.DataFrame
    measures: Mapping[str, Measure]
    origins: Origins = Origins()
    notices: tuple[Notice, ...] = ()

    @property
    def columns(self) -> Collection[str]:
        """The names of its columns, those with an ``@`` among them."""
        return self.frame.columns

    def nulls(self, column: str) -> int:
        """How many cells of ``column`` hold nothing."""
        return self.frame[column].null_count()

    def places_in(self, column: str) -> Sequence[int]:
        """The last printed places that occur in ``column``, where cells have their own."""
        return sorted(self.frame[place_column(column)].unique().drop_nulls())

    def is_wide(self, column: str) -> bool:
        """Whether the integers of ``column`` are held in 128 bits."""
        return self.frame[column].dtype == pl.Int128

    def is_bounded(self, column: str, x: Any) -> Any:
        """Where a cell of ``column`` is a bound or a range, as an expression of ``x``."""
        return x.col(ROW).is_in(list(self.measures[column].bounds))

    def cell(self, row: int, column: str) -> Cell:
        """The cell of ``column`` in ``row``; its state says why it holds nothing."""
        (line,) = self.lines([row])
        return line.cell(column)

    def lines(self, rows: Sequence[int]) -> Iterator["Line"]:
        """Some rows, read out of the frame together."""
        found = self.frame[rows]
        for row, values in zip(rows, found.iter_rows(named=True), strict=True):
            yield Line(self, row, values)


@mutable
class Line:
    """One row of a table as Python values; a cell is made when it is first asked for.

    Attributes:
        table: The table.
        row: The position of the row.
        values: What its frame holds there, by column.
        cells: The cells made so far, by column id.
    """

    table: Table
    row: int
    values: Mapping[str, Any]
    cells: dict[str, Cell] = field(default_factory=dict)

    def cell(self, column: str) -> Cell:
        """The cell of ``column``; its state says why it holds nothing."""
        found = self.cells.get(column)
        if found is None:
            found = self.cells[column] = self._cell(column)
        return found

    def _cell(self, column: str) -> Cell:
        name, row, values = self.table.name, self.row, self.values
        if column not in values:
            return Cell(name, row, column, State.NO_COLUMN)
        if values.get(DOUBTFUL):
            return Cell(name, row, column, State.DUPLICATE)
        value, measure = values[column], self.table.measures.get(column)
        if value is None:
            state = values.get(state_column(column))
            return Cell(name, row, column, State(state) if state else State.BLANK)
        if measure is None:
            return Cell(name, row, column, State.FIGURE, as_value(value))
        low, high = measure.bounds.get(row, (None, None))
        place = None if measure.exact else self.places(column)
        figure = tenfold(value, -measure.scale)
        return Cell(name, row, column, State.FIGURE, figure, place, measure.usual, low, high)

    def places(self, column: str) -> int:
        """The last printed place of a figure, exact ones included."""
        place = self.table.measures[column].place
        return int(self.values[place_column(column)]) if place is None else place


class Blocked(Protocol):
    """A table that is read in blocks, as far as others need to know it."""

    @property
    def rows(self) -> int:
        """How many rows it has."""
        ...

    @property
    def columns(self) -> frozenset[str]:
        """The columns that it has."""
        ...

    def passes(self) -> "Iterator[Reading]":
        """Readings of the whole table: one, and another if the first was wrong in what it took to hold for whole columns."""
        ...


class Reading(Protocol):
    """One reading of all blocks of a table."""

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What was remarked, once all blocks are read."""
        ...

    def blocks(self) -> Iterator[Table]:
        """The blocks as tables."""
        ...


def as_value(value: object) -> Fraction | str | bool:
    """A key or text of a frame as a cell holds it: numbers exact, a date as its ordinal."""
    if isinstance(value, bool | str):
        return value
    return Fraction(value if isinstance(value, int) else value.toordinal())  # type: ignore[attr-defined]  # a date


@frozen
class Dataset:
    """The tables of one run, by table id, with the notices that belong to no table.

    Attributes:
        tables: The tables in memory.
        name: Its title.
        notices: What belongs to no table.
        bulk: Tables that are read in blocks.
        hashes: The SHA-256 of the files that were read as a whole, by name.
    """

    tables: Mapping[str, Table]
    name: str = ""
    notices: tuple[Notice, ...] = ()
    bulk: Mapping[str, Blocked] = field(default_factory=dict)
    hashes: Mapping[str, str] = field(default_factory=dict)


def is_measure(column: tables.Column) -> bool:
    """Whether the cells of ``column`` are printed figures."""
    return column.type in MEASURES
