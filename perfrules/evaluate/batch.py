"""All outcomes of all rules of a sheet in three streaming queries, whatever the number of rules."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import polars as pl

from perfrules.dataset import ROW
from perfrules.evaluate.native import HARD, Expr, Lowered
from perfrules.evaluate.tally import Codes, Ints, Tally
from perfrules.values import frozen
from perfrules.verdicts import OUTCOMES, Code, Verdicts

CELLS = 16_000_000
"""Outcomes held in memory at once while kept rows are coded."""

EMPTY: Mapping[str, Any] = MappingProxyType({})
Ask = Callable[[int, int], Code]
"""The reference: the outcome of a rule, by its position in the sheet, on a row."""


@frozen
class ReadyRule:
    """A rule as the engine evaluates it.

    Attributes:
        id: Rule id, with the column of ``for`` where there is one.
        expression: The assertion as written.
        lowered: Its native expressions; None where the reference evaluates every row.
        guard: What makes its guard equal to that of another rule.
    """

    id: str
    expression: str
    lowered: Lowered | None
    guard: object


@frozen
class BoundCheck:
    """A rule over one frame, with the reference for what has no exact native expression."""

    rule: ReadyRule
    ask: Callable[[int], Code]
    states: tuple[pl.Expr, ...] = ()

    @property
    def lowered(self) -> Lowered | None:
        """Its native expressions."""
        return self.rule.lowered

    def codes(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """The outcome of every row as one column ``code``."""
        if self.rule.lowered is None:
            rows = frame.select(ROW).collect()[ROW]
            return pl.LazyFrame(
                {"code": pl.Series([int(self.ask(row)) for row in rows], dtype=pl.Int8)}
            )
        found = (
            frame.with_columns(self.states)
            .select(ROW, self.rule.lowered.code.cast(pl.Int8).alias("code"))
            .collect()
        )
        return found.select(self.settled(found)).lazy()

    def settled(self, found: pl.DataFrame) -> pl.Series:
        """The outcomes of rows as ``code``, with the reference asked where the native form leaves one open."""
        hard = found.filter(pl.col("code") == HARD)
        if hard.is_empty():
            return found["code"]
        answers = {row: int(self.ask(row)) for row in hard[ROW]}
        return pl.Series(
            "code",
            [answers.get(row, code) for row, code in found.select(ROW, "code").iter_rows()],
            dtype=pl.Int8,
        )


@frozen
class Question:
    """What one pass over a sheet asks, as expressions of an engine.

    Attributes:
        guards: Name of each distinct guard, and where it is true.
        kept: Rows where some verdict is not a clean pass; what is missing for strict rules is not among them.
        gaps: What may be missing of strict rules.
    """

    guards: Mapping[object, tuple[str, Expr]]
    kept: Expr
    gaps: "Gaps"


@frozen
class Batch:
    """The rules of a sheet as expressions, made once and run over any frame of its shape.

    Attributes:
        rules: The rules, in the order of the sheet.
        question: What the pass asks.
        sizes: The number of rows, and of each guard that of rows where it is false.
        judged: Of each native rule its outcome on kept rows, by position.
        whole: Rules of which every row is kept, by position: their guards are not counted.
        states: Columns that expressions need and a frame has not, since they follow from others.
    """

    rules: tuple[ReadyRule, ...]
    question: Question
    sizes: tuple[pl.Expr, ...]
    judged: Mapping[int, pl.Expr]
    whole: frozenset[int] = frozenset()
    states: tuple[pl.Expr, ...] = ()

    def run(self, frame: pl.LazyFrame, ask: Ask, limit: int) -> Verdicts:
        """All outcomes of all rules of the frame.

        One query counts where guards are false, one keeps the rows where some verdict is not a clean pass, and one the rows where
        something is missing as patterns of what is. Then outcomes are found on the kept rows, and once per pattern for strict rules;
        pass is what is left: rows minus all other outcomes.
        """
        asked, tally = self.question, Tally(len(self.rules), limit)
        frame = frame.with_columns(self.states)
        # what starts the engine for streams takes longer than a small sheet
        totals = frame.select(self.sizes).collect(
            engine="streaming" if self.judged else "in-memory"
        )
        if self.judged:
            # one after the other: asked together, polars copies what they share, which took as long as a dozen rules
            kept = frame.filter(asked.kept).collect(engine="streaming")
            self.judge(kept, ask, tally)
            asked.gaps.count(asked.gaps.rows(frame).collect(engine="streaming"), tally)
        rows = int(totals["rows"][0])
        slow = [at for at, rule in enumerate(self.rules) if rule.lowered is None]
        if slow:
            answers = [[ask(at, row) for row in range(rows)] for at in slow]
            _add(tally, np.array(slow), np.arange(rows), np.array(answers, dtype=np.int8))
        false = {name: int(totals[name][0] or 0) for name, _ in asked.guards.values()}
        return Verdicts(rows, self.counts(rows, tally, false), tally.detail())

    def judge(self, kept: pl.DataFrame, ask: Ask, tally: Tally) -> None:
        """Find the outcomes on the kept rows, a block at a time."""
        rules = np.array(list(self.judged), dtype=np.int64)
        block = max(1024, CELLS // max(1, len(rules)))
        for start in range(0, kept.height, block):
            part = kept.slice(start, block)
            rows = part[ROW].to_numpy()
            codes = _codes(part, self.judged)
            for at, row in zip(*np.nonzero(codes == HARD), strict=True):
                codes[at, row] = ask(int(rules[at]), int(rows[row]))
            _add(tally, rules, rows, codes)

    def counts(self, rows: int, tally: Tally, false: Mapping[str, int]) -> pl.DataFrame:
        """All outcomes by rule; ``false`` is the number of rows where each guard is false, by its name."""
        counts = tally.counts
        for at, rule in enumerate(self.rules):
            if rule.lowered is not None and at not in self.whole:
                name, _ = self.question.guards.get(rule.guard, ("", None))
                counts[at, Code.NOT_APPLICABLE] += false.get(name, 0)
        counts[:, Code.PASS] = rows - counts.sum(axis=1)
        columns = dict(zip(OUTCOMES, counts.T.tolist(), strict=True))
        return pl.DataFrame(columns, dict.fromkeys(OUTCOMES, pl.Int64)).with_row_index("rule")


def _add(tally: Tally, rules: Ints, rows: Ints, codes: Codes) -> None:
    tally.count(rules, codes)
    tally.show(rules, rows, codes)


def batch_of(
    rules: Sequence[ReadyRule],
    whole: frozenset[int] = frozenset(),
    blanks: Mapping[str, pl.Expr] = EMPTY,
) -> Batch:
    """Make the expressions of a sheet's rules.

    Args:
        rules: The rules.
        whole: Those of which every row is kept, by position.
        blanks: Where cells are blank, by the name of a state that frames have not.
    """
    native = {at: rule.lowered for at, rule in enumerate(rules) if rule.lowered is not None}
    asked = question_of(
        rules, {at: low for at, low in native.items() if at not in whole}, pl, blanks
    )
    falses = [(~truth).sum().alias(name) for name, truth in asked.guards.values()]
    judged = {
        at: (low.code.cast(pl.Int8) if at in whole else _gated(low)).alias(str(at))
        for at, low in native.items()
    }
    states = tuple(blank.cast(pl.Int8).alias(name) for name, blank in blanks.items())
    return Batch(tuple(rules), asked, (pl.len().alias("rows"), *falses), judged, whole, states)


def question_of(
    rules: Sequence[ReadyRule],
    native: Mapping[int, Lowered],
    x: Any,
    blanks: Mapping[str, Expr] = EMPTY,
) -> Question:
    """What a pass asks for the rules in ``native``, by position, lowered against ``x``; ``blanks`` as in :func:`batch_of`."""
    truths = {rules[at].guard: low.guard for at, low in native.items() if low.guard is not None}
    guards = {guard: (f"g{number}", truth) for number, (guard, truth) in enumerate(truths.items())}
    suspects = [
        low.suspect.fill_null(value=True) if low.gaps is None else low.suspect
        for low in native.values()
    ]
    strict = {
        at: (low, guards[rules[at].guard][0] if low.guard is not None else None)
        for at, low in native.items()
        if low.gaps
    }
    kept = x.any_horizontal(*suspects) if suspects else x.lit(value=False)
    return Question(guards, kept, Gaps.of(strict, guards.values(), x, blanks))


BITS, WORD = 3, 60
"""Bits that a state or a guard's truth takes, and those of an integer that holds several of them."""
_NULL = 2
"""The truth of a guard that is null."""


@frozen
class Gaps:
    """What is missing of strict rules: such a rule has one outcome on all rows that lack the same.

    Attributes:
        strict: The rules by position, each with the name of its guard.
        flags: What says what is missing, by name: states, blanks, then the guards.
        gone: Where each of the states and blanks says so, likewise.
        x: What the expressions are written in.
    """

    strict: Mapping[int, tuple[Lowered, str | None]]
    flags: Mapping[str, Expr]
    gone: Mapping[str, Expr]
    x: Any

    @classmethod
    def of(
        cls,
        strict: Mapping[int, tuple[Lowered, str | None]],
        guards: Iterable[tuple[str, Expr]],
        x: Any,
        blanks: Mapping[str, Expr],
    ) -> "Gaps":
        """The gaps of rules, each with the name of its guard."""
        states = dict.fromkeys(name for low, _ in strict.values() for name in low.gaps or ())
        used = {name for _, name in strict.values()}
        flags = {name: blanks.get(name, x.col(name)) for name in states}
        flags |= {name: _truth(x, truth) for name, truth in guards if name in used}
        gone = {name: blanks[name] if name in blanks else x.col(name) != 0 for name in states}
        return cls(strict, flags if states else {}, gone, x)

    @property
    def missing(self) -> Expr:
        """Where something is missing; nothing can be where there are no ``flags``."""
        return self.x.any_horizontal(*self.gone.values())

    @property
    def words(self) -> Mapping[str, Expr]:
        """What the flags hold, packed into few integers."""
        return _packed(self.flags.values(), self.x)

    def rows(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """The rows in which something is missing, with what is."""
        if not self.flags:
            return frame.select(ROW).limit(0)
        flags = (flag.alias(name) for name, flag in self.flags.items())
        gone = [pl.col(name).cast(pl.Boolean) for name in self.gone]
        # flags are chosen first: a filter copies whatever is asked for after it, and figures are not small
        held = frame.select(ROW, *flags).filter(pl.any_horizontal(gone))
        words = _packed([pl.col(name) for name in self.flags], pl)
        return held.select(ROW, *(word.alias(name) for name, word in words.items()))

    def count(self, found: pl.DataFrame, tally: Tally) -> None:
        """Find the outcomes of each pattern, and add them for all its rows."""
        if found.is_empty():
            return
        keys = found.columns[1:]
        # of few rows this is quicker than a grouping
        words = pl.DataFrame([found[key] for key in keys]).to_struct("word")
        kinds = words.value_counts(name="rows").unnest("word")
        rules = np.array(list(self.strict), dtype=np.int64)
        codes = self.codes([kinds[key].to_numpy() for key in keys])
        tally.count(rules, codes, kinds["rows"].cast(pl.Int64).to_numpy())
        if tally.due(rules, codes).any():
            numbered = kinds.with_row_index("pattern")
            patterns = found.join(numbered, on=keys, maintain_order="left")["pattern"]
            tally.show(rules, found[ROW].to_numpy(), codes, patterns.to_numpy())

    def codes(self, words: Sequence[Ints]) -> Codes:
        """The outcome of each rule on each pattern: pass where nothing of its own is missing, and where its guard is false, which is counted already."""
        size = WORD // BITS
        at = {name: number for number, name in enumerate(self.flags)}
        held = np.array(
            [words[n // size] >> BITS * (n % size) & 2**BITS - 1 for n in at.values()],
            dtype=np.int8,
        )
        found = np.full((len(self.strict), len(words[0])), Code.PASS, dtype=np.int8)
        for codes, (low, guard) in zip(found, self.strict.values(), strict=True):
            touched = held[[at[name] for name in low.gaps or ()]].any(axis=0)
            if guard is not None:
                touched &= held[at[guard]] != 0
            codes[touched] = Code.UNKNOWN
            codes[touched & low.exclusions.rows(held, at)] = Code.NOT_APPLICABLE
        return found


def _packed(flags: Iterable[Expr], x: Any) -> dict[str, Expr]:
    """Flags as bits of few integers."""
    values, size = [flag.cast(x.Int64) for flag in flags], WORD // BITS
    packs = (values[start : start + size] for start in range(0, len(values), size))
    words = (
        x.sum_horizontal(*(value * 2 ** (BITS * at) for at, value in enumerate(pack)))
        for pack in packs
    )
    return {f"w{at}": word for at, word in enumerate(words)}


def _truth(x: Any, truth: Expr) -> Expr:
    """A truth as an integer."""
    null, true, false = (x.lit(number, dtype=x.Int8) for number in (_NULL, 1, 0))
    return x.when(truth.is_null()).then(null).when(truth).then(true).otherwise(false)


def _gated(low: Lowered) -> pl.Expr:
    """The outcome where it is in doubt, else pass; where the guard is false it is counted already."""
    # of a strict rule it is null, or its guard is, only where something is missing: that is counted already
    doubtful = low.suspect
    if low.gaps is None:
        doubtful = doubtful.fill_null(value=True)
        if low.guard is not None:
            doubtful = doubtful & low.guard.fill_null(value=True)
    return pl.when(doubtful).then(low.judged.cast(pl.Int8)).otherwise(_code(Code.PASS))


def _code(code: Code) -> pl.Expr:
    return pl.lit(int(code), dtype=pl.Int8)


def _codes(frame: pl.DataFrame, exprs: Mapping[int, pl.Expr]) -> Codes:
    """The outcome of each rule, one row each, on the rows of a frame."""
    if not exprs:
        return np.empty((0, frame.height), dtype=np.int8)
    found = frame.lazy().select(exprs.values()).collect()
    return np.array(found.to_numpy().T, order="C")
