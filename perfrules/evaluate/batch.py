"""All outcomes of all rules of a sheet in one streaming pass."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from perfrules.dataset import ROW
from perfrules.evaluate.lower import HARD, Lowered
from perfrules.evaluate.tally import DETAIL, Tally
from perfrules.verdicts import OUTCOMES, Code, Verdicts

CELLS = 16_000_000
"""Outcomes held in memory at once while kept rows are coded."""

Ask = Callable[[int, int], Code]
"""The reference: the outcome of a rule, by its position in the sheet, on a row."""


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class BoundCheck:
    """A rule over one frame, with the reference for what has no exact native expression."""

    rule: ReadyRule
    ask: Callable[[int], Code]

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
        found = frame.select(ROW, self.rule.lowered.code.cast(pl.Int8).alias("code")).collect()
        return found.select(self._settled(found)).lazy()

    def _settled(self, found: pl.DataFrame) -> pl.Series:
        hard = found.filter(pl.col("code") == HARD)
        if hard.is_empty():
            return found["code"]
        answers = {row: int(self.ask(row)) for row in hard[ROW]}
        return pl.Series(
            "code",
            [answers.get(row, code) for row, code in found.select(ROW, "code").iter_rows()],
            dtype=pl.Int8,
        )


@dataclass(frozen=True, slots=True)
class Batch:
    """The rules of a sheet as expressions, made once and run over any frame of its shape.

    Attributes:
        rules: The rules, in the order of the sheet.
        guards: Name of each distinct guard, and where it is true.
        sizes: The number of rows, and of each guard that of rows where it is false.
        kept: Rows where some verdict is not a clean pass; what is missing for strict rules is not among them.
        judged: Of each native rule its outcome on such rows, by position.
        gaps: What may be missing of strict rules.
    """

    rules: tuple[ReadyRule, ...]
    guards: Mapping[object, tuple[str, pl.Expr]]
    sizes: tuple[pl.Expr, ...]
    kept: pl.Expr
    judged: Mapping[int, pl.Expr]
    gaps: "Gaps"

    def run(self, frame: pl.LazyFrame, ask: Ask, limit: int) -> Verdicts:
        """All outcomes of all rules, from one streaming pass over the frame.

        The pass counts where guards are false, keeps the rows where some verdict is not a clean pass, and the rows where something
        is missing as patterns of what is. Then outcomes are found on the kept rows, and once per pattern for strict rules; pass is
        what is left: rows minus all other outcomes.
        """
        totals, kept, gaps = pl.collect_all(
            [frame.select(self.sizes), frame.filter(self.kept), self.gaps.rows(frame)],
            engine="streaming",
        )
        tally = Tally(limit)
        self._judge(kept, ask, tally)
        self.gaps.count(gaps, tally)
        rows = int(totals["rows"][0])
        for position, rule in enumerate(self.rules):
            if rule.lowered is None:
                tally.add(_asked(position, ask, rows))
        return Verdicts(rows, self._counts(rows, tally, totals), tally.detail())

    def _judge(self, kept: pl.DataFrame, ask: Ask, tally: Tally) -> None:
        """Find the outcomes on the kept rows, a block at a time."""
        block = max(1024, CELLS // max(1, len(self.judged)))
        for start in range(0, kept.height, block):
            found = _long(kept.slice(start, block), self.judged)
            hard = found.filter(pl.col("code") == HARD)
            if hard.height:
                asked = [
                    int(ask(rule, row)) for row, rule in hard.select("row", "rule").iter_rows()
                ]
                answers = hard.with_columns(pl.Series("code", asked, dtype=pl.Int8)).filter(
                    pl.col("code") != int(Code.PASS)
                )
                found = pl.concat([found.filter(pl.col("code") != HARD), answers])
                found = found.sort("rule", "row")
            tally.add(found)

    def _counts(self, rows: int, tally: Tally, totals: pl.DataFrame) -> pl.DataFrame:
        false = {guard: int(totals[name][0] or 0) for guard, (name, _) in self.guards.items()}
        table: dict[str, list[int]] = {"rule": [], **{outcome: [] for outcome in OUTCOMES}}
        for position, rule in enumerate(self.rules):
            found = list(tally.counts.get(position, [0] * len(OUTCOMES)))
            if rule.lowered is not None:
                found[Code.NOT_APPLICABLE] += false.get(rule.guard, 0)
                found[Code.PASS] = rows - sum(found)
            table["rule"].append(position)
            for outcome, number in zip(OUTCOMES, found, strict=True):
                table[outcome].append(number)
        return pl.DataFrame(table, schema={"rule": pl.UInt32, **dict.fromkeys(OUTCOMES, pl.Int64)})


def batch_of(rules: Sequence[ReadyRule]) -> Batch:
    """Make the expressions of a sheet's rules."""
    native = {at: rule.lowered for at, rule in enumerate(rules) if rule.lowered is not None}
    truths = {rules[at].guard: low.guard for at, low in native.items() if low.guard is not None}
    guards = {guard: (f"g{number}", truth) for number, (guard, truth) in enumerate(truths.items())}
    suspects = [
        low.suspect.fill_null(value=True) if low.gaps is None else low.suspect
        for low in native.values()
    ]
    strict = {
        at: (low, *guards.get(rules[at].guard, (None, None)))
        for at, low in native.items()
        if low.gaps
    }
    return Batch(
        tuple(rules),
        guards,
        (
            pl.len().alias("rows"),
            *((~truth).sum().alias(name) for name, truth in guards.values()),
        ),
        pl.any_horizontal(suspects) if suspects else pl.lit(value=False),
        {at: _gated(low) for at, low in native.items()},
        Gaps.of(strict),
    )


@dataclass(frozen=True, slots=True)
class Gaps:
    """What is missing of strict rules: such a rule has one outcome on all rows that lack the same.

    Attributes:
        states: The columns that say what is missing.
        truths: Their guards as integers, 2 where one is null, by name.
        missing: Where something is missing.
        outcomes: The outcome of each rule, by position, from these columns alone; pass where nothing of its own is missing.
    """

    states: tuple[str, ...] = ()
    truths: Mapping[str, pl.Expr] = field(default_factory=dict)
    missing: pl.Expr | None = None
    outcomes: Mapping[int, pl.Expr] = field(default_factory=dict)

    @classmethod
    def of(cls, strict: Mapping[int, tuple[Lowered, str | None, pl.Expr | None]]) -> "Gaps":
        """The gaps of rules, each with the name of its guard and where it is true."""
        if not strict:
            return cls()
        states = dict.fromkeys(name for low, _, _ in strict.values() for name in low.gaps or ())
        truths = {
            name: truth.cast(pl.Int8).fill_null(2).alias(name)
            for _, name, truth in strict.values()
            if name is not None and truth is not None
        }
        missing = pl.any_horizontal(pl.col(name) != 0 for name in states)
        outcomes = {at: _missing(low, name) for at, (low, name, _) in strict.items()}
        return cls(tuple(states), truths, missing, outcomes)

    def rows(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """The rows in which something is missing, with what is."""
        if self.missing is None:
            return frame.select(ROW).limit(0)
        return frame.filter(self.missing).select(ROW, *self.states, *self.truths.values())

    def count(self, found: pl.DataFrame, tally: Tally) -> None:
        """Find the outcomes of each pattern, and add them for all its rows."""
        if found.is_empty():
            return
        keys = [*self.states, *self.truths]
        kinds = (
            found.group_by(keys, maintain_order=True)
            .agg(pl.len().alias("rows"))
            .with_row_index("pattern")
        )
        codes = _long(kinds.with_columns(pl.col("pattern").alias(ROW)), self.outcomes)
        codes = codes.rename({"row": "pattern"})
        tally.total(
            codes.join(kinds.select("pattern", "rows"), on="pattern")
            .group_by("rule", "code")
            .agg(pl.col("rows").sum())
        )
        shown = codes.filter(pl.col("code") < int(Code.PASS))
        if shown.height:
            rows = found.join(kinds, on=keys, maintain_order="left")
            tally.show(rows.select(pl.col(ROW).alias("row"), "pattern"), shown)


def _missing(low: Lowered, guard: str | None) -> pl.Expr:
    """The outcome where something is missing, or pass; where the guard is false it is counted already."""
    touched = pl.any_horizontal(pl.col(name) != 0 for name in low.gaps or ())
    if guard is not None:
        touched = touched & (pl.col(guard) != 0)
    chain = pl.when(~touched).then(_code(Code.PASS))
    if low.excluded is not None:
        chain = chain.when(low.excluded).then(_code(Code.NOT_APPLICABLE))
    return chain.otherwise(_code(Code.UNKNOWN))


def _gated(low: Lowered) -> pl.Expr:
    """The outcome where it is in doubt, else pass; where the guard is false it is counted already."""
    doubtful = low.suspect.fill_null(value=low.gaps is None)
    if low.guard is not None:
        doubtful = doubtful & low.guard.fill_null(value=True)
    return pl.when(doubtful).then(low.judged.cast(pl.Int8)).otherwise(_code(Code.PASS))


def _code(code: Code) -> pl.Expr:
    return pl.lit(int(code), dtype=pl.Int8)


def _long(frame: pl.DataFrame, exprs: Mapping[int, pl.Expr]) -> pl.DataFrame:
    """``rule``, ``row`` and ``code`` of every outcome that is not a pass, by rule and row."""
    if not exprs:
        return pl.DataFrame(schema=DETAIL)
    return (
        frame.lazy()
        .select(
            pl.col(ROW).alias("row"),
            *(expr.alias(str(position)) for position, expr in exprs.items()),
        )
        .collect()
        .unpivot(index="row", variable_name="rule", value_name="code")
        .filter(pl.col("code") != int(Code.PASS))
        .select(pl.col("rule").cast(pl.UInt32), "row", "code")
    )


def _asked(position: int, ask: Ask, rows: int) -> pl.DataFrame:
    """The outcomes of a rule that only the reference knows."""
    return pl.DataFrame(
        {
            "rule": pl.repeat(position, rows, dtype=pl.UInt32, eager=True),
            "row": pl.int_range(rows, dtype=pl.UInt32, eager=True),
            "code": pl.Series([int(ask(position, row)) for row in range(rows)], dtype=pl.Int8),
        }
    )
