"""What conditions leave possible: the worlds in which they hold, and whether there is any.

Only what is proved is left out of a space: it holds every row in which the conditions hold on printed values, and may hold more.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace
from fractions import Fraction
from functools import singledispatch

from perfrules.analysis.statements import (
    Relation,
    Subject,
    opposite,
    ordered,
    relation_of,
    truth_of,
)
from perfrules.expr import rewrite
from perfrules.expr.nodes import (
    Arithmetic,
    Compare,
    Field,
    If,
    In,
    IsBlank,
    Logic,
    Negate,
    Node,
    Not,
    Number,
    Text,
    Truth,
)
from perfrules.expr.rooms import Constant, Room
from perfrules.values import frozen

MAX_WORLDS = 64
"""How many worlds a space may fall into; a condition that would make more is left out, which leaves the space too wide."""


@frozen
class World:
    """One way in which conditions can hold.

    Attributes:
        rooms: What is left to each subject.
        blank: Cells that are blank, or are not.
        needed: Cells that hold a value.
        facts: Conditions that nothing is known about but whether they hold.
    """

    rooms: Mapping[Subject, Room] = field(default_factory=dict)
    blank: Mapping[Field, bool] = field(default_factory=dict)
    needed: frozenset[Field] = frozenset()
    facts: Mapping[Node, bool] = field(default_factory=dict)

    def narrowed(self, subject: Subject, narrow: Callable[[Room], Room]) -> "World | None":
        """The world where what is left to ``subject`` is narrowed; None if nothing is left."""
        room = narrow(self.rooms.get(subject, Room()))
        if room.is_empty():
            return None
        return World({**self.rooms, subject: room}, self.blank, self.needed, self.facts)

    def stating(self, fact: Node, *, holds: bool) -> "World | None":
        """The world where a condition holds or does not; None if the opposite is known."""
        if self.facts.get(fact, holds) is not holds:
            return None
        return World(self.rooms, self.blank, self.needed, {**self.facts, fact: holds})

    def needing(self, cells: frozenset[Field]) -> "World | None":
        """The world where these cells hold a value; None if one is blank."""
        if any(self.blank.get(cell) for cell in cells):
            return None
        return World(self.rooms, self.blank, self.needed | cells, self.facts)

    def with_blank(self, cell: Field, *, blank: bool) -> "World | None":
        """The world where a cell is blank or is not; None if the opposite is known."""
        if self.blank.get(cell, blank) is not blank or (blank and cell in self.needed):
            return None
        return World(self.rooms, {**self.blank, cell: blank}, self.needed, self.facts)


@frozen
class Space:
    """The worlds that are left.

    Attributes:
        is_strict: Whether a blank of a cell is no value; where blanks may stand for zero, a blank cell contradicts no comparison.
        worlds: The worlds; without any, the conditions never hold together.
    """

    is_strict: Callable[[Field], bool]
    worlds: tuple[World, ...] = (World(),)

    @property
    def is_empty(self) -> bool:
        """Whether the conditions never hold together."""
        return not self.worlds

    def met(self, node: Node, *, holds: bool = True) -> "Space":
        """What is left where ``node`` holds too, or does not."""
        return _met(node, self, holds)

    def each(self, step: Callable[[World], World | None]) -> "Space":
        """What ``step`` makes of each world; None is none."""
        found = (step(world) for world in self.worlds)
        return Space(self.is_strict, tuple(world for world in found if world is not None))

    def needing(self, *values: Node) -> "Space":
        """What is left where ``values`` can be worked out."""
        cells = frozenset(c for value in values for c in operands(value) if self.is_strict(c))
        return self.each(lambda world: world.needing(cells))

    def related(self, relation: Relation) -> "Space":
        """What is left where ``relation`` holds too."""
        return self.each(
            lambda world: world.narrowed(
                relation.subject, lambda room: room.narrowed(relation.op, relation.value)
            )
        )


def operands(node: Node) -> Iterator[Field]:
    """The cells without which a value is missing; of aggregates and other functions none is told."""
    if isinstance(node, Field) and not node.many:
        yield node
    elif isinstance(node, Negate | Arithmetic):
        for child in node.children():
            yield from operands(child)


# ---- one handler per node ---------------------------------------------------------------------------------------------------


@singledispatch
def _met(node: Node, space: Space, holds: bool) -> Space:  # noqa: FBT001  # the signature of every handler
    """A condition that is not looked into: all that is known is that it holds, or does not."""
    fact = ordered(node)
    return space.each(lambda world: world.stating(fact, holds=holds))


@_met.register
def _(node: Truth, space: Space, holds: bool) -> Space:  # noqa: FBT001  # as the handler that it is registered with
    return space if node.value is holds else replace(space, worlds=())


@_met.register
def _(node: Field, space: Space, holds: bool) -> Space:  # noqa: FBT001  # as the handler that it is registered with
    return space.related(truth_of(node, holds=holds)).needing(node)


@_met.register
def _(node: Compare, space: Space, holds: bool) -> Space:  # noqa: FBT001  # as the handler that it is registered with
    relation = relation_of(node)
    found = space.needing(node.left, node.right)
    if relation is not None:
        return found.related(relation if holds else opposite(relation))
    fact = ordered(node)
    return found.each(lambda world: world.stating(fact, holds=holds))


@_met.register
def _(node: In, space: Space, holds: bool) -> Space:  # noqa: FBT001  # as the handler that it is registered with
    options = _constants(node.options)
    found = space.needing(node.item)
    if options is None:
        fact = ordered(replace(node, negated=False))
        return found.each(lambda world: world.stating(fact, holds=holds is not node.negated))
    subject = frozenset({(ordered(node.item), Fraction(1))})
    among = holds is not node.negated
    return found.each(
        lambda world: world.narrowed(
            subject, lambda room: room.among(options) if among else room.without(options)
        )
    )


def _constants(options: tuple[Node, ...]) -> frozenset[Constant] | None:
    found: set[Constant] = set()
    for option in options:
        form = None if isinstance(option, Text) else rewrite.linear(option)
        if isinstance(option, Text):
            found.add(option.value)
        elif form is not None and not form.terms and isinstance(option, Number | Negate):
            found.add(form.constant)
        else:
            return None
    return frozenset(found)


@_met.register
def _(node: IsBlank, space: Space, holds: bool) -> Space:  # noqa: FBT001  # as the handler that it is registered with
    cell = node.item
    blank = holds is not node.negated
    if not isinstance(cell, Field):
        return space
    return space.each(lambda world: world.with_blank(cell, blank=blank))


@_met.register
def _(node: Not, space: Space, holds: bool) -> Space:  # noqa: FBT001  # as the handler that it is registered with
    return space.met(node.item, holds=not holds)


@_met.register
def _(node: Logic, space: Space, holds: bool) -> Space:  # noqa: FBT001  # as the handler that it is registered with
    if holds is (node.op == "and"):
        for item in node.items:
            space = space.met(item, holds=holds)
        return space
    return _either(space, (space.met(item, holds=holds) for item in node.items))


@_met.register
def _(node: If, space: Space, holds: bool) -> Space:  # noqa: FBT001  # as the handler that it is registered with
    branches = [space.met(node.test).met(node.yes, holds=holds)]
    if node.no is not None:
        branches.append(space.met(node.test, holds=False).met(node.no, holds=holds))
    elif holds:
        branches.append(space.met(node.test, holds=False))
    return _either(space, branches)


def _either(space: Space, branches: "Iterator[Space] | list[Space]") -> Space:
    worlds = tuple(world for branch in branches for world in branch.worlds)
    return space if len(worlds) > MAX_WORLDS else replace(space, worlds=worlds)
