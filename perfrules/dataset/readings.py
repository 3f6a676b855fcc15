"""Cells of one column read into figures: text, numbers of any type, or both mixed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from fractions import Fraction
from typing import TypeGuard

import polars as pl

from perfrules.dataset.floats import read_floats
from perfrules.quantities import MAX_EXTRA_DECIMALS, LogicalType
from perfrules.quantities.figures import Figure, Number, State, read_figure
from perfrules.values import frozen

WHITE = " \t\r\n\u00a0\u3000\ufeff\u2009"
"""White space as it stands around printed cells."""
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
        bare: Whether some figure has no unit of its own.
        texts: The cells as printed, where they are text.
    """

    digits: pl.Series
    place: pl.Series | int
    state: pl.Series | None = None
    bounds: Mapping[int, tuple[Number, Number]] = field(default_factory=dict)
    bare: bool = True
    texts: pl.Series | None = None

    def frame(self) -> pl.DataFrame:
        """The cells as columns ``digits``, ``place`` and ``state``."""
        digits = pl.col("digits")
        frame = pl.DataFrame({"digits": self.digits})
        place = pl.lit(self.place, pl.Int16) if isinstance(self.place, int) else self.place
        state = (
            pl.when(digits.is_null()).then(pl.lit(State.BLANK.value, pl.Int8)).otherwise(0)
            if self.state is None
            else self.state
        )
        return frame.with_columns(place=place, state=state)


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
    return _texts(as_text(cells), how)


def as_text(cells: pl.Series) -> pl.Series:
    """Cells of any type as text; what has no text form stands as the name of its type."""
    try:
        return cells.cast(pl.String, strict=False)
    except pl.exceptions.PolarsError:
        name = str(cells.dtype)
        return pl.Series(
            cells.name, [None if empty else name for empty in cells.is_null()], pl.String
        )


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
    factor = pl.lit(10**power, dtype)
    return digits.to_frame("digits").select(pl.col.digits.cast(dtype) * factor).to_series()


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
    words = _texts(cells.struct.field("text"), how)
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


def _texts(cells: pl.Series, how: Print) -> Reading:
    text = cells.str.strip_chars(WHITE)
    frame = _plain(pl.DataFrame({"text": text}).with_row_index("row"), how)
    bare = frame["digits"].null_count() < len(frame)
    odd = frame.clear()
    if frame["digits"].null_count() > text.null_count():
        odd = frame.filter(pl.col.digits.is_null() & (pl.col.text != "")).select("row", "text")
    bounds: dict[int, tuple[Number, Number]] = {}
    if len(odd):
        grouped = odd.filter(pl.col.text.str.contains(_GROUPED))
        ungrouped = _plain(
            grouped.with_columns(pl.col.text.str.replace_all(",", "", literal=True)), how
        )
        rest = odd.filter(~pl.col.text.str.contains(_GROUPED))
        strange, bounds, bare_too = _strange(rest, how)
        bare = bare or bare_too or bool(len(grouped))
        frame = _merged(frame, ungrouped, strange)
    return Reading(frame["digits"], frame["place"], frame["state"], bounds, bare, text)


def _merged(frame: pl.DataFrame, *parts: pl.DataFrame) -> pl.DataFrame:
    wide = pl.Int128 if any(part["digits"].dtype == pl.Int128 for part in parts) else pl.Int64
    columns = ("row", "digits", "place", "state")
    rows = pl.concat([part["row"] for part in parts])
    kept = frame.filter(~pl.col.row.is_in(rows.implode()))
    merged = [part.select(columns).cast({"digits": wide}) for part in (kept, *parts)]
    return pl.concat(merged).sort("row")


def _plain(frame: pl.DataFrame, how: Print) -> pl.DataFrame:
    """Read the cells that are nothing but a sign, digits and a point; the others stay without digits."""
    point = pl.col.text.str.find(".", literal=True)
    digits = pl.col.text.str.replace(".", "", literal=True).cast(pl.Int64, strict=False)
    decimals = (pl.col.text.str.len_bytes().cast(pl.Int64) - 1 - point).fill_null(0)
    frame = frame.with_columns(
        digits=pl.when(point.is_null() | (point > 0)).then(digits), place=decimals - how.power
    )
    there = pl.col.digits.is_not_null()
    return frame.with_columns(
        place=pl.when(there).then(pl.col.place).cast(pl.Int16),
        state=pl.when(there).then(0).otherwise(State.BLANK.value).cast(pl.Int8),
    )


def _strange(
    odd: pl.DataFrame, how: Print
) -> tuple[pl.DataFrame, dict[int, tuple[Number, Number]], bool]:
    """Read everything else, each different text once."""
    texts = odd["text"].unique().to_list()
    found = {text: read_figure(text, how.kind, how.unit) for text in texts}
    figures = {text: figure for text, figure in found.items() if isinstance(figure, Figure)}
    wide = any(abs(figure.digits) >= 2**63 for figure in figures.values())
    known = pl.DataFrame(
        {
            "text": texts,
            "digits": [getattr(figures.get(text), "digits", None) for text in texts],
            "place": [_place(figures.get(text)) for text in texts],
            "state": [State.FIGURE if text in figures else found[text] for text in texts],
        },
        {
            "text": pl.String,
            "digits": pl.Int128 if wide else pl.Int64,
            "place": pl.Int16,
            "state": pl.Int8,
        },
    )
    ends = {text: _ends(figure) for text, figure in figures.items()}
    bounded = odd.filter(pl.col.text.is_in([text for text, pair in ends.items() if pair]))
    bounds = {row: pair for row, text in bounded.iter_rows() if (pair := ends[text])}
    return odd.join(known, on="text", how="left"), bounds, any(map(_bare(how), figures.items()))


def _place(figure: Figure | None) -> int | None:
    return None if figure is None or figure.exact else figure.place


def _ends(figure: Figure) -> tuple[Number, Number] | None:
    if figure.exact:
        return Fraction(figure.value), Fraction(figure.value)
    return None if figure.low is None or figure.high is None else (figure.low, figure.high)


_PROBES: Mapping[str, str] = {"money": "万元", "ratio": "%", "points": "pp"}


def _bare(how: Print) -> Callable[[tuple[str, Figure]], bool]:
    """Whether a figure has no unit of its own: only then does another unit change what it says."""
    probe = _PROBES.get(how.kind)

    def bare(item: tuple[str, Figure]) -> bool:
        text, figure = item
        if probe is None or how.unit or figure.exact:
            return False
        other = read_figure(text, how.kind, probe)
        return isinstance(other, Figure) and other.place != figure.place

    return bare
