"""Tables shown as they were printed, for reports that lay the data beside what was found in it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import polars as pl

from perfrules.dataset import Measure, Table, place_column, state_column
from perfrules.quantities.figures import Number, State, tenfold
from perfrules.values import frozen

MOST = 10_000
"""Rows of a table that a report keeps to show them."""

Shown = Mapping[str, Table]
"""The first rows of tables, by the ids of these."""


@frozen
class Figure:
    """A printed figure.

    Attributes:
        value: The number, in the unit of the data, without zeros that are not printed.
        decimals: How many decimals are printed.
    """

    value: Decimal
    decimals: int


def first(table: Table, most: int = MOST) -> Table:
    """The first rows of a table, without holding on to the others."""
    if table.frame.height <= most:
        return table
    frame = table.frame.select(pl.all().gather(range(most)))  # a slice would keep all of it alive
    cells = {at: origin for at, origin in table.origins.cells.items() if at[0] < most}
    origins = replace(table.origins, rows=tuple(table.origins.rows[:most]), cells=cells)
    return replace(table, frame=frame, origins=origins)


def printed(table: Table, column: str) -> Iterator[Figure | str | int]:
    """What is printed in each cell of a column: a figure, a year, or a text; nothing for a blank."""
    values = table.frame[column]
    measure = table.measures.get(column)
    if measure is None:
        return (_plain(value) for value in values)
    return _figures(table, column, measure)


def _plain(value: object) -> str | int:
    """A key, a text or a date; a year stays a number."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, int) else str(value)


def _figures(table: Table, column: str, measure: Measure) -> Iterator[Figure | str]:
    frame = table.frame
    names = [name for name in (place_column(column), state_column(column)) if name in frame.columns]
    told = _in_unit(measure)
    for row, (value, *more) in enumerate(frame.select(column, *names).iter_rows()):
        others = dict(zip(names, more, strict=True))
        if value is None:
            yield "——" if others.get(state_column(column)) == State.DASH else ""
        elif row in measure.bounds:
            yield _range(measure, row)
        else:
            yield told(value, others.get(place_column(column), measure.place))


def _in_unit(measure: Measure) -> Callable[[int, int | None], Figure]:
    exponent = measure.unit_place - measure.scale

    def told(value: int, place: int | None) -> Figure:
        printed = 0 if measure.exact or place is None else max(place - measure.unit_place, 0)
        at = exponent
        while at < -printed and value % 10 == 0:
            value, at = value // 10, at + 1
        return Figure(Decimal(f"{value}e{at}"), max(printed, -at))

    return told


def _range(measure: Measure, row: int) -> str:
    """A bound or a range, with its ends."""
    low, high = (_end(measure, end) for end in measure.bounds[row])
    if low and high:
        return f"{low}–{high}"
    return f"≥{low}" if low else f"≤{high}"


def _end(measure: Measure, end: Number) -> str:
    """An end of a range in the unit of the data; nothing where there is none."""
    if isinstance(end, float):
        return ""
    number = tenfold(end, measure.unit_place)
    return f"{(Decimal(number.numerator) / number.denominator).normalize():f}"
