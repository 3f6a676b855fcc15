"""Engines where the data already is: verdicts are computed in a database, and only counts and non-passes come back."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Protocol

import polars as pl

from perfrules.dataset import Dataset
from perfrules.dataset.relations import Database, Relation, UnsayableError
from perfrules.evaluate import engines, reference
from perfrules.evaluate.engines import DETAIL_LIMIT, SheetVerdicts
from perfrules.evaluate.remote import checks
from perfrules.evaluate.remote.evidence import Evidence, Reaches, tables_of
from perfrules.evaluate.remote.laying import lay
from perfrules.evaluate.remote.passes import Pass, ReadySheet, ready
from perfrules.expr.nodes import Call
from perfrules.model import Rule
from perfrules.plan import BoundRule, Plan, Sheet
from perfrules.values import frozen
from perfrules.verdicts import Code

GAPS = frozenset({"count_distinct", "matches"})
"""Functions that polars has and databases have not: narwhals counts a null as a value, and each database has patterns of its own."""


class Holding(Protocol):
    """Data in a database, and the way back to rows of it."""

    @property
    def database(self) -> Database:
        """Where it is."""

    @property
    def relations(self) -> Mapping[str, Relation]:
        """The tables that it can work on, by id."""

    def around(self, reaches: Reaches) -> Dataset:
        """The rows that have one of the keys in ``reaches``, and possibly more."""

    def whole(self, tables: Collection[str]) -> Dataset:
        """Whole tables in memory."""


@frozen
class Parted:
    """A sheet in two: what the database judges, and what is judged in memory.

    Attributes:
        relations: The tables that it was made for.
        made: What the database judges; None if that is nothing.
        local: What is judged in memory; None likewise.
    """

    relations: tuple[Relation, ...]
    made: ReadySheet | None
    local: Sheet | None


class Shelf:
    """Sheets made ready for databases, kept for the next runs over tables alike; threads may share one.

    Attributes:
        memory: Sheets that are judged in memory.
    """

    KEPT = 8
    """Variants kept of each sheet."""

    def __init__(self) -> None:
        self.memory = engines.Shelf()
        self._kept: dict[tuple[int, str], tuple[Sheet, tuple[Parted, ...]]] = {}

    def parted(self, sheet: Sheet, data: Holding) -> Parted:
        """A sheet in two, for the tables of ``data``."""
        names = tables_of(sheet)
        relations = tuple(there for name, there in data.relations.items() if name in names)
        at = id(sheet), data.database.name
        _, kept = self._kept.get(at, (sheet, ()))
        for variant in kept:
            if len(variant.relations) == len(relations) and all(
                one.like(other) for one, other in zip(relations, variant.relations, strict=True)
            ):
                return variant
        made = _parted(sheet, relations, data)
        # the sheet is held, so that its id is not given to another
        self._kept[at] = (sheet, (made, *kept[: self.KEPT - 1]))
        return made


def evaluate(
    plan: Plan,
    data: Holding,
    limit: int = DETAIL_LIMIT,
    progress: Callable[[int, int], None] = lambda _rules, _rows: None,
    shelf: Shelf | None = None,
) -> tuple[SheetVerdicts, ...]:
    """Evaluate every sheet of ``plan`` where its tables are.

    What has no native form there is evaluated in memory, on the tables that it needs.
    """
    found: list[SheetVerdicts] = []
    shelf = shelf or Shelf()
    for sheet in plan.sheets:
        parted = shelf.parted(sheet, data)
        if parted.made is not None:
            found.append(_there(parted.made, data, limit))
        if parted.local is not None:
            whole = data.whole(tables_of(parted.local))
            here = replace(plan, sheets=(parted.local,))
            found += engines.evaluate(here, whole, limit, shelf=shelf.memory)
        progress(len(sheet.rules), found[-1].verdicts.rows)
    return tuple(found)


def _there(made: ReadySheet, data: Holding, limit: int) -> SheetVerdicts:
    """The verdicts of what the database judges."""
    evidence = Evidence(made.sheet, made.laid.direct, data.around)

    def ask(position: int, row: pl.DataFrame) -> Code:
        bound = made.sheet.rules[position]
        index, shown = evidence.of(made.laid.named(row))
        return reference.evaluate(bound.rule, shown.row(index, 0), bound.slack).code

    verdicts, rows = checks.validate(checks.schema_of(made), Pass(made, data.database, ask, limit))
    index, shown = evidence.of(made.laid.named(rows))
    return SheetVerdicts(made.sheet, shown, index, verdicts, unsaid=made.unsaid)


def _parted(sheet: Sheet, relations: tuple[Relation, ...], data: Holding) -> Parted:
    """Part a sheet into what the database judges and the rest."""
    tables = {relation.name: relation for relation in relations}
    made = _made(sheet, tables, data.database)
    there = made.sheet.rules if made is not None else ()
    here = [bound for bound in sheet.rules if bound not in there]
    return Parted(relations, made, _only(sheet, here) if here else None)


def _made(sheet: Sheet, tables: Mapping[str, Relation], database: Database) -> ReadySheet | None:
    """The rules of a sheet that the database judges, made ready."""
    there = [
        bound
        for bound in sheet.rules
        if tables_of(_only(sheet, [bound])) <= set(tables) and not has_gap(bound.rule)
    ]
    if not there:
        return None
    layout = lay(_only(sheet, there), tables)
    native = [bound for bound in there if engines.lowered_or_none(bound, layout.shapes) is not None]
    if not native:
        return None
    if len(native) < len(there):
        layout = lay(_only(sheet, native), tables)
    try:
        laid = layout.over(database.dialect)
    except UnsayableError:
        return None
    rules = [engines.ready_rule(bound, laid.shapes) for bound in native]
    return ready(_only(sheet, native), laid, rules, database.dialect)


def has_gap(rule: Rule) -> bool:
    """Whether a rule needs a function that databases have not."""
    nodes = [rule.assertion, *([] if rule.guard is None else [rule.guard])]
    parts = (part for node in nodes for part in node.walk())
    return any(isinstance(part, Call) and part.name in GAPS for part in parts)


def _only(sheet: Sheet, rules: list[BoundRule]) -> Sheet:
    return replace(sheet, rules=tuple(rules))
