"""A sheet laid where its tables are: a lazy frame of joins and group-bys, with the columns that the sheet has in memory."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import field, replace
from typing import Any

import narwhals as nw
import polars as pl

from perfrules.dataset import DOUBTFUL, ROW
from perfrules.dataset.relations import Dialect, Facts, Frame, Relation
from perfrules.evaluate.lower import Conditions
from perfrules.evaluate.lower.forms import INT64
from perfrules.evaluate.native import UnlowerableError
from perfrules.evaluate.remote.namespace import namespace
from perfrules.evaluate.shapes import Shape, Shapes
from perfrules.evaluate.sheets.columns import (
    CellColumns,
    cells,
    found_column,
    looked_up,
)
from perfrules.evaluate.sheets.parts import Group, grouped
from perfrules.evaluate.sheets.reckoned import finished, summed
from perfrules.evaluate.sheets.summaries import Counted, Summary
from perfrules.evaluate.sheets.summaries import Group as Grouped
from perfrules.expr.nodes import Call, Field, Node
from perfrules.model import Slack
from perfrules.plan import Sheet
from perfrules.values import frozen, mutable

ORDER = "@order"
"""Column of a laid sheet that numbers its rows, where the rows of its tables are numbered."""
_ONE = "@one"
"""A column that is the same everywhere, to join on where nothing else is asked."""
LAST_YEAR = 9999
MOST_DECIMALS = 100
_PARTS = {"state": pl.Int8} | dict.fromkeys(("width", "loose", "parts"), pl.Int64)
_FLAGS = ("state", "hard", "assumed", "short")
"""Types of the columns beside a figure; the others are truths."""
_TYPES = {"text": pl.String, "code": pl.String, "date": pl.Date, "flag": pl.Boolean}


def key_column(name: str) -> str:
    """Name of the column of a laid sheet that holds a part of its key."""
    return f"@key_{name}"


@frozen
class RemoteSheet:
    """A sheet laid in a database.

    Attributes:
        frame: Its key, its order, and the columns that the shapes name.
        keys: The columns of the grain, as the frame names them.
        order: The columns that order its rows.
        schema: The types in which its rows come back.
        shapes: How each leaf stands in the frame; their bounds leave room to spare.
        direct: The table whose rows are these rows one by one; empty if there is none.
    """

    frame: Frame
    keys: Mapping[str, str]
    order: tuple[str, ...]
    schema: Mapping[str, Any]
    shapes: Shapes
    direct: str

    def named(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The keys of some rows as the pack names them, and their order if they have one."""
        keys = [pl.col(column).alias(name) for name, column in self.keys.items()]
        return rows.select(*keys, *(name for name in rows.columns if name == ORDER))


@frozen
class Layout:
    """How a sheet is to be laid: its shapes are known before any frame is made.

    Attributes:
        sheet: The sheet.
        relations: The tables, by id.
        direct: The table whose rows are the rows of the sheet one by one; empty if there is none.
        work: What its leaves come to.
    """

    sheet: Sheet
    relations: Mapping[str, Relation]
    direct: str
    work: "_Work"

    @property
    def shapes(self) -> Shapes:
        """How each leaf stands; what cannot be laid has none."""
        return self.work.shapes

    def over(self, dialect: Dialect) -> RemoteSheet:
        """The sheet laid.

        Raises:
            UnsayableError: The dialect lacks something that sheets are made of.
        """
        work, grain = self.work, self.sheet.grain
        rows, ordered = _keys(self.sheet, self.relations, self.direct)
        keys = {name: key_column(name) for name in grain}
        order = (ORDER,) if ordered else tuple(keys.values())
        names = dict.fromkeys([*keys.values(), *order])
        frame = rows.select(*names, *_named(work.own), nw.lit(1).alias(_ONE))
        if work.parts:
            parts = [(dialect.settled(made()), on) for made, on in work.parts]
            frame = dialect.joined(dialect.settled(frame), parts)
        columns = self.relations[self.sheet.base[0]].spec.columns
        held = {keys[name]: _value_type(columns[name].type, Facts()) for name in grain}
        schema = dict.fromkeys(names, pl.Int64) | held | work.types
        final = [work.final.get(name, nw.col(name)).alias(name) for name in schema]
        shown = dialect.settled(frame.select(*final))
        return RemoteSheet(shown, keys, order, schema, work.shapes, self.direct)


def lay(sheet: Sheet, relations: Mapping[str, Relation]) -> Layout:
    """Lay the leaves of ``sheet`` side by side; what cannot be laid is left out."""
    base = relations[sheet.base[0]]
    direct = base.name if len(sheet.base) == 1 and base.spec.key == sheet.grain else ""
    work = _Work()
    for number, (group, leaves) in enumerate(grouped(sheet.leaves, direct).items()):
        part = _Part(relations[group.table], group, f"x{number}_", work)
        with suppress(UnlowerableError):
            part.lay(leaves)
    return Layout(sheet, relations, direct, work)


def _keys(sheet: Sheet, relations: Mapping[str, Relation], direct: str) -> tuple[Frame, bool]:
    """The rows of the sheet, with the columns of its own table, and whether rows have an order."""
    named = [nw.col(name).alias(key_column(name)) for name in sheet.grain]
    keys = [key_column(name) for name in sheet.grain]
    bases = [relations[name] for name in sheet.base]
    ordered = all(ROW in base.columns for base in bases)
    if direct:
        place = [nw.col(ROW).alias(ORDER)] if ordered else []
        return bases[0].frame.with_columns(*named, *place), ordered
    parts, before = [], 0
    for base in bases:
        place = [(nw.col(ROW) + before).alias(ORDER)] if ordered else []
        parts.append(base.frame.select(*named, *place))
        before += base.room
    every = nw.concat(parts).drop_nulls(keys)
    first = nw.col(ORDER).min() if ordered else nw.len()
    return every.group_by(keys).agg(first.alias(ORDER)), ordered


@mutable
class _Work:
    """What has been laid so far.

    Attributes:
        own: Columns of the table whose rows are those of the sheet, or of its key.
        parts: Makers of what is joined to its left, each on some columns.
        final: Columns as they stand once all is joined, where that is not as they come.
        shapes: By leaf.
        types: By column.
    """

    own: dict[str, Any] = field(default_factory=dict)
    parts: list[tuple[Callable[[], Frame], Mapping[str, str]]] = field(default_factory=list)
    final: dict[str, Any] = field(default_factory=dict)
    shapes: dict[Node, Shape] = field(default_factory=dict)
    types: dict[str, Any] = field(default_factory=dict)

    def take(self, leaf: Node, shape: Shape, kind: Any, names: Iterable[str]) -> None:
        """Note a leaf whose columns are among ``names``."""
        self.shapes[leaf] = shape
        self.types[shape.name] = kind
        for name in names:
            if name.startswith(f"{shape.name}@"):
                self.types[name] = _PARTS.get(name.rpartition("@")[2], pl.Boolean)


@frozen
class _Part:
    """The leaves of one group."""

    table: Relation
    group: Group
    prefix: str
    work: _Work

    def lay(self, leaves: list[Node]) -> None:
        """Lay the columns of ``leaves``."""
        ways = {
            "own": self._own,
            "key": self._keyed,
            "lookup": self._lookup,
            "aggregate": self._aggregate,
        }
        ways[self.group.kind](leaves)

    def _own(self, leaves: list[Node]) -> None:
        exprs, shapes = cells(self.table, leaves, self.prefix, namespace())
        self._take(shapes, exprs)
        self.work.own |= exprs

    def _keyed(self, leaves: list[Node]) -> None:
        for leaf in leaves:
            if isinstance(leaf, Field):
                name = f"{self.prefix}{leaf.column}"
                year = leaf.type == "year"
                shape = Shape(name, numeric=year, high=LAST_YEAR if year else 0)
                self.work.take(leaf, shape, _value_type(leaf.type, Facts()), [name])
                self.work.own[name] = nw.col(key_column(leaf.column))

    def _lookup(self, leaves: list[Node]) -> None:
        x = namespace()
        exprs, shapes = cells(self.table, leaves, self.prefix, x)
        for shape in shapes.values():
            exprs.setdefault(shape.column("state"), x.lit(0, dtype=x.Int8))
        on = self._on()
        there = nw.lit(value=True).alias(found_column(self.prefix))

        def right() -> Frame:
            frame = self._source().select(*_named(on), *_named(exprs), there)
            return frame if self._is_single() else frame.unique(list(on), keep="any")

        columns, found = looked_up(leaves, shapes, self.prefix, x)
        self._join(right)
        self._take(found, [*exprs, *columns])
        self.work.final |= columns

    def _aggregate(self, leaves: list[Node]) -> None:
        x = namespace()
        calls = [leaf for leaf in leaves if isinstance(leaf, Call)]
        parts = (part for call in calls for arg in call.args for part in arg.walk())
        exprs, shapes = cells(self.table, dict.fromkeys(parts), self.prefix, x)
        bounds = {leaf: self._bounded(leaf, shape) for leaf, shape in shapes.items()}
        columns, where = self._where()
        group = Grouped(bounds, x.col("@where"), self.group.where is None, self.table.room, x)
        sums, found = summed(calls, group, self.prefix)
        on = self._on()
        final = finished(found, self.prefix, x)
        kinds = dict.fromkeys((f"{self.prefix}@rows", f"{self.prefix}@open"), x.Int64)
        for call, made in found.items():
            wide = made.bound >= INT64
            kinds |= {
                name: x.Int128 if wide and not name.endswith("@parts") else x.Int64
                for name in made.columns()
                if made.shape.numeric and name.rpartition("@")[2] not in _FLAGS
            }
            self._summarised(call, made, [*sums, *final], wide=wide)
        # a sum is wider than what it sums; by its bound it fits all the same
        casts = {name: nw.col(name).cast(x.Int128).cast(kind) for name, kind in kinds.items()}

        def right() -> Frame:
            source = _with(self._source(), exprs | columns)
            source = source.with_columns(where.alias("@where"), *_named(on))
            return source.group_by(list(on)).agg(*_named(sums)).with_columns(*_named(casts))

        self._join(right)
        self.work.final |= final

    def _summarised(self, call: Node, made: Summary, names: list[str], *, wide: bool) -> None:
        """Take an aggregate, with bounds by what it may come to over all rows of the table."""
        shape, bound = made.shape, made.bound
        if not shape.numeric:
            self.work.take(call, shape, pl.Boolean, names)
            return
        exact = shape.width == 0 and not shape.ends
        low = 0 if isinstance(made, Counted) else -bound
        known = replace(
            shape, low=low, high=bound, reach=0 if exact else bound, parts=self.table.room if shape.parts else 0
        )  # fmt: skip
        kind = pl.Int128 if wide else pl.Int64
        self.work.take(call, known, kind, names)
        for name in names:
            if name.startswith(f"{shape.name}@") and name.rpartition("@")[2] not in (
                *_FLAGS,
                "parts",
            ):
                self.work.types[name] = kind

    def _join(self, right: Callable[[], Frame]) -> None:
        """Join a frame, whose columns to join on have ``@on`` names."""
        on = {key_column(grain): f"@on_{column}" for column, grain in self.group.on}
        self.work.parts.append((right, on or {_ONE: _ONE}))

    def _is_single(self) -> bool:
        """Whether no two rows of the table meet the same row of the sheet."""
        asked = {column for column, _ in (*self.group.on, *self.group.pins)}
        return set(self.table.spec.key) <= asked and DOUBTFUL not in self.table.columns

    # ---- pieces -------------------------------------------------------------------------------------------------------

    def _take(self, shapes: Mapping[Node, Shape], names: Iterable[str]) -> None:
        for leaf, shape in shapes.items():
            if isinstance(leaf, Field):
                facts = self.table.facts.get(leaf.column, Facts())
                kind = _value_type(self.table.spec.columns[leaf.column].type, facts)
                self.work.take(leaf, self._bounded(leaf, shape), kind, names)
            elif isinstance(leaf, Call):
                self.work.take(leaf, self._bounded(leaf, shape), pl.Int64, names)
            else:
                self.work.take(leaf, shape, pl.Boolean, names)

    def _bounded(self, leaf: Node, shape: Shape) -> Shape:
        """The shape of a field with the bounds of its column; of its number of decimals, which are few."""
        if not shape.numeric:
            return shape
        if isinstance(leaf, Call):
            return replace(shape, low=-MOST_DECIMALS, high=MOST_DECIMALS)
        assert isinstance(leaf, Field)  # noqa: S101  # the only other kind of leaf
        facts = self.table.facts[leaf.column]
        low, high = facts.low, facts.high
        if shape.filled:
            low, high = min(low, 0), max(high, 0)
        reach = shape.loose
        if reach is None:
            reach = CellColumns(self.table, leaf.column, shape.name).reach
        return replace(shape, low=low, high=high, reach=reach)

    def _on(self) -> dict[str, nw.Expr]:
        """The columns to join on, under ``@on`` names."""
        on = {}
        for column, _ in self.group.on:
            key = nw.col(column)
            shifted = self.group.shift and self.table.spec.columns[column].type == "year"
            on[f"@on_{column}"] = key + self.group.shift if shifted else key
        return on or {_ONE: nw.lit(1)}

    def _source(self) -> Frame:
        """The rows of the table that have the fixed values."""
        held = [nw.col(column).cast(nw.String) == value for column, value in self.group.pins]
        return self.table.frame.filter(*held) if held else self.table.frame

    def _where(self) -> tuple[dict[str, Any], Any]:
        """The columns that the condition of the group reads, and the condition."""
        where = self.group.where
        if where is None:
            return {}, nw.lit(value=True)
        inner = [part for part in where.walk() if isinstance(part, Field)]
        if any(not (part.many and part.table == self.table.name) for part in inner):
            raise UnlowerableError(where)
        exprs, shapes = cells(self.table, dict.fromkeys(inner), f"{self.prefix}w_", namespace())
        bounds = {leaf: self._bounded(leaf, shape) for leaf, shape in shapes.items()}
        for leaf, shape in bounds.items():
            assert isinstance(leaf, Field)  # noqa: S101  # fields only
            if shape.hard or self.table.facts[leaf.column].dashed:
                raise UnlowerableError(where)
        return exprs, Conditions(bounds, Slack(), namespace()).truth(where)


def _with(frame: Frame, exprs: Mapping[str, Any]) -> Frame:
    """The frame with further columns."""
    return frame.with_columns(*_named(exprs)) if exprs else frame


def _named(exprs: Mapping[str, Any]) -> list[Any]:
    return [expr.alias(name) for name, expr in exprs.items()]


def _value_type(kind: str, facts: Facts) -> Any:
    """The type of the values of a column."""
    return _TYPES.get(kind, pl.Int128 if facts.wide else pl.Int64)
