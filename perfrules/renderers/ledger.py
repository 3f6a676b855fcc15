"""The ledger of problems: a workbook with a row for every finding that can be explained, to be filled in and read back as waivers.

A row in which somebody chooses a reason becomes a waiver (``perfrules.settling.ledgers``); what is waived already stands there filled in.
The last columns are for perfrules: they say which finding the row is about, and which numbers were seen.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from perfrules import wording
from perfrules.exchange.excel import HEAD, Book, Cell, Heading, Listing, Sheet, Value, aligned
from perfrules.findings import Finding
from perfrules.findings.identity import numbers
from perfrules.locale import Message, message, word
from perfrules.locale.words import OUTCOMES, SEVERITIES
from perfrules.report import Report, decimal_of
from perfrules.waivers import REASONS, WAIVABLE

SUFFIXES = (".ledger.xlsx", ".台账.xlsx")
MARKS = (
    "perfrules:pack",
    "perfrules:rule",
    "perfrules:key",
    "perfrules:column",
    "perfrules:numbers",
)
"""Headings of the columns that are read back and never filled in, in their order."""
INPUTS: Mapping[str, Message] = {
    "status": message("status of correction"),
    "reason": message("kind of reason"),
    "text": message("reason in words"),
    "by": message("responsible"),
    "date": message("date of explanation"),
    "expires": message("valid until"),
    "approved_by": message("approved by"),
    "evidence": message("evidence"),
}
"""Headings of the columns that are filled in, by what they become of a waiver; the status becomes nothing."""
STATUS: Sequence[Message] = (
    message("to be verified"), message("confirmed"), message("not confirmed"), message("being corrected"), message("corrected"),
    message("passed on review"), message("closed"),
)  # fmt: skip
"""What a problem goes through; the first is written into every row."""
_DATES = ("date", "expires")
_WIDTHS = {"status": 12, "reason": 22, "text": 36, "by": 12, "date": 13, "expires": 13, "approved_by": 12, "evidence": 24}  # fmt: skip


def render(report: Report, language: str) -> bytes:
    """The workbook."""
    return _Ledger(report, language).content()


class _Ledger:
    """Writes the ledger of one report in one language."""

    def __init__(self, report: Report, language: str) -> None:
        self.report = report
        self.language = language
        run = report.run
        self.title = self.say(run.pack_title) or run.pack
        self.book = Book(language, self.title, run.started)
        self.names = [
            self.book.name(self.say(name)) for name in (message("Ledger"), message("Choices"))
        ]
        self.keys = wording.keys_of(report)
        self.found = [finding for finding in report.details if finding.outcome in WAIVABLE]

    def say(self, item: object) -> str:
        """``item`` in words."""
        return word(item, self.language)

    def content(self) -> bytes:
        """All of it."""
        ledger, choices = (self.book.sheet(name) for name in self.names)
        self._rows(ledger)
        self._choices(choices)
        ledger.raw.activate()
        return self.book.content()

    def _rows(self, sheet: Sheet) -> None:
        say = self.say
        headings = [*self._told(), *self._inputs(), *(Heading(mark, 12) for mark in MARKS)]
        told = message("Choose a reason to explain a finding, and fill in who is responsible and the date. "
                       "perfrules check --waivers reads the ledger back. The last columns are for perfrules; leave them as they are.")  # fmt: skip
        title = say(message("Ledger of problems: {title}", title=self.title))
        listing = Listing(sheet, title, [say(told), self._count()], headings)
        for number, finding in enumerate(self.found, 1):
            listing.add([*self._finding(number, finding), *self._filled(finding), *_marks(finding)])
        first = len(headings) - len(INPUTS) - len(MARKS)
        listing.close(self.report.run.dataset or self.title, first + len(INPUTS))
        if listing.row > HEAD + 1:
            self._validate(sheet, first, listing.row - 1)

    def _count(self) -> str:
        """How many rows there are, and how many verdicts the report does not keep."""
        said = self.say(message("{count} findings", count=len(self.found)))
        kept = wording.not_kept(self.report)
        return said if kept is None else f"{said}  {self.say(kept)}"

    def _told(self) -> Iterator[Heading]:
        """What is told of a finding."""
        for title, width in (
            (message("no."), 8), (message("judgement"), 10), (message("outcome"), 10), (message("severity"), 11), (message("unit"), 24),
            (message("year"), 7), (message("matter under audit"), 26), (message("other keys"), 16), (message("unit of measure"), 8),
            (wording.NUMBERS["left"], 0), (wording.NUMBERS["right"], 0), (wording.NUMBERS["difference"], 0), (message("what was found"), 40),
        ):  # fmt: skip
            yield Heading(self.say(title), width, center=0 < width <= 11)

    def _inputs(self) -> Iterator[Heading]:
        """What is filled in."""
        for name, title in INPUTS.items():
            yield Heading(
                self.say(title), _WIDTHS[name], input="date" if name in _DATES else "input"
            )

    def _finding(self, number: int, finding: Finding) -> Iterator[Cell | Value]:
        say = self.say
        rest = self.keys.rest_of(finding.key)
        figures = (finding.left, finding.right, finding.difference)
        yield f"{number:04d}"
        yield Cell(say(wording.judgement(finding)), "info" if finding.settled else "")
        yield Cell(
            say(OUTCOMES[finding.outcome]), "fail" if finding.outcome == "fail" else "unknown"
        )
        yield say(SEVERITIES[finding.severity])
        yield self.keys.unit_of(finding.key)
        yield self.keys.year_of(finding.key)
        yield say(finding.title) or finding.rule
        yield wording.key_text(rest, finding.column)
        yield finding.unit
        yield from aligned(None if one is None else decimal_of(one) for one in figures)
        yield say(finding.message)

    def _filled(self, finding: Finding) -> Iterator[Cell | Value]:
        """What is filled in already: the waiver that explains the finding."""
        waiver = finding.waiver
        if waiver is None:
            yield from (self.say(STATUS[0]), *[""] * (len(INPUTS) - 1))
            return
        yield self.say(STATUS[-1])
        yield self.say(waiver.label)
        yield from (
            waiver.text,
            waiver.by,
            waiver.date,
            waiver.expires or "",
            waiver.approved_by,
            waiver.evidence,
        )

    # ---- what may be chosen ---------------------------------------------------------------------------------------------

    def _choices(self, sheet: Sheet) -> None:
        say = self.say
        headings = [Heading(say(INPUTS["status"]), 20), Heading(say(INPUTS["reason"]), 44)]
        left = [
            say(message("not in this workbook: {what}", what=one)) for one in self.book.left.told()
        ]
        listing = Listing(sheet, say(message("What may be chosen")), left, headings)
        for at in range(max(len(STATUS), len(REASONS))):
            status = say(STATUS[at]) if at < len(STATUS) else ""
            reason = say([*REASONS.values()][at]) if at < len(REASONS) else ""
            listing.add([status, reason])
        listing.close(self.title)

    def _validate(self, sheet: Sheet, first: int, last: int) -> None:
        """Let only what can be read back be filled in."""
        raw, say = sheet.raw, self.say
        at = {name: first + place for place, name in enumerate(INPUTS)}
        told = say(message("Choose one of the list."))
        for name, letter, many in (("status", "A", len(STATUS)), ("reason", "B", len(REASONS))):
            source = f"='{self.names[1]}'!${letter}${HEAD + 2}:${letter}${HEAD + 1 + many}"
            raw.data_validation(HEAD + 1, at[name], last, at[name], {"validate": "list", "source": source, "error_message": told})  # fmt: skip
        told = say(message("Write a date such as 2026-06-30."))
        for name in _DATES:
            raw.data_validation(HEAD + 1, at[name], last, at[name], {
                "validate": "date", "criteria": ">=", "value": date(2000, 1, 1), "error_message": told,
            })  # fmt: skip


def _marks(finding: Finding) -> Iterator[Cell]:
    """Which finding it is, and which numbers were seen."""
    key = json.dumps(dict(finding.key), ensure_ascii=False)
    for text in (finding.pack, finding.rule, key, finding.column, numbers(finding)):
        yield Cell(text, "quiet", wrap=False)
