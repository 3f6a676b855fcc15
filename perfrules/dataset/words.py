"""Cells that are no figures: text, codes, years, dates and flags."""

import re
from collections.abc import Callable
from datetime import date

import polars as pl

from perfrules import tables
from perfrules.dataset import state_column
from perfrules.dataset.readings import as_text, once, stripped
from perfrules.dataset.source import FEW, Remarks
from perfrules.locale import message
from perfrules.quantities.figures import State

_WHOLE = 2.0**53
_YEAR = r"^(?:19|20|21)[0-9]{2}$"
_YEAR_PRINTED = re.compile(r"\s*(\d{4})\s*(?:年度|年|fy)?\s*", re.IGNORECASE)
_DATE_PRINTED = re.compile(
    r"\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?\s*(?:[T ]\s*00:00(?::00)?(?:\.0+)?)?\s*"
)
_FLAGS = {
    "true": True, "false": False, "是": True, "否": False, "1": True, "0": False,
    "√": True, "✓": True, "✔": True, "×": False, "✗": False, "x": False,
    "yes": True, "no": False, "y": True, "n": False, "有": True, "无": False,
}  # fmt: skip
_DASH = re.compile(r"[-—－–―─]+")


def worded(
    cells: pl.Series, name: str, column: tables.Column, remarks: Remarks
) -> dict[str, pl.Series]:
    """Read the cells of a column that holds no figures; the columns by name, a ``@state`` column where it is needed."""
    if column.type in ("text", "code"):
        return {name: as_written(cells).alias(name)}
    dtype, parse, due = _KINDS[column.type]
    direct = _direct(cells, column.type)
    if direct is not None:
        return {name: direct.alias(name)}
    texts = as_written(cells)
    return _parsed(texts, name, (dtype, parse), remarks, due)


def as_written(cells: pl.Series) -> pl.Series:
    """Cells of any type as the text that stands in them, without white space around it; blank is null."""
    if isinstance(cells.dtype, pl.Struct):
        number, text = cells.struct.field("number"), cells.struct.field("text")
        cells = text.zip_with(text.is_not_null(), _number_text(number))
    elif cells.dtype.is_float():
        cells = _number_text(cells)
    return stripped(as_text(cells))


def _number_text(numbers: pl.Series) -> pl.Series:
    """Numbers as their shortest text; a whole number has no point."""
    x = pl.col.x
    whole = x.is_finite() & (x == x.floor()) & (x.abs() < _WHOLE)
    text = (
        pl.when(whole)
        .then(x.cast(pl.Int64, strict=False).cast(pl.String))
        .otherwise(x.cast(pl.String))
    )
    return numbers.fill_nan(None).to_frame("x").select(text.alias(numbers.name)).to_series()


def _direct(cells: pl.Series, kind: str) -> pl.Series | None:
    """Cells whose type is already the one that is due."""
    dtype = cells.dtype
    if kind == "year":
        if dtype in (pl.Date, pl.Datetime):
            return cells.dt.year().cast(pl.Int64)
        return cells.cast(pl.Int64) if dtype.is_integer() and _are_years(cells) else None
    if kind == "date":
        return cells.cast(pl.Date) if dtype in (pl.Date, pl.Datetime) else None
    return cells if dtype == pl.Boolean else None


def _are_years(cells: pl.Series) -> bool:
    low, high = cells.min(), cells.max()
    return low is None or (int(low) >= 1000 and int(high) <= 9999)  # type: ignore[arg-type]  # a series of integers has integer ends


def _year(text: str) -> int | None:
    match = _YEAR_PRINTED.fullmatch(text)
    if match is None:
        day = _date(text)
        return day.year if day else None
    return int(match[1])


def _date(text: str) -> date | None:
    match = _DATE_PRINTED.fullmatch(text)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:  # no such day
        return None


def _flag(text: str) -> bool | None:
    return _FLAGS.get(text.casefold())


def _parsed(
    texts: pl.Series,
    name: str,
    how: tuple[pl.DataType | type[pl.DataType], Callable[[str], object]],
    remarks: Remarks,
    due: str,
) -> dict[str, pl.Series]:
    dtype, parse = how
    known, numbers = once(texts)
    values = [None if text is None else parse(text) for text in known]
    found = pl.Series(name, values, dtype)[numbers]
    columns = {name: found}
    if found.null_count() == texts.null_count():
        return columns
    lost = found.is_null() & texts.is_not_null()
    dashes = texts.is_in([text for text in known if text and _DASH.fullmatch(text)])
    columns[state_column(name)] = _states(found, texts, dashes).alias(state_column(name))
    _remark(texts.filter(lost & ~dashes), (lost & ~dashes).arg_true(), name, due, remarks)
    return columns


def _states(found: pl.Series, texts: pl.Series, dashes: pl.Series) -> pl.Series:
    frame = pl.DataFrame({"found": found, "text": texts, "dash": dashes})
    state = (
        pl.when(pl.col.found.is_not_null()).then(State.FIGURE.value)
        .when(pl.col.text.is_null()).then(State.BLANK.value)
        .when(pl.col.dash).then(State.DASH.value)
        .otherwise(State.UNREADABLE.value)
    )  # fmt: skip
    return frame.select(state.cast(pl.Int8)).to_series()


def _remark(texts: pl.Series, rows: pl.Series, name: str, due: str, remarks: Remarks) -> None:
    if not len(rows):
        return
    places = remarks.places(rows, name)
    text = message(
        "{table}.{column} holds something else than {due} in {count} cells ({samples}), first at {places}; "
        "correct these cells",
        table=remarks.table,
        column=name,
        due=_DUE[due],
        samples=tuple(texts.unique(maintain_order=True).head(FEW)),
        count=len(rows),
        places=places,
    )
    remarks.add("PR406", text, where=places[0])


_KINDS: dict[str, tuple[pl.DataType | type[pl.DataType], Callable[[str], object], str]] = {
    "year": (pl.Int64, _year, "year"),
    "date": (pl.Date, _date, "date"),
    "flag": (pl.Boolean, _flag, "flag"),
}
_DUE = {
    "year": message("a year (2023, 2023年)"),
    "date": message("a date (2023-12-31, 2023年12月31日)"),
    "flag": message("yes or no (是, 否, true, false)"),
}
