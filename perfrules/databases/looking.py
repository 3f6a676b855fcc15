"""A look at a table in a database: whether it can be judged where it is, and as what relation."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import narwhals as nw
import polars as pl

from perfrules import tables
from perfrules.databases import sql
from perfrules.databases.catalog import Found
from perfrules.databases.columns import Column, Ready, UnreadableError, constant
from perfrules.dataset import DOUBTFUL
from perfrules.dataset.headings import Matched, match
from perfrules.dataset.keys import remark_doubled, remark_nameless
from perfrules.dataset.measures import remark_finer, remark_no_unit
from perfrules.dataset.normalise import unit_of
from perfrules.dataset.readings import Print
from perfrules.dataset.relations import Frame, Relation
from perfrules.dataset.source import FEW, Remarks, Source
from perfrules.locale import message
from perfrules.quantities import MEASURES

_NEED_UNIT = frozenset({"money", "ratio", "points"})


class Server(Protocol):
    """A connection to a database that holds data."""

    name: str
    dialect: sql.Dialect
    shown: str

    def tables(self) -> Mapping[tuple[str, str], Found]:
        """Its tables by schema and name, those first that are found without their schema."""

    def rows(
        self, query: sql.Text, order: Sequence[str] = (), limit: int | None = None
    ) -> Iterator[pl.DataFrame]:
        """Run a query, which may begin at once; its rows in blocks."""

    def whole(self, table: Found) -> pl.DataFrame:
        """All rows of a table, its cells of types that readers know."""

    def close(self) -> None:
        """End the connection; nothing has been changed."""


@dataclass(frozen=True)
class Look:
    """A look at one table.

    Attributes:
        name, spec: The table in the pack.
        found: The table in the database.
        source: What is known of it beside its cells.
        remarks: Collects what is wrong.
        database: Where it is.
        kept: Queries that were made before.
    """

    name: str
    spec: tables.Table
    found: Found
    source: Source
    remarks: Remarks
    database: Server
    kept: dict[str, sql.Text]

    def relation(self) -> Relation:
        """The table as a relation.

        Raises:
            UnreadableError: It cannot be read exactly where it is.
        """
        if len({column.casefold() for column in self.spec.columns}) < len(self.spec.columns):
            raise UnreadableError(message("its columns differ in case only"))
        if self.spec.ladders:
            raise UnreadableError(message("its codes stand above one another"))
        columns, fixed = self._sources()
        kinds = {name: kind or "string" for name, kind in self.found.columns.items()}
        raw = sql.table(self.found.name, kinds, self.found.schema)
        asked = self.database.rows(self._question(raw, columns))
        doubled = self._doubled(columns)
        (answers,) = _told(asked)
        if not answers["rows"]:
            raise UnreadableError(message("it has no rows"))
        ready = {name: column.ready(answers) for name, column in columns.items()} | fixed
        self._remark(columns, ready)
        exprs = {name: expr for one in ready.values() for name, expr in one.exprs.items()}
        frame = raw.select(*_named(exprs))
        if self._has_doubts(frame, columns, ready, doubled):
            key = list(self.spec.key)
            doubt = _nameless(key) | (nw.len().over(*key) > 1)
            frame = frame.with_columns(doubt.alias(DOUBTFUL))
            exprs[DOUBTFUL] = doubt
        order = [column for column in self.spec.columns if column in ready]
        measures = {name: ready[name].measure for name in order}
        return Relation(
            self.name,
            self.spec,
            frame,
            tuple(exprs),
            {name: measure for name, measure in measures.items() if measure is not None},
            {name: ready[name].facts for name in order},
            int(answers["rows"]),
            f"{self._source} {[name for name in order if ready[name].plain]}",
        ).roomy()

    def _sources(self) -> tuple[dict[str, Column], dict[str, Ready]]:
        """The columns that are read, and those that are the same everywhere."""
        headings = pl.DataFrame(schema=dict.fromkeys(self.found.columns, pl.String))
        matched = match(headings, self.spec, self.source, self.remarks)
        if any(column in matched for column in self.source.constants):
            raise UnreadableError(message("a column is printed and also given as a constant"))
        fixed = {
            column: constant(column, self.spec.columns[column], text, self.remarks)
            for column, text in self.source.constants.items()
            if column in self.spec.columns
        }
        columns = self._columns(matched)
        if not set(self.spec.key) <= {*columns, *fixed}:
            raise UnreadableError(message("columns of its key are absent"))
        return columns, fixed

    def _question(self, raw: Frame, columns: Mapping[str, Column]) -> sql.Text:
        """What must be known of the columns before they are read; the query is made once."""
        known = f"{self.name} {self._source}"
        if known not in self.kept:
            asked = {name: expr for one in columns.values() for name, expr in one.asked().items()}
            frame = raw.select(nw.len().alias("rows"), *_named(asked))
            self.kept[known] = self.database.dialect.query(frame)
        return self.kept[known]

    def _doubled(self, columns: Mapping[str, Column]) -> Iterator[pl.DataFrame]:
        """How many keys occur twice, as they stand in the database; asked before it is known whether they are read so."""
        key = [columns[name].raw for name in self.spec.key if name in columns]
        asked = self.database.dialect.doubled(self.found.name, self.found.schema, key)
        return self.database.rows(asked) if key else iter(())

    def _columns(self, matched: Mapping[str, Matched]) -> dict[str, Column]:
        names = list(self.found.columns)
        columns = {}
        for name, spec in self.spec.columns.items():
            if name not in matched:
                continue
            raw = names[matched[name].position]
            unit = ("", 0)
            if spec.type in MEASURES:
                known = unit_of(name, self.spec, self.source, matched[name], self.remarks)
                if known is None:
                    raise UnreadableError(message("the unit of {column} is none", column=name))
                unit = known
            kind, written = self.found.columns[raw], self.found.written[raw]
            columns[name] = Column(name, spec, raw, kind, written, name in self.spec.key, unit)
        return columns

    @property
    def _source(self) -> str:
        """What tells the table, and how it is read, from others."""
        source = self.source
        return f"{self.found} {source.units} {source.unit_of_measure} {source.columns} {source.constants}"

    def _rows(self, frame: Frame) -> list[dict[str, Any]]:
        return _told(self.database.rows(self.database.dialect.query(frame)))

    def _remark(self, columns: Mapping[str, Column], ready: Mapping[str, Ready]) -> None:
        for name, column in columns.items():
            how = Print(column.spec.type, *column.unit)
            if not how.unit and how.kind in _NEED_UNIT:
                remark_no_unit(name, how, self.remarks)
            if ready[name].finer:
                decimals = column.spec.decimals
                assert isinstance(decimals, int)  # noqa: S101  # finer than usual
                remark_finer(ready[name].finer, (self.found.shown,), name, decimals, self.remarks)

    def _has_doubts(
        self,
        frame: Frame,
        columns: Mapping[str, Column],
        ready: Mapping[str, Ready],
        doubled: Iterator[pl.DataFrame],
    ) -> bool:
        """Whether keys are incomplete or occur twice; remarks on them."""
        key = list(self.spec.key)
        empty = [column for column in key if ready[column].facts.nulls]
        where = (self.found.shown,)
        if empty:
            (row,) = self._rows(frame.filter(_nameless(key)).select(nw.len().alias("rows")))
            if row["rows"]:
                remark_nameless(int(row["rows"]), empty, where, self.remarks)
        raw = frozenset(column.raw for name, column in columns.items() if name in key)
        plain = all(ready[column].plain for column in key)
        if not empty and plain and any(names <= raw for names in self.found.unique):
            return False
        if plain and len(raw) == len(key) and not any(row["keys"] for row in _told(doubled)):
            return bool(empty)
        keyed = frame.drop_nulls(key).group_by(key).agg(nw.len().alias("@rows"))
        rows = self._rows(keyed.filter(nw.col("@rows") > 1))
        if rows:
            rows.sort(key=lambda row: tuple(str(row[column]) for column in key))
            few = [
                ([row[column] for column in key], int(row["@rows"]), where) for row in rows[:FEW]
            ]
            remark_doubled(few, len(rows), self.remarks)
        return bool(rows) or bool(empty)


def _told(blocks: Iterator[pl.DataFrame]) -> list[dict[str, Any]]:
    return [row for block in blocks for row in block.iter_rows(named=True)]


def _named(exprs: Mapping[str, Any]) -> list[Any]:
    return [expr.alias(name) for name, expr in exprs.items()]


def _nameless(key: Sequence[str]) -> Any:
    """Where some column of the key holds nothing."""
    return nw.any_horizontal(*(nw.col(column).is_null() for column in key), ignore_nulls=False)
