"""Rules grounded on a skeleton: one instance for each rule and row."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from perfrules.evaluate import reference
from perfrules.expr import rewrite
from perfrules.expr.nodes import Field
from perfrules.model import Rule, Slack
from perfrules.plan import bound_rule
from perfrules.testing.generate.forms import Both, Cond, slots_of
from perfrules.testing.generate.ground import Grounder, UnsupportedError
from perfrules.testing.generate.skeleton import Key, Skeleton, Slot


@dataclass(frozen=True, eq=False)
class Instance:
    """A rule on one row.

    Attributes:
        rule: The rule.
        slack: Its tolerance in numbers.
        key: The row, by the columns of the grain.
        guard: Where it applies, tests of ``if`` at the top of the assertion included.
        assertion: What must hold there.
        operands: The slots that the assertion compares; empty where it asks for blanks, which are then answers, and where it
            compares something that is never blank.
        summed: It compares an aggregate, which is blank only if all that it takes is.
    """

    rule: Rule
    slack: Slack
    key: Mapping[str, Key]
    guard: Cond
    assertion: Cond
    operands: tuple[Slot, ...]
    summed: bool

    @cached_property
    def slots(self) -> frozenset[Slot]:
        """Every slot that it reads."""
        return slots_of(self.guard) | slots_of(self.assertion)


def instances(rule: Rule, skeleton: Skeleton) -> tuple[Instance, ...]:
    """The rule on every row of the skeleton.

    Raises:
        UnsupportedError: It uses something that cannot be grounded.
    """
    pack = skeleton.pack
    bound = bound_rule(rule, pack)
    guards, (assertion,) = reference.split(bound.rule)
    asks = any(reference.asks_blanks(part) for part in assertion.walk())
    summed = any(rewrite.is_aggregate(part) for part in assertion.walk())
    found = []
    for key, own in grain_rows(rule, skeleton):
        ground = Grounder(skeleton, key, own)
        guard = Both("and", tuple(ground.cond(guard, judged=False) for guard in guards))
        asserted = ground.cond(assertion, judged=True)
        settled = any(
            not isinstance(ground.field(part), Slot)
            for part in assertion.walk()
            if isinstance(part, Field) and not part.many
        )
        operands = () if asks or settled else tuple(sorted(slots_of(asserted, shown=True)))
        found.append(Instance(rule, bound.slack, key, guard, asserted, operands, summed))
    return tuple(found)


def grain_rows(rule: Rule, skeleton: Skeleton) -> list[tuple[Mapping[str, Key], Mapping[str, int]]]:
    """The rows that a rule speaks of: their keys, and the table whose rows they are, one by one, if there is one."""
    pack = skeleton.pack
    base = pack.tables[rule.tables[0]]
    expected = base.expect if len(rule.tables) == 1 else None
    tables = (*rule.tables, *((expected,) if expected in skeleton.tables else ()))
    if len(tables) == 1 and base.key == rule.grain:
        return [
            ({column: row[column] for column in rule.grain}, {tables[0]: position})
            for position, row in enumerate(skeleton.tables.get(tables[0], ()))
        ]
    found: dict[tuple[Key, ...], Mapping[str, Key]] = {}
    for table in tables:
        for row in skeleton.tables.get(table or "", ()):
            if all(row.get(column) is not None for column in rule.grain):
                key = {column: row[column] for column in rule.grain}
                found.setdefault(tuple(key.values()), key)
    return [(key, {}) for key in found.values()]


def grounded(skeleton: Skeleton) -> tuple[tuple[Instance, ...], dict[str, str]]:
    """Every rule of a skeleton on every row, and why those rules are left out that cannot be grounded.

    Returns:
        The instances, and by id of a rule what of it is not supported.
    """
    found: list[Instance] = []
    refused: dict[str, str] = {}
    for rule in skeleton.rules:
        try:
            found += instances(rule, skeleton)
        except UnsupportedError as fault:
            refused[rule.id] = fault.what
    return tuple(found), refused
