"""Long files of figures, one to a row, made into tables by a mapping."""

from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl

from perfrules import tables
from perfrules.dataset.headings import find
from perfrules.dataset.source import Source
from perfrules.locale import message
from perfrules.manifest import FactRow, FactsMap
from perfrules.notices import Notice
from perfrules.readers.facts.codes import Ints
from perfrules.readers.facts.long import ROLES, Facts, Name, name_of
from perfrules.readers.facts.made import Maker
from perfrules.values import frozen

__all__ = ["ROLES", "Made", "tables_of"]


@frozen
class Made:
    """Tables made of facts: their raw cells by name, with what is known of them."""

    tables: Mapping[str, tuple[pl.DataFrame, Source]]
    notices: tuple[Notice, ...]


def tables_of(
    raw: pl.DataFrame,
    source: Source,
    facts_map: FactsMap,
    specs: Mapping[str, tables.Table],
    unit_of_measure: str | None = None,
) -> Made:
    """Make tables of facts.

    Args:
        raw: The cells of the facts file.
        source: What its reader knows of it.
        facts_map: Which fact is which cell.
        specs: The tables of the pack.
        unit_of_measure: Unit of the money of the dataset.

    Raises:
        DataError: The file lacks a column that the mapping names.
    """
    facts = Facts(raw, source, facts_map.columns)
    names = _Names.of(facts, [row for rows in facts_map.tables.values() for row in rows])
    known = {name: tables.names_of(name, spec) for name, spec in specs.items()}
    notices = list(source.notices)
    made: dict[str, tuple[pl.DataFrame, Source]] = {}
    for name, rows in facts_map.tables.items():
        table = find(name, known)
        if table is None:
            notices.append(_stray(name, tuple(specs), source.origins.file))
            continue
        maker = Maker(facts, table, specs[table], unit_of_measure)
        for row in rows:
            maker.add(row)
        made[table] = maker.made(names.of_facts, names.numbers)
    notices.extend(facts.unmapped(names.wanted))
    return Made(made, tuple(notices))


@frozen
class _Names:
    """What the mapping calls facts.

    Attributes:
        numbers: Each name with its number; those by id come last.
        of_facts: For names by place, item and measure, and for those by id: the facts that have one, and its number.
        wanted: Whether a fact has a name.
    """

    numbers: Mapping[Name, int]
    of_facts: tuple[tuple[Ints, Ints], ...]
    wanted: Ints

    @classmethod
    def of(cls, facts: Facts, rows: list[FactRow]) -> "_Names":
        told = dict.fromkeys(name for row in rows for name in _names(row))
        threes = [name for name in told if len(name) == 3]
        ids = [name for name in told if len(name) == 1]
        by_id = facts.identified([name[0] for name in ids]) if ids else None
        parts = [(facts.named(threes), 0), *([] if by_id is None else [(by_id, len(threes))])]
        wanted = np.logical_or.reduce([numbers >= 0 for numbers, _ in parts])
        return cls(
            {name: number for number, name in enumerate([*threes, *ids])},
            tuple(_having(numbers, shift) for numbers, shift in parts),
            wanted,
        )


def _having(numbers: Ints, shift: int) -> tuple[Ints, Ints]:
    """The facts that have a number, and these numbers, shifted."""
    facts = np.flatnonzero(numbers >= 0)
    return facts, (numbers if len(facts) == len(numbers) else numbers[facts]) + shift


def _stray(name: str, known: tuple[str, ...], file: str) -> Notice:
    text = message(
        "the mapping file names a table {name} that the pack does not have; it is not made. The pack has {known}",
        name=name,
        known=known,
    )
    return Notice("PR429", text, where=file)


def _names(row: FactRow) -> Iterator[Name]:
    for fact in row.cells.values():
        name = name_of(fact)
        if len(name) in (1, 3):
            yield name
