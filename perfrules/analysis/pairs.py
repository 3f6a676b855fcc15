"""Rules that say what another says, or its opposite: PR616, PR619 and PR620."""

from collections.abc import Hashable, Iterator
from itertools import combinations

from perfrules.analysis.statements import ordered, statement
from perfrules.analysis.study import Claim, Part, Studied, Study
from perfrules.errors import Diagnostic
from perfrules.expr.nodes import Field, Node
from perfrules.expr.rooms import OPPOSITE, Room
from perfrules.locale import Message, message

_WEIGHT = {"info": 0, "warning": 1, "error": 2}


def same(study: Study) -> Iterator[Diagnostic]:
    """PR616: a rule that states what an earlier one states, or less."""
    first: dict[Hashable, Studied] = {}
    for one in study.rules:
        earlier = first.setdefault((one.frame, _stated(one)), one)
        if earlier.rule.id != one.rule.id:
            yield _told_twice(one, earlier)
    for claims in study.claims:
        for pair in combinations(claims, 2):
            for weak, strong in (pair, pair[::-1]):
                if _is_weaker(weak, strong):
                    yield _said_already(weak, strong)


def _stated(one: Studied) -> Hashable:
    """What an assertion states; a fixed tolerance measures the difference as it is written, a relative one the right side."""
    if one.slack.kind == "relative":
        return one.rule.assertion
    return statement(one.rule.assertion) if _is_scaleless(one) else ordered(one.rule.assertion)


def _is_scaleless(one: Studied) -> bool:
    """Whether its tolerance is the same for a comparison and for its double."""
    return one.slack.kind in ("rounding", "exact") and one.slack.limit is None


def _alone(claim: Claim) -> frozenset[Node]:
    """The figures that stand alone on a side, whose accuracy counts for more than that of terms."""
    return frozenset(side for side in claim.part.node.children() if isinstance(side, Field))


def _told_twice(one: Studied, earlier: Studied) -> Diagnostic:
    return one.remark(
        "PR616",
        message(
            "rule {rule} states the same as {other} ({place})",
            rule=one.rule.id,
            other=earlier.rule.id,
            place=str(earlier.rule.place),
        ),
        one.place(Part("assert", one.rule.assertion)),
        message("leave one of them out, or see whether another column is meant"),
    )


def _said_already(weak: Claim, strong: Claim) -> Diagnostic:
    return weak.one.remark(
        "PR616",
        message(
            "{text} holds wherever {other} ({rule}) holds",
            text=weak.one.words(weak.part),
            other=strong.one.words(strong.part),
            rule=strong.one.rule.id,
        ),
        weak.one.place(weak.part),
        message(
            "leave the weaker rule out, unless it is to be graver: then give it the higher severity"
        ),
    )


def _is_weaker(weak: Claim, strong: Claim) -> bool:
    """Whether ``weak`` finds nothing that ``strong`` does not find at the same severity or a higher one."""
    graver = _WEIGHT[weak.one.rule.block.severity] > _WEIGHT[strong.one.rule.block.severity]
    same_claim = strong.whole and weak.relation == strong.relation
    if graver or same_claim or not (weak.whole and _is_scaleless(weak.one)):
        return False
    if _alone(weak) != _alone(strong):
        return False
    opposite = OPPOSITE[weak.relation.op]
    room = Room().narrowed(strong.relation.op, strong.relation.value)
    return room.narrowed(opposite, weak.relation.value).is_empty()


def opposed(study: Study) -> Iterator[Diagnostic]:
    """PR619: two rules that together leave one value; for ``a ≤ b`` and ``b ≤ a``, that both are equal."""
    for one, other, room in _rooms(study):
        if room.single() is not None and "=" not in (one.relation.op, other.relation.op):
            yield _together(
                other,
                one,
                "PR619",
                message(
                    "{text} and {other} ({rule}) hold together only where both sides are equal",
                    text=other.one.words(other.part),
                    other=one.one.words(one.part),
                    rule=one.one.rule.id,
                ),
            )


def contradicting(study: Study) -> Iterator[Diagnostic]:
    """PR620: two rules that no figures meet."""
    for one, other, room in _rooms(study):
        if room.is_empty():
            yield _together(
                other,
                one,
                "PR620",
                message(
                    "{text} and {other} ({rule}) never hold together",
                    text=other.one.words(other.part),
                    other=one.one.words(one.part),
                    rule=one.one.rule.id,
                ),
            )


def _together(later: Claim, earlier: Claim, code: str, what: Message) -> Diagnostic:
    hint = message(
        "see {place}: one of the two is meant otherwise, or needs a guard",
        place=str(earlier.one.rule.place),
    )
    return later.one.remark(code, what, later.one.place(later.part), hint)


def _rooms(study: Study) -> Iterator[tuple[Claim, Claim, Room]]:
    """Two claims of different rules about the same figures, and what they leave to these."""
    for claims in study.claims:
        for one, other in combinations(claims, 2):
            room = Room().narrowed(one.relation.op, one.relation.value)
            yield one, other, room.narrowed(other.relation.op, other.relation.value)
