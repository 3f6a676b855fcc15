"""Functions over the rows that meet a row of the sheet, as the columns of a shape: first within a group, then beside the keys."""

from typing import Any, Protocol

import polars as pl

from perfrules.evaluate.lower import Conditions
from perfrules.evaluate.native import Expr
from perfrules.evaluate.shapes import Shape, Shapes
from perfrules.evaluate.sheets.columns import number_of
from perfrules.expr.nodes import Call, Field, Node
from perfrules.model import Slack
from perfrules.quantities.figures import State
from perfrules.values import frozen

Columns = dict[str, Expr]


class Summary(Protocol):
    """A function over the rows of a group."""

    @property
    def shape(self) -> Shape:
        """How it stands in the sheet, its bounds still open."""

    @property
    def bound(self) -> int:
        """What no integer in its columns exceeds."""

    def columns(self) -> Columns:
        """Its columns within a group, by name."""

    def finished(self, rows: Expr) -> Columns:
        """Its columns beside the keys, where no group may be; ``rows`` counts the chosen rows."""


@frozen
class Group:
    """The rows of a group, as a function over them sees these.

    Attributes:
        shapes: How the cells stand, with their bounds.
        asked: The rows that meet the function's ``where``; null where that is open.
        closed: There is no ``where`` that some row may leave open.
        rows: How many rows there can be.
        x: The namespace.
    """

    shapes: Shapes
    asked: Expr
    closed: bool
    rows: int
    x: Any = pl

    @property
    def chosen(self) -> Expr:
        """The rows that surely meet it."""
        return self.asked.fill_null(value=False)

    def state(self, node: Node) -> Expr:
        """Why a cell holds nothing, 0 where it holds something."""
        shape = self.shapes[node]
        x = self.x
        return x.col(shape.column("state")) if shape.states else x.lit(0, dtype=x.Int8)

    def there(self, node: Node) -> Expr:
        """The chosen rows whose cell holds something."""
        shape = self.shapes[node]
        held = self.state(node) == 0 if shape.states else ~self.x.col(shape.name).is_null()
        return self.chosen & held

    def whole(self, node: Node, otherwise: Expr) -> Expr:
        """The state of a group as one operand: blank or a dash if all its cells are, else ``otherwise``."""
        found = otherwise
        for state in (State.DASH, State.BLANK):
            every = ((self.state(node) == int(state)) | ~self.chosen).all()
            found = self.x.when(every).then(self.state_of(state)).otherwise(found)
        return found

    def state_of(self, state: State) -> Expr:
        """A state as a column holds it."""
        return self.x.lit(int(state), dtype=self.x.Int8)


@frozen
class Counted:
    """``count``, ``count_present`` and ``count_distinct``, which are never missing but where a ``where`` is open."""

    call: Call
    name: str
    group: Group

    @property
    def shape(self) -> Shape:
        """How it stands in the sheet."""
        return Shape(self.name, states=not self.group.closed, figure=False)

    @property
    def bound(self) -> int:
        """What no integer in its columns exceeds."""
        return self.group.rows

    def columns(self) -> Columns:
        """Its columns within a group."""
        return {self.name: self._number()}

    def _number(self) -> Expr:
        x = self.group.x
        if self.call.name == "count":
            return number_of(x, self.group.chosen)
        there = self.group.there(self.call.args[0])
        if self.call.name == "count_present":
            return number_of(x, there)
        found = pl.col(self.group.shapes[self.call.args[0]].name).filter(there).n_unique()
        return found.cast(pl.Int64)

    def finished(self, rows: Expr) -> Columns:  # noqa: ARG002  # over no row it is zero
        """Its columns beside the keys."""
        found = {self.name: self.group.x.col(self.name).fill_null(0)}
        if self.shape.states:
            found[self.shape.column("state")] = self.group.state_of(State.FIGURE)
        return found


@frozen
class Decided:
    """``any`` and ``all``: a row that cannot be decided matters only if no other row decides."""

    call: Call
    name: str
    group: Group

    @property
    def shape(self) -> Shape:
        """How it stands in the sheet."""
        return Shape(self.name, states=True, figure=False, numeric=False)

    @property
    def bound(self) -> int:
        """It has no integers."""
        return 0

    def columns(self) -> Columns:
        """Its columns within a group."""
        x = self.group.x
        holds = Conditions(self.group.shapes, Slack(), x).truth(self.call.args[0])
        ends = self.call.name == "any"
        decisive = (self.group.chosen & (holds if ends else ~holds)).any()
        unsure = (self.group.chosen & holds.is_null()).any()
        null = x.lit(None, dtype=x.Boolean)
        found = x.when(decisive).then(x.lit(ends)).when(unsure).then(null)
        state = self.group.whole(first_field(self.call), self.group.state_of(State.FIGURE))
        return {self.name: found.otherwise(x.lit(not ends)), self.shape.column("state"): state}

    def finished(self, rows: Expr) -> Columns:
        """Its columns beside the keys."""
        x, figure = self.group.x, self.group.state_of(State.FIGURE)
        value, state = x.col(self.name), x.col(self.shape.column("state"))
        empty = x.lit(self.call.name == "all")
        return {
            self.name: x.when(rows == 0).then(empty).otherwise(value),
            self.shape.column("state"): x.when(rows == 0).then(figure).otherwise(state),
        }


def first_field(call: Call) -> Field:
    """The field whose cells make an aggregate blank or a dash as an operand."""
    return next(part for arg in call.args for part in arg.walk() if isinstance(part, Field))
