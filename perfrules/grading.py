"""Which rules a check asks, by how strict it is, and how grave what they find is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Literal

from perfrules.errors import Diagnostic, UsageError
from perfrules.findings import Finding
from perfrules.locale import Label, message
from perfrules.model import Pack, Rule, Severity
from perfrules.notices import Notice
from perfrules.report import Report
from perfrules.values import frozen

Strictness = Literal["first", "review", "full"]


@frozen
class Level:
    """A strictness: the severities that it asks for, and whether rules of doubtful basis are asked."""

    title: Label
    meaning: Label
    severities: tuple[Severity, ...]
    doubtful: bool


LEVELS: Mapping[Strictness, Level] = {
    "first": Level(
        Label("初审", "First look"),
        Label(
            "只核错误，且依据没有存疑的规则",
            "errors only, of rules whose basis is in no doubt",
        ),
        ("error",),
        doubtful=False,
    ),
    "review": Level(
        Label("复核", "Review"),
        Label("错误和警告", "errors and warnings"),
        ("error", "warning"),
        doubtful=True,
    ),
    "full": Level(
        Label("全面", "Everything"),
        Label("全部规则", "every rule"),
        ("error", "warning", "info"),
        doubtful=True,
    ),
}
"""The strictnesses, from the mildest."""


@frozen
class Grading:
    """Another severity for a rule, in some fiscal years or in all.

    Attributes:
        rule: Id of the rule.
        severity: How grave it is.
        since, until: The first and the last fiscal year; None for no end. Only rules whose key has a year can be told apart by it.
    """

    rule: str
    severity: Severity
    since: int | None = None
    until: int | None = None

    @property
    def always(self) -> bool:
        """Whether it is for all years."""
        return self.since is None and self.until is None

    def counts_in(self, year: str) -> bool:
        """Whether it is for a fiscal year."""
        number = int(year) if year.isdecimal() else None
        if number is None:
            return self.always
        return (self.since or number) <= number <= (self.until or number)


def asked(
    pack: Pack, strictness: Strictness, gradings: Sequence[Grading]
) -> tuple[Pack, tuple[Notice, ...]]:
    """The pack with the rules that a strictness asks, and what is to be told: rules left out, and gradings of no rule.

    Raises:
        UsageError: No rule is left, so nothing would be checked.
    """
    level = LEVELS[strictness]
    kept = tuple(rule for rule in pack.rules if _is_asked(rule, level, gradings))
    names = {rule.id: None for rule in kept}
    out = tuple(dict.fromkeys(rule.id for rule in pack.rules if rule.id not in names))
    if pack.rules and not kept:
        what = message("no rule of the pack {pack} is asked at the strictness {level}", pack=pack.id, level=level.title)  # fmt: skip
        hint = message("strictnesses: {names}", names=tuple(LEVELS))
        raise UsageError([Diagnostic("PR526", what, hint=hint)])
    told = [*_unknown(gradings, pack)]
    if out:
        what = message("the strictness {level} leaves {count} rules out: it asks {what}", level=level.title, count=len(out), what=level.meaning)  # fmt: skip
        told.append(Notice("PR466", what, "advice", out))
    return (replace(pack, rules=kept) if out else pack), tuple(told)


def _is_asked(rule: Rule, level: Level, gradings: Sequence[Grading]) -> bool:
    own = [grading for grading in gradings if grading.rule == rule.id]
    fixed = next((g.severity for g in own if g.always), rule.block.severity)
    possible = {fixed, *(grading.severity for grading in own)}
    doubtful = any(basis.certainty == "unverified" for basis in rule.block.basis)
    return bool(possible & set(level.severities)) and (level.doubtful or not doubtful)


def _unknown(gradings: Iterable[Grading], pack: Pack) -> Iterator[Notice]:
    known = list(dict.fromkeys(rule.id for rule in pack.rules))
    for name in dict.fromkeys(grading.rule for grading in gradings):
        if name not in known and name not in pack.faulty:
            what = message("a severity is given to {rule}, and the pack has no such rule", rule=name)  # fmt: skip
            near = get_close_matches(name, known, 1)
            if near:
                what = message("{what}; did you mean {name}?", what=what, name=near[0])
            yield Notice("PR467", what, "advice")


def graded(report: Report, gradings: Sequence[Grading], pack: Pack) -> Report:
    """The report with other severities.

    The severity of a rule, in counts and facts, is that of the grading for all years, else its own; a finding has that of its year.
    """
    if not gradings:
        return report
    fixed = {grading.rule: grading.severity for grading in reversed(gradings) if grading.always}
    by_rule: dict[str, list[Grading]] = {}
    for grading in gradings:
        by_rule.setdefault(grading.rule, []).append(grading)
    years = _years(pack)

    def severity(finding: Finding) -> Severity:
        year = finding.key.get(years.get(finding.rule, ""), "")
        own = (g.severity for g in by_rule.get(finding.rule, ()) if g.counts_in(year))
        return next(own, finding.severity)

    return replace(
        report,
        counts=tuple(replace(c, severity=fixed.get(c.rule, c.severity)) for c in report.counts),
        details=tuple(replace(d, severity=severity(d)) for d in report.details),
        rules=tuple(replace(r, severity=fixed.get(r.rule, r.severity)) for r in report.rules),
    )


def _years(pack: Pack) -> Mapping[str, str]:
    """The column of the key that holds the fiscal year, of each rule that has one."""
    found: dict[str, str] = {}
    for rule in pack.rules:
        columns = pack.tables[rule.tables[0]].columns
        year = next((name for name in rule.grain if columns[name].type == "year"), None)
        if year is not None:
            found[rule.id] = year
    return found
