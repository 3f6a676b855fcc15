"""Conditions and values on the figures that one record prints."""

from collections.abc import Mapping
from dataclasses import field
from fractions import Fraction

from perfrules.model import Pack, Slack
from perfrules.testing.generate.arithmetic import UnpredictableError, applied, holds
from perfrules.testing.generate.balance import Balance
from perfrules.testing.generate.extents import is_added, plains
from perfrules.testing.generate.forms import (
    Both,
    Choice,
    Comparison,
    Cond,
    Filled,
    First,
    Known,
    Op,
    Opposite,
    Plain,
    Present,
    Same,
    Switch,
    Term,
    Total,
    Value,
)
from perfrules.testing.generate.grids import Grid, grid_of
from perfrules.testing.generate.linear import linear
from perfrules.testing.generate.skeleton import Slot
from perfrules.values import frozen, mutable

Record = Mapping[Slot, int | str | None]
"""What each slot holds: a number of units of its last place, a text, or nothing."""
Balances = dict[tuple[Comparison, bool], Balance | None]
"""Linear comparisons in whole numbers, by whether they are judged: each with the slack of its one rule."""


class MissingError(Exception):
    """An operand is missing; ``slots`` are those that are."""

    def __init__(self, slots: tuple[Slot, ...]) -> None:
        super().__init__(slots)
        self.slots = slots


@mutable
class Gaps:
    """What is missing of a value, and which blanks are read as zero because the sum may close with them."""

    closing: bool = False
    missing: dict[Slot, None] = field(default_factory=dict)
    assumed: dict[Slot, None] = field(default_factory=dict)

    def take(self, slot: Slot, *, assumed: bool) -> None:
        """Take note of a blank."""
        (self.assumed if assumed and self.closing else self.missing)[slot] = None


@frozen
class Printed:
    """Reads one record.

    Attributes:
        pack: The pack.
        record: The record.
        balances: Shared by all records of a scenario, so that each comparison is brought into whole numbers once.
    """

    pack: Pack
    record: Record
    balances: Balances = field(default_factory=dict)

    # ---- figures ----------------------------------------------------------------------------------------------------

    def grid(self, slot: Slot) -> Grid:
        """The grid of a slot that holds a number."""
        found = grid_of(slot, self.pack)
        if found is None:
            raise UnpredictableError
        return found

    def holds(self, slot: Slot) -> bool:
        """Whether a slot holds something."""
        return self.record.get(slot) is not None

    def figure(self, slot: Slot) -> Fraction:
        """The number in a slot."""
        held = self.record.get(slot)
        if held is None:
            if self.blank(slot) == "unknown":
                raise MissingError((slot,))
            return Fraction(0)
        return int(held) * self.grid(slot).unit

    def blank(self, slot: Slot) -> str:
        """What a blank in a slot stands for."""
        if slot.row < 0:
            return "unknown"
        return self.pack.tables[slot.table].columns[slot.column].blank

    # ---- conditions -------------------------------------------------------------------------------------------------

    def truth(self, cond: Cond) -> bool:
        """Whether a condition holds on what is printed.

        Raises:
            MissingError: Something is missing that decides it.
        """
        match cond:
            case Comparison():
                return self._compares(cond)
            case Both(op, items):
                return self._decided(items, ends=op == "or")
            case Known(value):
                return value
            case Present(slot):
                return self.holds(slot)
            case Same(left, right):
                return self._text(left) == self._text(right)
            case Opposite(item):
                return not self.truth(item)
            case Switch(test, yes, no):
                return self.truth(yes if self.truth(test) else no)

    def _compares(self, cond: Comparison) -> bool:
        balance = self.balance(cond, None)
        whole = None if balance is None else balance.gap(self.record)
        if whole is not None:
            return holds(cond.op, whole)
        return holds(cond.op, self.number(cond.left) - self.number(cond.right))

    def _decided(self, items: tuple[Cond, ...], *, ends: bool) -> bool:
        gap: MissingError | None = None
        for item in items:
            try:
                if self.truth(item) == ends:
                    return ends
            except MissingError as found:
                gap = gap or found
        if gap is not None:
            raise gap
        return not ends

    def _text(self, side: Slot | str) -> str:
        if isinstance(side, str):
            return side
        if not self.holds(side):
            raise MissingError((side,))
        return str(self.record[side])

    def balance(self, cond: Comparison, slack: Slack | None) -> Balance | None:
        """A comparison in whole numbers; None if it is not linear, or something of it is missing here."""
        at = (cond, slack is not None)
        if at not in self.balances:
            if linear(Op("-", (cond.left, cond.right))) is None:
                self.balances[at] = None
                return None
            try:
                sides = (
                    self.resolved(cond.left, added=False),
                    self.resolved(cond.right, added=False),
                )
            except (MissingError, UnpredictableError):
                return None
            self.balances[at] = Balance.of(cond, sides, slack, self.pack)
        return self.balances[at]

    # ---- values -----------------------------------------------------------------------------------------------------

    def number(self, value: Value) -> Fraction:
        """A value on the printed figures."""
        return self.printed(self.resolved(value, added=False))

    def printed(self, value: Plain) -> Fraction:
        """A resolved value on the printed figures."""
        if isinstance(value, Fraction):
            return value
        if isinstance(value, Term):
            return self.figure(value.slot)
        return applied(value, [self.printed(arg) for arg in plains(value)])

    def resolved(self, value: Value, *, added: bool) -> Plain:
        """A value with its conditions decided.

        Raises:
            MissingError: With everything that is missing.
        """
        gaps = Gaps()
        made = self.resolve(value, added=added, gaps=gaps)
        if gaps.missing:
            raise MissingError(tuple(gaps.missing))
        return made

    def resolve(self, value: Value, *, added: bool, gaps: Gaps) -> Plain:
        """A value with its conditions decided; what is missing goes into ``gaps``."""
        match value:
            case Slot():
                if not self.holds(value) and self.blank(value) != "zero":
                    gaps.take(value, assumed=added and self.blank(value) == "zero-if-closes")
                return Term(value, added)
            case Op(name, args, decimals, steps):
                term = is_added(value, added=added)
                parts = tuple(self.resolve(arg, added=term, gaps=gaps) for arg in args)
                return Op(name, parts, decimals, steps)
            case Choice(test, yes, no):
                return self.resolve(yes if self.truth(test) else no, added=added, gaps=gaps)
            case Fraction() | Term():
                return value
            case _:
                return self._gathered(value, gaps)

    def _gathered(self, value: First | Filled | Total, gaps: Gaps) -> Plain:
        match value:
            case First(args):
                return self._first(args, gaps)
            case Filled(slots):
                return Fraction(sum(map(self.holds, slots)))
            case Total(name, parts):
                chosen = [part for where, part in parts if self.truth(where)]
                return Fraction(len(chosen)) if name == "count" else self._total(name, chosen, gaps)

    def _first(self, args: tuple[Value, ...], gaps: Gaps) -> Plain:
        missing: dict[Slot, None] = {}
        for arg in args:
            try:
                return self.resolved(arg, added=False)
            except MissingError as gap:
                missing.update(dict.fromkeys(gap.slots))
        gaps.missing.update(missing)
        return Fraction(1)  # never used: a gap ends in unknown

    def _total(self, name: str, chosen: list[Value], gaps: Gaps) -> Plain:
        if not chosen:
            raise MissingError(())
        term = name in ("sum", "mean")
        args = tuple(self.resolve(part, added=term, gaps=gaps) for part in chosen)
        if name == "mean":
            return Op("/", (Op("+", args), Fraction(len(args))))
        return Op("+" if name == "sum" else name, args)
