"""Floats read as the decimal number they stand for: the one on the grid within 4 ulp, if there is exactly one."""

import math
from decimal import Decimal
from fractions import Fraction

import polars as pl

from perfrules.quantities import MAX_DIGITS
from perfrules.quantities.figures import State

ULPS = 4
"""How far a float may lie from the number it stands for, in units of its last place."""
_SURE = 3 * 2.0**-53
"""Relative distance that is within 4 ulp whatever the rounding of this computation."""
_FAR = 6 * 2.0**-52
"""Relative distance that is beyond 4 ulp, likewise."""
_UNIQUE = 2.0**49
"""Below this many grid steps two grid values are never within 4 ulp of one float."""
_TRIED = 15
"""Decimals tried on whole columns; what needs more is looked at value by value."""


def read_floats(cells: pl.Series, first: int, last: int | None) -> pl.DataFrame:
    """Read floats on the coarsest grid that holds them.

    Args:
        cells: Float64; NaN is a blank.
        first: Decimals of the coarsest grid.
        last: Decimals of the finest grid; None if the shortest print of each cell decides.

    Returns:
        ``digits``, ``decimals`` and ``state`` of each cell.
    """
    x = pl.col.x
    frame = pl.DataFrame({"x": cells}).select(
        x.fill_nan(None), digits=pl.lit(None, pl.Int64), decimals=pl.lit(None, pl.Int16)
    )
    for decimals in range(first, max(first, _TRIED if last is None else min(_TRIED, last)) + 1):
        frame = _on_grid(frame, decimals)
        if frame["digits"].null_count() == frame["x"].null_count():
            break
    else:
        frame = _one_by_one(frame, first, last)
    there, blank = pl.col.digits.is_not_null(), x.is_null()
    state = (
        pl.when(there).then(State.FIGURE).when(blank).then(State.BLANK).otherwise(State.UNREADABLE)
    )
    return frame.select("digits", "decimals", state=state.cast(pl.Int8))


def _on_grid(frame: pl.DataFrame, decimals: int) -> pl.DataFrame:
    """Settle the cells that are surely, and surely alone, near one value of the grid."""
    x, step = pl.col.x, 10.0**decimals
    steps = (x * step).round()
    near = (steps / step - x).abs() <= x.abs() * _SURE
    hit = pl.col.digits.is_null() & near & (steps.abs() < _UNIQUE)
    found = pl.when(hit).then(steps).cast(pl.Int64, strict=False)
    return frame.with_columns(
        digits=pl.coalesce("digits", found),
        decimals=pl.when(hit).then(pl.lit(decimals, pl.Int16)).otherwise("decimals"),
    )


def _one_by_one(frame: pl.DataFrame, first: int, last: int | None) -> pl.DataFrame:
    open_ = frame.filter(pl.col.digits.is_null() & pl.col.x.is_finite())["x"].unique()
    if last is not None:
        open_ = open_.filter(_doubtful(open_, last))
    found = {x: exact for x in open_.to_list() if (exact := nearest(x, first, last)) is not None}
    if not found:
        return frame
    rows = [(x, *exact) for x, exact in found.items()]
    wide = pl.Int128 if any(abs(digits) >= 2**63 for _, digits, _ in rows) else pl.Int64
    known = pl.DataFrame(rows, {"x": pl.Float64, "found": wide, "at": pl.Int16}, orient="row")
    joined = frame.join(known, on="x", how="left", maintain_order="left")
    return joined.select(
        "x", digits=pl.coalesce("digits", "found"), decimals=pl.coalesce("decimals", "at")
    )


def _doubtful(floats: pl.Series, last: int) -> pl.Series:
    """Which of ``floats`` the finest grid may hold after all."""
    x, step = pl.col.x, 10.0**last
    steps = (x * step).round()
    doubt = (steps.abs() >= _UNIQUE) | ((steps / step - x).abs() <= x.abs() * _FAR)
    return floats.to_frame("x").select(doubt).to_series()


def nearest(x: float, first: int = 0, last: int | None = None) -> tuple[int, int] | None:
    """The decimal number that ``x`` stands for, as digits and decimals, computed exactly.

    It is the value within 4 ulp of ``x`` on the coarsest grid of ``first`` to ``last`` decimals that has one; None if
    there is none, or if there are several. Without ``last``, the shortest print of ``x`` stands for several.
    """
    exact, reach = Fraction(x), ULPS * Fraction(math.ulp(x))
    finest = max(first, _shortest(x)) if last is None else last
    for decimals in range(first, finest + 1):
        step = Fraction(10) ** decimals
        low, high = math.ceil((exact - reach) * step), math.floor((exact + reach) * step)
        if low == high:
            return low, decimals
        if low < high:
            return _as_printed(x) if last is None else None
    return None


def _as_printed(x: float) -> tuple[int, int] | None:
    """The shortest print of a float that is too large for every grid."""
    decimals = _shortest(x)
    digits = int(Fraction(Decimal(repr(x))) * 10**decimals)
    return (digits, decimals) if abs(digits) < 10**MAX_DIGITS else None


def _shortest(x: float) -> int:
    """Decimals of the shortest print of ``x``."""
    exponent = Decimal(repr(x)).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
