"""A sheet made ready for a database, and run there: what comes back is counts, patterns of what is missing, and kept rows."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl

from perfrules.dataset import ROW
from perfrules.dataset.relations import Database, Dialect, Frame, Query, UnsayableError
from perfrules.evaluate.batch import Ask, Batch, Question, ReadyRule, batch_of, question_of
from perfrules.evaluate.lower import lower
from perfrules.evaluate.native import Lowered, UnlowerableError
from perfrules.evaluate.remote.laying import RemoteSheet
from perfrules.evaluate.remote.namespace import namespace
from perfrules.evaluate.tally import Ints, Tally
from perfrules.plan import Sheet
from perfrules.values import mutable
from perfrules.verdicts import Code, Verdicts

FIRST_ROWS = 4096
"""Rows read at first for the detail of what is missing; more are read where these do not do."""
_MORE = 8
"""How many times as many rows are read next."""


@dataclass(frozen=True)
class ReadySheet:
    """The rules of a sheet as questions to a database, made once.

    Attributes:
        sheet: The sheet; each of its rules has a native form on polars.
        laid: How it lies in the database.
        batch: Its rules on the rows that come back.
        question: What is asked of the database.
        counts: The query for the number of rows, of rows where each guard is false, and of rows by what is missing.
        kept: The query for rows where some verdict is not a clean pass.
        remote: The rules as the database understands them, by position.
        dialect: How the database is asked.
        gaps: Queries for rows where something is missing, by what is looked at.
    """

    sheet: Sheet
    laid: RemoteSheet
    batch: Batch
    question: Question
    counts: Query
    kept: Query
    remote: Mapping[int, Lowered]
    dialect: Dialect
    gaps: dict[frozenset[str], Query] = field(default_factory=dict)

    @property
    def unsaid(self) -> tuple[str, ...]:
        """Ids of the rules that the database cannot judge: all rows come back for them."""
        return tuple(dict.fromkeys(self.batch.rules[at].id for at in sorted(self.batch.whole)))

    def missing(self, states: frozenset[str]) -> Query:
        """The query for rows where one of ``states`` says that something is missing."""
        if states not in self.gaps:
            there = namespace().any_horizontal(*(nw.col(name) != 0 for name in sorted(states)))
            words = (word.alias(name) for name, word in self.question.gaps.words.items())
            names = dict.fromkeys([*self.laid.keys.values(), *self.laid.order])
            frame = self.laid.frame.filter(there).select(*names, *words)
            self.gaps[states] = self.dialect.query(frame)
        return self.gaps[states]


def ready(sheet: Sheet, laid: RemoteSheet, rules: list[ReadyRule], dialect: Dialect) -> ReadySheet:
    """Make the rules of a sheet ready; of a rule that the database cannot judge every row is kept."""
    remote = {at: low for at, bound in enumerate(sheet.rules) if (low := _lowered(bound, laid))}
    try:
        return _ready(sheet, laid, rules, remote, dialect)
    except UnsayableError:  # some rule is at fault: find out which
        said = {at: low for at, low in remote.items() if _can_say(low, laid.frame, dialect)}
        return _ready(sheet, laid, rules, said, dialect)


def _lowered(bound: Any, laid: RemoteSheet) -> Lowered | None:
    try:
        return lower(bound.rule, bound.slack, laid.shapes, namespace())
    except UnlowerableError:
        return None


def _can_say(low: Lowered, frame: Frame, dialect: Dialect) -> bool:
    guards = [] if low.guard is None else [low.guard.alias("guard")]
    try:
        dialect.query(frame.select(low.suspect.alias("suspect"), *guards))
    except UnsayableError:
        return False
    return True


def _ready(
    sheet: Sheet,
    laid: RemoteSheet,
    rules: list[ReadyRule],
    remote: Mapping[int, Lowered],
    dialect: Dialect,
) -> ReadySheet:
    whole = frozenset(range(len(rules))) - set(remote)
    question = question_of(rules, remote, namespace())
    kept = laid.frame if whole else laid.frame.filter(question.kept)
    return ReadySheet(
        sheet,
        laid,
        batch_of(rules, whole),
        question,
        dialect.query(_counts(laid.frame, question)),
        dialect.query(kept),
        remote,
        dialect,
    )


def _counts(frame: Frame, question: Question) -> Frame:
    """The number of rows, and of each guard that of rows where it is false, by what is missing."""
    gaps = question.gaps
    one, none = (nw.lit(number, dtype=nw.Int64) for number in (1, 0))
    falses = {
        name: nw.when(~truth).then(one).otherwise(none) for name, truth in question.guards.values()
    }
    words = {"w": none}  # a group for all rows
    if gaps.flags:
        missing = nw.when(gaps.missing)
        words = {name: missing.then(word).otherwise(none) for name, word in gaps.words.items()}
    asked = frame.select(*(expr.alias(name) for name, expr in (words | falses).items()))
    sums = (nw.col(name).sum().alias(name) for name in falses)
    return asked.group_by(list(words)).agg(nw.len().alias("rows"), *sums)


@mutable
class Pass:
    """One run of a ready sheet.

    Attributes:
        made: The sheet.
        database: Where it runs.
        ask: The reference, asked with the key and order of a row.
        limit: How many verdicts of each rule and outcome are kept in detail.
        seen: Number of rows that have come back and are told apart.
        shown: Of these, those that are kept in detail: their number, key and order.
    """

    made: ReadySheet
    database: Database
    ask: Callable[[int, pl.DataFrame], Code]
    limit: int
    seen: int = 0
    shown: list[pl.DataFrame] = field(default_factory=list)

    def run(self) -> tuple[Verdicts, pl.DataFrame]:
        """The verdicts, and the rows that they are about: their keys, and their order where rows have one."""
        tally = Tally(len(self.made.batch.rules), self.limit)
        kept = self._blocks(self.made.kept)
        rows, false = self._count(tally)
        for block in kept:
            before = len(tally.parts)
            self.made.batch.judge(block, self._asking(block), tally)
            self._keep(block, [rows for _, rows, _ in tally.parts[before:]])
        self._detail(tally)
        counts = self.made.batch.counts(rows, tally, false)
        return self._ordered(Verdicts(rows, counts, tally.detail()))

    def _blocks(self, query: Query, limit: int | None = None) -> Iterator[pl.DataFrame]:
        """The rows of a query, which may begin at once, in the types of the sheet, numbered."""
        return self._typed(self.database.rows(query, self.made.laid.order, limit))

    def _typed(self, blocks: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
        for block in blocks:
            kinds = self.made.laid.schema
            typed = block.cast({name: kinds.get(name, pl.Int64) for name in block.columns})
            rows = pl.int_range(self.seen, self.seen + block.height, eager=True, dtype=pl.Int64)
            yield typed.with_columns(rows.alias(ROW))
            self.seen += block.height

    def _asking(self, block: pl.DataFrame) -> Ask:
        return lambda at, row: self.ask(at, block.slice(row - self.seen, 1))

    def _keep(self, block: pl.DataFrame, rows: list[Ints]) -> None:
        if rows:
            names = dict.fromkeys([ROW, *self.made.laid.keys.values(), *self.made.laid.order])
            found = block.filter(pl.col(ROW).is_in(np.unique(np.concatenate(rows))))
            self.shown.append(found.select(*names))

    # ---- what is missing ----------------------------------------------------------------------------------------------

    def _count(self, tally: Tally) -> tuple[int, dict[str, int]]:
        """Count rows, false guards, and the outcomes of strict rules where something is missing."""
        parts = list(self.database.rows(self.made.counts))
        found = pl.concat(parts) if parts else pl.DataFrame()
        if found.is_empty():
            return 0, {}
        found = found.cast(pl.Int64)
        guards = [name for name, _ in self.made.question.guards.values()]
        gaps = self.made.question.gaps
        if gaps.words:
            kinds = found.filter(pl.any_horizontal(pl.col(name) != 0 for name in gaps.words))
            codes = gaps.codes([kinds[name].to_numpy() for name in gaps.words])
            tally.count(np.array(list(gaps.strict)), codes, kinds["rows"].to_numpy())
        return int(found["rows"].sum()), {name: int(found[name].sum()) for name in guards}

    def _detail(self, tally: Tally) -> None:
        """Read rows where something is missing until each strict rule has its first few in detail."""
        strict = self.made.question.gaps.strict
        due = {
            at: min(self.limit, int(tally.counts[at, Code.UNKNOWN]))
            for at in strict
            if tally.counts[at, Code.UNKNOWN]
        }
        due = {at: number for at, number in due.items() if number}
        limit = max(FIRST_ROWS, 4 * self.limit)
        while due:
            states = frozenset(name for at in due for name in strict[at][0].gaps or ())
            blocks = list(self._blocks(self.made.missing(states), limit))
            due = self._take(pl.concat(blocks), due, tally, limit) if blocks else {}
            limit *= _MORE

    def _take(
        self, block: pl.DataFrame, due: Mapping[int, int], tally: Tally, limit: int
    ) -> dict[int, int]:
        """Keep the rows of the rules for which these are enough; the others are still due."""
        gaps = self.made.question.gaps
        codes = gaps.codes([block[name].to_numpy() for name in gaps.words])
        rows = block[ROW].to_numpy()
        left: dict[int, int] = {}
        kept: list[Ints] = []
        for place, at in enumerate(gaps.strict):
            if at not in due:
                continue
            found = rows[codes[place] == Code.UNKNOWN][: due[at]]
            if len(found) < due[at] and block.height >= limit:
                left[at] = due[at]
                continue
            unknown = np.full(len(found), Code.UNKNOWN, dtype=np.int8)
            tally.parts.append((np.full(len(found), at, dtype=np.int64), found, unknown))
            kept.append(found)
        self._keep(block, kept)
        return left

    # ---- the result ---------------------------------------------------------------------------------------------------

    def _ordered(self, verdicts: Verdicts) -> tuple[Verdicts, pl.DataFrame]:
        """The detail with its rows numbered in the order of their keys, and these rows."""
        if not self.shown:
            return verdicts, self._none.drop(ROW)
        rows = pl.concat(self.shown).sort(
            self.made.laid.order, nulls_last=True, maintain_order=True
        )
        places = rows.select(pl.col(ROW).alias("row")).with_row_index("place")
        detail = verdicts.detail.with_columns(pl.col("row").cast(pl.Int64)).join(places, on="row")
        detail = detail.select("rule", pl.col("place").cast(pl.UInt32).alias("row"), "code")
        ordered = Verdicts(verdicts.rows, verdicts.counts, detail.sort("rule", "row"))
        return ordered, rows.drop(ROW)

    @property
    def _none(self) -> pl.DataFrame:
        names = dict.fromkeys([ROW, *self.made.laid.keys.values(), *self.made.laid.order])
        return pl.DataFrame(
            schema={name: self.made.laid.schema.get(name, pl.Int64) for name in names}
        )
