"""What is put into a cell, and how it looks."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from perfrules.values import frozen

Tone = Literal[
    "", "fail", "warning", "info", "unknown", "rounding", "pass", "quiet", "input", "date", "head", "title", "block", "label",
]  # fmt: skip
"""What a cell looks like by what it means."""
FILLS: dict[str, str] = {
    "fail": "#F8CBAD", "warning": "#FFE699", "info": "#EDEDED", "unknown": "#D9D9D9", "rounding": "#DDEBF7", "pass": "#E2EFDA",
    "input": "#FFF9E5", "date": "#FFF9E5", "head": "#1F4E79", "label": "#F2F2F2",
}  # fmt: skip
"""Colours behind the cells; each differs from the others in lightness too, for prints in grey."""


class Look(NamedTuple):
    """How a cell looks.

    Attributes:
        tone: What it means.
        wrap: Whether a long text is broken into lines.
        decimals: Decimals of a number; None for texts and whole numbers such as years.
        about: Whether the number is only the nearest one.
        link: Whether it looks like a link.
        guarded: Whether it stays a text when it is edited, whatever it begins with.
        bold: Whether it is bold.
        center: Whether it stands in the middle.
    """

    tone: Tone = ""
    wrap: bool = False
    decimals: int | None = None
    about: bool = False
    link: bool = False
    guarded: bool = False
    bold: bool = False
    center: bool = False


@frozen
class Number:
    """A figure.

    Attributes:
        figure: Its value.
        decimals: How many decimals are shown.
        about: Whether it is only the nearest one to what is meant.
    """

    figure: Decimal
    decimals: int
    about: bool = False

    def __str__(self) -> str:
        text = f"{self.figure:f}"
        have = len(text.partition(".")[2])
        point = "" if have or not self.decimals else "."
        return ("≈" if self.about else "") + text + point + "0" * (self.decimals - have)


Value = str | int | date | Number
"""What a cell may hold."""
_ABOUT = 4
"""Decimals that are shown of a quotient that does not end."""


def aligned(figures: Iterable[tuple[Decimal, bool] | None]) -> list[Value]:
    """Figures shown with the same decimals: as many as the longest of them has; nothing where there is none.

    Args:
        figures: Each with whether it is exact.
    """
    found = list(figures)
    exact = [figure for figure, whole in filter(None, found) if whole]
    places = max((-int(figure.as_tuple().exponent) for figure in exact), default=0)
    places = max(places, 0)
    return [
        "" if one is None
        else Number(one[0], places) if one[1]
        else Number(one[0], max(places, _ABOUT), about=True)
        for one in found
    ]  # fmt: skip


@frozen
class Cell:
    """A value with its look, and where it leads.

    Attributes:
        value: What it holds; nothing for an empty text.
        tone: What it means.
        link: The sheet, row and column that a click leads to, counted from 0; None for nowhere.
        note: A comment.
        bold: Whether it is bold.
        wrap: Whether it is broken into lines; None for what the column says.
    """

    value: Value = ""
    tone: Tone = ""
    link: tuple[str, int, int] | None = None
    note: str = ""
    bold: bool = False
    wrap: bool | None = None
