"""Guards and assertions that contradict, repeat or idle: PR603 to PR607."""

from collections.abc import Hashable, Iterator
from dataclasses import replace
from fractions import Fraction

from perfrules.analysis.spaces import Space
from perfrules.analysis.statements import ordered, relation_of, statement
from perfrules.analysis.study import Part, Studied, Study
from perfrules.errors import Diagnostic
from perfrules.expr.infer import kind_of
from perfrules.expr.nodes import Compare, Field, If, In, Logic, Node, Not, Rows, Truth
from perfrules.locale import message


def never_applies(study: Study) -> Iterator[Diagnostic]:
    """PR603: a guard that never holds."""
    for one in study.rules:
        if one.applies.is_empty:
            first, second = _clash(one)
            yield one.remark(
                "PR603",
                message(
                    "{first} and {second} never hold together: the rule never applies",
                    first=one.words(first),
                    second=one.words(second),
                )
                if first is not second
                else message("{text} never holds: the rule never applies", text=one.words(first)),
                one.place(second),
                message("see which of its parts is meant otherwise; or may join them"),
            )


def _clash(one: Studied) -> tuple[Part, Part]:
    """The first two parts that contradict each other; the last part twice if it takes more than two."""
    for at, second in enumerate(one.parts):
        space = one.everywhere.met(second.node)
        if space.is_empty:
            return second, second
        for first in one.parts[:at]:
            if space.met(first.node).is_empty:
                return first, second
    return one.parts[-1], one.parts[-1]


def never_reached(study: Study) -> Iterator[Diagnostic]:
    """PR604: a branch of ``or`` in a guard, or of ``if``, that is never reached."""
    for one in study.rules:
        if not one.applies.is_empty:
            yield from _dead_choices(one)
            yield from _dead_branches(one, one.rule.assertion, one.applies)


def _dead_choices(one: Studied) -> Iterator[Diagnostic]:
    for part in one.parts:
        if not (isinstance(part.node, Logic) and part.node.op == "or"):
            continue
        rest = one.everywhere
        for other in one.parts:
            if other is not part:
                rest = rest.met(other.node)
        for item in part.node.items:
            if rest.met(item).is_empty:
                yield _dead(one, Part("when", item))


def _dead_branches(one: Studied, node: Node, space: Space) -> Iterator[Diagnostic]:
    if not isinstance(node, If):
        for child in node.children():
            yield from _dead_branches(one, child, space)
        return
    held, failed = space.met(node.test), space.met(node.test, holds=False)
    if held.is_empty:
        yield _dead(one, Part("assert", node.yes))
    else:
        yield from _dead_branches(one, node.yes, held)
    if node.no is None:
        return
    if failed.is_empty:
        yield _dead(one, Part("assert", node.no))
    else:
        yield from _dead_branches(one, node.no, failed)


def _dead(one: Studied, branch: Part) -> Diagnostic:
    return one.remark(
        "PR604",
        message(
            "{text} is never reached: what leads to it contradicts the rest",
            text=one.words(branch),
        ),
        one.place(branch),
        message("see whether its condition is meant otherwise, or leave the branch out"),
    )


def redundant(study: Study) -> Iterator[Diagnostic]:
    """PR605: a part of a guard that the other parts say already."""
    for one in study.rules:
        if len(one.parts) < 2 or one.applies.is_empty:
            continue
        left = list(one.parts)
        for part in reversed(one.parts):
            others = [other for other in left if other is not part]
            if part.key == "when" and _implied(one, part.node, others):
                left = others
                yield one.remark(
                    "PR605",
                    message(
                        "{text} adds nothing: the other parts of the guard say it already",
                        text=one.words(part),
                    ),
                    one.place(part),
                    message("leave it out, or see whether another figure is meant"),
                )


def _implied(one: Studied, node: Node, others: list[Part]) -> bool:
    """Whether ``node`` can be left out without changing any outcome: a part about the same figures implies it.

    That something is not blank is never implied so: it makes rows not applicable that would else be unknown.
    """
    if isinstance(node, Logic) and node.op == "or":
        return any(_implied(one, item, others) for item in node.items)
    subject = _subject(node)
    alike = [other.node for other in others if _subject(other.node) == subject]
    if not alike:
        return False
    space = one.everywhere
    for other in alike:
        space = space.met(other)
    return space.met(node, holds=False).is_empty and not space.is_empty


def _subject(node: Node) -> Hashable:
    """What a part is about; parts with the same subject are unknown together.

    The cells that it reads belong to it: in ``b ≠ b + z`` the figure ``b`` cancels out, and is still needed.
    """
    if isinstance(node, Not):
        return _subject(node.item)
    relation = relation_of(node) if isinstance(node, Compare) else None
    read = frozenset(part for part in node.walk() if isinstance(part, Field | Rows))
    if isinstance(node, In):
        return frozenset({(ordered(node.item), Fraction(1))}), read
    return statement(node) if relation is None else (relation.subject, read)


def cannot_fail(study: Study) -> Iterator[Diagnostic]:
    """PR606: an assertion that holds wherever its rule applies."""
    for one in study.rules:
        if one.applies.is_empty or not one.applies.met(one.rule.assertion, holds=False).is_empty:
            continue
        text = one.words(_assertion(one))
        yield one.remark(
            "PR606",
            message("{text} cannot fail: the guard says it already", text=text)
            if one.rule.guard is not None
            else message("{text} cannot fail", text=text),
            one.place(_assertion(one)),
            message("a rule that cannot fail finds nothing: see what is meant"),
        )


def cannot_pass(study: Study) -> Iterator[Diagnostic]:
    """PR607: an assertion that never holds where its rule applies."""
    for one in study.rules:
        if one.applies.is_empty or not one.applies.met(_passing(one.rule.assertion, one)).is_empty:
            continue
        text = one.words(_assertion(one))
        yield one.remark(
            "PR607",
            message("{text} cannot pass: the guard contradicts it", text=text)
            if one.rule.guard is not None
            else message("{text} cannot pass", text=text),
            one.place(_assertion(one)),
            message("guard and assertion are read together: one of them is meant otherwise"),
        )


def _assertion(one: Studied) -> Part:
    return Part("assert", one.rule.assertion)


_ANYTHING = Truth(value=True)


def _passing(node: Node, one: Studied) -> Node:
    """A condition that holds on printed values wherever the assertion ``node`` passes, with its tolerance."""
    if isinstance(node, Compare):
        return node if _is_strict(node, one) else _ANYTHING
    if isinstance(node, Logic):
        return replace(node, items=tuple(_passing(item, one) for item in node.items))
    if isinstance(node, If):
        yes = _passing(node.yes, one)
        if node is one.rule.assertion and node.no is None:  # a false test is not applicable there
            return Logic("and", (node.test, yes))
        return replace(node, yes=yes, no=node.no and _passing(node.no, one))
    return node


def _is_strict(node: Compare, one: Studied) -> bool:
    """Whether a comparison passes only where it holds on printed values, whatever accuracy the figures have.

    Under ``rounding`` an order does, but not between two single figures, one of which may be short; an equation does not
    where a figure stands alone that is not the number itself.
    """
    if node.op == "≠" or {kind_of(node.left), kind_of(node.right)} & {
        "text",
        "code",
        "flag",
        "date",
    }:
        return True
    if one.slack.kind != "rounding":
        return one.slack.kind == "exact"
    alone = [side for side in (node.left, node.right) if isinstance(side, Field)]
    if node.op == "=":
        return all(side.exact for side in alone)
    return len(alone) < 2
