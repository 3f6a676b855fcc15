"""Frames of narwhals as SQL text, by ibis; no connection is needed for that."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis
import narwhals as nw
import polars as pl

from perfrules.dataset.relations import Frame, UnsayableError

_PART = re.compile('"(sheet_[0-9]+)"')


@dataclass(frozen=True, slots=True)
class Text:
    """A query as SQL text.

    Attributes:
        sql: The text.
        kinds: The types of its columns, as ibis names them.
    """

    sql: str
    kinds: Mapping[str, str]

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
        return (
            quoted(name) + (f" COLLATE {quoted(collation or '')}" if text else "") + " NULLS LAST"
        )

    def among(self, keys: Sequence[pl.DataFrame]) -> "Text":
        """The rows that have one of some keys: frames that bear the names of columns."""
        tests = []
        for frame in keys:
            names = ", ".join(map(quoted, frame.columns))
            rows = (f"({', '.join(map(_literal, row))})" for row in frame.drop_nulls().iter_rows())
            values = ", ".join(rows)
            if values:
                tests.append(f"({names}) IN (VALUES {values})")
        where = " OR ".join(tests) or "FALSE"
        return Text(f"SELECT * FROM ({self.sql}) AS rows_ WHERE {where}", self.kinds)  # noqa: S608  # names and values are quoted


def _literal(value: object) -> str:
    """A value of a key as SQL writes it."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return f"CAST({value} AS BIGINT)"
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    return "'" + str(value).replace("'", "''") + "'"


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def table(name: str, columns: Mapping[str, str], schema: str | None = None) -> Frame:
    """A table of a database, its columns with the types that ibis names."""
    return nw.from_native(ibis.table(dict(columns), name=name, database=schema))


class Dialect:
    """Frames as SQL text of one dialect; parts that queries build on are made text once."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._parts: dict[str, tuple[str, tuple[str, ...]]] = {}

    def settled(self, frame: Frame) -> Frame:
        """The same rows as a table that stands in the ``WITH`` of every query that reads it."""
        native = frame.to_native()
        return self._settled(self._text(native), native.schema())

    def joined(self, frame: Frame, parts: Sequence[tuple[Frame, Mapping[str, str]]]) -> Frame:
        """A settled frame with settled others joined to its left, each on some columns: theirs by its own."""
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
            chosen += [f"{alias}.{quoted(name)}" for name in added]
            tests = [f"base.{quoted(a)} = {alias}.{quoted(b)}" for a, b in on.items()]
            joins.append(
                f"LEFT JOIN {quoted(native.get_name())} AS {alias} ON {' AND '.join(tests)}"
            )
        table = quoted(base.get_name())
        text = f"SELECT {', '.join(chosen)} FROM {table} AS base {' '.join(joins)}"  # noqa: S608  # names are quoted
        return self._settled(text, ibis.schema(columns))

    def query(self, frame: Frame) -> Text:
        """A frame as SQL text.

        Raises:
            UnsayableError: It has a part that narwhals or ibis cannot say in this dialect.
        """
        native = frame.to_native()
        said = self._text(native)
        used = self._used(said)
        parts = ", ".join(f"{quoted(name)} AS ({self._parts[name][0]})" for name in used)
        kinds = {name: str(kind).lstrip("!") for name, kind in native.schema().items()}
        return Text(f"WITH {parts} {said}" if used else said, kinds)

    def _settled(self, text: str, schema: Any) -> Frame:
        name = f"sheet_{len(self._parts)}"
        self._parts[name] = (text, tuple(self._used(text)))
        return nw.from_native(ibis.table(schema, name=name))

    def _used(self, text: str) -> list[str]:
        """The parts that a text builds on, each after those that it builds on itself."""
        direct = {match[1] for match in _PART.finditer(text)} & set(self._parts)
        every = direct.union(*(self._parts[name][1] for name in direct))
        return [name for name in self._parts if name in every]

    def _text(self, native: Any) -> str:
        try:
            return str(ibis.to_sql(native, dialect=self.name, pretty=False))
        except Exception as fault:  # whatever the two libraries cannot say
            raise UnsayableError(str(fault)) from fault
