"""The strategies as their users meet them: no health check, one meaning of a seed, contradictions named, answers that are shown."""

import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import given, settings

from perfrules import load_pack
from perfrules.errors import UsageError
from perfrules.model import Pack, Rule
from perfrules.testing import boundaries, datasets, judged, records, violations
from perfrules.testing.generate.possible import CANS, possible
from perfrules.testing.strategies import Changed
from tests.evaluate.packs import pack_of

PACK = load_pack("examples/quickstart/rules")
TABLES = """
unit: 元
tables:
  t:
    key: [k, year]
    columns:
      k: {type: text}
      year: {type: year}
      a: {type: money, decimals: '2'}
      b: {type: money, decimals: '2'}
      y: {type: money, decimals: '2', blank: zero-if-closes}
      n: {type: count}
      p: {type: text}
      q: {type: text}
      s: {type: text}
      v: {type: year}
  d:
    key: [k, year, i]
    columns:
      k: {type: text}
      year: {type: year}
      i: {type: text}
      x: {type: money, decimals: '2'}
"""
SAMPLE = """
from perfrules import load_pack
from perfrules.testing.generate.examples import Example
from perfrules.testing.strategies import scenarios
pack = load_pack("cn-overall-self-eval")
for tables in ({"funds"}, {"projects", "expenditure"}):
    for made in scenarios(pack, frozenset(tables)):
        raw = bytes(range(256)) * 8
        print(Example(made, made.sampler.sample(raw[: made.sampler.size])).rows)
"""


def sampled(hash_seed: str) -> str:
    done = subprocess.run(  # noqa: S603  # our own
        [sys.executable, "-c", SAMPLE],
        env=os.environ | {"PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_the_same_seed_gives_the_same_data_anywhere() -> None:
    first = sampled("1")
    assert len(first.splitlines()) == 12
    assert first == sampled("2")


@given(records(PACK, "spending"))
def test_no_health_check_fails(record: dict[str, str | None]) -> None:
    assert set(record) == set(PACK.tables["spending"].columns)


@settings(deadline=None)
@given(violations(PACK, "rate-is-executed-over-budget"))
def test_a_violation_changes_one_cell(changed: Changed) -> None:
    assert changed.was != changed.now
    assert "rate-is-executed-over-budget" in {broken.rule for broken in changed.fails}


def test_rules_that_exclude_each_other_are_named() -> None:
    pack = pack_of(
        TABLES,
        "  - {id: a-is-b, table: t, assert: a = b}\n  - {id: a-beyond-b, table: t, assert: a = b + 5元}\n"
        "  - {id: b-positive, table: t, assert: b >= 0}\n",
    )
    with pytest.raises(UsageError) as caught:
        datasets(pack)
    told = str(caught.value)
    assert "a-beyond-b, a-is-b" in told
    assert "b-positive" not in told


@pytest.mark.parametrize("make", [violations, boundaries])
def test_unknown_names_are_refused(make: Callable[[Pack, str], object]) -> None:
    with pytest.raises(UsageError, match="PR514"):
        make(PACK, "nothing")
    with pytest.raises(UsageError, match="PR514"):
        records(PACK, "nothing")


@pytest.mark.parametrize("rule", PACK.rules, ids=lambda rule: rule.id)
def test_what_a_rule_can_do_is_shown_by_data(rule: Rule) -> None:
    answers = {answer.can: answer for answer in possible(rule, PACK)}
    assert set(answers) == set(CANS)
    for can in CANS[1:]:
        answer = answers[can]
        assert answer.rows is not None
        assert answer.instance is not None
        said = judged.evaluated(PACK, answer.rows)
        key = tuple(str(answer.instance.key[column]) for column in answer.instance.rule.grain)
        assert said[answer.instance.rule.id, "", key].ask().code.outcome == can


@pytest.mark.parametrize(
    ("rule", "cannot"),
    [
        ("when: a > b and a < b, assert: a = b", "apply"),
        ("when: a > b + 10元, assert: b > a", "pass"),  # as 118.8 for 118.83 the print may be short
        ("when: y is blank, assert: a = b + y", "fail"),
        ("assert: count(d) >= 0", "fail"),
        ("when: a > b, assert: b - a <= 1元", "fail"),
        ("assert: a > b or a <= b", "fail"),
    ],
)
def test_what_it_cannot_is_proved(rule: str, cannot: str) -> None:
    (only,) = pack_of(TABLES, f"  - {{id: r, table: t, {rule}}}\n").rules
    pack = pack_of(TABLES, f"  - {{id: r, table: t, {rule}}}\n")
    answers = {answer.can: answer for answer in possible(only, pack)}
    assert {can for can, answer in answers.items() if answer.proved} >= {cannot}


@pytest.mark.parametrize(
    ("rule", "shown"),
    [
        ("when: a > 1亿元, assert: a > b", ("apply", "pass", "fail")),
        ("when: a > 100000亿元, assert: a > b", ()),
        ("when: a = 0.001元, assert: a = b", ()),
        ("when: year >= 2024, assert: a > b", ("apply", "pass", "fail")),
        ("when: year < 2020, assert: a > b", ("apply", "pass", "fail")),
        ("when: v < 1990, assert: a > b", ()),
        ("when: k ≠ '甲', assert: a > b", ("apply", "pass", "fail")),
        ("since: 2030, assert: a > b", ("apply", "pass", "fail")),
        ("when: p ≠ q and q ≠ s and p ≠ s, assert: a > b", ("apply", "pass", "fail")),
        ("when: \"matches(p, '甲*') and matches(p, '*乙')\", assert: a > b", ()),
        ("assert: count(d) <= 12", ("apply", "pass")),
        ("assert: count(d) >= 20", ("apply", "fail")),
        ("assert: sum(d.x) <= 20 * max(d.x)", ("apply", "pass")),
        ("when: b < 0, assert: a / b <= 50%", ("apply",)),
        ("when: b = 0, assert: a / b > 1", ("apply",)),
        ("when: a > b, assert: b > a", ("apply", "fail")),
        ("assert: n <= 2000000000", ("apply", "pass", "fail")),
    ],
)
def test_what_can_be_is_not_disproved(rule: str, shown: tuple[str, ...]) -> None:
    pack = pack_of(TABLES, f"  - {{id: r, table: t, {rule}}}\n")
    answers = {answer.can: answer for answer in possible(pack.rules[0], pack)}
    assert not any(answer.proved for answer in answers.values())
    assert {can for can, answer in answers.items() if answer.rows} >= set(shown)
