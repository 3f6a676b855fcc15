"""``perfrules explain RULE --data FOLDER --row KEY=VALUE``: a rule with the numbers of a row put in."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import polars as pl
from rich.text import Text

from perfrules import engine, findings, running
from perfrules.cli.keys import key_of
from perfrules.cli.page import Page
from perfrules.dataset import Dataset
from perfrules.errors import DataError, Diagnostic, UsageError
from perfrules.evaluate import engines
from perfrules.evaluate.blocks import Totals, evaluate_blocks, parted
from perfrules.evaluate.engines import SheetVerdicts
from perfrules.expr.nodes import Field, Rows
from perfrules.findings import EvidenceCell, Finding
from perfrules.findings.blocks import refused
from perfrules.locale import message
from perfrules.locale.words import OUTCOMES
from perfrules.model import Pack
from perfrules.plan import Plan, bind
from perfrules.report import decimal_of

MOST = 10
"""How many rows are shown where several have the key."""


def show(pack: Pack, rule: str, data: str, row: str, page: Page) -> None:
    """Show the verdicts of a rule on the rows that have the key.

    Raises:
        UsageError: No row has it.
        DataError: The rule cannot run on the data.
    """
    wanted = key_of(row)
    found = list(_verdicts(pack, rule, data, wanted))
    if not found:
        raise UsageError(
            [
                Diagnostic(
                    "PR506",
                    message("no row of rule {rule} has the key {key}", rule=rule, key=row or "-"),
                )
            ]
        )
    for sheet, position, at in found[:MOST]:
        _show(sheet, position, at, page)
    if len(found) > MOST:
        page.line()
        page.line(message("{count} more rows have this key", count=len(found) - MOST))


def _verdicts(
    pack: Pack, rule: str, data: str, wanted: Mapping[str, str]
) -> Iterator[tuple[SheetVerdicts, int, int]]:
    dataset = _read(data, pack, rule)
    plan = bind(pack, dataset)
    parts = parted(_only(rule, plan), dataset)
    missing = [notice for notice in (*plan.notices, *refused(parts)) if rule in notice.rules]
    if missing:
        raise DataError(Diagnostic(notice.code, notice.message) for notice in missing)
    for sheet in engines.evaluate(parts.whole, dataset):
        yield from _having(sheet, wanted)
    for name, sheets in parts.blocks.items():
        found: list[tuple[SheetVerdicts, int, int]] = []
        for reading in dataset.bulk[name].passes():  # the last one is right
            totals = [Totals(sheet, 0) for sheet in sheets]
            blocks = evaluate_blocks(parts.whole, totals, dataset, reading.blocks())
            found = [one for _, block in blocks for one in _having(block, wanted)]
        yield from found


def _read(data: str, pack: Pack, rule: str) -> Dataset:
    """The data; of a database the whole tables that the rule reads."""
    address, folder, manifest = engine.database_of(data)
    if address is None:
        return engine.read(data, pack)
    named = [one for one in pack.rules if one.id == rule]
    nodes = [node for one in named for node in (one.assertion, one.guard) if node is not None]
    parts = (part for node in nodes for part in node.walk())
    tables = {part.table for part in parts if isinstance(part, Field | Rows)}
    with running.in_database(address, pack.tables, manifest, folder) as place:
        found: Dataset = place.data.whole(tables.union(*(one.tables for one in named)))
        return found


def _having(
    sheet: SheetVerdicts, wanted: Mapping[str, str]
) -> Iterator[tuple[SheetVerdicts, int, int]]:
    """The rows of a sheet that have the key, each with every rule."""
    _check_key(wanted, sheet.sheet.grain)
    keys = sheet.laid.keys.with_row_index("@at")
    for name, value in wanted.items():
        keys = keys.filter(pl.col(name).cast(pl.String) == value)
    for at in keys["@at"]:
        yield from ((sheet, position, at) for position in range(len(sheet.sheet.rules)))


def _only(rule: str, plan: Plan) -> Plan:
    sheets = (
        replace(sheet, rules=tuple(b for b in sheet.rules if b.rule.id == rule))
        for sheet in plan.sheets
    )
    return replace(plan, sheets=tuple(sheet for sheet in sheets if sheet.rules))


def _check_key(wanted: Mapping[str, str], grain: tuple[str, ...]) -> None:
    for name in wanted:
        if name not in grain:
            raise UsageError(
                [
                    Diagnostic(
                        "PR506",
                        message(
                            "{name} is not in the key {grain} of the rule", name=name, grain=grain
                        ),
                    )
                ]
            )


def _show(sheet: SheetVerdicts, position: int, at: int, page: Page) -> None:
    finding = findings.finding(sheet, position, at)
    bound = sheet.sheet.rules[position]
    key = " ".join(f"{name}={value}" for name, value in finding.key.items())
    page.heading(f"{key} [{finding.column}]" if finding.column else key)
    row = sheet.laid.row(sheet.index, at)
    page.pairs(
        [
            (message("with figures"), findings.with_figures(bound.rule.assertion, row)),
            (
                message("applies where"),
                "" if bound.rule.guard is None else findings.with_figures(bound.rule.guard, row),
            ),
            *_numbers(finding),
            (message("outcome"), OUTCOMES[finding.outcome]),
            ("", finding.message),
            *(("", note) for note in finding.notes),
        ],
        indent=2,
    )
    page.table([_cell(cell, finding, page) for cell in finding.cells], indent=2, wraps=(0, 2))


def _numbers(finding: Finding) -> Iterator[tuple[object, object]]:
    for name, value in (
        (message("left"), finding.left),
        (message("right"), finding.right),
        (message("difference"), finding.difference),
        (message("slack"), finding.slack),
    ):
        if value is not None:
            number, exact = decimal_of(value)
            yield name, f"{number:f}{finding.unit}" + ("" if exact else f" ({value})")


def _cell(cell: EvidenceCell, finding: Finding, page: Page) -> tuple[object, ...]:
    own = [value for name, value in cell.key.items() if finding.key.get(name) != value]
    quote = " ".join(cell.origin.quote.split())
    return (
        Text(" ".join([f"{cell.table}.{cell.column}", page.settings.say(cell.title), *own])),
        cell.printed or message("(blank)"),
        Text(f"{cell.origin}  「{quote}」" if quote else str(cell.origin), "dim"),
    )
