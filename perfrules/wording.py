"""What reports say of verdicts and rules in whatever format: keys, numbers, grounds, and what is left out."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import PurePosixPath

from perfrules.findings import EvidenceCell, Finding, told
from perfrules.locale import Label, Message, Worded, message, word
from perfrules.locale.words import CERTAINTY, OUTCOMES
from perfrules.locations import Origin
from perfrules.model import Severity
from perfrules.notices import Notice
from perfrules.report import Report, RuleCount, RuleFacts
from perfrules.report.league import percent
from perfrules.values import frozen
from perfrules.waivers import Waiver

SEEN = ("fail", "unknown", "rounding")
"""Outcomes of which verdicts are told one by one, the gravest first."""
_TEXTS = {".csv", ".tsv", ".txt"}
"""Files whose rows are lines."""
YEARS = frozenset({"year", "fiscal_year", "年度", "年份", "年"})
"""Names of columns that hold the year of a row."""
_YEAR = re.compile(r"(19|20)[0-9]{2}")
SHOWN_RULES = 3
"""Rules that are named where many are meant."""
NUMBERS: Mapping[str, Message] = {
    "left": message("left"),
    "right": message("right"),
    "difference": message("difference"),
    "slack": message("slack"),
}


def key_text(key: Mapping[str, str], column: str = "") -> str:
    """A key as it is shown, and before it the column that ``for`` or a roll-up put in."""
    parts = [f"[{column}]"] if column else []
    return " ".join([*parts, *(f"{name}={value}" for name, value in key.items())])


def common_key(report: Report) -> Mapping[str, str]:
    """The parts of the key that are the same in every finding, where there are several."""
    details = report.details
    if len(details) < 2:
        return {}
    return {
        name: value
        for name, value in details[0].key.items()
        if all(detail.key.get(name) == value for detail in details)
    }


def sentences(finding: Finding, language: str) -> list[str]:
    """What a finding says, line by line: its sentence, what else must be said, and what to do about a contradiction."""
    lines = [finding.message, *finding.notes]
    if finding.outcome == "fail" and word(finding.hint, language):
        lines.append(message("what to do: {hint}", hint=finding.hint))
    return [word(line, language) for line in lines]


def numbers(finding: Finding) -> dict[str, str]:
    """The numbers of a finding for the eye, with their unit."""
    return {name: told(getattr(finding, name), finding.unit) for name in NUMBERS}


def signed(finding: Finding) -> str:
    """The difference with its sign."""
    text = told(finding.difference, finding.unit)
    if finding.difference is None or finding.difference <= 0:
        return text
    return f"≈+{text[1:]}" if text.startswith("≈") else f"+{text}"


def printed(cell: EvidenceCell, language: str) -> str:
    """What is printed in a cell, with the words for a blank one."""
    return cell.printed or word(message("(blank)"), language)


def named(cell: EvidenceCell, finding: Finding, language: str) -> str:
    """The title of a cell's column, and the parts of its key that are not the finding's."""
    own = [value for name, value in cell.key.items() if finding.key.get(name) != value]
    return " ".join([word(cell.title, language) or cell.column, *own])


def path_of(folder: str, file: str) -> str:
    """A file as it can be found from where the run was started; empty if there is none."""
    return (PurePosixPath(folder) / file.replace("\\", "/")).as_posix() if file else ""


def line_of(origin: Origin) -> int | None:
    """The line of a file that a cell stands in; of a workbook, there is none."""
    return origin.row if PurePosixPath(origin.file).suffix.lower() in _TEXTS else None


def grounds(facts: RuleFacts, language: str) -> list[str]:
    """What a rule rests on, each with how certain that is."""
    return [
        word(
            message("{ref} ({certainty})", ref=basis.ref, certainty=CERTAINTY[basis.certainty]),
            language,
        )
        for basis in facts.basis
    ]


def tallied(count: RuleCount) -> Message:
    """The outcomes of a rule that it has, in one line."""
    found = [(word_, count.of(outcome)) for outcome, word_ in OUTCOMES.items()]
    parts = tuple(message("{outcome} {count}", outcome=o, count=n) for o, n in found if n)
    return message("{outcomes}; {rows} verdicts", outcomes=parts, rows=count.rows)


def unsettled(report: Report) -> Mapping[tuple[str, str], int]:
    """How many verdicts of each rule and outcome are neither waived nor known from the baseline."""
    settled = report.settled
    return {
        (count.rule, outcome): count.of(outcome) - settled[count.rule, outcome]
        for count in report.counts
        for outcome in SEEN
    }


def settled(report: Report) -> tuple[Message, ...]:
    """How many verdicts are waived, and how many others the baseline knows; nothing for none."""
    found = (
        (message("waived {count}", count=report.waived.total()), report.waived),
        (message("known {count}", count=report.known.total()), report.known),
    )
    return tuple(told for told, counts in found if counts)


def explained(waiver: Waiver) -> Message:
    """Why a verdict may stand, who says so, and until when."""
    reason = message("{reason}: {text}", reason=waiver.label, text=waiver.text)
    told = message("{reason}; {by}, {date}", reason=reason if waiver.text else waiver.label, by=waiver.by, date=waiver.date)  # fmt: skip
    if waiver.approved_by:
        told = message("{told}; approved by {name}", told=told, name=waiver.approved_by)
    if waiver.expires is not None:
        told = message("{told}; until {date}", told=told, date=waiver.expires)
    return told


JUDGEMENTS: Mapping[Severity, Message] = {
    "error": message("problem"),
    "warning": message("to be explained"),
    "info": message("to be noted"),
}


def judgement(finding: Finding) -> Message:
    """What auditors call a contradiction, by the severity of its rule; or that it is explained or known."""
    if finding.settled:
        return message("explained") if finding.waiver is not None else message("known")
    return JUDGEMENTS[finding.severity]


def standing(finding: Finding) -> Message | None:
    """That a finding is waived, with the reason, or how it stands to the baseline; None if nothing is to be said."""
    if finding.waiver is not None:
        return message("waived: {why}", why=explained(finding.waiver))
    return STANDINGS.get(finding.baseline)


STANDINGS: Mapping[str, Message] = {
    "new": message("not in the baseline"),
    "changed": message("in the baseline with other numbers"),
    "known": message("known from the baseline"),
}


@frozen
class Cluster:
    """What holds within rounding in the rows of one table, or of several together.

    Attributes:
        title: Their titles, or their ids.
        count: How many verdicts there are.
        rules: The rules that they are of.
        largest: The largest differences, one of each unit, each with its key; of the verdicts that the report keeps.
        notes: What is said of some of them, each with their number: cut off, unlikely.
    """

    title: Worded | tuple[Worded, ...]
    count: int
    rules: tuple[str, ...]
    largest: tuple[tuple[str, str], ...]
    notes: tuple[tuple[Worded, int], ...]


def clusters(report: Report) -> list[Cluster]:
    """What holds within rounding, by table, in the order of the pack."""
    tables = {facts.rule: facts.tables for facts in report.rules}
    titles = {facts.table: facts.title for facts in report.tables}
    counts: dict[tuple[str, ...], list[RuleCount]] = {}
    for count in report.counts:
        if count.rounding:
            counts.setdefault(tables.get(count.rule, ()), []).append(count)
    found: dict[tuple[str, ...], list[Finding]] = {}
    for detail in report.details:
        if detail.outcome == "rounding":
            found.setdefault(tables.get(detail.rule, ()), []).append(detail)
    return [
        Cluster(
            tuple(_title(name, titles) for name in names) or Label(report.run.pack),
            sum(count.rounding for count in own),
            tuple(count.rule for count in own),
            _largest(found.get(names, ())),
            _notes(found.get(names, ())),
        )
        for names, own in counts.items()
    ]


def clustered(cluster: Cluster) -> Message:
    """How many, how large, and of which rules, the first of them."""
    shown = cluster.rules[:SHOWN_RULES]
    rules = shown if len(shown) == len(cluster.rules) else (*shown, "…")
    largest = tuple(
        message("{gap} at {key}", gap=gap, key=key) if key else gap for gap, key in cluster.largest
    )
    return message("{count}, the largest {largest} ({rules})", count=cluster.count, largest=largest or "-", rules=rules)  # fmt: skip


def _title(name: str, titles: Mapping[str, Label]) -> Label:
    title = titles.get(name, Label())
    return title if title != Label() else Label(name, name)


def _largest(found: Iterable[Finding]) -> tuple[tuple[str, str], ...]:
    most: dict[str, tuple[Fraction, Finding]] = {}
    for finding in found:
        if finding.difference is not None:
            gap = abs(finding.difference)
            if finding.unit not in most or gap > most[finding.unit][0]:
                most[finding.unit] = gap, finding
    return tuple(
        (told(gap, unit), key_text(own.key, own.column)) for unit, (gap, own) in most.items()
    )


def _notes(found: Iterable[Finding]) -> tuple[tuple[Worded, int], ...]:
    """The notes of findings, each once: reports that were read have them as labels, so they are told apart by their words."""
    by_words: dict[str, Worded] = {}
    numbers: Counter[str] = Counter()
    for finding in found:
        for note in finding.notes:
            by_words.setdefault(word(note, "en"), note)
            numbers[word(note, "en")] += 1
    return tuple((by_words[words], count) for words, count in numbers.items())


def by_rule(report: Report) -> Mapping[str, list[Finding]]:
    """The findings of each rule."""
    found: dict[str, list[Finding]] = {}
    for detail in report.details:
        found.setdefault(detail.rule, []).append(detail)
    return found


def unlisted(report: Report) -> list[tuple[RuleCount, str, int]]:
    """Of each rule and outcome, how many verdicts are counted but not kept in the report."""
    kept = Counter((detail.rule, detail.outcome) for detail in report.details)
    rest = (
        (count, outcome, count.of(outcome) - kept[count.rule, outcome])
        for count in report.counts
        for outcome in SEEN
    )
    return [(count, outcome, number) for count, outcome, number in rest if number > 0]


def left_out(parts: Iterable[tuple[str, int]]) -> tuple[Message, ...]:
    """Numbers of verdicts by outcome, in words; nothing for none."""
    sums: Counter[str] = Counter()
    for outcome, number in parts:
        sums[outcome] += number
    return tuple(
        message("{outcome} {count}", outcome=OUTCOMES[outcome], count=sums[outcome])
        for outcome in SEEN
        if sums[outcome]
    )


def not_kept(report: Report) -> Message | None:
    """That the report keeps only some of the verdicts, if it does."""
    parts = left_out((outcome, number) for _, outcome, number in unlisted(report))
    if not parts:
        return None
    return message(
        "counted, but not kept in this report: {parts}; --detail says how many are kept",
        parts=parts,
    )


def why_idle(notices: Iterable[Notice]) -> Message:
    """Why a rule did not run, by the notices that name it."""
    reasons = tuple(notice.message for notice in notices)
    return message("{reasons}", reasons=reasons) if reasons else message("it did not run")


def ran(report: Report) -> Message:
    """How many rules ran, and how many did not."""
    idle = report.idle
    said = message("{count} ran", count=len(report.counts))
    return (
        message("{ran}, {count} did not, see the notices", ran=said, count=len(idle))
        if idle
        else said
    )


def coverage(report: Report) -> Message:
    """How many of the verdicts that were due could be reached."""
    done, due = reached(report)
    if not due:
        return message("nothing was due")
    return message(
        "{share}: {done} of {due} verdicts that were due",
        share=percent(done, due),
        done=done,
        due=due,
    )


def reached(report: Report) -> tuple[int, int]:
    """How many verdicts could be reached, and how many were due."""
    due = sum(count.rows - count.not_applicable for count in report.counts)
    return due - report.total("unknown"), due


def share(report: Report) -> str:
    """The share of the verdicts that were due which could be reached; a dash if none was due."""
    done, due = reached(report)
    return percent(done, due) if due else "—"


@frozen
class Keys:
    """What the columns of keys say.

    Attributes:
        unit: The column that says whose figures they are; empty if there is none.
        years: The columns that hold years.
    """

    unit: str
    years: frozenset[str]

    def unit_of(self, key: Mapping[str, str]) -> str:
        """Whose figures they are."""
        return key.get(self.unit, "")

    def year_of(self, key: Mapping[str, str]) -> str:
        """Of which year they are."""
        return next((value for name, value in key.items() if name in self.years), "")

    def rest_of(self, key: Mapping[str, str]) -> Mapping[str, str]:
        """What else is in the key."""
        return {
            name: value
            for name, value in key.items()
            if name != self.unit and name not in self.years
        }


def keys_of(*reports: Report) -> Keys:
    """What the columns of the keys of findings say, as far as their names and values tell.

    Years are in columns that are called so, or else in those that hold nothing but years. The unit is the column that verdicts are
    counted by, or the one called ``unit``, or else the first of the key that most findings have and that holds more than years.
    """
    details = [detail for report in reports for detail in report.details]
    keys = Counter(tuple(detail.key) for detail in details)
    order = [name for key, _ in keys.most_common() for name in key]
    years = frozenset(order) & YEARS or frozenset(
        name
        for name in order
        if all(_YEAR.fullmatch(detail.key.get(name, "2000")) for detail in details)
    )
    counted = next((report.units.column for report in reports if report.units is not None), "")
    named = counted or ("unit" if "unit" in order else "")
    return Keys(named or next((name for name in order if name not in years), ""), years)
