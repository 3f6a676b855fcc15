"""A sheet as one frame: the grain's keys and, beside them, every leaf that its rules need.

Lookups are joins, finer tables are one group-by each; what cannot be laid (an aggregate of an expression, for instance) is left
out, and the reference evaluates the rules that need it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from perfrules.dataset import DOUBTFUL, ROW, Dataset, Measure, Table, place_column, state_column
from perfrules.evaluate.lower import Conditions, UnlowerableError
from perfrules.evaluate.rows import Index, Row
from perfrules.evaluate.shapes import Shape, Shapes
from perfrules.expr.nodes import Call, Field, Node, Pin, Rows
from perfrules.model import Slack
from perfrules.plan import Sheet
from perfrules.quantities.figures import State
from perfrules.tables import Column

_SUMS = frozenset({"sum", "count", "count_present"})


@dataclass(frozen=True, slots=True)
class Laid:
    """A sheet laid over a dataset.

    Attributes:
        frame: The columns that the shapes name; row by row the rows of the rules.
        keys: The grain's columns, in the same order.
        shapes: How each leaf stands in the frame.
        direct: The table whose rows are these rows one by one; empty if there is none.
    """

    frame: pl.DataFrame
    keys: pl.DataFrame
    shapes: Shapes
    direct: str

    def row(self, index: Index, position: int) -> Row:
        """One row for the reference evaluator."""
        grain = {name: self.keys[name][position] for name in self.keys.columns}
        return Row(index, grain, {self.direct: position} if self.direct else {})


def lay(sheet: Sheet, dataset: Dataset) -> Laid:
    """Lay the leaves of ``sheet`` side by side."""
    base = dataset.tables[sheet.base[0]]
    direct = base.name if len(sheet.base) == 1 and base.spec.key == sheet.grain else ""
    keys = _keys(sheet, dataset, direct)
    columns: list[pl.Series] = []
    shapes: dict[Node, Shape] = {}
    for number, (group, leaves) in enumerate(_grouped(sheet.leaves, direct).items()):
        table = dataset.tables[group.table]
        part = _Part(table, group, f"x{number}_", keys)
        try:
            frame, found = part.own(leaves) if group.own else part.joined(leaves)
        except UnlowerableError:
            continue
        columns += frame.get_columns()
        shapes |= found
    rows = pl.int_range(keys.height, dtype=pl.UInt32, eager=True).alias(ROW)
    frame = pl.DataFrame([rows, *columns])
    return Laid(frame, keys, _measured(frame, shapes), direct)


def _keys(sheet: Sheet, dataset: Dataset, direct: str) -> pl.DataFrame:
    grain = list(sheet.grain)
    if direct:
        return dataset.tables[direct].frame.select(grain)
    parts = [dataset.tables[table].frame.select(grain) for table in sheet.base]
    return pl.concat(parts).drop_nulls().unique(maintain_order=True)


@dataclass(frozen=True, slots=True)
class _Group:
    """Leaves that come from one table by one join; ``where`` parts aggregates with different conditions."""

    table: str
    on: tuple[Pin, ...]
    pins: tuple[Pin, ...]
    shift: int
    kind: str
    where: Node | None = None

    @property
    def own(self) -> bool:
        return self.kind == "own"


def _grouped(leaves: Iterable[Node], direct: str) -> dict[_Group, list[Node]]:
    groups: dict[_Group, list[Node]] = {}
    for leaf in leaves:
        group = _group(leaf, direct)
        if group is not None:
            groups.setdefault(group, []).append(leaf)
    return groups


def _group(leaf: Node, direct: str) -> _Group | None:
    if isinstance(leaf, Field):
        own = (
            leaf.table == direct
            and not leaf.pins
            and not leaf.shift
            and all(a == b for a, b in leaf.on)
        )
        return _Group(leaf.table, leaf.on, leaf.pins, leaf.shift, "own" if own else "lookup")
    if isinstance(leaf, Rows):
        return _Group(leaf.table, leaf.on, leaf.pins, leaf.shift, "lookup")
    assert isinstance(leaf, Call)  # noqa: S101  # the only other kind of leaf
    arg = leaf.args[0]
    if (
        leaf.name not in _SUMS
        or not isinstance(arg, Field | Rows)
        or (isinstance(arg, Field) and not arg.many)
    ):
        return None
    return _Group(arg.table, arg.on, arg.pins, arg.shift, "aggregate", leaf.where)


@dataclass(frozen=True, slots=True)
class _Part:
    """The leaves of one group, as columns in the order of the keys."""

    table: Table
    group: _Group
    prefix: str
    keys: pl.DataFrame

    def own(self, leaves: list[Node]) -> tuple[pl.DataFrame, dict[Node, Shape]]:
        exprs, shapes = self._cells(leaves)
        return self.table.frame.select(exprs), shapes

    def _cells(self, leaves: Iterable[Node]) -> tuple[list[pl.Expr], dict[Node, Shape]]:
        exprs: list[pl.Expr] = []
        shapes: dict[Node, Shape] = {}
        for leaf in leaves:
            if isinstance(leaf, Field):
                name = f"{self.prefix}{leaf.column}"
                cell = _CellColumns(self.table, leaf.column, name)
                exprs += cell.expressions()
                shapes[leaf] = cell.shape()
        return exprs, shapes

    def _source(self, exprs: list[pl.Expr]) -> pl.DataFrame:
        """The table's rows with the fixed values, under ``@on`` names of the join columns."""
        on = []
        for column, _ in self.group.on:
            key = pl.col(column)
            shifted = self.group.shift and self.table.spec.columns[column].type == "year"
            on.append((key + self.group.shift if shifted else key).alias(f"@on_{column}"))
        held = [pl.col(column).cast(pl.String) == value for column, value in self.group.pins]
        frame = self.table.frame.with_columns(exprs)
        return frame.filter(held).with_columns(on) if held else frame.with_columns(on)

    def _left_join(self, right: pl.DataFrame) -> pl.DataFrame:
        on = [f"@on_{column}" for column, _ in self.group.on]
        if not on:  # one row for all, or none
            at = pl.repeat(
                0 if right.height else None, self.keys.height, dtype=pl.UInt32, eager=True
            )
            return right.with_columns(pl.lit(value=True).alias("@found")).select(
                pl.all().gather(at)
            )
        left = self.keys.select(
            pl.col(grain).alias(f"@on_{column}") for column, grain in self.group.on
        )
        return left.join(
            right.with_columns(pl.lit(value=True).alias("@found")),
            on=on,
            how="left",
            maintain_order="left",
        ).drop(on)

    def joined(self, leaves: list[Node]) -> tuple[pl.DataFrame, dict[Node, Shape]]:
        return self._lookup(leaves) if self.group.kind == "lookup" else self._aggregate(leaves)

    def _lookup(self, leaves: list[Node]) -> tuple[pl.DataFrame, dict[Node, Shape]]:
        exprs, shapes = self._cells(leaves)
        on = [f"@on_{column}" for column, _ in self.group.on]
        right = self._source(exprs)
        names = [expr.meta.output_name() for expr in exprs]
        states = [
            pl.lit(0, dtype=pl.Int8).alias(shape.column("state"))
            for shape in shapes.values()
            if not shape.states
        ]
        right = right.with_columns(states).select(
            *on, *names, *(s.meta.output_name() for s in states)
        )
        right = right.unique(on, maintain_order=True, keep="first") if on else right
        frame = self._left_join(right)
        gone = pl.col("@found").is_null()
        fill = [
            pl.when(gone)
            .then(pl.lit(int(State.NO_ROW), dtype=pl.Int8))
            .otherwise(pl.col(shape.column("state")))
            .alias(shape.column("state"))
            for shape in shapes.values()
        ]
        flags = [
            pl.col(shape.column(part)).fill_null(value=False)
            for shape in shapes.values()
            for part, there in (
                ("short", shape.short),
                ("hard", shape.hard),
                ("assumed", shape.assumed),
            )
            if there
        ]
        frame = frame.with_columns(*fill, *flags)
        shapes = {leaf: replace(shape, states=True) for leaf, shape in shapes.items()}
        for leaf in leaves:
            if isinstance(leaf, Rows):
                name = f"{self.prefix}present"
                frame = frame.with_columns(pl.col("@found").fill_null(value=False).alias(name))
                shapes[leaf] = Shape(name, numeric=False)
        return frame.drop("@found"), shapes

    # ---- aggregates ---------------------------------------------------------------------------------------------------

    def _aggregate(self, leaves: list[Node]) -> tuple[pl.DataFrame, dict[Node, Shape]]:
        calls = [leaf for leaf in leaves if isinstance(leaf, Call)]
        fields = dict.fromkeys(call.args[0] for call in calls if isinstance(call.args[0], Field))
        exprs, shapes = self._cells(fields)
        frame = self._source([*exprs, *self._where()])
        chosen = pl.col("@where") if self.group.where is not None else pl.col(ROW).is_not_null()
        sums: dict[str, pl.Expr] = {
            "@rows": chosen.fill_null(value=False).sum(),
            "@open": chosen.is_null().sum(),
        }
        found: dict[Node, Shape] = {}
        for number, call in enumerate(calls):
            name = f"{self.prefix}{number}"
            if call.name == "count":
                sums[name] = chosen.fill_null(value=False).sum().cast(pl.Int64)
                found[call] = Shape(name, states=self.group.where is not None, figure=False)
            else:
                inner = _Summed(shapes[call.args[0]], name, chosen.fill_null(value=False))
                sums |= inner.present() if call.name == "count_present" else inner.sums()
                found[call] = inner.counted() if call.name == "count_present" else inner.shape()
        on = [f"@on_{column}" for column, _ in self.group.on]
        named = [expr.alias(name) for name, expr in sums.items()]
        right = frame.group_by(on, maintain_order=True).agg(named) if on else frame.select(named)
        return self._finished(self._left_join(right), found)

    def _where(self) -> list[pl.Expr]:
        if self.group.where is None:
            return []
        inner = [part for part in self.group.where.walk() if isinstance(part, Field)]
        if any(not (part.many and part.table == self.table.name) for part in inner):
            raise UnlowerableError(self.group.where)
        exprs, shapes = _Part(self.table, self.group, f"{self.prefix}w_", self.keys)._cells(
            dict.fromkeys(inner)
        )
        frame = self.table.frame.select(exprs)
        shapes = dict(_measured(frame, shapes))
        if any(
            shape.hard or (shape.states and _has_dash(frame, shape)) for shape in shapes.values()
        ):
            raise UnlowerableError(self.group.where)
        holds = Conditions(shapes, Slack(), pl).truth(self.group.where)
        return [pl.lit(frame.with_columns(holds.alias("@where"))["@where"])]

    def _finished(
        self, frame: pl.DataFrame, found: dict[Node, Shape]
    ) -> tuple[pl.DataFrame, dict[Node, Shape]]:
        """Nulls and states: over no row a sum is missing and a count is zero; an open ``where`` makes both missing."""
        rows, opened = pl.col("@rows").fill_null(0), pl.col("@open").fill_null(0)
        exprs: list[pl.Expr] = []
        for leaf, shape in found.items():
            assert isinstance(leaf, Call)  # noqa: S101  # aggregates only
            value = pl.col(shape.name)
            if leaf.name != "sum":
                value = value.fill_null(0)
                state = pl.lit(0, dtype=pl.Int8)
            else:
                gaps = pl.col(shape.column("state")).fill_null(0)
                value = pl.when((rows == 0) | (gaps > 0)).then(None).otherwise(value)
                state = (
                    pl.when(rows == 0)
                    .then(pl.lit(int(State.NO_ROW), dtype=pl.Int8))
                    .otherwise(gaps)
                )
            if leaf.name == "sum":
                exprs += [pl.col(shape.column(part)).fill_null(0) for part in ("width", "loose")]
                exprs += [
                    pl.col(shape.column(part)).fill_null(value=False)
                    for part, there in (("hard", shape.hard), ("assumed", shape.assumed))
                    if there
                ]
            exprs.append(pl.when(opened > 0).then(None).otherwise(value).alias(shape.name))
            if shape.states:
                doubt = pl.lit(int(State.UNREADABLE), dtype=pl.Int8)
                seen = pl.when(opened > 0).then(doubt).otherwise(state)
                exprs.append(seen.alias(shape.column("state")))
        frame = frame.with_columns(exprs).drop("@rows", "@open", "@found")
        return frame, found


def _has_dash(frame: pl.DataFrame, shape: Shape) -> bool:
    return bool((frame[shape.column("state")] == int(State.DASH)).any())


@dataclass(frozen=True, slots=True)
class _CellColumns:
    """One column of a table as the columns of a shape."""

    table: Table
    column: str
    name: str

    @property
    def spec(self) -> Column:
        return self.table.spec.columns[self.column]

    @property
    def measure(self) -> Measure | None:
        return self.table.measures.get(self.column)

    @property
    def doubtful(self) -> bool:
        return DOUBTFUL in self.table.frame.columns

    @property
    def gappy(self) -> bool:
        return self.doubtful or self.table.frame[self.column].null_count() > 0

    @property
    def places(self) -> dict[int, int] | None:
        """Strict widths by place where places differ; None where all cells agree."""
        measure = self.measure
        if measure is None or measure.exact or measure.place is not None:
            return None
        found = self.table.frame[place_column(self.column)].unique().drop_nulls().to_list()
        return {place: _width(measure, place, loose=False) for place in found}

    @property
    def is_short(self) -> bool:
        measure = self.measure
        if measure is None or measure.exact or measure.usual is None:
            return False
        places = [measure.place] if measure.place is not None else list(self.places or {})
        return any(place < measure.usual for place in places)

    def shape(self) -> Shape:
        measure = self.measure
        numeric = measure is not None or self.spec.type in ("year",)
        same = measure is None or measure.exact or measure.place is not None
        place = measure.place if measure is not None and measure.place is not None else 0
        known = measure is not None and not measure.exact and same
        return Shape(
            self.name,
            scale=measure.scale if measure else 0,
            width=(_width(measure, place, loose=False) if measure and known else 0)
            if same
            else None,
            loose=(_width(measure, place, loose=True) if measure and known else 0)
            if same
            else None,
            short=self.is_short,
            states=self.gappy,
            assumed=self.gappy and self.spec.blank == "zero-if-closes",
            hard=bool(measure and measure.bounds),
            numeric=numeric,
        )

    def expressions(self) -> list[pl.Expr]:
        value = pl.col(self.column)
        gap = value.is_null()
        exprs = []
        if self.doubtful:
            value = pl.when(pl.col(DOUBTFUL)).then(None).otherwise(value)
        state = self.state(gap)
        shape = self.shape()
        if shape.states:
            exprs.append(state.alias(shape.column("state")))
            if self.spec.blank == "zero":
                zero = pl.lit(0, dtype=self.table.frame[self.column].dtype)
                value = pl.when(state == int(State.BLANK)).then(zero).otherwise(value)
        if shape.assumed:
            exprs.append((state == int(State.BLANK)).alias(shape.column("assumed")))
        if shape.width is None:
            exprs += self.widths(shape)
        if shape.short:
            exprs.append(self.short().alias(shape.column("short")))
        if shape.hard and self.measure:
            exprs.append(pl.col(ROW).is_in(list(self.measure.bounds)).alias(shape.column("hard")))
        return [value.alias(self.name), *exprs]

    def state(self, gap: pl.Expr) -> pl.Expr:
        blank = pl.lit(int(State.BLANK), dtype=pl.Int8)
        states = state_column(self.column)
        empty = blank
        if states in self.table.frame.columns:
            code = pl.col(states).cast(pl.Int8)
            empty = pl.when(code > 0).then(code).otherwise(blank)
        state = pl.when(gap).then(empty).otherwise(pl.lit(0, dtype=pl.Int8))
        if self.doubtful:
            state = (
                pl.when(pl.col(DOUBTFUL))
                .then(pl.lit(int(State.DUPLICATE), dtype=pl.Int8))
                .otherwise(state)
            )
        return state

    def widths(self, shape: Shape) -> list[pl.Expr]:
        measure = self.measure
        places = self.places or {}
        assert measure is not None  # noqa: S101  # only figures have widths
        loose = {place: _width(measure, place, loose=True) for place in places}
        column = pl.col(place_column(self.column))
        return [
            column.replace_strict(table, default=0, return_dtype=pl.Int64).alias(shape.column(part))
            for part, table in (("width", places), ("loose", loose))
        ]

    def short(self) -> pl.Expr:
        measure = self.measure
        assert measure is not None  # noqa: S101  # only figures are short
        assert measure.usual is not None  # noqa: S101  # and only against usual decimals
        if measure.place is not None:
            return pl.lit(measure.place == measure.usual - 1)
        return (pl.col(place_column(self.column)) == measure.usual - 1).fill_null(value=False)


def _width(measure: Measure, place: int, *, loose: bool) -> int:
    """The last printed place as an integer at the column's scale."""
    if measure.usual is not None and place < measure.usual:
        place = measure.usual - 1 if loose else measure.usual
    return int(10 ** (measure.scale - place)) if measure.scale >= place else 0


@dataclass(frozen=True, slots=True)
class _Summed:
    """A column summed over the rows of a group; each printed zero is a term, and so exact."""

    cell: Shape
    name: str
    chosen: pl.Expr

    def state(self) -> pl.Expr:
        return pl.col(self.cell.column("state")) if self.cell.states else pl.lit(0, dtype=pl.Int8)

    def sums(self) -> dict[str, pl.Expr]:
        cell, chosen, state = self.cell, self.chosen, self.state()
        value = pl.col(cell.name).cast(pl.Int128)
        gap = chosen & pl.col(cell.name).is_null() & (state != int(State.DASH))
        if cell.assumed:
            gap = gap & (state != int(State.BLANK))
        nonzero = chosen & pl.col(cell.name).is_not_null() & (pl.col(cell.name) != 0)
        result = {self.name: pl.when(chosen).then(value).otherwise(None).sum()}
        for part, constant in (("width", cell.width), ("loose", cell.loose)):
            width = (
                pl.lit(constant, dtype=pl.Int64)
                if constant is not None
                else pl.col(cell.column(part))
            )
            result[f"{self.name}@{part}"] = pl.when(nonzero).then(width).otherwise(0).sum()
        kinds = [State.BLANK, State.DASH]
        alls = [((state == int(kind)) | ~chosen).all() for kind in kinds]
        first = pl.when(gap).then(state).otherwise(None).drop_nulls().first().fill_null(0)
        code = (
            pl.when(alls[0])
            .then(pl.lit(int(State.BLANK), dtype=pl.Int8))
            .when(alls[1])
            .then(pl.lit(int(State.DASH), dtype=pl.Int8))
        )
        # a gap beside figures is no blank operand: it only makes the sum missing
        partial = (
            pl.when(first == int(State.BLANK))
            .then(pl.lit(int(State.UNREADABLE), dtype=pl.Int8))
            .otherwise(first)
        )
        result[f"{self.name}@state"] = code.otherwise(partial)
        if cell.hard:
            result[f"{self.name}@hard"] = (chosen & pl.col(cell.column("hard"))).any()
        if cell.assumed:
            result[f"{self.name}@assumed"] = (chosen & pl.col(cell.column("assumed"))).any()
        return result

    def shape(self) -> Shape:
        cell = self.cell
        return replace(cell, name=self.name, width=None, loose=None, states=True, figure=False)

    def present(self) -> dict[str, pl.Expr]:
        filled = self.state() == 0 if self.cell.states else pl.col(self.cell.name).is_not_null()
        return {self.name: (self.chosen & filled).sum().cast(pl.Int64)}

    def counted(self) -> Shape:
        return Shape(self.name, states=False, figure=False)


def _measured(frame: pl.DataFrame, shapes: Mapping[Node, Shape]) -> dict[Node, Shape]:
    """The shapes with the bounds of their columns, from one pass over the frame."""
    exprs: list[pl.Expr] = []
    numeric = {leaf: shape for leaf, shape in shapes.items() if shape.numeric}
    for shape in {shape.name: shape for shape in numeric.values()}.values():
        exprs += [
            pl.col(shape.name).min().alias(f"{shape.name}<"),
            pl.col(shape.name).max().alias(f"{shape.name}>"),
        ]
        if shape.loose is None:
            exprs.append(pl.col(shape.column("loose")).max().alias(f"{shape.name}~"))
    ends: dict[str, Any] = (
        frame.lazy().select(exprs).collect(engine="streaming").row(0, named=True) if exprs else {}
    )
    found = dict(shapes)
    for leaf, shape in numeric.items():
        reach = shape.loose if shape.loose is not None else int(ends[f"{shape.name}~"] or 0)
        found[leaf] = replace(
            shape,
            low=int(ends[f"{shape.name}<"] or 0),
            high=int(ends[f"{shape.name}>"] or 0),
            reach=reach,
        )
    return found
