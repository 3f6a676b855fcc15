"""Conditions grounded on a row: every field becomes a slot, a settled key or nothing, every aggregate the rows it runs over."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase
from fractions import Fraction
from functools import singledispatchmethod

from perfrules.evaluate import reference
from perfrules.evaluate.reference.printed import NUMERIC, rows_of
from perfrules.evaluate.reference.steps import step_table
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
from perfrules.testing.generate.forms import (
    NO,
    TRUE,
    YES,
    Both,
    Choice,
    Comparison,
    Cond,
    Filled,
    First,
    Known,
    Op,
    Opposite,
    Present,
    Same,
    Switch,
    Total,
    Value,
)
from perfrules.testing.generate.grids import decimals_of
from perfrules.testing.generate.skeleton import Key, Skeleton, Slot
from perfrules.values import frozen


class UnsupportedError(Exception):
    """A shape that generation cannot handle; ``what`` names it."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@frozen
class Grounder:
    """Grounds the conditions of a rule on one row."""

    skeleton: Skeleton
    key: Mapping[str, Key]
    own: Mapping[str, int]
    inner: tuple[str, int] | None = None

    # ---- what a field is --------------------------------------------------------------------------------------------

    def field(self, node: Field) -> Slot | Key:
        """The slot or the settled cell that a field means; a slot without a row if there is none."""
        if node.many and self.inner and self.inner[0] == node.table:
            return self._cell(node.table, self.inner[1], node.column)
        plain = not node.pins and not node.shift and all(a == b for a, b in node.on)
        if node.table in self.own and plain:
            return self._cell(node.table, self.own[node.table], node.column)
        if node.own:
            return self.key[node.column]
        found = self.rows(Rows(node.table, node.on, node.pins, node.shift))
        return self._cell(node.table, found[0] if len(found) == 1 else -1, node.column)

    def _cell(self, table: str, row: int, column: str) -> Slot | Key:
        settled = self.skeleton.tables[table][row] if row >= 0 else {}
        if column in settled and settled[column] is not None:
            return settled[column]
        return Slot(table, -1 if column in settled else row, column)

    def rows(self, node: Rows) -> list[int]:
        """The rows of a table that meet this one."""
        columns = self.skeleton.pack.tables[node.table].columns
        wanted: dict[str, Key] = {}
        for own, grain in node.on:
            value = self.key.get(grain)
            if node.shift and columns[own].type == "year" and isinstance(value, int):
                value -= node.shift
            wanted[own] = value
        for column, value in node.pins:
            wanted[column] = int(value) if columns[column].type == "year" else value
        return self.skeleton.rows(node.table, wanted)

    def at(self, table: str, row: int) -> "Grounder":
        """The same while an aggregate is at a row of a table."""
        return replace(self, inner=(table, row))

    # ---- conditions -------------------------------------------------------------------------------------------------

    @singledispatchmethod
    def cond(self, node: Node, *, judged: bool) -> Cond:  # noqa: ARG002  # for those registered
        """The ground condition of ``node``."""
        raise UnsupportedError(type(node).__name__)

    @cond.register
    def _(self, node: Truth, *, judged: bool) -> Cond:  # noqa: ARG002  # a literal has no accuracy
        return Known(node.value)

    @cond.register
    def _(self, node: Field, *, judged: bool) -> Cond:  # noqa: ARG002  # a flag
        return _same(self.text(node), YES)

    @cond.register
    def _(self, node: Logic, *, judged: bool) -> Cond:
        return Both(node.op, tuple(self.cond(item, judged=judged) for item in node.items))

    @cond.register
    def _(self, node: Not, *, judged: bool) -> Cond:  # noqa: ARG002  # read on printed values
        return Opposite(self.cond(node.item, judged=False))

    @cond.register
    def _(self, node: If, *, judged: bool) -> Cond:
        no = TRUE if node.no is None else self.cond(node.no, judged=judged)
        return Switch(self.cond(node.test, judged=False), self.cond(node.yes, judged=judged), no)

    @cond.register
    def _(self, node: IsBlank, *, judged: bool) -> Cond:  # noqa: ARG002  # a blank has no accuracy
        there = self._present(node.item)
        return there if node.negated else Opposite(there)

    @cond.register
    def _(self, node: In, *, judged: bool) -> Cond:  # noqa: ARG002  # read on printed values
        options = tuple(
            self._compared("=", node.item, option, judged=False) for option in node.options
        )
        found = Both("or", options)
        return Opposite(found) if node.negated else found

    @cond.register
    def _(self, node: Compare, *, judged: bool) -> Cond:
        made = self._compared(node.op, node.left, node.right, judged=judged and node.op != "≠")
        if not isinstance(made, Comparison) or not made.judged:
            return made
        ratio = reference.printed_ratio(node)
        slot = self.field(ratio[0]) if ratio else None
        return replace(made, ratio=slot if isinstance(slot, Slot) else None)

    @cond.register
    def _(self, node: Call, *, judged: bool) -> Cond:  # noqa: ARG002  # read on printed values
        if node.name == "present":
            return Known(bool(self.rows(rows_of(node))))
        if node.name == "matches":
            return self._matches(node)
        if node.name not in ("any", "all"):
            raise UnsupportedError(node.name)
        rows = rows_of(node)
        parts = []
        for row in self.rows(rows):
            inner = self.at(rows.table, row)
            part = inner.cond(node.args[0], judged=False)
            where = TRUE if node.where is None else inner.cond(node.where, judged=False)
            if node.name == "any":
                parts.append(Both("and", (where, part)))
            else:
                parts.append(Both("or", (Opposite(where), part)))
        return Both("or" if node.name == "any" else "and", tuple(parts))

    def _matches(self, node: Call) -> Cond:
        item, pattern = self.text(node.args[0]), self.text(node.args[1])
        if not isinstance(pattern, str):
            raise UnsupportedError("matches")
        shape = pattern.replace("[", "[[]")
        if isinstance(item, str):
            return Known(fnmatchcase(item, shape))
        texts = self.skeleton.texts[item.table, item.column]
        fitting = [text for text in texts if fnmatchcase(text, shape)] or [pattern]
        return Both("or", tuple(Same(item, text) for text in fitting))

    def _present(self, node: Node) -> Cond:
        if not isinstance(node, Field):
            raise UnsupportedError("is blank")
        cell = self.field(node)
        return Present(cell) if isinstance(cell, Slot) else Known(cell is not None)

    def _compared(self, op: str, left: Node, right: Node, *, judged: bool) -> Cond:
        if _is_text(left) or _is_text(right):
            same = _same(self.text(left), self.text(right))
            return same if op == "=" else Opposite(same)
        return Comparison(op, self.value(left), self.value(right), judged)

    def text(self, node: Node) -> Slot | str:
        """The text of a node."""
        if isinstance(node, Text):
            return node.value
        if isinstance(node, Truth):
            return YES if node.value else NO
        if not isinstance(node, Field):
            raise UnsupportedError(type(node).__name__)
        cell = self.field(node)
        return cell if isinstance(cell, Slot) else str(cell)

    # ---- values -----------------------------------------------------------------------------------------------------

    @singledispatchmethod
    def value(self, node: Node) -> Value:
        """The ground value of ``node``."""
        raise UnsupportedError(type(node).__name__)

    @value.register
    def _(self, node: Number) -> Value:
        return rewrite.number(node)

    @value.register
    def _(self, node: Field) -> Value:
        cell = self.field(node)
        if isinstance(cell, Slot):
            return cell
        return _number(cell, node.type)

    @value.register
    def _(self, node: Negate) -> Value:
        return Op("-", (self.value(node.item),))

    @value.register
    def _(self, node: Arithmetic) -> Value:
        return Op(node.op, (self.value(node.left), self.value(node.right)))

    @value.register
    def _(self, node: If) -> Value:
        if node.no is None:
            raise UnsupportedError("if")
        return Choice(self.cond(node.test, judged=False), self.value(node.yes), self.value(node.no))

    @value.register
    def _(self, node: Call) -> Value:
        if rewrite.is_aggregate(node):
            return self._aggregate(node)
        if node.name in _CALLS:
            return _CALLS[node.name](self, node)
        raise UnsupportedError(node.name)

    def args(self, node: Call) -> tuple[Value, ...]:
        """The arguments of a call as values."""
        return tuple(self.value(arg) for arg in node.args)

    def decimals(self, node: Call) -> Value:
        """The number of decimals printed: of generated figures it is the usual one, of a missing one there is none."""
        (arg,) = node.args
        cell = self.field(arg) if isinstance(arg, Field) else None
        if not isinstance(cell, Slot):
            raise UnsupportedError("decimals")
        decimals = Fraction(decimals_of(self.skeleton.pack.tables[cell.table].columns[cell.column]))
        return Choice(Present(cell), decimals, Slot(cell.table, -1, cell.column))

    def _aggregate(self, node: Call) -> Value:
        rows = rows_of(node)
        parts: list[tuple[Cond, Value]] = []
        for row in self.rows(rows):
            inner = self.at(rows.table, row)
            where = TRUE if node.where is None else inner.cond(node.where, judged=False)
            if node.name == "count":
                parts.append((where, Fraction(1)))
            elif node.name == "count_present":
                (arg,) = node.args
                parts.append((Both("and", (where, inner._present(arg))), Fraction(1)))
            elif node.name == "count_distinct":
                raise UnsupportedError(node.name)
            else:
                parts.append((where, inner.value(node.args[0])))
        return Total("count" if node.name == "count_present" else node.name, tuple(parts))


def _clip(ground: Grounder, node: Call) -> Value:
    item, low, high = ground.args(node)
    return Op("min", (Op("max", (item, low)), high))


def _rounded(ground: Grounder, node: Call) -> Value:
    item, places = (*ground.args(node), Fraction(0))[:2]
    if not isinstance(places, Fraction):
        raise UnsupportedError(node.name)
    return Op(node.name, (item,), int(places))


def _filled(ground: Grounder, node: Call) -> Value:
    cells = [ground.field(arg) for arg in node.args if isinstance(arg, Field)]
    return Filled(tuple(cell for cell in cells if isinstance(cell, Slot)))


def _plain(ground: Grounder, node: Call) -> Value:
    return Op(node.name, ground.args(node))


_CALLS: Mapping[str, Callable[[Grounder, Call], Value]] = {
    "min": _plain,
    "max": _plain,
    "abs": _plain,
    "clip": _clip,
    "coalesce": lambda ground, node: First(ground.args(node)),
    "step": lambda ground, node: Op(
        "step", (ground.value(node.args[0]),), steps=step_table(node.args[1])
    ),
    "round": _rounded,
    "floor": _rounded,
    "decimals": Grounder.decimals,
    "count_present": _filled,
}


def _number(cell: Key, kind: str) -> Fraction:
    if kind == "date":
        return Fraction(date.fromisoformat(str(cell)).toordinal())
    return Fraction(cell or 0)


def _same(left: Slot | str, right: Slot | str) -> Cond:
    if isinstance(left, str) and isinstance(right, str):
        return Known(left == right)
    return Same(left, right)


def _is_text(node: Node) -> bool:
    return isinstance(node, Text | Truth) or (isinstance(node, Field) and node.type not in NUMERIC)
