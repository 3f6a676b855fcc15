"""Where something is: a place in a rule file, and the origin of a cell."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from perfrules.values import frozen

WINDOW = 160
"""How many characters of a long line are shown."""
SIGNS = 4096
"""Characters whose width is kept: a text has few different ones."""
_UNSAFE = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]"
)  # could steer a terminal


@frozen
class Place:
    """A stretch of a text file.

    Attributes:
        file: The file as the caller named it.
        line: Line, counted from 1.
        column: Character in the line, counted from 1.
        length: Characters to mark; at least 1.
        text: The line itself, without its end.
    """

    file: str
    line: int
    column: int = 1
    length: int = 1
    text: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


def caret(place: Place) -> tuple[str, str]:
    """The line of a place, and under it a line of carets.

    The carets stand under the marked characters where East Asian characters take two columns; tabs are kept.
    Of a very long line only the part around the mark is shown.
    """
    start = min(place.column - 1, len(place.text))
    marked = place.text[start : start + place.length][: WINDOW // 2]
    first = max(0, start - WINDOW // 2) if len(place.text) > WINDOW else 0
    cut = _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", place.text[first : first + WINDOW])
    head, tail = "…" if first else "", "…" if first + WINDOW < len(place.text) else ""
    before = head + place.text[first:start]
    under = "".join(sign if sign == "\t" else " " * width(sign) for sign in before)
    return f"{head}{cut}{tail}", under + "^" * max(width(marked), 1)


def width(text: str) -> int:
    """How many columns of a terminal ``text`` takes."""
    if text.isascii() and text.isprintable():
        return len(text)
    return sum(_width(sign) for sign in text)


_EAST = "\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef"
_OPEN, _CLOSE = "（「『《〈【“‘(", "，。、；：！？）」』》〉】”’…,.;:!?)"
_PIECES = rf"\n|[^\S\n]+|[{_OPEN}]*(?:[{_EAST}]|[^\s{_EAST}{_OPEN}]+)[{_CLOSE}]*|[{_OPEN}]+"
"""Line breaks, spaces, words, and single East Asian characters, each with the marks that must not be parted from it."""


def lines(text: str, columns: int) -> Iterator[tuple[int, int]]:
    """Where the lines of ``text`` begin and end if none may take more than so many columns.

    East Asian text may break behind any character, but not before a closing mark or behind an opening one; other text breaks at
    spaces, which are left out where it does. A word that is too long is cut.
    """
    start = end = taken = 0
    for first, last in _pieces(text, columns):
        piece = text[first:last]
        needed = width(piece)
        if piece == "\n":
            yield start, end
            start, end, taken = last, last, 0
        elif piece.isspace():
            taken += needed
        elif taken and taken + needed > columns:
            if end > start:
                yield start, end
            start, end, taken = first, last, needed
        else:
            end, taken = last, taken + needed
    if end > start:
        yield start, end


def _pieces(text: str, columns: int) -> Iterator[tuple[int, int]]:
    """What may not be parted, and the parts of what takes more than so many columns."""
    for piece in re.finditer(_PIECES, text):
        first, taken = piece.start(), 0
        for at in range(*piece.span()):
            taken += _width(text[at])
            if taken > columns and at > first:
                yield first, at
                first, taken = at, _width(text[at])
        yield first, piece.end()


@lru_cache(SIGNS)
def _width(sign: str) -> int:
    if _UNSAFE.match(sign):
        return 1
    if unicodedata.category(sign) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


@frozen
class Origin:
    """Where a cell was printed.

    Attributes:
        file: Data file, or a name for the frame it came in.
        section: Sheet of a workbook or section of a document.
        row: Row in that file, counted from 1 with its header, if there are rows.
        column: Heading of the column as printed.
        quote: The words around the figure, as printed.
    """

    file: str = ""
    section: str = ""
    row: int | None = None
    column: str = ""
    quote: str = ""

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.row) if part not in ("", None))
        return " ".join(part for part in (self.section, place, self.column) if part)
