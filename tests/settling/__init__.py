"""What the tests of waivers and baselines share."""

from datetime import date
from typing import Any

from perfrules.findings import Finding
from perfrules.findings.identity import numbers
from perfrules.waivers import Waiver


def signed(finding: Finding, **changes: Any) -> Waiver:
    """A waiver of a finding."""
    said: dict[str, Any] = {
        "rule": finding.rule,
        "key": finding.key,
        "column": finding.column,
        "numbers": (numbers(finding),),
        "reason": "scope",
        "by": "张三",
        "date": date(2026, 1, 1),
        "where": "a.waivers.yaml:3",
    }
    return Waiver(**said | changes)
