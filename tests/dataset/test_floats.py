import math
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfrules.dataset.floats import nearest, read_floats
from perfrules.quantities.figures import State

NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("x", "first", "last", "found"),
    [
        (0.1 + 0.2, 2, 8, (30, 2)),
        (0.1 + 0.2, 0, None, (3, 1)),
        (1451.29, 2, 8, (145129, 2)),
        (-1451.29, 2, 8, (-145129, 2)),
        (1451.2957, 2, 8, (14512957, 4)),
        (1 / 3, 2, 8, None),
        (1 / 3, 0, None, (3333333333333333, 16)),
        (0.0, 2, 8, (0, 2)),
        (1e15, 0, 6, (10**15, 0)),
        (1e17, 0, 6, None),
        (1e17, 0, None, (10**17, 0)),
        (1e15 + 0.5, 0, None, (10**16 + 5, 1)),
        (12345678901234.56, 2, 8, (1234567890123456, 2)),
        (92345678901234.56, 2, 8, None),
        (1e300, 0, None, None),
        (5e-7, 0, None, (5, 7)),
        (0.30 + 9 * math.ulp(0.30), 2, 8, None),
    ],
)
def test_a_float_is_the_decimal_that_it_stands_for(
    x: float, first: int, last: int | None, found: tuple[int, int] | None
) -> None:
    assert nearest(x, first, last) == found
    row = read_floats(pl.Series([x]), first, last).row(0)
    assert row == ((*found, State.FIGURE) if found else (None, None, State.UNREADABLE))


@pytest.mark.parametrize(
    ("x", "state"),
    [(NAN, State.BLANK), (None, State.BLANK), (INF, State.UNREADABLE), (-INF, State.UNREADABLE)],
)
def test_what_is_no_number_has_a_state(x: float | None, state: State) -> None:
    assert read_floats(pl.Series([x], dtype=pl.Float64), 2, 8).row(0) == (None, None, state)


@given(st.integers(-(10**11), 10**11), st.integers(0, 4))
def test_the_float_of_a_printed_figure_reads_back(digits: int, decimals: int) -> None:
    x = digits / 10**decimals
    assert read_floats(pl.Series([x]), 4, 10).row(0) == (
        digits * 10 ** (4 - decimals),
        4,
        State.FIGURE,
    )


@given(
    st.lists(st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False), max_size=20),
    st.integers(0, 4),
    st.one_of(st.none(), st.just(6)),
)
def test_whole_columns_read_as_single_floats_do(
    floats: list[float], first: int, extra: int | None
) -> None:
    last = None if extra is None else first + extra
    frame = read_floats(pl.Series(floats, dtype=pl.Float64), first, last)
    expected = [nearest(x, first, last) for x in floats]
    assert list(zip(frame["digits"], frame["decimals"], strict=True)) == [
        pair or (None, None) for pair in expected
    ]


@given(st.integers(1, 10**9), st.integers(-9, 9), st.integers(0, 3))
def test_what_is_read_lies_within_four_ulp(digits: int, steps: int, decimals: int) -> None:
    x = digits / 10**decimals
    x += steps * math.ulp(x)
    found = nearest(x, decimals, decimals)
    reach = 4 * Fraction(math.ulp(x))
    near = abs(Fraction(digits, 10**decimals) - Fraction(x)) <= reach
    assert found == ((digits, decimals) if near else None)
