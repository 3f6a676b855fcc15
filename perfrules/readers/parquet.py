"""Parquet files: columns keep their types."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from perfrules.dataset import Origins
from perfrules.dataset.source import Source
from perfrules.errors import DataError, Diagnostic
from perfrules.locale import message
from perfrules.manifest import TableSource
from perfrules.values import frozen

MANY = 5_000_000
"""From so many rows on a file is read in blocks: twenty columns of them, with what checking needs beside, take some gigabytes."""
BLOCK = 500_000
"""Rows of a block: enough to keep the processors busy, few enough for some hundred megabytes."""


@frozen
class Blocks:
    """A file that is read in blocks.

    Attributes:
        path: The file.
        rows: How many rows it has.
    """

    path: Path
    rows: int

    def head(self) -> pl.DataFrame:
        """Its first few rows."""
        return pl.scan_parquet(self.path, glob=False).head(100).collect()

    def blocks(self, positions: Sequence[int]) -> Iterator[pl.DataFrame]:
        """Its rows in their order, with some of its columns."""
        chosen = pl.nth(*positions) if positions else pl.nth([])
        frame = pl.scan_parquet(self.path, glob=False).select(chosen)
        return frame.collect_batches(chunk_size=BLOCK, maintain_order=True)


def scan(path: Path) -> Blocks | None:
    """A file with so many rows that it is read in blocks; None if it has fewer, or cannot be read."""
    try:
        rows = pl.scan_parquet(path, glob=False).select(pl.len()).collect().item()
    except (OSError, pl.exceptions.PolarsError):
        return None
    return Blocks(path, int(rows)) if rows > MANY else None


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
    return frame, source(asked)


def source(asked: TableSource) -> Source:
    """What is known of a Parquet file."""
    return Source(Origins(asked.file, asked.origin, 1))


def is_parquet(path: Path) -> bool:
    """Whether a path is a Parquet file, or a folder with such files in it, at any depth."""
    if path.is_dir():
        return next(path.rglob("*.parquet"), None) is not None
    return path.suffix.lower() == ".parquet" and path.is_file()
