"""Workbooks (xlsx, xls, ods): one sheet, with merged cells filled and numbers as they are shown."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
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
from perfrules.dataset.readings import gathered, written
from perfrules.dataset.source import FEW, Source
from perfrules.errors import DataError, Diagnostic
from perfrules.locale import Message, message
from perfrules.manifest import TableSource
from perfrules.notices import Notice
from perfrules.quantities import MAX_EXTRA_DECIMALS
from perfrules.readers.excel import archive, opendocument
from perfrules.readers.excel.archive import Format, Marks, TooLargeError
from perfrules.values import frozen

Value = float | str | bool | date | datetime | time | object
"""What calamine gives for a cell; blank is an empty text."""
Grid = list[list[Value]]
Range = tuple[tuple[int, int], tuple[int, int]]
_FAULTS = (
    OSError, BadZipFile, NotImplementedError, RuntimeError, calamine.CalamineError, ExpatError, KeyError, ValueError,
    IndexError,
)  # fmt: skip
"""What the libraries raise on a file that is no workbook, is damaged, or has a password."""


def sections(path: Path) -> tuple[str, ...]:
    """Names of the sheets that a reader of the workbook sees, in their order.

    Raises:
        DataError: The file cannot be read.
    """
    with _refusing(path.name):
        return tuple(_visible(_opened(path).workbook))


def read(path: Path, asked: TableSource) -> tuple[pl.DataFrame, Source]:
    """Read one sheet of a workbook.

    Raises:
        DataError: The file or the sheet cannot be read.
    """
    with _refusing(asked.file):
        book = _opened(path)
        name = _chosen(book.workbook, asked)
        marks = book.marks_of(name)
        sheet = book.workbook.get_sheet_by_name(name)
        known = marks or Marks()
        merged = [*known.merged, *(sheet.merged_cell_ranges or ())]
        grid = _padded(sheet.to_python(skip_empty_area=False), merged, known)
    shown = _Shown(known)
    shown.apply(grid)
    _fill(grid, merged)
    return _table(grid, name, asked, shown, seen=marks is not None)


def grids(path: Path) -> Mapping[str, Grid]:
    """The cells of the sheets that a reader of the workbook sees, as they are held, by the names of the sheets.

    Raises:
        DataError: The file cannot be read.
    """
    with _refusing(path.name):
        book = _opened(path).workbook
        return {
            name: [list(row) for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)]
            for name in _visible(book)
        }  # fmt: skip


@frozen
class _Book:
    """A workbook, its archive if it is one, and what is known of all its sheets if that had to be asked at once."""

    workbook: calamine.CalamineWorkbook
    stored: BytesIO | None
    marks: Mapping[str, Marks] | None

    def marks_of(self, sheet: str) -> Marks | None:
        """What calamine does not tell of ``sheet``; None where nobody knows."""
        if self.marks is not None:
            return self.marks.get(sheet)
        return archive.marks_of(self.stored, sheet) if self.stored is not None else None


def _opened(path: Path) -> _Book:
    """The workbook in a file, whatever its suffix says."""
    data = archive.bounded(path)
    stored = archive.unpacked(data) if is_zipfile(BytesIO(data)) else None
    marks = opendocument.all_marks(stored) if stored is not None else None
    file = stored or BytesIO(data)
    file.seek(0)
    return _Book(calamine.CalamineWorkbook.from_filelike(file), stored, marks)


@contextmanager
def _refusing(file: str) -> Iterator[None]:
    """Turn what can go wrong with a workbook into one error."""
    try:
        yield
    except TooLargeError as fault:
        raise DataError([_too_large(file)]) from fault
    except _FAULTS as fault:
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
    raise DataError([Diagnostic("PR437", text)])


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
        if shown.percent:
            return f"{Decimal(text).scaleb(2):.{decimals - 2}f}%"
        width = (
            shown.whole + text.startswith("-") + (len(text.partition(".")[2]) + 1) * ("." in text)
        )
        return text.zfill(width)


def _padded(rows: Sequence[Sequence[Value]], merged: Sequence[Range], marks: Marks) -> Grid:
    """The cells as a rectangle that holds every merged range and every error value."""
    ends = [end for _, end in merged] + list(marks.errors)
    height = max((row + 1 for row, _ in ends), default=0)
    width = max([*(column + 1 for _, column in ends), *map(len, rows), 0])
    grid: Grid = [[*row, *[""] * (width - len(row))] for row in rows]
    grid += [[""] * width for _ in range(height - len(grid))]
    for (row, column), error in marks.errors.items():
        grid[row][column] = error
    return grid


def _fill(grid: Grid, merged: Sequence[Range]) -> None:
    """Give every cell of a merged range the value of its top left cell."""
    for (top, left), (bottom, right) in merged:
        for row in grid[top : bottom + 1]:
            for column in range(left, min(right + 1, len(row))):
                row[column] = grid[top][left]


def _table(
    grid: Grid, sheet: str, asked: TableSource, shown: _Shown, *, seen: bool
) -> tuple[pl.DataFrame, Source]:
    headings = (
        tuple(written(value).strip() for value in grid[asked.header - 1])
        if len(grid) >= asked.header
        else ()
    )
    rows = [
        index
        for index in range(asked.header, len(grid))
        if any(value != "" and str(value).strip() for value in grid[index])
    ]
    frame = pl.DataFrame(
        [gathered(str(at), [grid[row][at] for row in rows]) for at in range(len(headings))]
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
