"""A skeleton: which tables there are, how many rows each has, and the keys by which these rows meet."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import product
from random import Random
from typing import NamedTuple

from perfrules.expr import rewrite
from perfrules.expr.nodes import Call, Compare, Field, Node, Number, Pin, Rows, source_of
from perfrules.model import Pack, Rule
from perfrules.quantities import MEASURES
from perfrules.tables import Table
from perfrules.testing.generate.ladders import codes, laddered
from perfrules.testing.generate.texts import GENERIC, Texts
from perfrules.values import frozen

Key = str | int | None
Row = Mapping[str, Key]
"""The cells of a row that are settled beforehand, by column: keys, and what other tables are joined by."""

YEAR = 2023
SIZES = (1, 1, 2, 2, 3, 6)
"""How many rows a finer table may have for one row of a coarser one, with the more usual ones oftener."""


class Slot(NamedTuple):  # a tuple, since it is hashed wherever a figure is read
    """A cell yet to be filled; ``row`` is -1 where there is no such row."""

    table: str
    row: int
    column: str


@dataclass(frozen=True)
class Skeleton:
    """The rows of a dataset to be, with the cells by which they meet.

    Attributes:
        pack: The pack.
        rules: The rules that speak of its tables and of no others.
        tables: Rows by table.
        texts: By table and column, the texts that a cell may hold.
    """

    pack: Pack
    rules: tuple[Rule, ...]
    tables: Mapping[str, tuple[Row, ...]]
    texts: Mapping[tuple[str, str], tuple[str, ...]]
    _found: dict[tuple[str, tuple[tuple[str, Key], ...]], list[int]] = field(
        default_factory=dict, init=False, repr=False
    )

    def rows(self, table: str, wanted: Mapping[str, Key]) -> list[int]:
        """The rows of ``table`` that hold ``wanted``."""
        at = (table, tuple(wanted.items()))
        if at not in self._found:
            self._found[at] = [
                position
                for position, row in enumerate(self.tables.get(table, ()))
                if all(
                    row.get(column) is not None and row[column] == value
                    for column, value in wanted.items()
                )
            ]
        return self._found[at]

    def cells(self, table: str, row: int) -> tuple[Slot, ...]:
        """A slot for every cell of a row, settled or not."""
        return tuple(Slot(table, row, column) for column in self.pack.tables[table].columns)

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """Every cell that is not settled."""
        return tuple(
            Slot(table, position, column)
            for table, rows in self.tables.items()
            for position, row in enumerate(rows)
            for column in self.pack.tables[table].columns
            if column not in row
        )


def nodes_of(rule: Rule) -> Iterator[Node]:
    """Every node of a rule's conditions."""
    for condition in (rule.guard, rule.assertion):
        if condition is not None:
            yield from condition.walk()


def tables_of(rule: Rule) -> frozenset[str]:
    """The tables that a rule speaks about."""
    spoken = {node.table for node in nodes_of(rule) if isinstance(node, Field | Rows)}
    return frozenset({*rule.tables, *spoken})


def rules_within(pack: Pack, tables: frozenset[str]) -> tuple[Rule, ...]:
    """The rules that speak of ``tables`` and of no others."""
    return tuple(rule for rule in pack.rules if tables_of(rule) <= tables)


def skeleton(
    pack: Pack,
    tables: frozenset[str],
    draw: Random,
    *,
    single: str = "",
    gaps: bool = False,
    more: int = 0,
) -> Skeleton:
    """Choose rows and keys for ``tables``.

    Args:
        pack: The pack.
        tables: The tables that there shall be.
        draw: Where choices come from.
        single: A table that gets one row only.
        gaps: Whether rows may be left out of which some rule asks whether they are there.
        more: The more, the more rows finer tables have.
    """
    rules = rules_within(pack, tables)
    texts = Texts(pack, tables, (node for rule in rules for node in nodes_of(rule)))
    keys = _Keys(pack, tables, rules, texts, draw, more)
    asked = asked_tables(rules)
    made: dict[str, tuple[Row, ...]] = {}
    for name in pack.tables:
        if name in tables:
            rows = list(keys.rows(name))
            if gaps and name in asked:
                rows = [row for row in rows if draw.random() < 0.6]
            made[name] = tuple(rows[:1] if name == single else rows)
    settled = {
        name: laddered(keys.joined(name, rows, made), pack.tables[name])
        for name, rows in made.items()
    }
    return Skeleton(pack, rules, settled, {at: texts.of(*at) for at in texts.columns})


def asked_tables(rules: Iterable[Rule]) -> frozenset[str]:
    """The tables of which rules ask whether a row is there, or how many are."""
    return frozenset(
        part.table
        for rule in rules
        for node in nodes_of(rule)
        if isinstance(node, Call) and node.name in ("present", "count")
        for part in node.walk()
        if isinstance(part, Rows)
    )


@frozen
class _Join:
    table: str
    on: tuple[Pin, ...]
    pins: tuple[Pin, ...]


def _joins(rules: Iterable[Rule]) -> Iterator[_Join]:
    found: dict[_Join, None] = {}
    for rule in rules:
        for node in nodes_of(rule):
            if isinstance(node, Field | Rows):
                found[_Join(node.table, node.on, node.pins)] = None
    yield from found


class _Keys:
    """Chooses keys, so that rows that rules bring together do meet."""

    def __init__(
        self,
        pack: Pack,
        tables: frozenset[str],
        rules: Sequence[Rule],
        texts: Texts,
        draw: Random,
        more: int,
    ) -> None:
        self.pack, self.tables, self.draw = pack, tables, draw
        self.joins = tuple(_joins(rules))
        self.more = more
        self.counts: dict[str, int] = {}
        self.texts = texts
        shifts = any(
            node.shift
            for rule in rules
            for node in nodes_of(rule)
            if isinstance(node, Field | Rows)
        )
        years = _years(rules)
        year = years[more % len(years)]
        self.years = [year, year - 1] if shifts and (more or draw.random() < 0.5) else [year]
        keys = [set(pack.tables[table].key) for table in tables]
        self.common = (
            set.intersection(*keys, *(set(rule.grain) for rule in rules)) if keys else set()
        )
        self.pinned: dict[str, dict[str, None]] = {}
        for join in self.joins:
            for column, value in join.pins:
                self.pinned.setdefault(column, {})[value] = None

    def rows(self, table: str) -> Iterator[Row]:
        """The rows of a table, by their keys."""
        spec = self.pack.tables[table]
        columns = list(spec.key)
        finer = [column for column in columns if self._is_finer(column, spec)]
        count = max((self._count(column) for column in finer), default=1)
        fixed = [self._values(column, table, spec) for column in columns if column not in finer]
        for base in product(*fixed):
            settled = iter(base)
            row: dict[str, Key] = {}
            for column in columns:
                row[column] = None if column in finer else next(settled)
            for number in range(count):
                yield (
                    row | {column: self._nth(column, spec, number) for column in finer}
                    if finer
                    else row
                )

    def _count(self, column: str) -> int:
        """How many values a finer column has: the same in every table, so that rows meet."""
        if column not in self.counts:
            self.counts[column] = self.draw.choice(SIZES) + self.more
        return self.counts[column]

    def _is_finer(self, column: str, spec: Table) -> bool:
        return (
            not any(ladder.column == column for ladder in spec.ladders)
            and column not in self.common
            and column not in self.pinned
            and spec.columns[column].type != "year"
            and not any(
                other.key != spec.key and column in other.key
                for other in (self.pack.tables[table] for table in self.tables)
                if set(other.key) < set(spec.key)
            )
            and not self._said(column)
        )

    def _said(self, column: str) -> tuple[str, ...]:
        """What rules say of a key column, in any table that has it."""
        found: dict[str, None] = {}
        for table in self.pack.tables:
            if table in self.tables and column in self.pack.tables[table].key:
                found.update(dict.fromkeys(self.texts.said(table, column)))
        return tuple(found)

    def _values(self, column: str, table: str, spec: Table) -> list[Key]:
        if spec.columns[column].type == "year":
            return list(self.years)
        kind = spec.columns[column].type
        if column in self.pinned:
            return [_as_key(value, kind) for value in self.pinned[column]]
        said = self._said(column)
        ladders = [ladder for ladder in spec.ladders if ladder.column == column]
        if ladders:
            return list(dict.fromkeys([*codes(ladders, self.draw, self.more), *said]))
        if said:
            return [*said, next(text for text in GENERIC if text not in said)]
        relations = [
            join
            for join in self.joins
            if join.table == table and any(grain == column != own for own, grain in join.on)
        ]
        if relations:
            return [self._nth(column, spec, number) for number in range(3)]
        return [self._nth(column, spec, 0)]

    def _nth(self, column: str, spec: Table, number: int) -> Key:
        kind = spec.columns[column].type
        if kind == "text":
            return GENERIC[number]
        if kind in MEASURES or kind == "code":
            return str(number + 1)
        return f"2023-01-{number + 1:02}" if kind == "date" else "是" if number % 2 == 0 else "否"

    def joined(
        self, table: str, rows: Sequence[Row], made: Mapping[str, Sequence[Row]]
    ) -> tuple[Row, ...]:
        """The rows with the other cells by which they meet rows of coarser tables."""
        key = set(self.pack.tables[table].key)
        wanted = {
            own: grain
            for join in self.joins
            if join.table == table
            for own, grain in join.on
            if source_of(own) not in key
        }
        settled = []
        first = self.draw.randrange(100)
        for number, row in enumerate(rows, first):
            cells = dict(row)
            for own, grain in wanted.items():
                cells[own] = self._partner(own, grain, row, made, number)
            settled.append(cells)
        return tuple(settled)

    def _partner(
        self, own: str, grain: str, row: Row, made: Mapping[str, Sequence[Row]], number: int
    ) -> Key:
        """What a row holds to meet a coarser one: of a relation within a table, the first row is the one above the others."""
        values = list(
            dict.fromkeys(
                other[grain]
                for rows in made.values()
                for other in rows
                if other.get(grain) is not None
            )
        )
        if not values:
            return None
        if own != grain and grain in row:
            return None if row[grain] == values[0] else values[0]
        return values[number % len(values)]


def _as_key(value: str, kind: str) -> Key:
    return int(value) if kind == "year" else value


def _years(rules: Sequence[Rule]) -> list[int]:
    """Fiscal years in which rules differ, the one for which most rules hold first."""
    limits = [year for rule in rules for year in (rule.block.since, rule.block.until) if year]
    said = [int(year) for rule in rules for node in nodes_of(rule) for year in _compared(node)]
    years = [YEAR, *limits, *(year + step for year in said for step in (0, 1, -1))]

    def holding(year: int) -> int:
        return sum(
            (rule.block.since or year) <= year <= (rule.block.until or year) for rule in rules
        )

    return sorted(dict.fromkeys(years), key=holding, reverse=True)


def _compared(node: Node) -> Iterator[Fraction]:
    """The whole numbers with which a condition compares a year."""
    sides = (node.left, node.right) if isinstance(node, Compare) else ()
    if any(isinstance(side, Field) and side.type == "year" for side in sides):
        yield from (rewrite.number(side) for side in sides if isinstance(side, Number))
