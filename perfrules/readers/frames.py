"""Frames in memory: polars, pandas, pyarrow, and whatever else exports Arrow data."""

from typing import Any, cast

import polars as pl

from perfrules.errors import DataError, Diagnostic
from perfrules.locale import message

_INDEX = "__index_level_"
"""How pyarrow names an index of pandas that has no name."""


def read(frame: object, name: str) -> pl.DataFrame:
    """Read ``frame``, whose cells keep their types.

    Raises:
        DataError: It is no frame, or holds objects that have no column type.
    """
    if isinstance(frame, pl.DataFrame):
        return frame
    if isinstance(frame, pl.LazyFrame):
        return frame.collect()
    if hasattr(frame, "__arrow_c_stream__"):
        return _arrow(frame, name)
    text = message(
        "{name} is a {type}; a polars DataFrame or LazyFrame, a pandas DataFrame, a pyarrow Table or anything "
        "else with `__arrow_c_stream__` is accepted",
        name=name,
        type=f"{type(frame).__module__}.{type(frame).__qualname__}",
    )
    raise DataError([Diagnostic("PR430", text)])


def _arrow(frame: object, name: str) -> pl.DataFrame:
    try:
        read = pl.DataFrame(
            cast("Any", frame)
        )  # polars knows the interface, but has no public name for it
    except Exception as fault:  # whatever the library on the other side of the interface raises
        text = message(
            "{name} cannot be handed over as Arrow data: {fault}; give each column one type, for example text",
            name=name,
            fault=str(fault),
        )
        raise DataError([Diagnostic("PR430", text)]) from fault
    return read.select(column for column in read.columns if not column.startswith(_INDEX))
