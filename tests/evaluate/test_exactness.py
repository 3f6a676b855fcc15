"""Verdicts on and around every boundary, at magnitudes from 1 to 10¹⁴ and beyond 64 and 128 bits, against rational arithmetic.

The referee here is written anew from the definition of the outcomes; it shares nothing with the package.
"""

import random
from fractions import Fraction

import polars as pl
import pytest

from perfrules.dataset import Dataset
from perfrules.evaluate.engines import lowered_or_none
from perfrules.evaluate.sheets import lay
from perfrules.model import Pack
from perfrules.plan import bind
from perfrules.readers import read_frames
from tests.evaluate.packs import by_polars, pack_of

HALF = Fraction(1, 2)
MAGNITUDES = [10**power for power in range(15)]
PARTS = ("p1", "p2", "p3", "p4", "p5")
TABLES = f"""tables:
  t:
    unit: 元
    key: [k]
    columns:
      k: {{type: code}}
      rate: {{type: ratio, unit: '%', decimals: 2}}
      {"".join(f"{name}: {{type: money, decimals: 0}}{chr(10)}      " for name in ("total", *PARTS))}
"""


def _frame(rows: list[dict[str, object]]) -> pl.DataFrame:
    """Rows with a key; columns that are left out are blank."""
    columns = {
        "k": pl.String,
        "rate": pl.String,
        "total": pl.String,
        **dict.fromkeys(PARTS, pl.String),
    }
    texts = [
        {name: None if row.get(name) is None else str(row[name]) for name in columns}
        for row in rows
    ]
    return pl.DataFrame(texts, schema=columns).with_columns(
        pl.int_range(pl.len()).cast(pl.String).alias("k")
    )


def _outcomes(rule: str, rows: list[dict[str, object]]) -> tuple[list[str], Pack, Dataset]:
    pack = pack_of(TABLES, f"  - {{id: r, table: t, {rule}}}\n")
    dataset = read_frames({"t": _frame(rows)}, pack.tables)
    return list(by_polars(pack, dataset).values()), pack, dataset


def _is_native(pack: Pack, dataset: Dataset) -> bool:
    (sheet,) = bind(pack, dataset).sheets
    return lowered_or_none(sheet.rules[0], lay(sheet, dataset)) is not None


# ---- sums ---------------------------------------------------------------------------------------------------------------


def _sum_rows(terms: int, number: int, sizes: list[int]) -> list[dict[str, int]]:
    draw = random.Random(terms)
    rows = []
    for _ in range(number):
        size = draw.choice(sizes)
        parts = {
            name: draw.choice([0, draw.randint(-size, size), draw.randint(0, size)])
            for name in PARTS[:terms]
        }
        rows.append({**parts, "total": sum(parts.values()) + draw.randint(-terms - 3, terms + 3)})
    return rows


def _sum_outcome(row: dict[str, int], terms: int) -> str:
    """A total stands alone: half a place is a pass; every part that is not zero adds half a place to the range."""
    parts = [row[name] for name in PARTS[:terms]]
    gap = abs(row["total"] - sum(parts))
    if gap <= HALF:
        return "pass"
    return "rounding" if gap <= HALF + HALF * sum(part != 0 for part in parts) else "fail"


@pytest.mark.parametrize("terms", [2, 3, 4, 5])
def test_sums_around_their_rounding(terms: int) -> None:
    rows = _sum_rows(terms, 12_000, MAGNITUDES)
    found, pack, dataset = _outcomes(f"assert: total = {' + '.join(PARTS[:terms])}", list(rows))  # type: ignore[arg-type]  # ints are objects
    assert _is_native(pack, dataset)
    assert found == [_sum_outcome(row, terms) for row in rows]


@pytest.mark.parametrize(
    ("op", "holds"), [("≤", lambda gap: gap <= 3), ("=", lambda gap: abs(gap) <= 3)]
)
def test_sums_around_an_absolute_tolerance(op: str, holds: object) -> None:
    rows = _sum_rows(3, 12_000, MAGNITUDES)
    rule = f"assert: total {op} p1 + p2 + p3, tolerance: {{absolute: 3元}}"
    found, pack, dataset = _outcomes(rule, list(rows))  # type: ignore[arg-type]  # ints are objects
    assert _is_native(pack, dataset)
    gaps = [row["total"] - row["p1"] - row["p2"] - row["p3"] for row in rows]
    assert found == ["pass" if holds(gap) else "fail" for gap in gaps]  # type: ignore[operator]  # a predicate


# ---- ratios -------------------------------------------------------------------------------------------------------------


def _ratio_outcome(rate: int, top: int, base: int) -> str:
    """``rate`` in hundredths of a percent, against ``top / base`` of whole numbers."""
    if not base:
        return "fail"
    if abs(base) <= HALF:
        return "unknown"
    quotient = Fraction(top, base) * 10_000
    if abs(rate - quotient) <= HALF:
        return "pass"
    ends = [(top + a) / (base + b) * 10_000 for a in (-HALF, HALF) for b in (-HALF, HALF)]
    if min(ends) <= rate + HALF and rate - HALF <= max(ends):
        return "rounding"
    cut = abs(quotient) // 1 * (1 if quotient >= 0 else -1)
    return "rounding" if cut == rate else "fail"


def _percent(hundredths: int) -> str:
    sign = "-" if hundredths < 0 else ""
    return f"{sign}{abs(hundredths) // 100}.{abs(hundredths) % 100:02d}"


def test_ratios_around_their_rounding() -> None:
    draw = random.Random(5)
    rows, expected = [], []
    for _ in range(25_000):
        size = draw.choice([10, 100, 20_000, 10**9, 10**14])
        base = draw.choice([0, 1, -1, 3, 8, 16, 20_000, draw.randint(-size, size)])
        top = draw.choice(
            [0, 1, base, draw.randint(-size, size), draw.randint(-abs(base) - 1, abs(base) + 1)]
        )
        near = round(Fraction(top, base) * 10_000) if base else 5_000
        rate = near + draw.choice([-60, -2, -1, -1, 0, 0, 1, 1, 2, 60])
        rows.append({"rate": _percent(rate), "p1": top, "p2": base})
        expected.append(_ratio_outcome(rate, top, base))
    found, pack, dataset = _outcomes("assert: rate = p1 / p2", rows)
    assert _is_native(pack, dataset)
    assert found == expected
    assert set(expected) == {"pass", "rounding", "fail"}


# ---- beyond the integers of the engine ----------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [2**61, 2**62, 2**63 - 1, 10**25, 10**36, 10**37])
def test_sums_cannot_wrap_around(size: int) -> None:
    """2**63 leaves 64 bits, and 5 * 10**37 leaves 128: there the reference takes over."""
    rows = _sum_rows(5, 60, [size, size // 3, 1])
    found, _, _ = _outcomes("assert: total = p1 + p2 + p3 + p4 + p5", list(rows))  # type: ignore[arg-type]  # ints are objects
    assert found == [_sum_outcome(row, 5) for row in rows]


@pytest.mark.parametrize("size", [2**40, 2**61, 2**63 - 1, 10**25, 10**37])
def test_quotients_cannot_wrap_around(size: int) -> None:
    draw = random.Random(size)
    rows, expected = [], []
    for _ in range(60):
        base, top = draw.randint(1, size), draw.randint(-size, size)
        rate = round(Fraction(top, base) * 10_000) + draw.choice([-1, 0, 1])
        rows.append({"rate": _percent(rate), "p1": top, "p2": base})
        expected.append(_ratio_outcome(rate, top, base))
    found, _, _ = _outcomes("assert: rate = p1 / p2", rows)
    assert found == expected
