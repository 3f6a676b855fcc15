"""Frames stored as tables of databases, for tests."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import psycopg

from perfrules.databases.postgres import Postgres
from perfrules.databases.sql import quoted


def kind(dtype: pl.DataType) -> str:
    """The type of a column in SQL."""
    if isinstance(dtype, pl.Decimal):
        return f"DECIMAL({dtype.precision}, {dtype.scale})"
    kinds: Mapping[Any, str] = {
        pl.Int8: "SMALLINT", pl.Int16: "SMALLINT", pl.Int32: "INTEGER", pl.Int64: "BIGINT", pl.UInt32: "BIGINT",
        pl.String: "TEXT", pl.Date: "DATE", pl.Boolean: "BOOLEAN", pl.Float64: "DOUBLE PRECISION", pl.Datetime: "TIMESTAMP",
    }  # fmt: skip
    return kinds[type(dtype)]


def made(name: str, frame: pl.DataFrame, key: tuple[str, ...] = ()) -> str:
    columns = [f"{quoted(column)} {kind(dtype)}" for column, dtype in frame.schema.items()]
    if key:
        columns.append(f"PRIMARY KEY ({', '.join(map(quoted, key))})")
    return f"CREATE TABLE {quoted(name)} ({', '.join(columns)})"


def in_duckdb(path: Path, tables: Mapping[str, pl.DataFrame]) -> str:
    """Store tables in a file; its address."""
    with duckdb.connect(str(path)) as connection:
        for name, frame in tables.items():
            connection.execute(made(name, frame))
            connection.register("rows_", frame.to_arrow())
            connection.execute(f"INSERT INTO {quoted(name)} SELECT * FROM rows_")  # noqa: S608  # a name of ours
            connection.unregister("rows_")
    return f"duckdb:///{path}"


def in_postgres(address: str, tables: Mapping[str, pl.DataFrame]) -> str:
    """Store tables in a database; its address."""
    with psycopg.connect(address, autocommit=True) as connection:
        for name, frame in tables.items():
            connection.execute(f"DROP TABLE IF EXISTS {quoted(name)}")
            connection.execute(made(name, frame))
            fill(connection, name, frame)
    return address


def fill(connection: psycopg.Connection[Any], name: str, frame: pl.DataFrame) -> None:
    text = io.BytesIO()
    frame.write_csv(text, include_header=False, null_value="\\N")
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {quoted(name)} FROM STDIN (FORMAT csv, NULL '\\N')") as copy,
    ):
        copy.write(text.getvalue())


class Writable(Postgres):
    """A server in which frames can be stored, to check them there as DuckDB checks them in memory."""

    @classmethod
    def over(cls, address: str) -> "Writable":
        connection = psycopg.connect(address)
        connection.execute("SET jit = off")
        return cls(connection, "PostgreSQL")

    def register(self, name: str, frame: pl.DataFrame) -> None:
        self.connection.execute(
            f"CREATE TEMP TABLE {quoted(name)} ({made(name, frame).partition('(')[2]}"
        )
        fill(self.connection, name, frame)
