"""CSV files: every cell as the text that stands in it."""

import codecs
import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from io import StringIO
from itertools import islice
from pathlib import Path

import polars as pl

from perfrules.dataset import Origins
from perfrules.dataset.source import FEW, Source
from perfrules.errors import DataError, Diagnostic
from perfrules.locale import message
from perfrules.manifest import TableSource
from perfrules.notices import Notice
from perfrules.values import mutable

SEPARATORS = (",", ";", "\t")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHUNK = 50_000
"""Rows that are held as Python lists at one time."""


def read(path: Path, asked: TableSource) -> tuple[pl.DataFrame, Source]:
    """Read a text file with separators.

    Raises:
        DataError: The file cannot be read, is not text, or a quote in it is never closed.
    """
    text, notices = _decoded(path, asked)
    separator = _separator(text, asked.header)
    rows = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        headings = next(islice(rows, asked.header - 1, None), [])
        sheet = _Sheet(len(headings), asked.header)
        while chunk := list(islice(rows, _CHUNK)):
            sheet.add(chunk)
    except csv.Error as fault:
        _refuse_row(asked.file, rows.line_num, fault)
    frame = sheet.frame()
    origins = Origins(asked.file, asked.origin, asked.header + 1, sheet.rows())
    notices.extend(sheet.notices(asked.file))
    return frame, Source(
        origins, tuple(headings), doubtful=frozenset(sheet.slipped()), notices=tuple(notices)
    )


def _refuse_row(file: str, line: int, fault: csv.Error) -> None:
    text = message(
        "{file} is no valid CSV near line {line}: {fault}; look for a quotation mark that is not closed or not doubled",
        file=file,
        line=line,
        fault=str(fault),
    )
    raise DataError([Diagnostic("PR412", text)]) from fault


@mutable
class _Sheet:
    """The rows below the headings as they come in, blank rows left out.

    Attributes:
        width: Number of headings.
        seen: Rows of the file so far.
        kept: Rows of the file that were kept, in stretches.
        parts: The rows of the table, in stretches, and their number so far.
        widths: How many cells the rows have.
        short: Rows of the file with too few cells.
        long: Row of the file by row of the table, for those with too many cells.
        filled: Whether a cell beyond the headings holds something.
    """

    width: int
    seen: int
    kept: list[range | list[int]] = field(default_factory=list)
    parts: list[pl.DataFrame] = field(default_factory=list)
    height: int = 0
    widths: set[int] = field(default_factory=set)
    short: list[int] = field(default_factory=list)
    long: dict[int, int] = field(default_factory=dict)
    filled: bool = False

    def add(self, chunk: list[list[str]]) -> None:
        """Add the next rows of the file."""
        first = self.seen + 1
        self.seen += len(chunk)
        lines: range | list[int] = range(first, self.seen + 1)
        if not all(map(any, chunk)):
            there = [
                (line, row)
                for line, row in zip(lines, chunk, strict=True)
                if any(map(str.strip, row))
            ]
            lines, chunk = [line for line, _ in there], [row for _, row in there]
        widths = set(map(len, chunk))
        self.widths |= widths
        if widths - {self.width}:
            chunk = [self._fitted(index, lines[index], row) for index, row in enumerate(chunk)]
        self.kept.append(lines)
        self.height += len(chunk)
        if chunk:
            columns = zip(*chunk, strict=True)
            self.parts.append(
                pl.DataFrame(
                    [pl.Series(str(i), cells, pl.String) for i, cells in enumerate(columns)]
                )
            )

    def _fitted(self, index: int, line: int, row: list[str]) -> list[str]:
        if len(row) < self.width:
            self.short.append(line)
            return row + [""] * (self.width - len(row))
        if len(row) > self.width:
            self.long[self.height + index] = line
            self.filled = self.filled or any(map(str.strip, row[self.width :]))
        return row[: self.width]

    def slipped(self) -> dict[int, int]:
        """Rows of which nobody knows which cell is which; a separator at the end of every row does no harm."""
        return self.long if self.filled or len(self.widths) > 1 else {}

    def frame(self) -> pl.DataFrame:
        """All rows, in columns named by position."""
        if not self.parts:
            return pl.DataFrame(schema={str(i): pl.String for i in range(self.width)})
        return self.parts[0] if len(self.parts) == 1 else pl.concat(self.parts)

    def rows(self) -> Sequence[int]:
        """Row of the file by row of the table; empty if they follow one another."""
        if all(isinstance(lines, range) for lines in self.kept):
            return ()
        return [line for lines in self.kept for line in lines]

    def notices(self, file: str) -> Iterator[Notice]:
        """What is wrong with the shape of the rows."""
        if self.short:
            text = message(
                "{file} has {count} rows with fewer cells than the {width} headings, first row {rows}; "
                "the missing cells count as blank. Put a separator for each cell",
                file=file,
                count=len(self.short),
                width=self.width,
                rows=tuple(self.short[:FEW]),
            )
            yield Notice("PR410", text, where=f"{file}:{self.short[0]}")
        slipped = self.slipped()
        if slipped:
            lines = tuple(slipped.values())
            text = message(
                "{file} has {count} rows with more cells than the {width} headings, first row {rows}; nobody knows "
                "which cell is which, so these rows are not checked. Quote the cells that hold a separator",
                file=file,
                count=len(lines),
                width=self.width,
                rows=lines[:FEW],
            )
            yield Notice("PR410", text, where=f"{file}:{lines[0]}")


def _separator(text: str, header: int) -> str:
    """The separator by which the row of headings falls into most parts."""

    def parts(separator: str) -> int:
        rows = csv.reader(StringIO(text[:100_000], newline=""), delimiter=separator)
        return len(next(islice(rows, header - 1, None), []))

    return max(SEPARATORS, key=parts)


def _decoded(path: Path, asked: TableSource) -> tuple[str, list[Notice]]:
    try:
        data = path.read_bytes()
    except OSError as fault:
        text = message(
            "{file} cannot be read: {fault}", file=asked.file, fault=fault.strerror or str(fault)
        )
        raise DataError([Diagnostic("PR419", text)]) from fault
    for encoding in _encodings(data, asked.encoding):
        try:
            content = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        except LookupError:
            break
        if "\0" in content:
            break
        return content, [] if asked.encoding else _remarked(encoding, asked.file)
    raise DataError([_undecodable(data, asked)])


def _encodings(data: bytes, told: str | None) -> Iterable[str]:
    marked = [encoding for mark, encoding in _MARKS if data.startswith(mark)]
    return [told] if told else marked or ["utf-8", "gb18030"]


def _remarked(encoding: str, file: str) -> list[Notice]:
    if encoding.startswith("utf-8"):
        return []
    text = message(
        "{file} is not in UTF-8; it was read as {encoding}. Save it as UTF-8, or say `encoding:` in dataset.yaml",
        file=file,
        encoding=encoding.upper(),
    )
    return [Notice("PR411", text, "advice", where=file)]


def _undecodable(data: bytes, asked: TableSource) -> Diagnostic:
    offset = data.find(b"\0")
    try:
        data.decode(asked.encoding or "utf-8")
    except UnicodeDecodeError as fault:
        offset = fault.start
    except LookupError:
        text = message(
            "{file}: no encoding is called {encoding}; name one such as utf-8 or gb18030",
            file=asked.file,
            encoding=asked.encoding,
        )
        return Diagnostic("PR412", text)
    text = message(
        "{file} is no text in UTF-8 or GB18030: byte {offset}, in line {line}, cannot be decoded; "
        "save it as UTF-8, or say `encoding:` in dataset.yaml",
        file=asked.file,
        offset=offset,
        line=data.count(b"\n", 0, offset) + 1,
    )
    return Diagnostic("PR412", text)
