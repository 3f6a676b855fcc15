"""The JSON Schema of the report, and the check of a document against it.

The check knows the words that the schema uses, and no others; the tests hold it against a validator of JSON Schema.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from perfrules.locale import LANGUAGES, Message, message
from perfrules.waivers import REASONS

VERSION = 1
NUMBERS = ("left", "right", "difference", "slack")

_TEXT: Mapping[str, Any] = {"type": "string"}
_COUNT: Mapping[str, Any] = {"type": "integer", "minimum": 0}
_FIGURE: Mapping[str, Any] = {"type": ["string", "null"], "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
_FRACTION: Mapping[str, Any] = {"type": "string", "pattern": r"^-?[0-9]+/[1-9][0-9]*$"}
_LIST: Mapping[str, Any] = {"type": "array", "items": _TEXT}
_DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_LINE: Mapping[str, Any] = {"type": ["integer", "null"]}
_SEVERITY: Mapping[str, Any] = {"enum": ["error", "warning", "info"]}


def schema() -> dict[str, Any]:
    """The JSON Schema of :func:`render`, draft 7."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "perfrules report",
        "description": "Version 1 of the report of perfrules check.",
        **_object(
            {
                "tables": {"type": "array", "items": _table_schema()},
                "rows": {"type": "array", "items": _row_schema()},
                "units": _units_schema(),
            },
            version={"const": VERSION},
            run=_run_schema(),
            summary={"type": "array", "items": _summary_schema()},
            findings={"type": "array", "items": _finding_schema()},
            notices={"type": "array", "items": _notice_schema()},
            rules={"type": "array", "items": _rule_schema()},
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
        {"files": {"type": "object", "additionalProperties": _TEXT}},
        **_texts("perfrules", "pack", "pack_version"),
        **_bilingual("pack_title"),
        **_texts("dataset", "engine"),
        started={"type": ["string", "null"], "format": "date-time"},
        seconds={"type": ["number", "null"]},
        tables={"type": "object", "additionalProperties": _COUNT},
        **_texts("data", "rules"),
    )


def _summary_schema() -> dict[str, Any]:
    outcomes = ("rows", "pass", "rounding", "fail", "unknown", "not_applicable")
    return _object(
        {"waived": _COUNT, "known": _COUNT},
        **_texts("pack", "rule"),
        **_bilingual("title"),
        severity=_SEVERITY,
        **dict.fromkeys(outcomes, _COUNT),
    )


def _finding_schema() -> dict[str, Any]:
    notes = {f"notes_{language}": _LIST for language in LANGUAGES}
    return _object(
        {
            **{f"{name}_exact": _FRACTION for name in NUMBERS},
            "waiver": _waiver_schema(),
            "baseline": {"enum": ["", "new", "changed", "known"]},
            **_texts("fingerprint", "numbers", "worked"),
            "rows": {"type": "array", "items": _COUNT},
        },
        **_texts("pack", "rule"),
        **_bilingual("title"),
        severity=_SEVERITY,
        outcome={"enum": ["fail", "rounding", "unknown"]},
        reason=_TEXT,
        **_bilingual("why"),
        key=_key_schema(),
        column=_TEXT,
        **dict.fromkeys(NUMBERS, _FIGURE),
        **_texts("unit", "formula"),
        **_bilingual("message"),
        **notes,
        **_bilingual("hint"),
        cells={"type": "array", "items": _cell_schema()},
    )


def _waiver_schema() -> dict[str, Any]:
    expires = {"type": ["string", "null"], "pattern": _DAY}
    made = _object(
        reason={"enum": list(REASONS)},
        **_bilingual("reason"),
        **_texts("text", "by"),
        date={"type": "string", "pattern": _DAY},
        expires=expires,
        **_texts("approved_by", "evidence", "where"),
    )
    return {**made, "type": ["object", "null"]}


def _key_schema() -> dict[str, Any]:
    return {"type": "object", "additionalProperties": _TEXT}


def _cell_schema() -> dict[str, Any]:
    origin = _object(**_texts("file", "section"), row=_LINE, **_texts("column", "quote"))
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
        code={"type": "string", "pattern": r"^PR[0-9]{3}$"},
        level={"enum": ["blocking", "advice"]},
        **_bilingual("message"),
        rules=_LIST,
        **_texts("table", "where"),
    )


def _rule_schema() -> dict[str, Any]:
    maybe = {"type": ["string", "null"]}
    certainty = {"enum": ["certain", "unverified"]}
    basis = _object(**_texts("ref"), certainty=certainty, url=maybe, quote=maybe)
    return _object(
        **_texts("pack", "rule"),
        **_bilingual("title"),
        severity=_SEVERITY,
        tables=_LIST,
        **_texts("formula", "guard"),
        **_bilingual("message", "hint"),
        basis={"type": "array", "items": basis},
        **_texts("file"),
        line=_LINE,
    )


def _table_schema() -> dict[str, Any]:
    column = _object(**_texts("column"), **_bilingual("title"))
    columns = {"type": "array", "items": column}
    return _object(**_texts("table"), **_bilingual("title"), columns=columns)


def _units_schema() -> dict[str, Any]:
    numbers = {"type": "object", "additionalProperties": _COUNT}
    outcomes = ("pass", "rounding", "fail", "unknown", "not_applicable")
    count = _object(unit=_TEXT, years=_LIST, **dict.fromkeys(outcomes, numbers))
    missing = _object(unit=_TEXT, years=_LIST)
    return {
        **_object(
            column=_TEXT,
            due={"type": ["integer", "null"], "minimum": 0},
            counts={"type": "array", "items": count},
            missing={"type": "array", "items": missing},
        ),
        "type": ["object", "null"],
    }


def _row_schema() -> dict[str, Any]:
    return _object(**_texts("table"), key=_key_schema(), cells=_key_schema())


# ---- a document against it --------------------------------------------------------------------------------------------------

_TYPES: Mapping[str, tuple[type | tuple[type, ...], Message]] = {
    "object": (dict, message("an object")),
    "array": (list, message("a list")),
    "string": (str, message("a text")),
    "integer": (int, message("a whole number")),
    "number": ((int, float), message("a number")),
    "null": (type(None), message("nothing")),
}


def faults(value: Any, rule: Mapping[str, Any], where: str = "") -> Iterator[tuple[str, Message]]:
    """What in a document is not as the schema says: the way to it, and what is wrong."""
    if "const" in rule and (value != rule["const"] or isinstance(value, bool)):
        yield where, message("must be {value}", value=str(rule["const"]))
    elif "enum" in rule and value not in rule["enum"]:
        yield where, message("must be one of {values}", values=tuple(rule["enum"]))
    elif "type" in rule and not _is(value, rule["type"]):
        yield where, message("must be {kind}", kind=_kinds(rule["type"]))
    else:
        yield from _inside(value, rule, where)


def _inside(value: Any, rule: Mapping[str, Any], where: str) -> Iterator[tuple[str, Message]]:
    """The faults of a value that is of the right kind."""
    if isinstance(value, dict):
        yield from _members(value, rule, where)
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from faults(item, rule.get("items", {}), f"{where}[{at}]")
    elif isinstance(value, str) and not re.search(rule.get("pattern", ""), value):
        yield where, message("is not written as it must be: {text}", text=value[:40])
    elif isinstance(value, int) and value < rule.get("minimum", value):
        yield where, message("must not be below {least}", least=rule["minimum"])


def _members(
    value: Mapping[str, Any], rule: Mapping[str, Any], where: str
) -> Iterator[tuple[str, Message]]:
    known, others = rule.get("properties", {}), rule.get("additionalProperties", {})
    for name in rule.get("required", ()):
        if name not in value:
            yield _below(where, name), message("is missing")
    for name, item in value.items():
        yield from faults(item, known.get(name, others), _below(where, name))


def _below(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _is(value: object, names: str | list[str]) -> bool:
    listed = [names] if isinstance(names, str) else names
    return not isinstance(value, bool) and any(
        isinstance(value, _TYPES[name][0]) for name in listed
    )


def _kinds(names: str | list[str]) -> Message:
    """What a value must be; null besides goes without saying."""
    listed = [names] if isinstance(names, str) else names
    return _TYPES[listed[0]][1]
