"""A report as rows of tables: its counts, and its findings; figures are text with their exact decimals, as in JSON."""

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction

from perfrules.findings import Finding
from perfrules.findings.figures import figure
from perfrules.locale import word
from perfrules.report import Report

_RUN = {
    "run_at": "TIMESTAMP WITH TIME ZONE",
    "dataset": "TEXT",
    "pack": "TEXT",
    "pack_version": "TEXT",
}
COUNTS = (
    _RUN
    | {"rule": "TEXT", "severity": "TEXT"}
    | dict.fromkeys(("rows", "pass", "rounding", "fail", "unknown", "not_applicable"), "BIGINT")
)
"""Columns of the table of counts: a row per rule."""
FINDINGS = _RUN | dict.fromkeys(
    ("rule", "severity", "outcome", "key", "column", "left", "right", "difference", "slack", "unit", "reason", "message_zh", "message_en", "waiver", "baseline"),
    "TEXT",
)  # fmt: skip
"""Columns of the table of findings: a row per verdict that a person must see."""
Rows = Sequence[Sequence[object]]


def tables_of(report: Report, name: str) -> dict[str, tuple[Mapping[str, str], Rows]]:
    """The tables ``name`` (findings) and ``name_counts``, each with its columns and rows."""
    run = (report.run.started, report.run.dataset, report.run.pack, report.run.pack_version)
    counts = [
        (
            *run,
            c.rule,
            c.severity,
            c.rows,
            c.passed,
            c.rounding,
            c.failed,
            c.unknown,
            c.not_applicable,
        )
        for c in report.counts
    ]
    findings = [(*run, *_row(finding)) for finding in report.details]
    return {name: (FINDINGS, findings), f"{name}_counts": (COUNTS, counts)}


def _row(finding: Finding) -> tuple[str | None, ...]:
    numbers = (finding.left, finding.right, finding.difference, finding.slack)
    return (
        finding.rule,
        finding.severity,
        finding.outcome,
        json.dumps(dict(finding.key), ensure_ascii=False),
        finding.column,
        *(_number(number) for number in numbers),
        finding.unit,
        finding.reason,
        word(finding.message, "zh"),
        word(finding.message, "en"),
        finding.waiver.reason if finding.waiver else "",
        finding.baseline,
    )


def _number(number: Fraction | None) -> str | None:
    return None if number is None else figure(number)
