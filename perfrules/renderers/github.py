"""Annotations of GitHub Actions, to be printed in a step: a command per verdict and notice, the gravest first.

GitHub shows the first ten errors, ten warnings and ten notices of a step, and drops the others. So the first line says how many there
are and how many are not shown; the commands are all in the log, up to a thousand. What is waived, or known from the baseline, is not
annotated.
"""

from collections import Counter
from collections.abc import Iterator

from perfrules import wording
from perfrules.exchange.github import command
from perfrules.findings import Finding
from perfrules.locale import message, word
from perfrules.report import Report

SUFFIXES: tuple[str, ...] = ()
SHOWN = 10
"""Annotations of each level that GitHub shows of a step."""
MOST = 1000
"""Commands that are written."""
_LEVELS = {"error": "error", "warning": "warning", "info": "notice"}
_ORDER = ("error", "warning", "notice")


def render(report: Report, language: str) -> str:
    """The commands, one in a line; ends with a line break."""
    found = sorted(_annotations(report, language), key=lambda pair: _ORDER.index(pair[0]))
    lines = [line for _, line in found[:MOST]]
    told = _summary(report, Counter(level for level, _ in found), len(found) - len(lines))
    said = "; ".join(word(part, language) for part in told)
    return "\n".join([command("notice", {"title": "perfrules"}, said), *lines]) + "\n"


def _annotations(report: Report, language: str) -> Iterator[tuple[str, str]]:
    """The commands with their levels: contradictions, what could not be checked, and what stands in the way of it."""
    for finding in report.details:
        if finding.outcome != "rounding" and not finding.settled:
            level = _LEVELS[finding.severity] if finding.outcome == "fail" else "notice"
            yield level, command(level, _place(report, finding), _text(finding, language))
    for notice in report.remarks:
        if notice.level == "blocking":
            text = " ".join(part for part in (word(notice.message, language), notice.where) if part)
            yield "warning", command("warning", {"title": notice.code}, text)


def _place(report: Report, finding: Finding) -> dict[str, object]:
    """The first cell of a finding, if it stands in a file."""
    properties: dict[str, object] = {}
    cell = next((cell for cell in finding.cells if cell.origin.file), None)
    if cell is not None and report.run.data:
        properties["file"] = wording.path_of(report.run.data, cell.origin.file)
        if (line := wording.line_of(cell.origin)) is not None:
            properties["line"] = line
    properties["title"] = finding.rule
    return properties


def _text(finding: Finding, language: str) -> str:
    key = wording.key_text(finding.key, finding.column)
    first, *others = wording.sentences(finding, language)
    return "\n".join([f"{key}: {first}" if key else first, *others])


def _summary(report: Report, levels: Counter[str], cut: int) -> list[object]:
    """How many verdicts there are, how many annotations GitHub drops, and what is not annotated at all."""
    parts = wording.left_out((name, report.total(name)) for name in wording.SEEN)
    told: list[object] = [parts or message("no contradiction")]
    limits = {level: SHOWN - (level == "notice") for level in _ORDER}  # this line is a notice too
    dropped = sum(max(levels[level] - most, 0) for level, most in limits.items())
    if dropped:
        told.append(
            message(
                "GitHub shows {shown} annotations of each level for a step, {count} are not shown",
                shown=SHOWN,
                count=dropped,
            )
        )
    if cut:
        told.append(message("{count} annotations are not in the log either", count=cut))
    if report.total("rounding"):
        told.append(message("what is within rounding is not annotated"))
    if settled := wording.settled(report):
        told.append(message("not annotated: {parts}", parts=settled))
    kept = wording.not_kept(report)
    return told if kept is None else [*told, kept]
