"""Scenarios: a skeleton, a record on it that the rules agree with, and the region around that record."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from random import Random

from perfrules.model import Pack
from perfrules.testing.generate.forms import asked_for_blanks
from perfrules.testing.generate.grids import Grid, grid_of
from perfrules.testing.generate.instances import Instance, grounded
from perfrules.testing.generate.ladders import laddered
from perfrules.testing.generate.predict import Oracle, Prediction
from perfrules.testing.generate.printed import Balances, Record
from perfrules.testing.generate.region import sampler
from perfrules.testing.generate.sampler import Sampler
from perfrules.testing.generate.skeleton import Key, Skeleton, Slot, skeleton
from perfrules.testing.generate.solver import (
    Encoder,
    Formula,
    NoneError,
    Question,
    UndecidedError,
    is_never,
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
    balances: Balances = field(default_factory=dict, repr=False)
    _without: dict[tuple[str, int], "Scenario"] = field(
        default_factory=dict, init=False, repr=False
    )

    def __repr__(self) -> str:
        return f"<scenario of {', '.join(self.skeleton.tables)}>"

    @cached_property
    def layout(self) -> "Layout":
        """The cells."""
        return layout_of(self.skeleton)

    def oracle(self, record: Record) -> Oracle:
        """Reckons what rules say of a record on these rows."""
        return Oracle(self.skeleton.pack, record, self.balances)

    @cached_property
    def sampler(self) -> Sampler:
        """Makes other records on the same rows on which every rule says the same."""
        return sampler(self.instances, self.oracle(self.record), negative=self.negative)

    @cached_property
    def touching(self) -> Mapping[Slot, tuple[Instance, ...]]:
        """The instances that read each slot."""
        found: dict[Slot, list[Instance]] = {}
        for instance in self.instances:
            for slot in instance.slots:
                found.setdefault(slot, []).append(instance)
        return {slot: tuple(some) for slot, some in found.items()}

    def passing(self, rule: str, record: Record) -> list[Instance]:
        """The instances of a rule that pass on a record."""
        oracle = self.oracle(record)
        return [
            instance
            for instance in self.instances
            if instance.rule.id == rule and oracle.says(instance) == Prediction("pass")
        ]

    def without(self, table: str, row: int) -> "Scenario":
        """The same without a row."""
        if (table, row) not in self._without:
            tables = dict(self.skeleton.tables)
            left = tables[table][:row] + tables[table][row + 1 :]
            tables[table] = laddered(left, self.skeleton.pack.tables[table])
            made = replace(self.skeleton, tables=tables)
            instances, refused = grounded(made)
            record = record_without(self.record, table, row)
            self._without[table, row] = Scenario(made, instances, record, self.negative, refused)
        return self._without[table, row]


def record_without(record: Record, table: str, row: int) -> Record:
    """A record without the slots of a row; those of the rows after it move up."""
    return {
        Slot(table, slot.row - (slot.row > row), slot.column) if slot.table == table else slot: held
        for slot, held in record.items()
        if (slot.table, slot.row) != (table, row)
    }


Layout = Mapping[str, Sequence[Mapping[str, "Key | tuple[Slot, Grid | None]"]]]
"""By table, row and column, what is settled, or the slot with its grid."""


def layout_of(made: Skeleton) -> Layout:
    """The cells of a skeleton."""
    return {
        table: [
            {
                slot.column: row[slot.column]
                if slot.column in row
                else (slot, grid_of(slot, made.pack))
                for slot in made.cells(table, position)
            }
            for position, row in enumerate(rows)
        ]
        for table, rows in made.tables.items()
    }


def rows_of(layout: Layout, record: Record) -> Rows:
    """A record as printed cells by table."""
    return {
        table: [{column: _cell(cell, record) for column, cell in row.items()} for row in rows]
        for table, rows in layout.items()
    }


def _cell(cell: "Key | tuple[Slot, Grid | None]", record: Record) -> str | None:
    if not isinstance(cell, tuple):
        return None if cell is None else str(cell)
    slot, grid = cell
    held = record.get(slot)
    return grid.printed(held) if grid and isinstance(held, int) else held  # type: ignore[return-value]  # a text


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
        instances, refused = grounded(made)
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
        blank = asked_for_blanks(
            [part for each in instances for part in (each.guard, each.assertion)]
        )
        self.blank = sorted(blank)
        self.encoder = Encoder(made, blank, negative=negative)
        self.question = Question(self.encoder, draw.randrange(10**6))
        self.needed: list[tuple[Instance, Formula]] = []
        self.clash: tuple[str, ...] = ()
        for instance in instances:
            self._need(instance)

    def _need(self, instance: Instance) -> None:
        before, self.encoder.factors = self.encoder.factors, {}
        formula = self.encoder.is_consistent(instance)
        own, self.encoder.factors = self.encoder.factors, before | self.encoder.factors
        if not is_never(formula):
            self.question.factors[f"{len(self.needed)} {instance.rule.id}"] = set(own)
            self.needed.append((instance, formula))
        elif not is_never(self.encoder.breaks(instance)):
            self.clash = (
                instance.rule.id,
            )  # what it needs is there, and it cannot hold on these rows

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

    def _wishes(self, active: frozenset[str], number: int) -> Iterator[Formula]:
        """First that the rules in question apply, then that most others do, then that cells are there or not, and few figures zero."""
        yield from (
            self.encoder.passes(instance)
            for instance, _ in self.needed
            if instance.rule.id in active
        )
        others = [instance for instance, _ in self.needed if instance.rule.id not in active]
        self.draw.shuffle(others)
        for instance in others[:MOST_WISHES]:
            on = number == 0 or self.draw.random() < 0.8
            yield self.encoder.applies(instance) if on else self.encoder.is_off(instance)
        for slot in self.draw.sample(self.blank, min(len(self.blank), MOST_WISHES)):
            there = self.encoder.there(slot)
            yield there if self.draw.random() < 0.5 else self.encoder.is_blank(slot)
        slots = [slot for slot in self.made.slots if grid_of(slot, self.made.pack) is not None]
        for slot in self.draw.sample(slots, min(len(slots), MOST_WISHES)):
            yield self.encoder.is_not_zero(slot)
