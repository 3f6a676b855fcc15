"""What a number is: its logical type, dimension, unit of measure and accuracy."""

from typing import Literal, get_args

LogicalType = Literal[
    "money", "ratio", "points", "count", "number", "text", "code", "year", "date", "flag"
]
"""What a column holds. ``points`` are percentage points, ``code`` is text compared as written."""

LOGICAL_TYPES: tuple[LogicalType, ...] = get_args(LogicalType)
MEASURES = frozenset({"money", "ratio", "points", "count", "number"})
"""Types that hold printed figures, with a unit and an accuracy."""
NUMERIC = MEASURES | {"year"}
"""Types that can be computed with."""

BlankPolicy = Literal["unknown", "zero", "zero-if-closes"]
"""What a blank cell of a column stands for."""

MAX_EXTRA_DECIMALS = 6
"""How many decimals beyond the usual ones a column may widen to."""
MAX_DIGITS = 38
"""Digits of the widest integer that the engines hold."""
