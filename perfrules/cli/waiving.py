"""``perfrules waive``: findings of a saved report explained, in a file of waivers."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from perfrules import renderers, wording
from perfrules.cli import output
from perfrules.cli.keys import key_of
from perfrules.cli.page import Page
from perfrules.cli.settings import Settings, terminal_width
from perfrules.drafts.waivers import Signature, waiver_for, with_waivers
from perfrules.errors import Diagnostic, UsageError
from perfrules.findings import Finding
from perfrules.loader.faults import meant_or_listed
from perfrules.locale import Message, message
from perfrules.report import Report
from perfrules.tables import WrittenError
from perfrules.values import frozen
from perfrules.waivers import REASONS, WAIVABLE, Reason, day, reason_of


@frozen
class Asked:
    """The options of the verb, as given."""

    report: str
    rule: str
    keys: tuple[str, ...]
    column: str | None
    reason: str
    text: str
    by: str
    date: str | None
    expires: str | None
    approved_by: str
    evidence: str
    file: str


def waive(settings: Settings, **options: Any) -> int:
    """Add a waiver for each finding that is meant."""
    asked = Asked(**options)
    said = _signature(asked)
    report = renderers.load(Path(asked.report))
    found = _meant(report, asked)
    waivers = [waiver_for(finding, said) for finding in found]
    path = Path(asked.file)
    content = with_waivers(path, waivers, report.run.pack, settings.language)
    output.write(path, content)
    if not settings.quiet:
        _tell(path, found, settings)
    return 0


def _signature(asked: Asked) -> Signature:
    reason = _reason(asked.reason)
    if reason == "other" and not asked.text.strip():
        raise UsageError([Diagnostic("PR524", message("the reason other is to be told with --text"))])  # fmt: skip
    if not asked.by.strip():
        raise UsageError([Diagnostic("PR524", message("say who explains it with --by"))])
    today = datetime.now(UTC).astimezone().date()
    when = _day(asked.date) or today
    until = _day(asked.expires)
    if until is not None and until < when:
        raise UsageError([Diagnostic("PR524", message("--expires is before --date"))])
    return Signature(reason, asked.by, when, asked.text, until, asked.approved_by, asked.evidence)


def _reason(text: str) -> Reason:
    found = reason_of(text)
    if found is None:
        names = [*REASONS, *(name for label in REASONS.values() for name in (label.zh, label.en) if name)]  # fmt: skip
        listed = message("reasons: {names}", names=tuple(REASONS))
        near = meant_or_listed(text, names)
        hint = near if near is not None and "did you mean" in near.text else listed
        raise UsageError([Diagnostic("PR524", message("{text} is no reason", text=text), None, hint)])  # fmt: skip
    return found


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        found = day(text)
    except WrittenError as error:
        raise UsageError([Diagnostic("PR524", error.message)]) from None
    return found if isinstance(found, date) else None


# ---- which findings ---------------------------------------------------------------------------------------------------------


def _meant(report: Report, asked: Asked) -> Sequence[Finding]:
    """The findings of the rule at the key that nobody has explained.

    Raises:
        UsageError: There are none.
    """
    wanted: Mapping[str, str] = {
        name: value for text in asked.keys for name, value in key_of(text).items()
    }
    own = [f for f in report.details if f.rule == asked.rule and f.outcome in WAIVABLE]
    here = [
        finding
        for finding in own
        if asked.column in (None, finding.column)
        and all(finding.key.get(name) == value for name, value in wanted.items())
    ]
    open_ = [finding for finding in here if finding.waiver is None]
    if not open_:
        raise UsageError([Diagnostic("PR523", *_nothing(report, asked, own, here))])
    return open_


def _nothing(
    report: Report, asked: Asked, own: Sequence[Finding], here: Sequence[Finding]
) -> tuple[Message, None, Message | None]:
    """Why there is nothing to explain, and what there is."""
    rules = {f.rule: None for f in report.details if f.outcome in WAIVABLE}
    if not own:
        what = message("the report has no finding of {rule} to explain", rule=asked.rule)
        return what, None, meant_or_listed(asked.rule, rules)
    if here:
        return message("all of them are waived already: {count}", count=len(here)), None, None
    keys = tuple(wording.key_text(finding.key, finding.column) for finding in own)
    what = message("the report has no finding of {rule} at this key", rule=asked.rule)
    return what, None, message("its findings: {keys}", keys=keys[:10])


def _tell(path: Path, found: Sequence[Finding], settings: Settings) -> None:
    page = Page(settings, terminal_width())
    page.line(message("waivers added to {path}: {count}", path=path.as_posix(), count=len(found)))
    for finding in found:
        told = wording.numbers(finding)["difference"]
        key = wording.key_text(finding.key, finding.column)
        page.line(f"{finding.rule}  {key}  {told}".rstrip(), indent=2)
    page.show()
