"""Workbooks read back: cells by python-calamine, and what it passes over (links, comments, formats, print set-up) out of the XML."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET
from zipfile import ZipFile

from python_calamine import CalamineWorkbook

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
HEAD = 3
"""The row of the headings of a list, counted from 0."""


@dataclass(frozen=True)
class Read:
    """A workbook that was read back."""

    content: bytes

    @property
    def names(self) -> list[str]:
        return CalamineWorkbook.from_filelike(BytesIO(self.content)).sheet_names

    def cells(self, sheet: str) -> list[list[Any]]:
        book = CalamineWorkbook.from_filelike(BytesIO(self.content))
        return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)

    def records(self, sheet: str) -> list[dict[str, Any]]:
        """The rows of a list by its headings."""
        head, *rows = self.cells(sheet)[HEAD:]
        return [dict(zip(head, row, strict=False)) for row in rows]

    def parts(self) -> Iterator[tuple[str, ET.Element]]:
        """Every part that is XML; all of them can be parsed."""
        with ZipFile(BytesIO(self.content)) as file:
            assert file.testzip() is None
            for name in file.namelist():
                yield name, ET.fromstring(file.read(name))  # noqa: S314  # our own file

    def sheet(self, name: str) -> ET.Element:
        """The XML of a sheet."""
        return dict(self.parts())[f"xl/worksheets/sheet{self.names.index(name) + 1}.xml"]

    def links(self, sheet: str) -> dict[str, str]:
        """Where cells lead to."""
        found = self.sheet(sheet).iter(f"{MAIN}hyperlink")
        return {link.attrib["ref"]: link.attrib["location"] for link in found}

    def notes(self, sheet: str) -> dict[str, str]:
        """Comments by cell."""
        parts = dict(self.parts())
        at = self.names.index(sheet) + 1
        relations = parts.get(f"xl/worksheets/_rels/sheet{at}.xml.rels")
        targets = [] if relations is None else [r.attrib["Target"] for r in relations]
        found = {}
        for target in targets:
            if "comments" in target:
                for note in parts[f"xl/{target.removeprefix('../')}"].iter(f"{MAIN}comment"):
                    found[note.attrib["ref"]] = "".join(t.text or "" for t in note.iter(f"{MAIN}t"))
        return found

    def formats(self, sheet: str) -> dict[str, str]:
        """The formats of numbers and guarded texts, where there is one, by cell."""
        styles = dict(self.parts())["xl/styles.xml"]
        named = {n.attrib["numFmtId"]: n.attrib["formatCode"] for n in styles.iter(f"{MAIN}numFmt")}
        named |= {"1": "0", "2": "0.00", "3": "#,##0", "4": "#,##0.00", "49": "@"}
        (cells,) = styles.iter(f"{MAIN}cellXfs")
        ids = [one.attrib["numFmtId"] for one in cells]
        found = {}
        for cell in self.sheet(sheet).iter(f"{MAIN}c"):
            kind = ids[int(cell.attrib.get("s", 0))]
            if kind != "0" and len(cell):
                found[cell.attrib["r"]] = named[kind]
        return found

    def fills(self, sheet: str) -> dict[str, str]:
        """The colours behind cells, by cell."""
        styles = dict(self.parts())["xl/styles.xml"]
        colors = [
            next((c.attrib.get("rgb", "") for c in fill.iter(f"{MAIN}fgColor")), "")
            for fill in next(styles.iter(f"{MAIN}fills"))
        ]
        (cells,) = styles.iter(f"{MAIN}cellXfs")
        fills = [colors[int(one.attrib["fillId"])] for one in cells]
        return {
            cell.attrib["r"]: fills[int(cell.attrib["s"])].removeprefix("FF")
            for cell in self.sheet(sheet).iter(f"{MAIN}c")
            if "s" in cell.attrib and fills[int(cell.attrib["s"])]
        }

    def told(self) -> str:
        """All of it as a text, to compare."""
        lines = []
        for name in self.names:
            lines.append(f"# {name}")
            for number, row in enumerate(self.cells(name), 1):
                while row and row[-1] == "":
                    row.pop()
                lines.append(f"{number} {json.dumps(row, ensure_ascii=False, default=str)}")
            for title, found in (
                ("links", self.links(name)),
                ("comments", self.notes(name)),
                ("formats", self.formats(name)),
            ):
                lines += [f"## {title}", *(f"{at} {json.dumps(t, ensure_ascii=False)}" for at, t in found.items())]  # fmt: skip
            lines.append("")
        return "\n".join(lines)


def column(cell: str) -> str:
    """The letters of a cell."""
    return re.sub("[0-9]", "", cell)


def row(cell: str) -> int:
    """The number of the row of a cell, from 1."""
    return int(re.sub("[A-Z]", "", cell))
