"""What a rule must say of figures printed in full, reckoned from the coefficients of its ground form.

This asks neither the reference evaluator nor an engine: it is what their answers are compared with. What it cannot reckon for
certain it does not say.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from fractions import Fraction
from math import floor

from perfrules.model import Pack, Slack
from perfrules.testing.generate.grids import Grid, grid_of
from perfrules.testing.generate.ground import (
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
)
from perfrules.testing.generate.skeleton import Slot

Record = Mapping[Slot, int | str | None]
"""What each slot holds: a number of units of its last place, a text, or nothing."""


class UnpredictableError(Exception):
    """What the rule must say cannot be reckoned here."""


class MissingError(Exception):
    """An operand is missing; ``slots`` are those that are."""

    def __init__(self, slots: tuple[Slot, ...]) -> None:
        super().__init__(slots)
        self.slots = slots


class _Rank(IntEnum):
    FAIL = 0
    UNKNOWN = 1
    ROUNDING = 2
    PASS = 3


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a rule must say of a row: the outcome, and of ``unknown`` the slots that are missing."""

    outcome: str
    missing: frozenset[Slot] = frozenset()


@dataclass(frozen=True, slots=True)
class Term:
    """A figure in a resolved value; ``added`` says that it is a term of a sum, where a printed zero is exact."""

    slot: Slot
    added: bool


Plain = Fraction | Term | Op
"""A value without conditions."""


@dataclass(frozen=True, slots=True)
class Linear:
    """``constant + Σ coefficient · figure``."""

    terms: dict[Slot, Fraction]
    constant: Fraction


@dataclass(frozen=True, slots=True)
class Oracle:
    """Reckons outcomes over one record."""

    pack: Pack
    record: Record
    _grids: dict[Slot, Grid] = field(default_factory=dict)

    def predict(self, instance: Instance) -> Prediction:
        """What the rule must say.

        Raises:
            UnpredictableError: This cannot be told for certain.
        """
        if instance.operands and not any(map(self._holds, instance.operands)):
            if instance.summed:
                raise UnpredictableError
            if all(slot.row >= 0 for slot in instance.operands):
                return Prediction("not-applicable")
        try:
            if not self.truth(instance.guard):
                return Prediction("not-applicable")
        except MissingError as gap:
            return Prediction("unknown", frozenset(gap.slots))
        rank, missing = self._judged(instance.assertion, instance.slack)
        return Prediction(rank.name.lower(), missing if rank == _Rank.UNKNOWN else frozenset())

    # ---- figures ----------------------------------------------------------------------------------------------------

    def grid(self, slot: Slot) -> Grid:
        """The grid of a slot that holds a number."""
        if slot not in self._grids:
            found = grid_of(slot, self.pack)
            if found is None:
                raise UnpredictableError
            self._grids[slot] = found
        return self._grids[slot]

    def _holds(self, slot: Slot) -> bool:
        return slot.row >= 0 and self.record.get(slot) is not None

    def figure(self, slot: Slot) -> Fraction:
        """The number in a slot."""
        held = self.record.get(slot) if slot.row >= 0 else None
        if held is None:
            if self._blank(slot) == "unknown":
                raise MissingError((slot,))
            return Fraction(0)
        return int(held) * self.grid(slot).unit

    def _blank(self, slot: Slot) -> str:
        """What a blank in a slot stands for."""
        return self.pack.tables[slot.table].columns[slot.column].blank if slot.row >= 0 else "unknown"

    # ---- conditions on what is printed ------------------------------------------------------------------------------

    def truth(self, cond: Cond) -> bool:
        """Whether a condition holds on what is printed.

        Raises:
            MissingError: Something is missing that decides it.
        """
        match cond:
            case Known(value):
                return value
            case Present(slot):
                return self._holds(slot)
            case Same(left, right):
                return self._text(left) == self._text(right)
            case Opposite(item):
                return not self.truth(item)
            case Switch(test, yes, no):
                return self.truth(yes) if self.truth(test) else self.truth(no)
            case Both(op, items):
                return self._decided(items, ends=op == "or")
            case Comparison(op, left, right):
                return holds(op, self.number(left) - self.number(right))

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
        if not self._holds(side):
            raise MissingError((side,))
        return str(self.record[side])

    # ---- values -----------------------------------------------------------------------------------------------------

    def number(self, value: Value) -> Fraction:
        """A value on the printed figures."""
        return self.printed(self.resolved(value, added=False))

    def resolved(self, value: Value, *, added: bool) -> Plain:
        """A value with its conditions decided.

        Raises:
            MissingError: With everything that is missing.
        """
        gaps = _Gaps()
        made = self._resolved(value, added=added, gaps=gaps)
        if gaps.missing:
            raise MissingError(tuple(gaps.missing))
        return made

    def _resolved(self, value: Value, *, added: bool, gaps: "_Gaps") -> Plain:
        match value:
            case Fraction():
                return value
            case Slot():
                if not self._holds(value) and self._blank(value) != "zero":
                    gaps.take(value, assumed=added and self._blank(value) == "zero-if-closes")
                return Term(value, added)
            case Op(name, args):
                term = _is_added(value, added=added)
                return Op(
                    name,
                    tuple(self._resolved(arg, added=term, gaps=gaps) for arg in args),
                    value.decimals,
                    value.steps,
                )
            case Choice(test, yes, no):
                return self._resolved(yes if self.truth(test) else no, added=added, gaps=gaps)
            case First(args):
                for arg in args:
                    try:
                        return self.resolved(arg, added=False)
                    except MissingError as gap:
                        gaps.missing.update(dict.fromkeys(gap.slots))
                return Fraction(1)  # never used: a gap ends in unknown
            case Filled(slots):
                return Fraction(sum(self._holds(slot) for slot in slots))
            case Total():
                return self._total(value, gaps)

    def _total(self, value: Total, gaps: "_Gaps") -> Plain:
        parts = [part for where, part in value.parts if self.truth(where)]
        if value.name == "count":
            return Fraction(len(parts))
        if not parts:
            raise MissingError(())
        term = value.name in ("sum", "mean")
        args = tuple(self._resolved(part, added=term, gaps=gaps) for part in parts)
        if value.name == "mean":
            return Op("/", (Op("+", args), Fraction(len(args))))
        return Op("+" if value.name == "sum" else value.name, args)

    def printed(self, value: Plain) -> Fraction:
        """A resolved value on the printed figures."""
        if isinstance(value, Fraction):
            return value
        if isinstance(value, Term):
            return self.figure(value.slot)
        return applied(value, [self.printed(arg) for arg in _plains(value)])

    # ---- judged with accuracy ---------------------------------------------------------------------------------------

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
            if isinstance(cond, Comparison) and cond.ratio in gap.slots and not self._has_base(cond):
                raise UnpredictableError from gap  # a blank ratio on a base of zero is as it should be
            return _Rank.UNKNOWN, frozenset(gap.slots)

    def _has_base(self, cond: Comparison) -> bool:
        """Whether the quotient beside a blank ratio is there, with a base that is not zero."""
        other = cond.right if cond.left == cond.ratio else cond.left
        try:
            self.number(other)
        except (MissingError, UnpredictableError):
            return False
        return True

    def _compared(self, cond: Comparison, slack: Slack) -> _Rank:
        gaps = _Gaps(closing=cond.op == "=")
        left, right = self._sides(cond, gaps)
        if gaps.missing or (gaps.assumed and not _closes(left, right, gaps.assumed)):
            raise MissingError(tuple(gaps.missing or gaps.assumed))
        rank = self._ranked(cond, left, right, slack)
        if gaps.assumed and rank < _Rank.ROUNDING:
            raise MissingError(tuple(gaps.assumed))
        return rank

    def _ranked(self, cond: Comparison, left: Plain, right: Plain, slack: Slack) -> _Rank:
        difference = Op("-", (left, right))
        terms = _terms(difference)
        for base in _bases(difference):
            low, high = self._extent(base, terms)
            if low <= 0 <= high:
                raise UnpredictableError
        gap = self.printed(difference)
        if holds(cond.op, gap, self._band(cond, left, right, slack)):
            return _Rank.PASS
        if slack.kind != "rounding":
            return _Rank.FAIL
        if (slack.limit is None or abs(gap) <= slack.limit) and meets(
            cond.op, *self._extent(difference, terms)
        ):
            return _Rank.ROUNDING
        return _Rank.ROUNDING if self._is_cut_off(cond, left, right) else _Rank.FAIL

    def _sides(self, cond: Comparison, gaps: "_Gaps") -> tuple[Plain, Plain]:
        left = self._resolved(cond.left, added=False, gaps=gaps)
        return left, self._resolved(cond.right, added=False, gaps=gaps)

    def band(self, cond: Comparison, slack: Slack) -> Fraction:
        """How far the sides of a judged comparison may be apart and pass.

        Raises:
            MissingError: A side is missing.
        """
        gaps = _Gaps()
        left, right = self._sides(cond, gaps)
        if gaps.missing:
            raise MissingError(tuple(gaps.missing))
        return self._band(cond, left, right, slack)

    def _band(self, cond: Comparison, left: Plain, right: Plain, slack: Slack) -> Fraction:
        if slack.kind == "rounding":
            return self._own_place(left, right) if cond.op == "=" else Fraction(0)
        return slack.amount * (abs(self.printed(right)) if slack.kind == "relative" else 1)

    def _own_place(self, left: Plain, right: Plain) -> Fraction:
        alone = [side for side in (left, right) if isinstance(side, Term) and self._holds(side.slot)]
        return max((self.grid(side.slot).half for side in alone), default=Fraction(0))

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

    def _half(self, slot: Slot, terms: Mapping[Slot, bool]) -> Fraction:
        if not self._holds(slot) or (terms[slot] and not self.figure(slot)):
            return Fraction(0)
        return self.grid(slot).half

    def _extent(self, value: Plain, terms: Mapping[Slot, bool]) -> tuple[Fraction, Fraction]:
        """The range of a value when every figure runs over its interval."""
        form = linear(value)
        if form is not None:
            middle = form.constant + sum(
                factor * self.figure(slot) for slot, factor in form.terms.items()
            )
            reach = sum(
                (abs(factor) * self._half(slot, terms) for slot, factor in form.terms.items()),
                Fraction(0),
            )
            return middle - reach, middle + reach
        seen: dict[Slot, int] = {}
        for term in figures(value):
            if self.grid(term.slot).half:
                seen[term.slot] = seen.get(term.slot, 0) + 1
        if any(times > 1 for times in seen.values()):
            raise UnpredictableError
        return self._interval(value, terms)

    def _interval(self, value: Plain, terms: Mapping[Slot, bool]) -> tuple[Fraction, Fraction]:
        if isinstance(value, Fraction):
            return value, value
        if isinstance(value, Term):
            middle, half = self.figure(value.slot), self._half(value.slot, terms)
            return middle - half, middle + half
        ends = [self._interval(arg, terms) for arg in _plains(value)]
        match value.name:
            case "+":
                return sum(e[0] for e in ends) + Fraction(0), sum(e[1] for e in ends) + Fraction(0)
            case "-" if len(ends) == 1:
                return -ends[0][1], -ends[0][0]
            case "-":
                return ends[0][0] - ends[1][1], ends[0][1] - ends[1][0]
            case "*" | "/":
                corners = [applied(value, [a, b]) for a in ends[0] for b in ends[1]]
                return min(corners), max(corners)
            case "abs":
                low, high = ends[0]
                far = max(abs(low), abs(high))
                return (Fraction(0) if low <= 0 <= high else min(abs(low), abs(high))), far
            case "min" | "max" | "round" | "floor":
                return applied(value, [e[0] for e in ends]), applied(value, [e[1] for e in ends])
            case _:
                raise UnpredictableError


@dataclass(slots=True)
class _Gaps:
    """What is missing of a value, and which blanks are read as zero because the sum may close with them."""

    closing: bool = False
    missing: dict[Slot, None] = field(default_factory=dict)
    assumed: dict[Slot, None] = field(default_factory=dict)

    def take(self, slot: Slot, *, assumed: bool) -> None:
        """Take note of a blank."""
        (self.assumed if assumed and self.closing else self.missing)[slot] = None


def _closes(left: Plain, right: Plain, assumed: Mapping[Slot, None]) -> bool:
    """Whether blanks may be zero: terms with coefficient ±1 against one printed figure."""
    for side, other in ((left, right), (right, left)):
        form = linear(side)
        if isinstance(other, Term) and other.slot not in assumed and form is not None:
            return all(abs(form.terms.get(slot, Fraction(1))) == 1 for slot in assumed)
    return False


def holds(op: str, gap: Fraction, allowed: Fraction = Fraction(0)) -> bool:
    """Whether a comparison holds whose sides differ by ``gap`` and may differ by ``allowed``."""
    match op:
        case "=":
            return abs(gap) <= allowed
        case "≠":
            return gap != 0
        case "≤":
            return gap <= allowed
        case "<":
            return gap < allowed
        case "≥":
            return gap >= -allowed
        case _:
            return gap > -allowed


def meets(op: str, low: Fraction, high: Fraction) -> bool:
    """Whether a comparison holds somewhere in the range of its difference."""
    match op:
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


def applied(op: Op, args: list[Fraction]) -> Fraction:
    """An operation on numbers.

    Raises:
        UnpredictableError: A denominator is zero.
    """
    match op.name:
        case "+":
            return sum(args, Fraction(0))
        case "-":
            return args[0] - args[1] if len(args) > 1 else -args[0]
        case "*":
            return args[0] * args[1]
        case "/":
            if not args[1]:
                raise UnpredictableError
            return args[0] / args[1]
        case "min":
            return min(args)
        case "max":
            return max(args)
        case "abs":
            return abs(args[0])
        case "step":
            return next(score for bound, closed, score in op.steps if args[0] < bound or (closed and args[0] == bound))
        case "floor":
            unit = Fraction(10) ** -op.decimals
            return floor(args[0] / unit) * unit
        case _:
            return rounded(args[0], op.decimals)


def rounded(value: Fraction, decimals: int) -> Fraction:
    """A number to so many decimals, half away from zero."""
    unit = Fraction(10) ** -decimals
    whole = floor(abs(value) / unit + Fraction(1, 2)) * unit
    return whole if value >= 0 else -whole


def _plains(op: Op) -> tuple[Plain, ...]:
    return op.args  # type: ignore[return-value]  # a resolved operation has resolved arguments


def _is_constant(value: Value) -> bool:
    return isinstance(value, Fraction) or (
        isinstance(value, Op) and all(_is_constant(arg) for arg in value.args)
    )


def _is_added(op: Op, *, added: bool) -> bool:
    """Whether the arguments of an operation are terms of a sum, scaled by constants perhaps."""
    if op.name in ("+", "-"):
        return added if len(op.args) == 1 and op.name == "-" else True
    if op.name not in ("*", "/") or not any(map(_is_constant, op.args)):
        return False
    return added and not (op.name == "/" and _is_constant(op.args[0]))


def figures(value: Plain) -> Iterator[Term]:
    if isinstance(value, Term):
        yield value
    elif isinstance(value, Op):
        for arg in _plains(value):
            yield from figures(arg)


def _terms(value: Plain) -> dict[Slot, bool]:
    """Whether each figure is a term wherever it occurs."""
    found: dict[Slot, bool] = {}
    for term in figures(value):
        found[term.slot] = found.get(term.slot, True) and term.added
    return found


def _bases(value: Plain) -> Iterator[Plain]:
    if isinstance(value, Op):
        if value.name == "/":
            yield _plains(value)[1]
        for arg in _plains(value):
            yield from _bases(arg)


def linear(value: Value | Plain) -> Linear | None:
    """A value as a linear form; None if it is none, or depends on conditions."""
    if isinstance(value, Fraction):
        return Linear({}, value)
    if isinstance(value, Term | Slot):
        slot = value if isinstance(value, Slot) else value.slot
        return Linear({slot: Fraction(1)}, Fraction(0))
    if isinstance(value, Total) and value.name == "sum":
        parts = value.parts if all(where == Known(value=True) for where, _ in value.parts) else ()
        return _all("+", tuple(part for _, part in parts)) if parts else None
    if isinstance(value, Op) and value.name in ("+", "-", "*", "/"):
        return _all(value.name, value.args)
    return None


def _all(name: str, args: tuple[Value, ...]) -> Linear | None:
    forms = [linear(arg) for arg in args]
    if any(form is None for form in forms):
        return None
    return _combined(name, [form for form in forms if form is not None])


def _combined(name: str, forms: list[Linear]) -> Linear | None:
    if name in "+-":
        terms: dict[Slot, Fraction] = {}
        constant = Fraction(0)
        for number, form in enumerate(forms):
            sign = -1 if name == "-" and (number or len(forms) == 1) else 1
            constant += sign * form.constant
            for slot, factor in form.terms.items():
                terms[slot] = terms.get(slot, Fraction(0)) + sign * factor
        return Linear({slot: factor for slot, factor in terms.items() if factor}, constant)
    first, second = forms
    if name == "/":
        if second.terms or not second.constant:
            return None
        return _scaled(first, 1 / second.constant)
    if not second.terms:
        return _scaled(first, second.constant)
    return None if first.terms else _scaled(second, first.constant)


def _scaled(form: Linear, factor: Fraction) -> Linear:
    return Linear(
        {slot: value * factor for slot, value in form.terms.items() if factor}, form.constant * factor
    )
