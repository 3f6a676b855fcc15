"""Kinds of values, and what becomes of them when they are compared, added, multiplied and divided."""

from collections.abc import Mapping
from typing import Literal

from perfrules.expr import functions, rewrite
from perfrules.expr.nodes import Arithmetic, Call, Field, If, Negate, Node, Number, Text, Truth
from perfrules.locale import Message, message
from perfrules.quantities import LogicalType
from perfrules.quantities.units import dimension_of

Kind = LogicalType | Literal["pure", "truth", "rows", "steps"]
"""A logical type, or ``pure`` (a number without unit, as a literal or a quotient has), a truth, a table, a step table."""
Typed = tuple[Node, Kind]
"""An inferred node and its kind."""

ARITHMETICAL: frozenset[Kind] = frozenset(
    {"money", "ratio", "points", "count", "number", "pure", "year"}
)
"""Kinds that can be reckoned with."""
LOOSE: frozenset[Kind] = frozenset({"pure", "count", "number"})
"""Kinds without a dimension."""
TEXTUAL: frozenset[Kind] = frozenset({"text", "code"})
CONDITIONS: frozenset[Kind] = frozenset({"truth", "flag"})
RESULTS: Mapping[str, Kind] = {"pure": "pure", "count": "count", "truth": "truth"}
"""The kinds of functions whose result is not that of their argument."""
WORDED: Mapping[Kind, Message] = {
    "money": message("an amount of money"),
    "ratio": message("a ratio"),
    "points": message("percentage points"),
    "count": message("a count"),
    "number": message("a number"),
    "pure": message("a number without unit"),
    "text": message("a text"),
    "code": message("a code"),
    "year": message("a year"),
    "date": message("a date"),
    "flag": message("a yes or no"),
    "truth": message("a condition"),
    "rows": message("a table"),
    "steps": message("a step table"),
}
"""Every kind, as messages call it."""


def kind_of(node: Node) -> Kind:
    """The kind of an inferred value."""
    match node:
        case Number():
            return kind_of_number(node)
        case Field():
            return node.type
        case Negate(item) | If(_, item):
            return kind_of(item)
        case Arithmetic():
            left, right = (node.left, kind_of(node.left)), (node.right, kind_of(node.right))
            return combined(node.op, left, right) or "pure"
        case Call():
            result = functions.BY_NAME[node.name].result
            return RESULTS.get(result) or kind_of(node.args[0])
        case Text():
            return "text"
        case Truth():
            return "flag"
        case _:
            return "truth"


def kind_of_number(node: Number) -> Kind:
    """The dimension of a literal's unit, ``pure`` without one."""
    return (dimension_of(node.unit) if node.unit else None) or "pure"


def comparable(left: Typed, right: Typed) -> bool:
    """Whether two values may stand on the two sides of a comparison; zero may stand beside any number."""
    first, second = left[1], right[1]
    pair = {first, second}
    if first == second or pair <= TEXTUAL or pair <= CONDITIONS:
        return first not in ("rows", "steps")
    if pair <= ARITHMETICAL and (_is_zero(left[0]) or _is_zero(right[0])):
        return True
    return pair <= LOOSE or pair in ({"pure", "ratio"}, {"pure", "year"})


def combined(op: str, left: Typed, right: Typed) -> Kind | None:
    """The kind of ``left op right``; None if it makes no sense."""
    if op in "+-":
        return _sum(op, left, right)
    return _product(left[1], right[1]) if op == "*" else _quotient(left[1], right[1])


def _is_zero(node: Node) -> bool:
    return isinstance(node, Number) and rewrite.number(node) == 0


def _sum(op: str, left: Typed, right: Typed) -> Kind | None:
    first, second = left[1], right[1]
    if op == "-" and first == second == "ratio":
        literal = isinstance(left[0], Number) or isinstance(right[0], Number)
        return "ratio" if literal else "points"
    if first == second:
        return "number" if first == "year" else first
    if _is_zero(left[0]):
        return second
    if _is_zero(right[0]) or (first, second) in (
        ("ratio", "points"),
        ("year", "number"),
        ("year", "count"),
        ("year", "pure"),
    ):
        return first
    pair = {first, second}
    if pair <= LOOSE:
        return "number" if "number" in pair else "count"
    return "ratio" if pair == {"pure", "ratio"} else None


def _product(first: Kind, second: Kind) -> Kind | None:
    scalars = LOOSE | {"ratio"}
    if first in scalars and second in scalars:
        order: tuple[Kind, ...] = ("number", "count", "ratio", "pure")
        return next(kind for kind in order if kind in (first, second))
    if first in scalars and second in ("money", "points"):
        return second
    return first if second in scalars and first in ("money", "points") else None


def _quotient(first: Kind, second: Kind) -> Kind | None:
    if first == second and first != "year":
        return "pure"
    if first in LOOSE and second in LOOSE | {"ratio"}:
        return "pure" if second != "pure" else first
    return first if first in ("money", "points", "ratio") and second in LOOSE | {"ratio"} else None
