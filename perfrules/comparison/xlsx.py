"""Two reports compared, as a workbook: what changed in numbers, every change with its figures before and now, and the rules that stopped."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from perfrules import wording
from perfrules.comparison import STATES, Change, Comparison, State
from perfrules.exchange.excel import (
    HEAD,
    Book,
    Cell,
    Heading,
    Listing,
    Sheet,
    Tone,
    Value,
    aligned,
    page,
)
from perfrules.findings import Finding
from perfrules.locale import Message, Worded, message, word
from perfrules.locale.words import OUTCOMES, SEVERITIES
from perfrules.report import RunFacts, decimal_of

SUFFIXES = (".xlsx",)
_TONES: Mapping[State, Tone] = {
    "new": "fail", "changed": "warning", "unchecked": "unknown", "waived": "info", "resolved": "pass", "still": "",
}  # fmt: skip
_NUMBERS = ("left", "right", "difference")
_WIDTHS = (26, 60, 60)


def render(comparison: Comparison, language: str) -> bytes:
    """The workbook."""
    return _Workbook(comparison, language).content()


class _Workbook:
    """Writes one comparison in one language."""

    def __init__(self, comparison: Comparison, language: str) -> None:
        self.comparison = comparison
        self.language = language
        self.keys = wording.keys_of(comparison.old, comparison.new)
        run = comparison.new.run
        self.title = self.say(run.pack_title) or run.pack
        self.book = Book(language, self.title, run.started)
        self.footer = "  ".join(
            part for part in (run.dataset, f"{run.pack} {run.pack_version}") if part
        )
        self.names = [self.book.name(self.say(name)) for name in (message("Summary"), message("Changes"), message("Rules that stopped"))]  # fmt: skip

    def say(self, item: object) -> str:
        """``item`` in words."""
        return word(item, self.language)

    def content(self) -> bytes:
        """All of it; the summary is written last, when it is known what was left out."""
        summary = self.book.sheet(self.names[0])
        self._changes(self.book.sheet(self.names[1]))
        if self.comparison.stopped:
            self._stopped(self.book.sheet(self.names[2]))
        self._summary(summary)
        return self.book.content()

    # ---- the changes ----------------------------------------------------------------------------------------------------

    def _changes(self, sheet: Sheet) -> None:
        say = self.say
        before, now = say(message("before")), say(message("now"))
        headings = [
            Heading(say(message("state")), 12, center=True), Heading(say(message("severity")), 11, center=True),
            Heading(say(message("unit")), 20), Heading(say(message("year")), 8, center=True), Heading(say(message("matter under audit")), 24),
            Heading(say(message("other keys")), 14),
            *(
                heading
                for when in (before, now)
                for heading in (
                    Heading(f"{when}\n{say(message('outcome'))}", 10, center=True),
                    *(Heading(f"{when}\n{say(wording.NUMBERS[name])}") for name in _NUMBERS),
                )
            ),
            Heading(say(message("unit of measure")), 9, center=True), Heading(say(message("difference now less before"))),
            Heading(say(message("what was found")), 46), Heading(say(message("why")), 36), Heading(say(message("rule"))),
        ]  # fmt: skip
        told = message("{count} changes; what a reader must see first stands first", count=len(self.comparison.changes))  # fmt: skip
        listing = Listing(sheet, say(message("Changes")), [say(told), self._back()], headings)
        for change in self.comparison.changes:
            listing.add(self._row(change))
        listing.close(self.footer)

    def _back(self) -> Cell:
        return Cell(self.names[0], "quiet", link=(self.names[0], 0, 0))

    def _row(self, change: Change) -> Sequence[Cell | Value]:
        """One change, in its columns."""
        finding, say = change.finding, self.say
        old, new = self._numbers(change)
        rest = self.keys.rest_of(finding.key)
        return [
            Cell(say(STATES[change.state]), _TONES[change.state]),
            say(SEVERITIES[finding.severity]),
            self.keys.unit_of(finding.key),
            self._years(change),
            say(finding.title) or finding.rule,
            wording.key_text(rest, finding.column),
            self._outcome(change.old), *old,
            self._outcome(change.new), *new,
            finding.unit,
            self._gap(change),
            "\n".join([say(finding.message), *(say(note) for note in finding.notes)]),
            say(change.why),
            finding.rule,
        ]  # fmt: skip

    def _years(self, change: Change) -> str:
        """The year of the verdict, or both where it is compared with another."""
        found = (self.keys.year_of(one.key) for one in (change.old, change.new) if one is not None)
        return " → ".join(dict.fromkeys(year for year in found if year))

    def _outcome(self, finding: Finding | None) -> str:
        return "" if finding is None else self.say(OUTCOMES[finding.outcome])

    @staticmethod
    def _numbers(change: Change) -> tuple[list[Value], list[Value]]:
        """The figures before and now, with the same decimals; those in another unit bear it."""
        found = [
            None if one is None or getattr(one, name) is None else decimal_of(getattr(one, name))
            for one in (change.old, change.new)
            for name in _NUMBERS
        ]
        told = aligned(found)
        old, new = told[: len(_NUMBERS)], told[len(_NUMBERS) :]
        if change.old is not None and change.old.unit != change.finding.unit:
            numbers = wording.numbers(change.old)
            old = [numbers[name] for name in _NUMBERS]
        return old, new

    @staticmethod
    def _gap(change: Change) -> Value:
        """How much the difference has grown; nothing where there are not two of one unit."""
        old, new = change.old, change.new
        if old is None or new is None or old.unit != new.unit:
            return ""
        if old.difference is None or new.difference is None:
            return ""
        return aligned([decimal_of(new.difference - old.difference)])[0]

    def _stopped(self, sheet: Sheet) -> None:
        say = self.say
        headings = [Heading(say(message("rule"))), Heading(say(message("title")), 44), Heading(say(message("severity")), 10, center=True), Heading(say(message("why")), 70)]  # fmt: skip
        title = say(message("rules that do not run any more"))
        listing = Listing(sheet, title, [self._back()], headings)
        for one in self.comparison.stopped:
            count = one.count
            listing.add([count.rule, say(count.title), say(SEVERITIES[count.severity]), say(one.why)])  # fmt: skip
        listing.close(self.footer)

    # ---- the summary ----------------------------------------------------------------------------------------------------

    def _summary(self, sheet: Sheet) -> None:
        for at, width in enumerate(_WIDTHS):
            sheet.raw.set_column(at, at, width)
        sheet.raw.set_row(0, 28)
        title = self.say(message("Comparison: {title}", title=self.title))
        sheet.put(0, 0, Cell(title, "title"))
        row = 2
        for cells in (*self._runs(), (), *self._totals(), (), *self._remarks()):
            for at, cell in enumerate(cells):
                sheet.put(row, at, cell, wrap=at > 0, center=isinstance(cell.value, int))
            row += 1
        sheet.raw.print_area(0, 0, row, len(_WIDTHS) - 1)
        page(sheet, self.footer)
        sheet.raw.activate()

    def _runs(self) -> Iterator[Sequence[Cell]]:
        """Both runs side by side."""
        say, (old, new) = self.say, (self.comparison.old.run, self.comparison.new.run)
        yield [
            Cell("", "head"),
            Cell(say(message("before")), "head"),
            Cell(say(message("now")), "head"),
        ]
        for name, told in _FACTS:
            yield [Cell(say(name), "label"), *(Cell(told(run)) for run in (old, new))]
        totals = (self.comparison.old.total("fail"), self.comparison.new.total("fail"))
        yield [Cell(say(message("contradictions")), "label"), *(Cell(total) for total in totals)]

    def _totals(self) -> Iterator[Sequence[Cell]]:
        """How many changes there are of each state; each leads to the first of them."""
        say, row = self.say, HEAD + 1
        yield [Cell(say(message("state")), "head"), Cell(say(message("changes")), "head")]
        for state, name in STATES.items():
            count = len(self.comparison.of(state))
            link = (self.names[1], row, 0) if count else None
            yield [Cell(say(name), _TONES[state], link), Cell(count)]
            row += count
        stopped = len(self.comparison.stopped)
        link = (self.names[2], 0, 0) if stopped else None
        yield [
            Cell(say(message("rules that do not run any more")), link=link, wrap=True),
            Cell(stopped),
        ]

    def _remarks(self) -> Iterator[Sequence[Cell]]:
        """What must be known to read the rest, and what the workbook could not hold."""
        remarks: Iterable[Worded] = (*self.comparison.remarks, *self.book.left.told())
        return ([Cell(self.say(remark), "quiet")] for remark in remarks)


def _started(run: RunFacts) -> str:
    return "" if run.started is None else f"{run.started:%Y-%m-%d %H:%M} UTC"


_FACTS: tuple[tuple[Message, Callable[[RunFacts], str]], ...] = (
    (message("report"), lambda run: run.dataset),
    (message("data"), lambda run: run.data),
    (message("pack and version"), lambda run: f"{run.pack} {run.pack_version}"),
    (message("checked at"), _started),
    (message("checked by"), lambda run: f"perfrules {run.perfrules}, {run.engine}"),
)
