"""The JSON Schema of a comparison, version 1; what it shares with a report is the report's."""

from typing import Any

from perfrules.comparison import STATES
from perfrules.renderers.json_v1 import NUMBERS
from perfrules.renderers.json_v1 import schema as schema_of_reports

VERSION = 1
_VERDICT = ("outcome", "reason", *NUMBERS, "unit", "message_zh", "message_en")
_FINDING = ("pack", "rule", "title_zh", "title_en", "severity", "key", "column", "why_zh", "why_en")
_STOPPED = ("rule", "title_zh", "title_en", "severity", "why_zh", "why_en")


def schema() -> dict[str, Any]:
    """The JSON Schema of :func:`perfrules.comparison.json_v1.render`, draft 7."""
    report = schema_of_reports()["properties"]
    finding = report["findings"]["items"]["properties"]
    exact = {f"{name}_exact": finding[f"{name}_exact"] for name in NUMBERS}
    texts = {"type": "array", "items": {"type": "string"}}
    verdict = _object({name: finding[name] for name in _VERDICT}, exact)
    change = {
        "state": {"enum": list(STATES)},
        **{name: finding[name] for name in _FINDING},
        **{key: {"anyOf": [verdict, {"type": "null"}]} for key in ("old", "new")},
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "perfrules comparison",
        "description": "Version 1 of the comparison of perfrules diff.",
        **_object(
            {
                "version": {"const": VERSION},
                "old": report["run"],
                "new": report["run"],
                "across": texts,
                "remarks_zh": texts,
                "remarks_en": texts,
                "totals": _object({key: {"type": "integer", "minimum": 0} for key in STATES}),
                "changes": {"type": "array", "items": _object(change)},
                "stopped": {"type": "array", "items": _object({name: finding[name] for name in _STOPPED})},
            }
        ),
    }  # fmt: skip


def _object(members: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    """An object that must have ``members`` and may have more."""
    return {
        "type": "object",
        "required": list(members),
        "properties": {**members, **(optional or {})},
    }
