"""The meaning of every operator and function: one rule, one row, exact numbers. Slow and plain; the referee of all engines.

The order of questions is that of ``docs/outcomes.md``: all operands blank, a dash, the guard, what is missing, then the comparison.
"""

from collections.abc import Iterator

from perfrules.dataset import Cell
from perfrules.evaluate.ranges import ZeroBaseError
from perfrules.evaluate.reference.judge import REASONS, Judge, Verdict, printed_ratio, unknown
from perfrules.evaluate.reference.printed import MissingError, rows_of, selected, truth
from perfrules.evaluate.reference.steps import step_table
from perfrules.evaluate.rows import Row
from perfrules.expr import rewrite
from perfrules.expr.nodes import Call, Field, If, IsBlank, Logic, Node
from perfrules.model import Rule, Slack
from perfrules.quantities.figures import State
from perfrules.values import frozen
from perfrules.verdicts import Code

__all__ = [
    "REASONS",
    "Statement",
    "Verdict",
    "asks_blanks",
    "evaluate",
    "printed_ratio",
    "rows_of",
    "split",
    "step_table",
]


def evaluate(rule: Rule, row: Row, slack: Slack) -> Verdict:
    """The verdict of ``rule`` on ``row``."""
    return Statement(rule).evaluate(row, slack)


class Statement:
    """A rule taken apart once, to be evaluated on many rows."""

    def __init__(self, rule: Rule) -> None:
        guards, (self._assertion,) = split(rule)
        self._guard = Logic("and", guards)
        self._compared = _Operands.of((self._assertion,))
        self._guarding = _Operands.of(guards)

    def evaluate(self, row: Row, slack: Slack) -> Verdict:
        """The verdict on ``row``."""
        operands = self._compared.cells(row)
        if operands and all(cell.state == State.BLANK for cell in operands):
            return Verdict(Code.NOT_APPLICABLE)
        if any(cell.state == State.DASH for cell in (*operands, *self._guarding.cells(row))):
            return Verdict(Code.NOT_APPLICABLE)
        try:
            if not truth(self._guard, row):
                return Verdict(Code.NOT_APPLICABLE)
        except MissingError as gap:
            return unknown(gap.cells)
        except ZeroBaseError:
            return Verdict(Code.UNKNOWN, reason="zero-base")
        return Judge(row, slack).judge(self._assertion)


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


@frozen
class _Operands:
    """The cells that some nodes compare; where they ask for blanks only dashes are, since blanks are then answers."""

    leaves: tuple[Field | Call, ...]
    dashes: bool

    @classmethod
    def of(cls, nodes: tuple[Node, ...]) -> "_Operands":
        asked = any(asks_blanks(part) for node in nodes for part in node.walk())
        return cls(tuple(leaf for node in nodes for leaf in _leaves(node)), asked)

    def cells(self, row: Row) -> list[Cell]:
        """The cells on ``row``."""
        found: list[Cell] = []
        for leaf in self.leaves:
            found += [row.cell(leaf)] if isinstance(leaf, Field) else _summary(leaf, row)
        return [cell for cell in found if cell.state == State.DASH] if self.dashes else found


def _leaves(node: Node) -> Iterator[Field | Call]:
    if asks_blanks(node):
        return
    if isinstance(node, Field) or (isinstance(node, Call) and rewrite.is_aggregate(node)):
        yield node
        return
    for child in node.children():
        yield from _leaves(child)


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
