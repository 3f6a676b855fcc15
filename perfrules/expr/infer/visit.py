"""The visitor of inference: every node to its typed form and its kind, one handler per node in the order of ``nodes``.

Calls are in ``calls``; the package registers their handler.
"""

import unicodedata
from dataclasses import replace
from functools import singledispatch

from perfrules.expr.format import format as written
from perfrules.expr.infer.faults import meant, refuse, refuse_mixed
from perfrules.expr.infer.kinds import (
    ARITHMETICAL,
    CONDITIONS,
    TEXTUAL,
    WORDED,
    Kind,
    Typed,
    combined,
    comparable,
    kind_of_number,
)
from perfrules.expr.infer.names import Resolver
from perfrules.expr.infer.scope import ParameterLike, StepLike
from perfrules.expr.nodes import (
    Arithmetic,
    Compare,
    Field,
    If,
    In,
    IsBlank,
    Logic,
    Name,
    Negate,
    Node,
    Not,
    Number,
    Parameter,
    Span,
    Steps,
    Text,
    Truth,
)
from perfrules.locale import message


@singledispatch
def typed(node: Node, names: Resolver) -> Typed:  # noqa: ARG001  # the signature of every handler
    """The node with its names resolved, and its kind; a node that is resolved already is a bug, since inference runs once.

    Raises:
        ExpressionFault: It makes no sense.
    """
    raise TypeError(node)


def condition(node: Node, names: Resolver) -> Node:
    """The typed form of a node that must be a condition."""
    item, kind = typed(node, names)
    if kind not in CONDITIONS:
        refuse(
            "PR311",
            message("{text} is a value; a condition is due here", text=written(node)),
            node.at,
        )
    return item


def _number(node: Node, names: Resolver) -> Typed:
    item, kind = typed(node, names)
    if kind not in ARITHMETICAL:
        refuse(
            "PR314",
            message("{text} is {kind}, not a number", text=written(node), kind=WORDED[kind]),
            node.at,
        )
    return item, kind


@typed.register
def _(node: Number, _: Resolver) -> Typed:
    return node, kind_of_number(node)


@typed.register
def _(node: Text, _: Resolver) -> Typed:
    return node, "text"


@typed.register
def _(node: Truth, _: Resolver) -> Typed:
    return node, "flag"


@typed.register
def _(node: Name, names: Resolver) -> Typed:
    return names.value(node)


@typed.register
def _(node: Parameter, names: Resolver) -> Typed:
    param = names.scope.params.get(node.name)
    if param is None:
        refuse(
            "PR310",
            message("there is no parameter {name}", name=node.name),
            node.at,
            meant(node.name, names.scope.params),
        )
    if param.value is None:
        return Steps(node.name, tuple(map(_step, param.steps)), at=node.at), "steps"
    return _literal(param, param.value, node.at)


def _step(step: StepLike) -> tuple[str, bool, str]:
    return step.le or step.lt or "", step.lt is None, step.score or step.else_ or "0"


def _literal(param: ParameterLike, value: str, at: Span) -> Typed:
    """The number that stands for a parameter; ``value`` is its text."""
    text = unicodedata.normalize("NFKC", value).strip()
    digits = text.rstrip("".join(set(text) - set("0123456789.,")) or " ").strip()
    unit = text[len(digits) :].strip()
    number = Number(digits.lstrip("+-").replace(",", ""), unit, at=at)
    kind: Kind = param.type if unit else "pure"
    return (Negate(number, at=at) if text.startswith("-") else number), kind


@typed.register
def _(node: Negate, names: Resolver) -> Typed:
    item, kind = _number(node.item, names)
    return Negate(item, at=node.at), kind


@typed.register
def _(node: Arithmetic, names: Resolver) -> Typed:
    left, right = _number(node.left, names), _number(node.right, names)
    kind = combined(node.op, left, right)
    if kind is None:
        refuse_mixed(node, left[1], right[1])
    return Arithmetic(node.op, left[0], right[0], at=node.at), kind


@typed.register
def _(node: Compare, names: Resolver) -> Typed:
    left, right = typed(node.left, names), typed(node.right, names)
    kinds = {left[1], right[1]}
    if not comparable(left, right):
        if kinds & TEXTUAL and kinds & ARITHMETICAL:
            refuse(
                "PR314",
                message("{text} compares a text with a number", text=written(node)),
                node.at,
                message('write a code or a text in quotes, for example "201"'),
            )
        refuse_mixed(node, left[1], right[1])
    if node.op not in ("=", "≠") and left[1] not in ARITHMETICAL | {"date"}:
        refuse(
            "PR314",
            message("{text} asks which of two texts is greater", text=written(node)),
            node.at,
            message("texts are compared with = or ≠"),
        )
    return Compare(node.op, left[0], right[0], at=node.at), "truth"


@typed.register
def _(node: In, names: Resolver) -> Typed:
    item = typed(node.item, names)
    options = []
    for option in node.options:
        other = typed(option, names)
        if not comparable(item, other):
            refuse_mixed(Compare("=", node.item, option, at=node.at), item[1], other[1])
        options.append(other[0])
    return replace(node, item=item[0], options=tuple(options)), "truth"


@typed.register
def _(node: IsBlank, names: Resolver) -> Typed:
    item, _ = typed(node.item, names)
    if not isinstance(item, Field):
        refuse(
            "PR307",
            message("only a column can be blank, not {text}", text=written(node.item)),
            node.at,
        )
    return replace(node, item=item), "truth"


@typed.register
def _(node: Not, names: Resolver) -> Typed:
    return Not(condition(node.item, names), at=node.at), "truth"


@typed.register
def _(node: Logic, names: Resolver) -> Typed:
    items = tuple(condition(item, names) for item in node.items)
    return Logic(node.op, items, at=node.at), "truth"


@typed.register
def _(node: If, names: Resolver) -> Typed:
    test = condition(node.test, names)
    yes, first = typed(node.yes, names)
    if node.no is None:
        if first not in CONDITIONS:
            refuse(
                "PR311",
                message(
                    "{text} has no else: nothing is said for the other case", text=written(node)
                ),
                node.at,
                message("add else …"),
            )
        return If(test, yes, at=node.at), "truth"
    no, second = typed(node.no, names)
    both = If(test, yes, no, at=node.at)
    if {first, second} <= CONDITIONS:
        return both, "truth"
    if not comparable((yes, first), (no, second)):
        refuse_mixed(Compare("=", node.yes, node.no, at=node.at), first, second)
    return both, first if first != "pure" else second
