"""Sheets of an OpenDocument workbook, walked through for what calamine leaves out."""

import re
from collections.abc import Mapping
from io import BytesIO
from zipfile import ZipFile

from perfrules.readers.excel.archive import Area, Format, Marks, TooLargeError, parse

_PERCENT = re.compile(r"-?[\d,]+(?:\.(\d+))?\s*%")
_MANY = 1_000
"""Repetitions beyond which a cell with content is no data."""


def all_marks(stored: BytesIO) -> dict[str, Marks] | None:
    """What calamine does not tell, by sheet; None if the archive is no OpenDocument workbook.

    It must be asked for before calamine is, which unpacks every sheet at once.

    Raises:
        TooLargeError: The area of some sheet is beyond the bounds.
    """
    with ZipFile(stored) as archive:
        if "content.xml" not in archive.namelist():
            return None
        scanner = _Scanner()
        parse(archive.read("content.xml"), scanner.start, scanner.end, scanner.text)
        return scanner.marks


class _Scanner:
    """Walks through the cells of all sheets."""

    def __init__(self) -> None:
        self.marks: dict[str, Marks] = {}
        self._sheet = Marks()
        self._row, self._column = 0, 0
        self._rows, self._columns = 1, 1
        self._kind = ""
        self._text: list[str] | None = None
        self._area = Area()

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """A sheet, row or cell begins."""
        if tag == "table:table":
            self._sheet, self._area = Marks(), Area()
            self.marks[attributes.get("table:name", "")] = self._sheet
            self._row, self._column = 0, 0
        elif tag == "table:table-row":
            self._rows, self._column = int(attributes.get("table:number-rows-repeated", 1)), 0
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            self._columns = int(attributes.get("table:number-columns-repeated", 1))
            self._kind = attributes.get("calcext:value-type") or attributes.get(
                "office:value-type", ""
            )
            self._text = []
            self._span(attributes)

    def _span(self, attributes: Mapping[str, str]) -> None:
        down = int(attributes.get("table:number-rows-spanned", 1))
        across = int(attributes.get("table:number-columns-spanned", 1))
        if down > 1 or across > 1:
            end = self._row + down - 1, self._column + across - 1
            self._sheet.merged.append(((self._row, self._column), end))

    def text(self, part: str) -> None:
        """Text inside a cell."""
        if self._text is not None:
            self._text.append(part)

    def end(self, tag: str) -> None:
        """A row or cell ends."""
        if tag == "table:table-row":
            self._row += self._rows
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            if self._kind:
                self._content("".join(self._text or ()).strip())
            self._column += self._columns
            self._text = None

    def _content(self, text: str) -> None:
        self._area.hold(self._row + self._rows, self._column + self._columns)
        percent = _PERCENT.fullmatch(text) if self._kind == "percentage" else None
        if self._kind != "error" and not percent:
            return
        if self._rows * self._columns > _MANY:
            raise TooLargeError
        for row in range(self._row, self._row + self._rows):
            for column in range(self._column, self._column + self._columns):
                if percent:
                    self._sheet.formats[row, column] = Format(len(percent[1] or ""), percent=True)
                else:
                    self._sheet.errors[row, column] = text
