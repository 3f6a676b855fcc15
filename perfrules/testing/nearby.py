"""Cases near a case: one cell, or one row, is another; each with the size of its change."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import count

from perfrules.expr import rewrite
from perfrules.expr.nodes import Field, Node, Number, Rows, Text, source_of
from perfrules.model import Case, Pack, Rule
from perfrules.quantities import MEASURES, LogicalType
from perfrules.quantities.units import power_of
from perfrules.tables import Column, Table
from perfrules.testing import figures
from perfrules.testing.figures import Printed, Sized
from perfrules.testing.stands import conditions
from perfrules.values import frozen

Cells = Mapping[str, str | None]
RowsOf = Mapping[str, tuple[Cells, ...]]
_NAMES = ("甲", "乙", "丙", "丁", "戊", "己", "庚", "辛")
_TEXTS = frozenset({"text", "code"})
ROWS = 6
"""From this size on a change is one of rows."""


@frozen
class Nearby:
    """Makes cases near a case of one rule.

    Attributes:
        pack: The pack of the rule.
        own: The columns that the rule reads, by table.
        read: The columns that it or its variants read, by table.
        literals: The literals of the rule.
        words: The texts that columns may hold, by (table, column): those of the rule, and of its cases.
    """

    pack: Pack
    own: Mapping[str, frozenset[str]]
    read: Mapping[str, frozenset[str]]
    literals: tuple[Number, ...]
    words: Mapping[tuple[str, str], tuple[str, ...]]

    def of(self, case: Case) -> Iterator[tuple[int, Case]]:
        """Cases near ``case``; cells that nobody reads are left out, and no key stands twice that did not before."""
        rows = self._stripped(case.rows)
        for size, other in self._changed(rows):
            if not self._doubles(other):
                yield size, replace(case, rows=other, place=None)

    def _stripped(self, rows: RowsOf) -> RowsOf:
        """The rows without the cells, and the tables, that nobody reads; a row that all would leave stays."""
        return {
            table: tuple(
                {name: text for name, text in row.items() if self._matters(table, name)}
                for row in some
            )
            for table, some in rows.items()
            if table in self.read
        }

    def _matters(self, table: str, name: str) -> bool:
        return name in self.read[table] or name in self.pack.tables[table].key

    def _is_own(self, table: str, name: str) -> bool:
        return name in self.own.get(table, ()) or name in self.pack.tables[table].key

    def _doubles(self, rows: RowsOf) -> bool:
        """Whether rows that name all that tells them apart share their key."""
        for table, some in rows.items():
            key = self.pack.tables[table].key
            keys = [tuple(row.get(name) for name in key) for row in some if key[-1] in row]
            if len(set(keys)) < len(keys):
                return True
        return False

    def _changed(self, rows: RowsOf) -> Iterator[tuple[int, RowsOf]]:
        for table, some in rows.items():
            for place, row in enumerate(some):
                rest = some[:place], some[place + 1 :]
                for size, other in self._cells(table, row, rows):
                    yield size, {**rows, table: (*rest[0], other, *rest[1])}
                needed = {name: row[name] for name in row if self._is_own(table, name)}
                if needed != row:
                    yield 4, {**rows, table: (*rest[0], needed, *rest[1])}
                yield ROWS, {**rows, table: (*rest[0], *rest[1])}
                for size, more in self._more(table, row, some):
                    yield size, {**rows, table: (*some, more)}

    # ---- cells ------------------------------------------------------------------------------------------------------

    def _cells(self, table: str, row: Cells, rows: RowsOf) -> Iterator[tuple[int, Cells]]:
        """The row with another cell, or with two cells changed round."""
        spec = self.pack.tables[table]
        names = [
            name for name in spec.columns if name in row or name in self.read[table] - set(spec.key)
        ]
        for name in names:
            for size, text in self._texts(table, name, row, rows):
                if name not in row or text != row[name]:
                    yield size, {**row, name: text}
        for number, name in enumerate(names):
            for other in names[number + 1 :]:
                alike = spec.columns[name].type == spec.columns[other].type
                if alike and name in row and other in row:
                    yield 3, {**row, name: row[other], other: row[name]}

    def _texts(self, table: str, name: str, row: Cells, rows: RowsOf) -> Iterator[Sized]:
        spec = self.pack.tables[table]
        column = spec.columns[name]
        if name not in spec.key:
            yield 4, None
        if column.type in MEASURES:
            yield from self._figures(column, spec, row.get(name), rows)
        elif column.type == "flag":
            yield from ((3, text) for text in ("true", "false"))
        elif column.type in _TEXTS:
            size = 5 if name in spec.key else 3
            yield from ((size, text) for text in self.words.get((table, name), ()))
            alike = (other for other in row if spec.columns[other].type == column.type)
            yield from ((size, row[other]) for other in alike if row[other] is not None)
            yield size, "其他" if column.type == "text" else "999"

    def _figures(
        self, column: Column, spec: Table, text: str | None, rows: RowsOf
    ) -> Iterator[Sized]:
        decimals = column.decimals if isinstance(column.decimals, int) else 0
        now = figures.read(text)
        usual = now or Printed(Fraction(1), decimals, "%" if column.type == "ratio" else "")
        yield from ((3, usual.text),) if now is None else now.nearby()
        yield 3, usual.at(Fraction(0))
        others = [found for found in map(figures.read, self._alike(column.type, rows)) if found]
        levels = [self._level(literal, column, spec) for literal in self.literals]
        factors = [rewrite.number(literal) for literal in self.literals]
        yield from ((3, other) for other in figures.levels(usual, levels))
        yield from ((3, other) for other in figures.multiples(usual, others, factors))
        yield 5, "——"

    def _level(self, literal: Number, column: Column, spec: Table) -> Fraction:
        """A literal in the unit of a column."""
        unit = column.unit or (spec.unit if column.type == "money" else None) or ""
        kind = column.type if literal.unit or column.type == "ratio" else "number"
        power = power_of(unit, column.type) if unit and kind == column.type else 0
        return rewrite.number(literal) / Fraction(10) ** (power or 0)

    def _alike(self, kind: LogicalType, rows: RowsOf) -> Iterator[str]:
        """The figures of this type in the case."""
        for table, some in rows.items():
            columns = self.pack.tables[table].columns
            for row in some:
                yield from (
                    text
                    for name, text in row.items()
                    if text is not None and columns[name].type == kind
                )

    # ---- rows -------------------------------------------------------------------------------------------------------

    def _more(self, table: str, row: Cells, rows: tuple[Cells, ...]) -> Iterator[tuple[int, Cells]]:
        """One more row like ``row`` under another key: as it is, with one cell blank, and empty."""
        key = self.pack.tables[table].key
        for more in self._under_other_keys(table, row, rows):
            yield ROWS, more
            held = [name for name in more if name not in key]
            yield from ((ROWS + 1, {**more, name: None}) for name in held)
            yield ROWS + 2, {**more, **dict.fromkeys(held)}

    def _under_other_keys(self, table: str, row: Cells, rows: tuple[Cells, ...]) -> Iterator[Cells]:
        spec = self.pack.tables[table]
        named = [name for name in spec.key if name in row]
        if not named:
            yield row  # rows that leave their key out are numbered
        for name in named:
            taken = {other.get(name) for other in rows}
            texts = [text for text in self.words.get((table, name), ()) if text not in taken]
            fresh = _NAMES if spec.columns[name].type == "text" else map(str, count(1))
            texts += [text for text in (next((t for t in fresh if t not in taken), None),) if text]
            yield from ({**row, name: text} for text in texts)


def nearby(rule: Rule, pack: Pack, variants: Iterable[Rule]) -> Nearby:
    """What makes cases near those of ``rule`` that may tell its variants from it."""
    parts = _parts([rule])
    read = _read(rule, (*parts, *_parts(variants)))
    return Nearby(
        pack,
        _read(rule, parts),
        read,
        tuple(dict.fromkeys(part for part in parts if isinstance(part, Number))),
        _words(rule, pack, parts, read),
    )


def _read(rule: Rule, parts: Iterable[Node]) -> dict[str, frozenset[str]]:
    """The columns that fields and joins read, by table."""
    read: dict[str, set[str]] = {table: set() for table in rule.tables}
    for part in parts:
        if isinstance(part, Field | Rows):
            columns = read.setdefault(part.table, set())
            columns.update(source_of(column) for column, _ in part.on)
            columns.update([part.column] if isinstance(part, Field) else [])
    return {table: frozenset(columns) for table, columns in read.items()}


def _parts(rules: Iterable[Rule]) -> list[Node]:
    return [part for rule in rules for node in conditions(rule) for part in node.walk()]


def _words(
    rule: Rule, pack: Pack, parts: Iterable[Node], read: Mapping[str, Iterable[str]]
) -> dict[tuple[str, str], tuple[str, ...]]:
    """The texts of cases, of fixed keys and of literals, by the columns that may hold them."""
    found: dict[tuple[str, str], dict[str | None, None]] = {}
    for case in rule.cases:
        for table, name, text in _cells_of(case):
            found.setdefault((table, name), {})[text] = None
    for part in parts:
        if isinstance(part, Field | Rows):
            for name, text in part.pins:
                found.setdefault((part.table, name), {})[text] = None
    bare = str.maketrans("", "", "*?")
    literals = dict.fromkeys(p.value.translate(bare) for p in parts if isinstance(p, Text))
    for table, names in read.items():
        for name in names:
            found.setdefault((table, name), {}).update(literals)
    return {
        (table, name): tuple(text for text in texts if text is not None)
        for (table, name), texts in found.items()
        if pack.tables[table].columns[name].type in _TEXTS
    }


def _cells_of(case: Case) -> Iterator[tuple[str, str, str | None]]:
    """The cells of a case with their tables and columns."""
    for table, rows in case.rows.items():
        for row in rows:
            yield from ((table, name, text) for name, text in row.items())
