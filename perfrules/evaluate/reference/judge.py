"""Outcomes: one comparison judged with the accuracy of its figures, and what logic makes of several."""

from dataclasses import replace
from fractions import Fraction
from functools import singledispatchmethod

from perfrules.dataset import Cell
from perfrules.evaluate import ranges
from perfrules.evaluate.ranges import InexactError, Leaf, Op, Value, ZeroBaseError
from perfrules.evaluate.reference.printed import MissingError, Reader, plain, truth
from perfrules.evaluate.rows import Row
from perfrules.expr import rewrite
from perfrules.expr.nodes import Call, Compare, Field, If, Logic, Node, Text, Truth
from perfrules.model import Slack
from perfrules.quantities import NUMERIC
from perfrules.quantities.figures import Number, State
from perfrules.values import frozen
from perfrules.verdicts import Code


@frozen
class Verdict:
    """The outcome of a rule on a row, and what it rests on.

    Attributes:
        code: The outcome.
        left, right, difference, slack: Of the comparison that decided; None where there is none.
        node: That comparison.
        reason: Why it is unknown; one of the words of :data:`REASONS`.
        missing: The cells that are missing.
        notes: ``short`` one decimal was dropped, ``loosened`` short prints were read one decimal coarser, ``cut-off`` the
            ratio is cut off and not rounded, ``unlikely`` beyond three standard deviations of rounding, ``zero-base`` no ratio
            exists on a zero base, ``blank-as-zero`` blanks were read as zero because the sum closes.
    """

    code: Code
    left: Fraction | None = None
    right: Fraction | None = None
    difference: Fraction | None = None
    slack: Fraction | None = None
    node: Compare | None = None
    reason: str = ""
    missing: tuple[Cell, ...] = ()
    notes: tuple[str, ...] = ()


REASONS = {
    State.BLANK: "blank",
    State.UNREADABLE: "unreadable",
    State.NO_ROW: "no-row",
    State.DUPLICATE: "duplicate",
    State.NO_COLUMN: "no-column",
    State.DASH: "dash",
}


def unknown(cells: tuple[Cell, ...]) -> Verdict:
    """The verdict where these cells are missing."""
    return Verdict(
        Code.UNKNOWN, reason=REASONS[cells[0].state] if cells else "no-row", missing=cells
    )


@frozen
class Judge:
    """Judges the conditions of one assertion."""

    row: Row
    slack: Slack

    @singledispatchmethod
    def judge(self, node: Node) -> Verdict:
        """The verdict of a condition; what is no comparison of numbers is read on printed values."""
        return self.printed(node)

    @judge.register
    def _(self, node: Compare) -> Verdict:
        return self.compare(node) if self.is_numeric(node) else self.printed(node)

    @judge.register
    def _(self, node: Logic) -> Verdict:
        parts = [self.judge(item) for item in node.items]
        codes = [Code.UNKNOWN if part.code == Code.NOT_APPLICABLE else part.code for part in parts]
        code = min(codes) if node.op == "and" else max(codes)
        return replace(parts[codes.index(code)], code=code)

    @judge.register
    def _(self, node: If) -> Verdict:
        try:
            holds = truth(node.test, self.row)
        except MissingError as gap:
            return unknown(gap.cells)
        except ZeroBaseError:
            return Verdict(Code.UNKNOWN, reason="zero-base")
        if holds:
            return self.judge(node.yes)
        return Verdict(Code.PASS) if node.no is None else self.judge(node.no)

    def is_numeric(self, node: Compare) -> bool:
        """Whether both sides are numbers, compared with their accuracy; dates have none, and no tolerance."""
        return node.op != "≠" and not any(
            isinstance(part, Text | Truth) or (isinstance(part, Field) and part.type not in NUMERIC)
            for side in (node.left, node.right)
            for part in _visible(side)
        )

    def printed(self, node: Node) -> Verdict:
        """A condition read on printed values."""
        try:
            return Verdict(Code.PASS if truth(node, self.row) else Code.FAIL)
        except MissingError as gap:
            return unknown(gap.cells)
        except ZeroBaseError:
            return Verdict(Code.UNKNOWN, reason="zero-base")

    def compare(self, node: Compare) -> Verdict:
        """A comparison of numbers."""
        try:
            reader = Reader(self.row, closing=node.op == "=")
            left = reader.value(node.left, term=False)
            right = reader.value(node.right, term=False)
            gaps = tuple(reader.gaps)
            if gaps or (reader.assumed and not _closes(left, right)):
                return self.without(node, gaps or tuple(reader.assumed))
            verdict = self.settle(_Comparison(node, left, right, self.slack))
        except MissingError as gap:
            return unknown(gap.cells)
        except ZeroBaseError:
            return replace(self.zero_base(node), node=node)
        except InexactError:
            return Verdict(Code.UNKNOWN, reason="inexact", node=node)
        if reader.assumed:
            if verdict.code not in (Code.PASS, Code.ROUNDING):
                return unknown(tuple(reader.assumed))
            verdict = replace(verdict, notes=(*verdict.notes, "blank-as-zero"))
        return replace(verdict, node=node)

    def without(self, node: Compare, gaps: tuple[Cell, ...]) -> Verdict:
        """A figure is missing: a blank ratio on a zero base is as it should be."""
        ratio = printed_ratio(node)
        if (
            ratio is not None
            and self.row.cell(ratio[0]).state == State.BLANK
            and self.on_zero(ratio[1])
        ):
            return Verdict(Code.NOT_APPLICABLE)
        return unknown(gaps)

    def zero_base(self, node: Compare) -> Verdict:
        """A denominator is zero: a printed ratio on it is wrong, a blank one right, all else cannot be known."""
        ratio = printed_ratio(node)
        if ratio is not None and self.on_zero(ratio[1]):
            if self.row.cell(ratio[0]).state == State.BLANK:  # a blank that is read as zero
                return Verdict(Code.NOT_APPLICABLE)
            return Verdict(Code.FAIL, notes=("zero-base",))
        return Verdict(Code.UNKNOWN, reason="zero-base")

    def on_zero(self, parts: tuple[Node, Node]) -> bool:
        """Whether the denominator prints zero and the numerator is there."""
        try:
            return not plain(parts[1], self.row) and plain(parts[0], self.row) is not None
        except (MissingError, ZeroBaseError):
            return False

    def settle(self, case: "_Comparison") -> Verdict:
        """A comparison whose figures are all there."""
        difference = Op("-", (case.left, case.right))
        if not ranges.has_sure_bases(difference, loose=False):
            raise ZeroBaseError
        left, right = ranges.printed(case.left), ranges.printed(case.right)
        found = Verdict(Code.FAIL, left, right, left - right, Fraction(0))
        if self.slack.kind == "rounding":
            return case.rounding(found, difference)
        allowed = self.slack.amount * (abs(right) if self.slack.kind == "relative" else 1)
        return replace(
            found, code=Code.PASS if case.within(found, allowed) else Code.FAIL, slack=allowed
        )


def _visible(node: Node) -> tuple[Node, ...]:
    """The nodes that make a value, without the conditions inside it."""
    if isinstance(node, If):
        branches = (node.yes,) if node.no is None else (node.yes, node.no)
        return tuple(part for branch in branches for part in _visible(branch))
    if isinstance(node, Call):
        if node.name in ("count", "count_present", "count_distinct", "decimals"):
            return (node,)
        return (node, *(part for arg in node.args for part in _visible(arg)))
    return (node, *(part for child in node.children() for part in _visible(child)))


def printed_ratio(node: Compare) -> tuple[Field, tuple[Node, Node]] | None:
    """The printed ratio and the (numerator, denominator) of ``ratio = a / b``, ``a / b - 1`` or the like; None elsewhere."""
    if node.op != "=":
        return None
    for ratio, other in ((node.left, node.right), (node.right, node.left)):
        parts = rewrite.quotient(other)
        if isinstance(ratio, Field) and ratio.type == "ratio" and parts is not None:
            return ratio, (parts[0], parts[1])
    return None


def _closes(left: Value, right: Value) -> bool:
    """Whether blanks may be zero: terms with coefficient ±1 against one printed figure."""
    for side, other in ((left, right), (right, left)):
        form = ranges.linear(side)
        if isinstance(other, Leaf) and not other.assumed and form is not None:
            return all(abs(factor) == 1 for leaf, factor in form.terms.values() if leaf.assumed)
    return False


@frozen
class _Comparison:
    """A comparison with its values."""

    node: Compare
    left: Value
    right: Value
    slack: Slack

    def within(self, found: Verdict, allowed: Fraction) -> bool:
        """Whether it holds when the sides may be ``allowed`` apart."""
        gap = found.difference or Fraction(0)
        match self.node.op:
            case "=":
                return abs(gap) <= allowed
            case "≤":
                return gap <= allowed
            case "<":
                return gap < allowed
            case "≥":
                return gap >= -allowed
            case _:
                return gap > -allowed

    def meets(self, low: Number, high: Number) -> bool:
        """Whether it holds somewhere in the range of the difference."""
        match self.node.op:
            case "=":
                return low <= 0 <= high
            case "≤":
                return low <= 0
            case "<":
                return low < 0
            case "≥":
                return high >= 0
            case _:
                return high > 0

    def rounding(self, found: Verdict, difference: Value) -> Verdict:
        """The outcome under ``tolerance: rounding``."""
        low, high = ranges.extent(difference, loose=False)
        strict = replace(found, slack=_leeway(found, low, high))
        if self.within(found, self.own_place() if self.node.op == "=" else Fraction(0)):
            return replace(strict, code=Code.PASS)
        dropped = self.dropped()
        if dropped is not None and self.within(found, dropped):
            return replace(strict, code=Code.PASS, notes=("short",))
        narrow = (
            self.slack.limit is None or abs(found.difference or Fraction(0)) <= self.slack.limit
        )
        if narrow and self.meets(low, high):
            notes = ("unlikely",) if self.is_unlikely(found, difference) else ()
            return replace(strict, code=Code.ROUNDING, notes=notes)
        if self.is_cut_off(found):
            return replace(strict, code=Code.ROUNDING, notes=("cut-off",))
        return self.loosened(strict, difference) if narrow else strict

    def loosened(self, strict: Verdict, difference: Value) -> Verdict:
        """The outcome when short prints are read one decimal coarser."""
        short = any(leaf.short for leaf in ranges.leaves(difference))
        if not short or not ranges.has_sure_bases(difference, loose=True):
            return strict
        low, high = ranges.extent(difference, loose=True)
        if not self.meets(low, high):
            return strict
        return replace(
            strict, code=Code.ROUNDING, slack=_leeway(strict, low, high), notes=("loosened",)
        )

    def own_place(self) -> Fraction:
        """Half the last printed place of the figure that stands alone on a side."""
        return max(
            (side.half(loose=False) for side in (self.left, self.right) if isinstance(side, Leaf)),
            default=Fraction(0),
        )

    def dropped(self) -> Fraction | None:
        """Half the last place of a short print, where one figure stands on each side and one decimal was dropped."""
        if not isinstance(self.left, Leaf) or not isinstance(self.right, Leaf):
            return None
        halves = [side.half(loose=True) for side in (self.left, self.right) if side.short_by_one]
        return max(halves, default=None)

    def is_cut_off(self, found: Verdict) -> bool:
        """Whether a printed ratio is the recomputed one with its further decimals left out."""
        if printed_ratio(self.node) is None:
            return False
        ratio, computed = (
            (self.left, found.right) if isinstance(self.left, Leaf) else (self.right, found.left)
        )
        if (
            not isinstance(ratio, Leaf)
            or ratio.exact
            or ratio.bounded
            or ratio.cell.place is None
            or computed is None
        ):
            return False
        place = max(
            ratio.cell.place, ratio.cell.place if ratio.cell.usual is None else ratio.cell.usual
        )
        return ranges.cut_off(computed, place) == ratio.value

    def is_unlikely(self, found: Verdict, difference: Value) -> bool:
        """Whether a linear difference is beyond three standard deviations of uniform rounding (``h²/3`` each)."""
        form = ranges.linear(difference)
        if form is None or any(leaf.bounded for leaf, _ in form.terms.values()):
            return False
        variance = sum(
            (factor * leaf.half(loose=False)) ** 2 / 3
            for leaf, factor in form.terms.values()
            if leaf.value or not leaf.term
        )
        return (found.difference or Fraction(0)) ** 2 > 9 * variance


def _leeway(found: Verdict, low: Number, high: Number) -> Fraction | None:
    """The distance from the difference to the end of its range that is nearer zero; None if that end is open."""
    gap = found.difference or Fraction(0)
    leeway = gap - low if gap >= 0 else high - gap
    return leeway if isinstance(leeway, Fraction) else None
