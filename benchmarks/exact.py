"""The referee of `exactness.py`: exact rationals over whole columns, as numpy arrays of Python integers.

It knows the sentences of ``docs/outcomes.md`` and nothing of the engine: intervals by plain interval arithmetic, repeated figures at
every corner, denominators kept and never divided by.
"""

import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.object_]
Rows = NDArray[np.bool_]
FAIL, UNKNOWN, ROUNDING, PASS = 0, 1, 2, 3
PLACES = 3
"""Most decimals that are printed."""


def integers(values: object) -> Array:
    """Values as Python integers."""
    return np.asarray(values, dtype=np.int64).astype(object)


@dataclass(frozen=True)
class Number:
    """``top / base`` with positive ``base``, row by row."""

    top: Array
    base: Array | int = 1

    def level(self, other: "Number") -> tuple[Array, Array, Array | int]:
        """Both numerators over one denominator."""
        if self.base is other.base:
            return self.top, other.top, self.base
        if isinstance(self.base, int) and isinstance(other.base, int):
            both = math.lcm(self.base, other.base)
            return _times(self.top, both // self.base), _times(other.top, both // other.base), both
        return self.top * other.base, other.top * self.base, self.base * other.base

    def __add__(self, other: "Number") -> "Number":
        first, second, base = self.level(other)
        return Number(first + second, base)

    def __sub__(self, other: "Number") -> "Number":
        first, second, base = self.level(other)
        return Number(first - second, base)

    def __mul__(self, other: "Number") -> "Number":
        return Number(self.top * other.top, self.base * other.base)

    def turned(self) -> "Number":
        """``1 / self``; of zero something or other."""
        sign = np.where(self.top < 0, -1, 1).astype(object)
        return Number(self.base * sign, np.where(self.top == 0, 1, self.top * sign))

    def compare(self, other: "Number") -> Array:
        """Positive where this is more than ``other``, zero where equal."""
        first, second, _ = self.level(other)
        found: Array = first - second
        return found

    def where(self, rows: Rows, other: "Number") -> "Number":
        """This in ``rows``, else ``other``."""
        if isinstance(self.base, int) and isinstance(other.base, int):
            first, second, base = self.level(other)
            return Number(np.where(rows, first, second), base)
        return Number(np.where(rows, self.top, other.top), np.where(rows, self.base, other.base))

    def size(self) -> "Number":
        """The absolute value."""
        return Number(np.abs(self.top), self.base)


def _times(top: Array, number: int) -> Array:
    return top if number == 1 else top * number


def least(*numbers: Number) -> Number:
    """The least in each row."""
    found = numbers[0]
    for number in numbers[1:]:
        found = found.where(found.compare(number) <= 0, number)
    return found


def greatest(*numbers: Number) -> Number:
    """The greatest in each row."""
    found = numbers[0]
    for number in numbers[1:]:
        found = found.where(found.compare(number) >= 0, number)
    return found


@dataclass(frozen=True)
class Interval:
    """All values between two ends."""

    low: Number
    high: Number

    def __add__(self, other: "Interval") -> "Interval":
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: "Interval") -> "Interval":
        return Interval(self.low - other.high, self.high - other.low)

    def __mul__(self, other: "Interval") -> "Interval":
        ends = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(least(*ends), greatest(*ends))

    def __truediv__(self, other: "Interval") -> "Interval":
        return self * Interval(other.high.turned(), other.low.turned())

    def holds_zero(self) -> Rows:
        """Whether zero is among the values."""
        found: Rows = (self.low.top <= 0) & (self.high.top >= 0)
        return found.astype(bool)

    def each(self, function: Callable[[Number], Number]) -> "Interval":
        """A function that never falls."""
        return Interval(function(self.low), function(self.high))


def minimum(*items: Interval) -> Interval:
    """``min``."""
    return Interval(least(*(i.low for i in items)), least(*(i.high for i in items)))


def maximum(*items: Interval) -> Interval:
    """``max``."""
    return Interval(greatest(*(i.low for i in items)), greatest(*(i.high for i in items)))


def absolute(item: Interval) -> Interval:
    """``abs``."""
    low, high = item.low.size(), item.high.size()
    nearest = least(low, high)
    zero = Number(nearest.top * 0)
    return Interval(zero.where(item.holds_zero(), nearest), greatest(low, high))


def rounded(item: Interval, decimals: int) -> Interval:
    """``round``: half away from zero."""
    unit = 10**decimals

    def one(number: Number) -> Number:
        whole = (2 * np.abs(number.top) * unit + number.base) // (2 * number.base)
        return Number(np.where(number.top < 0, -whole, whole), unit)

    return item.each(one)


def floored(item: Interval, decimals: int) -> Interval:
    """``floor``: toward minus infinity."""
    unit = 10**decimals
    return item.each(lambda number: Number(number.top * unit // number.base, unit))


def stepped(item: Interval, bounds: list[tuple[int, int, bool]], scores: list[int]) -> Interval:
    """``step``: ``(top, base, belongs to the step)`` upwards, with one score more than bounds; the least and the greatest that is met."""
    met = []
    for at, _ in enumerate(scores):
        rows = np.ones(len(item.low.top), bool)
        if at < len(bounds):
            top, base, closed = bounds[at]
            gap = item.low.top * base - top * item.low.base
            rows &= ((gap <= 0) if closed else (gap < 0)).astype(bool)
        if at:
            top, base, closed = bounds[at - 1]
            gap = item.high.top * base - top * item.high.base
            rows &= ((gap > 0) if closed else (gap >= 0)).astype(bool)
        met.append(rows)
    table = np.array([np.where(rows, score, 99) for rows, score in zip(met, scores, strict=True)])
    most = np.array([np.where(rows, score, -99) for rows, score in zip(met, scores, strict=True)])
    return Interval(Number(integers(table.min(0))), Number(integers(most.max(0))))


@dataclass(frozen=True)
class Printed:
    """A column as it is printed: integers of so many decimals, in its unit.

    Attributes:
        digits: The integers.
        places: The decimals of each.
        usual: The usual decimals; None where the print is the number itself.
        unit: Decimals of the unit: 2 of percent.
    """

    digits: Array
    places: Array
    usual: int | None
    unit: int = 0

    @cached_property
    def value(self) -> Number:
        """The printed number."""
        return Number(self.digits * 10 ** (PLACES - self.places), 10 ** (PLACES + self.unit))

    @cached_property
    def short(self) -> Rows:
        """Prints of fewer decimals than usual."""
        if self.usual is None:
            return np.zeros(len(self.digits), bool)
        return (self.places < self.usual).astype(bool)

    def half(self, *, loose: bool = False) -> Number:
        """Half the last place, of short prints that of the usual one, or one coarser where ``loose``."""
        if self.usual is None:
            return Number(self.digits * 0)
        short = self.usual - 1 if loose else self.usual
        places = np.where(self.short, short, self.places)
        return Number(10 ** (PLACES - places), 2 * 10 ** (PLACES + self.unit))

    def interval(self, *, loose: bool, term: bool) -> Interval:
        """All values behind the print; a zero that is a term is exact."""
        half = self.half(loose=loose)
        if term:
            half = Number(np.where(self.digits == 0, 0, half.top), half.base)
        return Interval(self.value - half, self.value + half)


Figures = Mapping[str, Interval]
Columns = Mapping[str, Printed]


@dataclass(frozen=True)
class Known:
    """A value on the print, and its range with short prints read strictly and loosely."""

    printed: Number
    strict: Interval
    loose: Interval


@dataclass(frozen=True)
class Rule:
    """``left op value``, and what its intervals stand on.

    Attributes:
        text: The assertion.
        left: The column that stands alone.
        value: The other side from the intervals of its figures.
        reads: The figures of ``value``.
        terms: Figures whose printed zero is exact.
        again: Figures that occur several times.
        base: The denominator, where it may be zero.
        base_terms: Figures whose printed zero is exact in the denominator.
        absolute: The tolerance as (top, base); None is that of the print.
        cuts: A printed ratio that may be cut off.
    """

    text: str
    left: str
    value: Callable[[Figures], Interval]
    reads: str
    op: str = "="
    terms: str = ""
    again: str = ""
    base: Callable[[Figures], Interval] | None = None
    base_terms: str = ""
    absolute: tuple[int, int] | None = None
    cuts: bool = False
    yaml: str = field(default="")

    def figures(self, on: Columns, terms: str, *, loose: bool) -> dict[str, Interval]:
        """The intervals of the figures."""
        return {name: on[name].interval(loose=loose, term=name in terms) for name in self.reads}

    def known(self, on: Columns) -> "Known":
        """The value on the print and its ranges."""
        prints = {name: Interval(on[name].value, on[name].value) for name in self.reads}
        return Known(
            self.value(prints).low, self.range(on, loose=False), self.range(on, loose=True)
        )

    def range(self, on: Columns, *, loose: bool) -> Interval:
        """The exact range of the value: over every corner of the figures that occur several times."""
        figures = self.figures(on, self.terms, loose=loose)
        found = []
        for corner in itertools.product(("low", "high"), repeat=len(self.again)):
            pinned = {
                name: Interval(getattr(figures[name], end), getattr(figures[name], end))
                for name, end in zip(self.again, corner, strict=True)
            }
            found.append(self.value({**figures, **pinned}))
        return Interval(least(*(f.low for f in found)), greatest(*(f.high for f in found)))

    def unsure(self, on: Columns, *, loose: bool) -> Rows | None:
        """Where the denominator may be zero."""
        if self.base is None:
            return None
        return self.base(self.figures(on, self.base_terms, loose=loose)).holds_zero()

    def outcomes(self, on: Columns, known: "Known") -> NDArray[np.int8]:
        """The outcome of each row."""
        left, value = on[self.left], known.printed
        gap = left.value - value
        if self.absolute is not None:
            allowed = Number(gap.top * 0 + self.absolute[0], self.absolute[1])
            passes = self.within(gap, allowed)
        else:
            passes = self.within(gap, left.half() if self.op == "=" else Number(gap.top * 0))
        codes = np.where(passes, PASS, FAIL).astype(np.int8)
        if self.absolute is None:
            near = self.meets(left.interval(loose=False, term=False), known.strict)
            if self.cuts:
                near |= self.cut_off(left, value)
            loose = self.meets(left.interval(loose=True, term=False), known.loose)
            short = left.short
            for name in self.reads:
                short = short | on[name].short
            unsure = self.unsure(on, loose=True)
            near |= short & loose & (True if unsure is None else ~unsure)
            codes = np.where((codes == FAIL) & near, ROUNDING, codes)
        unsure = self.unsure(on, loose=False)
        if unsure is not None:
            codes = np.where(unsure, UNKNOWN, codes)
            if self.cuts:
                assert self.base is not None
                prints = {name: Interval(on[name].value, on[name].value) for name in self.reads}
                codes = np.where((self.base(prints).low.top == 0).astype(bool), FAIL, codes)
        return codes.astype(np.int8)

    def within(self, gap: Number, allowed: Number) -> Rows:
        """Whether the sides are as the operator asks, when they may be ``allowed`` apart."""
        if self.op == "=":
            return (gap.size().compare(allowed) <= 0).astype(bool)
        if self.op in "≤<":
            found = gap.compare(allowed)
            return ((found <= 0) if self.op == "≤" else (found < 0)).astype(bool)
        found = gap.compare(Number(-allowed.top, allowed.base))
        return ((found >= 0) if self.op == "≥" else (found > 0)).astype(bool)

    def meets(self, left: Interval, value: Interval) -> Rows:
        """Whether the comparison holds somewhere in the ranges."""
        below, above = left.low.compare(value.high), left.high.compare(value.low)
        found = {
            "=": (below <= 0) & (above >= 0),
            "≤": below <= 0, "<": below < 0, "≥": above >= 0, ">": above > 0,
        }  # fmt: skip
        return found[self.op].astype(bool)

    def cut_off(self, left: Printed, value: Number) -> Rows:
        """Whether the print is the value with its further decimals left out."""
        assert left.usual is not None
        places = np.where(left.short, left.usual, left.places) + left.unit
        cut = np.abs(value.top) * 10**places // value.base
        signed = np.where(value.top < 0, -cut, cut)
        return (Number(signed, 10**places).compare(left.value) == 0).astype(bool)
