"""Sheets that are lists: a title, remarks, a row of headings that stays in sight and on every printed page, and filters."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from perfrules.exchange.excel import limits
from perfrules.exchange.excel.book import Sheet
from perfrules.exchange.excel.cells import Cell, Number, Value
from perfrules.values import frozen

HEAD = 3
"""The row of the headings, counted from 0: before it are the title and two rows of remarks."""
_NARROW, _WIDE = 6, 40
"""Columns as wide as what is in them are within these."""
_PADDING = 3
_PAGE = 170
"""Characters beside one another that can still be read on a printed page."""
LINE, TALLEST = 13.5, 409
"""The height of a line, and of the tallest row there may be."""


@frozen
class Heading:
    """A column of a list.

    Attributes:
        title: What stands above it.
        width: How wide it is in characters; 0 for as wide as what is in it, and then its texts are not broken into lines.
        note: A comment on the title.
        center: Whether its cells stand in the middle.
        input: Whether it is there to be filled in: with texts, or with dates.
    """

    title: str
    width: int = 0
    note: str = ""
    input: Literal["", "input", "date"] = ""
    center: bool = False


class Listing:
    """Writes a list into a sheet.

    Attributes:
        sheet: The sheet.
        row: The next row, counted from 0.
        keep: How many columns stay in sight and on every printed page; the title is behind them, or it would be cut there.
    """

    def __init__(
        self,
        sheet: Sheet,
        title: str,
        remarks: Sequence[str | Cell],
        headings: Sequence[Heading],
        keep: int = 1,
    ) -> None:
        self.sheet = sheet
        self.row = HEAD + 1
        self.keep = keep
        self._headings = headings[: limits.COLUMNS]
        self._widths = [0] * len(self._headings)
        sheet.raw.set_row(0, 26)
        sheet.put(0, keep, Cell(title, "title"))
        for at, remark in enumerate(remarks[: HEAD - 1], 1):
            sheet.put(at, keep, remark if isinstance(remark, Cell) else Cell(remark, "quiet"))
        sheet.raw.set_row(HEAD, 32)
        for at, heading in enumerate(self._headings):
            sheet.put(HEAD, at, Cell(heading.title, "head", note=heading.note))
            self._widths[at] = _needed(heading.title)

    @property
    def full(self) -> bool:
        """Whether the sheet has no row left."""
        return self.row >= limits.ROWS

    def add(self, cells: Sequence[Cell | Value]) -> None:
        """Write the next row; where none is left, it is counted as left out."""
        if self.full:
            self.sheet.book.left.rows += 1
            return
        row = [
            given if isinstance(given, Cell) else Cell(given, heading.input)
            for heading, given in zip(self._headings, cells, strict=False)
        ]
        height = max(map(_lines, self._headings, row), default=1)
        if height > 1:
            self.sheet.raw.set_row(self.row, min(height * LINE + 3, TALLEST))
        for at, (heading, cell) in enumerate(zip(self._headings, row, strict=False)):
            self.sheet.put(self.row, at, cell, wrap=bool(heading.width), center=heading.center)
            if not heading.width:
                self._widths[at] = max(self._widths[at], _needed(cell.value))
        self.row += 1

    def close(self, footer: str, printed: int | None = None) -> None:
        """Set what concerns the whole sheet, once all rows are written.

        Args:
            footer: What stands at the left of every page.
            printed: How many columns are printed; None for all.
        """
        raw, last = self.sheet.raw, len(self._headings) - 1
        widths = [
            heading.width or min(max(needed, _NARROW), _WIDE)
            for heading, needed in zip(self._headings, self._widths, strict=True)
        ]
        for at, wide in enumerate(widths):
            raw.set_column(at, at, wide)
        seen = len(widths) if printed is None else printed
        pages = max(-(-sum(widths[:seen]) // _PAGE), 1)
        raw.freeze_panes(HEAD + 1, self.keep)
        if self.row > HEAD + 1:
            raw.autofilter(HEAD, 0, self.row - 1, last)
        raw.repeat_rows(HEAD)
        if pages > 1:
            raw.repeat_columns(0, self.keep - 1)
        raw.print_area(0, 0, max(self.row - 1, HEAD), max(seen - 1, 0))
        page(self.sheet, footer, pages)


def page(sheet: Sheet, footer: str, pages: int = 1) -> None:
    """Set up the printed page: A4, lying, so many pages wide, numbered."""
    raw = sheet.raw
    raw.set_paper(9)
    raw.set_landscape()
    raw.fit_to_pages(pages, 0)
    raw.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    told = limits.safe(footer).replace("\n", " ").replace("&", "&&")[:150].rstrip("&")
    raw.set_footer(
        f"&L&8 {told}&C&8 &A&R&8 &P / &N"
    )  # a digit behind the size would be a part of it
    raw.hide_gridlines(2)


def _lines(heading: Heading, cell: Cell) -> int:
    """How many lines a cell takes."""
    if not heading.width or cell.wrap is False or not isinstance(cell.value, str):
        return 1
    return lines(cell.value, heading.width)


@lru_cache(maxsize=2048)
def lines(text: str, columns: int) -> int:
    """How many lines a text takes in so many columns, a little more than it may need."""
    return sum(
        max(-(-limits.width(line) // max(columns - 2, 1)), 1) for line in text[:2000].split("\n")
    )


def _needed(value: Value) -> int:
    """How wide a column must be for a value to be seen whole."""
    if isinstance(value, Number):
        text = str(value)
        return len(text) + len(text.partition(".")[0]) // 3 + _PADDING
    lines = str(value)[:200].split("\n")
    return max(limits.width(line) for line in lines) + _PADDING
