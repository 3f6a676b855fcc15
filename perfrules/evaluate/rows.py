"""From a row of a rule to the cells that its fields mean: lookups, fixed keys, the year before, rows of finer tables."""

from collections.abc import Iterable, Mapping
from dataclasses import field
from functools import cache
from typing import Any

from perfrules.dataset import Cell, Dataset, Line, Table, as_value
from perfrules.expr.nodes import Field, Pin, Rows
from perfrules.quantities.figures import State
from perfrules.values import frozen

STRETCH = 512
"""Rows that are read at once where they are asked for one after the other."""
KEPT = 20_000
"""Rows of a table that are kept before they are read anew."""


class Index:
    """Rows of a dataset by their keys; built when first asked for and kept."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self._lists: dict[tuple[str, str], list[Any]] = {}
        self._groups: dict[
            tuple[str, tuple[str, ...], tuple[Pin, ...]], dict[tuple[Any, ...], list[int]]
        ] = {}
        self._lines: dict[str, dict[int, Line]] = {}

    def line(self, table: Table, row: int) -> Line:
        """One row of ``table``; with it the next ones are read where the row before has been asked for."""
        lines = self._lines.setdefault(table.name, {})
        if row not in lines:
            ahead = STRETCH if row - 1 in lines else 1
            self.take(table, range(row, min(row + ahead, table.frame.height)))
        return lines[row]

    def take(self, table: Table, rows: Iterable[int]) -> None:
        """Read rows that will be asked for."""
        lines = self._lines.setdefault(table.name, {})
        if len(lines) > KEPT:
            lines.clear()
        lines.update((line.row, line) for line in table.lines([*rows]))

    def column(self, table: str, column: str) -> list[Any]:
        """The values of a key column."""
        at = (table, column)
        if at not in self._lists:
            self._lists[at] = self.dataset.tables[table].frame[column].to_list()
        return self._lists[at]

    def rows(
        self, table: str, columns: tuple[str, ...], pins: tuple[Pin, ...], key: tuple[Any, ...]
    ) -> list[int]:
        """The rows of ``table`` that have ``key`` in ``columns`` and the fixed values of ``pins``; none for a key with a gap."""
        if None in key:
            return []
        at = (table, columns, pins)
        if at not in self._groups:
            groups: dict[tuple[Any, ...], list[int]] = {}
            lists = [self.column(table, column) for column in columns]
            held = [(self.column(table, column), value) for column, value in pins]
            for row in range(self.dataset.tables[table].frame.height):
                if all(str(values[row]) == value for values, value in held):
                    groups.setdefault(tuple(values[row] for values in lists), []).append(row)
            self._groups[at] = groups
        return self._groups[at].get(key, [])


@frozen
class Row:
    """One row of a rule.

    Attributes:
        index: The rows of the dataset by key.
        grain: The key, by column.
        own: Rows of tables that are this row itself.
        inner: The row of a finer table that an aggregate is at.
    """

    index: Index
    grain: Mapping[str, Any]
    own: Mapping[str, int] = field(default_factory=dict)
    inner: tuple[str, int] | None = None

    def at(self, table: str, row: int) -> "Row":
        """The same row while an aggregate is at ``row`` of ``table``."""
        return Row(self.index, self.grain, self.own, (table, row))

    def cell(self, node: Field) -> Cell:
        """The cell that a field means here."""
        table = self.index.dataset.tables.get(node.table)
        if table is None:
            return Cell(node.table, -1, node.column, State.NO_ROW)
        if node.many and self.inner and self.inner[0] == node.table:
            return self.index.line(table, self.inner[1]).cell(node.column)
        if node.table in self.own and not node.pins and not node.shift and _is_own(node.on):
            return self.index.line(table, self.own[node.table]).cell(node.column)
        if node.own:
            return Cell(
                node.table, -1, node.column, State.FIGURE, as_value(self.grain[node.column])
            )
        found = self.rows(Rows(node.table, node.on, node.pins, node.shift))
        if len(found) > 1:
            return Cell(node.table, found[0], node.column, State.DUPLICATE)
        if not found:
            return Cell(node.table, -1, node.column, State.NO_ROW)
        return self.index.line(table, found[0]).cell(node.column)

    def rows(self, node: Rows) -> list[int]:
        """The rows of a table that meet this one."""
        table = self.index.dataset.tables.get(node.table)
        if table is None:
            return []
        columns = tuple(column for column, _ in node.on)
        if any(column not in table.frame.columns for column in columns):
            return []
        key = tuple(
            self.grain.get(grain)
            if not (node.shift and table.spec.columns[column].type == "year")
            else _before(self.grain.get(grain), node.shift)
            for column, grain in node.on
        )
        return self.index.rows(node.table, columns, node.pins, key)


@cache
def _is_own(on: tuple[Pin, ...]) -> bool:
    """Whether a join is that of a row with itself."""
    return all(column == grain for column, grain in on)


def _before(year: Any, shift: int) -> Any:
    return None if year is None else year - shift
