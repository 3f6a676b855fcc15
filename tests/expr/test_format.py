"""Nodes to text and back: ``parse(format(node))`` is ``node`` for every tree that ``parse`` can make."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfrules.expr.format import format as written
from perfrules.expr.format import word
from perfrules.expr.functions import FUNCTIONS
from perfrules.expr.nodes import (
    Arithmetic,
    Call,
    Compare,
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
    Text,
    Truth,
)
from perfrules.expr.parse import KEYWORDS, parse
from perfrules.expr.rewrite import number

# ---- strategies: trees as ``parse`` makes them --------------------------------------------------------------------------

LETTERS = "abXé项目非且_1２·²%/( ）,.=-"
WORDS = st.one_of(
    st.sampled_from(["a", "b1", "支出合计", "非税收入", "万元", "USD", "m", "且慢", "_x"]),
    st.sampled_from(sorted(KEYWORDS)),
    st.text(LETTERS, min_size=1, max_size=6).map(str.strip).filter(bool),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=4)
    .map(lambda text: text.replace("」", "").strip()).filter(bool),
)  # fmt: skip
"""What may stand between 「 and 」."""
QUOTED = st.text(st.characters(codec="utf-8", exclude_characters='"\n'), max_size=5)
PLAIN = st.sampled_from(
    ["a", "b1", "支出合计", "sum", "求和", "万元", *(row.name for row in FUNCTIONS)]
)
NUMBERS = st.builds(
    Number,
    st.from_regex(r"[0-9]{1,9}(\.[0-9]{1,6})?", fullmatch=True),
    st.sampled_from(
        [
            "",
            "",
            "%",
            "‰",
            "pp",
            "个百分点",
            "百分点",
            "元",
            "万元",
            "亿",
            "USD",
            "yuan",
            "人",
            "人次",
        ]
    ),
)
PINS = st.lists(st.tuples(WORDS, st.one_of(WORDS, QUOTED)), min_size=1, max_size=2).map(tuple)
TABLES = WORDS.filter(lambda name: name != "param")
NAMES = st.one_of(
    st.builds(Name, WORDS),
    st.builds(Name, WORDS, TABLES),
    st.builds(Name, WORDS, TABLES, PINS),
    st.builds(Name, st.just(""), TABLES, PINS),
)
LEAVES = st.one_of(
    NAMES, NUMBERS, st.builds(Parameter, WORDS), st.builds(Text, QUOTED), st.builds(Truth, st.booleans())
)  # fmt: skip


def grown(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(nodes, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Negate, nodes),
        st.builds(Arithmetic, st.sampled_from("+-*/"), nodes, nodes),
        st.builds(Compare, st.sampled_from("=≠<≤>≥"), nodes, nodes),
        st.builds(In, nodes, st.lists(nodes, min_size=1, max_size=3).map(tuple), st.booleans()),
        st.builds(IsBlank, nodes, st.booleans()),
        st.builds(Not, nodes),
        st.builds(Logic, st.sampled_from(["and", "or"]), several),
        st.builds(If, nodes, nodes, st.none() | nodes),
        st.builds(
            Call,
            PLAIN,
            st.lists(nodes, max_size=3).map(tuple),
            st.none() | nodes,
            st.lists(WORDS, max_size=2).map(tuple),
        ),
    )


NODES = st.recursive(LEAVES, grown, max_leaves=12)


# ---- parse ∘ format -----------------------------------------------------------------------------------------------------


@settings(max_examples=400, deadline=None)
@given(NODES)
def test_parse_undoes_format(node: Node) -> None:
    assert parse(written(node)) == node


@settings(max_examples=100, deadline=None)
@given(NODES)
def test_format_is_settled(node: Node) -> None:
    text = written(node)
    assert written(parse(text)) == text


@settings(max_examples=200, deadline=None)
@given(WORDS)
def test_every_name_can_be_written(name: str) -> None:
    assert parse(f"{word(name)} = 1") == Compare("=", Name(name), Number("1"))


@settings(max_examples=200, deadline=None)
@given(NUMBERS)
def test_a_number_keeps_its_value(node: Number) -> None:
    found = parse(f"a = {written(node)}")
    assert isinstance(found, Compare)
    assert isinstance(found.right, Number)
    assert number(found.right) == number(node)


@pytest.mark.parametrize(
    ("text", "settled"),
    [
        ("((a)+(b))=c", "a + b = c"),
        ("a=(b+c)+d", "a = b + c + d"),
        ("a=b+(c+d)", "a = b + (c + d)"),
        ("a=b-(c-d)", "a = b - (c - d)"),
        ("a=(b*c)/d", "a = b * c / d"),
        ("a=b/(c*d)", "a = b / (c * d)"),
        ("a=(b+c)×d", "a = (b + c) * d"),
        ("a=-(b+c)", "a = -(b + c)"),
        ("a=- -b", "a = --b"),
        ("a＝１２.５％", "a = 12.5%"),
        ("a ≤ 10 万元", "a ≤ 10万元"),
        ("a ≤ 0.5 USD", "a ≤ 0.5 USD"),
        ("a - b ≤ 5 pp", "a - b ≤ 5pp"),
        ("非 (a = b)", "not a = b"),
        ("非 (a 且 b)", "not (a and b)"),
        ("(a 或 b) 且 c", "(a or b) and c"),
        ("a 或 (b 且 c)", "a or b and c"),
        ("若 a 则 b 否则 c", "if a then b else c"),
        ("a = (若 f 则 b 否则 c)", "a = (if f then b else c)"),
        ("(a = b) = f", "(a = b) = f"),
        ("a 属于（1、2）", "a in (1, 2)"),
        ("a 非空", "a is not blank"),
        ("求和（d．x 其中 v＝‘甲’ 按 k）", '求和(d.x where v = "甲" per k)'),
        ("d[i = 1].x = a", "d[i = 「1」].x = a"),
        ("「a」 = 「a b」", "a = 「a b」"),
        ("`「甲」` = 「and」", "`「甲」` = 「and」"),
        ("param.「上限」 = a", "param.上限 = a"),
    ],
)
def test_brackets_and_spaces(text: str, settled: str) -> None:
    assert written(parse(text)) == settled
