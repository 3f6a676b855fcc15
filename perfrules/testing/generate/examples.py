"""Examples: records on scenarios, whole or with one cell changed, with what every rule must say of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from perfrules.testing.generate.grids import Grid, grid_of
from perfrules.testing.generate.ground import (
    Comparison,
    Cond,
    Instance,
    below_of,
    grounded,
    slots_of,
)
from perfrules.testing.generate.predict import Oracle, Prediction, Record
from perfrules.testing.generate.scenarios import Rows, Scenario, rows_of, says
from perfrules.testing.generate.skeleton import Key, Skeleton, Slot
from perfrules.testing.generate.solver import asked_for_blanks

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
        return rows_of(self.scenario.skeleton, self.record)

    @cached_property
    def concerned(self) -> Sequence[Instance]:
        """The rules, on the rows, that read the changed cell; all of them where none or a whole row was changed."""
        if self.changed is None or not self.changed.column:
            return self.scenario.instances
        return self.scenario.touching[self.changed]

    @cached_property
    def predictions(self) -> Mapping[Instance, Prediction | None]:
        """What the rules that are concerned must say; None where that cannot be told."""
        oracle = Oracle(self.scenario.skeleton.pack, self.record)
        return {instance: says(oracle, instance) for instance in self.concerned}

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
    oracle = Oracle(scenario.skeleton.pack, record)
    targets = [
        instance
        for instance in scenario.instances
        if instance.rule.id == rule and says(oracle, instance) == Prediction("pass")
    ]
    moves = [(target, slot) for target in targets for slot in _cells(target, oracle, aim)]
    for turn in range(len(moves)):
        target, slot = moves[(choice + turn) % len(moves)]
        for sign in (1, -1) if choice & 1 else (-1, 1):
            for held in _values(scenario, record, target, slot, aim, sign):
                example = Example(scenario, {**record, slot: held}, slot, record[slot], target)
                if _is_told(example):
                    return example
    if aim == "violation":
        for target in targets:
            for table in target.rule.tables:
                example = _row_gone(scenario, record, target, table)
                if example is not None:
                    return example
    raise NoMoveError(rule)


def _row_gone(
    scenario: Scenario, record: Record, target: Instance, table: str
) -> Example | None:
    """The same without the row of a table that the target meets, if this breaks its rule."""
    found = scenario.skeleton.rows(table, target.key)
    if len(found) != 1:
        return None
    (row,) = found
    tables = dict(scenario.skeleton.tables)
    tables[table] = tables[table][:row] + tables[table][row + 1 :]
    made = replace(scenario.skeleton, tables=tables, _found={})
    instances, refused = grounded(made.pack, made)
    left = {
        Slot(table, slot.row - (slot.row > row), slot.column) if slot.table == table else slot: held
        for slot, held in record.items()
        if (slot.table, slot.row) != (table, row)
    }
    other = Scenario(made, instances, left, scenario.negative, refused)
    oracle = Oracle(made.pack, left)
    again = [
        instance
        for instance in instances
        if instance.rule.id == target.rule.id and instance.key == target.key
    ]
    if not any(says(oracle, instance) == Prediction("fail") for instance in again):
        return None
    return Example(other, left, Slot(table, row, ""), None, again[0])


def _cells(target: Instance, oracle: Oracle, aim: Aim) -> Sequence[Slot]:
    """The cells whose change may do what is asked, in a fixed order."""
    slots = slots_of(target.assertion)
    if aim == "missing":
        columns = oracle.pack.tables
        asked = asked_for_blanks([target.guard, target.assertion])
        slots = {
            slot
            for slot in _compared(target.assertion) - asked
            if slot.row >= 0 and columns[slot.table].columns[slot.column].blank != "zero"
        }
    there = [slot for slot in slots if slot.row >= 0]
    return sorted(there, key=lambda slot: (slot.table, slot.row, slot.column))


def _compared(cond: Cond) -> frozenset[Slot]:
    """The cells that the judged comparisons of a condition read."""
    if isinstance(cond, Comparison):
        return slots_of(cond, shown=True) if cond.judged else frozenset()
    parts = [_compared(part) for part in below_of(cond) if isinstance(part, Cond)]
    return frozenset().union(*parts)


def _values(
    scenario: Scenario, record: Record, target: Instance, slot: Slot, aim: Aim, sign: int
) -> Iterator[Held]:
    """What the cell may be changed to."""
    if aim == "missing":
        yield None
        return
    grid = grid_of(slot, scenario.skeleton.pack)
    held = record[slot]
    if grid is None or held is None:
        if aim == "violation":
            yield from _others(scenario, slot, grid, held)
        return
    edge = _edge(record, target, slot, sign, grid, scenario)
    if edge is not None:
        yield int(held) + sign * (edge if aim == "violation" else edge - 1)
    elif aim == "violation":
        yield None


def _others(scenario: Scenario, slot: Slot, grid: Grid | None, held: Held) -> Iterator[Held]:
    """Other contents of a cell without a figure: another text, nothing, or something where nothing was."""
    if grid is not None:
        yield 0
        yield 1
        return
    texts = scenario.skeleton.texts.get((slot.table, slot.column), ("是", "否"))
    yield from (text for text in texts if text != held)
    if held is not None:
        yield None


def _edge(
    record: Record, target: Instance, slot: Slot, sign: int, grid: Grid, scenario: Scenario
) -> int | None:
    """The fewest units by which the figure must move for the rule to fail; None if no number of them will do."""
    start = int(record[slot] or 0)

    def fails(units: int) -> bool:
        oracle = Oracle(scenario.skeleton.pack, {**record, slot: start + sign * units})
        found = says(oracle, target)
        return found is not None and found.outcome == "fail"

    high = 1
    while not fails(high):
        high *= 2
        if not grid.low <= start + sign * high <= grid.high:
            return None
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if fails(middle) else (middle, high)
    return high


def _is_told(example: Example) -> bool:
    """Whether it is known what every rule says that reads the changed cell, and the one in question says what is asked."""
    assert example.changed is not None  # noqa: S101  # of changed examples only
    assert example.target is not None  # noqa: S101  # likewise
    oracle = Oracle(example.scenario.skeleton.pack, example.record)
    told = [says(oracle, instance) for instance in example.scenario.touching[example.changed]]
    aimed = says(oracle, example.target)
    if aimed is None or None in told:
        return False
    if example.record[example.changed] is None and aimed.outcome == "unknown":
        return example.changed in aimed.missing
    before = example.was is not None and example.record[example.changed] == example.was
    return aimed.outcome == "fail" or (aimed.outcome in ("pass", "rounding") and not before)


# ---- several examples in one dataset ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Gathered:
    """Several examples side by side in one dataset, their keys made apart.

    Attributes:
        skeleton: Of any of them, for the pack and its rules.
        rows: All their rows.
        wanted: What each rule must say: by id, ``for`` and key.
    """

    skeleton: Skeleton
    rows: Rows
    wanted: Mapping[tuple[str, str, tuple[str, ...]], Prediction | None]


def partition(skeleton: Skeleton) -> str | None:
    """The key column by which whole examples can be told apart: text, in every key and grain, and spoken of by no rule."""
    pack = skeleton.pack
    for column in next(iter(pack.tables[table] for table in skeleton.tables)).key:
        specs = [pack.tables[table] for table in skeleton.tables]
        if all(column in spec.key and spec.columns[column].type in ("text", "code") for spec in specs):
            values = {row[column] for rows in skeleton.tables.values() for row in rows}
            grains = all(column in rule.grain for rule in skeleton.rules)
            if grains and len(values) <= 1:
                return column
    return None


def gathered(examples: Sequence[Example]) -> list[Gathered]:
    """Examples of scenarios over the same tables in as few datasets as their keys allow."""
    column = partition(examples[0].scenario.skeleton)
    if column is None:
        return [_one(example, {}) for example in examples]
    parts = [_one(example, {column: str(number)}) for number, example in enumerate(examples)]
    rows: Rows = {}
    for part in parts:
        for table, some in part.rows.items():
            rows.setdefault(table, []).extend(some)
    wanted = {at: said for part in parts for at, said in part.wanted.items()}
    return [Gathered(parts[0].skeleton, rows, wanted)]


def _one(example: Example, marks: Mapping[str, str]) -> Gathered:
    def marked(column: str, value: Key) -> str:
        return f"{value}{marks.get(column, '')}"

    rows = {
        table: [
            {
                column: None if cell is None else marked(column, cell)
                for column, cell in row.items()
            }
            for row in some
        ]
        for table, some in example.rows.items()
    }
    wanted = {
        (
            instance.rule.id,
            instance.rule.column,
            tuple(marked(column, instance.key[column]) for column in instance.rule.grain),
        ): said
        for instance, said in example.predictions.items()
    }
    return Gathered(example.scenario.skeleton, rows, wanted)
