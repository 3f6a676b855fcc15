"""What stands in a row: conditions on printed values, and values as trees over cells."""

from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from fractions import Fraction
from functools import partial, singledispatch

from perfrules.dataset import Cell
from perfrules.evaluate import ranges
from perfrules.evaluate.ranges import Leaf, Op, Value, ZeroBaseError
from perfrules.evaluate.reference.steps import step_table
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
    Text,
    Truth,
)
from perfrules.quantities.figures import State

NUMERIC = frozenset({"money", "ratio", "points", "count", "number", "year", "date"})
"""Types whose cells are numbers here; a date is its ordinal."""


class MissingError(Exception):
    """An operand is missing; ``cells`` are those that are."""

    def __init__(self, cells: tuple[Cell, ...]) -> None:
        super().__init__(cells)
        self.cells = cells


def rows_of(call: Call) -> Rows:
    """The rows that an aggregate runs over."""
    for arg in call.args:
        for part in arg.walk():
            if isinstance(part, Rows):
                return part
            if isinstance(part, Field) and part.many:
                return Rows(part.table, part.on, part.pins, part.shift)
    raise TypeError(call)


@singledispatch
def truth(node: Node, row: Row) -> bool:
    """Whether a condition holds on the printed values.

    Raises:
        MissingError: It cannot be decided because something is missing.
        ZeroBaseError: It cannot be decided because a denominator is zero.
    """
    return plain(node, row) is True


@truth.register
def _(node: Logic, row: Row) -> bool:
    """Three-valued: a part that is missing matters only where the others do not decide."""
    return _decided((partial(truth, item, row) for item in node.items), ends=node.op == "or")


@truth.register
def _(node: Not, row: Row) -> bool:
    return not truth(node.item, row)


@truth.register
def _(node: If, row: Row) -> bool:
    if truth(node.test, row):
        return truth(node.yes, row)
    return True if node.no is None else truth(node.no, row)


@truth.register
def _(node: IsBlank, row: Row) -> bool:
    empty = (State.BLANK, State.NO_ROW, State.NO_COLUMN)
    return (row.cell(_field(node.item)).state in empty) != node.negated


@truth.register
def _(node: In, row: Row) -> bool:
    item = plain(node.item, row)

    def same(option: Node) -> bool:
        return item == plain(option, row)

    return _decided((partial(same, option) for option in node.options), ends=True) != node.negated


@truth.register
def _(node: Compare, row: Row) -> bool:
    return _holds(node.op, plain(node.left, row), plain(node.right, row))


@truth.register
def _(node: Truth, row: Row) -> bool:  # noqa: ARG001  # the row says nothing about a literal
    return node.value


@truth.register
def _(node: Call, row: Row) -> bool:
    if node.name == "present":
        return bool(row.rows(rows_of(node)))
    if node.name == "matches":
        text, pattern = (plain(arg, row) for arg in node.args)
        return fnmatchcase(str(text), str(pattern).replace("[", "[[]"))
    table = rows_of(node).table
    return _decided(
        (partial(truth, node.args[0], row.at(table, at)) for at in selected(node, row)),
        ends=node.name == "any",
    )


def _decided(parts: Iterable[Callable[[], bool]], *, ends: bool) -> bool:
    """Whether some part is ``ends``; a part that cannot be decided matters only if no other part is."""
    gap: MissingError | ZeroBaseError | None = None
    for part in parts:
        try:
            if part() == ends:
                return ends
        except (MissingError, ZeroBaseError) as found:
            gap = gap or found
    if gap is not None:
        raise gap
    return not ends


def _field(node: Node) -> Field:
    """A node that inference lets be nothing but a field."""
    if not isinstance(node, Field):
        raise TypeError(node)
    return node


def _holds(op: str, left: object, right: object) -> bool:
    if op in ("=", "≠"):
        return (left == right) == (op == "=")
    assert isinstance(left, Fraction)  # noqa: S101  # inference lets only numbers be ordered
    assert isinstance(right, Fraction)  # noqa: S101  # likewise
    return {"<": left < right, "≤": left <= right, ">": left > right, "≥": left >= right}[op]


def selected(call: Call, row: Row) -> list[int]:
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
    if isinstance(node, Field) and node.type not in NUMERIC:
        cell = row.cell(node)
        if cell.state != State.FIGURE or cell.value is None:
            raise MissingError((cell,))
        return cell.value
    if isinstance(node, Compare | Logic | Not | In | IsBlank) or (
        isinstance(node, Call) and node.name in ("any", "all", "present", "matches")
    ):
        return truth(node, row)
    reader = Reader(row)
    value = reader.value(node, term=False)
    if reader.gaps:
        raise MissingError(tuple(reader.gaps))
    return ranges.printed(value)


# ---- values as trees over cells --------------------------------------------------------------------------------


class Reader:
    """Reads a node into a value over cells; ``gaps`` collects what is missing, ``assumed`` the blanks that a closing sum makes zero."""

    def __init__(self, row: Row, *, closing: bool = False) -> None:
        self.row = row
        self.closing = closing
        self.gaps: list[Cell] = []
        self.assumed: list[Cell] = []

    def value(self, node: Node, *, term: bool) -> Value:
        """The value of ``node``; ``term`` says that it is added or subtracted."""
        return _value(node, self, term=term)

    def leaf(self, cell: Cell, *, term: bool) -> Value:
        """A cell as a figure, by its column's word on blanks."""
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

    # ---- functions of this row ----------------------------------------------------------------------------------

    def least_or_greatest(self, name: str, args: tuple[Node, ...]) -> Value:
        """``min`` and ``max`` of several values."""
        return Op(name, tuple(self.value(arg, term=False) for arg in args))

    def absolute(self, args: tuple[Node, ...]) -> Value:
        """``abs``."""
        return Op("abs", (self.value(args[0], term=False),))

    def to_decimals(self, name: str, args: tuple[Node, ...]) -> Value:
        """``round`` and ``floor``."""
        places = int(ranges.printed(self.value(args[1], term=False))) if len(args) > 1 else 0
        return Op(name, (self.value(args[0], term=False),), places)

    def clipped(self, args: tuple[Node, ...]) -> Value:
        """``clip``."""
        item, low, high = (self.value(arg, term=False) for arg in args)
        return Op("min", (Op("max", (item, low)), high))

    def stepped(self, args: tuple[Node, ...]) -> Value:
        """``step``."""
        return Op("step", (self.value(args[0], term=False),), steps=step_table(args[1]))

    def filled(self, args: tuple[Node, ...]) -> Value:
        """``count_present`` of several columns."""
        cells = [self.row.cell(_field(arg)) for arg in args]
        return Fraction(sum(cell.state == State.FIGURE for cell in cells))

    def first(self, args: tuple[Node, ...]) -> Value:
        """``coalesce``."""
        gaps: list[Cell] = []
        for arg in args:
            inner = Reader(self.row)
            value = inner.value(arg, term=False)
            if not inner.gaps:
                return value
            gaps += inner.gaps
        self.gaps += gaps
        return Fraction(1)  # never used: a gap ends in unknown

    def decimals(self, args: tuple[Node, ...]) -> Value:
        """``decimals``: printed places beyond those of the unit."""
        cell = self.row.cell(_field(args[0]))
        table = self.row.index.dataset.tables.get(cell.table)
        measure = table.measures.get(cell.column) if table else None
        if cell.state != State.FIGURE or measure is None or table is None:
            self.gaps.append(cell)
            return Fraction(1)  # never used: a gap ends in unknown
        line = self.row.index.line(table, cell.row)
        return Fraction(line.places(cell.column) - measure.unit_place)

    # ---- functions over rows ------------------------------------------------------------------------------------

    def aggregate(self, call: Call) -> Value:
        """A function over the rows that meet this one."""
        rows = rows_of(call)
        try:
            found = [self.row.at(rows.table, at) for at in selected(call, self.row)]
        except MissingError as gap:
            self.gaps += gap.cells
            return Fraction(1)
        if call.name == "count":
            return Fraction(len(found))
        if call.name in ("count_present", "count_distinct"):
            return self.counted(call, found)
        parts: list[Value] = []
        for row in found:
            inner = Reader(row, closing=self.closing)
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
        """``count_present`` and ``count_distinct``."""
        field = _field(call.args[0])
        values = [
            cell.value for cell in (row.cell(field) for row in found) if cell.state == State.FIGURE
        ]
        return Fraction(len(values) if call.name == "count_present" else len(set(values)))


@singledispatch
def _value(node: Node, reader: Reader, *, term: bool) -> Value:
    raise TypeError(node, reader, term)


@_value.register
def _(node: Number, reader: Reader, *, term: bool) -> Value:  # noqa: ARG001  # a literal is exact anywhere
    return rewrite.number(node)


@_value.register
def _(node: Field, reader: Reader, *, term: bool) -> Value:
    return reader.leaf(reader.row.cell(node), term=term)


@_value.register
def _(node: Negate, reader: Reader, *, term: bool) -> Value:
    return Op("-", (Fraction(0), reader.value(node.item, term=term)))


@_value.register
def _(node: Arithmetic, reader: Reader, *, term: bool) -> Value:
    added = node.op in "+-"
    scaled = not added and any(_is_constant(side) for side in (node.left, node.right))
    part = added or (scaled and term and not (node.op == "/" and _is_constant(node.left)))
    return Op(node.op, (reader.value(node.left, term=part), reader.value(node.right, term=part)))


@_value.register
def _(node: If, reader: Reader, *, term: bool) -> Value:
    chosen = node.yes if truth(node.test, reader.row) else node.no
    if chosen is None:  # inference demands an else where a value is due
        raise TypeError(node)
    return reader.value(chosen, term=term)


@_value.register
def _(node: Call, reader: Reader, *, term: bool) -> Value:  # noqa: ARG001  # a function's value stands for itself
    if rewrite.is_aggregate(node):
        return reader.aggregate(node)
    return _FUNCTIONS[node.name](reader, node.args)


_FUNCTIONS: dict[str, Callable[[Reader, tuple[Node, ...]], Value]] = {
    "min": lambda reader, args: reader.least_or_greatest("min", args),
    "max": lambda reader, args: reader.least_or_greatest("max", args),
    "abs": Reader.absolute,
    "round": lambda reader, args: reader.to_decimals("round", args),
    "floor": lambda reader, args: reader.to_decimals("floor", args),
    "clip": Reader.clipped,
    "coalesce": Reader.first,
    "step": Reader.stepped,
    "decimals": Reader.decimals,
    "count_present": Reader.filled,
}
"""Functions of a single row; ``growth`` and ``share`` are written as quotients before."""


def _is_constant(node: Node) -> bool:
    form = rewrite.linear(node)
    return form is not None and not form.terms


def _column(call: Call) -> str:
    return next(
        (part.column for arg in call.args for part in arg.walk() if isinstance(part, Field)), ""
    )
