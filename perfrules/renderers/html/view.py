"""A report as the template sees it: every text worded, every number told, nothing left to be decided."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from perfrules import wording
from perfrules.findings import EvidenceCell, EvidenceRow, Finding
from perfrules.locale import Label, word
from perfrules.locale.words import CERTAINTY, OUTCOMES, SEVERITIES
from perfrules.model import Basis
from perfrules.report import RANK, Report, RuleFacts, TableFacts
from perfrules.values import frozen

CELLS = 12
"""Cells of a finding that are listed at once; the others unfold."""
LONG = 8
"""Characters from which a text may be broken."""
_FIGURE = re.compile(r"[≈≥≤+-]?[0-9][0-9,.]*")
_WEB = re.compile(r"https?://", re.IGNORECASE)


@frozen
class Ground:
    """What a rule rests on; ``url`` only where it leads to the web."""

    ref: str
    certainty: str
    quote: str
    url: str


@frozen
class Shown:
    """A cell of a row: what is printed, whether the verdict rests on it, and how it is set: as a figure or as a long text."""

    text: str
    marked: bool
    figure: bool

    @property
    def long(self) -> bool:
        """Whether it needs room."""
        return not self.figure and len(self.text) > LONG


@frozen
class Excerpt:
    """Rows of one table: their headings, and what is printed in them; ``shared`` is the part of the key that all have."""

    title: str
    shared: str
    head: tuple[str, ...]
    rows: tuple[tuple[Shown, ...], ...]


@frozen
class Cited:
    """A cell that a verdict rests on, with its place; ``ditto`` if the quote is that of the cell before."""

    name: str
    printed: str
    place: str
    quote: str
    ditto: bool


@frozen
class Told:
    """A finding as it is shown."""

    id: str
    rule: str
    title: str
    severity: str
    severity_said: str
    outcome: str
    outcome_said: str
    standing: str
    standing_said: str
    unit: str
    table: str
    key: tuple[tuple[str, str], ...]
    column: str
    sentence: str
    numbers: tuple[tuple[str, str, str], ...]
    formula: str
    guard: str
    worked: str
    remarks: tuple[str, ...]
    hint: str
    grounds: tuple[Ground, ...]
    excerpts: tuple[Excerpt, ...]
    cells: tuple[Cited, ...]

    @property
    def gap(self) -> str:
        """The difference, for the head of a finding."""
        return next((text for name, _, text in self.numbers if name == "difference"), "")


class Teller:
    """Words findings of one report in one language."""

    def __init__(self, report: Report, language: str) -> None:
        self.report = report
        self.language = language
        self.rules = {facts.rule: facts for facts in report.rules}
        self.tables = {facts.table: facts for facts in report.tables}
        self.unit_column = wording.keys_of(report).unit
        self.common = wording.common_key(report)
        self._grounds: dict[str, tuple[Ground, ...]] = {}

    def say(self, item: object) -> str:
        """``item`` in the language of the page."""
        return clean(word(item, self.language))

    def ranked(self) -> list[tuple[int, Finding]]:
        """The findings with their places in the report, the gravest first; what is settled comes last."""
        order = {outcome: place for place, outcome in enumerate(wording.SEEN)}
        return sorted(
            enumerate(self.report.details),
            key=lambda item: (
                item[1].settled,
                order[item[1].outcome],
                -RANK[item[1].severity],
                item[0],
            ),
        )

    def title(self, facts: TableFacts | None, name: str) -> str:
        """What a table is called."""
        return (self.say(facts.title) if facts else "") or clean(name)

    def table(self, rule: str) -> str:
        """The tables that a rule speaks of."""
        names = self.rules[rule].tables if rule in self.rules else ()
        return " + ".join(self.title(self.tables.get(name), name) for name in names)

    def heading(self, table: str, column: str) -> str:
        """What a column is called."""
        facts = self.tables.get(table)
        return (self.say(facts.columns.get(column, Label())) if facts else "") or clean(column)

    def told(self, place: int, finding: Finding) -> Told:
        """A finding as it is shown."""
        facts = self.rules.get(finding.rule)
        table = facts.tables[0] if facts and facts.tables else ""
        numbers = wording.numbers(finding) | {"difference": wording.signed(finding)}
        return Told(
            id=f"f{place + 1}",
            rule=clean(finding.rule),
            title=self.say(finding.title) or clean(finding.rule),
            severity=finding.severity,
            severity_said=self.say(SEVERITIES[finding.severity]),
            outcome=finding.outcome,
            outcome_said=self.say(OUTCOMES[finding.outcome]),
            standing="waived" if finding.waiver else "known" if finding.settled else "open",
            standing_said=self.say(wording.standing(finding) or ""),
            unit=clean(finding.key.get(self.unit_column, "")),
            table=self.table(finding.rule),
            key=tuple((self.heading(table, n), clean(value)) for n, value in finding.key.items() if n not in self.common),
            column=clean(finding.column),
            sentence=self.say(finding.message),
            numbers=tuple((n, self.say(wording.NUMBERS[n]), clean(t)) for n, t in numbers.items() if t),
            formula=clean(finding.formula),
            guard=clean(facts.guard) if facts else "",
            worked=clean(finding.worked) if finding.worked != finding.formula else "",
            remarks=tuple(self.say(note) for note in finding.notes),
            hint=self.say(finding.hint) if finding.outcome == "fail" else "",
            grounds=self.grounds(facts) if facts else (),
            excerpts=tuple(self.excerpts(finding)),
            cells=tuple(self.cited(finding)),
        )  # fmt: skip

    def grounds(self, facts: RuleFacts) -> tuple[Ground, ...]:
        """What a rule rests on."""
        if facts.rule not in self._grounds:
            self._grounds[facts.rule] = tuple(self._ground(basis) for basis in facts.basis)
        return self._grounds[facts.rule]

    def _ground(self, basis: Basis) -> Ground:
        url = basis.url if basis.url and _WEB.match(basis.url) else ""
        certainty = self.say(CERTAINTY[basis.certainty])
        return Ground(clean(basis.ref), certainty, clean(basis.quote or ""), clean(url))

    def excerpts(self, finding: Finding) -> Iterator[Excerpt]:
        """The rows of a finding, table by table, with its cells marked."""
        marked = {(c.table, tuple(c.key.items()), c.column) for c in finding.cells}
        rows: dict[str, list[EvidenceRow]] = {}
        for row in finding.rows:
            rows.setdefault(row.table, []).append(row)
        for name, found in rows.items():
            concerned = {cell.column for cell in finding.cells if cell.table == name}
            shared = {n: v for n, v in found[0].key.items() if finding.key.get(n) == v}
            shared = {n: v for n, v in shared.items() if all(row.key.get(n) == v for row in found)}
            columns = [
                c
                for c in self._columns(name, found)
                if c not in shared and (c in concerned or any(row.cells.get(c) for row in found))
            ]
            shown = tuple(self._row(row, columns, marked) for row in found)
            head = tuple(self.heading(name, column) for column in columns)
            title = self.title(self.tables.get(name), name)
            yield Excerpt(title, clean(" ".join(shared.values())), head, shown)

    def _columns(self, table: str, rows: Sequence[EvidenceRow]) -> list[str]:
        """The columns of some rows, in the order of the pack."""
        there = dict.fromkeys(name for row in rows for name in row.cells)
        facts = self.tables.get(table)
        order = [*facts.columns] if facts else []
        if not all(name in order for name in there):
            return [*there]
        return sorted(there, key=order.index)

    @staticmethod
    def _row(
        row: EvidenceRow,
        columns: Sequence[str],
        marked: set[tuple[str, tuple[tuple[str, str], ...], str]],
    ) -> tuple[Shown, ...]:
        key = tuple(row.key.items())
        texts = [clean(row.cells.get(column, "")) for column in columns]
        return tuple(
            Shown(text, (row.table, key, column) in marked, bool(_FIGURE.match(text)))
            for column, text in zip(columns, texts, strict=True)
        )

    def cited(self, finding: Finding) -> Iterator[Cited]:
        """The cells of a finding with their places."""
        before = ""
        for cell in finding.cells:
            quote = clean(cell.origin.quote)
            yield self._cell(cell, finding, quote, ditto=bool(quote) and quote == before)
            before = quote

    def _cell(self, cell: EvidenceCell, finding: Finding, quote: str, *, ditto: bool) -> Cited:
        name = clean(wording.named(cell, finding, self.language))
        printed = clean(wording.printed(cell, self.language))
        return Cited(name, printed, clean(str(cell.origin)), quote, ditto)


def tallies(told: Sequence[Told]) -> Mapping[str, Counter[str]]:
    """How many findings have each outcome, each severity and each standing."""
    return {
        name: Counter(getattr(one, name) for one in told)
        for name in ("outcome", "severity", "standing")
    }


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def clean(text: str) -> str:
    """``text`` without characters that no page may hold; half characters, which no file can hold, among them."""
    return _CONTROL.sub("\ufffd", text).encode(errors="replace").decode()
