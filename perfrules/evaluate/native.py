"""What a native form of a rule is, whatever makes it: small checks need none, and do not import what makes them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from perfrules.quantities.figures import State
from perfrules.values import frozen

HARD = 9
"""Code of a verdict that the reference must give: a bound or a range is involved."""
Expr = Any
"""A native expression."""


class UnlowerableError(Exception):
    """A condition has no exact native expression; ``args[0]`` says which part."""


def all_of(items: list[Expr]) -> Expr | None:
    """All of some conditions; None of none."""
    return reduce(lambda a, b: a & b, items) if items else None


def any_of(items: list[Expr]) -> Expr | None:
    """Any of some conditions; None of none."""
    return reduce(lambda a, b: a | b, items) if items else None


@frozen
class Exclusions:
    """Where the states of its cells make a rule not applicable: every operand is blank, or some cell is a dash.

    Attributes:
        blanks: The ``@state`` columns of its operands; empty if blanks do not make it so.
        dashes: Those of all its cells.
    """

    blanks: tuple[str, ...]
    dashes: tuple[str, ...]

    def expr(self, x: Any) -> Expr | None:
        """The rows; None if there can be none."""
        blanks = all_of([x.col(name) == int(State.BLANK) for name in self.blanks])
        dashes = [x.col(name) == int(State.DASH) for name in self.dashes]
        return any_of([*([] if blanks is None else [blanks]), *dashes])

    def rows(self, states: NDArray[np.int8], at: Mapping[str, int]) -> NDArray[np.bool_]:
        """The same, of states at hand: one line for each column, and which is whose."""
        found: NDArray[np.bool_] = (states[[at[name] for name in self.dashes]] == State.DASH).any(
            axis=0
        )
        if self.blanks:
            found |= (states[[at[name] for name in self.blanks]] == State.BLANK).all(axis=0)
        return found


@dataclass(frozen=True)
class Lowered:
    """A rule as native expressions over a sheet.

    Attributes:
        suspect: False only where the verdict is pass, or not-applicable by its guard; null counts as true. Of a strict rule it is
            true only where nothing that the rule reads is missing.
        judged: The outcome as a :class:`Code`, or :data:`HARD`, where ``suspect`` is true and the guard is not false.
        guard: The guard; None without one.
        wide: Its integers need 128 bits.
        gaps: Of a strict rule, the ``@state`` columns of what it reads: where one is not zero, these states and the guard alone say
            the outcome. None if the rule is not strict.
        exclusions: Where its cells make it not applicable.
        settle: Makes ``code``.
    """

    suspect: Expr
    judged: Expr
    guard: Expr | None
    wide: bool
    gaps: tuple[str, ...] | None
    exclusions: Exclusions
    settle: Callable[[], Expr]

    @cached_property
    def code(self) -> Expr:
        """The outcome of every row as a :class:`Code`, or :data:`HARD`."""
        return self.settle()
