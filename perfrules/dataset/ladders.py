"""Codes that stand one above another: the code above each row, rows that lack the row above them, codes of no level."""

from itertools import pairwise
from typing import Literal

import polars as pl

from perfrules import tables
from perfrules.dataset import ROW
from perfrules.dataset.source import FEW, Remarks
from perfrules.locale import message
from perfrules.tables import Ladder


def with_ladders(frame: pl.DataFrame, spec: tables.Table, remarks: Remarks) -> pl.DataFrame:
    """Add, for each ladder of ``spec``, the columns by which rows meet the row above them."""
    for column in dict.fromkeys(ladder.column for ladder in spec.ladders):
        _remark_strays(frame, column, spec, remarks)
    for ladder in spec.ladders:
        frame = frame.with_columns(_above(pl.col(ladder.column), ladder).alias(ladder.children))
        if ladder.missing == "skip-if-no-parent":
            frame = _with_gaps(frame, spec, ladder)
        elif ladder.missing == "complete":
            _remark_absent(frame, spec, ladder, remarks)
    return frame


def _above(code: pl.Expr, ladder: Ladder) -> pl.Expr:
    """The code one level above ``code``; null where there is none."""
    length = code.str.len_chars()
    cut = pl.coalesce(
        pl.when(length == ladder.levels[0]).then(pl.lit(ladder.total, dtype=pl.String)),
        *(
            pl.when(length == lower).then(code.str.slice(0, upper))
            for upper, lower in pairwise(ladder.levels)
        ),
    )
    return cut if ladder.total is None else pl.when(code != ladder.total).then(cut)


def _absent(frame: pl.DataFrame, spec: tables.Table, ladder: Ladder) -> pl.DataFrame:
    """The codes below which rows stand and that have no row, each once, under the name of ``ladder.children``."""
    due = frame.select(*_others(spec, ladder), ladder.children).filter(
        pl.col(ladder.children).is_not_null()
    )
    return _met(due.unique(maintain_order=True), ladder.children, frame, spec, ladder, "anti")


def _with_gaps(frame: pl.DataFrame, spec: tables.Table, ladder: Ladder) -> pl.DataFrame:
    """Add the nearest code above each row that has a row, where the one right above has none."""
    absent = _absent(frame, spec, ladder)
    others = _others(spec, ladder)
    near = pl.DataFrame(schema={**absent.schema, ladder.orphans: pl.String})
    open_ = absent.with_columns(pl.col(ladder.children).alias(ladder.orphans))
    for _ in ladder.levels:
        up = _above(pl.col(ladder.orphans), ladder).alias(ladder.orphans)
        open_ = open_.with_columns(up).filter(pl.col(ladder.orphans).is_not_null())
        near = near.vstack(_met(open_, ladder.orphans, frame, spec, ladder, "semi"))
        open_ = _met(open_, ladder.orphans, frame, spec, ladder, "anti")
    if near.is_empty():  # a join with nothing takes as long as one with much
        return frame.with_columns(pl.lit(None, dtype=pl.String).alias(ladder.orphans))
    on = [*others, ladder.children]
    return frame.join(near, on=on, how="left", nulls_equal=True, maintain_order="left")


def _met(
    codes: pl.DataFrame,
    column: str,
    frame: pl.DataFrame,
    spec: tables.Table,
    ladder: Ladder,
    how: Literal["semi", "anti"],
) -> pl.DataFrame:
    """Those of ``codes`` that have a row, or that have none."""
    if codes.is_empty():  # the other side may be long
        return codes
    others = _others(spec, ladder)
    keys = frame.select(*others, ladder.column)
    return codes.join(
        keys,
        left_on=[*others, column],
        right_on=[*others, ladder.column],
        how=how,
        nulls_equal=True,
        maintain_order="left",
    )


def _others(spec: tables.Table, ladder: Ladder) -> list[str]:
    """The columns of the key in which rows that meet are the same."""
    return [name for name in spec.key if name != ladder.column]


def _remark_strays(frame: pl.DataFrame, column: str, spec: tables.Table, remarks: Remarks) -> None:
    """Tell of codes that belong to no ladder of their column."""
    ladders = [ladder for ladder in spec.ladders if ladder.column == column]
    levels = sorted({level for ladder in ladders for level in ladder.levels})
    totals = {ladder.total for ladder in ladders if ladder.total is not None}
    code = pl.col(column)
    astray = ~code.str.len_chars().is_in(levels) & ~code.is_in(totals)
    rows = frame.select(astray.fill_null(value=False)).to_series().arg_true()
    if not len(rows):
        return
    codes = frame[column].gather(rows).unique(maintain_order=True)
    text = message(
        "{table}.{column}: {codes} ({count}) are codes of none of the lengths {levels}, first at {places}; "
        "their rows are in no sum. Correct them, or add their length to the levels of the rule",
        table=remarks.table,
        column=column,
        count=len(codes),
        levels=tuple(levels),
        codes=_few(codes),
        places=remarks.places(rows, column),
    )
    remarks.add("PR438", text, where=remarks.place(rows[0], column))


def _remark_absent(
    frame: pl.DataFrame, spec: tables.Table, ladder: Ladder, remarks: Remarks
) -> None:
    absent = _absent(frame, spec, ladder)
    if absent.is_empty():
        return
    on = [*_others(spec, ladder), ladder.children]
    below = frame.select(*on, ROW).join(absent, on=on, how="semi", nulls_equal=True)
    rows = below[ROW].sort()
    codes = absent[ladder.children].unique(maintain_order=True)
    text = message(
        "{table} has no row for {codes} ({count}), below which rows stand, first at {places}; "
        "what is below them is not checked, and the sums above do without them. Add the rows, or say `missing:` in the rule",
        table=remarks.table,
        count=absent.height,
        codes=_few(codes),
        places=remarks.places(rows, ladder.column),
    )
    remarks.add("PR439", text, where=remarks.place(rows[0], ladder.column))


def _few(codes: pl.Series) -> tuple[str, ...]:
    return (*codes.head(FEW), *(["…"] if len(codes) > FEW else []))
