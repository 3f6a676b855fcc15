"""From verdicts back to cells: the rows of tables that stand behind some rows of a sheet, for explanations and for the reference."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace

import polars as pl

from perfrules.dataset import DOUBTFUL, ROW, Dataset, Table
from perfrules.evaluate.remote.laying import ORDER
from perfrules.evaluate.rows import Index, Row
from perfrules.expr.nodes import Field, Node, Rows
from perfrules.plan import Sheet
from perfrules.values import frozen, mutable

Reaches = Mapping[str, Sequence[pl.DataFrame]]
"""Keys by table: frames with some of its columns; a frame without columns means every row."""


@frozen
class Shown:
    """The rows of a sheet that verdicts are shown of.

    Attributes:
        keys: The grain's columns.
        own: Where each row is in the table whose rows are those of the sheet; empty if there is none.
        direct: That table.
    """

    keys: pl.DataFrame
    own: Sequence[int]
    direct: str

    def own_rows(self, positions: Sequence[int]) -> tuple[str, Sequence[int]]:
        """The table whose rows are those of the sheet, and where some are in it; an empty name if there is none."""
        return self.direct, [self.own[at] for at in positions] if self.direct else []

    def row(self, index: Index, position: int) -> Row:
        """One row for the reference evaluator."""
        grain = {name: self.keys[name][position] for name in self.keys.columns}
        return Row(index, grain, {self.direct: self.own[position]} if self.direct else {})


@mutable
class Evidence:
    """Finds what stands behind rows of one sheet.

    Attributes:
        sheet: The sheet.
        direct: The table whose rows are its rows; empty if there is none.
        around: Fetches the rows with some keys.
        indexes: The index of each dataset that was fetched.
    """

    sheet: Sheet
    direct: str
    around: Callable[[Reaches], Dataset]
    indexes: dict[int, Index] = field(default_factory=dict)

    def of(self, rows: pl.DataFrame) -> tuple[Index, Shown]:
        """The tables behind some rows, and these rows in them; ``rows`` has the grain, and ``@order`` where rows are numbered."""
        keys = rows.select(self.sheet.grain)
        if ORDER in rows.columns:  # the rows are those of a dataset at hand
            own = rows[ORDER].to_list() if self.direct else []
            return self._index(self.around({})), Shown(keys, own, self.direct)
        dataset = self.around(reaches(self.sheet, keys))
        if self.direct:
            dataset = _with_nameless(dataset, self.direct, keys)
        places = _places(dataset, self.direct, keys) if self.direct else []
        return self._index(dataset), Shown(keys, places, self.direct)

    def _index(self, dataset: Dataset) -> Index:
        if (
            id(dataset) not in self.indexes
        ):  # the index holds the dataset, so its id is not given away
            self.indexes[id(dataset)] = Index(dataset)
        return self.indexes[id(dataset)]


def _places(dataset: Dataset, direct: str, keys: pl.DataFrame) -> list[int]:
    """Where the rows with some keys are; the first of several."""
    first: dict[tuple[object, ...], int] = {}
    for row, key in enumerate(dataset.tables[direct].frame.select(keys.columns).iter_rows()):
        first.setdefault(key, row)
    return [first[key] for key in keys.iter_rows()]


def reaches(sheet: Sheet, keys: pl.DataFrame) -> dict[str, list[pl.DataFrame]]:
    """The keys that rows of a sheet read, by table."""
    parts: dict[str, dict[object, pl.DataFrame]] = {name: {} for name in tables_of(sheet)}
    own = keys.unique()
    for name in sheet.base:
        parts[name]["own"] = own
    for node in dict.fromkeys((n.table, n.on, n.shift) for n in _reads(sheet)):
        table, on, shift = node
        frame = own.select(pl.col(grain).alias(column) for column, grain in on).unique()
        years = [column for column, dtype in frame.schema.items() if dtype == pl.Int64]
        parts[table][on, shift] = frame.with_columns(pl.col(years) - shift) if shift else frame
    return {table: list(frames.values()) for table, frames in parts.items()}


def _reads(sheet: Sheet) -> list[Field | Rows]:
    return [
        part
        for node in _conditions(sheet)
        for part in node.walk()
        if isinstance(part, Field | Rows)
    ]


def _conditions(sheet: Sheet) -> list[Node]:
    rules = [bound.rule for bound in sheet.rules]
    return [node for rule in rules for node in (rule.assertion, rule.guard) if node is not None]


def tables_of(sheet: Sheet) -> set[str]:
    """The tables that a sheet reads."""
    return set(sheet.base) | {part.table for part in _reads(sheet)}


def _with_nameless(dataset: Dataset, direct: str, keys: pl.DataFrame) -> Dataset:
    """The dataset with the rows whose key is incomplete, which no key finds: nothing in them is read."""
    nameless = keys.filter(pl.any_horizontal(pl.all().is_null())).unique(maintain_order=True)
    if nameless.is_empty():
        return dataset
    table: Table = dataset.tables[direct]
    added = nameless.with_columns(pl.lit(value=True).alias(DOUBTFUL))
    frame = pl.concat(
        [table.frame, added.cast({n: table.frame.schema[n] for n in keys.columns})], how="diagonal"
    )
    frame = frame.with_columns(
        pl.int_range(pl.len(), dtype=pl.Int64).alias(ROW),
        pl.col(DOUBTFUL).fill_null(value=False),
    )
    return replace(dataset, tables={**dataset.tables, direct: replace(table, frame=frame)})
