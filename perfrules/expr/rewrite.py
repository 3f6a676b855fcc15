"""Trees to simpler trees of the same meaning, and the shapes that exactness is proved on."""

from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cache
from typing import Literal

from perfrules.expr.functions import BY_NAME
from perfrules.expr.nodes import (
    Arithmetic,
    Call,
    Compare,
    Field,
    If,
    Logic,
    Negate,
    Node,
    Number,
    Rows,
    source_of,
)
from perfrules.expr.rooms import FLIPPED, Room
from perfrules.quantities import MEASURES
from perfrules.quantities.units import dimension_of, power_of
from perfrules.values import frozen

MAX_REPEATED = 4
"""Figures that may occur more than once in a comparison that is not linear: their corners are all tried."""

ONE = Number("1")
_ONCE, _NOTHING = Fraction(1), Fraction(0)


def number(node: Number) -> Fraction:
    """The exact value of a literal in the base unit."""
    kind = dimension_of(node.unit) if node.unit else None
    power = power_of(node.unit, kind) if kind else 0
    return _number(node.text, power or 0)


@cache
def _number(text: str, power: int) -> Fraction:
    return Fraction(text) * Fraction(10) ** power


def simplify(node: Node) -> Node:
    """Write ``growth`` and ``share`` as quotients, and ``(x - y) / y`` as ``x / y - 1``, where each figure stands once."""
    node = node.rebuilt(tuple(simplify(child) for child in node.children()))
    if isinstance(node, Call) and node.name in ("growth", "share"):
        top, base = node.args
        quotient = Arithmetic("/", top, base, at=node.at)
        return quotient if node.name == "share" else Arithmetic("-", quotient, ONE, at=node.at)
    if isinstance(node, Arithmetic) and node.op == "/":
        top = node.left
        if isinstance(top, Arithmetic) and top.op == "-" and top.right == node.right:
            return Arithmetic(
                "-", Arithmetic("/", top.left, node.right, at=node.at), ONE, at=node.at
            )
    return node


def is_aggregate(node: Node) -> bool:
    """Whether ``node`` runs over rows of a table."""
    return (
        isinstance(node, Call)
        and BY_NAME[node.name].group == "aggregate"
        and any(
            isinstance(part, Rows) or (isinstance(part, Field) and part.many)
            for part in node.walk()
        )
    )


@frozen
class Linear:
    """``constant + Σ coefficient · leaf``; a leaf is a single field or an aggregate, and no coefficient is zero."""

    terms: dict[Node, Fraction]
    constant: Fraction


def linear(node: Node) -> Linear | None:
    """``node`` as a linear form with exact coefficients; None if it is none."""
    if isinstance(node, Number):
        return Linear({}, number(node))
    if isinstance(node, Field) or is_aggregate(node):
        return Linear({node: _ONCE}, _NOTHING)
    if isinstance(node, Negate):
        item = linear(node.item)
        return _scaled(item, Fraction(-1)) if item else None
    if isinstance(node, Arithmetic):
        return _combined(node)
    return None


def _combined(node: Arithmetic) -> Linear | None:
    left, right = linear(node.left), linear(node.right)
    if left is None or right is None:
        return None
    if node.op in "+-":
        return _added(left, right if node.op == "+" else _scaled(right, Fraction(-1)))
    if node.op == "*":
        if not left.terms:
            return _scaled(right, left.constant)
        return None if right.terms else _scaled(left, right.constant)
    if right.terms or not right.constant:
        return None
    return _scaled(left, 1 / right.constant)


def _added(left: Linear, right: Linear) -> Linear:
    terms = dict(left.terms)
    for leaf, factor in right.terms.items():
        total = terms[leaf] + factor if leaf in terms else factor
        if total:
            terms[leaf] = total
        else:
            del terms[leaf]
    return Linear(terms, left.constant + right.constant)


def _scaled(form: Linear, factor: Fraction) -> Linear:
    terms = {leaf: value * factor for leaf, value in form.terms.items()} if factor else {}
    return Linear(terms, form.constant * factor)


def leaves(node: Node) -> Iterator[Node]:
    """The figures of a value as they occur: single fields and aggregates, exact fields left out."""
    if is_aggregate(node):
        yield node
    elif isinstance(node, Field):
        if not node.exact and node.type in MEASURES:
            yield node
    else:
        for child in node.children():
            yield from leaves(child)


def repeated(node: Node) -> tuple[Node, ...]:
    """The figures that occur more than once in ``node``."""
    return tuple(leaf for leaf, times in Counter(leaves(node)).items() if times > 1)


def overlapping(node: Node) -> bool:
    """Whether two different leaves of ``node`` may read the same cell: aggregates, or one column reached in two ways."""
    return overlap(leaves(node))


def overlap(figures: Iterable[Node]) -> bool:
    """Whether two different leaves may read the same cell."""
    seen: dict[tuple[str, str], list[tuple[Node, Field]]] = {}
    for leaf in dict.fromkeys(figures):
        for field in _read(leaf):
            others = seen.setdefault((field.table, field.column), [])
            if any(other is not leaf and not _apart(field, of_other) for other, of_other in others):
                return True
            others.append((leaf, field))
    return False


def _read(leaf: Node) -> Iterator[Field]:
    """The fields whose figures a leaf takes, those of conditions left out."""
    parts = leaf.args if isinstance(leaf, Call) else (leaf,)
    return (
        part for arg in parts for part in arg.walk() if isinstance(part, Field) and not part.exact
    )


def _apart(one: Field, other: Field) -> bool:
    """Whether two ways to a column always end at different cells."""
    held = dict(one.pins)
    ways = {grain: column for column, grain in one.on}
    if any(_differ(ways.get(grain, column), column) for column, grain in other.on):
        return True
    return (one.on == other.on and one.pins == other.pins and one.shift != other.shift) or any(
        held.get(key, value) != value for key, value in other.pins
    )


def _differ(one: str, other: str) -> bool:
    """Whether two columns of a table never hold the same in one row: a code, and the code above it."""
    return one != other and (source_of(one) == other or source_of(other) == one)


Direction = Literal["none", "up", "down", "unknown"]
_FLIP: dict[Direction, Direction] = {
    "up": "down",
    "down": "up",
    "none": "none",
    "unknown": "unknown",
}
_MONOTONE = frozenset({"min", "max", "round", "floor", "clip"})


def direction(node: Node, leaf: Node) -> Direction:
    """How ``node`` moves when ``leaf`` grows and all else stands still."""
    if node == leaf:
        return "up"
    if isinstance(node, Field | Number) or is_aggregate(node):
        return "none"
    if isinstance(node, Negate):
        return _FLIP[direction(node.item, leaf)]
    if isinstance(node, Arithmetic):
        return _arithmetic_direction(node, leaf)
    if isinstance(node, Call) and node.name in _MONOTONE:
        return _together(*(direction(arg, leaf) for arg in node.args))
    return "unknown" if any(part == leaf for part in node.walk()) else "none"


def _arithmetic_direction(node: Arithmetic, leaf: Node) -> Direction:
    left, right = direction(node.left, leaf), direction(node.right, leaf)
    if node.op in "+-":
        return _together(left, right if node.op == "+" else _FLIP[right])
    if left == right == "none":
        return "none"
    factor = linear(node.right if right == "none" else node.left)
    if factor is None or factor.terms or (right != "none" and node.op == "/"):
        return "unknown"
    moving = left if right == "none" else right
    return moving if factor.constant > 0 else _FLIP[moving] if factor.constant < 0 else "none"


def _together(*parts: Direction) -> Direction:
    moving = {part for part in parts if part != "none"}
    if len(moving) > 1:
        return "unknown"
    return moving.pop() if moving else "none"


def quotient(node: Node) -> tuple[Node, Node, Fraction] | None:
    """``node`` as ``top / base + constant`` with a base that holds a figure; None if it is not of this form."""
    if isinstance(node, Arithmetic) and node.op == "/":
        base = linear(node.right)
        return None if base is not None and not base.terms else (node.left, node.right, Fraction(0))
    if isinstance(node, Arithmetic) and node.op in "+-":
        inner, other = quotient(node.left), linear(node.right)
        if inner is None or other is None or other.terms:
            return None
        shift = other.constant if node.op == "+" else -other.constant
        return inner[0], inner[1], inner[2] + shift
    return None


def provable(left: Node, right: Node) -> bool:
    """Whether the exact range of ``left - right`` can be computed: linear, or every repeated figure proved monotone."""
    difference = Arithmetic("-", left, right)
    if linear(difference) is not None or any(isinstance(part, If) for part in difference.walk()):
        return True
    if overlapping(difference):
        return False
    again = repeated(difference)
    if len(again) > MAX_REPEATED:
        return False
    return all(
        direction(difference, leaf) != "unknown" or _fractional(left, right, leaf) for leaf in again
    )


def _fractional(left: Node, right: Node, leaf: Node) -> bool:
    """``leaf`` stands only in one quotient of linear forms, which is monotone wherever its base has no zero."""
    for side, other in ((left, right), (right, left)):
        parts = quotient(side)
        if parts and leaf not in leaves(other):
            return linear(parts[0]) is not None and linear(parts[1]) is not None
    return False


def contradictory(node: Node) -> bool:
    """Whether comparisons of one figure with constants, joined by ``and``, leave it no value."""
    rooms: dict[Node, Room] = {}
    for part in _joined(node):
        form = linear(Arithmetic("-", part.left, part.right))
        if form is None or len(form.terms) != 1 or part.op == "≠":
            continue
        ((leaf, factor),) = form.terms.items()
        op = part.op if factor > 0 else FLIPPED[part.op]
        rooms[leaf] = rooms.get(leaf, Room()).narrowed(op, -form.constant / factor)
    return any(room.is_empty() for room in rooms.values())


def _joined(node: Node) -> Iterator[Compare]:
    if isinstance(node, Compare):
        yield node
    elif isinstance(node, Logic) and node.op == "and":
        for item in node.items:
            yield from _joined(item)
