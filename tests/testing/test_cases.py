"""Cases that are run: what is expected, what is found, and the arithmetic of what differs."""

from pathlib import Path

import polars as pl
import pytest

from perfrules.evaluate import engines
from perfrules.loader import load_pack
from perfrules.locale import word
from perfrules.testing.cases import run
from perfrules.testing.stands import Stand, stands
from tests.evaluate.packs import pack_of

ROOT = Path(__file__).parents[2]
PACKS = (ROOT / "rules/cn-overall-self-eval", ROOT / "examples/quickstart/rules")
WRONG = pack_of(
    "unit: 万元\ntables: {t: {key: [k], columns: {k: {type: text}, a: {type: money, decimals: '2'}, b: {type: money, decimals: '2'}}}}\n",
    "  - {id: r, table: t, when: b > 0, assert: a = 2 * b, cases: {fail: {a: 3.00, b: 1.50}, pass: {a: 3.00, b: 1.00}}}\n",
)


def test_cases_together_are_as_each_alone() -> None:
    pack = load_pack(PACKS[0])
    seen = 0
    for rule in pack.rules[::9]:
        for together in stands(rule, pack, rule.cases):
            (alone,) = stands(rule, pack, [together.case])
            assert isinstance(together, Stand)
            assert isinstance(alone, Stand)
            assert together.key == alone.key
            one, other = together.verdict(rule), alone.verdict(rule)
            assert (one.code, one.difference, one.reason, one.notes) == (
                other.code,
                other.difference,
                other.reason,
                other.notes,
            )
            seen += 1
    assert seen > 50


def test_another_outcome_comes_with_its_arithmetic() -> None:
    first, second = run(WRONG.rules[0], WRONG)
    assert (first.problem, first.is_expected, second.problem) == ("outcome", False, "outcome")
    assert str(first.message) == "fail is expected, and it is pass"
    assert word(first.message, "zh") == "应为不符，实为通过"
    assert first.figures == ("3.00万元 = 2 * 1.50万元", "1.50万元 > 0")
    assert second.figures == ("3.00万元 = 2 * 1.00万元", "1.00万元 > 0")
    assert second.finding is not None
    assert second.finding.key == {"k": "A"}
    assert [cell.printed for cell in second.finding.cells] == ["3.00万元", "1.00万元"]
    assert "does not hold; left 3万元, right 2万元, difference 1万元" in str(second.finding.message)


def test_what_is_expected_needs_no_arithmetic() -> None:
    pack = load_pack(PACKS[1])
    result = run(pack.rules[0], pack)[0]
    assert (result.problem, result.figures, result.finding) == ("", (), None)
    assert str(result.message) == "pass, as expected"


def test_engines_that_differ_are_a_failure_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "codes", lambda *_: [pl.Series([1] * 10)])
    pack = load_pack(PACKS[1])
    result = run(pack.rules[0], pack)[0]
    assert (result.problem, result.is_expected) == ("engines", False)
    assert str(result.message) == "the reference says pass, polars says unknown"
    assert result.figures


def test_a_rule_without_cases_gives_nothing() -> None:
    pack = pack_of(
        "tables: {t: {key: [k], columns: {k: {type: text}, n: {type: count}}}}\n",
        "  - {id: r, table: t, assert: n > 1}\n",
    )
    assert run(pack.rules[0], pack) == ()
