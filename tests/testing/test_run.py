"""Results of testing a pack: what was tested, how it stands, what to paste, and that nothing else changes them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from textwrap import indent

import pytest

from perfrules.errors import UsageError
from perfrules.loader import load_pack
from perfrules.locale import word
from perfrules.model import Pack
from perfrules.testing import results
from perfrules.testing.results import KINDS, Effort, Kind, Result
from perfrules.testing.run import tried as run
from tests.evaluate.packs import loaded
from tests.testing.pack import TABLES, pack

SMALL = Path(__file__).parents[1] / "packs" / "small"
FEW = 8
"""Examples of each property, where it is not the properties that are tested."""


@pytest.fixture(scope="module")
def small() -> Pack:
    """The frozen pack."""
    return load_pack(SMALL)


@pytest.fixture(scope="module")
def tested(small: Pack) -> results.Tested:
    """All results of the frozen pack."""
    return run(small, effort=Effort(FEW))


def stands(found: results.Tested, kind: Kind) -> dict[str, str]:
    """Standing by id, of one kind of test."""
    return {result.id: result.standing for result in found.results if result.kind == kind}


def only(found: results.Tested) -> Result:
    (result,) = found.results
    return result


# ---- a pack as a whole --------------------------------------------------------------------------------------------------

CANS = ("can-apply", "can-pass", "can-fail")
RULES = (
    "spending-total",
    "spending-items",
    "spending-share",
    "spending-positive",
    "spending-target",
)


def test_cases_stand_as_they_come_out(tested: results.Tested) -> None:
    assert stands(tested, "case") == {
        "spending-total::case::pass 1": "passed",
        "spending-total::case::fail 1": "passed",
        **{f"{rule}::case::none": "failed" for rule in RULES if rule != "spending-total"},
    }


def test_every_rule_is_shown_to_apply_pass_and_fail(tested: results.Tested) -> None:
    assert stands(tested, "possible") == {
        f"{rule}::possible::{can}": "passed" for rule in RULES for can in CANS
    }


def test_mutants_are_told_by_cases_alone(tested: results.Tested) -> None:
    assert stands(tested, "mutants") == {
        f"{rule}::mutants": "failed" if rule == "spending-total" else "skipped" for rule in RULES
    }
    assert (tested.mutants, tested.survivors) == (8, 2)


def test_properties_are_of_the_rules_on_the_same_tables_and_of_each_rule(
    tested: results.Tested,
) -> None:
    shared = ("agreement", "order", "unit-of-measure", "unrelated-rows")
    groups = ("spending", "spending+items", "spending+targets")
    changed = ("violation", "boundary", "missing")
    wanted = {f"property::{name} {tables}" for tables in groups for name in shared}
    wanted |= {f"{rule}::property::{name}" for rule in RULES for name in changed}
    found = stands(tested, "property")
    assert set(found) == wanted
    assert [name for name, standing in found.items() if standing != "passed"] == [
        "spending-positive::property::missing"
    ]


def test_ids_are_unique_and_counts_add_up(tested: results.Tested) -> None:
    ids = [result.id for result in tested.results]
    assert len(set(ids)) == len(ids)
    counts = Counter(result.standing for result in tested.results)
    assert {name: tested.count(name) for name in ("passed", "failed", "skipped")} == counts
    assert not tested.ok
    assert (tested.pack, tested.version, tested.seed, tested.examples) == ("small", "1.2.0", 0, FEW)


def test_rule_results_say_where_the_rule_or_case_stands(tested: results.Tested) -> None:
    for result in tested.results:
        if result.rule:
            assert result.place is not None, result.id
            assert result.place.file == str(SMALL / "spending.rules.yaml")
    lines = {result.id: result.place.line for result in tested.results if result.place}
    assert lines["spending-total::possible::can-fail"] < lines["spending-total::case::pass 1"]


def test_every_result_is_told_in_both_languages(tested: results.Tested) -> None:
    for result in tested.results:
        assert word(result.told, "zh") != word(result.told, "en"), result.id


def told(found: results.Tested) -> list[tuple[str, ...]]:
    """What is the same whenever it is run."""
    return [
        (each.id, each.standing, str(each.told), each.paste, *map(str, each.details))
        for each in found.results
    ]


def test_with_the_same_seed_everything_is_the_same(small: Pack, tested: results.Tested) -> None:
    assert told(run(small, effort=Effort(FEW))) == told(tested)


def test_another_seed_changes_no_id(small: Pack, tested: results.Tested) -> None:
    other = run(small, effort=Effort(FEW, 7), kinds=["property"])
    assert stands(other, "property") == stands(tested, "property")


def test_progress_is_told_each_result_once(small: Pack) -> None:
    seen: list[tuple[Result, int, int]] = []
    found = run(small, kinds=["case", "possible"], progress=lambda *step: seen.append(step))
    assert [result for result, _, _ in seen] == list(found.results)
    steps = [(done, of) for _, done, of in seen]
    assert steps == sorted(steps)
    assert steps[-1] == (10, 10)


# ---- a choice -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_one_kind_alone_gives_the_results_that_it_gives_among_all(
    small: Pack, tested: results.Tested, kind: Kind
) -> None:
    alone = run(small, effort=Effort(FEW), kinds=[kind])
    assert told(alone) == [
        each
        for each, result in zip(told(tested), tested.results, strict=True)
        if result.kind == kind
    ]


@pytest.mark.parametrize("names", [["spending-items"], ["spending-positive", "spending-total"]])
def test_some_rules_alone(small: Pack, tested: results.Tested, names: Sequence[str]) -> None:
    alone = run(small, effort=Effort(FEW), only=names)
    assert {result.rule for result in alone.results} - {""} == {*names}
    wanted = {each[0]: each for each in told(tested)}
    for each, result in zip(told(alone), alone.results, strict=True):
        if result.rule:
            assert each == wanted[result.id]


def test_a_rule_that_is_not_there(small: Pack) -> None:
    with pytest.raises(UsageError) as refused:
        run(small, only=["spending-total", "spending-sum"])
    (fault,) = refused.value.diagnostics
    assert (fault.code, str(fault.message)) == ("PR505", "there is no rule spending-sum")


# ---- what is wrong ------------------------------------------------------------------------------------------------------


def test_a_case_that_comes_out_otherwise_shows_its_arithmetic() -> None:
    made = pack(
        "- id: sum\n  table: t\n  assert: a = b - c\n  cases: {pass: {a: 3.00, b: 1.00, c: 2.00}}\n"
    )
    result = only(run(made, kinds=["case"]))
    assert (result.id, result.standing) == ("sum::case::pass 1", "failed")
    assert str(result.told) == "pass is expected, and it is fail"
    assert str(result.details[0]) == "3.00万元 = 1.00万元 - 2.00万元"
    result = only(run(made, kinds=["mutants"]))
    assert (result.standing, result.paste) == ("skipped", "")


def test_cases_of_one_outcome_are_numbered_and_those_of_for_named() -> None:
    made = pack(
        "- id: low\n  table: t\n  for: [a, b]\n  assert: '{column} ≤ c'\n"
        "  cases: {pass: [{a: 1.00, c: 1.00}, {b: 1.00, c: 2.00}], fail: [{a: 2.00, b: 3.00, c: 1.00}]}\n"
    )
    assert [result.name for result in run(made, kinds=["case"]).results] == [
        "pass 1 a", "fail 1 a", "pass 1 b", "fail 1 b",
    ]  # fmt: skip


PASTED = {
    "one table": ("assert: a = b + c", "{a: 3.00, b: 1.00, c: 2.00}"),
    "guard": ("when: s = 'x'\n  assert: a ≤ b", "{s: x, a: 1.00, b: 2.00}"),
    "two tables": ("assert: a = sum(p.x)", "{t: [{a: 3.00}], p: [{item: q, x: 3.00}]}"),
    "year before": ("assert: a = prior(b)", "{t: [{a: 1.00}, {year: 2022, b: 1.00}]}"),
    "several of one outcome": ("assert: n ≥ 5 and m ≤ 7", "{n: 9, m: 3}"),
    "parameter": ("assert: r ≤ param.limit", "{r: 15.0%}"),
}


@pytest.mark.parametrize(("rule", "case"), PASTED.values(), ids=PASTED)
def test_pasted_cases_load_come_out_as_they_say_and_notice_the_mutants(
    rule: str, case: str
) -> None:
    block = f"- id: kept\n  table: t\n  {rule}\n  cases:\n"
    made = pack(f"{block}    pass: {case}\n")
    result = only(run(made, kinds=["mutants"]))
    assert (result.standing, len(result.details) > 0) == ("failed", True)
    pasted = pack(block + indent(result.paste, "    "))
    assert {each.standing for each in run(pasted, kinds=["case"]).results} == {"passed"}
    (kept,), (more,) = made.rules, pasted.rules
    both = replace(made, rules=(replace(kept, cases=(*kept.cases, *more.cases)),))
    again = only(run(both, kinds=["mutants"]))
    shown = {text for text in map(str, result.details) if "no case was found" not in text}
    assert shown
    assert shown.isdisjoint(map(str, again.details))


CYCLE = """- {id: a-above-b, table: t, assert: a > b + 1万元}
- {id: b-above-c, table: t, assert: b > c + 1万元}
- {id: c-above-a, table: t, assert: c > a + 1万元}
- {id: d-below-a, table: t, assert: d ≤ a}
"""


def test_rules_that_exclude_each_other_are_named_and_no_others() -> None:
    found = run(pack(CYCLE), kinds=["property"], effort=Effort(FEW))
    first, *others = found.results
    assert (first.id, first.standing) == ("property::consistent t", "failed")
    assert (
        str(first.told)
        == "no data was found that agrees with all of these rules; they seem to exclude each other: a-above-b, b-above-c, c-above-a"
    )
    assert {result.standing for result in others} == {"skipped"}
    assert found.count("failed") == 1
    sound = pack("".join(CYCLE.splitlines(keepends=True)[1:]))
    assert run(sound, kinds=["property"], effort=Effort(FEW)).ok


CANNOT = {
    "apply": ("count(p) < 0", "a = b", "the rule never applies: no figures meet count(p) < 0 (proved)"),
    "pass": ("n ≤ m", "count(p) < 0", "the rule never passes: wherever it applies, no figures meet count(p) < 0 (proved)"),
    "fail": ("n ≤ m", "count(p) ≥ 0", "the rule never fails and so finds nothing: wherever it applies, all figures meet count(p) ≥ 0 (proved)"),
}  # fmt: skip


@pytest.mark.parametrize("can", CANNOT)
def test_what_a_rule_cannot_is_said_with_its_condition(can: str) -> None:
    guard, assertion, sentence = CANNOT[can]
    made = pack(f"- {{id: r, table: t, when: '{guard}', assert: '{assertion}'}}\n")
    failed = [each for each in run(made, kinds=["possible"]).results if each.standing == "failed"]
    assert [(each.name, str(each.told)) for each in failed] == [(f"can-{can}", sentence)]


@pytest.mark.parametrize(
    "rule", ["count(p) > 0", "count(p) = n", "count(p where x > 0) ≥ 1", "present(p[item = q])"]
)
def test_rows_that_may_be_absent_are_tried_absent(rule: str) -> None:
    made = pack(f"- {{id: r, table: t, assert: '{rule}'}}\n")
    assert stands(run(made, kinds=["possible"]), "possible") == {
        f"r::possible::{can}": "passed" for can in CANS
    }


def test_the_other_rules_of_a_faulty_one_are_tested() -> None:
    made = loaded(
        TABLES,
        "  - {id: bad, table: t, assert: a = nothing}\n  - {id: good, table: t, assert: a = b}\n",
    )
    assert made.faulty == ("bad",)
    found = run(made, effort=Effort(FEW))
    assert {result.rule for result in found.results} == {"", "good"}
    assert {result.standing for result in found.results if result.kind == "possible"} == {"passed"}
