"""How a leaf of a condition stands in the frame of a sheet."""

from collections.abc import Mapping
from dataclasses import dataclass

from perfrules.expr.nodes import Node


@dataclass(frozen=True, slots=True)
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
        low, high: Least and greatest integer of the column.
        reach: Greatest ``loose`` width of the column.
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


Shapes = Mapping[Node, Shape]
