"""Raw cells of one table made into a :class:`Table`: columns by id, figures as scaled integers, keys told apart."""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from perfrules import tables
from perfrules.dataset import DOUBTFUL, ROW, Measure, Table, state_column
from perfrules.dataset.headings import Matched, match
from perfrules.dataset.keys import spaced, with_doubts, with_synonyms
from perfrules.dataset.ladders import with_ladders
from perfrules.dataset.measures import Held, Seen, measured
from perfrules.dataset.source import Remarks, Source
from perfrules.dataset.words import as_written, worded
from perfrules.locale import message
from perfrules.quantities import MEASURES
from perfrules.quantities.figures import State
from perfrules.quantities.units import power_of
from perfrules.values import frozen

__all__ = ["Prepared", "Source", "normalise", "prepared", "unit_of", "usual_unit"]

_DTYPES: dict[str, pl.DataType | type[pl.DataType]] = {
    "text": pl.String, "code": pl.String, "year": pl.Int64, "date": pl.Date, "flag": pl.Boolean,
}  # fmt: skip


def normalise(raw: pl.DataFrame, name: str, spec: tables.Table, source: Source) -> Table:
    """Make a table under check of raw cells.

    Args:
        raw: Cells of any type, in columns that are named by printed headings or listed by ``source.headings``.
        name: Id of the table.
        spec: What the pack says of it.
        source: What the reader knows of it.
    """
    if raw.is_empty():
        remarks = Remarks(name, source.origins)
        remarks.notices.extend(source.notices)
        _remark_empty(spec, remarks)
        return _empty(name, spec, source, remarks)
    return prepared(raw, name, spec, source).table()


@frozen
class Prepared:
    """A table, or a part of one, of which nobody has asked yet whether its keys are unique.

    Attributes:
        name: Id of the table.
        spec: What the pack says of it.
        source: What the reader knows of it.
        frame: Its columns.
        measures: How its figures are held.
        remarks: What is wrong so far.
        absent: Key columns that the data does not have.
        seen: What was seen of its columns of figures.
        positions: The raw column of each column.
    """

    name: str
    spec: tables.Table
    source: Source
    frame: pl.DataFrame
    measures: Mapping[str, Measure]
    remarks: Remarks
    absent: tuple[str, ...]
    seen: Mapping[str, Seen]
    positions: Mapping[str, int]

    def table(self) -> Table:
        """The whole table, its doubtful rows marked."""
        frame = with_doubts(self.frame, self.spec, self.source, self.remarks, self.absent)
        return self._table(with_ladders(frame, self.spec, self.remarks))

    def part(self, doubtful: pl.Series | None) -> Table:
        """A part of the table, whose doubtful rows are known; None if there are none."""
        marked = [] if doubtful is None else [doubtful.alias(DOUBTFUL)]
        return self._table(self.frame.with_columns(marked))

    def _table(self, frame: pl.DataFrame) -> Table:
        notices = tuple(self.remarks.notices)
        return Table(self.name, self.spec, frame, self.measures, self.remarks.origins, notices)


def prepared(
    raw: pl.DataFrame,
    name: str,
    spec: tables.Table,
    source: Source,
    held: Mapping[str, Held] | None = None,
) -> Prepared:
    """Read the cells of a table, or of a part of it.

    Args:
        raw: Cells of any type.
        name: Id of the table.
        spec: What the pack says of it.
        source: What the reader knows of it.
        held: Of a part: what holds for the whole of its columns, where it is known.
    """
    remarks = Remarks(name, source.origins, source.start)
    remarks.notices.extend(source.notices)
    found = match(raw, spec, source, remarks)
    headings = {column: matched.heading for column, matched in found.items()}
    origins = replace(source, origins=replace(source.origins, headings=headings)).quoted()
    remarks.origins = origins
    columns, measures, seen = _columns(raw, spec, source, found, remarks, held or {})
    absent = [column for column in spec.key if column not in columns]
    for column in absent:
        dtype = _DTYPES.get(spec.columns[column].type, pl.Int64)
        columns[column] = pl.repeat(None, len(raw), dtype=dtype, eager=True).alias(column)
        if spec.columns[column].type in MEASURES:
            measures[column] = Measure(0, 0)
    own = [columns[column] for column in spec.columns if column in columns]
    extra = [series for column, series in columns.items() if column not in spec.columns]
    frame = pl.DataFrame([*own, pl.Series(ROW, range(len(raw)), pl.Int64), *extra])
    frame = with_synonyms(spaced(frame, spec), spec, remarks)
    positions = {column: matched.position for column, matched in found.items()}
    return Prepared(name, spec, source, frame, measures, remarks, tuple(absent), seen, positions)


def _remark_empty(spec: tables.Table, remarks: Remarks) -> None:
    if spec.optional:
        return
    text = message(
        "{table} has no rows; nothing in it can be checked. Fill it, or mark the table as optional in the pack",
        table=remarks.table,
    )
    remarks.add("PR403", text, where=remarks.origins.file)


def _empty(name: str, spec: tables.Table, source: Source, remarks: Remarks) -> Table:
    schema = {column: _DTYPES.get(known.type, pl.Int64) for column, known in spec.columns.items()}
    measures = {
        column: Measure(0, 0, exact=known.is_exact)
        for column, known in spec.columns.items()
        if known.type in MEASURES
    }
    frame = with_ladders(pl.DataFrame(schema={**schema, ROW: pl.Int64}), spec, remarks)
    return Table(name, spec, frame, measures, source.origins, tuple(remarks.notices))


def _columns(
    raw: pl.DataFrame,
    spec: tables.Table,
    source: Source,
    found: dict[str, Matched],
    remarks: Remarks,
    held: Mapping[str, Held],
) -> tuple[dict[str, pl.Series], dict[str, Measure], dict[str, Seen]]:
    columns: dict[str, pl.Series] = {}
    measures: dict[str, Measure] = {}
    seen: dict[str, Seen] = {}
    for name, column in spec.columns.items():
        matched = found.get(name)
        cells = _cells(raw, name, matched, source, remarks)
        if cells is None:
            continue
        if column.type not in MEASURES:
            columns.update(worded(cells, name, column, remarks))
            continue
        unit = unit_of(name, spec, source, matched, remarks)
        if unit is None:
            cells = cells.clear(len(cells))
        made = measured(cells, name, column, unit or ("", 0), remarks, held.get(name))
        columns.update(made.columns)
        measures[name], seen[name] = made.measure, made.seen
        if unit is None:
            measures[name] = _without_unit(columns, name, made.measure)
    _state(columns, measures, source)
    return columns, measures, seen


def _cells(
    raw: pl.DataFrame, name: str, matched: Matched | None, source: Source, remarks: Remarks
) -> pl.Series | None:
    constant = source.constants.get(name)
    if matched is None:
        if constant is None:
            return None
        return pl.Series([constant], dtype=pl.String).new_from_index(0, len(raw))
    cells = raw.to_series(matched.position)
    if constant is not None and (as_written(cells).drop_nulls() != constant).any():
        text = message(
            "{table}.{column} is printed and also given as {constant} under `constants:`, and they differ; "
            "the printed cells are taken. Remove the constant",
            table=remarks.table,
            column=name,
            constant=constant,
        )
        remarks.add("PR428", text, "advice", source.origins.file)
    return cells


def usual_unit(name: str, spec: tables.Table, unit_of_measure: str | None) -> str:
    """The unit of a column where neither its heading nor ``units:`` says one; empty if there is none."""
    column = spec.columns[name]
    of_money = (unit_of_measure, column.unit, spec.unit)
    return next(
        (unit for unit in (of_money if column.type == "money" else (column.unit,)) if unit), ""
    )


def unit_of(
    name: str, spec: tables.Table, source: Source, matched: Matched | None, remarks: Remarks
) -> tuple[str, int] | None:
    """The unit of a column and its power; None if there is one that does not measure it."""
    column = spec.columns[name]
    printed = matched.unit if matched and power_of(matched.unit, column.type) is not None else ""
    usual = usual_unit(name, spec, source.unit_of_measure)
    unit = next((unit for unit in (source.units.get(name), printed, usual) if unit), "")
    if not unit:
        return "", 0
    power = power_of(unit, column.type)
    if power is not None:
        return unit, power
    text = message(
        "{table}.{column}: {unit} is no unit of {kind}; the column is not read. "
        "Correct `units:` or `unit_of_measure:` in dataset.yaml",
        table=remarks.table,
        column=name,
        unit=unit,
        kind=column.type,
    )
    remarks.add("PR427", text, where=source.origins.file)
    return None


def _without_unit(columns: dict[str, pl.Series], name: str, measure: Measure) -> Measure:
    """A column whose figures say nothing because nobody knows their unit."""
    state = state_column(name)
    size = len(columns[name])
    columns[state] = pl.repeat(State.UNREADABLE.value, size, dtype=pl.Int8, eager=True).alias(state)
    return replace(measure, states=True)


def _state(columns: dict[str, pl.Series], measures: dict[str, Measure], source: Source) -> None:
    """Empty the cells for which the reader has found a reason."""
    found: dict[str, dict[int, State]] = {}
    for (row, column), why in source.states.items():
        found.setdefault(column, {})[row] = why
    for name, rows in found.items():
        if name not in columns:
            continue
        value, state = columns[name], state_column(name)
        blank = pl.when(pl.col.v.is_null()).then(State.BLANK.value).otherwise(0).cast(pl.Int8)
        states = columns.get(state, value.to_frame("v").select(blank).to_series())
        columns[state] = (
            states.clone().scatter(list(rows), [int(why) for why in rows.values()]).alias(state)
        )
        columns[name] = value.clone().scatter(list(rows), None)
        if name in measures:
            measures[name] = replace(measures[name], states=True)
