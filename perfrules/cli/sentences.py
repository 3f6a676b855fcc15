"""Conditions as sentences: operators in words, columns by their titles; one handler per node, in the order of ``nodes``."""

from collections.abc import Callable, Mapping
from functools import reduce, singledispatch

from perfrules.expr import format as formatting
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
    Pin,
    Rows,
    Steps,
    Text,
    Truth,
    kin,
)
from perfrules.expr.rooms import FLIPPED
from perfrules.locale import Label, Message, message
from perfrules.model import Pack, Rule
from perfrules.tables import Column, Table
from perfrules.values import frozen

Said = Message | Label | str


@frozen
class Speaker:
    """Knows what the tables and columns of a pack are called, and which tables need not be named.

    Attributes:
        pack: The pack.
        tables: Tables of whose columns only the title is said.
    """

    pack: Pack
    tables: tuple[str, ...]

    def table(self, name: str) -> Said:
        """A table, as it is called."""
        return _title(self.pack.tables[name], name)

    def column(self, node: Field) -> Said:
        """A column, as it is called, with its table if that is another one."""
        named = _title(self.pack.tables[node.table].columns[node.column], node.column)
        if kin(node.on):
            return message("{column} one level below", column=named)
        if node.table in self.tables:
            return named
        return message("{column} in “{table}”", column=named, table=self.table(node.table))

    def pins(self, table: str, pins: tuple[Pin, ...]) -> tuple[Said, ...]:
        """Key columns held at a value."""
        columns = self.pack.tables[table].columns
        return tuple(
            message("{column} “{value}”", column=_title(columns[key], key), value=value)
            for key, value in pins
        )


def sentence(rule: Rule, pack: Pack) -> Message:
    """What a rule says: where it applies and what must hold there."""
    speaker = Speaker(pack, rule.tables)
    assertion = said(rule.assertion, speaker)
    if rule.guard is None:
        return message("{assertion}.", assertion=assertion)
    return message(
        "Where {guard}: {assertion}.", guard=said(rule.guard, speaker), assertion=assertion
    )


def _title(thing: Column | Table, name: str) -> Said:
    """The title in each language, in English as it stands inside a sentence."""
    if thing.title == Label():
        return name
    english = thing.title.en or ""
    if english[1:2].islower():
        english = english[0].lower() + english[1:]
    return Label(_kept(thing.title.zh or ""), _kept(english))


def _kept(title: str) -> str:
    """A title in quotes if it would else read as several."""
    return f"“{title}”" if any(sign in title for sign in ",、，") else title


@singledispatch
def said(node: Node, speaker: Speaker) -> Said:  # noqa: ARG001  # the signature of every handler
    """``node`` in words; a node that inference does not leave is a bug."""
    raise TypeError(node)


@said.register(Number)
@said.register(Text)
def _(node: Number | Text, _: Speaker) -> Said:
    return formatting.format(node)


@said.register
def _(node: Truth, _: Speaker) -> Said:
    return message("yes") if node.value else message("no")


@said.register
def _(node: Field, speaker: Speaker) -> Said:
    named = speaker.column(node)
    if node.pins:
        named = message("{column} ({pins})", column=named, pins=speaker.pins(node.table, node.pins))
    return message("last year's {column}", column=named) if node.shift else named


@said.register
def _(node: Rows, speaker: Speaker) -> Said:
    named = message("“{table}”", table=speaker.table(node.table))
    if not node.pins:
        return named
    return message("{column} ({pins})", column=named, pins=speaker.pins(node.table, node.pins))


@said.register
def _(node: Steps, speaker: Speaker) -> Said:
    title = speaker.pack.params[node.name].title
    return f"param.{node.name}" if title == Label() else message("“{table}”", table=title)


@said.register
def _(node: Negate, speaker: Speaker) -> Said:
    return message("minus {item}", item=_operand(node.item, speaker))


@said.register
def _(node: Arithmetic, speaker: Speaker) -> Said:
    left, right = _operand(node.left, speaker, node), _operand(node.right, speaker, node, last=True)
    match node.op:
        case "+":
            return message("{left} plus {right}", left=left, right=right)
        case "-":
            return message("{left} minus {right}", left=left, right=right)
        case "*":
            return message("{left} times {right}", left=left, right=right)
        case _:
            return message("{left} divided by {right}", left=left, right=right)


def _operand(
    node: Node, speaker: Speaker, around: Arithmetic | None = None, *, last: bool = False
) -> Said:
    """An operand, in brackets where the words alone would read otherwise."""
    plain = said(node, speaker)
    if isinstance(node, If | Logic):
        return message("({text})", text=plain)
    if not isinstance(node, Arithmetic):
        return plain
    sums = "+-"
    apart = (
        around is None
        or (node.op in sums and (around.op not in sums or last))
        or (last and around.op in "*/")
    )
    return message("({text})", text=plain) if apart else plain


@said.register
def _(node: Compare, speaker: Speaker) -> Said:
    if _is_number(node.left) and not _is_number(node.right):
        return said(Compare(FLIPPED[node.op], node.right, node.left), speaker)
    left, right = _side(node.left, speaker), _side(node.right, speaker)
    match node.op:
        case "=":
            return message("{left} equals {right}", left=left, right=right)
        case "≠":
            return message("{left} is not {right}", left=left, right=right)
        case "<":
            return message("{left} is less than {right}", left=left, right=right)
        case "≤":
            return message("{left} is at most {right}", left=left, right=right)
        case ">":
            return message("{left} is more than {right}", left=left, right=right)
        case _:
            return message("{left} is at least {right}", left=left, right=right)


def _is_number(node: Node) -> bool:
    return isinstance(node.item if isinstance(node, Negate) else node, Number)


def _side(node: Node, speaker: Speaker) -> Said:
    plain = said(node, speaker)
    return message("({text})", text=plain) if isinstance(node, If) else plain


@said.register
def _(node: In, speaker: Speaker) -> Said:
    item = _side(node.item, speaker)
    options = tuple(said(option, speaker) for option in node.options)
    if node.negated:
        return message("{item} is none of {options}", item=item, options=options)
    return message("{item} is one of {options}", item=item, options=options)


@said.register
def _(node: IsBlank, speaker: Speaker) -> Said:
    item = said(node.item, speaker)
    if node.negated:
        return message("{item} is filled in", item=item)
    return message("{item} is blank", item=item)


@said.register
def _(node: Not, speaker: Speaker) -> Said:
    return message("it is not so that ({item})", item=said(node.item, speaker))


@said.register
def _(node: Logic, speaker: Speaker) -> Said:
    items = [_joined(item, node, speaker) for item in node.items]
    if node.op == "and":
        return reduce(
            lambda left, right: message("{left} and {right}", left=left, right=right), items
        )
    return reduce(lambda left, right: message("{left} or {right}", left=left, right=right), items)


def _joined(node: Node, around: Logic, speaker: Speaker) -> Said:
    plain = said(node, speaker)
    apart = isinstance(node, If) or (isinstance(node, Logic) and node.op != around.op)
    return message("({text})", text=plain) if apart else plain


@said.register
def _(node: If, speaker: Speaker) -> Said:
    test, yes = said(node.test, speaker), said(node.yes, speaker)
    if node.no is None:
        return message("if {test}, then {yes}", test=test, yes=yes)
    return message(
        "if {test}, then {yes}, else {no}", test=test, yes=yes, no=said(node.no, speaker)
    )


# ---- calls ------------------------------------------------------------------------------------------------------------------


def _rounded(args: tuple[Said, ...]) -> Message:
    return message(
        "({value}) rounded to {places} decimals", value=args[0], places=args[1] if args[1:] else "0"
    )


def _cut(args: tuple[Said, ...]) -> Message:
    return message(
        "({value}) cut off at {places} decimals", value=args[0], places=args[1] if args[1:] else "0"
    )


CALLS: Mapping[str, Callable[[tuple[Said, ...]], Message]] = {
    "sum": lambda args: message("the sum of {values}", values=args),
    "min": lambda args: message("the least of {values}", values=args),
    "max": lambda args: message("the greatest of {values}", values=args),
    "mean": lambda args: message("the mean of {values}", values=args),
    "count": lambda args: message("the number of rows of {values}", values=args),
    "count_present": lambda args: message("the number of cells filled in of {values}", values=args),
    "count_distinct": lambda args: message(
        "the number of different values of {values}", values=args
    ),
    "any": lambda args: message("in some row ({values})", values=args),
    "all": lambda args: message("in every row ({values})", values=args),
    "abs": lambda args: message("the absolute value of ({values})", values=args),
    "round": _rounded,
    "floor": _cut,
    "clip": lambda args: message(
        "{value} held between {low} and {high}", value=args[0], low=args[1], high=args[2]
    ),
    "coalesce": lambda args: message("the first that is there of {values}", values=args),
    "prior": lambda args: message("last year's {column}", column=args[0]),
    "share": lambda args: message("the share of {part} in {whole}", part=args[0], whole=args[1]),
    "growth": lambda args: message("the growth of {new} over {old}", new=args[0], old=args[1]),
    "step": lambda args: message("the score of ({value}) by {steps}", value=args[0], steps=args[1]),
    "decimals": lambda args: message("the number of decimals printed of {values}", values=args),
    "present": lambda args: message("there is a row of {values}", values=args),
    "matches": lambda args: message(
        "{text} has the pattern {pattern}", text=args[0], pattern=args[1]
    ),
}
"""How each function is said, given its arguments in words."""
_KIN: Mapping[str, Message] = {
    "children": message("there are rows one level below"),
    "orphans": message("rows further below lack the row between"),
}
"""How it is said that there are rows of a roll-up, by what these are called."""


@said.register
def _(node: Call, speaker: Speaker) -> Said:
    related = kin(node.args[0].on) if isinstance(node.args[0], Rows) else ""
    if related:
        return _KIN[related]
    made = CALLS[node.name](tuple(said(arg, speaker) for arg in node.args))
    if node.where is None:
        return made
    inside = Speaker(speaker.pack, (*speaker.tables, *_tables(node)))
    return message("{value} (of those where {where})", value=made, where=said(node.where, inside))


def _tables(node: Call) -> tuple[str, ...]:
    """The tables whose rows a call runs over; their names have just been said."""
    parts = (part for arg in node.args for part in arg.walk())
    return tuple(part.table for part in parts if isinstance(part, Field | Rows))
