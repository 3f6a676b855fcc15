"""Text to nodes: the grammar of ``grammar.lark`` over the tokens of ``tokens``, and faults with their positions."""

import re
import unicodedata
from collections.abc import Callable, Collection
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, cast

import lark
from lark import Lark, Token, Transformer, UnexpectedInput, v_args
from lark.exceptions import UnexpectedCharacters, UnexpectedToken

from perfrules.errors import ExpressionFault
from perfrules.expr.nodes import (
    Arithmetic,
    ArithmeticOp,
    Call,
    Compare,
    CompareOp,
    If,
    In,
    IsBlank,
    Logic,
    LogicOp,
    Name,
    Negate,
    Node,
    Not,
    Number,
    Parameter,
    Pin,
    Span,
    Text,
    Truth,
)
from perfrules.expr.tokens import KEYWORDS, KNOWN, Tokens, span
from perfrules.locale import Message, message

__all__ = ["KEYWORDS", "is_plain", "parse"]

FOLDER = Path(__file__).parent
TABLES = f"grammar-{lark.__version__}.tables"
"""The tables of the grammar, as this version of lark computes and saves them; ``make grammar`` writes the file."""
MAX_LENGTH = 10_000
MAX_DEPTH = 60
MAX_LEVELS = 200

_COMPARE: dict[str, CompareOp] = {
    "=": "=", "==": "=", "!=": "≠", "<>": "≠", "≠": "≠", "<": "<", "<=": "≤", "≤": "≤", "≦": "≤",
    ">": ">", ">=": "≥", "≥": "≥", "≧": "≥",
}  # fmt: skip
_ARITHMETIC: dict[str, ArithmeticOp] = {
    "+": "+", "-": "-", "−": "-", "–": "-", "*": "*", "×": "*", "/": "/", "÷": "/",
}  # fmt: skip
_OPEN = {"(": ")", "（": ")", "[": "]", "［": "]", "【": "]"}
_CLOSE = {")": ")", "）": ")", "]": "]", "］": "]", "】": "]"}
_NAME = re.compile(r"[^\W\d]\w*")
_QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’", "「": "」", "`": "`"}
_MARKS = re.compile(rf"[{re.escape(''.join([*_OPEN, *_CLOSE, *_QUOTES, *_QUOTES.values()]))}]")


def parse(text: str, known: Collection[str] = ()) -> Node:
    """Read a condition.

    Args:
        text: The expression, in any mixture of half-width and full-width forms.
        known: Names of columns and tables in reach; one that looks like a keyword is read as the name.

    Returns:
        The tree, with names not yet resolved.

    Raises:
        ExpressionFault: The text is no expression (codes PR201 to PR206).
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionFault(
            "PR206",
            message("the expression is longer than {limit} characters", limit=MAX_LENGTH),
            (0, 1),
        )
    _check_brackets(text)
    reading = KNOWN.set(frozenset(known))
    try:
        whole = cast("_Part", _lark().parse(text))
    except UnexpectedInput as fault:
        raise _explained(fault, text) from None
    finally:
        KNOWN.reset(reading)
    node = cast("Node", whole.value)
    if len(text) >= MAX_LEVELS:  # a level takes a sign at least
        _check_levels(node)
    return node


def is_plain(name: str) -> bool:
    """Whether ``name`` may stand in an expression without 「 」."""
    return _NAME.fullmatch(name) is not None and name not in KEYWORDS


@cache
def _lark() -> Lark:
    """The parser, from its saved tables; beside another lark than theirs it is built, which takes twenty times as long."""
    path = FOLDER / TABLES
    if not path.is_file():
        return built()
    with path.open("rb") as file:
        return Lark.load(file)


def built() -> Lark:
    """The parser as the grammar says it."""
    return Lark(
        (FOLDER / "grammar.lark").read_text("utf-8"),
        parser="lalr",
        lexer="basic",
        postlex=Tokens(),
        transformer=_Nodes(),
    )


def _check_brackets(text: str) -> None:
    stack: list[tuple[str, int]] = []
    quote = ""
    for found in _MARKS.finditer(text):
        at, sign = found.start(), found[0]
        if quote:
            quote = "" if sign == quote else quote
        elif sign in _QUOTES and _QUOTES[sign] in text[at + 1 :]:
            quote = _QUOTES[sign]
        elif sign in _OPEN:
            stack.append((sign, at))
        elif sign in _CLOSE and (not stack or _OPEN[stack.pop()[0]] != _CLOSE[sign]):
            raise ExpressionFault(
                "PR202",
                message("{sign} closes a bracket that is not open", sign=sign),
                (at, at + 1),
                message("remove it, or open the bracket before it"),
            )
        if len(stack) > MAX_DEPTH:
            raise ExpressionFault(
                "PR206",
                message("brackets are nested deeper than {limit}", limit=MAX_DEPTH),
                (at, at + 1),
            )
    if stack:
        sign, at = stack[-1]
        raise ExpressionFault(
            "PR202",
            message("the bracket {sign} is never closed", sign=sign),
            (at, at + 1),
            message("close it where its part ends"),
        )


def _check_levels(node: Node) -> None:
    """Bound the levels of the tree, since all that reads it goes down one call for each."""
    nodes: tuple[Node, ...] = (node,)
    for _ in range(MAX_LEVELS):
        nodes = tuple(child for parent in nodes for child in parent.children())
        if not nodes:
            return
    raise ExpressionFault(
        "PR206",
        message("the expression has more than {limit} levels", limit=MAX_LEVELS),
        nodes[0].at,
        message("split it into several rules, or put parts of a long sum in brackets"),
    )


def _explained(fault: UnexpectedInput, text: str) -> ExpressionFault:
    if isinstance(fault, UnexpectedCharacters):
        at = cast("int", fault.pos_in_stream)
        return ExpressionFault(
            "PR201",
            message("the sign {sign} means nothing here", sign=text[at]),
            (at, at + 1),
            message("names with other signs than letters, digits and _ are written in 「 」"),
        )
    if isinstance(fault, UnexpectedToken) and fault.token.type != "$END":
        token = fault.token
        start, end = span(token)
        return ExpressionFault(
            "PR201",
            message("{found} cannot stand here", found=text[start:end]),
            (start, end),
            _wanted(fault.accepts or fault.expected, token),
        )
    return ExpressionFault(
        "PR201",
        message("the expression ends too early")
        if text.strip()
        else message("the expression is empty"),
        (max(len(text) - 1, 0), max(len(text), 1)),
        message("write what is compared on both sides, for example {example}", example="a = b + c"),
    )


def _wanted(expected: Collection[str], token: Token) -> Message:
    if "NAME" in expected:
        return message("a name, a number or a bracket is due before it")
    if token.type in ("NAME", "QUOTED", "NUMBER", "STRING", "LPAR"):
        return message(
            "an operator is due before it; keywords such as and, 且 stand between spaces"
        )
    return message("an operator such as + or = is due, or the end")


class _Part(NamedTuple):
    """What a rule of the grammar made of its children, and the stretch of text that they stand in, brackets and all."""

    value: Any
    start_pos: int
    end_pos: int


def _placed(
    make: Callable[[Span, list[Any]], object], _: str, parts: list[Any], __: object
) -> _Part:
    """Hand a rule its span and its children: tokens, and the values of the rules below."""
    start, end = parts[0].start_pos, parts[-1].end_pos
    values = [part.value if isinstance(part, _Part) else part for part in parts]
    return _Part(make((start, end), values), start, end)


@v_args(wrapper=_placed)
class _Nodes(Transformer[Token, _Part]):
    """What each rule of the grammar makes of its children; lark calls it while it parses."""

    def start(self, _: Span, parts: list[Any]) -> Node:
        return cast("Node", parts[0])

    def choice(self, at: Span, parts: list[Any]) -> Node:
        nodes = _nodes(parts)
        return If(nodes[0], nodes[1], nodes[2] if len(nodes) > 2 else None, at=at)

    def either(self, at: Span, parts: list[Any]) -> Node:
        return _logic("or", parts, at)

    def both(self, at: Span, parts: list[Any]) -> Node:
        return _logic("and", parts, at)

    def negated(self, at: Span, parts: list[Any]) -> Node:
        return Not(_nodes(parts)[0], at=at)

    def chain(self, at: Span, parts: list[Any]) -> Node:
        links = tuple(
            Compare(_compare(op), left, right, at=(left.at[0], right.at[1]))
            for left, op, right in zip(parts[::2], parts[1::2], parts[2::2], strict=False)
        )
        return links[0] if len(links) == 1 else Logic("and", links, at=at)

    def between(self, at: Span, parts: list[Any]) -> Node:
        item, low, high = _nodes(parts)
        return Logic(
            "and", (Compare("≤", low, item, at=at), Compare("≤", item, high, at=at)), at=at
        )

    def member(self, at: Span, parts: list[Any]) -> Node:
        item, *options = _nodes(parts)
        return In(item, tuple(options), at=at)

    def not_member(self, at: Span, parts: list[Any]) -> Node:
        item, *options = _nodes(parts)
        return In(item, tuple(options), negated=True, at=at)

    def blank(self, at: Span, parts: list[Any]) -> Node:
        return IsBlank(_nodes(parts)[0], at=at)

    def not_blank(self, at: Span, parts: list[Any]) -> Node:
        return IsBlank(_nodes(parts)[0], negated=True, at=at)

    def arithmetic(self, at: Span, parts: list[Any]) -> Node:
        left, op, right = parts
        sign = unicodedata.normalize("NFKC", op)
        return Arithmetic(_ARITHMETIC[sign], left, right, at=at)

    def minus(self, at: Span, parts: list[Any]) -> Node:
        return Negate(_nodes(parts)[0], at=at)

    def number(self, at: Span, parts: list[Any]) -> Node:
        text, _, unit = unicodedata.normalize("NFKC", " ".join(parts)).partition(" ")
        return Number(text.replace(",", ""), unit.strip(), at=at)

    def text(self, at: Span, parts: list[Any]) -> Node:
        return Text(str(parts[0])[1:-1], at=at)

    def true(self, at: Span, _: list[Any]) -> Node:
        return Truth(value=True, at=at)

    def false(self, at: Span, _: list[Any]) -> Node:
        return Truth(value=False, at=at)

    def group(self, _: Span, parts: list[Any]) -> Node:
        return _nodes(parts)[0]

    def args(self, _: Span, parts: list[Any]) -> tuple[Node, ...]:
        return _nodes(parts)

    def where(self, _: Span, parts: list[Any]) -> Node:
        return _nodes(parts)[0]

    def per(self, _: Span, parts: list[Any]) -> list[str]:
        return [part for part in parts if not isinstance(part, Token)]

    def call(self, at: Span, parts: list[Any]) -> Node:
        name, *rest = (part for part in parts if not isinstance(part, Token) or part.type == "NAME")
        args = next((part for part in rest if isinstance(part, tuple)), ())
        where = next((part for part in rest if isinstance(part, Node)), None)
        per = next((part for part in rest if isinstance(part, list)), [])
        return Call(str(name), args, where, tuple(per), at=at)

    def name(self, at: Span, parts: list[Any]) -> Node:
        return Name(parts[0], at=at)

    def qualified(self, at: Span, parts: list[Any]) -> Node:
        table, _, column = parts
        return Parameter(column, at=at) if table == "param" else Name(column, table, at=at)

    def pinned(self, at: Span, parts: list[Any]) -> Node:
        pins = tuple(part for part in parts if isinstance(part, tuple))
        return Name(parts[-1], parts[0], pins, at=at)

    def pinned_rows(self, at: Span, parts: list[Any]) -> Node:
        pins = tuple(part for part in parts if isinstance(part, tuple))
        return Name("", parts[0], pins, at=at)

    def pin(self, at: Span, parts: list[Any]) -> Pin:
        column, op, value = parts
        if _compare(op) != "=":
            raise ExpressionFault(
                "PR201",
                message("inside [ ] a key column is held at a value with ="),
                at,
                message("use where for other conditions"),
            )
        text = str(value)
        return column, text[1:-1] if isinstance(value, Token) and value.type == "STRING" else text

    def word(self, _: Span, parts: list[Any]) -> str:
        token = parts[0]
        return str(token)[1:-1].strip() if token.type == "QUOTED" else str(token)


def _nodes(parts: list[Any]) -> tuple[Node, ...]:
    return tuple(part for part in parts if isinstance(part, Node))


def _logic(op: LogicOp, parts: list[Any], at: Span) -> Node:
    return Logic(op, _nodes(parts), at=at)


def _compare(op: Token) -> CompareOp:
    return _COMPARE[unicodedata.normalize("NFKC", op) if op not in _COMPARE else str(op)]
