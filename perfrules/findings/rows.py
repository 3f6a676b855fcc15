"""The rows of tables that a verdict rests on, as they are printed, so that a report can show its cells where they stand."""

from collections.abc import Iterable, Iterator, Mapping

from perfrules.dataset import Cell, Line
from perfrules.evaluate.rows import Index
from perfrules.findings.figures import printed
from perfrules.values import frozen

MOST = 6
"""Rows that are kept of one finding."""
WIDTH = 30
"""Columns that are kept of one row: its key, the cells concerned, and others up to here."""
LENGTH = 60
"""Characters that are kept of a cell which is only shown beside others."""


@frozen
class EvidenceRow:
    """A row that a verdict rests on.

    Attributes:
        table: Its table.
        key: Its key, by column id.
        cells: What is printed in it, by column id, in the order of the pack; empty for a blank cell.
    """

    table: str
    key: Mapping[str, str]
    cells: Mapping[str, str]


class Gathered:
    """Makes the rows of findings; rows that several of them rest on are made once."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._made: dict[tuple[str, int, tuple[str, ...]], EvidenceRow] = {}

    def clear(self) -> None:
        """Forget the rows made so far."""
        self._made.clear()

    def of(self, cells: Iterable[Cell]) -> tuple[EvidenceRow, ...]:
        """The first rows that ``cells`` stand in."""
        cited: dict[tuple[str, int], list[str]] = {}
        for cell in cells:
            if cell.row >= 0:
                cited.setdefault((cell.table, cell.row), []).append(cell.column)
        return tuple(self._row(*at, cited[at]) for at in [*cited][:MOST])

    def _row(self, name: str, row: int, cited: list[str]) -> EvidenceRow:
        line = self._index.line(self._index.dataset.tables[name], row)
        shown = tuple(_shown(line, cited))
        at = (name, row, shown)
        if at not in self._made:
            self._made[at] = _made(line, shown)
        return self._made[at]


def _shown(line: Line, cited: list[str]) -> Iterator[str]:
    spec = line.table.spec
    there = [name for name in spec.columns if name in line.values]
    if len(there) > WIDTH:
        needed = {*spec.key, *cited}
        rest = [name for name in there if name not in needed]
        needed.update(rest[: max(WIDTH - len(needed), 0)])
        there = [name for name in there if name in needed]
    return iter(there)


def _made(line: Line, shown: Iterable[str]) -> EvidenceRow:
    table = line.table
    key = {name: str(line.values[name]) for name in table.spec.key if name in line.values}
    cells = {name: _cut(printed(line.cell(name), table)) for name in shown}
    return EvidenceRow(table.name, key, cells)


def _cut(text: str) -> str:
    return text if len(text) <= LENGTH else text[: LENGTH - 1] + "…"
