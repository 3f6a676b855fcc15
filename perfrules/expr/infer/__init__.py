"""Names, dimensions and grain: every name becomes a field, and what makes no sense is refused before anything runs."""

from collections.abc import Iterator

from perfrules.expr import rewrite
from perfrules.expr.format import format as written
from perfrules.expr.infer.calls import call
from perfrules.expr.infer.faults import refuse
from perfrules.expr.infer.kinds import CONDITIONS, Kind, kind_of
from perfrules.expr.infer.names import Resolver
from perfrules.expr.infer.scope import Scope, fold
from perfrules.expr.infer.visit import typed
from perfrules.expr.nodes import Call, Compare, Field, If, Logic, Node, Rows
from perfrules.locale import message
from perfrules.quantities import LogicalType

__all__ = ["Kind", "Scope", "fold", "infer", "infer_guard", "judged", "kind_of", "slack_fits"]

typed.register(Call, call)


def infer(node: Node, scope: Scope) -> Node:
    """Resolve and type a condition.

    Args:
        node: A tree from ``parse``.
        scope: What it may speak about.

    Returns:
        The same condition over :class:`Field`, :class:`Rows`, :class:`Number` and :class:`Steps`, simplified.

    Raises:
        ExpressionFault: It makes no sense (codes PR203 and PR301 to PR315).
    """
    condition, kind = typed(node, Resolver(scope))
    if kind not in CONDITIONS:
        refuse(
            "PR311",
            message("this is a value, not a condition"),
            node.at,
            message(
                "compare it with something, for example {example}", example=f"{written(node)} = …"
            ),
        )
    simple = rewrite.simplify(condition)
    if not _speaks_of_data(simple):
        refuse("PR308", message("{text} is always the same", text=written(node)), node.at)
    for part in simple.walk():
        if isinstance(part, Compare):
            _check_compare(part)
    return simple


def infer_guard(node: Node, scope: Scope) -> Node:
    """Resolve and type a guard, as :func:`infer`; one that no figures can meet is refused.

    Raises:
        ExpressionFault: As for :func:`infer`, or PR316.
    """
    guard = infer(node, scope)
    if rewrite.contradictory(guard):
        refuse(
            "PR316",
            message("{text} holds for no figures: the rule can never apply", text=written(node)),
            node.at,
            message(
                "see which of its comparisons is meant otherwise; or may join them, and and joins all"
            ),
        )
    return guard


def slack_fits(node: Node, kind: LogicalType) -> bool:
    """Whether a slack of ``kind`` measures every comparison of numbers that an inferred condition judges, and there is one.

    A slack on ratios is in points; one without a unit fits counts and pure numbers.
    """
    wanted: set[Kind] = _MEASURED.get(kind, {kind})
    kinds = [{kind_of(part.left), kind_of(part.right)} for part in judged(node)]
    numbers = [pair for pair in kinds if not pair & {"text", "code", "flag", "truth", "date"}]
    return bool(numbers) and all(pair & wanted for pair in numbers)


_MEASURED: dict[LogicalType, set[Kind]] = {
    "points": {"ratio", "points"},
    "number": {"number", "count", "year", "pure"},
}


def judged(node: Node) -> Iterator[Compare]:
    """The comparisons that are judged with their accuracy, and so with a slack: not those of tests and of ``not``."""
    if isinstance(node, Compare):
        yield node
    elif isinstance(node, Logic):
        for item in node.items:
            yield from judged(item)
    elif isinstance(node, If):
        yield from judged(node.yes)
        if node.no is not None:
            yield from judged(node.no)


def _speaks_of_data(node: Node) -> bool:
    return any(isinstance(part, Field | Rows) for part in node.walk())


def _check_compare(node: Compare) -> None:
    if not _speaks_of_data(node):
        refuse(
            "PR308",
            message("{text} compares constants: it is always the same", text=written(node)),
            node.at,
            message("name a column, or remove the condition"),
        )
    if node.left == node.right:
        refuse("PR308", message("both sides of {text} are the same", text=written(node)), node.at)
    if not rewrite.provable(node.left, node.right):
        refuse(
            "PR312",
            message(
                "{text} uses a figure several times, and its exact range cannot be computed",
                text=written(node),
            ),
            node.at,
            message(
                "write it without the repetition; a ≤ 30% * b is exact where a / b ≤ 30% is not"
            ),
        )
