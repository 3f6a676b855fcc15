"""Rules with everything left out that generated data are bound by: what has no solution here has none in any data.

Figures are real numbers without bounds or grid, texts are told apart and nothing more, what is gathered over rows may be any number,
and a comparison passes within a whole unit.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

import z3

from perfrules.model import Slack
from perfrules.testing.generate.forms import Comparison, Form, Total, Value
from perfrules.testing.generate.linear import Linear
from perfrules.testing.generate.skeleton import Slot
from perfrules.testing.generate.solver.encoder import Encoder, related
from perfrules.testing.generate.solver.question import EFFORT
from perfrules.testing.generate.solver.values import Formula, Truths


@dataclass
class Relaxed(Encoder):
    """Makes formulas that hold wherever a rule can apply, pass or fail.

    Attributes:
        wide: Comparisons are read as widely as a pass can be; else as narrowly as a fail must exceed.
        counts: That what was counted is not below zero.
    """

    wide: bool = False
    counts: list[Formula] = field(default_factory=list)
    _totals: int = 0
    _codes: dict[str, int] = field(default_factory=dict)

    def bounds(self) -> list[Formula]:
        """What slots may hold: anything, but that some blanks are zeros."""
        return [
            self.some(self.there(slot), self.number(slot) == 0)
            for slot in self.skeleton.slots
            if slot in self.blank and self.is_figure(slot) and self.is_zero_if_blank(slot)
        ]

    def number(self, slot: Slot) -> Formula:
        """How many units of its last place a slot holds, and parts of one."""
        return self._variable("number", slot, z3.Real)

    def _figure(self, slot: Slot) -> Formula:
        if slot.row < 0:
            return self.constant(0)
        return self.number(slot) * self.constant(self.grid(slot).unit)

    def _whole(self, form: Linear, scale: int) -> Formula:
        terms = [
            self.constant(factor * scale) * self.number(slot)
            for slot, factor in self._units(form).items()
        ]
        return self.total([self.constant(form.constant * scale), *terms])

    # ---- what is gathered over rows, of which there may be others than here -----------------------------------------

    def _known_total(self, value: Total) -> Formula:  # noqa: ARG002  # nothing of it is looked at
        return self.sure(value=True)

    def _total(self, value: Total) -> Formula:
        self._totals += 1
        found = z3.Real(f"total {self._totals}", self.context)
        if value.name == "count":
            self.counts.append(found >= 0)
        return found

    def _relation(self, cond: Comparison, band: Fraction) -> Formula:
        if any(
            isinstance(part, Total) for side in (cond.left, cond.right) for part in _parts(side)
        ):
            gap = self.real(cond.left) - self.real(cond.right)
            return related(cond.op, gap, self.constant(band))
        return super()._relation(cond, band)

    # ---- texts ------------------------------------------------------------------------------------------------------

    def _same(self, left: Slot | str, right: Slot | str) -> Truths:
        if isinstance(left, str) and isinstance(right, str):
            return super()._same(left, right)
        sides = [self._code(side) for side in (left, right)]
        known = self.every(*(self.there(side) for side in (left, right) if isinstance(side, Slot)))
        equal = sides[0] == sides[1]
        return self.every(known, equal), self.every(known, self.no(equal))

    def _code(self, side: Slot | str) -> Formula:
        """A text as a number: every text has one of its own."""
        if isinstance(side, Slot):
            return self.text(side)
        return z3.IntVal(self._codes.setdefault(side, len(self._codes)), self.context)

    def _band(self, cond: Comparison, slack: Slack | None) -> Fraction:
        """How far the sides may be apart: for a pass, a whole unit of the print beside a figure that stands alone."""
        if slack is None or slack.kind == "relative":
            return Fraction(0)
        if slack.kind != "rounding":
            return slack.amount
        if not self.wide:
            return Fraction(0)
        grids = [
            self.grid(side)
            for side in (cond.left, cond.right)
            if isinstance(side, Slot) and side.row >= 0
        ]
        return max(
            (g.unit * 10 ** max(g.decimals, 1) for g in grids if g.half), default=Fraction(0)
        )

    def excludes(self, formula: Formula) -> bool:
        """Whether a formula has no solution; what had to be supposed of a denominator takes that away."""
        if self.sides:
            return False
        solver = z3.Solver(ctx=self.context)
        solver.set("rlimit", EFFORT)
        solver.add(self.bounds())
        solver.add(self.counts)
        solver.add(formula)
        return bool(solver.check() == z3.unsat)


def _parts(value: Value) -> Iterator[Value]:
    """A value, and the values below it."""
    yield value
    if isinstance(value, Form):
        for part in value.shown:
            yield from _parts(part)  # type: ignore[arg-type]  # what is shown of a value are values
