"""The leaves of a sheet side by side: lookups are joins, finer tables are one group-by each.

What cannot be laid (an aggregate of an expression, for instance) is left out, and the reference evaluates the rules that need it.
"""

from collections.abc import Collection
from dataclasses import replace

import polars as pl

from perfrules.dataset import ROW, Dataset
from perfrules.evaluate.native import UnlowerableError
from perfrules.evaluate.shapes import Shape, Shapes
from perfrules.evaluate.sheets import Laid, bare
from perfrules.evaluate.sheets.columns import measured
from perfrules.evaluate.sheets.parts import Part, grouped
from perfrules.expr.nodes import Node
from perfrules.plan import Sheet


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
