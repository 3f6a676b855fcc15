"""The leaves that come from one table by one join, as columns in the order of the sheet's keys."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import polars as pl

from perfrules.dataset import ROW, Table
from perfrules.evaluate.lower import Conditions, UnlowerableError
from perfrules.evaluate.shapes import Shape
from perfrules.evaluate.sheets.columns import CellColumns, Summed, measured
from perfrules.expr.nodes import Call, Field, Node, Pin, Rows
from perfrules.model import Slack
from perfrules.quantities.figures import State

_SUMS = frozenset({"sum", "count", "count_present"})


@dataclass(frozen=True, slots=True)
class Group:
    """Leaves that come from one table by one join; ``where`` parts aggregates with different conditions."""

    table: str
    on: tuple[Pin, ...]
    pins: tuple[Pin, ...]
    shift: int
    kind: str
    where: Node | None = None


def grouped(leaves: Iterable[Node], direct: str) -> dict[Group, list[Node]]:
    """Leaves by the join that they come from; those that cannot be laid are left out."""
    groups: dict[Group, list[Node]] = {}
    for leaf in leaves:
        group = _group(leaf, direct)
        if group is not None:
            groups.setdefault(group, []).append(leaf)
    return groups


def _group(leaf: Node, direct: str) -> Group | None:
    if isinstance(leaf, Field):
        own = (
            leaf.table == direct
            and not leaf.pins
            and not leaf.shift
            and all(a == b for a, b in leaf.on)
        )
        kind = "own" if own else "key" if leaf.own else "lookup"
        return Group(leaf.table, leaf.on, leaf.pins, leaf.shift, kind)
    if isinstance(leaf, Rows):
        return Group(leaf.table, leaf.on, leaf.pins, leaf.shift, "lookup")
    assert isinstance(leaf, Call)  # noqa: S101  # the only other kind of leaf
    arg = leaf.args[0]
    if (
        leaf.name not in _SUMS
        or not isinstance(arg, Field | Rows)
        or (isinstance(arg, Field) and not arg.many)
    ):
        return None
    return Group(arg.table, arg.on, arg.pins, arg.shift, "aggregate", leaf.where)


@dataclass(frozen=True, slots=True)
class Part:
    """The leaves of one group, as columns in the order of the keys."""

    table: Table
    group: Group
    prefix: str
    keys: pl.DataFrame

    def own(self, leaves: list[Node]) -> tuple[pl.DataFrame, dict[Node, Shape]]:
        """Columns of the table whose rows are the rows of the sheet."""
        exprs, shapes = self._cells(leaves)
        return self.table.frame.select(exprs), shapes

    def _cells(self, leaves: Iterable[Node]) -> tuple[list[pl.Expr], dict[Node, Shape]]:
        exprs: list[pl.Expr] = []
        shapes: dict[Node, Shape] = {}
        for leaf in leaves:
            if isinstance(leaf, Field):
                name = f"{self.prefix}{leaf.column}"
                cell = CellColumns(self.table, leaf.column, name)
                exprs += cell.expressions()
                shapes[leaf] = cell.shape
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

    def keyed(self, leaves: list[Node]) -> tuple[pl.DataFrame, dict[Node, Shape]]:
        """Columns of the sheet's own key."""
        fields = [leaf for leaf in leaves if isinstance(leaf, Field)]
        shapes: dict[Node, Shape] = {
            field: Shape(f"{self.prefix}{field.column}", numeric=field.type == "year")
            for field in fields
        }
        return self.keys.select(
            pl.col(field.column).alias(shapes[field].name) for field in fields
        ), shapes

    def laid(self, leaves: list[Node]) -> tuple[pl.DataFrame, dict[Node, Shape]]:
        """The columns and shapes of ``leaves``."""
        ways = {
            "own": self.own,
            "key": self.keyed,
            "lookup": self._lookup,
            "aggregate": self._aggregate,
        }
        return ways[self.group.kind](leaves)

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
                inner = Summed(shapes[call.args[0]], name, chosen.fill_null(value=False))
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
        exprs, shapes = Part(self.table, self.group, f"{self.prefix}w_", self.keys)._cells(
            dict.fromkeys(inner)
        )
        frame = self.table.frame.select(exprs)
        shapes = dict(measured(frame, shapes))
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
                lost = (gaps > 0) & (gaps != int(State.BLANK)) if shape.filled else gaps > 0
                value = pl.when((rows == 0) | lost).then(None).otherwise(value)
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
