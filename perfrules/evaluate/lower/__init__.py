"""Nodes to native expressions, written once against a namespace: ``polars``, or ``narwhals`` for databases and Spark.

Figures are scaled integers and quotients are cross-multiplied, so nothing here divides or rounds. The meaning is that of
``evaluate/reference.py``; what cannot be said exactly in these expressions raises :class:`UnlowerableError`, and the reference
evaluates the rule instead.
"""

from typing import Any

from perfrules.evaluate.lower.conditions import Conditions
from perfrules.evaluate.native import HARD, Expr, Lowered, all_of
from perfrules.evaluate.reference import split
from perfrules.evaluate.shapes import Shapes
from perfrules.model import Rule, Slack
from perfrules.verdicts import Code

__all__ = ["Conditions", "lower"]


def lower(rule: Rule, slack: Slack, shapes: Shapes, x: Any) -> Lowered:
    """Lower a rule.

    Args:
        rule: The rule.
        slack: Its tolerance.
        shapes: How its leaves stand in the sheet.
        x: The namespace.

    Raises:
        UnlowerableError: The reference must evaluate it.
    """
    one = Conditions(shapes, slack, x)
    guards, (assertion,) = split(rule)
    guard = all_of([one.truth(node) for node in guards])
    gaps = one.gaps(guards, assertion)
    exclusions = one.exclusions(guards, assertion)
    excluded = exclusions.expr(x)
    hard = one.hard((*guards, assertion))

    def settle() -> Expr:
        code = one.code(assertion)
        if guard is not None:
            applies = x.when(guard.is_null()).then(x.lit(int(Code.UNKNOWN)))
            code = applies.when(~guard).then(x.lit(int(Code.NOT_APPLICABLE))).otherwise(code)
        if excluded is not None:
            code = x.when(excluded).then(x.lit(int(Code.NOT_APPLICABLE))).otherwise(code)
        return code if hard is None else x.when(hard).then(x.lit(HARD)).otherwise(code)

    judged = settle() if gaps is None else one.judged(assertion)
    off = one.off(assertion)
    if guard is not None:
        off = (
            (off & guard) | guard.is_null()
            if gaps is None and one.may_be_null(guards)
            else off & guard
        )
    if excluded is not None and gaps is None:
        off = off | excluded  # a compound passes beside a dash, and so does what is behind a choice
    if hard is not None:
        off = off | hard
    return Lowered(off, judged, guard, one.wide, gaps, exclusions, settle)
