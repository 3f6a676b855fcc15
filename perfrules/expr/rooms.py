"""What comparisons with constants leave to one value: an interval, or a few values, without those excluded."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from perfrules.expr.nodes import CompareOp
from perfrules.values import frozen

Constant = Fraction | str
"""A number, or a text."""

FLIPPED: Mapping[CompareOp, CompareOp] = {
    "=": "=",
    "≠": "≠",
    "<": ">",
    "≤": "≥",
    ">": "<",
    "≥": "≤",
}
"""Each comparison with its sides exchanged."""
OPPOSITE: Mapping[CompareOp, CompareOp] = {
    "=": "≠",
    "≠": "=",
    "<": "≥",
    "≤": ">",
    ">": "≤",
    "≥": "<",
}
"""Each comparison when it does not hold."""


@frozen
class Room:
    """The values that are left; without bounds and options every one is.

    Attributes:
        low, high: The ends of the interval; None is open.
        open_low, open_high: Whether an end is itself left out.
        options: The only values it may have; None is any.
        excluded: Values that it may not have.
    """

    low: Fraction | None = None
    high: Fraction | None = None
    open_low: bool = False
    open_high: bool = False
    options: frozenset[Constant] | None = None
    excluded: frozenset[Constant] = frozenset()

    def narrowed(self, op: CompareOp, value: Constant) -> "Room":
        """What is left where the value also stands in this relation to ``value``; texts know ``=`` and ``≠`` only."""
        if op == "≠":
            return replace(self, excluded=self.excluded | {value})
        if isinstance(value, str):
            return self.among(frozenset({value}))
        room = self
        if op in ("=", "≥", ">"):
            room = room._above(value, strict=op == ">")
        return room._below(value, strict=op == "<") if op in ("=", "≤", "<") else room

    def among(self, options: frozenset[Constant]) -> "Room":
        """What is left where the value is also one of ``options``."""
        return replace(self, options=options if self.options is None else self.options & options)

    def without(self, values: frozenset[Constant]) -> "Room":
        """What is left where the value is also none of ``values``."""
        return replace(self, excluded=self.excluded | values)

    def _above(self, bound: Fraction, *, strict: bool) -> "Room":
        if self.low is not None and (self.low, self.open_low) >= (bound, strict):
            return self
        return Room(bound, self.high, strict, self.open_high, self.options, self.excluded)

    def _below(self, bound: Fraction, *, strict: bool) -> "Room":
        if self.high is not None and (-self.high, self.open_high) >= (-bound, strict):
            return self
        return Room(self.low, bound, self.open_low, strict, self.options, self.excluded)

    def is_empty(self) -> bool:
        """Whether no value is left."""
        if self.options is not None:
            return not any(self._holds(value) for value in self.options - self.excluded)
        if self.low is None or self.high is None:
            return False
        if self.low == self.high:
            return self.open_low or self.open_high or self.low in self.excluded
        return self.low > self.high

    def single(self) -> Fraction | None:
        """The one number that an interval has shrunk to; None if it is wider."""
        return self.low if self.low == self.high and not self.is_empty() else None

    def _holds(self, value: Constant) -> bool:
        if isinstance(value, str):
            return True
        above = self.low is None or value > self.low or (value == self.low and not self.open_low)
        below = (
            self.high is None or value < self.high or (value == self.high and not self.open_high)
        )
        return above and below
