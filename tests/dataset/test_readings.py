"""Few cells are read one by one, many by queries of polars: both ways say the same."""

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from perfrules import tables
from perfrules.dataset import Origins
from perfrules.dataset.readings import SHORT, Print, Reading, once, read, stripped
from perfrules.dataset.source import Remarks
from perfrules.dataset.words import worded
from perfrules.quantities.figures import WHITE, State

REST = [None] * SHORT
"""Blanks after a few cells, which make many of them."""

HOWS = st.sampled_from(
    [
        Print("money"),
        Print("money", "万元", 4, 2),
        Print("ratio"),
        Print("ratio", "%", -2, 2),
        Print("points", "pp", -2),
        Print("points"),
        Print("count"),
        Print("number", decimals=3),
    ]
)
GROUPED = st.integers(-(10**22), 10**22).map(lambda number: f"{number:,}")
DIGITS = st.one_of(
    st.text("0123456789", max_size=4),
    st.text("0123456789", min_size=17, max_size=21),
    st.text("0123456789", min_size=36, max_size=42),
    st.text("0123456789,", max_size=12),
    st.sampled_from(["9223372036854775807", "9223372036854775808", "9,223,372,036,854,775,808"]),
    GROUPED,
)
NUMERALS = st.builds(
    lambda *parts: "".join(parts),
    st.sampled_from(["", "", "", "-", "+", "－", "△", "(", "- ", "--", "约", "≥"]),
    DIGITS,
    st.sampled_from(["", "", ".", "．", ".."]),
    st.one_of(st.just(""), DIGITS),
    st.sampled_from(["", "", "", "%", "万元", "元", "pp", ")", "以上", "-5", "~7%", "e3", "_0"]),
)
TEXTS = st.one_of(
    NUMERALS,
    st.sampled_from(
        ["", "-", "——", "/", "无", "不适用", "#REF!", "已完成", "95%-98%", "١٢", "1 2"]
    ),
    st.text(max_size=5),
    st.text("-+.,0123456789% ", max_size=8),
)
CELLS = st.lists(
    st.one_of(
        st.none(),
        st.builds(
            lambda before, text, after: before + text + after,
            st.text(WHITE, max_size=2),
            TEXTS,
            st.text(WHITE, max_size=2),
        ),
    ),
    min_size=1,
    max_size=12,
)


def series(cells: list[str | None]) -> pl.Series:
    return pl.Series("x", cells, pl.String)


def told(reading: Reading, count: int) -> tuple[object, ...]:
    """All that a reading says of its first cells, and that the others are blank."""
    assert isinstance(reading.place, pl.Series)
    assert reading.state is not None
    assert reading.texts is not None
    columns = [reading.digits, reading.place, reading.state, reading.texts]
    for column, blank in zip(columns, (None, None, State.BLANK, None), strict=True):
        assert set(column[count:]) <= {blank}
    parts = [(column.dtype, column[:count].to_list()) for column in columns]
    return (*parts, reading.bounds, reading.bare)


@given(CELLS, HOWS)
@example(["1,234.", "12."], Print("number"))
@example(["9,999,999,999,999,999,999"], Print("money", "元"))
@example(["0" * 40 + "1", "0." + "0" * 40 + "1"], Print("number"))
@example(["0." + "0" * 40_000], Print("ratio"))
@example(["-9223372036854775808", "-9,223,372,036,854,775,808"], Print("count"))
@example([".5", "-.5", ".-5", ".", "5.-"], Print("money"))
@example(["95%以上", "95%以上", "无", None, "3"], Print("ratio"))
def test_few_figures_are_read_as_many(cells: list[str | None], how: Print) -> None:
    few, many = series(cells), series([*cells, *REST])
    assert told(read(few, how), len(cells)) == told(read(many, how), len(cells))


@given(CELLS)
def test_few_texts_are_as_many(cells: list[str | None]) -> None:
    few, many = stripped(series(cells)), stripped(series([*cells, *REST]))
    assert few.to_list() == many[: len(cells)].to_list()
    for texts in (few, many):
        different, numbers = once(texts)
        assert [different[number] for number in numbers] == texts.to_list()
        assert len(set(different)) == len(different)


@pytest.mark.parametrize("kind", ["year", "date", "flag"])
@given(
    st.lists(
        st.sampled_from([None, "", "2023", " 2023年", "2023-1-31", "是", "√", "——", "？", "3"]),
        min_size=1,
        max_size=12,
    )
)
def test_few_words_are_read_as_many(kind: str, cells: list[str | None]) -> None:
    column = tables.Column.model_validate({"type": kind})
    made = []
    for texts in (series(cells), series([*cells, *REST])):
        remarks = Remarks("t", Origins("a.csv", first_row=2))
        found = worded(texts, "x", column, remarks)
        made.append(
            (
                {name: found[name][: len(cells)].to_list() for name in found},
                [(notice.code, str(notice.message), notice.where) for notice in remarks.notices],
            )
        )
    assert made[0] == made[1]
