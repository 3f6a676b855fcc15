"""Conditions and rules as formulas.

A condition is two formulas: that it is met for certain, and that it is not met for certain; where something is missing it is neither.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from math import gcd, lcm
from typing import Any

import z3

from perfrules.model import Slack
from perfrules.testing.generate.forms import (
    Both,
    Comparison,
    Cond,
    Known,
    Op,
    Opposite,
    Present,
    Same,
    Switch,
    Value,
    slots_of,
)
from perfrules.testing.generate.grids import grid_of
from perfrules.testing.generate.instances import Instance
from perfrules.testing.generate.linear import Linear, linear, quotient
from perfrules.testing.generate.skeleton import Slot
from perfrules.testing.generate.solver.values import Formula, Truths, Values

_FLIPPED = {"<": ">", "≤": "≥", ">": "<", "≥": "≤"}


@dataclass
class Encoder(Values):
    """Conditions over the slots of a skeleton, as formulas.

    Attributes:
        quotients: Slots that print a quotient alone, and so follow from others.
    """

    quotients: set[Slot] = field(default_factory=set)
    _guards: dict[Instance, Truths] = field(default_factory=dict)
    _passes: dict[Instance, Formula] = field(default_factory=dict)

    def bounds(self) -> list[Formula]:
        """What slots may hold."""
        found: list[Formula] = []
        for slot in self.skeleton.slots:
            grid = grid_of(slot, self.skeleton.pack)
            if grid is None:
                position = self.text(slot)
                found += [position >= 0, position < len(self.texts(slot))]
            else:
                low = grid.low if self.negative or grid.low > 0 else 0
                found += [self.number(slot) >= low, self.number(slot) <= grid.high]
            if grid is not None and slot in self.blank and self.is_zero_if_blank(slot):
                found.append(self.some(self.there(slot), self.number(slot) == 0))
        return found

    # ---- conditions -------------------------------------------------------------------------------------------------

    def truths(self, cond: Cond, slack: Slack | None = None) -> Truths:
        """A condition; with ``slack`` its judged comparisons allow for it."""
        match cond:
            case Comparison():
                return self._compared(cond, slack if cond.judged else None)
            case Both(op, items):
                parts = [self.truths(item, slack) for item in items]
                mets, unmets = [met for met, _ in parts], [unmet for _, unmet in parts]
                if op == "and":
                    return self.every(*mets), self.some(*unmets)
                return self.some(*mets), self.every(*unmets)
            case Opposite(item):
                met, unmet = self.truths(item, slack)
                return unmet, met
            case Switch(test, yes, no):
                (met, unmet), (a, b), (c, d) = (
                    self.truths(part, slack) for part in (test, yes, no)
                )
                return (
                    self.some(self.every(met, a), self.every(unmet, c)),
                    self.some(self.every(met, b), self.every(unmet, d)),
                )
            case _:
                return self._unslackened(cond)

    def _unslackened(self, cond: Known | Present | Same) -> Truths:
        match cond:
            case Known(value):
                return self.sure(value=value), self.sure(value=not value)
            case Present(slot):
                return self.there(slot), self.is_blank(slot)
            case Same(left, right):
                return self._same(left, right)

    def _same(self, left: Slot | str, right: Slot | str) -> Truths:
        if isinstance(left, str):
            left, right = right, left
        if isinstance(left, str):
            return self.sure(value=left == right), self.sure(value=left != right)
        known = self.there(left)
        texts = self.texts(left)
        if isinstance(right, str):
            equal = (
                self.text(left) == texts.index(right) if right in texts else self.sure(value=False)
            )
        else:
            known = self.every(known, self.there(right))
            equal = self.some(
                *(
                    z3.And(self.text(left) == i, self.text(right) == j)
                    for i, one in enumerate(texts)
                    for j, other in enumerate(self.texts(right))
                    if one == other
                )
            )
        return self.every(known, equal), self.every(known, self.no(equal))

    def _compared(self, cond: Comparison, slack: Slack | None) -> Truths:
        known = self.known(Op("-", (cond.left, cond.right)))
        met = self._relation(cond, self._band(cond, slack))
        return self.every(known, met), self.every(known, self.no(met))

    def _band(self, cond: Comparison, slack: Slack | None) -> Fraction:
        """How far the sides of a judged comparison may be apart and pass; of a relative tolerance nothing is taken."""
        if slack is None or slack.kind == "relative":
            return Fraction(0)
        if slack.kind != "rounding":
            return slack.amount
        if cond.op != "=" or self._can_be_equal(cond):
            return Fraction(0)
        alone = [side for side in (cond.left, cond.right) if isinstance(side, Slot)]
        return max((self.grid(slot).half for slot in alone if slot.row >= 0), default=Fraction(0))

    def _can_be_equal(self, cond: Comparison) -> bool:
        """Whether the grids let the sides of a linear comparison be equal."""
        form = linear(Op("-", (cond.left, cond.right)))
        if form is None or not form.terms or any(slot.row < 0 for slot in form.terms):
            return False
        units = self._units(form).values()
        scale = lcm(*(unit.denominator for unit in units), form.constant.denominator)
        return int(form.constant * scale) % gcd(*(int(unit * scale) for unit in units)) == 0

    # ---- comparisons of numbers -------------------------------------------------------------------------------------

    def _relation(self, cond: Comparison, band: Fraction) -> Formula:
        form = linear(Op("-", (cond.left, cond.right)))
        if form is not None:
            return self._linear(cond.op, form, band)
        crossed = self._crossed(cond, band)
        if crossed is not None:
            return crossed
        gap = self.real(cond.left) - self.real(cond.right)
        return related(cond.op, gap, self.constant(band))

    def _linear(self, op: str, form: Linear, band: Fraction) -> Formula:
        scale = self._scale(form)
        reach = band * scale
        whole = int(reach) if reach.denominator == 1 else self.constant(reach)
        return related(op, self._whole(form, scale), whole)

    def _scale(self, form: Linear) -> int:
        units = self._units(form).values()
        return lcm(*(unit.denominator for unit in units), form.constant.denominator)

    def _units(self, form: Linear) -> dict[Slot, Fraction]:
        """The coefficients per unit of the last place."""
        return {slot: factor * self.grid(slot).unit for slot, factor in form.terms.items()}

    def _whole(self, form: Linear, scale: int) -> Formula:
        terms = [int(f * scale) * self.number(slot) for slot, f in self._units(form).items()]
        return z3.Sum([z3.IntVal(int(form.constant * scale), self.context), *terms])

    def _crossed(self, cond: Comparison, band: Fraction) -> Formula | None:
        """``side op top / base + constant``, multiplied by the base, which is held above zero."""
        for side, other, op in (
            (cond.left, cond.right, cond.op),
            (cond.right, cond.left, _FLIPPED.get(cond.op, cond.op)),
        ):
            parts = quotient(other)
            if parts is None:
                continue
            top, base, form = linear(parts[0]), linear(parts[1]), linear(side)
            if top is None or base is None or form is None:
                return self._crossed_reals(op, side, parts, band)
            if isinstance(side, Slot):
                self.quotients.add(side)
            self.sides.append(
                self.some(self._whole(base, self._scale(base)) > 0, self.no(self.known(parts[1])))
            )
            self.factors.update(dict.fromkeys(base.terms))
            return self._crossed_whole(
                op, Linear(form.terms, form.constant - parts[2]), (top, base), band
            )
        return None

    def _crossed_whole(
        self, op: str, form: Linear, parts: tuple[Linear, Linear], band: Fraction
    ) -> Formula:
        top, base = parts
        scale = lcm(*map(self._scale, (form, top, base)))
        below = self._whole(base, scale)
        gap = self._whole(form, scale) * below - self._whole(top, scale) * scale
        reach = band * scale
        return related(op, gap * reach.denominator, reach.numerator * below)

    def _crossed_reals(
        self, op: str, side: Value, parts: tuple[Value, Value, Fraction], band: Fraction
    ) -> Formula:
        """The same where the parts depend on conditions, such as counts."""
        base = self.real(parts[1])
        self.sides.append(self.some(base > 0, self.no(self.known(parts[1]))))
        if slots_of(side):
            self.factors.update(dict.fromkeys(sorted(slots_of(parts[1]))))
        gap = (self.real(side) - self.constant(parts[2])) * base - self.real(parts[0])
        return related(op, gap, self.constant(band) * base)

    # ---- rules ------------------------------------------------------------------------------------------------------

    def applies(self, instance: Instance) -> Formula:
        """That the guard is met."""
        return self._guard(instance)[0]

    def is_off(self, instance: Instance) -> Formula:
        """That the guard is not met."""
        return self._guard(instance)[1]

    def _guard(self, instance: Instance) -> Truths:
        if instance not in self._guards:
            self._guards[instance] = self.truths(instance.guard)
        return self._guards[instance]

    def passes(self, instance: Instance) -> Formula:
        """That the guard and the assertion are met."""
        if instance not in self._passes:
            met = self.truths(instance.assertion, instance.slack)[0]
            self._passes[instance] = self.every(self.applies(instance), met)
        return self._passes[instance]

    def breaks(self, instance: Instance, slack: Slack | None = None) -> Formula:
        """That the guard is met and the assertion, with the slack of the rule or another, is not."""
        unmet = self.truths(instance.assertion, slack or instance.slack)[1]
        return self.every(self.applies(instance), unmet)

    def is_consistent(self, instance: Instance) -> Formula:
        """That the rule passes or does not apply."""
        options = [self.is_off(instance), self.passes(instance)]
        if instance.operands and all(slot.row >= 0 for slot in instance.operands):
            options.append(self.every(*map(self.is_blank, instance.operands)))
        return self.some(*options)

    # ---- wishes -----------------------------------------------------------------------------------------------------

    def is_blank(self, slot: Slot) -> Formula:
        """That a slot holds nothing."""
        return self.no(self.there(slot))

    def is_not_zero(self, slot: Slot) -> Formula:
        """That the figure in a slot is not zero."""
        return self.number(slot) != 0

    # ---- answers ----------------------------------------------------------------------------------------------------

    def record(self, model: Any) -> dict[Slot, int | str | None]:
        """What a model puts into the slots."""
        found: dict[Slot, int | str | None] = {}
        for slot in self.skeleton.slots:
            there = self.there(slot)
            if there is not self.true and z3.is_false(model.eval(there, model_completion=True)):
                found[slot] = None
            elif grid_of(slot, self.skeleton.pack) is None:
                position = model.eval(self.text(slot), model_completion=True).as_long()
                found[slot] = self.texts(slot)[position]
            else:
                found[slot] = model.eval(self.number(slot), model_completion=True).as_long()
        return found


def is_never(formula: Formula) -> bool:
    """Whether it is plain without a search that a formula cannot hold."""
    return bool(z3.is_false(z3.simplify(formula)))


def related(op: str, gap: Formula, reach: Formula) -> Formula:
    """A comparison whose sides differ by ``gap`` and may differ by ``reach``."""
    match op:
        case "=":
            return z3.And(gap <= reach, gap >= -reach)
        case "≠":
            return gap != 0
        case "≤":
            return gap <= reach
        case "<":
            return gap < reach
        case "≥":
            return gap >= -reach
        case _:
            return gap > -reach
