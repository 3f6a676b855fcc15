"""Text to nodes: every way of writing the same condition, and every fault with its place."""

import pytest

from perfrules.errors import ExpressionFault
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
from perfrules.expr.parse import MAX_DEPTH, MAX_LENGTH, MAX_LEVELS, is_plain, parse

A, B, C, D, F = (Name(name) for name in "abcdf")
ONE, TWO = Number("1"), Number("2")
SUM = Compare("=", A, Arithmetic("+", B, C))


def number(text: str) -> Node:
    found = parse(f"a = {text}")
    assert isinstance(found, Compare)
    return found.right


# ---- operators ----------------------------------------------------------------------------------------------------------

WRITTEN = {
    SUM: ("a = b + c", "a==b+c", "a ＝ b ＋ c", "a＝b＋c", "（a）=（b＋c）", "\n a =\tb　+\u00a0c ", "((a)) = ((b + c))"),
    Compare("≠", A, B): ("a ≠ b", "a != b", "a <> b", "a ！= b", "a ！＝ b", "a ＜＞ b"),
    Compare("<", A, B): ("a < b", "a ＜ b"),
    Compare("≤", A, B): ("a ≤ b", "a <= b", "a ＜= b", "a ＜＝ b", "a ≦ b"),
    Compare(">", A, B): ("a > b", "a ＞ b"),
    Compare("≥", A, B): ("a ≥ b", "a >= b", "a ＞＝ b", "a ≧ b"),
    Compare("=", A, Arithmetic("-", B, C)): ("a = b - c", "a = b － c", "a = b − c", "a = b – c", "a=b-c"),
    Compare("=", A, Arithmetic("*", B, C)): ("a = b * c", "a = b × c", "a = b ＊ c"),
    Compare("=", A, Arithmetic("/", B, C)): ("a = b / c", "a = b ÷ c", "a = b ／ c"),
    Compare("=", A, Negate(B)): ("a = -b", "a = －b", "a = − b"),
    Compare("=", A, Negate(Negate(B))): ("a = --b", "a = -(-b)"),
    Compare("=", A, Arithmetic("-", Arithmetic("-", B, C), D)): ("a = b - c - d", "a = (b - c) - d"),
    Compare("=", A, Arithmetic("-", B, Arithmetic("-", C, D))): ("a = b - (c - d)",),
    Compare("=", A, Arithmetic("/", Arithmetic("*", B, C), D)): ("a = b * c / d",),
    Compare("=", A, Arithmetic("+", B, Arithmetic("*", C, D))): ("a = b + c * d", "a = b + (c * d)"),
    Compare("=", A, Arithmetic("*", Arithmetic("+", B, C), D)): ("a = (b + c) * d",),
    Compare("=", A, Arithmetic("*", Negate(B), C)): ("a = -b * c",),
    Compare("=", A, Negate(Arithmetic("*", B, C))): ("a = -(b * c)",),
    Logic("and", (Compare("≤", ONE, A), Compare("<", A, B))): ("1 ≤ a < b", "1 <= a ＜ b", "１ ≤ a < b", "1 ≤ a and a < b"),
    Logic("and", (Compare("≤", ONE, A), Compare("≤", A, TWO))): ("a between 1 and 2", "a BETWEEN 1 AND 2", "a 介于 1 且 2", "a 介于 1 与 2"),
    In(A, (ONE, TWO)): ("a in (1, 2)", "a IN (1,2)", "a 属于（1，2）", "a in (1、2)", "a in ( 1 ， 2 )"),
    In(A, (ONE, TWO), negated=True): ("a not in (1, 2)", "a 不属于 (1, 2)"),
    In(A, (Text("甲"),)): ('a in ("甲")', "a in ('甲')", "a 属于（“甲”）", "a in (‘甲’)"),
    IsBlank(A): ("a is blank", "a IS BLANK", "a 为空", "a　为空"),
    IsBlank(A, negated=True): ("a is not blank", "a IS NOT BLANK", "a 不为空", "a 非空"),
    Not(F): ("not f", "NOT f", "非 f", "非(f)"),
    Not(Not(F)): ("not not f", "非 非 f"),
    Not(Compare("=", A, B)): ("not a = b", "not (a = b)", "非 a = b"),
    Logic("and", (F, A, B)): ("f and a and b", "f AND a 且 b", "f 且 a 并且 b", "f 与 a and b", "(f)且(a)且(b)"),
    Logic("or", (F, A, B)): ("f or a or b", "f OR a 或 b", "f 或者 a 或 b"),
    Logic("or", (F, Logic("and", (A, B)))): ("f or a and b", "f or (a and b)", "f 或 a 且 b"),
    Logic("and", (Logic("or", (F, A)), B)): ("(f or a) and b",),
    Logic("and", (Logic("and", (F, A)), B)): ("(f and a) and b",),
    Logic("and", (Not(F), A)): ("not f and a",),
    If(F, A): ("if f then a", "IF f THEN a", "若 f 则 a", "如果 f 那么 a"),
    If(F, A, B): ("if f then a else b", "若 f 则 a 否则 b", "如果 f 那么 a ELSE b"),
    If(F, A, If(B, C, D)): ("if f then a else if b then c else d", "若 f 则 a 否则 若 b 则 c 否则 d"),
    If(F, If(A, B, C)): ("if f then if a then b else c",),
    Compare("=", A, If(F, B, C)): ("a = (if f then b else c)",),
    Truth(True): ("true", "真"),
    Compare("=", F, Truth(False)): ("f = false", "f = 假"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "node"), [(text, node) for node, texts in WRITTEN.items() for text in texts]
)
def test_operators(text: str, node: Node) -> None:
    assert parse(text) == node


# ---- numbers ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("1451.29", Number("1451.29")),
        ("１４５１．２９", Number("1451.29")),
        ("1.10", Number("1.10")),
        ("007", Number("007")),
        ("12.5%", Number("12.5", "%")),
        ("12.5 %", Number("12.5", "%")),
        ("12.5％", Number("12.5", "%")),
        ("3‰", Number("3", "‰")),
        ("5pp", Number("5", "pp")),
        ("5个百分点", Number("5", "个百分点")),
        ("5 百分点", Number("5", "百分点")),
        ("10万元", Number("10", "万元")),
        ("10 万元", Number("10", "万元")),
        ("１０万元", Number("10", "万元")),
        ("10元", Number("10", "元")),
        ("0.5 USD", Number("0.5", "USD")),
        ("3人", Number("3", "人")),
        ("-5%", Negate(Number("5", "%"))),
        ("1,451.29", Number("1451.29")),
        ("1，451.29", Number("1451.29")),
        ("1,234,567", Number("1234567")),
        ("1,234,567.80万元", Number("1234567.80", "万元")),
        ("(1,234)", Number("1234")),
    ],
)
def test_numbers(text: str, node: Node) -> None:
    assert number(text) == node


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("a in (1,234)", In(A, (Number("1"), Number("234")))),
        ("a in (1，234，5)", In(A, (Number("1"), Number("234"), Number("5")))),
        ("min(1,234) = a", Compare("=", Call("min", (Number("1"), Number("234"))), A)),
        ("min((1,234), 2) = a", Compare("=", Call("min", (Number("1234"), TWO)), A)),
        ("min(1,234万元) = a", Compare("=", Call("min", (ONE, Number("234", "万元"))), A)),
    ],
)
def test_commas_part_arguments_inside_calls_and_lists(text: str, node: Node) -> None:
    assert parse(text) == node


@pytest.mark.parametrize("text", ["a = 1,23", "a = 1, 234", "a = 1.5,234", "a = 12,3456", "a = 1,"])
def test_other_commas_are_faults(text: str) -> None:
    with pytest.raises(ExpressionFault) as caught:
        parse(text)
    assert caught.value.code == "PR201"


# ---- names --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("a", A),
        ("支出合计", Name("支出合计")),
        ("a1_b", Name("a1_b")),
        ("d.x", Name("x", "d")),
        ("d．x", Name("x", "d")),
        ("项目.实际支出数", Name("实际支出数", "项目")),
        ("「其他支出（元/人）」", Name("其他支出（元/人）")),
        ("`其他支出（元/人）`", Name("其他支出（元/人）")),
        ("「 a b 」", Name("a b")),
        ("「and」", Name("and")),
        ("`「甲」`", Name("「甲」")),
        ("「表（一）」.「甲/乙」", Name("甲/乙", "表（一）")),
        ("d[i = 1].x", Name("x", "d", (("i", "1"),))),
        ("d[i=决算].x", Name("x", "d", (("i", "决算"),))),
        ('d[i = "三 公"].x', Name("x", "d", (("i", "三 公"),))),
        ("d［i＝1］．x", Name("x", "d", (("i", "1"),))),
        ("d【i = 1】.x", Name("x", "d", (("i", "1"),))),
        ("d[i = 1, year = 2023].x", Name("x", "d", (("i", "1"), ("year", "2023")))),
        ("param.limit", Parameter("limit")),
        ("param.「上 限」", Parameter("上 限")),
    ],
)
def test_names(text: str, node: Node) -> None:
    assert parse(f"{text} = b") == Compare("=", node, B)


@pytest.mark.parametrize(
    ("text", "known", "node"),
    [
        ("a = 非税收入", (), Compare("=", A, Name("非税收入"))),
        ("若干 = 则例", (), Compare("=", Name("若干"), Name("则例"))),
        ("且 = a", ("且",), Compare("=", Name("且"), A)),
        ("a = in", ("in",), Compare("=", A, Name("in"))),
        ("a > 10且b > 2", (), Logic("and", (Compare(">", A, Number("10")), Compare(">", B, TWO)))),
        ("(a > 1)或(b > 2)", (), Logic("or", (Compare(">", A, ONE), Compare(">", B, TWO)))),
        ("若a > 0则b = c", (), None),  # a name may hold the sign: it must be set off
        ("a > 5%且权重 > 2", (), Logic("and", (Compare(">", A, Number("5", "%")), Compare(">", Name("权重"), TWO)))),
        ("「a」且「b」", (), Logic("and", (A, B))),
        ("a = 10且慢", ("且慢",), None),  # a known name wins, and then an operator is missing
        ("a = 10万元且b = 2", (), None),  # a unit runs on to the next space: 万元且b is no unit
        ("a = 10万元 且 b = 2", (), Logic("and", (Compare("=", A, Number("10", "万元")), Compare("=", B, TWO)))),
    ],
)  # fmt: skip
def test_chinese_keywords_are_set_off(text: str, known: tuple[str, ...], node: Node | None) -> None:
    if node is None:
        with pytest.raises(ExpressionFault):
            parse(text, known)
    else:
        assert parse(text, known) == node


def test_known_names_hold_for_one_call() -> None:
    assert parse("a = in", ("in",)) == Compare("=", A, Name("in"))
    with pytest.raises(ExpressionFault):
        parse("a = in")


@pytest.mark.parametrize(
    ("name", "plain"),
    [("a", True), ("支出", True), ("and", False), ("且", False), ("a b", False), ("1a", False), ("a/b", False), ("", False)],
)  # fmt: skip
def test_plain_names(name: str, plain: bool) -> None:
    assert is_plain(name) is plain


# ---- calls --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("sum(d.x)", Call("sum", (Name("x", "d"),))),
        ("求和（d.x）", Call("求和", (Name("x", "d"),))),
        ("sum(d.x where v = 1)", Call("sum", (Name("x", "d"),), Compare("=", Name("v"), ONE))),
        ("sum(d.x 其中 f)", Call("sum", (Name("x", "d"),), F)),
        ("sum(d.x per k, year)", Call("sum", (Name("x", "d"),), None, ("k", "year"))),
        ("count(d where f 按 k)", Call("count", (Name("d"),), F, ("k",))),
        ("count(d[i = 1])", Call("count", (Name("", "d", (("i", "1"),)),))),
        ("min(a, b, 1)", Call("min", (A, B, ONE))),
        ("f()", Call("f", ())),
        ("round(-a, 2)", Call("round", (Negate(A), TWO))),
        ("any(a = b)", Call("any", (Compare("=", A, B),))),
    ],
)
def test_calls(text: str, node: Node) -> None:
    assert parse(text) == node


def test_texts_keep_what_stands_in_quotes() -> None:
    assert parse('a = "＋ (and"') == Compare("=", A, Text("＋ (and"))
    assert parse("a = '说“好”'") == Compare("=", A, Text("说“好”"))
    assert parse('a = ""') == Compare("=", A, Text(""))


# ---- places -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a = b + c", ["a = b + c", "a", "b + c", "b", "c"]),
        ("x ≤ 10万元", ["x ≤ 10万元", "x", "10万元"]),
        ("not sum(d.x) is blank", ["not sum(d.x) is blank", "sum(d.x) is blank", "sum(d.x)", "d.x"]),
        ("if f then a else 「b」", ["if f then a else 「b」", "f", "a", "「b」"]),
        ("1 ≤ a < b", ["1 ≤ a < b", "1 ≤ a", "1", "a", "a < b", "a", "b"]),
        ("a in (1, -2)", ["a in (1, -2)", "a", "1", "-2", "2"]),
    ],
)  # fmt: skip
def test_every_node_knows_its_stretch_of_text(text: str, parts: list[str]) -> None:
    assert [text[node.at[0] : node.at[1]] for node in parse(text).walk()] == parts


# ---- faults -------------------------------------------------------------------------------------------------------------

_DUE = "write what is compared on both sides, for example a = b + c"
_VALUE = "a name, a number or a bracket is due before it"
_OPERATOR = "an operator is due before it; keywords such as and, 且 stand between spaces"
_END = "an operator such as + or = is due, or the end"


@pytest.mark.parametrize(
    ("text", "code", "span", "what", "hint"),
    [
        ("", "PR201", (0, 1), "the expression is empty", _DUE),
        ("   ", "PR201", (2, 3), "the expression is empty", _DUE),
        ("a =", "PR201", (2, 3), "the expression ends too early", _DUE),
        ("a = b c", "PR201", (6, 7), "c cannot stand here", _OPERATOR),
        ("合计 = 基本 项目", "PR201", (8, 10), "项目 cannot stand here", _OPERATOR),
        ("a = b 10", "PR201", (6, 8), "10 cannot stand here", _OPERATOR),
        ("a = * b", "PR201", (4, 5), "* cannot stand here", _VALUE),
        ("= b", "PR201", (0, 1), "= cannot stand here", _VALUE),
        ("a = b and", "PR201", (8, 9), "the expression ends too early", _DUE),
        ("a = b then c", "PR201", (6, 10), "then cannot stand here", _END),
        ("a is 5", "PR201", (5, 6), "5 cannot stand here", _OPERATOR),
        ("a @ b", "PR201", (2, 3), "the sign @ means nothing here", "names with other signs than letters, digits and _ are written in 「 」"),
        ("a = 「b", "PR201", (4, 5), "the sign 「 means nothing here", "names with other signs than letters, digits and _ are written in 「 」"),
        ('a = "b', "PR201", (4, 5), 'the sign " means nothing here', "names with other signs than letters, digits and _ are written in 「 」"),
        ("d[i < 1].x = b", "PR201", (2, 7), "inside [ ] a key column is held at a value with =", "use where for other conditions"),
        ("(a + b = c", "PR202", (0, 1), "the bracket ( is never closed", "close it where its part ends"),
        ("a = b)", "PR202", (5, 6), ") closes a bracket that is not open", "remove it, or open the bracket before it"),
        ("a = (b]", "PR202", (6, 7), "] closes a bracket that is not open", "remove it, or open the bracket before it"),
        ("sum（d.x = a", "PR202", (3, 4), "the bracket （ is never closed", "close it where its part ends"),
        ("a" * (MAX_LENGTH + 1), "PR206", (0, 1), "the expression is longer than 10000 characters", ""),
        ("(" * (MAX_DEPTH + 1), "PR206", (60, 61), "brackets are nested deeper than 60", ""),
        ("not " * MAX_LEVELS + "f", "PR206", (800, 801), "the expression has more than 200 levels", "split it into several rules, or put parts of a long sum in brackets"),
    ],
)  # fmt: skip
def test_faults(text: str, code: str, span: tuple[int, int], what: str, hint: str) -> None:
    with pytest.raises(ExpressionFault) as caught:
        parse(text)
    fault = caught.value
    assert (fault.code, (fault.start, fault.end)) == (code, span)
    assert str(fault.message) == what
    assert str(fault.hint or "") == hint


@pytest.mark.parametrize(
    "text",
    ["(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH + " = b", "not " * (MAX_LEVELS - 1) + "f", " and ".join(["f"] * 1500), "a" * MAX_LENGTH],
    ids=["brackets", "levels", "parts", "length"],
)  # fmt: skip
def test_limits_are_not_reached(text: str) -> None:
    parse(text)
