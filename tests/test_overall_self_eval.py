"""The built-in pack over several units and years at once, beyond the one report of the example."""

from collections.abc import Mapping, Sequence

import polars as pl

import perfrules
from perfrules.report import Report

Cells = Mapping[str, str | None]

# a township's figures of the same form, made small: 2030.12 by source, 1925.67 by nature, 50 staff on 46 posts
TOWN: dict[str, list[Cells]] = {
    "annex2_staff": [{"quota": "46", "actual": "50", "rate": "108.70%"}],
    "annex2": [
        {"stage": "上年决算", "maintenance": None, "special": None, "project": "874.20", "public": "118.31", "procurement": "——"},
        {"stage": "年初预算", "project": "308.17", "public": "85.76"},
        {"stage": "决算", "project": "1025.20", "public": "193.42", "office": "49.09", "utilities": "12.64", "meetings": "5.42"},
    ],
    "funds": [
        {
            "initial": "861.10", "full": "2030.12", "executed": "2030.12", "weight": "10", "rate": "100%", "score": "10",
            "by_source": "2030.12", "source_general": "1325.68", "source_gov_fund": "118.82", "source_other": "585.62",
            "by_nature": "1925.67", "nature_basic": "900.47", "adjust_reason": None, "nature_project": "1025.20",
        }
    ],
}  # fmt: skip
CITY: dict[str, list[Cells]] = {
    "annex2_staff": [{"quota": "16", "actual": "14", "rate": "87.5%"}],
    "annex2": [
        {"stage": "上年决算", "project": "1135.58", "business": "1135.58", "public": "25.30"},
        {"stage": "年初预算", "project": "900", "business": "900", "public": "30.20"},
        {"stage": "决算", "project": "1194.2", "business": "1194.2", "public": "29.84"},
    ],
    "funds": [
        {
            "initial": "1400.00", "full": "1452.61", "executed": "1451.29", "weight": "10", "rate": "99.91%", "score": "9.99",
            "by_source": "1452.61", "source_general": "1452.61",
            "by_nature": "1452.61", "nature_basic": "257.08", "nature_project": "1195.53",
        }
    ],
}  # fmt: skip


def frames(*reports: tuple[str, str, Mapping[str, Sequence[Cells]]]) -> dict[str, pl.DataFrame]:
    rows: dict[str, list[dict[str, str | None]]] = {}
    for unit, year, tables in reports:
        for name, some in tables.items():
            rows.setdefault(name, []).extend({"unit": unit, "year": year, **row} for row in some)
    return {
        name: pl.DataFrame(
            some, schema=dict.fromkeys({c: None for row in some for c in row}, pl.String)
        )
        for name, some in rows.items()
    }


def check(*reports: tuple[str, str, Mapping[str, Sequence[Cells]]]) -> Report:
    return perfrules.check(frames(*reports), "cn-overall-self-eval", unit_of_measure="万元")


def found(report: Report, outcome: str) -> set[tuple[str, str, str]]:
    return {(f.rule, f.key["unit"], f.key["year"]) for f in report.details if f.outcome == outcome}


def test_findings_name_the_unit() -> None:
    report = check(("镇", "2023", TOWN), ("市", "2023", CITY))
    assert found(report, "fail") == {
        ("oe-a3-source-eq-nature", "镇", "2023"),  # 104.45 apart
        ("oe-a2-staff-over", "镇", "2023"),
        ("oe-a2-project-parts", "镇", "2023"),
        ("oe-a2-project-growth", "镇", "2023"),  # 332.67 %
        ("oe-a2-public-control", "镇", "2023"),  # 225.54 %
        ("oe-adj-explained", "镇", "2023"),
        ("oe-a2-proc-filled", "镇", "2023"),
        ("oe-a2-proc-filled", "市", "2023"),
    }
    difference = next(f.difference for f in report.details if f.rule == "oe-a3-source-eq-nature")
    assert difference is not None
    assert float(difference) == 104.45


def test_last_year_is_found_in_last_years_report() -> None:
    last = {"annex2": [{"stage": "决算", "project": "1135.58", "public": "23.50"}]}
    report = check(("市", "2022", last), ("市", "2023", CITY), ("镇", "2023", TOWN))
    rule = "oe-a2-prev-eq-last-year"
    verdicts = {
        (f.key["unit"], f.key["year"], f.column): f.outcome
        for f in report.details
        if f.rule == rule
    }
    assert ("市", "2023", "project") not in verdicts  # passes
    assert verdicts["市", "2023", "public"] == "fail"  # 25.30, where last year's report has 23.50
    assert verdicts["镇", "2023", "project"] == "unknown"  # no report of 2022
