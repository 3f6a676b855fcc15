"""Waivers: contradictions that somebody has explained, each for the numbers that were seen."""

import datetime
import re
from collections.abc import Mapping
from dataclasses import field
from typing import Annotated, Literal, Self, get_args

from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema, model_validator

from perfrules.locale import Label, message
from perfrules.tables import Identifier, Model, WrittenError
from perfrules.values import frozen

Reason = Literal[
    "correction", "recovered", "pooled", "returned", "reallocated", "rounding", "reorganised", "established", "policy", "scope",
    "redacted", "extraction", "other",
]  # fmt: skip
REASONS: Mapping[str, Label] = {
    "correction": Label("会计差错更正", "Correction of an accounting error"),
    "recovered": Label("收回以前年度支出", "Expenditure of earlier years recovered"),
    "pooled": Label("归集调入、调出或上缴", "Funds pooled, moved or handed up"),
    "returned": Label("缴回资金", "Funds returned"),
    "reallocated": Label("单位内部调剂", "Reallocated within the unit"),
    "rounding": Label("舍入", "Rounding"),
    "reorganised": Label("机构改革或人员划转", "Reorganisation, or staff moved"),
    "established": Label("新设或撤销单位", "A unit set up or closed"),
    "policy": Label("政策追加", "Added by a decision of policy"),
    "scope": Label("口径差异", "Another scope of the figures"),
    "redacted": Label("涉密删减", "Left out as classified"),
    "extraction": Label("识别或录入错误", "Misread or mistyped from the document"),
    "other": Label("其他", "Other"),
}
"""What each code of a reason means."""
WAIVABLE = ("fail", "unknown")
"""Outcomes that can be explained; nobody need explain the others."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def reason_of(text: str) -> Reason | None:
    """The code of a reason that is written as its code or in words of either language; None if it is none."""
    asked = text.strip().lower()
    for code in get_args(Reason):
        label = REASONS[code]
        if asked in (code, label.zh, (label.en or "").lower()):
            found: Reason = code
            return found
    return None


def day(text: object) -> object:
    """A date written as ``2026-06-30``.

    Raises:
        WrittenError: It is not.
    """
    if not isinstance(text, str):
        return text
    try:
        if _DAY.fullmatch(text):
            return datetime.date.fromisoformat(text)
    except ValueError:
        pass
    raise WrittenError(message("{text} is not a date such as {example}", text=text, example="2026-06-30"))  # fmt: skip


_NUMBERS = r"^[0-9a-f]{16}$"
Numbers = Annotated[str, StringConstraints(pattern=_NUMBERS)]
Day = Annotated[
    datetime.date,
    BeforeValidator(day),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}),
]
Text = Annotated[str, StringConstraints(pattern=r"\S")]


class WaiverBlock(Model):
    """A waiver as it stands in a ``*.waivers.yaml`` file.

    ``key`` names the rows: what it leaves out may be anything. ``numbers`` are the hashes of the numbers that were seen.
    """

    rule: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
    key: dict[Identifier, str] = Field(default_factory=dict)
    column: str = ""
    numbers: Numbers | Annotated[list[Numbers], Field(min_length=1)]
    reason: Reason
    text: str = ""
    by: Text
    date: Day
    expires: Day | None = None
    approved_by: str = ""
    evidence: str = ""

    @model_validator(mode="after")
    def _told(self) -> Self:
        if self.reason == "other" and not self.text.strip():
            raise WrittenError(message("the reason other is to be told in text"), "reason")
        if self.expires is not None and self.expires < self.date:
            raise WrittenError(message("expires is before date"), "expires")
        return self


class WaiversFile(Model):
    """A ``*.waivers.yaml`` file; ``pack`` is the id of the pack whose rules it speaks of, if they are of one."""

    pack: str | None = None
    waivers: list[WaiverBlock]


@frozen
class Waiver:
    """Why a contradiction may stand.

    Attributes:
        rule: Id of the rule.
        key: The row, by its key; what is left out may be anything.
        column: What ``for`` or a roll-up put in; empty for any.
        numbers: Hashes of the numbers that were seen (``perfrules.findings.identity.numbers``).
        reason: Code of the reason, of :data:`REASONS`.
        text: The reason in words.
        by, date: Who explained it, and when.
        expires: The last day on which it counts; None for no end.
        approved_by: Who agreed.
        evidence: Where that can be seen.
        pack: Id of the pack whose rule it is; empty for any.
        where: File and line that it is written in.
    """

    rule: str
    key: Mapping[str, str]
    numbers: tuple[str, ...]
    reason: Reason
    by: str
    date: datetime.date
    column: str = ""
    text: str = ""
    expires: datetime.date | None = None
    approved_by: str = ""
    evidence: str = ""
    pack: str = ""
    where: str = field(default="", compare=False)

    @property
    def label(self) -> Label:
        """The reason in words."""
        return REASONS[self.reason]


def waiver_of(block: WaiverBlock, pack: str = "", where: str = "") -> Waiver:
    """The waiver that a block of a file says."""
    numbers = (block.numbers,) if isinstance(block.numbers, str) else tuple(block.numbers)
    return Waiver(
        block.rule, block.key, numbers, block.reason, block.by, block.date, block.column, block.text, block.expires,
        block.approved_by, block.evidence, pack, where,
    )  # fmt: skip
