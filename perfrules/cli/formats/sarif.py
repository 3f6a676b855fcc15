"""What ``lint`` found as SARIF 2.1.0, which code scanning services and editors read.

One run. Its rules are the diagnostic codes that were found, with what each means; its results are the diagnostics. Columns are
counted in characters, and files are named from the current folder, which is the root of the sources.
"""

from importlib.metadata import version

from perfrules.cli.formats import Graded, Linted, relative
from perfrules.cli.settings import Settings
from perfrules.errors import Located
from perfrules.exchange import sarif
from perfrules.exchange.sarif import Object


def render(linted: Linted, settings: Settings) -> str:
    """The log as text."""
    codes = sorted({graded.diagnostic.code for graded in linted.found})
    driver = {
        "version": version("perfrules"),
        "rules": [sarif.code(code, settings.language) for code in codes],
    }
    results = [_result(graded, codes, settings) for graded in linted.found]
    return sarif.log(
        driver, settings.language, results, invocations=[{"executionSuccessful": True}]
    )


def _result(graded: Graded, codes: list[str], settings: Settings) -> Object:
    fault = graded.diagnostic
    told = settings.say(fault.message)
    if fault.hint:
        told = f"{told}\n→ {settings.say(fault.hint)}"
    result: Object = {
        "ruleId": fault.code,
        "ruleIndex": codes.index(fault.code),
        "level": graded.level,
        "message": {"text": told},
    }
    location: Object = {}
    if fault.place:
        location["physicalLocation"] = _physical(fault.place)
    if fault.rule:
        location["logicalLocations"] = [{"name": fault.rule, "kind": "member"}]
    return {**result, "locations": [location]} if location else result


def _physical(place: Located) -> Object:
    region: Object = {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.line,
        "endColumn": place.column + place.length,
    }
    if place.text:
        start = place.column - 1
        region["snippet"] = {"text": place.text[start : start + place.length]}
    return {"artifactLocation": sarif.artifact(relative(place.file)), "region": region}
