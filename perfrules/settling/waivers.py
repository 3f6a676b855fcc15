"""Waivers held against a report: what they explain, and which of them explain nothing any more."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field, replace
from datetime import date
from difflib import get_close_matches

from perfrules import wording
from perfrules.findings import Finding
from perfrules.findings.identity import numbers
from perfrules.locale import Worded, message
from perfrules.notices import Notice
from perfrules.report import Report
from perfrules.values import mutable
from perfrules.waivers import WAIVABLE, Waiver


@mutable
class _Use:
    """What came of a waiver: whether it explains a finding, and the findings that it does not any more."""

    waiver: Waiver
    used: bool = False
    expired: list[Finding] = field(default_factory=list)
    lapsed: list[Finding] = field(default_factory=list)


def waived(report: Report, waivers: Iterable[Waiver], today: date) -> Report:
    """The report with what the waivers explain, and a notice for each waiver that has expired, has lapsed or is not used.

    Args:
        report: A report.
        waivers: Waivers; of those that explain the same, the first counts. Those of another pack are named, and not used.
        today: The day on which they must not have expired.
    """
    given = tuple(waivers)
    uses = [_Use(waiver) for waiver in given if waiver.pack in ("", report.run.pack)]
    by_rule: dict[str, list[_Use]] = {}
    for use in uses:
        by_rule.setdefault(use.waiver.rule, []).append(use)
    details = tuple(
        _settled(finding, by_rule.get(finding.rule, ()), today) for finding in report.details
    )
    made = replace(report, details=details)
    told = (*_foreign(given, report), *_told(uses, made))
    return replace(made, remarks=(*report.remarks, *told))


def covers(waiver: Waiver, finding: Finding) -> bool:
    """Whether a waiver speaks of a finding, whatever its numbers."""
    return (
        waiver.rule == finding.rule
        and waiver.column in ("", finding.column)
        and all(finding.key.get(name) == value for name, value in waiver.key.items())
    )


def _settled(finding: Finding, uses: Sequence[_Use], today: date) -> Finding:
    """A finding with the first waiver that explains it; else those that did are told so."""
    if finding.outcome not in WAIVABLE:
        return finding
    here = [use for use in uses if covers(use.waiver, finding)]
    if not here:
        return finding
    seen = numbers(finding)
    same = [use for use in here if seen in use.waiver.numbers]
    for use in same:
        if use.waiver.expires is None or use.waiver.expires >= today:
            use.used = True
            return replace(finding, waiver=use.waiver)
    for use in same:
        use.expired.append(finding)
    if not same:
        for use in here:
            use.lapsed.append(finding)
    return finding


# ---- what is told -----------------------------------------------------------------------------------------------------------


def _told(uses: Iterable[_Use], report: Report) -> Iterator[Notice]:
    ran = {count.rule for count in report.counts}
    idle = report.idle
    cut = {count.rule for count, outcome, _ in wording.unlisted(report) if outcome in WAIVABLE}
    for use in uses:
        waiver = use.waiver
        for finding in use.expired:
            what = message(
                "the waiver of {rule} for {key} by {by} expired on {date}",
                rule=waiver.rule, key=_key(finding), by=waiver.by, date=waiver.expires,
            )  # fmt: skip
            yield _notice("PR461", what, waiver)
        for finding in use.lapsed:
            what = message(
                "the waiver of {rule} for {key} has lapsed: the numbers are not those that {by} saw on {date}; their hash is {numbers} now",
                rule=waiver.rule, key=_key(finding), by=waiver.by, date=waiver.date, numbers=numbers(finding),
            )  # fmt: skip
            yield _notice("PR462", what, waiver)
        if use.used or use.expired or use.lapsed or waiver.rule in cut:
            continue
        if waiver.rule in ran:
            key = wording.key_text(waiver.key, waiver.column)
            what = message("the waiver of {rule} for {key} explains nothing any more: there is no such finding, or another explains it",
                           rule=waiver.rule, key=key)  # fmt: skip
            yield _notice("PR460", what, waiver)
        elif waiver.rule not in idle:
            known = ran | set(idle)
            yield Notice("PR460", _unknown(waiver.rule, known), "advice", where=waiver.where)


def _unknown(rule: str, known: Iterable[str]) -> Worded:
    near = get_close_matches(rule, list(known), 1)
    what = message("a waiver speaks of {rule}, and the pack has no such rule", rule=rule)
    return message("{what}; did you mean {name}?", what=what, name=near[0]) if near else what


def _foreign(waivers: Iterable[Waiver], report: Report) -> Iterator[Notice]:
    """Waivers of other packs, by pack and file."""
    found: dict[tuple[str, str], int] = {}
    for waiver in waivers:
        if waiver.pack not in ("", report.run.pack):
            at = waiver.pack, waiver.where.rpartition(":")[0]
            found[at] = found.get(at, 0) + 1
    for (pack, file), count in found.items():
        what = message(
            "{count} waivers are for the pack {pack}, and not used here", count=count, pack=pack
        )
        yield Notice("PR463", what, "advice", where=file)


def _notice(code: str, what: Worded, waiver: Waiver) -> Notice:
    return Notice(code, what, "advice", (waiver.rule,), where=waiver.where)


def _key(finding: Finding) -> str:
    return wording.key_text(finding.key, finding.column)
