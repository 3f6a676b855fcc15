"""Strictness and severities: which rules are asked, and how grave what they find is."""

from collections.abc import Sequence
from pathlib import Path

import pytest

import perfrules
from perfrules import grading
from perfrules.errors import UsageError
from perfrules.grading import LEVELS, Grading, Strictness
from perfrules.model import Pack
from perfrules.report import FailOn, Report

SMALL = Path(__file__).parent / "packs" / "small"
BUILT_IN = "cn-overall-self-eval"


@pytest.fixture(scope="module")
def pack() -> Pack:
    return perfrules.load_pack(BUILT_IN)


def asked(pack: Pack, level: Strictness, *gradings: Grading) -> set[str]:
    return {rule.id for rule in grading.asked(pack, level, gradings)[0].rules}


def test_the_levels_grow(pack: Pack) -> None:
    first, review, full = (asked(pack, level) for level in LEVELS)
    assert first < review < full == {rule.id for rule in pack.rules}
    for rule in pack.rules:
        certain = all(basis.certainty == "certain" for basis in rule.block.basis)
        assert (rule.id in first) == (rule.block.severity == "error" and certain)
        assert (rule.id in review) == (rule.block.severity != "info")


def test_a_rule_without_basis_is_in_no_doubt() -> None:
    quick = perfrules.load_pack("examples/quickstart/rules")
    assert len(asked(quick, "first")) == sum(r.block.severity == "error" for r in quick.rules)


def test_what_is_left_out_is_told_and_listed() -> None:
    report = perfrules.check("examples/lusong-2023", strictness="first")
    (notice,) = (n for n in report.remarks if n.code == "PR466")
    assert notice.level == "advice"
    assert set(notice.rules) == set(report.idle)
    assert len(report.counts) + len(report.idle) == len(report.rules)
    whole = perfrules.check("examples/lusong-2023")
    kept = {count.rule for count in report.counts}
    assert report.counts == tuple(count for count in whole.counts if count.rule in kept)
    assert report.details == tuple(d for d in whole.details if d.rule in kept)


def test_everything_leaves_nothing_out() -> None:
    report = perfrules.check(SMALL / "broken", SMALL, strictness="full")
    assert "PR466" not in [notice.code for notice in report.remarks]


def test_no_rule_is_left() -> None:
    everything = [Grading(rule.id, "info") for rule in perfrules.load_pack(SMALL).rules]
    with pytest.raises(UsageError, match="PR526: no rule of the pack small is asked"):
        perfrules.check(SMALL / "broken", SMALL, strictness="review", severities=everything)


def test_another_severity_counts_for_the_strictness(pack: Pack) -> None:
    info = next(r.id for r in pack.rules if r.block.severity == "info")
    assert info in asked(pack, "review", Grading(info, "warning"))
    assert info in asked(pack, "review", Grading(info, "warning", since=2020))
    error = next(r.id for r in pack.rules if r.block.severity == "error")
    assert error not in asked(pack, "review", Grading(error, "info"))
    assert error in asked(pack, "review", Grading(error, "info", until=2020))


def severities(report: Report, rule: str) -> tuple[str, str, list[str]]:
    (count,) = (c.severity for c in report.counts if c.rule == rule)
    (facts,) = (f.severity for f in report.rules if f.rule == rule)
    return count, facts, [d.severity for d in report.details if d.rule == rule]


# gradings: (of the count, of the facts, of the findings, in the year 2023)
GRADED: list[tuple[Sequence[Grading], tuple[str, str, str]]] = [
    ((), ("error", "error", "error")),
    ((Grading("spending-items", "info"),), ("info", "info", "info")),
    ((Grading("spending-items", "info", since=2024),), ("error", "error", "error")),
    ((Grading("spending-items", "info", since=2023),), ("error", "error", "info")),
    ((Grading("spending-items", "info", until=2022),), ("error", "error", "error")),
    ((Grading("spending-items", "warning", since=2020, until=2023), Grading("spending-items", "info")), ("info", "info", "warning")),
    ((Grading("spending-items", "warning"), Grading("spending-items", "info")), ("warning", "warning", "warning")),
]  # fmt: skip


@pytest.mark.parametrize(("gradings", "expected"), GRADED)
def test_severities(gradings: Sequence[Grading], expected: tuple[str, str, str]) -> None:
    report = perfrules.check(SMALL / "broken", SMALL, severities=gradings)
    count, facts, (finding,) = severities(report, "spending-items")
    assert (count, facts, finding) == expected


@pytest.mark.parametrize(("fail_on", "code"), [("error", 3), ("warning", 3), ("info", 1)])
def test_the_exit_code_asks_for_the_severity_of_the_year(fail_on: FailOn, code: int) -> None:
    rules = perfrules.load_pack(SMALL).rules
    all_info = [Grading(rule.id, "info", since=2023, until=2023) for rule in rules]
    report = perfrules.check(SMALL / "broken", SMALL, severities=all_info)
    assert report.exit_code(fail_on) == code
    assert {severity for _, severity in report.failed} == {"info"}


def test_what_is_not_kept_has_the_severity_of_its_rule() -> None:
    info = [Grading("spending-items", "info", since=2023)]
    report = perfrules.check(SMALL / "broken", SMALL, severities=info, detail=0)
    assert report.failed["spending-items", "error"] == 1


def test_a_grading_of_no_rule_is_told() -> None:
    report = perfrules.check(SMALL / "broken", SMALL, severities=[Grading("spending-itms", "info")])
    (notice,) = (n for n in report.remarks if n.code == "PR467")
    assert str(notice.message).endswith("did you mean spending-items?")
    assert report.exit_code() == 1
