"""What may be changed at one node of a condition: one handler per kind of node, in the order of ``nodes``."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import singledispatch
from typing import Literal

from perfrules.evaluate.reference import rows_of
from perfrules.expr import rewrite
from perfrules.expr.infer import kind_of
from perfrules.expr.infer.kinds import ARITHMETICAL
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
    Negate,
    Node,
    Not,
    Number,
    Pin,
    Rows,
    Steps,
)
from perfrules.model import Pack
from perfrules.values import frozen

Kind = Literal[
    "comparison", "sign", "term", "factor", "column", "number", "logic", "not", "tolerance", "guard", "branch",
    "function", "where", "blank", "row", "level",
]  # fmt: skip
"""What kind of mistake a mutant makes."""


@frozen
class Change:
    """One change at a node.

    Attributes:
        kind: What kind of mistake it is.
        new: What stands in place of the node.
        before: The part that changes; its ``at`` is where.
        after: What it becomes; None if it is left out.
    """

    kind: Kind
    new: Node
    before: Node
    after: Node | None


@frozen
class Around:
    """What a change may look at besides its node.

    Attributes:
        pack: The pack of the rule.
        used: The columns that the rule reads, as (table, column).
        values: The values that the cases have in key columns, by (table, column).
        above: The node above; None at the top.
    """

    pack: Pack
    used: frozenset[tuple[str, str]]
    values: Mapping[tuple[str, str], tuple[str, ...]]
    above: Node | None = None


TURNS: Mapping[CompareOp, tuple[CompareOp, ...]] = {
    "=": ("≤", "≥"),
    "≠": ("=",),
    "<": ("≤", ">"),
    "≤": ("<", "≥"),
    ">": ("≥", "<"),
    "≥": (">", "≤"),
}
"""What a comparison is mistaken for."""
OPPOSITES: Mapping[CompareOp, CompareOp] = {
    "=": "≠", "≠": "=", "<": "≥", "≥": "<", ">": "≤", "≤": ">",
}  # fmt: skip
FUNCTIONS: Mapping[str, tuple[str, ...]] = {
    "sum": ("max",), "mean": ("sum",), "min": ("max",), "max": ("min",), "any": ("all",), "all": ("any",),
    "count_present": ("count_distinct",), "count_distinct": ("count_present",), "round": ("floor",), "floor": ("round",),
}  # fmt: skip
"""What a function is mistaken for."""
_WRAPPING = frozenset({"abs", "round", "floor", "clip"})
_TRUTHS = frozenset({"any", "all", "present", "matches"})
TWO = Number("2")


def negated(node: Node) -> Node:
    """The opposite of a condition, without a ``not`` where it has one of its own."""
    if isinstance(node, Compare):
        return replace(node, op=OPPOSITES[node.op])
    if isinstance(node, Not):
        return node.item
    if isinstance(node, In | IsBlank):
        return replace(node, negated=not node.negated)
    return Not(node, at=node.at)


@singledispatch
def changes(node: Node, around: Around) -> Iterator[Change]:  # noqa: ARG001  # the signature of every handler
    """The changes at ``node``, those below it left out; some may not be sound."""
    return iter(())


def _swapped(kind: Kind, node: Node, *others: Node) -> Iterator[Change]:
    return (Change(kind, other, node, other) for other in others)


@changes.register
def _(node: Number, around: Around) -> Iterator[Change]:
    if node is rewrite.ONE or (isinstance(around.above, Compare) and not rewrite.number(node)):
        return  # nobody wrote that one, and a zero takes its unit from the other side
    yield from _swapped("number", node, *moved(node))
    if node.unit in ("%", "") and rewrite.number(node):
        yield from _swapped("number", node, replace(node, unit="" if node.unit else "%"))


def moved(node: Number) -> tuple[Node, Node]:
    """A literal one step of its last place up, and down."""
    value = Decimal(node.text)
    step = Decimal(1).scaleb(min(int(value.as_tuple().exponent), 0))
    return _literal(value + step, node), _literal(value - step, node)


def _literal(value: Decimal, like: Number) -> Node:
    number = Number(f"{abs(value):f}", like.unit, at=like.at)
    return Negate(number, at=like.at) if value < 0 else number


@changes.register
def _(node: Field, around: Around) -> Iterator[Change]:
    if node.shift:
        yield from _swapped("row", node, replace(node, shift=node.shift - 1))
    if not node.many:
        for pins in _other_pins(node.table, node.pins, around):
            yield from _swapped("row", node, replace(node, pins=pins))
    name = neighbour(node, around)
    if name is not None:
        exact = around.pack.tables[node.table].columns[name].is_exact
        yield from _swapped("column", node, replace(node, column=name, exact=exact, own=False))


def neighbour(node: Field, around: Around) -> str | None:
    """The nearest column of the same table and type that the rule does not read, one below before one above."""
    spec = around.pack.tables[node.table]
    names = list(spec.columns)
    at = names.index(node.column)
    free = [
        (abs(place - at), place < at, name)
        for place, name in enumerate(names)
        if spec.columns[name].type == node.type
        and name not in spec.key
        and (node.table, name) not in around.used
    ]
    return min(free)[2] if free else None


def _other_pins(table: str, pins: tuple[Pin, ...], around: Around) -> Iterator[tuple[Pin, ...]]:
    """The fixed keys, one of them at another value that the cases use."""
    for place, (column, held) in enumerate(pins):
        for value in around.values.get((table, column), ()):
            if value != held:
                yield (*pins[:place], (column, value), *pins[place + 1 :])


@changes.register
def _(node: Steps, _: Around) -> Iterator[Change]:
    for place, (bound, closed, score) in enumerate(node.table):
        higher = f"{Decimal(score) + 1:f}"
        others = [(bound, closed, higher)] + ([(bound, not closed, score)] if bound else [])
        for other in others:
            table = (*node.table[:place], other, *node.table[place + 1 :])
            yield from _swapped("number", node, replace(node, table=table))


@changes.register
def _(node: Negate, _: Around) -> Iterator[Change]:
    yield from _swapped("sign", node, node.item)


@changes.register
def _(node: Arithmetic, _: Around) -> Iterator[Change]:
    left, right = node.left, node.right
    if node.op == "/":
        yield from _swapped("factor", node, replace(node, left=right, right=left))
    elif node.op == "*":
        yield Change("factor", right, left, None)
        yield Change("factor", left, right, None)
    else:
        yield from _swapped("sign", node, replace(node, op="-" if node.op == "+" else "+"))
        if _is_term(left):
            rest = right if node.op == "+" else Negate(right, at=right.at)
            yield Change("term", rest, left, None)
            yield from _doubled(node, left, "left")
        if _is_term(right):
            yield Change("term", left, right, None)
            yield from _doubled(node, right, "right")


def _is_term(node: Node) -> bool:
    return not (isinstance(node, Arithmetic) and node.op in "+-")


def _doubled(node: Arithmetic, term: Node, side: Literal["left", "right"]) -> Iterator[Change]:
    if not isinstance(term, Number):
        twice = Arithmetic("*", TWO, term, at=term.at)
        new = replace(node, left=twice) if side == "left" else replace(node, right=twice)
        yield Change("term", new, term, twice)


@changes.register
def _(node: Compare, around: Around) -> Iterator[Change]:
    numbers = kind_of(node.left) in ARITHMETICAL | {"date"}
    ops = TURNS[node.op] if numbers else (OPPOSITES[node.op],)
    yield from _swapped("comparison", node, *(replace(node, op=op) for op in ops))
    for zero, other, left in ((node.left, node.right, True), (node.right, node.left, False)):
        if isinstance(zero, Number) and rewrite.number(zero) == 0:
            for number in moved(_zero_like(zero, other, around.pack)):
                new = replace(node, left=number) if left else replace(node, right=number)
                yield Change("number", new, zero, number)


def _zero_like(zero: Number, other: Node, pack: Pack) -> Number:
    """A zero with the unit and the decimals of the figures that it is compared with."""
    kind = kind_of(other)
    if kind in ("ratio", "points"):
        return Number("0", "%" if kind == "ratio" else "pp", at=zero.at)
    if kind != "money":
        return zero
    field = next(
        (part for part in other.walk() if isinstance(part, Field) and part.type == kind), None
    )
    if field is None:
        return zero
    spec = pack.tables[field.table]
    column = spec.columns[field.column]
    decimals = column.decimals if isinstance(column.decimals, int) else 0
    text = f"{Decimal(0).scaleb(-decimals):f}"
    return Number(text, column.unit or spec.unit or "", at=zero.at)


@changes.register
def _(node: In, _: Around) -> Iterator[Change]:
    yield from _swapped("logic", node, replace(node, negated=not node.negated))
    if len(node.options) > 1:
        for place, option in enumerate(node.options):
            rest = (*node.options[:place], *node.options[place + 1 :])
            yield Change("logic", replace(node, options=rest), option, None)


@changes.register
def _(node: IsBlank, _: Around) -> Iterator[Change]:
    yield from _swapped("blank", node, replace(node, negated=not node.negated))


@changes.register
def _(node: Not, _: Around) -> Iterator[Change]:
    yield from _swapped("not", node, node.item)


@changes.register
def _(node: Logic, _: Around) -> Iterator[Change]:
    yield from _swapped("logic", node, replace(node, op="or" if node.op == "and" else "and"))
    for place, item in enumerate(node.items):
        rest = (*node.items[:place], *node.items[place + 1 :])
        yield Change("logic", rest[0] if len(rest) == 1 else replace(node, items=rest), item, None)


@changes.register
def _(node: If, _: Around) -> Iterator[Change]:
    if node.no is not None:
        yield from _swapped("branch", node, replace(node, yes=node.no, no=node.yes))
        return
    yield Change("branch", node.yes, node.test, None)
    opposite = negated(node.test)
    yield Change("branch", replace(node, test=opposite), node.test, opposite)


@changes.register
def _(node: Call, around: Around) -> Iterator[Change]:
    runs = rewrite.is_aggregate(node) or node.name == "present"
    if node.name in _TRUTHS and not isinstance(around.above, Not):
        yield from _swapped("not", node, Not(node, at=node.at))
    if runs or node.name not in ("count_present", "count_distinct"):
        others = (replace(node, name=name) for name in FUNCTIONS.get(node.name, ()))
        yield from _swapped("function", node, *others)
    if node.name in _WRAPPING:
        yield from _swapped("function", node, node.args[0])
    if not runs and node.name in ("min", "max", "coalesce", "count_present"):
        yield from _fewer(node)
    if node.where is not None:
        yield Change("where", replace(node, where=None), node.where, None)
    if runs:
        yield from _pinned(node, around)


def _fewer(node: Call) -> Iterator[Change]:
    """One argument of several left out."""
    for place, arg in enumerate(node.args):
        rest = (*node.args[:place], *node.args[place + 1 :])
        if len(rest) == 1 and node.name != "count_present":
            yield Change("function", rest[0], arg, None)
        elif rest:
            yield Change("function", replace(node, args=rest), arg, None)


def _pinned(node: Call, around: Around) -> Iterator[Change]:
    """The rows of a function over rows taken at another fixed key."""
    rows = rows_of(node)
    for pins in _other_pins(rows.table, rows.pins, around):
        yield from _swapped(
            "row", node, replace(node, args=tuple(_at(arg, rows, pins) for arg in node.args))
        )


def _at(node: Node, rows: Rows, pins: tuple[Pin, ...]) -> Node:
    if isinstance(node, Rows) or (isinstance(node, Field) and node.many):
        return replace(node, pins=pins) if node.table == rows.table else node
    return node.rebuilt(tuple(_at(child, rows, pins) for child in node.children()))
