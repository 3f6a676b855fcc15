"""SARIF 2.1.0, for code scanning services and editors: a result per verdict, with its cells and its rule.

A contradiction has the level of its rule's severity; what is within rounding is ``informational`` and what could not be checked is
``open``, both of the level ``none``, as SARIF has it. A result is at its first cell and related to the others and to its rule; a row
becomes a line where the file is text. ``partialFingerprints`` are made of pack, rule, key and column, so they are the same in every
run. Where anything is waived, every result has ``suppressions``; where there is a baseline, every result its ``baselineState``. Notices are notifications of the run, and so is what is left out: services show no more than 5,000 results, so no more are
written, the gravest first.
"""

import re
from collections.abc import Mapping, Sequence

from perfrules import wording
from perfrules.codes import CODES
from perfrules.exchange import sarif
from perfrules.exchange.sarif import Object
from perfrules.findings import EvidenceCell, Finding
from perfrules.findings.identity import fingerprint
from perfrules.locale import Worded, message, word
from perfrules.report import Report, RuleFacts
from perfrules.waivers import Waiver

SUFFIXES = (".sarif", ".sarif.json")
MOST = 5000
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_KINDS = {"fail": "fail", "unknown": "open", "rounding": "informational"}
_STATES = {"": "new", "new": "new", "changed": "updated", "known": "unchanged"}
"""A verdict that holds within rounding is in no baseline."""
_GRAVITY = [(outcome, severity) for outcome in wording.SEEN for severity in _LEVELS]
_LINK = re.compile(r"\[([^\[\]]*)\]\(")


def render(report: Report, language: str, most: int = MOST) -> str:
    """The log, with at most so many results; ends with a line break."""
    facts = {rule.rule: rule for rule in report.rules}
    shown, dropped = _chosen(report.details, most)
    idle = report.idle
    codes = sorted({notice.code for notice in report.remarks if notice.code in CODES})
    driver = {
        "version": report.run.perfrules,
        "rules": [_rule(rule, language, ran=rule.rule not in idle) for rule in report.rules],
        "notifications": [sarif.code(code, language) for code in codes],
    }
    positions = {rule.rule: position for position, rule in enumerate(report.rules)}
    marks = {
        "suppressions": any(finding.waiver for finding in report.details),
        "baselineState": any(finding.baseline for finding in report.details),
    }
    results = [
        _result(finding, facts.get(finding.rule), report, language)
        | _standing(finding, language, marks)
        | ({"ruleIndex": positions[finding.rule]} if finding.rule in positions else {})
        for finding in shown
    ]
    invocation: Object = {
        "executionSuccessful": True,
        "toolExecutionNotifications": [
            *_limits(report, dropped, most, language),
            *_notices(report, language),
        ],
    }
    if report.run.started is not None:
        invocation["startTimeUtc"] = report.run.started.strftime("%Y-%m-%dT%H:%M:%SZ")
    whole = sarif.log(
        driver,
        language,
        results,
        automationDetails={"id": f"perfrules/{report.run.pack}/"},
        invocations=[invocation],
        properties=_properties(report),
    )
    return whole + "\n"


def _chosen(details: Sequence[Finding], most: int) -> tuple[Sequence[Finding], Sequence[Finding]]:
    """The findings that are written, in their order, and those that are not, which are the least grave."""
    if len(details) <= most:
        return details, ()
    ranks = {pair: rank for rank, pair in enumerate(_GRAVITY)}
    order = sorted(
        range(len(details)), key=lambda at: ranks[details[at].outcome, details[at].severity]
    )
    kept = sorted(order[:most])
    return [details[at] for at in kept], [details[at] for at in order[most:]]


def _rule(facts: RuleFacts, language: str, *, ran: bool) -> Object:
    title = word(facts.title, language) or facts.rule
    hint, basis = word(facts.hint, language), wording.grounds(facts, language)
    lines = [facts.formula, *([facts.guard] if facts.guard else []), hint, *basis]
    rule: Object = {
        "id": facts.rule,
        "shortDescription": {"text": title},
        "fullDescription": {"text": f"{title}: {facts.formula}"},
        "defaultConfiguration": {"level": _LEVELS[facts.severity]},
        "help": {"text": "\n".join(line for line in lines if line)},
        "properties": {"tags": ["consistency"], "tables": list(facts.tables), "basis": basis},
    }
    link = next((basis.url for basis in facts.basis if _is_link(basis.url)), None)
    if link:
        rule["helpUri"] = link
    if not ran:
        rule["properties"]["ran"] = False
    return rule


def _is_link(url: str | None) -> bool:
    return (
        url is not None
        and url.startswith(("https://", "http://"))
        and url.isascii()
        and " " not in url
    )


def _result(finding: Finding, facts: RuleFacts | None, report: Report, language: str) -> Object:
    kind = _KINDS[finding.outcome]
    cells = [_cell(cell, finding, report, language) for cell in finding.cells]
    rule = _written(facts, report, language) if facts else {}
    first, *others = [*cells, *([rule] if rule else [])] or [{}]
    where = {
        "name": wording.key_text(finding.key, finding.column) or finding.rule,
        "kind": "member",
    }
    result: Object = {
        "ruleId": finding.rule,
        "kind": kind,
        "level": _LEVELS[finding.severity] if kind == "fail" else "none",
        "message": {"text": _unlinked("\n".join(wording.sentences(finding, language)))},
        "locations": [{**first, "logicalLocations": [where]}],
        "partialFingerprints": {"perfrules/v1": fingerprint(finding)},
        "properties": {
            "outcome": finding.outcome,
            "formula": finding.formula,
            **{name: text for name, text in wording.numbers(finding).items() if text},
            **({"reason": finding.reason} if finding.reason else {}),
        },
    }
    if others:
        result["relatedLocations"] = [
            {"id": number, **other} for number, other in enumerate(others, 1)
        ]
    return result


def _standing(finding: Finding, language: str, marks: Mapping[str, bool]) -> Object:
    """Whether a result is suppressed, and how it stands to the baseline: the members of ``marks`` that are said of every result."""
    made = {
        "suppressions": [_suppression(finding.waiver, language)] if finding.waiver else [],
        "baselineState": _STATES[finding.baseline],
    }
    return {name: said for name, said in made.items() if marks[name]}


def _suppression(waiver: Waiver, language: str) -> Object:
    members = ("reason", "by", "approved_by", "evidence", "where")
    told = {name: text for name in members if (text := getattr(waiver, name))}
    dates = {"date": str(waiver.date), **({"expires": str(waiver.expires)} if waiver.expires else {})}  # fmt: skip
    return {
        "kind": "external",
        "status": "accepted",
        "justification": word(wording.explained(waiver), language),
        "properties": told | dates,
    }


def _unlinked(text: str) -> str:
    """``text`` without the links that SARIF would find in it."""
    return _LINK.sub(r"\[\1\](", text)


def _cell(cell: EvidenceCell, finding: Finding, report: Report, language: str) -> Object:
    """Where a cell is printed; of a sheet or a frame, in words only."""
    printed = wording.printed(cell, language)
    location: Object = {"message": {"text": f"{wording.named(cell, finding, language)} {printed}"}}
    origin = cell.origin
    if not report.run.data or not origin.file:
        return location
    physical: Object = {
        "artifactLocation": sarif.artifact(wording.path_of(report.run.data, origin.file))
    }
    if (line := wording.line_of(origin)) is not None:
        physical["region"] = {"startLine": line}
    elif origin.row is not None or origin.section:
        location["message"]["text"] += f" ({origin})"
    return {"physicalLocation": physical, **location}


def _written(facts: RuleFacts, report: Report, language: str) -> Object:
    """Where a rule is written; of a built-in one, its file in the pack."""
    if not facts.file:
        return {}
    artifact = (
        sarif.artifact(wording.path_of(report.run.rules, facts.file))
        if report.run.rules
        else {**sarif.artifact(facts.file), "uriBaseId": "PACK"}
    )
    region: Mapping[str, object] = (
        {} if facts.line is None else {"region": {"startLine": facts.line}}
    )
    told = word(message("rule {rule}", rule=facts.rule), language)
    return {
        "physicalLocation": {"artifactLocation": artifact, **region},
        "message": {"text": told},
    }


def _notices(report: Report, language: str) -> list[Object]:
    return [
        {
            "level": "warning" if notice.level == "blocking" else "note",
            "message": {
                "text": " ".join(
                    part for part in (word(notice.message, language), notice.where) if part
                )
            },
            "descriptor": {"id": notice.code},
            "properties": {"rules": list(notice.rules), "table": notice.table},
        }
        for notice in report.remarks
    ]


def _limits(report: Report, dropped: Sequence[Finding], most: int, language: str) -> list[Object]:
    """What this log leaves out, and what the report had left out before."""
    told: list[Worded] = []
    if dropped:
        parts = wording.left_out((finding.outcome, 1) for finding in dropped)
        told.append(
            message("services show {most} results; left out here: {parts}", most=most, parts=parts)
        )
    if (kept := wording.not_kept(report)) is not None:
        told.append(kept)
    return [{"level": "warning", "message": {"text": word(text, language)}} for text in told]


def _properties(report: Report) -> Object:
    """What was checked, by numbers."""
    run = report.run
    verdicts = {
        name: report.total(name)
        for name in ("pass", "rounding", "fail", "unknown", "not-applicable")
    }
    return {
        "pack": run.pack,
        "packVersion": run.pack_version,
        "dataset": run.dataset,
        "rulesRun": len(report.counts),
        "rulesNotRun": list(report.idle),
        "verdicts": verdicts,
        "tables": dict(run.tables),
    }
