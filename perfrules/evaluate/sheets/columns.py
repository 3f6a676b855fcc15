"""One column of a table as the columns of a shape, and the bounds of columns."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import polars as pl

from perfrules.dataset import DOUBTFUL, ROW, Measure, Table, place_column, state_column
from perfrules.evaluate.lower import UnlowerableError
from perfrules.evaluate.shapes import Shape
from perfrules.expr.nodes import Node
from perfrules.quantities.figures import State
from perfrules.tables import Column


@dataclass(frozen=True)
class CellColumns:
    """One column of a table as the columns of a shape."""

    table: Table
    column: str
    name: str

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
        return DOUBTFUL in self.table.frame.columns

    @cached_property
    def gappy(self) -> bool:
        """Whether some cell holds nothing."""
        return self.doubtful or self.table.frame[self.column].null_count() > 0

    @cached_property
    def places(self) -> dict[int, int] | None:
        """Strict widths by place where places differ; None where all cells agree."""
        measure = self.measure
        if measure is None or measure.exact or measure.place is not None:
            return None
        found = self.table.frame[place_column(self.column)].unique().drop_nulls().to_list()
        return {place: _width(measure, place, loose=False) for place in found}

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

    def expressions(self) -> list[pl.Expr]:
        """The columns of the shape."""
        value = pl.col(self.column)
        gap = value.is_null()
        exprs = []
        if self.doubtful:
            value = pl.when(pl.col(DOUBTFUL)).then(None).otherwise(value)
        shape = self.shape
        if shape.states:
            state = self.state(gap)
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

    def decimals(self) -> list[pl.Expr]:
        """How many decimals are printed, beyond those of the unit, as a shape of its own."""
        measure = self.measure
        if measure is None:
            raise UnlowerableError(self.column)
        gap = pl.col(self.column).is_null()
        lost = gap | pl.col(DOUBTFUL) if self.doubtful else gap
        place = (
            pl.col(place_column(self.column)).cast(pl.Int64)
            if measure.place is None
            else pl.lit(measure.place, dtype=pl.Int64)
        )
        value = pl.when(lost).then(None).otherwise(place - measure.unit_place).alias(self.name)
        return [value, self.state(gap).alias(f"{self.name}@state")] if self.gappy else [value]

    def state(self, gap: pl.Expr) -> pl.Expr:
        """Why a cell holds nothing, 0 where it holds something."""
        state = gap.cast(pl.Int8)  # a blank is 1, a figure 0
        states = state_column(self.column)
        if states in self.table.frame.columns:
            code = pl.col(states).cast(pl.Int8)
            state = pl.when(gap & (code > 0)).then(code).otherwise(state)
        if self.doubtful:
            state = (
                pl.when(pl.col(DOUBTFUL))
                .then(pl.lit(int(State.DUPLICATE), dtype=pl.Int8))
                .otherwise(state)
            )
        return state

    def widths(self, shape: Shape) -> list[pl.Expr]:
        """The last printed places where they vary."""
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
        """Where one decimal was dropped."""
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


def measured(frame: pl.DataFrame, shapes: Mapping[Node, Shape]) -> dict[Node, Shape]:
    """The shapes with the bounds of their columns, from one pass over the frame."""
    exprs: list[pl.Expr] = []
    numeric = {leaf: shape for leaf, shape in shapes.items() if shape.numeric}
    for shape in {shape.name: shape for shape in numeric.values()}.values():
        for column in (shape.name, *_beside(shape)):
            exprs += [
                pl.col(column).min().alias(f"{column}<"),
                pl.col(column).max().alias(f"{column}>"),
            ]
    ends: dict[str, Any] = (
        frame.lazy().select(exprs).collect(engine="streaming").row(0, named=True) if exprs else {}
    )
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
