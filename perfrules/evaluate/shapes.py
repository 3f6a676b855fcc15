"""How a leaf of a condition stands in the frame of a sheet."""

from collections.abc import Mapping
from dataclasses import replace

from perfrules.expr.nodes import Node
from perfrules.values import frozen


@frozen
class Shape:
    """A leaf as columns of a sheet: the figure in ``name``, and beside it whatever varies from row to row.

    Attributes:
        name: Column with the scaled integer, text, flag or date.
        scale: The figure is ``integer * 10**-scale``.
        width: The last printed place, read strictly, as an integer at ``scale``; None: it stands in ``name@width``.
        loose: The same with short prints one decimal coarser; None: in ``name@loose``.
        short: Some print is short: there is a column ``name@short`` that is true where one decimal was dropped.
        states: There is a column ``name@state``; without one nothing is missing.
        assumed: Blanks may be zero if the sum closes; there is a column ``name@assumed`` that is true where there is one.
        filled: A blank is a zero: its state says blank, its integer is there.
        hard: Some print is a bound or a range: there is a column ``name@hard``, and the reference evaluates these rows.
        ends: Its range is not that of a last place: it stands in ``name@least`` and ``name@most`` at twice the scale, with short prints
            one decimal coarser in ``name@loose_least`` and ``name@loose_most``.
        parts: It is the sum of a mean, and at most so many rows, counted in ``name@parts``, make it; 0 for all else.
        low, high: Least and greatest integer of the column.
        reach: Greatest ``loose`` width of the column; 0 if it is exact.
        figure: It is one printed figure, not an aggregate.
        numeric: It is a number.
    """

    name: str
    scale: int = 0
    width: int | None = 0
    loose: int | None = 0
    short: bool = False
    states: bool = False
    assumed: bool = False
    filled: bool = False
    hard: bool = False
    ends: bool = False
    parts: int = 0
    low: int = 0
    high: int = 0
    reach: int = 0
    figure: bool = True
    numeric: bool = True

    def column(self, part: str) -> str:
        """Name of the column beside this one that holds ``part``."""
        return f"{self.name}@{part}"

    @property
    def size(self) -> int:
        """Greatest absolute value of the integers."""
        return max(abs(self.low), abs(self.high))

    def joined(self, other: "Shape") -> "Shape | None":
        """A shape of both columns, with bounds that leave room to spare; None if more than their bounds differs."""
        if self.bounded_as(other) != other or bool(self.parts) != bool(other.parts):
            return None
        low, high = min(self.low, other.low), max(self.high, other.high)
        return replace(
            self,
            low=-_power(-low) if low < 0 else min(low, 1),
            high=_power(high) if high > 0 else max(high, -1),
            reach=max(self.reach, other.reach),
            parts=_power(max(self.parts, other.parts)) if self.parts else 0,
        )

    def covers(self, other: "Shape") -> bool:
        """Whether what is proved for this shape holds for ``other``."""
        return (
            self.low <= other.low
            and other.high <= self.high
            and other.reach <= self.reach
            and other.parts <= self.parts
            and bool(self.parts) == bool(other.parts)
            and self.bounded_as(other) == other
        )

    def bounded_as(self, other: "Shape") -> "Shape":
        """This shape with the bounds of ``other``."""
        return replace(self, low=other.low, high=other.high, reach=other.reach, parts=other.parts)


def _power(number: int) -> int:
    return 1 << number.bit_length()


Shapes = Mapping[Node, Shape]
