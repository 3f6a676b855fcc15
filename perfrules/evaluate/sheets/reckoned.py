"""Sums, means, least and greatest over the rows of a group, of what is reckoned in each row.

A row's expression is reckoned as a rule's is (``lower``); the group then adds the rows up, or takes the least or the greatest of each
end. A dash is passed over; a gap makes the whole missing.
"""

import operator
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, reduce
from typing import Any

import polars as pl

from perfrules.evaluate.lower import Conditions
from perfrules.evaluate.lower.forms import Sum
from perfrules.evaluate.lower.intervals import Intervals
from perfrules.evaluate.lower.scaled import Reckoner, Scaled
from perfrules.evaluate.lower.values import (
    Form,
    OpenChoiceError,
    Reader,
    Value,
    divides,
    leaves,
    linear,
    repeated,
    terms_of,
)
from perfrules.evaluate.native import Expr, UnlowerableError, any_of
from perfrules.evaluate.shapes import Shape
from perfrules.evaluate.sheets.columns import number_of
from perfrules.evaluate.sheets.summaries import (
    Columns,
    Counted,
    Decided,
    Group,
    Summary,
    first_field,
)
from perfrules.expr.nodes import Call, Node
from perfrules.model import Slack
from perfrules.quantities.figures import State
from perfrules.values import frozen

_COUNTS = frozenset({"count", "count_present", "count_distinct"})
_DECIMALS = 40
"""Decimals within which the scale of an expression is sought."""


@frozen
class Reckoned:
    """``sum``, ``mean``, ``min`` and ``max``.

    Attributes:
        shape: How it stands in the sheet.
        made: Its columns within a group.
        bound: What no integer in them exceeds.
        group: The rows of a group.
    """

    shape: Shape
    made: Columns
    bound: int
    group: Group

    def columns(self) -> Columns:
        """Its columns within a group."""
        return self.made

    def finished(self, rows: Expr) -> Columns:
        """Its columns beside the keys."""
        x, shape = self.group.x, self.shape
        found = {name: x.col(name) for name in self.made}
        state, none = shape.column("state"), self.group.state_of(State.NO_ROW)
        found[state] = x.when(rows == 0).then(none).otherwise(x.col(state))
        for part in ("width", "loose"):
            if shape.width is None:
                found[shape.column(part)] = x.col(shape.column(part)).fill_null(0)
        for part, there in (("hard", shape.hard), ("assumed", shape.assumed)):
            if there:
                found[shape.column(part)] = x.col(shape.column(part)).fill_null(value=False)
        if shape.parts:
            parts = x.col(shape.column("parts"))
            found[shape.column("parts")] = (
                x.when(parts > 0).then(parts).otherwise(x.lit(1, dtype=x.Int64))
            )
        return found


def reckoned(call: Call, name: str, group: Group) -> Reckoned:
    """``sum``, ``mean``, ``min`` or ``max`` of an expression of one row.

    Raises:
        UnlowerableError: The expression has no native form, or the integers of a group may need more than 128 bits.
    """
    one = Conditions(group.shapes, Slack(), group.x)
    added = call.name in ("sum", "mean")
    try:
        value = Reader(one, {}).value(call.args[0], term=added)
    except OpenChoiceError as choice:
        raise UnlowerableError(call) from choice
    if divides(value) or repeated(value, one):
        raise UnlowerableError(call)
    form = linear(value, one) if added else None
    rows = _Rows(call, name, group, one, value, form)
    made = rows.columns()
    return Reckoned(rows.shape, made, max(rows.bounds), group)


@dataclass(frozen=True)
class _Rows:
    """The rows of a group as one of the functions of :class:`Reckoned` sees them.

    Attributes:
        one: Lowers what stands in a row.
        value: The value of a row.
        form: It as a linear form, where its range is then that of last places.
        bounds: What its integers do not exceed.
    """

    call: Call
    name: str
    group: Group
    one: Conditions
    value: Value
    form: Form | None
    bounds: list[int] = field(default_factory=lambda: [0])

    @property
    def x(self) -> Any:
        """The namespace."""
        return self.group.x

    @cached_property
    def nodes(self) -> list[Node]:
        """The figures of a row."""
        return list(dict.fromkeys(leaf.node for leaf in leaves(self.value)))

    @cached_property
    def closing(self) -> list[Node]:
        """The figures whose blanks may be zero: terms with coefficient ±1."""
        assumed = [node for node in self.nodes if self.group.shapes[node].assumed]
        if not assumed or self.form is None:
            return []
        if self.call.name == "mean":
            raise UnlowerableError(self.call)  # its coefficient is ±1 in a group of one row
        terms = terms_of(self.value)
        return [node for node in assumed if terms[node] and abs(self.form.terms[node]) == 1]

    @cached_property
    def shape(self) -> Shape:
        """How the function stands in the sheet."""
        cells = [self.group.shapes[node] for node in self.nodes]
        inexact = any(cell.reach for cell in cells)
        width = None if inexact and self.form is not None else 0
        return Shape(
            self.name,
            scale=self.scale,
            width=width,
            loose=width,
            short=any(cell.short for cell in cells),
            states=True,
            assumed=bool(self.closing),
            filled=any(cell.filled for cell in cells),
            hard=any(cell.hard for cell in cells),
            ends=inexact and self.form is None,
            parts=int(self.call.name == "mean"),
            figure=False,
        )

    # ---- the value of a row ------------------------------------------------------------------------------------------------

    @cached_property
    def gaps(self) -> dict[Node, Expr]:
        """Where each figure is not there."""
        found = {}
        for node in self.nodes:
            shape = self.group.shapes[node]
            if shape.states:
                gap = self.x.col(shape.name).is_null()
                closes = node in self.closing
                found[node] = gap & ~self.x.col(shape.column("assumed")) if closes else gap
        return found

    @cached_property
    def used(self) -> Expr:
        """The rows that make the value."""
        gap = any_of(list(self.gaps.values()))
        return self.group.chosen if gap is None else self.group.chosen & ~gap

    @cached_property
    def linear(self) -> Sum | None:
        """The value as a form of integers."""
        if self.form is None:
            return None
        return Sum.of(self.one, self.form.terms, self.form.constant, terms_of(self.value))

    @cached_property
    def ends(self) -> dict[str, Scaled]:
        """Of what is no linear form the printed value, under no name, and its ends by the part of the shape."""
        for wide in (False, True):
            on = Intervals(self.one, Reckoner(self.x, wide=wide))
            found = {"": on.printed(self.value)}
            if any(self.group.shapes[node].reach for node in self.nodes):
                found["least"], found["most"] = on.extents(self.value, loose=False)[0]
            if any(self.group.shapes[node].short for node in self.nodes):
                found["loose_least"], found["loose_most"] = on.extents(self.value, loose=True)[0]
            if not self.one.fit(on.reckoner.biggest):
                break
        return found

    @cached_property
    def scale(self) -> int:
        """Decimals at which the value is an integer, and twice its ends."""
        if self.linear is not None:
            factors = [Fraction(1, self.linear.scale)]
        else:
            factors = [end.factor * (2 if part else 1) for part, end in self.ends.items()]
        for scale in range(_DECIMALS):
            if all((factor * 10**scale).denominator == 1 for factor in factors):
                return scale
        raise UnlowerableError(self.call)

    # ---- columns -----------------------------------------------------------------------------------------------------------

    def columns(self) -> Columns:
        """The columns of the function within a group."""
        found = self._linear() if self.linear is not None else self._ends()
        lost = self._gap.any() | ~self.used.any()
        found[self.name] = self.x.when(lost).then(None).otherwise(found[self.name])
        found[self.shape.column("state")] = self._state()
        if self.shape.hard:
            hard = [node for node in self.nodes if self.group.shapes[node].hard]
            found[self.shape.column("hard")] = self._flag(hard, "hard")
        if self.closing:
            found[self.shape.column("assumed")] = self._flag(self.closing, "assumed")
        if self.shape.parts:
            found[self.shape.column("parts")] = number_of(self.x, self.used)
            self.bounds.append(self.group.rows)
        return found

    def _linear(self) -> Columns:
        assert self.linear is not None  # noqa: S101  # asked only where it is
        times = 10**self.scale // self.linear.scale
        bound = 2 * self.one.size(self.linear) * times * self.group.rows
        self.bounds.append(bound)
        wide = self.one.fit(bound)
        total = self.one.total(self.linear, wide=wide, closing=self.closing)
        found = {self.name: self._over(total if times == 1 else total * times)}
        for part, loose in (("width", False), ("loose", True)):
            if self.shape.width is None:
                width = self.one.width(self.linear, loose=loose, wide=wide)
                typed = self.one.typed(width, wide=wide) if isinstance(width, int) else width
                found[self.shape.column(part)] = self._over(typed * times)
        return found

    def _ends(self) -> Columns:
        found = {}
        for part, end in self.ends.items():
            if isinstance(end.top, int):
                raise UnlowerableError(self.call)
            times = int(end.factor * (2 if part else 1) * 10**self.scale)
            bound = max(abs(end.low), abs(end.high)) * times * 2
            bound *= self.group.rows if self._added else 1
            self.bounds.append(bound)
            wide = self.one.fit(bound)
            top: Expr = end.top.cast(self.x.Int128) if wide else end.top
            found[self.shape.column(part) if part else self.name] = self._over(top * times)
        return found

    def _flag(self, nodes: list[Node], part: str) -> Expr:
        """Whether a flag beside some figure is set in a row that makes the value."""
        flags = [self.x.col(self.group.shapes[node].column(part)) for node in nodes]
        return (self.used & reduce(operator.or_, flags)).any()

    @property
    def _added(self) -> bool:
        return self.call.name in ("sum", "mean")

    def _over(self, value: Expr) -> Expr:
        held = self.x.when(self.used).then(value).otherwise(None)
        if self._added:
            return held.sum()
        return held.min() if self.call.name == "min" else held.max()

    @cached_property
    def _gap(self) -> Expr:
        """The chosen rows with a gap that is no dash; a row is passed over only for dashes."""
        gaps = [
            gap & (self.group.state(node) != int(State.DASH)) for node, gap in self.gaps.items()
        ]
        found = any_of(gaps)
        return self.group.chosen & (self.x.lit(value=False) if found is None else found)

    def _state(self) -> Expr:
        """Why the whole holds nothing; a gap beside figures is no blank operand."""
        x, state_of = self.x, self.group.state_of
        why: Expr = state_of(State.FIGURE)
        for node, gap in reversed(self.gaps.items()):
            state = self.group.state(node)
            why = x.when(gap & (state != int(State.DASH))).then(state).otherwise(why)
        first = (
            x.when(self._gap).then(why).otherwise(None).max().fill_null(0)
        )  # any of them says enough
        told = (
            x.when(first == int(State.BLANK))
            .then(state_of(State.UNREADABLE))
            .when(first != 0)
            .then(first)
            .when(~self.used.any())
            .then(state_of(State.NO_ROW))
            .otherwise(state_of(State.FIGURE))
        )
        return self.group.whole(first_field(self.call), told)


def summed(calls: Iterable[Call], group: Group, prefix: str) -> tuple[Columns, dict[Node, Summary]]:
    """Aggregates over the rows of a group, with the number of these rows and of those that may be among them."""
    columns = {
        f"{prefix}@rows": number_of(group.x, group.chosen),
        f"{prefix}@open": number_of(group.x, group.asked.is_null()),
    }
    found: dict[Node, Summary] = {}
    for number, call in enumerate(calls):
        try:
            made = _summary(call, f"{prefix}{number}", group)
            columns |= made.columns()
        except UnlowerableError:
            continue
        found[call] = made
    return columns, found


def _summary(call: Call, name: str, group: Group) -> Summary:
    if call.name in ("any", "all"):
        return Decided(call, name, group)
    return Counted(call, name, group) if call.name in _COUNTS else reckoned(call, name, group)


def finished(found: Mapping[Node, Summary], prefix: str, x: Any = pl) -> Columns:
    """Nulls and states beside the keys; an open ``where`` makes all missing."""
    rows = x.col(f"{prefix}@rows").fill_null(0)
    opened = x.col(f"{prefix}@open").fill_null(0) > 0
    doubt = x.lit(int(State.UNREADABLE), dtype=x.Int8)
    final: Columns = {}
    for made in found.values():
        columns, shape = made.finished(rows), made.shape
        columns[shape.name] = x.when(opened).then(None).otherwise(columns[shape.name])
        if shape.states:
            state = columns[shape.column("state")]
            columns[shape.column("state")] = x.when(opened).then(doubt).otherwise(state)
        final |= columns
    return final
