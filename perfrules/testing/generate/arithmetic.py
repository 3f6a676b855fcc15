"""Operations and comparisons of exact numbers."""

import operator
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import floor

from perfrules.testing.generate.forms import Op


class UnpredictableError(Exception):
    """What the rule must say cannot be reckoned here."""


Numbers = Sequence[Fraction]
_HOLDS: Mapping[str, Callable[[Fraction, Fraction], bool]] = {
    "=": lambda gap, allowed: abs(gap) <= allowed,
    "≠": lambda gap, _: gap != 0,
    "≤": lambda gap, allowed: gap <= allowed,
    "<": lambda gap, allowed: gap < allowed,
    "≥": lambda gap, allowed: gap >= -allowed,
    ">": lambda gap, allowed: gap > -allowed,
}
_MEETS: Mapping[str, Callable[[Fraction, Fraction], bool]] = {
    "=": lambda low, high: low <= 0 <= high,
    "≤": lambda low, _: low <= 0,
    "<": lambda low, _: low < 0,
    "≥": lambda _, high: high >= 0,
    ">": lambda _, high: high > 0,
}


def holds(op: str, gap: Fraction | int, allowed: Fraction | int = 0) -> bool:
    """Whether a comparison holds whose sides differ by ``gap`` and may differ by ``allowed``."""
    return _HOLDS[op](gap, allowed)  # type: ignore[arg-type]  # whole numbers compare alike


def meets(op: str, low: Fraction | int, high: Fraction | int) -> bool:
    """Whether a comparison holds somewhere in the range of its difference."""
    return _MEETS[op](low, high)  # type: ignore[arg-type]  # likewise


def applied(op: Op, args: Numbers) -> Fraction:
    """An operation on numbers.

    Raises:
        UnpredictableError: A denominator is zero.
    """
    return _APPLIED[op.name](op, args)


def rounded(value: Fraction, decimals: int) -> Fraction:
    """A number to so many decimals, half away from zero."""
    unit = Fraction(10) ** -decimals
    whole = floor(abs(value) / unit + Fraction(1, 2)) * unit
    return whole if value >= 0 else -whole


def _difference(_: Op, args: Numbers) -> Fraction:
    return args[0] - args[1] if len(args) > 1 else -args[0]


def _quotient(_: Op, args: Numbers) -> Fraction:
    if not args[1]:
        raise UnpredictableError
    return args[0] / args[1]


def _step(op: Op, args: Numbers) -> Fraction:
    (item,) = args
    return next(
        score for bound, closed, score in op.steps if item < bound or (closed and item == bound)
    )


def _floor(op: Op, args: Numbers) -> Fraction:
    unit = Fraction(10) ** -op.decimals
    return floor(args[0] / unit) * unit


_APPLIED: Mapping[str, Callable[[Op, Numbers], Fraction]] = {
    "+": lambda _, args: sum(args, Fraction(0)),
    "-": _difference,
    "*": lambda _, args: operator.mul(*args),
    "/": _quotient,
    "min": lambda _, args: min(args),
    "max": lambda _, args: max(args),
    "abs": lambda _, args: abs(args[0]),
    "step": _step,
    "floor": _floor,
    "round": lambda op, args: rounded(args[0], op.decimals),
}
