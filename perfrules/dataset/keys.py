"""Keys: their synonyms, and rows whose key is missing or occurs twice."""

from collections.abc import Iterable, Sequence

import polars as pl

from perfrules import tables
from perfrules.dataset import DOUBTFUL
from perfrules.dataset.source import FEW, Remarks, Source
from perfrules.locale import message


def with_synonyms(frame: pl.DataFrame, spec: tables.Table, remarks: Remarks) -> pl.DataFrame:
    """Replace other spellings of a text by the one in use, in the years in which they were used."""
    year = _year_column(spec, frame.columns)
    for name, column in spec.columns.items():
        for synonym in column.synonyms if name in frame.columns else ():
            frame = _replaced(frame, name, synonym, year, remarks)
    return frame


def spaced(frame: pl.DataFrame, spec: tables.Table) -> pl.DataFrame:
    """Give the text keys one space where they have several, of whatever kind."""
    texts = [name for name in spec.key if name in frame.columns and frame[name].dtype == pl.String]
    return frame.with_columns(pl.col(texts).str.replace_all(r"\s+", " ")) if texts else frame


def with_doubts(
    frame: pl.DataFrame, spec: tables.Table, source: Source, remarks: Remarks, absent: Sequence[str]
) -> pl.DataFrame:
    """Mark the rows that cannot be told apart, or whose cells cannot be trusted.

    Args:
        frame: The table.
        spec: What the pack says of it.
        source: Names rows that the reader doubts.
        remarks: Collects what is wrong.
        absent: Key columns that the data does not have; their lack is remarked on already.
    """
    if absent:
        return frame.with_columns(pl.lit(value=True).alias(DOUBTFUL))
    keys = frame[list(spec.key)]
    doubtful = doubled = keys.is_duplicated()
    empty = blank_parts(keys)
    if empty:
        nameless = keys.select(pl.any_horizontal(pl.all().is_null())).to_series()
        rows = nameless.arg_true()
        remark_nameless(len(rows), empty, remarks.places(rows, empty[0]), remarks)
        doubtful, doubled = doubled | nameless, doubled & ~nameless
    if doubled.any():
        groups = doubled_keys(keys.with_row_index("@row").filter(doubled))
        remark_doubled(few_of(groups, remarks), len(groups), remarks)
    if source.doubtful:
        doubtful |= pl.int_range(len(frame), eager=True).is_in(sorted(source.doubtful))
    return frame.with_columns(doubtful.alias(DOUBTFUL)) if doubtful.any() else frame


def _year_column(spec: tables.Table, there: Iterable[str]) -> str | None:
    candidates = [*spec.key, *spec.columns]
    years = (name for name in candidates if spec.columns[name].type == "year" and name in there)
    return next(years, None)


def _replaced(
    frame: pl.DataFrame, name: str, synonym: tables.Synonym, year: str | None, remarks: Remarks
) -> pl.DataFrame:
    hit = pl.col(name).is_in(list(synonym.for_))
    if year is not None and synonym.since is not None:
        hit &= pl.col(year) >= synonym.since
    if year is not None and synonym.until is not None:
        hit &= pl.col(year) <= synonym.until
    rows = frame.select(hit.fill_null(value=False)).to_series().arg_true()
    if not len(rows):
        return frame
    written = frame[name].gather(rows).unique(maintain_order=True)
    places = remarks.places(rows, name)
    text = message(
        "{table}.{column} says {written} in {count} rows, first at {places}; they are taken as {use}, "
        "by the synonyms of the pack",
        table=remarks.table,
        column=name,
        written=tuple(written),
        count=len(rows),
        places=places,
        use=synonym.use,
    )
    remarks.add("PR417", text, "advice", places[0])
    return frame.with_columns(pl.when(hit).then(pl.lit(synonym.use)).otherwise(name).alias(name))


def blank_parts(keys: pl.DataFrame) -> tuple[str, ...]:
    """The key columns in which some of these rows hold nothing."""
    return tuple(name for name in keys.columns if keys[name].null_count())


def doubled_keys(numbered: pl.DataFrame) -> pl.DataFrame:
    """The keys of rows that share theirs with another, in the order of the rows, with the numbers of their rows in ``@row``."""
    return numbered.group_by(pl.exclude("@row"), maintain_order=True).agg("@row")


def remark_nameless(
    count: int, empty: Sequence[str], places: tuple[str, ...], remarks: Remarks
) -> None:
    """Remark that some rows have nothing in some columns of their key."""
    text = message(
        "{table} has {count} rows without {columns}, which belong to its key, first at {places}; "
        "these rows cannot be checked. Fill in the cells, or remove the rows if they are no data",
        table=remarks.table,
        count=count,
        columns=tuple(empty),
        places=places,
    )
    remarks.add("PR405", text, where=places[0])


def few_of(
    groups: pl.DataFrame, remarks: Remarks
) -> list[tuple[list[object], int, tuple[str, ...]]]:
    """The first few keys of :func:`doubled_keys` with the number of their rows and the places of these."""
    return [
        (key, len(rows), remarks.places(rows, groups.columns[0]))
        for *key, rows in groups.head(FEW).iter_rows()
    ]


def remark_doubled(
    few: Iterable[tuple[Sequence[object], int, tuple[str, ...]]], groups: int, remarks: Remarks
) -> None:
    """Remark that some keys occur in several rows: the first few with their number of rows and places."""
    for key, count, places in few:
        text = message(
            "{table} has the key {key} in {count} rows, {places}; none of them can be checked. "
            "Keep the right one",
            table=remarks.table,
            key=tuple(str(part) for part in key),
            count=count,
            places=places,
        )
        remarks.add("PR404", text, where=places[0])
    if groups > FEW:
        text = message(
            "{table} has {count} more keys that occur in several rows; none of these rows can be checked",
            table=remarks.table,
            count=groups - FEW,
        )
        remarks.add("PR404", text)
