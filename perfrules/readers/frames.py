"""Frames in memory: polars, pandas, pyarrow, and whatever else exports Arrow data."""

from typing import Any

import polars as pl

from perfrules.dataset.readings import gathered
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
        return _arrow(_with_index(frame), name)
    text = message(
        "{name} is a {type}; a polars DataFrame or LazyFrame, a pandas DataFrame, a pyarrow Table or anything "
        "else with `__arrow_c_stream__` is accepted",
        name=name,
        type=f"{type(frame).__module__}.{type(frame).__qualname__}",
    )
    raise DataError([Diagnostic("PR436", text)])


def _with_index(frame: Any) -> Any:  # a frame of a library that is not imported here
    """A frame of pandas with keys in its index, which Arrow data would leave out, with these as columns."""
    names = getattr(getattr(frame, "index", None), "names", ())
    return frame.reset_index() if any(name is not None for name in names) else frame


def _arrow(frame: Any, name: str) -> pl.DataFrame:  # likewise
    read: pl.DataFrame | None
    try:
        read = pl.DataFrame(frame)
    except Exception as fault:  # whatever the library on the other side of the interface raises
        read = _objects(frame)
        if read is None:
            text = message(
                "{name} cannot be handed over as Arrow data: {fault}; give each column one type, for example text",
                name=name,
                fault=str(fault),
            )
            raise DataError([Diagnostic("PR436", text)]) from fault
    return read.select(column for column in read.columns if not column.startswith(_INDEX))


def _objects(frame: Any) -> pl.DataFrame | None:  # likewise
    """A frame of pandas that holds numbers and texts in one column; None if it is of another library."""
    if not hasattr(frame, "isna") or not hasattr(frame, "items"):
        return None
    cells = frame.astype(object).where(~frame.isna(), None)
    return pl.DataFrame([gathered(str(key), column.tolist()) for key, column in cells.items()])
