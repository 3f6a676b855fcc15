"""Data that lives in a database: its tables found by name, read as relations where that is exact, else into memory."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from perfrules import tables
from perfrules.databases import sql
from perfrules.databases.catalog import Found
from perfrules.databases.columns import UnreadableError
from perfrules.databases.looking import Look, Server
from perfrules.dataset import DOUBTFUL, ROW, Dataset, Origins, Table
from perfrules.dataset.headings import find
from perfrules.dataset.normalise import normalise
from perfrules.dataset.relations import Relation
from perfrules.dataset.source import Remarks, Source
from perfrules.errors import DataError, Diagnostic
from perfrules.locale import message
from perfrules.manifest import DatasetFile, TableSource
from perfrules.notices import Notice

_ABSENT = 5
"""How many absent keys are told."""
_TYPES = {
    "text": pl.String, "code": pl.String, "date": pl.Date, "flag": pl.Boolean,
}  # fmt: skip


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
        kept: Queries that were made before, for this run and the next ones.
    """

    database: Server
    specs: Mapping[str, tables.Table]
    name: str
    relations: dict[str, Relation] = field(default_factory=dict)
    columns: dict[str, frozenset[str]] = field(default_factory=dict)
    heights: dict[str, int] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    kept: dict[str, sql.Text] = field(default_factory=dict)
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
            table = self._means(found.called)
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
        found = next(
            (one for one in there.values() if asked.table in (one.called, one.shown)), None
        )
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
            relation = Look(
                name, self.specs[name], found, source, remarks, self.database, self.kept
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
        blocks: list[pl.DataFrame] = []
        if any(not frame.is_empty() for frame in keys) or any(not frame.width for frame in keys):
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


def open_resident(
    server: Server,
    specs: Mapping[str, tables.Table],
    manifest: DatasetFile,
    unit: str | None = None,
    kept: dict[str, sql.Text] | None = None,
) -> Resident:
    """Read what is known of the tables of a pack that are in a database.

    Raises:
        DataError: There is none.
    """
    asked = manifest if unit is None else manifest.model_copy(update={"unit_of_measure": unit})
    made = Resident(
        server, specs, manifest.title or server.shown, kept={} if kept is None else kept
    )
    made.read(asked)
    if not made.columns:
        text = message("{database} has no table of the pack", database=server.shown)
        raise DataError(
            [Diagnostic("PR430", text), *(Diagnostic(n.code, n.message) for n in made.notices)]
        )
    return made
