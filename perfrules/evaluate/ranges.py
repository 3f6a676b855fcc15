"""Exact arithmetic on the figures of one row: values, ranges and where a quotient has no base.

A value is a small tree whose leaves are cells; everything is a :class:`fractions.Fraction`, infinite ends of bounds apart.
"""

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from fractions import Fraction
from functools import cache
from math import floor, lcm

from perfrules.dataset import Cell
from perfrules.quantities.figures import INFINITY, Number, tenfold
from perfrules.values import frozen

Interval = tuple[Number, Number]
MAX_CORNERS = 4
_NOTHING, _ONCE = Fraction(0), Fraction(1)


class ZeroBaseError(ArithmeticError):
    """A denominator is zero, or may be."""


class InexactError(ArithmeticError):
    """The exact range cannot be computed."""


@frozen
class Leaf:
    """A figure in a value.

    Attributes:
        cell: The cell; its value is a number.
        term: It is added or subtracted, so a printed zero is exact.
        assumed: The cell is blank and read as zero.
    """

    cell: Cell
    term: bool = False
    assumed: bool = False

    @property
    def name(self) -> tuple[str, int, str]:
        """Which cell it is: a figure that occurs twice is one figure."""
        return self.cell.table, self.cell.row, self.cell.column

    @property
    def value(self) -> Fraction:
        """The printed number."""
        value = self.cell.value
        return _NOTHING if self.assumed or not isinstance(value, Fraction) else value

    @property
    def exact(self) -> bool:
        """The print is the number itself."""
        return self.assumed or self.cell.place is None

    @property
    def bounded(self) -> bool:
        """The print is a bound or a range."""
        return self.cell.low is not None

    def half(self, *, loose: bool) -> Fraction:
        """Half the last printed place: at the column's usual decimals, or one decimal coarser where ``loose`` and it is short."""
        if self.exact or self.bounded or self.cell.place is None:
            return _NOTHING
        place, usual = self.cell.place, self.cell.usual
        if usual is not None and place < usual:
            place = usual - 1 if loose else usual
        return _half(place)

    @property
    def short(self) -> bool:
        """It is printed with fewer decimals than usual."""
        place, usual = self.cell.place, self.cell.usual
        if self.exact or self.bounded or place is None or usual is None:
            return False
        return place < usual

    @property
    def short_by_one(self) -> bool:
        """One decimal was dropped."""
        return self.short and self.cell.place == (self.cell.usual or 0) - 1

    def interval(self, *, loose: bool, term: bool) -> Interval:
        """All values behind the print."""
        if self.cell.low is not None and self.cell.high is not None:
            return self.cell.low, self.cell.high
        value = self.value
        half = _NOTHING if term and not value else self.half(loose=loose)
        return (value - half, value + half) if half else (value, value)


@cache
def _half(place: int) -> Fraction:
    return tenfold(1, -place) / 2


@frozen
class Op:
    """An operation: ``+ - * / min max abs round floor step``; the last three with their ``decimals`` or ``steps``."""

    name: str
    args: tuple["Value", ...]
    decimals: int = 0
    steps: tuple[tuple[Number, bool, Fraction], ...] = ()


Value = Fraction | Leaf | Op


def leaves(value: Value) -> Iterator[Leaf]:
    """The figures of ``value`` as they occur."""
    if isinstance(value, Leaf):
        yield value
    elif isinstance(value, Op):
        for arg in value.args:
            yield from leaves(arg)


def printed(value: Value) -> Fraction:
    """``value`` on the printed figures.

    Raises:
        ZeroBaseError: A denominator is zero.
    """
    if isinstance(value, Leaf):
        return value.value
    if isinstance(value, Fraction):
        return value
    args = [printed(arg) for arg in value.args]
    return _apply(value, args)


def _apply(op: Op, args: list[Fraction]) -> Fraction:
    return _OPERATIONS[op.name](op, args)


def total(values: Iterable[Fraction]) -> Fraction:
    """The sum, brought to lowest terms once."""
    parts = [(value.numerator, value.denominator) for value in values]
    common = lcm(*(denominator for _, denominator in parts))
    return Fraction(sum(n * (common // denominator) for n, denominator in parts), common)


def _divided(_: Op, args: list[Fraction]) -> Fraction:
    if not args[1]:
        raise ZeroBaseError
    return args[0] / args[1]


def _floored(op: Op, args: list[Fraction]) -> Fraction:
    unit = Fraction(10) ** -op.decimals
    return floor(args[0] / unit) * unit


def rounded(value: Fraction, decimals: int) -> Fraction:
    """``value`` to ``decimals``, half away from zero."""
    unit = Fraction(10) ** -decimals
    whole = floor(abs(value) / unit + Fraction(1, 2)) * unit
    return whole if value >= 0 else -whole


def cut_off(value: Fraction, decimals: int) -> Fraction:
    """``value`` with everything beyond ``decimals`` left out."""
    unit = Fraction(10) ** -decimals
    whole = floor(abs(value) / unit) * unit
    return whole if value >= 0 else -whole


def _step(op: Op, value: Number) -> Fraction:
    return next(
        score for bound, closed, score in op.steps if value < bound or (closed and value == bound)
    )


_OPERATIONS: dict[str, Callable[[Op, list[Fraction]], Fraction]] = {
    "+": lambda _, args: total(args),
    "-": lambda _, args: args[0] - args[1],
    "*": lambda _, args: args[0] * args[1],
    "/": _divided,
    "min": lambda _, args: min(args),
    "max": lambda _, args: max(args),
    "abs": lambda _, args: abs(args[0]),
    "round": lambda op, args: rounded(args[0], op.decimals),
    "floor": _floored,
    "step": lambda op, args: _step(op, args[0]),
}


@frozen
class Reading:
    """How the figures are read: strictly or with short prints loosened; ``pinned`` holds figures at one end of their interval."""

    loose: bool = False
    terms: Mapping[tuple[str, int, str], bool] = field(default_factory=dict)
    pinned: Mapping[tuple[str, int, str], Number] = field(default_factory=dict)

    def of(self, leaf: Leaf) -> Interval:
        """The interval of one figure."""
        if leaf.name in self.pinned:
            return self.pinned[leaf.name], self.pinned[leaf.name]
        return leaf.interval(loose=self.loose, term=self.terms.get(leaf.name, leaf.term))


def extent(difference: Value, *, loose: bool) -> Interval:
    """The exact range of ``difference`` when every figure runs over its interval.

    Raises:
        ZeroBaseError: The interval of a denominator holds zero.
        InexactError: More figures occur repeatedly than corners are tried for.
    """
    terms: dict[tuple[str, int, str], bool] = {}
    for leaf in leaves(difference):  # a zero is exact only if it is a term wherever it occurs
        terms[leaf.name] = terms.get(leaf.name, True) and leaf.term
    reading = Reading(loose, terms)
    form = linear(difference)
    if form is not None:
        return _linear_extent(form, reading)
    times = Counter(leaf.name for leaf in leaves(difference))
    figures = {leaf.name: leaf for leaf in leaves(difference)}
    again = [
        name for name, count in times.items() if count > 1 and _width(reading.of(figures[name]))
    ]
    if len(again) > MAX_CORNERS:
        raise InexactError
    ends = [
        _interval(difference, Reading(loose, terms, dict(zip(again, corner, strict=True))))
        for corner in itertools.product(*(reading.of(figures[name]) for name in again))
    ]
    return min(low for low, _ in ends), max(high for _, high in ends)


def _width(interval: Interval) -> bool:
    return interval[0] != interval[1]


@frozen
class Form:
    """A linear form over figures."""

    terms: Mapping[tuple[str, int, str], tuple[Leaf, Fraction]]
    constant: Fraction


def linear(value: Value) -> Form | None:
    """``value`` as a linear form, like figures taken together; None if it is none."""
    terms: dict[tuple[str, int, str], tuple[Leaf, Fraction]] = {}
    constant = _gather(value, _ONCE, terms)
    return None if constant is None else Form(terms, constant)


def _gather(
    value: Value, factor: Fraction, terms: dict[tuple[str, int, str], tuple[Leaf, Fraction]]
) -> Fraction | None:
    """Add ``factor * value`` to ``terms``; its constant part, None if it is not linear."""
    if isinstance(value, Leaf):
        known = terms.get(value.name)
        terms[value.name] = (value, factor if known is None else known[1] + factor)
        return _NOTHING
    if isinstance(value, Fraction):
        return value * factor if value else value
    if value.name in ("+", "-"):
        constant = _NOTHING
        for at, arg in enumerate(value.args):
            part = _gather(arg, -factor if at and value.name == "-" else factor, terms)
            if part is None:
                return None
            constant = constant + part if part else constant
        return constant
    scaled = _scaled(value) if value.name in ("*", "/") else None
    return None if scaled is None else _gather(scaled[0], factor * scaled[1], terms)


def _scaled(value: Op) -> tuple[Value, Fraction] | None:
    """A product or quotient of which one side is constant, as the other side and a factor."""
    first, second = (linear(arg) for arg in value.args)
    if first is None or second is None:
        return None
    if value.name == "/":
        sure = not second.terms and second.constant
        return (value.args[0], 1 / second.constant) if sure else None
    if not first.terms:
        return value.args[1], first.constant
    return None if second.terms else (value.args[0], second.constant)


def _linear_extent(form: Form, reading: Reading) -> Interval:
    lows: list[Number] = [form.constant]
    highs: list[Number] = [form.constant]
    for leaf, factor in form.terms.values():
        low, high = (_product(factor, end) for end in reading.of(leaf))
        lows.append(min(low, high))
        highs.append(max(low, high))
    return _sum(lows), _sum(highs)


def _sum(numbers: Sequence[Number]) -> Number:
    """The sum; infinite if some number is."""
    ends = [number for number in numbers if isinstance(number, float)]
    return ends[0] if ends else total(n for n in numbers if isinstance(n, Fraction))


def _product(first: Number, second: Number) -> Number:
    if not first or not second:
        return _NOTHING
    return second if first == 1 else first * second


def _interval(value: Value, reading: Reading) -> Interval:
    if isinstance(value, Fraction):
        return value, value
    if isinstance(value, Leaf):
        return reading.of(value)
    args = [_interval(arg, reading) for arg in value.args]
    return _INTERVALS.get(value.name, _growing)(value, args)


def _growing(op: Op, args: list[Interval]) -> Interval:
    """``min``, ``max``, ``round`` and ``floor`` grow with their arguments."""
    return _end(op, [low for low, _ in args]), _end(op, [high for _, high in args])


def _quotients(_: Op, args: list[Interval]) -> Interval:
    if args[1][0] <= 0 <= args[1][1]:
        raise ZeroBaseError
    return _products(_, [args[0], (_inverse(args[1][0]), _inverse(args[1][1]))])


def _products(_: Op, args: list[Interval]) -> Interval:
    ends: list[Number] = [_product(a, b) for a in args[0] for b in args[1]]
    return min(ends), max(ends)


def _absolutes(_: Op, args: list[Interval]) -> Interval:
    low, high = args[0]
    ends = [max(low, -low), max(high, -high)]
    return Fraction(0) if low <= 0 <= high else min(ends), max(ends)


def _inverse(number: Number) -> Number:
    return Fraction(0) if isinstance(number, float) else 1 / number


def _end(op: Op, args: list[Number]) -> Number:
    if op.name in ("min", "max"):
        return (min if op.name == "min" else max)(args)
    only = args[0]
    return only if isinstance(only, float) else _apply(op, [only])


def _scores(op: Op, args: list[Interval]) -> Interval:
    """The scores that the interval meets: at its ends, at the bounds inside it, and between them."""
    low, high = args[0]
    found: list[Number] = [_step(op, low), _step(op, high)]
    before: Number = -INFINITY
    for bound, _, score in op.steps:
        if max(before, low) < min(bound, high):
            found.append(score)
        before = bound
    found += [_step(op, bound) for bound, _, _ in op.steps if low <= bound <= high]
    return min(found), max(found)


_INTERVALS: dict[str, Callable[[Op, list[Interval]], Interval]] = {
    "+": lambda _, args: (
        sum((low for low, _ in args), Fraction(0)),
        sum((high for _, high in args), Fraction(0)),
    ),
    "-": lambda _, args: (args[0][0] - args[1][1], args[0][1] - args[1][0]),
    "*": _products,
    "/": _quotients,
    "abs": _absolutes,
    "step": _scores,
}


def bases(value: Value) -> Iterator[Value]:
    """The denominators of ``value``."""
    if isinstance(value, Op):
        if value.name == "/":
            yield value.args[1]
        for arg in value.args:
            yield from bases(arg)


def has_sure_bases(value: Value, *, loose: bool) -> bool:
    """Whether no denominator of ``value`` may be zero."""
    for base in bases(value):
        low, high = extent(base, loose=loose)
        if low <= 0 <= high:
            return False
    return True
