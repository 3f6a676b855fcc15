"""What ``lint`` found as SARIF 2.1.0, which code scanning services and editors read.

One run. Its rules are the diagnostic codes that were found, with what each means; its results are the diagnostics. Columns are
counted in characters, and files are named from the current folder, which is the root of the sources.
"""

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from perfrules.cli.formats import Graded, Linted, relative
from perfrules.cli.settings import Settings
from perfrules.codes import CODES
from perfrules.errors import Located

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
ROOT = "%SRCROOT%"
_TAGS = {"zh": "zh-CN", "en": "en-US"}
_Object = dict[str, Any]


def render(linted: Linted, settings: Settings) -> str:
    """The log as text."""
    codes = sorted({graded.diagnostic.code for graded in linted.found})
    run = {
        "tool": {
            "driver": {
                "name": "perfrules",
                "version": version("perfrules"),
                "language": _TAGS[settings.language],
                "rules": [_rule(code, settings) for code in codes],
            }
        },
        "language": _TAGS[settings.language],
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True}],
        "results": [_result(graded, codes, settings) for graded in linted.found],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2)


def _rule(code: str, settings: Settings) -> _Object:
    """What a code means, as ``perfrules explain`` says it."""
    entry = CODES[code]
    title, meaning, remedy = map(settings.say, (entry.title, entry.meaning, entry.remedy))
    example = f"\n\n```yaml\n# ✗\n{entry.before}\n# ✓\n{entry.after}\n```" if entry.before else ""
    return {
        "id": code,
        "shortDescription": {"text": title},
        "fullDescription": {"text": meaning},
        "help": {
            "text": f"{meaning}\n{remedy}",
            "markdown": f"**{title}**\n\n{meaning}\n\n{remedy}{example}",
        },
    }


def _result(graded: Graded, codes: list[str], settings: Settings) -> _Object:
    fault = graded.diagnostic
    told = settings.say(fault.message)
    if fault.hint:
        told = f"{told}\n→ {settings.say(fault.hint)}"
    result: _Object = {
        "ruleId": fault.code,
        "ruleIndex": codes.index(fault.code),
        "level": graded.level,
        "message": {"text": told},
    }
    location: _Object = {}
    if fault.place:
        location["physicalLocation"] = _physical(fault.place)
    if fault.rule:
        location["logicalLocations"] = [{"name": fault.rule, "kind": "member"}]
    return {**result, "locations": [location]} if location else result


def _physical(place: Located) -> _Object:
    region: _Object = {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.line,
        "endColumn": place.column + place.length,
    }
    if place.text:
        start = place.column - 1
        region["snippet"] = {"text": place.text[start : start + place.length]}
    return {"artifactLocation": _artifact(relative(place.file)), "region": region}


def _artifact(path: str) -> _Object:
    if Path(path).is_absolute():
        return {"uri": Path(path).as_uri()}
    return {"uri": quote(path), "uriBaseId": ROOT}
