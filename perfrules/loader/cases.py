"""Cases as written to cases by table, with their places."""

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from perfrules.errors import Diagnostic
from perfrules.loader.document import Document, Twig
from perfrules.loader.faults import meant_or_listed
from perfrules.loader.names import Names
from perfrules.locale import Message, message
from perfrules.model import Case, CaseBlock, CaseRow, CasesBlock, Outcome
from perfrules.values import frozen, mutable

Rows = Mapping[str, tuple[Mapping[str, str | None], ...]]


@frozen
class Belonging:
    """Which rules of a block a case belongs to.

    A case belongs to those entries of ``for`` all of whose columns it has cells for; to every entry if
    there is no such entry.

    Attributes:
        tables: The tables that the rule speaks about.
        entries: The entries of ``for``; empty without ``for``.
    """

    tables: tuple[str, ...]
    entries: tuple[tuple[str, ...], ...] = ()


def cases_of(
    block: CasesBlock, twig: Twig, names: Names, document: Document, belonging: Belonging
) -> tuple[list[tuple[Case, frozenset[int]]], list[Diagnostic]]:
    """Read the cases of a rule, each with the numbers of the entries of ``for`` that it belongs to."""
    reader = _Cases(names, document, belonging, [])
    found = []
    for outcome, written, place in _written(block, twig):
        rows = reader.rows(written, place)
        if rows is not None:
            case = Case(outcome, rows, document.place(place))
            found.append((case, reader.entries(rows)))
    return found, reader.faults


def _written(block: CasesBlock, twig: Twig) -> Iterator[tuple[Outcome, CaseBlock, Twig]]:
    if not isinstance(twig.value, dict):
        return
    for outcome, below in twig.value.items():
        attribute = {"pass": "pass_", "not-applicable": "not_applicable"}.get(outcome, outcome)
        written: list[CaseBlock] | CaseBlock = getattr(block, attribute)
        if isinstance(written, dict):
            yield cast("Outcome", outcome), written, below
        elif isinstance(below.value, list):
            for one, place in zip(written, below.value, strict=True):
                yield cast("Outcome", outcome), one, place


@mutable
class _Cases:
    names: Names
    document: Document
    belonging: Belonging
    faults: list[Diagnostic]

    def rows(self, block: CaseBlock, twig: Twig) -> Rows | None:
        lists = {name: rows for name, rows in block.items() if isinstance(rows, list)}
        if not lists:
            return self._single(cast("CaseRow", block), twig)
        before = len(self.faults)
        found: dict[str, tuple[Mapping[str, str | None], ...]] = {}
        for name in block:
            below = cast("dict[str, Twig]", twig.value)[name]
            table = self.names.table(name)
            if name not in lists:
                what = message(
                    "{name} is a cell among tables; put it into a row of its table", name=name
                )
                self._fault(name, twig, what)
            elif table is None:
                what = message("there is no table {name}", name=name)
                self._fault(name, twig, what, self.names.table_words())
            elif table in found:
                self._fault(name, twig, message("{name} stands twice in one case", name=name))
            else:
                found[table] = self._several(lists[name], below, table)
        return found if len(self.faults) == before else None

    def entries(self, rows: Rows) -> frozenset[int]:
        """The numbers of the entries of ``for`` that a case with these rows belongs to."""
        entries = self.belonging.entries or ((),)
        named = {(table, column) for table, some in rows.items() for row in some for column in row}
        fits = {
            number
            for number, entry in enumerate(entries)
            if all(self._named(written, named) for written in entry)
        }
        return frozenset(fits or range(len(entries)))

    def _named(self, written: str, named: set[tuple[str, str]]) -> bool:
        return any(self.names.column(written, (table,)) == column for table, column in named)

    def _single(self, block: CaseRow, twig: Twig) -> Rows | None:
        tables = self.belonging.tables
        if len(tables) == 1:
            row = self._row(block, twig, tables[0])
            return None if row is None else {tables[0]: (row,)}
        self.faults.append(
            Diagnostic(
                "PR118",
                message(
                    "the rule speaks about {tables}: a case needs lists of rows under their names",
                    tables=tables,
                ),
                self.document.place(twig),
                message("write {example}", example=f"{{{tables[0]}: [{{…}}], {tables[1]}: []}}"),
            )
        )
        return None

    def _several(
        self, rows: Sequence[CaseRow], twig: Twig, table: str
    ) -> tuple[Mapping[str, str | None], ...]:
        leaves = cast("list[Twig]", twig.value)
        read = [self._row(row, leaf, table) for row, leaf in zip(rows, leaves, strict=True)]
        return tuple(row for row in read if row is not None)

    def _row(self, block: CaseRow, twig: Twig, table: str) -> CaseRow | None:
        row: CaseRow = {}
        before = len(self.faults)
        for name, text in block.items():
            column = self.names.column(name, (table,))
            if column is None:
                known = self.names.column_words((table,))
                what = message("{table} has no column {name}", table=table, name=name)
                self._fault(name, twig, what, known)
            elif column in row:
                self._fault(name, twig, message("{name} stands twice in one row", name=name))
            else:
                row[column] = text
        return row if len(self.faults) == before else None

    def _fault(self, name: str, twig: Twig, what: Message, known: tuple[str, ...] = ()) -> None:
        self.faults.append(
            Diagnostic(
                "PR118", what, self.document.key_place(twig, name), meant_or_listed(name, known)
            )
        )
