"""Tables that live in a database: the same columns as a :class:`perfrules.dataset.Table` has, and facts in place of cells."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

import polars as pl

from perfrules import tables
from perfrules.dataset import Measure
from perfrules.values import frozen

Frame = Any
"""A lazy frame of narwhals over whatever the database understands."""
Query = Any
"""A frame made ready to run: SQL text, for databases."""


class UnsayableError(Exception):
    """A frame cannot be said in the language of a database."""


class Dialect(Protocol):
    """How frames are said to a kind of database; it knows no connection."""

    def settled(self, frame: Frame) -> Frame:
        """The same rows as a frame that is short to say, for queries that build on it."""

    def joined(self, frame: Frame, parts: Sequence[tuple[Frame, Mapping[str, str]]]) -> Frame:
        """A settled frame with settled others joined to its left, each on some columns: theirs by its own."""

    def query(self, frame: Frame) -> Query:
        """Make a frame ready to run; raise :class:`UnsayableError` where that cannot be."""


class Database(Protocol):
    """Where relations live and questions are answered."""

    @property
    def name(self) -> str:
        """What reports call it: ``duckdb``, ``postgres``."""

    @property
    def dialect(self) -> Dialect:
        """How to ask it."""

    def rows(
        self, query: Query, order: Sequence[str] = (), limit: int | None = None
    ) -> Iterator[pl.DataFrame]:
        """Run a query, which may begin at once; its rows in blocks, in the order of some columns, at most ``limit`` of them."""


@frozen
class Facts:
    """What is known of all cells of a column.

    Attributes:
        nulls: How many hold nothing.
        places: The last printed places, where cells have their own.
        low, high: Least and greatest integer.
        wide: The integers are held in 128 bits.
        dashed: Some cell is a dash.
    """

    nulls: int = 0
    places: tuple[int, ...] = ()
    low: int = 0
    high: int = 0
    wide: bool = False
    dashed: bool = False

    def roomy(self) -> "Facts":
        """The same, with bounds that leave room to spare, so that a query once made serves as data grow."""
        low = -_power(-self.low) if self.low < 0 else 0
        high = _power(self.high) if self.high > 0 else 0
        return replace(self, nulls=min(self.nulls, 1), low=low, high=high)


def _power(number: int) -> int:
    return 1 << number.bit_length()


def bounded_column(column: str) -> str:
    """Name of the column that is true where a cell of ``column`` is a bound or a range."""
    return f"{column}@bounded"


@frozen
class Relation:
    """A table under check that lives in a database.

    Attributes:
        name: Table id.
        spec: What the pack says of it.
        frame: Its columns, named and held as those of :attr:`perfrules.dataset.Table.frame`; ``@row`` only where rows have an order.
        columns: Their names.
        measures: How its figures are held, by column id.
        facts: By column id.
        height: Number of rows.
        source: What tells its frame from others: the name of the table, and how its columns are read.
        room: At least the number of rows; what sums come to is reckoned with it.
    """

    name: str
    spec: tables.Table
    frame: Frame
    columns: tuple[str, ...]
    measures: Mapping[str, Measure]
    facts: Mapping[str, Facts]
    height: int
    source: str = ""
    room: int = 0

    def roomy(self) -> "Relation":
        """The same, with facts that leave room to spare."""
        facts = {name: found.roomy() for name, found in self.facts.items()}
        return replace(self, facts=facts, room=_power(self.height))

    def like(self, other: "Relation") -> bool:
        """Whether a query that was made for ``other`` serves here too."""
        return replace(self, frame=None, height=0) == replace(other, frame=None, height=0)

    def nulls(self, column: str) -> int:
        """How many cells of ``column`` hold nothing."""
        return self.facts[column].nulls

    def places_in(self, column: str) -> Sequence[int]:
        """The last printed places that occur in ``column``, where cells have their own."""
        return self.facts[column].places

    def is_wide(self, column: str) -> bool:
        """Whether the integers of ``column`` are held in 128 bits."""
        return self.facts[column].wide

    def is_bounded(self, column: str, x: Any) -> Any:
        """Where a cell of ``column`` is a bound or a range, as an expression of ``x``."""
        return x.col(bounded_column(column))
