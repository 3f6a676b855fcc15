"""Comparisons whose values depend on a choice: ``if … then … else …`` and ``coalesce`` become one comparison for each branch."""

from collections.abc import Callable
from functools import reduce
from typing import Protocol

from perfrules.evaluate.lower.forms import Forms, Sum
from perfrules.evaluate.lower.general import General, Ratio
from perfrules.evaluate.lower.linear import Linear
from perfrules.evaluate.lower.values import (
    Chosen,
    Leaf,
    Op,
    OpenChoiceError,
    Reader,
    Value,
    leaves,
    linear,
    terms_of,
)
from perfrules.evaluate.native import Expr, UnlowerableError, all_of
from perfrules.evaluate.reference import printed_ratio
from perfrules.expr import rewrite
from perfrules.expr.nodes import Call, Compare, Field, If, Node
from perfrules.values import frozen, mutable
from perfrules.verdicts import Code

MAX_BRANCHES = 32
"""Comparisons that one may become."""


class Comparison(Protocol):
    """A comparison of numbers that has a native form."""

    def holds(self, one: Forms) -> Expr:
        """Whether it holds on the printed values; null if it cannot be decided."""

    def off(self, one: Forms) -> Expr:
        """True or null wherever it is not a clean pass."""

    def code(self, one: Forms) -> Expr:
        """Its outcome."""


def is_choice(node: Node) -> bool:
    """Whether a value chooses between others."""
    return isinstance(node, If) or (isinstance(node, Call) and node.name == "coalesce")


@frozen
class Choice:
    """The first comparison whose test is true.

    Attributes:
        branches: Tests and comparisons.
        last: Where no test is true; None is unknown.
        unsure: Where nobody knows; None is nowhere.
    """

    branches: tuple[tuple[Expr, Comparison], ...]
    last: Comparison | None
    unsure: Expr | None

    def holds(self, one: Forms) -> Expr:
        """Whether it holds on the printed values; null if it cannot be decided."""
        unknown = one.x.lit(None, dtype=one.x.Boolean)
        return self._chain(one, unknown, lambda comparison: comparison.holds(one))

    def off(self, one: Forms) -> Expr:
        """True or null wherever it is not a clean pass."""
        return self._chain(one, one.x.lit(value=True), lambda comparison: comparison.off(one))

    def code(self, one: Forms) -> Expr:
        """Its outcome."""
        unknown = one.x.lit(int(Code.UNKNOWN))
        return self._chain(one, unknown, lambda comparison: comparison.code(one))

    def _chain(self, one: Forms, unknown: Expr, of: Callable[[Comparison], Expr]) -> Expr:
        chain = one.x if self.unsure is None else one.x.when(self.unsure).then(unknown)
        for test, comparison in self.branches:
            chain = chain.when(test).then(of(comparison))
        return chain.otherwise(unknown if self.last is None else of(self.last))


@mutable
class Chooser:
    """Takes a comparison apart, branch by branch; ``truth`` lowers a test."""

    one: Forms
    node: Compare
    truth: Callable[[Node], Expr]
    left: int = MAX_BRANCHES

    def taken(self, chosen: Chosen) -> Comparison:
        """The comparison where its choices stand for ``chosen``.

        Raises:
            UnlowerableError: It has no native form, or too many branches.
        """
        self.left -= 1
        if self.left < 0:
            raise UnlowerableError(self.node)
        read = Reader(self.one, chosen)
        try:
            left, right = (
                read.value(side, term=False) for side in (self.node.left, self.node.right)
            )
            return self.comparison(left, right, self.ratio(read))
        except OpenChoiceError as open_choice:
            choice = open_choice.node
        if isinstance(choice, If):
            return self._branches(choice, chosen)
        tests = [(self.present(arg), self.taken({**chosen, choice: arg})) for arg in choice.args]
        always = next((at for at, (test, _) in enumerate(tests) if test is None), len(tests))
        branches = tuple((test, found) for test, found in tests[:always] if test is not None)
        last = tests[always][1] if always < len(tests) else None
        return Choice(branches, last, None) if branches else tests[0][1]

    def _branches(self, choice: If, chosen: Chosen) -> Comparison:
        if choice.no is None:
            raise UnlowerableError(choice)
        test = self.truth(choice.test)
        yes, no = (self.taken({**chosen, choice: branch}) for branch in (choice.yes, choice.no))
        return Choice(((test, yes),), no, test.is_null())

    def present(self, node: Node) -> Expr | None:
        """Where nothing that ``node`` needs is missing; None is everywhere."""
        if isinstance(node, If):
            raise UnlowerableError(node)
        if isinstance(node, Call) and node.name == "coalesce":
            tests = [self.present(arg) for arg in node.args]
            known = [test for test in tests if test is not None]
            return reduce(lambda a, b: a | b, known) if len(known) == len(tests) else None
        decimals = isinstance(node, Call) and node.name == "decimals"
        if isinstance(node, Field) or decimals or rewrite.is_aggregate(node):
            shape = self.one.shape(node)
            tests = [~self.one.column(node).is_null()] if shape.states else []
            return all_of([*tests, *([~self.one.column(node, "assumed")] if shape.assumed else [])])
        if isinstance(node, Call) and node.name == "count_present":
            return None
        tests = [self.present(child) for child in node.children()]
        return all_of([test for test in tests if test is not None])

    def comparison(self, left: Value, right: Value, ratio: Ratio | None) -> Comparison:
        """The comparison of two values."""
        difference = Op("-", (left, right))
        form = linear(difference, self.one) if ratio is None else None
        if form is None:
            return General(self.node, left, right, ratio)
        terms = terms_of(difference)
        share = linear(right, self.one) if self.one.slack.kind == "relative" else None
        return Linear(
            self.node,
            Sum.of(self.one, form.terms, form.constant, terms),
            None if share is None else Sum.of(self.one, share.terms, share.constant, terms),
            tuple(
                side.node
                for side in (left, right)
                if isinstance(side, Leaf) and isinstance(side.node, Field)
            ),
            tuple(node for node, factor in form.terms.items() if not factor),
            rewrite.overlap(leaf.node for leaf in leaves(difference)),
        )

    def ratio(self, read: Reader) -> Ratio | None:
        """The printed ratio and the quotient that it is set equal to."""
        found = printed_ratio(self.node)
        if found is None:
            return None
        top, base = (read.value(part, term=False) for part in found[1])
        return Ratio(found[0], top, base)
