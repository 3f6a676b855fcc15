"""The meaning of every operator and function: one rule, one row, exact numbers. Slow and plain; the referee of all engines.

The order of questions is that of ``docs/outcomes.md``: all operands blank, a dash, the guard, what is missing, then the comparison.
"""

from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from fractions import Fraction

from perfrules.dataset import Cell
from perfrules.evaluate import ranges
from perfrules.evaluate.ranges import InexactError, Leaf, Op, Value, ZeroBaseError
from perfrules.evaluate.rows import Row
from perfrules.expr import rewrite
from perfrules.expr.nodes import (
    Arithmetic,
    Call,
    Compare,
    Field,
    If,
    In,
    IsBlank,
    Logic,
    Negate,
    Node,
    Not,
    Number,
    Rows,
    Steps,
    Text,
    Truth,
)
from perfrules.model import Rule, Slack
from perfrules.quantities.figures import INFINITY, State
from perfrules.tables import constant
from perfrules.verdicts import Code

_NUMERIC = frozenset({"money", "ratio", "points", "count", "number", "year", "date"})


@dataclass(frozen=True, slots=True)
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


class MissingError(Exception):
    """An operand is missing; ``cells`` are those that are."""

    def __init__(self, cells: tuple[Cell, ...]) -> None:
        super().__init__(cells)
        self.cells = cells


def evaluate(rule: Rule, row: Row, slack: Slack) -> Verdict:
    """The verdict of ``rule`` on ``row``."""
    guard, assertion = split(rule)
    operands = _operands(assertion, row)
    if operands and all(cell.state == State.BLANK for cell in operands):
        return Verdict(Code.NOT_APPLICABLE)
    if any(cell.state == State.DASH for cell in (*operands, *_operands(guard, row))):
        return Verdict(Code.NOT_APPLICABLE)
    for condition in guard:
        try:
            holds = truth(condition, row)
        except MissingError as gap:
            return _unknown(gap.cells)
        except ZeroBaseError:
            return Verdict(Code.UNKNOWN, reason="zero-base")
        if not holds:
            return Verdict(Code.NOT_APPLICABLE)
    return _Judge(row, slack).judge(assertion[0])


def split(rule: Rule) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """The guards of a rule, and its assertion: ``if A then B`` at the top adds ``A`` to the guards."""
    guards = (rule.guard,) if rule.guard is not None else ()
    node = rule.assertion
    while isinstance(node, If) and node.no is None:
        guards = (*guards, node.test)
        node = node.yes
    return guards, (node,)


def asks_blanks(node: Node) -> bool:
    """Whether ``node`` itself asks whether something is there, so that a blank is an answer and not a gap."""
    return isinstance(node, IsBlank) or (
        isinstance(node, Call)
        and node.name in ("present", "count_present", "count", "count_distinct")
    )


def _operands(nodes: tuple[Node, ...], row: Row) -> list[Cell]:
    """The cells that ``nodes`` compare; none where the nodes ask for blanks, since these are then answers."""
    if any(asks_blanks(part) for node in nodes for part in node.walk()):
        return [cell for node in nodes for cell in _dashes(node, row)]
    return [cell for node in nodes for cell in _cells(node, row)]


def _cells(node: Node, row: Row) -> list[Cell]:
    if isinstance(node, Field):
        return [row.cell(node)]
    if rewrite.is_aggregate(node) and isinstance(node, Call):
        return _summary(node, row)
    return [cell for child in node.children() for cell in _cells(child, row)]


def _dashes(node: Node, row: Row) -> list[Cell]:
    if asks_blanks(node):
        return []
    if isinstance(node, Field) or rewrite.is_aggregate(node):
        return [cell for cell in _cells(node, row) if cell.state == State.DASH]
    return [cell for child in node.children() for cell in _dashes(child, row)]


def _summary(call: Call, row: Row) -> list[Cell]:
    """An aggregate as one operand: blank or a dash only if all its cells are."""
    field = next(
        (part for arg in call.args for part in arg.walk() if isinstance(part, Field) and part.many),
        None,
    )
    if field is None:
        return []
    try:
        cells = [row.at(field.table, at).cell(field) for at in _selected(call, row)]
    except (MissingError, ZeroBaseError):
        cells = []
    for state in (State.BLANK, State.DASH):
        if cells and all(cell.state == state for cell in cells):
            return [cells[0]]
    return [Cell(field.table, -1, field.column, State.FIGURE)]


def rows_of(call: Call) -> Rows:
    """The rows that an aggregate runs over."""
    for arg in call.args:
        for part in arg.walk():
            if isinstance(part, Rows):
                return part
            if isinstance(part, Field) and part.many:
                return Rows(part.table, part.on, part.pins, part.shift)
    raise TypeError(call)


def _unknown(cells: tuple[Cell, ...]) -> Verdict:
    return Verdict(
        Code.UNKNOWN, reason=REASONS[cells[0].state] if cells else "no-row", missing=cells
    )


# ---- truth on printed values --------------------------------------------------------------------------------------------


def truth(node: Node, row: Row) -> bool:
    """Whether a condition holds on the printed values.

    Raises:
        MissingError: It cannot be decided because something is missing.
        ZeroBaseError: It cannot be decided because a denominator is zero.
    """
    match node:
        case Logic():
            return _logic(node, row)
        case Not():
            return not truth(node.item, row)
        case If():
            if truth(node.test, row):
                return truth(node.yes, row)
            return True if node.no is None else truth(node.no, row)
        case IsBlank():
            assert isinstance(node.item, Field)  # noqa: S101  # inference lets nothing else through
            return (
                row.cell(node.item).state in (State.BLANK, State.NO_ROW, State.NO_COLUMN)
            ) != node.negated
        case In():
            item = plain(node.item, row)
            return any(item == plain(option, row) for option in node.options) != node.negated
        case Compare():
            return _holds(node.op, plain(node.left, row), plain(node.right, row))
        case Truth():
            return node.value
        case Call():
            return _test(node, row)
        case _:
            return plain(node, row) is True


def _logic(node: Logic, row: Row) -> bool:
    """Three-valued: a part that is missing matters only where the others do not decide."""
    gap: MissingError | ZeroBaseError | None = None
    for item in node.items:
        try:
            if truth(item, row) == (node.op == "or"):
                return node.op == "or"
        except (MissingError, ZeroBaseError) as found:
            gap = gap or found
    if gap is not None:
        raise gap
    return node.op == "and"


def _holds(op: str, left: object, right: object) -> bool:
    if op in ("=", "≠"):
        return (left == right) == (op == "=")
    assert isinstance(left, Fraction)  # noqa: S101  # inference lets only numbers be ordered
    assert isinstance(right, Fraction)  # noqa: S101  # likewise
    return {"<": left < right, "≤": left <= right, ">": left > right, "≥": left >= right}[op]


def _test(node: Call, row: Row) -> bool:
    if node.name == "present":
        return bool(row.rows(rows_of(node)))
    if node.name == "matches":
        text, pattern = (plain(arg, row) for arg in node.args)
        return fnmatchcase(str(text), str(pattern).replace("[", "[[]"))
    found = [row.at(rows_of(node).table, at) for at in _selected(node, row)]
    items = tuple(Inner(node.args[0], at) for at in found)
    gap: MissingError | ZeroBaseError | None = None
    for item in items:
        try:
            if truth(item.node, item.row) == (node.name == "any"):
                return node.name == "any"
        except (MissingError, ZeroBaseError) as missing:
            gap = gap or missing
    if gap is not None:
        raise gap
    return node.name == "all"


@dataclass(frozen=True, slots=True)
class Inner:
    """A condition at one row of a finer table."""

    node: Node
    row: Row


def _selected(call: Call, row: Row) -> list[int]:
    """The rows of an aggregate that meet its ``where``; a dash there is no match.

    Raises:
        MissingError: For some row this cannot be decided.
    """
    rows = rows_of(call)
    found = row.rows(rows)
    if call.where is None:
        return found
    return [at for at in found if _matches(call.where, row.at(rows.table, at))]


def _matches(where: Node, row: Row) -> bool:
    try:
        return truth(where, row)
    except MissingError as gap:
        if all(cell.state == State.DASH for cell in gap.cells):
            return False
        raise


def plain(node: Node, row: Row) -> Fraction | str | bool:
    """The printed value of a node: a number in the base unit, a text, or a flag.

    Raises:
        MissingError, ZeroBaseError: There is none.
    """
    if isinstance(node, Text):
        return node.value
    if isinstance(node, Truth):
        return node.value
    if isinstance(node, Field) and node.type not in _NUMERIC:
        cell = row.cell(node)
        if cell.state != State.FIGURE or cell.value is None:
            raise MissingError((cell,))
        return cell.value
    if isinstance(node, Compare | Logic | Not | In | IsBlank) or (
        isinstance(node, Call) and node.name in ("any", "all", "present", "matches")
    ):
        return truth(node, row)
    value, gaps = _Reader(row).read(node)
    if gaps:
        raise MissingError(gaps)
    return ranges.printed(value)


# ---- values as trees over cells -----------------------------------------------------------------------------------------


class _Reader:
    """Reads a node into a value over cells; ``gaps`` collects what is missing, ``assumed`` the blanks that a closing sum makes zero."""

    def __init__(self, row: Row, *, closing: bool = False) -> None:
        self.row = row
        self.closing = closing
        self.gaps: list[Cell] = []
        self.assumed: list[Cell] = []

    def read(self, node: Node) -> tuple[Value, tuple[Cell, ...]]:
        value = self.value(node, term=False)
        return value, tuple(self.gaps)

    def value(self, node: Node, *, term: bool) -> Value:
        match node:
            case Number():
                return rewrite.number(node)
            case Field():
                return self.leaf(self.row.cell(node), term=term)
            case Negate():
                return Op("-", (Fraction(0), self.value(node.item, term=term)))
            case Arithmetic():
                return self.arithmetic(node, term=term)
            case If():
                return self.value(
                    node.yes if truth(node.test, self.row) else self.branch(node), term=term
                )
            case Call():
                return self.call(node)
            case _:
                raise TypeError(node)

    def branch(self, node: If) -> Node:
        if node.no is None:
            raise TypeError(node)
        return node.no

    def leaf(self, cell: Cell, *, term: bool) -> Value:
        if cell.state == State.FIGURE:
            return Leaf(cell, term)
        blank = cell.state == State.BLANK
        policy = (
            self.row.index.dataset.tables[cell.table].spec.columns[cell.column].blank
            if blank
            else "unknown"
        )
        if policy == "zero":
            return Leaf(cell, term, assumed=True)
        if policy == "zero-if-closes" and self.closing and term:
            self.assumed.append(cell)
            return Leaf(cell, term, assumed=True)
        self.gaps.append(cell)
        return Fraction(1)  # never used: a gap ends in unknown

    def arithmetic(self, node: Arithmetic, *, term: bool) -> Value:
        added = node.op in "+-"
        scaled = not added and any(_is_constant(side) for side in (node.left, node.right))
        part = added or (scaled and term and not (node.op == "/" and _is_constant(node.left)))
        return Op(node.op, (self.value(node.left, term=part), self.value(node.right, term=part)))

    def call(self, node: Call) -> Value:
        if rewrite.is_aggregate(node):
            return self.aggregate(node)
        args = node.args
        match node.name:
            case "min" | "max":
                return Op(node.name, tuple(self.value(arg, term=False) for arg in args))
            case "abs":
                return Op("abs", (self.value(args[0], term=False),))
            case "round" | "floor":
                places = (
                    int(ranges.printed(self.value(args[1], term=False))) if len(args) > 1 else 0
                )
                return Op(node.name, (self.value(args[0], term=False),), places)
            case "clip":
                item, low, high = (self.value(arg, term=False) for arg in args)
                return Op("min", (Op("max", (item, low)), high))
            case "coalesce":
                return self.first(args)
            case "step":
                return Op("step", (self.value(args[0], term=False),), step_table(args[1]))
            case "decimals":
                return self.decimals(args[0])
            case "count_present":
                return Fraction(
                    sum(row.state == State.FIGURE for arg in args for row in _cells(arg, self.row))
                )
            case _:
                raise TypeError(node)

    def first(self, args: tuple[Node, ...]) -> Value:
        gaps: list[Cell] = []
        for arg in args:
            inner = _Reader(self.row)
            value = inner.value(arg, term=False)
            if not inner.gaps:
                return value
            gaps += inner.gaps
        self.gaps += gaps
        return Fraction(1)  # never used: a gap ends in unknown

    def decimals(self, node: Node) -> Value:
        assert isinstance(node, Field)  # noqa: S101  # inference lets nothing else through
        cell = self.row.cell(node)
        measure = self.row.index.dataset.tables[cell.table].measures.get(cell.column)
        if cell.state != State.FIGURE or measure is None:
            self.gaps.append(cell)
            return Fraction(1)
        place = cell.place if cell.place is not None else measure.scale
        return Fraction(place - measure.unit_place)

    def aggregate(self, call: Call) -> Value:
        rows = rows_of(call)
        try:
            found = [self.row.at(rows.table, at) for at in _selected(call, self.row)]
        except MissingError as gap:
            self.gaps += gap.cells
            return Fraction(1)
        if call.name == "count":
            return Fraction(len(found))
        if call.name in ("count_present", "count_distinct"):
            return self.counted(call, found)
        parts: list[Value] = []
        for row in found:
            inner = _Reader(row, closing=self.closing)
            part = inner.value(call.args[0], term=call.name in ("sum", "mean"))
            if inner.gaps and all(cell.state == State.DASH for cell in inner.gaps):
                continue
            self.gaps += inner.gaps
            self.assumed += inner.assumed
            parts.append(part)
        if not parts and not self.gaps:
            self.gaps.append(Cell(rows.table, -1, _column(call), State.NO_ROW))
            return Fraction(1)
        if call.name == "mean":
            return Op("/", (Op("+", tuple(parts)), Fraction(len(parts) or 1)))
        return Op({"sum": "+"}.get(call.name, call.name), tuple(parts) or (Fraction(1),))

    def counted(self, call: Call, found: list[Row]) -> Value:
        field = call.args[0]
        assert isinstance(field, Field)  # noqa: S101  # inference lets nothing else through
        values = [
            cell.value for cell in (row.cell(field) for row in found) if cell.state == State.FIGURE
        ]
        return Fraction(len(values) if call.name == "count_present" else len(set(values)))


def _is_constant(node: Node) -> bool:
    form = rewrite.linear(node)
    return form is not None and not form.terms


def _column(call: Call) -> str:
    return next(
        (part.column for arg in call.args for part in arg.walk() if isinstance(part, Field)), ""
    )


def step_table(node: Node) -> tuple[tuple[Fraction | float, bool, Fraction], ...]:
    """A step table in exact numbers."""
    if not isinstance(node, Steps):
        raise TypeError(node)
    return tuple(
        (_number(bound) if bound else INFINITY, closed, _number(score))
        for bound, closed, score in node.table
    )


def _number(text: str) -> Fraction:
    found = constant(text)
    if found is None:
        raise ValueError(text)
    return found[0]


# ---- outcomes -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Judge:
    """Judges the conditions of one assertion."""

    row: Row
    slack: Slack

    def judge(self, node: Node) -> Verdict:
        match node:
            case Logic():
                return self.logic(node)
            case If():
                return self.choice(node)
            case Compare() if self.is_numeric(node):
                return self.compare(node)
            case _:
                return self.printed(node)

    def is_numeric(self, node: Compare) -> bool:
        return node.op != "≠" and not any(
            isinstance(part, Text | Truth)
            or (isinstance(part, Field) and part.type not in _NUMERIC)
            for side in (node.left, node.right)
            for part in _visible(side)
        )

    def printed(self, node: Node) -> Verdict:
        try:
            return Verdict(Code.PASS if truth(node, self.row) else Code.FAIL)
        except MissingError as gap:
            return _unknown(gap.cells)
        except ZeroBaseError:
            return Verdict(Code.UNKNOWN, reason="zero-base")

    def logic(self, node: Logic) -> Verdict:
        parts = [self.judge(item) for item in node.items]
        codes = [Code.UNKNOWN if part.code == Code.NOT_APPLICABLE else part.code for part in parts]
        code = min(codes) if node.op == "and" else max(codes)
        return replace(parts[codes.index(code)], code=code)

    def choice(self, node: If) -> Verdict:
        try:
            holds = truth(node.test, self.row)
        except MissingError as gap:
            return _unknown(gap.cells)
        except ZeroBaseError:
            return Verdict(Code.UNKNOWN, reason="zero-base")
        if holds:
            return self.judge(node.yes)
        return Verdict(Code.PASS) if node.no is None else self.judge(node.no)

    def compare(self, node: Compare) -> Verdict:
        try:
            reader = _Reader(self.row, closing=node.op == "=")
            left = reader.value(node.left, term=False)
            right = reader.value(node.right, term=False)
            gaps = tuple(reader.gaps)
            if gaps or (reader.assumed and not _closes(left, right)):
                return self.without(node, gaps or tuple(reader.assumed))
            verdict = self.settle(_Comparison(node, left, right, self.slack))
        except MissingError as gap:
            return _unknown(gap.cells)
        except ZeroBaseError:
            return replace(self.zero_base(node), node=node)
        except InexactError:
            return Verdict(Code.UNKNOWN, reason="inexact", node=node)
        if reader.assumed:
            if verdict.code not in (Code.PASS, Code.ROUNDING):
                return _unknown(tuple(reader.assumed))
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
        return _unknown(gaps)

    def zero_base(self, node: Compare) -> Verdict:
        ratio = printed_ratio(node)
        if (
            ratio is not None
            and self.row.cell(ratio[0]).state == State.FIGURE
            and self.on_zero(ratio[1])
        ):
            return Verdict(Code.FAIL, notes=("zero-base",))
        return Verdict(Code.UNKNOWN, reason="zero-base")

    def on_zero(self, parts: tuple[Node, Node]) -> bool:
        """Whether the denominator prints zero and the numerator is there."""
        try:
            return not plain(parts[1], self.row) and plain(parts[0], self.row) is not None
        except (MissingError, ZeroBaseError):
            return False

    def settle(self, case: "_Comparison") -> Verdict:
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


@dataclass(frozen=True, slots=True)
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

    def meets(self, low: Fraction | float, high: Fraction | float) -> bool:
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
        narrow = self.slack.limit is None or abs(found.difference or 0) <= self.slack.limit
        if self.meets(low, high):
            notes = ("unlikely",) if self.is_unlikely(found, difference) else ()
            return replace(strict, code=Code.ROUNDING if narrow else Code.FAIL, notes=notes)
        if self.is_cut_off(found):
            return replace(strict, code=Code.ROUNDING, notes=("cut-off",))
        return self.loosened(strict, difference, narrow=narrow)

    def loosened(self, strict: Verdict, difference: Value, *, narrow: bool) -> Verdict:
        if not any(leaf.short for leaf in ranges.leaves(difference)) or not ranges.has_sure_bases(
            difference, loose=True
        ):
            return strict
        low, high = ranges.extent(difference, loose=True)
        if not self.meets(low, high):
            return strict
        code = Code.ROUNDING if narrow else Code.FAIL
        return replace(strict, code=code, slack=_leeway(strict, low, high), notes=("loosened",))

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


def _leeway(found: Verdict, low: Fraction | float, high: Fraction | float) -> Fraction | None:
    """The distance from the difference to the end of its range that is nearer zero; None if that end is open."""
    gap = found.difference or Fraction(0)
    leeway = gap - low if gap >= 0 else high - gap
    return leeway if isinstance(leeway, Fraction) else None
