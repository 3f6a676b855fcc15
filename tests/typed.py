"""Printed cells as columns of database types: plain figures as decimals or integers, whatever else as nothing."""

import re
from collections.abc import Mapping
from decimal import Decimal

import polars as pl

from perfrules.model import Pack
from perfrules.tables import Column
from tests.evaluate.packs import Cells

_PLAIN = re.compile(r"-?[0-9]+(?:\.([0-9]+))?")
DIGITS = 18


def typed(pack: Pack, tables: Mapping[str, Cells]) -> dict[str, pl.DataFrame]:
    """Frames of a dataset, typed as its columns are."""
    return {
        name: pl.DataFrame(
            [
                _column(column, spec, [row.get(column) for row in rows])
                for column, spec in pack.tables[name].columns.items()
            ]
        )
        for name, rows in tables.items()
    }


def _column(name: str, spec: Column, cells: list[str | None]) -> pl.Series:
    if spec.type in ("text", "code"):
        return pl.Series(name, cells, pl.String)
    if spec.type == "date":
        return pl.Series(name, cells, pl.String).str.to_date()
    if spec.type == "flag":
        flags = {"是": True, "否": False}
        return pl.Series(name, [flags.get(cell or "") for cell in cells], pl.Boolean)
    plain = [match for cell in cells if (match := _PLAIN.fullmatch(cell or ""))]
    figures = [Decimal(cell) if cell and _PLAIN.fullmatch(cell) else None for cell in cells]
    scale = max((len(match[1] or "") for match in plain), default=0)
    if spec.type == "year" or not scale:
        whole = [None if figure is None else int(figure) for figure in figures]
        return pl.Series(name, whole, pl.Int64)
    return pl.Series(name, figures, pl.Decimal(DIGITS, scale))
