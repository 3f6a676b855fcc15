"""From one record to many: figures are moved in directions that break no equality, as far as the inequalities let them."""

from collections.abc import Mapping, Sequence

from perfrules.testing.generate.arithmetic import UnpredictableError
from perfrules.testing.generate.printed import Record
from perfrules.testing.generate.rational import Check, Computed
from perfrules.testing.generate.skeleton import Slot
from perfrules.values import frozen

BYTES = 4
"""How many random bytes one direction takes."""
Held = dict[Slot, int | str | None]


@frozen
class Bound:
    """``Σ coefficient · n + constant ≤ 0`` in whole numbers."""

    terms: Mapping[Slot, int]
    constant: int

    def value(self, record: Record) -> int:
        """The left side on a record; a blank is a zero."""
        return self.constant + sum(
            factor * int(record.get(slot) or 0) for slot, factor in self.terms.items()
        )


@frozen
class Direction:
    """A way to walk.

    Attributes:
        free: The figure that is moved.
        steps: How far each slot moves by one step.
        bounds: The inequalities that this concerns, by position, and how much it takes of each.
        computed: The figures that follow.
        checks: The comparisons that are looked at afterwards.
        rests: The inequalities that are looked at afterwards.
    """

    free: Slot
    steps: Mapping[Slot, int]
    bounds: Sequence[tuple[int, int]]
    computed: Sequence[Computed]
    checks: Sequence[Check]
    rests: Sequence[Bound]

    def interval(self, left: Sequence[int]) -> tuple[int, int]:
        """How many steps down and up the inequalities allow, from how far they are from their ends."""
        low, high = -(10**30), 10**30
        for number, factor in self.bounds:
            room = -left[number]
            if factor > 0:
                high = min(high, room // factor)
            else:
                low = max(low, -(room // -factor))
        return min(low, 0), max(high, 0)


@frozen
class Sampler:
    """Makes records of the region of one record.

    Attributes:
        start: The record, and how far its tolerances are used.
        directions: The ways to walk.
        bounds: How far the start is from the end of each inequality.
        tolerances: The slots of ``start`` that are none.
    """

    start: Record
    directions: Sequence[Direction]
    bounds: Sequence[int]
    tolerances: Sequence[Slot] = ()

    @property
    def size(self) -> int:
        """How many random bytes a record takes."""
        return BYTES * len(self.directions)

    def sample(self, raw: bytes) -> Held:
        """The record that ``raw`` says; of zeros only, the one with the least figures."""
        found = dict(self.start)
        left = list(self.bounds)
        for number, way in enumerate(self.directions):
            chunk = int.from_bytes(raw[BYTES * number : BYTES * (number + 1)])
            low, high = way.interval(left)
            held = found[way.free]
            steps = _chosen(chunk, low, high, held, way.steps[way.free])  # type: ignore[arg-type]  # a number
            if steps:
                self._walk(way, steps, found, left)
        for slot in self.tolerances:
            del found[slot]
        return found

    def _walk(self, way: Direction, steps: int, found: Held, left: list[int]) -> None:
        """Take so many steps, or fewer if a condition that is no inequality says so."""
        before = {slot: found[slot] for slot in (*way.steps, *(each.slot for each in way.computed))}
        while steps:
            for slot, step in way.steps.items():
                found[slot] = before[slot] + step * steps  # type: ignore[operator]  # a number
            if self._settles(way, found):
                for number, factor in way.bounds:
                    left[number] += factor * steps
                return
            steps = int(steps / 2)
        found.update(before)

    @staticmethod
    def _settles(way: Direction, found: Held) -> bool:
        """Recompute what follows; whether every condition keeps its truth."""
        try:
            for each in way.computed:
                number = each.number(found)
                if abs(number) > each.grid.high:
                    return False
                found[each.slot] = number
            return all(bound.value(found) <= 0 for bound in way.rests) and all(
                check.is_kept(found) for check in way.checks
            )
        except UnpredictableError:
            return False


def _chosen(chunk: int, low: int, high: int, held: int, step: int) -> int:
    """How many steps to take: from where the figure is nearest zero, up or down, by amounts of every size."""
    home = max(low, min(high, -held // step))
    downward, size, amount = chunk & 1, (chunk >> 1) & 7, chunk >> 4
    down = downward and home != low
    room = home - low if down else high - home
    part = room >> (room.bit_length() * size // 8)
    return home + (-1 if down else 1) * (amount % (part + 1))
