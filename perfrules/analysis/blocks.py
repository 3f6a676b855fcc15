"""What a rule's block leaves out: cases, a title, a name that says something: PR601, PR602, PR614 and PR615."""

import re
from collections.abc import Iterator

from perfrules.analysis.study import Studied, Study
from perfrules.errors import Diagnostic
from perfrules.locale import Label, message
from perfrules.locale.words import OUTCOMES

_EMPTY = frozenset(
    ("a", "an", "assert", "bar", "check", "checks", "copy", "demo", "draft", "example", "foo", "id", "my", "new", "no", "r", "rule",
     "rules", "sample", "t", "temp", "test", "tests", "the", "tmp", "todo", "unnamed", "untitled", "x", "y")
)  # fmt: skip
"""Words of an id that name nothing."""
_NUMBERED = re.compile(r"(?:check|rule|test)-.+-\d{1,2}")
_LETTERED = re.compile(r"[a-z]?\d+")


def no_cases(study: Study) -> Iterator[Diagnostic]:
    """PR601: a rule without cases."""
    for one in _blocks(study):
        if not _outcomes(one):
            yield one.remark(
                "PR601",
                message("rule {rule} has no cases", rule=one.rule.id),
                None,
                message("add one row that must pass and one that must fail"),
            )


def one_sided(study: Study) -> Iterator[Diagnostic]:
    """PR602: a rule whose cases lack one that passes, or one that fails."""
    for one in _blocks(study):
        found = _outcomes(one)
        lacking = tuple(OUTCOMES[name] for name in ("pass", "fail") if name not in found)
        if found and lacking:
            yield one.remark(
                "PR602",
                message(
                    "rule {rule} has no case of these: {outcomes}",
                    rule=one.rule.id,
                    outcomes=lacking,
                ),
                one.place_of("cases"),
                message("add a row that must come out so"),
            )


def no_name(study: Study) -> Iterator[Diagnostic]:
    """PR614: an id that names nothing."""
    for one in _blocks(study):
        words = one.rule.id.split("-")
        if _NUMBERED.fullmatch(one.rule.id) or all(
            word in _EMPTY or _LETTERED.fullmatch(word) for word in words
        ):
            yield one.remark(
                "PR614",
                message("the id {id} does not say what the rule is about", id=one.rule.id),
                None,
                message("name what must hold, for example total-is-basic-plus-project"),
            )


def no_title(study: Study) -> Iterator[Diagnostic]:
    """PR615: a rule without a title."""
    for one in _blocks(study):
        if one.rule.block.title == Label():
            yield one.remark(
                "PR615",
                message("rule {rule} has no title", rule=one.rule.id),
                None,
                message("say in a few words what must hold: reports show it beside every finding"),
            )


def _blocks(study: Study) -> Iterator[Studied]:
    """One rule of each block; ``for`` makes several."""
    seen: set[str] = set()
    for one in study.rules:
        if one.rule.id not in seen:
            seen.add(one.rule.id)
            yield one


def _outcomes(one: Studied) -> frozenset[str]:
    """The outcomes for which the block has cases."""
    cases = one.rule.block.cases
    given = (("pass", cases.pass_), *((name, getattr(cases, name)) for name in _OTHERS))
    return frozenset(name for name, rows in given if rows)


_OTHERS = ("rounding", "fail", "unknown", "not_applicable")
