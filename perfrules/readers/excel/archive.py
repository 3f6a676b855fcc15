"""Workbooks as archives: unpacked within bounds, and read for what calamine leaves out.

calamine gives the numbers of a sheet, but neither how they are shown (``99.91%`` is stored as 0.9991) nor the error
values of formulas, which it gives as blanks.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import field
from io import BytesIO
from pathlib import Path
from posixpath import join, normpath
from xml.parsers import expat
from zipfile import ZIP_STORED, ZipFile

from perfrules.values import frozen, mutable

MAX_UNPACKED = 500_000_000
"""Bytes that a workbook may have when it is unpacked."""
MAX_RATIO = 200
"""How many times larger than the file its contents may be, beyond ``FREE_UNPACKED``."""
FREE_UNPACKED = 20_000_000
"""Bytes below which the ratio does not matter."""
MAX_CELLS = 50_000_000
"""Cells that the area of a sheet may have, empty ones included."""
_MEDIA = ("xl/media/", "Pictures/", "xl/embeddings/")
_BUILTIN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 37: "#,##0", 38: "#,##0", 39: "#,##0.00",
    40: "#,##0.00", 41: "#,##0", 42: "#,##0", 43: "#,##0.00", 44: "#,##0.00",
}  # fmt: skip
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|!.')
_SHOWN = re.compile(r"[#,¥$€£+\-() ]*([#0?,]*0)(?:\.(0+))?\s*(%)?[元)\s]*")
_REFERENCE = re.compile(r"([A-Z]+)(\d+)")


class TooLargeError(Exception):
    """A workbook has more in it than anybody prints."""


@frozen
class Format:
    """How a number is shown: with so many decimals, perhaps as a percentage, with zeros up to so many whole digits."""

    decimals: int
    percent: bool
    whole: int = 1


@mutable
class Marks:
    """What calamine does not tell of a sheet, by (row, column) from 0.

    Attributes:
        errors: Error values.
        formats: Formats with fixed decimals.
        merged: Top left and bottom right of merged cells, where calamine does not tell them.
    """

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    formats: dict[tuple[int, int], Format] = field(default_factory=dict)
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)


@mutable
class Area:
    """The area of a sheet that holds cells; calamine gives each of its cells a place, empty or not."""

    height: int = 0
    width: int = 0

    def hold(self, height: int, width: int) -> None:
        """Grow to that height and width.

        Raises:
            TooLargeError: That is beyond the bounds.
        """
        self.height, self.width = max(self.height, height), max(self.width, width)
        if self.height * self.width > MAX_CELLS:
            raise TooLargeError


def bounded(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        TooLargeError: There are more than a workbook may have.
    """
    if path.stat().st_size > MAX_UNPACKED:
        raise TooLargeError
    return path.read_bytes()


def unpacked(data: bytes) -> BytesIO:
    """The archive in ``data`` without compression and pictures.

    Sizes in an archive are claims, so it is unpacked by a library that stops at them, and only what came out is
    handed on.

    Raises:
        TooLargeError: It is beyond the bounds.
        BadZipFile: It is no archive.
    """
    stored = BytesIO()
    with ZipFile(BytesIO(data)) as archive, ZipFile(stored, "w", ZIP_STORED) as copy:
        entries = [info for info in archive.infolist() if not info.filename.startswith(_MEDIA)]
        total = sum(info.file_size for info in entries)
        if total > MAX_UNPACKED or total > max(FREE_UNPACKED, MAX_RATIO * len(data)):
            raise TooLargeError
        for info in entries:
            copy.writestr(info.filename, archive.read(info))
    stored.seek(0)
    return stored


def marks_of(stored: BytesIO, sheet: str) -> Marks | None:
    """What calamine does not tell of ``sheet``; None if the archive is no Office Open XML workbook.

    Raises:
        TooLargeError: The area of the sheet is beyond the bounds.
    """
    with ZipFile(stored) as archive:
        names = set(archive.namelist())
        if "xl/workbook.xml" not in names:
            return None
        path = _sheet_path(archive, sheet)
        if path not in names:
            return None
        styles = _styles(archive.read("xl/styles.xml")) if "xl/styles.xml" in names else {}
        return _marks(archive.read(path), styles)


def parse(
    data: bytes,
    start: Callable[[str, Mapping[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Walk through an XML document.

    Raises:
        TooLargeError: It declares a document type.
        ExpatError: It is no XML.
    """
    parser = expat.ParserCreate()

    def refuse(
        *_: object,
    ) -> None:  # no workbook has a document type; entities are only ever an attack
        raise TooLargeError

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.buffer_text = True
    parser.Parse(data, True)  # noqa: FBT003  # the C function takes no keyword


def _sheet_path(archive: ZipFile, sheet: str) -> str:
    ids: dict[str, str] = {}
    targets: dict[str, str] = {}

    def workbook(tag: str, attributes: Mapping[str, str]) -> None:
        if tag.rpartition(":")[2] == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            ids[attributes.get("name", "")] = relation

    def relation(tag: str, attributes: Mapping[str, str]) -> None:
        if tag.rpartition(":")[2] == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    parse(archive.read("xl/workbook.xml"), workbook)
    if "xl/_rels/workbook.xml.rels" in archive.namelist():
        parse(archive.read("xl/_rels/workbook.xml.rels"), relation)
    return normpath(join("/xl", targets.get(ids.get(sheet, ""), ""))).lstrip("/")


def _styles(data: bytes) -> dict[str, Format]:
    """The formats with fixed decimals, by number of the cell style."""
    codes: dict[int, str] = dict(_BUILTIN)
    styles: dict[str, Format] = {}
    inside: list[str] = []
    seen = 0

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        nonlocal seen
        name = tag.rpartition(":")[2]
        if name == "numFmt":
            codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif name == "xf" and inside[-1] == "cellXfs":
            shown = format_of(codes.get(int(attributes.get("numFmtId", 0)), ""))
            if shown is not None:
                styles[str(seen)] = shown
            seen += 1
        inside.append(name)

    def end(_: str) -> None:
        inside.pop()

    parse(data, start, end)
    return styles


def format_of(code: str) -> Format | None:
    """What a number format says; None if it shows anything but a fixed number of decimals."""
    plain = _LITERAL.sub("", code.partition(";")[0]).strip()
    match = _SHOWN.fullmatch(plain)
    if match is None or plain.rstrip("%) ").endswith(","):
        return None
    return Format(len(match[2] or ""), match[3] is not None, match[1].count("0"))


def _marks(data: bytes, styles: Mapping[str, Format]) -> Marks:
    scanner = _Scanner(styles)
    parse(data, scanner.start, scanner.end, scanner.text)
    return scanner.marks


class _Scanner:
    """Walks through the cells of one sheet."""

    def __init__(self, styles: Mapping[str, Format]) -> None:
        self.marks = Marks()
        self._styles = styles
        self._area = Area()
        self._at = (-1, -1)
        self._error: list[str] | None = None
        self._inside = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """A row or a cell begins."""
        name = tag.rpartition(":")[2]
        row, column = self._at
        if name == "row":
            self._at = int(attributes.get("r", row + 2)) - 1, -1
        elif name == "v":
            self._inside = True
        elif name == "c":
            self._at = row, _column(attributes["r"]) if "r" in attributes else column + 1
            self._cell(attributes)

    def _cell(self, attributes: Mapping[str, str]) -> None:
        row, column = self._at
        self._area.hold(row + 1, column + 1)
        shown = self._styles.get(attributes.get("s", "0"))
        if attributes.get("t") == "e":
            self._error = []
        elif shown is not None:
            self.marks.formats[self._at] = shown

    def end(self, tag: str) -> None:
        """A value or a cell ends."""
        name = tag.rpartition(":")[2]
        self._inside = self._inside and name != "v"
        if self._error is not None and name == "c":
            self.marks.errors[self._at] = "".join(self._error)
            self._error = None

    def text(self, part: str) -> None:
        """Text inside an element; beside its value a cell has its formula."""
        if self._error is not None and self._inside:
            self._error.append(part)


def _column(reference: str) -> int:
    match = _REFERENCE.match(reference)
    number = 0
    for letter in match[1] if match else "":
        number = number * 26 + ord(letter) - 64
    return number - 1
