"""One column of a table as the columns of a shape, and the bounds of columns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import polars as pl

from perfrules.dataset import DOUBTFUL, Held, Measure, place_column, state_column
from perfrules.evaluate.native import Expr, UnlowerableError
from perfrules.evaluate.shapes import Shape
from perfrules.expr.nodes import Call, Field, Node, Rows
from perfrules.quantities.figures import State
from perfrules.tables import Column


@dataclass(frozen=True)
class CellColumns:
    """One column of a table as the columns of a shape, written against a namespace ``x`` as the lowering is."""

    table: Held
    column: str
    name: str
    x: Any = pl

    @property
    def spec(self) -> Column:
        """What the pack says of the column."""
        return self.table.spec.columns[self.column]

    @property
    def measure(self) -> Measure | None:
        """How its figures are held; None if it holds none."""
        return self.table.measures.get(self.column)

    @cached_property
    def doubtful(self) -> bool:
        """Whether some row of the table has a key that occurs twice."""
        return DOUBTFUL in self.table.columns

    @cached_property
    def gappy(self) -> bool:
        """Whether some cell holds nothing."""
        return self.doubtful or self.table.nulls(self.column) > 0

    @property
    def only_blank(self) -> bool:
        """Whether what holds nothing is blank and stands as a null: its state is no column of its own then."""
        stated = self.doubtful or state_column(self.column) in self.table.columns
        return not stated and self.spec.blank != "zero"

    @cached_property
    def places(self) -> dict[int, int] | None:
        """Strict widths by place where places differ; None where all cells agree."""
        measure = self.measure
        if measure is None or measure.exact or measure.place is not None:
            return None
        found = self.table.places_in(self.column)
        return {place: _width(measure, place, loose=False) for place in found}

    @property
    def reach(self) -> int:
        """The greatest width, short prints one decimal coarser."""
        measure = self.measure
        if measure is None or measure.exact:
            return 0
        places = [measure.place] if measure.place is not None else list(self.places or {})
        return max((_width(measure, place, loose=True) for place in places), default=0)

    @property
    def is_short(self) -> bool:
        """Whether some print has fewer decimals than usual."""
        measure = self.measure
        if measure is None or measure.exact or measure.usual is None:
            return False
        places = [measure.place] if measure.place is not None else list(self.places or {})
        return any(place < measure.usual for place in places)

    @cached_property
    def shape(self) -> Shape:
        """The shape, its bounds still open."""
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
            filled=self.gappy and self.spec.blank == "zero",
            hard=bool(measure and measure.bounds),
            numeric=numeric,
        )

    def expressions(self) -> dict[str, Expr]:
        """The columns of the shape."""
        x, shape = self.x, self.shape
        value = x.col(self.column)
        gap = value.is_null()
        found: dict[str, Expr] = {}
        if self.doubtful:
            value = x.when(x.col(DOUBTFUL)).then(None).otherwise(value)
        if shape.states:
            state = self.state(gap)
            found[shape.column("state")] = state
            if self.spec.blank == "zero":
                zero = x.lit(0, dtype=x.Int128 if self.table.is_wide(self.column) else x.Int64)
                value = x.when(state == int(State.BLANK)).then(zero).otherwise(value)
            if shape.assumed:
                found[shape.column("assumed")] = state == int(State.BLANK)
        if shape.width is None:
            found |= self.widths(shape)
        if shape.short:
            found[shape.column("short")] = self.short()
        if shape.hard:
            found[shape.column("hard")] = self.table.is_bounded(self.column, x)
        return {self.name: value, **found}

    def decimals(self) -> dict[str, Expr]:
        """How many decimals are printed, beyond those of the unit, as a shape of its own."""
        x, measure = self.x, self.measure
        if measure is None:
            raise UnlowerableError(self.column)
        gap = x.col(self.column).is_null()
        lost = gap | x.col(DOUBTFUL) if self.doubtful else gap
        place = (
            x.col(place_column(self.column)).cast(x.Int64)
            if measure.place is None
            else x.lit(measure.place, dtype=x.Int64)
        )
        found = {self.name: x.when(lost).then(None).otherwise(place - measure.unit_place)}
        return found | ({f"{self.name}@state": self.state(gap)} if self.gappy else {})

    def state(self, gap: Expr) -> Expr:
        """Why a cell holds nothing, 0 where it holds something."""
        x = self.x
        state = bit(x, gap)  # a blank is 1, a figure 0
        states = state_column(self.column)
        if states in self.table.columns:
            code = x.col(states).cast(x.Int8)
            state = x.when(gap & (code > 0)).then(code).otherwise(state)
        if self.doubtful:
            doubt = x.lit(int(State.DUPLICATE), dtype=x.Int8)
            state = x.when(x.col(DOUBTFUL)).then(doubt).otherwise(state)
        return state

    def widths(self, shape: Shape) -> dict[str, Expr]:
        """The last printed places where they vary."""
        x, measure = self.x, self.measure
        assert measure is not None  # noqa: S101  # only figures have widths
        column = x.col(place_column(self.column))
        found = {}
        for part, loose in (("width", False), ("loose", True)):
            chain = x
            for place in self.places or {}:
                width = x.lit(_width(measure, place, loose=loose), dtype=x.Int64)
                chain = chain.when(column == place).then(width)
            none = x.lit(0, dtype=x.Int64)
            found[shape.column(part)] = none if chain is x else chain.otherwise(none)
        return found

    def short(self) -> Expr:
        """Where one decimal was dropped."""
        measure = self.measure
        assert measure is not None  # noqa: S101  # only figures are short
        assert measure.usual is not None  # noqa: S101  # and only against usual decimals
        if measure.place is not None:
            return self.x.lit(measure.place == measure.usual - 1)
        column = self.x.col(place_column(self.column))
        return (column == measure.usual - 1).fill_null(value=False)


def bit(x: Any, condition: Expr) -> Expr:
    """1 where a condition is true, else 0: no database casts every truth."""
    if x is pl:
        return condition.cast(pl.Int8)
    one, none = (x.lit(number, dtype=x.Int8) for number in (1, 0))
    return x.when(condition).then(one).otherwise(none)


def number_of(x: Any, condition: Expr) -> Expr:
    """The number of rows where a condition is true; no database adds truths."""
    return condition.sum().cast(pl.Int64) if x is pl else bit(x, condition).cast(x.Int64).sum()


def _width(measure: Measure, place: int, *, loose: bool) -> int:
    """The last printed place as an integer at the column's scale."""
    if measure.usual is not None and place < measure.usual:
        place = measure.usual - 1 if loose else measure.usual
    return int(10 ** (measure.scale - place)) if measure.scale >= place else 0


def cells(
    table: Held, leaves: Iterable[Node], prefix: str, x: Any = pl
) -> tuple[dict[str, Expr], dict[Node, Shape]]:
    """Columns of a table, for the fields among ``leaves`` and their numbers of decimals."""
    exprs: dict[str, Expr] = {}
    shapes: dict[Node, Shape] = {}
    for leaf in leaves:
        if isinstance(leaf, Field):
            cell = CellColumns(table, leaf.column, f"{prefix}{leaf.column}", x)
            exprs |= cell.expressions()
            shapes[leaf] = cell.shape
        elif isinstance(leaf, Call) and isinstance(leaf.args[0], Field):
            column = leaf.args[0].column
            cell = CellColumns(table, column, f"{prefix}{column}.decimals", x)
            exprs |= cell.decimals()
            shapes[leaf] = Shape(cell.name, states=cell.gappy)
    return exprs, shapes


def found_column(prefix: str) -> str:
    """Name of the column that is null where a left join found no row."""
    return f"{prefix}@found"


def looked_up(
    leaves: Iterable[Node], shapes: Mapping[Node, Shape], prefix: str, x: Any = pl
) -> tuple[dict[str, Expr], dict[Node, Shape]]:
    """Columns as they stand after a left join, where no row may have been found; :func:`found_column` says where one was."""
    lost, none = x.col(found_column(prefix)).is_null(), x.lit(value=False)
    exprs = {}
    for shape in shapes.values():
        state = shape.column("state")
        gone = x.when(lost).then(x.lit(int(State.NO_ROW), dtype=x.Int8))
        exprs[state] = gone.otherwise(x.col(state))
        flags = (("short", shape.short), ("hard", shape.hard), ("assumed", shape.assumed))
        exprs |= {
            shape.column(part): x.col(shape.column(part)).fill_null(value=False)
            for part, there in flags
            if there
        }
    found = {leaf: replace(shape, states=True) for leaf, shape in shapes.items()}
    for leaf in leaves:
        if isinstance(leaf, Rows):
            name = f"{prefix}present"
            exprs[name] = x.when(lost).then(none).otherwise(~none)
            found[leaf] = Shape(name, numeric=False)
    return exprs, found


def measured(frame: pl.DataFrame, shapes: Mapping[Node, Shape]) -> dict[Node, Shape]:
    """The shapes with the bounds of their columns."""
    numeric = {leaf: shape for leaf, shape in shapes.items() if shape.numeric}
    ends: dict[str, Any] = {}
    for shape in {shape.name: shape for shape in numeric.values()}.values():
        for column in (shape.name, *_beside(shape)):
            held = frame[column]  # series by series: quicker than one query, for any number of rows
            ends |= {f"{column}<": held.min(), f"{column}>": held.max()}
    found = dict(shapes)
    for leaf, shape in numeric.items():
        low, high = (int(ends[f"{shape.name}{sign}"] or 0) for sign in "<>")
        found[leaf] = replace(
            shape, low=low, high=high, reach=_reach(shape, low, high, ends), parts=int(ends[shape.column("parts>")] or 1) if shape.parts else 0
        )  # fmt: skip
    return found


def _beside(shape: Shape) -> list[str]:
    """The columns beside a figure that have bounds too."""
    parts = [] if shape.loose is not None else ["loose"]
    if shape.ends:
        parts += ["least", "most", *(["loose_least", "loose_most"] if shape.short else [])]
    return [shape.column(part) for part in (*parts, *(["parts"] if shape.parts else []))]


def _reach(shape: Shape, low: int, high: int, ends: Mapping[str, Any]) -> int:
    """The greatest width, or what covers all ends: these lie between ``2 * low - reach`` and ``2 * high + reach``."""
    if not shape.ends:
        return shape.loose if shape.loose is not None else int(ends[shape.column("loose>")] or 0)
    below = [2 * low - int(ends[name + "<"] or 0) for name in _beside(shape) if "least" in name]
    above = [int(ends[name + ">"] or 0) - 2 * high for name in _beside(shape) if "most" in name]
    return 1 << max(1, *below, *above).bit_length()
