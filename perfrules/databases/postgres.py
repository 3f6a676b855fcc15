"""PostgreSQL: tables of a server, read in one transaction that can change nothing."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import polars as pl
import psycopg

from perfrules.databases import sql
from perfrules.databases.addresses import without_secrets
from perfrules.databases.catalog import TABLES, UNIQUE, Found, tables_of
from perfrules.databases.faults import refused, stopped

BLOCK = 50_000
"""Rows that come back at a time."""
_NULL = "\\N"
_FLOATS = ("double precision", "real")


class Postgres:
    """A connection to a PostgreSQL server.

    Attributes:
        name: What reports call it.
        connection: The connection.
        shown: Its address without the password.
        dialect: How to ask it.
    """

    name = "postgres"

    def __init__(self, connection: psycopg.Connection[Any], shown: str) -> None:
        self.connection = connection
        self.shown = shown
        self.dialect = sql.Dialect(self.name)

    @classmethod
    def server(cls, address: str, shown: str) -> "Postgres":
        """Connect to a server, for reading only; all is read as it stands at one moment.

        Raises:
            DataError: It cannot be reached, or does not let us in.
        """
        try:
            connection = psycopg.connect(address)
            connection.read_only = True
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.execute(
                "SET jit = off"
            )  # making machine code of many rules takes longer than running them
        except (psycopg.Error, UnicodeError) as fault:
            raise refused(shown, without_secrets(str(fault), address)) from None
        return cls(connection, shown)

    def tables(self) -> Mapping[tuple[str, str], Found]:
        """Its tables by schema and name."""
        with self._told():
            asked = [self.connection.execute(text).fetchall() for text in (TABLES, UNIQUE)]
        found = tables_of(*asked)
        return dict(sorted(found.items(), key=lambda item: item[0][0] != "public"))

    def rows(
        self, query: sql.Text, order: Sequence[str] = (), limit: int | None = None
    ) -> Iterator[pl.DataFrame]:
        """Run a query; its rows in blocks."""
        yield from self._copied(query.ordered(order, limit, "C"), query.kinds)

    def whole(self, table: Found) -> pl.DataFrame:
        """All rows of a table; what has no type of its own here comes as text."""
        kinds = {
            name: kind or ("float64" if table.written[name] in _FLOATS else "string")
            for name, kind in table.columns.items()
        }
        names = ", ".join(map(sql.quoted, kinds))
        text = f"SELECT {names} FROM {sql.quoted(table.schema)}.{sql.quoted(table.name)}"  # noqa: S608  # names are quoted
        blocks = list(self._copied(text, kinds))
        return (
            pl.concat(blocks)
            if blocks
            else pl.DataFrame(schema={n: _type(k) for n, k in kinds.items()})
        )

    def _copied(self, text: str, kinds: Mapping[str, str]) -> Iterator[pl.DataFrame]:
        asked = f"COPY ({text}) TO STDOUT (FORMAT csv, NULL '{_NULL}')"
        with (
            self._told(),
            self.connection.cursor() as cursor,
            cursor.copy(asked) as copy,
        ):
            lines: list[bytes] = []
            for line in copy:
                lines.append(bytes(line))
                if len(lines) == BLOCK:
                    yield _read(lines, kinds)
                    lines = []
            if lines:
                yield _read(lines, kinds)

    def close(self) -> None:
        """End the transaction and the connection; nothing has been changed."""
        self.connection.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say what is wrong where the server stops answering."""
        try:
            yield
        except psycopg.Error as fault:
            raise stopped(self.shown, str(fault)) from fault


def _read(lines: Iterable[bytes], kinds: Mapping[str, str]) -> pl.DataFrame:
    """Rows as PostgreSQL writes them."""
    frame = pl.read_csv(
        io.BytesIO(b"".join(lines)),
        has_header=False,
        new_columns=list(kinds),
        infer_schema=False,
        null_values=[_NULL],
    )
    return frame.select(_typed(name, kind) for name, kind in kinds.items())


def _typed(name: str, kind: str) -> pl.Expr:
    cells = pl.col(name)
    if kind == "boolean":
        return cells == "t"
    if kind == "date":
        return cells.str.to_date("%Y-%m-%d")
    if kind.startswith("timestamp"):
        return cells.str.to_datetime(strict=False)
    return cells.cast(_type(kind))


def _type(kind: str) -> Any:
    """The type of a column, by its name in ibis."""
    if kind.startswith("decimal"):
        digits, _, scale = kind[8:-1].partition(",")
        return pl.Decimal(38, int(scale)) if digits.strip().isdigit() else pl.Decimal(38, 0)
    if kind.startswith(("int", "uint")):
        return pl.Int64
    return {
        "boolean": pl.Boolean,
        "date": pl.Date,
        "float64": pl.Float64,
        "float32": pl.Float64,
    }.get(kind, pl.String)
