"""Nodes to native expressions, written once against a namespace: ``polars``, or ``narwhals`` for databases and Spark.

Figures are scaled integers and quotients are cross-multiplied, so nothing here divides or rounds. The meaning is that of
``evaluate/reference.py``; what cannot be said exactly in these expressions raises :class:`UnlowerableError`, and the reference
evaluates the rule instead.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import Any

from perfrules.evaluate.reference import asks_blanks, printed_ratio, split
from perfrules.evaluate.shapes import Shape, Shapes
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
    Negate,
    Node,
    Not,
    Number,
    Rows,
    Text,
    Truth,
)
from perfrules.model import Rule, Slack
from perfrules.quantities.figures import State
from perfrules.verdicts import Code

HARD = 9
"""Code of a verdict that the reference must give: a bound or a range is involved."""
INT64 = 2**62
INT128 = 2**126
Expr = Any
"""A native expression."""


class UnlowerableError(Exception):
    """A condition has no exact native expression; ``args[0]`` says which part."""


class OverflowError(UnlowerableError):  # noqa: A001  # the arithmetic one, of our engine
    """The integers of a comparison do not fit the engine's widest type."""


@dataclass(frozen=True, slots=True)
class Lowered:
    """A rule as native expressions over a sheet.

    Attributes:
        suspect: False only where the verdict is pass, or not-applicable by its guard; null counts as true.
        code: The outcome as a :class:`Code`, or :data:`HARD`.
        guard: The guard; None without one.
        wide: Its integers need 128 bits.
    """

    suspect: Expr
    code: Expr
    guard: Expr | None
    wide: bool


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
    one = _Lowering(shapes, slack, x)
    guards, (assertion,) = split(rule)
    code = one.code(assertion)
    off = one.off(assertion, code)
    guard = _all([one.truth(node) for node in guards])
    if guard is not None:
        applies = x.when(guard.is_null()).then(x.lit(int(Code.UNKNOWN)))
        code = applies.when(~guard).then(x.lit(int(Code.NOT_APPLICABLE))).otherwise(code)
        off = (off & guard) | guard.is_null() if one.may_be_null(guards) else off & guard
    tests = one.exclusions(guards, assertion)
    if tests is not None:
        code = x.when(tests).then(x.lit(int(Code.NOT_APPLICABLE))).otherwise(code)
    if tests is not None and not isinstance(assertion, Compare):
        off = off | tests  # a compound may pass beside a dash
    hard = one.hard((*guards, assertion))
    if hard is not None:
        code = x.when(hard).then(x.lit(HARD)).otherwise(code)
        off = off | hard
    return Lowered(off, code, guard, one.wide)


def _all(items: list[Expr]) -> Expr | None:
    return reduce(lambda a, b: a & b, items) if items else None


def _any(items: list[Expr]) -> Expr | None:
    return reduce(lambda a, b: a | b, items) if items else None


@dataclass(slots=True)
class _Sum:
    """``(Σ factor · column + constant) / scale`` with integer factors: a linear form over the sheet."""

    terms: dict[Node, int]
    constant: int
    scale: int
    added: dict[Node, bool]
    """Whether a leaf is added or subtracted wherever it occurs, so that its printed zero is exact."""


@dataclass(slots=True)
class _Lowering:
    shapes: Shapes
    slack: Slack
    x: Any
    wide: bool = False

    # ---- shapes -----------------------------------------------------------------------------------------------------

    def shape(self, leaf: Node) -> Shape:
        shape = self.shapes.get(leaf)
        if shape is None:
            raise UnlowerableError(leaf)
        return shape

    def column(self, leaf: Node, part: str = "") -> Expr:
        shape = self.shape(leaf)
        return self.x.col(shape.column(part) if part else shape.name)

    def fit(self, bound: int) -> bool:
        """Whether integers up to ``bound`` need 128 bits."""
        if bound >= INT128:
            raise OverflowError(bound)
        self.wide = self.wide or bound >= INT64
        return bound >= INT64

    def figure(self, leaf: Node, *, wide: bool) -> Expr:
        value = self.column(leaf)
        return value.cast(self.x.Int128) if wide else value

    def operands(self, node: Node) -> list[Node]:
        """The leaves that a condition compares, apart from those it asks about."""
        if asks_blanks(node):
            return []
        if isinstance(node, Field | Rows) or rewrite.is_aggregate(node):
            return [node]
        return [leaf for child in node.children() for leaf in self.operands(child)]

    def exclusions(self, guards: tuple[Node, ...], assertion: Node) -> Expr | None:
        """Not applicable by its cells: every operand blank, or a dash."""
        operands = list(dict.fromkeys(self.operands(assertion)))
        asking = any(asks_blanks(part) for part in assertion.walk())
        tests = []
        if operands and not asking and all(self.shape(leaf).states for leaf in operands):
            blanks = [self.column(leaf, "state") == int(State.BLANK) for leaf in operands]
            tests.append(_all(blanks))
        for leaf in dict.fromkeys(
            [*operands, *(leaf for guard in guards for leaf in self.operands(guard))]
        ):
            if self.shape(leaf).states:
                tests.append(self.column(leaf, "state") == int(State.DASH))
        return _any(tests)

    def may_be_null(self, nodes: tuple[Node, ...]) -> bool:
        """Whether a condition may be undecided: something is missing, or a denominator zero."""
        parts = [part for node in nodes for part in node.walk()]
        divides = any(isinstance(part, Arithmetic) and part.op == "/" for part in parts)
        return divides or any(
            self.shape(leaf).states for node in nodes for leaf in self.operands(node)
        )

    def hard(self, nodes: tuple[Node, ...]) -> Expr | None:
        """Rows that the reference must evaluate."""
        leaves = dict.fromkeys(leaf for node in nodes for leaf in self.operands(node))
        return _any([self.column(leaf, "hard") for leaf in leaves if self.shape(leaf).hard])

    # ---- linear forms -----------------------------------------------------------------------------------------------

    def sum(self, node: Node) -> _Sum | None:
        """A linear form with integer factors; None if ``node`` is none."""
        form = rewrite.linear(node)
        if form is None:
            return None
        factors = {
            leaf: factor * Fraction(10) ** -self.shape(leaf).scale
            for leaf, factor in form.terms.items()
        }
        cancelled = any(_is_leaf(part) and part not in factors for part in _top(node))
        if cancelled or any(not self.shape(leaf).numeric for leaf in factors):
            raise UnlowerableError(node)
        parts = [*factors.values(), form.constant]
        scale = math.lcm(*(part.denominator for part in parts))
        return _Sum(
            {leaf: int(factor * scale) for leaf, factor in factors.items()},
            int(form.constant * scale),
            scale,
            _added(node),
        )

    def total(self, form: _Sum, *, wide: bool, closing: list[Node] | None = None) -> Expr:
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

    def size(self, form: _Sum) -> int:
        """An upper bound of the integer and of its width."""
        return abs(form.constant) + sum(
            abs(factor) * (self.shape(leaf).size + self.shape(leaf).reach)
            for leaf, factor in form.terms.items()
        )

    def width(self, form: _Sum, *, loose: bool, wide: bool) -> Expr | int:
        """Twice the half-width of the range of a linear form, as an integer."""
        constant = 0
        varying: Expr | None = None
        for leaf, factor in form.terms.items():
            part = self.leaf_width(leaf, loose=loose, wide=wide)
            if isinstance(part, int) and not part:
                continue
            if form.added.get(leaf) and self.can_be_zero(leaf):
                part = (
                    self.x.when(self.column(leaf) == 0)
                    .then(self.typed(0, wide=wide))
                    .otherwise(self.typed(part, wide=wide) if isinstance(part, int) else part)
                )
            if isinstance(part, int):
                constant += part * abs(factor)
            else:
                term = part * abs(factor)
                varying = term if varying is None else varying + term
        if varying is None:
            return constant
        return varying + constant if constant else varying

    def can_be_zero(self, leaf: Node) -> bool:
        """Whether a printed zero may stand there; an aggregate has counted its own zeros already."""
        shape = self.shape(leaf)
        return shape.figure and shape.low <= 0 <= shape.high

    def typed(self, number: int, *, wide: bool) -> Expr:
        return self.x.lit(number, dtype=self.x.Int128 if wide else self.x.Int64)

    def leaf_width(self, leaf: Node, *, loose: bool, wide: bool) -> Expr | int:
        shape = self.shape(leaf)
        constant = shape.loose if loose else shape.width
        if constant is not None:
            return constant
        column = self.column(leaf, "loose" if loose else "width")
        return column.cast(self.x.Int128) if wide else column

    # ---- comparisons ------------------------------------------------------------------------------------------------

    def code(self, node: Node) -> Expr:
        """The outcome of a condition in an assertion."""
        x = self.x
        if isinstance(node, Logic):
            items = [self.code(item) for item in node.items]
            parts = [
                x.when(item == int(Code.NOT_APPLICABLE))
                .then(x.lit(int(Code.UNKNOWN)))
                .otherwise(item)
                for item in items
            ]
            return (x.min_horizontal if node.op == "and" else x.max_horizontal)(*parts)
        if isinstance(node, If):
            test = self.truth(node.test)
            no = x.lit(int(Code.PASS)) if node.no is None else self.code(node.no)
            return (
                x.when(test.is_null())
                .then(x.lit(int(Code.UNKNOWN)))
                .when(test)
                .then(self.code(node.yes))
                .otherwise(no)
            )
        if isinstance(node, Compare) and node.op != "≠" and self.is_numeric(node):
            return self.compare(node).code(self)
        holds = self.truth(node)
        return (
            x.when(holds.is_null())
            .then(x.lit(int(Code.UNKNOWN)))
            .when(holds)
            .then(x.lit(int(Code.PASS)))
            .otherwise(x.lit(int(Code.FAIL)))
        )

    def off(self, node: Node, code: Expr) -> Expr:
        """True or null wherever ``node`` is not a clean pass; as cheap as can be."""
        if isinstance(node, Compare) and node.op != "≠" and self.is_numeric(node):
            return self.compare(node).off(self)
        return code != int(Code.PASS)

    def is_numeric(self, node: Compare) -> bool:
        return all(
            self.shape(part).numeric if _is_leaf(part) else not isinstance(part, Text | Truth)
            for part in _top(node)
        )

    def compare(self, node: Compare) -> "_Linear | _Quotient":
        whole = Arithmetic("-", node.left, node.right)
        if rewrite.overlapping(whole):
            raise UnlowerableError(node)
        difference = self.sum(whole)
        if difference is not None:
            return _Linear(node, difference)
        for ratio, other, flip in ((node.left, node.right, False), (node.right, node.left, True)):
            parts = rewrite.quotient(other)
            if parts is None:
                continue
            moved = Arithmetic("-", ratio, Number(str(parts[2]))) if parts[2] else ratio
            side, top, base = self.sum(moved), self.sum(parts[0]), self.sum(parts[1])
            if side is None or top is None or base is None:
                break
            if _shared(self, side, top, base):
                break
            return _Quotient(node, ratio, side, top, base, flip)
        raise UnlowerableError(node)

    # ---- printed truth ----------------------------------------------------------------------------------------------

    def truth(self, node: Node) -> Expr:
        """Whether a condition holds on the printed values; null if it cannot be decided."""
        x = self.x
        if isinstance(node, Logic):
            items = [self.truth(item) for item in node.items]
            return reduce((lambda a, b: a & b) if node.op == "and" else (lambda a, b: a | b), items)
        if isinstance(node, Not):
            return ~self.truth(node.item)
        if isinstance(node, If):
            test = self.truth(node.test)
            no = x.lit(True) if node.no is None else self.truth(node.no)  # noqa: FBT003  # a literal of the engine
            return (
                x.when(test.is_null())
                .then(x.lit(None, dtype=x.Boolean))
                .when(test)
                .then(self.truth(node.yes))
                .otherwise(no)
            )
        if isinstance(node, Truth):
            return x.lit(node.value)
        if isinstance(node, IsBlank):
            return self.blank(node)
        if isinstance(node, In):
            found = _any([self.same(node.item, option) for option in node.options])
            return ~found if node.negated and found is not None else found
        if isinstance(node, Compare):
            return self.printed(node)
        if isinstance(node, Call) and node.name == "present":
            return self.column(node.args[0])
        if isinstance(node, Field) and node.type == "flag":
            return self.column(node)
        raise UnlowerableError(node)

    def blank(self, node: IsBlank) -> Expr:
        shape = self.shape(node.item)
        if not shape.states:  # never null, and as long as the sheet, which a literal is not
            return self.column(node.item).is_null() != node.negated
        empty = self.column(node.item, "state").is_in(
            [int(State.BLANK), int(State.NO_ROW), int(State.NO_COLUMN)]
        )
        return ~empty if node.negated else empty

    def same(self, item: Node, option: Node) -> Expr:
        return self.printed(Compare("=", item, option))

    def printed(self, node: Compare) -> Expr:
        if not self.is_numeric(node):
            left, right = self.text(node.left), self.text(node.right)
            return left == right if node.op == "=" else left != right
        for part in node.walk():
            if isinstance(part, Field) and self.shape(part).hard:
                raise UnlowerableError(
                    node
                )  # a bound in a guard: the row goes to the reference by `hard`
        return self.compare(node).holds(self)

    def text(self, node: Node) -> Expr:
        if isinstance(node, Text | Truth):
            return self.x.lit(node.value)
        if isinstance(node, Field):
            return self.column(node)
        raise UnlowerableError(node)


def _is_leaf(node: Node) -> bool:
    return isinstance(node, Field) or rewrite.is_aggregate(node)


def _top(node: Node) -> list[Node]:
    """The parts of a comparison outside aggregates."""
    if _is_leaf(node):
        return [node]
    return [node, *(part for child in node.children() for part in _top(child))]


def _added(node: Node, *, term: bool = False) -> dict[Node, bool]:
    """For each leaf, whether it is added or subtracted wherever it occurs."""
    if _is_leaf(node):
        return {node: term}
    if isinstance(node, Negate):
        return _added(node.item, term=term)
    if not isinstance(node, Arithmetic):
        return {}
    inside = term or node.op in "+-"
    found = _added(node.left, term=inside)
    for leaf, added in _added(node.right, term=inside).items():
        found[leaf] = found.get(leaf, True) and added
    return found


def _shared(one: _Lowering, *forms: _Sum) -> bool:
    """Whether an inexact leaf stands in two of the forms."""
    seen: set[Node] = set()
    for form in forms:
        leaves = {leaf for leaf in form.terms if one.shape(leaf).reach}
        if seen & leaves:
            return True
        seen |= leaves
    return False


def _outcome(
    one: _Lowering, cases: list[tuple[Expr, Code]], missing: Expr, last: Code = Code.FAIL
) -> Expr:
    """The first case that is true; unknown where ``missing`` is."""
    x = one.x
    chain = x.when(missing).then(x.lit(int(Code.UNKNOWN)))
    for test, code in cases:
        chain = chain.when(test).then(x.lit(int(code)))
    return chain.otherwise(x.lit(int(last)))


def _order(op: str, value: Expr, slack: Expr | int) -> Expr:
    """``value op 0`` where ``value`` may be ``slack`` off."""
    match op:
        case "=":
            return value.abs() <= slack
        case "≤":
            return value <= slack
        case "<":
            return value < slack
        case "≥":
            return value >= _negative(slack)
        case "≠":
            return value != 0
        case _:
            return value > _negative(slack)


def _negative(value: Expr | int) -> Expr | int:
    return -value if isinstance(value, int) else value * -1


@dataclass(slots=True)
class _Linear:
    """``difference op 0`` with a linear difference."""

    node: Compare
    form: _Sum

    def __post_init__(self) -> None:
        # the sides themselves say what is added: in `a = b + c` the figure a stands alone
        sides = _added(self.node.left)
        for leaf, added in _added(self.node.right).items():
            sides[leaf] = sides.get(leaf, True) and added
        self.form.added = sides

    def alone(self) -> list[Node]:
        """The single printed figures that make a whole side."""
        return [side for side in (self.node.left, self.node.right) if isinstance(side, Field)]

    def wide(self, one: _Lowering) -> bool:
        extra = one.slack.amount * self.form.scale
        return one.fit(4 * (one.size(self.form) + math.ceil(extra)) * max(1, extra.denominator))

    def holds(self, one: _Lowering) -> Expr:
        total = one.total(self.form, wide=self.wide(one))
        return total == 0 if self.node.op == "=" else _order(self.node.op, total, 0)

    def own_place(self, one: _Lowering, *, wide: bool, loose: bool = False) -> Expr | int:
        parts = []
        for leaf in self.alone():
            shape = one.shape(leaf)
            if leaf in self.form.terms and shape.reach:
                part = one.leaf_width(leaf, loose=loose, wide=wide)
                part = part * abs(self.form.terms[leaf])
                if loose:
                    part = (
                        one.x.when(one.column(leaf, "short")).then(part).otherwise(0)
                        if shape.short
                        else 0
                    )
                parts.append(part)
        if all(isinstance(part, int) for part in parts):
            return max(parts, default=0)
        return one.x.max_horizontal(
            *(one.typed(part, wide=wide) if isinstance(part, int) else part for part in parts)
        )

    def passing(self, one: _Lowering, total: Expr, *, wide: bool) -> Expr:
        """The strict pass."""
        if self.node.op != "=":
            return _order(self.node.op, total, 0)
        place = self.own_place(one, wide=wide)
        if isinstance(place, int):
            return total == 0 if place < 2 else total.abs() <= place // 2
        return total.abs() * 2 <= place

    def off(self, one: _Lowering) -> Expr:
        wide = self.wide(one)
        total = one.total(self.form, wide=wide)
        if one.slack.kind == "rounding" and not self.closing(one):
            return ~self.passing(one, total, wide=wide)
        return self.code(one) != int(Code.PASS)

    def closing(self, one: _Lowering) -> list[Node]:
        """The leaves whose blanks may be zero here."""
        if self.node.op != "=" or not (
            closing := [leaf for leaf in self.form.terms if one.shape(leaf).assumed]
        ):
            return []
        total = [side for side in self.alone() if side not in closing]
        fits = all(
            self.form.added.get(leaf)
            and abs(Fraction(self.form.terms[leaf], self.form.scale))
            == Fraction(10) ** -one.shape(leaf).scale
            for leaf in closing
        )
        return closing if total and fits else []

    def code(self, one: _Lowering) -> Expr:
        wide = self.wide(one)
        closing = self.closing(one)
        total = one.total(self.form, wide=wide, closing=closing)
        code = self.settled(one, total, wide=wide)
        if not closing:
            return code
        assumed = _any([one.column(leaf, "assumed") for leaf in closing])
        bad = assumed & (code < int(Code.ROUNDING))
        return one.x.when(bad).then(one.x.lit(int(Code.UNKNOWN))).otherwise(code)

    def settled(self, one: _Lowering, total: Expr, *, wide: bool) -> Expr:
        missing = total.is_null()
        op = self.node.op
        slack = one.slack
        if slack.kind != "rounding":
            allowed = slack.amount * (1 if slack.kind == "relative" else self.form.scale)
            if slack.kind == "relative":
                right = self.scaled_right(one, wide=wide)
                test = _order(op, total * allowed.denominator, right.abs() * allowed.numerator)
            else:
                test = (
                    _order(op, total * allowed.denominator, allowed.numerator)
                    if allowed
                    else self.holds_at(op, total)
                )
            return _outcome(one, [(test, Code.PASS)], missing)
        cases = [(self.passing(one, total, wide=wide), Code.PASS)]
        if len(self.alone()) == 2 and any(one.shape(leaf).short for leaf in self.alone()):
            cases.append(
                (_order(op, total * 2, self.own_place(one, wide=wide, loose=True)), Code.PASS)
            )
        in_range = _order(op, total * 2, one.width(self.form, loose=False, wide=wide))
        if any(one.shape(leaf).short for leaf in self.form.terms):
            in_range = in_range | _order(op, total * 2, one.width(self.form, loose=True, wide=wide))
        if slack.limit is not None:
            limit = slack.limit * self.form.scale
            in_range = in_range & (total.abs() * limit.denominator <= limit.numerator)
        return _outcome(one, [*cases, (in_range, Code.ROUNDING)], missing)

    def holds_at(self, op: str, total: Expr) -> Expr:
        return total == 0 if op == "=" else _order(op, total, 0)

    def scaled_right(self, one: _Lowering, *, wide: bool) -> Expr:
        right = one.sum(self.node.right)
        if right is None or self.form.scale % right.scale:
            raise UnlowerableError(self.node)
        factor = self.form.scale // right.scale
        one.fit(
            4
            * factor
            * one.size(right)
            * one.slack.amount.denominator
            * max(1, one.slack.amount.numerator)
        )
        return one.total(right, wide=wide) * factor


@dataclass(slots=True)
class _Quotient:
    """``side op top / base``, or with the sides changed (``flip``); the difference is ``side - top / base`` either way round."""

    node: Compare
    ratio: Node
    side: _Sum
    top: _Sum
    base: _Sum
    flip: bool

    @property
    def op(self) -> str:
        """The operator with the quotient on the right."""
        return (
            {"≤": "≥", "<": ">", "≥": "≤", ">": "<"}.get(self.node.op, self.node.op)
            if self.flip
            else self.node.op
        )

    def wide(self, one: _Lowering) -> bool:
        side, top, base = one.size(self.side) + 1, one.size(self.top) + 1, one.size(self.base) + 1
        slack = one.slack.amount.limit_denominator(10**30)
        limit = one.slack.limit or Fraction(0)
        more = max(slack.numerator, slack.denominator, limit.numerator, limit.denominator, 1)
        biggest = max(
            side * base * self.top.scale,
            top * self.side.scale * self.base.scale,
            base * self.top.scale * self.side.scale,
        )
        return one.fit(8 * biggest * more)

    def parts(self, one: _Lowering, *, wide: bool) -> tuple[Expr, Expr, Expr]:
        """The side, and the quotient's numerator and denominator with the denominator made positive."""
        side = one.total(self.side, wide=wide)
        top, base = one.total(self.top, wide=wide), one.total(self.base, wide=wide)
        sign = (
            one.x.when(base < 0).then(one.typed(-1, wide=wide)).otherwise(one.typed(1, wide=wide))
        )
        return side, top * sign, base * sign

    def cross(self, side: Expr, top: Expr, base: Expr) -> Expr:
        """``(side - top / base)`` times the positive ``base * side.scale * top.scale``."""
        return side * base * self.top.scale - top * (self.side.scale * self.base.scale)

    def holds(self, one: _Lowering) -> Expr:
        side, top, base = self.parts(one, wide=self.wide(one))
        cross = self.cross(side, top, base)
        holds = cross == 0 if self.op == "=" else _order(self.op, cross, 0)
        return one.x.when(base == 0).then(one.x.lit(None, dtype=one.x.Boolean)).otherwise(holds)

    def off(self, one: _Lowering) -> Expr:
        return self.code(one) != int(Code.PASS)

    def code(self, one: _Lowering) -> Expr:
        if any(
            one.shape(leaf).assumed
            for form in (self.side, self.top, self.base)
            for leaf in form.terms
        ):
            raise UnlowerableError(self.node)
        wide = self.wide(one)
        side, top, base = self.parts(one, wide=wide)
        missing = (side + top + base).is_null()
        doubtful = base * 2 <= one.width(self.base, loose=False, wide=wide)
        code = _outcome(one, self.cases(one, side, top, base, wide=wide), missing)
        x = one.x
        code = x.when(doubtful).then(x.lit(int(Code.UNKNOWN))).otherwise(code)
        ratio = printed_ratio(self.node)
        if ratio is None or ratio[0] != self.ratio:
            return code
        return self.on_zero(one, code, top, base)

    def on_zero(self, one: _Lowering, code: Expr, top: Expr, base: Expr) -> Expr:
        """No ratio exists on a zero base: a printed one is wrong, a blank one is right."""
        x = one.x
        zero = (base == 0) & top.is_not_null()
        code = (
            x.when(zero & one.column(self.ratio).is_not_null())
            .then(x.lit(int(Code.FAIL)))
            .otherwise(code)
        )
        if one.shape(self.ratio).states:
            blank = one.column(self.ratio, "state") == int(State.BLANK)
            code = x.when(zero & blank).then(x.lit(int(Code.NOT_APPLICABLE))).otherwise(code)
        return code

    def cases(
        self, one: _Lowering, side: Expr, top: Expr, base: Expr, *, wide: bool
    ) -> list[tuple[Expr, Code]]:
        cross = self.cross(side, top, base)
        slack = one.slack
        if slack.kind == "relative":
            raise UnlowerableError(self.node)
        if slack.kind != "rounding":
            allowed = slack.amount * self.side.scale * self.top.scale
            return [
                (_order(self.op, cross * allowed.denominator, base * allowed.numerator), Code.PASS)
            ]
        cases = [(self.passing(one, cross, base, wide=wide), Code.PASS)]
        in_range = self.in_range(one, side, top, base, wide=wide, loose=False)
        leaves = [leaf for form in (self.side, self.top, self.base) for leaf in form.terms]
        if any(one.shape(leaf).short for leaf in leaves):
            sure = base * 2 > one.width(self.base, loose=True, wide=wide)
            in_range = in_range | (
                sure & self.in_range(one, side, top, base, wide=wide, loose=True)
            )
        if slack.limit is not None:
            limit = slack.limit * self.side.scale * self.top.scale
            in_range = in_range & (cross.abs() * limit.denominator <= base * limit.numerator)
        ratio = printed_ratio(self.node)
        if ratio is not None and ratio[0] == self.ratio:
            in_range = in_range | self.is_cut_off(one, side, top, base, wide=wide)
        return [*cases, (in_range, Code.ROUNDING)]

    def passing(self, one: _Lowering, cross: Expr, base: Expr, *, wide: bool) -> Expr:
        if self.op != "=":
            return _order(self.op, cross, 0)
        if not isinstance(self.ratio, Field) or self.ratio not in self.side.terms:
            return cross == 0
        place = one.leaf_width(self.ratio, loose=False, wide=wide)
        return cross.abs() * 2 <= base * (
            place * (abs(self.side.terms[self.ratio]) * self.top.scale)
        )

    def in_range(
        self, one: _Lowering, side: Expr, top: Expr, base: Expr, *, wide: bool, loose: bool
    ) -> Expr:
        """Whether the comparison holds somewhere in the range of its figures."""
        near = [
            one.width(form, loose=loose, wide=wide) for form in (self.side, self.top, self.base)
        ]
        tests = []
        if self.op in "=≤<":  # the side at its least against the quotient at its greatest
            tests.append(
                (side * 2 - near[0], top * 2 + near[1], "≤" if self.op == "=" else self.op)
            )
        if self.op in "=≥>":
            tests.append(
                (side * 2 + near[0], top * 2 - near[1], "≥" if self.op == "=" else self.op)
            )
        found = []
        for low, high, op in tests:
            far = (high < 0) if op in "≤<" else (high >= 0)
            chosen = one.x.when(far).then(base * 2 + near[2]).otherwise(base * 2 - near[2])
            gap = low * chosen * self.top.scale - high * (2 * self.side.scale * self.base.scale)
            found.append(_order(op, gap, 0))
        both = _all(found)
        if both is None:
            raise UnlowerableError(self.node)
        return both

    def is_cut_off(self, one: _Lowering, side: Expr, top: Expr, base: Expr, *, wide: bool) -> Expr:
        """Whether the printed ratio is the quotient with its further decimals left out."""
        if not isinstance(self.ratio, Field) or not one.shape(self.ratio).reach:
            return one.x.lit(False)  # noqa: FBT003  # a literal of the engine
        place = one.leaf_width(self.ratio, loose=False, wide=wide)
        step = base * (place * (abs(self.side.terms[self.ratio]) * self.top.scale))
        lead = top * (self.side.scale * self.base.scale) - side * base * self.top.scale
        quotient = top * (self.side.scale * self.base.scale)
        whole = side * base * self.top.scale
        up = (whole >= 0) & (quotient >= 0) & (lead >= 0) & (lead < step)
        down = (whole <= 0) & (quotient <= 0) & (lead <= 0) & (lead > step * -1)
        return up | down


Lower = Callable[[Rule, Slack, Shapes, Any], Lowered]
"""The signature of :func:`lower`."""
