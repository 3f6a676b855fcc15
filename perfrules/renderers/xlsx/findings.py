"""The sheets of what was found: contradictions with the fields of a working paper, what could not be checked, and rounding."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property

from perfrules import wording
from perfrules.exchange.excel import Cell, Heading, Listing, Tone, Value, aligned
from perfrules.findings import Finding
from perfrules.locale import Message, message
from perfrules.locale.words import SEVERITIES
from perfrules.model import Severity
from perfrules.renderers.xlsx.paper import LISTS, Paper
from perfrules.report import RuleFacts, decimal_of

LINES = 8
"""Cells of a finding that are named in one cell of the sheet."""
_TONES: Mapping[Severity, Tone] = {"error": "fail", "warning": "warning", "info": "info"}


class Line:
    """One finding with its words."""

    def __init__(self, paper: Paper, position: int, finding: Finding) -> None:
        self.paper = paper
        self.position = position
        self.finding = finding

    @property
    def facts(self) -> RuleFacts | None:
        """What its rule says."""
        return self.paper.facts.get(self.finding.rule)

    def number(self) -> Cell:
        """Its number, which leads to its first cell."""
        return Cell(self.paper.numbers[self.position], link=self.paper.place(self.finding))

    def severity(self) -> Cell:
        """How grave it is."""
        return Cell(self.paper.say(SEVERITIES[self.finding.severity]))

    def judgement(self) -> Cell:
        """What it is judged to be, or that it is settled."""
        finding = self.finding
        said = self.paper.say(wording.judgement(finding))
        if finding.settled:
            return Cell(said, "info")
        return Cell(said, _TONES[finding.severity], bold=finding.severity == "error")

    def unit(self) -> str:
        """The unit that it is about."""
        return self.paper.keys.unit_of(self.finding.key)

    def year(self) -> Value:
        """Its year."""
        year = self.paper.keys.year_of(self.finding.key)
        return int(year) if year.isdecimal() and len(year) == 4 else year

    def other(self) -> str:
        """What else makes its row the row that it is."""
        rest = self.paper.keys.rest_of(self.finding.key)
        return wording.key_text(rest, self.finding.column)

    def title(self) -> str:
        """What its rule is about."""
        return self.paper.say(self.finding.title) or self.finding.rule

    def pack(self) -> str:
        """The pack and its version."""
        return f"{self.finding.pack} {self.paper.report.run.pack_version}"

    def said(self) -> str:
        """Its sentence, and what else must be said."""
        say = self.paper.say
        return "\n".join([say(self.finding.message), *(say(note) for note in self.finding.notes)])

    def explanation(self) -> str:
        """Why it may stand, or how it stands to a baseline."""
        said = wording.standing(self.finding)
        return "" if said is None else self.paper.say(said)

    @cached_property
    def numbers(self) -> list[Value]:
        """Left, right and difference with the same decimals; slack with its own."""
        values = [getattr(self.finding, name) for name in wording.NUMBERS]
        found = [None if value is None else decimal_of(value) for value in values]
        return [*aligned(found[:3]), *aligned(found[3:])]

    def cells(self) -> str:
        """What is printed in its cells."""
        say, finding = self.paper.language, self.finding
        return self._listed(
            f"{wording.named(cell, finding, say)}  {wording.printed(cell, say)}"
            for cell in finding.cells
        )

    def sources(self) -> str:
        """Where its cells are printed."""
        return self._listed(str(cell.origin) or cell.table for cell in self.finding.cells)

    def quotes(self) -> str:
        """The words around its figures."""
        quotes = dict.fromkeys(cell.origin.quote for cell in self.finding.cells)
        return self._listed(f"「{quote}」" for quote in quotes if quote)

    def basis(self) -> str:
        """What its rule rests on."""
        return "" if self.facts is None else grounds(self.facts, self.paper)

    def _listed(self, lines: Iterable[str]) -> str:
        """Some lines, and how many more there are."""
        found = list(dict.fromkeys(lines))
        rest = len(found) - LINES
        if rest > 0:
            found[LINES:] = [self.paper.say(message("{count} more", count=rest))]
        return "\n".join(found)


def grounds(facts: RuleFacts, paper: Paper) -> str:
    """What a rule rests on, with the words of the source and its address."""
    lines = []
    for said, basis in zip(wording.grounds(facts, paper.language), facts.basis, strict=True):
        lines += [said, *([f"「{basis.quote}」"] if basis.quote else []), *([basis.url] if basis.url else [])]  # fmt: skip
    return "\n".join(lines)


Column = tuple[Message, int, Callable[[Line], Cell | Value]]
_WHO: tuple[Column, ...] = (
    (message("unit"), 22, Line.unit),
    (message("year"), 8, Line.year),
    (message("matter under audit"), 28, Line.title),
    (message("other keys"), 18, Line.other),
)
_NUMBERS: tuple[Column, ...] = (
    (message("unit of measure"), 9, lambda line: line.finding.unit),
    (message("left"), 0, lambda line: line.numbers[0]),
    (message("right"), 0, lambda line: line.numbers[1]),
    (message("difference"), 0, lambda line: line.numbers[2]),
    (message("slack"), 0, lambda line: line.numbers[3]),
)
_WORKING: tuple[Column, ...] = (
    (message("rule"), 0, lambda line: line.finding.rule),
    (message("rule as written"), 44, lambda line: line.finding.formula),
    (message("with the numbers put in"), 44, lambda line: line.finding.worked),
)
_SOURCES: tuple[Column, ...] = (
    (message("figures as printed"), 40, Line.cells),
    (message("source"), 40, Line.sources),
    (message("quotation"), 60, Line.quotes),
)
_RULE: tuple[Column, ...] = (
    (message("basis"), 30, Line.basis),
    (message("what to do"), 28, lambda line: line.paper.say(line.finding.hint)),
    (message("report"), 26, lambda line: line.paper.report.run.dataset),
    (message("pack and version"), 26, Line.pack),
)
TO_FILL_IN = (
    message("opinion of the audited unit"), message("correction"), message("prepared by"), message("prepared on"),
    message("reviewed by"), message("reviewed on"), message("opinion of the reviewer"), message("attachments"),
)  # fmt: skip
"""Fields of a working paper that people fill in."""
COLUMNS: dict[str, tuple[Column, ...]] = {
    "fail": (
        (message("no."), 0, Line.number),
        (message("judgement"), 10, Line.judgement),
        (message("severity"), 11, Line.severity),
        *_WHO,
        *_NUMBERS,
        (message("what was found"), 44, Line.said),
        (message("explanation"), 30, Line.explanation),
        *_WORKING, *_SOURCES, *_RULE,
    ),
    "unknown": (
        (message("no."), 0, Line.number),
        (message("severity"), 11, Line.severity),
        *_WHO,
        (message("why"), 40, lambda line: line.paper.say(line.finding.why)),
        (message("explanation"), 30, Line.explanation),
        *_WORKING[:2], *_SOURCES[:2],
    ),
    "rounding": (
        (message("no."), 0, Line.number),
        (message("severity"), 11, Line.severity),
        *_WHO,
        *_NUMBERS,
        (message("what was found"), 44, Line.said),
        *_WORKING, *_SOURCES[:2],
    ),
}  # fmt: skip
_TITLES = {
    "fail": message("Contradictions"),
    "unknown": message("What could not be checked"),
    "rounding": message("Differences within rounding"),
}


def write(paper: Paper) -> None:
    """The three sheets."""
    for outcome in LISTS:
        _write(paper, outcome)


def _write(paper: Paper, outcome: str) -> None:
    say, columns = paper.say, COLUMNS[outcome]
    headings = [Heading(say(title), width, center=0 < width <= 11) for title, width, _ in columns]
    if outcome == "fail":
        headings += [Heading(say(title), 16, input="input") for title in TO_FILL_IN]
    sheet = paper.book.sheet(paper.names[outcome])
    found = paper.of(outcome)
    listing = Listing(sheet, say(_TITLES[outcome]), _remarks(paper, outcome), headings)
    blanks = [""] * (len(headings) - len(columns))
    for position, finding in found:
        line = Line(paper, position, finding)
        listing.add([*(cell(line) for _, _, cell in columns), *blanks])
    if outcome == "unknown":
        _idle(paper, listing, len(columns))
    listing.close(paper.footer)
    paper.written.append((sheet.name, len(found), say(_TITLES[outcome])))


def _remarks(paper: Paper, outcome: str) -> Sequence[str | Cell]:
    """How many there are, and how many of them the report keeps."""
    total, kept = paper.report.total(outcome), len(paper.of(outcome))
    said = message("{count} verdicts", count=total)
    if kept < total:
        said = message("{count} verdicts, of which the report keeps {kept}; --detail says how many are kept", count=total, kept=kept)  # fmt: skip
    back = Cell(paper.names["summary"], "quiet", link=(paper.names["summary"], 0, 0))
    return [paper.say(said), back]


def _idle(paper: Paper, listing: Listing, width: int) -> None:
    """The rules that did not run, behind the verdicts."""
    for rule, notices in paper.report.idle.items():
        facts = paper.facts.get(rule)
        row: list[Cell | Value] = [""] * width
        row[0] = paper.say(message("rule did not run"))
        if facts is not None:
            row[1] = paper.say(SEVERITIES[facts.severity])
            row[4] = paper.say(facts.title)
            row[9] = facts.formula
        row[8], row[6] = rule, paper.say(wording.why_idle(notices))
        listing.add(row)
