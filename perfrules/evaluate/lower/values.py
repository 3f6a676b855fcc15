"""Values as trees over the columns of a sheet: what ``reference/printed.py`` reads of a row, for all rows at once.

A tree holds no condition: where ``if`` or ``coalesce`` chooses, there is one tree for each choice. What is exact in a figure by the
way it is used (a printed zero that is added) is said by its leaf, as there.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import singledispatch

from perfrules.evaluate.lower.forms import Forms
from perfrules.evaluate.native import Expr, UnlowerableError
from perfrules.evaluate.reference import step_table
from perfrules.expr import rewrite
from perfrules.expr.nodes import Arithmetic, Call, Field, If, Negate, Node, Number
from perfrules.quantities.figures import Number as Bound
from perfrules.quantities.figures import State
from perfrules.values import frozen

Chosen = Mapping[Node, Node]
"""What ``if`` and ``coalesce`` stand for."""


class OpenChoiceError(Exception):
    """A value depends on a choice that is not made yet; ``node`` is the ``if`` or ``coalesce``."""

    def __init__(self, node: If | Call) -> None:
        super().__init__(node)
        self.node = node


@frozen
class Leaf:
    """A figure of the sheet; ``term`` says that it is added or subtracted, so that its printed zero is exact."""

    node: Node
    term: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Whole:
    """An exact integer that is no column of a node of its own."""

    expr: Expr
    low: int
    high: int


@frozen
class Op:
    """An operation: ``+ - * / min max abs round floor step``; the last three with their ``decimals`` or ``steps``."""

    name: str
    args: tuple["Value", ...]
    decimals: int = 0
    steps: tuple[tuple[Bound, bool, Fraction], ...] = ()


Value = Fraction | Leaf | Whole | Op


def leaves(value: Value) -> Iterator[Leaf]:
    """The figures of ``value`` as they occur."""
    if isinstance(value, Leaf):
        yield value
    elif isinstance(value, Op):
        for arg in value.args:
            yield from leaves(arg)


def bases(value: Value) -> Iterator[Value]:
    """The denominators of ``value``, outer ones first."""
    if isinstance(value, Op):
        if value.name == "/":
            yield value.args[1]
        for arg in value.args:
            yield from bases(arg)


def divides(value: Value) -> bool:
    """Whether some denominator of ``value`` may be zero."""
    return any(
        not base if isinstance(base, Fraction) else not (isinstance(base, Whole) and base.low > 0)
        for base in bases(value)
    )


def terms_of(value: Value) -> dict[Node, bool]:
    """For each figure, whether it is a term wherever it occurs."""
    found: dict[Node, bool] = {}
    for leaf in leaves(value):
        found[leaf.node] = found.get(leaf.node, True) and leaf.term
    return found


def repeated(value: Value, one: Forms) -> list[Node]:
    """The inexact figures that occur more than once in ``value``.

    Raises:
        UnlowerableError: A sum over rows is among them, each row of which counts, or there are more than corners are tried for.
    """
    times = Counter(leaf.node for leaf in leaves(value))
    found = [node for node, count in times.items() if count > 1 and one.shape(node).reach]
    if len(found) > rewrite.MAX_REPEATED or not all(one.shape(node).figure for node in found):
        raise UnlowerableError(found[0])
    return found


@frozen
class Form:
    """``Σ factor · figure + constant``; factors may be zero."""

    terms: Mapping[Node, Fraction]
    constant: Fraction


def linear(value: Value, one: Forms) -> Form | None:
    """``value`` as a linear form, like figures taken together; None if it is none."""
    if isinstance(value, Fraction):
        return Form({}, value)
    if isinstance(value, Leaf):
        return None if one.shape(value.node).ends else Form({value.node: Fraction(1)}, Fraction(0))
    if isinstance(value, Whole) or value.name not in ("+", "-", "*", "/"):
        return None
    first, second = (linear(arg, one) for arg in value.args)
    return None if first is None or second is None else _combined(value.name, first, second)


def _combined(name: str, first: Form, second: Form) -> Form | None:
    if name in "+-":
        return _added(first, second, 1 if name == "+" else -1)
    if name == "/":
        return _times(first, 1 / second.constant) if not second.terms and second.constant else None
    if not first.terms:
        return _times(second, first.constant)
    return None if second.terms else _times(first, second.constant)


def _added(first: Form, second: Form, sign: int) -> Form:
    terms = dict(first.terms)
    for node, factor in second.terms.items():
        terms[node] = terms.get(node, Fraction(0)) + sign * factor
    return Form(terms, first.constant + sign * second.constant)


def _times(form: Form, factor: Fraction) -> Form:
    return Form({node: held * factor for node, held in form.terms.items()}, form.constant * factor)


def may_close(left: Value, right: Value) -> bool:
    """Whether a single figure is set equal to what may be a linear form of a row, so that a blank may be zero there."""
    for side, other in ((left, right), (right, left)):
        if isinstance(other, Leaf) and isinstance(other.node, Field) and _may_be_linear(side):
            return True
    return False


def _may_be_linear(value: Value) -> bool:
    """Not where the value is surely no linear form, counts being mere numbers in a row."""
    if not isinstance(value, Op):
        return True
    first, last = value.args[0], value.args[-1]
    match value.name:
        case "+" | "-":
            return _may_be_linear(first) and _may_be_linear(last)
        case "*":
            return (_is_number(first) and _may_be_linear(last)) or (
                _is_number(last) and _may_be_linear(first)
            )
        case "/":
            return _may_be_linear(first) and _is_number(last)
        case _:
            return _is_number(value)


def _is_number(value: Value) -> bool:
    """Whether no printed figure stands in it."""
    return all(isinstance(leaf.node, Call) and leaf.node.name in _NUMBERS for leaf in leaves(value))


_NUMBERS = frozenset({"count", "count_present", "count_distinct", "decimals"})


# ---- from nodes -------------------------------------------------------------------------------------------------------


@frozen
class Reader:
    """Reads a node into a value; ``chosen`` says what its choices stand for."""

    one: Forms
    chosen: Chosen

    def value(self, node: Node, *, term: bool) -> Value:
        """The value of ``node``; ``term`` says that it is added or subtracted.

        Raises:
            OpenChoiceError: It depends on a choice that is not made.
            UnlowerableError: It has no native form.
        """
        return _value(node, self, term)

    def leaf(self, node: Node, *, term: bool) -> Value:
        """A column of the sheet."""
        shape = self.one.shape(node)
        if not shape.numeric:
            raise UnlowerableError(node)
        if not shape.parts:
            return Leaf(node, term)
        parts = self.one.column(node, "parts")
        return Op("/", (Leaf(node, term), Whole(parts, 1, shape.parts)))


@singledispatch
def _value(node: Node, reader: Reader, term: bool) -> Value:  # noqa: ARG001, FBT001  # dispatched by position
    raise UnlowerableError(node)


@_value.register
def _(node: Number, reader: Reader, term: bool) -> Value:  # noqa: ARG001, FBT001  # a literal is exact anywhere
    return rewrite.number(node)


@_value.register
def _(node: Field, reader: Reader, term: bool) -> Value:  # noqa: FBT001  # dispatched by position
    return reader.leaf(node, term=term)


@_value.register
def _(node: Negate, reader: Reader, term: bool) -> Value:  # noqa: FBT001  # dispatched by position
    return Op("-", (Fraction(0), reader.value(node.item, term=term)))


@_value.register
def _(node: Arithmetic, reader: Reader, term: bool) -> Value:  # noqa: FBT001  # dispatched by position
    added = node.op in "+-"
    scaled = not added and any(_is_constant(side) for side in (node.left, node.right))
    part = added or (scaled and term and not (node.op == "/" and _is_constant(node.left)))
    sides = reader.value(node.left, term=part), reader.value(node.right, term=part)
    return Op(node.op, sides)


@_value.register
def _(node: If, reader: Reader, term: bool) -> Value:  # noqa: FBT001  # dispatched by position
    if node not in reader.chosen:
        raise OpenChoiceError(node)
    return reader.value(reader.chosen[node], term=term)


@_value.register
def _(node: Call, reader: Reader, term: bool) -> Value:  # noqa: FBT001  # dispatched by position
    if rewrite.is_aggregate(node) or node.name == "decimals":
        return reader.leaf(node, term=term)
    if node.name == "coalesce":
        if node not in reader.chosen:
            raise OpenChoiceError(node)
        return reader.value(reader.chosen[node], term=False)
    if node.name not in _FUNCTIONS:
        raise UnlowerableError(node)
    return _FUNCTIONS[node.name](node, reader)


def _of_values(node: Call, reader: Reader) -> Value:
    return Op(node.name, tuple(reader.value(arg, term=False) for arg in node.args))


def _clipped(node: Call, reader: Reader) -> Value:
    item, low, high = (reader.value(arg, term=False) for arg in node.args)
    return Op("min", (Op("max", (item, low)), high))


def _to_decimals(node: Call, reader: Reader) -> Value:
    places = rewrite.linear(node.args[1]) if len(node.args) > 1 else None
    if len(node.args) > 1 and (places is None or places.terms):
        raise UnlowerableError(node)
    item = reader.value(node.args[0], term=False)
    return Op(node.name, (item,), int(places.constant) if places else 0)


def _stepped(node: Call, reader: Reader) -> Value:
    item = reader.value(node.args[0], term=False)
    return Op("step", (item,), steps=step_table(node.args[1]))


def _is_constant(node: Node) -> bool:
    form = rewrite.linear(node)
    return form is not None and not form.terms


def _filled(node: Call, reader: Reader) -> Value:
    """How many columns of this row hold something."""
    one, x = reader.one, reader.one.x
    counted: Expr = x.lit(0)
    for arg in node.args:
        shape = one.shape(arg)
        there = one.column(arg, "state") == int(State.FIGURE) if shape.states else None
        there = ~one.column(arg).is_null() if there is None else there
        counted = counted + x.when(there).then(x.lit(1)).otherwise(x.lit(0))
    return Whole(counted, 0, len(node.args))


_FUNCTIONS: dict[str, Callable[[Call, Reader], Value]] = {
    "min": _of_values,
    "max": _of_values,
    "abs": _of_values,
    "clip": _clipped,
    "round": _to_decimals,
    "floor": _to_decimals,
    "step": _stepped,
    "count_present": _filled,
}
