"""A saved report read back, strictly: what was written is what is read, and what is not a report is refused with its faults."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from itertools import islice
from typing import Any

from perfrules.errors import DataError, Diagnostic
from perfrules.findings import EvidenceCell, EvidenceRow, Finding
from perfrules.locale import Label, Message, message
from perfrules.locations import Origin, Place
from perfrules.model import Basis
from perfrules.notices import Notice
from perfrules.renderers.json_v1.schema import NUMBERS, VERSION, faults, schema
from perfrules.report import Report, RuleCount, RuleFacts, RunFacts, TableFacts, decimal_of
from perfrules.report.units import Missing, UnitCount, Units
from perfrules.waivers import Waiver

_SHOWN = 10
"""Faults that are told of one file."""
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_OUTCOMES = ("pass", "rounding", "fail", "unknown", "not_applicable")
_Object = Mapping[str, Any]


def read(content: bytes, file: str) -> Report:
    """The report that a file holds.

    Args:
        content: The file.
        file: Its name, for what is said about it.

    Raises:
        DataError: It is not JSON, not a report, or a report of another version.
    """
    found = _parsed(content, file)
    if not isinstance(found, dict) or "version" not in found:
        raise DataError(
            [
                Diagnostic(
                    "PR517", message("{file} is no report of perfrules", file=file), None, _AGAIN
                )
            ]
        )
    if found["version"] != VERSION or isinstance(found["version"], bool):  # True is 1 for Python
        raise DataError([_version(found["version"], file)])
    wrong = list(islice(faults(found, schema()), _SHOWN)) or list(
        islice(_contradictions(found), _SHOWN)
    )
    if wrong:
        raise DataError(
            Diagnostic(
                "PR517", message("{file}: {where}: {what}", file=file, where=where, what=what)
            )
            for where, what in wrong
        )
    return _report(found)


_AGAIN = message("write it with perfrules check -o json=PATH")


def _parsed(content: bytes, file: str) -> Any:
    """The document.

    Raises:
        DataError: It is not JSON.
    """
    try:
        text = content.decode("utf-8-sig")
        found = json.loads(text, parse_constant=_refuse)
        if _HALF.search(text):
            json.dumps(
                found, ensure_ascii=False
            ).encode()  # half of a character, which no file can hold
    except json.JSONDecodeError as error:
        place = Place(file, error.lineno, error.colno)
        raise DataError([_no_json(file, place)]) from None
    except (ValueError, RecursionError):
        raise DataError([_no_json(file)]) from None
    return found


def _refuse(name: str) -> None:
    raise ValueError(name)


def _no_json(file: str, place: Place | None = None) -> Diagnostic:
    what = message("{file} is not JSON, or is cut off", file=file)
    return Diagnostic("PR516", what, place, _AGAIN)


def _version(version: object, file: str) -> Diagnostic:
    what = message(
        "{file} is a report of version {version}; this perfrules reads version {known}",
        file=file,
        version=str(version)[:20],
        known=VERSION,
    )
    hint = message("read it with the perfrules that wrote it, or a newer one; or check again")
    return Diagnostic("PR518", what, None, hint)


def _contradictions(found: _Object) -> Iterator[tuple[str, Message]]:
    """What the schema cannot say."""
    started = found["run"]["started"]
    if started is not None and _time(started) is None:
        yield "run.started", message("is not written as it must be: {text}", text=started[:40])
    for at, count in enumerate(found["summary"]):
        if sum(count[name] for name in _OUTCOMES) != count["rows"]:
            yield f"summary[{at}]", message("the outcomes do not add up to rows")
    for at, item in enumerate(found["findings"]):
        for name, what in (*_misdated(item.get("waiver") or {}), *_inexact(item)):
            yield f"findings[{at}].{name}", what
        if any(place >= len(found.get("rows", ())) for place in item.get("rows", ())):
            yield f"findings[{at}].rows", message("there is no such row in the report")


def _misdated(waiver: _Object) -> Iterator[tuple[str, Message]]:
    for name in ("date", "expires"):
        if waiver.get(name) and _day(waiver[name]) is None:
            what = message("is not written as it must be: {text}", text=waiver[name])
            yield f"waiver.{name}", what


def _inexact(item: _Object) -> Iterator[tuple[str, Message]]:
    for name in NUMBERS:
        if not _agrees(item, name):
            yield name, message("is not its own exact fraction")


def _agrees(item: _Object, name: str) -> bool:
    exact = item.get(f"{name}_exact")
    return exact is None or (
        item[name] is not None and item[name] == f"{decimal_of(Fraction(exact))[0]:f}"
    )


def _time(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


# ---- its parts --------------------------------------------------------------------------------------------------------------


def _report(found: _Object) -> Report:
    rows = [EvidenceRow(**_same(item, "table", "key", "cells")) for item in found.get("rows", ())]
    return Report(
        run=_run(found["run"]),
        counts=tuple(_count(item) for item in found["summary"]),
        details=tuple(_finding(item, rows) for item in found["findings"]),
        remarks=tuple(_notice(item) for item in found["notices"]),
        rules=tuple(_rule(item) for item in found["rules"]),
        tables=tuple(_table(item) for item in found.get("tables", ())),
        units=_units(found.get("units")),
    )


def _label(item: _Object, name: str) -> Label:
    return Label(item[f"{name}_zh"] or None, item[f"{name}_en"] or None)


def _same(item: _Object, *names: str) -> dict[str, Any]:
    return {name: item[name] for name in names}


def _run(item: _Object) -> RunFacts:
    return RunFacts(
        **_same(item, "perfrules", "pack", "pack_version", "dataset", "engine", "seconds", "tables", "data", "rules"),
        pack_title=_label(item, "pack_title"),
        files=item.get("files", {}),
        started=None if item["started"] is None else _time(item["started"]),
    )  # fmt: skip


def _count(item: _Object) -> RuleCount:
    return RuleCount(
        **_same(item, "pack", "rule", "severity", "rows", "rounding", "unknown", "not_applicable"),
        title=_label(item, "title"),
        passed=item["pass"],
        failed=item["fail"],
    )


def _finding(item: _Object, rows: Sequence[EvidenceRow]) -> Finding:
    notes: Sequence[tuple[str, str]] = list(zip(item["notes_zh"], item["notes_en"], strict=False))
    return Finding(
        **_same(item, "pack", "rule", "severity", "outcome", "key", "column", "unit", "formula", "reason"),
        left=_number(item, "left"),
        right=_number(item, "right"),
        difference=_number(item, "difference"),
        slack=_number(item, "slack"),
        title=_label(item, "title"),
        message=_label(item, "message"),
        notes=tuple(Label(*note) for note in notes),
        hint=_label(item, "hint"),
        cells=tuple(_cell(cell) for cell in item["cells"]),
        why=_label(item, "why"),
        worked=item.get("worked", ""),
        rows=tuple(rows[place] for place in item.get("rows", ())),
        waiver=_waiver(item),
        baseline=item.get("baseline", ""),
    )  # fmt: skip


def _waiver(finding: _Object) -> Waiver | None:
    item = finding.get("waiver")
    if item is None:
        return None
    expires = None if item["expires"] is None else date.fromisoformat(item["expires"])
    return Waiver(
        **_same(item, "reason", "text", "by", "approved_by", "evidence", "where"),
        **_same(finding, "rule", "key", "column", "pack"),
        numbers=(finding.get("numbers", ""),),
        date=date.fromisoformat(item["date"]),
        expires=expires,
    )


def _number(item: _Object, name: str) -> Fraction | None:
    told = item.get(f"{name}_exact", item[name])
    return None if told is None else Fraction(told)


def _cell(item: _Object) -> EvidenceCell:
    return EvidenceCell(
        **_same(item, "table", "column", "key", "printed"),
        title=_label(item, "title"),
        origin=Origin(**_same(item["origin"], "file", "section", "row", "column", "quote")),
    )


def _notice(item: _Object) -> Notice:
    return Notice(
        **_same(item, "code", "level", "table", "where"),
        message=_label(item, "message"),
        rules=tuple(item["rules"]),
    )


def _rule(item: _Object) -> RuleFacts:
    return RuleFacts(
        **_same(item, "pack", "rule", "severity", "formula", "guard", "file", "line"),
        title=_label(item, "title"),
        tables=tuple(item["tables"]),
        message=_label(item, "message"),
        hint=_label(item, "hint"),
        basis=tuple(
            Basis(**_same(basis, "ref", "certainty", "url", "quote")) for basis in item["basis"]
        ),
    )


def _table(item: _Object) -> TableFacts:
    columns = {column["column"]: _label(column, "title") for column in item["columns"]}
    return TableFacts(item["table"], _label(item, "title"), columns)


def _units(item: _Object | None) -> Units | None:
    if item is None:
        return None
    return Units(
        item["column"],
        tuple(_unit(count) for count in item["counts"]),
        tuple(Missing(one["unit"], tuple(one["years"])) for one in item["missing"]),
        item["due"],
    )


def _unit(item: _Object) -> UnitCount:
    outcomes = {name.replace("_", "-"): item[name] for name in _OUTCOMES if item[name]}
    return UnitCount(item["unit"], outcomes, tuple(item["years"]))
