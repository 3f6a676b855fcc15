"""The meaning of every operator and function: one rule, one row, exact numbers. Slow and plain; the referee of all engines.

The order of questions is that of ``docs/outcomes.md``: all operands blank, a dash, the guard, what is missing, then the comparison.
"""

from perfrules.dataset import Cell
from perfrules.evaluate.ranges import ZeroBaseError
from perfrules.evaluate.reference.judge import REASONS, Judge, Verdict, printed_ratio, unknown
from perfrules.evaluate.reference.printed import MissingError, rows_of, selected, truth
from perfrules.evaluate.rows import Row
from perfrules.expr import rewrite
from perfrules.expr.nodes import Call, Field, If, IsBlank, Logic, Node
from perfrules.model import Rule, Slack
from perfrules.quantities.figures import State
from perfrules.verdicts import Code

__all__ = ["REASONS", "Verdict", "asks_blanks", "evaluate", "printed_ratio", "rows_of", "split"]


def evaluate(rule: Rule, row: Row, slack: Slack) -> Verdict:
    """The verdict of ``rule`` on ``row``."""
    guard, assertion = split(rule)
    operands = _operands(assertion, row)
    if operands and all(cell.state == State.BLANK for cell in operands):
        return Verdict(Code.NOT_APPLICABLE)
    if any(cell.state == State.DASH for cell in (*operands, *_operands(guard, row))):
        return Verdict(Code.NOT_APPLICABLE)
    try:
        if not truth(Logic("and", guard), row):
            return Verdict(Code.NOT_APPLICABLE)
    except MissingError as gap:
        return unknown(gap.cells)
    except ZeroBaseError:
        return Verdict(Code.UNKNOWN, reason="zero-base")
    return Judge(row, slack).judge(assertion[0])


def split(rule: Rule) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """The guards of a rule, and its assertion: ``if A then B`` at the top adds ``A`` to the guards."""
    guards = (rule.guard,) if rule.guard is not None else ()
    node = rule.assertion
    while isinstance(node, If) and node.no is None:
        guards = (*guards, node.test)
        node = node.yes
    return guards, (node,)


def asks_blanks(node: Node) -> bool:
    """Whether ``node`` itself asks whether something is there, so that a blank is an answer and not a gap."""
    return isinstance(node, IsBlank) or (
        isinstance(node, Call)
        and node.name in ("present", "count_present", "count", "count_distinct")
    )


def _operands(nodes: tuple[Node, ...], row: Row) -> list[Cell]:
    """The cells that ``nodes`` compare; none where the nodes ask for blanks, since these are then answers."""
    if any(asks_blanks(part) for node in nodes for part in node.walk()):
        return [cell for node in nodes for cell in _dashes(node, row)]
    return [cell for node in nodes for cell in _cells(node, row)]


def _cells(node: Node, row: Row) -> list[Cell]:
    if isinstance(node, Field):
        return [row.cell(node)]
    if rewrite.is_aggregate(node) and isinstance(node, Call):
        return _summary(node, row)
    return [cell for child in node.children() for cell in _cells(child, row)]


def _dashes(node: Node, row: Row) -> list[Cell]:
    if asks_blanks(node):
        return []
    if isinstance(node, Field) or rewrite.is_aggregate(node):
        return [cell for cell in _cells(node, row) if cell.state == State.DASH]
    return [cell for child in node.children() for cell in _dashes(child, row)]


def _summary(call: Call, row: Row) -> list[Cell]:
    """An aggregate as one operand: blank or a dash only if all its cells are."""
    field = next(
        (part for arg in call.args for part in arg.walk() if isinstance(part, Field) and part.many),
        None,
    )
    if field is None:
        return []
    try:
        cells = [row.at(field.table, at).cell(field) for at in selected(call, row)]
    except (MissingError, ZeroBaseError):
        cells = []
    for state in (State.BLANK, State.DASH):
        if cells and all(cell.state == state for cell in cells):
            return [cells[0]]
    return [Cell(field.table, -1, field.column, State.FIGURE)]
