"""Linear comparisons in whole numbers: the same as in fractions, many times as fast."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import lcm

from perfrules.model import Pack, Slack
from perfrules.testing.generate.arithmetic import UnpredictableError, holds, meets
from perfrules.testing.generate.extents import terms_of
from perfrules.testing.generate.forms import Comparison, Op, Plain, Term
from perfrules.testing.generate.grids import Grid, grid_of
from perfrules.testing.generate.linear import Linear, linear
from perfrules.testing.generate.skeleton import Slot
from perfrules.values import frozen

Terms = tuple[tuple[Slot, int], ...]


@frozen
class Balance:
    """``left - right`` as ``(Σ factor · n + constant) / scale``, where ``n`` is what a slot holds.

    Attributes:
        op: The comparison.
        terms: The factors.
        constant: The constant.
        read: The slots that cancel out: they must be there all the same.
        band: How far the sides may be apart and pass; of a relative tolerance with ``share`` besides.
        share: The right side, times the tolerance; None if that is not relative.
        widths: Half the last places, times their factors, and whether a zero counts as exact; None if nothing is rounding.
        limit: The widest rounding.
    """

    op: str
    terms: Terms
    constant: int
    read: tuple[Slot, ...]
    band: int
    share: tuple[Terms, int] | None
    widths: tuple[tuple[Slot, int, bool], ...] | None
    limit: int | None

    @classmethod
    def of(
        cls, cond: Comparison, sides: tuple[Plain, Plain], slack: Slack | None, pack: Pack
    ) -> "Balance | None":
        """A comparison with its sides resolved; None if it is not linear."""
        difference = Op("-", sides)
        form = linear(difference)
        if form is None:
            return None
        added = terms_of(difference)
        grids = {slot: _grid(slot, pack) for slot in added}
        share = (
            linear(Op("*", (sides[1], slack.amount)))
            if slack and slack.kind == "relative"
            else None
        )
        widths = {slot: abs(factor) * grids[slot].half for slot, factor in form.terms.items()}
        band = _band(cond, sides, slack, grids)
        limit = slack.limit if slack else None
        scale = lcm(
            *_denominators(form, grids),
            *(_denominators(share, grids) if share else ()),
            *(width.denominator for width in widths.values()),
            band.denominator,
            limit.denominator if limit else 1,
        )
        return cls(
            cond.op,
            _whole(form, grids, scale),
            int(form.constant * scale),
            tuple(slot for slot in added if slot not in form.terms),
            int(band * scale),
            (_whole(share, grids, scale), int(share.constant * scale)) if share else None,
            tuple((slot, int(width * scale), added[slot]) for slot, width in widths.items())
            if slack and slack.kind == "rounding"
            else None,
            None if limit is None else int(limit * scale),
        )

    def gap(self, record: Mapping[Slot, int | str | None]) -> int | None:
        """The difference of the sides; None if something is missing."""
        for slot in self.read:
            if record.get(slot) is None:
                return None
        return _sum(self.terms, self.constant, record)

    def outcome(self, record: Mapping[Slot, int | str | None]) -> str | None:
        """``pass``, ``rounding`` or ``fail``; None if something is missing."""
        gap = self.gap(record)
        if gap is None:
            return None
        band = self.band
        if self.share is not None:
            own = _sum(*self.share, record)
            if own is None:
                return None
            band += abs(own)
        if holds(self.op, gap, band):
            return "pass"
        if self.widths is None or (self.limit is not None and abs(gap) > self.limit):
            return "fail"
        reach = 0
        for slot, width, added in self.widths:
            if not added or record[slot]:
                reach += width
        return "rounding" if meets(self.op, gap - reach, gap + reach) else "fail"


def _sum(terms: Terms, constant: int, record: Mapping[Slot, int | str | None]) -> int | None:
    total = constant
    for slot, factor in terms:
        held = record.get(slot)
        if held is None:
            return None
        total += factor * held  # type: ignore[operator]  # a slot with a grid holds a number
    return total


def _grid(slot: Slot, pack: Pack) -> Grid:
    found = grid_of(slot, pack)
    if found is None:
        raise UnpredictableError
    return found


def _band(
    cond: Comparison, sides: tuple[Plain, Plain], slack: Slack | None, grids: Mapping[Slot, Grid]
) -> Fraction:
    """How far the sides may be apart and pass, without a share of the right one."""
    if slack is None or slack.kind == "relative":
        return Fraction(0)
    if slack.kind != "rounding":
        return slack.amount
    if cond.op != "=":
        return Fraction(0)
    return max((grids[s.slot].half for s in sides if isinstance(s, Term)), default=Fraction(0))


def _denominators(form: Linear, grids: Mapping[Slot, Grid]) -> Iterable[int]:
    yield form.constant.denominator
    for slot, factor in form.terms.items():
        yield (factor * grids[slot].unit).denominator


def _whole(form: Linear, grids: Mapping[Slot, Grid], scale: int) -> Terms:
    return tuple(
        (slot, int(factor * grids[slot].unit * scale)) for slot, factor in form.terms.items()
    )
