"""Every verdict of a plan, for results that are written where the data is: as queries, and as frames of what is judged in memory."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import narwhals as nw
import polars as pl

from perfrules.dataset.relations import Query
from perfrules.evaluate import engines
from perfrules.evaluate.remote import Holding, Shelf
from perfrules.evaluate.remote.evidence import tables_of
from perfrules.evaluate.remote.passes import ReadySheet
from perfrules.evaluate.rows import Index
from perfrules.evaluate.sheets.laying import lay
from perfrules.plan import BoundRule, Plan, Sheet
from perfrules.values import frozen
from perfrules.verdicts import OUTCOMES

RULE, FOR, OUTCOME = "rule", "for", "outcome"
"""Columns of verdicts beside the key: the rule, the column that its ``for`` put in, and what came out."""


def code_column(position: int) -> str:
    """Name of the column of a query that holds the outcomes of a rule, by its position among the rules of the query."""
    return f"@code_{position}"


@frozen
class Asked:
    """Verdicts to be asked: a query with a row for each key, and the outcome of each rule in a column of its own.

    Attributes:
        rules: The rules by position: their ids, and the columns that ``for`` put in.
        keys: The columns of the key, as the query names them, by name.
        query: The query.
    """

    rules: tuple[tuple[str, str], ...]
    keys: Mapping[str, str]
    query: Query


def every(plan: Plan, data: Holding, shelf: Shelf) -> Iterator[Asked | pl.DataFrame]:
    """The verdicts of every rule on every row, sheet by sheet."""
    for sheet in plan.sheets:
        parted = shelf.parted(sheet, data)
        here = list(parted.local.rules) if parted.local is not None else []
        if parted.made is not None:
            there = _there(parted.made)
            here += [bound for at, bound in enumerate(parted.made.sheet.rules) if at not in there]
            if there:
                yield _asked(parted.made, there)
        if here:
            yield from _in_memory(replace(sheet, rules=tuple(here)), data)


def _there(made: ReadySheet) -> list[int]:
    """The rules of which no outcome takes the reference."""
    return [
        at
        for at in made.remote
        if at not in made.batch.whole
        and not any(
            made.laid.shapes[part].hard
            for node in (made.sheet.rules[at].rule.assertion, made.sheet.rules[at].rule.guard)
            if node is not None
            for part in node.walk()
            if part in made.laid.shapes
        )
    ]


def _asked(made: ReadySheet, there: list[int]) -> Asked:
    codes = (
        made.remote[at].code.cast(nw.Int64).alias(code_column(number))
        for number, at in enumerate(there)
    )
    frame = made.laid.frame.select(*made.laid.keys.values(), *codes)
    names = tuple(_name(made.sheet.rules[at]) for at in there)
    return Asked(names, made.laid.keys, made.dialect.query(frame))


def _in_memory(sheet: Sheet, data: Holding) -> Iterator[pl.DataFrame]:
    dataset = data.whole(tables_of(sheet))
    laid = lay(sheet, dataset)
    for bound, codes in zip(sheet.rules, engines.codes(sheet, laid, Index(dataset)), strict=True):
        rule, column = _name(bound)
        outcomes = codes.cast(pl.Int64).replace_strict(
            dict(enumerate(OUTCOMES)), return_dtype=pl.String
        )
        yield laid.keys.select(
            pl.lit(rule).alias(RULE), pl.lit(column).alias(FOR), outcomes.alias(OUTCOME), pl.all()
        )


def _name(bound: BoundRule) -> tuple[str, str]:
    return bound.rule.id, bound.rule.column
