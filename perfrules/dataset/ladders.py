"""Codes that stand one above another: the code above each row, rows that lack the row above them, codes of no level."""

from itertools import pairwise

import polars as pl

from perfrules import tables
from perfrules.dataset.source import FEW, Remarks
from perfrules.locale import message
from perfrules.tables import Ladder

_THERE = "@there"


def with_ladders(frame: pl.DataFrame, spec: tables.Table, remarks: Remarks) -> pl.DataFrame:
    """Add, for each ladder of ``spec``, the columns by which rows meet the row above them."""
    told: set[tuple[object, ...]] = set()
    for ladder in spec.ladders:
        frame = frame.with_columns(_above(pl.col(ladder.column), ladder).alias(ladder.children))
        where = ladder.column, ladder.levels, ladder.total
        if where not in told:
            told.add(where)
            _remark_strays(frame, ladder, remarks)
        if ladder.missing == "skip-if-no-parent":
            frame = frame.with_columns(_gaps(frame, spec, ladder))
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


def _gaps(frame: pl.DataFrame, spec: tables.Table, ladder: Ladder) -> pl.Series:
    """The nearest code above each row that has a row, where the one right above has none."""
    first, *rest = [f"@{number}" for number in range(len(ladder.levels))]
    found = frame.select(*spec.key, pl.col(ladder.children).alias(first))
    for lower, upper in pairwise([first, *rest]):
        found = found.with_columns(_above(pl.col(lower), ladder).alias(upper))
    for name in (first, *rest):
        found = found.with_columns(_is_there(found, name, spec, ladder).alias(f"{name}there"))
    near = pl.coalesce(
        pl.lit(None, dtype=pl.String), *(pl.when(f"{name}there").then(name) for name in rest)
    )
    lacks = pl.col(first).is_not_null() & ~pl.col(f"{first}there")
    return found.select(pl.when(lacks).then(near).alias(ladder.orphans)).to_series()


def _is_there(frame: pl.DataFrame, column: str, spec: tables.Table, ladder: Ladder) -> pl.Series:
    """Whether the rows that stand beside each row have one with the code that ``column`` holds."""
    others = [name for name in spec.key if name != ladder.column]
    keys = frame.select(*others, pl.col(ladder.column).alias(column)).unique()
    keys = keys.with_columns(pl.lit(value=True).alias(_THERE))
    met = frame.select(*others, column).join(
        keys, on=[*others, column], how="left", nulls_equal=True, maintain_order="left"
    )
    return met[_THERE].fill_null(value=False)


def _remark_strays(frame: pl.DataFrame, ladder: Ladder, remarks: Remarks) -> None:
    code = pl.col(ladder.column)
    astray = ~code.str.len_chars().is_in(list(ladder.levels))
    if ladder.total is not None:
        astray &= code != ladder.total
    rows = frame.select(astray.fill_null(value=False)).to_series().arg_true()
    if not len(rows):
        return
    codes = frame[ladder.column].gather(rows).unique(maintain_order=True)
    text = message(
        "{table}.{column}: {codes} ({count}) are codes of none of the lengths {levels}, first at {places}; "
        "their rows are in no sum. Correct them, or add their length to the levels of the rule",
        table=remarks.table,
        column=ladder.column,
        count=len(codes),
        levels=ladder.levels,
        codes=_few(codes),
        places=remarks.places(rows, ladder.column),
    )
    remarks.add("PR438", text, where=remarks.place(rows[0], ladder.column))


def _remark_absent(
    frame: pl.DataFrame, spec: tables.Table, ladder: Ladder, remarks: Remarks
) -> None:
    due = frame.select(*spec.key, pl.col(ladder.children).alias("@0"))
    rows = (due["@0"].is_not_null() & ~_is_there(due, "@0", spec, ladder)).arg_true()
    if not len(rows):
        return
    others = [name for name in spec.key if name != ladder.column]
    absent = frame[rows].select(*others, ladder.children).unique(maintain_order=True)
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
