"""Engines: where a plan is evaluated. ``polars`` is embedded; all of them work through the pandera checks."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from typing import Protocol

import polars as pl

from perfrules.dataset import Dataset
from perfrules.evaluate import checks, reference, units
from perfrules.evaluate.batch import ReadyRule, batch_of
from perfrules.evaluate.native import Lowered, UnlowerableError
from perfrules.evaluate.rows import STRETCH, Index, Row
from perfrules.evaluate.shapes import Shapes
from perfrules.evaluate.sheets import Laid, bare
from perfrules.expr.nodes import Field, Rows
from perfrules.plan import BoundRule, Plan, Sheet
from perfrules.values import frozen
from perfrules.verdicts import Code, Verdicts

DETAIL_LIMIT = 1000
"""Verdicts kept in detail per rule and outcome; counts are always complete."""


class Rowed(Protocol):
    """The rows of a sheet that verdicts speak of."""

    @property
    def keys(self) -> pl.DataFrame:
        """The grain's columns."""

    def own_rows(self, positions: Sequence[int]) -> tuple[str, Sequence[int]]:
        """The table whose rows are those of the sheet, and where some are in it; an empty name if there is none."""

    def row(self, index: Index, position: int) -> Row:
        """One row for the reference evaluator."""


@frozen
class SheetVerdicts:
    """The verdicts of one sheet, with what is needed to explain them.

    Attributes:
        by_reference: Ids of the rules that have no exact native form: the reference evaluated them row by row; none are named where it
            evaluated all, since the sheet is small.
        unsaid: Ids of the rules that a database cannot judge: all rows of the sheet came back for them.
        units: Numbers of verdicts by ``unit``, ``rule`` (its position) and ``code``; empty where all rows are of one unit, None where they
            were not counted so.
    """

    sheet: Sheet
    laid: "Rowed"
    index: Index
    verdicts: Verdicts
    by_reference: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()
    units: pl.DataFrame | None = None

    def explain(self, position: int, row: int) -> reference.Verdict:
        """The reference's full verdict of one rule on one row."""
        bound = self.sheet.rules[position]
        return reference.evaluate(bound.rule, self.laid.row(self.index, row), bound.slack)


class Shelf:
    """Sheets made ready, kept for the next frames in which their leaves stand alike; threads may share one."""

    FEW = 160
    """Verdicts below which a sheet is left to the reference: to lay its leaves and to make native expressions takes longer."""
    NEAR = 64
    """Rows that such a sheet reads in all tables, at most."""
    KEPT = 8
    """Variants kept of each sheet: its columns may be with and without gaps, for instance."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[Sheet, tuple[_Variant, ...]]] = {}

    def spares(self, sheet: Sheet, dataset: Dataset) -> bool:
        """Whether ``sheet`` need not be made ready, since it asks for few verdicts and reads few rows."""

        def rows(tables: Iterable[str]) -> int:
            return sum(dataset.tables[name].frame.height for name in tables)

        if rows(sheet.base) * len(sheet.rules) >= self.FEW:
            return False
        nodes = (node for b in sheet.rules for node in (b.rule.assertion, b.rule.guard) if node)
        parts = (part for node in nodes for part in node.walk() if isinstance(part, Field | Rows))
        return rows({*sheet.base, *(part.table for part in parts)}) <= self.NEAR

    def ready(self, sheet: Sheet, laid: Laid) -> checks.RuleSchema:
        """The rules of ``sheet`` ready for ``laid``."""
        _, kept = self._kept.get(id(sheet), (sheet, ()))
        for variant in kept:
            if variant.covers(laid):
                return variant.schema
        shapes = next((s for variant in kept if (s := variant.joined(laid))), laid.shapes)
        made = _Variant(shapes, ready(sheet, replace(laid, shapes=shapes)))
        # the sheet is held, so that its id is not given to another
        self._kept[id(sheet)] = (sheet, (made, *kept[: self.KEPT - 1]))
        return made.schema


@frozen
class _Variant:
    """A sheet made ready for frames whose leaves stand as ``shapes`` says."""

    shapes: Shapes
    schema: checks.RuleSchema

    def covers(self, laid: Laid) -> bool:
        return self.schema.proven == laid.frame.schema and all(
            shape.covers(laid.shapes[leaf]) for leaf, shape in self.shapes.items()
        )

    def joined(self, laid: Laid) -> Shapes | None:
        """Shapes for these and other frames; None if more than their bounds differs."""
        if self.schema.proven != laid.frame.schema:
            return None
        found = {leaf: shape.joined(laid.shapes[leaf]) for leaf, shape in self.shapes.items()}
        known = {leaf: shape for leaf, shape in found.items() if shape is not None}
        return known if len(known) == len(found) else None


def evaluate(
    plan: Plan,
    dataset: Dataset,
    limit: int = DETAIL_LIMIT,
    progress: Callable[[int, int], None] = lambda _rules, _rows: None,
    shelf: Shelf | None = None,
    unit: str = "",
) -> tuple[SheetVerdicts, ...]:
    """Evaluate every sheet of ``plan`` on polars; small ones are left to the reference.

    Args:
        plan: The bound rules.
        dataset: The tables they are bound to.
        limit: How many verdicts of each rule and outcome are kept in detail.
        progress: Called after each sheet with the number of rules and of rows that it had.
        shelf: Where sheets of this plan are kept ready; without one they are made for this dataset alone.
        unit: The column of the grain that says whose figures they are, to count verdicts by it.
    """
    index = Index(dataset)
    shelf = shelf or Shelf()
    found = []
    for sheet in plan.sheets:
        small = shelf.spares(sheet, dataset)
        laid = bare(sheet, dataset) if small else _laid(sheet, dataset)
        schema = _plain(sheet, laid) if small else shelf.ready(sheet, laid)
        made = schema.over(_Referee(sheet, laid, index).ask, limit)
        slow = (rule.id for rule in made.batch.rules if rule.lowered is None and not small)
        verdicts = checks.validate(made, laid.frame)
        of_units = (
            units.counted(made.rule_checks, laid.frame, laid.keys[unit])
            if unit in sheet.grain
            else None
        )
        found.append(
            SheetVerdicts(sheet, laid, index, verdicts, tuple(dict.fromkeys(slow)), units=of_units)
        )
        progress(len(sheet.rules), verdicts.rows)
    return tuple(found)


def schema_of(
    sheet: Sheet, laid: Laid, index: Index, limit: int = DETAIL_LIMIT
) -> checks.RuleSchema:
    """The pandera schema of a laid sheet."""
    return ready(sheet, laid).over(_Referee(sheet, laid, index).ask, limit)


def _laid(sheet: Sheet, dataset: Dataset) -> Laid:
    from perfrules.evaluate.sheets.laying import lay  # noqa: PLC0415  # small checks lay none

    return lay(sheet, dataset)


def _plain(sheet: Sheet, laid: Laid) -> checks.RuleSchema:
    """The rules of a sheet without native forms, all for the reference."""
    rules = [ReadyRule(_name(bound), bound.rule.text, None, None) for bound in sheet.rules]
    return checks.schema("+".join(sheet.base), laid.frame.schema, batch_of(rules))


def ready(sheet: Sheet, laid: Laid) -> checks.RuleSchema:
    """The rules of a sheet made ready for frames in which its leaves stand as in ``laid``."""
    rules = [ready_rule(bound, laid.shapes) for bound in sheet.rules]
    return checks.schema(
        "+".join(sheet.base), laid.frame.schema, batch_of(rules, blanks=laid.blanks)
    )


def ready_rule(bound: BoundRule, shapes: Shapes) -> ReadyRule:
    """A rule made ready for sheets in which its leaves stand as ``shapes`` says."""
    return ReadyRule(
        _name(bound),
        bound.rule.text,
        lowered_or_none(bound, shapes),
        reference.split(bound.rule)[0],
    )


def _name(bound: BoundRule) -> str:
    return bound.rule.id + (f"[{bound.rule.column}]" if bound.rule.column else "")


def codes(sheet: Sheet, laid: Laid, index: Index) -> list[pl.Series]:
    """The outcome of every rule of a laid sheet on every row."""
    made = schema_of(sheet, laid, index)
    return [check.codes(laid.frame.lazy()).collect()["code"] for check in made.rule_checks]


class _Referee:
    """Asks the reference about the rules of a sheet; each is taken apart once."""

    def __init__(self, sheet: Sheet, laid: Laid, index: Index) -> None:
        self._sheet = sheet
        self._statements: dict[int, reference.Statement] = {}
        self._row = lru_cache(STRETCH)(partial(laid.row, index))

    def ask(self, position: int, row: int) -> Code:
        """The outcome of a rule, by its position, on a row."""
        bound = self._sheet.rules[position]
        if position not in self._statements:
            self._statements[position] = reference.Statement(bound.rule)
        return self._statements[position].evaluate(self._row(row), bound.slack).code


def lowered_or_none(bound: BoundRule, shapes: Shapes) -> Lowered | None:
    """The native form of a rule; None where only the reference gives it exactly."""
    from perfrules.evaluate.lower import lower  # noqa: PLC0415  # small checks need none

    try:
        return lower(bound.rule, bound.slack, shapes, pl)
    except UnlowerableError:
        return None
