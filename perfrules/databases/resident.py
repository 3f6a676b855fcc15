"""Data that lives in a database: its tables found by name, read as relations where that is exact, else into memory."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import narwhals as nw
import polars as pl

from perfrules import tables
from perfrules.databases import sql
from perfrules.databases.catalog import Found
from perfrules.databases.columns import Column, Ready, UnreadableError, constant
from perfrules.dataset import DOUBTFUL, ROW, Dataset, Origins, Table
from perfrules.dataset.headings import Matched, find, match
from perfrules.dataset.keys import remark_doubled, remark_nameless
from perfrules.dataset.measures import remark_finer, remark_no_unit
from perfrules.dataset.normalise import normalise, unit_of
from perfrules.dataset.readings import Print
from perfrules.dataset.relations import Frame, Relation
from perfrules.dataset.source import FEW, Remarks, Source
from perfrules.errors import DataError, Diagnostic
from perfrules.locale import message
from perfrules.manifest import DatasetFile, TableSource
from perfrules.notices import Notice
from perfrules.quantities import MEASURES

_NEED_UNIT = frozenset({"money", "ratio", "points"})
_ABSENT = 5
"""How many absent keys are told."""
_TYPES = {
    "text": pl.String, "code": pl.String, "date": pl.Date, "flag": pl.Boolean,
}  # fmt: skip


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
        """Run a query; its rows in blocks."""

    def whole(self, table: Found) -> pl.DataFrame:
        """All rows of a table, its cells of types that readers know."""

    def close(self) -> None:
        """End the connection; nothing has been changed."""


@dataclass
class Resident:
    """The tables of a pack that are in a database.

    Attributes:
        database: The database.
        specs: The tables of the pack.
        name: Name of the data.
        relations: Tables that can be judged where they are.
        columns: The columns of all tables.
        heights: The number of rows of all tables.
        notices: What was found.
    """

    database: Server
    specs: Mapping[str, tables.Table]
    name: str
    relations: dict[str, Relation] = field(default_factory=dict)
    columns: dict[str, frozenset[str]] = field(default_factory=dict)
    heights: dict[str, int] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    _claimed: dict[str, tuple[Found, Source]] = field(default_factory=dict)
    _whole: dict[str, Table] = field(default_factory=dict)

    # ---- reading ------------------------------------------------------------------------------------------------------

    def read(self, manifest: DatasetFile) -> None:
        """Find the tables of the pack, and read what is known of them."""
        there = self.database.tables()
        for name, asked in manifest.tables.items():
            if asked.table is not None:
                self._claim_listed(name, asked, there, manifest)
        for found in there.values():
            table = self._means(found.name)
            if table is not None and table not in self._claimed:
                source = Source(Origins(self.database.shown, found.shown))
                unit = manifest.unit_of_measure
                self._claimed[table] = (found, replace(source, unit_of_measure=unit))
        for name, spec in self.specs.items():
            if name in self._claimed:
                self._take(name)
            elif not spec.optional:
                self._add("PR401", name)

    def _means(self, name: str) -> str | None:
        return find(name, {key: tables.names_of(key, spec) for key, spec in self.specs.items()})

    def _claim_listed(
        self,
        name: str,
        asked: TableSource,
        there: Mapping[tuple[str, str], Found],
        manifest: DatasetFile,
    ) -> None:
        table = self._means(name)
        found = next((one for one in there.values() if asked.table in (one.name, one.shown)), None)
        if table is None or found is None:
            text = message(
                "{database} has no table {table}; correct `tables:` in dataset.yaml",
                database=self.database.shown,
                table=str(asked.table) if table else name,
            )
            self.notices.append(Notice("PR453", text, table=table or "", where=self.database.shown))
            return
        origins = Origins(self.database.shown, asked.origin or found.shown)
        source = Source(
            origins,
            unit_of_measure=asked.unit_of_measure or manifest.unit_of_measure,
            units=asked.units,
            columns=asked.columns,
            constants=asked.constants,
        )
        self._claimed[table] = (found, source)

    def _add(self, code: str, table: str) -> None:
        text = message(
            "the table {table} of the pack has no data; rules on it cannot be checked. "
            "{database} has no table named {names}",
            table=table,
            database=self.database.shown,
            names=tables.names_of(table, self.specs[table]),
        )
        self.notices.append(Notice(code, text, table=table, where=self.database.shown))

    def _take(self, name: str) -> None:
        """Read what is known of a table, or all of it if that does not do."""
        found, source = self._claimed[name]
        remarks = Remarks(name, source.origins)
        try:
            relation = _Reading(
                name, self.specs[name], found, source, remarks, self.database
            ).relation()
        except UnreadableError as fault:
            table = self._in_memory(name)
            self.columns[name] = frozenset(table.frame.columns)
            self.heights[name] = table.frame.height
            self.notices += table.notices
            text = message(
                "{table} is read into memory, and its rules are judged there: {why}",
                table=name,
                why=fault.why,
            )
            self.notices.append(
                Notice("PR452", text, "advice", table=name, where=str(source.origins.of(-1, "")))
            )
            return
        self.relations[name] = relation
        self.columns[name] = frozenset(relation.columns)
        self.heights[name] = relation.height
        self.notices += remarks.notices

    def _in_memory(self, name: str) -> Table:
        if name not in self._whole:
            found, source = self._claimed[name]
            self._whole[name] = normalise(
                self.database.whole(found), name, self.specs[name], source
            )
        return self._whole[name]

    # ---- what evaluation asks -----------------------------------------------------------------------------------------

    def whole(self, tables: Collection[str]) -> Dataset:
        """Whole tables in memory."""
        return Dataset(
            {name: self._in_memory(name) for name in self._claimed if name in tables}, self.name
        )

    def around(self, reaches: Mapping[str, Sequence[pl.DataFrame]]) -> Dataset:
        """The rows that have one of the keys in ``reaches``, by table."""
        found = {}
        for name in self._claimed:
            if name in reaches:
                there = self.relations.get(name)
                found[name] = (
                    self._in_memory(name) if there is None else self._part(there, reaches[name])
                )
        return Dataset(found, self.name)

    def _part(self, relation: Relation, keys: Sequence[pl.DataFrame]) -> Table:
        query = self.database.dialect.query(relation.frame.select(*relation.columns))
        asked = query.among(keys) if all(frame.width for frame in keys) else query
        blocks = list(self.database.rows(asked))
        kinds = pl.Schema({name: _kind(name, relation) for name in relation.columns})
        frame = pl.concat(blocks).cast(kinds) if blocks else pl.DataFrame(schema=kinds)
        source = self._claimed[relation.name][1]
        origins = replace(
            source.origins, headings=dict(zip(relation.columns, relation.columns, strict=True))
        )
        numbered = frame.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias(ROW))
        return Table(relation.name, relation.spec, numbered, relation.measures, origins)

    def gone(self, name: str, expected: str, key: Sequence[str]) -> tuple[int, tuple[str, ...]]:
        """How many keys of ``expected`` are absent from ``name``, and the first few."""
        names = list(key)
        due = self._keys(expected, names).drop_nulls().unique()
        lost = due.join(self._keys(name, names), on=names, how="anti").sort(names)
        few = tuple(" ".join(map(str, row)) for row in lost.head(_ABSENT).iter_rows())
        return lost.height, few

    def _keys(self, name: str, key: list[str]) -> pl.DataFrame:
        relation = self.relations.get(name)
        if relation is None:
            return self._in_memory(name).frame.select(key)
        blocks = list(self.database.rows(self.database.dialect.query(relation.frame.select(*key))))
        kinds = pl.Schema({column: _kind(column, relation) for column in key})
        return pl.concat(blocks).cast(kinds) if blocks else pl.DataFrame(schema=kinds)


def _kind(column: str, relation: Relation) -> Any:
    if column == DOUBTFUL:
        return pl.Boolean
    if column.endswith("@place"):
        return pl.Int8
    return _TYPES.get(relation.spec.columns[column].type, pl.Int64)


@dataclass(frozen=True)
class _Reading:
    """Reads what is known of one table."""

    name: str
    spec: tables.Table
    found: Found
    source: Source
    remarks: Remarks
    database: Server

    def relation(self) -> Relation:
        """The table as a relation.

        Raises:
            UnreadableError: It cannot be read exactly where it is.
        """
        if len({column.casefold() for column in self.spec.columns}) < len(self.spec.columns):
            raise UnreadableError(message("its columns differ in case only"))
        if self.spec.ladders:
            raise UnreadableError(message("its codes stand above one another"))
        matched = match(
            pl.DataFrame(schema=dict.fromkeys(self.found.columns, pl.String)),
            self.spec,
            self.source,
            self.remarks,
        )
        columns = self._columns(matched)
        fixed = {
            column: constant(column, self.spec.columns[column], text, self.remarks)
            for column, text in self.source.constants.items()
            if column in self.spec.columns and column not in matched
        }
        if any(column in matched for column in self.source.constants):
            raise UnreadableError(message("a column is printed and also given as a constant"))
        if not set(self.spec.key) <= {*columns, *fixed}:
            raise UnreadableError(message("columns of its key are absent"))
        raw = sql.table(
            self.found.name,
            {k: v or "string" for k, v in self.found.columns.items()},
            self.found.schema,
        )
        asked = {name: expr for column in columns.values() for name, expr in column.asked().items()}
        (answers,) = self._rows(raw.select(nw.len().alias("rows"), *_named(asked)))
        height = int(answers["rows"])
        if not height:
            raise UnreadableError(message("it has no rows"))
        ready = {name: column.ready(answers) for name, column in columns.items()} | fixed
        self._remark(columns, ready)
        exprs = {name: expr for one in ready.values() for name, expr in one.exprs.items()}
        frame = raw.select(*_named(exprs))
        names = list(exprs)
        if self._has_doubts(frame, columns, ready):
            key = list(self.spec.key)
            nameless = _any([nw.col(column).is_null() for column in key])
            doubled = nw.len().over(*key) > 1
            frame = frame.with_columns((nameless | doubled).alias(DOUBTFUL))
            names.append(DOUBTFUL)
        order = [column for column in self.spec.columns if column in ready]
        return Relation(
            self.name,
            self.spec,
            frame,
            tuple(names),
            {name: ready[name].measure for name in order if ready[name].measure is not None},  # type: ignore[misc]  # none is None
            {name: ready[name].facts for name in order},
            height,
            f"{self.found} {self.source.units} {self.source.unit_of_measure} {self.source.columns} {self.source.constants}",
        ).roomy()

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

    def _rows(self, frame: Frame) -> list[dict[str, Any]]:
        blocks = self.database.rows(self.database.dialect.query(frame))
        return [row for block in blocks for row in block.iter_rows(named=True)]

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
        self, frame: Frame, columns: Mapping[str, Column], ready: Mapping[str, Ready]
    ) -> bool:
        """Whether keys are incomplete or occur twice; remarks on them."""
        key = list(self.spec.key)
        empty = [column for column in key if ready[column].facts.nulls]
        where = (self.found.shown,)
        if empty:
            nameless = _any([nw.col(column).is_null() for column in key])
            (row,) = self._rows(frame.filter(nameless).select(nw.len().alias("rows")))
            if row["rows"]:
                remark_nameless(int(row["rows"]), empty, where, self.remarks)
        raw = frozenset(column.raw for name, column in columns.items() if name in key)
        plain = all(ready[column].plain for column in key)
        if not empty and plain and any(names <= raw for names in self.found.unique):
            return False
        keyed = frame.drop_nulls(key).group_by(key).agg(nw.len().alias("@rows"))
        doubled = keyed.filter(nw.col("@rows") > 1)
        rows = self._rows(doubled)
        if rows:
            rows.sort(key=lambda row: tuple(str(row[column]) for column in key))
            few = [
                ([row[column] for column in key], int(row["@rows"]), where) for row in rows[:FEW]
            ]
            remark_doubled(few, len(rows), self.remarks)
        return bool(rows) or bool(empty)


def _named(exprs: Mapping[str, Any]) -> list[Any]:
    return [expr.alias(name) for name, expr in exprs.items()]


def _any(conditions: Sequence[Any]) -> Any:
    return nw.any_horizontal(*conditions, ignore_nulls=False)


def open_resident(
    server: Server,
    specs: Mapping[str, tables.Table],
    manifest: DatasetFile,
    unit: str | None = None,
) -> Resident:
    """Read what is known of the tables of a pack that are in a database.

    Raises:
        DataError: There is none.
    """
    asked = manifest if unit is None else manifest.model_copy(update={"unit_of_measure": unit})
    made = Resident(server, specs, manifest.title or server.shown)
    made.read(asked)
    if not made.columns:
        text = message("{database} has no table of the pack", database=server.shown)
        raise DataError(
            [Diagnostic("PR430", text), *(Diagnostic(n.code, n.message) for n in made.notices)]
        )
    return made
