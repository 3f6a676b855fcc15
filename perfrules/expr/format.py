"""Nodes to text, with as few brackets as the grammar allows; ``parse(format(node)) == node``."""

from functools import singledispatch

from perfrules.expr.nodes import (
    Arithmetic,
    Call,
    Compare,
    Field,
    If,
    In,
    IsBlank,
    Logic,
    Name,
    Negate,
    Node,
    Not,
    Number,
    Parameter,
    Rows,
    Steps,
    Text,
    Truth,
    kin,
)
from perfrules.expr.parse import is_plain

_CHOICE, _OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _UNARY, _ATOM = range(9)


def format(node: Node) -> str:  # noqa: A001  # the counterpart of `parse`, always used as `format.format`
    """Write ``node`` as an expression; a resolved field is written ``table.column``, one of a roll-up ``children.column``."""
    return _write(node)


def _bracketed(node: Node, least: int) -> str:
    text = _write(node)
    return text if _level(node) >= least else f"({text})"


def word(name: str) -> str:
    """``name`` as it must be written in an expression."""
    if is_plain(name):
        return name
    return f"`{name}`" if "」" in name else f"「{name}」"


@singledispatch
def _level(_: Node) -> int:
    return _ATOM


@_level.register
def _(_: If) -> int:
    return _CHOICE


@_level.register
def _(node: Logic) -> int:
    return _OR if node.op == "or" else _AND


@_level.register
def _(_: Not) -> int:
    return _NOT


@_level.register(Compare)
@_level.register(In)
@_level.register(IsBlank)
def _(_: Node) -> int:
    return _COMPARE


@_level.register
def _(node: Arithmetic) -> int:
    return _SUM if node.op in "+-" else _PRODUCT


@_level.register
def _(_: Negate) -> int:
    return _UNARY


@singledispatch
def _write(node: Node) -> str:
    raise TypeError(node)


@_write.register
def _(node: Number) -> str:
    space = " " if node.unit.isascii() and node.unit.isalpha() and node.unit != "pp" else ""
    return f"{node.text}{space}{node.unit}"


@_write.register
def _(node: Text) -> str:
    for left, right in ('""', "''", "“”", "‘’"):
        if left not in node.value and right not in node.value:
            return f"{left}{node.value}{right}"
    raise ValueError(node.value)


@_write.register
def _(node: Truth) -> str:
    return "true" if node.value else "false"


@_write.register
def _(node: Name) -> str:
    return _reference(node.table, node.pins, node.column)


@_write.register
def _(node: Parameter) -> str:
    return f"param.{word(node.name)}"


@_write.register
def _(node: Field) -> str:
    text = _reference(kin(node.on) or node.table, node.pins, node.column)
    return f"prior({text})" if node.shift else text


@_write.register
def _(node: Rows) -> str:
    return _reference(kin(node.on) or node.table, node.pins, "")


@_write.register
def _(node: Steps) -> str:
    return f"param.{word(node.name)}"


def _held(value: str) -> str:
    """What a key column is held at, in quotes where it is no name."""
    named = value and value == value.strip() and not ("」" in value and "`" in value)
    return word(value) if named else _write(Text(value))


def _reference(table: str, pins: tuple[tuple[str, str], ...], column: str) -> str:
    held = ", ".join(f"{word(key)} = {_held(value)}" for key, value in pins)
    parts = [word(table) + (f"[{held}]" if pins else "")] if table else []
    return ".".join([*parts, *([word(column)] if column else [])])


@_write.register
def _(node: Negate) -> str:
    return f"-{_bracketed(node.item, _UNARY)}"


@_write.register
def _(node: Arithmetic) -> str:
    level = _level(node)
    return f"{_bracketed(node.left, level)} {node.op} {_bracketed(node.right, level + 1)}"


@_write.register
def _(node: Compare) -> str:
    return f"{_bracketed(node.left, _SUM)} {node.op} {_bracketed(node.right, _SUM)}"


@_write.register
def _(node: In) -> str:
    options = ", ".join(_bracketed(option, _SUM) for option in node.options)
    return f"{_bracketed(node.item, _SUM)} {'not ' if node.negated else ''}in ({options})"


@_write.register
def _(node: IsBlank) -> str:
    return f"{_bracketed(node.item, _SUM)} is {'not ' if node.negated else ''}blank"


@_write.register
def _(node: Not) -> str:
    return f"not {_bracketed(node.item, _NOT)}"


@_write.register
def _(node: Logic) -> str:
    level = _level(node)
    return f" {node.op} ".join(_bracketed(item, level + 1) for item in node.items)


@_write.register
def _(node: If) -> str:
    text = f"if {_bracketed(node.test, _OR)} then {_bracketed(node.yes, _OR)}"
    return text if node.no is None else f"{text} else {_write(node.no)}"


@_write.register
def _(node: Call) -> str:
    parts = [", ".join(_write(arg) for arg in node.args)] if node.args else []
    if node.where is not None:
        parts.append(f"where {_write(node.where)}")
    if node.per:
        parts.append(f"per {', '.join(map(word, node.per))}")
    return f"{node.name}({' '.join(parts)})"
