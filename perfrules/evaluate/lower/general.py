"""A comparison of any two values that have an exact native form; its order of questions is that of ``reference/judge.py``."""

import operator
from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from typing import Any

from perfrules.evaluate.lower.forms import Forms, outcome
from perfrules.evaluate.lower.intervals import Interval, Intervals
from perfrules.evaluate.lower.scaled import Reckoner, Scaled, constant
from perfrules.evaluate.lower.values import (
    Leaf,
    Op,
    Value,
    bases,
    divides,
    leaves,
    may_close,
    terms_of,
)
from perfrules.evaluate.native import Expr, UnlowerableError, any_of
from perfrules.expr import rewrite
from perfrules.expr.nodes import Compare, CompareOp, Field, Node
from perfrules.quantities.figures import State
from perfrules.values import frozen, mutable
from perfrules.verdicts import Code

SIGNS: dict[CompareOp, Callable[[Any, Any], Any]] = {
    "=": operator.eq, "≠": operator.ne, "<": operator.lt, "≤": operator.le, ">": operator.gt, "≥": operator.ge,
}  # fmt: skip


@frozen
class Ratio:
    """A printed ratio set equal to a quotient: ``field = top / base + constant``."""

    field: Field
    top: Value
    base: Value


@mutable
class General:
    """``left op right``, as ``node`` has it where its choices are made; ``ratio`` where a printed ratio is set equal to a quotient."""

    node: Compare
    left: Value
    right: Value
    ratio: Ratio | None = None

    @property
    def op(self) -> CompareOp:
        """The operator."""
        return self.node.op

    @property
    def difference(self) -> Value:
        """Left minus right."""
        return Op("-", (self.left, self.right))

    # ---- what is asked -----------------------------------------------------------------------------------------------------

    def holds(self, one: Forms) -> Expr:
        """Whether it holds on the printed values; null if it cannot be decided."""
        return _fitted(one, self._holds)

    def off(self, one: Forms) -> Expr:
        """True or null wherever it is not a clean pass."""
        return _fitted(one, self._off)

    def code(self, one: Forms) -> Expr:
        """Its outcome."""
        return _fitted(one, self._code)

    def _holds(self, one: Forms, reckoner: Reckoner) -> Expr:
        on = Intervals(one, reckoner)
        test = reckoner.compare(on.printed(self.left), on.printed(self.right), SIGNS[self.op])
        gap = any_of([*self.missing(one, self.difference), *on.zeros])
        return test if gap is None else one.x.when(~gap).then(test)

    def _off(self, one: Forms, reckoner: Reckoner) -> Expr:
        gap = any_of([*self.missing(one, self.difference), *self.unsure(one, reckoner)])
        failing = ~reduce(operator.or_, self.passing(one, reckoner))
        return failing if gap is None else gap | failing

    def _code(self, one: Forms, reckoner: Reckoner) -> Expr:
        if one.slack.kind == "rounding":
            cases = self.rounding(one, reckoner)
        else:
            cases = [(test, Code.PASS) for test in self.passing(one, reckoner)]
        zero = any_of(self.unsure(one, reckoner))
        if zero is not None:
            cases = [(zero, Code.UNKNOWN), *cases]
        code = outcome(one, cases, any_of(self.missing(one, self.difference)))
        return code if self.ratio is None else self.on_zero(one, reckoner, code, self.ratio)

    # ---- the questions in their order ------------------------------------------------------------------------------------

    def missing(self, one: Forms, value: Value) -> list[Expr]:
        """Where a figure of ``value`` is not there."""
        found = []
        for node in dict.fromkeys(leaf.node for leaf in leaves(value)):
            shape = one.shape(node)
            if shape.assumed:
                if self.op == "=" and may_close(self.left, self.right):
                    raise UnlowerableError(node)
                found.append(one.column(node, "assumed"))
            if shape.states:
                found.append(one.column(node).is_null())
        return found

    def unsure(self, one: Forms, reckoner: Reckoner) -> list[Expr]:
        """Where a denominator is zero, or may be."""
        difference = self.difference
        if one.slack.kind == "rounding":
            if rewrite.overlap(leaf.node for leaf in leaves(difference)):
                raise UnlowerableError(self.node)
        elif any(rewrite.overlap(leaf.node for leaf in leaves(base)) for base in bases(difference)):
            raise UnlowerableError(self.node)
        if not divides(difference):
            return []
        on = Intervals(one, reckoner)
        found = on.unsure(difference, loose=False)
        if one.slack.kind == "rounding" and self.has_loose_terms:
            on.extents(difference, loose=False)
        return [*found, *on.zeros]

    @property
    def has_loose_terms(self) -> bool:
        """Whether a figure is only a term in some denominator: its printed zero is exact there, and not in the whole."""
        terms = terms_of(self.difference)
        return any(
            term and not terms[node]
            for base in bases(self.difference)
            for node, term in terms_of(base).items()
        )

    def passing(self, one: Forms, reckoner: Reckoner) -> list[Expr]:
        """The tests of a pass, any of which is enough."""
        on = Intervals(one, reckoner)
        left, right = on.printed(self.left), on.printed(self.right)
        slack = one.slack
        if slack.kind != "rounding":
            allowed = constant(slack.amount)
            if slack.kind == "relative":
                allowed = reckoner.product(reckoner.size(right), allowed)
            return [self.within(reckoner, left, right, allowed)]
        places = self.places(one, reckoner) if self.op == "=" else []
        tests = [self.within(reckoner, left, right, place) for place in places]
        if not tests:
            tests = [reckoner.compare(left, right, SIGNS[self.op])]
        return [*tests, *(self.within(reckoner, left, right, place) for place in self.dropped(one, reckoner))]  # fmt: skip

    def within(self, reckoner: Reckoner, left: Scaled, right: Scaled, allowed: Scaled) -> Expr:
        """Whether it holds when the sides may be ``allowed`` apart."""
        if allowed.is_constant and not allowed.top:
            return reckoner.compare(left, right, SIGNS[self.op])
        gap = reckoner.plus(left, right, -1)
        match self.op:
            case "=":
                return reckoner.compare(reckoner.size(gap), allowed, operator.le)
            case "≤" | "<":
                return reckoner.compare(gap, allowed, SIGNS[self.op])
            case _:
                return reckoner.compare(gap, reckoner.negated(allowed), SIGNS[self.op])

    @property
    def alone(self) -> list[Field]:
        """The printed figures that make a whole side."""
        return [
            side.node
            for side in (self.left, self.right)
            if isinstance(side, Leaf) and isinstance(side.node, Field)
        ]

    def places(self, one: Forms, reckoner: Reckoner) -> list[Scaled]:
        """Half the last printed place of the figures that stand alone on a side, where it is not zero."""
        return [_half(one, reckoner, node, loose=False) for node in self.alone if one.shape(node).reach]  # fmt: skip

    def dropped(self, one: Forms, reckoner: Reckoner) -> list[Scaled]:
        """Half the last place of a print that is short by one decimal, where one figure stands on each side."""
        if len(self.alone) != 2:  # both sides
            return []
        found = []
        for node in self.alone:
            if one.shape(node).short:
                half = _half(one, reckoner, node, loose=True)
                none = constant(Fraction(0))
                found.append(reckoner.pick(one.column(node, "short"), half, none))
        return found

    def rounding(self, one: Forms, reckoner: Reckoner) -> list[tuple[Expr, Code]]:
        """The tests of the outcomes in their order, under ``tolerance: rounding``."""
        on = Intervals(one, reckoner)
        difference = self.difference
        cases = [(test, Code.PASS) for test in self.passing(one, reckoner)]
        near: Expr | None = None
        if one.slack.limit is not None:
            gap = reckoner.size(on.printed(difference))
            near = reckoner.compare(gap, constant(one.slack.limit), operator.le)
        in_range = self.meets(reckoner, on.extents(difference, loose=False))
        cases.append((_also(in_range, near), Code.ROUNDING))
        if self.ratio is not None and self.ratio.field in self.alone:
            cases += [
                (test, Code.ROUNDING) for test in self.cut_off(one, reckoner, self.ratio.field)
            ]
        if any(one.shape(leaf.node).short for leaf in leaves(difference)):
            cases += self.loosened(one, reckoner, near)
        return cases

    def loosened(
        self, one: Forms, reckoner: Reckoner, near: Expr | None
    ) -> list[tuple[Expr, Code]]:
        """The tests when short prints are read one decimal coarser."""
        difference = self.difference
        if any(divides(base) for base in bases(difference)):
            raise UnlowerableError(self.node)  # which denominator is asked first would decide
        on = Intervals(one, reckoner)
        found = self.meets(reckoner, on.extents(difference, loose=True))
        unsure = any_of(Intervals(one, reckoner).unsure(difference, loose=True))
        sure = None if unsure is None else ~unsure
        cases = [(_also(_also(found, sure), near), Code.ROUNDING)]
        zero = any_of(on.zeros)
        if zero is not None and self.has_loose_terms:
            cases.insert(0, (_also(_also(zero, sure), near), Code.UNKNOWN))
        return cases

    def meets(self, reckoner: Reckoner, extents: list[Interval]) -> Expr:
        """Whether it holds somewhere in the range of the difference."""
        tests = []
        if self.op in "=≤<":
            sign = operator.lt if self.op == "<" else operator.le
            tests.append(
                reduce(operator.or_, [sign(reckoner.typed(low.top), 0) for low, _ in extents])
            )
        if self.op in "=≥>":
            sign = operator.gt if self.op == ">" else operator.ge
            tests.append(
                reduce(operator.or_, [sign(reckoner.typed(high.top), 0) for _, high in extents])
            )
        return reduce(operator.and_, tests)

    def cut_off(self, one: Forms, reckoner: Reckoner, field: Field) -> list[Expr]:
        """Whether the printed ratio is the quotient with its further decimals left out."""
        if not one.shape(field).reach:
            return []
        on = Intervals(one, reckoner)
        first = isinstance(self.left, Leaf) and self.left.node == field
        printed, other = (self.left, self.right) if first else (self.right, self.left)
        lead = reckoner.plus(on.printed(other), on.printed(printed), -1)
        place = _half(one, reckoner, field, loose=False)
        place = Scaled(place.factor * 2, place.top, None, place.low, place.high)
        near = reckoner.compare(reckoner.size(lead), place, operator.lt)
        ratio, top = one.column(field), reckoner.typed(lead.top)
        return [near & (((ratio >= 0) & (top >= 0)) | ((ratio <= 0) & (top <= 0)))]

    def on_zero(self, one: Forms, reckoner: Reckoner, code: Expr, ratio: Ratio) -> Expr:
        """No ratio exists on a zero base: a printed one is wrong, a blank one is right."""
        x = one.x
        on = Intervals(one, reckoner)
        zero = reckoner.typed(on.printed(ratio.base).top) == 0
        on.printed(ratio.top)
        gap = any_of([*_gone(one, ratio.top), *_gone(one, ratio.base), *on.zeros])
        zero = zero if gap is None else zero & ~gap
        there = ~one.column(ratio.field).is_null()
        code = x.when(zero & there).then(x.lit(int(Code.FAIL))).otherwise(code)
        if not one.shape(ratio.field).states:
            return code
        blank = one.column(ratio.field, "state") == int(State.BLANK)
        return x.when(zero & blank).then(x.lit(int(Code.NOT_APPLICABLE))).otherwise(code)


def _fitted(one: Forms, make: Callable[[Forms, Reckoner], Expr]) -> Expr:
    """An expression made with integers of 64 bits, or anew with 128 where these are needed."""
    reckoner = Reckoner(one.x, wide=False)
    found = make(one, reckoner)
    return make(one, Reckoner(one.x, wide=True)) if one.fit(reckoner.biggest) else found


def _half(one: Forms, reckoner: Reckoner, node: Node, *, loose: bool) -> Scaled:
    """Half the last place of a figure; none where it is a blank that is read as zero."""
    shape = one.shape(node)
    width = one.leaf_width(node, loose=loose, wide=reckoner.wide)
    width = one.without(width, [one.filled(node)], wide=reckoner.wide)
    unit = Fraction(10) ** -shape.scale / 2
    if isinstance(width, int):
        return constant(width * unit)
    return reckoner.made(Scaled(unit, width, None, 0, shape.reach))


def _gone(one: Forms, value: Value) -> list[Expr]:
    """Where a figure of ``value`` is not printed and no zero by its column's word."""
    found = []
    for node in dict.fromkeys(leaf.node for leaf in leaves(value)):
        shape = one.shape(node)
        if shape.assumed:
            found.append(one.column(node, "assumed"))
        if shape.states:
            found.append(one.column(node).is_null())
    return found


def _also(test: Expr, other: Expr | None) -> Expr:
    return test if other is None else test & other
