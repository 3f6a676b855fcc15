"""Figures as text: as they are printed in a cell, and as numbers of a verdict."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from perfrules.dataset import Cell, Measure, Table
from perfrules.evaluate.ranges import ZeroBaseError
from perfrules.evaluate.reference.printed import MissingError, plain
from perfrules.evaluate.rows import Row
from perfrules.expr import format as formatting
from perfrules.expr import rewrite
from perfrules.expr.nodes import Call, Field, Node, Number
from perfrules.quantities.figures import State, tenfold


def printed(cell: Cell, table: Table) -> str:
    """What stands in a cell, in the unit and with the decimals of the print."""
    if cell.state == State.DASH:
        return "——"
    if cell.state != State.FIGURE or cell.value is None:
        return ""
    measure = table.measures.get(cell.column)
    if measure is None or not isinstance(cell.value, Fraction):
        if isinstance(cell.value, Fraction) and table.spec.columns[cell.column].type == "date":
            return date.fromordinal(int(cell.value)).isoformat()
        return str(cell.value)
    return _told(cell, measure)


def with_figures(node: Node, row: Row) -> str:
    """A condition as text, with what is printed for its fields, and totals for its aggregates."""
    return formatting.format(_put(node, row))


def _put(node: Node, row: Row) -> Node:
    if isinstance(node, Field):
        cell = row.cell(node)
        if cell.state == State.NO_ROW:
            return node
        table = row.index.dataset.tables.get(node.table)
        return Number((printed(cell, table) if table is not None else "") or "blank")
    if isinstance(node, Call) and rewrite.is_aggregate(node):
        return Number(_total(node, row))
    return node.rebuilt(tuple(_put(child, row) for child in node.children()))


def _total(node: Call, row: Row) -> str:
    """What an aggregate comes to, in the unit of the column that it runs over; a count has none."""
    try:
        value = plain(node, row)
    except (MissingError, ZeroBaseError):
        return formatting.format(node)
    if not isinstance(value, Fraction):
        return str(value)
    field = next((part for part in node.walk() if isinstance(part, Field)), None)
    if field is None or node.name.startswith("count"):
        return figure(value)
    measure = row.index.dataset.tables[field.table].measures.get(field.column)
    if measure is None or measure.unit in ("", "1"):
        return figure(value)
    return figure(value * Fraction(10) ** measure.unit_place) + measure.unit


def _told(cell: Cell, measure: Measure) -> str:
    """A printed figure; of a bound or a range, its ends."""
    place = measure.place if cell.place is None else cell.place
    decimals = None if measure.exact or place is None else max(place - measure.unit_place, 0)
    unit = measure.unit if measure.unit != "1" else ""

    def text(value: object) -> str:
        number = value if isinstance(value, Fraction) else Fraction(str(value))
        return with_unit(figure(tenfold(number, measure.unit_place), decimals), unit)

    if cell.low is None or cell.high is None or cell.low == cell.high:
        return text(cell.value)
    if isinstance(cell.high, float):
        return f"≥{text(cell.low)}"
    if isinstance(cell.low, float):
        return f"≤{text(cell.high)}"
    return f"{text(cell.low)}–{text(cell.high)}"


def figure(value: Fraction, decimals: int | None = None) -> str:
    """An exact number as text: with ``decimals``, or with all it has, or 12 digits of a quotient that does not end."""
    if decimals is None:
        decimals = next((d for d in range(19) if 10**d % value.denominator == 0), None)
    if decimals is None:
        return format(Decimal(value.numerator) / Decimal(value.denominator), ".12g")
    digits = round(tenfold(value, decimals))
    text = f"{abs(digits):0{decimals + 1}d}"
    whole = f"{text[:-decimals]}.{text[-decimals:]}" if decimals else text
    return f"-{whole}" if digits < 0 else whole


def told(value: Fraction | None, unit: str) -> str:
    """A number of a verdict for a reader: at most four decimals more than none where it does not end; empty if there is none."""
    if value is None:
        return ""
    ends = 10**6 % value.denominator == 0
    return with_unit(("" if ends else "≈") + figure(value, None if ends else 4), unit)


def with_unit(text: str, unit: str) -> str:
    """A number with its unit, a space between it and a word in Latin letters."""
    return f"{text} {unit}" if unit[:1].isascii() and unit[:1].isalpha() else text + unit
