"""Counts of outcomes, and the first verdicts of each in detail."""

from dataclasses import dataclass, field

import polars as pl

from perfrules.verdicts import OUTCOMES, Code

STRETCH = 4096
"""Rows read at a time while patterns are shown."""
DETAIL = {"rule": pl.UInt32, "row": pl.UInt32, "code": pl.Int8}


@dataclass(slots=True)
class Tally:
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
        """Keep the first of each outcome of patterns, a stretch of ``row``, ``pattern`` at a time until all have enough."""
        kept: dict[tuple[int, int], int] = {}
        for start in range(0, rows.height, STRETCH):
            found = (
                rows.slice(start, STRETCH)
                .join(codes, on="pattern", maintain_order="left")
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
