"""Linear forms over the columns of a sheet, as integers with a common scale, and the widths of their ranges."""

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from perfrules.evaluate.native import Expr, UnlowerableError, any_of
from perfrules.evaluate.shapes import Shape, Shapes
from perfrules.expr import rewrite
from perfrules.expr.nodes import Arithmetic, Field, If, Negate, Node
from perfrules.model import Slack
from perfrules.quantities.figures import State
from perfrules.values import mutable
from perfrules.verdicts import Code

INT64 = 2**62
INT128 = 2**126


class OverflowError(UnlowerableError):  # noqa: A001  # the arithmetic one, of our engine
    """The integers of a comparison do not fit the engine's widest type."""


@mutable
class Sum:
    """``(Σ factor · column + constant) / scale`` with integer factors: a linear form over the sheet."""

    terms: dict[Node, int]
    constant: int
    scale: int
    added: Mapping[Node, bool]
    """Whether a leaf is added or subtracted wherever it occurs, so that its printed zero is exact."""

    @classmethod
    def of(
        cls,
        one: "Forms",
        terms: Mapping[Node, Fraction],
        constant: Fraction,
        added: Mapping[Node, bool],
    ) -> "Sum":
        """A linear form of figures as one of integers; what has no factor is left out."""
        factors = {
            leaf: factor * Fraction(10) ** -one.shape(leaf).scale
            for leaf, factor in terms.items()
            if factor
        }
        scale = math.lcm(*(part.denominator for part in (*factors.values(), constant)))
        whole = {leaf: int(factor * scale) for leaf, factor in factors.items()}
        return cls(whole, int(constant * scale), scale, added)


@mutable
class Forms:
    """Leaves and linear forms as native expressions; ``wide`` is set once some integer needs 128 bits."""

    shapes: Shapes
    slack: Slack
    x: Any
    wide: bool = False

    # ---- shapes -----------------------------------------------------------------------------------------------------

    def shape(self, leaf: Node) -> Shape:
        """How a leaf stands in the sheet; one that does not is for the reference."""
        shape = self.shapes.get(leaf)
        if shape is None:
            raise UnlowerableError(leaf)
        return shape

    def column(self, leaf: Node, part: str = "") -> Expr:
        """A leaf's column, or one beside it."""
        shape = self.shape(leaf)
        return self.x.col(shape.column(part) if part else shape.name)

    def fit(self, bound: int) -> bool:
        """Whether integers up to ``bound`` need 128 bits."""
        if bound >= INT128:
            raise OverflowError(bound)
        self.wide = self.wide or bound >= INT64
        return bound >= INT64

    def figure(self, leaf: Node, part: str = "", *, wide: bool) -> Expr:
        """A leaf's integer, or one beside it."""
        value = self.column(leaf, part)
        return value.cast(self.x.Int128) if wide else value

    # ---- linear forms -----------------------------------------------------------------------------------------------

    def sum(self, node: Node) -> Sum | None:
        """A linear form with integer factors; None if ``node`` is none, or needs more than its figures."""
        form = rewrite.linear(node)
        if form is None:
            return None
        for leaf in form.terms:
            shape = self.shape(leaf)
            if not shape.numeric:
                raise UnlowerableError(node)
            if shape.ends or shape.parts:
                return None
        if any(is_leaf(part) and part not in form.terms for part in top(node)):
            return None  # what cancels must be there all the same
        return Sum.of(self, form.terms, form.constant, added_in(node))

    def total(self, form: Sum, *, wide: bool, closing: list[Node] | None = None) -> Expr:
        """The integer of a linear form, blanks of ``closing`` read as zero; positive terms first, since Int128 has no negation."""
        expr: Expr | None = None
        for leaf, factor in sorted(form.terms.items(), key=lambda item: item[1] < 0):
            column = self.figure(leaf, wide=wide)
            if closing and leaf in closing:
                filled = self.column(leaf, "assumed") & column.is_null()
                column = self.x.when(filled).then(self.typed(0, wide=wide)).otherwise(column)
            elif self.shape(leaf).assumed:
                column = self.x.when(self.column(leaf, "assumed")).then(None).otherwise(column)
            term = column if abs(factor) == 1 else column * abs(factor)
            if expr is None:
                expr = term if factor > 0 else term * -1
            else:
                expr = expr + term if factor > 0 else expr - term
        if expr is None:
            return self.x.lit(form.constant)
        return expr + form.constant if form.constant else expr

    def size(self, form: Sum) -> int:
        """An upper bound of the integer and of its width."""
        return abs(form.constant) + sum(
            abs(factor) * (self.shape(leaf).size + self.shape(leaf).reach)
            for leaf, factor in form.terms.items()
        )

    def width(self, form: Sum, *, loose: bool, wide: bool) -> Expr | int:
        """Twice the half-width of the range of a linear form, as an integer."""
        constant = 0
        varying: Expr | None = None
        for leaf, factor in form.terms.items():
            part = self.leaf_width(leaf, loose=loose, wide=wide)
            if isinstance(part, int) and not part:
                continue
            tests = [self.filled(leaf)]
            if form.added.get(leaf) and self.can_be_zero(leaf):
                tests.append(self.column(leaf) == 0)
            part = self.without(part, tests, wide=wide)
            if isinstance(part, int):
                constant += part * abs(factor)
            else:
                term = part * abs(factor)
                varying = term if varying is None else varying + term
        if varying is None:
            return constant
        return varying + constant if constant else varying

    def without(self, width: Expr | int, tests: list[Expr | None], *, wide: bool) -> Expr | int:
        """A width that is zero where one of ``tests`` is true."""
        exact = any_of([test for test in tests if test is not None])
        if exact is None:
            return width
        typed = self.typed(width, wide=wide) if isinstance(width, int) else width
        return self.x.when(exact).then(self.typed(0, wide=wide)).otherwise(typed)

    def filled(self, leaf: Node) -> Expr | None:
        """Where a figure is a blank that is read as zero, and so exact; an aggregate has counted its own already."""
        shape = self.shape(leaf)
        if not shape.figure:
            return None
        if shape.assumed:
            return self.column(leaf, "assumed")
        return self.column(leaf, "state") == int(State.BLANK) if shape.filled else None

    def can_be_zero(self, leaf: Node) -> bool:
        """Whether a printed zero may stand there; an aggregate has counted its own zeros already."""
        shape = self.shape(leaf)
        return shape.figure and shape.low <= 0 <= shape.high

    def typed(self, number: int, *, wide: bool) -> Expr:
        """A literal integer of the width in use."""
        return self.x.lit(number, dtype=self.x.Int128 if wide else self.x.Int64)

    def leaf_width(self, leaf: Node, *, loose: bool, wide: bool) -> Expr | int:
        """The last printed place of a leaf, as an integer at its scale."""
        shape = self.shape(leaf)
        constant = shape.loose if loose else shape.width
        if constant is not None:
            return constant
        column = self.column(leaf, "loose" if loose else "width")
        return column.cast(self.x.Int128) if wide else column


def is_leaf(node: Node) -> bool:
    """Whether ``node`` is a column of the sheet."""
    return isinstance(node, Field) or rewrite.is_aggregate(node)


def top(node: Node) -> list[Node]:
    """The parts that make a value, without those inside aggregates and those of the tests in it."""
    if is_leaf(node):
        return [node]
    if isinstance(node, If):
        return [part for branch in node.children()[1:] for part in top(branch)]
    return [node, *(part for child in node.children() for part in top(child))]


def added_in(node: Node, *, term: bool = False) -> dict[Node, bool]:
    """For each leaf, whether it is added or subtracted wherever it occurs."""
    if is_leaf(node):
        return {node: term}
    if isinstance(node, Negate):
        return added_in(node.item, term=term)
    if not isinstance(node, Arithmetic):
        return {}
    inside = term or node.op in "+-"
    found = added_in(node.left, term=inside)
    for leaf, added in added_in(node.right, term=inside).items():
        found[leaf] = found.get(leaf, True) and added
    return found


def shared(one: Forms, *forms: Sum) -> bool:
    """Whether an inexact leaf stands in two of the forms."""
    seen: set[Node] = set()
    for form in forms:
        leaves = {leaf for leaf in form.terms if one.shape(leaf).reach}
        if seen & leaves:
            return True
        seen |= leaves
    return False


def outcome(one: Forms, cases: list[tuple[Expr, Code]], missing: Expr | None = None) -> Expr:
    """The first case that is true, else fail; unknown where ``missing`` is."""
    x = one.x
    chain = x
    for test, code in [*([] if missing is None else [(missing, Code.UNKNOWN)]), *cases]:
        chain = chain.when(test).then(x.lit(int(code)))
    return chain.otherwise(x.lit(int(Code.FAIL)))


def order(op: str, value: Expr, slack: Expr | int) -> Expr:
    """``value op 0`` where ``value`` may be ``slack`` off."""
    match op:
        case "=":
            return value == 0 if isinstance(slack, int) and not slack else value.abs() <= slack
        case "≤":
            return value <= slack
        case "<":
            return value < slack
        case "≥":
            return value >= negative(slack)
        case "≠":
            return value != 0
        case _:
            return value > negative(slack)


def negative(value: Expr | int) -> Expr | int:
    """``-value``; Int128 has no negation."""
    return -value if isinstance(value, int) else value * -1
