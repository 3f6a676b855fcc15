"""Values as formulas over what the slots hold."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

import z3

from perfrules.model import Slack
from perfrules.quantities.figures import INFINITY
from perfrules.testing.generate.forms import (
    NO,
    YES,
    Choice,
    Cond,
    Filled,
    First,
    Op,
    Term,
    Total,
    Value,
    slots_of,
)
from perfrules.testing.generate.grids import Grid, grid_of
from perfrules.testing.generate.skeleton import Skeleton, Slot

Formula = Any  # z3 ships no types
Truths = tuple[Formula, Formula]
"""That a condition is met, and that it is not."""


@dataclass
class Values(ABC):
    """Values over the slots of a skeleton, as formulas.

    Attributes:
        skeleton: The rows.
        blank: The slots that may hold nothing.
        negative: Whether figures may be below zero.
        sides: What must hold besides, so that quotients are what they seem.
        factors: Slots by which others are multiplied or divided: with these settled all is linear.
        context: Where the formulas live: one to each skeleton, so that answers do not depend on what was asked before.
    """

    skeleton: Skeleton
    blank: frozenset[Slot]
    negative: bool = True
    sides: list[Formula] = field(default_factory=list)
    factors: dict[Slot, None] = field(default_factory=dict)
    context: Any = field(default_factory=z3.Context)
    _made: dict[tuple[str, Slot], Formula] = field(default_factory=dict)

    @abstractmethod
    def truths(self, cond: Cond, slack: Slack | None = None) -> Truths:
        """A condition; with ``slack`` its judged comparisons allow for it."""

    # ---- slots ------------------------------------------------------------------------------------------------------

    @cached_property
    def true(self) -> Formula:
        """What always holds."""
        return z3.BoolVal(True, self.context)  # noqa: FBT003  # z3's signature

    @cached_property
    def false(self) -> Formula:
        """What never holds."""
        return z3.BoolVal(False, self.context)  # noqa: FBT003  # likewise

    def sure(self, *, value: bool) -> Formula:
        """What always holds, or never does."""
        return self.true if value else self.false

    # What is settled is left out at once: most of what rules ask is, and formulas are dear to build.

    def every(self, *formulas: Formula) -> Formula:
        """That all of them hold."""
        left = [formula for formula in formulas if formula is not self.true]
        if any(formula is self.false for formula in left):
            return self.false
        return _joined(z3.Z3_mk_and, left, self.true)

    def some(self, *formulas: Formula) -> Formula:
        """That one of them holds."""
        left = [formula for formula in formulas if formula is not self.false]
        if any(formula is self.true for formula in left):
            return self.true
        return _joined(z3.Z3_mk_or, left, self.false)

    def no(self, formula: Formula) -> Formula:
        """That it does not hold."""
        if formula is self.true or formula is self.false:
            return self.sure(value=formula is self.false)
        return z3.Not(formula)

    def either(self, test: Formula, yes: Formula, no: Formula) -> Formula:
        """One number or the other."""
        if test is self.true or test is self.false:
            return yes if test is self.true else no
        return z3.If(test, yes, no)

    def constant(self, number: Fraction | int) -> Formula:
        """A real number."""
        return z3.RealVal(str(Fraction(number)), self.context)

    def total(self, numbers: Iterable[Formula]) -> Formula:
        """The sum of real numbers."""
        return z3.Sum([self.constant(0), *numbers])

    def there(self, slot: Slot) -> Formula:
        """That a slot holds something."""
        if slot.row < 0 or slot not in self.blank:
            return self.sure(value=slot.row >= 0)
        return self._variable("there", slot, z3.Bool)

    def number(self, slot: Slot) -> Formula:
        """How many units of its last place a slot holds."""
        return self._variable("number", slot, z3.Int)

    def text(self, slot: Slot) -> Formula:
        """Which of its texts a slot holds, by position."""
        return self._variable("text", slot, z3.Int)

    def _variable(self, part: str, slot: Slot, make: Any) -> Formula:
        at = (part, slot)
        if at not in self._made:
            self._made[at] = make(f"{part} {slot.table} {slot.row} {slot.column}", self.context)
        return self._made[at]

    def is_zero_if_blank(self, slot: Slot) -> bool:
        """Whether a blank in a slot stands for a zero."""
        return (
            slot.row >= 0
            and self.skeleton.pack.tables[slot.table].columns[slot.column].blank == "zero"
        )

    def is_figure(self, slot: Slot) -> bool:
        """Whether a slot is in a row and holds a number."""
        return slot.row >= 0 and grid_of(slot, self.skeleton.pack) is not None

    def grid(self, slot: Slot) -> Grid:
        """The grid of a slot with a number."""
        found = grid_of(slot, self.skeleton.pack)
        if found is None:
            raise TypeError(slot)
        return found

    def texts(self, slot: Slot) -> tuple[str, ...]:
        """The texts that a slot may hold."""
        return self.skeleton.texts.get((slot.table, slot.column), (YES, NO))

    # ---- whether they are there -------------------------------------------------------------------------------------

    def known(self, value: Value) -> Formula:
        """That nothing is missing of a value."""
        match value:
            case Slot():
                return self.sure(value=True) if self.is_zero_if_blank(value) else self.there(value)
            case Choice(test, yes, no):
                met, unmet = self.truths(test)
                return self.some(
                    self.every(met, self.known(yes)), self.every(unmet, self.known(no))
                )
            case First(args):
                return self.some(*map(self.known, args))
            case Total():
                return self._known_total(value)
            case Op(_, args):
                return self.every(*map(self.known, args))
            case _:
                return self.sure(value=True)

    def _known_total(self, value: Total) -> Formula:
        truths = [self.truths(where) for where, _ in value.parts]
        decided = [self.some(met, unmet) for met, unmet in truths]
        there = [
            self.some(self.no(met), self.known(part))
            for (met, _), (_, part) in zip(truths, value.parts, strict=True)
        ]
        some = [] if value.name == "count" else [self.some(*(met for met, _ in truths))]
        return self.every(*decided, *there, *some)

    # ---- what they are ----------------------------------------------------------------------------------------------

    def real(self, value: Value) -> Formula:
        """A value as a real number."""
        match value:
            case Slot():
                return self._figure(value)
            case Op(name, args):
                return _OPERATIONS[name](self, value, [self.real(arg) for arg in args])
            case Fraction():
                return self.constant(value)
            case Term():
                raise TypeError(value)
            case _:
                return self._gathered(value)

    def _gathered(self, value: Choice | First | Filled | Total) -> Formula:
        match value:
            case Choice(test, yes, no):
                return self.either(self.truths(test)[0], self.real(yes), self.real(no))
            case First(args):
                found = self.real(args[-1])
                for arg in reversed(args[:-1]):
                    found = self.either(self.known(arg), self.real(arg), found)
                return found
            case Filled(slots):
                return self.total(self.one_if(self.there(slot)) for slot in slots)
            case Total():
                return self._total(value)

    def _figure(self, slot: Slot) -> Formula:
        if slot.row < 0:
            return self.constant(0)
        return z3.ToReal(self.number(slot)) * self.constant(self.grid(slot).unit)

    def one_if(self, formula: Formula) -> Formula:
        """One if it holds, else zero."""
        return self.either(formula, self.constant(1), self.constant(0))

    def _total(self, value: Total) -> Formula:
        chosen = [(self.truths(where)[0], self.real(part)) for where, part in value.parts]
        if value.name in ("sum", "count"):
            return self._sum(chosen)
        if value.name == "mean":
            number = self.total(self.one_if(met) for met, _ in chosen)
            self.sides.append(self.some(number > 0, self.no(self.known(value))))
            return self._sum(chosen) / number
        found, held = self.constant(0), self.sure(value=False)
        for met, part in chosen:
            better = part < found if value.name == "min" else part > found
            found = self.either(self.every(met, self.some(self.no(held), better)), part, found)
            held = self.some(held, met)
        return found

    def _sum(self, chosen: Sequence[tuple[Formula, Formula]]) -> Formula:
        return self.total(self.either(met, part, self.constant(0)) for met, part in chosen)


def _joined(make: Any, formulas: Sequence[Formula], empty: Formula) -> Formula:
    """Formulas joined without asking each for its sort, as z3's own functions do."""
    if len(formulas) < 2:
        return formulas[0] if formulas else empty
    context = formulas[0].ctx
    raw = (z3.Ast * len(formulas))(*(formula.as_ast() for formula in formulas))
    return z3.BoolRef(make(context.ref(), len(formulas), raw), context)


# ---- operations ---------------------------------------------------------------------------------------------------------


def _difference(_: Values, __: Op, args: Sequence[Formula]) -> Formula:
    return args[0] - args[1] if len(args) > 1 else -args[0]


def _product(values: Values, op: Op, args: Sequence[Formula]) -> Formula:
    if not any(isinstance(arg, Fraction) for arg in op.args):
        values.factors.update(dict.fromkeys(sorted(slots_of(op.args[1]))))
    return args[0] * args[1]


def _quotient(values: Values, op: Op, args: Sequence[Formula]) -> Formula:
    values.sides.append(values.some(args[1] > 0, values.no(values.known(op.args[1]))))
    values.factors.update(dict.fromkeys(sorted(slots_of(op.args[1]))))
    return args[0] / args[1]


def _least(_: Values, __: Op, args: Sequence[Formula]) -> Formula:
    found = args[0]
    for arg in args[1:]:
        found = z3.If(arg < found, arg, found)
    return found


def _greatest(_: Values, __: Op, args: Sequence[Formula]) -> Formula:
    found = args[0]
    for arg in args[1:]:
        found = z3.If(arg > found, arg, found)
    return found


def _step(values: Values, op: Op, args: Sequence[Formula]) -> Formula:
    (item,) = args
    found = values.constant(op.steps[-1][2])
    for bound, closed, score in reversed(op.steps[:-1]):
        if bound != INFINITY:
            limit = values.constant(Fraction(bound))
            below = item <= limit if closed else item < limit
            found = z3.If(below, values.constant(score), found)
    return found


def _floor(values: Values, op: Op, args: Sequence[Formula]) -> Formula:
    unit = values.constant(Fraction(10) ** -op.decimals)
    return z3.ToReal(z3.ToInt(args[0] / unit)) * unit


def _round(values: Values, op: Op, args: Sequence[Formula]) -> Formula:
    (item,) = args
    unit, half = values.constant(Fraction(10) ** -op.decimals), values.constant(Fraction(1, 2))
    up = z3.ToReal(z3.ToInt(item / unit + half)) * unit
    down = z3.ToReal(z3.ToInt(-item / unit + half)) * unit
    return z3.If(item >= 0, up, -down)


_OPERATIONS: Mapping[str, Callable[[Values, Op, Sequence[Formula]], Formula]] = {
    "+": lambda values, _, args: values.total(args),
    "-": _difference,
    "*": _product,
    "/": _quotient,
    "min": _least,
    "max": _greatest,
    "abs": lambda _, __, args: z3.If(args[0] >= 0, args[0], -args[0]),
    "step": _step,
    "floor": _floor,
    "round": _round,
}
