"""What a rule must say of figures printed in full, reckoned from the coefficients of its ground form.

This asks neither the reference evaluator nor an engine: it is what their answers are compared with. What it cannot reckon for
certain it does not say.
"""

from collections.abc import Mapping
from enum import IntEnum
from fractions import Fraction
from math import floor

from perfrules.model import Slack
from perfrules.testing.generate.arithmetic import UnpredictableError, holds, meets
from perfrules.testing.generate.extents import Extents, bases_of, terms_of
from perfrules.testing.generate.forms import Both, Comparison, Cond, Op, Plain, Switch, Term
from perfrules.testing.generate.instances import Instance
from perfrules.testing.generate.linear import linear
from perfrules.testing.generate.printed import Gaps, MissingError, Printed
from perfrules.testing.generate.skeleton import Slot
from perfrules.values import frozen


class _Rank(IntEnum):
    FAIL = 0
    UNKNOWN = 1
    ROUNDING = 2
    PASS = 3


_RANKS = {"fail": _Rank.FAIL, "rounding": _Rank.ROUNDING, "pass": _Rank.PASS}


@frozen
class Prediction:
    """What a rule must say of a row: the outcome, and of ``unknown`` the slots that are missing."""

    outcome: str
    missing: frozenset[Slot] = frozenset()


_PLAIN = {rank: Prediction(rank.name.lower()) for rank in _Rank}
_NOT_APPLICABLE = Prediction("not-applicable")


class Oracle(Printed):
    """Reckons outcomes over one record."""

    __slots__ = ()

    def says(self, instance: Instance) -> Prediction | None:
        """What the rule must say; None where this cannot be told."""
        try:
            return self.predict(instance)
        except UnpredictableError:
            return None

    def predict(self, instance: Instance) -> Prediction:
        """What the rule must say.

        Raises:
            UnpredictableError: This cannot be told for certain.
        """
        if instance.operands and not any(map(self.holds, instance.operands)):
            if instance.summed:
                raise UnpredictableError
            if all(slot.row >= 0 for slot in instance.operands):
                return _NOT_APPLICABLE
        try:
            if not self.truth(instance.guard):
                return _NOT_APPLICABLE
        except MissingError as gap:
            return Prediction("unknown", frozenset(gap.slots))
        rank, missing = self._judged(instance.assertion, instance.slack)
        return Prediction("unknown", missing) if rank == _Rank.UNKNOWN else _PLAIN[rank]

    def _judged(self, cond: Cond, slack: Slack) -> tuple[_Rank, frozenset[Slot]]:
        try:
            match cond:
                case Comparison() if cond.judged:
                    return self._compared(cond, slack), frozenset()
                case Both(op, items):
                    parts = [self._judged(item, slack) for item in items]
                    ranks = [rank for rank, _ in parts]
                    rank = min(ranks) if op == "and" else max(ranks)
                    return parts[ranks.index(rank)]
                case Switch(test, yes, no):
                    return self._judged(yes if self.truth(test) else no, slack)
                case _:
                    return (_Rank.PASS if self.truth(cond) else _Rank.FAIL), frozenset()
        except MissingError as gap:
            if isinstance(cond, Comparison) and cond.ratio in gap.slots:
                self._need_base(cond)
            return _Rank.UNKNOWN, frozenset(gap.slots)

    def _need_base(self, cond: Comparison) -> None:
        """A blank ratio is as it should be on a base that is zero, or not there: then nothing can be told."""
        other = cond.right if cond.left == cond.ratio else cond.left
        try:
            self.number(other)
        except MissingError as gap:
            raise UnpredictableError from gap

    def _compared(self, cond: Comparison, slack: Slack) -> _Rank:
        balance = self.balance(cond, slack) if cond.ratio is None else None
        outcome = None if balance is None else balance.outcome(self.record)
        if outcome is not None:
            return _RANKS[outcome]
        gaps = Gaps(closing=cond.op == "=")
        left, right = self._sides(cond, gaps)
        if gaps.missing or (gaps.assumed and not _closes(left, right, gaps.assumed)):
            raise MissingError(tuple(gaps.missing or gaps.assumed))
        rank = self._ranked(cond, left, right, slack)
        if gaps.assumed and rank < _Rank.ROUNDING:
            raise MissingError(tuple(gaps.assumed))
        return rank

    def _ranked(self, cond: Comparison, left: Plain, right: Plain, slack: Slack) -> _Rank:
        difference = Op("-", (left, right))
        extents = self._extents(difference)
        for base in bases_of(difference):
            low, high = extents.of(base)
            if low <= 0 <= high:
                raise UnpredictableError
        gap = self.printed(difference)
        if holds(cond.op, gap, self._band(cond, left, right, slack)):
            return _Rank.PASS
        if slack.kind != "rounding":
            return _Rank.FAIL
        narrow = slack.limit is None or abs(gap) <= slack.limit
        if narrow and meets(cond.op, *extents.of(difference)):
            return _Rank.ROUNDING
        return _Rank.ROUNDING if self._is_cut_off(cond, left, right) else _Rank.FAIL

    def _extents(self, difference: Plain) -> Extents:
        added = terms_of(difference)

        def half(slot: Slot) -> Fraction:
            if not self.holds(slot) or (added[slot] and not self.record[slot]):
                return Fraction(0)
            return self.grid(slot).half

        return Extents(self.figure, half)

    def _sides(self, cond: Comparison, gaps: Gaps) -> tuple[Plain, Plain]:
        left = self.resolve(cond.left, added=False, gaps=gaps)
        return left, self.resolve(cond.right, added=False, gaps=gaps)

    def band(self, cond: Comparison, slack: Slack) -> Fraction:
        """How far the sides of a judged comparison may be apart and pass.

        Raises:
            MissingError: A side is missing.
        """
        gaps = Gaps()
        left, right = self._sides(cond, gaps)
        if gaps.missing:
            raise MissingError(tuple(gaps.missing))
        return self._band(cond, left, right, slack)

    def _band(self, cond: Comparison, left: Plain, right: Plain, slack: Slack) -> Fraction:
        if slack.kind == "rounding":
            return self._own_place(left, right) if cond.op == "=" else Fraction(0)
        return slack.amount * (abs(self.printed(right)) if slack.kind == "relative" else 1)

    def _own_place(self, left: Plain, right: Plain) -> Fraction:
        alone = [side.slot for side in (left, right) if isinstance(side, Term)]
        return max(
            (self.grid(slot).half for slot in alone if self.holds(slot)), default=Fraction(0)
        )

    def _is_cut_off(self, cond: Comparison, left: Plain, right: Plain) -> bool:
        if cond.ratio is None:
            return False
        grid = self.grid(cond.ratio)
        other = right if isinstance(left, Term) and left.slot == cond.ratio else left
        if not grid.half or isinstance(other, Term):
            return False
        exact = self.printed(other) / grid.unit
        whole = floor(abs(exact)) * (1 if exact >= 0 else -1)
        return whole == self.record[cond.ratio]


def _closes(left: Plain, right: Plain, assumed: Mapping[Slot, None]) -> bool:
    """Whether blanks may be zero: terms with coefficient ±1 against one printed figure."""
    for side, other in ((left, right), (right, left)):
        form = linear(side)
        if isinstance(other, Term) and other.slot not in assumed and form is not None:
            return all(abs(form.terms.get(slot, Fraction(1))) == 1 for slot in assumed)
    return False
