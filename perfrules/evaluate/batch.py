"""All outcomes of all rules of a sheet in one streaming pass."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

import polars as pl

from perfrules.dataset import ROW
from perfrules.evaluate.lower import HARD, Lowered
from perfrules.verdicts import OUTCOMES, Code, Verdicts

CELLS = 16_000_000
"""Outcomes held in memory at once while kept rows are coded."""

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
        for rule, code, number in found.group_by("rule", "code").len().iter_rows():
            self.counts.setdefault(rule, [0] * len(OUTCOMES))[code] += number
        shown = found.filter(pl.col("code") < int(Code.PASS))
        if shown.height:
            self.parts.append(
                shown.group_by("rule", "code", maintain_order=True)
                .head(self.limit)
                .select(list(DETAIL))
            )

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
    """All outcomes of all rules: one streaming pass that keeps the rows where some verdict is not a clean pass, then their outcomes.

    Pass is what is left: rows minus all other outcomes.
    """
    native = {position: check for position, check in enumerate(checks) if check.lowered is not None}
    guards = {
        check.guard: check.lowered.guard
        for check in native.values()
        if check.lowered and check.lowered.guard is not None
    }
    names = {guard: f"g{number}" for number, guard in enumerate(guards)}
    sizes = [
        pl.len().alias("rows"),
        *((~guards[guard]).sum().alias(name) for guard, name in names.items()),
    ]
    suspects = [
        check.lowered.suspect.fill_null(value=True) for check in native.values() if check.lowered
    ]
    empty = [pl.col(name).is_null() for name in frame.collect_schema().names() if "@" not in name]
    if suspects:
        keep = pl.any_horizontal(*suspects, *empty)
        totals, kept = pl.collect_all([frame.select(sizes), frame.filter(keep)], engine="streaming")
    else:
        totals, kept = frame.select(sizes).collect(), None
    rows = int(totals["rows"][0])
    tally = _Tally(limit)
    if kept is not None:
        _code(kept, native, tally)
    for position, check in enumerate(checks):
        if check.lowered is None:
            codes = check.codes(frame).collect()["code"]
            row = pl.int_range(rows, dtype=pl.UInt32, eager=True)
            tally.add(
                pl.DataFrame(
                    {
                        "rule": pl.repeat(position, rows, dtype=pl.UInt32, eager=True),
                        "row": row,
                        "code": codes,
                    }
                )
            )
    return Verdicts(
        rows,
        _counts(
            rows, checks, tally, {guard: int(totals[name][0] or 0) for guard, name in names.items()}
        ),
        tally.detail(),
    )


def _code(kept: pl.DataFrame, native: Mapping[int, BoundCheck], tally: _Tally) -> None:
    clean = pl.lit(int(Code.PASS), dtype=pl.Int8)
    exprs = [
        pl.when(_doubted(check.lowered))
        .then(check.lowered.code.cast(pl.Int8))
        .otherwise(clean)
        .alias(str(position))
        for position, check in native.items()
        if check.lowered
    ]
    block = max(1024, CELLS // max(1, len(exprs)))
    for start in range(0, kept.height, block):
        part = kept.slice(start, block)
        long = (
            part.lazy()
            .select(pl.col(ROW).alias("row"), *exprs)
            .collect()
            .unpivot(index="row", variable_name="rule", value_name="code")
            .filter(pl.col("code") != int(Code.PASS))
            .with_columns(pl.col("rule").cast(pl.UInt32))
        )
        hard = long.filter(pl.col("code") == HARD)
        if hard.height:
            asked = [
                int(native[rule].ask(row)) for row, rule in hard.select("row", "rule").iter_rows()
            ]
            long = pl.concat(
                [
                    long.filter(pl.col("code") != HARD),
                    hard.with_columns(pl.Series("code", asked, dtype=pl.Int8)),
                ]
            )
            long = long.filter(pl.col("code") != int(Code.PASS)).sort("rule", "row")
        tally.add(long.select(list(DETAIL)))


def _doubted(lowered: Lowered) -> pl.Expr:
    """Rows whose outcome is to be found; where the guard is false it is known and counted already."""
    suspect = lowered.suspect.fill_null(value=True)
    return cast(
        "pl.Expr",
        suspect if lowered.guard is None else suspect & lowered.guard.fill_null(value=True),
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
