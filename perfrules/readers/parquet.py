"""Parquet files: columns keep their types."""

from pathlib import Path

import polars as pl

from perfrules.dataset import Origins
from perfrules.dataset.source import Source
from perfrules.errors import DataError, Diagnostic
from perfrules.locale import message
from perfrules.manifest import TableSource


def read(path: Path, asked: TableSource) -> tuple[pl.DataFrame, Source]:
    """Read a Parquet file.

    Raises:
        DataError: The file cannot be read.
    """
    try:
        frame = pl.read_parquet(path, glob=False)
    except (OSError, pl.exceptions.PolarsError) as fault:
        text = message(
            "{file} cannot be read as Parquet: {fault}; write it again, or hand it over as CSV",
            file=asked.file,
            fault=str(fault).partition("\n")[0],
        )
        raise DataError([Diagnostic("PR419", text)]) from fault
    return frame, Source(Origins(asked.file, asked.origin, 1))
