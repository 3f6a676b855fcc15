"""A comparison whose difference is a linear form."""

import math
from dataclasses import dataclass
from fractions import Fraction

from perfrules.evaluate.lower.forms import (
    Expr,
    Forms,
    Sum,
    UnlowerableError,
    added_in,
    any_of,
    order,
    outcome,
)
from perfrules.expr.nodes import Compare, Field, Node
from perfrules.verdicts import Code


@dataclass(slots=True)
class Linear:
    """``difference op 0`` with a linear difference."""

    node: Compare
    form: Sum

    def __post_init__(self) -> None:
        # the sides themselves say what is added: in `a = b + c` the figure a stands alone
        sides = added_in(self.node.left)
        for leaf, added in added_in(self.node.right).items():
            sides[leaf] = sides.get(leaf, True) and added
        self.form.added = sides

    def alone(self) -> list[Node]:
        """The single printed figures that make a whole side."""
        return [side for side in (self.node.left, self.node.right) if isinstance(side, Field)]

    def wide(self, one: Forms) -> bool:
        """Whether its integers need 128 bits."""
        extra = one.slack.amount * self.form.scale
        return one.fit(4 * (one.size(self.form) + math.ceil(extra)) * max(1, extra.denominator))

    def holds(self, one: Forms) -> Expr:
        """Whether it holds on the printed values."""
        total = one.total(self.form, wide=self.wide(one))
        return total == 0 if self.node.op == "=" else order(self.node.op, total, 0)

    def own_place(self, one: Forms, *, wide: bool, loose: bool = False) -> Expr | int:
        """The last place of the figure that stands alone on a side; with ``loose`` that of prints short by one decimal."""
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
                parts.append(one.without(part, [one.filled(leaf)], wide=wide))
        if all(isinstance(part, int) for part in parts):
            return max(parts, default=0)
        return one.x.max_horizontal(
            *(one.typed(part, wide=wide) if isinstance(part, int) else part for part in parts)
        )

    def passing(self, one: Forms, total: Expr, *, wide: bool) -> Expr:
        """The strict pass."""
        if self.node.op != "=":
            return order(self.node.op, total, 0)
        place = self.own_place(one, wide=wide)
        if isinstance(place, int):
            return total == 0 if place < 2 else total.abs() <= place // 2
        return total.abs() * 2 <= place

    def off(self, one: Forms) -> Expr:
        """True or null wherever it is not a clean pass."""
        wide = self.wide(one)
        total = one.total(self.form, wide=wide)
        if self.closing(one):
            return self.code(one) != int(Code.PASS)
        if one.slack.kind == "rounding":
            return ~self.passing(one, total, wide=wide)
        return one.x.when(total.is_not_null()).then(self.code(one) != int(Code.PASS))

    def closing(self, one: Forms) -> list[Node]:
        """The leaves whose blanks may be zero here: terms with coefficient ±1 against one printed figure."""
        alone = self.alone()
        if self.node.op != "=" or not alone:
            return []
        return [
            leaf
            for leaf, factor in self.form.terms.items()
            if one.shape(leaf).assumed
            and leaf not in alone
            and (self.form.added.get(leaf) or not one.shape(leaf).figure)
            and abs(Fraction(factor, self.form.scale)) == Fraction(10) ** -one.shape(leaf).scale
        ]

    def judged(self, one: Forms) -> Expr:
        """Its outcome where nothing is missing."""
        wide = self.wide(one)
        return outcome(one, self.cases(one, one.total(self.form, wide=wide), [], wide=wide))

    def code(self, one: Forms) -> Expr:
        """Its outcome."""
        wide = self.wide(one)
        closing = self.closing(one)
        total = one.total(self.form, wide=wide, closing=closing)
        code = outcome(one, self.cases(one, total, closing, wide=wide), total.is_null())
        if not closing:
            return code
        assumed = any_of([one.column(leaf, "assumed") for leaf in closing])
        bad = assumed & (code < int(Code.ROUNDING))
        return one.x.when(bad).then(one.x.lit(int(Code.UNKNOWN))).otherwise(code)

    def cases(
        self, one: Forms, total: Expr, closing: list[Node], *, wide: bool
    ) -> list[tuple[Expr, Code]]:
        """The tests of the outcomes of a difference in their order, by the rule's tolerance."""
        op = self.node.op
        slack = one.slack
        if slack.kind != "rounding":
            allowed = slack.amount * (1 if slack.kind == "relative" else self.form.scale)
            if slack.kind == "relative":
                right = self.scaled_right(one, closing, wide=wide)
                test = order(op, total * allowed.denominator, right.abs() * allowed.numerator)
            else:
                test = (
                    order(op, total * allowed.denominator, allowed.numerator)
                    if allowed
                    else self.holds_at(op, total)
                )
            return [(test, Code.PASS)]
        cases = [(self.passing(one, total, wide=wide), Code.PASS)]
        if len(self.alone()) == 2 and any(one.shape(leaf).short for leaf in self.alone()):
            cases.append(
                (order(op, total * 2, self.own_place(one, wide=wide, loose=True)), Code.PASS)
            )
        in_range = order(op, total * 2, one.width(self.form, loose=False, wide=wide))
        if any(one.shape(leaf).short for leaf in self.form.terms):
            in_range = in_range | order(op, total * 2, one.width(self.form, loose=True, wide=wide))
        if slack.limit is not None:
            limit = slack.limit * self.form.scale
            in_range = in_range & (total.abs() * limit.denominator <= limit.numerator)
        return [*cases, (in_range, Code.ROUNDING)]

    def holds_at(self, op: str, total: Expr) -> Expr:
        """``total op 0`` without slack."""
        return total == 0 if op == "=" else order(op, total, 0)

    def scaled_right(self, one: Forms, closing: list[Node], *, wide: bool) -> Expr:
        """The right side at the scale of the difference."""
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
        return one.total(right, wide=wide, closing=closing) * factor
