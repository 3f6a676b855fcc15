"""The region around a record in which every rule says what it says of the record.

The equalities are solved once, by exact elimination; each figure that they leave free is a direction in which one may walk without
breaking them, and the inequalities leave an interval of it. A printed ratio is recomputed from its parts. What cannot be walked on is
held as the solver found it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from fractions import Fraction
from math import gcd, lcm

from perfrules.testing.generate.atoms import Atom, atoms_of
from perfrules.testing.generate.forms import Op, Term, Value
from perfrules.testing.generate.instances import Instance
from perfrules.testing.generate.linear import linear
from perfrules.testing.generate.predict import Oracle
from perfrules.testing.generate.rational import Check, Computed, read_by
from perfrules.testing.generate.sampler import Bound, Direction, Sampler
from perfrules.testing.generate.skeleton import Slot
from perfrules.values import mutable

Equation = tuple[Mapping[Slot, Fraction], Slot | None]
"""Coefficients whose sum over all moves is zero, and the figure that stands alone on a side."""


def sampler(instances: Iterable[Instance], oracle: Oracle, *, negative: bool) -> Sampler:
    """The region of the oracle's record, as what makes records of it."""
    region = _Region(oracle)
    atoms = atoms_of(instances, oracle)
    for atom in [atom for atom in atoms if not region.is_straight(atom)]:
        region.bend(atom)
    region.arrange()
    return _sampler(region, negative=negative)


@mutable
class _Region:
    """Sorts the comparisons: equalities to solve, inequalities to keep, figures to compute, and what is only checked."""

    oracle: Oracle
    equal: list[Equation] = field(default_factory=list)
    bounds: list[Bound] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    computed: list[Computed] = field(default_factory=list)
    held: set[Slot] = field(default_factory=set)
    tolerances: list[Slot] = field(default_factory=list)

    # ---- linear comparisons -----------------------------------------------------------------------------------------

    def is_straight(self, atom: Atom) -> bool:
        """Take a comparison that is linear; whether it was."""
        room = self._room(atom)
        if linear(atom.difference) is None or linear(room) is None:
            return False
        if atom.share:
            self._bound(self._upright(atom.right, -1), strict=False)
        if atom.op in ("=", "≠"):
            self._equality(atom, room)
            return True
        side = atom.difference if atom.op in ("≤", "<") else Op("-", (atom.difference,))
        over = Op("-", (side, room))
        strict = (atom.op in ("<", ">")) == atom.holds
        self._bound(over if atom.holds else Op("-", (over,)), strict=strict)
        return True

    def _room(self, atom: Atom) -> Value:
        """How far the sides may be apart, as a value that stays above zero."""
        if not atom.share:
            return atom.band
        return Op("*", (atom.share, self._upright(atom.right, 1)))

    def _upright(self, value: Value, sign: int) -> Value:
        """A value with the sign that makes it positive here, or the other one."""
        printed = self.oracle.printed(value)  # type: ignore[arg-type]  # the side of an atom is resolved
        return Op("*", (Fraction(sign if printed >= 0 else -sign), value))

    def _equality(self, atom: Atom, room: Value) -> None:
        gap = self.oracle.printed(atom.difference)
        if atom.holds and atom.op == "=" and (atom.loose or gap):
            if atom.loose:
                self._equal(atom, Slot("", len(self.tolerances), ""))
            self._bound(Op("-", (atom.difference, room)), strict=False)
            self._bound(Op("-", (Op("-", (atom.difference,)), room)), strict=False)
        elif gap == 0:
            self._equal(atom, None)
        else:
            self._bound(Op("-", (room, self._upright(atom.difference, 1))), strict=True)

    def _equal(self, atom: Atom, tolerance: Slot | None) -> None:
        terms = self._units(atom.difference)
        if tolerance is not None and terms:
            self.tolerances.append(tolerance)
            scale = lcm(*(factor.denominator for factor in terms.values()))
            terms[tolerance] = Fraction(gcd(*(int(f * scale) for f in terms.values())), scale)
        alone = atom.left if isinstance(atom.left, Term) else atom.right
        self.equal.append((terms, alone.slot if isinstance(alone, Term) else None))

    def _units(self, value: Value) -> dict[Slot, Fraction]:
        form = linear(value)
        terms = form.terms if form else {}
        return {slot: factor * self.oracle.grid(slot).unit for slot, factor in terms.items()}

    def _bound(self, value: Value, *, strict: bool) -> None:
        """That a linear value is not above zero, or below it."""
        form = linear(value)
        terms = self._units(value)
        constant = form.constant if form else Fraction(0)
        scale = lcm(constant.denominator, *(factor.denominator for factor in terms.values()))
        whole = {slot: int(factor * scale) for slot, factor in terms.items()}
        self.bounds.append(Bound(whole, int(constant * scale) + strict))

    # ---- all others -------------------------------------------------------------------------------------------------

    def bend(self, atom: Atom) -> None:
        """Take a comparison that is not linear: compute a figure from it, check it, or hold what it reads."""
        if atom.op != "=" or not atom.holds:
            self.checks.append(Check.of(atom, self.oracle))
            return
        fixed = {slot for terms, _ in self.equal for slot in terms}
        fixed |= {each.slot for each in self.computed} | self.held
        for side, other in ((atom.left, atom.right), (atom.right, atom.left)):
            if not isinstance(side, Term) or side.slot in fixed:
                continue
            grid = self.oracle.grid(side.slot)
            if (atom.share or atom.band >= grid.unit / 2) and side.slot not in read_by(other):
                self.computed.append(Computed.of(side.slot, other, self.oracle))
                self.checks += [Check.of(atom, self.oracle)] if atom.share else []
                return
        self.held |= read_by(atom.difference)

    def arrange(self) -> None:
        """Put what is computed into an order in which it can be; what goes in a circle, or is held, holds what it follows from."""
        while fixed := [each for each in self.computed if each.slot in self.held]:
            self.computed = [each for each in self.computed if each not in fixed]
            self.held = self.held.union(*(each.read for each in fixed))
        placed: list[Computed] = []
        left = list(self.computed)
        while left:
            ahead = {each.slot for each in left}
            ready = [each for each in left if not ahead & each.read]
            if not ready:
                self.held = self.held.union(ahead, *(each.read for each in left))
                break
            placed += ready
            left = [each for each in left if each not in ready]
        self.computed = placed


# ---- directions ---------------------------------------------------------------------------------------------------------


def _sampler(region: _Region, *, negative: bool) -> Sampler:
    record, oracle = region.oracle.record, region.oracle
    computed = {each.slot for each in region.computed}
    numbers = [slot for slot, held in record.items() if isinstance(held, int)]
    movable = [slot for slot in numbers if slot not in region.held and slot not in computed]
    dependent = _eliminated(region.equal, {*movable, *region.tolerances})
    bounds = list(region.bounds)
    for slot in movable:
        grid = oracle.grid(slot)
        low = min(int(record[slot] or 0), grid.low if negative or grid.low > 0 else 0)
        bounds += [Bound({slot: 1}, -grid.high), Bound({slot: -1}, low)]
    straight = [bound for bound in bounds if not computed & set(bound.terms)]
    rests = [bound for bound in bounds if computed & set(bound.terms)]
    touching: dict[Slot, list[int]] = {}
    for number, bound in enumerate(straight):
        for slot in bound.terms:
            touching.setdefault(slot, []).append(number)
    start = {**record, **dict.fromkeys(region.tolerances, 0)}
    directions = []
    for free in (*movable, *region.tolerances):
        if free not in dependent:
            steps = _steps(free, dependent)
            taken = _taken(steps, straight, touching)
            directions.append(_direction(free, steps, taken, region, rests))
    ends = [bound.value(start) for bound in straight]
    return Sampler(start, directions, ends, region.tolerances)


def _taken(
    steps: Mapping[Slot, int], bounds: Sequence[Bound], touching: Mapping[Slot, list[int]]
) -> list[tuple[int, int]]:
    """How much one step takes of each inequality that it concerns."""
    near = dict.fromkeys(number for slot in steps for number in touching.get(slot, ()))
    taken = [
        (number, sum(f * steps.get(slot, 0) for slot, f in bounds[number].terms.items()))
        for number in near
    ]
    return [(number, factor) for number, factor in taken if factor]


def _direction(
    free: Slot,
    steps: Mapping[Slot, int],
    taken: Sequence[tuple[int, int]],
    region: _Region,
    rests: Sequence[Bound],
) -> Direction:
    moved = set(steps)
    follow = []
    for each in region.computed:
        if moved & each.read:
            follow.append(each)
            moved.add(each.slot)
    checks = [check for check in region.checks if moved & check.read]
    return Direction(
        free, steps, taken, follow, checks, [bound for bound in rests if moved & set(bound.terms)]
    )


def _eliminated(
    equations: Sequence[Equation], movable: set[Slot]
) -> dict[Slot, dict[Slot, Fraction]]:
    """Each dependent slot by how it moves with the free ones; a figure that stands alone is made dependent if it can be."""
    rows: dict[Slot, dict[Slot, Fraction]] = {}
    for terms, alone in equations:
        row = {slot: factor for slot, factor in terms.items() if slot in movable}
        for slot in [slot for slot in row if slot in rows]:
            _add(row, rows[slot], row.pop(slot))
        if not row:
            continue
        pivot = alone if alone in row else min(row, key=lambda slot: _unlike(slot, row[slot]))
        assert pivot is not None  # noqa: S101  # a row that is not empty has a least member
        factor = row.pop(pivot)
        solved = {slot: -value / factor for slot, value in row.items()}
        for other in rows.values():
            if pivot in other:
                _add(other, solved, other.pop(pivot))
        rows[pivot] = solved
    return rows


def _unlike(slot: Slot, factor: Fraction) -> tuple[bool, bool, Fraction]:
    """What makes a slot a worse one to solve for: it is a tolerance, or its coefficient is not one."""
    return not slot.table, abs(factor) != 1, abs(factor)


def _add(row: dict[Slot, Fraction], other: Mapping[Slot, Fraction], factor: Fraction) -> None:
    for slot, value in other.items():
        total = row.get(slot, Fraction(0)) + factor * value
        if total:
            row[slot] = total
        else:
            row.pop(slot, None)


def _steps(free: Slot, dependent: Mapping[Slot, Mapping[Slot, Fraction]]) -> dict[Slot, int]:
    """How far each slot moves by the smallest step of ``free`` that keeps all of them on their grids."""
    moves = {slot: row[free] for slot, row in dependent.items() if free in row}
    scale = lcm(*(move.denominator for move in moves.values()))
    return {free: scale, **{slot: int(move * scale) for slot, move in moves.items()}}
