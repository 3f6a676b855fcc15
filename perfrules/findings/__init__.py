"""Verdicts that a person must see: in words, with severity and evidence."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from importlib import import_module
from typing import Literal

from perfrules.dataset import Cell, Line, Table
from perfrules.evaluate import reference
from perfrules.evaluate.engines import SheetVerdicts
from perfrules.evaluate.reference import Verdict
from perfrules.evaluate.rows import Row
from perfrules.expr.infer import kind_of
from perfrules.expr.nodes import Field, Number, Rows
from perfrules.findings.figures import figure, printed, told, with_figures, with_unit
from perfrules.findings.rows import EvidenceRow, Gathered
from perfrules.locale import Label, Message, Worded, message
from perfrules.locations import Origin
from perfrules.model import Rule, Severity
from perfrules.quantities.figures import State, tenfold
from perfrules.values import frozen
from perfrules.verdicts import Code
from perfrules.waivers import Waiver

__all__ = [
    "EvidenceCell", "EvidenceRow", "Finding", "explain", "figure", "finding", "printed", "told", "with_figures", "with_unit",
]  # fmt: skip

_NOTHING = Label()
NOTEBOOK = "perfrules.renderers.html.notebook"
"""What shows findings and reports in notebooks; found by its name when a notebook asks, since it renders and we only find."""
Standing = Literal["", "new", "changed", "known"]
"""How a verdict stands to a baseline: it is not in it, it is with other numbers, or as it is; empty without one."""


@frozen
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


@frozen
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
        why: The same in words, with the cells that it is about.
        worked: The assertion with what is printed put in for its columns, and totals for its aggregates; empty if that is not known.
        rows: The rows that the cells stand in, the first of them.
        waiver: The waiver that explains it, if one does.
        baseline: How it stands to the baseline.
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
    message: Worded
    notes: tuple[Worded, ...]
    hint: Label
    cells: tuple[EvidenceCell, ...]
    reason: str = ""
    why: Worded = _NOTHING
    worked: str = ""
    rows: tuple[EvidenceRow, ...] = ()
    waiver: Waiver | None = None
    baseline: Standing = ""

    @property
    def settled(self) -> bool:
        """Whether it is waived, or known from the baseline, so that no run fails for it."""
        return self.waiver is not None or self.baseline == "known"

    def _repr_html_(self) -> str:
        shown: str = import_module(NOTEBOOK).finding(self)
        return shown


def explain(found: Iterable[SheetVerdicts]) -> tuple[Finding, ...]:
    """Put the kept verdicts into words, in the order of the pack's rules and the data's rows."""
    return tuple(one for sheet in found for one in _Teller(sheet).told())


def finding(sheet: SheetVerdicts, position: int, row: int) -> Finding:
    """One verdict in words, whatever its outcome."""
    return _Teller(sheet).finding(position, sheet.laid.row(sheet.index, row))


STRETCH = 1000
"""Verdicts whose rows are read together."""


class _Teller:
    """Puts verdicts of one sheet into words; what several of them cite is made once."""

    def __init__(self, sheet: SheetVerdicts) -> None:
        self.sheet = sheet
        self._cited: dict[tuple[str, int, str, State], EvidenceCell] = {}
        self._keys: dict[tuple[str, int], Mapping[str, str]] = {}
        self._rows = Gathered(sheet.index)
        self._taken_apart: dict[int, tuple[reference.Statement, tuple[Field, ...]]] = {}

    def told(self) -> Iterator[Finding]:
        """The kept verdicts in their order; row by row they are made, for rules often fail together."""
        detail = self.sheet.verdicts.detail[["rule", "row"]]
        if detail.is_empty():
            return iter(())
        order = detail["row"].arg_sort()
        made: list[Finding | None] = [None] * detail.height
        for start in range(0, detail.height, STRETCH):
            places = order.slice(start, STRETCH)
            part = detail[places]
            self._ready(part["row"].unique().to_list())
            row, at = None, -1
            for place, (rule, position) in zip(places, part.iter_rows(), strict=True):
                if row is None or position != at:
                    row, at = self.sheet.laid.row(self.sheet.index, position), position
                made[place] = self.finding(rule, row)
        return (one for one in made if one is not None)

    def _ready(self, rows: Sequence[int]) -> None:
        """Read the rows that are cited next, and forget the last ones."""
        self._cited.clear()
        self._keys.clear()
        self._rows.clear()
        sheet = self.sheet
        table, own = sheet.laid.own_rows(rows)
        if table:
            sheet.index.take(sheet.index.dataset.tables[table], own)

    def finding(self, position: int, here: Row) -> Finding:
        """The verdict of a rule on a row."""
        sheet, bound = self.sheet, self.sheet.sheet.rules[position]
        rule = bound.rule
        if position not in self._taken_apart:
            self._taken_apart[position] = reference.Statement(rule), _fields(rule)
        statement, fields = self._taken_apart[position]
        verdict = statement.evaluate(here, bound.slack)
        unit, power = _unit(sheet, verdict)
        scaled = {
            name: None if value is None else tenfold(value, -power)
            for name, value in (
                ("left", verdict.left),
                ("right", verdict.right),
                ("difference", verdict.difference),
                ("slack", verdict.slack),
            )
        }
        cells = {
            (cell.table, cell.row, cell.column, cell.state): cell for cell in _cells(fields, here)
        }
        missing = tuple(self._evidence(cell) for cell in verdict.missing)
        return Finding(
            pack=bound.pack,
            rule=rule.id,
            title=rule.block.title,
            severity=rule.block.severity,
            outcome=verdict.code.outcome,
            key={name: str(value) for name, value in here.grain.items()},
            column=rule.column,
            left=scaled["left"],
            right=scaled["right"],
            difference=scaled["difference"],
            slack=scaled["slack"],
            unit=unit,
            formula=rule.text,
            message=_sentence(rule, verdict, scaled, unit, missing),
            notes=tuple(_NOTES[note] for note in verdict.notes),
            hint=rule.block.hint,
            cells=tuple(self._evidence(cell) for cell in cells.values()),
            reason=verdict.reason,
            why=_why(verdict, missing),
            worked=with_figures(rule.assertion, here),
            rows=self._rows.of(cells.values()),
        )

    def _evidence(self, cell: Cell) -> EvidenceCell:
        if cell.row < 0:
            return self._absent(cell)
        at = (cell.table, cell.row, cell.column, cell.state)
        if at not in self._cited:
            table = self.sheet.index.dataset.tables[cell.table]
            key = self._key(self.sheet.index.line(table, cell.row))
            self._cited[at] = _cited(cell, table, key, table.origins.of(cell.row, cell.column))
        return self._cited[at]

    def _absent(self, cell: Cell) -> EvidenceCell:
        table = self.sheet.index.dataset.tables.get(cell.table)
        if table is None:
            return EvidenceCell(cell.table, cell.column, Label(), {}, "", Origin())
        return _cited(cell, table, {}, Origin(table.origins.file, table.origins.section))

    def _key(self, line: Line) -> Mapping[str, str]:
        at = (line.table.name, line.row)
        if at not in self._keys:
            names = (name for name in line.table.spec.key if name in line.values)
            self._keys[at] = {name: str(line.values[name]) for name in names}
        return self._keys[at]


def _cited(cell: Cell, table: Table, key: Mapping[str, str], origin: Origin) -> EvidenceCell:
    spec = table.spec.columns.get(cell.column)
    title = spec.title if spec else Label()
    return EvidenceCell(cell.table, cell.column, title, key, printed(cell, table), origin)


def _fields(rule: Rule) -> tuple[Field, ...]:
    nodes = [rule.assertion, *([rule.guard] if rule.guard is not None else [])]
    return tuple(part for node in nodes for part in node.walk() if isinstance(part, Field))


def _cells(fields: Iterable[Field], row: Row) -> Iterator[Cell]:
    for part in fields:
        if part.many:
            rows = Rows(part.table, part.on, part.pins, part.shift)
            yield from (row.at(part.table, at).cell(part) for at in row.rows(rows))
        else:
            yield row.cell(part)


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
        return message("cannot be checked: {why}", why=_why(verdict, missing))
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


def _why(verdict: Verdict, missing: tuple[EvidenceCell, ...]) -> Worded:
    """Why a verdict is unknown; nothing for others."""
    if verdict.code != Code.UNKNOWN:
        return _NOTHING
    reason = _REASONS[verdict.reason]
    if not missing:
        return reason
    cells = tuple(
        message("{table}.{column} {title}", table=cell.table, column=cell.column, title=cell.title)
        for cell in missing[:5]
    )
    return message("{cells}: {reason}", cells=cells, reason=reason)
