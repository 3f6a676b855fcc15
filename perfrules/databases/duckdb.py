"""DuckDB: a file, or frames in memory that it works on."""

from collections.abc import Iterator, Sequence
from typing import Any

import duckdb
import polars as pl

from perfrules.databases import sql

BLOCK = 100_000
"""Rows that come back at a time."""


class DuckDB:
    """A connection to DuckDB.

    Attributes:
        name: What reports call it.
        connection: The connection.
        dialect: How to ask it.
    """

    name = "duckdb"

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.dialect = sql.Dialect(self.name)

    @classmethod
    def in_memory(cls) -> "DuckDB":
        """A database that holds nothing but what is registered in it."""
        return cls(duckdb.connect(":memory:"))

    def rows(
        self, query: sql.Text, order: Sequence[str] = (), limit: int | None = None
    ) -> Iterator[pl.DataFrame]:
        """Run a query; its rows in blocks."""
        reader = self.connection.sql(query.ordered(order, limit)).to_arrow_reader(BLOCK)
        for batch in reader:
            yield _frame(batch)

    def register(self, name: str, frame: pl.DataFrame) -> None:
        """Let the database see a frame under a name."""
        self.connection.register(name, frame.to_arrow())

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()


def _frame(batch: Any) -> pl.DataFrame:
    frame = pl.DataFrame(batch)
    assert isinstance(frame, pl.DataFrame)  # noqa: S101  # a batch is no single column
    return frame
