"""Mutants of rules: each with one mistake that an author might have made, and no case may let pass."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Literal

from perfrules.expr import rewrite
from perfrules.expr.format import format as written
from perfrules.expr.functions import BY_NAME
from perfrules.expr.infer import judged, kind_of
from perfrules.expr.infer.kinds import ARITHMETICAL, Typed, combined, comparable
from perfrules.expr.nodes import (
    Arithmetic,
    Call,
    Compare,
    Field,
    If,
    In,
    Logic,
    Node,
    Number,
    Rows,
    Span,
)
from perfrules.findings import figure
from perfrules.locale import Message, message
from perfrules.model import Pack, Rule, Tolerance
from perfrules.quantities import MEASURES, LogicalType
from perfrules.tables import literal
from perfrules.testing.changes import Around, Change, Kind, changes, negated
from perfrules.testing.levels import relevelled
from perfrules.testing.stands import conditions
from perfrules.values import frozen

Part = Literal["assert", "when", "rollup", "tolerance", "max_slack"]
"""The key of the rule that is changed."""
Path = tuple[int, ...]
"""Which node of a condition it is: from the top, the number of each child."""


@frozen
class Mutant:
    """A rule with one mistake.

    Attributes:
        rule: The changed rule.
        kind: What kind of mistake it is.
        part: Where it is: the key of the rule.
        path, number: Which node of the condition, and which of the changes of this kind there; the same in every entry of ``for``.
        at: Where in the text of the condition, with ``for`` put in.
        change: What is changed, in words.
    """

    rule: Rule
    kind: Kind
    part: Part
    path: Path
    number: int
    at: Span
    change: Message

    @property
    def key(self) -> tuple[Part, Path, Kind, int]:
        """What it has in common with the mutants of the other entries of ``for``."""
        return self.part, self.path, self.kind, self.number


def mutants(rule: Rule, pack: Pack) -> tuple[Mutant, ...]:
    """Every mutant of a rule that is sound and not the rule itself, in the order of its text; none twice."""
    seen = {_meaning(rule)}
    found = []
    for mutant in _all(rule, pack):
        meaning = _meaning(mutant.rule)
        if meaning not in seen:
            seen.add(meaning)
            found.append(mutant)
    return tuple(found)


def _meaning(rule: Rule) -> tuple[object, ...]:
    tolerance = rule.block.tolerance
    slack = tolerance if isinstance(tolerance, str) else tuple(text for _, text in tolerance)
    return rule.assertion, rule.guard, slack, rule.block.max_slack


def _all(rule: Rule, pack: Pack) -> Iterator[Mutant]:
    around = _around(rule, pack)
    for path, number, change, tree in _numbered(rule.assertion, around):
        if _is_sound(tree):
            yield _mutant(replace(rule, assertion=tree), "assert", path, number, change)
    made, guard = _guards(rule)
    if guard is not None:
        trees = [each for each in _numbered(guard, around) if _is_sound(each[3])]
        others = [(path, 0, change, rest) for path, change, rest in _without(guard)]
        for path, number, change, rest in (*trees, *others):
            if rest is None or not rewrite.contradictory(rest):
                whole = (
                    rest if made is None else made if rest is None else Logic("and", (made, rest))
                )
                yield _mutant(replace(rule, guard=whole), "when", path, number, change)
    for number, (changed, left_out) in enumerate(relevelled(rule)):
        yield Mutant(changed, "level", "rollup", (), number, NOWHERE, left_out)
    yield from _retuned_rules(rule, pack)


def _guards(rule: Rule) -> tuple[Node | None, Node | None]:
    """The guard that a roll-up makes, in which its author can make no mistake, and the guard that is written."""
    if rule.ladder is None or rule.guard is None:
        return None, rule.guard
    if rule.block.when is None or not isinstance(rule.guard, Logic):
        return rule.guard, None
    *made, written = rule.guard.items
    return Logic("and", tuple(made)), written


def _mutant(rule: Rule, part: Part, path: Path, number: int, change: Change) -> Mutant:
    return Mutant(rule, change.kind, part, path, number, change.before.at, _said(change))


def _said(change: Change) -> Message:
    """A change in words; of long conditions only what differs."""
    before, after = change.before, change.after
    if after is None:
        return message("{before} is left out", before=written(before))
    if isinstance(before, Logic) and isinstance(after, Logic) and before.op != after.op:
        return message("{before} becomes {after}", before=before.op, after=after.op)
    if isinstance(before, If) and isinstance(after, If):
        return message("the branches change places")
    return message("{before} becomes {after}", before=written(before), after=written(after))


def _around(rule: Rule, pack: Pack) -> Around:
    parts = [part for node in conditions(rule) for part in node.walk()]
    used = {(part.table, part.column) for part in parts if isinstance(part, Field)}
    values: dict[tuple[str, str], dict[str, None]] = {}
    for case in rule.cases:
        for table, rows in case.rows.items():
            for row in rows:
                for column, text in row.items():
                    if text is not None and column in pack.tables[table].key:
                        values.setdefault((table, column), {})[text] = None
    return Around(pack, frozenset(used), {at: tuple(texts) for at, texts in values.items()})


NOWHERE: Span = (0, 0)
"""Where a node is that nobody wrote."""
Changed = tuple[Path, int, Change, Node]


def _numbered(tree: Node, around: Around) -> Iterator[Changed]:
    numbers: dict[tuple[Path, Kind], int] = {}
    for path, change, new in _walk(tree, around, ()):
        number = numbers[path, change.kind] = numbers.get((path, change.kind), -1) + 1
        yield path, number, change, rewrite.simplify(new)


def _walk(node: Node, around: Around, path: Path) -> Iterator[tuple[Path, Change, Node]]:
    for change in changes(node, around):
        yield path, _placed(change, node), change.new
    children = node.children()
    for place, child in enumerate(children):
        below = replace(around, above=node)
        for where, change, new in _walk(child, below, (*path, place)):
            others = (*children[:place], new, *children[place + 1 :])
            yield where, change, node.rebuilt(others)


def _placed(change: Change, node: Node) -> Change:
    """A change of what inference has put in is at its node, which is written."""
    if change.before.at != NOWHERE:
        return change
    return replace(change, before=replace(change.before, at=node.at))


def _without(guard: Node) -> Iterator[tuple[Path, Change, Node | None]]:
    """The guard left out, and each of its conjuncts turned round."""
    yield (), Change("guard", guard, guard, None), None
    items = guard.items if isinstance(guard, Logic) and guard.op == "and" else (guard,)
    for place, item in enumerate(items):
        new = negated(item)
        others = (*items[:place], new, *items[place + 1 :])
        tree = Logic("and", others, at=guard.at) if len(others) > 1 else new
        yield (place,), Change("guard", new, item, new), tree


# ---- what makes sense -------------------------------------------------------------------------------------------


def _is_sound(tree: Node) -> bool:
    """Whether inference would let a changed condition pass."""
    return all(_fits(part) for part in tree.walk())


def _fits(node: Node) -> bool:
    if isinstance(node, Arithmetic):
        return combined(node.op, _typed(node.left), _typed(node.right)) is not None
    if isinstance(node, Compare):
        left, right = _typed(node.left), _typed(node.right)
        ordered = node.op in ("=", "≠") or left[1] in ARITHMETICAL | {"date"}
        speaks = any(isinstance(part, Field | Rows) for part in node.walk())
        return (
            ordered
            and speaks
            and node.left != node.right
            and comparable(left, right)
            and rewrite.provable(node.left, node.right)
        )
    if isinstance(node, In):
        return all(comparable(_typed(node.item), _typed(option)) for option in node.options)
    if isinstance(node, Call) and BY_NAME[node.name].args == ("same",):
        return all(comparable(_typed(node.args[0]), _typed(arg)) for arg in node.args[1:])
    return True


def _typed(node: Node) -> Typed:
    return node, kind_of(node)


# ---- tolerance --------------------------------------------------------------------------------------------------


def _retuned_rules(rule: Rule, pack: Pack) -> Iterator[Mutant]:
    """The rule under other tolerances."""
    block = rule.block
    for number, tolerance in enumerate(_tolerances(rule, pack)):
        before, after = _told(block.tolerance), _told(tolerance)
        change = message("tolerance {before} becomes {after}", before=before, after=after)
        yield _retuned(rule, {"tolerance": tolerance}, "tolerance", number, change)
    if block.max_slack is not None:
        change = message("{before} is left out", before=f"max_slack {block.max_slack}")
        yield _retuned(rule, {"max_slack": None}, "max_slack", 0, change)


def _retuned(
    rule: Rule, update: dict[str, object], part: Part, number: int, change: Message
) -> Mutant:
    changed = replace(rule, block=rule.block.model_copy(update=update))
    return Mutant(changed, "tolerance", part, (), number, NOWHERE, change)


def _tolerances(rule: Rule, pack: Pack) -> Iterator[Tolerance | str]:
    tolerance = rule.block.tolerance
    if isinstance(tolerance, str):
        if any(map(_is_measured, judged(rule.assertion))):
            yield "exact" if tolerance == "rounding" else "rounding"
        return
    yield "exact"
    text = tolerance.absolute or tolerance.relative or tolerance.step or "0"
    if text.startswith("param."):
        text = pack.params[text.removeprefix("param.")].value or "0"
    value, kind = literal(text)
    unit, power = _UNITS.get(kind, ("", 0))
    wider = f"{figure(value * 10 / Fraction(10) ** power)}{unit}"
    yield Tolerance(relative=wider) if tolerance.relative else Tolerance(absolute=wider)


_UNITS: Mapping[LogicalType, tuple[str, int]] = {
    "money": ("元", 0), "ratio": ("%", -2), "points": ("pp", -2),
}  # fmt: skip


def _told(tolerance: Tolerance | str) -> str:
    if isinstance(tolerance, str):
        return tolerance
    return next(f"{key} {text}" for key, text in tolerance if text is not None)


def _is_measured(node: Compare) -> bool:
    """Whether a tolerance can matter: some figure stands for an interval, and it is not one figure against zero."""
    if node.op == "≠" or not any(_is_rounded(side) for side in (node.left, node.right)):
        return False
    zero = any(isinstance(s, Number) and rewrite.number(s) == 0 for s in (node.left, node.right))
    return not (zero and any(isinstance(side, Field) for side in (node.left, node.right)))


def _is_rounded(node: Node) -> bool:
    if isinstance(node, Field):
        return not node.exact and node.type in MEASURES
    if isinstance(node, Call):
        exact = node.name.startswith("count") or node.name == "decimals"
        return not exact and any(map(_is_rounded, node.args))
    return any(map(_is_rounded, node.children()))
