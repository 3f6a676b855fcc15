"""A comparison whose difference is a linear form."""

from fractions import Fraction

from perfrules.evaluate.lower.forms import Forms, Sum, added_in, order, outcome
from perfrules.evaluate.native import Expr, UnlowerableError, any_of
from perfrules.expr.nodes import Compare, CompareOp, Field, Node
from perfrules.values import mutable
from perfrules.verdicts import Code


@mutable
class Linear:
    """``difference op 0`` with a linear difference.

    Attributes:
        node: The comparison.
        form: The difference.
        right: The right side, where the tolerance is a share of it.
        alone: The printed figures that make a whole side.
        cancelled: Figures that must be there although they cancel.
        overlaps: Two sums over rows may read the same cell, which the widths of the form do not know.
    """

    node: Compare
    form: Sum
    right: Sum | None
    alone: tuple[Field, ...]
    cancelled: tuple[Node, ...] = ()
    overlaps: bool = False

    @classmethod
    def of(cls, one: Forms, node: Compare, form: Sum, *, overlaps: bool) -> "Linear":
        """A comparison whose figures all stand in ``form``."""
        # the sides themselves say what is added: in `a = b + c` the figure a stands alone
        sides = added_in(node.left)
        for leaf, added in added_in(node.right).items():
            sides[leaf] = sides.get(leaf, True) and added
        form.added = sides
        right = one.sum(node.right) if one.slack.kind == "relative" else None
        alone = tuple(side for side in (node.left, node.right) if isinstance(side, Field))
        return cls(node, form, right, alone, overlaps=overlaps)

    @property
    def op(self) -> CompareOp:
        """The operator."""
        return self.node.op

    def wide(self, one: Forms) -> bool:
        """Whether its integers need 128 bits."""
        size, slack = 4 * one.size(self.form), one.slack
        bounds = [size]
        if slack.kind == "relative":
            right, factor = self.scaled_right()
            bounds += [size * slack.amount.denominator]
            bounds += [one.size(right) * factor * slack.amount.numerator]
        elif slack.kind != "rounding" or slack.limit is not None:
            allowed = (slack.limit or slack.amount) * self.form.scale
            bounds += [size * allowed.denominator, allowed.numerator]
        return one.fit(max(bounds))

    def missing(self, one: Forms, total: Expr) -> Expr:
        """Where a figure is not there."""
        gaps = [one.column(leaf).is_null() for leaf in self.cancelled if one.shape(leaf).states]
        found = any_of([*gaps, total.is_null()])
        assert found is not None  # noqa: S101  # the total is one of them
        return found

    def there(self, one: Forms, test: Expr) -> Expr:
        """``test``, but null where a figure that cancels is not there; the total is null by itself."""
        gaps = any_of(
            [one.column(leaf).is_null() for leaf in self.cancelled if one.shape(leaf).states]
        )
        return test if gaps is None else one.x.when(~gaps).then(test)

    def provable(self, one: Forms) -> None:
        """Whether its widths are those of its range.

        Raises:
            UnlowerableError: Two of its figures may be the same cell.
        """
        if self.overlaps and (one.slack.kind == "rounding" or self.closing(one)):
            raise UnlowerableError(self.node)

    def holds(self, one: Forms) -> Expr:
        """Whether it holds on the printed values."""
        total = one.total(self.form, wide=self.wide(one))
        return self.there(one, order(self.op, total, 0))

    def own_place(self, one: Forms, *, wide: bool, loose: bool = False) -> Expr | int:
        """The last place of the figure that stands alone on a side; with ``loose`` that of prints short by one decimal."""
        parts = []
        for leaf in self.alone:
            shape = one.shape(leaf)
            if shape.reach:
                part = one.leaf_width(leaf, loose=loose, wide=wide)
                part = part * self.unit(one, leaf)
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

    def unit(self, one: Forms, leaf: Node) -> int:
        """What one of the integers of ``leaf`` is in those of the form."""
        shape = one.shape(leaf)
        unit = self.form.scale * Fraction(10) ** -shape.scale
        if unit.denominator > 1:
            raise UnlowerableError(self.node)  # it stands in the other side too, with a factor
        return int(unit)

    def passing(self, one: Forms, total: Expr, *, wide: bool) -> Expr:
        """The strict pass."""
        if self.op != "=":
            return order(self.op, total, 0)
        place = self.own_place(one, wide=wide)
        if isinstance(place, int):
            return total == 0 if place < 2 else total.abs() <= place // 2
        return total.abs() * 2 <= place

    def off(self, one: Forms) -> Expr:
        """True or null wherever it is not a clean pass."""
        self.provable(one)
        if self.closing(one):
            return self.code(one) != int(Code.PASS)
        wide = self.wide(one)
        total = one.total(self.form, wide=wide)
        if one.slack.kind == "rounding":
            return self.there(one, ~self.passing(one, total, wide=wide))
        return one.x.when(~self.missing(one, total)).then(self.code(one) != int(Code.PASS))

    def closing(self, one: Forms) -> list[Node]:
        """The leaves whose blanks may be zero here: terms with coefficient ±1 against one printed figure."""
        alone = self.alone
        if (
            self.op != "="
            or not alone
            or not any(one.shape(leaf).assumed for leaf in self.form.terms)
        ):
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
        self.provable(one)
        wide = self.wide(one)
        return outcome(one, self.cases(one, one.total(self.form, wide=wide), [], wide=wide))

    def code(self, one: Forms) -> Expr:
        """Its outcome."""
        self.provable(one)
        wide = self.wide(one)
        closing = self.closing(one)
        total = one.total(self.form, wide=wide, closing=closing)
        code = outcome(one, self.cases(one, total, closing, wide=wide), self.missing(one, total))
        if not closing:
            return code
        assumed = any_of([one.column(leaf, "assumed") for leaf in closing])
        bad = assumed & (code < int(Code.ROUNDING))
        return one.x.when(bad).then(one.x.lit(int(Code.UNKNOWN))).otherwise(code)

    def cases(
        self, one: Forms, total: Expr, closing: list[Node], *, wide: bool
    ) -> list[tuple[Expr, Code]]:
        """The tests of the outcomes of a difference in their order, by the rule's tolerance."""
        op = self.op
        slack = one.slack
        if slack.kind != "rounding":
            allowed = slack.amount * (1 if slack.kind == "relative" else self.form.scale)
            if slack.kind == "relative":
                side, factor = self.scaled_right()
                right = one.total(side, wide=wide, closing=closing) * factor
                test = order(op, total * allowed.denominator, right.abs() * allowed.numerator)
            elif allowed:
                test = order(op, total * allowed.denominator, allowed.numerator)
            else:
                test = order(op, total, 0)
            return [(test, Code.PASS)]
        cases = [(self.passing(one, total, wide=wide), Code.PASS)]
        if len(self.alone) == 2 and any(one.shape(leaf).short for leaf in self.alone):
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

    def scaled_right(self) -> tuple[Sum, int]:
        """The right side, and what makes its integers those of the difference."""
        if self.right is None or self.form.scale % self.right.scale:
            raise UnlowerableError(self.node)
        return self.right, self.form.scale // self.right.scale
