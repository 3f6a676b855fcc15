"""Examples: records on scenarios, whole or with one cell changed, with what every rule must say of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from perfrules.model import Pack
from perfrules.testing.generate.forms import (
    NO,
    YES,
    Comparison,
    Form,
    Part,
    asked_for_blanks,
    slots_of,
)
from perfrules.testing.generate.grids import Grid, grid_of
from perfrules.testing.generate.instances import Instance
from perfrules.testing.generate.predict import Prediction
from perfrules.testing.generate.printed import Record
from perfrules.testing.generate.scenarios import Rows, Scenario, record_without, rows_of
from perfrules.testing.generate.skeleton import Slot
from perfrules.values import frozen

Held = int | str | None
Aim = Literal["violation", "boundary", "missing"]
"""What a changed cell is for: the rule just fails, it just does not, or it lacks a figure that it needs."""


@dataclass(frozen=True)
class Example:
    """A record on a scenario.

    Attributes:
        scenario: The rows and rules.
        record: What the slots hold.
        changed: The cell that is not as the rules want it; None if all are. Without a column, its row was taken away.
        was: What it held before.
        target: The rule, on the row, for which it was changed.
    """

    scenario: Scenario
    record: Record
    changed: Slot | None = None
    was: Held = None
    target: Instance | None = None

    def __repr__(self) -> str:
        return f"<example {self.changed or ''}>"

    @property
    def rows(self) -> Rows:
        """The cells as printed, by table and row."""
        return rows_of(self.scenario.layout, self.record)

    @cached_property
    def concerned(self) -> Sequence[Instance]:
        """The rules, on the rows, that read the changed cell; all of them where none or a whole row was changed."""
        if self.changed is None or not self.changed.column:
            return self.scenario.instances
        return self.scenario.touching[self.changed]

    @cached_property
    def predictions(self) -> Mapping[Instance, Prediction | None]:
        """What the rules that are concerned must say; None where that cannot be told."""
        oracle = self.scenario.oracle(self.record)
        return {instance: oracle.says(instance) for instance in self.concerned}

    def printed(self, held: Held) -> str | None:
        """What stands in the changed cell if it holds that."""
        if self.changed is None or not self.changed.column or held is None or isinstance(held, str):
            return held if isinstance(held, str) else None
        grid = grid_of(self.changed, self.scenario.skeleton.pack)
        return str(held) if grid is None else grid.printed(held)


class NoMoveError(Exception):
    """No change of a single cell does what is asked."""


def moved(scenario: Scenario, record: Record, rule: str, aim: Aim, choice: int) -> Example:
    """A record with one cell changed, so that a rule that passes there just fails, just does not, or lacks a figure.

    What every rule must say of the changed cell can be told; ``choice`` picks the row, the cell and the way.

    Raises:
        NoMoveError: There is no such cell.
    """
    targets = scenario.passing(rule, record)
    for example in _tries(scenario, record, targets, aim, choice):
        if _is_told(example, aim):
            return example
    if aim == "violation":
        for example in _gone(scenario, record, targets):
            return example
    raise NoMoveError(rule)


def _tries(
    scenario: Scenario, record: Record, targets: Sequence[Instance], aim: Aim, choice: int
) -> Iterator[Example]:
    """Changes that may do what is asked, beginning with the one chosen."""
    pack = scenario.skeleton.pack
    moves = [(target, slot) for target in targets for slot in _cells(target, pack, aim)]
    for turn in range(len(moves)):
        target, slot = moves[(choice + turn) % len(moves)]
        move = _Move(scenario, record, target, slot, aim)
        for sign in (1, -1) if choice & 1 else (-1, 1):
            for held in move.values(sign):
                yield Example(scenario, {**record, slot: held}, slot, record[slot], target)


def _gone(scenario: Scenario, record: Record, targets: Sequence[Instance]) -> Iterator[Example]:
    """The same without the one row that a target meets in a table, where this breaks its rule."""
    for target in targets:
        for table in target.rule.tables:
            found = scenario.skeleton.rows(table, target.key)
            if len(found) != 1:
                continue
            (row,) = found
            other, left = scenario.without(table, row), record_without(record, table, row)
            oracle = other.oracle(left)
            for again in other.instances:
                if _is_same(again, target) and oracle.says(again) == Prediction("fail"):
                    yield Example(other, left, Slot(table, row, ""), None, again)


def _is_same(one: Instance, other: Instance) -> bool:
    return (one.rule.id, one.rule.column, one.key) == (other.rule.id, other.rule.column, other.key)


def _cells(target: Instance, pack: Pack, aim: Aim) -> Sequence[Slot]:
    """The cells whose change may do what is asked, in a fixed order."""
    slots = slots_of(target.assertion)
    if aim == "missing":
        asked = asked_for_blanks([target.guard, target.assertion])
        slots = frozenset(
            slot
            for slot in _compared(target.assertion) - asked
            if slot.row >= 0 and pack.tables[slot.table].columns[slot.column].blank != "zero"
        )
    return sorted(slot for slot in slots if slot.row >= 0)


def _compared(part: Part) -> frozenset[Slot]:
    """The cells that the judged comparisons of a condition read."""
    if isinstance(part, Comparison):
        return slots_of(part, shown=True) if part.judged else frozenset()
    below = part.below if isinstance(part, Form) else ()
    return frozenset().union(*map(_compared, below))


@frozen
class _Move:
    """What may be done with one cell for a target."""

    scenario: Scenario
    record: Record
    target: Instance
    slot: Slot
    aim: Aim

    def values(self, sign: int) -> Iterator[Held]:
        """What the cell may be changed to; figures in the direction of ``sign``."""
        if self.aim == "missing":
            yield None
            return
        grid = grid_of(self.slot, self.scenario.skeleton.pack)
        held = self.record[self.slot]
        if grid is None or not isinstance(held, int):
            if self.aim == "violation":
                yield from self._others(grid, held)
            return
        edge = self._edge(held, sign, grid)
        if edge is not None:
            yield held + sign * (edge if self.aim == "violation" else edge - 1)
        elif self.aim == "violation":
            yield None

    def _others(self, grid: Grid | None, held: Held) -> Iterator[Held]:
        """Other contents of a cell without a figure: another text, nothing, or something where nothing was."""
        if grid is not None:
            yield from (grid.low, grid.low + 1) if grid.low > 0 else (0, 1)
            return
        texts = self.scenario.skeleton.texts.get((self.slot.table, self.slot.column), (YES, NO))
        yield from (text for text in texts if text != held)
        if held is not None:
            yield None

    def _edge(self, start: int, sign: int, grid: Grid) -> int | None:
        """The fewest units by which the figure must move for the rule to fail; None if no number of them will do."""
        limit = grid.high - start if sign > 0 else start - grid.low
        low, high = 0, min(1, limit)
        while not self._fails(start + sign * high):
            if high >= limit:
                return None
            low, high = high, min(2 * high, limit)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self._fails(start + sign * middle) else (middle, high)
        return high

    def _fails(self, held: int) -> bool:
        oracle = self.scenario.oracle({**self.record, self.slot: held})
        return oracle.says(self.target) == Prediction("fail")


def _is_told(example: Example, aim: Aim) -> bool:
    """Whether it is known what every rule says that reads the changed cell, and the one in question says what is asked."""
    slot, target = example.changed, example.target
    assert slot is not None  # noqa: S101  # of changed examples only
    assert target is not None  # noqa: S101  # likewise
    aimed = example.predictions[target]
    if aimed is None or None in example.predictions.values():
        return False
    if aim == "missing":
        return aimed.outcome == "unknown" and slot in aimed.missing
    if aim == "violation":
        return aimed.outcome == "fail"
    return aimed.outcome in ("pass", "rounding") and example.record[slot] != example.was
