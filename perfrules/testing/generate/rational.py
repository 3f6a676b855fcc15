"""Resolved values reckoned as numerators and denominators: a walk asks for them again and again."""

from collections.abc import Callable, Sequence
from fractions import Fraction

from perfrules.testing.generate.arithmetic import UnpredictableError, applied, holds
from perfrules.testing.generate.atoms import Atom
from perfrules.testing.generate.extents import figures, plains
from perfrules.testing.generate.forms import Op, Plain, Term
from perfrules.testing.generate.grids import Grid
from perfrules.testing.generate.printed import Printed, Record
from perfrules.testing.generate.skeleton import Slot
from perfrules.values import frozen

Pair = tuple[int, int]
"""A numerator, and a denominator above zero."""
Reckoner = Callable[[Record], Pair]


def reckoner(value: Plain, printed: Printed) -> Reckoner:
    """What reckons a value on any record; it raises :class:`UnpredictableError` where it divides by zero."""
    if isinstance(value, Fraction):
        pair = value.as_integer_ratio()
        return lambda _: pair
    if isinstance(value, Term):
        return _figure(value.slot, printed.grid(value.slot).unit.as_integer_ratio())
    parts = [reckoner(arg, printed) for arg in plains(value)]
    if value.name in _OPERATIONS:
        operation = _OPERATIONS[value.name]
        return lambda record: operation([part(record) for part in parts])
    return _applied(value, parts)


def _figure(slot: Slot, unit: Pair) -> Reckoner:
    times, below = unit

    def reckon(record: Record) -> Pair:
        return int(record.get(slot) or 0) * times, below

    return reckon


def _applied(op: Op, parts: Sequence[Reckoner]) -> Reckoner:
    def reckon(record: Record) -> Pair:
        return applied(op, [Fraction(*part(record)) for part in parts]).as_integer_ratio()

    return reckon


def _sum(pairs: Sequence[Pair]) -> Pair:
    top, below = 0, 1
    for other, base in pairs:
        if base == below:
            top += other
        else:
            top, below = top * base + other * below, below * base
    return top, below


def _difference(pairs: Sequence[Pair]) -> Pair:
    *first, (top, below) = pairs
    return _sum([*first, (-top, below)])


def _product(pairs: Sequence[Pair]) -> Pair:
    (one, below), (other, base) = pairs
    return one * other, below * base


def _quotient(pairs: Sequence[Pair]) -> Pair:
    (one, below), (other, base) = pairs
    if not other:
        raise UnpredictableError
    return (one * base, below * other) if other > 0 else (-one * base, -below * other)


_OPERATIONS: dict[str, Callable[[Sequence[Pair]], Pair]] = {
    "+": _sum,
    "-": _difference,
    "*": _product,
    "/": _quotient,
}


@frozen
class Computed:
    """A printed figure that follows from others.

    Attributes:
        slot: Where it is printed.
        grid: The grid of that.
        value: What it prints, rounded.
        read: The slots that this reads.
        reckon: Reckons it in units of the last place.
    """

    slot: Slot
    grid: Grid
    value: Plain
    read: frozenset[Slot]
    reckon: Reckoner

    @classmethod
    def of(cls, slot: Slot, value: Plain, printed: Printed) -> "Computed":
        """A figure that prints ``value``."""
        grid = printed.grid(slot)
        units = Op("/", (value, grid.unit))
        return cls(slot, grid, value, read_by(value), reckoner(units, printed))

    def number(self, record: Record) -> int:
        """The units of its last place, half away from zero."""
        top, below = self.reckon(record)
        whole = (2 * abs(top) + below) // (2 * below)
        return whole if top >= 0 else -whole


@frozen
class Check:
    """Whether a comparison keeps its truth.

    Attributes:
        atom: The comparison.
        read: The slots that it reads.
        gap: The difference of its sides.
        right: The right side.
    """

    atom: Atom
    read: frozenset[Slot]
    gap: Reckoner
    right: Reckoner

    @classmethod
    def of(cls, atom: Atom, printed: Printed) -> "Check":
        """The check of an atom."""
        gap, right = reckoner(atom.difference, printed), reckoner(atom.right, printed)
        return cls(atom, read_by(atom.difference), gap, right)

    def is_kept(self, record: Record) -> bool:
        """Whether the atom has the same truth on a record."""
        top, below = self.gap(record)
        band = self.atom.band
        if self.atom.share:
            band += self.atom.share * abs(Fraction(*self.right(record)))
        met = holds(self.atom.op, top * band.denominator, band.numerator * below)
        return met == self.atom.holds


def read_by(value: Plain) -> frozenset[Slot]:
    """The slots of a resolved value."""
    return frozenset(term.slot for term in figures(value))
