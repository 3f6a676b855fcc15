"""Exact ranges of values, for all rows at once: what ``ranges.py`` reckons for one row, in native expressions."""

import itertools
import operator
from collections.abc import Callable, Mapping
from dataclasses import field
from fractions import Fraction
from functools import reduce

from perfrules.evaluate.lower.forms import Forms, Sum
from perfrules.evaluate.lower.scaled import Reckoner, Scaled, constant
from perfrules.evaluate.lower.values import (
    Form,
    Leaf,
    Op,
    Value,
    Whole,
    bases,
    linear,
    repeated,
    terms_of,
)
from perfrules.evaluate.native import Expr, UnlowerableError
from perfrules.expr.nodes import Node
from perfrules.values import mutable

Interval = tuple[Scaled, Scaled]
"""The two ends; one and the same object where they cannot differ."""


@mutable
class Intervals:
    """The intervals of the figures of one sheet; ``zeros`` collects where a denominator may be zero."""

    one: Forms
    reckoner: Reckoner
    zeros: list[Expr] = field(default_factory=list)
    known: dict[tuple[Node, bool | None, bool], Interval] = field(default_factory=dict)

    # ---- figures --------------------------------------------------------------------------------------------------------

    def figure(self, node: Node, *, loose: bool | None, term: bool) -> Interval:
        """The interval of a figure; with ``loose`` None that of what is printed."""
        at = (node, loose, term)
        if at not in self.known:
            self.known[at] = self._figure(node, loose=loose, term=term)
        return self.known[at]

    def _figure(self, node: Node, *, loose: bool | None, term: bool) -> Interval:
        one, wide = self.one, self.reckoner.wide
        shape = one.shape(node)
        unit = Fraction(10) ** -shape.scale
        top = one.figure(node, wide=wide)
        if loose is None or not shape.reach:
            exact = self.reckoner.made(Scaled(unit, top, None, shape.low, shape.high))
            return exact, exact
        low, high = 2 * shape.low - shape.reach, 2 * shape.high + shape.reach
        if shape.ends:
            parts = ("least", "most") if not loose or not shape.short else ("loose_least", "loose_most")  # fmt: skip
            ends = [one.figure(node, part, wide=wide) for part in parts]
        else:
            width = one.width(Sum({node: 1}, 0, 1, {node: term}), loose=loose, wide=wide)
            if isinstance(width, int) and not width:
                return self.figure(node, loose=None, term=term)
            ends = [top * 2 - width, top * 2 + width]
        first, second = (self.reckoner.made(Scaled(unit / 2, end, None, low, high)) for end in ends)
        return first, second

    def linear(self, form: Form, terms: Mapping[Node, bool], *, loose: bool) -> Interval:
        """The range of a linear form."""
        made = Sum.of(self.one, form.terms, form.constant, terms)
        if not made.terms:
            found = constant(form.constant)
            return found, found
        wide = self.reckoner.wide
        total = self.one.total(made, wide=wide)
        width = self.one.width(made, loose=loose, wide=wide)
        bound = 2 * self.one.size(made)
        low, high = (
            self.reckoner.made(Scaled(Fraction(1, 2 * made.scale), end, None, -bound, bound))
            for end in (total * 2 - width, total * 2 + width)
        )
        return low, high

    # ---- values -----------------------------------------------------------------------------------------------------------

    def printed(self, value: Value) -> Scaled:
        """``value`` on the printed figures."""
        return Range(self, None, terms_of(value)).of(value)[0]

    def extents(self, value: Value, *, loose: bool) -> list[Interval]:
        """Intervals that together make the range of ``value``: one for each corner of its repeated figures."""
        terms = terms_of(value)
        form = linear(value, self.one)
        if form is not None:
            return [self.linear(form, terms, loose=loose)]
        again = repeated(value, self.one)
        corners = itertools.product(*((False, True) for _ in again))
        return [
            Range(self, loose, terms, dict(zip(again, corner, strict=True))).of(value)
            for corner in corners
        ]

    def unsure(self, value: Value, *, loose: bool) -> list[Expr]:
        """Where the range of some denominator of ``value`` holds zero."""
        found: list[Expr] = []
        for base in bases(value):
            if isinstance(base, Fraction) and not base:
                raise UnlowerableError(base)
            if isinstance(base, Fraction) or (isinstance(base, Whole) and base.low > 0):
                continue
            inner = Intervals(self.one, self.reckoner, known=self.known)
            extents = inner.extents(base, loose=loose)
            found += [*inner.zeros, holds_zero(self.reckoner, extents)]
        return found


def holds_zero(reckoner: Reckoner, extents: list[Interval]) -> Expr:
    """Whether intervals that together make a range hold zero."""
    below = [reckoner.typed(low.top) <= 0 for low, _ in extents]
    above = [reckoner.typed(high.top) >= 0 for _, high in extents]
    return reduce(operator.or_, below) & reduce(operator.or_, above)


@mutable
class Range:
    """Reckons one interval of a value; ``loose`` None reads what is printed, ``pinned`` holds figures at their greatest or least."""

    on: Intervals
    loose: bool | None
    terms: Mapping[Node, bool]
    pinned: Mapping[Node, bool] = field(default_factory=dict)

    def of(self, value: Value) -> Interval:
        """The interval of ``value``."""
        if isinstance(value, Fraction):
            return _same(constant(value))
        if isinstance(value, Whole):
            reckoner = self.on.reckoner
            top = value.expr.cast(reckoner.x.Int128 if reckoner.wide else reckoner.x.Int64)
            return _same(reckoner.made(Scaled(Fraction(1), top, None, value.low, value.high)))
        if isinstance(value, Leaf):
            ends = self.on.figure(value.node, loose=self.loose, term=self.terms[value.node])
            if value.node in self.pinned:
                return _same(ends[self.pinned[value.node]])
            return ends
        args = [self.of(arg) for arg in value.args]
        return _OPERATIONS[value.name](self, value, args)

    def to_decimals(self, op: Op, arg: Interval) -> Interval:
        """``round`` and ``floor``, which grow with their argument."""
        half = op.name == "round"
        low = self.on.reckoner.to_decimals(arg[0], op.decimals, half=half)
        if arg[0] is arg[1]:
            return _same(low)
        return low, self.on.reckoner.to_decimals(arg[1], op.decimals, half=half)

    def sums(self, args: list[Interval], sign: int) -> Interval:
        """``+`` and, with ``sign`` -1, ``-``."""
        (low, high), (other_low, other_high) = args
        if sign < 0:
            other_low, other_high = other_high, other_low
        first = self.on.reckoner.plus(low, other_low, sign)
        if low is high and other_low is other_high:
            return _same(first)
        return first, self.on.reckoner.plus(high, other_high, sign)

    def ends(self, args: list[Interval], *, greatest: bool) -> Interval:
        """``min`` and ``max``, which grow with their arguments."""
        low = self.on.reckoner.end([low for low, _ in args], greatest=greatest)
        if all(first is second for first, second in args):
            return _same(low)
        return low, self.on.reckoner.end([high for _, high in args], greatest=greatest)

    def products(self, a: Interval, b: Interval) -> Interval:
        """``*``: the least and the greatest product of two ends."""
        reckoner = self.on.reckoner
        if a[0] is a[1] and b[0] is b[1]:
            return _same(reckoner.product(a[0], b[0]))
        made: dict[tuple[int, int], Scaled] = {}
        ends = []
        for least in (True, False):
            found = []
            for i, j in _corners(_sign(a), _sign(b), least=least):
                at = (id(a[i]), id(b[j]))
                if at not in made:
                    made[at] = reckoner.product(a[i], b[j])
                found.append(made[at])
            ends.append(reckoner.end(found, greatest=not least))
        return ends[0], ends[1]

    def quotients(self, a: Interval, b: Interval) -> Interval:
        """``/``; where the denominator may be zero, ``zeros`` says so and the ends mean nothing."""
        reckoner = self.on.reckoner
        if b[0].is_constant and b[0] is b[1]:
            if not b[0].top:
                raise UnlowerableError(b)
            return self.products(a, _same(constant(1 / (b[0].factor * b[0].top))))
        if b[0].low <= 0:
            self.on.zeros.append(holds_zero(reckoner, [b]))
            a, b = self._upright(a, b)
        if a[0] is a[1] and b[0] is b[1]:
            return _same(reckoner.quotient(a[0], b[0]))
        low = self._over(a[0], b[0], b[1])
        return low, self._over(a[1], b[1], b[0])

    def _over(self, a: Scaled, near: Scaled, far: Scaled) -> Scaled:
        """``a / far`` where ``a`` is not negative, else ``a / near``."""
        reckoner = self.on.reckoner
        if near is far or a.low >= 0:
            return reckoner.quotient(a, far)
        if a.high <= 0:
            return reckoner.quotient(a, near)
        return reckoner.quotient(a, reckoner.pick(reckoner.typed(a.top) >= 0, far, near))

    def _upright(self, a: Interval, b: Interval) -> tuple[Interval, Interval]:
        """Both turned over where the denominator is negative."""
        reckoner = self.on.reckoner
        down = reckoner.typed(b[1].top) < 0
        turned = []
        for low, high in (a, b):
            if low is high:
                turned.append(_same(reckoner.pick(down, reckoner.negated(low), low)))
            else:
                turned.append(
                    (reckoner.pick(down, reckoner.negated(high), low), reckoner.pick(down, reckoner.negated(low), high))
                )  # fmt: skip
        return turned[0], turned[1]

    def absolutes(self, a: Interval) -> Interval:
        """``abs``, which is least at zero."""
        reckoner = self.on.reckoner
        if a[0] is a[1]:
            return _same(reckoner.size(a[0]))
        high = reckoner.end([reckoner.negated(a[0]), a[1]], greatest=True)
        low = reckoner.end([a[0], reckoner.negated(a[1]), constant(Fraction(0))], greatest=True)
        return low, high

    def scores(self, op: Op, a: Interval) -> Interval:
        """The scores of the steps that the interval meets."""
        reckoner = self.on.reckoner
        met: list[tuple[Expr, Fraction]] = []
        before: Expr | None = None  # whether the interval reaches beyond the step before
        for bound, closed, score in op.steps:
            if isinstance(bound, float):
                met.append((before, score))
                break
            end = constant(bound)
            inside = reckoner.compare(a[0], end, _at_most if closed else _below)
            met.append((inside if before is None else inside & before, score))
            before = reckoner.compare(a[1], end, _above if closed else _at_least)
        if len(met) == 1:
            return _same(constant(met[0][1]))
        ends = []
        for greatest in (False, True):
            order = sorted(met, key=lambda item: item[1], reverse=greatest)
            ends.append(reckoner.score(order[:-1], order[-1][1]))
        return (ends[0], ends[0]) if a[0] is a[1] else (ends[0], ends[1])


_OPERATIONS: dict[str, Callable[[Range, Op, list[Interval]], Interval]] = {
    "+": lambda on, _, args: on.sums(args, 1),
    "-": lambda on, _, args: on.sums(args, -1),
    "*": lambda on, _, args: on.products(args[0], args[1]),
    "/": lambda on, _, args: on.quotients(args[0], args[1]),
    "min": lambda on, _, args: on.ends(args, greatest=False),
    "max": lambda on, _, args: on.ends(args, greatest=True),
    "abs": lambda on, _, args: on.absolutes(args[0]),
    "round": lambda on, op, args: on.to_decimals(op, args[0]),
    "floor": lambda on, op, args: on.to_decimals(op, args[0]),
    "step": lambda on, op, args: on.scores(op, args[0]),
}


def _same(end: Scaled) -> Interval:
    return end, end


def _sign(interval: Interval) -> int:
    """1 or -1 where the interval is never below or above zero; 0 where neither is known."""
    return 1 if interval[0].low >= 0 else -1 if interval[1].high <= 0 else 0


def _corners(a: int, b: int, *, least: bool) -> list[tuple[int, int]]:
    """The ends (0 the lower, 1 the upper) of two factors whose product may be the least, or the greatest.

    The product grows with a factor where the other one is positive, and falls with it where that is negative.
    """
    wanted = 0 if least else 1
    first = (0, 1) if b == 0 else (wanted if b > 0 else 1 - wanted,)
    second = (0, 1) if a == 0 else (wanted if a > 0 else 1 - wanted,)
    return list(itertools.product(first, second))


def _at_most(a: Expr, b: Expr | int) -> Expr:
    return a <= b


def _below(a: Expr, b: Expr | int) -> Expr:
    return a < b


def _above(a: Expr, b: Expr | int) -> Expr:
    return a > b


def _at_least(a: Expr, b: Expr | int) -> Expr:
    return a >= b
