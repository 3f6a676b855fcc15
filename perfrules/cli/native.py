"""Where a rule runs: on polars, or row by row on the reference, as its sheet over empty tables shows."""

from dataclasses import replace

import polars as pl

from perfrules.evaluate.lower import lower
from perfrules.evaluate.native import UnlowerableError
from perfrules.evaluate.sheets.laying import lay
from perfrules.expr import format as formatting
from perfrules.expr.nodes import Node
from perfrules.locale import Message, message
from perfrules.model import Pack, Rule
from perfrules.plan import bind
from perfrules.readers import read_frames


def where_it_runs(pack: Pack, rules: list[Rule]) -> Message:
    """The engine that evaluates ``rules``, which are one rule with all its entries of ``for``, and why it is not polars."""
    empty = {
        name: pl.DataFrame(schema=dict.fromkeys(table.columns, pl.String))
        for name, table in pack.tables.items()
    }
    dataset = read_frames(empty, pack.tables)
    alone = replace(pack, rules=tuple(rules), faults=(), faulty=())
    for sheet in bind(alone, dataset).sheets:
        laid = lay(sheet, dataset)
        for each in sheet.rules:
            try:
                lower(each.rule, each.slack, laid.shapes, pl)
            except UnlowerableError as gap:
                return _reason(gap)
    return message("on polars, all rows at once")


def _reason(gap: UnlowerableError) -> Message:
    part = gap.args[0] if gap.args else None
    if not isinstance(part, Node):
        return message("row by row on the reference: it has no exact form on polars")
    return message(
        "row by row on the reference: {part} has no exact form on polars",
        part=formatting.format(part),
    )
