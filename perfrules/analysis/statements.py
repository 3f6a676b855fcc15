"""What a condition states, whatever the order of its terms, sides and parts: the form in which two of them are compared."""

import math
from collections.abc import Hashable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache, reduce, singledispatch

from perfrules.expr import rewrite
from perfrules.expr.infer import kind_of
from perfrules.expr.nodes import (
    Arithmetic,
    Call,
    Compare,
    CompareOp,
    Field,
    If,
    In,
    IsBlank,
    Logic,
    Node,
    Not,
    Text,
    Truth,
)
from perfrules.expr.rooms import FLIPPED, OPPOSITE, Constant
from perfrules.values import frozen

Subject = frozenset[tuple[Node, Fraction]]
"""A sum of figures with their coefficients, up to a common factor: what a comparison is about."""
_ONCE, _NOTHING = Fraction(1), Fraction(0)
_COMMUTING = frozenset({"min", "max"})


@frozen
class Relation:
    """A comparison as ``subject op value``: all figures on the left, the rest on the right."""

    subject: Subject
    op: CompareOp
    value: Constant


def parts_of(node: Node, op: str = "and") -> Iterator[Node]:
    """The conditions that ``and`` (or ``or``) joins at the top of ``node``."""
    if isinstance(node, Logic) and node.op == op:
        for item in node.items:
            yield from parts_of(item, op)
    else:
        yield node


@lru_cache(4096)  # the same comparisons are looked at for every remark
def relation_of(node: Compare) -> Relation | None:
    """The relation that a comparison states; None of written days, of texts in order, and where no figure is left."""
    kinds = {kind_of(node.left), kind_of(node.right)}
    for side, other, op in (
        (node.right, node.left, node.op),
        (node.left, node.right, FLIPPED[node.op]),
    ):
        if isinstance(side, Text | Truth):
            if "date" in kinds:  # one day may be written in several ways
                return None
            told = side.value if isinstance(side, Text) else _told(side.value)
            return Relation(frozenset({(ordered(other), _ONCE)}), op, told) if op in "=≠" else None
    if kinds & {"text", "code", "flag", "truth"} and node.op not in "=≠":
        return None
    return _numeric(node)


def truth_of(node: Field, *, holds: bool) -> Relation:
    """The relation that a column of yes and no states when it stands as a condition."""
    return Relation(frozenset({(node, _ONCE)}), "=", _told(holds))


def opposite(relation: Relation) -> Relation:
    """The relation that holds where ``relation`` does not, and nothing is missing."""
    return _whole(replace(relation, op=OPPOSITE[relation.op]))


def _told(value: bool) -> str:  # noqa: FBT001  # the value of a literal, not an option
    return "true" if value else "false"


def _numeric(node: Compare) -> Relation | None:
    left, right = _form(node.left), _form(node.right)
    terms = {ordered(leaf): factor for leaf, factor in left.terms.items()}
    constant = left.constant - right.constant
    for leaf, factor in right.terms.items():
        key = ordered(leaf)
        terms[key] = terms[key] - factor if key in terms else -factor
    terms = {leaf: factor for leaf, factor in terms.items() if factor}
    if not terms:
        return None
    unit = terms[min(terms, key=hash)]  # any of them, as long as it is always the same one
    if unit != 1:
        terms = {leaf: factor / unit for leaf, factor in terms.items()}
    op = node.op if unit > 0 else FLIPPED[node.op]
    return _whole(Relation(frozenset(terms.items()), op, -constant / unit))


def _form(side: Node) -> rewrite.Linear:
    return rewrite.linear(side) or rewrite.Linear({side: _ONCE}, _NOTHING)


def _whole(relation: Relation) -> Relation:
    """Years are whole numbers: after 2022 is from 2023 on."""
    ((leaf, _), *more) = relation.subject
    if (
        more
        or not isinstance(leaf, Field)
        or leaf.type != "year"
        or isinstance(relation.value, str)
    ):
        return relation
    if relation.op == ">":
        return replace(relation, op="≥", value=Fraction(math.floor(relation.value) + 1))
    if relation.op == "<":
        return replace(relation, op="≤", value=Fraction(math.ceil(relation.value) - 1))
    return relation


@singledispatch
def statement(node: Node) -> Hashable:
    """A key that two conditions share where they state the same."""
    return ordered(node)


@statement.register
def _(node: Compare) -> Hashable:
    return relation_of(node) or ordered(node)


@statement.register
def _(node: In) -> Hashable:
    return ("in", ordered(node.item), frozenset(map(ordered, node.options)), node.negated)


@statement.register
def _(node: Not) -> Hashable:
    return ("not", statement(node.item))


@statement.register
def _(node: Logic) -> Hashable:
    return (node.op, frozenset(statement(item) for item in parts_of(node, node.op)))


@statement.register
def _(node: If) -> Hashable:
    return ("if", statement(node.test), statement(node.yes), node.no and statement(node.no))


def ordered(node: Node) -> Node:
    """``node`` with the terms of its sums, the factors of its products and the sides of its equations in one order."""
    if isinstance(node, Field | IsBlank) or not (children := node.children()):
        return node
    node = node.rebuilt(tuple(map(ordered, children)))
    if isinstance(node, Arithmetic) and node.op in "+*":
        first, *rest = sorted(_joined(node, node.op), key=hash)
        op = node.op
        return reduce(lambda left, right: Arithmetic(op, left, right), rest, first)
    if isinstance(node, Call) and node.name in _COMMUTING:
        return replace(node, args=tuple(sorted(node.args, key=hash)))
    if isinstance(node, Compare) and node.op in "=≠":
        left, right = sorted((node.left, node.right), key=hash)
        return replace(node, left=left, right=right)
    return node


def _joined(node: Node, op: str) -> Iterator[Node]:
    if isinstance(node, Arithmetic) and node.op == op:
        yield from _joined(node.left, op)
        yield from _joined(node.right, op)
    else:
        yield node
