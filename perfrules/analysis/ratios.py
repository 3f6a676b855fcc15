"""Percent and ratio mixed up: PR617 and PR618."""

from collections.abc import Iterator
from fractions import Fraction

from perfrules.analysis.study import Study
from perfrules.errors import Diagnostic
from perfrules.expr import rewrite
from perfrules.expr.nodes import Arithmetic, Compare, Field, In, Negate, Node, Number
from perfrules.locale import message

HIGHEST = Fraction(3, 2)
"""Above this, a number without a sign beside a ratio is more likely a percentage than a multiple."""


def bare_percents(study: Study) -> Iterator[Diagnostic]:
    """PR617: a ratio beside a number above 1.5 without a sign, as in ``rate ≤ 100``."""
    for one in study.rules:
        for part in one.nodes:
            for ratio, other in _pairs(part.node):
                number = _bare(other)
                if _is_ratio(ratio) and number is not None and number > HIGHEST:
                    text = one.words(part)
                    yield one.remark(
                        "PR617",
                        message(
                            "in {text}, a ratio meets {number} without a sign, which is {percent}",
                            text=text,
                            number=_plain(number),
                            percent=f"{_plain(number * 100)}%",
                        ),
                        one.place(part),
                        message(
                            "write {one} or {other}, whichever is meant",
                            one=f"{_plain(number)}%",
                            other=f"{_plain(number * 100)}%",
                        ),
                    )


def hundredfold(study: Study) -> Iterator[Diagnostic]:
    """PR618: a ratio set equal to a quotient times 100."""
    for one in study.rules:
        for part in one.nodes:
            if not isinstance(part.node, Compare):
                continue
            for ratio, other in _pairs(part.node):
                if _is_ratio(ratio) and _factor(other) == 100:
                    yield one.remark(
                        "PR618",
                        message(
                            "{text}: a ratio is the quotient itself, 99% is 0.99; times 100 it is a hundred times too large",
                            text=one.words(part),
                        ),
                        one.place(part),
                        message("leave the 100 out"),
                    )


def _pairs(node: Node) -> Iterator[tuple[Node, Node]]:
    """The values that a condition holds against each other, each both ways round."""
    if isinstance(node, Compare):
        yield node.left, node.right
        yield node.right, node.left
    elif isinstance(node, In):
        yield from ((node.item, option) for option in node.options)


def _is_ratio(node: Node) -> bool:
    return isinstance(node, Field) and node.type == "ratio"


def _bare(node: Node) -> Fraction | None:
    """The size of a number without a unit."""
    item = node.item if isinstance(node, Negate) else node
    return rewrite.number(item) if isinstance(item, Number) and not item.unit else None


def _factor(node: Node) -> Fraction | None:
    """The constant factor of a quotient of figures; None if ``node`` is none."""
    factor, above, below = _product(node)
    return factor if above and below else None


def _product(node: Node) -> tuple[Fraction, bool, bool]:
    """The constant factor of a product, and whether figures stand above and below its fraction line."""
    if isinstance(node, Arithmetic) and node.op in "*/":
        left, right = _product(node.left), _product(node.right)
        if node.op == "*":
            return left[0] * right[0], left[1] or right[1], left[2] or right[2]
        if right[0]:
            return left[0] / right[0], left[1] or right[2], left[2] or right[1]
    form = rewrite.linear(node)
    if form is not None and not form.terms:
        return form.constant, False, False
    return Fraction(1), True, False


def _plain(number: Fraction) -> str:
    """A number as short as can be."""
    return str(number) if number.denominator == 1 else f"{float(number):g}"
