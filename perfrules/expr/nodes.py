"""The nodes of a condition: frozen values that know their children and their meaning, and no engine.

``parse`` makes trees whose names are :class:`Name` and :class:`Parameter`; ``infer`` replaces these by :class:`Field`,
:class:`Rows` and :class:`Number` or :class:`Steps`. Positions (``at``) do not take part in equality.

Meaning, in short: a comparison is judged with the accuracy of its figures (``evaluate/reference.py``); conditions in a
guard, under ``not``, in ``if`` and in ``where`` are read on printed values; a missing value makes a condition unknown.
"""

from collections.abc import Iterator
from dataclasses import field, fields, replace
from typing import Any, Literal, Self, get_args

from perfrules.quantities import LogicalType
from perfrules.values import frozen

Span = tuple[int, int]
ArithmeticOp = Literal["+", "-", "*", "/"]
CompareOp = Literal["=", "≠", "<", "≤", ">", "≥"]
LogicOp = Literal["and", "or"]
Pin = tuple[str, str]


@frozen
class Node:
    """Base of all nodes; ``at`` is the stretch of the expression's text it was read from."""

    at: Span = field(default=(0, 0), compare=False, kw_only=True)

    def children(self) -> tuple["Node", ...]:
        """The nodes directly below this one, in source order."""
        names = _BRANCHES[type(self)]
        if not names:
            return ()
        found: list[Node] = []
        for name in names:
            value = getattr(self, name)
            if isinstance(value, tuple):
                found += value
            elif value is not None:
                found.append(value)
        return tuple(found)

    def walk(self) -> Iterator["Node"]:
        """This node and all below it, in source order."""
        ahead: list[Node] = [self]
        while ahead:
            node = ahead.pop()
            yield node
            ahead.extend(reversed(node.children()))

    def rebuilt(self, children: tuple["Node", ...]) -> Self:
        """The same node over other children, given in the order of :meth:`children`."""
        if all(old is new for old, new in zip(self.children(), children, strict=True)):
            return self
        rest = iter(children)
        changes: dict[str, Any] = {}
        for name in _BRANCHES[type(self)]:
            value = getattr(self, name)
            if isinstance(value, tuple):
                changes[name] = tuple(next(rest) for _ in value)
            elif value is not None:
                changes[name] = next(rest)
        return replace(self, **changes)


@frozen
class Number(Node):
    """An exact number as written, with its unit: ``1451.29``, ``12.5%``, ``5pp``, ``10万元``."""

    text: str
    unit: str = ""


@frozen
class Text(Node):
    """A text in quotes."""

    value: str


@frozen
class Truth(Node):
    """``true`` or ``false``."""

    value: bool


@frozen
class Name(Node):
    """A name not yet resolved: ``column``, ``table.column``, or ``table[key = value].column``.

    ``column`` is empty where a whole table is meant (``count(projects)``), which only ``infer`` can tell from a column:
    a bare name is always read as a column here.
    """

    column: str
    table: str = ""
    pins: tuple[Pin, ...] = ()


@frozen
class Parameter(Node):
    """``param.name``."""

    name: str


@frozen
class Field(Node):
    """A column of a table as seen from a row of the rule.

    Attributes:
        table: Table id.
        column: Column id.
        type: Logical type of the column.
        on: The join, as pairs (column of ``table``, column of the grain).
        pins: Key columns of ``table`` held at a fixed value.
        shift: Years back: 1 is the year before.
        many: Several rows may meet one row of the rule, so it stands inside an aggregate.
        exact: The column's figures are the numbers themselves.
        own: It is a column of the rule's own key.
    """

    table: str
    column: str
    type: LogicalType
    on: tuple[Pin, ...] = ()
    pins: tuple[Pin, ...] = ()
    shift: int = 0
    many: bool = False
    exact: bool = False
    own: bool = False


def source_of(column: str) -> str:
    """The column that ``column`` of a join is made from, itself as a rule.

    ``code@children …``, by which rows meet the row above them, is made from their codes, and is never the same.
    """
    return column.partition("@")[0]


def kin(on: tuple[Pin, ...]) -> str:
    """What rows are called that meet by a column made from another: ``children`` or ``orphans``; empty for others."""
    words = (column.partition("@")[2].split(" ")[0] for column, _ in on)
    return next(filter(None, words), "")


@frozen
class Rows(Node):
    """The rows of a table that meet a row of the rule; what ``count`` and ``present`` speak about."""

    table: str
    on: tuple[Pin, ...] = ()
    pins: tuple[Pin, ...] = ()
    shift: int = 0


@frozen
class Steps(Node):
    """A step table, upwards: ``(bound, bound belongs to the step, score)`` as texts; the last bound is ``""``."""

    name: str
    table: tuple[tuple[str, bool, str], ...]


@frozen
class Negate(Node):
    """``-item``."""

    item: Node


@frozen
class Arithmetic(Node):
    """``left op right``; missing if either side is missing, or if the right side of ``/`` is zero."""

    op: ArithmeticOp
    left: Node
    right: Node


@frozen
class Compare(Node):
    """``left op right``; a chain is the ``and`` of its links."""

    op: CompareOp
    left: Node
    right: Node


@frozen
class In(Node):
    """``item in (a, b, …)`` on printed values; unknown if the item is missing."""

    item: Node
    options: tuple[Node, ...]
    negated: bool = False


@frozen
class IsBlank(Node):
    """``item is blank``: nothing stands in the cell; never unknown. A dash or a text is not blank."""

    item: Node
    negated: bool = False


@frozen
class Not(Node):
    """``not item``: the item is read on printed values; unknown stays unknown."""

    item: Node


@frozen
class Logic(Node):
    """``a and b and …`` or ``a or b or …``: the least or the greatest over ``fail < unknown < rounding < pass``."""

    op: LogicOp
    items: tuple[Node, ...]


@frozen
class If(Node):
    """``if test then yes else no``, of conditions or of values; ``no`` may be left out of conditions.

    At the top of an assertion a false test without ``else`` is not-applicable; elsewhere it is true.
    """

    test: Node
    yes: Node
    no: Node | None = None


@frozen
class Call(Node):
    """A function of ``expr/functions.py``; ``where`` and ``per`` belong to aggregates."""

    name: str
    args: tuple[Node, ...]
    where: Node | None = None
    per: tuple[str, ...] = ()


def _branches(kind: type[Node]) -> tuple[str, ...]:
    return tuple(
        part.name
        for part in fields(kind)
        if any(
            isinstance(held, type) and issubclass(held, Node)
            for held in (part.type, *get_args(part.type))
        )
    )


_BRANCHES = {kind: _branches(kind) for kind in Node.__subclasses__()}
"""The fields of each kind of node that hold nodes: one, a tuple of them, or one or None."""


def fields_of(node: Node) -> tuple[Field, ...]:
    """Every :class:`Field` in ``node``, in source order."""
    return tuple(part for part in node.walk() if isinstance(part, Field))
