"""Results as JUnit XML, for CI: a suite for each rule, a test case for each result."""

import re

from junitparser import Failure, JUnitXml, Skipped, TestCase, TestSuite

from perfrules.locale import word
from perfrules.testing.results import Result, Tested

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def render(tested: Tested, language: str) -> bytes:
    """All results, rule by rule."""
    suites: dict[str, TestSuite] = {}
    for result in tested.results:
        name = result.rule or tested.pack
        if name not in suites:
            suites[name] = TestSuite(name)
        suites[name].add_testcase(_case(result, tested.pack, language))
    whole = JUnitXml(tested.pack)
    for suite in suites.values():
        whole.add_testsuite(suite)
    whole.update_statistics()  # type: ignore[no-untyped-call]  # junitparser's
    content: bytes = whole.tostring()  # type: ignore[no-untyped-call]  # likewise
    return content


def _case(result: Result, pack: str, language: str) -> TestCase:
    case = TestCase(
        f"{result.kind} {result.name}".strip(), result.rule or pack, round(result.seconds, 3)
    )
    told = _clean(word(result.told, language))
    if result.standing == "failed":
        case.result = [Failure(told)]
        case.result[0].text = _clean("\n".join(lines_of(result, language)))
    elif result.standing == "skipped":
        case.result = [Skipped(told)]
    if result.place is not None:
        case._elem.set(
            "file", result.place.file
        )  # GitLab and others read it, junitparser has no word for it
        case._elem.set("line", str(result.place.line))  # likewise
    return case


def lines_of(result: Result, language: str) -> list[str]:
    """What came of it, its place, its details and what to paste, line by line."""
    place = f"{result.place.file}:{result.place.line}" if result.place else ""
    details = [word(detail, language) for detail in result.details]
    paste = result.paste.rstrip("\n").split("\n") if result.paste else []
    return [line for line in (place, word(result.told, language), *details) if line] + paste


def _clean(text: str) -> str:
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)
