"""Seeded data and rules for every peer: 20 money columns in cents (10 parts, 10 totals), sum rules over 3 to 12 of them, every fifth guarded.

A share of the rows has one total broken, as many are one cent off, and 5 % of the rows have one blank.
"""

import itertools
import random
from dataclasses import dataclass

import numpy as np
import polars as pl

PARTS = [f"a{i:02d}" for i in range(10)]
TOTALS = [f"t{i:02d}" for i in range(10)]
COLUMNS = PARTS + TOTALS
_DRAW = random.Random(7)
CHILDREN = [sorted(_DRAW.sample(range(10), k)) for k in (2, 3, 4, 2, 3, 4, 3, 3, 2, 4)]
GUARDS = (("a00", 500_000_000), ("t03", 1_500_000_000))


@dataclass(frozen=True)
class SumRule:
    """``Σ factor · column = 0``, where ``guard`` is (column, limit in cents) or None."""

    id: str
    factors: dict[str, int]
    guard: tuple[str, int] | None


def rules(number: int) -> list[SumRule]:
    """The first ``number`` rules; positive factors first."""
    sums = [[(1, k)] for k in range(10)]
    sums += [[(1, i), (s, j)] for i, j in itertools.combinations(range(10), 2) for s in (1, -1)]
    sums += [
        [(1, i), (s, j), (u, k)]
        for i, j, k in itertools.combinations(range(10), 3)
        for s in (1, -1)
        for u in (1, -1)
    ]
    made = []
    for position, parts in enumerate(sums[:number]):
        factors: dict[str, int] = {}
        for sign, k in parts:
            for child in CHILDREN[k]:
                factors[PARTS[child]] = factors.get(PARTS[child], 0) + sign
            factors[TOTALS[k]] = factors.get(TOTALS[k], 0) - sign
        kept = dict(sorted(((c, f) for c, f in factors.items() if f), key=lambda item: item[1] < 0))
        guard = GUARDS[position // 5 % 2] if position % 5 == 4 else None
        made.append(SumRule(f"r{position:03d}", kept, guard))
    return made


def cents(rows: int, *, broken: float = 0.001, blank_rows: float = 0.05) -> pl.DataFrame:
    """The data as Int64 cents, with nulls."""
    draw = np.random.default_rng(1)
    values = np.empty((rows, 20), dtype=np.int64, order="F")
    for i in range(10):
        values[:, i] = draw.integers(0, 1_000_000_000, rows)
    for k in range(10):
        values[:, 10 + k] = values[:, CHILDREN[k]].sum(axis=1)
    few = int(rows * broken)
    if few:
        at = draw.choice(rows, few, replace=False)
        values[at, 10 + draw.integers(0, 10, few)] += draw.integers(2, 10_000, few) * draw.choice(
            [-1, 1], few
        )
        at = draw.choice(rows, few, replace=False)
        values[at, 10 + draw.integers(0, 10, few)] += draw.choice([-1, 1], few)
    frame = pl.DataFrame({c: values[:, i] for i, c in enumerate(COLUMNS)})
    if not blank_rows:
        return frame
    gaps = np.zeros((rows, 20), bool)
    at = draw.choice(rows, int(rows * blank_rows), replace=False)
    gaps[at, draw.integers(0, 20, len(at))] = True
    return frame.select(
        pl.when(pl.Series(gaps[:, i])).then(None).otherwise(pl.col(c)).alias(c)
        for i, c in enumerate(COLUMNS)
    )


def expected(frame: pl.DataFrame, made: list[SumRule]) -> dict[str, tuple[int, int, int, int, int]]:
    """The referee: (fail, unknown, rounding, pass, not-applicable) of each rule, by integers in numpy.

    A total stands alone on one side where a rule has one total, so half a cent is a pass there; every printed figure that is not
    zero adds half a cent to the range.
    """
    values = {c: frame[c].fill_null(0).to_numpy() for c in COLUMNS}
    gaps = {c: frame[c].is_null().to_numpy() for c in COLUMNS}
    found = {}
    for rule in made:
        residual = sum(f * values[c] for c, f in rule.factors.items())
        missing = np.logical_or.reduce([gaps[c] for c in rule.factors])
        width = sum(abs(f) * (values[c] != 0) for c, f in rule.factors.items())
        applies = np.ones(frame.height, bool)
        unsure = np.zeros(frame.height, bool)
        if rule.guard:
            unsure = gaps[rule.guard[0]]
            applies = values[rule.guard[0]] > rule.guard[1]
        off = ~applies & ~unsure
        unknown = ~off & (unsure | missing)
        judged = ~off & ~unknown
        clean = judged & (residual == 0)
        near = judged & ~clean & (2 * np.abs(residual) <= width)
        found[rule.id] = (
            int((judged & ~clean & ~near).sum()), int(unknown.sum()), int(near.sum()), int(clean.sum()), int(off.sum()),
        )  # fmt: skip
    return found


def pack(made: list[SumRule]) -> tuple[str, str]:
    """The rules as ``pack.yaml`` and a ``*.rules.yaml``."""
    columns = "\n".join(f"      {c}: {{type: money, decimals: 0}}" for c in COLUMNS)
    head = f"pack: bench\ntables:\n  t:\n    unit: 元\n    key: [row]\n    columns:\n      row: {{type: code}}\n{columns}\n"
    lines = []
    for rule in made:
        plus = " + ".join(f"{f} * {c}" if f != 1 else c for c, f in rule.factors.items() if f > 0)
        minus = " + ".join(
            f"{-f} * {c}" if f != -1 else c for c, f in rule.factors.items() if f < 0
        )
        guard = f", when: '{rule.guard[0]} > {rule.guard[1]}元'" if rule.guard else ""
        lines.append(f"  - {{id: {rule.id}, assert: '{plus} = {minus}'{guard}}}")
    return head, "table: t\nrules:\n" + "\n".join(lines) + "\n"
