"""What a workbook can hold: lengths, numbers of rows and links, signs in texts and in names of sheets, and figures that fit."""

import re
from decimal import Decimal
from functools import lru_cache

ROWS = 1_048_576
"""Rows of a sheet."""
COLUMNS = 16_384
"""Columns of a sheet."""
LINKS = 65_530
"""Links of a sheet."""
LENGTH = 32_767
"""Characters of a cell or a comment, counted in UTF-16."""
BREAKS = 253
"""Line breaks of a cell."""
NAME = 31
"""Characters of the name of a sheet."""
DIGITS = 15
"""Digits of a number; with more a double no longer tells every two of them apart."""
DECIMALS = 30
"""Decimals that a format of numbers can show."""
FOOTER = 255
"""Characters of a footer."""
_ILLEGAL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""Signs that XML cannot hold, or that show a text otherwise than it is."""
_BREAK = re.compile("\r\n?|[\u2028\u2029]")
_UNNAMED = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_LEAD = re.compile(r"\s*[=+\-@＝＋－＠]")
_EAST = re.compile(
    "[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\U00020000-\U0003fffd]"
)
_CUT = "…"


def safe(text: str) -> str:
    """``text`` as a cell can hold it: no signs that files cannot hold, lines that end alike."""
    if not text.isprintable():  # which is soon asked, and true of most
        text = _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", _BREAK.sub("\n", text))
    if text.startswith("<r>") and text.endswith("</r>"):
        return text + " "  # the library would take it for marked-up text, and write it as it is
    return text


def cut(text: str) -> str:
    """``text`` as long as a cell may be; what is cut ends with an ellipsis."""
    if len(text) <= BREAKS:
        return text
    lines = text.split("\n")
    if len(lines) > BREAKS:
        text = "\n".join([*lines[: BREAKS - 1], _CUT])
    if _units(text) <= LENGTH:
        return text
    kept = text[: LENGTH - 1]
    while _units(kept) > LENGTH - 1:
        kept = kept[: len(kept) - max((_units(kept) - LENGTH + 2) // 2, 1)]
    return kept + _CUT


def width(text: str) -> int:
    """How many characters wide a text is, where East Asian ones count twice; near enough to set columns by."""
    return len(text) if text.isascii() else len(text) + len(_EAST.findall(text))


def _units(text: str) -> int:
    """How long a text is in UTF-16."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "replace")) // 2


@lru_cache(maxsize=4096)
def fitted(text: str) -> tuple[str, bool, bool]:
    """``text`` as a cell holds it, whether it was cut, and whether it might be taken for a formula; columns say the same again and again."""
    whole = safe(text)
    kept = cut(whole)
    return kept, kept != whole, is_formula(kept)


def is_formula(text: str) -> bool:
    """Whether a program for spreadsheets might take a text for a formula once its cell is edited."""
    return _LEAD.match(text) is not None


def number(figure: Decimal) -> float | None:
    """A figure as the number of a cell; None if a double does not tell it from every other figure of as many digits."""
    if len(figure.as_tuple().digits) - _zeros(figure) > DIGITS or abs(figure.adjusted()) > 300:
        return None
    return float(figure)


def _zeros(figure: Decimal) -> int:
    """The zeros at the end of the digits, which cost nothing."""
    digits = figure.as_tuple().digits
    return next((n for n, digit in enumerate(reversed(digits)) if digit), len(digits) - 1)


def sheet_name(wish: str, taken: set[str]) -> str:
    """A name for a sheet, as near to ``wish`` as the rules for such names and the names that are taken allow.

    Args:
        wish: What it should be called.
        taken: The names that are taken, in small letters; the new one is added.
    """
    base = _UNNAMED.sub("_", safe(wish).replace("\n", " ")).strip().strip("'") or "_"
    tried, count = _fit(base, ""), 1
    while tried.casefold() in taken or tried.casefold() == "history":
        count += 1
        tried = _fit(base, f" ({count})")
    taken.add(tried.casefold())
    return tried


def _fit(base: str, end: str) -> str:
    kept = base
    while _units(kept) + len(end) > NAME:
        kept = kept[:-1]
    return kept.rstrip(" '") + end
