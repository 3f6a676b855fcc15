"""Verdicts that a person must see: in words, with severity and evidence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from perfrules.dataset import Cell, Measure, Table
from perfrules.evaluate.engines import SheetVerdicts
from perfrules.evaluate.ranges import ZeroBaseError
from perfrules.evaluate.reference import Verdict
from perfrules.evaluate.reference.printed import MissingError, plain
from perfrules.evaluate.rows import Row
from perfrules.expr import format as formatting
from perfrules.expr import rewrite
from perfrules.expr.infer import kind_of
from perfrules.expr.nodes import Call, Field, Node, Number, Rows
from perfrules.locale import Label, Message, message
from perfrules.locations import Origin
from perfrules.model import Rule, Severity
from perfrules.quantities.figures import State
from perfrules.verdicts import Code


@dataclass(frozen=True, slots=True)
class EvidenceCell:
    """A cell that a verdict rests on.

    Attributes:
        table, column: Ids.
        title: Title of the column.
        key: Key of its row, by column id.
        printed: What is printed there, with its unit; empty for a blank cell.
        origin: Where it is printed.
    """

    table: str
    column: str
    title: Label
    key: Mapping[str, str]
    printed: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Finding:
    """One verdict in words.

    Attributes:
        pack, rule: Ids.
        title: The rule's title.
        severity: The rule's severity.
        outcome: ``fail``, ``rounding`` or ``unknown``.
        key: Key of the row, by column id.
        column: What ``for`` or a roll-up put in; empty without.
        left, right, difference, slack: Exact numbers in ``unit``; None where there is none.
        unit: Unit of these four; ``%`` for ratios, empty for pure numbers.
        formula: The assertion as written.
        message: The sentence for the reader.
        notes: What else must be said: cut off, loosened, unlikely, what is missing.
        hint: What to do, by the rule.
        cells: The cells it rests on.
        reason: For ``unknown``, the word for why: ``blank``, ``unreadable``, ``no-row``, ``duplicate``, ``zero-base``, ``no-column``, ``bounds``.
    """

    pack: str
    rule: str
    title: Label
    severity: Severity
    outcome: str
    key: Mapping[str, str]
    column: str
    left: Fraction | None
    right: Fraction | None
    difference: Fraction | None
    slack: Fraction | None
    unit: str
    formula: str
    message: Message
    notes: tuple[Message, ...]
    hint: Label
    cells: tuple[EvidenceCell, ...]
    reason: str = ""


def explain(found: Iterable[SheetVerdicts]) -> tuple[Finding, ...]:
    """Put the kept verdicts into words, in the order of the pack's rules and the data's rows."""
    return tuple(
        finding(sheet, rule, row)
        for sheet in found
        for rule, row in sheet.verdicts.detail.select("rule", "row").iter_rows()
    )


def finding(sheet: SheetVerdicts, position: int, row: int) -> Finding:
    """One verdict in words, whatever its outcome."""
    bound = sheet.sheet.rules[position]
    rule, verdict = bound.rule, sheet.explain(position, row)
    here = sheet.laid.row(sheet.index, row)
    unit, power = _unit(sheet, verdict)
    scaled = {
        name: None if value is None else value / Fraction(10) ** power
        for name, value in (
            ("left", verdict.left),
            ("right", verdict.right),
            ("difference", verdict.difference),
            ("slack", verdict.slack),
        )
    }
    cells = tuple(dict.fromkeys(_cells(rule, here)))
    missing = tuple(_evidence(cell, sheet) for cell in verdict.missing)
    return Finding(
        pack=bound.pack,
        rule=rule.id,
        title=rule.block.title,
        severity=rule.block.severity,
        outcome=verdict.code.outcome,
        key={name: str(value) for name, value in here.grain.items()},
        column=rule.column,
        **scaled,
        unit=unit,
        formula=rule.text,
        message=_sentence(rule, verdict, scaled, unit, missing),
        notes=tuple(_NOTES[note] for note in verdict.notes),
        hint=rule.block.hint,
        cells=tuple(_evidence(cell, sheet) for cell in cells),
        reason=verdict.reason,
    )


def _cells(rule: Rule, row: Row) -> Iterable[Cell]:
    nodes = [rule.assertion, *([rule.guard] if rule.guard is not None else [])]
    for node in nodes:
        for part in node.walk():
            if not isinstance(part, Field):
                continue
            if part.many:
                rows = Rows(part.table, part.on, part.pins, part.shift)
                yield from (row.at(part.table, at).cell(part) for at in row.rows(rows))
            else:
                yield row.cell(part)


def _evidence(cell: Cell, sheet: SheetVerdicts) -> EvidenceCell:
    table = sheet.index.dataset.tables.get(cell.table)
    if table is None:
        return EvidenceCell(cell.table, cell.column, Label(), {}, "", Origin())
    spec = table.spec.columns.get(cell.column)
    key = (
        {}
        if cell.row < 0
        else {
            name: str(table.frame[name][cell.row])
            for name in table.spec.key
            if name in table.frame.columns
        }
    )
    origin = (
        table.origins.of(cell.row, cell.column)
        if cell.row >= 0
        else Origin(table.origins.file, table.origins.section)
    )
    return EvidenceCell(
        cell.table, cell.column, spec.title if spec else Label(), key, printed(cell, table), origin
    )


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
    return _told(cell, table, measure)


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


def _told(cell: Cell, table: Table, measure: Measure) -> str:
    """A printed figure; of a bound or a range, its ends."""
    place = None
    if not measure.exact:
        place = max(table.places(cell.row, cell.column) - measure.unit_place, 0)
    unit = measure.unit if measure.unit != "1" else ""

    def text(value: object) -> str:
        return with_unit(
            figure(Fraction(str(value)) * Fraction(10) ** measure.unit_place, place), unit
        )

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
        decimals = next((d for d in range(19) if (value * 10**d).denominator == 1), None)
    if decimals is None:
        return format(Decimal(value.numerator) / Decimal(value.denominator), ".12g")
    digits = round(value * 10**decimals)
    text = f"{abs(digits):0{decimals + 1}d}"
    whole = f"{text[:-decimals]}.{text[-decimals:]}" if decimals else text
    return f"-{whole}" if digits < 0 else whole


def told(value: Fraction | None, unit: str) -> str:
    """A number of a verdict for a reader: at most four decimals more than none where it does not end; empty if there is none."""
    if value is None:
        return ""
    ends = (value * 10**6).denominator == 1
    return with_unit(("" if ends else "≈") + figure(value, None if ends else 4), unit)


def with_unit(text: str, unit: str) -> str:
    """A number with its unit, a space between it and a word in Latin letters."""
    return f"{text} {unit}" if unit[:1].isascii() and unit[:1].isalpha() else text + unit


def _unit(sheet: SheetVerdicts, verdict: Verdict) -> tuple[str, int]:
    """The unit in which the numbers of a verdict are told, and its power of ten."""
    node = verdict.node
    if node is None:
        return "", 0
    kinds = {kind_of(node.left), kind_of(node.right)}
    if "points" in kinds:
        return "pp", -2
    kind = next((kind for kind in ("money", "ratio") if kind in kinds), None)
    for part in node.walk():
        if isinstance(part, Field) and part.type == kind:
            table = sheet.index.dataset.tables.get(part.table)
            measure = table.measures.get(part.column) if table else None
            if measure is not None and measure.unit not in ("", "1"):
                return measure.unit, -measure.unit_place
    return (
        ("%", -2)
        if any(isinstance(part, Number) and part.unit == "%" for part in node.walk()) and kind
        else ("", 0)
    )


_NOTES = {
    "short": message("one decimal was dropped in the shorter print"),
    "loosened": message(
        "it holds only if the figures printed with fewer decimals than usual are read one decimal coarser"
    ),
    "cut-off": message("the printed ratio is cut off, not rounded"),
    "unlikely": message("rounding alone would hardly add up to this difference"),
    "zero-base": message("no ratio exists on a base of zero"),
    "blank-as-zero": message("blank cells were read as zero, since the sum closes with them"),
}

_REASONS = {
    "blank": message("blank"),
    "unreadable": message("not readable as a number"),
    "no-row": message("no such row"),
    "duplicate": message("its key occurs twice or is incomplete"),
    "no-column": message("no such column"),
    "dash": message("not applicable"),
    "zero-base": message("the base of the ratio is zero or may be zero"),
    "inexact": message("its exact range cannot be computed"),
}


def _sentence(
    rule: Rule,
    verdict: Verdict,
    numbers: Mapping[str, Fraction | None],
    unit: str,
    missing: tuple[EvidenceCell, ...],
) -> Message:
    if verdict.code == Code.UNKNOWN:
        return _unknown(verdict, missing)
    written = (rule.block.message, rule.block.title, Label(rule.id))
    said = next(label for label in written if label != Label())
    left, right, gap = (told(numbers[name], unit) for name in ("left", "right", "difference"))
    if not left:
        return message("{said}: {outcome}", said=said, outcome=_OUTCOMES[verdict.code])
    return message(
        "{said}: {outcome}; left {left}, right {right}, difference {gap}",
        said=said,
        outcome=_OUTCOMES[verdict.code],
        left=left,
        right=right,
        gap=gap,
    )


_OUTCOMES = {
    Code.FAIL: message("does not hold"),
    Code.ROUNDING: message("holds within rounding"),
    Code.PASS: message("holds"),
    Code.NOT_APPLICABLE: message("not applicable"),
}


def _unknown(verdict: Verdict, missing: tuple[EvidenceCell, ...]) -> Message:
    if not missing:
        return message("cannot be checked: {reason}", reason=_REASONS[verdict.reason])
    return message(
        "cannot be checked: {cells}: {reason}",
        cells=tuple(
            message(
                "{table}.{column} {title}", table=cell.table, column=cell.column, title=cell.title
            )
            for cell in missing[:5]
        ),
        reason=_REASONS[verdict.reason],
    )
