"""Text to nodes: full-width forms, Chinese keywords, units behind numbers, and faults with their positions."""

import unicodedata
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path
from typing import Any, cast

from lark import Lark, Token, Transformer, UnexpectedInput, v_args
from lark.exceptions import UnexpectedCharacters, UnexpectedToken
from lark.lark import PostLex
from lark.tree import Meta

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
from perfrules.locale import message
from perfrules.quantities.units import dimension_of

MAX_LENGTH = 10_000
MAX_DEPTH = 60

_KEYWORDS = {
    "and": "AND", "AND": "AND", "且": "AND", "并且": "AND", "与": "AND",
    "or": "OR", "OR": "OR", "或": "OR", "或者": "OR",
    "not": "NOT", "NOT": "NOT", "非": "NOT",
    "if": "IF", "IF": "IF", "若": "IF", "如果": "IF",
    "then": "THEN", "THEN": "THEN", "则": "THEN", "那么": "THEN",
    "else": "ELSE", "ELSE": "ELSE", "否则": "ELSE",
    "is": "IS", "IS": "IS", "blank": "BLANK", "BLANK": "BLANK",
    "为空": "IS BLANK", "不为空": "IS NOT BLANK", "非空": "IS NOT BLANK",
    "between": "BETWEEN", "BETWEEN": "BETWEEN", "介于": "BETWEEN",
    "in": "IN", "IN": "IN", "属于": "IN", "不属于": "NOT IN",
    "where": "WHERE", "WHERE": "WHERE", "其中": "WHERE",
    "per": "PER", "PER": "PER", "按": "PER",
    "true": "TRUE", "真": "TRUE", "false": "FALSE", "假": "FALSE",
}  # fmt: skip
KEYWORDS = frozenset(_KEYWORDS)
_CHINESE = sorted((k for k in _KEYWORDS if not k.isascii()), key=len, reverse=True)
_COMPARE: dict[str, CompareOp] = {
    "=": "=", "==": "=", "!=": "≠", "<>": "≠", "≠": "≠", "<": "<", "<=": "≤", "≤": "≤", "≦": "≤",
    ">": ">", ">=": "≥", "≥": "≥", "≧": "≥",
}  # fmt: skip
_ARITHMETIC: dict[str, ArithmeticOp] = {
    "+": "+", "-": "-", "−": "-", "–": "-", "*": "*", "×": "*", "/": "/", "÷": "/",
}  # fmt: skip
_OPEN = {"(": ")", "（": ")", "[": "]", "［": "]", "【": "]"}
_CLOSE = {")": ")", "）": ")", "]": "]", "］": "]", "】": "]"}
_QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’", "「": "」", "`": "`"}


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
    lark = _lark()
    lark.options.postlex.known = frozenset(known)  # type: ignore[attr-defined]  # ours, set for this call
    try:
        tree = lark.parse(text)
    except UnexpectedInput as fault:
        raise _explained(fault, text) from None
    return cast("Node", _Nodes().transform(tree))


def is_plain(name: str) -> bool:
    """Whether ``name`` may stand in an expression without 「 」."""
    return name.isidentifier() and name not in KEYWORDS


@cache
def _lark() -> Lark:
    grammar = (Path(__file__).parent / "grammar.lark").read_text("utf-8")
    return Lark(
        grammar,
        parser="lalr",
        lexer="basic",
        postlex=cast("PostLex", _Tokens()),
        propagate_positions=True,
    )


class _Tokens(PostLex):
    """What a regular expression cannot say: keywords, numbers with units, thousands separators."""

    always_accept = ()
    known: frozenset[str] = frozenset()

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        """Pass the lexer's tokens on, merged and renamed."""
        tokens = self._split(list(stream))
        lists = _inside_lists(tokens)
        at = 0
        while at < len(tokens):
            token = tokens[at]
            at += 1
            if token.type == "NUMBER":
                while not lists[at - 1] and _continues(token, tokens[at : at + 2]):
                    token = _joined("NUMBER", f"{token}{tokens[at + 1]}", token, tokens[at + 1])
                    at += 2
                if at < len(tokens) and _unit(tokens[at]):
                    token = _joined("NUMBER", f"{token} {tokens[at]}", token, tokens[at])
                    at += 1
                yield token
            elif token.type == "NAME" and token in _KEYWORDS and token not in self.known:
                for kind in _KEYWORDS[token].split():
                    yield _joined(kind, str(token), token, token)
            else:
                yield token

    def _split(self, tokens: list[Token]) -> list[Token]:
        """Part a Chinese keyword from the name that is glued to it behind a digit or bracket (``10且权重``)."""
        parts: list[Token] = []
        for token in tokens:
            before = parts[-1] if parts else None
            word = next((k for k in _CHINESE if token.startswith(k) and token != k), None)
            glued = before is not None and before.type in (
                "NUMBER",
                "RPAR",
                "PERCENT",
                "QUOTED",
                "STRING",
            )
            if token.type != "NAME" or not word or not glued or before is None:
                parts.append(token)
            elif before.end_pos == token.start_pos and token not in self.known and not _unit(token):
                start = cast("int", token.start_pos)
                middle = start + len(word)
                parts += [
                    Token("NAME", word, start_pos=start, end_pos=middle),
                    Token("NAME", token[len(word) :], start_pos=middle, end_pos=token.end_pos),
                ]
            else:
                parts.append(token)
        return parts


def _inside_lists(tokens: list[Token]) -> list[bool]:
    """For each token, whether it stands where a comma parts arguments."""
    stack: list[bool] = []
    inside: list[bool] = []
    before: Token | None = None
    for token in tokens:
        if token.type in ("LPAR", "LSQB"):
            calls = before is not None and (
                before.type == "NAME" and _KEYWORDS.get(before, "IN").endswith("IN")
            )
            stack.append(calls or token.type == "LSQB")
        elif token.type in ("RPAR", "RSQB") and stack:
            stack.pop()
        inside.append(bool(stack) and stack[-1])
        before = token
    return inside


def _continues(number: Token, following: list[Token]) -> bool:
    if len(following) < 2 or following[0] not in (",", "，") or following[1].type != "NUMBER":
        return False
    comma, group = following
    whole = unicodedata.normalize("NFKC", group).partition(".")[0]
    return (
        len(whole) == 3
        and number.end_pos == comma.start_pos
        and comma.end_pos == group.start_pos
        and "." not in unicodedata.normalize("NFKC", number)
    )


def _unit(token: Token) -> bool:
    return token.type == "NAME" and token not in _KEYWORDS and dimension_of(token) is not None


def _joined(kind: str, text: str, first: Token, last: Token) -> Token:
    return Token(kind, text, start_pos=first.start_pos, end_pos=last.end_pos)


def _check_brackets(text: str) -> None:
    stack: list[tuple[str, int]] = []
    quote = ""
    for at, sign in enumerate(text):
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


def _explained(fault: UnexpectedInput, text: str) -> ExpressionFault:
    if isinstance(fault, UnexpectedCharacters):
        at = fault.pos_in_stream
        return ExpressionFault(
            "PR201",
            message("the sign {sign} means nothing here", sign=text[at]),
            (at, at + 1),
            message("names with other signs than letters, digits and _ are written in 「 」"),
        )
    if isinstance(fault, UnexpectedToken) and fault.token.type != "$END":
        token = fault.token
        span = (token.start_pos or 0, token.end_pos or 1)
        return ExpressionFault(
            "PR201",
            message("{found} cannot stand here", found=text[span[0] : span[1]]),
            span,
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


def _wanted(expected: Collection[str], token: Token) -> object:
    before_value = "NAME" in expected
    if before_value:
        return message("a name, a number or a bracket is due before it")
    if token.type in ("NAME", "QUOTED", "NUMBER", "STRING", "LPAR"):
        return message(
            "an operator is due before it; keywords such as and, 且 stand between spaces"
        )
    return message("an operator such as + or = is due, or the end")


@v_args(meta=True)
class _Nodes(Transformer[Token, Node]):
    """The parse tree into nodes."""

    def start(self, _: Meta, parts: list[Any]) -> Node:
        return cast("Node", parts[0])

    def choice(self, meta: Meta, parts: list[Any]) -> Node:
        nodes = _nodes(parts)
        return If(nodes[0], nodes[1], nodes[2] if len(nodes) > 2 else None, at=_at(meta))

    def either(self, meta: Meta, parts: list[Any]) -> Node:
        return _logic("or", parts, meta)

    def both(self, meta: Meta, parts: list[Any]) -> Node:
        return _logic("and", parts, meta)

    def negated(self, meta: Meta, parts: list[Any]) -> Node:
        return Not(_nodes(parts)[0], at=_at(meta))

    def chain(self, meta: Meta, parts: list[Any]) -> Node:
        links = tuple(
            Compare(_compare(op), left, right, at=(left.at[0], right.at[1]))
            for left, op, right in zip(parts[::2], parts[1::2], parts[2::2], strict=False)
        )
        return links[0] if len(links) == 1 else Logic("and", links, at=_at(meta))

    def between(self, meta: Meta, parts: list[Any]) -> Node:
        item, low, high = _nodes(parts)
        span = _at(meta)
        return Logic(
            "and", (Compare("≤", low, item, at=span), Compare("≤", item, high, at=span)), at=span
        )

    def member(self, meta: Meta, parts: list[Any]) -> Node:
        item, *options = _nodes(parts)
        return In(item, tuple(options), at=_at(meta))

    def not_member(self, meta: Meta, parts: list[Any]) -> Node:
        item, *options = _nodes(parts)
        return In(item, tuple(options), negated=True, at=_at(meta))

    def blank(self, meta: Meta, parts: list[Any]) -> Node:
        return IsBlank(_nodes(parts)[0], at=_at(meta))

    def not_blank(self, meta: Meta, parts: list[Any]) -> Node:
        return IsBlank(_nodes(parts)[0], negated=True, at=_at(meta))

    def arithmetic(self, meta: Meta, parts: list[Any]) -> Node:
        left, op, right = parts
        sign = unicodedata.normalize("NFKC", op)
        return Arithmetic(_ARITHMETIC[sign], left, right, at=_at(meta))

    def minus(self, meta: Meta, parts: list[Any]) -> Node:
        return Negate(_nodes(parts)[0], at=_at(meta))

    def number(self, meta: Meta, parts: list[Any]) -> Node:
        text, _, unit = unicodedata.normalize("NFKC", " ".join(parts)).partition(" ")
        return Number(text.replace(",", ""), unit.strip(), at=_at(meta))

    def text(self, meta: Meta, parts: list[Any]) -> Node:
        return Text(str(parts[0])[1:-1], at=_at(meta))

    def true(self, meta: Meta, _: list[Any]) -> Node:
        return Truth(value=True, at=_at(meta))

    def false(self, meta: Meta, _: list[Any]) -> Node:
        return Truth(value=False, at=_at(meta))

    def group(self, _: Meta, parts: list[Any]) -> Node:
        return _nodes(parts)[0]

    def args(self, _: Meta, parts: list[Any]) -> tuple[Node, ...]:
        return _nodes(parts)

    def where(self, _: Meta, parts: list[Any]) -> Node:
        return _nodes(parts)[0]

    def per(self, _: Meta, parts: list[Any]) -> list[str]:
        return [part for part in parts if not isinstance(part, Token)]

    def call(self, meta: Meta, parts: list[Any]) -> Node:
        name, *rest = (part for part in parts if not isinstance(part, Token) or part.type == "NAME")
        args = next((part for part in rest if isinstance(part, tuple)), ())
        where = next((part for part in rest if isinstance(part, Node)), None)
        per = next((part for part in rest if isinstance(part, list)), [])
        return Call(str(name), args, where, tuple(per), at=_at(meta))

    def name(self, meta: Meta, parts: list[Any]) -> Node:
        return Name(parts[0], at=_at(meta))

    def qualified(self, meta: Meta, parts: list[Any]) -> Node:
        table, _, column = parts
        return (
            Parameter(column, at=_at(meta))
            if table == "param"
            else Name(column, table, at=_at(meta))
        )

    def pinned(self, meta: Meta, parts: list[Any]) -> Node:
        pins = tuple(part for part in parts if isinstance(part, tuple))
        return Name(parts[-1], parts[0], pins, at=_at(meta))

    def pinned_rows(self, meta: Meta, parts: list[Any]) -> Node:
        pins = tuple(part for part in parts if isinstance(part, tuple))
        return Name("", parts[0], pins, at=_at(meta))

    def pin(self, meta: Meta, parts: list[Any]) -> Pin:
        column, op, value = parts
        if _compare(op) != "=":
            raise ExpressionFault(
                "PR201",
                message("inside [ ] a key column is held at a value with ="),
                _at(meta),
                message("use where for other conditions"),
            )
        text = str(value)
        return column, text[1:-1] if isinstance(value, Token) and value.type == "STRING" else text

    def word(self, _: Meta, parts: list[Any]) -> str:
        token = parts[0]
        return str(token)[1:-1].strip() if token.type == "QUOTED" else str(token)


def _nodes(parts: list[Any]) -> tuple[Node, ...]:
    return tuple(part for part in parts if isinstance(part, Node))


def _logic(op: LogicOp, parts: list[Any], meta: Meta) -> Node:
    return Logic(op, _nodes(parts), at=_at(meta))


def _compare(op: Token) -> CompareOp:
    return _COMPARE[unicodedata.normalize("NFKC", op) if op not in _COMPARE else str(op)]


def _at(meta: Meta) -> Span:
    return (meta.start_pos, meta.end_pos)
