"""Who stands where: units and rules of a report, those with the gravest findings first."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import field

from perfrules.locale import Message, message
from perfrules.model import Severity
from perfrules.report import Report, RuleCount
from perfrules.report.units import UnitCount, Units
from perfrules.values import frozen, mutable

DOZEN = 12
"""Units from which on a league is worth its lines in formats that are read as they stand."""
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")


@frozen
class UnitStanding:
    """What was found of one unit; what is waived or known is not counted.

    Attributes:
        count: Its verdicts, all of them.
        failed: Contradictions by severity.
        unknown, rounding: Verdicts that could not be reached, and that hold within rounding.
    """

    count: UnitCount
    failed: Mapping[str, int]
    unknown: int
    rounding: int

    @property
    def rank(self) -> tuple[int, ...]:
        """The gravest have the largest."""
        return (*(self.failed[severity] for severity in SEVERITIES), self.unknown, self.rounding)


@frozen
class RuleStanding:
    """A rule, with how many units it was due for, and how many of these it is broken by."""

    count: RuleCount
    due: int
    broken: int


@frozen
class League:
    """Units and rules in their order."""

    units: tuple[UnitStanding, ...] = ()
    rules: tuple[RuleStanding, ...] = ()


@mutable
class _Settled:
    """What is waived or known, by unit, rule and outcome."""

    report: Report
    column: str
    found: Counter[tuple[str, str, str]] = field(init=False)

    def __post_init__(self) -> None:
        self.found = Counter(
            (one.key.get(self.column, ""), one.rule, one.outcome)
            for one in self.report.details
            if one.settled
        )

    def open(self, count: UnitCount, outcome: str) -> dict[str, int]:
        """The verdicts of a unit that are open, by rule."""
        rules = count.outcomes.get(outcome, {})
        return {rule: n - self.found[count.unit, rule, outcome] for rule, n in rules.items()}


def league(report: Report) -> League:
    """The league of a report; empty where verdicts were not counted by unit."""
    if report.units is None:
        return League()
    settled = _Settled(report, report.units.column)
    severity = {count.rule: count.severity for count in report.counts}
    units, broken, due = [], Counter[str](), Counter[str]()
    for count in report.units.counts:
        failed = settled.open(count, "fail")
        broken.update(rule for rule, number in failed.items() if number > 0)
        due.update(_due(count))
        by_severity: Counter[str] = Counter(dict.fromkeys(SEVERITIES, 0))
        for rule, number in failed.items():
            by_severity[severity.get(rule, "error")] += number
        unknown = sum(settled.open(count, "unknown").values())
        units.append(UnitStanding(count, by_severity, unknown, count.of("rounding")))
    units.sort(key=lambda one: one.rank, reverse=True)
    rules = [RuleStanding(c, due[c.rule], broken[c.rule]) for c in report.counts if broken[c.rule]]
    rules.sort(key=lambda one: (SEVERITIES.index(one.count.severity), -one.broken))
    return League(tuple(units), tuple(rules))


def _due(count: UnitCount) -> set[str]:
    """The rules that apply to a unit."""
    return {
        rule
        for outcome in ("pass", "rounding", "fail", "unknown")
        for rule in count.outcomes.get(outcome, {})
    }


# ---- in words -----------------------------------------------------------------------------------------------------------


def absent(units: Units) -> list[str]:
    """Who is due and missing, each with the years that lack."""
    return [
        f"{one.unit} ({', '.join(one.years)})" if one.years else one.unit for one in units.missing
    ]


def present(units: Units) -> Message:
    """How many units there are, and how many are missing."""
    said = message("{count} units", count=len(units.counts))
    if units.due is not None:
        said = message("{said}; {due} are due", said=said, due=units.due)
    if units.missing:
        return message("{said}, {missing} are missing", said=said, missing=len(units.missing))
    return said


def share_of(count: UnitCount) -> str:
    """The share of the verdicts on a unit that could be reached; a dash if none was due."""
    return percent(count.due - count.of("unknown"), count.due) if count.due else "—"


def percent(part: int, whole: int) -> str:
    """Never 100% while something is left out, never 0% while something is in."""
    tenths = max(part * 1000 // whole, 1 if part else 0)
    return f"{tenths // 10}%" if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}%"
