from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfrules.quantities import LogicalType
from perfrules.quantities.figures import (
    INFINITY,
    Figure,
    State,
    is_error,
    printed_unit,
    read_figure,
)

FIGURES: list[tuple[str, LogicalType, str, int, int]] = [
    ("1451.29", "money", "", 145129, 2),
    ("1,451.29", "money", "", 145129, 2),
    ("1451.29", "money", "万元", 145129, -2),
    ("1,451.29万元", "money", "", 145129, -2),
    ("1,451.29 万元", "money", "元", 145129, -2),
    ("14512900元", "money", "万元", 14512900, 0),
    ("３８３２．３６", "money", "", 383236, 2),
    ("１，４５１．２９万元", "money", "", 145129, -2),
    ("￥1,451.29", "money", "", 145129, 2),
    ("△3.2", "money", "万元", -32, -3),
    ("▲3.2", "money", "万元", -32, -3),
    ("－3.2", "money", "", -32, 1),
    ("−3.2", "money", "", -32, 1),
    ("+3.2", "money", "", 32, 1),
    ("(3.20)", "money", "", -320, 2),
    ("（3.20）", "money", "", -320, 2),
    ("(3.20万元)", "money", "", -320, -2),
    ("0", "money", "亿元", 0, -8),
    ("0.00", "money", "", 0, 2),
    (".5", "number", "", 5, 1),
    ("5.", "number", "", 5, 0),
    ("1,234.", "number", "", 1234, 0),
    ("007", "count", "", 7, 0),
    ("14人", "count", "", 14, 0),
    ("12个月", "count", "", 12, 0),
    ("99.91%", "ratio", "1", 9991, 4),
    ("99.91％", "ratio", "%", 9991, 4),
    ("99.91", "ratio", "%", 9991, 4),
    ("0.9991", "ratio", "1", 9991, 4),
    ("5‰", "ratio", "%", 5, 3),
    ("5个百分点", "points", "", 5, 2),
    ("87.5%", "number", "", 875, 3),
    ("2023年", "year", "", 2023, 0),
    ("\u3000 1451.29\u00a0", "money", "", 145129, 2),
    ("9" * 38, "number", "", int("9" * 38), 0),
]


@pytest.mark.parametrize(("text", "kind", "unit", "digits", "place"), FIGURES)
def test_a_printed_figure_keeps_its_digits(
    text: str, kind: LogicalType, unit: str, digits: int, place: int
) -> None:
    assert read_figure(text, kind, unit) == Figure(digits, place)


BOUNDS: list[tuple[str, LogicalType, object, object, Fraction]] = [
    ("95%以上", "ratio", Fraction("0.95"), INFINITY, Fraction("0.95")),
    ("95%及以上", "ratio", Fraction("0.95"), INFINITY, Fraction("0.95")),
    ("≥95%", "ratio", Fraction("0.95"), INFINITY, Fraction("0.95")),
    ("不低于95%", "ratio", Fraction("0.95"), INFINITY, Fraction("0.95")),
    ("不超过3", "number", -INFINITY, Fraction(3), Fraction(3)),
    ("≤10万元", "money", -INFINITY, Fraction(100_000), Fraction(100_000)),
    ("5以内", "number", -INFINITY, Fraction(5), Fraction(5)),
    ("80%-90%", "ratio", Fraction("0.8"), Fraction("0.9"), Fraction("0.9")),
    ("80-90%", "ratio", Fraction("0.8"), Fraction("0.9"), Fraction("0.9")),
    ("80%～90%", "ratio", Fraction("0.8"), Fraction("0.9"), Fraction("0.9")),
    ("80至90", "number", Fraction(80), Fraction(90), Fraction(90)),
    ("约1.5", "number", Fraction("1.4"), Fraction("1.6"), Fraction("1.5")),
]


@pytest.mark.parametrize(("text", "kind", "low", "high", "value"), BOUNDS)
def test_bounds_and_ranges_are_figures_with_an_interval(
    text: str, kind: LogicalType, low: object, high: object, value: Fraction
) -> None:
    figure = read_figure(text, kind)
    assert isinstance(figure, Figure)
    assert (figure.low, figure.high, figure.value) == (low, high, value)


@pytest.mark.parametrize("text", ["无", "没有", "零"])
def test_none_is_an_exact_zero(text: str) -> None:
    assert read_figure(text, "money") == Figure(0, 0, exact=True)


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("", State.BLANK),
        (" \u3000\u00a0\ufeff", State.BLANK),
        ("-", State.DASH),
        ("——", State.DASH),
        ("－－", State.DASH),
        ("/", State.DASH),
        ("不适用", State.DASH),
        ("#REF!", State.UNREADABLE),
        ("#DIV/0!", State.UNREADABLE),
        ("已完成", State.UNREADABLE),
        ("1.2.3", State.UNREADABLE),
        ("1,45.29", State.UNREADABLE),
        ("90%-80%", State.UNREADABLE),
        ("1e5", State.UNREADABLE),
        (".-5", State.UNREADABLE),
        ("12公斤", State.UNREADABLE),
        ("1、200", State.UNREADABLE),
        ("9" * 39, State.UNREADABLE),
    ],
)
def test_what_is_no_figure_says_why(text: str, state: State) -> None:
    assert read_figure(text, "money") == state


@pytest.mark.parametrize(("text", "kind"), [("40%", "money"), ("3万元", "ratio"), ("3元", "count")])
def test_a_unit_of_another_dimension_is_unreadable(text: str, kind: LogicalType) -> None:
    assert read_figure(text, kind) is State.UNREADABLE


@pytest.mark.parametrize(
    ("text", "kind", "unit"),
    [
        ("1,451.29万元", "money", "万元"),
        ("(3.2万元)", "money", "万元"),
        ("99.91％", "ratio", "%"),
        ("95%以上", "ratio", "%"),
        ("95%及以上", "ratio", "%"),
        ("80%-90%", "ratio", "%"),
        ("1451.29", "money", ""),
        ("95以上", "ratio", ""),
        ("3公斤", "money", ""),
    ],
)
def test_the_unit_that_a_figure_prints(text: str, kind: LogicalType, unit: str) -> None:
    assert printed_unit(text, kind) == unit


@pytest.mark.parametrize(("text", "error"), [(" #REF! ", True), ("#####", True), ("REF", False)])
def test_error_values(text: str, error: bool) -> None:
    assert is_error(text) is error


@given(
    st.integers(-(10**30), 10**30),
    st.integers(0, 7),
    st.sampled_from(["", "元", "万元", "亿元"]),
    st.booleans(),
)
def test_a_printed_number_reads_back_exactly(
    digits: int, decimals: int, unit: str, grouped: bool
) -> None:
    whole, rest = divmod(abs(digits), 10**decimals)
    text = f"{whole:,}" if grouped else str(whole)
    text = ("-" if digits < 0 else "") + text + (f".{rest:0{decimals}}" if decimals else "") + unit
    figure = read_figure(text, "money")
    power = {"": 0, "元": 0, "万元": 4, "亿元": 8}[unit]
    assert figure == Figure(digits, decimals - power)
