"""narwhals as the namespace that the lowering and the sheets are written against."""

from collections.abc import Callable
from functools import cache, partial, reduce
from operator import add
from types import SimpleNamespace
from typing import Any

import narwhals as nw

_WIDE = 32
"""Conditions of a group."""


@cache
def namespace() -> Any:
    """Narwhals under the names that polars has; its widest integers are decimals of 38 digits."""
    return SimpleNamespace(
        col=nw.col,
        lit=_literal,
        when=nw.when,
        min_horizontal=partial(_extreme, nw.min_horizontal),
        max_horizontal=partial(_extreme, nw.max_horizontal),
        any_horizontal=_any,
        sum_horizontal=_sum,
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
    """Any of some conditions, null where that is open; by groups of groups, since ibis descends into them one by one."""
    while len(conditions) > _WIDE:
        starts = range(0, len(conditions), _WIDE)
        conditions = tuple(_any(*conditions[start : start + _WIDE]) for start in starts)
    return nw.any_horizontal(*conditions, ignore_nulls=False)


def _sum(*values: nw.Expr) -> nw.Expr:
    """The sum of some values of which none is null: narwhals' own asks that of each."""
    return reduce(add, values)


def _extreme(found: Callable[..., nw.Expr], *values: nw.Expr) -> nw.Expr:
    """The least or greatest of some values: of one it is that one, which Spark does not take."""
    return found(*values) if len(values) > 1 else values[0]
