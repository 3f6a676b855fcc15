"""Seeded data and rules for every peer, and the referee: all five outcomes of each rule in plain integers.

20 money columns in cents (10 parts, 10 totals), and 5 printed rates in hundredths of a percent. A share of the rows has one total broken,
as many are one cent off, and 5 % of the rows have one blank, or 5 % of the cells are blank.
"""

import itertools
import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

PARTS = [f"a{i:02d}" for i in range(10)]
TOTALS = [f"t{i:02d}" for i in range(10)]
COLUMNS = PARTS + TOTALS
RATES = [f"p{i}" for i in range(5)]
"""Each is a part over its total."""
_DRAW = random.Random(7)
CHILDREN = [sorted(_DRAW.sample(range(10), k)) for k in (2, 3, 4, 2, 3, 4, 3, 3, 2, 4)]
GUARDS = (("a00", 500_000_000), ("t03", 1_500_000_000))
OUTCOMES = ("fail", "unknown", "rounding", "pass", "not-applicable")
FAIL, UNKNOWN, ROUNDING, PASS, NOT_APPLICABLE = range(5)

Ints = NDArray[np.int64]
Cells = dict[str, tuple[Ints, NDArray[np.bool_]]]
"""Values, and where they are blank."""


@dataclass(frozen=True)
class Sum:
    """``Σ factor · column = 0``, where ``guard`` is (column, limit in cents) or None; positive factors first."""

    id: str
    factors: dict[str, int]
    guard: tuple[str, int] | None = None

    @property
    def columns(self) -> list[str]:
        return list(self.factors)

    def residual(self) -> pl.Expr:
        """The sum as a polars expression, written by hand."""
        total: pl.Expr | None = None
        for column, factor in self.factors.items():
            term = pl.col(column) if abs(factor) == 1 else pl.col(column) * abs(factor)
            total = term if total is None else (total + term if factor > 0 else total - term)
        assert total is not None
        return total

    def broken(self) -> pl.Expr:
        """Where the printed figures do not hold."""
        off = self.residual() != 0
        return off if self.guard is None else off & (pl.col(self.guard[0]) > self.guard[1])

    def judged(self) -> pl.Expr:
        """The outcome where nothing is blank and the sum does not hold: within half a cent of each figure that is no zero, or not."""
        width = sum(abs(f) * (pl.col(c) != 0).cast(pl.Int64) for c, f in self.factors.items())
        return pl.when(self.residual().abs() * 2 <= width).then(ROUNDING).otherwise(FAIL)

    def codes(self, cells: Cells) -> Ints:
        residual = sum(f * cells[c][0] for c, f in self.factors.items())
        width = sum(abs(f) * (cells[c][0] != 0) for c, f in self.factors.items())
        near = 2 * np.abs(residual) <= width
        return np.where(residual == 0, PASS, np.where(near, ROUNDING, FAIL))

    def text(self) -> str:
        plus = " + ".join(f"{f} * {c}" if f != 1 else c for c, f in self.factors.items() if f > 0)
        minus = " + ".join(
            f"{-f} * {c}" if f != -1 else c for c, f in self.factors.items() if f < 0
        )
        return f"{plus} = {minus}"


@dataclass(frozen=True)
class Ratio:
    """``rate = top / base``, the rate printed in hundredths of a percent."""

    id: str
    rate: str
    top: str
    base: str
    guard: None = None

    @property
    def columns(self) -> list[str]:
        return [self.rate, self.top, self.base]

    def broken(self) -> pl.Expr:
        p, a, t = (pl.col(name) for name in self.columns)
        return (p * t - a * 10_000).abs() * 2 > t

    def judged(self) -> pl.Expr:
        p, a, t = (pl.col(name) for name in self.columns)
        near = ((2 * a - 1) * 20_000 <= (2 * p + 1) * (2 * t + 1)) & (
            (2 * p - 1) * (2 * t - 1) <= (2 * a + 1) * 20_000
        )
        cut = (p * t <= a * 10_000) & (a * 10_000 < (p + 1) * t)
        return pl.when(near | cut).then(ROUNDING).otherwise(FAIL)  # fmt: skip

    def codes(self, cells: Cells) -> Ints:
        p, a, t = (cells[name][0] for name in self.columns)
        near = ((2 * a - 1) * 20_000 <= (2 * p + 1) * (2 * t + 1)) & (
            (2 * p - 1) * (2 * t - 1) <= (2 * a + 1) * 20_000
        )
        cut = (p * t <= a * 10_000) & (a * 10_000 < (p + 1) * t)
        clean = np.abs(p * t - a * 10_000) * 2 <= t
        return np.where(clean, PASS, np.where(near | cut, ROUNDING, FAIL))  # fmt: skip

    def text(self) -> str:
        return f"{self.rate} = {self.top} / {self.base}"


@dataclass(frozen=True)
class Limit:
    """``top / base ≤ percent``."""

    id: str
    top: str
    base: str
    percent: int
    guard: None = None

    @property
    def columns(self) -> list[str]:
        return [self.top, self.base]

    def broken(self) -> pl.Expr:
        return pl.col(self.top) * 100 > pl.col(self.base) * self.percent

    def judged(self) -> pl.Expr:
        a, t = pl.col(self.top), pl.col(self.base)
        near = (2 * a - 1) * 100 <= (2 * t + 1) * self.percent
        return pl.when(near).then(ROUNDING).otherwise(FAIL)

    def codes(self, cells: Cells) -> Ints:
        a, t = cells[self.top][0], cells[self.base][0]
        near = (2 * a - 1) * 100 <= (2 * t + 1) * self.percent
        return np.where(a * 100 <= t * self.percent, PASS, np.where(near, ROUNDING, FAIL))

    def text(self) -> str:
        return f"{self.top} / {self.base} ≤ {self.percent}%"


Rule = Sum | Ratio | Limit


def sums(number: int) -> list[Rule]:
    """The first ``number`` sums, of 3 to 12 figures; every fifth is guarded."""
    parts = [[(1, k)] for k in range(10)]
    parts += [[(1, i), (s, j)] for i, j in itertools.combinations(range(10), 2) for s in (1, -1)]
    parts += [
        [(1, i), (s, j), (u, k)]
        for i, j, k in itertools.combinations(range(10), 3)
        for s in (1, -1)
        for u in (1, -1)
    ]
    made: list[Rule] = []
    for position, signs in enumerate(parts[:number]):
        factors: dict[str, int] = {}
        for sign, k in signs:
            for child in CHILDREN[k]:
                factors[PARTS[child]] = factors.get(PARTS[child], 0) + sign
            factors[TOTALS[k]] = factors.get(TOTALS[k], 0) - sign
        kept = dict(sorted(((c, f) for c, f in factors.items() if f), key=lambda item: item[1] < 0))
        guard = GUARDS[position // 5 % 2] if position % 5 == 4 else None
        made.append(Sum(f"r{position:03d}", kept, guard))
    return made


def mixed() -> list[Rule]:
    """60 sums, 20 ratios and limits of ratios, 20 sums that hold on a condition."""
    plain = [rule for rule in sums(200) if rule.guard is None]
    limits = [(CHILDREN[k][0], k, percent) for percent in (100, 120, 150) for k in range(5, 10)]
    ratios: list[Rule] = [
        Ratio(f"q{i}", RATES[i], PARTS[CHILDREN[i][0]], TOTALS[i]) for i in range(5)
    ]
    ratios += [
        Limit(f"l{at}", PARTS[a], TOTALS[k], percent) for at, (a, k, percent) in enumerate(limits)
    ]
    held = [rule for rule in sums(200) if isinstance(rule, Sum) and rule.guard is not None]
    return [*plain[:60], *ratios, *held[:20]]  # fmt: skip


def cents(
    rows: int, *, broken: float = 0.001, blank_rows: float = 0.05, blank_cells: float = 0.0
) -> pl.DataFrame:
    """The data as Int64, with nulls."""
    draw = np.random.default_rng(1)
    names = [*COLUMNS, *RATES]
    values = np.empty((rows, len(names)), dtype=np.int64, order="F")
    for i in range(10):
        values[:, i] = draw.integers(0, 1_000_000_000, rows)
    for k in range(10):
        values[:, 10 + k] = values[:, CHILDREN[k]].sum(axis=1)
    for i in range(5):
        top, base = values[:, CHILDREN[i][0]], np.maximum(values[:, 10 + i], 1)
        values[:, 20 + i] = (top * 20_000 + base) // (2 * base)
    few = int(rows * broken)
    if few:
        at = draw.choice(rows, few, replace=False)
        values[at, 10 + draw.integers(0, 10, few)] += draw.integers(2, 10_000, few) * draw.choice(
            [-1, 1], few
        )
        at = draw.choice(rows, few, replace=False)
        values[at, 10 + draw.integers(0, 10, few)] += draw.choice([-1, 1], few)
    frame = pl.DataFrame({c: values[:, i] for i, c in enumerate(names)})
    gaps = np.zeros((rows, len(names)), bool)
    if blank_rows:
        at = draw.choice(rows, int(rows * blank_rows), replace=False)
        gaps[at, draw.integers(0, 20, len(at))] = True
    if blank_cells:
        gaps[:, :20] |= draw.random((rows, 20)) < blank_cells
    if not gaps.any():
        return frame
    return frame.select(
        pl.when(pl.Series(gaps[:, i])).then(None).otherwise(pl.col(c)).alias(c)
        for i, c in enumerate(names)
    )


def broken_everywhere(rows: int) -> pl.DataFrame:
    """Data in which no sum of one total holds."""
    frame = cents(rows, broken=0, blank_rows=0)
    return frame.with_columns(pl.col(name) + 1000 * (at + 1) for at, name in enumerate(TOTALS))


def expected(frame: pl.DataFrame, made: Sequence[Rule]) -> dict[str, tuple[int, ...]]:
    """The referee: how often each rule has each of :data:`OUTCOMES`, by integers in numpy.

    A total stands alone on one side where a rule has one total, so half a cent is a pass there; every printed figure that is not
    zero adds half a cent to the range. No total is zero.
    """
    cells = {
        c: (frame[c].fill_null(0).to_numpy(), frame[c].is_null().to_numpy()) for c in frame.columns
    }
    found = {}
    for rule in made:
        codes = rule.codes(cells)
        gaps = [cells[name][1] for name in rule.columns]
        codes[np.logical_or.reduce(gaps)] = UNKNOWN
        if rule.guard:
            limit, gap = cells[rule.guard[0]]
            codes[gap] = UNKNOWN
            codes[(limit <= rule.guard[1]) & ~gap] = NOT_APPLICABLE
        codes[np.logical_and.reduce(gaps)] = NOT_APPLICABLE
        found[rule.id] = tuple(np.bincount(codes, minlength=5).tolist())
    return found


def pack(made: Sequence[Rule]) -> tuple[str, str]:
    """The rules as ``pack.yaml`` and a ``*.rules.yaml``."""
    columns = "\n".join(f"      {c}: {{type: money, decimals: 0}}" for c in COLUMNS)
    used = [name for name in RATES if any(name in rule.columns for rule in made)]
    rates = "\n".join(f"      {c}: {{type: ratio, unit: '%', decimals: 2}}" for c in used)
    head = f"pack: bench\ntables:\n  t:\n    unit: 元\n    key: [row]\n    columns:\n      row: {{type: code}}\n{columns}\n{rates}\n"
    lines = []
    for rule in made:
        guard = f", when: '{rule.guard[0]} > {rule.guard[1]}元'" if rule.guard else ""
        lines.append(f"  - {{id: {rule.id}, assert: '{rule.text()}'{guard}}}")
    return head, "table: t\nrules:\n" + "\n".join(lines) + "\n"
