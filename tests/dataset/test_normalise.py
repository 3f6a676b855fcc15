import datetime
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import cast

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfrules import tables
from perfrules.dataset import Measure, Origins, Table
from perfrules.dataset.normalise import Source, normalise
from perfrules.locale import word
from perfrules.locations import Origin
from perfrules.quantities.figures import INFINITY, State

MONEY = {"type": "money", "decimals": "2", "unit": "万元"}


def table(columns: Mapping[str, object], key: str = "id", **more: object) -> tables.Table:
    """A table with a code as its key."""
    known = {"id": {"type": "code"}, **columns} if key == "id" else columns
    return tables.Table.model_validate({"key": key.split(), "columns": known, **more})


def column(cells: object, column: Mapping[str, object], source: Source | None = None) -> Table:
    """A table with one column besides its key."""
    series = cells if isinstance(cells, pl.Series) else pl.Series(cast("list[object]", cells))
    raw = pl.DataFrame({"id": [f"r{i}" for i in range(len(series))], "x": series})
    return normalise(raw, "t", table({"x": column}), source or Source())


def codes(made: Table) -> list[tuple[str, str]]:
    return [(notice.code, notice.level) for notice in made.notices]


def values(made: Table, name: str = "x") -> list[Fraction | State]:
    cells = [made.cell(row, name) for row in range(len(made.frame))]
    return [cell.value if isinstance(cell.value, Fraction) else cell.state for cell in cells]


# figures


@pytest.mark.parametrize(
    ("cells", "spec", "held", "measure"),
    [
        (["1451.29", "1194.21"], MONEY, [145129, 119421], Measure(-2, -2, -2, unit="万元", unit_place=-4)),
        (["1,451.29", "△3.20"], MONEY, [145129, -320], Measure(-2, -2, -2, unit="万元", unit_place=-4)),
        ([1451, -3], MONEY, [145100, -300], Measure(-2, -2, -2, unit="万元", unit_place=-4)),
        ([1451.29, 0.1 + 0.2], MONEY, [145129, 30], Measure(-2, -2, -2, unit="万元", unit_place=-4)),
        ([Decimal("1451.29")], MONEY, [145129], Measure(-2, -2, -2, unit="万元", unit_place=-4)),
        ([Decimal("1451.2900")], MONEY, [145129], Measure(-2, -2, -2, unit="万元", unit_place=-4)),
        ([Decimal("1451.2")], MONEY, [145120], Measure(-2, -2, -2, unit="万元", unit_place=-4)),
        ([True], {"type": "count"}, [None], Measure(0, 0, exact=True, states=True)),
        ([3, 4], {"type": "count"}, [3, 4], Measure(0, 0, exact=True)),
        (["3", "4.5"], {"type": "number", "decimals": "exact"}, [30, 45], Measure(1, 1, exact=True)),
        (["3.0", "4.5"], {"type": "number"}, [30, 45], Measure(1, 1)),
        ([Decimal("3.00")], {"type": "number"}, [300], Measure(2, 2)),
        ([3], {"type": "number"}, [3], Measure(0, 0)),
        ([1.5, 2.5], {"type": "number"}, [15, 25], Measure(1, 1)),
        (["99.91%"], {"type": "ratio", "decimals": "2"}, [9991], Measure(4, 4, 4, unit="%", unit_place=2)),
        (["99.91%"], {"type": "ratio", "decimals": "2", "unit": "1"}, [9991], Measure(4, 4, 2, unit="1")),
        ([99.91], {"type": "ratio", "decimals": "2", "unit": "%"}, [9991], Measure(4, 4, 4, unit="%", unit_place=2)),
        (["", None], MONEY, [None, None], Measure(-2, -2, -2, unit="万元", unit_place=-4)),
        ([None, None], MONEY, [None, None], Measure(-2, -2, -2, unit="万元", unit_place=-4)),
    ],
)  # fmt: skip
def test_figures_become_scaled_integers(
    cells: list[object], spec: Mapping[str, object], held: list[int], measure: Measure
) -> None:
    made = column(cells, spec)
    assert made.frame["x"].to_list() == held
    assert made.frame["x"].dtype == pl.Int64
    assert made.measures["x"] == measure


def test_each_cell_keeps_the_place_that_it_prints() -> None:
    made = column(["1451.3", "1451.29", "10", "", "14512900元"], MONEY)
    assert made.frame["x"].to_list() == [14513000, 14512900, 100000, None, 14512900]
    assert made.frame["x@place"].to_list() == [-3, -2, -4, None, 0]
    assert made.measures["x"] == Measure(0, None, -2, unit="万元", unit_place=-4)
    assert made.cell(2, "x").place == -4


@pytest.mark.parametrize(
    ("cells", "held", "places"),
    [
        (["1.29", "1.295"], [1290, 1295], [2, 3]),
        ([1.29, 1.295], [1290, 1295], [2, 3]),
        ([Decimal("1.290"), Decimal("1.295")], [1290, 1295], [2, 3]),
    ],
)
def test_more_decimals_than_usual_widen_the_scale(
    cells: list[object], held: list[int], places: list[int]
) -> None:
    made = column(
        cells,
        {"type": "money", "decimals": "2", "unit": "元"},
        Source(Origins("a.csv", first_row=2)),
    )
    assert made.frame["x"].to_list() == held
    assert made.frame["x@place"].to_list() == places
    assert codes(made) == [("PR408", "advice")]
    assert "1 cells have more, first at a.csv:3 x" in str(made.notices[0].message)


@pytest.mark.parametrize(
    "cells", [["1.29", "1.123456789"], [Decimal("1.29"), Decimal("1.123456789")]]
)
def test_decimals_far_beyond_the_usual_are_unreadable(cells: list[object]) -> None:
    made = column(cells, {"type": "number", "decimals": "2"})
    assert values(made) == [Fraction("1.29"), State.UNREADABLE]
    assert codes(made) == [("PR423", "blocking")]


def test_figures_beyond_64_bits_widen_the_integers() -> None:
    made = column(["9" * 30, "0.5"], {"type": "number"})
    assert made.frame["x"].dtype == pl.Int128
    assert values(made) == [Fraction(int("9" * 30)), Fraction(1, 2)]


@pytest.mark.parametrize(
    ("cells", "spec", "expected"),
    [
        (["9" * 38, "0.5"], {"type": "number"}, [Fraction(int("9" * 38)), State.UNREADABLE]),
        (["9" * 38, "0.5"], {"type": "number", "decimals": "1"}, [State.UNREADABLE, Fraction(1, 2)]),
        (pl.Series([10**37, 5], dtype=pl.Int128), {"type": "number", "decimals": "2"}, [State.UNREADABLE, 5]),
    ],
)  # fmt: skip
def test_figures_beyond_38_digits_are_unreadable(
    cells: object, spec: Mapping[str, object], expected: list[object]
) -> None:
    made = column(cells, spec)
    assert values(made) == expected
    assert codes(made) == [("PR423", "blocking")]


@pytest.mark.parametrize(
    ("series", "expected"),
    [
        (pl.Series([2**64 - 1], dtype=pl.UInt64), Fraction(2**64 - 1)),
        (pl.Series([10**30], dtype=pl.Int128), Fraction(10**30)),
        (pl.Series([7], dtype=pl.UInt8), Fraction(7)),
        (pl.Series([2**127], dtype=pl.UInt128), State.UNREADABLE),
        (pl.Series([0.1], dtype=pl.Float32), Fraction(1, 10)),
        (pl.Series(["3.5"], dtype=pl.Categorical), Fraction(7, 2)),
        (pl.Series([["3"]]), State.UNREADABLE),
    ],
)
def test_columns_of_every_type(series: pl.Series, expected: object) -> None:
    assert values(column(series, {"type": "number"})) == [expected]


@given(
    st.lists(
        st.one_of(
            st.none(),
            st.decimals(-(10**12), 10**12, places=2),
            st.decimals(-(10**12), 10**12, places=0),
        ),
        min_size=1,
    )
)
def test_printed_numbers_are_held_exactly(numbers: list[Decimal | None]) -> None:
    made = column(
        pl.Series([None if n is None else f"{n:,f}" for n in numbers], dtype=pl.String), MONEY
    )
    assert values(made) == [State.BLANK if n is None else Fraction(n) * 10_000 for n in numbers]


def test_what_cells_say_instead_of_a_figure() -> None:
    made = column(
        ["1.00", "——", "无", "", "已完成", "#REF!", "95%以上"],
        {"type": "ratio", "decimals": "2", "unit": "1"},
    )
    assert values(made) == [
        1,
        State.DASH,
        0,
        State.BLANK,
        State.UNREADABLE,
        State.UNREADABLE,
        Fraction("0.95"),
    ]
    assert made.measures["x"].bounds == {2: (0, 0), 6: (Fraction("0.95"), INFINITY)}
    assert made.frame["x@state"].to_list() == [0, 2, 0, 1, 3, 3, 0]
    assert (made.cell(6, "x").low, made.cell(6, "x").high) == (Fraction("0.95"), INFINITY)
    assert codes(made) == [("PR407", "blocking"), ("PR406", "blocking")]


def test_text_where_a_number_is_due_is_named_with_its_places() -> None:
    made = column(
        ["完成", "1", "完成", "进行中", "完成", "未定"],
        MONEY,
        Source(Origins("a.csv", first_row=2)),
    )
    (notice,) = made.notices
    assert notice.where == "a.csv:2 x"
    assert word(notice.message, "en") == (
        "t.x holds text where a number is due in 5 cells (完成, 进行中, 未定), first at a.csv:2 x, a.csv:4 x, a.csv:5 x; "
        "write the figure, a dash if there can be none, or leave the cell blank"
    )


@pytest.mark.parametrize(
    ("cells", "spec", "expected"),
    [
        ([1 / 3, 0.25], {"type": "number", "decimals": "2"}, [State.UNREADABLE, Fraction(1, 4)]),
        ([float("inf"), 0.5], {"type": "number"}, [State.UNREADABLE, Fraction(1, 2)]),
    ],
)
def test_floats_off_the_grid_are_unreadable(
    cells: list[float], spec: Mapping[str, object], expected: list[object]
) -> None:
    made = column(cells, spec)
    assert values(made) == expected
    assert codes(made) == [("PR413", "blocking")]


def test_nan_is_a_blank() -> None:
    made = column([float("nan"), 1.5], MONEY)
    assert values(made) == [State.BLANK, 15_000]
    assert codes(made) == []


def test_numbers_and_texts_in_one_column() -> None:
    raw = pl.DataFrame(
        {"number": [1451.3, None, None, 0.1 + 0.2], "text": [None, "1451.3", "—", None]}
    )
    made = column(raw.to_struct("x"), MONEY)
    assert values(made) == [14_513_000, 14_513_000, State.DASH, 3_000]
    assert made.frame["x@place"].to_list() == [-2, -3, None, -2]


# units


@pytest.mark.parametrize(
    ("spec", "table_unit", "source", "value"),
    [
        ({"type": "money"}, None, Source(), Fraction(3)),
        ({"type": "money"}, "千元", Source(), Fraction(3_000)),
        ({"type": "money", "unit": "万元"}, "千元", Source(), Fraction(30_000)),
        (
            {"type": "money", "unit": "万元"},
            "千元",
            Source(unit_of_measure="亿元"),
            Fraction(300_000_000),
        ),
        (
            {"type": "money"},
            None,
            Source(unit_of_measure="亿元", units={"x": "百万元"}),
            Fraction(3_000_000),
        ),
        ({"type": "ratio", "unit": "%"}, "千元", Source(unit_of_measure="亿元"), Fraction("0.03")),
        ({"type": "ratio", "unit": "%"}, None, Source(units={"x": "1"}), Fraction(3)),
    ],
)
def test_the_nearest_unit_wins(
    spec: Mapping[str, object], table_unit: str | None, source: Source, value: Fraction
) -> None:
    raw = pl.DataFrame({"id": ["a"], "x": ["3"]})
    assert values(normalise(raw, "t", table({"x": spec}, unit=table_unit), source)) == [value]


@pytest.mark.parametrize("heading", ["x(万元)", "x（万元）", "x【单位：万元】", "Ｘ （ 万元 ）"])
def test_a_heading_may_print_the_unit(heading: str) -> None:
    raw = pl.DataFrame({"id": ["a"], heading: ["3"]})
    made = normalise(raw, "t", table({"x": {"type": "money", "unit": "元"}}), Source())
    assert values(made) == [30_000]
    assert made.origins.headings["x"] == heading.strip()


@pytest.mark.parametrize(
    ("cells", "kind", "noticed"),
    [
        (["3"], "money", True),
        (["3万元", "3元"], "money", False),
        (["3万元", "3"], "money", True),
        ([3.5], "money", True),
        (["3%"], "ratio", False),
        (["95%以上", "无", ""], "ratio", False),
        (["3%", "0.5"], "ratio", True),
        ([0.5], "ratio", True),
        (["3"], "points", True),
        (["3个百分点"], "points", False),
        (["3"], "number", False),
        ([""], "money", False),
    ],
)
def test_figures_without_any_unit_are_remarked_on(
    cells: list[object], kind: str, noticed: bool
) -> None:
    assert codes(column(cells, {"type": kind})) == ([("PR409", "advice")] if noticed else [])


def test_a_unit_that_measures_something_else_makes_the_column_unreadable() -> None:
    made = column(["3"], {"type": "money"}, Source(units={"x": "%"}))
    assert values(made) == [State.UNREADABLE]
    assert codes(made) == [("PR427", "blocking")]


# what is no figure


@pytest.mark.parametrize(
    ("cells", "kind", "expected"),
    [
        (["2023", "2023年", " ２０２３年度 ", ""], "year", [2023, 2023, 2023, None]),
        ([2023, None], "year", [2023, None]),
        ([2023.0, float("nan")], "year", [2023, None]),
        ([datetime.date(2023, 5, 1)], "year", [2023]),
        (
            ["2023-12-31", "2023年12月31日", "2023/1/5", ""],
            "date",
            ["2023-12-31", "2023-12-31", "2023-01-05", None],
        ),
        ([datetime.datetime(2023, 1, 5, 8, 30)], "date", ["2023-01-05"]),  # noqa: DTZ001  # as Excel has them
        (
            ["true", "是", "1", "√", "False", "否", "0", "×", ""],
            "flag",
            [True] * 4 + [False] * 4 + [None],
        ),
        ([True, None], "flag", [True, None]),
        ([1, 0], "flag", [True, False]),
        (["001", " 2.10 ", "——", "", "a  b"], "code", ["001", "2.10", "——", None, "a  b"]),
        ([201, 3], "code", ["201", "3"]),
        ([201.0, 2.5, float("nan")], "code", ["201", "2.5", None]),
        ([datetime.date(2023, 1, 5)], "text", ["2023-01-05"]),
    ],
)
def test_words(cells: list[object], kind: str, expected: list[object]) -> None:
    made = column(cells, {"type": kind})
    found = made.frame["x"]
    assert (found.cast(pl.String) if kind == "date" else found).to_list() == expected
    assert made.notices == ()


@pytest.mark.parametrize(
    ("cells", "kind"),
    [(["二〇二三", "—"], "year"), (["2023-02-30", "—"], "date"), (["也许", "—"], "flag")],
)
def test_words_that_do_not_fit_are_remarked_on(cells: list[str], kind: str) -> None:
    made = column(cells, {"type": kind})
    assert [made.cell(row, "x").state for row in (0, 1)] == [State.UNREADABLE, State.DASH]
    assert codes(made) == [("PR406", "blocking")]


def test_numbers_and_texts_in_a_column_of_codes() -> None:
    raw = pl.DataFrame({"number": [201.0, None], "text": [None, "201A"]})
    assert column(raw.to_struct("x"), {"type": "code"}).frame["x"].to_list() == ["201", "201A"]


# headings


def test_headings_are_ids_titles_or_aliases_in_any_width_and_bracket() -> None:
    columns = {
        "a": {"type": "count", "title": {"zh": "支出（合计）", "en": "Total spent"}},
        "b": {"type": "count", "aliases": ["B%"]},
        "c": {"type": "count"},
        "d": {"type": "count"},
    }
    raw = pl.DataFrame(
        {
            "ID": ["r"],
            " 支 出\n(合计)": ["1"],
            "Ｂ％": ["2"],
            "c": ["3"],
            "第四栏": ["4"],
            "备注": ["x"],
        }
    )
    made = normalise(raw, "t", table(columns), Source(columns={"第四栏": "d"}))
    assert made.frame.select("a", "b", "c", "d").row(0) == (1, 2, 3, 4)
    assert made.origins.headings["a"] == "支 出\n(合计)"
    assert codes(made) == [("PR414", "advice")]
    assert "备注" in str(made.notices[0].message)


def test_missing_columns_are_named_and_no_cell_is_invented() -> None:
    columns = {"total": {"type": "count", "title": "合计支出"}, "rest": {"type": "count"}}
    made = normalise(
        pl.DataFrame({"id": ["a"], "合计支出额": ["1"]}), "t", table(columns), Source()
    )
    assert codes(made) == [("PR414", "advice"), ("PR402", "blocking")]
    assert "total (合计支出), rest" in str(made.notices[1].message)
    assert "Perhaps they stand under 合计支出额" in str(made.notices[1].message)
    assert made.cell(0, "rest").state is State.NO_COLUMN


def test_headings_that_stand_in_another_row() -> None:
    raw = pl.DataFrame({"表一": ["单位"], "": ["支出"], " ": [None]})
    made = normalise(raw, "t", table({"x": {"type": "count"}}), Source(Origins("a.csv")))
    assert "表一, [2];" in str(made.notices[0].message)
    assert "say so under `header:`" in str(made.notices[1].message)
    assert codes(made) == [("PR414", "advice"), ("PR402", "blocking")]


def test_one_column_under_two_headings() -> None:
    raw = pl.DataFrame([pl.Series("0", ["a"]), pl.Series("1", ["1"]), pl.Series("2", ["2"])])
    made = normalise(raw, "t", table({"x": {"type": "count"}}), Source(headings=("id", "x", "X")))
    assert values(made) == [1]
    assert codes(made) == [("PR435", "blocking")]


def test_constants_fill_what_is_not_printed() -> None:
    columns = {"unit": {"type": "text"}, "year": {"type": "year"}, "x": MONEY}
    source = Source(constants={"unit": "某局", "year": "2023年", "x": "1.5"})
    made = normalise(pl.DataFrame({"unit": ["甲局"]}), "t", table(columns, "unit year"), source)
    assert made.frame.row(0) == ("甲局", 2023, 150, 0)
    assert codes(made) == [("PR428", "advice")]


# keys


def test_rows_with_one_key_are_doubtful_and_named() -> None:
    columns = {"unit": {"type": "text"}, "x": {"type": "count"}}
    raw = pl.DataFrame({"unit": ["甲 局", "乙", "甲\u3000局 ", None, " "], "x": [1, 2, 3, 4, 5]})
    made = normalise(raw, "t", table(columns, "unit"), Source(Origins("a.csv", first_row=2)))
    assert made.frame["@doubtful"].to_list() == [True, False, True, True, True]
    assert made.frame["unit"].to_list() == ["甲 局", "乙", "甲 局", None, None]
    assert values(made) == [State.DUPLICATE, 2, State.DUPLICATE, State.DUPLICATE, State.DUPLICATE]
    assert codes(made) == [("PR405", "blocking"), ("PR404", "blocking")]
    assert "a.csv:5 unit, a.csv:6 unit" in str(made.notices[0].message)
    assert "a.csv:2 unit, a.csv:4 unit" in str(made.notices[1].message)


def test_a_table_whose_keys_are_fine_has_no_doubts() -> None:
    assert column([1, 2], {"type": "count"}).frame.columns == ["id", "x", "@row"]


def test_without_a_key_column_no_row_can_be_told_apart() -> None:
    made = normalise(pl.DataFrame({"x": [1]}), "t", table({"x": {"type": "count"}}), Source())
    assert made.frame["@doubtful"].to_list() == [True]
    assert made.frame["id"].to_list() == [None]
    assert codes(made) == [("PR402", "blocking")]


def test_many_doubled_keys_are_counted() -> None:
    raw = pl.DataFrame({"id": [str(i // 2) for i in range(12)]})
    made = normalise(raw, "t", table({}), Source())
    assert codes(made) == [("PR404", "blocking")] * 4
    assert "3 more keys" in str(made.notices[-1].message)


def test_dated_synonyms_are_replaced_and_reported() -> None:
    synonyms = [{"use": "工信局", "for": ["科技局", "科工局"], "since": 2019, "until": 2022}]
    columns = {"unit": {"type": "text", "synonyms": synonyms}, "year": {"type": "year"}}
    raw = pl.DataFrame({"unit": ["科技局", "科技局", "科工局"], "year": [2018, 2019, 2022]})
    made = normalise(raw, "t", table(columns, "unit year"), Source())
    assert made.frame["unit"].to_list() == ["科技局", "工信局", "工信局"]
    assert codes(made) == [("PR417", "advice")]


def test_synonyms_can_make_two_rows_one() -> None:
    columns = {"unit": {"type": "text", "synonyms": [{"use": "乙", "for": ["甲"]}]}}
    made = normalise(pl.DataFrame({"unit": ["甲", "乙"]}), "t", table(columns, "unit"), Source())
    assert codes(made) == [("PR417", "advice"), ("PR404", "blocking")]


# tables


@pytest.mark.parametrize(("optional", "expected"), [(False, [("PR403", "blocking")]), (True, [])])
def test_an_empty_table_keeps_its_shape(optional: bool, expected: list[tuple[str, str]]) -> None:
    raw = pl.DataFrame({"id": [], "x": []})
    made = normalise(raw, "t", table({"x": MONEY}, optional=optional), Source())
    assert made.frame.schema == {"id": pl.String, "x": pl.Int64, "@row": pl.Int64}
    assert codes(made) == expected


def test_quotes_and_states_of_single_cells() -> None:
    source = Source(
        Origins("a.csv", "附件3", 2),
        quotes={(1, "x"): "支出2万元"},
        states={(0, "x"): State.DUPLICATE},
    )
    made = column(["1", "2"], MONEY, source)
    assert values(made) == [State.DUPLICATE, 20_000]
    assert made.origins.of(1, "x") == Origin("a.csv", "附件3", 3, "x", "支出2万元")
    assert made.origins.of(0, "x") == Origin("a.csv", "附件3", 2, "x")


@pytest.mark.parametrize("language", ["en"])
def test_every_notice_can_be_worded(language: str) -> None:
    made = column(["已完成", "#REF!", "1.2345"], {"type": "money", "decimals": "2"})
    assert all(word(notice.message, language) for notice in made.notices)
