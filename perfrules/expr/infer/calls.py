"""Calls: the arguments that a function takes, and whether it runs over rows or within one."""

from dataclasses import replace

from perfrules.expr.format import format as written
from perfrules.expr.functions import BY_NAME, Function
from perfrules.expr.infer.faults import meant, refuse, refuse_mixed
from perfrules.expr.infer.kinds import (
    ARITHMETICAL,
    LOOSE,
    RESULTS,
    TEXTUAL,
    WORDED,
    Kind,
    Typed,
    comparable,
)
from perfrules.expr.infer.names import Resolver
from perfrules.expr.infer.scope import Scope, fold
from perfrules.expr.infer.visit import condition, typed
from perfrules.expr.nodes import Call, Compare, Field, Name, Node, Rows, Text
from perfrules.locale import message


def call(node: Call, names: Resolver) -> Typed:
    """The typed form of a call, and the kind of its value.

    Raises:
        ExpressionFault: There is no such function, or it does not take these arguments.
    """
    row = _row(node)
    node = replace(node, name=row.name)
    if row.name in ("count", "present"):
        return _of_rows(node, row, names)
    if row.name == "prior":
        return _prior(node, names)
    rows = _rows(node, names) if row.group == "aggregate" else None
    if rows is None:
        return _within_a_row(node, row, names)
    return _over_rows(node, row, rows, names)


def _row(node: Call) -> Function:
    """The function that is called, with as many arguments as it takes."""
    row = BY_NAME.get(node.name)
    if row is None:
        refuse(
            "PR203",
            message("there is no function {name}", name=node.name),
            node.at,
            meant(node.name, BY_NAME),
        )
    if not row.least <= len(node.args) <= row.most:
        refuse(
            "PR306",
            message(
                "{name} takes {least} to {most} arguments, not {given}",
                name=node.name,
                least=row.least,
                most=row.most,
                given=len(node.args),
            ),
            node.at,
            message("for example {example}", example=row.example),
        )
    return row


def _of_rows(node: Call, row: Function, names: Resolver) -> Typed:
    """``count`` and ``present``, whose argument is a table."""
    name = node.args[0]
    if not isinstance(name, Name) or (name.table and name.column):
        refuse("PR307", message("{name} takes the name of a table", name=row.name), node.at)
    rows = names.rows(name, names.columns_per(node.per, node.at))
    where = _where(node, names.within(rows))
    kind: Kind = "count" if row.name == "count" else "truth"
    return replace(node, args=(rows,), where=where, per=()), kind


def _where(node: Call, inside: Resolver) -> Node | None:
    return condition(node.where, inside) if node.where is not None else None


def _rows(node: Call, names: Resolver) -> Rows | None:
    """The rows that an aggregate runs over; None if all its arguments are single."""
    for arg in node.args:
        for part in arg.walk():
            if isinstance(part, Name) and part.column:
                rows = names.rows_of_column(part, names.columns_per(node.per, node.at))
                if rows is not None:
                    return rows
    return None


def _over_rows(node: Call, row: Function, rows: Rows, names: Resolver) -> Typed:
    if len(node.args) > 1:
        refuse(
            "PR306",
            message(
                "over the rows of {table}, {name} takes one argument",
                table=rows.table,
                name=row.name,
            ),
            node.at,
        )
    inside = names.within(rows)
    plain = _unpinned(node.args[0], rows, names.scope)
    kind: Kind
    if row.args == ("condition",):
        arg, kind = condition(plain, inside), "truth"
    else:
        arg, kind = typed(plain, inside)
        _check_argument(row, 0, node.args[0], kind)
    where = _where(node, inside)
    return replace(node, args=(arg,), where=where, per=()), RESULTS.get(row.result, kind)


def _unpinned(node: Node, rows: Rows, scope: Scope) -> Node:
    """The argument of an aggregate with the pins of its own table left out: they belong to the rows."""
    if isinstance(node, Name):
        table = scope.table_names.get(fold(node.table)) if node.table else None
        if node.table in scope.relations:
            table = scope.relations[node.table].table
        return Name(node.column, rows.table, at=node.at) if table == rows.table else node
    return node.rebuilt(tuple(_unpinned(child, rows, scope) for child in node.children()))


def _within_a_row(node: Call, row: Function, names: Resolver) -> Typed:
    """A function of single values, as which ``min``, ``max`` and ``count_present`` may serve too."""
    _check_single(node, row)
    args = [typed(arg, names) for arg in node.args]
    for position, (arg, (_, kind)) in enumerate(zip(node.args, args, strict=True)):
        _check_argument(row, position, arg, kind)
    if row.args in (("same",), ("same", "same")):
        for item in args:
            if not comparable(args[0], item):
                pair = Compare("=", node.args[0], node.args[1], at=node.at)
                refuse_mixed(pair, args[0][1], item[1])
    first: Kind = next((kind for _, kind in args if kind != "pure"), "pure")
    return replace(node, args=tuple(item for item, _ in args)), RESULTS.get(row.result, first)


def _check_single(node: Call, row: Function) -> None:
    if row.group == "aggregate" and not (
        row.name == "count_present" or (row.name in ("min", "max") and len(node.args) > 1)
    ):
        refuse(
            "PR306",
            message(
                "{text} has one row here: there is nothing to run over", text=written(node.args[0])
            ),
            node.at,
            message("leave {name} out, or name a table with several rows", name=row.name),
        )
    if node.where is not None or node.per:
        refuse(
            "PR306",
            message("where and per belong to functions over the rows of a table"),
            node.at,
        )


def _check_argument(row: Function, position: int, arg: Node, kind: Kind) -> None:
    wanted = row.args[min(position, len(row.args) - 1)]
    fits = {
        "number": kind in ARITHMETICAL,
        "same": kind in ARITHMETICAL | {"date"},
        "pure": kind in LOOSE,
        "field": kind not in ("truth", "rows", "steps", "pure"),
        "text": kind in TEXTUAL,
        "pattern": isinstance(arg, Text),
        "steps": kind == "steps",
    }[wanted]
    if not fits:
        refuse(
            "PR307",
            message(
                "{text} is {kind}, which {name} does not take here",
                text=written(arg),
                kind=WORDED[kind],
                name=row.name,
            ),
            arg.at,
            message("for example {example}", example=row.example),
        )


def _prior(node: Call, names: Resolver) -> Typed:
    field, kind = typed(node.args[0], names)
    if not isinstance(field, Field) or field.many:
        refuse(
            "PR307",
            message(
                "prior takes a column with one row, for example {example}",
                example="prior(carry_out)",
            ),
            node.at,
        )
    columns = names.scope.tables[field.table].columns
    if not any(columns[key].type == "year" for key, _ in field.on):
        refuse(
            "PR307",
            message("{table} has no year in its key: there is no year before", table=field.table),
            node.at,
        )
    return replace(field, shift=field.shift + 1, at=node.at), kind
