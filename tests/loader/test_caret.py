"""Carets stand under what they mark, in terminals where Chinese characters take two columns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from perfrules.locations import WINDOW, Place, caret, lines, width


@pytest.mark.parametrize(
    ("text", "column", "length", "under"),
    [
        ("abc", 2, 1, " ^"),
        ("支出 = 合计", 1, 2, "^^^^"),
        ("支出 = 合计", 6, 2, "       ^^^^"),
        ("\t支出：x", 4, 1, "\t    ^^"),
        ("ｶﾞx", 3, 1, "  ^"),
        ("e\u0301x", 3, 1, " ^"),
        ("abc", 4, 1, "   ^"),
        ("", 1, 1, "^"),
        ("“甲”", 1, 3, "^^^^"),
    ],
)
def test_a_caret(text: str, column: int, length: int, under: str) -> None:
    assert caret(Place("f", 1, column, length, text)) == (text, under)


def test_of_a_long_line_the_part_around_the_mark_is_shown() -> None:
    line, under = caret(Place("f", 1, 501, 3, "x" * 500 + "支出额" + "y" * 500))
    assert line.startswith("…x")
    assert line.endswith("y…")
    assert len(line) == WINDOW + 2
    assert line[len(under) - 6 :].startswith("支出额")


def test_what_could_steer_a_terminal_is_not_shown() -> None:
    assert caret(Place("f", 1, 3, 1, "a\x1b]b\u202e")) == ("a�]b�", "  ^")


SIGNS = [chr(code) for code in range(0x20, 0x7F)] + [*"支出合计，。（）　ＡＢ“”％±０：￥"]


@given(st.text(SIGNS, max_size=80), st.data())
def test_carets_agree_with_the_terminal_library(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(1, 10))
    line, under = caret(Place("f", 1, start + 1, length, text))
    assert line == text
    assert len(under) - len(under.lstrip()) == cell_len(text[:start])
    assert under.count("^") == max(cell_len(text[start : start + length]), 1)


@pytest.mark.parametrize(
    ("text", "columns", "told"),
    [
        ("", 10, []),
        ("one two three", 7, ["one two", "three"]),
        ("支出合计等于基本支出", 8, ["支出合计", "等于基本", "支出"]),
        ("支出合计，等于（基本）", 8, ["支出合", "计，等于", "（基本）"]),
        ("表 targets 没有", 10, ["表 targets", "没有"]),
        ("甲\n\n乙", 4, ["甲", "", "乙"]),
        ("a:\n  b: 1", 8, ["a:", "  b: 1"]),
        ("abcdefgh ij", 3, ["abc", "def", "gh", "ij"]),
        ("a   b", 3, ["a", "b"]),
    ],
)
def test_lines(text: str, columns: int, told: list[str]) -> None:
    assert [text[start:end] for start, end in lines(text, columns)] == told


@given(st.text("ab 支出（），。“”…\n", max_size=60), st.integers(4, 30))
def test_no_line_is_too_wide_and_no_word_is_lost(text: str, columns: int) -> None:
    told = [text[start:end] for start, end in lines(text, columns)]
    assert all(width(line) <= columns for line in told)
    assert "".join("".join(told).split()) == "".join(text.split())
