"""A pack as it is studied: each rule with the parts of its guard, and what these leave possible."""

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property

from perfrules.analysis.spaces import Space
from perfrules.analysis.statements import Relation, parts_of, relation_of, statement
from perfrules.errors import Diagnostic
from perfrules.expr import format as formatting
from perfrules.expr.nodes import Compare, CompareOp, Field, Node, Number, Span
from perfrules.locale import Message
from perfrules.locations import Place
from perfrules.model import Pack, Rule, Slack, slack_of
from perfrules.values import frozen


@frozen
class Part:
    """A part of a rule: of its assertion or its guard, or one of its years.

    Attributes:
        key: The key of the rule that says it.
        node: The condition.
    """

    key: str
    node: Node


@dataclass(frozen=True)
class Studied:
    """A rule, and what is worked out about it once for all remarks."""

    rule: Rule
    pack: Pack

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Where it applies: its years, and the parts of its guard that ``and`` joins."""
        guard = self.rule.guard
        written = () if guard is None else tuple(Part("when", node) for node in parts_of(guard))
        return (*self._years(), *written)

    def _years(self) -> tuple[Part, ...]:
        rule, table = self.rule, self.rule.tables[0]
        columns = self.pack.tables[table].columns
        year = next((name for name in rule.grain if columns[name].type == "year"), None)
        if year is None:
            return ()
        on = tuple((name, name) for name in rule.grain)
        field = Field(table, year, "year", on, exact=columns[year].is_exact, own=True)
        limits: tuple[tuple[str, CompareOp, int | None], ...] = (
            ("since", "≥", rule.block.since),
            ("until", "≤", rule.block.until),
        )
        return tuple(
            Part(key, Compare(op, field, Number(str(limit))))
            for key, op, limit in limits
            if limit is not None
        )

    @cached_property
    def everywhere(self) -> Space:
        """What is possible before anything is asked."""
        tables = self.pack.tables
        return Space(lambda cell: tables[cell.table].columns[cell.column].blank == "unknown")

    @cached_property
    def applies(self) -> Space:
        """What is possible where it applies."""
        space = self.everywhere
        for part in self.parts:
            space = space.met(part.node)
        return space

    @cached_property
    def nodes(self) -> tuple[Part, ...]:
        """Every node of guard and assertion."""
        guard = () if self.rule.guard is None else self.rule.guard.walk()
        return (
            *(Part("when", node) for node in guard),
            *(Part("assert", node) for node in self.rule.assertion.walk()),
        )

    @cached_property
    def slack(self) -> Slack:
        """Its tolerance in numbers."""
        return slack_of(self.rule.block, self.pack.params)

    @cached_property
    def frame(self) -> Hashable:
        """Where it applies and how strictly it is judged; rules with the same frame speak of the same rows."""
        guard = frozenset(statement(part.node) for part in self.parts)
        slack = self.slack
        return (
            frozenset(self.rule.tables),
            frozenset(self.rule.grain),
            guard,
            (slack.kind, slack.amount, slack.limit),
        )

    def words(self, part: Part) -> str:
        """A part as it was written."""
        if part.key in ("since", "until"):
            return f"{part.key}: {getattr(self.rule.block, part.key)}"
        text = self.rule.text if part.key == "assert" else self.rule.block.when or ""
        if part.key == "when" and "{" in text:  # for puts something else in for every column
            return formatting.format(part.node)
        return text[slice(*part.node.at)] or formatting.format(part.node)

    def place(self, part: Part) -> Place | None:
        """Where a part stands."""
        span = None if part.key in ("since", "until") else part.node.at
        return self.place_of(part.key, span=span)

    def place_of(self, *keys: str, span: Span | None = None) -> Place | None:
        """Where a key of the rule stands, or a stretch of its text; the id where the key is not there."""
        block = self.rule.written
        if block is None:
            return self.rule.place
        return block.place(*keys, span=span)

    def remark(
        self, code: str, what: Message, place: Place | None = None, hint: Message | None = None
    ) -> Diagnostic:
        """A remark on the rule; without a place, at its id."""
        return Diagnostic(code, what, place or self.rule.place, hint)


@frozen
class Claim:
    """A rule, or a part of its assertion, that states one relation.

    Attributes:
        one: The rule.
        part: The comparison.
        relation: What it states.
        whole: Whether the assertion states nothing else.
    """

    one: Studied
    part: Part
    relation: Relation
    whole: bool


@dataclass(frozen=True)
class Study:
    """A pack and its rules as they are studied."""

    pack: Pack
    rules: tuple[Studied, ...]

    @cached_property
    def claims(self) -> tuple[tuple[Claim, ...], ...]:
        """Claims of several rules about the same figures, under the same guard and tolerance."""
        groups: dict[Hashable, list[Claim]] = {}
        for one in self.rules:
            parts = tuple(parts_of(one.rule.assertion))
            for node in parts:
                relation = relation_of(node) if isinstance(node, Compare) else None
                if relation is not None:
                    claim = Claim(one, Part("assert", node), relation, len(parts) == 1)
                    groups.setdefault((one.frame, relation.subject), []).append(claim)
        return tuple(
            _apart(claims)
            for claims in groups.values()
            if len({claim.one.rule.id for claim in claims}) > 1
        )


MOST = 20
"""Of claims about the same figures, how many are held against each other."""


def _apart(claims: list[Claim]) -> tuple[Claim, ...]:
    """One claim of each rule and relation: ``for`` may make several."""
    first: dict[Hashable, Claim] = {}
    for claim in claims:
        first.setdefault((claim.one.rule.id, claim.relation), claim)
    return tuple(first.values())[:MOST]


def study_of(pack: Pack) -> Study:
    """Study a pack."""
    return Study(pack, tuple(Studied(rule, pack) for rule in pack.rules))
