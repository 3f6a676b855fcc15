"""DuckDB: a file, or frames in memory that it works on."""

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from perfrules.databases import sql
from perfrules.databases.catalog import TABLES, UNIQUE, Found, tables_of
from perfrules.databases.faults import refused, stopped

BLOCK = 100_000
"""Rows that come back at a time."""


class DuckDB:
    """A connection to DuckDB.

    Attributes:
        name: What reports call it.
        connection: The connection.
        shown: What people are told that it is.
        dialect: How to ask it.
    """

    name = "duckdb"

    def __init__(self, connection: Any, shown: str = "DuckDB") -> None:
        self.connection = connection
        self.shown = shown
        self.dialect = sql.Dialect(self.name)

    @classmethod
    def in_memory(cls) -> "DuckDB":
        """A database that holds nothing but what is registered in it."""
        return cls(duckdb.connect(":memory:"))

    @classmethod
    def file(cls, path: Path, shown: str) -> "DuckDB":
        """A database file, opened for reading only.

        Raises:
            DataError: There is none.
        """
        try:
            return cls(duckdb.connect(str(path), read_only=True), shown)
        except duckdb.Error as fault:
            raise refused(shown, str(fault)) from fault

    def tables(self) -> Mapping[tuple[str, str], Found]:
        """Its tables by schema and name."""
        with self._told():
            asked = [self.connection.sql(text).fetchall() for text in (TABLES, UNIQUE)]
        found = tables_of(*asked)
        return dict(sorted(found.items(), key=lambda item: item[0][0] != "main"))

    def rows(
        self, query: sql.Text, order: Sequence[str] = (), limit: int | None = None
    ) -> Iterator[pl.DataFrame]:
        """Run a query; its rows in blocks."""
        with self._told():
            for batch in self._read(query.ordered(order, limit)):
                yield _frame(batch)

    def _read(self, text: str) -> Iterable[Any]:
        """The answer in batches; ``sql`` in place of ``execute`` would plan long queries twice, and not copy the few rows."""
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Arrow output on a DB-API result")
            batches: Iterable[Any] = self.connection.execute(text).to_arrow_reader(BLOCK)
        return batches

    def whole(self, table: Found) -> pl.DataFrame:
        """All rows of a table."""
        name = f"{sql.quoted(table.schema)}.{sql.quoted(table.name)}"
        with self._told():
            return _frame(self.connection.sql(f"SELECT * FROM {name}").to_arrow_table())  # noqa: S608  # names are quoted

    def register(self, name: str, frame: pl.DataFrame) -> None:
        """Let the database see a frame under a name."""
        self.connection.register(name, frame.to_arrow())

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say what is wrong where the database stops answering."""
        try:
            yield
        except duckdb.Error as fault:
            raise stopped(self.shown, str(fault)) from fault


def _frame(rows: Any) -> pl.DataFrame:
    frame = pl.DataFrame(rows)
    assert isinstance(frame, pl.DataFrame)  # noqa: S101  # rows are no single column
    return frame
