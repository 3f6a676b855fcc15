"""narwhals as the namespace that the lowering and the sheets are written against."""

from functools import cache
from types import SimpleNamespace
from typing import Any

import narwhals as nw


@cache
def namespace() -> Any:
    """Narwhals under the names that polars has; its widest integers are decimals of 38 digits."""
    return SimpleNamespace(
        col=nw.col,
        lit=_literal,
        when=nw.when,
        min_horizontal=nw.min_horizontal,
        max_horizontal=nw.max_horizontal,
        any_horizontal=_any,
        Boolean=nw.Boolean,
        Int8=nw.Int8,
        Int64=nw.Int64,
        Int128=nw.Decimal(38, 0),
        String=nw.String,
    )


def _literal(value: Any, dtype: Any = None) -> nw.Expr:
    """A literal whose type holds: a database takes ``1`` for 32 bits and refuses products beyond."""
    return nw.lit(value).cast(dtype) if dtype == nw.Int64 else nw.lit(value, dtype=dtype)


def _any(*conditions: nw.Expr) -> nw.Expr:
    """Any of some conditions, null where that is open."""
    return nw.any_horizontal(*conditions, ignore_nulls=False)
