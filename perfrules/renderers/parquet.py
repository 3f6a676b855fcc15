"""Parquet, for programs that read tables: the frame ``report.findings``, whatever the language.

Its metadata say what ran (``perfrules.pack`` …) and, where the report does not keep all verdicts, how many are missing
(``perfrules.not_kept``).
"""

from io import BytesIO

import polars as pl

from perfrules import wording
from perfrules.locale import word
from perfrules.report import Report

SUFFIXES = (".parquet",)


def render(report: Report, language: str) -> bytes:
    """The file."""
    run = report.run
    metadata = {
        f"perfrules.{name}": str(getattr(run, name))
        for name in ("perfrules", "pack", "pack_version", "dataset", "engine")
    }
    kept = wording.not_kept(report)
    if kept is not None:
        metadata["perfrules.not_kept"] = word(kept, language)
    file = BytesIO()
    _storable(report.findings).write_parquet(file, metadata=metadata)
    return file.getvalue()


def _storable(found: pl.DataFrame) -> pl.DataFrame:
    """Parquet has no struct without members, such as the key of nothing: these become null."""
    if found.schema["key"] == pl.Struct({}):
        found = found.with_columns(pl.lit(None, pl.String).alias("key"))
    cells = found.schema["cells"]
    inner = cells.inner if isinstance(cells, pl.List) else None
    if isinstance(inner, pl.Struct) and any(
        field.name == "key" and field.dtype == pl.Struct({}) for field in inner.fields
    ):
        element = pl.element().struct.with_fields(pl.lit(None, pl.String).alias("key"))
        found = found.with_columns(pl.col("cells").list.eval(element))
    return found
