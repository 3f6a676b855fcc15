"""Cells of one column read into figures: text, numbers of any type, or both mixed."""

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from fractions import Fraction
from typing import TypeGuard

import polars as pl

from perfrules.dataset.floats import read_floats
from perfrules.quantities import MAX_DIGITS, MAX_EXTRA_DECIMALS, LogicalType
from perfrules.quantities.figures import WHITE, Figure, Number, State, clean, read_figure
from perfrules.values import frozen

SHORT = 200
"""So many cells are read one by one in about the time of the few queries that read any number of them."""
Ends = tuple[Number, Number]
"""The ends of what a bound or a range says."""
_GROUPED = r"^[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?$"


@frozen
class Reading:
    """The figures of one column before they are brought to one scale.

    A figure is ``digits * 10**-place`` of the base unit.

    Attributes:
        digits: Int64 or Int128; null where there is no figure.
        place: Last printed place, one for all figures or one for each; null for an exact zero.
        state: Int8 :class:`State` of each cell; None if every null is a blank.
        bounds: What bounds, ranges and exact zeros say, by row.
        bare: Whether some figure lacks a unit: none is printed with it, and none holds for the column.
        texts: The cells as printed, where they are text; null where they are blank.
    """

    digits: pl.Series
    place: pl.Series | int
    state: pl.Series | None = None
    bounds: Mapping[int, Ends] = field(default_factory=dict)
    bare: bool = True
    texts: pl.Series | None = None

    def frame(self) -> pl.DataFrame:
        """The cells as columns ``digits``, ``place`` and ``state``."""
        place, state = self.place, self.state
        if isinstance(place, int):
            place = pl.Series([place], dtype=pl.Int16).new_from_index(0, len(self.digits))
        if state is None:
            state = self.digits.is_null().cast(pl.Int8) * State.BLANK.value
        return pl.DataFrame({"digits": self.digits, "place": place, "state": state})


@frozen
class Print:
    """What is known of how the cells of a column are printed.

    Attributes:
        kind: Logical type of the column.
        unit: Unit that holds where a cell prints none; may be empty.
        power: Power of ten of that unit.
        decimals: Usual decimals; None if each cell has its own.
    """

    kind: LogicalType
    unit: str = ""
    power: int = 0
    decimals: int | None = None


def gathered(name: str, values: Sequence[object]) -> pl.Series:
    """Cells that are Python objects as numbers, as texts, or, if there are both, as a struct of the two."""
    numbers = [float(value) if _is_number(value) else None for value in values]
    texts = [
        None if value in (None, "") or _is_number(value) else written(value) for value in values
    ]
    number = pl.Series("number", numbers, pl.Float64).fill_nan(None)
    text = pl.Series("text", texts, pl.String)
    if text.null_count() == len(text) and number.null_count() < len(number):
        return number.alias(name)
    if number.null_count() == len(number):
        return text.alias(name)
    return pl.DataFrame([number, text]).to_struct(name)


def _is_number(value: object) -> TypeGuard[float]:
    if isinstance(value, bool):
        return False
    return isinstance(value, float) or (isinstance(value, int) and abs(value) < 2**53)


def written(value: object) -> str:
    """One cell as text: a whole number has no point, true and false are words."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2.0**53 else repr(value)
    return str(value)


def read(cells: pl.Series, how: Print) -> Reading:
    """Read the figures of one column, of whatever type its cells are."""
    dtype = cells.dtype
    if isinstance(dtype, pl.Struct):
        return _mixed(cells, how)
    if dtype.is_integer():
        return _integers(cells, how)
    if dtype.is_decimal():
        return _decimals(cells, how)
    if dtype.is_float():
        return _floats(cells, how)
    return _texts(stripped(as_text(cells)), how)


def as_text(cells: pl.Series) -> pl.Series:
    """Cells of any type as text; what has no text form stands as the name of its type."""
    try:
        return cells.cast(pl.String, strict=False)
    except pl.exceptions.PolarsError:
        name = str(cells.dtype)
        return pl.Series(
            cells.name, [None if empty else name for empty in cells.is_null()], pl.String
        )


def stripped(texts: pl.Series) -> pl.Series:
    """Texts without the white space around them; null where nothing is left."""
    if len(texts) <= SHORT:
        cells = [None if text is None else clean(text) or None for text in texts.to_list()]
        return pl.Series(texts.name, cells, pl.String)
    left = texts.str.strip_chars(WHITE)
    return left.set(left == "", None)


def once(texts: pl.Series) -> tuple[list[str | None], pl.Series]:
    """The different texts and the blank, and by their numbers which of them stands in each cell."""
    if len(texts) <= SHORT:
        known: dict[str | None, int] = {}
        numbers = [known.setdefault(text, len(known)) for text in texts.to_list()]
        return list(known), pl.Series(numbers, dtype=pl.UInt32)
    printed = texts.unique().drop_nulls()
    codes = texts.cast(pl.Enum(printed)).to_physical().cast(pl.UInt32)
    return [*printed.to_list(), None], codes.fill_null(len(printed))


def _integers(cells: pl.Series, how: Print) -> Reading:
    wide = cells.dtype in (pl.UInt64, pl.Int128, pl.UInt128)
    digits = cells.cast(pl.Int128, strict=False) if wide else cells.cast(pl.Int64)
    state = _unreadable(cells, digits) if wide else None
    decimals = how.decimals or 0
    return _shifted(Reading(digits, -how.power, state), decimals)


def _unreadable(cells: pl.Series, digits: pl.Series) -> pl.Series | None:
    if digits.null_count() == cells.null_count():
        return None
    frame = pl.DataFrame({"cell": cells, "digits": digits})
    blank, lost = pl.lit(State.BLANK.value, pl.Int8), pl.lit(State.UNREADABLE.value, pl.Int8)
    state = pl.when(pl.col.cell.is_null()).then(blank).when(pl.col.digits.is_null()).then(lost)
    return frame.select(state=state.otherwise(pl.lit(0, pl.Int8)))["state"]


def _shifted(reading: Reading, decimals: int) -> Reading:
    """``reading``, whose figures have a place for all, read as printed with that many more decimals."""
    if decimals <= 0 or not isinstance(reading.place, int):
        return reading
    digits = times(reading.digits, decimals)
    if digits is None:  # beyond every integer: the plain digits tell as much
        return reading
    return Reading(digits, reading.place + decimals, reading.state)


def times(digits: pl.Series, power: int) -> pl.Series | None:
    """``digits * 10**power``, widened where it must be; None if it fits nowhere."""
    if power == 0:
        return digits
    peak = largest(digits) * 10**power
    if peak >= 10**38:
        return None
    dtype = pl.Int128 if peak >= 2**63 or digits.dtype == pl.Int128 else pl.Int64
    return digits.cast(dtype) * pl.Series([10**power], dtype=dtype)


def largest(digits: pl.Series) -> int:
    """The largest absolute value, 0 if there is none."""
    low, high = digits.min(), digits.max()
    return max(abs(int(low)), abs(int(high))) if low is not None and high is not None else 0  # type: ignore[arg-type]  # a series of integers has integer ends


def _decimals(cells: pl.Series, how: Print) -> Reading:
    printed = int(cells.dtype.scale)  # type: ignore[attr-defined]  # read() has seen that it is a Decimal
    digits = _narrow(cells.to_physical())
    usual = how.decimals
    if usual is None or printed == usual:
        return Reading(digits, printed - how.power)
    if printed < usual:
        return _shifted(Reading(digits, printed - how.power), usual - printed)
    return _trimmed(digits, printed, usual, how.power)


def _narrow(digits: pl.Series) -> pl.Series:
    return digits.cast(pl.Int64) if largest(digits) < 2**63 else digits


def _trimmed(digits: pl.Series, printed: int, usual: int, power: int) -> Reading:
    """Drop the zeros beyond the usual decimals; a figure with more digits than that keeps those it has."""
    frame = pl.DataFrame(
        {"digits": digits, "decimals": pl.repeat(printed, len(digits), dtype=pl.Int16, eager=True)}
    )
    for decimals in range(printed, usual, -1):
        ten = pl.lit(10, digits.dtype)
        ends = (pl.col.decimals == decimals) & (pl.col.digits % ten == 0)
        frame = frame.with_columns(
            digits=pl.when(ends).then(pl.col.digits // ten).otherwise(pl.col.digits),
            decimals=pl.col.decimals - ends.fill_null(value=True).cast(pl.Int16),
        )
    places = frame["decimals"] - power
    digits = frame["digits"]
    return Reading(
        digits, frame.select(pl.when(pl.col.digits.is_not_null()).then(places)).to_series()
    )


def _floats(cells: pl.Series, how: Print) -> Reading:
    limit = None if how.decimals is None else how.decimals + MAX_EXTRA_DECIMALS
    if cells.dtype != pl.Float64:  # a shorter float is what it prints as, not what it widens to
        cells = cells.cast(pl.String).cast(pl.Float64)
    frame = read_floats(cells, how.decimals or 0, limit)
    return Reading(frame["digits"], frame["decimals"] - how.power, frame["state"])


def _mixed(cells: pl.Series, how: Print) -> Reading:
    """Cells of a workbook: a struct of ``number`` and ``text``, of which at most one is there."""
    numbers = _floats(cells.struct.field("number"), how)
    words = _texts(stripped(cells.struct.field("text")), how)
    number, word = numbers.frame(), words.frame()
    is_number = pl.lit(cells.struct.field("number").is_not_null())
    wide = pl.Int128 if pl.Int128 in (numbers.digits.dtype, words.digits.dtype) else pl.Int64
    frame = number.cast({"digits": wide}).select(
        pl.when(is_number).then(pl.col(name)).otherwise(pl.lit(word[name])).alias(name)
        for name in number.columns
    )
    return Reading(
        frame["digits"],
        frame["place"],
        frame["state"],
        words.bounds,
        numbers_in(numbers) or words.bare,
        words.texts,
    )


def numbers_in(reading: Reading) -> bool:
    """Whether there is any figure."""
    return reading.digits.null_count() < len(reading.digits)


def _texts(text: pl.Series, how: Print) -> Reading:
    """Read texts one by one; of many, those only that whole columns of polars do not read."""
    if len(text) <= SHORT:
        return _one_by_one(text, how)
    reading = _plain(text, how)
    rows = _unread(text, reading)
    grouped = text[rows].str.contains(_GROUPED)
    if grouped.any():
        digits = text[rows].filter(grouped).str.replace_all(",", "", literal=True)
        reading = _merged(reading, rows.filter(grouped), _plain(digits, how))
        rows = _unread(text, reading)
    if len(rows):
        reading = _merged(reading, rows, _one_by_one(text[rows], how))
    return replace(reading, texts=text)


def _unread(text: pl.Series, reading: Reading) -> pl.Series:
    """The rows that hold a text of which no figure is known."""
    return (reading.digits.is_null() & text.is_not_null()).arg_true()


def _merged(reading: Reading, rows: pl.Series, part: Reading) -> Reading:
    """``reading`` with ``part`` in some rows."""
    wide = pl.Int128 if part.digits.dtype == pl.Int128 else pl.Int64
    frame, more = reading.frame().cast({"digits": wide}), part.frame().cast({"digits": wide})
    digits, place, state = (frame[name].scatter(rows, more[name]) for name in frame.columns)
    bounds = dict(zip(rows[list(part.bounds)], part.bounds.values(), strict=True))
    return Reading(digits, place, state, {**reading.bounds, **bounds}, reading.bare or part.bare)


def _plain(text: pl.Series, how: Print) -> Reading:
    """Read the cells that are nothing but a sign, digits and a point; the others stay without digits."""
    cell = pl.col("cell")
    frame = text.to_frame("cell").select(
        length=cell.str.len_bytes().cast(pl.Int64),
        point=cell.str.find(".", literal=True).cast(pl.Int64),
        digits=cell.str.replace(".", "", literal=True).cast(pl.Int64, strict=False),
    )
    # behind a point that comes first a sign may stand, which is no number
    sure = pl.col.point.ne_missing(0) & (pl.col.length <= MAX_DIGITS)
    there = pl.col.digits.is_not_null() & sure
    decimals = (pl.col.length - 1 - pl.col.point).fill_null(0)
    frame = frame.select(
        digits=pl.when(there).then("digits"),
        place=pl.when(there).then(decimals - how.power).cast(pl.Int16),
        state=pl.when(there).then(0).otherwise(State.BLANK.value).cast(pl.Int8),
    )
    reading = Reading(frame["digits"], frame["place"], frame["state"])
    return replace(reading, bare=_probe(how) is not None and numbers_in(reading))


def _one_by_one(text: pl.Series, how: Print) -> Reading:
    """Read each different text once."""
    texts, numbers = once(text)
    found = [State.BLANK if one is None else read_figure(one, how.kind, how.unit) for one in texts]
    figures = {at: figure for at, figure in enumerate(found) if isinstance(figure, Figure)}
    wide = any(not -(2**63) <= figure.digits < 2**63 for figure in figures.values())
    digits = [figure.digits if isinstance(figure, Figure) else None for figure in found]
    places = [_place(figure) for figure in found]
    states = [State.FIGURE.value if at in figures else found[at] for at in range(len(found))]
    ends = {at: pair for at, figure in figures.items() if (pair := _ends(figure))}
    return Reading(
        pl.Series(digits, dtype=pl.Int128 if wide else pl.Int64)[numbers],
        pl.Series(places, dtype=pl.Int16)[numbers],
        pl.Series(states, dtype=pl.Int8)[numbers],
        _by_row(numbers, ends) if ends else {},
        any(_is_bare(texts[at], figure, how) for at, figure in figures.items()),
        text,
    )


def _by_row(numbers: pl.Series, ends: Mapping[int, Ends]) -> dict[int, Ends]:
    there = numbers.is_in(list(ends))
    return {row: ends[at] for row, at in zip(there.arg_true(), numbers.filter(there), strict=True)}


def _place(figure: Figure | State) -> int | None:
    return None if isinstance(figure, State) or figure.exact else figure.place


def _ends(figure: Figure) -> Ends | None:
    if figure.exact:
        return Fraction(figure.value), Fraction(figure.value)
    return None if figure.low is None or figure.high is None else (figure.low, figure.high)


_PROBES: Mapping[str, str] = {"money": "万元", "ratio": "%", "points": "pp"}


def _probe(how: Print) -> str | None:
    """A unit that figures would have if it held for the column; None if they need none."""
    return None if how.unit else _PROBES.get(how.kind)


def _is_bare(text: str | None, figure: Figure, how: Print) -> bool:
    """Whether a figure lacks a unit: only then does another unit change what it says."""
    probe = _probe(how)
    if probe is None or figure.exact or text is None:
        return False
    return _place(read_figure(text, how.kind, probe)) != figure.place
