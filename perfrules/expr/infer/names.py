"""Written names to fields and rows: which table and column is meant, how its rows meet the rows of the rule, and how many do."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NoReturn

from perfrules.expr.format import format as written
from perfrules.expr.format import word
from perfrules.expr.infer.faults import meant, refuse
from perfrules.expr.infer.kinds import Typed
from perfrules.expr.infer.scope import Scope, fold
from perfrules.expr.nodes import Field, Name, Pin, Rows, Span
from perfrules.locale import message
from perfrules.values import frozen

_On = Mapping[str, str] | None
"""The join of a relation; None where equal names meet."""


@frozen
class Resolver:
    """Resolves the names of one expression.

    Attributes:
        scope: What the expression may speak about.
        inner: The rows that the aggregate around a name runs over; None outside aggregates.
    """

    scope: Scope
    inner: Rows | None = None

    def within(self, rows: Rows) -> "Resolver":
        """The same for the inside of an aggregate over ``rows``."""
        return replace(self, inner=rows)

    def value(self, node: Name) -> Typed:
        """The field, or the rows of a whole table, that ``node`` names.

        Raises:
            ExpressionFault: Nothing has the name, or several rows would meet one row of the rule outside an aggregate.
        """
        if not node.column:
            return self.rows(node), "rows"
        if not node.table:
            return self._bare(node)
        table, on = self._table(node)
        return self._field(table, self._column(table, node), on, node)

    def rows(self, node: Name, per: tuple[str, ...] = ()) -> Rows:
        """The rows of the table that ``node`` names; ``per`` says at which columns, the grain of the rule if empty."""
        table, on = self._table(Name("", node.table or node.column, node.pins, at=node.at))
        joined, _ = self._join(table, on, node, per)
        return Rows(table, joined, self._pins(table, node), at=node.at)

    def rows_of_column(self, node: Name, per: tuple[str, ...]) -> Rows | None:
        """The rows in which the column stands that ``node`` names; None if only one meets a row of the rule."""
        on: _On = None
        if node.table:
            table, on = self._table(node)
        else:
            name = fold(node.column)
            found = next((base for base in self.scope.base if name in self.scope.names[base]), None)
            if found is None:
                return None
            table = found
        joined, many = self._join(table, on, node, per)
        return Rows(table, joined, self._pins(table, node), at=node.at) if many else None

    def columns_per(self, names: tuple[str, ...], at: Span) -> tuple[str, ...]:
        """The columns of the grain that ``per`` names."""
        return tuple(self._column_per(name, at) for name in names)

    def _column_per(self, name: str, at: Span) -> str:
        scope = self.scope
        column = next((key for key in scope.grain if fold(key) == fold(name)), None)
        for table in scope.base:
            column = column or scope.names[table].get(fold(name))
        if column is None or column not in scope.grain:
            refuse(
                "PR313",
                message("per {name}: the rule speaks per {grain}", name=name, grain=scope.grain),
                at,
            )
        return column

    def _bare(self, node: Name) -> Typed:
        name = fold(node.column)
        tables = ((self.inner.table,) if self.inner else ()) + self.scope.base
        table = next((table for table in tables if name in self.scope.names[table]), None)
        if table is None:
            self._refuse_unknown(node, name, tables)
        return self._field(table, self._column(table, node), None, node)

    def _refuse_unknown(self, node: Name, name: str, tables: tuple[str, ...]) -> NoReturn:
        elsewhere = tuple(
            f"{word(table)}.{word(node.column)}"
            for table, names in self.scope.names.items()
            if name in names
        )
        hint = (
            message("did you mean {names}?", names=elsewhere)
            if elsewhere
            else meant(
                node.column, (known for table in tables for known in self.scope.names[table])
            )
        )
        refuse(
            "PR301",
            message("there is no column {name} in {tables}", name=node.column, tables=tables),
            node.at,
            hint,
        )

    def _table(self, node: Name) -> tuple[str, _On]:
        if node.table in self.scope.relations:
            relation = self.scope.relations[node.table]
            return relation.table, relation.on
        table = self.scope.table_names.get(fold(node.table))
        if table is None:
            known = (*self.scope.table_names, *self.scope.relations)
            refuse(
                "PR302",
                message("there is no table {name}", name=node.table),
                node.at,
                meant(node.table, known),
            )
        return table, None

    def _column(self, table: str, node: Name) -> str:
        names = self.scope.names[table]
        column = names.get(fold(node.column))
        if column is None:
            refuse(
                "PR301",
                message("there is no column {name} in {tables}", name=node.column, tables=(table,)),
                node.at,
                meant(node.column, names),
            )
        if not column:
            refuse(
                "PR309",
                message(
                    "{name} names more than one column of {table}", name=node.column, table=table
                ),
                node.at,
                message("use the column's id"),
            )
        return column

    def _pins(self, table: str, node: Name) -> tuple[Pin, ...]:
        return tuple((self._pinned(table, name, node.at), value) for name, value in node.pins)

    def _pinned(self, table: str, name: str, at: Span) -> str:
        key = self.scope.tables[table].key
        column = self.scope.names[table].get(fold(name))
        if column is None or column not in key:
            refuse(
                "PR313",
                message("{name} is not a key column of {table}", name=name, table=table),
                at,
                message("its key is {key}", key=key),
            )
        return column

    def _join(
        self, table: str, on: _On, node: Name, per: tuple[str, ...] = ()
    ) -> tuple[tuple[Pin, ...], bool]:
        """The join to ``table`` and whether several of its rows may meet one row of the rule."""
        spec = self.scope.tables[table]
        held = {key for key, _ in self._pins(table, node)}
        if on is not None:
            return tuple(on.items()), bool(set(spec.key) - held - set(on))
        rest = [key for key in spec.key if key not in held]
        grain = per or self.scope.grain
        if all(key in grain for key in rest):
            return tuple((key, key) for key in rest), False
        absent = tuple(key for key in grain if key not in spec.columns and key not in held)
        if absent:
            shared = ", ".join(key for key in grain if key in spec.columns)
            refuse(
                "PR305",
                message(
                    "{table} has no column {columns} to meet the rows of the rule by",
                    table=table,
                    columns=absent,
                ),
                node.at,
                message("say which columns: {example}", example=f"sum({table}.… per {shared})"),
            )
        return tuple((key, key) for key in grain if key not in held), True

    def _field(self, table: str, column: str, on: _On, node: Name) -> Typed:
        spec = self.scope.tables[table].columns[column]
        plain = on is None and not node.pins
        own = plain and table in self.scope.base and column in self.scope.grain
        if self.inner and self.inner.table == table and plain:
            joined, pins, many, own = self.inner.on, self.inner.pins, True, False
        elif own:
            joined, pins, many = tuple((key, key) for key in self.scope.grain), (), False
        else:
            joined, many = self._join(table, on, node)
            pins = self._pins(table, node)
            if many:
                self._refuse_several(table, node)
        field = Field(
            table,
            column,
            spec.type,
            joined,
            pins,
            many=many,
            exact=spec.is_exact,
            own=own,
            at=node.at,
        )
        return field, spec.type

    def _refuse_several(self, table: str, node: Name) -> NoReturn:
        text = written(node)
        key = self.scope.tables[table].key
        refuse(
            "PR305",
            message("{name} has several rows per {grain}", name=text, grain=self.scope.grain),
            node.at,
            message(
                "wrap it in {call}, or add {per} to the rule",
                call=f"sum({text})",
                per=f"per: [{', '.join(key)}]",
            ),
        )
