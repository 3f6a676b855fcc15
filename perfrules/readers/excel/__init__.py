"""Workbooks (xlsx, xls, ods): one sheet, with merged cells filled and numbers as they are shown."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO
from pathlib import Path
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile, is_zipfile

import polars as pl
import python_calamine as calamine

from perfrules.dataset import Origins
from perfrules.dataset.floats import nearest
from perfrules.dataset.source import FEW, Source
from perfrules.errors import DataError, Diagnostic
from perfrules.locale import Message, message
from perfrules.manifest import TableSource
from perfrules.notices import Notice
from perfrules.quantities import MAX_EXTRA_DECIMALS
from perfrules.readers.excel.archive import (
    Format,
    Marks,
    TooLargeError,
    bounded,
    marks_of,
    unpacked,
)

Value = float | str | bool | date | datetime | time | object
"""What calamine gives for a cell; blank is an empty text."""
Grid = list[list[Value]]


def sections(path: Path) -> tuple[str, ...]:
    """Names of the sheets that a reader of the workbook sees, in their order.

    Raises:
        DataError: The file cannot be read.
    """
    return tuple(_visible(_workbook(path, path.name)[0]))


def read(path: Path, asked: TableSource) -> tuple[pl.DataFrame, Source]:
    """Read one sheet of a workbook.

    Raises:
        DataError: The file or the sheet cannot be read.
    """
    workbook, stored = _workbook(path, asked.file)
    name = _chosen(workbook, asked)
    try:
        marks = marks_of(stored, name) if stored is not None else None
        sheet = workbook.get_sheet_by_name(name)
        grid: Grid = [list(row) for row in sheet.to_python(skip_empty_area=False)]
        merged = sheet.merged_cell_ranges or ()
    except TooLargeError as fault:
        raise DataError([_too_large(asked.file)]) from fault
    except (calamine.CalamineError, ExpatError, KeyError, ValueError) as fault:
        raise DataError([_unreadable(asked.file, fault)]) from fault
    for (row, column), error in (marks.errors if marks else {}).items():
        grid[row][column] = error
    shown = _Shown(marks or Marks())
    shown.apply(grid)
    _fill(grid, merged)
    return _table(grid, name, asked, shown, seen=marks is not None)


def _workbook(path: Path, file: str) -> tuple[calamine.CalamineWorkbook, BytesIO | None]:
    """The workbook, and its archive if it is one; whatever its suffix says."""
    try:
        data = bounded(path)
        stored = unpacked(data) if is_zipfile(BytesIO(data)) else None
        return calamine.CalamineWorkbook.from_filelike(stored or BytesIO(data)), stored
    except TooLargeError as fault:
        raise DataError([_too_large(file)]) from fault
    except (
        OSError,
        BadZipFile,
        NotImplementedError,
        RuntimeError,
        calamine.CalamineError,
    ) as fault:
        raise DataError([_unreadable(file, fault)]) from fault


def _too_large(file: str) -> Diagnostic:
    text = message(
        "{file} unpacks to more than a workbook of figures can be and is not read; "
        "save the sheet that is needed as a workbook of its own, or as CSV",
        file=file,
    )
    return Diagnostic("PR416", text)


def _unreadable(file: str, fault: Exception) -> Diagnostic:
    text = message(
        "{file} cannot be read as a workbook: {fault}; open it, remove its password and save it again as .xlsx",
        file=file,
        fault=str(fault) or type(fault).__name__,
    )
    return Diagnostic("PR419", text)


def _visible(workbook: calamine.CalamineWorkbook) -> list[str]:
    return [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.visible == calamine.SheetVisibleEnum.Visible
        and sheet.typ == calamine.SheetTypeEnum.WorkSheet
    ]


def _chosen(workbook: calamine.CalamineWorkbook, asked: TableSource) -> str:
    """The sheet that is asked for, hidden or not, or the first visible one."""
    names = [asked.sheet] if asked.sheet is not None else _visible(workbook)[:1]
    if names and names[0] in workbook.sheet_names:
        return names[0]
    text = message(
        "{file} has no sheet {sheet}; its sheets are {sheets}. Correct `sheet:` in dataset.yaml",
        file=asked.file,
        sheet=asked.sheet or "",
        sheets=tuple(workbook.sheet_names),
    )
    raise DataError([Diagnostic("PR432", text)])


class _Shown:
    """Turns numbers into the text that their format shows, where that tells more than the number.

    Attributes:
        rounded: Cells that hold digits beyond those that they show and that no float can be trusted for.
    """

    def __init__(self, marks: Marks) -> None:
        self._marks = marks
        self.rounded: list[tuple[int, int]] = []

    def apply(self, grid: Grid) -> None:
        """Replace the numbers of ``grid`` that have a format with fixed decimals."""
        for (row, column), shown in self._marks.formats.items():
            if row < len(grid) and column < len(grid[row]):
                value = grid[row][column]
                if isinstance(value, float):
                    grid[row][column] = self._text(value, shown, (row, column))

    def _text(self, number: float, shown: Format, at: tuple[int, int]) -> str:
        decimals = shown.decimals + 2 * shown.percent
        text = f"{number:.{decimals}f}"
        if float(text) != number:
            exact = nearest(number, 0, decimals + MAX_EXTRA_DECIMALS)
            if exact is None:
                self.rounded.append(at)
                value = Decimal(repr(number)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
            else:
                value = Decimal(exact[0]).scaleb(-exact[1])
                decimals = max(decimals, exact[1])
            text = f"{value:.{decimals}f}"
        return f"{Decimal(text).scaleb(2):.{decimals - 2}f}%" if shown.percent else text


def _fill(grid: Grid, merged: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """Give every cell of a merged range the value of its top left cell."""
    for (top, left), (bottom, right) in merged:
        for row in grid[top : bottom + 1]:
            for column in range(left, min(right + 1, len(row))):
                row[column] = grid[top][left]


def _table(
    grid: Grid, sheet: str, asked: TableSource, shown: _Shown, *, seen: bool
) -> tuple[pl.DataFrame, Source]:
    headings = (
        tuple(_written(value).strip() for value in grid[asked.header - 1])
        if len(grid) >= asked.header
        else ()
    )
    rows = [
        index
        for index in range(asked.header, len(grid))
        if any(value != "" and str(value).strip() for value in grid[index])
    ]
    frame = pl.DataFrame(
        [_column(str(at), [grid[row][at] for row in rows]) for at in range(len(headings))]
    )
    first = asked.header + 1
    follow = rows == list(range(asked.header, asked.header + len(rows)))
    origins = Origins(
        asked.file, asked.origin or sheet, first, () if follow else [row + 1 for row in rows]
    )
    notices = [*_rounded(shown.rounded, asked), *([] if seen else [_unseen(asked.file)])]
    return frame, Source(origins, headings, notices=tuple(notices))


def _rounded(cells: Sequence[tuple[int, int]], asked: TableSource) -> Iterable[Notice]:
    if not cells:
        return
    text = message(
        "{file} computes {count} figures with more digits than it shows, first in row {rows}; they are taken as shown",
        file=asked.file,
        count=len(cells),
        rows=tuple(row + 1 for row, _ in cells[:FEW]),
    )
    yield Notice("PR434", text, "advice", where=asked.file)


def _unseen(file: str) -> Notice:
    text: Message = message(
        "{file} does not tell which of its cells are percentages, and gives the errors of its formulas as blanks; "
        "save it as .xlsx to have both seen",
        file=file,
    )
    return Notice("PR433", text, "advice", where=file)


def _column(name: str, values: Sequence[Value]) -> pl.Series:
    """Cells as numbers, as texts, or, if there are both, as a struct of the two."""
    numbers = [value if isinstance(value, float) else None for value in values]
    texts = [
        None if isinstance(value, float) or value == "" else _written(value) for value in values
    ]
    number, text = pl.Series("number", numbers, pl.Float64), pl.Series("text", texts, pl.String)
    if text.null_count() == len(text) and number.null_count() < len(number):
        return number.alias(name)
    if number.null_count() == len(number):
        return text.alias(name)
    return pl.DataFrame([number, text]).to_struct(name)


def _written(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2.0**53 else repr(value)
    return str(value)
