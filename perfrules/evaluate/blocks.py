"""Sheets over a table that is read in blocks: what can be evaluated so, and the counts and the detail of all blocks together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace

import numpy as np
import polars as pl

from perfrules.dataset import Dataset, Table
from perfrules.evaluate.engines import SheetVerdicts, Shelf, evaluate
from perfrules.evaluate.tally import DETAIL, SHOWN, Ints
from perfrules.expr.nodes import Field, Rows
from perfrules.plan import BoundRule, Plan, Sheet
from perfrules.values import frozen, mutable
from perfrules.verdicts import OUTCOMES, Verdicts


@frozen
class Parted:
    """A plan, by how its sheets are evaluated.

    Attributes:
        whole: The plan with the sheets over tables in memory.
        blocks: Sheets by the table whose blocks they are evaluated over.
        refused: Rules that need the whole of a table that is read in blocks, by that table.
    """

    whole: Plan
    blocks: Mapping[str, tuple[Sheet, ...]]
    refused: Mapping[str, tuple[str, ...]]


def parted(plan: Plan, dataset: Dataset) -> Parted:
    """Tell the sheets of ``plan`` apart by how they can be evaluated over ``dataset``."""
    if not dataset.bulk:
        return Parted(plan, {}, {})
    whole: list[Sheet] = []
    blocks: dict[str, list[Sheet]] = {}
    refused: dict[str, dict[str, None]] = {}
    for sheet in plan.sheets:
        fits: list[BoundRule] = []
        for bound in sheet.rules:
            needed = _needed(bound, sheet, plan, frozenset(dataset.bulk))
            if needed:
                refused.setdefault(needed, {})[bound.rule.id] = None
            else:
                fits.append(bound)
        if not fits:
            continue
        kept = sheet if len(fits) == len(sheet.rules) else replace(sheet, rules=tuple(fits))
        if sheet.base[0] in dataset.bulk:
            blocks.setdefault(sheet.base[0], []).append(kept)
        else:
            whole.append(kept)
    return Parted(
        replace(plan, sheets=tuple(whole)),
        {table: tuple(sheets) for table, sheets in blocks.items()},
        {table: tuple(rules) for table, rules in refused.items()},
    )


def _needed(bound: BoundRule, sheet: Sheet, plan: Plan, bulk: frozenset[str]) -> str:
    """The table in blocks of which a rule needs more than the row it speaks about; empty if there is none."""
    own = ""
    if len(sheet.base) == 1 and plan.pack.tables[sheet.base[0]].key == sheet.grain:
        own = sheet.base[0]
    else:
        for table in sheet.base:
            if table in bulk:
                return table
    nodes = [bound.rule.assertion, *([bound.rule.guard] if bound.rule.guard is not None else [])]
    for part in (part for node in nodes for part in node.walk()):
        if isinstance(part, Field | Rows) and part.table in bulk:
            here = part.table == own and isinstance(part, Field) and not part.many
            straight = not part.pins and not part.shift and all(a == b for a, b in part.on)
            if not (here and straight):
                return part.table
    return ""


@mutable
class Totals:
    """What was found of one sheet in the blocks so far.

    Attributes:
        sheet: The sheet.
        limit: How many verdicts of each rule and outcome are kept in detail.
        rows: Number of rows.
        counts: Number of verdicts by rule and outcome.
        kept: Number of verdicts kept in detail, likewise.
        by_reference: Ids of the rules that were evaluated row by row.
    """

    sheet: Sheet
    limit: int
    rows: int = 0
    counts: Ints = field(init=False)
    kept: Ints = field(init=False)
    by_reference: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.counts = np.zeros((len(self.sheet.rules), len(OUTCOMES)), dtype=np.int64)
        self.kept = np.zeros_like(self.counts)

    @property
    def room(self) -> int:
        """How many verdicts of some rule and outcome are still kept at most."""
        return int(self.limit - self.kept[:, SHOWN].min())

    @property
    def verdicts(self) -> Verdicts:
        """The counts over all blocks."""
        frame = pl.DataFrame(self.counts, schema=dict.fromkeys(OUTCOMES, pl.Int64), orient="row")
        numbered = frame.select(pl.int_range(pl.len(), dtype=pl.UInt32).alias("rule"), pl.all())
        return Verdicts(self.rows, numbered, pl.DataFrame(schema=DETAIL))

    def add(self, found: SheetVerdicts) -> SheetVerdicts:
        """Add the verdicts of a block; gives those of which the detail is kept."""
        verdicts = found.verdicts
        self.rows += verdicts.rows
        self.counts += verdicts.counts.select(OUTCOMES).to_numpy()
        self.by_reference.update(dict.fromkeys(found.by_reference))
        number = pl.col("rule").cast(pl.Int64) * len(OUTCOMES) + pl.col("code")
        held = pl.Series(self.kept.ravel())
        detail = verdicts.detail.with_columns(
            number.alias("number"), pl.int_range(pl.len()).over("rule", "code").alias("rank")
        ).filter(pl.lit(held).gather("number") + pl.col("rank") < self.limit)
        kept = np.bincount(detail["number"].to_numpy(), minlength=self.kept.size)
        self.kept += kept.reshape(self.kept.shape)
        shown = detail.select("rule", "row", "code")
        return replace(found, verdicts=replace(verdicts, detail=shown))


def evaluate_blocks(
    plan: Plan,
    totals: Sequence[Totals],
    dataset: Dataset,
    blocks: Iterator[Table],
) -> Iterator[tuple[int, SheetVerdicts]]:
    """Evaluate sheets over each block; gives, by the number of the sheet, the verdicts whose detail is kept.

    Args:
        plan: The plan that the sheets are of.
        totals: Of each sheet what is found; filled.
        dataset: The tables in memory.
        blocks: The blocks of the table that the sheets are over.
    """
    shelf = Shelf()
    for block in blocks:
        here = replace(dataset, tables={**dataset.tables, block.name: block}, bulk={})
        for number, total in enumerate(totals):
            one = replace(plan, sheets=(total.sheet,))
            (found,) = evaluate(one, here, total.room, shelf=shelf)
            yield number, total.add(found)
