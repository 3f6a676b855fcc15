"""JUnit XML, which CI services read: suites of cases that passed, failed or were skipped."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from junitparser import Failure, JUnitXml, Skipped, TestCase, TestSuite

from perfrules.values import frozen

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@frozen
class Case:
    """One test case.

    Attributes:
        name: Its name in its class.
        group: Its class.
        standing: Whether it passed, failed or was skipped.
        told: In one line, why it did not pass.
        text: The same at length, of one that failed.
        kind: What kind of failure it is.
        output: What else is said about it.
        seconds: How long it took; None if nobody knows.
        file: The file that it lies in.
        line: Its line there.
    """

    name: str
    group: str
    standing: Literal["passed", "failed", "skipped"] = "passed"
    told: str = ""
    text: str = ""
    kind: str = ""
    output: str = ""
    seconds: float | None = None
    file: str = ""
    line: int | None = None


def document(
    name: str,
    suites: Mapping[str, Sequence[Case]],
    properties: Mapping[str, str] | None = None,
) -> bytes:
    """The document; the properties stand in every suite, for JUnit knows none of the whole."""
    whole = JUnitXml(_clean(name))
    for title, cases in suites.items():
        suite = TestSuite(_clean(title))
        for key, value in (properties or {}).items():
            suite.add_property(_clean(key), _clean(value))
        for case in cases:
            suite.add_testcase(_case(case))
        whole.add_testsuite(suite)
    whole.update_statistics()  # type: ignore[no-untyped-call]  # junitparser's
    content: bytes = whole.tostring()  # type: ignore[no-untyped-call]  # likewise
    return content


def _case(case: Case) -> TestCase:
    seconds = None if case.seconds is None else round(case.seconds, 3)
    made = TestCase(_clean(case.name), _clean(case.group), seconds)
    if case.standing == "failed":
        failure = Failure(_clean(case.told), case.kind or None)
        failure.text = _clean(case.text)
        made.result = [failure]
    elif case.standing == "skipped":
        made.result = [Skipped(_clean(case.told))]
    if case.output:
        made.system_out = _clean(case.output)
    if case.file:  # GitLab and others read the place, junitparser has no word for it
        made._elem.set("file", _clean(case.file))
        if case.line is not None:
            made._elem.set("line", str(case.line))
    return made


def _clean(text: str) -> str:
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)
