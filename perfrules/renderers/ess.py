"""A validation report after the structure of the European Statistical System, version 1.0.0, as JSON.

A list of ``validation`` objects, one per kept verdict: ``id``, ``event`` (``time``, ``actor``), ``rule`` (``language``,
``expression``, ``severity``, ``description``), ``data`` (``source`` and ``target``, data points as ``table[key].column``) and
``value``: ``"1"`` where it holds within rounding, ``"0"`` where it does not hold, ``"NA"`` where it could not be checked. A rule that
did not run is one validation without data and with ``"NA"``. Passes are counted and not kept, so an ``aggregation`` per rule says how
many verdicts have each outcome; it is made of the validations in its ``source`` and of those that are only counted.

A verdict that is waived keeps its value; its description says who explained it, and why.

Ids are made of the run, the rule and the key, so they are the same in every language and whenever the report is written anew.
"""

import json
from hashlib import sha256
from typing import Any

from perfrules import wording
from perfrules.findings import EvidenceCell, Finding
from perfrules.locale import message, word
from perfrules.locale.words import OUTCOMES
from perfrules.report import Report, RuleCount, RuleFacts

SUFFIXES = (".ess.json",)
_VALUES = {"fail": "0", "rounding": "1", "unknown": "NA"}
_SEVERITIES = {"error": "error", "warning": "warning", "info": "information"}
_Object = dict[str, Any]


def render(report: Report, language: str) -> str:
    """The list; ends with a line break."""
    facts = {rule.rule: rule for rule in report.rules}
    made: list[_Object] = []
    ids: dict[str, list[str]] = {}
    for finding in report.details:
        validation = _validation(finding, facts.get(finding.rule), report, language)
        ids.setdefault(finding.rule, []).append(validation["id"])
        made.append(validation)
    for rule, notices in report.idle.items():
        why = word(wording.why_idle(notices), language)
        made.append(_idle(rule, facts.get(rule), why, report, language))
    made += [
        _aggregation(count, facts.get(count.rule), ids.get(count.rule, []), report, language)
        for count in report.counts
    ]
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"


def _id(report: Report, *parts: object) -> str:
    run = report.run
    event = [run.pack, run.pack_version, run.dataset, _time(report)]
    return sha256(json.dumps([*event, *parts]).encode()).hexdigest()[:32]


def _time(report: Report) -> str:
    started = report.run.started
    return "" if started is None else started.isoformat(timespec="seconds")


def _event(report: Report) -> _Object:
    run = report.run
    return {
        "time": _time(report),
        "actor": f"perfrules {run.perfrules}",
        "agent": run.engine,
        "trigger": "",
    }


def _rule(
    rule: str, severity: str, facts: RuleFacts | None, formula: str, report: Report, language: str
) -> _Object:
    title = word(facts.title, language) if facts else ""
    return {
        "language": f"perfrules {report.run.perfrules}",
        "expression": formula,
        "severity": _SEVERITIES[severity],
        "description": f"{report.run.pack} {report.run.pack_version}: {rule}"
        + (f": {title}" if title else ""),
        "explanation": "; ".join(wording.grounds(facts, language)) if facts else "",
    }


def _validation(
    finding: Finding, facts: RuleFacts | None, report: Report, language: str
) -> _Object:
    tables = facts.tables if facts else ("",)
    return {
        "id": _id(report, finding.rule, dict(finding.key), finding.column),
        "type": "validation",
        "event": _event(report),
        "rule": _rule(finding.rule, finding.severity, facts, finding.formula, report, language),
        "data": {
            "source": list(dict.fromkeys(_point(cell) for cell in finding.cells)),
            "target": [_named(table, finding.key, finding.column) for table in tables],
            "description": "\n".join(_sentences(finding, language)),
        },
        "value": _VALUES[finding.outcome],
    }


def _sentences(finding: Finding, language: str) -> list[str]:
    told = wording.standing(finding)
    lines = wording.sentences(finding, language)
    return lines if told is None else [*lines, word(told, language)]


def _point(cell: EvidenceCell) -> str:
    return _named(cell.table, cell.key, cell.column)


def _named(table: str, key: Any, column: str) -> str:
    """A data point: a table, the key of a row, a column."""
    listed = ", ".join(f"{name}={value}" for name, value in key.items())
    return f"{table}[{listed}]" + (f".{column}" if column else "")


def _idle(rule: str, facts: RuleFacts | None, why: str, report: Report, language: str) -> _Object:
    severity, formula = (facts.severity, facts.formula) if facts else ("error", "")
    return {
        "id": _id(report, rule),
        "type": "validation",
        "event": _event(report),
        "rule": _rule(rule, severity, facts, formula, report, language),
        "data": {
            "source": [],
            "target": list(facts.tables) if facts else [],
            "description": why,
        },
        "value": "NA",
    }


def _aggregation(
    count: RuleCount, facts: RuleFacts | None, ids: list[str], report: Report, language: str
) -> _Object:
    told = message(
        "{kept} of {rows} verdicts are validations of this report; the others are only counted",
        kept=len(ids),
        rows=count.rows,
    )
    return {
        "id": _id(report, count.rule, "aggregation"),
        "type": "aggregation",
        "event": _event(report),
        "aggregate": {
            "language": f"perfrules {report.run.perfrules}",
            "expression": f"count({count.rule})",
            "description": word(wording.tallied(count), language),
        },
        "data": {
            "source": ids,
            "target": list(facts.tables) if facts else [],
            "description": word(told, language),
        },
        "value": "; ".join(f"{outcome}={count.of(outcome)}" for outcome in OUTCOMES),
    }
