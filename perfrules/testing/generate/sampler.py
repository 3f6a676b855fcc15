"""From one record to many: figures are moved along the solutions of the equalities, as far as the inequalities let them.

The record that a solver found is one point of a region in which every condition keeps its truth. The equalities are solved once, by
exact elimination; each figure that they leave free is a direction in which one may walk without breaking them, and the inequalities
leave an interval of it. A printed ratio is recomputed from its parts. What cannot be walked on is held as the solver found it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

from perfrules.testing.generate.grids import Grid
from perfrules.testing.generate.ground import (
    Both,
    Choice,
    Comparison,
    Cond,
    First,
    Instance,
    Op,
    Opposite,
    Switch,
    Total,
    Value,
    below_of,
)
from perfrules.testing.generate.predict import (
    MissingError,
    Oracle,
    Plain,
    Record,
    Term,
    UnpredictableError,
    figures,
    holds,
    linear,
    rounded,
)
from perfrules.testing.generate.skeleton import Slot

BYTES = 4
"""How many random bytes one direction takes."""


@dataclass(frozen=True, slots=True)
class _Atom:
    """A comparison that keeps its truth: its resolved sides, and what the sides may be apart where it is judged."""

    op: str
    left: Plain
    right: Plain
    holds: bool
    band: Fraction

    @property
    def difference(self) -> Op:
        return Op("-", (self.left, self.right))


@dataclass(frozen=True, slots=True)
class _Bound:
    """``Σ coefficient · n + constant ≤ 0`` in whole numbers."""

    terms: Mapping[Slot, int]
    constant: int


@dataclass(frozen=True, slots=True)
class _Computed:
    """A printed figure that follows from others."""

    slot: Slot
    grid: Grid
    value: Plain


@dataclass(slots=True)
class _Direction:
    """A way to walk: how far each slot moves by one step, and whom that concerns."""

    free: Slot
    steps: Mapping[Slot, int]
    bounds: Sequence[tuple[int, int]]
    computed: Sequence[_Computed]
    checks: Sequence[_Atom]


@dataclass(slots=True)
class Sampler:
    """Makes records of the region of one record.

    Attributes:
        start: The record.
        directions: The ways to walk.
        bounds: The inequalities, and how far the start is from each.
        oracle: Knows the grids.
    """

    start: Record
    directions: list[_Direction] = field(default_factory=list)
    bounds: list[int] = field(default_factory=list)
    oracle: Oracle | None = None

    @property
    def size(self) -> int:
        """How many random bytes a record takes."""
        return BYTES * len(self.directions)

    def sample(self, raw: bytes) -> dict[Slot, int | str | None]:
        """The record that ``raw`` says; of zeros only, the one with the least figures."""
        found = dict(self.start)
        left = list(self.bounds)
        for number, way in enumerate(self.directions):
            chunk = int.from_bytes(raw[BYTES * number : BYTES * (number + 1)])
            low, high = _interval(way, left)
            steps = _chosen(chunk, low, high, found[way.free], way.steps[way.free])
            self._walk(way, steps, found, left)
        return found

    def _walk(
        self, way: _Direction, steps: int, found: dict[Slot, int | str | None], left: list[int]
    ) -> None:
        """Take so many steps, or fewer if a condition that is no inequality says so."""
        before = {slot: found[slot] for slot in (*way.steps, *(each.slot for each in way.computed))}
        while steps:
            for slot, step in way.steps.items():
                found[slot] = int(before[slot] or 0) + step * steps
            if self._settles(way, found):
                for number, factor in way.bounds:
                    left[number] += factor * steps
                return
            steps = int(steps / 2)
        found.update(before)

    def _settles(self, way: _Direction, found: dict[Slot, int | str | None]) -> bool:
        """Recompute what follows; whether every condition keeps its truth."""
        if not way.computed and not way.checks:
            return True
        assert self.oracle is not None  # noqa: S101  # a sampler with directions has one
        oracle = Oracle(self.oracle.pack, found)
        try:
            for each in way.computed:
                found[each.slot] = int(rounded(oracle.printed(each.value) / each.grid.unit, 0))
                if abs(int(found[each.slot] or 0)) > each.grid.high:
                    return False
            return all(_keeps(atom, oracle) for atom in way.checks)
        except UnpredictableError:
            return False


def _interval(way: _Direction, left: Sequence[int]) -> tuple[int, int]:
    low, high = -(10**30), 10**30
    for number, factor in way.bounds:
        room = -left[number]
        if factor > 0:
            high = min(high, room // factor)
        else:
            low = max(low, -(room // -factor))
    return min(low, 0), max(high, 0)


def _chosen(chunk: int, low: int, high: int, held: object, step: int) -> int:
    """How many steps to take: from where the figure is nearest zero, up or down, by amounts of every size."""
    home = max(low, min(high, -int(str(held)) // step))
    upward, size, amount = chunk & 1, (chunk >> 1) & 7, chunk >> 4
    room = high - home if upward == 0 or home == low else home - low
    sign = 1 if upward == 0 or home == low else -1
    return home + sign * (amount % ((room >> (3 * size)) + 1))


def _keeps(atom: _Atom, oracle: Oracle) -> bool:
    return holds(atom.op, oracle.printed(atom.difference), atom.band) == atom.holds


# ---- from a record to its region ----------------------------------------------------------------------------------------


def sampler(record: Record, instances: Iterable[Instance], oracle: Oracle, *, negative: bool) -> Sampler:
    """The region of a record in which every rule says what it says of the record."""
    atoms = list(dict.fromkeys(_atoms(instances, oracle)))
    return _Region(record, atoms, oracle, negative=negative).sampler()


def _atoms(instances: Iterable[Instance], oracle: Oracle) -> Iterator[_Atom]:
    for instance in instances:
        yield from _of(instance.guard, oracle, None)
        if _met(instance.guard, oracle):
            yield from _of(instance.assertion, oracle, instance)


def _met(cond: Cond, oracle: Oracle) -> bool | None:
    try:
        return oracle.truth(cond)
    except (UnpredictableError, MissingError):
        return None


def _of(cond: Cond, oracle: Oracle, instance: Instance | None) -> Iterator[_Atom]:
    """The comparisons of numbers on which the truth of a condition rests."""
    match cond:
        case Comparison(op, left, right):
            yield from _inside(left, oracle)
            yield from _inside(right, oracle)
            try:
                sides = oracle.resolved(left, added=False), oracle.resolved(right, added=False)
                judged = instance is not None and cond.judged and instance.slack.kind != "relative"
                band = oracle.band(cond, instance.slack) if instance and judged else Fraction(0)
                gap = oracle.printed(Op("-", sides))
            except (UnpredictableError, MissingError):
                return
            yield _Atom(op, *sides, holds(op, gap, band), band)
        case Both(_, items):
            for item in items:
                yield from _of(item, oracle, instance)
        case Opposite(item):
            yield from _of(item, oracle, instance)
        case Switch(test, yes, no):
            yield from _of(test, oracle, None)
            met = _met(test, oracle)
            if met is not None:
                yield from _of(yes if met else no, oracle, instance)
        case _:
            return


def _inside(value: Value, oracle: Oracle) -> Iterator[_Atom]:
    """The comparisons on which rests what a value is made of."""
    match value:
        case Choice(test, yes, no):
            yield from _of(test, oracle, None)
            yield from _inside(yes if _met(test, oracle) else no, oracle)
        case Total(_, parts):
            for where, part in parts:
                yield from _of(where, oracle, None)
                if _met(where, oracle):
                    yield from _inside(part, oracle)
        case Op() | First():
            for arg in below_of(value):
                yield from _inside(arg, oracle)  # type: ignore[arg-type]  # below a value are values
        case _:
            return


class _Region:
    """Sorts the comparisons: equalities to solve, inequalities to keep, figures to compute, and what is only checked."""

    def __init__(self, record: Record, atoms: list[_Atom], oracle: Oracle, *, negative: bool) -> None:
        self.record, self.oracle, self.negative = record, oracle, negative
        self.equal: list[tuple[dict[Slot, Fraction], Slot | None]] = []
        self.bounds: list[_Bound] = []
        self.checks: list[_Atom] = []
        self.computed: list[_Computed] = []
        self.held: set[Slot] = set()
        crooked = [atom for atom in atoms if not self._straight(atom)]
        for atom in crooked:
            self._crooked(atom)
        self._ordered()

    # ---- linear comparisons -----------------------------------------------------------------------------------------

    def _straight(self, atom: _Atom) -> bool:
        form = linear(atom.difference)
        if form is None:
            return False
        gap = self.oracle.printed(atom.difference)
        terms = {slot: factor * self.oracle.grid(slot).unit for slot, factor in form.terms.items()}
        if atom.op in ("=", "≠"):
            if gap == 0 and (atom.op == "=") == atom.holds:
                alone = atom.left if isinstance(atom.left, Term) else atom.right
                self.equal.append((terms, alone.slot if isinstance(alone, Term) else None))
            elif atom.op == "=" and atom.holds:
                self._bound(terms, form.constant - atom.band, 1, strict=False)
                self._bound(terms, form.constant + atom.band, -1, strict=False)
            else:
                self._bound(terms, form.constant, 1 if gap < 0 else -1, strict=True)
            return True
        upward = (atom.op in ("≤", "<")) == atom.holds
        strict = (atom.op in ("<", ">")) == atom.holds
        band = atom.band if atom.op in ("≤", "<") else -atom.band
        self._bound(terms, form.constant - band, 1 if upward else -1, strict=strict)
        return True

    def _bound(self, terms: Mapping[Slot, Fraction], constant: Fraction, sign: int, *, strict: bool) -> None:
        scale = lcm(constant.denominator, *(factor.denominator for factor in terms.values()))
        whole = {slot: int(sign * factor * scale) for slot, factor in terms.items()}
        self.bounds.append(_Bound(whole, int(sign * constant * scale) + strict))

    # ---- all others -------------------------------------------------------------------------------------------------

    def _crooked(self, atom: _Atom) -> None:
        if atom.op != "=" or not atom.holds:
            self.checks.append(atom)
            return
        fixed = {slot for terms, _ in self.equal for slot in terms}
        fixed |= {each.slot for each in self.computed} | self.held
        for side, other in ((atom.left, atom.right), (atom.right, atom.left)):
            if not isinstance(side, Term) or side.slot in fixed:
                continue
            grid = self.oracle.grid(side.slot)
            others = {term.slot for term in figures(other)}
            if atom.band >= grid.unit / 2 and side.slot not in others:
                self.computed.append(_Computed(side.slot, grid, other))
                return
        self.held |= {term.slot for term in figures(atom.difference)}

    def _ordered(self) -> None:
        """Put what is computed into an order in which it can be; what goes in a circle, or is held, holds what it follows from."""
        while fixed := [each for each in self.computed if each.slot in self.held]:
            self.computed = [each for each in self.computed if each not in fixed]
            self.held |= {term.slot for each in fixed for term in figures(each.value)}
        placed: list[_Computed] = []
        left = list(self.computed)
        while left:
            open_ = {each.slot for each in left}
            ready = [each for each in left if not open_ & {term.slot for term in figures(each.value)}]
            if not ready:
                for each in left:
                    self.held |= {each.slot, *(term.slot for term in figures(each.value))}
                break
            placed += ready
            left = [each for each in left if each not in ready]
        self.computed = placed

    # ---- directions -------------------------------------------------------------------------------------------------

    def sampler(self) -> Sampler:
        """The sampler of the region."""
        computed = {each.slot for each in self.computed}
        numbers = [slot for slot, held in self.record.items() if isinstance(held, int)]
        movable = [slot for slot in numbers if slot not in self.held and slot not in computed]
        dependent = _eliminated(self.equal, set(movable))
        for slot in movable:
            grid = self.oracle.grid(slot)
            low = min(int(self.record[slot] or 0), grid.low if self.negative or grid.low > 0 else 0)
            self.bounds += [_Bound({slot: 1}, -grid.high), _Bound({slot: -1}, low)]
        straight = [bound for bound in self.bounds if not computed & set(bound.terms)]
        crooked = [bound for bound in self.bounds if computed & set(bound.terms)]
        touching: dict[Slot, list[int]] = {}
        for number, bound in enumerate(straight):
            for slot in bound.terms:
                touching.setdefault(slot, []).append(number)
        made = Sampler(self.record, oracle=self.oracle)
        made.bounds = [self._value(bound) for bound in straight]
        checks = [*self.checks, *(_as_atom(bound, self.oracle) for bound in crooked)]
        for free in movable:
            if free not in dependent:
                steps = _steps(free, dependent)
                made.directions.append(self._direction(free, steps, straight, touching, checks))
        return made

    def _value(self, bound: _Bound) -> int:
        return bound.constant + sum(
            factor * int(self.record[slot] or 0) for slot, factor in bound.terms.items()
        )

    def _direction(
        self,
        free: Slot,
        steps: Mapping[Slot, int],
        bounds: Sequence[_Bound],
        touching: Mapping[Slot, list[int]],
        checks: Sequence[_Atom],
    ) -> _Direction:
        near = dict.fromkeys(number for slot in steps for number in touching.get(slot, ()))
        factors = [
            (
                number,
                sum(factor * steps.get(slot, 0) for slot, factor in bounds[number].terms.items()),
            )
            for number in near
        ]
        moved = set(steps)
        follow = []
        for each in self.computed:
            if moved & {term.slot for term in figures(each.value)}:
                follow.append(each)
                moved.add(each.slot)
        concerned = [
            atom for atom in checks if moved & {term.slot for term in figures(atom.difference)}
        ]
        return _Direction(free, steps, [f for f in factors if f[1]], follow, concerned)


def _as_atom(bound: _Bound, oracle: Oracle) -> _Atom:
    terms: list[Value] = [
        Op("*", (Fraction(factor) / oracle.grid(slot).unit, Term(slot, added=True)))  # type: ignore[arg-type]  # a resolved value
        for slot, factor in bound.terms.items()
    ]
    total = Op("+", (*terms, Fraction(bound.constant)))
    return _Atom("≤", total, Fraction(0), holds=True, band=Fraction(0))


def _eliminated(
    equations: Sequence[tuple[Mapping[Slot, Fraction], Slot | None]], movable: set[Slot]
) -> dict[Slot, dict[Slot, Fraction]]:
    """Each dependent slot by how it moves with the free ones; a figure that stands alone is made dependent if it can be."""
    rows: dict[Slot, dict[Slot, Fraction]] = {}
    for terms, alone in equations:
        row = {slot: factor for slot, factor in terms.items() if slot in movable}
        for slot in [slot for slot in row if slot in rows]:
            factor = row.pop(slot)
            _add(row, rows[slot], factor)
        if not row:
            continue
        pivot = alone if alone in row else min(row, key=lambda slot: (abs(row[slot]) != 1, abs(row[slot])))
        assert pivot is not None  # noqa: S101  # a row that is not empty has a least member
        factor = row.pop(pivot)
        solved = {slot: -value / factor for slot, value in row.items()}
        for other in rows.values():
            if pivot in other:
                _add(other, solved, other.pop(pivot))
        rows[pivot] = solved
    return rows


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
