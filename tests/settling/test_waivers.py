"""What waivers explain, when they stop to, and what is told of those that explain nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

import perfrules
from perfrules.findings import Finding
from perfrules.findings.identity import identity, numbers
from perfrules.locations import Origin
from perfrules.report import Report
from perfrules.settling.waivers import waived
from perfrules.waivers import Waiver
from tests.settling import signed

SMALL = Path(__file__).parents[1] / "packs" / "small"
TODAY = date(2026, 6, 30)


@pytest.fixture(scope="module")
def report() -> Report:
    return perfrules.check(SMALL / "broken", SMALL)


def one(report: Report, rule: str, outcome: str = "fail") -> Finding:
    return next(f for f in report.details if (f.rule, f.outcome) == (rule, outcome))


def told(report: Report) -> list[str]:
    return [n.code for n in report.remarks if n.code.startswith("PR46")]


def test_what_is_waived_stays_and_is_counted_apart(report: Report) -> None:
    finding = one(report, "spending-total")
    made = waived(report, [signed(finding)], TODAY)
    assert [d.rule for d in made.details] == [d.rule for d in report.details]
    assert made.counts == report.counts
    assert one(made, "spending-total").waiver is not None
    assert (made.waived, told(made)) == ({"spending-total": 1}, [])
    assert made.summary["waived"].sum() == 1
    assert made.findings.filter(waiver="scope")["rule"].to_list() == ["spending-total"]


def test_the_exit_code_passes_over_what_is_waived(report: Report) -> None:
    fails = [f for f in report.details if f.outcome == "fail"]
    errors = [signed(f) for f in fails if f.severity == "error"]
    assert report.exit_code() == 1
    assert waived(report, errors[1:], TODAY).exit_code() == 1
    assert waived(report, errors, TODAY).exit_code() == 3  # a table is absent
    assert waived(report, errors, TODAY).exit_code("warning") == 1
    everything = waived(report, map(signed, fails), TODAY)
    assert everything.exit_code("info", ("blank", "no-table")) == 0


def test_what_is_unknown_can_be_explained_too(report: Report) -> None:
    unknown = one(report, "spending-total", "unknown")
    made = waived(report, [signed(unknown, reason="redacted")], TODAY)
    assert made.exit_code("never", ("no-table",)) == 0
    assert report.exit_code("never", ("no-table",)) == 3


def test_a_rounding_needs_no_waiver(report: Report) -> None:
    made = waived(report, [signed(one(report, "spending-total", "rounding"))], TODAY)
    assert (made.waived.total(), told(made)) == (0, ["PR460"])


CHANGES: dict[str, tuple[Callable[[Waiver], Waiver], str]] = {
    "last day": (lambda w: replace(w, expires=TODAY), ""),
    "day after": (lambda w: replace(w, expires=date(2026, 6, 29)), "PR461"),
    "other numbers": (lambda w: replace(w, numbers=("0" * 16,)), "PR462"),
    "one of several": (lambda w: replace(w, numbers=("0" * 16, *w.numbers)), ""),
    "other numbers, and over": (
        lambda w: replace(w, numbers=("0" * 16,), expires=date(2026, 1, 2)),
        "PR462",
    ),
    "part of the key": (lambda w: replace(w, key={"office": w.key["office"]}), ""),
    "no key": (lambda w: replace(w, key={}), ""),
    "another key": (lambda w: replace(w, key={"office": "戊局"}), "PR460"),
    "no such column of the key": (lambda w: replace(w, key={"unit": "戊局"}), "PR460"),
    "another column": (lambda w: replace(w, column="basic"), "PR460"),
    "misspelt": (lambda w: replace(w, rule="spending-itms"), "PR460"),
    "a rule that did not run": (lambda w: replace(w, rule="spending-target"), ""),
    "its pack": (lambda w: replace(w, pack="small"), ""),
    "another pack": (lambda w: replace(w, pack="large"), "PR463"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_told(report: Report, name: str) -> None:
    change, code = CHANGES[name]
    waiver = change(signed(one(report, "spending-items")))
    made = waived(report, [waiver], TODAY)
    assert told(made) == [code] * bool(code)
    assert made.waived.total() == (not code and waiver.rule == "spending-items")
    for notice in made.remarks:
        if notice.code == code:
            assert notice.where == ("a.waivers.yaml" if code == "PR463" else "a.waivers.yaml:3")
            assert notice.level == "advice"


def test_a_misspelt_rule_is_no_rule_that_did_not_run(report: Report) -> None:
    made = waived(report, [signed(one(report, "spending-items"), rule="spending-itms")], TODAY)
    assert set(made.idle) == set(report.idle)
    assert str(made.remarks[-1].message).endswith("did you mean spending-items?")


def test_a_renewed_waiver_counts_and_the_old_one_is_told(report: Report) -> None:
    finding = one(report, "spending-items")
    over, renewed = signed(finding, expires=date(2026, 1, 31)), signed(finding, by="李四")
    made = waived(report, [over, renewed], TODAY)
    assert (one(made, "spending-items").waiver, told(made)) == (renewed, ["PR460"])


def test_a_wide_waiver_lapses_where_its_numbers_are_not_listed(report: Report) -> None:
    first = one(report, "spending-total")
    made = waived(report, [signed(first, key={})], TODAY)
    assert [f.key["office"] for f in made.details if f.waiver] == ["乙局"]
    (notice,) = (n for n in made.remarks if n.code == "PR462")
    assert "office=丁局" in str(notice.message)


def test_of_a_rule_whose_verdicts_are_not_all_kept_nothing_is_said_to_be_unused() -> None:
    cut = perfrules.check(SMALL / "broken", SMALL, detail=0)
    whole = perfrules.check(SMALL / "broken", SMALL)
    made = waived(cut, [signed(one(whole, "spending-items"))], TODAY)
    assert (told(made), made.exit_code()) == ([], 1)


# ---- numbers ----------------------------------------------------------------------------------------------------------------


def test_numbers_are_those_that_a_verdict_rests_on(report: Report) -> None:
    finding = one(report, "spending-items")
    cell = finding.cells[0]
    for other in (
        replace(finding, left=Fraction(1)),
        replace(finding, right=None),
        replace(finding, difference=Fraction(1, 3)),
        replace(finding, unit="元"),
        replace(finding, cells=finding.cells[1:]),
        replace(finding, cells=(replace(cell, printed="1"), *finding.cells[1:])),
        replace(finding, cells=(replace(cell, key={"office": "x"}), *finding.cells[1:])),
    ):
        assert numbers(other) != numbers(finding)
    moved = replace(cell, origin=Origin("elsewhere.csv", row=99))
    for same in (
        replace(finding, severity="info", slack=None, hint=finding.title, outcome="unknown"),
        replace(finding, cells=(moved, *finding.cells[1:])),
        replace(finding, cells=finding.cells[::-1]),
    ):
        assert numbers(same) == numbers(finding)
        assert identity(same) == identity(finding)
