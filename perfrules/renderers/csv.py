"""CSV, for spreadsheet programs: a line per verdict that a person must see, and one for those that the report does not keep.

It begins with a byte order mark, without which spreadsheet programs garble Chinese. The headings are the same in every language;
titles and sentences are in the asked one. A text that a spreadsheet program would take for a formula begins with an apostrophe.
"""

import csv
import re
from collections.abc import Iterator
from io import StringIO

from perfrules import wording
from perfrules.findings import EvidenceCell, Finding
from perfrules.locale import message, word
from perfrules.report import Report, RuleCount, decimal_of

SUFFIXES = (".csv",)
HEAD = (
    "pack", "rule", "title", "severity", "outcome", "reason", "key", "column", "left", "right", "difference", "slack",
    "unit", "formula", "message", "notes", "hint", "basis", "cells", "file", "section", "row",
    "waiver", "waived_by", "waived_until", "baseline",
)  # fmt: skip
_FORMULA = re.compile(r"^\s*[=+\-@＝＋－＠]|^[\t\r\n]")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def render(report: Report, language: str) -> bytes:
    """The lines, in UTF-8 with a byte order mark."""
    basis = {rule.rule: "; ".join(wording.grounds(rule, language)) for rule in report.rules}
    rows = [_row(finding, basis.get(finding.rule, ""), language) for finding in report.details]
    rows += [_rest(*rest, language) for rest in wording.unlisted(report)]
    file = StringIO()
    writer = csv.writer(file)
    writer.writerow(HEAD)
    writer.writerows([_inert(row.get(name, "")) for name in HEAD] for row in rows)
    return b"\xef\xbb\xbf" + file.getvalue().encode(errors="replace")


def _inert(text: str) -> str:
    """``text`` as no spreadsheet program takes it for a formula; numbers stay numbers."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def _row(finding: Finding, basis: str, language: str) -> dict[str, str]:
    origin = next((cell.origin for cell in finding.cells if cell.origin.file), None)
    return {
        **{name: getattr(finding, name) for name in ("pack", "rule", "severity", "outcome", "reason")},
        "title": word(finding.title, language),
        "key": "; ".join(f"{name}={value}" for name, value in finding.key.items()),
        "column": finding.column,
        **dict(_numbers(finding)),
        "unit": finding.unit,
        "formula": finding.formula,
        "message": word(finding.message, language),
        "notes": "; ".join(word(note, language) for note in finding.notes),
        "hint": word(finding.hint, language),
        "basis": basis,
        "cells": "; ".join(_cell(cell, finding, language) for cell in finding.cells),
        "file": origin.file if origin else "",
        "section": origin.section if origin else "",
        **_waiver(finding, language),
        "baseline": finding.baseline,
        "row": str(origin.row) if origin and origin.row is not None else "",
    }  # fmt: skip


def _waiver(finding: Finding, language: str) -> dict[str, str]:
    waiver = finding.waiver
    if waiver is None:
        return {}
    return {
        "waiver": word(wording.explained(waiver), language),
        "waived_by": waiver.by,
        "waived_until": str(waiver.expires or ""),
    }


def _numbers(finding: Finding) -> Iterator[tuple[str, str]]:
    """The numbers as in JSON: a quotient that does not end has twelve digits."""
    for name in wording.NUMBERS:
        value = getattr(finding, name)
        yield name, "" if value is None else f"{decimal_of(value)[0]:f}"


def _cell(cell: EvidenceCell, finding: Finding, language: str) -> str:
    name, printed = wording.named(cell, finding, language), wording.printed(cell, language)
    return f"{name} {printed} ({cell.origin})"


def _rest(count: RuleCount, outcome: str, number: int, language: str) -> dict[str, str]:
    """The line of what is counted and not kept."""
    told = message("{count} more are counted, but not kept in this report", count=number)
    return {
        "pack": count.pack,
        "rule": count.rule,
        "title": word(count.title, language),
        "severity": count.severity,
        "outcome": outcome,
        "message": word(told, language),
    }
