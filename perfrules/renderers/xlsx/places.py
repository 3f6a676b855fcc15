"""Where the rows of tables stand in their sheets, and which findings rest on which of their cells."""

from collections.abc import Iterable, Mapping
from dataclasses import field

from perfrules import wording
from perfrules.dataset import Table
from perfrules.exchange.excel import HEAD
from perfrules.findings import EvidenceCell
from perfrules.locale import Label
from perfrules.report import Report
from perfrules.values import frozen, mutable

Key = tuple[tuple[str, str], ...]
BEFORE = 1
"""Columns of a sheet before those of the table."""


@frozen
class Place:
    """A cell of the sheet of a table."""

    table: str
    row: int
    column: int


@mutable
class Quoted:
    """A row that only findings know.

    Attributes:
        key: Its key.
        printed: What is printed in its cells, as far as findings quote it.
        file, line: The file of the data, and its row there, if they are known.
    """

    key: Mapping[str, str]
    printed: dict[str, str]
    file: str = ""
    line: int | None = None


@mutable
class Places:
    """The sheet of one table.

    Attributes:
        table: Its id.
        title: What the pack calls it.
        columns: Its columns, with their titles.
        data: The table, if it is at hand.
        quoted: Rows that only findings know, by file and key: each of several datasets may have a row with the same key.
        marks: The findings that rest on a cell, by row of the sheet and column; by position in the report.
    """

    table: str
    title: Label
    columns: dict[str, Label]
    data: Table | None = None
    quoted: dict[tuple[str, Key], Quoted] = field(default_factory=dict)
    marks: dict[tuple[int, str], list[int]] = field(default_factory=dict)
    _keys: dict[Key, list[int]] = field(default_factory=dict)
    _at: dict[tuple[str, Key], int] = field(default_factory=dict)
    _columns: dict[str, int] = field(default_factory=dict)

    @property
    def height(self) -> int:
        """How many rows of the data are shown."""
        return 0 if self.data is None else self.data.frame.height

    def of(self, cell: EvidenceCell) -> list[Place]:
        """Where a cell stands: more than once where its key occurs more than once, nowhere if its row is not there."""
        if cell.column not in self.columns:
            return []
        if not self._columns:
            self._columns = {name: at for at, name in enumerate(self.columns, BEFORE)}
        column = self._columns[cell.column]
        return [Place(self.table, row, column) for row in self._rows(cell)]

    def _rows(self, cell: EvidenceCell) -> list[int]:
        key = tuple(cell.key.items())
        rows = self._keys.get(key)
        if rows is None:
            at = cell.origin.file, key
            return [self._at[at]] if at in self._at else []
        if len(rows) > 1 and self.data is not None:
            origins = self.data.origins
            rows = [r for r in rows if origins.of(r, cell.column) == cell.origin] or rows
        return [HEAD + 1 + row for row in rows]

    def know(self, data: Table) -> None:
        """Take the rows of the data."""
        self.data = data
        names = [name for name in data.spec.key if name in data.frame.columns]
        self.columns = {n: c.title for n, c in data.spec.columns.items() if n in data.frame.columns}
        for row, values in enumerate(data.frame.select(names).iter_rows()):
            key = tuple((n, str(value)) for n, value in zip(names, values, strict=True))
            self._keys.setdefault(key, []).append(row)

    def quote(
        self, file: str, key: Mapping[str, str], printed: Mapping[str, str], line: int | None = None
    ) -> None:
        """Take a row, or some of its cells, that a finding quotes."""
        at = file, tuple(key.items())
        if not key or at[1] in self._keys:
            return
        row = self.quoted.setdefault(at, Quoted(key, {}, file))
        row.line = row.line or line
        self._at.setdefault(at, HEAD + 1 + self.height + len(self._at))
        for name, text in (*key.items(), *printed.items()):
            self.columns.setdefault(name, Label(name))
            row.printed.setdefault(name, text)

    def mark(self, position: int, cell: EvidenceCell) -> None:
        """Note that a finding rests on a cell."""
        for place in self.of(cell):
            found = self.marks.setdefault((place.row, cell.column), [])
            if not found or found[-1] != position:
                found.append(position)

    def only(self, columns: Iterable[str]) -> None:
        """Keep these columns alone, in their order."""
        self.columns = {name: self.columns[name] for name in columns}


def placed(report: Report) -> Mapping[str, Places]:
    """The sheets of all tables that are at hand or that findings rest on, in the order of the pack."""
    found = {
        facts.table: Places(facts.table, facts.title, dict(facts.columns))
        for facts in report.tables
    }
    for name, table in report.data.items():
        found.setdefault(name, Places(name, table.spec.title, {})).know(table)
    for finding in report.details:
        files = {(cell.table, tuple(cell.key.items())): cell.origin.file for cell in finding.cells}
        for row in finding.rows:
            file = files.get((row.table, tuple(row.key.items())), "")
            _of(found, row.table).quote(file, row.key, row.cells)
        for cell in finding.cells:
            sheet = _of(found, cell.table)
            sheet.quote(cell.origin.file, cell.key, {cell.column: cell.printed}, cell.origin.row)
            if sheet.columns.get(cell.column) == Label(cell.column) and cell.title != Label():
                sheet.columns[cell.column] = cell.title
    kept = {name: sheet for name, sheet in found.items() if sheet.data is not None or sheet.quoted}
    for sheet in kept.values():
        if sheet.data is None:
            told = {name for row in sheet.quoted.values() for name in row.printed}
            sheet.only(name for name in sheet.columns if name in told)
    _mark(report, kept)
    return kept


def _of(found: dict[str, Places], table: str) -> Places:
    return found.setdefault(table, Places(table, Label(table), {}))


def _mark(report: Report, sheets: Mapping[str, Places]) -> None:
    order = sorted(range(len(report.details)), key=lambda at: gravity(report, at))
    for position in order:  # the gravest first, for a cell leads to the first of its findings
        for cell in report.details[position].cells:
            if cell.table in sheets:
                sheets[cell.table].mark(position, cell)


def gravity(report: Report, position: int) -> tuple[bool, int, int]:
    """The gravest finding first, and those that are settled last."""
    finding = report.details[position]
    return finding.settled, wording.SEEN.index(finding.outcome), position
