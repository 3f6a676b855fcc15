"""A comparison with one quotient, cross-multiplied: nothing is divided."""

from fractions import Fraction

from perfrules.evaluate.lower.forms import Forms, Sum, order, outcome
from perfrules.evaluate.native import Expr, UnlowerableError, all_of
from perfrules.evaluate.reference import printed_ratio
from perfrules.expr.nodes import Compare, Field, Node
from perfrules.quantities.figures import State
from perfrules.values import mutable
from perfrules.verdicts import Code


@mutable
class Quotient:
    """``side op top / base``, or with the sides changed (``flip``); the difference is ``side - top / base`` either way round."""

    node: Compare
    ratio: Node
    side: Sum
    top: Sum
    base: Sum
    flip: bool

    @property
    def op(self) -> str:
        """The operator with the quotient on the right."""
        return (
            {"≤": "≥", "<": ">", "≥": "≤", ">": "<"}.get(self.node.op, self.node.op)
            if self.flip
            else self.node.op
        )

    def wide(self, one: Forms) -> bool:
        """Whether its integers need 128 bits."""
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

    def parts(self, one: Forms, *, wide: bool) -> tuple[Expr, Expr, Expr]:
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

    def holds(self, one: Forms) -> Expr:
        """Whether it holds on the printed values; null on a zero base."""
        side, top, base = self.parts(one, wide=self.wide(one))
        cross = self.cross(side, top, base)
        holds = cross == 0 if self.op == "=" else order(self.op, cross, 0)
        return one.x.when(base == 0).then(one.x.lit(None, dtype=one.x.Boolean)).otherwise(holds)

    @property
    def has_rate(self) -> bool:
        """Whether a printed ratio is set equal to the quotient."""
        ratio = printed_ratio(self.node)
        return ratio is not None and ratio[0] == self.ratio

    def doubtful(self, one: Forms, base: Expr, *, wide: bool) -> Expr:
        """Where the denominator may be zero."""
        return base * 2 <= one.width(self.base, loose=False, wide=wide)

    def off(self, one: Forms) -> Expr:
        """True or null wherever it is not a clean pass; null wherever a figure is missing."""
        wide = self.wide(one)
        side, top, base = self.parts(one, wide=wide)
        (passing, _), *_ = self.cases(one, side, top, base, wide=wide)
        off = ~passing | self.doubtful(one, base, wide=wide)
        return one.x.when(~(side + top + base).is_null()).then(off)

    def judged(self, one: Forms) -> Expr:
        """Its outcome where nothing is missing, and no printed ratio stands on a zero base."""
        wide = self.wide(one)
        side, top, base = self.parts(one, wide=wide)
        doubtful = self.doubtful(one, base, wide=wide)
        return outcome(one, self.cases(one, side, top, base, wide=wide), doubtful)

    def code(self, one: Forms) -> Expr:
        """Its outcome."""
        wide = self.wide(one)
        side, top, base = self.parts(one, wide=wide)
        x = one.x
        missing = (side + top + base).is_null()
        code = x.when(missing).then(x.lit(int(Code.UNKNOWN))).otherwise(self.judged(one))
        return self.on_zero(one, code, top, base) if self.has_rate else code

    def on_zero(self, one: Forms, code: Expr, top: Expr, base: Expr) -> Expr:
        """No ratio exists on a zero base: a printed one is wrong, a blank one is right."""
        x = one.x
        zero = (base == 0) & ~top.is_null()
        code = (
            x.when(zero & ~one.column(self.ratio).is_null())
            .then(x.lit(int(Code.FAIL)))
            .otherwise(code)
        )
        if one.shape(self.ratio).states:
            blank = one.column(self.ratio, "state") == int(State.BLANK)
            code = x.when(zero & blank).then(x.lit(int(Code.NOT_APPLICABLE))).otherwise(code)
        return code

    def cases(
        self, one: Forms, side: Expr, top: Expr, base: Expr, *, wide: bool
    ) -> list[tuple[Expr, Code]]:
        """The tests of the outcomes in their order."""
        cross = self.cross(side, top, base)
        slack = one.slack
        if slack.kind != "rounding":
            allowed = slack.amount * self.side.scale * self.top.scale
            return [
                (order(self.op, cross * allowed.denominator, base * allowed.numerator), Code.PASS)
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
        if self.has_rate:
            in_range = in_range | self.is_cut_off(one, side, top, base, wide=wide)
        return [*cases, (in_range, Code.ROUNDING)]

    def passing(self, one: Forms, cross: Expr, base: Expr, *, wide: bool) -> Expr:
        """The strict pass."""
        if self.op != "=":
            return order(self.op, cross, 0)
        if not isinstance(self.ratio, Field) or self.ratio not in self.side.terms:
            return cross == 0
        place = one.leaf_width(self.ratio, loose=False, wide=wide)
        place = one.without(place, [one.filled(self.ratio)], wide=wide)
        return cross.abs() * 2 <= base * (
            place * (abs(self.side.terms[self.ratio]) * self.top.scale)
        )

    def in_range(
        self, one: Forms, side: Expr, top: Expr, base: Expr, *, wide: bool, loose: bool
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
            found.append(order(op, gap, 0))
        both = all_of(found)
        if both is None:
            raise UnlowerableError(self.node)
        return both

    def is_cut_off(self, one: Forms, side: Expr, top: Expr, base: Expr, *, wide: bool) -> Expr:
        """Whether the printed ratio is the quotient with its further decimals left out."""
        if not isinstance(self.ratio, Field) or not one.shape(self.ratio).reach:
            return one.x.lit(False)  # noqa: FBT003  # a literal of the engine
        place = one.leaf_width(self.ratio, loose=False, wide=wide)
        place = one.without(place, [one.filled(self.ratio)], wide=wide)
        step = base * (place * (abs(self.side.terms[self.ratio]) * self.top.scale))
        lead = top * (self.side.scale * self.base.scale) - side * base * self.top.scale
        ratio = one.column(self.ratio)  # not the side, which holds the constant of `a / b - 1` too
        up = (ratio >= 0) & (lead >= 0) & (lead < step)
        down = (ratio <= 0) & (lead <= 0) & (lead > step * -1)
        return up | down
