"""Printed figures: text as it stands in a cell, read into a number, its accuracy, or what it is instead.

Nothing here rounds: a figure keeps every digit that was printed.
"""

import re
from enum import IntEnum
from fractions import Fraction

from perfrules.quantities import MAX_DIGITS, LogicalType
from perfrules.quantities.units import power_of
from perfrules.values import frozen

Number = Fraction | float
"""An exact number, or one of the two infinities at the open end of a bound."""
INFINITY = float("inf")
WHITE = " \t\r\n\u00a0\u3000\ufeff\u2009"
"""White space as it stands around printed cells."""


def tenfold(value: Fraction | int, power: int) -> Fraction:
    """``value * 10**power``, made at once."""
    if power >= 0:
        return Fraction(value.numerator * 10**power, value.denominator)
    return Fraction(value.numerator, value.denominator * 10**-power)


class State(IntEnum):
    """What a cell holds; the members after ``FIGURE`` say why it holds no value."""

    FIGURE = 0
    BLANK = 1
    DASH = 2
    UNREADABLE = 3
    NO_ROW = 4
    DUPLICATE = 5
    NO_COLUMN = 6


@frozen
class Figure:
    """A printed figure.

    Attributes:
        digits: The number as an integer, with the decimal point left out.
        place: The last printed place is ``10**-place`` of the base unit; the value is ``digits * 10**-place``.
        low: Lower end of what a bound or range says (``95%以上``), in the base unit; None if it says nothing.
        high: Upper end, likewise.
        exact: The print is the number itself (``无``).
    """

    digits: int
    place: int
    low: Number | None = None
    high: Number | None = None
    exact: bool = False

    @property
    def value(self) -> Fraction:
        """The number in the base unit."""
        return tenfold(self.digits, -self.place)


_TO_ASCII = str.maketrans(
    "０１２３４５６７８９．，（）％＋－−–～〜＜＞＝：￥\u00a0\u3000\u2009\ufeff",
    "0123456789.,()%+---~~<>=:¥    ",
)
_DASHES = frozenset(
    [
        "-",
        "--",
        "---",
        "—",
        "——",
        "———",
        "―",
        "─",
        "/",
        "\\",
        "×",
        "*",
        "N/A",
        "n/a",
        "NA",
        "不适用",
    ]
)
_STROKES = frozenset("-—－–─")
_NONE = frozenset({"无", "没有", "零", "none", "None", "nil", "Nil"})
_ERRORS = re.compile(r"#(?:REF!|DIV/0!|VALUE!|NAME\?|N/A|NUM!|NULL!|#+)")
_NUMERAL = r"\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d+(?:\.\d*)?|\.\d+"
_UNIT = r"[^\d\s,.()+\-~<>=≥≤≧≦]*(?:\s[A-Za-z]+)?"
_FIGURE = re.compile(rf"([+\-△▲▼]?)\s*¥?\s*({_NUMERAL})\s*({_UNIT}?)")
_ACCOUNTING = re.compile(rf"\(\s*({_NUMERAL})\s*({_UNIT}?)\s*\)")
_RANGE = re.compile(
    rf"(\+?-?(?:{_NUMERAL}))\s*({_UNIT}?)\s*(?:-|~|至|到)\s*((?:{_NUMERAL}))\s*({_UNIT}?)"
)
_AT_LEAST = ("≥", ">=", "=>", "≧", "不低于", "不少于", "不小于", "至少", "大于等于", "at least ")
_AT_MOST = ("≤", "<=", "=<", "≦", "不高于", "不超过", "不多于", "不大于", "至多", "小于等于", "at most ")  # fmt: skip
_ABOUT = ("约", "大约", "近似", "about ", "approximately ", "≈")
_TAIL = re.compile(r"\d\s*([^\d\s,.()+\-~<>=≥≤≧≦][^\d,.()]*?)(?:及?以[上下]|以内)?\)?$")
_SUFFIXES = (("及以上", "low"), ("以上", "low"), ("及以下", "high"), ("以下", "high"), ("以内", "high"))  # fmt: skip


def clean(text: str) -> str:
    """``text`` without the white space around it, ideographic and no-break spaces included."""
    return text.strip(WHITE)


def is_error(text: str) -> bool:
    """Whether ``text`` is the error value of a spreadsheet's formula."""
    return _ERRORS.fullmatch(clean(text)) is not None


def printed_unit(text: str, kind: LogicalType) -> str:
    """The unit of ``kind`` that ``text`` prints after its figure; empty if it prints none."""
    match = _TAIL.search(clean(text).translate(_TO_ASCII))
    unit = match[1].strip() if match else ""
    return unit if unit and power_of(unit, kind) is not None else ""


def read_figure(text: str, kind: LogicalType, unit: str = "") -> Figure | State:
    """Read what is printed in a cell where a figure of ``kind`` is due.

    Args:
        text: The cell as printed, e.g. ``1,451.29万元``, ``99.91%``, ``△3.2``, ``95%以上``, ``——``.
        kind: The logical type of the column; one of ``MEASURES`` or ``year``.
        unit: The unit that holds where none is printed; may be empty, which reads as the base unit.

    Returns:
        The figure, or the state of a cell that holds none.
    """
    raw = clean(text)
    if not raw:
        return State.BLANK
    if raw in _DASHES or _STROKES.issuperset(raw):
        return State.DASH
    if raw in _NONE:
        return Figure(0, 0, exact=True)
    if _ERRORS.fullmatch(raw):
        return State.UNREADABLE
    return _bounded(raw.translate(_TO_ASCII).strip(), kind, unit) or State.UNREADABLE


def _bounded(text: str, kind: LogicalType, unit: str) -> Figure | None:
    figure = _plain(text, kind, unit)
    if figure is not None:
        return figure
    match = _RANGE.fullmatch(text)
    return _range(match, kind, unit) if match else _one_sided(text, kind, unit)


def _range(match: re.Match[str], kind: LogicalType, unit: str) -> Figure | None:
    low = _plain(match[1] + (match[2] or match[4]), kind, unit)
    high = _plain(match[3] + match[4], kind, unit)
    if low and high and low.value <= high.value:
        return Figure(high.digits, high.place, low.value, high.value)
    return None


def _one_sided(text: str, kind: LogicalType, unit: str) -> Figure | None:
    for words, side in ((_AT_LEAST, "low"), (_AT_MOST, "high"), (_ABOUT, "about")):
        for lead in words:
            if text.startswith(lead):
                return _ends(_plain(text.removeprefix(lead).strip(), kind, unit), side)
    for tail, side in _SUFFIXES:
        if text.endswith(tail):
            return _ends(_plain(text.removesuffix(tail).strip(), kind, unit), side)
    return None


def _ends(figure: Figure | None, side: str) -> Figure | None:
    if figure is None:
        return None
    if side == "about":  # one unit of the last printed place to either side
        step = Fraction(10) ** -figure.place
        return Figure(figure.digits, figure.place, figure.value - step, figure.value + step)
    low, high = (figure.value, INFINITY) if side == "low" else (-INFINITY, figure.value)
    return Figure(figure.digits, figure.place, low, high)


def _plain(text: str, kind: LogicalType, unit: str) -> Figure | None:
    accounting = _ACCOUNTING.fullmatch(text)
    match = accounting or _FIGURE.fullmatch(text)
    if match is None:
        return None
    sign, numeral, printed_unit = ("-", *match.groups()) if accounting else match.groups()
    power = _power(printed_unit.strip(), kind, unit)
    if power is None:
        return None
    whole, _, decimals = numeral.replace(",", "").partition(".")
    if len(whole) + len(decimals) > MAX_DIGITS:
        return None
    digits = int(whole + decimals)
    return Figure(-digits if sign in "-△▲▼" and sign else digits, len(decimals) - power)


def _power(printed: str, kind: LogicalType, unit: str) -> int | None:
    if printed:
        if kind == "number" and printed in "%‰":
            return power_of(printed, "ratio")
        return 0 if kind == "year" and printed == "年" else power_of(printed, kind)
    return power_of(unit, kind) if unit else 0
