"""A sheet as one frame: the grain's keys and, beside them, every leaf that its rules need.

Lookups are joins, finer tables are one group-by each; what cannot be laid (an aggregate of an expression, for instance) is left
out, and the reference evaluates the rules that need it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import polars as pl

from perfrules.dataset import ROW, Dataset
from perfrules.evaluate.lower import UnlowerableError
from perfrules.evaluate.rows import Index, Row
from perfrules.evaluate.shapes import Shape, Shapes
from perfrules.evaluate.sheets.columns import measured
from perfrules.evaluate.sheets.parts import Part, grouped
from perfrules.expr.nodes import Node
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


def lay(sheet: Sheet, dataset: Dataset) -> Laid:
    """Lay the leaves of ``sheet`` side by side."""
    rows = bare(sheet, dataset)
    columns: list[pl.Series] = []
    shapes: dict[Node, Shape] = {}
    blanks: dict[str, pl.Expr] = {}
    for number, (group, leaves) in enumerate(grouped(sheet.leaves, rows.direct).items()):
        table = dataset.tables[group.table]
        part = Part(table, group, f"x{number}_", rows.keys)
        try:
            frame, found = part.laid(leaves)
        except UnlowerableError:
            continue
        columns += frame.get_columns()
        shapes |= found
        blanks |= _blanks(found, frame.columns)
    frame = pl.DataFrame([rows.frame[ROW], *columns])
    return replace(rows, frame=frame, shapes=measured(frame, shapes), blanks=blanks)


def _blanks(shapes: Shapes, columns: Collection[str]) -> dict[str, pl.Expr]:
    """Where cells are blank, by the name of a state that is not among the columns, since it could say nothing else."""
    stated = {shape.column("state"): shape for shape in shapes.values() if shape.states}
    return {
        state: pl.col(shape.name).is_null()
        for state, shape in stated.items()
        if state not in columns
    }


def _keys(sheet: Sheet, dataset: Dataset, direct: str) -> pl.DataFrame:
    grain = list(sheet.grain)
    if direct:
        return dataset.tables[direct].frame[grain]
    parts = [dataset.tables[table].frame[grain] for table in sheet.base]
    return pl.concat(parts).drop_nulls().unique(maintain_order=True)
