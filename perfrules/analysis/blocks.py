"""What a rule's block leaves out: cases, a title, a name that says something, figures that its cases give: PR601, PR602, PR614, PR615, PR621."""

import re
from collections.abc import Iterable, Iterator, Mapping

from perfrules.analysis.study import Studied, Study
from perfrules.errors import Diagnostic
from perfrules.expr.nodes import Field, Rows, source_of
from perfrules.locale import Label, message
from perfrules.locale.words import OUTCOMES
from perfrules.model import Case, Pack

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


def unread(study: Study) -> Iterator[Diagnostic]:
    """PR621: cases that give figures which the rule does not read."""
    read: dict[str, dict[str, set[str]]] = {}
    for one in study.rules:
        for table, columns in _read(one):
            read.setdefault(one.rule.id, {}).setdefault(table, set()).update(columns)
    for one in _blocks(study):
        for case in one.rule.cases:
            extra = tuple(dict.fromkeys(_extra(case, read[one.rule.id], study.pack)))
            if extra:
                yield one.remark(
                    "PR621",
                    message(
                        "the rule does not read {columns}, which its cases give", columns=extra
                    ),
                    case.place,
                    message(
                        "see whether the rule leaves it out; if not, leave it out of the cases"
                    ),
                )
                break


def _read(one: Studied) -> Iterator[tuple[str, Iterable[str]]]:
    """The tables that a rule reads, each with some of the columns."""
    yield from ((table, one.rule.grain) for table in one.rule.tables)
    for node in (part.node for part in one.nodes):
        if isinstance(node, Field | Rows):
            yield node.table, (source_of(column) for column, _ in (*node.on, *node.pins))
            if isinstance(node, Field):
                yield node.table, (node.column,)


def _extra(case: Case, read: Mapping[str, set[str]], pack: Pack) -> Iterator[str]:
    """What a case gives besides; where only the keys of a table are read, its rows may hold anything."""
    for table, rows in case.rows.items():
        key = {*pack.tables[table].key}
        columns = read.get(table)
        if columns is None or not columns <= key:
            known = key | (columns or set())
            yield from (f"{table}.{name}" for row in rows for name in row if name not in known)


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
