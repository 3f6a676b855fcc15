"""Conditions as trees: every node on a line of its own, with its kind beside it."""

from collections.abc import Iterator
from functools import singledispatch

from perfrules.expr import format as formatting
from perfrules.expr.infer import kind_of
from perfrules.expr.infer.kinds import WORDED, Kind
from perfrules.expr.nodes import (
    Arithmetic,
    Call,
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
    Rows,
    Steps,
    Text,
    Truth,
)
from perfrules.locale import Message, message

_CONDITIONS = (Compare, In, IsBlank, Not, Logic)
_FIXED: dict[type[Node], Kind] = {Rows: "rows", Steps: "steps", Text: "text", Truth: "flag"}
_LONG = 46
"""How many characters of what a node says are shown at most."""


def drawn(
    node: Node, lead: str = "", rest: str = ""
) -> Iterator[tuple[str, Message, str, Message]]:
    """The lines of a tree: branches, what the node is, what it says, its kind."""
    yield lead, label(node), _short(_detail(node)), WORDED[_kind(node)]
    below = node.children()
    for number, child in enumerate(below, 1):
        last = number == len(below)
        yield from drawn(
            child, rest + ("└─ " if last else "├─ "), rest + ("   " if last else "│  ")
        )


def _kind(node: Node) -> Kind:
    if isinstance(node, _CONDITIONS):
        return "truth"
    return _FIXED.get(type(node)) or kind_of(node)


def _short(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[: _LONG - 1]}…"


@singledispatch
def label(node: Node) -> Message:
    """What a node is called; a node that inference does not leave is a bug."""
    raise TypeError(node)


label.register(Number, lambda _: message("number"))
label.register(Text, lambda _: message("text"))
label.register(Truth, lambda _: message("yes or no"))
label.register(Field, lambda _: message("column"))
label.register(Rows, lambda _: message("table"))
label.register(Steps, lambda _: message("step table"))
label.register(Negate, lambda _: message("opposite number"))
label.register(Arithmetic, lambda _: message("arithmetic"))
label.register(Compare, lambda _: message("comparison"))
label.register(In, lambda _: message("membership"))
label.register(IsBlank, lambda _: message("test of blanks"))
label.register(Not, lambda _: message("negation"))
label.register(Logic, lambda _: message("logic"))
label.register(If, lambda _: message("choice"))
label.register(Call, lambda _: message("function"))


def _detail(node: Node) -> str:
    """What tells a node from others of its kind."""
    match node:
        case Arithmetic() | Compare() | Logic():
            return node.op
        case In():
            return "not in" if node.negated else "in"
        case IsBlank():
            return "is not blank" if node.negated else "is blank"
        case Call():
            return node.name
        case If() | Not() | Negate():
            return ""
        case _:
            return formatting.format(node)
