"""Tolerances that do not fit what is printed: PR608 to PR610."""

from collections.abc import Iterator
from fractions import Fraction

from perfrules.analysis.study import Studied, Study
from perfrules.errors import Diagnostic
from perfrules.expr import rewrite
from perfrules.expr.infer import judged
from perfrules.expr.nodes import Arithmetic, Call, Compare, Field, Node
from perfrules.locale import Message, message
from perfrules.model import Pack, Tolerance
from perfrules.quantities.units import power_of

WIDEST = Fraction(1, 2)
"""A relative tolerance of this or more says nothing: half of a figure may be missing."""


def too_fine(study: Study) -> Iterator[Diagnostic]:
    """PR608: a tolerance, or a ``max_slack``, finer than half the last place that a column prints."""
    for one in study.rules:
        for key, amount, text in _amounts(one):
            found = next(
                (
                    (field, half)
                    for node in judged(one.rule.assertion)
                    for field, half in _halves(node, study.pack)
                    if half > amount
                ),
                None,
            )
            if found is not None:
                field, half = found
                yield one.remark(
                    "PR608",
                    message(
                        "{key} {text} is finer than what is printed: rounding alone moves {column} by up to {half}",
                        key=key,
                        text=text,
                        column=f"{field.table}.{field.column}",
                        half=_told(half, field, study.pack),
                    ),
                    one.place_of(key),
                    message("tolerance: rounding follows the accuracy of every figure by itself"),
                )


def _amounts(one: Studied) -> Iterator[tuple[str, Fraction, str]]:
    """The fixed amounts by which the rule may be off: key, number, as written."""
    block, slack = one.rule.block, one.slack
    if slack.kind == "absolute" and isinstance(block.tolerance, Tolerance):
        yield "tolerance", slack.amount, block.tolerance.absolute or block.tolerance.step or ""
    if slack.limit is not None:
        yield "max_slack", slack.limit, block.max_slack or ""


def _halves(node: Compare, pack: Pack) -> Iterator[tuple[Field, Fraction]]:
    """How far rounding moves the difference of both sides, for each figure whose printed accuracy the pack says."""
    form = rewrite.linear(Arithmetic("-", node.left, node.right))
    if form is not None:
        terms = form.terms
    else:
        terms = {side: Fraction(1) for side in (node.left, node.right) if isinstance(side, Field)}
    for leaf, factor in terms.items():
        field = _summed(leaf)
        half = None if field is None else _half(field, pack)
        if field is not None and half is not None:
            yield field, half * abs(factor)


def _summed(leaf: Node) -> Field | None:
    """The column whose figure a leaf is, or adds up."""
    if isinstance(leaf, Call) and leaf.name == "sum" and isinstance(leaf.args[0], Field):
        return leaf.args[0]
    return leaf if isinstance(leaf, Field) else None


def _half(field: Field, pack: Pack) -> Fraction | None:
    """Half the last place that a column usually prints, in the base unit; None if the pack does not say it."""
    column = pack.tables[field.table].columns[field.column]
    power = _power(field, pack)
    if not isinstance(column.decimals, int) or power is None:
        return None
    return Fraction(10) ** (power - column.decimals) / 2


def _unit(field: Field, pack: Pack) -> str | None:
    table = pack.tables[field.table]
    column = table.columns[field.column]
    return column.unit or (table.unit if column.type == "money" else None)


def _power(field: Field, pack: Pack) -> int | None:
    unit = _unit(field, pack)
    if unit is None:
        return 0 if field.type in ("number", "count") else None
    return power_of(unit, field.type)


def _told(amount: Fraction, field: Field, pack: Pack) -> str:
    """An amount in the unit of a column."""
    unit, power = _unit(field, pack) or "", _power(field, pack) or 0
    if field.type == "ratio" and unit == "%":
        unit = "pp"
    space = " " if unit.isascii() and unit not in ("", "pp", "%") else ""
    return f"{_decimal(amount / Fraction(10) ** power)}{space}{unit if unit != '1' else ''}"


def _decimal(number: Fraction) -> str:
    """A number that has a last decimal, written out."""
    places = 0
    while number.denominator > 1 and places < 12:
        number, places = number * 10, places + 1
    digits = f"{int(number):0{places + 1}d}"
    return f"{digits[:-places]}.{digits[-places:]}" if places else digits


def exact_sum(study: Study) -> Iterator[Diagnostic]:
    """PR609: ``exact`` on a sum of figures that are rounded each by itself."""
    for one in study.rules:
        if one.slack.kind != "exact":
            continue
        for node in judged(one.rule.assertion):
            off = _off(node, study.pack)
            if off is not None:
                yield one.remark(
                    "PR609",
                    off,
                    one.place_of("tolerance"),
                    message(
                        "leave tolerance out: figures that are off by no more than rounding are then told as rounding"
                    ),
                )
                break


def _off(node: Compare, pack: Pack) -> Message | None:
    """What rounding does to an exact sum; None if nothing is added up, or nothing added is rounded."""
    form = rewrite.linear(Arithmetic("-", node.left, node.right))
    if node.op != "=" or form is None:
        return None
    rounded = [pair for pair in _halves(node, pack) if not pair[0].exact]
    many = next((leaf for leaf in form.terms if isinstance(leaf, Call) and _summed(leaf)), None)
    if many is not None and any(field == _summed(many) for field, _ in rounded):
        return message(
            "tolerance exact on a sum over rows that are each rounded: correct figures fail it, the more rows the oftener"
        )
    if len(form.terms) < 3 or len(rounded) < len(form.terms):
        return None
    field, _ = max(rounded, key=lambda pair: pair[1])
    most = sum((half for _, half in rounded), Fraction(0))
    return message(
        "tolerance exact on a sum of {count} figures that are each rounded: correct figures may be off by up to {most}, and then fail",
        count=len(rounded),
        most=_told(most, field, pack),
    )


def too_wide(study: Study) -> Iterator[Diagnostic]:
    """PR610: a relative tolerance so wide that hardly anything fails."""
    for one in study.rules:
        if one.slack.kind == "relative" and abs(one.slack.amount) >= WIDEST:
            tolerance = one.rule.block.tolerance
            share = tolerance.relative if isinstance(tolerance, Tolerance) else ""
            yield one.remark(
                "PR610",
                message(
                    "a tolerance of {share} of the right side lets nearly everything pass",
                    share=share,
                ),
                one.place_of("tolerance"),
                message("a share is written 5% or 0.05"),
            )
