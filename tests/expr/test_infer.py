"""What inference accepts, what it makes of it, and every refusal with its place, its words and its hint."""

from dataclasses import replace

import pytest

from perfrules.errors import ExpressionFault
from perfrules.expr.format import format as written
from perfrules.expr.infer import Scope, fold, infer, infer_guard
from perfrules.expr.nodes import Call, Compare, Field, Negate, Node, Number, Rows, Steps
from perfrules.expr.parse import parse
from perfrules.model import PackFile
from perfrules.tables import names_of
from tests.evaluate.cases import FOLDER, read_yaml

PACK = PackFile.model_validate({"pack": "test"} | read_yaml(FOLDER / "tables.yaml"))
SCOPE = Scope(
    PACK.tables,
    {
        table: {fold(word): name for name, column in spec.columns.items() for word in names_of(name, column)}
        for table, spec in PACK.tables.items()
    },
    {fold(word): name for name, table in PACK.tables.items() for word in names_of(name, table)},
    PACK.params,
    PACK.relations,
    ("t",),
    ("k", "year"),
)  # fmt: skip
SAME = (("k", "k"), ("year", "year"))


def inferred(text: str, scope: Scope = SCOPE) -> Node:
    return infer(parse(text), scope)


def fault_of(text: str, scope: Scope = SCOPE) -> ExpressionFault:
    with pytest.raises(ExpressionFault) as caught:
        inferred(text, scope)
    return caught.value


# ---- what is made of it -------------------------------------------------------------------------------------------------


def field(column: str) -> Field:
    spec = PACK.tables["t"].columns[column]
    return Field("t", column, spec.type, SAME, exact=spec.is_exact, own=column in ("k", "year"))


def test_names_become_fields() -> None:
    assert inferred("a = b") == Compare("=", field("a"), field("b"))
    assert inferred("甲 = 「乙」") == inferred("a = b")
    assert inferred("t.a = t.乙") == inferred("a = b")
    assert inferred("Ａ = b", replace(SCOPE, names={"t": {"A": "a", "b": "b"}})) == inferred(
        "a = b"
    )
    assert inferred("n = w") == Compare("=", field("n"), field("w"))


def test_other_tables_are_joined_by_what_their_key_shares_with_the_grain() -> None:
    assert inferred("a = u.m") == Compare("=", field("a"), Field("u", "m", "money", (("k", "k"),)))
    assert inferred("a = u[k = A].m") == Compare(
        "=", field("a"), Field("u", "m", "money", (), (("k", "A"),))
    )
    assert inferred("a = d[i = 1].x") == Compare(
        "=", field("a"), Field("d", "x", "money", SAME, (("i", "1"),))
    )


def test_aggregates_run_over_the_rows_that_meet_the_grain() -> None:
    inner = Field("d", "x", "money", SAME, many=True)
    assert inferred("a = sum(d.x)") == Compare("=", field("a"), Call("sum", (inner,)))
    assert inferred("a = 求和(d.x)") == inferred("a = sum(d.x)")
    assert inferred("n = count(d)") == Compare("=", field("n"), Call("count", (Rows("d", SAME),)))
    per = Field("d", "x", "money", (("k", "k"),), many=True)
    assert inferred("a = sum(d.x per k)") == Compare("=", field("a"), Call("sum", (per,)))
    below = Field("parts", "x", "money", (("owner", "k"), ("year", "year")), many=True)
    assert inferred("a = sum(below.x)") == Compare("=", field("a"), Call("sum", (below,)))


def test_the_year_before() -> None:
    before = replace(field("b"), shift=1)
    assert inferred("a = prior(b)") == Compare("=", field("a"), before)
    assert inferred("a = prior(prior(b))") == Compare("=", field("a"), replace(before, shift=2))


def test_parameters_become_numbers_and_steps() -> None:
    assert inferred("r ≤ param.limit") == Compare("≤", field("r"), Number("20", "%"))
    assert inferred("r ≥ param.drop") == Compare("≥", field("r"), Negate(Number("5", "%")))
    assert inferred("a ≤ param.gap") == Compare("≤", field("a"), Number("0.5", "万元"))
    bands = Steps("bands", (("0", True, "5"), ("10%", True, "4"), ("", True, "0")))
    assert inferred("w = step(r, param.bands)") == Compare(
        "=", field("w"), Call("step", (field("r"), bands))
    )


@pytest.mark.parametrize(
    ("text", "simple"),
    [
        ("r = growth(a, b)", "t.r = t.a / t.b - 1"),
        ("r = share(a, b)", "t.r = t.a / t.b"),
        ("r = (a - b) / b", "t.r = t.a / t.b - 1"),
        ("r = (a - b) / (a + b)", "t.r = (t.a - t.b) / (t.a + t.b)"),
        ("r = growth(a, prior(a))", "t.r = t.a / prior(t.a) - 1"),
    ],
)
def test_quotients_are_written_with_each_figure_once(text: str, simple: str) -> None:
    assert written(inferred(text)) == simple


# ---- what is accepted ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "a = b + c",  # money
        "a = 2 * b + c / 3",
        "a = b * r",
        "a * w = b",
        "a / n = b",
        "a = 10万元",
        "a ≥ 0",  # zero needs no unit
        "0 < a + 0",
        "a - b ≤ 5000元",
        "r = a / b",  # ratios
        "r = 0.5",
        "r = a / b - 1",
        "r = 1 - h",
        "r + h = 100%",
        "r - 5% = h",
        "r - h = g",  # points
        "r - h ≤ 5pp",
        "r + g = h",
        "r + 5pp = h",
        "g * 2 = g + 3pp",
        "n + l = 3",  # counts and numbers
        "n = w * 2",
        "n / l ≤ 2",
        "r = n / l",
        "w = v + n",
        "n = 3人",
        "year = 2023",  # years
        "year - 1 = 2022",
        "year - year = w",
        "s = code",  # texts
        's = "甲" or code ≠ "201"',
        's in ("甲", code)',
        "f",  # flags
        "f and not (f = true)",
        "f = (a > b)",
        "day ≤ due",  # dates
        "max(day, due) = due",
        "s is blank and u.m is not blank",
        "if f then a = b else c = e",
        "a = (if f then b else 0)",
        "w = (if f then n else 2)",
        "n = count(d where x > 0 and v = s)",
        "a = sum(d.x * d.n)",
        "a = sum(d.x where r > h)",
        "count_present(a, s, day) = 3",
        "w = step(r, param.bands)",
        "matches(s, \"甲*\")",
        "decimals(a) = 2",
        "a = min(b, c, 3万元)",
        "min(a, 0) = b",
        "present(d)",
        "r = (a - b) / a",  # provable with a figure twice
    ],
)  # fmt: skip
def test_accepted(text: str) -> None:
    inferred(text)


# ---- refusals -----------------------------------------------------------------------------------------------------------

_LIKE = "only like can be added or compared; a share is written with /"
_POINTS = "write 5pp or 5个百分点 for a difference of percentages, 5% for a share"
_UNIT = "write its unit, for example 10万元, 0.5 USD or 5pp"
_QUOTES = 'write a code or a text in quotes, for example "201"'
_ONCE = "write it without the repetition; a ≤ 30% * b is exact where a / b ≤ 30% is not"

REFUSALS = [
    ("a = summ(d.x)", "PR203", "summ(d.x)", "there is no function summ", "did you mean sum?"),
    ("a = qqqq(d.x)", "PR203", "qqqq(d.x)", "there is no function qqqq", ""),
    ("a = 求合(d.x)", "PR203", "求合(d.x)", "there is no function 求合", ""),
    ("a = codes", "PR301", "codes", "there is no column codes in t", "did you mean code?"),
    ("a = zzzz", "PR301", "zzzz", "there is no column zzzz in t", ""),
    ("a = y", "PR301", "y", "there is no column y in t", "did you mean d.y?"),
    ("a = sum(d.q)", "PR301", "d.q", "there is no column q in d", ""),
    ("a = dues.a", "PR302", "dues.a", "there is no table dues", "did you mean due?"),
    ("n = count(dd)", "PR302", "dd", "there is no table dd", "did you mean d?"),
    ("a = b + r", "PR303", "b + r", "b + r mixes an amount of money and a ratio", _LIKE),
    ("a = n", "PR303", "a = n", "a = n mixes an amount of money and a count", _LIKE),
    ("a * b = c", "PR303", "a * b", "a * b mixes an amount of money and an amount of money", _LIKE),
    ("n = r / a", "PR303", "r / a", "r / a mixes a ratio and an amount of money", _LIKE),
    ("r = year", "PR303", "r = year", "r = year mixes a ratio and a year", _LIKE),
    ("a = day", "PR303", "a = day", "a = day mixes an amount of money and a date", _LIKE),
    ("f = a", "PR303", "f = a", "f = a mixes a yes or no and an amount of money", _LIKE),
    ("s in (1, 2)", "PR303", "s in (1, 2)", "s = 1 mixes a text and a number without unit", _LIKE),
    ("a = (if f then b else r)", "PR303", "if f then b else r", "b = r mixes an amount of money and a ratio", _LIKE),
    ("min(a, n) = b", "PR303", "min(a, n)", "a = n mixes an amount of money and a count", _LIKE),
    ("r = share(a, n)", "PR303", "share(a, n)", "a = n mixes an amount of money and a count", _LIKE),
    ("r - h ≤ 3%", "PR304", "r - h ≤ 3%", "r - h ≤ 3% mixes a percentage with percentage points", _POINTS),
    ("r = g", "PR304", "r = g", "r = g mixes a percentage with percentage points", _POINTS),
    ("g - r = h", "PR304", "g - r", "g - r mixes a percentage with percentage points", _POINTS),
    ("d.x = a", "PR305", "d.x", "d.x has several rows per k, year", "wrap it in sum(d.x), or add per: [k, year, i] to the rule"),
    ("a = sum(d.x) + d.y", "PR305", "d.y", "d.y has several rows per k, year", "wrap it in sum(d.y), or add per: [k, year, i] to the rule"),
    ("a = sum(parts.x)", "PR305", "parts.x", "parts has no column k to meet the rows of the rule by", "say which columns: sum(parts.… per year)"),
    ("round(r, 2, 1) = h", "PR306", "round(r, 2, 1)", "round takes 1 to 2 arguments, not 3", "for example score = round(weight * rate, 0)"),
    ("sum() = a", "PR306", "sum()", "sum takes 1 to 1 arguments, not 0", "for example sum(projects.actual) = project"),
    ("sum(a) = b", "PR306", "sum(a)", "a has one row here: there is nothing to run over", "leave sum out, or name a table with several rows"),
    ("min(a) = b", "PR306", "min(a)", "a has one row here: there is nothing to run over", "leave min out, or name a table with several rows"),
    ("any(a > 0)", "PR306", "any(a > 0)", "a > 0 has one row here: there is nothing to run over", "leave any out, or name a table with several rows"),
    ("abs(a where f) = b", "PR306", "abs(a where f)", "where and per belong to functions over the rows of a table", ""),
    ("min(d.x, d.y) = a", "PR306", "min(d.x, d.y)", "over the rows of d, min takes one argument", ""),
    ("prior(a + b) = c", "PR307", "prior(a + b)", "prior takes a column with one row, for example prior(carry_out)", ""),
    ("prior(u.m) = a", "PR307", "prior(u.m)", "u has no year in its key: there is no year before", ""),
    ("count(d.x) = n", "PR307", "count(d.x)", "count takes the name of a table", ""),
    ("present(1)", "PR307", "present(1)", "present takes the name of a table", ""),
    ("abs(s) = a", "PR307", "s", "s is a text, which abs does not take here", "for example abs(adjusted - initial) ≤ 10万元"),
    ("sum(d.v) = a", "PR307", "d.v", "d.v is a text, which sum does not take here", "for example sum(projects.actual) = project"),
    ("matches(s, code)", "PR307", "code", "code is a code, which matches does not take here", 'for example matches(code, "208*")'),
    ("step(r, param.limit) = w", "PR307", "param.limit", "param.limit is a ratio, which step does not take here", "for example score = step(rate, param.bands)"),
    ("decimals(2) = n", "PR307", "2", "2 is a number without unit, which decimals does not take here", "for example decimals(rate) = 2"),
    ("round(a, 1%) = b", "PR307", "1%", "1% is a ratio, which round does not take here", "for example score = round(weight * rate, 0)"),
    ("a + b is blank", "PR307", "a + b is blank", "only a column can be blank, not a + b", ""),
    ("1 = 1", "PR308", "1 = 1", "1 = 1 is always the same", ""),
    ("true", "PR308", "true", "true is always the same", ""),
    ("a = b and 1 < 2", "PR308", "1 < 2", "1 < 2 compares constants: it is always the same", "name a column, or remove the condition"),
    ("a * r - a = b", "PR312", "a * r - a = b", "t.a * t.r - t.a = t.b uses a figure several times, and its exact range cannot be computed", _ONCE),
    ("a = a", "PR308", "a = a", "both sides of t.a = t.a are the same", ""),
    ("a = 甲", "PR308", "a = 甲", "both sides of t.a = t.a are the same", ""),
    ("r ≤ param.limt", "PR310", "param.limt", "there is no parameter limt", "did you mean limit?"),
    ("a", "PR311", "a", "this is a value, not a condition", "compare it with something, for example a = …"),
    ("a + b", "PR311", "a + b", "this is a value, not a condition", "compare it with something, for example a + b = …"),
    ("a and f", "PR311", "a", "a is a value; a condition is due here", ""),
    ("not a", "PR311", "a", "a is a value; a condition is due here", ""),
    ("if a then f", "PR311", "a", "a is a value; a condition is due here", ""),
    ("a = sum(d.x where n)", "PR311", "n", "n is a value; a condition is due here", ""),
    ("any(d.x)", "PR311", "d.x", "d.x is a value; a condition is due here", ""),
    ("a = (if f then b)", "PR311", "if f then b", "if f then b has no else: nothing is said for the other case", "add else …"),
    ("a * r / (a + b) = h", "PR312", "a * r / (a + b) = h", "t.a * t.r / (t.a + t.b) = t.h uses a figure several times, and its exact range cannot be computed", _ONCE),
    ("r * abs(a) = abs(a - b)", "PR312", "r * abs(a) = abs(a - b)", "t.r * abs(t.a) = abs(t.a - t.b) uses a figure several times, and its exact range cannot be computed", _ONCE),
    ("a = d[v = 甲].x", "PR313", "d[v = 甲].x", "v is not a key column of d", "its key is k, year, i"),
    ("a = sum(d.x per i)", "PR313", "sum(d.x per i)", "per i: the rule speaks per k, year", ""),
    ("s + 1 = n", "PR314", "s", "s is a text, not a number", ""),
    ("-day = due", "PR314", "day", "day is a date, not a number", ""),
    ("code = 201", "PR314", "code = 201", "code = 201 compares a text with a number", _QUOTES),
    ("s < code", "PR314", "s < code", "s < code asks which of two texts is greater", "texts are compared with = or ≠"),
    ("f > true", "PR314", "f > true", "f > true asks which of two texts is greater", "texts are compared with = or ≠"),
    ("a ≤ 10", "PR315", "a ≤ 10", "a ≤ 10 sets a number without unit against an amount of money", _UNIT),
    ("a + 1 = b", "PR315", "a + 1", "a + 1 sets a number without unit against an amount of money", _UNIT),
    ("r - h ≤ 5", "PR315", "r - h ≤ 5", "r - h ≤ 5 sets a number without unit against percentage points", _UNIT),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "at", "what", "hint"), REFUSALS)
def test_refused(text: str, code: str, at: str, what: str, hint: str) -> None:
    fault = fault_of(text)
    assert fault.code == code
    assert text[fault.start : fault.end] == at
    assert str(fault.message) == what
    assert str(fault.hint or "") == hint


def test_a_name_of_two_columns_is_refused() -> None:
    fault = fault_of("合计 = a", replace(SCOPE, names={"t": {"合计": "", "a": "a"}}))
    assert (fault.code, str(fault.message)) == ("PR309", "合计 names more than one column of t")
    assert str(fault.hint) == "use the column's id"


def test_a_guard_that_no_figures_can_meet_is_refused() -> None:
    with pytest.raises(ExpressionFault) as caught:
        infer_guard(parse("a > 10元 and a < 5元"), SCOPE)
    assert caught.value.code == "PR316"
    assert str(caught.value.message) == (
        "a > 10元 and a < 5元 holds for no figures: the rule can never apply"
    )
    infer_guard(parse("a > 10元 or a < 5元"), SCOPE)
    infer_guard(parse("a ≥ 10元 and a ≤ 10元"), SCOPE)


def test_every_code_of_inference_is_refused_here() -> None:
    numbers = {code for _, code, *_ in REFUSALS} | {"PR309", "PR316"}
    assert numbers == {"PR203", *(f"PR{number}" for number in range(301, 317))}
