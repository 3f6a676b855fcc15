"""A dataset in memory that a database works on: ``--engine duckdb`` over files and frames."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

import polars as pl

from perfrules.databases import sql
from perfrules.databases.duckdb import DuckDB
from perfrules.dataset import ROW, Dataset, Table, state_column
from perfrules.dataset.relations import Database, Facts, Relation, bounded_column
from perfrules.quantities import MAX_DIGITS
from perfrules.quantities.figures import State
from perfrules.values import frozen

_KINDS = {
    pl.String: "string", pl.Int64: "int64", pl.Int8: "int8", pl.Int16: "int16", pl.Date: "date", pl.Boolean: "boolean",
}  # fmt: skip
_WIDE = pl.Decimal(MAX_DIGITS, 0)


class Store(Database, Protocol):
    """A database that frames can be put into."""

    def register(self, name: str, frame: pl.DataFrame) -> None:
        """Let the database see a frame under a name."""

    def close(self) -> None:
        """End the connection."""


@frozen
class Registered:
    """A dataset in memory, with its tables as relations of a database.

    Attributes:
        dataset: The dataset.
        database: The database.
        relations: Its tables, by id.
    """

    dataset: Dataset
    database: Store
    relations: Mapping[str, Relation]

    def around(self, reaches: Mapping[str, Sequence[pl.DataFrame]]) -> Dataset:  # noqa: ARG002  # all rows are at hand
        """The rows that have one of the keys in ``reaches``, by table, and possibly more."""
        return self.dataset

    def whole(self, tables: Collection[str]) -> Dataset:  # noqa: ARG002  # all tables are at hand
        """Whole tables in memory."""
        return self.dataset


def register(dataset: Dataset, store: Store | None = None) -> Registered:
    """Let a database see the tables of a dataset; a table whose columns differ in case only is left out.

    Args:
        dataset: The dataset.
        store: The database; one of DuckDB in memory if left out.
    """
    database = store or DuckDB.in_memory()
    relations = {
        name: _relation(table, f"@table_{number}", database)
        for number, (name, table) in enumerate(dataset.tables.items())
        if _is_distinct(table.frame.columns)
    }
    return Registered(dataset, database, relations)


def _is_distinct(names: Sequence[str]) -> bool:
    """Whether names are distinct where case makes no difference."""
    return len({name.casefold() for name in names}) == len(names)


def _relation(table: Table, name: str, database: Store) -> Relation:
    frame = table.frame.with_columns(pl.col(pl.Int128).cast(_WIDE))
    bounded = [
        pl.col(ROW).is_in(list(measure.bounds)).alias(bounded_column(column))
        for column, measure in table.measures.items()
        if measure.bounds
    ]
    frame = frame.with_columns(bounded)
    database.register(name, frame)
    kinds = {column: _kind(dtype) for column, dtype in frame.schema.items()}
    facts = {column: _facts(table, column) for column in table.spec.columns if column in kinds}
    return Relation(
        table.name,
        table.spec,
        sql.table(name, kinds),
        tuple(frame.columns),
        table.measures,
        facts,
        frame.height,
        f"{name} {kinds}",
    ).roomy()


def _kind(dtype: pl.DataType) -> str:
    return f"decimal({MAX_DIGITS}, 0)" if dtype == _WIDE else _KINDS[type(dtype)]


def _facts(table: Table, column: str) -> Facts:
    cells = table.frame[column]
    low = high = 0
    if cells.dtype.is_integer() and cells.null_count() < len(cells):
        low, high = int(cells.min()), int(cells.max())  # type: ignore[arg-type]  # a series of integers has integer ends
    measure = table.measures.get(column)
    states = state_column(column)
    return Facts(
        table.nulls(column),
        tuple(table.places_in(column)) if measure and measure.place is None else (),
        low,
        high,
        table.is_wide(column),
        states in table.columns and bool((table.frame[states] == int(State.DASH)).any()),
    )
