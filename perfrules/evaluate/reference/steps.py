"""Tables of steps in exact numbers."""

from fractions import Fraction

from perfrules.expr.nodes import Node, Steps
from perfrules.quantities.figures import INFINITY
from perfrules.tables import constant


def step_table(node: Node) -> tuple[tuple[Fraction | float, bool, Fraction], ...]:
    """The bounds of the steps, whether each belongs to its step, and what it is worth."""
    if not isinstance(node, Steps):
        raise TypeError(node)
    return tuple(
        (_number(bound) if bound else INFINITY, closed, _number(score))
        for bound, closed, score in node.table
    )


def _number(text: str) -> Fraction:
    found = constant(text)
    if found is None:
        raise ValueError(text)
    return found[0]
