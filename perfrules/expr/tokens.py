"""The tokens of a condition: what the lexer finds, with keywords, units and thousands separators made out."""

import unicodedata
from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from typing import cast

from lark import Token
from lark.lark import PostLex

from perfrules.quantities.units import dimension_of

TOKENS = {
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
"""The tokens that a keyword stands for, parted by spaces."""
KEYWORDS = frozenset(TOKENS)
KNOWN: ContextVar[frozenset[str]] = ContextVar("known", default=frozenset())
"""Names in reach of the expression that is being read; one that looks like a keyword is read as the name."""
_CHINESE = sorted((k for k in KEYWORDS if not k.isascii()), key=len, reverse=True)
_STARTS = frozenset(keyword[0] for keyword in _CHINESE)
_CLOSED = frozenset({"NUMBER", "RPAR", "PERCENT", "QUOTED", "STRING"})
"""Tokens that no name can run into."""


class Tokens(PostLex):
    """What a regular expression cannot say: keywords, numbers with units, thousands separators."""

    always_accept = ()

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        """Pass the lexer's tokens on, merged and renamed."""
        known = KNOWN.get()
        tokens = _parted(stream, known)
        lists: list[bool] = []  # found where a number may have a further group
        at = 0
        while at < len(tokens):
            token = tokens[at]
            at += 1
            if token.type == "NUMBER":
                if _continues(token, tokens[at : at + 2]):
                    lists = lists or _inside_lists(tokens)
                number, at = _number(tokens, at, thousands=bool(lists) and not lists[at - 1])
                yield number
            elif token.type == "NAME" and token.value in TOKENS and token.value not in known:
                for kind in TOKENS[token.value].split():
                    yield _joined(kind, token.value, token, token)
            else:
                yield token


def _parted(stream: Iterator[Token], known: frozenset[str]) -> list[Token]:
    """Part a Chinese keyword from the name that is glued to it behind a digit or bracket (``10且权重``)."""
    parts: list[Token] = []
    for token in stream:
        may_be_glued = token.type == "NAME" and parts and parts[-1].type in _CLOSED
        keyword = _glued(token, parts[-1], known) if may_be_glued else None
        if keyword is None:
            parts.append(token)
        else:
            start, end = span(token)
            middle = start + len(keyword)
            parts += [
                Token("NAME", keyword, start_pos=start, end_pos=middle),
                Token("NAME", token[len(keyword) :], start_pos=middle, end_pos=end),
            ]
    return parts


def _glued(token: Token, before: Token, known: frozenset[str]) -> str | None:
    """The keyword that the name ``token`` begins with although no sign parts it from ``before``, which no name runs into."""
    if token[0] not in _STARTS:
        return None
    if token in TOKENS:  # a keyword as it stands: 或者 is not 或 with a name
        return None
    if before.end_pos != token.start_pos or token in known or _is_unit(token):
        return None
    return next((k for k in _CHINESE if token.startswith(k) and token != k), None)


def _inside_lists(tokens: Sequence[Token]) -> list[bool]:
    """For each token, whether it stands where a comma parts arguments."""
    stack: list[bool] = []
    inside: list[bool] = []
    before: Token | None = None
    for token in tokens:
        if token.type in ("LPAR", "LSQB"):
            calls = before is not None and (
                before.type == "NAME" and TOKENS.get(before, "IN").endswith("IN")
            )
            stack.append(calls or token.type == "LSQB")
        elif token.type in ("RPAR", "RSQB") and stack:
            stack.pop()
        inside.append(bool(stack) and stack[-1])
        before = token
    return inside


def _number(tokens: Sequence[Token], at: int, *, thousands: bool) -> tuple[Token, int]:
    """The number that ends before ``at``, with its further groups and its unit, and where it really ends."""
    number = tokens[at - 1]
    while thousands and _continues(number, tokens[at : at + 2]):
        number = _joined("NUMBER", f"{number}{tokens[at + 1]}", number, tokens[at + 1])
        at += 2
    if at < len(tokens) and _is_unit(tokens[at]):
        number = _joined("NUMBER", f"{number} {tokens[at]}", number, tokens[at])
        at += 1
    return number, at


def _continues(number: Token, following: Sequence[Token]) -> bool:
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


def _is_unit(token: Token) -> bool:
    return token.type == "NAME" and token not in TOKENS and dimension_of(token) is not None


def _joined(kind: str, text: str, first: Token, last: Token) -> Token:
    return Token(kind, text, start_pos=first.start_pos, end_pos=last.end_pos)


def span(token: Token) -> tuple[int, int]:
    """Where ``token`` stands in the text; every token that we read or make says it."""
    return cast("int", token.start_pos), cast("int", token.end_pos)
