"""Functions over the rows that meet a row of the sheet, as the columns of a shape: first within a group, then beside the keys."""

from dataclasses import dataclass
from typing import Protocol

import polars as pl

from perfrules.evaluate.lower import Conditions
from perfrules.evaluate.shapes import Shape, Shapes
from perfrules.expr.nodes import Call, Field, Node
from perfrules.model import Slack
from perfrules.quantities.figures import State

Columns = dict[str, pl.Expr]


class Summary(Protocol):
    """A function over the rows of a group."""

    @property
    def shape(self) -> Shape:
        """How it stands in the sheet, its bounds still open."""

    def columns(self) -> Columns:
        """Its columns within a group, by name."""

    def finished(self, rows: pl.Expr) -> Columns:
        """Its columns beside the keys, where no group may be; ``rows`` counts the chosen rows."""


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of a group, as a function over them sees these.

    Attributes:
        shapes: How the cells stand, with their bounds.
        chosen: The rows that meet the function's ``where``.
        closed: There is no ``where`` that some row may leave open.
        rows: How many rows there can be.
    """

    shapes: Shapes
    chosen: pl.Expr
    closed: bool
    rows: int

    def state(self, node: Node) -> pl.Expr:
        """Why a cell holds nothing, 0 where it holds something."""
        shape = self.shapes[node]
        return pl.col(shape.column("state")) if shape.states else pl.lit(0, dtype=pl.Int8)

    def there(self, node: Node) -> pl.Expr:
        """The chosen rows whose cell holds something."""
        shape = self.shapes[node]
        held = self.state(node) == 0 if shape.states else pl.col(shape.name).is_not_null()
        return self.chosen & held

    def whole(self, node: Node, otherwise: pl.Expr) -> pl.Expr:
        """The state of a group as one operand: blank or a dash if all its cells are, else ``otherwise``."""
        found = otherwise
        for state in (State.DASH, State.BLANK):
            every = ((self.state(node) == int(state)) | ~self.chosen).all()
            found = pl.when(every).then(state_of(state)).otherwise(found)
        return found


def state_of(state: State) -> pl.Expr:
    """A state as a column holds it."""
    return pl.lit(int(state), dtype=pl.Int8)


@dataclass(frozen=True, slots=True)
class Counted:
    """``count``, ``count_present`` and ``count_distinct``, which are never missing but where a ``where`` is open."""

    call: Call
    name: str
    group: Group

    @property
    def shape(self) -> Shape:
        """How it stands in the sheet."""
        return Shape(self.name, states=not self.group.closed, figure=False)

    def columns(self) -> Columns:
        """Its columns within a group."""
        return {self.name: self._number().cast(pl.Int64)}

    def _number(self) -> pl.Expr:
        if self.call.name == "count":
            return self.group.chosen.sum()
        there = self.group.there(self.call.args[0])
        if self.call.name == "count_present":
            return there.sum()
        return pl.col(self.group.shapes[self.call.args[0]].name).filter(there).n_unique()

    def finished(self, rows: pl.Expr) -> Columns:  # noqa: ARG002  # over no row it is zero
        """Its columns beside the keys."""
        found = {self.name: pl.col(self.name).fill_null(0)}
        if self.shape.states:
            found[self.shape.column("state")] = state_of(State.FIGURE)
        return found


@dataclass(frozen=True, slots=True)
class Decided:
    """``any`` and ``all``: a row that cannot be decided matters only if no other row decides."""

    call: Call
    name: str
    group: Group

    @property
    def shape(self) -> Shape:
        """How it stands in the sheet."""
        return Shape(self.name, states=True, figure=False, numeric=False)

    def columns(self) -> Columns:
        """Its columns within a group."""
        holds = Conditions(self.group.shapes, Slack(), pl).truth(self.call.args[0])
        ends = self.call.name == "any"
        decisive = (self.group.chosen & (holds if ends else ~holds)).any()
        unsure = (self.group.chosen & holds.is_null()).any()
        found = pl.when(decisive).then(pl.lit(ends)).when(unsure).then(None)
        return {
            self.name: found.otherwise(pl.lit(not ends)),
            self.shape.column("state"): self.group.whole(
                first_field(self.call), state_of(State.FIGURE)
            ),
        }

    def finished(self, rows: pl.Expr) -> Columns:
        """Its columns beside the keys."""
        value, state = pl.col(self.name), pl.col(self.shape.column("state"))
        empty = pl.lit(self.call.name == "all")
        return {
            self.name: pl.when(rows == 0).then(empty).otherwise(value),
            self.shape.column("state"): pl.when(rows == 0).then(state_of(State.FIGURE)).otherwise(state),
        }  # fmt: skip


def first_field(call: Call) -> Field:
    """The field whose cells make an aggregate blank or a dash as an operand."""
    return next(part for arg in call.args for part in arg.walk() if isinstance(part, Field))
