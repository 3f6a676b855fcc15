"""A sheet as one frame: the grain's keys and, beside them, every leaf that its rules need; ``laying`` puts them there."""

from collections.abc import Mapping, Sequence

import polars as pl

from perfrules.dataset import ROW, Dataset
from perfrules.evaluate.rows import Index, Row
from perfrules.evaluate.shapes import Shapes
from perfrules.plan import Sheet
from perfrules.values import frozen


@frozen
class Laid:
    """A sheet laid over a dataset.

    Attributes:
        frame: The columns that the shapes name; row by row the rows of the rules.
        keys: The grain's columns, in the same order.
        shapes: How each leaf stands in the frame.
        direct: The table whose rows are these rows one by one; empty if there is none.
        blanks: Where cells are blank, by the name of a state that is no column of the frame, since it can be nothing else.
    """

    frame: pl.DataFrame
    keys: pl.DataFrame
    shapes: Shapes
    direct: str
    blanks: Mapping[str, pl.Expr]

    def own_rows(self, positions: Sequence[int]) -> tuple[str, Sequence[int]]:
        """The table whose rows are those of the sheet, and where some are in it; an empty name if there is none."""
        return self.direct, positions

    def row(self, index: Index, position: int) -> Row:
        """One row for the reference evaluator."""
        grain = dict(zip(self.keys.columns, self.keys.row(position), strict=True))
        return Row(index, grain, {self.direct: position} if self.direct else {})


def bare(sheet: Sheet, dataset: Dataset) -> Laid:
    """The rows of ``sheet`` without a leaf, for the reference alone."""
    base = dataset.tables[sheet.base[0]]
    direct = base.name if len(sheet.base) == 1 and base.spec.key == sheet.grain else ""
    keys = _keys(sheet, dataset, direct)
    rows = pl.int_range(keys.height, dtype=pl.UInt32, eager=True).alias(ROW)
    return Laid(rows.to_frame(), keys, {}, direct, {})


def _keys(sheet: Sheet, dataset: Dataset, direct: str) -> pl.DataFrame:
    grain = list(sheet.grain)
    if direct:
        return dataset.tables[direct].frame[grain]
    parts = [dataset.tables[table].frame[grain] for table in sheet.base]
    return pl.concat(parts).drop_nulls().unique(maintain_order=True)
