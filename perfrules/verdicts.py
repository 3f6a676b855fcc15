"""Outcomes, and the table of verdicts that an engine returns."""

from dataclasses import field
from enum import IntEnum
from typing import Any

import polars as pl

from perfrules.values import frozen


class Code(IntEnum):
    """Outcomes as engines hold them: in the order of the three-valued logic, then not-applicable."""

    FAIL = 0
    UNKNOWN = 1
    ROUNDING = 2
    PASS = 3
    NOT_APPLICABLE = 4

    @property
    def outcome(self) -> str:
        """The outcome's name in reports."""
        return OUTCOMES[self]


OUTCOMES = ("fail", "unknown", "rounding", "pass", "not-applicable")


@frozen
class Verdicts:
    """What an engine says of one sheet.

    Attributes:
        rows: Number of rows of the sheet.
        counts: One row per bound rule: ``rule`` (its position in the sheet) and one column per outcome; they add up to ``rows``.
        detail: One row per verdict that is neither pass nor not-applicable: ``rule``, ``row`` (position in the sheet), ``code``; capped
            per rule and outcome, in the order of the sheet.
    """

    rows: int
    counts: pl.DataFrame
    detail: pl.DataFrame
    facts: dict[str, Any] = field(default_factory=dict)
