"""All findings and notices of one run, with counts and run facts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

import polars as pl

from perfrules.findings import Finding
from perfrules.locale import Label
from perfrules.model import Severity
from perfrules.notices import Notice

FailOn = Literal["error", "warning", "info", "never"]
_RANK = {"error": 3, "warning": 2, "info": 1, "never": 9}


@dataclass(frozen=True, slots=True)
class RuleCount:
    """Outcomes of one rule; they add up to ``rows``."""

    pack: str
    rule: str
    title: Label
    severity: Severity
    rows: int
    passed: int
    rounding: int
    failed: int
    unknown: int
    not_applicable: int


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What ran: the JSON ``run`` object."""

    perfrules: str
    pack: str
    pack_version: str
    pack_title: Label
    dataset: str
    engine: str
    started: datetime | None = None
    seconds: float | None = None
    tables: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a check.

    Attributes:
        run: What ran.
        counts: A row per rule that ran, in the order of the pack.
        details: Findings as objects, in the order of the pack and the data; capped per rule and outcome.
        remarks: Notices as objects.
        unknown_reasons: How many verdicts are unknown for which reason, among ``details``.
    """

    run: RunFacts
    counts: tuple[RuleCount, ...]
    details: tuple[Finding, ...]
    remarks: tuple[Notice, ...]
    saver: Callable[["Report", Path, str], None] | None = None

    @property
    def ok(self) -> bool:
        """True if every rule was evaluated everywhere and no finding is an error (exit code 0)."""
        return self.exit_code() == 0

    def exit_code(self, fail_on: FailOn = "error", allow_unknown: Sequence[str] | None = ()) -> int:
        """The exit code of this run.

        Args:
            fail_on: The lowest severity of a failed rule that counts as a finding.
            allow_unknown: Reasons for which a verdict may be unknown; None allows every reason.

        Returns:
            0, 1 or 3, as in the table of exit codes in the documentation.
        """
        if any(c.failed and _RANK[c.severity] >= _RANK[fail_on] for c in self.counts):
            return 1
        if any(notice.level == "blocking" for notice in self.remarks):
            return 3
        if allow_unknown is None:
            return 0
        allowed = sum(
            d.outcome == "unknown" and d.reason in allow_unknown for d in self.details
        )
        return 3 if sum(c.unknown for c in self.counts) > allowed else 0
