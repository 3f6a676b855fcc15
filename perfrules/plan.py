"""Rules bound to a dataset: one sheet per grain, and what cannot run."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace

from perfrules.dataset import Dataset
from perfrules.expr import rewrite
from perfrules.expr.nodes import (
    Call,
    Compare,
    CompareOp,
    Field,
    Logic,
    Node,
    Number,
    Rows,
    source_of,
)
from perfrules.locale import message
from perfrules.model import Pack, Rule, Slack, slack_of
from perfrules.notices import Notice
from perfrules.values import frozen


@frozen
class BoundRule:
    """A rule whose tables and columns are there, with its tolerance in numbers."""

    rule: Rule
    slack: Slack
    pack: str = ""


@frozen
class Sheet:
    """The rules that speak at one grain.

    Attributes:
        base: Tables whose rows, together, are the rows of the sheet.
        grain: Its key.
        rules: The rules, in the order of the pack.
    """

    base: tuple[str, ...]
    grain: tuple[str, ...]
    rules: tuple[BoundRule, ...]

    @property
    def leaves(self) -> tuple[Node, ...]:
        """Every field, aggregate and existence test that the rules need, each once."""
        found: dict[Node, None] = {}
        for bound in self.rules:
            for node in (bound.rule.guard, bound.rule.assertion):
                if node is not None:
                    found.update(dict.fromkeys(leaves_of(node)))
        return tuple(found)


Columns = Mapping[str, frozenset[str]]
"""The columns that the data has, by table."""


@frozen
class Plan:
    """A pack bound to the tables of a dataset."""

    pack: Pack
    sheets: tuple[Sheet, ...]
    notices: tuple[Notice, ...]
    columns: Columns = field(default_factory=dict)


def leaves_of(node: Node) -> Iterable[Node]:
    """The fields, aggregates and tables that an engine must lay side by side to evaluate ``node``."""
    if isinstance(node, Field | Rows) or rewrite.is_aggregate(node):
        yield node
        return
    if isinstance(node, Call) and node.name == "decimals":
        yield node
    for child in node.children():
        yield from leaves_of(child)


def bind(pack: Pack, dataset: Dataset) -> Plan:
    """Bind the rules of ``pack`` to the tables of ``dataset``.

    A rule that cannot run becomes a notice and the others are bound: its block is faulty, a table or column is absent, or no
    year of the data is one for which it holds.
    """
    return over(bound(pack, columns_of(dataset)), gone_from(dataset))


def columns_of(dataset: Dataset) -> Columns:
    """The columns of the tables of ``dataset``."""
    held = {name: frozenset(table.frame.columns) for name, table in dataset.tables.items()}
    return held | {name: table.columns for name, table in dataset.bulk.items()}


def bound(pack: Pack, columns: Columns) -> Plan:
    """Bind the rules of ``pack`` to any data with these columns."""
    notices: list[Notice] = list(_faults(pack))
    groups: dict[tuple[tuple[str, ...], tuple[str, ...]], list[BoundRule]] = {}
    absent: dict[tuple[str, str], list[str]] = {}
    for rule in pack.rules:
        gaps = _gaps(rule, columns)
        for gap in gaps:
            absent.setdefault(gap, []).append(rule.id)
        if not gaps:
            base = _with_expected(rule.tables, pack, columns)
            groups.setdefault((base, rule.grain), []).append(bound_rule(rule, pack))
    notices += [_absent(table, column, rules, pack) for (table, column), rules in absent.items()]
    sheets = tuple(Sheet(base, grain, tuple(rules)) for (base, grain), rules in groups.items())
    return Plan(pack, sheets, tuple(notices), columns)


Gone = Callable[[str, str, Sequence[str]], tuple[int, tuple[str, ...]]]
"""Of a table, another one and key columns: how many keys of the other are absent, and the first few."""
FEW = 5
"""How many absent keys are told."""


def over(plan: Plan, gone: Gone) -> Plan:
    """``plan`` with the notices that depend on the rows of the data."""
    return replace(plan, notices=(*plan.notices, *_due(plan, gone)))


def gone_from(dataset: Dataset) -> Gone:
    """Finds the keys that are absent from tables in memory."""

    def gone(name: str, expected: str, key: Sequence[str]) -> tuple[int, tuple[str, ...]]:
        if not {name, expected} <= dataset.tables.keys():
            return 0, ()  # of a table that is read in blocks, whose rules on both are refused
        due = dataset.tables[expected].frame.select(key).drop_nulls().unique(maintain_order=True)
        there = dataset.tables[name].frame.select(key)
        lost = due.join(there, on=key, how="anti", maintain_order="left")
        return lost.height, tuple(" ".join(map(str, row)) for row in lost.head(FEW).iter_rows())

    return gone


def bound_rule(rule: Rule, pack: Pack) -> BoundRule:
    """One rule as it runs on any data: with its fiscal years in its guard, and its tolerance in numbers."""
    return BoundRule(_dated(rule, pack), slack_of(rule.block, pack.params), pack.id)


def _dated(rule: Rule, pack: Pack) -> Rule:
    """The rule with the fiscal years for which it holds as part of its guard."""
    columns = pack.tables[rule.tables[0]].columns
    years = [name for name in rule.grain if columns[name].type == "year"]
    limits: list[tuple[CompareOp, int]] = []
    if rule.block.since is not None:
        limits.append(("≥", rule.block.since))
    if rule.block.until is not None:
        limits.append(("≤", rule.block.until))
    if not limits or not years:
        return rule
    on = tuple((name, name) for name in rule.grain)
    year = Field(rule.tables[0], years[0], "year", on, own=True, exact=True)
    tests: list[Node] = [Compare(op, year, Number(str(limit))) for op, limit in limits]
    if rule.guard is not None:
        tests.append(rule.guard)
    return replace(rule, guard=tests[0] if len(tests) == 1 else Logic("and", tuple(tests)))


def _with_expected(base: tuple[str, ...], pack: Pack, columns: Columns) -> tuple[str, ...]:
    """``base``, and the table that says which of its rows are due."""
    expected = pack.tables[base[0]].expect
    if len(base) > 1 or expected is None or expected not in columns:
        return base
    return (*base, expected) if pack.tables[expected].key == pack.tables[base[0]].key else base


def _due(plan: Plan, gone: Gone) -> Iterable[Notice]:
    """Rows that another table says are due and that are absent; the verdicts on them are unknown."""
    for name, table in plan.pack.tables.items():
        expected = table.expect
        if expected is None or not {name, expected} <= set(plan.columns):
            continue
        count, few = gone(name, expected, table.key)
        if count:
            yield Notice(
                "PR442",
                message(
                    "{table} has no row for {count} keys that {expected} has, first {keys}; what needs them is unknown",
                    table=name,
                    count=count,
                    expected=expected,
                    keys=few,
                ),
                table=name,
            )


def _faults(pack: Pack) -> Iterable[Notice]:
    for fault in pack.faults:
        yield Notice(
            fault.code,
            message("a rule is faulty and did not run: {fault}", fault=fault.message)
            if fault.hint is None
            else message(
                "a rule is faulty and did not run: {fault}; {hint}",
                fault=fault.message,
                hint=fault.hint,
            ),
            rules=pack.faulty,
            where=str(fault.place) if fault.place else "",
        )


def _gaps(rule: Rule, columns: Columns) -> tuple[tuple[str, str], ...]:
    """The (table, column) that the rule needs and the data has not; the column is empty for a whole table."""
    wanted: dict[tuple[str, str], None] = {}
    for node in (rule.assertion, *((rule.guard,) if rule.guard is not None else ())):
        for part in node.walk():
            if isinstance(part, Field | Rows):
                read = (part.column,) if isinstance(part, Field) else ()
                for column in (*read, *(key for key, _ in part.on)):
                    wanted[part.table, column] = None
    tables = {table: None for table, _ in wanted} | dict.fromkeys(rule.tables)
    gone = [(table, "") for table in tables if table not in columns]
    if gone:
        return tuple(gone)
    return tuple((t, source_of(c)) for t, c in wanted if c not in columns[t])


def _absent(table: str, column: str, rules: list[str], pack: Pack) -> Notice:
    ids = tuple(dict.fromkeys(rules))
    title = pack.tables[table].title
    if column:
        return Notice(
            "PR402",
            message(
                "{table} {title} has no column {column} {heading}: {count} rules did not run",
                table=table,
                title=title,
                column=column,
                heading=pack.tables[table].columns[column].title,
                count=len(ids),
            ),
            rules=ids,
            table=table,
        )
    if pack.tables[table].optional:
        return Notice(
            "PR401",
            message(
                "the optional table {table} {title} is absent: {count} rules do not apply",
                table=table,
                title=title,
                count=len(ids),
            ),
            "advice",
            ids,
            table,
        )
    return Notice(
        "PR401",
        message(
            "there is no table {table} {title}: {count} rules did not run",
            table=table,
            title=title,
            count=len(ids),
        ),
        rules=ids,
        table=table,
    )


def rules_by_position(sheet: Sheet) -> Mapping[int, BoundRule]:
    """The rules of a sheet by the position that verdicts name them with."""
    return dict(enumerate(sheet.rules))
