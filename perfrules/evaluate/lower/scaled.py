"""Exact numbers as native expressions: ``factor · top / base`` in integers, with bounds that show what width these need.

Nothing is divided: quotients keep their denominators, and two numbers are compared by cross-multiplying.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Any

from perfrules.evaluate.native import Expr
from perfrules.values import mutable


@dataclass(frozen=True, slots=True, eq=False)
class Scaled:
    """``factor · top / base``.

    Attributes:
        factor: Positive.
        top: An integer expression; of a constant -1, 0 or 1.
        base: A positive integer expression, wherever the number is asked for; None is 1.
        low, high: Bounds of ``top``.
        most: Bound of ``base``.
    """

    factor: Fraction
    top: Expr | int
    base: Expr | None = None
    low: int = 0
    high: int = 0
    most: int = 1

    @property
    def is_constant(self) -> bool:
        """Whether it is the same in every row."""
        return isinstance(self.top, int)


def constant(value: Fraction) -> Scaled:
    """A number that is the same in every row."""
    sign = (value > 0) - (value < 0)
    return Scaled(abs(value) or Fraction(1), sign, None, sign, sign)


@mutable
class Reckoner:
    """Reckons with exact numbers; ``biggest`` is the bound of every integer that was made so far."""

    x: Any
    wide: bool
    biggest: int = 1

    # ---- integers -----------------------------------------------------------------------------------------------------

    def typed(self, value: Expr | int) -> Expr:
        """An integer as an expression of the width in use."""
        if isinstance(value, int):
            return self.x.lit(value, dtype=self.x.Int128 if self.wide else self.x.Int64)
        return value

    def made(self, number: Scaled) -> Scaled:
        """A number whose integers were made here."""
        self.biggest = max(self.biggest, abs(number.low), abs(number.high), number.most)
        return number

    # ---- arithmetic ---------------------------------------------------------------------------------------------------

    def plus(self, a: Scaled, b: Scaled, sign: int = 1) -> Scaled:
        """``a + b``, or ``a - b`` where ``sign`` is -1."""
        if a.is_constant and b.is_constant:
            return constant(a.factor * a.top + sign * b.factor * b.top)
        if b.is_constant and not b.top:
            return a
        if a.is_constant and not a.top:
            return b if sign > 0 else self.negated(b)
        factor, times_a, times_b = _common(a.factor, b.factor)
        base, most = a.base, a.most
        left, right = self.times(a, times_a), self.times(b, times_b)
        if a.base is not b.base:
            left, right = self.over(left, b), self.over(right, a)
            base, most = _both(a.base, b.base), a.most * b.most
        if sign > 0:
            top = right.top + left.top if isinstance(left.top, int) else left.top + right.top
            low, high = left.low + right.low, left.high + right.high
        else:
            top = left.top - right.top
            low, high = left.low - right.high, left.high - right.low
        return self.made(Scaled(factor, top, base, low, high, most))

    def negated(self, a: Scaled) -> Scaled:
        """``-a``."""
        return self.times(a, -1)

    def times(self, a: Scaled, number: int) -> Scaled:
        """``a`` with its numerator multiplied, whatever its factor."""
        if number == 1:
            return a
        low, high = sorted((a.low * number, a.high * number))
        return self.made(replace(a, top=a.top * number, low=low, high=high))

    def over(self, a: Scaled, other: Scaled) -> Scaled:
        """``a`` with its numerator multiplied by the denominator of ``other``."""
        if other.base is None:
            return a
        top = other.base if _is_one(a.top) else other.base * a.top
        bounds = min(a.low, a.low * other.most), max(a.high, a.high * other.most)
        return self.made(replace(a, top=top, low=bounds[0], high=bounds[1]))

    def product(self, a: Scaled, b: Scaled) -> Scaled:
        """``a · b``."""
        if a.is_constant and b.is_constant:
            return constant(a.factor * a.top * b.factor * b.top)
        for one, other in ((a, b), (b, a)):
            if one.is_constant:
                if not one.top:
                    return one
                scaled = replace(other, factor=other.factor * one.factor)
                return scaled if one.top == 1 else self.negated(scaled)
        ends = [p * q for p, q in product((a.low, a.high), (b.low, b.high))]
        return self.made(
            Scaled(a.factor * b.factor, a.top * b.top, _both(a.base, b.base), min(ends), max(ends), a.most * b.most)
        )  # fmt: skip

    def quotient(self, a: Scaled, b: Scaled) -> Scaled:
        """``a / b`` for a positive ``b``."""
        found = self.over(replace(a, factor=a.factor / b.factor), b)
        if b.is_constant or (a.is_constant and not a.top):
            return found
        most = a.most * max(b.high, 1)
        base = _both(a.base, b.top)
        return self.made(replace(found, top=self.typed(found.top), base=base, most=most))

    def size(self, a: Scaled) -> Scaled:
        """``abs(a)``."""
        if a.low >= 0:
            return a
        if a.high <= 0:
            return self.negated(a)
        return self.made(replace(a, top=self.typed(a.top).abs(), low=0, high=max(-a.low, a.high)))

    # ---- choice -------------------------------------------------------------------------------------------------------

    def compare(self, a: Scaled, b: Scaled, test: Callable[[Any, Any], Any]) -> Expr:
        """A comparison of two numbers, cross-multiplied."""
        _, times_a, times_b = _common(a.factor, b.factor)
        left, right = self.times(a, times_a), self.times(b, times_b)
        if a.base is not b.base:
            left, right = self.over(left, b), self.over(right, a)
        return test(self.typed(left.top), right.top)

    def pick(self, test: Expr, a: Scaled, b: Scaled) -> Scaled:
        """``a`` where ``test`` is true, else ``b``."""
        if a is b:
            return a
        factor, times_a, times_b = _common(a.factor, b.factor)
        left, right = self.times(a, times_a), self.times(b, times_b)
        base = a.base
        if a.base is not b.base:
            bases = [self.typed(1 if one.base is None else one.base) for one in (a, b)]
            base = self.x.when(test).then(bases[0]).otherwise(bases[1])
        top = self.x.when(test).then(self.typed(left.top)).otherwise(self.typed(right.top))
        return Scaled(
            factor, top, base, min(left.low, right.low), max(left.high, right.high), max(a.most, b.most)
        )  # fmt: skip

    def end(self, items: Sequence[Scaled], *, greatest: bool) -> Scaled:
        """The least of some numbers, or the greatest."""
        found = list({id(item): item for item in items}.values())
        constants = [item for item in found if item.is_constant]
        if len(constants) > 1:
            best = (max if greatest else min)(item.factor * item.top for item in constants)
            found = [item for item in found if not item.is_constant] + [constant(best)]
        if len(found) > 1 and all(item.base is found[0].base for item in found):
            return self._level(found, greatest=greatest)
        best_so_far = found[0]
        for item in found[1:]:
            first = self.compare(best_so_far, item, _at_least if greatest else _at_most)
            best_so_far = self.pick(first, best_so_far, item)
        return best_so_far

    def _level(self, items: list[Scaled], *, greatest: bool) -> Scaled:
        factor = items[0].factor
        for item in items[1:]:
            factor = _common(factor, item.factor)[0]
        tops = [self.times(item, int(item.factor / factor)) for item in items]
        function = self.x.max_horizontal if greatest else self.x.min_horizontal
        end = max if greatest else min
        low, high = end(top.low for top in tops), end(top.high for top in tops)
        return replace(
            items[0], factor=factor, top=function(*(self.typed(top.top) for top in tops)), low=low, high=high
        )  # fmt: skip

    # ---- rounding -----------------------------------------------------------------------------------------------------

    def to_decimals(self, a: Scaled, decimals: int, *, half: bool) -> Scaled:
        """``a`` cut toward minus infinity at ``decimals``, or rounded half away from zero where ``half``."""
        unit = Fraction(10) ** -decimals
        if a.is_constant:
            value = a.factor * a.top / unit
            whole = math.floor(abs(value) + Fraction(1, 2)) if half else math.floor(value)
            return constant((-whole if half and value < 0 else whole) * unit)
        steps = a.factor / unit  # a / unit is top · steps / base
        top = self.times(a, steps.numerator)
        most = a.most * steps.denominator
        size = self.size(top).top
        base: Expr | int = steps.denominator
        if a.base is not None:  # a denominator of zero is judged elsewhere
            base = self.x.when(a.base == 0).then(self.typed(1)).otherwise(a.base) * steps.denominator  # fmt: skip
        elif steps.denominator == 1:
            return a
        if half:
            size = size * 2 + base
            base = base * 2
            most *= 2
        over = size % base
        whole = size - over
        negative = whole * -1
        if not half:
            negative = self.x.when(over == 0).then(negative).otherwise(negative - base)
        signed = self.x.when(top.top < 0).then(negative).otherwise(whole)
        bound = 2 * (max(-top.low, top.high, 0) + most)
        low = -bound if top.low < 0 else 0
        times = most // a.most  # what the denominator was multiplied by
        return self.made(Scaled(unit / times, signed, a.base, low, bound, a.most))

    def score(self, cases: Sequence[tuple[Expr, Fraction]], last: Fraction) -> Scaled:
        """The first number whose test is true."""
        values = [*(value for _, value in cases), last]
        scale = math.lcm(*(value.denominator for value in values))
        whole = [int(value * scale) for value in values]
        chain = self.x
        for (test, _), number in zip(cases, whole, strict=False):
            chain = chain.when(test).then(self.typed(number))
        top = chain.otherwise(self.typed(whole[-1]))
        return self.made(Scaled(Fraction(1, scale), top, None, min(whole), max(whole)))


def _common(a: Fraction, b: Fraction) -> tuple[Fraction, int, int]:
    """The greatest number of which both are multiples, and how many times each has it."""
    if a == b:
        return a, 1, 1
    left, right = a.numerator * b.denominator, b.numerator * a.denominator
    shared = math.gcd(left, right)
    return Fraction(shared, a.denominator * b.denominator), left // shared, right // shared


def _both(a: Expr | None, b: Expr | None) -> Expr | None:
    """The product of two denominators."""
    if a is None or b is None:
        return b if a is None else a
    return a * b


def _is_one(value: Expr | int) -> bool:
    return isinstance(value, int) and value == 1


def _at_most(a: Any, b: Any) -> Any:
    return a <= b


def _at_least(a: Any, b: Any) -> Any:
    return a >= b
