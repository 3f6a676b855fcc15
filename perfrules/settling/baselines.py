"""Baselines: the findings that were there at some time, so that a run fails for new ones only.

A baseline is a file of JSON, version 1: ``{"version": 1, "findings": […]}``, a line for each finding with ``pack``, ``rule``, ``key``,
``column``, ``outcome`` (``fail`` or ``unknown``) and ``numbers``, the hash of its numbers. Lines are in order, so that a baseline under
version control changes by what changed. It holds no figure.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from perfrules import wording
from perfrules.errors import DataError, Diagnostic
from perfrules.findings import Finding, Standing
from perfrules.findings.identity import Identity, identity, numbers
from perfrules.locale import Message, message
from perfrules.notices import Notice
from perfrules.report import Report
from perfrules.values import frozen

VERSION = 1
HELD = ("fail", "unknown")
"""Outcomes that a baseline holds."""
_TEXT = {"type": "string"}
_MEMBERS: Mapping[str, Any] = {
    "pack": _TEXT,
    "rule": _TEXT,
    "key": {"type": "object", "additionalProperties": _TEXT},
    "column": _TEXT,
    "outcome": {"enum": list(HELD)},
    "numbers": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
}
_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "required": ["version", "findings"],
    "properties": {
        "version": {"const": VERSION},
        "findings": {
            "type": "array",
            "items": {"type": "object", "required": list(_MEMBERS), "properties": _MEMBERS},
        },
    },
}
_SHOWN = 10
"""Faults that are told of one file."""


@frozen
class Baseline:
    """The findings that are known: outcome and hash of the numbers, by identity."""

    known: Mapping[Identity, tuple[str, str]]

    def standing(self, finding: Finding) -> Standing:
        """How a finding stands to it."""
        if (held := self.known.get(identity(finding))) is None:
            return "new"
        return "known" if held == (finding.outcome, numbers(finding)) else "changed"


EMPTY = Baseline({})


def against(report: Report, baseline: Baseline) -> Report:
    """The report with how each contradiction, and each unknown verdict, stands to the baseline."""
    details = tuple(
        replace(finding, baseline=baseline.standing(finding))
        if finding.outcome in HELD
        else finding
        for finding in report.details
    )
    told = (*uncompared(report), *_gone(report, baseline))
    return replace(report, details=details, remarks=(*report.remarks, *told))


def updated(baseline: Baseline, report: Report) -> Baseline:
    """The baseline with every finding of the report that is not waived, as it is now."""
    found = {identity(f): (f.outcome, numbers(f)) for f in _held(report)}
    return Baseline({**baseline.known, **found})


def pruned(baseline: Baseline, report: Report) -> Baseline:
    """The baseline without the findings that the report shows to be gone, or to be waived."""
    gone = set(_absent(report, baseline))
    return Baseline({name: held for name, held in baseline.known.items() if name not in gone})


def _held(report: Report) -> Iterator[Finding]:
    return (f for f in report.details if f.outcome in HELD and f.waiver is None)


def _absent(report: Report, baseline: Baseline) -> Iterator[Identity]:
    """What is held and not found, of rules that ran and whose verdicts are all kept, or that are no more."""
    here = {identity(finding) for finding in _held(report)}
    unsure = set(report.idle) | set(_cut(report))
    for name in baseline.known:
        pack, rule, *_ = name
        if pack == report.run.pack and rule not in unsure and name not in here:
            yield name


def _cut(report: Report) -> tuple[str, ...]:
    """The rules of which some verdicts that matter here are counted and not kept."""
    rest = wording.unlisted(report)
    return tuple(dict.fromkeys(count.rule for count, outcome, _ in rest if outcome in HELD))


def uncompared(report: Report) -> Iterator[Notice]:
    """That a report counts verdicts that it does not keep, so that no baseline can hold them."""
    if rules := _cut(report):
        what = message(
            "not every verdict of {rules} is kept in this report; those that are not cannot be compared with the baseline, and count as new",
            rules=rules,
        )  # fmt: skip
        yield Notice("PR464", what, "advice", rules)


def _gone(report: Report, baseline: Baseline) -> Iterator[Notice]:
    if count := sum(1 for _ in _absent(report, baseline)):
        what = message("{count} findings of the baseline are gone; perfrules baseline prune removes them", count=count)  # fmt: skip
        yield Notice("PR465", what, "advice")


# ---- the file ---------------------------------------------------------------------------------------------------------------


def written(baseline: Baseline) -> str:
    """The file of a baseline; ends with a line break."""
    lines = (_line(name, *held) for name, held in sorted(baseline.known.items()))
    body = ",\n".join(f"    {line}" for line in lines)
    listed = f"[\n{body}\n  ]" if body else "[]"
    return f'{{\n  "version": {VERSION},\n  "findings": {listed}\n}}\n'


def _line(name: Identity, outcome: str, hashed: str) -> str:
    pack, rule, key, column = name
    held = {"pack": pack, "rule": rule, "key": dict(key), "column": column, "outcome": outcome, "numbers": hashed}  # fmt: skip
    return json.dumps(held, ensure_ascii=False)


def load(path: Path) -> Baseline:
    """Read a baseline.

    Raises:
        DataError: There is none, or the file is something else.
    """
    try:
        found = json.loads(path.read_bytes())
    except OSError as error:
        what = message("{file} cannot be read: {reason}", file=str(path), reason=error.strerror or "")  # fmt: skip
        hint = message("make one: perfrules baseline update REPORT --baseline {file}", file=str(path))  # fmt: skip
        raise DataError([Diagnostic("PR522", what, hint=hint)]) from None
    except (ValueError, RecursionError):
        raise DataError([_wrong(path, message("is not JSON, or is cut off"))]) from None
    from perfrules.renderers.json_v1.schema import faults  # noqa: PLC0415  # checks know none

    wrong = list(islice(faults(found, _SCHEMA), _SHOWN))
    if wrong:
        raise DataError(
            _wrong(path, message("{where}: {what}", where=where or "$", what=what))
            for where, what in wrong
        )
    return Baseline(dict(_known(found["findings"])))


def _known(items: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Identity, tuple[str, str]]]:
    for item in items:
        name = (item["pack"], item["rule"], tuple(sorted(item["key"].items())), item["column"])
        yield name, (item["outcome"], item["numbers"])


def _wrong(path: Path, what: Message) -> Diagnostic:
    told = message("{file} is no baseline: {what}", file=str(path), what=what)
    return Diagnostic("PR522", told, hint=message("make it anew with perfrules baseline update"))
