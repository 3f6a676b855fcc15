"""Counts of outcomes, and the first verdicts of each in detail."""

from dataclasses import field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from perfrules.values import mutable
from perfrules.verdicts import OUTCOMES, Code

STRETCH = 4096
"""Rows looked at together for verdicts to keep."""
DETAIL = {"rule": pl.UInt32, "row": pl.UInt32, "code": pl.Int8}
SHOWN = (Code.FAIL, Code.UNKNOWN, Code.ROUNDING)
"""What a person must see."""

Codes = NDArray[np.int8]
"""Outcomes: one row per rule, one column per row of data or per pattern."""
Ints = NDArray[np.int64]


@mutable
class Tally:
    """Counts and capped detail, filled in the order of the sheet.

    Attributes:
        rules: Number of rules.
        limit: How many verdicts of each rule and outcome are kept in detail.
        counts: Number of verdicts by rule and :class:`Code`; passes are not counted.
        kept: Number of verdicts kept, likewise.
        parts: The kept verdicts: rule, row, code.
    """

    rules: int
    limit: int
    counts: Ints = field(init=False)
    kept: Ints = field(init=False)
    parts: list[tuple[Ints, Ints, Codes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.counts = np.zeros((self.rules, len(OUTCOMES)), dtype=np.int64)
        self.kept = np.zeros_like(self.counts)

    def count(self, rules: Ints, codes: Codes, times: Ints | None = None) -> None:
        """Count the outcomes of ``rules``, each column ``times`` over."""
        for code in (*SHOWN, Code.NOT_APPLICABLE):
            found = codes == code
            self.counts[rules, code] += found.sum(axis=1) if times is None else found @ times

    def show(self, rules: Ints, rows: Ints, codes: Codes, patterns: Ints | None = None) -> None:
        """Keep the first of each outcome of ``rules`` on ``rows``, whose columns of ``codes`` are ``patterns``."""
        for start in range(0, len(rows), STRETCH):
            due = self.due(rules, codes)
            if not due.any():
                return
            rules, codes = rules[due], codes[due]
            stretch = slice(start, start + STRETCH)
            here = codes[:, stretch] if patterns is None else codes[:, patterns[stretch]]
            self._keep(rules, rows[stretch], here)

    def due(self, rules: Ints, codes: Codes) -> NDArray[np.bool_]:
        """The rules of which an outcome occurs that has not been kept often enough."""
        due = np.zeros(len(rules), dtype=bool)
        for code in SHOWN:
            lacking = np.flatnonzero(self.kept[rules, code] < self.limit)
            due[lacking] |= (codes[lacking] == code).any(axis=1)
        return due

    def _keep(self, rules: Ints, rows: Ints, codes: Codes) -> None:
        for code in SHOWN:
            lacking = self.limit - self.kept[rules, code]
            found = codes == code
            found &= np.cumsum(found, axis=1) <= lacking[:, None]
            at, column = np.nonzero(found)
            self.kept[rules, code] += found.sum(axis=1)
            self.parts.append((rules[at], rows[column], codes[at, column]))

    def detail(self) -> pl.DataFrame:
        """The kept verdicts, by rule and row."""
        if not self.parts:
            return pl.DataFrame(schema=DETAIL)
        rule, row, code = (np.concatenate(parts) for parts in zip(*self.parts, strict=True))
        order = np.lexsort((row, rule))
        # lists, since polars imports numpy.ma to look at an array: that takes longer than a small report
        columns = zip(DETAIL, (rule, row, code), strict=True)
        return pl.DataFrame({name: part[order].tolist() for name, part in columns}, DETAIL)
