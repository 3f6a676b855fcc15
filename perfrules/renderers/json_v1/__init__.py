"""Reports as JSON, version 1. This page is the promise; a change that breaks a reader of it is version 2, in another file.

An object with nine members, in this order::

    {"version": 1, "run": {…}, "summary": […], "findings": […], "notices": […], "rules": […], "tables": […], "rows": […], "units": {…}}

``run``
    What ran: ``perfrules`` (its version), ``pack``, ``pack_version``, ``pack_title_zh``, ``pack_title_en``, ``dataset``, ``engine``,
    ``started`` (ISO 8601 in UTC, or null), ``seconds`` (a number, or null), ``tables`` (rows by table), ``data`` (the folder of the data
    as it was named, with slashes; empty for frames), ``rules`` (the folder of the pack, likewise; empty for a built-in one),
    ``files`` (the SHA-256 of the files that were read as a whole, by name).
``summary``
    An object per rule that ran, in the order of the pack: ``pack``, ``rule``, ``title_zh``, ``title_en``, ``severity``, ``rows``,
    ``pass``, ``rounding``, ``fail``, ``unknown``, ``not_applicable``; the five outcomes add up to ``rows``. ``waived`` and ``known`` say how
    many of these verdicts a waiver explains, and how many others the baseline knows.
``findings``
    An object per verdict that a person must see, in the order of the pack and of the data; at most so many of each rule and outcome
    as the run was asked to keep. ``pack``, ``rule``, ``title_zh``, ``title_en``, ``severity``, ``outcome`` (``fail``, ``rounding`` or
    ``unknown``), ``reason`` (why it is unknown, else empty), ``why_zh``, ``why_en`` (the same in words, with the cells), ``key`` (texts by column), ``column`` (what ``for`` or a roll-up put in, else
    empty), ``left``, ``right``, ``difference``, ``slack``, ``unit``, ``formula``, ``message_zh``, ``message_en``, ``notes_zh``,
    ``notes_en``, ``hint_zh``, ``hint_en``, ``waiver`` (or null), ``baseline`` (``new``, ``changed`` or ``known``; empty without a
    baseline), ``fingerprint`` (the same for the same rule, key and column in every run), ``numbers`` (a hash of the numbers),
    ``cells``, ``worked`` (the formula with what is printed put in), ``rows`` (the rows that the cells stand in, as places in the list
    ``rows`` of the report, counted from 0; the first six).
``waiver``
    Why a verdict may stand: ``reason`` (a code), ``reason_zh``, ``reason_en``, ``text``, ``by``, ``date``, ``expires`` (or null),
    ``approved_by``, ``evidence``, ``where`` (file and line).
``cells``
    The cells that a verdict rests on: ``table``, ``key``, ``column``, ``title_zh``, ``title_en``, ``printed``, ``origin`` with ``file``,
    ``section``, ``row`` (or null), ``column`` and ``quote``.
``notices``
    What did not run, or ran under a doubt: ``code``, ``level`` (``blocking`` changes the exit code, ``advice`` does not), ``message_zh``,
    ``message_en``, ``rules``, ``table``, ``where``.
``rules``
    What every rule of the pack says, whether it ran or not; those with a fault are left out, and are in the notices: ``pack``, ``rule``,
    ``title_zh``, ``title_en``, ``severity``, ``tables``, ``formula``, ``guard`` (where it applies, else empty), ``message_zh``,
    ``message_en``, ``hint_zh``, ``hint_en``, ``basis`` (objects with ``ref``, ``certainty``, and ``url`` and ``quote`` or null),
    ``file`` (in the folder of the pack) and ``line`` (or null).
``tables``
    What the tables of the pack are called: ``table``, ``title_zh``, ``title_en``, ``columns`` (objects with ``column``, ``title_zh``,
    ``title_en``, in the order of the pack).
``rows``
    Rows that findings rest on, each once: ``table``, ``key``, ``cells`` (what is printed, by column; of a wide table its key, the cells
    concerned and others, thirty together; long texts are cut).
``units``
    The verdicts by unit, or null where they were not counted so: ``column`` (of keys, which names units; ``dataset`` where each dataset
    of a folder is one), ``due`` (how many units are due, or null), ``counts`` (objects with ``unit``, ``years`` and, for each of the five
    outcomes, numbers by rule without zeros), ``missing`` (objects with ``unit`` and the ``years`` that lack; none for a unit that is not
    there at all).

``tables``, ``rows``, ``units`` and ``worked`` came later: a report without them is read as well.

A figure is a string with all its decimals, in ``unit``, or null. Only a quotient that does not end is cut to twelve significant digits;
then, and only then, a member ``<name>_exact`` follows it with the fraction, such as ``"1/3"``. A text that somebody wrote in one language
only stands under both. Nothing is left out for being empty; members may be added, so a reader passes over those that it does not know.
"""

import json
from fractions import Fraction
from typing import Any

from perfrules.findings import EvidenceCell, EvidenceRow, Finding
from perfrules.findings.identity import fingerprint, numbers
from perfrules.locale import LANGUAGES, word
from perfrules.notices import Notice
from perfrules.renderers.json_v1.reading import read
from perfrules.renderers.json_v1.schema import NUMBERS, VERSION, schema
from perfrules.report import Report, RuleCount, RuleFacts, RunFacts, TableFacts, decimal_of
from perfrules.report.units import Units
from perfrules.waivers import Waiver

__all__ = [
    "NUMBERS",
    "SUFFIXES",
    "VERSION",
    "both",
    "document",
    "figures",
    "read",
    "render",
    "run",
    "schema",
]

SUFFIXES = (".json",)
_ORIGIN = ("file", "section", "row", "column", "quote")


def render(report: Report, language: str = "") -> str:  # noqa: ARG001  # it speaks both
    """The report as JSON, whatever the language; ends with a line break."""
    return json.dumps(document(report), ensure_ascii=False, indent=2) + "\n"


def document(report: Report) -> dict[str, Any]:
    """The report as plain lists, objects and texts."""
    rows = _Rows()
    return {
        "version": VERSION,
        "run": run(report.run),
        "summary": _summary(report),
        "findings": [_finding(finding, rows) for finding in report.details],
        "notices": [_notice(notice) for notice in report.remarks],
        "rules": [_rule(facts) for facts in report.rules],
        "tables": [_table(facts) for facts in report.tables],
        "rows": rows.told,
        "units": _units(report.units),
    }


class _Rows:
    """Rows of evidence, each told once."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self._places: dict[object, int] = {}

    def place(self, row: EvidenceRow) -> int:
        """Where a row is in the list."""
        at = (row.table, tuple(row.key.items()), tuple(row.cells.items()))
        if at not in self._places:
            self._places[at] = len(self.told)
            self.told.append({"table": row.table, "key": dict(row.key), "cells": dict(row.cells)})
        return self._places[at]


def both(name: str, item: object) -> dict[str, Any]:
    """A text in every language."""
    return {f"{name}_{language}": word(item, language) for language in LANGUAGES}


def run(run: RunFacts) -> dict[str, Any]:
    """What ran."""
    return {
        "perfrules": run.perfrules,
        "pack": run.pack,
        "pack_version": run.pack_version,
        **both("pack_title", run.pack_title),
        "dataset": run.dataset,
        "engine": run.engine,
        "started": None if run.started is None else run.started.isoformat(timespec="seconds"),
        "seconds": None if run.seconds is None else round(run.seconds, 3),
        "tables": dict(run.tables),
        "data": run.data,
        "rules": run.rules,
        "files": dict(run.files),
    }


def _summary(report: Report) -> list[dict[str, Any]]:
    waived, known = report.waived, report.known
    return [
        {**_count(count), "waived": waived[count.rule], "known": known[count.rule]}
        for count in report.counts
    ]


def _count(count: RuleCount) -> dict[str, Any]:
    return {
        "pack": count.pack,
        "rule": count.rule,
        **both("title", count.title),
        "severity": count.severity,
        "rows": count.rows,
        "pass": count.passed,
        "rounding": count.rounding,
        "fail": count.failed,
        "unknown": count.unknown,
        "not_applicable": count.not_applicable,
    }


def _finding(finding: Finding, rows: _Rows) -> dict[str, Any]:
    return {
        "pack": finding.pack,
        "rule": finding.rule,
        **both("title", finding.title),
        "severity": finding.severity,
        "outcome": finding.outcome,
        "reason": finding.reason,
        **both("why", finding.why),
        "key": dict(finding.key),
        "column": finding.column,
        **figures(finding),
        "unit": finding.unit,
        "formula": finding.formula,
        **both("message", finding.message),
        **{
            f"notes_{language}": [word(note, language) for note in finding.notes]
            for language in LANGUAGES
        },
        **both("hint", finding.hint),
        "waiver": None if finding.waiver is None else _waiver(finding.waiver),
        "baseline": finding.baseline,
        "fingerprint": fingerprint(finding),
        "numbers": numbers(finding),
        "cells": [_cell(cell) for cell in finding.cells],
        "worked": finding.worked,
        "rows": [rows.place(row) for row in finding.rows],
    }


def _waiver(waiver: Waiver) -> dict[str, Any]:
    return {
        "reason": waiver.reason,
        **both("reason", waiver.label),
        "text": waiver.text,
        "by": waiver.by,
        "date": waiver.date.isoformat(),
        "expires": None if waiver.expires is None else waiver.expires.isoformat(),
        "approved_by": waiver.approved_by,
        "evidence": waiver.evidence,
        "where": waiver.where,
    }


def figures(finding: Finding) -> dict[str, str | None]:
    """The numbers of a finding, each with its fraction if it does not end."""
    told: dict[str, str | None] = {}
    for name in NUMBERS:
        value: Fraction | None = getattr(finding, name)
        if value is None:
            told[name] = None
            continue
        number, exact = decimal_of(value)
        told[name] = f"{number:f}"
        if not exact:
            told[f"{name}_exact"] = str(value)
    return told


def _cell(cell: EvidenceCell) -> dict[str, Any]:
    return {
        "table": cell.table,
        "key": dict(cell.key),
        "column": cell.column,
        **both("title", cell.title),
        "printed": cell.printed,
        "origin": {name: getattr(cell.origin, name) for name in _ORIGIN},
    }


def _notice(notice: Notice) -> dict[str, Any]:
    return {
        "code": notice.code,
        "level": notice.level,
        **both("message", notice.message),
        "rules": list(notice.rules),
        "table": notice.table,
        "where": notice.where,
    }


def _rule(facts: RuleFacts) -> dict[str, Any]:
    return {
        "pack": facts.pack,
        "rule": facts.rule,
        **both("title", facts.title),
        "severity": facts.severity,
        "tables": list(facts.tables),
        "formula": facts.formula,
        "guard": facts.guard,
        **both("message", facts.message),
        **both("hint", facts.hint),
        "basis": [basis.model_dump() for basis in facts.basis],
        "file": facts.file,
        "line": facts.line,
    }


def _table(facts: TableFacts) -> dict[str, Any]:
    columns = [{"column": name, **both("title", title)} for name, title in facts.columns.items()]
    return {"table": facts.table, **both("title", facts.title), "columns": columns}


def _units(units: Units | None) -> dict[str, Any] | None:
    if units is None:
        return None
    return {
        "column": units.column,
        "due": units.due,
        "counts": [
            {
                "unit": count.unit,
                "years": list(count.years),
                **{
                    outcome.replace("-", "_"): dict(count.outcomes.get(outcome, {}))
                    for outcome in ("pass", "rounding", "fail", "unknown", "not-applicable")
                },
            }
            for count in units.counts
        ],
        "missing": [{"unit": one.unit, "years": list(one.years)} for one in units.missing],
    }
