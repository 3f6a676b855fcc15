"""Random rules over random cells: every engine says what the reference says, in whatever order and unit the data comes."""

import json
import re
from collections import Counter
from dataclasses import replace
from typing import Any

import pandera.polars as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from pandera.errors import SchemaErrors

from perfrules.evaluate import engines
from perfrules.evaluate.rows import Index
from perfrules.evaluate.sheets.laying import lay
from perfrules.model import Pack
from perfrules.plan import Sheet, bind
from perfrules.verdicts import OUTCOMES
from tests.evaluate.packs import (
    Cells,
    batched_counts,
    by_polars,
    by_reference,
    counts,
    data_of,
    loaded,
)

MONEY = ("a", "b", "c", "z", "q", "p")
TABLES = """
params:
  bands: {{steps: [{{lt: '0', score: '0'}}, {{le: 50%, score: '1'}}, {{else: '2'}}]}}
tables:
  t:
    key: [k, year]
    unit: {unit}
    columns:
      k: {{type: text}}
      year: {{type: year}}
      a: {{type: money, decimals: {decimals}}}
      b: {{type: money, decimals: {decimals}}}
      c: {{type: money, decimals: printed}}
      z: {{type: money, decimals: {decimals}, blank: zero}}
      q: {{type: money, decimals: {decimals}, blank: zero-if-closes}}
      p: {{type: money, decimals: {decimals}, blank: zero-if-closes}}
      r: {{type: ratio, unit: '%', decimals: 2}}
      h: {{type: ratio, unit: '%', decimals: 2, blank: zero}}
      n: {{type: count}}
      w: {{type: number, decimals: exact}}
      f: {{type: flag}}
      s: {{type: text}}
      day: {{type: date}}
      due: {{type: date}}
  d:
    key: [k, year, i]
    unit: {unit}
    columns:
      k: {{type: text}}
      year: {{type: year}}
      i: {{type: text}}
      x: {{type: money, decimals: {decimals}}}
      y: {{type: money, decimals: {decimals}, blank: zero-if-closes}}
      z: {{type: money, decimals: {decimals}, blank: zero}}
      n: {{type: count}}
      v: {{type: text}}
  u:
    key: [k]
    unit: {unit}
    columns:
      k: {{type: text}}
      m: {{type: money, decimals: {decimals}}}
"""
IN_YUAN = TABLES.format(unit="元", decimals=2)
IN_WAN = TABLES.format(unit="万元", decimals=6)

# ---- rules --------------------------------------------------------------------------------------------------------------

OPS = st.sampled_from(["=", "=", "=", "≤", "<", "≥", ">", "≠"])
FIGURES = st.sampled_from(
    [*MONEY * 8, "u.m", "prior(a)", "sum(d.x)", "sum(d.y)", "sum(d.z)", 'sum(d.x where v = "A")', "sum(d.x where y is blank)", "d[i=1].x"]
)  # fmt: skip
OVER_ROWS = st.sampled_from(
    ["max(d.x)", "min(d.x)", 'min(d.x where v = "A")', "mean(d.x)", "mean(d.z)", "mean(d.y)", "sum(d.x - d.y)", "sum(d.x * d.n)", "sum(d.z * 50%)",
     "sum(abs(d.x))", "max(d.x - d.z)", "min(min(d.x, d.z))", "sum(round(d.x, 1))", "mean(d.x * d.n)", "max(d.x * d.n - d.y)", 'sum(max(d.x, 0) where v = "A")',
     "sum(d.x / 3)", "max(d.y)"]
)  # fmt: skip
SUMS = st.builds(
    lambda first, rest: first + "".join(rest),
    st.builds("{}{}".format, st.sampled_from(["", "", "-", "2 * "]), FIGURES),
    st.lists(st.builds(" {} {}{}".format, st.sampled_from("+-"), st.sampled_from(["", "", "2 * ", "0.5 * "]), FIGURES), max_size=2),
)  # fmt: skip
SIDES = st.one_of(FIGURES, SUMS)
QUOTIENTS = st.builds(
    lambda form, a, b, c: form.format(a=a, b=b, c=c),
    st.sampled_from(["{a} / {b}", "({a} - {b}) / {b}", "{a} / {b} - 1", "growth({a}, {b})", "share({a}, {b})", "{a} / ({b} + {c})", "({a} + {c}) / {b}"]),
    FIGURES, FIGURES, FIGURES,
)  # fmt: skip
RATIOS = st.sampled_from(["r", "r", "h", "5%", "100%", "r - 1%"])
LINEAR = st.builds("{} {} {}".format, SIDES, OPS, SIDES)
RATED = st.one_of(
    st.builds("{} {} {}".format, RATIOS, OPS, QUOTIENTS),
    st.builds("{} {} {}".format, QUOTIENTS, OPS, RATIOS),
)
OTHERS = st.one_of(
    st.builds(
        "{} {} {}".format,
        st.sampled_from(["w", "n", "w * r", "max(w, n)", "round(w * r)", "step(r, param.bands)"]),
        OPS,
        st.sampled_from(["n", "n + 1", "1", "2 * w", "count(d)", "abs(w - n)"]),
    ),
    st.builds("day {} due".format, OPS),
    st.builds("{} {}in ({}, {})".format, FIGURES, st.sampled_from(["", "not "]), FIGURES, FIGURES),
    st.builds(
        "{} is {}blank".format,
        st.sampled_from(["a", "q", "s", "r", "u.m"]),
        st.sampled_from(["", "not "]),
    ),
    st.sampled_from(
        ['s = "A"', 's ≠ "B"', "f", 's in ("A", "B")', "n not in (1, 2)", "year ≥ 2023", "present(d)", "present(u)", "count(d) = n", 'count(d where v = "A") ≤ n',
         "any(d.x = 0)", "all(d.x ≥ 0)", 'any(d.y > d.x where v = "A")', "all(d.z is blank)", "all(d.n / d.x ≤ 1)", "count_distinct(d.x) = n", "count_distinct(d.v) = n", 'matches(s, "A*")', 'matches(s, "?")', "count(d where y is blank) = 0", "count_present(a, b) ≥ 1", "count_present(d.x) = n", "max(d.x) ≤ a", "coalesce(a, b) = c",
         "decimals(a) = 2", "mean(d.x) ≤ a"]
    ),
)  # fmt: skip
SHARES = st.sampled_from(["r", "h", "w", "n", "50%", "1.5", "count(d)", "count_present(a, b)"])
PLACES = {
    "m": st.one_of(FIGURES, FIGURES, FIGURES, OVER_ROWS, st.sampled_from(["1元", "0"])),
    "p": SHARES,
    "t": st.sampled_from(["n = 1", "f", 's = "A"', "a > 0", "a ≤ b", "r ≥ 50%", "b is blank", "a / b > 1", "any(d.x = 0)"]),
    "d": st.sampled_from(["0", "1", "2", "-1"]),
    "k": st.sampled_from(["2", "3", "-4", "w"]),
}  # fmt: skip
FORMS = {
    "m": ["({m} + {m})", "({m} - {m})", "{m} * {p}", "{m} / {k}", "min({m}, {m})", "max({m}, {m}, {m})", "coalesce({m}, {m})", "round({m}, {d})",
          "floor({m}, {d})", "round({m})", "abs({m})", "-{m}", "clip({m}, {m}, {m})", "(if {t} then {m} else {m})"],
    "p": ["{m} / {m}", "growth({m}, {m})", "share({m}, {m})", "({p} + {p})", "({p} - {p})", "{p} * {p}", "min({p}, {p})", "max({p}, {p})",
          "coalesce({p}, {p})", "step({p}, param.bands)", "round({p}, {d})", "floor({p}, {d})", "abs({p})", "(if {t} then {p} else {p})"],
}  # fmt: skip
"""Every form of an amount of money, and of a number without unit, made of both."""


@st.composite
def value(draw: st.DrawFn, kind: str, depth: int) -> str:
    """An amount (``m``) or a number (``p``), forms within forms to some depth."""
    if kind not in FORMS or not draw(st.integers(0, depth)):
        return draw(PLACES[kind])
    form = draw(st.sampled_from(FORMS[kind]))
    parts = re.split(r"\{(.)\}", form)
    parts[1::2] = [draw(value(part, depth - 1)) for part in parts[1::2]]
    return "".join(parts)


@st.composite
def general(draw: st.DrawFn) -> str:
    """A comparison of any two values."""
    kind = draw(st.sampled_from("mp"))
    left, right = draw(value(kind, draw(st.integers(0, 1)))), draw(value(kind, 2))
    sides = [left, right] if draw(st.booleans()) else [right, left]
    return f"{sides[0]} {draw(OPS)} {sides[1]}"


GENERAL = general()
COMPARISONS = st.sampled_from([LINEAR] * 4 + [RATED] * 3 + [GENERAL] * 6 + [OTHERS] * 3).flatmap(
    lambda kind: kind
)


def joined(conditions: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("({}) and ({})".format, conditions, conditions),
        st.builds("({}) or ({})".format, conditions, conditions),
        st.builds("not ({})".format, conditions),
        st.builds("if {} then ({})".format, COMPARISONS, conditions),
        st.builds("if {} then ({}) else ({})".format, COMPARISONS, conditions, conditions),
    )


CONDITIONS = st.one_of(COMPARISONS, st.recursive(COMPARISONS, joined, max_leaves=3))
TOLERANCES: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [{}, {}, {}, {"tolerance": "exact"}, {"tolerance": {"absolute": "0.01元"}}, {"tolerance": {"relative": "5%"}}, {"max_slack": "0.005元"}]
)  # fmt: skip


@st.composite
def rules(draw: st.DrawFn, most: int) -> str:
    """Rules as YAML, each of them as JSON; some may make no sense, and are left out when they are loaded."""
    made: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, most))):
        block = {"id": f"r{number}", "table": "t", "assert": draw(CONDITIONS)} | draw(TOLERANCES)
        if draw(st.integers(0, 3)) == 0:
            block["when"] = draw(COMPARISONS)
        made.append(block)
    return "".join(f"  - {json.dumps(block, ensure_ascii=False)}\n" for block in made)


# ---- cells --------------------------------------------------------------------------------------------------------------


def mostly(usual: list[str], odd: list[str | None]) -> st.SearchStrategy[str | None]:
    """Mostly figures that lie close together, so that sums close or nearly do."""
    return st.sampled_from([*usual * (6 * len(odd) // len(usual) + 1), *odd])


AMOUNTS = mostly(
    ["1.00", "1.01", "1.00", "1.01", "2.00", "2.01", "3.01", "0.00", "1.0", "1.005"],
    [None, "——", "无", "约2.00", "1以上", "x", "1", "10", "-1.00", "2.0049"],
)
PERCENTS = mostly(
    ["50.00", "100.00", "33.33", "33.34", "66.67", "66.66", "200.00", "0.00", "50.25", "99.00"],
    [None, "——", "33.3", "50", "-50.00", "50以上", "33.333", "x"],
)
LETTERS = st.sampled_from(["A", "A", "B", None])
DAYS = st.sampled_from(["2023-01-01", "2023-12-31", None])
SELDOM = st.sampled_from([False] * 11 + [True])
ROW = {
    **dict.fromkeys(MONEY, AMOUNTS),
    "r": PERCENTS,
    "h": PERCENTS,
    "n": mostly(["0", "1", "2", "3"], [None, "——"]),
    "w": mostly(["0", "1", "2", "1.5"], [None]),
    "f": st.sampled_from(["是", "否", None]),
    "s": LETTERS,
    "day": DAYS,
    "due": DAYS,
}
FINER = {"k": st.sampled_from(["k0", "k1"]), "year": st.sampled_from(["2022", "2023"])} | {
    "x": AMOUNTS, "y": AMOUNTS, "z": AMOUNTS, "v": LETTERS, "n": mostly(["0", "1", "2", "3"], [None, "——"])
}  # fmt: skip


@st.composite
def data(draw: st.DrawFn) -> dict[str, Cells]:
    """Rows of each table; a key occurs twice now and then, and some rows of the other tables are absent."""
    t = draw(st.lists(st.fixed_dictionaries(ROW), max_size=5))
    d = draw(st.lists(st.fixed_dictionaries(FINER), max_size=7))
    u = draw(st.lists(AMOUNTS, max_size=3))
    at = [0 if draw(SELDOM) else place for place in range(max(len(t), len(d), len(u)))]
    return {
        "t": [{"k": f"k{i // 2}", "year": str(2022 + i % 2), **row} for i, row in zip(at, t, strict=False)],
        "d": [{"i": str(i), **row} for i, row in zip(at, d, strict=False)],
        "u": [{"k": f"k{i}", "m": cell} for i, cell in zip(at, u, strict=False)],
    }  # fmt: skip


DATA = data()


def by_stock(sheet: Sheet, laid: Any, index: Index) -> set[tuple[str, int]]:
    """What stock pandera finds at fault, by rule and row."""
    made = engines.schema_of(sheet, laid, index)
    try:
        pa.DataFrameSchema(checks=made.checks).validate(laid.frame, lazy=True)
    except SchemaErrors as errors:
        return set(errors.failure_cases.select("check", "index").iter_rows())
    return set()


@settings(max_examples=80, deadline=None)
@given(rules(most=10), DATA)
def test_engines_agree(text: str, tables: dict[str, Cells]) -> None:
    pack = loaded(IN_YUAN, text)
    dataset = data_of(pack, tables)
    told = by_reference(pack, dataset)
    assert by_polars(pack, dataset) == told
    batched = batched_counts(pack, dataset)
    assert {rule: batched[rule] for rule in counts(told)} == counts(told)
    assert all(sum(outcomes.values()) == len(tables["t"]) for outcomes in batched.values())
    for sheet in bind(pack, dataset).sheets:
        assert by_stock(sheet, lay(sheet, dataset), Index(dataset)) == {
            at for at, outcome in told.items() if outcome in ("fail", "unknown")
        }


@settings(max_examples=40, deadline=None)
@given(rules(most=6), DATA, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(text: str, tables: dict[str, Cells], order: Any) -> None:
    pack = loaded(IN_YUAN, text)
    shuffled = {table: order.sample(rows, len(rows)) for table, rows in tables.items()}
    assert by_key(pack, tables) == by_key(pack, shuffled)


def by_key(pack: Pack, tables: dict[str, Cells]) -> Counter[tuple[str, str, str, str]]:
    """How often each rule has each outcome on each key."""
    keys = [(str(row["k"]), str(row["year"])) for row in tables["t"]]
    found = by_polars(pack, data_of(pack, tables))
    return Counter((rule, *keys[row], outcome) for (rule, row), outcome in found.items())


@settings(max_examples=40, deadline=None)
@given(rules(most=6), DATA)
def test_the_unit_of_measure_does_not_matter(text: str, tables: dict[str, Cells]) -> None:
    yuan, wan = loaded(IN_YUAN, text), loaded(IN_WAN, text)
    assert [rule.text for rule in yuan.rules] == [rule.text for rule in wan.rules]
    yuan, wan = _without_decimals(yuan), _without_decimals(wan)
    moved = {
        table: [
            {
                name: _moved(cell) if name in (*MONEY, "x", "y", "z", "m") else cell
                for name, cell in row.items()
            }
            for row in rows
        ]
        for table, rows in tables.items()
    }
    assert by_polars(yuan, data_of(yuan, tables)) == by_polars(wan, data_of(wan, moved))


def _without_decimals(pack: Pack) -> Pack:
    """The pack without rules that ask for the number of decimals itself."""
    return replace(pack, rules=tuple(rule for rule in pack.rules if "decimals(" not in rule.text))


def _moved(cell: str | None) -> str | None:
    """The same amount of 元 printed in 万元, to the same last place: the point four places to the left."""
    match = re.search(r"\d+(?:\.\d+)?", cell or "")
    if cell is None or match is None:
        return cell
    whole, _, decimals = match[0].partition(".")
    whole = whole.zfill(5)
    return f"{cell[: match.start()]}{whole[:-4]}.{whole[-4:]}{decimals}{cell[match.end() :]}"


def test_outcomes_are_those_of_the_design() -> None:
    assert set(OUTCOMES) == {"pass", "rounding", "fail", "unknown", "not-applicable"}
