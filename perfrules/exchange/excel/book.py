"""A workbook that is written row by row; what it could not hold is counted."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from perfrules.exchange.excel import limits
from perfrules.exchange.excel.cells import FILLS, Cell, Look, Number, Value
from perfrules.locale import Message, message
from perfrules.values import mutable

NOTES = 20_000
"""Comments of a workbook: programs for spreadsheets hold them all in memory, each as a drawing."""
_FONT = {"zh": "Microsoft YaHei", "en": "Calibri"}
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "use_zip64": True,
}
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@mutable
class Left:
    """What a workbook could not hold.

    Attributes:
        texts: Texts that were cut.
        links: Links that were left out.
        notes: Comments that were left out.
        figures: Figures that were written as texts.
        rows: Rows that were left out.
    """

    texts: int = 0
    links: int = 0
    notes: int = 0
    figures: int = 0
    rows: int = 0

    def told(self) -> Iterator[Message]:
        """The same in words; nothing where all could be held."""
        for count, said in (
            (self.rows, message("{count} rows that are more than a sheet can hold", count=self.rows)),
            (self.links, message("{count} links that are more than a sheet can hold", count=self.links)),
            (self.notes, message("{count} comments: a workbook with more of them opens slowly", count=self.notes)),
            (self.texts, message("the ends of {count} texts that are longer than a cell can be", count=self.texts)),
            (self.figures, message("{count} figures as numbers: they have more than 15 digits and stand here as texts", count=self.figures)),
        ):  # fmt: skip
            if count:
                yield said


class Book:
    """A workbook.

    Attributes:
        language: ``zh`` or ``en``, for the font.
        left: What it could not hold.
    """

    def __init__(self, language: str, title: str, made: datetime | None) -> None:
        from xlsxwriter import Workbook  # noqa: PLC0415  # needed only where a workbook is written

        self.language = language
        self.left = Left()
        self.notes = 0
        self._file = BytesIO()
        self._book = Workbook(self._file, _OPTIONS)
        self._looks: dict[Look, Any] = {}
        self._names: set[str] = set()
        created = (made or _EPOCH).replace(tzinfo=None)
        told = limits.safe(title)[: limits.FOOTER]
        self._book.set_properties({"title": told, "author": "perfrules", "created": created})

    def name(self, wish: str) -> str:
        """A name for a sheet that is still to come, as near to ``wish`` as may be."""
        return limits.sheet_name(wish, self._names)

    def sheet(self, name: str) -> "Sheet":
        """A new sheet behind the others, with a name that :meth:`name` gave."""
        return Sheet(self, name, self._book.add_worksheet(name))

    def look(self, look: Look) -> Any:
        """The format of a look; every look is made once."""
        if look not in self._looks:
            self._looks[look] = self._book.add_format(_format(look, _FONT[self.language]))
        return self._looks[look]

    def content(self) -> bytes:
        """The finished workbook."""
        self._book.close()
        return self._file.getvalue()


class Sheet:
    """A sheet; its rows are written from the first to the last.

    Attributes:
        name: Its name.
        raw: The sheet of the library, for what concerns the whole of it.
    """

    def __init__(self, book: Book, name: str, raw: Any) -> None:
        self.book = book
        self.name = name
        self.raw = raw
        self._links = 0

    def put(
        self, row: int, column: int, cell: Cell, *, wrap: bool = False, center: bool = False
    ) -> None:
        """Write one cell."""
        wrap = wrap if cell.wrap is None else cell.wrap
        value, guarded = self._kept(cell.value)
        decimals, about = (
            (value.decimals, value.about) if isinstance(value, Number) else (None, False)
        )
        linked = cell.link is not None and self._may_link()
        look = self.book.look(
            Look(cell.tone, wrap, decimals, about, linked, guarded, cell.bold, center)
        )
        if linked and cell.link is not None:
            self.raw.write_url(row, column, _url(*cell.link), look, "-")
        if isinstance(value, str):
            if value:
                self.raw.write_string(row, column, value, look)
            else:
                self.raw.write_blank(row, column, None, look)
        elif isinstance(value, Number):
            self.raw.write_number(row, column, float(value.figure), look)
        elif isinstance(value, int):
            self.raw.write_number(row, column, value, look)
        else:
            self.raw.write_datetime(row, column, value, look)
        if cell.note:
            self._note(row, column, cell.note)

    def _kept(self, value: Value) -> tuple[Value, bool]:
        """A value as the cell can hold it, and whether it is a text that might be taken for a formula."""
        if isinstance(value, Number):
            if limits.number(value.figure) is not None:
                return value, False
            self.book.left.figures += 1
            value = str(value)
        if not isinstance(value, str):
            return value, False
        kept, was_cut, guarded = limits.fitted(value)
        self.book.left.texts += was_cut
        return kept, guarded

    def _may_link(self) -> bool:
        if self._links >= limits.LINKS:
            self.book.left.links += 1
            return False
        self._links += 1
        return True

    def _note(self, row: int, column: int, text: str) -> None:
        if self.book.notes >= NOTES:
            self.book.left.notes += 1
            return
        self.book.notes += 1
        kept = limits.cut(limits.safe(text))
        lines = sum(max(-(-limits.width(line) // 44), 1) for line in kept.split("\n"))
        size = {"width": 300, "height": min(24 + 15 * lines, 420), "font_size": 9}
        self.raw.write_comment(row, column, kept, {**size, "author": "perfrules"})


def _url(sheet: str, row: int, column: int) -> str:
    from xlsxwriter.utility import xl_rowcol_to_cell  # noqa: PLC0415  # as above

    quoted = sheet.replace("'", "''")
    return f"internal:'{quoted}'!{xl_rowcol_to_cell(row, column)}"


def _format(look: Look, font: str) -> Mapping[str, object]:
    """The properties of a look as the library names them."""
    made: dict[str, object] = {
        "font_name": font,
        "font_size": 10,
        "valign": "top",
        "text_wrap": look.wrap,
    }
    made |= _TONES.get(look.tone, {})
    if look.tone in FILLS:
        made["bg_color"] = FILLS[look.tone]
    if look.tone not in ("title", "block", "quiet"):
        made |= {"border": 1, "border_color": "#BFBFBF"}
    if look.decimals is not None:
        decimals = min(look.decimals, limits.DECIMALS)
        digits = "#,##0" + ("." + "0" * decimals if decimals else "")
        made["num_format"] = f'"≈"{digits};"≈"-{digits}' if look.about else digits
    if look.link:
        made |= {"font_color": "#0563C1", "underline": 1}
    if look.guarded:
        made |= {"quote_prefix": True, "num_format": "@"}
    if look.center:
        made["align"] = "center"
    if look.bold:
        made["bold"] = True
    return made


_TONES: Mapping[str, Mapping[str, object]] = {
    "head": {"bold": True, "font_color": "#FFFFFF", "text_wrap": True, "valign": "vcenter", "align": "center"},
    "title": {"bold": True, "font_size": 16, "valign": "vcenter"},
    "block": {"bold": True, "font_size": 12, "font_color": "#1F4E79", "bottom": 2, "bottom_color": "#1F4E79"},
    "quiet": {"font_color": "#595959"},
    "label": {"bold": True},
    "date": {"num_format": "yyyy-mm-dd", "align": "center"},
}  # fmt: skip
