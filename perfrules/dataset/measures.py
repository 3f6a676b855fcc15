"""Readings brought to one scale: the figures of a column as integers, and what is wrong with them."""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from perfrules import tables
from perfrules.dataset import Measure, place_column, state_column
from perfrules.dataset.readings import Print, Reading, largest, read
from perfrules.dataset.source import FEW, Remarks
from perfrules.locale import message
from perfrules.quantities import MAX_DIGITS, MAX_EXTRA_DECIMALS
from perfrules.quantities.figures import State, is_error, printed_unit
from perfrules.quantities.units import power_of
from perfrules.values import frozen

_NEEDS_UNIT = frozenset({"money", "ratio", "points"})
_LOST = pl.lit(State.UNREADABLE.value, pl.Int8)


@frozen
class Scaled:
    """The columns of one measure, by name, and how its figures are held.

    Attributes:
        seen: What was seen of the column, where it may be a part of a longer one.
    """

    columns: Mapping[str, pl.Series]
    measure: Measure
    seen: "Seen"


@frozen
class Held:
    """What holds for all figures of a column: their unit with its power of ten, and their scale."""

    unit: str
    power: int
    scale: int


@frozen
class Seen:
    """What a part of a column tells of the whole.

    Attributes:
        how: How its cells are printed, before a unit of their own is taken for that of the column.
        held: What held for this part.
        unit: The unit that its first figure prints; empty if none.
        bare: Whether some figure has no unit of its own.
        peaks: The largest figure, as digits, by last printed place.
    """

    how: Print
    held: Held
    unit: str
    bare: bool
    peaks: Mapping[int, int]

    def followed(self, other: "Seen") -> "Seen":
        """What both parts tell, one after the other."""
        peaks = {
            place: max(self.peaks.get(place, 0), other.peaks.get(place, 0))
            for place in (*self.peaks, *other.peaks)
        }
        first = self if self.peaks or self.bare else other
        return Seen(self.how, first.held, first.unit, self.bare or other.bare, peaks)

    def whole(self) -> Held:
        """What holds for all if these are all parts."""
        how = self.how if self.bare else _with_unit(self.how, self.unit)
        usual = None if how.decimals is None else how.decimals - how.power
        return Held(how.unit, how.power, _scale(self.peaks, usual))

    def agrees(self, part: Held) -> bool:
        """Whether a part was read as the whole is: in its unit, and no figure has too many digits."""
        held = self.whole()
        return (part.unit, part.power) == (held.unit, held.power) and not _unfit(
            self.peaks, held.scale
        )


def measured(
    cells: pl.Series,
    name: str,
    column: tables.Column,
    unit: tuple[str, int],
    remarks: Remarks,
    held: Held | None = None,
) -> Scaled:
    """Read the figures of ``column`` and bring them to one scale.

    Args:
        cells: The cells, of any type.
        name: Id of the column.
        column: What the pack says of it.
        unit: The unit that holds where a cell prints none, and its power of ten; the unit may be empty.
        remarks: Collects what is wrong.
        held: What holds for the whole column, if these cells are a part of it.
    """
    told = Print(column.type, *unit, column.decimals if isinstance(column.decimals, int) else None)
    reading = read(cells, told)
    own = _own_unit(reading, told)
    how = told if reading.bare else _with_unit(told, own)
    if held is not None:
        how = replace(told, unit=held.unit, power=held.power)
    _remark_unit(reading, name, how, remarks)
    _remark_unreadable(cells, reading, name, how, remarks)
    peaks = _peaks(reading)
    usual = None if how.decimals is None else how.decimals - how.power
    scale = _scale(peaks, usual) if held is None else held.scale
    seen = Seen(told, Held(how.unit, how.power, scale), own, _is_bare(reading), peaks)
    columns, measure = _scaled(reading, name, column, how, seen, remarks)
    return Scaled(columns, measure, seen)


def _is_bare(reading: Reading) -> bool:
    """Whether some figure has no unit of its own; a column of numbers has none at all."""
    return reading.bare if reading.texts is not None else _any(reading.digits)


def _own_unit(reading: Reading, how: Print) -> str:
    """Where nobody says a unit and every figure prints its own, the first of these is that of the column."""
    if how.unit or reading.bare or reading.texts is None or how.kind not in _NEEDS_UNIT:
        return ""
    figures = reading.texts.filter(reading.digits.is_not_null())
    units = (printed_unit(text, how.kind) for text in figures.unique(maintain_order=True))
    return next((unit for unit in units if unit), "")


def _with_unit(how: Print, unit: str) -> Print:
    return replace(how, unit=unit, power=power_of(unit, how.kind) or 0) if unit else how


def _remark_unit(reading: Reading, name: str, how: Print, remarks: Remarks) -> None:
    if not how.unit and how.kind in _NEEDS_UNIT and reading.bare:
        remark_no_unit(name, how, remarks)


def remark_no_unit(name: str, how: Print, remarks: Remarks) -> None:
    """Remark that nobody says in which unit the figures of a column are."""
    if how.kind == "money":
        text = message(
            "{table}.{column} does not say in which unit its money is; it is read as 元. "
            "Give the unit of measure in dataset.yaml or the unit of the column in the pack",
            table=remarks.table,
            column=name,
        )
    else:
        text = message(
            "{table}.{column} has figures without a % sign and no unit; they are read as plain numbers, "
            "1 for the whole. Give the column `unit: '%'` or `unit: '1'`",
            table=remarks.table,
            column=name,
        )
    remarks.add("PR409", text, "advice", remarks.first(name))


def _remark_unreadable(
    cells: pl.Series, reading: Reading, name: str, how: Print, remarks: Remarks
) -> None:
    if reading.state is None:
        return
    unreadable = reading.state == State.UNREADABLE.value
    if not unreadable.any():
        return
    rows = unreadable.arg_true()
    if reading.texts is None:
        _remark_numbers(cells, rows, name, how, remarks)
        return
    texts = reading.texts.gather(rows)
    numbers = rows.filter(texts.is_null())
    if len(numbers):
        _remark_numbers(cells.struct.field("number"), numbers, name, how, remarks)
    errors = texts.is_in([text for text in texts.unique() if text is not None and is_error(text)])
    _remark_texts(texts.filter(errors), rows.filter(errors), name, remarks)
    others = ~errors & texts.is_not_null()
    _remark_texts(texts.filter(others), rows.filter(others), name, remarks)


def _remark_texts(texts: pl.Series, rows: pl.Series, name: str, remarks: Remarks) -> None:
    if not len(rows):
        return
    samples = tuple(texts.unique(maintain_order=True).head(FEW))
    places = remarks.places(rows, name)
    if is_error(samples[0]):
        text = message(
            "{table}.{column} holds the error value {samples} of a spreadsheet in {count} cells, "
            "first at {places}; repair the formula or print the figure",
            table=remarks.table,
            column=name,
            samples=samples,
            count=len(rows),
            places=places,
        )
        remarks.add("PR407", text, where=places[0])
        return
    text = message(
        "{table}.{column} holds text where a number is due in {count} cells ({samples}), "
        "first at {places}; write the figure, a dash if there can be none, or leave the cell blank",
        table=remarks.table,
        column=name,
        samples=samples,
        count=len(rows),
        places=places,
    )
    remarks.add("PR406", text, where=places[0])


def _remark_numbers(
    numbers: pl.Series, rows: pl.Series, name: str, how: Print, remarks: Remarks
) -> None:
    places = remarks.places(rows, name)
    samples = tuple(str(number) for number in numbers.gather(rows.head(FEW)))
    if how.decimals is None or not numbers.dtype.is_float():
        text = message(
            "{table}.{column} holds numbers that stand for no printed figure in {count} cells ({samples}), "
            "first at {places}; hand the column over as Decimal or text",
            table=remarks.table,
            column=name,
            samples=samples,
            count=len(rows),
            places=places,
        )
    else:
        text = message(
            "{table}.{column} holds floats that are not figures of up to {decimals} decimals in {count} cells "
            "({samples}), first at {places}; round the column, or hand it over as Decimal or text",
            table=remarks.table,
            column=name,
            samples=samples,
            count=len(rows),
            places=places,
            decimals=how.decimals + MAX_EXTRA_DECIMALS,
        )
    remarks.add("PR413", text, where=places[0])


def _unfit(peaks: Mapping[int, int], scale: int) -> bool:
    """Whether some figure has more digits than a column of that scale can hold."""
    return any(place > scale or peak >= _room(scale - place) for place, peak in peaks.items())


def _scaled(
    reading: Reading, name: str, column: tables.Column, how: Print, seen: Seen, remarks: Remarks
) -> tuple[dict[str, pl.Series], Measure]:
    usual = None if how.decimals is None else how.decimals - how.power
    peaks, scale = seen.peaks, seen.held.scale
    if _unfit(peaks, scale):
        reading = _without_unfit(reading, peaks, scale, name, remarks)
        peaks = _peaks(reading)
    if usual is not None and scale > usual:
        _remark_finer(reading, usual, name, how, remarks)
    columns = {name: _integers(reading, peaks, scale).alias(name)}
    place = next(iter(peaks), scale) if len(peaks) <= 1 else None
    if column.is_exact:
        place = scale
    if place is None and isinstance(reading.place, pl.Series):
        places = reading.place
        if places.null_count() > reading.digits.null_count():  # exact zeros
            places = places.fill_null(scale).zip_with(reading.digits.is_not_null(), places)
        columns[place_column(name)] = places.cast(pl.Int8).alias(place_column(name))
    states = reading.state is not None and bool((reading.state > State.BLANK.value).any())
    if states and reading.state is not None:
        columns[state_column(name)] = reading.state.alias(state_column(name))
    measure = Measure(
        scale,
        place,
        usual,
        exact=column.is_exact,
        unit=how.unit,
        unit_place=-how.power,
        states=states,
        bounds=reading.bounds,
    )
    return columns, measure


def _peaks(reading: Reading) -> dict[int, int]:
    """The largest figure, as digits, by last printed place."""
    if isinstance(reading.place, int):
        return {reading.place: largest(reading.digits)} if _any(reading.digits) else {}
    low, high = reading.place.min(), reading.place.max()
    if low is None:
        return {}
    if low == high:
        return {int(low): largest(reading.digits)}  # type: ignore[arg-type]  # a series of integers has integer ends
    frame = pl.DataFrame({"place": reading.place, "low": reading.digits, "high": reading.digits})
    grouped = frame.group_by("place").agg(pl.col.low.min(), pl.col.high.max())
    found = sorted(row for row in grouped.iter_rows() if row[0] is not None)
    return {place: max(abs(low), abs(high)) for place, low, high in found}


def _any(digits: pl.Series) -> bool:
    return digits.null_count() < len(digits)


def _room(power: int) -> int:
    """What digits must stay below to be scaled by that power of ten."""
    return int(10 ** max(0, MAX_DIGITS - power))


def _scale(peaks: Mapping[int, int], usual: int | None) -> int:
    """The finest place to which every coarser figure can be scaled, and not too far beyond the usual one."""
    low, limit = (-MAX_DIGITS, MAX_DIGITS) if usual is None else (usual, usual + MAX_EXTRA_DECIMALS)
    for scale in sorted((place for place in peaks if low <= place <= limit), reverse=True):
        coarser = ((place, peak) for place, peak in peaks.items() if place <= scale)
        if all(peak < _room(scale - place) for place, peak in coarser):
            return scale
    return 0 if usual is None else usual


def _without_unfit(
    reading: Reading, peaks: Mapping[int, int], scale: int, name: str, remarks: Remarks
) -> Reading:
    """Take out the figures with more digits than the column can hold."""
    frame = reading.frame()
    unfit = pl.col.place > scale
    for place in (
        place for place, peak in peaks.items() if place <= scale and peak >= _room(scale - place)
    ):
        room = pl.lit(_room(scale - place), pl.Int128)
        unfit |= (pl.col.place == place) & (pl.col.digits.cast(pl.Int128).abs() >= room)
    gone = frame.select(unfit.fill_null(value=False)).to_series()
    rows = gone.arg_true()
    places = remarks.places(rows, name)
    text = message(
        "{table}.{column} holds figures with more digits than can be held beside the others in {count} cells, "
        "first at {places}; check what is printed there, or the `decimals` of the column",
        table=remarks.table,
        column=name,
        count=len(rows),
        places=places,
    )
    remarks.add("PR423", text, where=places[0])
    stays = ~pl.lit(gone)
    kept = frame.select(
        pl.when(stays).then("digits").alias("digits"),
        pl.when(stays).then("place").alias("place"),
        pl.when(stays).then("state").otherwise(_LOST).alias("state"),
    )
    lost = set(rows)
    bounds = {row: ends for row, ends in reading.bounds.items() if row not in lost}
    return Reading(
        kept["digits"], kept["place"], kept["state"], bounds, reading.bare, reading.texts
    )


def _remark_finer(reading: Reading, usual: int, name: str, how: Print, remarks: Remarks) -> None:
    finer = reading.frame()["place"] > usual
    rows = finer.arg_true()
    if len(rows):  # none of a part of a column
        remark_finer(len(rows), remarks.places(rows, name), name, how.decimals, remarks)


def remark_finer(
    count: int, places: tuple[str, ...], name: str, decimals: int | None, remarks: Remarks
) -> None:
    """Remark that some cells have more decimals than is usual in their column."""
    text = message(
        "{table}.{column} usually has {decimals} decimals, but {count} cells have more, first at {places}; "
        "they are taken as printed",
        table=remarks.table,
        column=name,
        decimals=decimals,
        count=count,
        places=places,
    )
    remarks.add("PR408", text, "advice", places[0])


def _integers(reading: Reading, peaks: Mapping[int, int], scale: int) -> pl.Series:
    """The figures as integers of one scale."""
    peak = max((value * 10 ** (scale - place) for place, value in peaks.items()), default=0)
    dtype = pl.Int128 if peak >= 2**63 else pl.Int64
    if len(peaks) <= 1:
        digits = reading.digits.cast(dtype)
        power = scale - next(iter(peaks), scale) if peak else 0
        return digits if power == 0 else digits * pl.Series([10**power], dtype=dtype)
    factors = {place: 10 ** (scale - place) if peak else 1 for place, peak in peaks.items()}
    factor = pl.col.place.replace_strict(
        list(factors),
        pl.Series(list(factors.values()), dtype=dtype),
        default=pl.lit(1, dtype),
        return_dtype=dtype,
    )
    return reading.frame().select(pl.col.digits.cast(dtype) * factor).to_series()
