"""Reports as JSON, version 1. This page is the promise; a change that breaks a reader of it is version 2, in another file.

An object with five members, in this order::

    {"version": 1, "run": {…}, "summary": […], "findings": […], "notices": […]}

``run``
    What ran: ``perfrules`` (its version), ``pack``, ``pack_version``, ``pack_title_zh``, ``pack_title_en``, ``dataset``, ``engine``,
    ``started`` (ISO 8601 in UTC, or null), ``seconds`` (a number, or null), ``tables`` (rows by table).
``summary``
    An object per rule that ran, in the order of the pack: ``pack``, ``rule``, ``title_zh``, ``title_en``, ``severity``, ``rows``,
    ``pass``, ``rounding``, ``fail``, ``unknown``, ``not_applicable``; the five outcomes add up to ``rows``.
``findings``
    An object per verdict that a person must see, in the order of the pack and of the data; at most so many of each rule and outcome
    as the run was asked to keep. ``pack``, ``rule``, ``title_zh``, ``title_en``, ``severity``, ``outcome`` (``fail``, ``rounding`` or
    ``unknown``), ``reason`` (why it is unknown, else empty), ``key`` (texts by column), ``column`` (what ``for`` or a roll-up put in, else
    empty), ``left``, ``right``, ``difference``, ``slack``, ``unit``, ``formula``, ``message_zh``, ``message_en``, ``notes_zh``,
    ``notes_en``, ``hint_zh``, ``hint_en``, ``cells``.
``cells``
    The cells that a verdict rests on: ``table``, ``key``, ``column``, ``title_zh``, ``title_en``, ``printed``, ``origin`` with ``file``,
    ``section``, ``row`` (or null), ``column`` and ``quote``.
``notices``
    What did not run, or ran under a doubt: ``code``, ``level`` (``blocking`` changes the exit code, ``advice`` does not), ``message_zh``,
    ``message_en``, ``rules``, ``table``, ``where``.

A figure is a string with all its decimals, in ``unit``, or null. Only a quotient that does not end is cut to twelve significant digits;
then, and only then, a member ``<name>_exact`` follows it with the fraction, such as ``"1/3"``. A text that somebody wrote in one language
only stands under both. Nothing is left out for being empty; members may be added, so a reader passes over those that it does not know.
"""

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from perfrules.findings import EvidenceCell, Finding
from perfrules.locale import LANGUAGES, word
from perfrules.notices import Notice
from perfrules.report import Report, RuleCount, RunFacts, decimal_of

SUFFIXES = (".json",)
VERSION = 1
_NUMBERS = ("left", "right", "difference", "slack")
_ORIGIN = ("file", "section", "row", "column", "quote")


def render(report: Report, language: str = "") -> str:  # noqa: ARG001  # it speaks both
    """The report as JSON, whatever the language; ends with a line break."""
    return json.dumps(document(report), ensure_ascii=False, indent=2) + "\n"


def document(report: Report) -> dict[str, Any]:
    """The report as plain lists, objects and texts."""
    return {
        "version": VERSION,
        "run": _run(report.run),
        "summary": [_count(count) for count in report.counts],
        "findings": [_finding(finding) for finding in report.details],
        "notices": [_notice(notice) for notice in report.remarks],
    }


def _both(name: str, item: object) -> dict[str, Any]:
    """A text in every language."""
    return {f"{name}_{language}": word(item, language) for language in LANGUAGES}


def _run(run: RunFacts) -> dict[str, Any]:
    return {
        "perfrules": run.perfrules,
        "pack": run.pack,
        "pack_version": run.pack_version,
        **_both("pack_title", run.pack_title),
        "dataset": run.dataset,
        "engine": run.engine,
        "started": None if run.started is None else run.started.isoformat(timespec="seconds"),
        "seconds": None if run.seconds is None else round(run.seconds, 3),
        "tables": dict(run.tables),
    }


def _count(count: RuleCount) -> dict[str, Any]:
    return {
        "pack": count.pack,
        "rule": count.rule,
        **_both("title", count.title),
        "severity": count.severity,
        "rows": count.rows,
        "pass": count.passed,
        "rounding": count.rounding,
        "fail": count.failed,
        "unknown": count.unknown,
        "not_applicable": count.not_applicable,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "pack": finding.pack,
        "rule": finding.rule,
        **_both("title", finding.title),
        "severity": finding.severity,
        "outcome": finding.outcome,
        "reason": finding.reason,
        "key": dict(finding.key),
        "column": finding.column,
        **_numbers({name: getattr(finding, name) for name in _NUMBERS}),
        "unit": finding.unit,
        "formula": finding.formula,
        **_both("message", finding.message),
        **{
            f"notes_{language}": [word(note, language) for note in finding.notes]
            for language in LANGUAGES
        },
        **_both("hint", finding.hint),
        "cells": [_cell(cell) for cell in finding.cells],
    }


def _numbers(numbers: Mapping[str, Fraction | None]) -> dict[str, str | None]:
    told: dict[str, str | None] = {}
    for name, value in numbers.items():
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
        **_both("title", cell.title),
        "printed": cell.printed,
        "origin": {name: getattr(cell.origin, name) for name in _ORIGIN},
    }


def _notice(notice: Notice) -> dict[str, Any]:
    return {
        "code": notice.code,
        "level": notice.level,
        **_both("message", notice.message),
        "rules": list(notice.rules),
        "table": notice.table,
        "where": notice.where,
    }


# ---- its schema ---------------------------------------------------------------------------------------------------------

_TEXT: Mapping[str, Any] = {"type": "string"}
_COUNT: Mapping[str, Any] = {"type": "integer", "minimum": 0}
_FIGURE: Mapping[str, Any] = {"type": ["string", "null"], "pattern": r"^-?\d+(\.\d+)?$"}
_FRACTION: Mapping[str, Any] = {"type": "string", "pattern": r"^-?\d+/\d+$"}
_SEVERITY: Mapping[str, Any] = {"enum": ["error", "warning", "info"]}


def schema() -> dict[str, Any]:
    """The JSON Schema of :func:`render`, draft 7."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "perfrules report",
        "description": "Version 1 of the report of perfrules check.",
        **_object(
            version={"const": VERSION},
            run=_run_schema(),
            summary={"type": "array", "items": _summary_schema()},
            findings={"type": "array", "items": _finding_schema()},
            notices={"type": "array", "items": _notice_schema()},
        ),
    }


def _object(optional: Mapping[str, Any] | None = None, /, **members: Any) -> dict[str, Any]:
    """An object that must have ``members`` and may have more."""
    return {
        "type": "object",
        "required": list(members),
        "properties": {**members, **(optional or {})},
    }


def _texts(*names: str) -> dict[str, Any]:
    return dict.fromkeys(names, _TEXT)


def _bilingual(*names: str) -> dict[str, Any]:
    return _texts(*(f"{name}_{language}" for name in names for language in LANGUAGES))


def _run_schema() -> dict[str, Any]:
    return _object(
        **_texts("perfrules", "pack", "pack_version"),
        **_bilingual("pack_title"),
        **_texts("dataset", "engine"),
        started={"type": ["string", "null"], "format": "date-time"},
        seconds={"type": ["number", "null"]},
        tables={"type": "object", "additionalProperties": _COUNT},
    )


def _summary_schema() -> dict[str, Any]:
    outcomes = ("rows", "pass", "rounding", "fail", "unknown", "not_applicable")
    return _object(
        **_texts("pack", "rule"),
        **_bilingual("title"),
        severity=_SEVERITY,
        **dict.fromkeys(outcomes, _COUNT),
    )


def _finding_schema() -> dict[str, Any]:
    notes = {f"notes_{language}": {"type": "array", "items": _TEXT} for language in LANGUAGES}
    return _object(
        {f"{name}_exact": _FRACTION for name in _NUMBERS},
        **_texts("pack", "rule"),
        **_bilingual("title"),
        severity=_SEVERITY,
        outcome={"enum": ["fail", "rounding", "unknown"]},
        reason=_TEXT,
        key=_key_schema(),
        column=_TEXT,
        **dict.fromkeys(_NUMBERS, _FIGURE),
        **_texts("unit", "formula"),
        **_bilingual("message"),
        **notes,
        **_bilingual("hint"),
        cells={"type": "array", "items": _cell_schema()},
    )


def _key_schema() -> dict[str, Any]:
    return {"type": "object", "additionalProperties": _TEXT}


def _cell_schema() -> dict[str, Any]:
    origin = _object(
        **_texts("file", "section"), row={"type": ["integer", "null"]}, **_texts("column", "quote")
    )
    return _object(
        table=_TEXT,
        key=_key_schema(),
        column=_TEXT,
        **_bilingual("title"),
        printed=_TEXT,
        origin=origin,
    )


def _notice_schema() -> dict[str, Any]:
    return _object(
        code={"type": "string", "pattern": r"^PR\d{3}$"},
        level={"enum": ["blocking", "advice"]},
        **_bilingual("message"),
        rules={"type": "array", "items": _TEXT},
        **_texts("table", "where"),
    )
