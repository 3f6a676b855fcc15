"""A report as frames of polars: its counts, findings and notices."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

import polars as pl

from perfrules.findings import EvidenceCell, Finding
from perfrules.locale import word

_QUOTIENT = Context(prec=12, rounding=ROUND_HALF_EVEN)
_WIDE = Context(prec=100)
_DIGITS = 38
"""Digits of a decimal in a frame."""
SUMMARY: dict[str, type[pl.DataType]] = {
    "pack": pl.String, "rule": pl.String, "severity": pl.String, "rows": pl.Int64, "pass": pl.Int64,
    "rounding": pl.Int64, "fail": pl.Int64, "unknown": pl.Int64, "not_applicable": pl.Int64,
    "waived": pl.Int64, "known": pl.Int64,
}  # fmt: skip
"""Columns of the frame of counts."""
NOTICES: dict[str, pl.DataType | type[pl.DataType]] = {
    "code": pl.String, "level": pl.String, "message_zh": pl.String, "message_en": pl.String,
    "rules": pl.List(pl.String), "table": pl.String, "where": pl.String,
}  # fmt: skip
"""Columns of the frame of notices."""
_ORIGIN = pl.Struct(
    {
        "file": pl.String,
        "section": pl.String,
        "row": pl.Int64,
        "column": pl.String,
        "quote": pl.String,
    }
)


def decimal_of(value: Fraction) -> tuple[Decimal, bool]:
    """``value`` as a decimal, and whether it is exact; a quotient that does not end has twelve digits."""
    twos, fives, rest = 0, 0, value.denominator
    while rest % 2 == 0:
        twos, rest = twos + 1, rest // 2
    while rest % 5 == 0:
        fives, rest = fives + 1, rest // 5
    if rest != 1:
        return _QUOTIENT.divide(Decimal(value.numerator), Decimal(value.denominator)), False
    places = max(twos, fives)
    return Decimal(f"{value.numerator * 10**places // value.denominator}e-{places}"), True


def findings_frame(details: Sequence[Finding]) -> pl.DataFrame:
    """A row per finding, with its cells."""
    numbers = {
        name: _decimals([getattr(d, name) for d in details])
        for name in ("left", "right", "difference", "slack")
    }
    key = _struct(name for d in details for name in d.key)
    cell_key = _struct(name for d in details for cell in d.cells for name in cell.key)
    cell = pl.Struct(
        {
            "table": pl.String,
            "key": cell_key,
            "column": pl.String,
            "printed": pl.String,
            "origin": _ORIGIN,
        }
    )

    def text(values: Iterable[str]) -> pl.Series:
        return pl.Series(values=list(values), dtype=pl.String)

    return pl.DataFrame(
        {
            "pack": text(d.pack for d in details),
            "rule": text(d.rule for d in details),
            "severity": text(d.severity for d in details),
            "outcome": text(d.outcome for d in details),
            "key": pl.Series(values=[dict(d.key) for d in details], dtype=key),
            "column": text(d.column for d in details),
            **numbers,
            "unit": text(d.unit for d in details),
            "message_zh": text(word(d.message, "zh") for d in details),
            "message_en": text(word(d.message, "en") for d in details),
            "waiver": text(d.waiver.reason if d.waiver else "" for d in details),
            "baseline": text(d.baseline for d in details),
            "cells": pl.Series(
                values=[[_cell(c) for c in d.cells] for d in details], dtype=pl.List(cell)
            ),
        }
    )


def _struct(names: Iterable[str]) -> pl.Struct:
    return pl.Struct(dict.fromkeys(names, pl.String))


def _cell(cell: EvidenceCell) -> Mapping[str, object]:
    origin = cell.origin
    return {
        "table": cell.table,
        "key": dict(cell.key),
        "column": cell.column,
        "printed": cell.printed,
        "origin": {
            name: getattr(origin, name) for name in ("file", "section", "row", "column", "quote")
        },
    }


def _decimals(values: Sequence[Fraction | None]) -> pl.Series:
    """Decimals with as many places as the longest of them needs and 38 digits allow; null where even the whole part is longer."""
    found = [None if value is None else decimal_of(value)[0] for value in values]
    kept = [value if value is not None and value.adjusted() < _DIGITS else None for value in found]
    there = [value for value in kept if value is not None]
    whole = max((value.adjusted() + 1 for value in there), default=1)
    places = max((-int(value.as_tuple().exponent) for value in there), default=0)
    scale = max(min(places, _DIGITS - max(whole, 1)), 0)
    cut = [
        None if v is None else v.quantize(Decimal(1).scaleb(-scale), context=_WIDE) for v in kept
    ]
    return pl.Series(values=cut, dtype=pl.Decimal(_DIGITS, scale))
