"""Outcomes counted by the unit whose figures they are about: a value of one column of the grain."""

from collections.abc import Sequence

import polars as pl

from perfrules.dataset import ROW
from perfrules.evaluate.batch import BoundCheck

MOST = 20_000_000
"""Verdicts of a sheet up to which they are counted by unit: each is looked at once more."""
MANY = 10_000
"""Units up to which they are counted."""
COUNTED = {"unit": pl.String, "rule": pl.UInt32, "code": pl.Int8, "count": pl.UInt32}


def counted(
    checks: Sequence[BoundCheck], frame: pl.DataFrame, units: pl.Series
) -> pl.DataFrame | None:
    """How many verdicts of each unit, rule (its position) and outcome there are; None where there are too many to be counted so.

    Args:
        checks: The rules over the frame.
        frame: The rows of a sheet.
        units: The unit of each row.
    """
    different = units.n_unique()
    if frame.height * len(checks) > MOST or different > MANY:
        return None
    if different == 1:  # the counts of the rules are those of the unit
        return pl.DataFrame(schema=COUNTED)
    names = units.cast(pl.String).fill_null("")
    native = {str(at): c.lowered.code for at, c in enumerate(checks) if c.lowered is not None}
    rows = frame.lazy()
    stated = rows.with_columns(checks[0].states) if checks else rows
    codes = stated.select(
        ROW, *(code.cast(pl.Int8).alias(at) for at, code in native.items())
    ).collect()
    codes = codes.with_columns(
        check.settled(codes.select(ROW, pl.col(str(at)).alias("code"))).alias(str(at))
        if check.lowered is not None
        else check.codes(rows).collect()["code"].alias(str(at))
        for at, check in enumerate(checks)
    )
    long = (
        codes.drop(ROW).with_columns(names.alias("unit")).unpivot(index="unit", value_name="code")
    )
    return (
        long.group_by("unit", "variable", "code", maintain_order=True)
        .agg(pl.len().alias("count"))
        .select("unit", pl.col("variable").cast(pl.UInt32).alias("rule"), "code", "count")
    )
