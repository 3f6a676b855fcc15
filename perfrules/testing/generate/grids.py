"""The grid that the figures of a column are printed on, and figures as they are printed."""

from datetime import date
from fractions import Fraction
from functools import lru_cache

from perfrules.model import Pack
from perfrules.quantities import MEASURES
from perfrules.quantities.units import power_of
from perfrules.tables import Column
from perfrules.testing.generate.skeleton import Slot
from perfrules.values import frozen

FIRST_DAY = date(2023, 1, 1).toordinal()
LAST_DAY = date(2023, 12, 31).toordinal()
REACH = 10**15
"""The greatest figure, in units of its last place."""


@frozen
class Grid:
    """The figures of a column: a figure is ``n * unit`` of the base unit.

    Attributes:
        unit: One unit of the last printed place.
        place: That place: ``unit`` is ``10**-place``.
        decimals: Printed decimals, in the unit of the column.
        half: Half the last place; 0 where figures are the numbers themselves.
        low, high: The least and the greatest ``n``.
        kind: Logical type.
    """

    unit: Fraction
    place: int
    decimals: int
    half: Fraction
    low: int
    high: int
    kind: str

    def printed(self, number: int) -> str:
        """A figure as it stands in a cell."""
        if self.kind == "date":
            return date.fromordinal(number).isoformat()
        if self.kind == "year" or not self.decimals:
            return str(number)
        sign, digits = ("-" if number < 0 else ""), str(abs(number)).zfill(self.decimals + 1)
        return f"{sign}{digits[: -self.decimals]}.{digits[-self.decimals :]}"


def decimals_of(column: Column) -> int:
    """How many decimals generated figures of a column have."""
    if isinstance(column.decimals, int):
        return column.decimals
    return 0 if column.type == "count" else 2 if column.unit != "1" else 4


@lru_cache(4096)
def _grid(kind: str, unit: str, decimals: int, exact: bool) -> Grid:  # noqa: FBT001  # a cache knows no names
    if kind == "date":
        return Grid(Fraction(1), 0, 0, Fraction(0), FIRST_DAY, LAST_DAY, kind)
    if kind == "year":
        return Grid(Fraction(1), 0, 0, Fraction(0), 2000, 2100, kind)
    power = power_of(unit, kind) if unit else 0
    place = decimals - (power or 0)
    step = Fraction(10) ** -place
    return Grid(step, place, decimals, Fraction(0) if exact else step / 2, -REACH, REACH, kind)


def grid_of(slot: Slot, pack: Pack) -> Grid | None:
    """The grid of a slot; None if it holds no number."""
    spec = pack.tables[slot.table]
    column = spec.columns[slot.column]
    if column.type in ("date", "year"):
        return _grid(column.type, "", 0, exact=True)
    if column.type not in MEASURES:
        return None
    unit = column.unit or (spec.unit if column.type == "money" else None) or ""
    return _grid(column.type, unit, decimals_of(column), column.is_exact)
