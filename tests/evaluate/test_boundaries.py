"""Values of every form against a figure at some boundary of the outcome: polars says what the reference says."""

import json
from collections.abc import Mapping
from fractions import Fraction
from math import floor
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfrules.dataset import Dataset
from perfrules.evaluate import reference
from perfrules.evaluate.rows import Index
from perfrules.evaluate.sheets.laying import lay
from perfrules.model import Pack
from perfrules.plan import bind
from tests.evaluate.packs import (
    batched_counts,
    by_polars,
    by_reference,
    counts,
    data_of,
    loaded,
    lowered,
)
from tests.evaluate.test_agree import IN_YUAN, MONEY, OPS, TOLERANCES, value

ROWS = 12
SIDES = "      e: {type: money, decimals: 2}\n      i: {type: ratio, unit: '%', decimals: 2}\n"
TABLES = IN_YUAN.replace("      n: {type: count}\n", "      n: {type: count}\n" + SIDES, 1)
Row = dict[str, str | None]


def printed(digits: int, decimals: int) -> str:
    text = str(abs(digits)).zfill(decimals + 1)
    point = f"{text[:-decimals]}.{text[-decimals:]}" if decimals else text
    return f"-{point}" if digits < 0 else point


def figure(
    random: Random, odd: tuple[str | None, ...] = (None, "——", "无", "约2.00")
) -> str | None:
    """A figure of any magnitude, mostly with the usual decimals; seldom none."""
    if random.random() < 0.03:
        return random.choice(odd)
    decimals = random.choice([2, 2, 2, 2, 1, 0, 3])
    most = random.choice([0, 1, 1, 10, 100, 10**5, 10**8])
    return printed(
        random.choice([1, 1, 1, 1, -1]) * random.randint(0, most * 10**decimals), decimals
    )


def row(random: Random, at: int) -> Row:
    return {
        "k": f"k{at}", "year": "2023", **{name: figure(random) for name in MONEY}, "r": figure(random), "h": figure(random),
        "n": str(random.randint(0, 4)), "w": random.choice(["0", "1", "2", "1.5", "-2"]), "f": random.choice(["是", "否"]),
        "s": random.choice("AB"), "day": "2023-01-01", "due": "2023-12-31", "e": "1.00", "i": "1.00",
    }  # fmt: skip


def finer(random: Random, at: int) -> Row:
    figures = {name: figure(random) for name in "xyz"}
    key: Row = {"k": f"k{random.randrange(ROWS)}", "year": "2023", "i": str(at)}
    return key | figures | {"n": str(random.randint(0, 3)), "v": random.choice("AB")}


def tables(random: Random) -> dict[str, list[Row]]:
    u: list[Row] = [{"k": f"k{at}", "m": figure(random)} for at in range(ROWS - 1)]
    t = [row(random, at) for at in range(ROWS)]
    return {"t": t, "d": [finer(random, at) for at in range(3 * ROWS)], "u": u}


def set_beside(pack: Pack, data: Mapping[str, list[Row]], name: str, random: Random) -> Dataset:
    """The data with the column ``name``, which stands alone on a side, at a boundary of the outcome or a unit beside it."""
    dataset = data_of(pack, data)
    sheet = bind(pack, dataset).sheets[0]
    laid, index, rule = lay(sheet, dataset), Index(dataset), sheet.rules[0]
    for at, cells in enumerate(data["t"]):
        found = reference.evaluate(rule.rule, laid.row(index, at), rule.slack)
        if found.difference is None or found.left is None:
            continue
        unit = 100 if name == "i" else 1
        own = Fraction(str(cells[name])) / unit
        other = found.right if found.left == own else found.left
        edge = (other or Fraction(0)) + random.choice([0, 0, 1, -1]) * (found.slack or 0)
        decimals = random.choice([2, 2, 2, 1, 3])
        digits = floor(edge * unit * 10**decimals) + random.choice([0, 0, 1, 1, -1, 2])
        cells[name] = printed(digits, decimals)
    return data_of(pack, data)


@settings(max_examples=40, deadline=None)
@given(st.data(), st.sampled_from("mp"), OPS, TOLERANCES, st.booleans(), st.integers(0, 2**32))
def test_every_form_at_its_boundaries(
    draw: st.DataObject, kind: str, op: str, tolerance: dict[str, Any], flip: bool, seed: int
) -> None:
    name = "e" if kind == "m" else "i"
    sides = [name, draw.draw(value(kind, 2))]
    text = f" {op} ".join(sides[::-1] if flip else sides)
    block = {"id": "r", "table": "t", "assert": text} | tolerance
    pack = loaded(TABLES, f"  - {json.dumps(block, ensure_ascii=False)}\n")
    if not pack.rules:
        return  # it makes no sense, or is refused
    random = Random(seed)
    dataset = set_beside(pack, tables(random), name, random)
    told = by_reference(pack, dataset)
    assert by_polars(pack, dataset) == told
    assert batched_counts(pack, dataset) == counts(told)


# ---- what is native ---------------------------------------------------------------------------------------------------------

NATIVE = (
    "e = min(a, b) + max(c, 0)", "e = abs(a - b)", "e = clip(a, b, c)", "e = a * r - b / 3", "i = growth(a, a + b)", "i = share(a, a + b)",
    "i = a / b + c / z", "i = a / b * h", "e = round(a * r, 1) + floor(b)", "w = step(a / b, param.bands)", "e = (if n = 1 then a else b)",
    "e = coalesce(a, b) + c", "a + b = a + e", "count_present(a, b) = n", "decimals(a) = 2", 'matches(s, "A*")', "e = max(d.x)", "e ≤ min(d.x)",
    "e = mean(d.x)", "e = sum(d.x * d.n)", "e = sum(d.x - d.z)", "any(d.x > d.z)", "all(d.x ≥ 0)", "count_distinct(d.v) = n",
)  # fmt: skip
"""One rule of each form that has a native one."""
BY_REFERENCE = (
    "all(d.x ≤ a)", "e = sum(d.x * w)", "e = sum(if d.x > 0 then d.x else 0)", "e = sum(d.x) - sum(d.x where v = \"A\")",
    "i = sum(d.x / d.z)", "e = coalesce((if n = 1 then a else b), c)", "e = round(a, n)",
)  # fmt: skip
"""What runs on the reference."""


@pytest.mark.parametrize("text", [*NATIVE, *BY_REFERENCE])
def test_what_is_native(text: str) -> None:
    pack = loaded(
        TABLES, f"  - {json.dumps({'id': 'r', 'table': 't', 'assert': text}, ensure_ascii=False)}\n"
    )
    assert not pack.faults
    random = Random(text)
    dataset = data_of(pack, tables(random))
    assert lowered(pack, dataset) == {"r": text in NATIVE}
