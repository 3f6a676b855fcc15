"""Printed headings matched to the columns of the pack."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

import polars as pl

from perfrules import tables
from perfrules.dataset.source import Remarks, Source
from perfrules.dataset.words import as_written
from perfrules.locale import Message, message
from perfrules.quantities.units import dimension_of
from perfrules.values import frozen

_BRACKETS = str.maketrans("[]{}【】〔〕〈〉「」", "()()()()()()")
_UNIT = re.compile(r"(.+)\(\s*(?:单位:|unit:)?([^()]+)\)", re.IGNORECASE)


@frozen
class Matched:
    """A column of the pack found in the data.

    Attributes:
        position: Which raw column it is.
        heading: Its heading as printed.
        unit: The unit that the heading prints in brackets; empty if none.
    """

    position: int
    heading: str
    unit: str = ""


def folded(text: str) -> str:
    """``text`` without white space, in half-width forms, with round brackets and lower case."""
    return re.sub(r"\s+", "", _half_width(text)).casefold()


def _half_width(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_BRACKETS)


def find(name: str, names: Mapping[str, Iterable[str]]) -> str | None:
    """The id in ``names`` under one of whose names ``name`` is written; an exact name wins."""
    exact = next((key for key, known in names.items() if name.strip() in known), None)
    text = folded(name)
    return exact or next((key for key, known in names.items() if text in map(folded, known)), None)


def match(
    raw: pl.DataFrame, spec: tables.Table, source: Source, remarks: Remarks
) -> dict[str, Matched]:
    """Find the columns of the pack under printed headings, and remark on what is unknown, doubled or missing."""
    headings = source.headings or raw.columns
    names = {name: tables.names_of(name, column) for name, column in spec.columns.items()}
    named = {folded(heading): name for heading, name in source.columns.items()}
    found: dict[str, Matched] = {}
    unknown: list[str] = []
    for position, heading in enumerate(headings):
        name, unit = _column(heading, names, named)
        if name is None:
            unknown.append(heading.strip() or _position(raw, position))
        elif name in found:
            _remark_double(name, found[name].heading, heading, remarks)
        else:
            found[name] = Matched(position, heading.strip(), unit)
    _remark_unknown([heading for heading in unknown if heading], remarks)
    _remark_missing(
        [name for name in names if name not in found and name not in source.constants],
        unknown,
        spec,
        remarks,
    )
    return found


def _position(raw: pl.DataFrame, position: int) -> str:
    """A name for a column without a heading; empty if it holds nothing either."""
    return "" if as_written(raw.to_series(position)).is_null().all() else f"[{position + 1}]"


def _column(
    heading: str, names: Mapping[str, Iterable[str]], named: Mapping[str, str]
) -> tuple[str | None, str]:
    """The column under ``heading``, and the unit that the heading prints."""
    inside = _UNIT.fullmatch(_half_width(heading).strip())
    unit = inside[2].strip() if inside and dimension_of(inside[2]) else ""
    told = named.get(folded(heading))
    name = (told if told in names else None) or find(heading, names)
    if name is None and inside and unit:
        name = find(inside[1], names)
    return name, unit


def _remark_double(name: str, first: str, second: str, remarks: Remarks) -> None:
    text = message(
        "{table}.{column} stands under two headings, {first} and {second}; only the first is read. "
        "Remove one, or name the right one under `columns:` in dataset.yaml",
        table=remarks.table,
        column=name,
        first=first,
        second=second.strip(),
    )
    remarks.add("PR435", text, where=remarks.origins.file)


def _remark_unknown(unknown: Sequence[str], remarks: Remarks) -> None:
    if not unknown:
        return
    text = message(
        "{table} has headings that the pack does not know: {headings}; they are not read. "
        "If one is a column of the pack, name it under `columns:` in dataset.yaml or as an alias in the pack",
        table=remarks.table,
        headings=tuple(unknown),
    )
    remarks.add("PR414", text, "advice", remarks.origins.file)


def _remark_missing(
    missing: Sequence[str], unknown: Sequence[str], spec: tables.Table, remarks: Remarks
) -> None:
    if not missing:
        return
    names = [name for column in missing for name in tables.names_of(column, spec.columns[column])]
    near = [heading for heading in unknown if get_close_matches(heading, names, 1)]
    labels = tuple(_shown(name, spec.columns[name]) for name in missing)
    if len(missing) == len(spec.columns) and remarks.origins.file:
        text = message(
            "{table} has none of the columns that the pack has: {columns}; rules on it cannot be checked. "
            "If the headings stand in another row, say so under `header:` in dataset.yaml",
            table=remarks.table,
            columns=labels,
        )
    elif near:
        text = message(
            "{table} lacks columns that the pack has: {columns}; rules on them cannot be checked. "
            "Perhaps they stand under {headings}: name these under `columns:` in dataset.yaml",
            table=remarks.table,
            columns=labels,
            headings=tuple(near),
        )
    else:
        text = message(
            "{table} lacks columns that the pack has: {columns}; rules on them cannot be checked. "
            "Add them, or give their value under `constants:` in dataset.yaml",
            table=remarks.table,
            columns=labels,
        )
    remarks.add("PR402", text, where=remarks.origins.file)


def _shown(name: str, column: tables.Column) -> Message | str:
    title = column.title
    if name in (title.zh, title.en) or not (title.zh or title.en):
        return name
    return message("{name} ({title})", name=name, title=title)
