"""Frames of narwhals as SQL text, by ibis; no connection is needed for that."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import ibis
import narwhals as nw
import polars as pl

from perfrules.dataset.relations import Frame, UnsayableError
from perfrules.values import frozen


@frozen
class Spelling:
    """How a database writes names and texts in SQL.

    Attributes:
        mark: What stands around a name.
        escapes: Whether a backslash in a text begins an escape.
        rows: What stands before ``VALUES`` where these are rows to choose from.
        mixed: A function of several values that gives 64 bits, where rows are grouped faster by these.
    """

    mark: str = '"'
    escapes: bool = False
    rows: str = ""
    mixed: str = ""

    def name(self, name: str) -> str:
        """A name as SQL writes it."""
        return self.mark + name.replace(self.mark, self.mark * 2) + self.mark

    def value(self, value: object) -> str:
        """A value of a key as SQL writes it."""
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, int):
            return f"CAST({value} AS BIGINT)"
        if isinstance(value, date):
            return f"DATE '{value.isoformat()}'"
        text = str(value)
        if self.escapes:
            return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
        return "'" + text.replace("'", "''") + "'"


STANDARD = Spelling()
SPARK = Spelling("`", escapes=True, rows="SELECT * FROM ", mixed="xxhash64")
_SPELLINGS = {"pyspark": SPARK}


@frozen
class Text:
    """A query as SQL text.

    Attributes:
        sql: The text.
        kinds: The types of its columns, as ibis names them.
        spelling: How names are written in it.
    """

    sql: str
    kinds: Mapping[str, str]
    spelling: Spelling = STANDARD

    def ordered(
        self, order: Sequence[str], limit: int | None = None, collation: str | None = None
    ) -> str:
        """The text with its rows in the order of some columns, at most ``limit`` of them."""
        if not order and limit is None:
            return self.sql
        by = ", ".join(self._by(name, collation) for name in order)
        ordered = f" ORDER BY {by}" if by else ""
        bounded = "" if limit is None else f" LIMIT {int(limit)}"
        return f"SELECT * FROM ({self.sql}) AS rows_{ordered}{bounded}"  # noqa: S608  # names are quoted, numbers are numbers

    def _by(self, name: str, collation: str | None) -> str:
        text = collation is not None and self.kinds[name] == "string"
        collated = f" COLLATE {quoted(collation or '')}" if text else ""
        return f"{self.spelling.name(name)}{collated} NULLS LAST"

    def among(self, keys: Sequence[pl.DataFrame]) -> "Text":
        """The rows that have one of some keys: frames that bear the names of columns."""
        tests = []
        for frame in keys:
            say = self.spelling
            names = ", ".join(map(say.name, frame.columns))
            rows = (f"({', '.join(map(say.value, row))})" for row in frame.drop_nulls().iter_rows())
            values = ", ".join(rows)
            if values:
                tests.append(f"({names}) IN ({say.rows}VALUES {values})")
        where = " OR ".join(tests) or "FALSE"
        chosen = f"SELECT * FROM ({self.sql}) AS rows_ WHERE {where}"  # noqa: S608  # names and values are quoted
        return replace(self, sql=chosen)


quoted = STANDARD.name
"""A name as standard SQL writes it."""


def table(name: str, columns: Mapping[str, str], schema: str | None = None) -> Frame:
    """A table of a database, its columns with the types that ibis names."""
    return nw.from_native(ibis.table(dict(columns), name=name, database=schema or None))


class Dialect:
    """Frames as SQL text of one dialect; parts that queries build on are made text once."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.spelling = _SPELLINGS.get(name, STANDARD)
        self._part = re.compile(f"{self.spelling.mark}(sheet_[0-9]+){self.spelling.mark}")
        self._parts: dict[str, tuple[str, tuple[str, ...]]] = {}

    def settled(self, frame: Frame) -> Frame:
        """The same rows as a table that stands in the ``WITH`` of every query that reads it."""
        native = frame.to_native()
        return self._settled(self._text(native), native.schema())

    def joined(self, frame: Frame, parts: Sequence[tuple[Frame, Mapping[str, str]]]) -> Frame:
        """A settled frame with settled others joined to its left, each on some columns: theirs by its own."""
        say = self.spelling.name
        base = frame.to_native()
        columns = dict(base.schema().items())
        chosen = ["base.*"]
        joins = []
        for number, (part, on) in enumerate(parts):
            native, alias = part.to_native(), f"p{number}"
            added = {
                name: kind for name, kind in native.schema().items() if name not in on.values()
            }
            columns |= added
            chosen += [f"{alias}.{say(name)}" for name in added]
            tests = [f"base.{say(a)} = {alias}.{say(b)}" for a, b in on.items()]
            joins.append(f"LEFT JOIN {say(native.get_name())} AS {alias} ON {' AND '.join(tests)}")
        table = say(base.get_name())
        text = f"SELECT {', '.join(chosen)} FROM {table} AS base {' '.join(joins)}"  # noqa: S608  # names are quoted
        return self._settled(text, ibis.schema(columns))

    def doubled(self, name: str, schema: str, key: Sequence[str]) -> Text:
        """How many keys stand in several rows of a table; of none there is certainty, others may share their 64 bits."""
        say = self.spelling.name
        columns, table = ", ".join(map(say, key)), ".".join(map(say, filter(None, (schema, name))))
        by = f"{self.spelling.mixed}({columns})" if self.spelling.mixed else columns
        whole = " AND ".join(f"{say(column)} IS NOT NULL" for column in key)
        several = f"SELECT 1 AS one FROM {table} WHERE {whole} GROUP BY {by} HAVING COUNT(*) > 1"  # noqa: S608  # names are quoted
        asked = f"SELECT COUNT(*) AS {say('keys')} FROM ({several}) AS several"  # noqa: S608  # likewise
        return Text(asked, {"keys": "int64"}, self.spelling)

    def query(self, frame: Frame) -> Text:
        """A frame as SQL text.

        Raises:
            UnsayableError: It has a part that narwhals or ibis cannot say in this dialect.
        """
        native, say = frame.to_native(), self.spelling.name
        said = self._text(native)
        used = self._used(said)
        parts = ", ".join(f"{say(name)} AS ({self._parts[name][0]})" for name in used)
        kinds = {name: str(kind).lstrip("!") for name, kind in native.schema().items()}
        return Text(f"WITH {parts} {said}" if used else said, kinds, self.spelling)

    def _settled(self, text: str, schema: Any) -> Frame:
        name = f"sheet_{len(self._parts)}"
        self._parts[name] = (text, tuple(self._used(text)))
        return nw.from_native(ibis.table(schema, name=name))

    def _used(self, text: str) -> list[str]:
        """The parts that a text builds on, each after those that it builds on itself."""
        direct = {match[1] for match in self._part.finditer(text)} & set(self._parts)
        every = direct.union(*(self._parts[name][1] for name in direct))
        return [name for name in self._parts if name in every]

    def _text(self, native: Any) -> str:
        try:
            return str(ibis.to_sql(native, dialect=self.name, pretty=False))
        except Exception as fault:  # whatever the two libraries cannot say
            raise UnsayableError(str(fault)) from fault
