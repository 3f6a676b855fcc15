"""Scenarios: a skeleton, a record on it that the rules agree with, and the region around that record."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random

import z3

from perfrules.model import Pack, Rule
from perfrules.testing.generate.grids import grid_of
from perfrules.testing.generate.ground import Instance, grounded
from perfrules.testing.generate.predict import Oracle, Prediction, Record, UnpredictableError
from perfrules.testing.generate.sampler import Sampler, sampler
from perfrules.testing.generate.skeleton import Skeleton, Slot, skeleton
from perfrules.testing.generate.solver import (
    Encoder,
    NoneError,
    Question,
    UndecidedError,
    asked_for_blanks,
)

Rows = dict[str, list[dict[str, str | None]]]
"""Cells as printed, by table and row."""
TRIES = 6
"""How many skeletons are tried until one fits."""

MOST_WISHES = 30
"""Of how many rules it is wished that they apply, and of how many figures that they are not zero."""


class ContradictionError(Exception):
    """No data agrees with all of these rules."""

    def __init__(self, rules: tuple[str, ...]) -> None:
        super().__init__(", ".join(rules))
        self.rules = rules


@dataclass(frozen=True)
class Scenario:
    """Rows, and a record on them with which the rules agree.

    Attributes:
        skeleton: The rows.
        instances: The rules on them.
        record: What the slots hold.
        negative: Whether figures may be below zero.
        refused: By id of a rule, what of it cannot be generated for.
    """

    skeleton: Skeleton
    instances: tuple[Instance, ...]
    record: Record
    negative: bool
    refused: Mapping[str, str]

    @cached_property
    def sampler(self) -> Sampler:
        """Makes other records on the same rows on which every rule says the same."""
        oracle = Oracle(self.skeleton.pack, self.record)
        return sampler(self.record, self.instances, oracle, negative=self.negative)

    @cached_property
    def touching(self) -> Mapping[Slot, tuple[Instance, ...]]:
        """The instances that read each slot."""
        found: dict[Slot, list[Instance]] = {}
        for instance in self.instances:
            for slot in instance.slots:
                found.setdefault(slot, []).append(instance)
        return {slot: tuple(some) for slot, some in found.items()}

    def active(self, rule: Rule | str) -> tuple[Instance, ...]:
        """The instances of a rule that pass."""
        name = rule if isinstance(rule, str) else rule.id
        oracle = Oracle(self.skeleton.pack, self.record)
        return tuple(
            instance
            for instance in self.instances
            if instance.rule.id == name
            and (isinstance(rule, str) or instance.rule.column == rule.column)
            and says(oracle, instance) == Prediction("pass")
        )

    def rows(self, record: Record) -> Rows:
        """A record as cells by table."""
        return rows_of(self.skeleton, record)


def says(oracle: Oracle, instance: Instance) -> Prediction | None:
    """What a rule must say; None where that cannot be told."""
    try:
        return oracle.predict(instance)
    except UnpredictableError:
        return None


def rows_of(made: Skeleton, record: Record) -> Rows:
    """A record on a skeleton as cells by table."""
    return {
        table: [
            {
                column: _cell(row[column] if column in row else record.get(Slot(table, position, column)), Slot(table, position, column), made.pack)
                for column in made.pack.tables[table].columns
            }
            for position, row in enumerate(rows)
        ]
        for table, rows in made.tables.items()
    }


def _cell(held: int | str | None, slot: Slot, pack: Pack) -> str | None:
    if held is None or isinstance(held, str):
        return held
    grid = grid_of(slot, pack)
    return str(held) if grid is None else grid.printed(held)


def scenario(
    pack: Pack,
    tables: frozenset[str],
    number: int,
    *,
    single: str = "",
    active: Iterable[str] = (),
) -> Scenario:
    """The scenario of that number.

    Args:
        pack: The pack.
        tables: The tables that there shall be.
        number: Another number gives other rows, figures and branches.
        single: A table that gets one row only.
        active: Ids of rules that shall apply, if that is possible.

    Raises:
        ContradictionError: No data agrees with all rules, as far as the skeletons that were tried go.
    """
    clash: tuple[str, ...] = ()
    for attempt in range(TRIES):
        draw = Random(f"{number} {attempt}")  # noqa: S311  # variety, not secrecy
        made = skeleton(pack, tables, draw, single=single, more=attempt)
        instances, refused = grounded(pack, made)
        negative = number % 4 == 3
        found = _Search(made, instances, draw, negative=negative or attempt >= TRIES // 2)
        record = found.record(frozenset(active), number)
        if record is not None:
            return Scenario(made, instances, record, found.negative, refused)
        clash = found.clash
    raise ContradictionError(clash)


class _Search:
    """Looks for a record on one skeleton."""

    def __init__(
        self, made: Skeleton, instances: Sequence[Instance], draw: Random, *, negative: bool
    ) -> None:
        self.made, self.draw, self.negative = made, draw, negative
        self.encoder = Encoder(made, negative=negative)
        blank = asked_for_blanks(
            cond for instance in instances for cond in (instance.guard, instance.assertion)
        )
        self.blank = sorted(blank, key=lambda slot: (slot.table, slot.row, slot.column))
        self.question = Question(self.encoder, blank, draw.randrange(10**6))
        self.needed: list[tuple[Instance, z3.BoolRef]] = []
        self.clash: tuple[str, ...] = ()
        for instance in instances:
            before, self.encoder.factors = self.encoder.factors, {}
            formula = self.encoder.is_consistent(instance)
            own, self.encoder.factors = self.encoder.factors, before | self.encoder.factors
            if not z3.is_false(z3.simplify(formula)):
                self.question.factors[f"{len(self.needed)} {instance.rule.id}"] = set(own)
                self.needed.append((instance, formula))
            elif not z3.is_false(z3.simplify(self.encoder.breaks(instance))):
                self.clash = (instance.rule.id,)  # what it needs is there, and it cannot hold on these rows

    def record(self, active: frozenset[str], number: int) -> Record | None:
        """A record that agrees with every rule; None if none was found."""
        if self.clash:
            return None
        needed = {f"{at} {each.rule.id}": formula for at, (each, formula) in enumerate(self.needed)}
        try:
            return self.question.ask(needed, [*self._wishes(active, number)])
        except UndecidedError:
            return None
        except NoneError as none:
            self.clash = tuple(sorted({name.partition(" ")[2] for name in none.names}))
            return None

    def _wishes(self, active: frozenset[str], number: int) -> Iterable[z3.BoolRef]:
        """First that the rules in question apply, then that most others do, then that cells are there or not, and few figures zero."""
        yield from (
            self.encoder.passes(instance) for instance, _ in self.needed if instance.rule.id in active
        )
        others = [instance for instance, _ in self.needed if instance.rule.id not in active]
        self.draw.shuffle(others)
        for instance in others[:MOST_WISHES]:
            met, unmet = self.encoder.truths(instance.guard)
            yield met if number == 0 or self.draw.random() < 0.8 else unmet
        for slot in self.draw.sample(self.blank, min(len(self.blank), MOST_WISHES)):
            there = self.encoder.there(slot)
            yield there if self.draw.random() < 0.5 else z3.Not(there)
        slots = [slot for slot in self.made.slots if grid_of(slot, self.made.pack) is not None]
        for slot in self.draw.sample(slots, min(len(slots), MOST_WISHES)):
            yield self.encoder.number(slot) != 0
