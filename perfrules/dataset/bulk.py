"""Tables that are never in memory as a whole: read block by block, and told as if they were one.

Three things are known only of the whole. Which keys occur twice: the keys are read before anything else, and compared by 64-bit
hashes; rows with equal hashes are read once more. What holds for a whole column, its unit and scale: each block is read as if it
were the whole, and where that turns out to be wrong all blocks are read again with what holds. What is to be remarked: the remarks of
the blocks are put together.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from typing import Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from perfrules import tables
from perfrules.dataset import ROW, Table
from perfrules.dataset.keys import (
    blank_parts,
    doubled_keys,
    few_of,
    remark_doubled,
    remark_nameless,
)
from perfrules.dataset.measures import Held, Seen
from perfrules.dataset.normalise import Prepared, Source, prepared
from perfrules.dataset.source import FEW, Remarks, together
from perfrules.notices import Notice
from perfrules.quantities import MEASURES
from perfrules.values import mutable

COMPARED = 4_000_000
"""Keys that are compared at one time where hashes are equal."""


class Scan(Protocol):
    """A file that is read in blocks.

    Attributes:
        rows: How many rows it has.
    """

    rows: int

    def head(self) -> pl.DataFrame:
        """Its first few rows."""
        ...

    def blocks(self, positions: Sequence[int]) -> Iterator[pl.DataFrame]:
        """Its rows in their order, with some of its columns."""
        ...


@mutable
class Bulk:
    """A table that is read in blocks.

    Attributes:
        name: Table id.
        spec: What the pack says of it.
        source: What its reader knows of it.
        scan: The file.
    """

    name: str
    spec: tables.Table
    source: Source
    scan: Scan
    _doubts: "Doubts | None" = None

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return self.scan.rows

    @property
    def columns(self) -> frozenset[str]:
        """The columns that it has, as those of a table in memory."""
        head = prepared(self.scan.head(), self.name, self.spec, self.source)
        return frozenset(head.frame.columns)

    def passes(self) -> Iterator["Pass"]:
        """Passes over the table: one, and another if the first one could not know what holds for whole columns."""
        doubts = self._doubts = self._doubts or Doubts.of(self)
        first = Pass(self, doubts, None)
        yield first
        held = first.wrong()
        if held is not None:
            yield Pass(self, doubts, held)

    def parts(
        self, columns: Sequence[str] | None, held: Mapping[str, Held] | None = None
    ) -> Iterator[Prepared]:
        """The blocks, with those of some columns that the pack knows, or of all."""
        head = self.scan.head()
        found = prepared(head, self.name, self.spec, self.source).positions
        names = [name for name in found if columns is None or name in columns]
        positions = [found[name] for name in names] or [
            0
        ]  # a block has its rows even if no column is known
        headings = self.source.headings or head.columns
        spec = self.spec
        if columns is not None:
            known = {name: column for name, column in spec.columns.items() if name in columns}
            spec = spec.model_copy(update={"columns": known})
        start = 0
        for raw in self.scan.blocks(positions):
            origins = self.source.origins
            first = None if origins.first_row is None else origins.first_row + start
            source = replace(
                self.source,
                origins=replace(origins, first_row=first),
                headings=tuple(headings[position] for position in positions),
                start=start,
            )
            yield prepared(raw, self.name, spec, source, held)
            start += raw.height


class Pass:
    """One reading of all blocks.

    Attributes:
        notices: What was remarked, once all blocks are read.
    """

    def __init__(self, bulk: Bulk, doubts: "Doubts", held: Mapping[str, Held] | None) -> None:
        self._bulk = bulk
        self._doubts = doubts
        self._held = held
        self._seen: dict[str, list[Seen]] = {}
        self.notices: tuple[Notice, ...] = ()

    def blocks(self) -> Iterator[Table]:
        """The blocks as tables."""
        bulk = self._bulk
        head = prepared(bulk.scan.head(), bulk.name, bulk.spec, bulk.source)
        remarks = Remarks(bulk.name, head.remarks.origins)
        told = [[notice for notice in head.remarks.notices if notice.code in _OF_HEADINGS]]
        start = 0
        for part in bulk.parts(None, self._held):
            for name, seen in part.seen.items():
                self._seen.setdefault(name, []).append(seen)
            told.append([n for n in part.remarks.notices if n.code not in _OF_HEADINGS])
            part.remarks.notices.clear()
            yield part.part(self._doubts.within(start, part.frame.height))
            start += part.frame.height
        self._doubts.remark(remarks)
        self.notices = (*together(told, tuple(bulk.spec.columns)), *remarks.notices)

    def wrong(self) -> Mapping[str, Held] | None:
        """What holds for whole columns, if some block was read otherwise."""
        held = {}
        agreed = True
        for name, parts in self._seen.items():
            whole = parts[0]
            for part in parts[1:]:
                whole = whole.followed(part)
            held[name] = whole.whole()
            agreed = agreed and all(whole.agrees(part.held) for part in parts if part.peaks)
        return None if agreed else held


_OF_HEADINGS = ("PR402", "PR414", "PR435")
"""Remarks on headings: they are those of the file, and not of the columns that a block is read with."""


@mutable
class Doubts:
    """The rows of a table that cannot be told apart.

    Attributes:
        doubtful: Whether a row is one of them; None if there are none.
        nameless, blank, first: How many rows lack a part of their key, which columns are blank there, and the first few such rows.
        doubled, few: How many keys stand in several rows, and the first few of them with these rows.
    """

    doubtful: NDArray[np.bool_] | None = None
    nameless: int = 0
    blank: tuple[str, ...] = ()
    first: list[int] = field(default_factory=list)
    doubled: int = 0
    few: pl.DataFrame | None = None

    @classmethod
    def of(cls, bulk: Bulk) -> "Doubts":
        """Compare all keys of a table."""
        found = cls()
        hashes = np.empty(bulk.rows, dtype=np.uint64)
        for start, keys, absent in _keys(bulk):
            if absent:
                return cls(np.ones(bulk.rows, dtype=bool))
            nameless = keys.select(pl.any_horizontal(pl.all().is_null())).to_series()
            if nameless.any():
                found._add_nameless(keys, nameless, start, bulk.rows)
            hashes[start : start + keys.height] = keys.hash_rows().to_numpy()
        hashes.sort()  # in place: they are as large as a column, and found again where they are needed
        found._compare(bulk, np.unique(hashes[1:][hashes[1:] == hashes[:-1]]))
        return found

    def _add_nameless(self, keys: pl.DataFrame, nameless: pl.Series, start: int, rows: int) -> None:
        at = nameless.arg_true().to_numpy() + start
        blank = {*self.blank, *blank_parts(keys.filter(nameless))}
        self.blank = tuple(name for name in keys.columns if name in blank)
        self.first = [*self.first, *at[:FEW].tolist()][:FEW]
        self.nameless += len(at)
        self._mark(at, rows)

    def _mark(self, rows: NDArray[np.int64], all_rows: int) -> None:
        if self.doubtful is None:
            self.doubtful = np.zeros(all_rows, dtype=bool)
        self.doubtful[rows] = True

    def _compare(self, bulk: Bulk, again: NDArray[np.uint64]) -> None:
        """Find the keys that occur twice among those that have one of some hashes."""
        if not len(again):
            return
        few: list[pl.DataFrame] = []
        for part in np.array_split(again, -(-len(again) // COMPARED)):
            groups = doubled_keys(_alike(bulk, part)).filter(pl.col("@row").list.len() > 1)
            self.doubled += groups.height
            few.append(groups.head(FEW))
            self._mark(groups["@row"].explode().to_numpy(), bulk.rows)
        first = pl.col("@row").list.first()
        self.few = pl.concat(few).sort(first).head(FEW)

    def within(self, start: int, height: int) -> pl.Series | None:
        """Which rows of a block are doubtful; None if none is."""
        if self.doubtful is None:
            return None
        part = self.doubtful[start : start + height]
        return pl.Series(part) if part.any() else None

    def remark(self, remarks: Remarks) -> None:
        """Remark on them."""
        if self.nameless:
            places = remarks.places(self.first, self.blank[0])
            remark_nameless(self.nameless, self.blank, places, remarks)
        if self.doubled and self.few is not None:
            remark_doubled(few_of(self.few, remarks), self.doubled, remarks)


def _keys(bulk: Bulk) -> Iterator[tuple[int, pl.DataFrame, bool]]:
    """The keys block by block, with the position of the first row, and whether some key column is absent."""
    spec = bulk.spec
    years = [name for name, column in spec.columns.items() if column.type == "year"]
    start = 0
    for part in bulk.parts((*spec.key, *years)):
        yield start, part.frame.select(spec.key), bool(part.absent)
        start += part.frame.height


def _alike(bulk: Bulk, wanted: NDArray[np.uint64]) -> pl.DataFrame:
    """The whole keys that have one of the hashes, with the number of each row."""
    found = []
    for start, keys, _ in _keys(bulk):
        own = keys.hash_rows().to_numpy()
        at = np.minimum(np.searchsorted(wanted, own), len(wanted) - 1)
        rows = np.flatnonzero(wanted[at] == own)
        found.append(keys[rows].with_columns(pl.Series(ROW, rows + start)).drop_nulls())
    return pl.concat(found)


def can_be_read_in_blocks(spec: tables.Table) -> bool:
    """Whether a block of it tells all that is asked of it: keys that are figures share a scale, and codes stand above others."""
    figures = any(spec.columns[name].type in MEASURES for name in spec.key)
    return not figures and not spec.ladders
