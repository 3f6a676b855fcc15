"""The keys of facts as numbers: each different text is looked at once, each fact is a number from then on."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from perfrules.dataset.readings import as_text
from perfrules.quantities.figures import WHITE
from perfrules.values import frozen

Ints = NDArray[np.integer[Any]]
Numbered = tuple[Ints, int]
"""Numbers, and how many different ones there may be."""
_LOOKED_UP = 1 << 22
"""Numbers for which a table is made; among more they are looked for."""


@frozen
class Coded:
    """A column of facts as numbers.

    Attributes:
        codes: The number of each fact's text.
        texts: All different texts, by number; white space around them is left out, and a blank is empty.
    """

    codes: Ints
    texts: pl.Series

    def places(self, wanted: Sequence[str]) -> Ints:
        """Of each number, where its text stands in ``wanted``; their number where it does not."""
        at = {text: place for place, text in enumerate(wanted)}
        return np.array([at.get(text, len(wanted)) for text in self.texts], dtype=np.int64)


def cleaned(cells: pl.Series) -> pl.Series:
    """Cells of any type as text without white space around it, a blank as an empty text."""
    return as_text(cells).str.strip_chars(WHITE).fill_null("")


def blanks(count: int) -> Coded:
    """A column in which every fact says nothing."""
    return Coded(np.zeros(count, dtype=np.int64), pl.Series([""], dtype=pl.String))


def coded(cells: pl.Series) -> Coded:
    """Number the texts of ``cells``."""
    if cells.dtype.is_integer() and (near := _near(cells)) is not None:
        return near
    texts = as_text(cells)
    printed = texts.unique(maintain_order=True).drop_nulls()
    codes = texts.cast(pl.Enum(printed)).to_physical().cast(pl.UInt32).fill_null(len(printed))
    known = cleaned(pl.concat([printed, pl.Series([None], dtype=pl.String)]))
    different = known.unique(maintain_order=True)
    if len(different) == len(known):
        return Coded(codes.to_numpy(), known)
    number = {text: at for at, text in enumerate(different)}
    return Coded(np.array([number[text] for text in known])[codes.to_numpy()], different)


def _near(cells: pl.Series) -> Coded | None:
    """Integers that lie close together: their distance from the least one is their number."""
    low, high = cells.min(), cells.max()
    if not isinstance(low, int) or not isinstance(high, int) or high - low > len(cells):
        return None
    wide = cells.cast(pl.Int64) - low if high < 2**63 else None
    if wide is None:
        return None
    blank = high - low + 1
    texts = pl.int_range(low, high + 1, eager=True).cast(pl.String)
    known = pl.concat([texts, pl.Series([""], dtype=pl.String)])
    return Coded(wide.fill_null(blank).to_numpy(), known)


def joined(columns: Sequence[Numbered], kind: type[np.signedinteger[Any]] = np.int64) -> Numbered:
    """Several columns of numbers as one, of a kind that is wide enough for it."""
    first, size = columns[0]
    numbers: Ints = first.astype(kind)
    for codes, count in columns[1:]:
        numbers *= count
        numbers += codes.astype(kind, copy=False)
        size *= count
    return numbers, size


def found(numbers: Ints, size: int, wanted: Ints) -> Ints:
    """Of each of ``numbers``, all below ``size``, where it stands in ``wanted``, -1 where it does not."""
    if size <= _LOOKED_UP:
        table = np.full(size, -1, dtype=np.int64)
        table[wanted] = np.arange(len(wanted))
        return table[numbers]
    if not len(wanted):
        return np.full(len(numbers), -1)
    order = np.argsort(wanted)
    at = np.minimum(np.searchsorted(wanted, numbers, sorter=order), len(wanted) - 1)
    return np.where(wanted[order[at]] == numbers, order[at], -1)
