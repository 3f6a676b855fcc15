"""Roll-ups over other codes than their authors wrote: a level or the total left out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from perfrules.expr.nodes import Field, Node, Rows
from perfrules.locale import Message, message
from perfrules.model import Pack, Rule
from perfrules.tables import Ladder


def relevelled(rule: Rule) -> Iterator[tuple[Rule, Message]]:
    """The roll-up with each level left out, and with the total left out, and what is changed in words."""
    ladder = rule.ladder
    if ladder is None:
        return
    others = [
        (
            replace(ladder, levels=tuple(other for other in ladder.levels if other != level)),
            message("the level {level} is left out", level=level),
        )
        for level in ladder.levels
    ]
    if ladder.total is not None:
        others.append(
            (
                replace(ladder, total=None),
                message("the total {total} is left out", total=ladder.total),
            )
        )
    for other, change in others:
        if other.levels and len(other.levels) + (other.total is not None) > 1:
            yield _over(rule, ladder, other), change


def _over(rule: Rule, old: Ladder, new: Ladder) -> Rule:
    names = {old.children: new.children, old.orphans: new.orphans}
    guard = None if rule.guard is None else _joined(rule.guard, names)
    return replace(rule, assertion=_joined(rule.assertion, names), guard=guard, ladder=new)


def _joined(node: Node, names: Mapping[str, str]) -> Node:
    if isinstance(node, Field | Rows):
        return replace(node, on=tuple((names.get(own, own), grain) for own, grain in node.on))
    return node.rebuilt(tuple(_joined(child, names) for child in node.children()))


def with_ladders(pack: Pack, rules: Iterable[Rule]) -> Pack:
    """The pack with tables that know the codes of ``rules`` too, which need not be its own."""
    tables = dict(pack.tables)
    for rule in rules:
        table = tables[rule.tables[0]]
        if rule.ladder is not None and rule.ladder not in table.ladders:
            tables[rule.tables[0]] = table.with_ladders((*table.ladders, rule.ladder))
    if all(tables[name] is table for name, table in pack.tables.items()):
        return pack
    return replace(pack, file=pack.file.model_copy(update={"tables": tables}))
