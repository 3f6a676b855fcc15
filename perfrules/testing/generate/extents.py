"""Ranges of resolved values, when every figure runs over its interval."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

from perfrules.testing.generate.arithmetic import UnpredictableError, applied
from perfrules.testing.generate.forms import Op, Plain, Term, Value
from perfrules.testing.generate.linear import linear
from perfrules.testing.generate.skeleton import Slot
from perfrules.values import frozen

Range = tuple[Fraction, Fraction]


def plains(op: Op) -> tuple[Plain, ...]:
    """The arguments of a resolved operation."""
    return op.args  # type: ignore[return-value]  # they are resolved too


def figures(value: Plain) -> Iterator[Term]:
    """The figures of a value, as often as they occur."""
    if isinstance(value, Term):
        yield value
    elif isinstance(value, Op):
        for arg in plains(value):
            yield from figures(arg)


def terms_of(value: Plain) -> dict[Slot, bool]:
    """Whether each figure is a term of a sum wherever it occurs."""
    found: dict[Slot, bool] = {}
    for term in figures(value):
        found[term.slot] = found.get(term.slot, True) and term.added
    return found


def bases_of(value: Plain) -> Iterator[Plain]:
    """What a value divides by."""
    if isinstance(value, Op):
        if value.name == "/":
            yield plains(value)[1]
        for arg in plains(value):
            yield from bases_of(arg)


def is_added(op: Op, *, added: bool) -> bool:
    """Whether the arguments of an operation are terms of a sum, scaled by constants perhaps."""
    if op.name in ("+", "-"):
        return added if len(op.args) == 1 and op.name == "-" else True
    if op.name not in ("*", "/") or not any(map(_is_constant, op.args)):
        return False
    return added and not (op.name == "/" and _is_constant(op.args[0]))


def _is_constant(value: Value) -> bool:
    return isinstance(value, Fraction) or (
        isinstance(value, Op) and all(_is_constant(arg) for arg in value.args)
    )


@frozen
class Extents:
    """Tells ranges.

    Attributes:
        figure: The number in a slot.
        half: How far it may be from what is behind it.
    """

    figure: Callable[[Slot], Fraction]
    half: Callable[[Slot], Fraction]

    def of(self, value: Plain) -> Range:
        """The range of a value.

        Raises:
            UnpredictableError: A figure occurs twice, and not linearly.
        """
        form = linear(value)
        if form is not None:
            terms = form.terms.items()
            middle = form.constant + sum(factor * self.figure(slot) for slot, factor in terms)
            reach = sum((abs(factor) * self.half(slot) for slot, factor in terms), Fraction(0))
            return middle - reach, middle + reach
        inexact = [term.slot for term in figures(value) if self.half(term.slot)]
        if len(set(inexact)) < len(inexact):
            raise UnpredictableError
        return self._interval(value)

    def _interval(self, value: Plain) -> Range:
        if isinstance(value, Fraction):
            return value, value
        if isinstance(value, Term):
            middle, half = self.figure(value.slot), self.half(value.slot)
            return middle - half, middle + half
        ends = [self._interval(arg) for arg in plains(value)]
        if all(low == high for low, high in ends):
            only = applied(value, [low for low, _ in ends])
            return only, only
        if value.name not in _RANGES:
            raise UnpredictableError
        return _RANGES[value.name](value, ends)


def _each(op: Op, ends: Sequence[Range]) -> Range:
    """Of an operation that grows with every argument."""
    return applied(op, [low for low, _ in ends]), applied(op, [high for _, high in ends])


def _difference(_: Op, ends: Sequence[Range]) -> Range:
    low, high = ends[-1]
    first = ends[0] if len(ends) > 1 else (Fraction(0), Fraction(0))
    return first[0] - high, first[1] - low


def _corners(op: Op, ends: Sequence[Range]) -> Range:
    found = [applied(op, [a, b]) for a in ends[0] for b in ends[1]]
    return min(found), max(found)


def _size(_: Op, ends: Sequence[Range]) -> Range:
    ((low, high),) = ends
    near, far = sorted((abs(low), abs(high)))
    return (Fraction(0) if low <= 0 <= high else near), far


_RANGES: Mapping[str, Callable[[Op, Sequence[Range]], Range]] = {
    "+": _each,
    "-": _difference,
    "*": _corners,
    "/": _corners,
    "abs": _size,
    "min": _each,
    "max": _each,
    "round": _each,
    "floor": _each,
}
