"""The first real report, whole: what the built-in pack finds in it, and where its tables come from."""

import runpy
from collections.abc import Iterable
from pathlib import Path

import pytest

import perfrules
from perfrules.findings import Finding
from perfrules.report import Report

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "lusong-2023"
ANNEX2 = ("three_public", "reception", "project", "public", "office", "utilities", "meetings")

Place = tuple[str, str]
"""A rule, and what tells its verdicts apart: the key besides unit and year, then the column."""

FAILS: dict[str, set[Place]] = {
    "error": {
        ("oe-stage-term", ""),  # 192.31 is the initial budget; the full-year budget is 1452.61
        ("oe-weight-total-printed", ""),  # 90 leaves out the 10 points of execution
        ("oe-score-le-weight", ""),  # 95 of 90
    },
    "warning": {
        ("oe-exec-score", ""),  # 9 for 99.91% of 10
        ("oe-adj-explained", ""),  # 192.31 became 1452.61
        ("oe-unbudgeted-share", ""),  # 1181.35 of 1194.21
        ("oe-basic-adj-a2", ""),  # blank, though 183.31 became 257.08
        ("oe-a2-sg-not-up", ""),  # 2.56 became 3.63
        ("oe-a2-public-control", ""),  # 31.84 for 20.2
        ("oe-a2-project-growth", ""),  # 1194.2 for 9
        ("oe-a2-proc-exec", ""),  # 97.68 for 8.5
        ("oe-ind-score-quant", "11"),  # 18 of 20, though 257.08 for 183.31
        ("oe-reason-over", "5"),  # 12.3% for 8.5%
        ("oe-reason-over", "7"),  # 118.8 for 57
        ("oe-ind-lv3-named", "9"),
        ("oe-satisfaction", "10"),  # 95% or more, and 90%
    },
    "info": {
        ("oe-a2-sg-equal-budget", ""),  # 3.63 and 3.63
        ("oe-a2-part-over-budget", "meetings"),  # 0.24 for 0.2
        ("oe-a2-duplicate-neighbours", "上年决算 office"),  # 1.59 twice
        ("oe-a2-frugality", ""),
        ("oe-signature", "filled_on"),
        ("oe-signature", "responsible"),
        ("oe-ind-score-low", "6"),  # 3, where 6% for 8% gives 3.75
        ("oe-ind-unit-printed", "1"),
        ("oe-ind-unit-printed", "2"),
        ("oe-ind-unit-printed", "7"),
        ("oe-growth-pair", ""),  # 12.3% and 6%
    },
}
ROUNDING: set[Place] = {
    ("oe-project-list2-sum", ""),  # 1194.20 and 1194.21
    ("oe-project-same-amount", "产业发展资金"),  # 16.84 and 16.85
    ("oe-project-same-amount", "新冠肺炎疫情防控工作补助"),  # 1.00 and 1.01
}
UNKNOWN: set[Place] = {
    *(("oe-a2-prev-eq-last-year", column) for column in ANNEX2),  # there is no report of 2022
    ("oe-claim-completion", "正文4"),  # the task behind 163.75% is not printed
    ("oe-claim-over-task", "正文5"),  # nor the one behind 超任务数3家
}
NOWHERE_APPLICABLE = {
    "oe-a2-vehicle-split",
    "oe-a2-building-all-or-none",
    "oe-a2-building-rate",
    "oe-a2-building-invest-rate",
    "oe-a2-building-over",
    "oe-basic-adj-amount",
}


@pytest.fixture(scope="module", params=["as shipped", "native"])
def report(request: pytest.FixtureRequest) -> Report:
    """The report is small, and left to the reference if nobody says otherwise."""
    if request.param == "native":
        request.getfixturevalue("all_native")
    return perfrules.check(EXAMPLE, "cn-overall-self-eval")


def places(findings: Iterable[Finding]) -> list[Place]:
    return [(found.rule, _place(found)) for found in findings]


def _place(found: Finding) -> str:
    key = [value for column, value in found.key.items() if column not in ("unit", "year")]
    return " ".join(part for part in (*key, found.column) if part)


@pytest.mark.parametrize("severity", FAILS)
def test_contradictions(report: Report, severity: str) -> None:
    found = places(f for f in report.details if (f.outcome, f.severity) == ("fail", severity))
    assert set(found) == FAILS[severity]
    assert len(found) == len(FAILS[severity])


@pytest.mark.parametrize(("outcome", "expected"), [("rounding", ROUNDING), ("unknown", UNKNOWN)])
def test_what_is_neither_pass_nor_fail(report: Report, outcome: str, expected: set[Place]) -> None:
    assert set(places(f for f in report.details if f.outcome == outcome)) == expected


def test_everything_unknown_has_a_reason(report: Report) -> None:
    assert {f.reason for f in report.details if f.outcome == "unknown"} == {"blank", "no-row"}


def test_every_rule_is_counted(report: Report) -> None:
    pack = perfrules.load_pack("cn-overall-self-eval")
    assert [count.rule for count in report.counts] == list(dict.fromkeys(r.id for r in pack.rules))
    nowhere = {count.rule for count in report.counts if count.rows == count.not_applicable}
    assert nowhere == NOWHERE_APPLICABLE
    for count in report.counts:
        judged = count.passed + count.rounding + count.failed + count.unknown
        assert judged + count.not_applicable == count.rows > 0


def test_nothing_was_left_unread(report: Report) -> None:
    assert [notice for notice in report.remarks if notice.level == "blocking"] == []


def test_evidence_quotes_the_report(report: Report) -> None:
    stage = next(found for found in report.details if found.rule == "oe-stage-term")
    quotes = {cell.origin.quote for cell in stage.cells}
    assert quotes == {"192.31 1452.61 1451.29", "全年预算金额192.31万元"}


def test_tables_come_from_the_report(tmp_path: Path) -> None:
    runpy.run_path(str(EXAMPLE / "make_tables.py"))["main"](tmp_path)
    made = {file.name: file.read_text("utf-8") for file in tmp_path.iterdir()}
    kept = {file.name: file.read_text("utf-8") for file in EXAMPLE.glob("*.csv")}
    assert made == kept
