"""The report as Python users see it: frames with the promised names, numbers, exit codes."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest

import perfrules
from perfrules.locale import Label, message
from perfrules.model import Severity
from perfrules.notices import Notice
from perfrules.report import REASONS, FailOn, Report, RuleCount, RunFacts

SMALL = Path(__file__).parent / "packs" / "small"


@pytest.fixture(scope="module")
def broken() -> Report:
    return perfrules.check(SMALL / "broken", SMALL)


def test_summary(broken: Report) -> None:
    names = [
        "pack",
        "rule",
        "severity",
        "rows",
        "pass",
        "rounding",
        "fail",
        "unknown",
        "not_applicable",
        "waived",
        "known",
    ]
    assert broken.summary.columns == names
    outcomes = broken.summary.select(names[4:9]).sum_horizontal()
    assert outcomes.to_list() == broken.summary["rows"].to_list()
    assert broken.summary.row(0) == ("small", "spending-total", "error", 7, 3, 1, 1, 1, 1, 0, 0)


def test_findings(broken: Report) -> None:
    found = broken.findings
    names = "pack rule severity outcome key column left right difference slack unit message_zh message_en waiver baseline cells"
    assert found.columns == names.split()
    assert found.height == len(broken.details)
    first = found.row(0, named=True)
    assert first["key"] == {"office": "乙局", "year": "2023"}
    assert (first["left"], first["difference"], first["unit"]) == (
        Decimal(110),
        Decimal(10),
        "万元",
    )
    assert first["cells"][0]["printed"] == "110.00万元"
    assert first["cells"][0]["origin"] == {
        "file": "spending.csv",
        "section": "二、支出情况",
        "row": 3,
        "column": "支出合计",
        "quote": "“全年支出合计110.00万元，其中：基本支出60.00万元、项目支出40.00万元”",
    }
    assert "left 110万元" in first["message_en"]
    assert "左边 110万元" in first["message_zh"]


def test_findings_can_be_asked(broken: Report) -> None:
    """Numbers are numbers, and the key is a struct."""
    failed = broken.findings.filter(pl.col("outcome") == "fail", pl.col("difference") > 1)
    assert failed.select("rule", pl.col("key").struct.field("office")).rows() == [
        ("spending-total", "乙局"),
        ("spending-items", "己局"),
        ("spending-share", "己局"),
    ]


def test_figures_are_exact(broken: Report) -> None:
    share = broken.findings.filter(rule="spending-share").row(0, named=True)
    assert share["left"] == Decimal("55.5555555556")
    assert broken.findings.schema["left"] == pl.Decimal(38, 10)


def test_a_huge_figure_costs_only_places(broken: Report) -> None:
    first = broken.details[0]
    huge = replace(first, left=Fraction(10**30) + Fraction(1, 3), right=Fraction(1, 2**40))
    frame = replace(broken, details=(huge, first)).findings
    assert frame["left"].to_list() == [Decimal(10) ** 30, Decimal(110)]
    assert frame.schema["left"] == pl.Decimal(38, 0)
    assert frame["right"][0] == round(Decimal(1) / Decimal(2**40), 35)
    endless = replace(first, left=Fraction(10**40))
    assert replace(broken, details=(endless,)).findings["left"].to_list() == [None]


def test_notices(broken: Report) -> None:
    frame = broken.notices
    assert frame.columns == ["code", "level", "message_zh", "message_en", "rules", "table", "where"]
    rows = {row["code"]: row for row in frame.iter_rows(named=True)}
    assert rows["PR401"]["rules"] == ["spending-target"]
    assert rows["PR401"]["level"] == "blocking"
    assert rows["PR414"]["level"] == "advice"


def test_an_empty_report_has_the_same_columns(broken: Report) -> None:
    empty = replace(broken, counts=(), details=(), remarks=())
    for name in ("summary", "findings", "notices"):
        frame: pl.DataFrame = getattr(empty, name)
        assert frame.height == 0
        assert frame.columns == getattr(broken, name).columns
    assert empty.ok


def _report(failed: Severity | None = None, unknown: int = 0, *notices: tuple[str, str]) -> Report:
    count = RuleCount("p", "r", Label(), failed or "error", 9, 0, 0, 1 if failed else 0, unknown, 0)
    remarks = tuple(Notice(code, message("pass"), level) for code, level in notices)  # type: ignore[arg-type]  # a table
    return Report(RunFacts("0", "p", "1", Label(), "d", "polars"), (count,), (), remarks)


@pytest.mark.parametrize(
    ("report", "fail_on", "allowed", "code"),
    [
        (_report(), "error", (), 0),
        (_report("error"), "error", (), 1),
        (_report("warning"), "error", (), 0),
        (_report("warning"), "warning", (), 1),
        (_report("info"), "warning", (), 0),
        (_report("info"), "info", (), 1),
        (_report("error"), "never", (), 0),
        (_report("error", 1), "error", (), 1),
        (_report("warning", 1), "error", (), 3),
        (_report(None, 1), "error", ("blank",), 3),
        (_report(None, 1), "error", None, 0),
        (_report(None, 0, ("PR401", "blocking")), "error", (), 3),
        (_report(None, 0, ("PR401", "blocking")), "error", ("no-table",), 0),
        (_report(None, 0, ("PR401", "blocking")), "error", ("no-column",), 3),
        (_report(None, 0, ("PR401", "blocking")), "error", None, 0),
        (_report(None, 0, ("PR401", "advice")), "error", (), 0),
        (_report(None, 0, ("PR301", "blocking")), "error", None, 3),
        (_report("error", 0, ("PR301", "blocking")), "error", None, 1),
    ],
)
def test_exit_code(
    report: Report, fail_on: FailOn, allowed: tuple[str, ...] | None, code: int
) -> None:
    assert report.exit_code(fail_on, allowed) == code
    assert report.ok == (report.exit_code() == 0)


def test_reasons_of_verdicts() -> None:
    report = perfrules.check(SMALL / "partial", SMALL)
    assert report.exit_code(allow_unknown=["blank"]) == 0
    assert report.exit_code(allow_unknown=["no-row"]) == 3
    assert {detail.reason for detail in report.details if detail.outcome == "unknown"} <= set(
        REASONS
    )
