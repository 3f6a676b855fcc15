"""Facts scattered into cells by dense numbers. No frame library pivots them: that keeps one of several facts and does not say so."""

from collections.abc import Iterator, Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from perfrules.readers.facts.codes import Ints, Numbered, joined
from perfrules.values import frozen

_ROOM = 4
"""Combinations of keys that are numbered for each fact; where there may be more, only those that occur are."""
_BLOCK = 1 << 16
"""Facts whose cells are reckoned at a time: these do not leave the cache of the processor before they are used."""


@frozen
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
            if prod(count for _, count in made) > _ROOM * facts:
                different, numbers = np.unique(joined(made)[0], return_inverse=True)
                made = ((numbers, len(different)),)
        return cls(made or ((np.zeros(facts, dtype=np.int64), 1),))

    @property
    def size(self) -> int:
        """How many combinations there may be."""
        return prod(count for _, count in self.columns)

    def firsts(self) -> Ints:
        """A fact about each entity that occurs, in the order of their numbers: the first one."""
        first = _written(self.columns, step=-1)
        return first[first >= 0]


@frozen
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
    columns = [names, *entities.columns]
    first = _written(columns)
    again = first[:0]
    if np.count_nonzero(first >= 0) < len(names[0]):
        first = _written(columns, step=-1)
        again = np.concatenate([facts[first[cells] != facts] for facts, cells in _blocks(columns)])
    cells, _ = joined([(codes[again], count) for codes, count in columns])
    name, entity = np.divmod(cells, entities.size)
    return Grid(first.reshape(names[1], entities.size), name, entity, again)


def _written(columns: Sequence[Numbered], step: int = 1) -> Ints:
    """The last fact of each cell, or with ``step`` -1 the first; -1 where there is none."""
    facts = np.full(prod(count for _, count in columns), -1, dtype=_narrow(len(columns[0][0])))
    for block, cells in _blocks(columns, step):
        facts[cells] = block
    return facts


def _blocks(columns: Sequence[Numbered], step: int = 1) -> Iterator[tuple[Ints, Ints]]:
    """Facts and their cells, block by block; with ``step`` -1 the last fact comes first."""
    facts = len(columns[0][0])
    narrow = _narrow(prod(count for _, count in columns))
    for start in range(0, facts, _BLOCK)[::step]:
        stop = min(start + _BLOCK, facts)
        cells, _ = joined([(codes[start:stop], count) for codes, count in columns], narrow)
        block = np.arange(start, stop, dtype=_narrow(facts))
        # numpy finds cells by 64 bits only
        yield block[::step], cells[::step].astype(np.int64)


def _narrow(count: int) -> type[np.signedinteger[Any]]:
    """Integers that are wide enough to number so many."""
    return np.int32 if count < 2**31 else np.int64
