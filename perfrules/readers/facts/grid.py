"""Facts scattered into cells by dense numbers. No frame library pivots them: that keeps one of several facts and does not say so."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from perfrules.readers.facts.codes import Ints, Numbered, joined

_ROOM = 4
"""Combinations of keys that are numbered for each fact; where there may be more, only those that occur are."""


@dataclass(frozen=True, slots=True)
class Entities:
    """Whom the facts are about, by numbers; not every combination of them need occur.

    Attributes:
        columns: The numbers of each fact in some columns, and how many a column has.
    """

    columns: tuple[Numbered, ...]

    @classmethod
    def of(cls, columns: Sequence[Numbered], facts: int) -> "Entities":
        """The combinations of some key columns; without any all facts are about one entity."""
        made: tuple[Numbered, ...] = ()
        for column in columns:
            made = (*made, column)
            if float(np.prod([float(count) for _, count in made])) > _ROOM * facts:
                different, numbers = np.unique(joined(made)[0], return_inverse=True)
                made = ((numbers, len(different)),)
        return cls(made or ((np.zeros(facts, dtype=np.int64), 1),))

    @property
    def size(self) -> int:
        """How many combinations there may be."""
        return int(np.prod([count for _, count in self.columns]))

    def firsts(self) -> Ints:
        """A fact about each entity that occurs, in the order of their numbers: the first one."""
        numbers, size = joined(self.columns)
        facts = len(numbers)
        first = np.full(size, -1, dtype=np.int64)
        first[numbers[::-1]] = np.arange(facts - 1, -1, -1)
        return first[first >= 0]


@dataclass(frozen=True, slots=True)
class Grid:
    """Which fact stands in which cell.

    Attributes:
        first: The first fact of each cell, -1 where there is none; a row for each name, a column for each entity.
        names, entities, again: The further facts of cells that have several, with their name and entity.
    """

    first: Ints
    names: Ints
    entities: Ints
    again: Ints

    def only(self, there: NDArray[np.bool_]) -> "Grid":
        """The grid with some of its entities; the others have no fact."""
        if there.all():
            return self
        place = np.cumsum(there) - 1
        return Grid(self.first[:, there], self.names, place[self.entities], self.again)


def scattered(names: Numbered, entities: Entities) -> Grid:
    """Scatter facts into cells, by their names and entities."""
    cells, size = joined([names, *entities.columns])
    small = np.int32 if len(cells) < 2**31 else np.int64
    facts: Ints = np.arange(len(cells), dtype=small)
    first: Ints = np.full(size, -1, dtype=small)
    first[cells] = facts
    again = facts[:0]
    if np.count_nonzero(first >= 0) < len(facts):
        first[cells[::-1]] = facts[::-1]
        again = facts[first[cells] != facts]
    name, entity = np.divmod(cells[again], entities.size)
    return Grid(first.reshape(names[1], entities.size), name, entity, again)
