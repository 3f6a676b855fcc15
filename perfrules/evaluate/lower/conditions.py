"""Conditions as outcomes, and as truths on printed values."""

import operator
import re
from dataclasses import field
from functools import reduce, singledispatchmethod
from types import UnionType

from perfrules.evaluate.lower.choices import Chooser, Comparison, is_choice
from perfrules.evaluate.lower.forms import Forms, is_leaf, shared, top
from perfrules.evaluate.lower.general import SIGNS
from perfrules.evaluate.lower.linear import Linear
from perfrules.evaluate.lower.quotient import Quotient
from perfrules.evaluate.native import Exclusions, Expr, UnlowerableError, any_of
from perfrules.evaluate.reference import asks_blanks
from perfrules.expr import rewrite
from perfrules.expr.nodes import (
    Arithmetic,
    Call,
    Compare,
    Field,
    If,
    In,
    IsBlank,
    Logic,
    Node,
    Not,
    Number,
    Rows,
    Text,
    Truth,
)
from perfrules.quantities.figures import State
from perfrules.values import mutable
from perfrules.verdicts import Code


@mutable
class Conditions(Forms):
    """The conditions of one rule; each comparison is taken apart once."""

    taken: dict[int, tuple[Node, Comparison]] = field(default_factory=dict)

    def operands(self, node: Node) -> list[Node]:
        """The leaves that a condition compares, apart from those it asks about."""
        if asks_blanks(node):
            return []
        if isinstance(node, Field | Rows) or rewrite.is_aggregate(node):
            return [node]
        return [leaf for child in node.children() for leaf in self.operands(child)]

    def exclusions(self, guards: tuple[Node, ...], assertion: Node) -> Exclusions:
        """Where its cells make it not applicable."""
        operands = list(dict.fromkeys(self.operands(assertion)))
        asking = any(asks_blanks(part) for part in assertion.walk())
        blanks = [self.shape(leaf) for leaf in operands]
        every = [*operands, *(leaf for guard in guards for leaf in self.operands(guard))]
        dashes = [self.shape(leaf) for leaf in dict.fromkeys(every)]
        return Exclusions(
            ()
            if asking or not all(shape.states for shape in blanks)
            else tuple(shape.column("state") for shape in blanks),
            tuple(shape.column("state") for shape in dashes if shape.states),
        )

    def may_be_null(self, nodes: tuple[Node, ...]) -> bool:
        """Whether a condition may be undecided: something is missing, or a denominator zero."""
        parts = [part for node in nodes for part in node.walk()]
        divides = any(isinstance(part, Arithmetic) and part.op == "/" for part in parts)
        return divides or any(
            self.shape(leaf).states for node in nodes for leaf in self.operands(node)
        )

    def gaps(self, guards: tuple[Node, ...], assertion: Node) -> tuple[str, ...] | None:
        """What may be missing of a strict rule: one comparison, guarded by linear ones joined by ``and``."""
        if not self.is_strict(assertion, Linear | Quotient) or not all(
            self.is_strict(guard, Linear) for guard in _joined(guards)
        ):
            return None
        leaves = dict.fromkeys(
            leaf for node in (*guards, assertion) for leaf in self.operands(node)
        )
        shapes = [self.shape(leaf) for leaf in leaves]
        if any(shape.hard or shape.assumed or shape.filled for shape in shapes):
            return None
        return tuple(shape.column("state") for shape in shapes if shape.states)

    def is_strict(self, node: Node, forms: type | UnionType) -> bool:
        """Whether a comparison of one of ``forms`` cannot be decided just where something that it reads is missing."""
        if not isinstance(node, Compare) or any(
            asks_blanks(part) or is_choice(part) for part in node.walk()
        ):
            return False  # a count may be unknown although nothing of its own is missing
        if not self.has_numbers(node):
            return True
        comparison = self.compare(node)
        if isinstance(comparison, Quotient) and (comparison.has_rate or not self.is_numeric(node)):
            return False  # on a zero base a blank rate is right, and what is printed cannot be told
        return isinstance(comparison, forms)

    def hard(self, nodes: tuple[Node, ...]) -> Expr | None:
        """Rows that the reference must evaluate."""
        leaves = dict.fromkeys(leaf for node in nodes for leaf in self.operands(node))
        return any_of([self.column(leaf, "hard") for leaf in leaves if self.shape(leaf).hard])

    # ---- comparisons ------------------------------------------------------------------------------------------------

    def decided(self, node: Node) -> Expr:
        """The outcome of a condition read on printed values."""
        x = self.x
        holds = self.truth(node)
        unsure = x.when(holds.is_null()).then(x.lit(int(Code.UNKNOWN)))
        return unsure.when(holds).then(x.lit(int(Code.PASS))).otherwise(x.lit(int(Code.FAIL)))

    @singledispatchmethod
    def code(self, node: Node) -> Expr:
        """The outcome of a condition in an assertion; what is no comparison of numbers is read on printed values."""
        return self.decided(node)

    @code.register
    def _(self, node: Logic) -> Expr:
        x = self.x
        unknown, none = x.lit(int(Code.UNKNOWN)), int(Code.NOT_APPLICABLE)
        items = [self.code(item) for item in node.items]
        parts = [x.when(item == none).then(unknown).otherwise(item) for item in items]
        return (x.min_horizontal if node.op == "and" else x.max_horizontal)(*parts)

    @code.register
    def _(self, node: If) -> Expr:
        x = self.x
        test = self.truth(node.test)
        no = x.lit(int(Code.PASS)) if node.no is None else self.code(node.no)
        unsure = x.when(test.is_null()).then(x.lit(int(Code.UNKNOWN)))
        return unsure.when(test).then(self.code(node.yes)).otherwise(no)

    @code.register
    def _(self, node: Compare) -> Expr:
        return self.compare(node).code(self) if self.is_numeric(node) else self.decided(node)

    def off(self, node: Node) -> Expr:
        """True or null wherever ``node`` is not a clean pass; as cheap as can be."""
        if isinstance(node, Compare) and self.is_numeric(node):
            return self.compare(node).off(self)
        if isinstance(node, Compare):
            return ~self.printed(node)
        return self.code(node) != int(Code.PASS)

    def judged(self, node: Node) -> Expr:
        """The outcome of a strict comparison where nothing that it reads is missing; as cheap as can be."""
        if isinstance(node, Compare) and self.is_numeric(node):
            comparison = self.compare(node)
            if isinstance(comparison, Linear | Quotient):
                return comparison.judged(self)
        return self.decided(node)

    def is_numeric(self, node: Compare) -> bool:
        """Whether a comparison is judged with the accuracy of its figures; ``≠`` never is."""
        return node.op != "≠" and self.has_numbers(node)

    def has_numbers(self, node: Compare) -> bool:
        """Whether both sides are numbers."""
        return all(
            self.shape(part).numeric if is_leaf(part) else not isinstance(part, Text | Truth)
            for part in top(node)
        )

    def compare(self, node: Compare) -> Comparison:
        """A comparison of numbers in its native form."""
        if id(node) not in self.taken:  # the node is kept, so that its id is not given away
            self.taken[id(node)] = (node, self.taken_apart(node))
        return self.taken[id(node)][1]

    def taken_apart(self, node: Compare) -> Comparison:
        """A linear difference, one quotient of linear forms that share no figure, or what is more general."""
        whole = Arithmetic("-", node.left, node.right)
        overlaps = rewrite.overlapping(whole)
        difference = self.sum(whole)
        if difference is not None:
            return Linear.of(self, node, difference, overlaps=overlaps)
        found = None if overlaps else self.quotient(node)
        return found or Chooser(self, node, self.truth).taken({})

    def quotient(self, node: Compare) -> Quotient | None:
        """One quotient of linear forms that share no figure."""
        for ratio, other, flip in ((node.left, node.right, False), (node.right, node.left, True)):
            parts = rewrite.quotient(other)
            if parts is None:
                continue
            moved = Arithmetic("-", ratio, Number(str(parts[2]))) if parts[2] else ratio
            side, top, base = self.sum(moved), self.sum(parts[0]), self.sum(parts[1])
            if side is None or top is None or base is None or shared(self, side, top, base):
                return None
            assumed = any(
                self.shape(leaf).assumed for form in (side, top, base) for leaf in form.terms
            )
            if assumed or self.slack.kind == "relative":
                return None
            return Quotient(node, ratio, side, top, base, flip)
        return None

    # ---- printed truth ----------------------------------------------------------------------------------------------

    @singledispatchmethod
    def truth(self, node: Node) -> Expr:
        """Whether a condition holds on the printed values; null if it cannot be decided."""
        raise UnlowerableError(node)

    @truth.register
    def _(self, node: Logic) -> Expr:
        items = [self.truth(item) for item in node.items]
        return reduce(operator.and_ if node.op == "and" else operator.or_, items)

    @truth.register
    def _(self, node: Not) -> Expr:
        return ~self.truth(node.item)

    @truth.register
    def _(self, node: If) -> Expr:
        x = self.x
        test = self.truth(node.test)
        no = x.lit(value=True) if node.no is None else self.truth(node.no)
        unsure = x.when(test.is_null()).then(x.lit(None, dtype=x.Boolean))
        return unsure.when(test).then(self.truth(node.yes)).otherwise(no)

    @truth.register
    def _(self, node: Truth) -> Expr:
        return self.x.lit(node.value)

    @truth.register
    def _(self, node: IsBlank) -> Expr:
        return self.blank(node)

    @truth.register
    def _(self, node: In) -> Expr:
        same = [self.printed(Compare("=", node.item, option)) for option in node.options]
        found = reduce(operator.or_, same)
        return ~found if node.negated else found

    @truth.register
    def _(self, node: Compare) -> Expr:
        return self.printed(node)

    @truth.register
    def _(self, node: Call) -> Expr:
        if node.name == "present":
            return self.column(node.args[0])
        return self.matches(node) if node.name == "matches" else self.column(node)

    @truth.register
    def _(self, node: Field) -> Expr:
        if node.type != "flag":
            raise UnlowerableError(node)
        return self.column(node)

    def matches(self, node: Call) -> Expr:
        """Whether a text has a pattern, in which ``*`` is any run of characters and ``?`` any one."""
        text, pattern = node.args
        texts = isinstance(text, Field) and text.type in ("text", "code")
        if not texts or not isinstance(pattern, Text):
            raise UnlowerableError(node)
        signs = {"*": ".*", "?": "."}
        written = "".join(signs.get(sign, re.escape(sign)) for sign in pattern.value)
        return self.column(text).str.contains(rf"(?s)^{written}\z")

    def blank(self, node: IsBlank) -> Expr:
        """Whether a cell holds nothing."""
        shape = self.shape(node.item)
        if not shape.states:  # never null, and as long as the sheet, which a literal is not
            return self.column(node.item).is_null() != node.negated
        empty = self.column(node.item, "state").is_in(
            [int(State.BLANK), int(State.NO_ROW), int(State.NO_COLUMN)]
        )
        return ~empty if node.negated else empty

    def printed(self, node: Compare) -> Expr:
        """A comparison of printed values."""
        if not self.has_numbers(node):
            return SIGNS[node.op](self.text(node.left), self.text(node.right))
        return self.compare(node).holds(self)

    def text(self, node: Node) -> Expr:
        """A text, a flag or a date."""
        if isinstance(node, Text | Truth):
            return self.x.lit(node.value)
        if isinstance(node, Field):
            return self.column(node)
        raise UnlowerableError(node)


def _joined(nodes: tuple[Node, ...]) -> list[Node]:
    """The parts of conditions joined by ``and``."""
    found: list[Node] = []
    for node in nodes:
        found += _joined(node.items) if isinstance(node, Logic) and node.op == "and" else [node]
    return found
