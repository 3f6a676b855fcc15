"""What a finding says: numbers in the unit of their comparison, cells with their place, what is missing."""

from fractions import Fraction

import pytest

import perfrules
from perfrules.findings import Finding, figure
from perfrules.report import Report


@pytest.fixture(scope="module")
def report() -> Report:
    return perfrules.check("examples/lusong-2023")


def one(report: Report, rule: str) -> Finding:
    """The only finding of a rule."""
    (found,) = (finding for finding in report.details if finding.rule == rule)
    return found


def test_money_is_told_in_the_unit_of_the_print(report: Report) -> None:
    found = one(report, "oe-stage-term")
    assert (found.left, found.right, found.unit) == (
        Fraction("1452.61"),
        Fraction("192.31"),
        "万元",
    )
    assert found.difference == Fraction("1260.30")
    assert found.slack == Fraction("0.01")


def test_a_quotient_of_money_is_told_in_percent(report: Report) -> None:
    found = one(report, "oe-unbudgeted-share")
    assert (found.unit, found.right) == ("%", Fraction(30))
    assert found.left == Fraction("118135") / Fraction("119421") * 100


def test_cells_carry_print_and_place(report: Report) -> None:
    cells = {cell.table: cell for cell in one(report, "oe-stage-term").cells}
    assert cells["performance"].printed == "192.31万元"
    assert cells["performance"].origin.quote == "全年预算金额192.31万元"
    assert cells["performance"].origin.section.startswith("六")
    assert cells["funds"].key["year"] == "2023"


def test_an_exact_figure_is_told_without_decimals_that_nobody_printed(report: Report) -> None:
    (first, _) = (finding for finding in report.details if finding.rule == "oe-reason-over")
    assert [cell.printed for cell in first.cells if cell.column == "target_value"] == ["8.5"]


def test_what_is_missing_is_named(report: Report) -> None:
    found = one(report, "oe-claim-over-task")
    assert found.outcome == "unknown"
    assert found.reason == "blank"
    assert "claims.task" in str(found.message)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (Fraction(145129, 100), None, "1451.29"),
        (Fraction(1, 3), None, "0.333333333333"),
        (Fraction(-1, 200), 3, "-0.005"),
        (Fraction(0), 2, "0.00"),
        (Fraction(12), None, "12"),
    ],
)
def test_figures_as_text(value: Fraction, decimals: int | None, text: str) -> None:
    assert figure(value, decimals) == text
