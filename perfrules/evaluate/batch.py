"""All outcomes of all rules of a sheet in one streaming pass."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from perfrules.dataset import ROW
from perfrules.evaluate.lower import HARD, Lowered
from perfrules.verdicts import OUTCOMES, Code, Verdicts

CELLS = 16_000_000
"""Outcomes held in memory at once while kept rows are coded."""
STRETCH = 4096
"""Rows read at a time while patterns are shown."""

DETAIL = {"rule": pl.UInt32, "row": pl.UInt32, "code": pl.Int8}


@dataclass(frozen=True, slots=True)
class BoundCheck:
    """A rule as the engine evaluates it.

    Attributes:
        id: Rule id, with the column of ``for`` where there is one.
        expression: The assertion as written.
        lowered: Its native expressions; None where the reference evaluates every row.
        guard: What makes its guard equal to that of another rule.
        ask: The reference, for rows and rules that have no exact native expression.
    """

    id: str
    expression: str
    lowered: Lowered | None
    guard: object
    ask: Callable[[int], Code]

    def codes(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """The outcome of every row as one column ``code``."""
        if self.lowered is None:
            rows = frame.select(ROW).collect()[ROW]
            return pl.LazyFrame(
                {"code": pl.Series([int(self.ask(row)) for row in rows], dtype=pl.Int8)}
            )
        found = frame.select(ROW, self.lowered.code.cast(pl.Int8).alias("code")).collect()
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


@dataclass(slots=True)
class _Tally:
    """Counts and capped detail, filled block by block."""

    limit: int
    counts: dict[int, list[int]] = field(default_factory=dict)
    parts: list[pl.DataFrame] = field(default_factory=list)

    def add(self, found: pl.DataFrame) -> None:
        """Count the outcomes of ``rule``, ``row``, ``code`` and keep the first of each that a person must see."""
        self.total(found.group_by("rule", "code").agg(pl.len().alias("rows")))
        self.keep(found.filter(pl.col("code") < int(Code.PASS)))

    def total(self, found: pl.DataFrame) -> None:
        """Count ``rule``, ``code``, ``rows``."""
        for rule, code, number in found.select("rule", "code", "rows").iter_rows():
            self.counts.setdefault(rule, [0] * len(OUTCOMES))[code] += number

    def keep(self, shown: pl.DataFrame) -> None:
        """Keep the first of each outcome."""
        if shown.height and self.limit:  # the head of no length is a row of nulls
            first = shown.group_by("rule", "code", maintain_order=True).head(self.limit)
            self.parts.append(first.select(list(DETAIL)))

    def show(self, rows: pl.DataFrame, codes: pl.DataFrame) -> None:
        """Keep the first of each outcome of patterns, a stretch of ``row``, ``first`` at a time until all have enough."""
        kept: dict[tuple[int, int], int] = {}
        for start in range(0, rows.height, STRETCH):
            found = (
                rows.slice(start, STRETCH)
                .join(codes, on="first", maintain_order="left")
                .select(list(DETAIL))
            )
            self.keep(found)
            for rule, code, number in found.group_by("rule", "code").len().iter_rows():
                kept[rule, code] = kept.get((rule, code), 0) + number
            full = [key for key, number in kept.items() if number >= self.limit]
            done = pl.DataFrame(full, schema={"rule": pl.UInt32, "code": pl.Int8}, orient="row")
            codes = codes.join(done, on=["rule", "code"], how="anti")
            if codes.is_empty():
                return
            kept = {key: number for key, number in kept.items() if number < self.limit}

    def detail(self) -> pl.DataFrame:
        """The kept verdicts, by rule and row."""
        if not self.parts:
            return pl.DataFrame(schema=DETAIL)
        return (
            pl.concat(self.parts)
            .group_by("rule", "code", maintain_order=True)
            .head(self.limit)
            .select(list(DETAIL))
            .sort("rule", "row")
        )


def batched(frame: pl.LazyFrame, checks: Sequence[BoundCheck], limit: int) -> Verdicts:
    """All outcomes of all rules, from one streaming pass over the frame.

    The pass counts where guards are false, keeps the rows where some verdict is not a clean pass, and the rows where something is
    missing as patterns of what is. Then outcomes are found on the kept rows, and once per pattern for strict rules; pass is what is
    left: rows minus all other outcomes.
    """
    native = {
        position: check.lowered
        for position, check in enumerate(checks)
        if check.lowered is not None
    }
    guards = {
        checks[position].guard: lowered.guard
        for position, lowered in native.items()
        if lowered.guard is not None
    }
    names = {guard: f"g{number}" for number, guard in enumerate(guards)}
    sizes = [
        pl.len().alias("rows"),
        *((~guards[guard]).sum().alias(name) for guard, name in names.items()),
    ]
    patterns = _Patterns(
        {
            position: (lowered, names.get(checks[position].guard))
            for position, lowered in native.items()
            if lowered.gaps
        },
        {name: guards[guard] for guard, name in names.items()},
    )
    totals, kept, gaps = pl.collect_all(
        [frame.select(sizes), frame.filter(_kept(list(native.values()))), patterns.rows(frame)],
        engine="streaming",
    )
    tally = _Tally(limit)
    _code(kept, {position: checks[position] for position in native}, tally)
    patterns.count(gaps, frame, tally)
    rows = int(totals["rows"][0])
    for position, check in enumerate(checks):
        if check.lowered is None:
            tally.add(_asked(check, position, frame, rows))
    absent = {guard: int(totals[name][0] or 0) for guard, name in names.items()}
    return Verdicts(rows, _counts(rows, checks, tally, absent), tally.detail())


def _kept(native: Sequence[Lowered]) -> pl.Expr:
    """Rows where some verdict is not a clean pass; what is missing for strict rules is not among them."""
    if not native:
        return pl.lit(value=False)
    return pl.any_horizontal(
        [low.suspect.fill_null(value=True) if low.gaps is None else low.suspect for low in native]
    )


def _asked(check: BoundCheck, position: int, frame: pl.LazyFrame, rows: int) -> pl.DataFrame:
    """The outcomes of a rule that only the reference knows."""
    return (
        check.codes(frame)
        .collect()
        .select(
            pl.lit(position, dtype=pl.UInt32).alias("rule"),
            pl.int_range(rows, dtype=pl.UInt32).alias("row"),
            "code",
        )
    )


@dataclass(frozen=True, slots=True)
class _Patterns:
    """Rows in which something is missing, by what is: a strict rule has one outcome on all rows of a pattern.

    Attributes:
        strict: The rules, by position, with the name of their guard.
        guards: All guards by name.
    """

    strict: Mapping[int, tuple[Lowered, str | None]]
    guards: Mapping[str, pl.Expr]

    @property
    def states(self) -> list[str]:
        """The columns that say what is missing."""
        return list(
            dict.fromkeys(
                name for lowered, _ in self.strict.values() for name in lowered.gaps or ()
            )
        )

    @property
    def truths(self) -> list[str]:
        """The names of the guards of strict rules."""
        return list(dict.fromkeys(guard for _, guard in self.strict.values() if guard is not None))

    def rows(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """The rows with their patterns."""
        if not self.strict:
            return frame.select(ROW).limit(0)
        truths = [self.guards[name].cast(pl.Int8).fill_null(2).alias(name) for name in self.truths]
        missing = pl.any_horizontal(pl.col(name) != 0 for name in self.states)
        return frame.filter(missing).select(ROW, *self.states, *truths)

    def count(self, gaps: pl.DataFrame, frame: pl.LazyFrame, tally: "_Tally") -> None:
        """Find the outcomes of each pattern on its first row, and add them for all its rows."""
        if gaps.is_empty():
            return
        keys = [*self.states, *self.truths]
        kinds = gaps.group_by(keys, maintain_order=True).agg(
            pl.len().alias("rows"), pl.col(ROW).first().alias("first")
        )
        samples = frame.filter(pl.col(ROW).is_in(kinds["first"].implode())).collect()
        codes = _long(
            samples,
            {position: self._outcome(lowered) for position, (lowered, _) in self.strict.items()},
        )
        codes = codes.rename({"row": "first"})
        tally.total(
            codes.join(kinds.select("first", "rows"), on="first")
            .group_by("rule", "code")
            .agg(pl.col("rows").sum())
        )
        shown = codes.filter(pl.col("code") < int(Code.PASS))
        tally.show(
            gaps.join(kinds, on=keys, maintain_order="left").select(
                pl.col(ROW).alias("row"), "first"
            ),
            shown,
        )

    def _outcome(self, lowered: Lowered) -> pl.Expr:
        touched = pl.any_horizontal(pl.col(name) != 0 for name in lowered.gaps or ())
        return _gated(touched, lowered)


def _code(kept: pl.DataFrame, native: Mapping[int, BoundCheck], tally: _Tally) -> None:
    exprs = {
        position: _gated(
            check.lowered.suspect.fill_null(value=check.lowered.gaps is None), check.lowered
        )
        for position, check in native.items()
        if check.lowered
    }
    block = max(1024, CELLS // max(1, len(exprs)))
    for start in range(0, kept.height, block):
        found = _long(kept.slice(start, block), exprs)
        hard = found.filter(pl.col("code") == HARD)
        if hard.height:
            asked = [
                int(native[rule].ask(row)) for row, rule in hard.select("row", "rule").iter_rows()
            ]
            answers = hard.with_columns(pl.Series("code", asked, dtype=pl.Int8)).filter(
                pl.col("code") != int(Code.PASS)
            )
            found = pl.concat([found.filter(pl.col("code") != HARD), answers]).sort("rule", "row")
        tally.add(found)


def _gated(doubtful: pl.Expr, lowered: Lowered) -> pl.Expr:
    """The outcome where it is to be found; where the guard is false it is known and counted already."""
    if lowered.guard is not None:
        doubtful = doubtful & lowered.guard.fill_null(value=True)
    return (
        pl.when(doubtful)
        .then(lowered.code.cast(pl.Int8))
        .otherwise(pl.lit(int(Code.PASS), dtype=pl.Int8))
    )


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


def _counts(
    rows: int, checks: Sequence[BoundCheck], tally: _Tally, false_guards: Mapping[object, int]
) -> pl.DataFrame:
    table = []
    for position, check in enumerate(checks):
        found = list(tally.counts.get(position, [0] * len(OUTCOMES)))
        if check.lowered is not None:
            found[Code.NOT_APPLICABLE] += false_guards.get(check.guard, 0)
            found[Code.PASS] = rows - sum(found)
        table.append({"rule": position, **dict(zip(OUTCOMES, found, strict=True))})
    return pl.DataFrame(table, schema={"rule": pl.UInt32, **dict.fromkeys(OUTCOMES, pl.Int64)})
