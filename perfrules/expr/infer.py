"""Names, dimensions and grain: every name becomes a field, and what makes no sense is refused before anything runs."""

import difflib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import singledispatchmethod
from typing import Literal, NoReturn, Protocol

from perfrules.errors import ExpressionFault
from perfrules.expr import functions, rewrite
from perfrules.expr.format import format as written
from perfrules.expr.format import word
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
    Pin,
    Rows,
    Span,
    Steps,
    Text,
    Truth,
)
from perfrules.locale import Message, message
from perfrules.quantities import LogicalType
from perfrules.quantities.units import dimension_of

Kind = LogicalType | Literal["pure", "truth", "rows", "steps"]
"""A logical type, or ``pure`` (a number without unit, as a literal or a quotient has), a truth, a table, a step table."""

_ARITHMETICAL = frozenset({"money", "ratio", "points", "count", "number", "pure", "year"})
_LOOSE = frozenset({"pure", "count", "number"})
_TEXTUAL = frozenset({"text", "code"})


class ColumnLike(Protocol):
    """What inference asks of a column."""

    @property
    def type(self) -> LogicalType: ...
    @property
    def is_exact(self) -> bool: ...


class TableLike(Protocol):
    """What inference asks of a table."""

    @property
    def key(self) -> tuple[str, ...]: ...
    @property
    def columns(self) -> Mapping[str, ColumnLike]: ...


class StepLike(Protocol):
    """What inference asks of a step of a step table."""

    @property
    def le(self) -> str | None: ...
    @property
    def lt(self) -> str | None: ...
    @property
    def score(self) -> str | None: ...
    @property
    def else_(self) -> str | None: ...


class ParameterLike(Protocol):
    """What inference asks of a parameter."""

    @property
    def value(self) -> str | None: ...
    @property
    def steps(self) -> tuple[StepLike, ...]: ...
    @property
    def type(self) -> LogicalType: ...


class RelationLike(Protocol):
    """What inference asks of a relation."""

    @property
    def table(self) -> str: ...
    @property
    def on(self) -> Mapping[str, str]: ...


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression may speak about.

    Attributes:
        tables: Tables by id.
        names: Per table, column ids by folded written name; ``""`` where two columns share the name.
        table_names: Table ids by folded written name.
        params: Parameters by name.
        relations: Joins on differently named keys, by name.
        base: Tables whose rows are the rows of the rule.
        grain: Columns at which the rule speaks.
    """

    tables: Mapping[str, TableLike]
    names: Mapping[str, Mapping[str, str]]
    table_names: Mapping[str, str]
    params: Mapping[str, ParameterLike]
    relations: Mapping[str, RelationLike]
    base: tuple[str, ...]
    grain: tuple[str, ...]


def fold(name: str) -> str:
    """``name`` as names are compared: compatibility forms folded, white space left out."""
    return "".join(unicodedata.normalize("NFKC", name).split())


def infer(node: Node, scope: Scope) -> Node:
    """Resolve and type a condition.

    Args:
        node: A tree from ``parse``.
        scope: What it may speak about.

    Returns:
        The same condition over :class:`Field`, :class:`Rows`, :class:`Number` and :class:`Steps`, simplified.

    Raises:
        ExpressionFault: It makes no sense (codes PR203 and PR301 to PR315).
    """
    typed, kind = _Inference(scope).visit(node)
    if kind not in ("truth", "flag"):
        _refuse(
            "PR311",
            message("this is a value, not a condition"),
            node.at,
            message(
                "compare it with something, for example {example}", example=f"{written(node)} = …"
            ),
        )
    simple = rewrite.simplify(typed)
    if not any(isinstance(part, Field | Rows) for part in simple.walk()):
        _refuse("PR308", message("{text} is always the same", text=written(node)), node.at)
    for part in simple.walk():
        if isinstance(part, Compare):
            _check_compare(part)
    return simple


def kind_of(node: Node) -> Kind:
    """The kind of an inferred value."""
    match node:
        case Number():
            return (dimension_of(node.unit) if node.unit else None) or "pure"
        case Field():
            return node.type
        case Negate():
            return kind_of(node.item)
        case Arithmetic():
            left, right = (node.left, kind_of(node.left)), (node.right, kind_of(node.right))
            return _combine(node.op, left, right) or "pure"
        case If():
            return kind_of(node.yes)
        case Call():
            result = functions.BY_NAME[node.name].result
            return _RESULTS.get(result) or kind_of(node.args[0])
        case _:
            return "truth"


_RESULTS: dict[str, Kind] = {"pure": "pure", "count": "count", "truth": "truth"}


def slack_fits(node: Node, kind: LogicalType) -> bool:
    """Whether a slack of ``kind`` can be measured against some comparison of an inferred condition.

    A slack on ratios is in points; one without a unit fits counts and pure numbers.
    """
    wanted = {"points": {"ratio", "points"}, "number": {"number", "count", "year"}}.get(
        kind, {kind}
    )
    return any(
        field.type in wanted
        for part in node.walk()
        if isinstance(part, Compare)
        for field in part.walk()
        if isinstance(field, Field)
    )


def _refuse(code: str, what: Message, at: Span, hint: Message | None = None) -> NoReturn:
    raise ExpressionFault(code, what, at, hint)


def _check_compare(node: Compare) -> None:
    if not any(isinstance(part, Field | Rows) for part in node.walk()):
        _refuse(
            "PR308",
            message("{text} compares constants: it is always the same", text=written(node)),
            node.at,
            message("name a column, or remove the condition"),
        )
    if node.left == node.right:
        _refuse("PR308", message("both sides of {text} are the same", text=written(node)), node.at)
    if not rewrite.provable(node.left, node.right):
        _refuse(
            "PR312",
            message(
                "{text} uses a figure several times, and its exact range cannot be computed",
                text=written(node),
            ),
            node.at,
            message(
                "write it without the repetition; a ≤ 30% * b is exact where a / b ≤ 30% is not"
            ),
        )


@dataclass(frozen=True, slots=True)
class _Inference:
    """One pass over a tree; ``inner`` are the rows that the aggregate around a node runs over."""

    scope: Scope
    inner: Rows | None = None

    @singledispatchmethod
    def visit(self, node: Node) -> tuple[Node, Kind]:
        raise TypeError(node)

    # ---- leaves -----------------------------------------------------------------------------------------------------

    @visit.register
    def _(self, node: Number) -> tuple[Node, Kind]:
        kind = dimension_of(node.unit) if node.unit else None
        return node, kind or "pure"

    @visit.register
    def _(self, node: Text) -> tuple[Node, Kind]:
        return node, "text"

    @visit.register
    def _(self, node: Truth) -> tuple[Node, Kind]:
        return node, "flag"

    @visit.register
    def _(self, node: Parameter) -> tuple[Node, Kind]:
        param = self.scope.params.get(node.name)
        if param is None:
            _refuse(
                "PR310",
                message("there is no parameter {name}", name=node.name),
                node.at,
                _meant(node.name, self.scope.params),
            )
        if param.value is None:
            return Steps(node.name, _steps(param.steps), at=node.at), "steps"
        text = unicodedata.normalize("NFKC", param.value).strip()
        digits = text.rstrip("".join(set(text) - set("0123456789.,")) or " ").strip()
        unit = text[len(digits) :].strip()
        literal = Number(digits.lstrip("+-").replace(",", ""), unit, at=node.at)
        kind: Kind = param.type if unit else "pure"
        return (Negate(literal, at=node.at) if text.startswith("-") else literal), kind

    @visit.register
    def _(self, node: Name) -> tuple[Node, Kind]:
        if not node.column:
            return self._rows(node), "rows"
        if node.table:
            table, on = self._table(node)
            column = self._column(table, node)
            return self._field(table, column, on, node)
        return self._bare(node)

    @visit.register(Field)
    @visit.register(Rows)
    @visit.register(Steps)
    def _(self, node: Node) -> tuple[Node, Kind]:
        raise TypeError(node)  # inference runs once

    # ---- names ------------------------------------------------------------------------------------------------------

    def _bare(self, node: Name) -> tuple[Node, Kind]:
        name = fold(node.column)
        tables = ((self.inner.table,) if self.inner else ()) + self.scope.base
        for table in tables:
            if name in self.scope.names[table]:
                return self._field(table, self._column(table, node), None, node)
        elsewhere = [
            f"{word(table)}.{word(node.column)}"
            for table, names in self.scope.names.items()
            if name in names
        ]
        hint = (
            message("did you mean {names}?", names=tuple(elsewhere))
            if elsewhere
            else _meant(
                node.column, (known for table in tables for known in self.scope.names[table])
            )
        )
        _refuse(
            "PR301",
            message("there is no column {name} in {tables}", name=node.column, tables=tables),
            node.at,
            hint,
        )

    def _table(self, node: Name) -> tuple[str, Mapping[str, str] | None]:
        if node.table in self.scope.relations:
            relation = self.scope.relations[node.table]
            return relation.table, relation.on
        table = self.scope.table_names.get(fold(node.table))
        if table is None:
            known = (*self.scope.table_names, *self.scope.relations)
            _refuse(
                "PR302",
                message("there is no table {name}", name=node.table),
                node.at,
                _meant(node.table, known),
            )
        return table, None

    def _column(self, table: str, node: Name) -> str:
        names = self.scope.names[table]
        column = names.get(fold(node.column))
        if column is None:
            _refuse(
                "PR301",
                message("there is no column {name} in {tables}", name=node.column, tables=(table,)),
                node.at,
                _meant(node.column, names),
            )
        if not column:
            _refuse(
                "PR309",
                message(
                    "{name} names more than one column of {table}", name=node.column, table=table
                ),
                node.at,
                message("use the column's id"),
            )
        return column

    def _pins(self, table: str, node: Name) -> tuple[Pin, ...]:
        pins = []
        for written_key, value in node.pins:
            key = self.scope.names[table].get(fold(written_key))
            if key not in self.scope.tables[table].key:
                _refuse(
                    "PR313",
                    message("{name} is not a key column of {table}", name=written_key, table=table),
                    node.at,
                    message("its key is {key}", key=self.scope.tables[table].key),
                )
            pins.append((str(key), value))
        return tuple(pins)

    def _join(
        self, table: str, on: Mapping[str, str] | None, node: Name, per: tuple[str, ...] = ()
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
        absent = [key for key in grain if key not in spec.columns and key not in held]
        if absent:
            _refuse(
                "PR305",
                message(
                    "{table} has no column {columns} to meet the rows of the rule by",
                    table=table,
                    columns=tuple(absent),
                ),
                node.at,
                message(
                    "say which columns: {example}",
                    example=f"sum({table}.… per {', '.join(k for k in grain if k in spec.columns)})",
                ),
            )
        return tuple((key, key) for key in grain if key not in held), True

    def _field(
        self, table: str, column: str, on: Mapping[str, str] | None, node: Name
    ) -> tuple[Node, Kind]:
        spec = self.scope.tables[table].columns[column]
        if self.inner and self.inner.table == table and on is None and not node.pins:
            joined, pins, many = self.inner.on, self.inner.pins, True
        else:
            joined, many = self._join(table, on, node)
            pins = self._pins(table, node)
            if many:
                self._needs_aggregate(table, node)
        field = Field(
            table, column, spec.type, joined, pins, many=many, exact=spec.is_exact, at=node.at
        )
        return field, spec.type

    def _needs_aggregate(self, table: str, node: Name) -> NoReturn:
        text = written(node)
        key = self.scope.tables[table].key
        _refuse(
            "PR305",
            message("{name} has several rows per {grain}", name=text, grain=self.scope.grain),
            node.at,
            message(
                "wrap it in {call}, or add {per} to the rule",
                call=f"sum({text})",
                per=f"per: [{', '.join(key)}]",
            ),
        )

    def _rows(self, node: Name, per: tuple[str, ...] = ()) -> Rows:
        table, on = self._table(Name("", node.table or node.column, node.pins, at=node.at))
        joined, _ = self._join(table, on, node, per)
        return Rows(table, joined, self._pins(table, node), at=node.at)

    # ---- values -----------------------------------------------------------------------------------------------------

    @visit.register
    def _(self, node: Negate) -> tuple[Node, Kind]:
        item, kind = self._number(node.item)
        return replace(node, item=item), kind

    @visit.register
    def _(self, node: Arithmetic) -> tuple[Node, Kind]:
        left, first = self._number(node.left)
        right, second = self._number(node.right)
        kind = _combine(node.op, (left, first), (right, second))
        if kind is None:
            self._mixed(node, first, second)
        return replace(node, left=left, right=right), kind

    def _number(self, node: Node) -> tuple[Node, Kind]:
        typed, kind = self.visit(node)
        if kind not in _ARITHMETICAL:
            _refuse(
                "PR314",
                message("{text} is {kind}, not a number", text=written(node), kind=_KINDS[kind]),
                node.at,
            )
        return typed, kind

    def _mixed(self, node: Arithmetic | Compare, first: Kind, second: Kind) -> NoReturn:
        units = {first, second}
        if units == {"ratio", "points"}:
            _refuse(
                "PR304",
                message("{text} mixes a percentage with percentage points", text=written(node)),
                node.at,
                message("write 5pp or 5个百分点 for a difference of percentages, 5% for a share"),
            )
        if "pure" in units and units & {"money", "points"}:
            _refuse(
                "PR315",
                message(
                    "{text} sets a number without unit against {kind}",
                    text=written(node),
                    kind=_KINDS[(units - {"pure"}).pop()],
                ),
                node.at,
                message("write its unit, for example 10万元, 0.5 USD or 5pp"),
            )
        _refuse(
            "PR303",
            message(
                "{text} mixes {left} and {right}",
                text=written(node),
                left=_KINDS[first],
                right=_KINDS[second],
            ),
            node.at,
            message("only like can be added or compared; a share is written with /"),
        )

    # ---- conditions -------------------------------------------------------------------------------------------------

    @visit.register
    def _(self, node: Compare) -> tuple[Node, Kind]:
        left, first = self.visit(node.left)
        right, second = self.visit(node.right)
        if not _comparable((left, first), (right, second)):
            if {first, second} & _TEXTUAL and {first, second} & _ARITHMETICAL:
                _refuse(
                    "PR314",
                    message("{text} compares a text with a number", text=written(node)),
                    node.at,
                    message('write a code or a text in quotes, for example "201"'),
                )
            self._mixed(node, first, second)
        if node.op not in ("=", "≠") and first not in _ARITHMETICAL | {"date"}:
            _refuse(
                "PR314",
                message("{text} asks which of two texts is greater", text=written(node)),
                node.at,
                message("texts are compared with = or ≠"),
            )
        return replace(node, left=left, right=right), "truth"

    @visit.register
    def _(self, node: In) -> tuple[Node, Kind]:
        item, kind = self.visit(node.item)
        options = []
        for option in node.options:
            typed, other = self.visit(option)
            if not _comparable((item, kind), (typed, other)):
                self._mixed(Compare("=", node.item, option, at=node.at), kind, other)
            options.append(typed)
        return replace(node, item=item, options=tuple(options)), "truth"

    @visit.register
    def _(self, node: IsBlank) -> tuple[Node, Kind]:
        item, _ = self.visit(node.item)
        if not isinstance(item, Field):
            _refuse(
                "PR307",
                message("only a column can be blank, not {text}", text=written(node.item)),
                node.at,
            )
        return replace(node, item=item), "truth"

    @visit.register
    def _(self, node: Not) -> tuple[Node, Kind]:
        return replace(node, item=self._condition(node.item)), "truth"

    @visit.register
    def _(self, node: Logic) -> tuple[Node, Kind]:
        return replace(node, items=tuple(map(self._condition, node.items))), "truth"

    def _condition(self, node: Node) -> Node:
        typed, kind = self.visit(node)
        if kind not in ("truth", "flag"):
            _refuse(
                "PR311",
                message("{text} is a value; a condition is due here", text=written(node)),
                node.at,
            )
        return typed

    @visit.register
    def _(self, node: If) -> tuple[Node, Kind]:
        test = self._condition(node.test)
        yes, first = self.visit(node.yes)
        if node.no is None:
            if first not in ("truth", "flag"):
                _refuse(
                    "PR311",
                    message(
                        "{text} has no else: nothing is said for the other case", text=written(node)
                    ),
                    node.at,
                    message("add else …"),
                )
            return replace(node, test=test, yes=yes), "truth"
        no, second = self.visit(node.no)
        if {first, second} <= {"truth", "flag"}:
            return replace(node, test=test, yes=yes, no=no), "truth"
        if not _comparable((yes, first), (no, second)):
            self._mixed(Compare("=", node.yes, node.no, at=node.at), first, second)
        return replace(node, test=test, yes=yes, no=no), first if first != "pure" else second

    # ---- functions --------------------------------------------------------------------------------------------------

    @visit.register
    def _(self, node: Call) -> tuple[Node, Kind]:
        row = functions.BY_NAME.get(node.name)
        if row is None:
            _refuse(
                "PR203",
                message("there is no function {name}", name=node.name),
                node.at,
                _meant(node.name, functions.BY_NAME),
            )
        if not row.least <= len(node.args) <= row.most:
            _refuse(
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
        node = replace(node, name=row.name)
        if row.name in ("count", "present"):
            return self._of_rows(node, row)
        if row.name == "prior":
            return self._prior(node)
        rows = self._aggregated(node) if row.group == "aggregate" else None
        if rows is None:
            return self._scalar(node, row)
        return self._aggregate(node, row, rows)

    def _of_rows(self, node: Call, row: functions.Function) -> tuple[Node, Kind]:
        name = node.args[0]
        if not isinstance(name, Name) or (name.table and name.column):
            _refuse("PR307", message("{name} takes the name of a table", name=row.name), node.at)
        rows = self._rows(name, self._per(node))
        where = replace(self, inner=rows)._condition(node.where) if node.where is not None else None
        kind: Kind = "count" if row.name == "count" else "truth"
        return replace(node, args=(rows,), where=where, per=()), kind

    def _per(self, node: Call) -> tuple[str, ...]:
        columns = []
        for name in node.per:
            column = next((g for g in self.scope.grain if fold(g) == fold(name)), None)
            for table in self.scope.base:
                column = column or self.scope.names[table].get(fold(name))
            if column not in self.scope.grain:
                _refuse(
                    "PR313",
                    message(
                        "per {name}: the rule speaks per {grain}", name=name, grain=self.scope.grain
                    ),
                    node.at,
                )
            columns.append(str(column))
        return tuple(columns)

    def _aggregated(self, node: Call) -> Rows | None:
        """The rows that an aggregate runs over; None if all its arguments are single."""
        for arg in node.args:
            for part in arg.walk():
                if isinstance(part, Name) and part.column:
                    rows = self._many(part, self._per(node))
                    if rows is not None:
                        return rows
        return None

    def _many(self, name: Name, per: tuple[str, ...]) -> Rows | None:
        if name.table:
            table, on = self._table(name)
        else:
            found = [t for t in self.scope.base if fold(name.column) in self.scope.names[t]]
            if not found:
                return None
            table, on = found[0], None
        joined, many = self._join(table, on, name, per)
        return Rows(table, joined, self._pins(table, name), at=name.at) if many else None

    def _aggregate(self, node: Call, row: functions.Function, rows: Rows) -> tuple[Node, Kind]:
        if len(node.args) > 1:
            _refuse(
                "PR306",
                message(
                    "over the rows of {table}, {name} takes one argument",
                    table=rows.table,
                    name=row.name,
                ),
                node.at,
            )
        inside = replace(self, inner=rows)
        plain = _unpinned(node.args[0], rows, self.scope)
        arg, kind = (
            (inside._condition(plain), "truth")
            if row.args == ("condition",)
            else inside.visit(plain)
        )
        if row.args != ("condition",):
            self._check_argument(row, 0, node.args[0], kind)
        where = inside._condition(node.where) if node.where is not None else None
        return replace(node, args=(arg,), where=where, per=()), _RESULTS.get(row.result, kind)

    def _scalar(self, node: Call, row: functions.Function) -> tuple[Node, Kind]:
        if (
            row.group == "aggregate"
            and row.name not in ("min", "max", "count_present")
            or (row.name in ("min", "max") and len(node.args) < 2)
        ):
            _refuse(
                "PR306",
                message(
                    "{text} has one row here: there is nothing to run over",
                    text=written(node.args[0]),
                ),
                node.at,
                message("leave {name} out, or name a table with several rows", name=row.name),
            )
        if node.where is not None or node.per:
            _refuse(
                "PR306",
                message("where and per belong to functions over the rows of a table"),
                node.at,
            )
        typed, kinds = zip(*(self.visit(arg) for arg in node.args), strict=True)
        for position, (arg, kind) in enumerate(zip(node.args, kinds, strict=True)):
            self._check_argument(row, position, arg, kind)
        first: Kind = next((kind for kind in kinds if kind != "pure"), "pure")
        if row.args in (("same",), ("same", "same")):
            for item, kind in zip(typed, kinds, strict=True):
                if not _comparable((typed[0], kinds[0]), (item, kind)):
                    self._mixed(
                        Compare("=", node.args[0], node.args[1], at=node.at), kinds[0], kind
                    )
        return replace(node, args=tuple(typed)), _RESULTS.get(row.result, first)

    def _check_argument(
        self, row: functions.Function, position: int, arg: Node, kind: Kind
    ) -> None:
        wanted = row.args[min(position, len(row.args) - 1)]
        fits = {
            "number": kind in _ARITHMETICAL,
            "same": kind in _ARITHMETICAL | {"date"},
            "pure": kind in _LOOSE,
            "field": kind not in ("truth", "rows", "steps", "pure"),
            "text": kind in _TEXTUAL,
            "pattern": isinstance(arg, Text),
            "steps": kind == "steps",
        }[wanted]
        if not fits:
            _refuse(
                "PR307",
                message(
                    "{text} is {kind}, which {name} does not take here",
                    text=written(arg),
                    kind=_KINDS[kind],
                    name=row.name,
                ),
                arg.at,
                message("for example {example}", example=row.example),
            )

    def _prior(self, node: Call) -> tuple[Node, Kind]:
        field, kind = self.visit(node.args[0])
        if not isinstance(field, Field) or field.many:
            _refuse(
                "PR307",
                message(
                    "prior takes a column with one row, for example {example}",
                    example="prior(carry_out)",
                ),
                node.at,
            )
        columns = self.scope.tables[field.table].columns
        if not any(columns[key].type == "year" for key, _ in field.on):
            _refuse(
                "PR307",
                message(
                    "{table} has no year in its key: there is no year before", table=field.table
                ),
                node.at,
            )
        return replace(field, shift=field.shift + 1, at=node.at), kind


def _unpinned(node: Node, rows: Rows, scope: Scope) -> Node:
    """The argument of an aggregate with the pins of its own table left out: they belong to the rows."""
    if isinstance(node, Name):
        table = scope.table_names.get(fold(node.table)) if node.table else None
        if node.table in scope.relations:
            table = scope.relations[node.table].table
        return Name(node.column, rows.table, at=node.at) if table == rows.table else node
    return node.rebuilt(tuple(_unpinned(child, rows, scope) for child in node.children()))


def _meant(name: str, known: Iterable[str]) -> Message | None:
    close = difflib.get_close_matches(fold(name), list(dict.fromkeys(known)), 3, 0.6)
    return message("did you mean {names}?", names=tuple(map(word, close))) if close else None


def _steps(steps: tuple[StepLike, ...]) -> tuple[tuple[str, bool, str], ...]:
    return tuple(
        (step.le or step.lt or "", step.lt is None, step.score or step.else_ or "0")
        for step in steps
    )


_KINDS: dict[Kind, Message] = {
    "money": message("an amount of money"),
    "ratio": message("a ratio"),
    "points": message("percentage points"),
    "count": message("a count"),
    "number": message("a number"),
    "pure": message("a number without unit"),
    "text": message("a text"),
    "code": message("a code"),
    "year": message("a year"),
    "date": message("a date"),
    "flag": message("a yes or no"),
    "truth": message("a condition"),
    "rows": message("a table"),
    "steps": message("a step table"),
}

Typed = tuple[Node, Kind]


def _is_zero(node: Node) -> bool:
    return isinstance(node, Number) and rewrite.number(node) == 0


def _comparable(left: Typed, right: Typed) -> bool:
    first, second = left[1], right[1]
    if first == second or {first, second} <= _TEXTUAL or {first, second} <= {"flag", "truth"}:
        return first not in ("rows", "steps")
    if {first, second} <= _ARITHMETICAL and (_is_zero(left[0]) or _is_zero(right[0])):
        return True
    pair = {first, second}
    return pair <= _LOOSE or pair in ({"pure", "ratio"}, {"pure", "year"})


def _combine(op: str, left: Typed, right: Typed) -> Kind | None:
    if op in "+-":
        return _sum(op, left, right)
    return _product(left[1], right[1]) if op == "*" else _quotient(left[1], right[1])


def _sum(op: str, left: Typed, right: Typed) -> Kind | None:
    first, second = left[1], right[1]
    if op == "-" and first == second == "ratio":
        literal = isinstance(left[0], Number) or isinstance(right[0], Number)
        return "ratio" if literal else "points"
    if first == second:
        return "number" if first == "year" else first
    if _is_zero(left[0]):
        return second
    if _is_zero(right[0]) or (first, second) in (
        ("ratio", "points"),
        ("year", "number"),
        ("year", "count"),
        ("year", "pure"),
    ):
        return first
    pair = {first, second}
    if pair <= _LOOSE:
        return "number" if "number" in pair else "count"
    return "ratio" if pair == {"pure", "ratio"} else None


def _product(first: Kind, second: Kind) -> Kind | None:
    scalars = _LOOSE | {"ratio"}
    if first in scalars and second in scalars:
        order: tuple[Kind, ...] = ("number", "count", "ratio", "pure")
        return next(kind for kind in order if kind in (first, second))
    if first in scalars and second in ("money", "points"):
        return second
    return first if second in scalars and first in ("money", "points") else None


def _quotient(first: Kind, second: Kind) -> Kind | None:
    if first == second and first != "year":
        return "pure"
    if first in _LOOSE and second in _LOOSE | {"ratio"}:
        return "pure" if second != "pure" else first
    return first if first in ("money", "points", "ratio") and second in _LOOSE | {"ratio"} else None
