"""Mutants that live, the cases that would kill them, and the count for our own packs."""

from dataclasses import replace
from pathlib import Path

import pytest

from perfrules.loader import load_pack
from perfrules.model import Case, Pack, Rule
from perfrules.testing.cases import run
from perfrules.testing.survivors import Survey, judged, survivors
from tests.testing.pack import pack

ROOT = Path(__file__).parents[2]
SUM = """- id: r
  table: t
  assert: a = b + c
  cases:
    pass: {{a: 3.00, b: 1.00, c: 2.00}}
    {more}
"""


def surveyed(rules: str) -> tuple[Pack, Survey]:
    made = pack(rules)
    return made, survivors(made.rules[0], made)


def changes(survey: Survey) -> list[str]:
    return [str(survivor.mutant.change).replace("t.", "") for survivor in survey.survivors]


def test_one_case_lets_much_live() -> None:
    _, survey = surveyed(SUM.format(more=""))
    assert changes(survey) == [
        "a = b + c becomes a ≤ b + c",
        "a = b + c becomes a ≥ b + c",
        "tolerance rounding becomes exact",
    ]
    assert (survey.rule, survey.mutants, survey.killed) == ("r", 11, 8)


def test_more_cases_let_nothing_live() -> None:
    more = "rounding: {a: 3.01, b: 1.00, c: 2.00}\n    fail: {a: 2.00, b: 1.00, c: 2.00}"
    _, survey = surveyed(SUM.format(more=more))
    assert (survey.survivors, survey.killed) == ((), 11)


def test_a_case_that_the_rule_fails_kills_nothing() -> None:
    _, survey = surveyed(SUM.format(more="").replace("pass:", "fail:"))
    assert survey.killed == 0


@pytest.mark.parametrize(
    ("rule", "change", "block"),
    [
        ("assert: a = b\n  cases: {pass: {a: 3.00, b: 3.00}}", "a = b becomes a ≤ b", "rounding: {a: 2.99, b: 3.00}\n"),
        ("assert: a < b\n  cases: {pass: {a: 3.00, b: 3.50}}", "a < b becomes a ≤ b", "rounding: {a: 3.50, b: 3.50}\n"),
        ("assert: n ≥ 5\n  cases: {pass: {n: 9}}", "5 becomes 6", "pass: {n: 5}\n"),
        ("assert: r ≤ param.limit\n  cases: {pass: {r: 15.0%}}", "20% becomes 19%", "pass: {r: 20.0%}\n"),
        ("assert: abs(growth(a, b)) ≤ 20%\n  cases: {pass: {a: 105.00, b: 100.00}}", "abs(a / b - 1) ≤ 20% becomes abs(a / b - 1) < 20%", "pass: {a: 120.00, b: 100.00}\n"),
        ("assert: a = b\n  max_slack: 0.5万元\n  cases: {pass: {a: 3.00, b: 3.00}}", "max_slack 0.5万元 is left out", "fail: {a: 4.00, b: 3.00以上}\n"),
        ("when: s is not blank\n  assert: a = b\n  cases: {pass: {s: x, a: 3.00, b: 3.00}}", "s is not blank is left out", "not-applicable: {s: ~, a: 3.00, b: 3.00}\n"),
        ("when: 's = \"x\" or s = \"z\"'\n  assert: a = b\n  cases: {pass: {s: x, a: 3.00, b: 3.00}}", 's = "z" is left out', "pass: {s: z, a: 3.00, b: 3.00}\n"),
        ("assert: a = sum(p.x)\n  cases: {pass: {t: [{a: 3.00}], p: [{item: q, x: 3.00}]}}", "sum(p.x) becomes max(p.x)", None),
        ("assert: n = count(p where x is not blank)\n  cases: {pass: {t: [{n: 1}], p: [{item: q, x: 3.00}]}}", "p.x is not blank is left out", "fail: {t: [{n: 1}], p: [{item: q, x: ~}]}\n"),
    ],
)  # fmt: skip
def test_the_case_that_would_kill(rule: str, change: str, block: str | None) -> None:
    made, survey = surveyed(f"- id: r\n  table: t\n  {rule}\n")
    (found,) = (s for s in survey.survivors if str(s.mutant.change).replace("t.", "") == change)
    assert found.case is not None
    if block is not None:
        assert found.block == block
    result = _with_case(made.rules[0], made, found.case)
    assert result.survivors == () or found.mutant.key not in {
        s.mutant.key for s in result.survivors
    }


def _with_case(rule: Rule, made: Pack, case: Case) -> Survey:
    more = replace(rule, cases=(*rule.cases, case))
    assert all(result.is_expected for result in run(more, made)[len(rule.cases) :])
    return survivors(more, replace(made, rules=(more,)))


EQUAL = """- id: r
  table: t
  assert: n ≥ 0 and (n = 0 or a = b)
  cases:
    pass: [{n: 0, a: 1.00, b: 2.00}, {n: 1, a: 1.00, b: 1.00}]
    rounding: {n: 1, a: 1.01, b: 1.00}
    fail: [{n: 1, a: 1.00, b: 2.00}, {n: 1, a: 3.00, b: 2.00}, {n: -1, a: 1.00, b: 2.00}, {n: -1, a: 1.00, b: 1.00}]
"""


def test_of_a_mutant_that_means_the_same_no_case_is_found() -> None:
    _, survey = surveyed(EQUAL)
    assert changes(survey) == ["n = 0 becomes n ≤ 0"]
    assert [(s.case, s.block) for s in survey.survivors] == [(None, "")]
    assert survey.killed == survey.mutants - 1


FOR = """- id: r
  table: t
  for: [a, b]
  assert: "{column} ≤ c"
  cases:
    pass: [{a: 1.00, c: 1.00}, {b: 1.00, c: 2.00}]
    fail: {a: 2.00, c: 1.00}
"""


def test_any_entry_of_for_may_kill_and_a_case_holds_for_all_that_it_belongs_to() -> None:
    made, survey = surveyed(FOR)
    assert survey == survivors(made.rules[1], made)
    assert changes(survey) == ["tolerance rounding becomes exact"]
    assert [s.block for s in survey.survivors] == ["rounding: {a: 1.01, c: 1.00}\n"]
    made, survey = surveyed(
        FOR.replace("[a, b]", "[s, note]")
        .replace("{column} ≤ c", "{column} is not blank")
        .replace("pass: [{a: 1.00, c: 1.00}, {b: 1.00, c: 2.00}]", "pass: {s: x, note: x}")
        .replace("{a: 2.00, c: 1.00}", "{s: ~, note: ~}")
    )
    assert changes(survey) == ["s becomes note"]
    assert [s.block for s in survey.survivors] == [
        "pass: {s: x}\n"
    ]  # with a blank note it would fail for note


def test_a_rule_without_cases_kills_nothing() -> None:
    _, survey = surveyed("- id: r\n  table: t\n  assert: a = b\n")
    assert (survey.killed, len(survey.survivors)) == (0, survey.mutants)


# ---- our packs ----------------------------------------------------------------------------------------------------------

LIVE = {
    "oe-a2-building-all-or-none": 1,
    "oe-carry-used-le": 1,
    "oe-growth-pair": 4,
}
"""Survivors by rule; beside each rule stands why they mean the same."""


@pytest.mark.parametrize(
    ("folder", "least"), [("rules/cn-overall-self-eval", 1300), ("examples/quickstart/rules", 35)]
)
def test_what_lives_in_our_packs(folder: str, least: int) -> None:
    """That no case would kill these is what ``pytest rules examples/quickstart/rules`` looks for, rule by rule."""
    made = load_pack(ROOT / folder)
    total, living = 0, {}
    for rule in {rule.id: rule for rule in made.rules}.values():
        entries, killed = judged(rule, made)
        keys = {mutant.key for _, some in entries for mutant in some}
        total += len(keys)
        living[rule.id] = len(keys - killed)
    assert total >= least
    assert {rule: number for rule, number in living.items() if number} == {
        rule: number for rule, number in LIVE.items() if rule in living
    }
    assert sum(living.values()) <= 0.02 * total
