"""JUnit XML, for CI services: a suite per table, a case per rule.

A rule with a contradiction fails, whatever its severity, which is the type of the failure. A rule of which something could not be
checked, that did not run, or that applied to no row, is skipped with the reason: nothing that was not checked looks like a pass. So is
one whose contradictions are all waived, or known from the baseline.
"""

from dataclasses import replace

from perfrules import wording
from perfrules.exchange import junit
from perfrules.findings import Finding
from perfrules.locale import Message, message, word
from perfrules.report import Report, RuleCount, RuleFacts

SUFFIXES = (".xml",)
_SHOWN = 20
"""Findings that are listed of one rule."""


def render(report: Report, language: str) -> bytes:
    """The document."""
    facts = {rule.rule: rule for rule in report.rules}
    counts = {count.rule: count for count in report.counts}
    found = wording.by_rule(report)
    suites: dict[str, list[junit.Case]] = {}
    idle = report.idle
    for rule in dict.fromkeys([*facts, *counts, *idle]):
        suite = " + ".join(facts[rule].tables) if rule in facts else report.run.pack
        case = _case(rule, suite, facts.get(rule), report)
        if rule in counts:
            case = _ran(case, counts[rule], facts.get(rule), found.get(rule, []), language)
        else:
            told = word(wording.why_idle(idle[rule]), language)
            case = replace(case, standing="skipped", told=told)
        suites.setdefault(suite, []).append(case)
    return junit.document(report.run.pack, suites, _properties(report, language))


def _properties(report: Report, language: str) -> dict[str, str]:
    names = ("pack", "pack_version", "dataset", "perfrules")
    made = {name: str(getattr(report.run, name)) for name in names}
    kept = wording.not_kept(report)
    return made if kept is None else {**made, "left_out": word(kept, language)}


def _case(rule: str, suite: str, facts: RuleFacts | None, report: Report) -> junit.Case:
    """Name, class and place; ids, which are the same in every language. A built-in pack has no place."""
    group = f"{report.run.pack}.{suite}"
    if facts is None or not report.run.rules:
        return junit.Case(rule, group)
    file = wording.path_of(report.run.rules, facts.file)
    return junit.Case(rule, group, file=file, line=facts.line)


def _ran(
    case: junit.Case,
    count: RuleCount,
    facts: RuleFacts | None,
    found: list[Finding],
    language: str,
) -> junit.Case:
    tallied = word(wording.tallied(count), language)
    order = {outcome: place for place, outcome in enumerate(wording.SEEN)}
    listed = sorted(found, key=lambda one: (one.settled, order[one.outcome]))[:_SHOWN]
    lines = [word(count.title, language), *([facts.formula] if facts else []), tallied]
    for finding in listed:
        lines += ["", *_told(finding, language)]
    rest = sum(count.of(outcome) for outcome in wording.SEEN) - len(listed)
    if rest:
        lines += ["", word(message("{count} more", count=rest), language)]
    text = "\n".join(line for line in lines)
    settled = sum(finding.outcome == "fail" and finding.settled for finding in found)
    if count.failed > settled:
        told = _head(listed[0], language) if listed else tallied
        return replace(case, standing="failed", told=told, text=text, kind=count.severity)
    reason = _open(count, settled)
    if reason is None:
        return replace(case, output=text)
    return replace(case, standing="skipped", told=word(reason, language), output=text)


def _open(count: RuleCount, settled: int) -> Message | None:
    """Why a rule without contradiction, but for those that are settled, is no pass."""
    if settled:
        return message("contradictions that are waived or known: {count}", count=settled)
    if count.unknown:
        return message("could not be checked: {count}", count=count.unknown)
    return message("nothing was due") if count.rows == count.not_applicable else None


def _head(finding: Finding, language: str) -> str:
    key = wording.key_text(finding.key, finding.column)
    told = word(finding.message, language)
    return f"{key}: {told}" if key else told


def _told(finding: Finding, language: str) -> list[str]:
    lines = [_head(finding, language)]
    lines += [f"  {word(note, language)}" for note in finding.notes]
    if (standing := wording.standing(finding)) is not None:
        lines.append(f"  {word(standing, language)}")
    for cell in finding.cells:
        name, printed = (
            wording.named(cell, finding, language),
            wording.printed(cell, language),
        )
        lines.append(f"  {name}: {printed}  {cell.origin}".rstrip())
    return lines
