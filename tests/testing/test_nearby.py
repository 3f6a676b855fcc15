"""Cases near a case: what changes, how great it is, and that every engine says the same of all of them."""

import random
from pathlib import Path

import pytest

from perfrules.evaluate import engines
from perfrules.loader import load_pack
from perfrules.testing import figures
from perfrules.testing.blocks import flow
from perfrules.testing.nearby import nearby
from perfrules.testing.stands import ran, stands
from tests.testing.pack import pack

ROOT = Path(__file__).parents[2]


def near(rule: str) -> dict[str, int]:
    made = pack(f"- id: r\n  table: t\n{rule}")
    (one,) = made.rules
    around = nearby(one, made, [])
    return {flow(case, one.tables): size for size, case in reversed(list(around.of(one.cases[0])))}


def test_cells() -> None:
    found = near(
        '  when: s = "y"\n  assert: a ≤ 120% * b\n  cases: {pass: {s: x, a: 3.00, b: 4.00, c: 9.99}}\n'
    )
    for text, size in (
        ("{s: x, a: 3.01, b: 4.00}", 1), ("{s: x, a: 2.99, b: 4.00}", 1), ("{s: x, a: 2.00, b: 4.00}", 2), ("{s: x, a: 4.80, b: 4.00}", 3),
        ("{s: x, a: 4.00, b: 3.00}", 3), ("{s: x, a: 4.00, b: 4.00}", 2), ("{s: x, a: 0.00, b: 4.00}", 3), ("{s: x, a: ~, b: 4.00}", 4),
        ("{s: x, a: 3.0, b: 4.00}", 4), ("{s: x, a: 3.004, b: 4.00}", 4), ("{s: x, a: -3.00, b: 4.00}", 4), ("{s: x, a: ——, b: 4.00}", 5),
        ("{s: x, a: 3.00以上, b: 4.00}", 7), ('{s: "y", a: 3.00, b: 4.00}', 3), ("{s: ~, a: 3.00, b: 4.00}", 4),
    ):  # fmt: skip
        assert found[text] == size, text
    assert not any("9.99" in text for text in found)  # nobody reads it


def test_rows() -> None:
    found = near(
        "  assert: a = sum(p.x)\n  cases: {pass: {t: [{a: 3.00}], p: [{item: q, x: 3.00}]}}\n"
    )
    assert found["{t: [{a: 3.00}], p: []}"] == 6
    assert found["{t: [{a: 3.00}], p: [{item: q, x: 3.00}, {item: 甲, x: 3.00}]}"] == 6
    assert found["{t: [{a: 3.00}], p: [{item: q, x: 3.00}, {item: 甲, x: ~}]}"] == 7
    assert not any(text.count("item: q") > 1 for text in found)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("1451.29", "1451.29"), ("1,451.29", "1451.29"), ("-0.24", "-0.24"), ("99.91%", "99.91%"), ("14", "14"),
        ("无", None), ("——", None), ("95以上", None), ("", None), (None, None), ("1.", None), ("14 人", None),
    ],
)  # fmt: skip
def test_figures_are_read_as_printed(text: str | None, read: str | None) -> None:
    found = figures.read(text)
    assert (None if found is None else found.text) == read


def test_engines_agree_near_the_cases_of_our_packs() -> None:
    draw = random.Random(7)
    made = load_pack(ROOT / "rules/cn-overall-self-eval")
    seen = 0
    for rule in made.rules:
        cases = [case for one in rule.cases for _, case in nearby(rule, made, []).of(one)]
        some = draw.sample(cases, min(len(cases), 60))
        told: dict[int, list[int]] = {}
        for stand in ran(stands(rule, made, some)):
            if id(stand.laid) not in told:
                (codes,) = engines.codes(stand.sheet, stand.laid, stand.index)
                told[id(stand.laid)] = codes.to_list()
            said = told[id(stand.laid)][stand.at]
            assert said == stand.verdict(rule).code, flow(stand.case, rule.tables)
            seen += 1
    assert seen > 4000
