"""Records that meet conditions, found by a solver; the home of z3.

A condition is two formulas: that it is met for certain, and that it is not met for certain; where something is missing it is neither.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import gcd, lcm
from typing import Any

import z3

from perfrules.model import Slack
from perfrules.quantities.figures import INFINITY
from perfrules.testing.generate.grids import Grid, grid_of
from perfrules.testing.generate.ground import (
    NO,
    YES,
    Both,
    Choice,
    Comparison,
    Cond,
    Filled,
    First,
    Instance,
    Known,
    Op,
    Opposite,
    Present,
    Same,
    Switch,
    Total,
    Value,
    below_of,
    slots_of,
)
from perfrules.testing.generate.predict import Linear, linear
from perfrules.testing.generate.skeleton import Skeleton, Slot

Formula = Any  # z3 ships no types
Truths = tuple[Formula, Formula]
"""That a condition is met, and that it is not."""

EFFORT = 1_000_000
"""How hard the solver tries to answer one question, in steps of its own, so that the same question has the same answer anywhere."""
MANY = 100
"""From so many formulas on, products of figures are solved by stages or not at all."""
_TRUE, _FALSE = z3.BoolVal(True), z3.BoolVal(False)  # noqa: FBT003  # z3's signature


@dataclass
class Encoder:
    """Conditions over the slots of a skeleton, as formulas.

    Attributes:
        skeleton: The rows.
        negative: Whether figures may be below zero.
        sides: What must hold besides, so that quotients are what they seem.
        factors: Slots by which others are multiplied or divided: with these settled all is linear.
        quotients: Slots that print a quotient alone, and so follow from others.
    """

    skeleton: Skeleton
    negative: bool = True
    sides: list[Formula] = field(default_factory=list)
    factors: dict[Slot, None] = field(default_factory=dict)
    quotients: set[Slot] = field(default_factory=set)
    _made: dict[tuple[str, Slot], Formula] = field(default_factory=dict)

    # ---- slots ------------------------------------------------------------------------------------------------------

    def there(self, slot: Slot) -> Formula:
        """That a slot holds something."""
        return _FALSE if slot.row < 0 else self._variable("there", slot, z3.Bool)

    def number(self, slot: Slot) -> Formula:
        """How many units of its last place a slot holds."""
        return self._variable("number", slot, z3.Int)

    def text(self, slot: Slot) -> Formula:
        """Which of its texts a slot holds, by position."""
        return self._variable("text", slot, z3.Int)

    def _variable(self, part: str, slot: Slot, make: Any) -> Formula:
        at = (part, slot)
        if at not in self._made:
            self._made[at] = make(f"{part} {slot.table} {slot.row} {slot.column}")
        return self._made[at]

    def grid(self, slot: Slot) -> Grid:
        """The grid of a slot with a number."""
        found = grid_of(slot, self.skeleton.pack)
        if found is None:
            raise TypeError(slot)
        return found

    def texts(self, slot: Slot) -> tuple[str, ...]:
        """The texts that a slot may hold."""
        return self.skeleton.texts.get((slot.table, slot.column), (YES, NO))

    def bounds(self, slots: Iterable[Slot], blank: frozenset[Slot]) -> list[Formula]:
        """What slots may hold; only those of ``blank`` may hold nothing."""
        found: list[Formula] = []
        for slot in slots:
            grid = grid_of(slot, self.skeleton.pack)
            if grid is None:
                position = self.text(slot)
                found += [position >= 0, position < len(self.texts(slot))]
            else:
                low = grid.low if self.negative or grid.low > 0 else 0
                found += [self.number(slot) >= low, self.number(slot) <= grid.high]
            if slot not in blank:
                found.append(self.there(slot))
        return found

    # ---- conditions -------------------------------------------------------------------------------------------------

    def truths(self, cond: Cond, slack: Slack | None = None) -> Truths:
        """A condition; with ``slack`` its judged comparisons allow for it."""
        match cond:
            case Known(value):
                return (_TRUE, _FALSE) if value else (_FALSE, _TRUE)
            case Present(slot):
                return self.there(slot), z3.Not(self.there(slot))
            case Opposite(item):
                met, unmet = self.truths(item, slack)
                return unmet, met
            case Both(op, items):
                parts = [self.truths(item, slack) for item in items]
                every, some = (0, 1) if op == "and" else (1, 0)
                joined = z3.And([part[every] for part in parts]), z3.Or([part[some] for part in parts])
                return joined if op == "and" else (joined[1], joined[0])
            case Switch(test, yes, no):
                (met, unmet), (a, b), (c, d) = (self.truths(part, slack) for part in (test, yes, no))
                return (
                    z3.Or(z3.And(met, a), z3.And(unmet, c)),
                    z3.Or(z3.And(met, b), z3.And(unmet, d)),
                )
            case Same(left, right):
                return self._same(left, right)
            case Comparison():
                return self._compared(cond, slack if cond.judged else None)

    def _same(self, left: Slot | str, right: Slot | str) -> Truths:
        if isinstance(left, str):
            left, right = right, left
        if isinstance(left, str):
            return (_TRUE, _FALSE) if left == right else (_FALSE, _TRUE)
        known = self.there(left)
        if isinstance(right, str):
            texts = self.texts(left)
            equal = self.text(left) == texts.index(right) if right in texts else _FALSE
        else:
            known = z3.And(known, self.there(right))
            pairs = [
                z3.And(self.text(left) == i, self.text(right) == j)
                for i, one in enumerate(self.texts(left))
                for j, other in enumerate(self.texts(right))
                if one == other
            ]
            equal = z3.Or(pairs)
        return z3.And(known, equal), z3.And(known, z3.Not(equal))

    def _compared(self, cond: Comparison, slack: Slack | None) -> Truths:
        known = self.known(Op("-", (cond.left, cond.right)))
        band = self._band(cond, slack)
        met = self._relation(cond, band)
        return z3.And(known, met), z3.And(known, z3.Not(met))

    def _band(self, cond: Comparison, slack: Slack | None) -> Fraction:
        """How far the sides of a judged comparison may be apart and pass."""
        if slack is None:
            return Fraction(0)
        if slack.kind == "absolute":
            return slack.amount
        if slack.kind != "rounding" or cond.op != "=":
            return Fraction(0)
        if self._can_be_equal(cond):
            return Fraction(0)
        alone = [side for side in (cond.left, cond.right) if isinstance(side, Slot)]
        return max((self.grid(slot).half for slot in alone if slot.row >= 0), default=Fraction(0))

    def _can_be_equal(self, cond: Comparison) -> bool:
        """Whether the grids let the sides of a linear comparison be equal."""
        form = linear(Op("-", (cond.left, cond.right)))
        if form is None or not form.terms:
            return False
        units = self._units(form).values()
        scale = lcm(*(unit.denominator for unit in units), form.constant.denominator)
        return int(form.constant * scale) % gcd(*(int(unit * scale) for unit in units)) == 0

    def _relation(self, cond: Comparison, band: Fraction) -> Formula:
        form = linear(Op("-", (cond.left, cond.right)))
        if form is not None:
            return self._linear(cond.op, form, band)
        crossed = self._crossed(cond, band)
        if crossed is not None:
            return crossed
        return _related(cond.op, self.real(cond.left) - self.real(cond.right), _real(band))

    def _linear(self, op: str, form: Linear, band: Fraction) -> Formula:
        scale = lcm(*(part.denominator for part in self._units(form).values()), form.constant.denominator)
        total = self._whole(form, scale)
        reach = band * scale
        return _related(op, total, z3.RealVal(str(reach)) if reach.denominator > 1 else int(reach))

    def _units(self, form: Linear) -> dict[Slot, Fraction]:
        """The coefficients per unit of the last place."""
        return {slot: factor * self.grid(slot).unit for slot, factor in form.terms.items()}

    def _whole(self, form: Linear, scale: int) -> Formula:
        terms = [int(factor * scale) * self.number(slot) for slot, factor in self._units(form).items()]
        return z3.Sum([*terms, z3.IntVal(int(form.constant * scale))])

    def _crossed(self, cond: Comparison, band: Fraction) -> Formula | None:
        """``side op top / base + constant`` with linear parts, multiplied by the base, which is held above zero."""
        for side, other, flipped in ((cond.left, cond.right, False), (cond.right, cond.left, True)):
            parts = quotient(other)
            if parts is None:
                continue
            op = _FLIPPED.get(cond.op, cond.op) if flipped else cond.op
            top, base, form = linear(parts[0]), linear(parts[1]), linear(side)
            if top is None or base is None or form is None:
                return self._crossed_reals(op, side, parts, band)
            form = Linear(form.terms, form.constant - parts[2])
            scales = [
                lcm(*(u.denominator for u in self._units(f).values()), f.constant.denominator)
                for f in (form, top, base)
            ]
            scale = lcm(*scales)
            below = self._whole(base, scale)
            self.sides.append(z3.Or(below > 0, z3.Not(self.known(parts[1]))))
            self.factors.update(dict.fromkeys(base.terms))
            if isinstance(side, Slot):
                self.quotients.add(side)
            gap = self._whole(form, scale) * below - self._whole(top, scale) * scale
            reach = band * scale
            if reach.denominator > 1:
                gap, reach = gap * reach.denominator, Fraction(reach.numerator)
            return _related(op, gap, int(reach) * below)
        return None

    def _crossed_reals(
        self, op: str, side: Value, parts: tuple[Value, Value, Fraction], band: Fraction
    ) -> Formula:
        """The same where the parts depend on conditions, such as counts."""
        base = self.real(parts[1])
        self.sides.append(z3.Or(base > 0, z3.Not(self.known(parts[1]))))
        if slots_of(side):
            self.factors.update(dict.fromkeys(slots_of(parts[1])))
        gap = (self.real(side) - _real(parts[2])) * base - self.real(parts[0])
        return _related(op, gap, _real(band) * base)

    # ---- values -----------------------------------------------------------------------------------------------------

    def known(self, value: Value) -> Formula:
        """That nothing is missing of a value."""
        match value:
            case Slot():
                return self.there(value)
            case Choice(test, yes, no):
                met, unmet = self.truths(test)
                return z3.Or(z3.And(met, self.known(yes)), z3.And(unmet, self.known(no)))
            case First(args):
                return z3.Or([self.known(arg) for arg in args])
            case Total(name, parts):
                truths = [self.truths(where) for where, _ in parts]
                sure = [z3.Or(met, unmet) for met, unmet in truths]
                there = [
                    z3.Implies(met, self.known(part))
                    for (met, _), (_, part) in zip(truths, parts, strict=True)
                ]
                some = _TRUE if name == "count" else z3.Or([met for met, _ in truths])
                return z3.And([*sure, *there, some])
            case Op(_, args):
                return z3.And([self.known(arg) for arg in args])
            case _:
                return _TRUE

    def real(self, value: Value) -> Formula:
        """A value as a real number."""
        match value:
            case Fraction():
                return _real(value)
            case Slot():
                return z3.ToReal(self.number(value)) * _real(self.grid(value).unit) if value.row >= 0 else _real(Fraction(0))
            case Choice(test, yes, no):
                return z3.If(self.truths(test)[0], self.real(yes), self.real(no))
            case First(args):
                found = self.real(args[-1])
                for arg in reversed(args[:-1]):
                    found = z3.If(self.known(arg), self.real(arg), found)
                return found
            case Filled(slots):
                return z3.Sum([z3.If(self.there(slot), _real(Fraction(1)), _real(Fraction(0))) for slot in slots])
            case Total():
                return self._total(value)
            case Op():
                return self._operation(value)

    def _total(self, value: Total) -> Formula:
        zero = _real(Fraction(0))
        chosen = [(self.truths(where)[0], self.real(part)) for where, part in value.parts]
        if value.name in ("sum", "count"):
            return z3.Sum([z3.If(met, part, zero) for met, part in chosen] or [zero])
        if value.name == "mean":
            number = z3.Sum([z3.If(met, _real(Fraction(1)), zero) for met, _ in chosen])
            self.sides.append(z3.Or(number > 0, z3.Not(self.known(value))))
            return z3.Sum([z3.If(met, part, zero) for met, part in chosen]) / number
        found = zero
        held = _FALSE
        for met, part in chosen:
            better = part < found if value.name == "min" else part > found
            found = z3.If(z3.And(met, z3.Or(z3.Not(held), better)), part, found)
            held = z3.Or(held, met)
        return found

    def _operation(self, value: Op) -> Formula:
        args = [self.real(arg) for arg in value.args]
        match value.name:
            case "+":
                return z3.Sum(args)
            case "-":
                return args[0] - args[1] if len(args) > 1 else -args[0]
            case "*":
                if not any(isinstance(arg, Fraction) for arg in value.args):
                    self.factors.update(dict.fromkeys(slots_of(value.args[1])))
                return args[0] * args[1]
            case "/":
                self.sides.append(z3.Or(args[1] > 0, z3.Not(self.known(value.args[1]))))
                self.factors.update(dict.fromkeys(slots_of(value.args[1])))
                return args[0] / args[1]
            case "min" | "max":
                found = args[0]
                for arg in args[1:]:
                    found = z3.If(arg < found if value.name == "min" else arg > found, arg, found)
                return found
            case "abs":
                return z3.If(args[0] >= 0, args[0], -args[0])
            case "step":
                found = _real(value.steps[-1][2])
                for bound, closed, score in reversed(value.steps[:-1]):
                    if bound == INFINITY:
                        continue
                    limit = _real(Fraction(bound))
                    found = z3.If(args[0] <= limit if closed else args[0] < limit, _real(score), found)
                return found
            case _:
                return self._rounded(value, args[0])

    def _rounded(self, value: Op, item: Formula) -> Formula:
        unit = _real(Fraction(10) ** -value.decimals)
        if value.name == "floor":
            return z3.ToReal(z3.ToInt(item / unit)) * unit
        half = _real(Fraction(1, 2))
        up = z3.ToReal(z3.ToInt(item / unit + half)) * unit
        return z3.If(item >= 0, up, -z3.ToReal(z3.ToInt(-item / unit + half)) * unit)

    # ---- rules ------------------------------------------------------------------------------------------------------

    def applies(self, instance: Instance) -> Formula:
        """That the guard is met."""
        return self.truths(instance.guard)[0]

    def passes(self, instance: Instance) -> Formula:
        """That the guard and the assertion are met."""
        return z3.And(self.applies(instance), self.truths(instance.assertion, instance.slack)[0])

    def breaks(self, instance: Instance) -> Formula:
        """That the guard is met and the assertion, as printed, is not."""
        return z3.And(self.applies(instance), self.truths(instance.assertion, instance.slack)[1])

    def is_consistent(self, instance: Instance) -> Formula:
        """That the rule passes or does not apply."""
        options = [self.truths(instance.guard)[1], self.passes(instance)]
        if instance.operands and all(slot.row >= 0 for slot in instance.operands):
            options.append(z3.Not(z3.Or([self.there(slot) for slot in instance.operands])))
        return z3.Or(options)

    def record(self, model: Any, slots: Iterable[Slot]) -> dict[Slot, int | str | None]:
        """What a model puts into the slots."""
        found: dict[Slot, int | str | None] = {}
        for slot in slots:
            if z3.is_false(model.eval(self.there(slot), model_completion=True)):
                found[slot] = None
            elif grid_of(slot, self.skeleton.pack) is None:
                found[slot] = self.texts(slot)[model.eval(self.text(slot), model_completion=True).as_long()]
            else:
                found[slot] = model.eval(self.number(slot), model_completion=True).as_long()
        return found


_FLIPPED = {"<": ">", "≤": "≥", ">": "<", "≥": "≤"}


def _real(number: Fraction) -> Formula:
    return z3.RealVal(f"{number.numerator}/{number.denominator}")


def _related(op: str, gap: Formula, reach: Formula) -> Formula:
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


def quotient(value: Value) -> tuple[Value, Value, Fraction] | None:
    """``value`` as ``top / base + constant`` with a base that holds a figure; None if it is not of this form."""
    if not isinstance(value, Op) or len(value.args) != 2:
        return None
    first, second = value.args
    if value.name == "/":
        return None if isinstance(second, Fraction) else (first, second, Fraction(0))
    inner = quotient(first) if value.name in "+-" and isinstance(second, Fraction) else None
    if inner is None or not isinstance(second, Fraction):
        return None
    return inner[0], inner[1], inner[2] + (second if value.name == "+" else -second)


# ---- questions ----------------------------------------------------------------------------------------------------------


class UndecidedError(Exception):
    """The solver found neither a record nor that there is none."""


class NoneError(Exception):
    """There is no record; ``names`` are those of formulas that exclude each other."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(names)
        self.names = names


@dataclass
class Question:
    """Formulas about one skeleton, and the records that meet them.

    Attributes:
        encoder: Makes the formulas.
        blank: The slots that may hold nothing.
        factors: By the name of what is needed, the slots by which it multiplies or divides.
    """

    encoder: Encoder
    blank: frozenset[Slot]
    seed: int = 0
    factors: dict[str, set[Slot]] = field(default_factory=dict)

    def ask(
        self, needed: Mapping[str, Formula], wished: Sequence[Formula] = ()
    ) -> Mapping[Slot, int | str | None]:
        """A record that meets all that is needed, and of what is wished as much as goes together.

        Args:
            needed: Formulas by the name of what needs them.
            wished: Formulas, the more important first.

        Raises:
            NoneError: There is no such record; with the names of what excludes each other.
            UndecidedError: The solver gave up.
        """
        found = self._staged(needed, wished)
        if found is not None:
            return found
        if self.encoder.factors and len(needed) > MANY:
            raise UndecidedError
        return self._granted(self._solver([]), needed, wished)

    def _solver(self, hard: Iterable[Formula]) -> Any:
        made = z3.Solver()
        made.set("random_seed", self.seed)
        made.set("rlimit", EFFORT)
        made.add(self.encoder.bounds(self.encoder.skeleton.slots, self.blank))
        made.add(self.encoder.sides)
        made.add(list(hard))
        return made

    def _staged(
        self, needed: Mapping[str, Formula], wished: Sequence[Formula]
    ) -> Mapping[Slot, int | str | None] | None:
        """An answer found by stages: factors are settled as the stage before has them, so that every stage is linear and soon done."""
        factors = {slot for slot in self.encoder.factors if slot.row >= 0}
        pins: list[Formula] = [self.encoder.number(slot) > 0 for slot in factors]
        settled: set[Slot] = set()
        for stage in (factors - self.encoder.quotients, factors) if factors else ():
            ready = [
                formula
                for name, formula in needed.items()
                if self.factors.get(name, set()) <= settled
            ]
            solver = self._solver([*ready, *pins])
            if solver.check() != z3.sat:
                return None
            found = self._record(solver)
            pins += [
                self.encoder.number(slot) == found[slot]
                for slot in stage - settled
                if found[slot] is not None
            ]
            settled |= stage
        try:
            return self._granted(self._solver([*needed.values(), *pins]), {}, wished)
        except (NoneError, UndecidedError):
            return None

    def _record(self, solver: Any) -> Mapping[Slot, int | str | None]:
        return self.encoder.record(solver.model(), self.encoder.skeleton.slots)

    def _granted(
        self, solver: Any, needed: Mapping[str, Formula], wished: Sequence[Formula]
    ) -> Mapping[Slot, int | str | None]:
        musts = [z3.Bool(f"must {name}") for name in needed]
        wishes = [z3.Bool(f"wish {number}") for number, _ in enumerate(wished)]
        for name, formula in zip((*musts, *wishes), (*needed.values(), *wished), strict=True):
            solver.add(z3.Implies(name, formula))
        while True:
            answer = solver.check([*musts, *wishes])
            if answer == z3.sat:
                return self._record(solver)
            if answer == z3.unknown:
                if not wishes:
                    raise UndecidedError
                wishes = wishes[: len(wishes) // 4]
                continue
            core = {str(name) for name in solver.unsat_core()}
            refused = [str(name) for name in wishes if str(name) in core]
            if not refused:
                raise NoneError(tuple(sorted(name.removeprefix("must ") for name in core)))
            refused = refused[1:] or refused  # the most important of them may yet be granted
            wishes = [name for name in wishes if str(name) not in refused]


def asked_for_blanks(conds: Iterable[Cond | Value]) -> frozenset[Slot]:
    """The slots of which conditions ask whether they hold something."""
    found: set[Slot] = set()
    ahead = list(conds)
    while ahead:
        part = ahead.pop()
        match part:
            case Present(slot):
                found.add(slot)
            case Filled(slots):
                found.update(slots)
            case First(args):
                found.update(arg for arg in args[:-1] if isinstance(arg, Slot))
                ahead += args
            case Fraction() | Slot() | Known():
                pass
            case _:
                ahead += below_of(part)
    return frozenset(slot for slot in found if slot.row >= 0)
