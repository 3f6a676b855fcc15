"""Two reports compared: which contradictions are new, resolved, still there or changed, and what is no longer checked.

A verdict is the same in both if pack, rule, key and column are. Only contradictions are compared, and what became unknown; what holds
is not kept in a report. So a contradiction that is not in the new report is resolved only if its rule ran there and its verdict is
neither unknown nor among those that are counted and not kept; then it holds, does not apply, or its row is gone. What a waiver explains
in the new report is waived, whatever it was before; where that waiver ends or lapses later, it is a contradiction as any other.

Of one unit year on year, keys differ in the year: such columns can be passed over. Then the last year of each report is compared, and a
contradiction is still there if its sides and its difference are what they were.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal

from perfrules import wording
from perfrules.findings import Finding
from perfrules.findings.identity import Identity, identity, numbers
from perfrules.locale import Label, Worded, message, word
from perfrules.report import RANK, FailOn, Report, RuleCount, RuleFacts
from perfrules.values import frozen

State = Literal["new", "changed", "unchecked", "waived", "resolved", "still"]
STATES: Mapping[State, Worded] = {
    "new": message("new"),
    "changed": message("changed numbers"),
    "unchecked": message("no longer checked"),
    "waived": message("waived"),
    "resolved": message("resolved"),
    "still": message("still there"),
}
"""What came of a contradiction; what a reader must see first stands first."""


@frozen
class Change:
    """What came of one verdict.

    Attributes:
        state: Which of :data:`STATES` it is.
        old, new: The verdict in each report; None where that report does not keep one, which is so of what holds.
        why: Why it is no longer checked, or is waived; else nothing.
    """

    state: State
    old: Finding | None
    new: Finding | None
    why: Worded

    @property
    def finding(self) -> Finding:
        """The verdict as it is now, or was."""
        found = self.new or self.old
        assert found is not None  # noqa: S101  # there is no change of nothing
        return found


@frozen
class Stopped:
    """A rule that does not run any more, with its counts in the old report, and why."""

    count: RuleCount
    why: Worded


@frozen
class Comparison:
    """What changed from one report to another.

    Attributes:
        old, new: The reports.
        changes: What came of every contradiction of either, and of what became unknown; in the order of the states.
        stopped: Rules that ran for the old report and not for the new one.
        remarks: What must be known to read the rest: other packs, other versions, verdicts that were not kept.
        across: Columns in which the keys of one verdict may differ.
    """

    old: Report
    new: Report
    changes: tuple[Change, ...]
    stopped: tuple[Stopped, ...]
    remarks: tuple[Worded, ...]
    across: tuple[str, ...] = ()

    def of(self, state: State) -> tuple[Change, ...]:
        """The changes of one state."""
        return tuple(change for change in self.changes if change.state == state)

    def exit_code(self, fail_on: FailOn = "error") -> int:
        """1 if a contradiction of this severity or above is new, else 0."""
        return int(any(RANK[c.finding.severity] >= RANK[fail_on] for c in self.of("new")))


def compare(old: Report, new: Report, across: Sequence[str] = ()) -> Comparison:
    """Compare two reports.

    Args:
        old: The report before.
        new: The report now.
        across: Columns in which the keys of one verdict may differ, such as the year; where a report has several, the last of each key
            is compared.
    """
    stopped = tuple(_stopped(old, new))
    found = _changes(_Side(old, across), _Side(new, across), stopped)
    order = list(STATES)
    changes = sorted(found, key=lambda change: order.index(change.state))
    remarks = (*_remarks(old, new), *_across(old, new, across))
    return Comparison(old, new, tuple(changes), stopped, remarks, tuple(across))


class _Side:
    """One of two reports, with its verdicts by what makes them the same in both.

    Attributes:
        report: The report.
        across: Columns in which keys may differ.
        found: Its verdicts, the last of each key.
        passed: How many others there are.
    """

    def __init__(self, report: Report, across: Sequence[str]) -> None:
        self.report = report
        self.across = across
        self.found: dict[Identity, Finding] = {}
        for finding in report.details:
            name = self._name(finding)
            other = self.found.get(name)
            if other is None or self._last(other) <= self._last(finding):
                self.found[name] = finding
        self.passed = len(report.details) - len(self.found) if across else 0

    def _name(self, finding: Finding) -> Identity:
        if not self.across:
            return identity(finding)
        pack, rule, key, column = identity(finding)
        return pack, rule, tuple(part for part in key if part[0] not in self.across), column

    def _last(self, finding: Finding) -> list[str]:
        return [finding.key.get(name, "") for name in self.across]


def _facts(report: Report) -> Mapping[str, RuleFacts]:
    return {facts.rule: facts for facts in report.rules}


def _stopped(old: Report, new: Report) -> Iterator[Stopped]:
    """The rules that do not run any more."""
    same = new.run.pack == old.run.pack
    ran, idle = {count.rule for count in new.counts}, new.idle
    for count in old.counts:
        if same and count.rule in idle:
            yield Stopped(count, wording.why_idle(idle[count.rule]))
        elif not same or count.rule not in ran:
            yield Stopped(count, message("the pack of the new report has no such rule"))


def _changes(old: _Side, new: _Side, stopped: tuple[Stopped, ...]) -> Iterator[Change]:
    gone = {one.count.rule: one.why for one in stopped}
    before, after = old.found, new.found
    same = _same_sides if new.across else _same_numbers
    cut = {(count.rule, outcome) for count, outcome, _ in wording.unlisted(new.report)}
    for name, finding in after.items():
        state = _state(before.get(name), finding, same)
        if state is not None:
            why = wording.explained(finding.waiver) if finding.waiver else _why(state, finding)
            yield Change(state, before.get(name), finding, why)
    for name, finding in before.items():
        if finding.outcome != "fail" or name in after:
            continue
        if finding.rule in gone:
            yield Change("unchecked", finding, None, gone[finding.rule])
        elif {(finding.rule, "fail"), (finding.rule, "unknown")} & cut:
            why = message("the new report does not keep every verdict of this rule")
            yield Change("unchecked", finding, None, why)
        else:
            yield Change("resolved", finding, None, Label())


def _why(state: State, finding: Finding) -> Worded:
    return finding.why if state == "unchecked" else Label()


def _same_numbers(old: Finding, new: Finding) -> bool:
    return numbers(old) == numbers(new)


def _same_sides(old: Finding, new: Finding) -> bool:
    """Whether two verdicts on rows with other keys have the same numbers as a reader sees them."""
    sides = ("left", "right", "difference", "unit")
    return all(getattr(old, name) == getattr(new, name) for name in sides)


def _state(
    old: Finding | None, new: Finding, same: Callable[[Finding, Finding], bool]
) -> State | None:
    """What came of a verdict that the new report keeps; None of what was and is no contradiction."""
    failed = old is not None and old.outcome == "fail"
    if new.waiver is not None:
        return "waived"
    if new.outcome == "unknown":
        return "unchecked" if old is None or old.outcome != "unknown" else None
    if new.outcome == "rounding":
        return "resolved" if failed else None
    if old is None or not failed:
        return "new"
    return "still" if same(old, new) else "changed"


def _remarks(old: Report, new: Report) -> Iterator[Worded]:
    """What must be known to read the rest."""
    for name, what in _RUN.items():
        before, after = (word(getattr(r.run, name), "en") for r in (old, new))
        if before != after:
            yield message("{what}: {old} before, {new} now", what=what, old=before, new=after)
    facts = _facts(new)
    said = ((a.formula, a.guard, a.tables) != (b.formula, b.guard, b.tables)
            for a in old.rules if (b := facts.get(a.rule)))  # fmt: skip
    if other := sum(said):
        yield message("{count} rules say something else now", count=other)
    for report, where in ((old, message("the old report")), (new, message("the new report"))):
        if rest := wording.unlisted(report):
            rules = tuple(dict.fromkeys(count.rule for count, _, _ in rest))
            yield message(
                "{where} does not keep every verdict of {rules}; what is new or resolved there is not certain",
                where=where, rules=rules,
            )  # fmt: skip


def _across(old: Report, new: Report, across: Sequence[str]) -> Iterator[Worded]:
    """How the keys of the two were brought together, or could be."""
    keys = wording.keys_of(old, new)
    years = [{keys.year_of(finding.key) for finding in r.details} - {""} for r in (old, new)]
    if not across and all(years) and not years[0] & years[1]:
        before, after = (tuple(sorted(found)) for found in years)
        yield message("the reports are of other years: {old} before, {new} now; --across year compares year on year", old=before, new=after)  # fmt: skip
    for name in across:
        if not any(name in finding.key for r in (old, new) for finding in r.details):
            yield message("no finding has {name} in its key", name=name)
    for report, where in ((old, message("the old report")), (new, message("the new report"))):
        if passed := _Side(report, across).passed:
            yield message("{where} has several of {names}: the last of each key is compared, and {count} other findings are passed over",
                          where=where, names=tuple(across), count=passed)  # fmt: skip


_RUN: Mapping[str, Worded] = {
    "pack": message("another pack"),
    "pack_version": message("another version of the pack"),
    "dataset": message("other data"),
    "perfrules": message("another version of perfrules"),
}
