"""Tries: what the reference says of a row of cells."""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from perfrules.drafts.statements import sample
from perfrules.evaluate import reference
from perfrules.evaluate.rows import Index
from perfrules.evaluate.sheets import lay
from perfrules.model import Pack, Rule
from perfrules.plan import bind
from perfrules.readers import read_frames


def outcome_of(rule: Rule, cells: Mapping[str, str | None], pack: Pack) -> str:
    """The outcome of a rule about one table on a row; its key is made up where the row does not say it.

    Returns:
        The outcome; empty where the rule does not run.
    """
    (name,) = rule.tables
    table = pack.tables[name]
    row = {key: sample(table.columns[key]) for key in table.key} | dict(cells)
    frame = pl.DataFrame([row], schema=dict.fromkeys(table.columns, pl.String))
    dataset = read_frames({name: frame}, pack.tables)
    for sheet in bind(replace(pack, rules=(rule,)), dataset).sheets:
        (bound,), laid = sheet.rules, lay(sheet, dataset)
        if laid.keys.height:
            found = reference.evaluate(bound.rule, laid.row(Index(dataset), 0), bound.slack)
            return found.code.outcome
    return ""
