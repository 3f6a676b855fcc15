"""Cases laid out as data: a stand is one case on which its rule, and any variant of it, can be judged.

The cases of a rule share one dataset where their keys can be made apart, since reading is what costs.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date, timedelta
from typing import Any

import polars as pl

from perfrules.evaluate import reference
from perfrules.evaluate.rows import Index, Row
from perfrules.evaluate.sheets import Laid
from perfrules.evaluate.sheets.laying import lay
from perfrules.expr.nodes import Field, Node, Rows, source_of
from perfrules.locale import Worded, message
from perfrules.model import Case, Pack, Rule
from perfrules.plan import Sheet, bind, bound_rule
from perfrules.quantities import LogicalType
from perfrules.readers import read_frames
from perfrules.tables import Table
from perfrules.testing.levels import with_ladders
from perfrules.values import frozen, mutable

Cells = dict[str, str | None]
Written = dict[str, list[Cells]]
"""Rows by table, with every key column."""
_WORDS: Mapping[LogicalType, str] = {"text": "A", "flag": "true"}
_YEAR, _DAY = 2023, date(2023, 1, 1)


@frozen
class Stand:
    """A case laid out as data.

    Attributes:
        case: The case.
        pack: The pack of its rule.
        sheet: The rule bound to the data.
        laid: The sheet laid over the data; several cases may share it.
        index: The data by key.
        at: Which row of the sheet the case speaks of.
        row: That row, for the reference.
        key: Its key, as the case has it.
    """

    case: Case
    pack: Pack
    sheet: Sheet
    laid: Laid
    index: Index
    at: int
    row: Row
    key: Mapping[str, str]

    def verdict(self, rule: Rule) -> reference.Verdict:
        """What the reference says of ``rule``, or of a variant that reads the same columns, in this case."""
        bound = bound_rule(rule, self.pack)
        return reference.evaluate(bound.rule, self.row, bound.slack)


@frozen
class Refused:
    """A case in which its rule cannot run, and why."""

    case: Case
    reason: Worded


def stands(
    rule: Rule, pack: Pack, cases: Sequence[Case], variants: Iterable[Rule] = ()
) -> tuple[Stand | Refused, ...]:
    """Lay out cases of ``rule``, in their order.

    Args:
        rule: The rule.
        pack: Its pack, in whose own units the cells are read.
        cases: Cases of the rule.
        variants: Variants of the rule that are to be judged too; what they read must be there.
    """
    variants = tuple(variants)
    pack = with_ladders(pack, (rule, *variants))
    nodes = [node for each in (rule, *variants) for node in conditions(each)]
    reach = _Reach(rule, pack, _columns(nodes, rule, pack))
    written = [reach.written(case) for case in cases]
    apart = reach.apart(nodes, written) if len(cases) > 1 else None
    if apart is not None:
        return reach.laid(cases, written, apart)
    return tuple(
        found
        for case, rows in zip(cases, written, strict=True)
        for found in reach.laid([case], [rows], None)
    )


def conditions(rule: Rule) -> tuple[Node, ...]:
    """The assertion of a rule, and its guard if it has one."""
    return (rule.assertion,) if rule.guard is None else (rule.assertion, rule.guard)


def columns_of(rule: Rule, pack: Pack) -> dict[str, set[str]]:
    """The columns that a rule reads, by table; keys included."""
    return _columns(conditions(rule), rule, pack)


def _columns(nodes: Iterable[Node], rule: Rule, pack: Pack) -> dict[str, set[str]]:
    """The columns that ``nodes`` read, by table; keys included."""
    found: dict[str, set[str]] = {table: set() for table in rule.tables}
    for node in nodes:
        for part in node.walk():
            if isinstance(part, Field | Rows):
                columns = found.setdefault(part.table, set())
                columns.update(source_of(column) for column, _ in (*part.on, *part.pins))
                if isinstance(part, Field):
                    columns.add(part.column)
    for table, columns in found.items():
        columns.update(pack.tables[table].key)
        columns.update(column for column in rule.grain if column in pack.tables[table].columns)
    return found


@frozen
class _Reach:
    """What the cases of one rule reach.

    Attributes:
        rule, pack: The rule, and its pack.
        needed: Columns that must be there, by table.
    """

    rule: Rule
    pack: Pack
    needed: Mapping[str, Collection[str]]

    def written(self, case: Case) -> Written:
        """The rows of a case, with the key columns that it leaves out."""
        found: Written = {table: [] for table in self.needed}
        for table, rows in case.rows.items():
            spec = self.pack.tables[table]
            held = [{**self.defaults(spec), **row} for row in rows]
            found[table] = _numbered(held, rows, spec)
        return found

    def defaults(self, spec: Table) -> Cells:
        """What stands in key columns that a case leaves out; the same in all tables, so that rows meet."""
        return {name: self.default(spec.columns[name].type) for name in spec.key}

    def default(self, kind: LogicalType) -> str:
        """What stands in a key column of this type."""
        block = self.rule.block
        if kind == "year":
            year = max(_YEAR, block.since or _YEAR)
            return str(year if block.until is None else min(year, block.until))
        return _DAY.isoformat() if kind == "date" else _WORDS.get(kind, "1")

    def apart(self, nodes: Iterable[Node], written: Sequence[Written]) -> tuple[str, str] | None:
        """A key column that all cases leave out, with its default: every join is over it, and nothing else reads it."""
        read = [part for node in nodes for part in node.walk() if isinstance(part, Field | Rows)]
        specs = [self.pack.tables[table] for table in {table for rows in written for table in rows}]
        for name in self.rule.grain:
            if (
                all(name in spec.key and spec.columns[name].type == "text" for spec in specs)
                and all((name, name) in part.on for part in read)
                and not any(isinstance(part, Field) and part.column == name for part in read)
                and all(_is_default(rows, name, self.default("text")) for rows in written)
            ):
                return name, self.default("text")
        return None

    def laid(
        self, cases: Sequence[Case], written: Sequence[Written], apart: tuple[str, str] | None
    ) -> tuple[Stand | Refused, ...]:
        """Lay cases out in one dataset; ``apart`` is the key column that tells them apart."""
        firsts: list[tuple[str, int]] = []
        gathered: dict[str, list[Cells]] = {}
        for number, rows in enumerate(written):
            home = next((table for table in self.rule.tables if rows.get(table)), "")
            firsts.append((home, len(gathered.get(home, ()))))
            mark: Cells = {} if apart is None else {apart[0]: str(number)}
            for table, some in rows.items():
                gathered.setdefault(table, []).extend({**row, **mark} for row in some)
        frames = {table: self._frame(table, rows) for table, rows in gathered.items()}
        dataset = read_frames(frames, self.pack.tables)
        plan = bind(replace(self.pack, rules=(self.rule,), faults=(), faulty=()), dataset)
        if not plan.sheets:
            reason = next(notice.message for notice in plan.notices if notice.rules)
            return tuple(Refused(case, reason) for case in cases)
        (sheet,) = plan.sheets
        ground = _Ground(self, sheet, lay(sheet, dataset), Index(dataset), apart)
        return tuple(
            ground.stand(case, home, first)
            for case, (home, first) in zip(cases, firsts, strict=True)
        )

    def _frame(self, table: str, rows: Sequence[Mapping[str, str | None]]) -> pl.DataFrame:
        named = {column for row in rows for column in row} | set(self.needed.get(table, ()))
        columns = [column for column in self.pack.tables[table].columns if column in named]
        return pl.DataFrame(
            {column: [row.get(column) for row in rows] for column in columns},
            schema=dict.fromkeys(columns, pl.String),
        )


@mutable
class _Ground:
    """One dataset on which cases stand."""

    reach: _Reach
    sheet: Sheet
    laid: Laid
    index: Index
    apart: tuple[str, str] | None
    places: dict[tuple[Any, ...], int] = field(init=False)

    def __post_init__(self) -> None:
        rows = list(enumerate(self.laid.keys.iter_rows()))
        self.places = {key: at for at, key in reversed(rows)}

    def stand(self, case: Case, home: str, first: int) -> Stand | Refused:
        """The case on the row of the rule that the row ``first`` of the table ``home`` belongs to."""
        if not home:
            tables = self.reach.rule.tables
            return Refused(case, message("it has no row of {tables}", tables=tables))
        keys = self.index.dataset.tables[home].frame.select(self.laid.keys.columns)
        at = first if self.laid.direct else self.places.get(keys.row(first))
        if at is None:
            reason = message("the key of its first row of {table} is not complete", table=home)
            return Refused(case, reason)
        row = self.laid.row(self.index, at)
        key = {name: str(value) for name, value in row.grain.items()}
        if self.apart is not None:
            key[self.apart[0]] = self.apart[1]
        return Stand(case, self.reach.pack, self.sheet, self.laid, self.index, at, row, key)


def _is_default(rows: Written, name: str, value: str) -> bool:
    return all(row[name] == value for some in rows.values() for row in some)


def _numbered(
    held: list[Cells], given: Sequence[Mapping[str, str | None]], spec: Table
) -> list[Cells]:
    """Rows that share their key numbered from 1, in the last key column that they leave out."""
    keys = [tuple(row[name] for name in spec.key) for row in held]
    shared = Counter(keys)
    seen: Counter[tuple[str | None, ...]] = Counter()
    for row, written, key in zip(held, given, keys, strict=True):
        free = [name for name in spec.key if name not in written]
        if shared[key] > 1 and free:
            row[free[-1]] = _counted(spec.columns[free[-1]].type, seen[key])
            seen[key] += 1
    return held


def _counted(kind: LogicalType, number: int) -> str:
    """The value of a numbered key column; years and days follow one another."""
    if kind == "year":
        return str(_YEAR + number)
    if kind == "date":
        return (_DAY + timedelta(days=number)).isoformat()
    return ("true", "false")[number % 2] if kind == "flag" else str(number + 1)


def ran(found: Iterable[Stand | Refused]) -> Iterator[Stand]:
    """The cases in which the rule can run."""
    return (stand for stand in found if isinstance(stand, Stand))
