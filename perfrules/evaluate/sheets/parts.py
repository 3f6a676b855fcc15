"""The leaves that come from one table by one join, as columns in the order of the sheet's keys."""

from collections.abc import Iterable

import polars as pl

from perfrules.dataset import ROW, Table
from perfrules.evaluate.lower import Conditions
from perfrules.evaluate.native import UnlowerableError
from perfrules.evaluate.shapes import Shape
from perfrules.evaluate.sheets.columns import CellColumns, cells, found_column, looked_up, measured
from perfrules.evaluate.sheets.reckoned import finished, summed
from perfrules.evaluate.sheets.summaries import Group as Grouped
from perfrules.expr.nodes import Call, Field, Node, Pin, Rows
from perfrules.model import Slack
from perfrules.quantities.figures import State
from perfrules.values import frozen


@frozen
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
    if leaf.name == "decimals":
        return _group(leaf.args[0], direct)
    parts = [part for arg in leaf.args for part in arg.walk() if isinstance(part, Field | Rows)]
    table = parts[0].table
    if any(isinstance(part, Field) and not (part.many and part.table == table) for part in parts):
        return None  # a row's own figures stand in another table
    return Group(table, parts[0].on, parts[0].pins, parts[0].shift, "aggregate", leaf.where)


@frozen
class Part:
    """The leaves of one group, as columns in the order of the keys."""

    table: Table
    group: Group
    prefix: str
    keys: pl.DataFrame

    def own(self, leaves: list[Node]) -> tuple[pl.DataFrame, dict[Node, Shape]]:
        """Columns of the table whose rows are the rows of the sheet."""
        exprs, shapes = cells(self.table, leaves, self.prefix)
        for leaf, shape in shapes.items():
            if (
                isinstance(leaf, Field)
                and CellColumns(self.table, leaf.column, shape.name).only_blank
            ):
                exprs.pop(shape.column("state"), None)
        return self.table.frame.select(expr.alias(name) for name, expr in exprs.items()), shapes

    def _cells(self, leaves: Iterable[Node]) -> tuple[list[pl.Expr], dict[Node, Shape]]:
        found, shapes = cells(self.table, leaves, self.prefix)
        return [expr.alias(name) for name, expr in found.items()], shapes

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
            return right.with_columns(pl.lit(value=True).alias(found_column(self.prefix))).select(
                pl.all().gather(at)
            )
        left = self.keys.select(
            pl.col(grain).alias(f"@on_{column}") for column, grain in self.group.on
        )
        return left.join(
            right.with_columns(pl.lit(value=True).alias(found_column(self.prefix))),
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
        columns, shapes = looked_up(leaves, shapes, self.prefix)
        frame = frame.with_columns(expr.alias(name) for name, expr in columns.items())
        return frame.drop(found_column(self.prefix)), shapes

    # ---- aggregates ---------------------------------------------------------------------------------------------------

    def _aggregate(self, leaves: list[Node]) -> tuple[pl.DataFrame, dict[Node, Shape]]:
        calls = [leaf for leaf in leaves if isinstance(leaf, Call)]
        fields = dict.fromkeys(
            part
            for call in calls
            for arg in call.args
            for part in arg.walk()
            if isinstance(part, Field)
        )
        exprs, shapes = self._cells(fields)
        frame = self._source([*exprs, *self._where()])
        shapes = measured(frame, shapes)
        closed = self.group.where is None
        chosen = pl.col(ROW).is_not_null() if closed else pl.col("@where")
        columns, found = summed(calls, Grouped(shapes, chosen, closed, frame.height), self.prefix)
        on = [f"@on_{column}" for column, _ in self.group.on]
        named = [expr.alias(name) for name, expr in columns.items()]
        right = frame.group_by(on, maintain_order=True).agg(named) if on else frame.select(named)
        final = finished(found, self.prefix)
        frame = self._left_join(right).with_columns(
            expr.alias(name) for name, expr in final.items()
        )
        parts = (f"{self.prefix}@{part}" for part in ("rows", "open", "found"))
        return frame.drop(*parts), {leaf: made.shape for leaf, made in found.items()}

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


def _has_dash(frame: pl.DataFrame, shape: Shape) -> bool:
    return bool((frame[shape.column("state")] == int(State.DASH)).any())
