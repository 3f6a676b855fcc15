"""The summary: what was checked, what came out, where it stands, what was left out, and who signs."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from perfrules import wording
from perfrules.exchange.excel import LINE, Cell, Sheet, Value, lines, page
from perfrules.locale import Message, Worded, message
from perfrules.locale.words import OUTCOMES, SEVERITIES
from perfrules.renderers.xlsx.paper import LISTS, TONES, Paper
from perfrules.report import Report
from perfrules.report.league import present

_WORST = 10
"""Rules that are named for their contradictions."""
_UNITS = 5
"""Units that are named."""
_WIDTHS = (26, 60, 12, 12, 12, 12)
_ROWS = Iterable[tuple[Cell | Value, ...]]
_SIGNED = (message("prepared by"), message("prepared on"), message("reviewed by"), message("reviewed on"), message("opinion of the reviewer"))  # fmt: skip


def write(paper: Paper, sheet: Sheet) -> None:
    """The sheet, once all others are written."""
    _Summary(paper, sheet).write()


class _Summary:
    """Writes the summary block by block."""

    def __init__(self, paper: Paper, sheet: Sheet) -> None:
        self.paper = paper
        self.sheet = sheet
        self.row = 0

    def write(self) -> None:
        """All of it."""
        paper, raw = self.paper, self.sheet.raw
        for at, width in enumerate(_WIDTHS):
            raw.set_column(at, at, width)
        raw.set_row(0, 28)
        title = paper.say(message("Working paper: {title}", title=paper.title))
        self.sheet.put(0, 0, Cell(title, "title"))
        self.row = 2
        self._block(message("What was checked"), (), self._facts())
        files = sorted(paper.report.run.files.items())
        self._block(message("Files"), (message("file"), message("hash (SHA-256)")), files)
        self._block(message("What came out"), self._outcome_heads(), self._outcomes())
        self._block(message("Rules with most contradictions"), self._rule_heads(), self._worst())
        self._block(message("Differences within rounding"), self._cluster_heads(), self._clusters())
        self._block(message("Sheets"), self._sheet_heads(), self._sheets())
        self._block(
            message("What is not in this workbook"),
            (),
            ((Cell(said, "quiet"),) for said in self._left()),
        )
        signed = ((Cell(self.paper.say(said), "label"), Cell("", "input")) for said in _SIGNED)
        self._block(message("Signed"), (), signed)
        raw.freeze_panes(1, 0)
        raw.print_area(0, 0, self.row, len(_WIDTHS) - 1)
        page(self.sheet, paper.footer)
        raw.activate()

    def _block(self, title: Message, heads: tuple[Message, ...], rows: _ROWS) -> None:
        """A block with its title; nothing where it has no rows."""
        found = list(rows)
        if not found:
            return
        self.sheet.raw.set_row(self.row, 22)
        self.sheet.put(self.row, 0, Cell(self.paper.say(title), "block"))
        self.row += 1
        if heads:
            for at, head in enumerate(heads):
                self.sheet.put(self.row, at, Cell(self.paper.say(head), "head"))
            self.row += 1
        for row in found:
            height = max(lines(text, wide) for text, wide in zip(map(_text, row), _WIDTHS, strict=False))  # fmt: skip
            if len(row) > 1 and height > 1:
                self.sheet.raw.set_row(self.row, height * LINE + 3)
            for at, value in enumerate(row):
                cell = value if isinstance(value, Cell) else Cell(value)
                self.sheet.put(self.row, at, cell, wrap=len(row) > 1, center=at > 1)
            self.row += 1
        self.row += 1

    def _facts(self) -> Iterator[tuple[Cell | Value, ...]]:
        """What was checked with what."""
        say, report = self.paper.say, self.paper.report
        run = report.run
        told: list[tuple[Worded, str]] = [
            (message("report"), run.dataset or say(message("frames"))),
            (message("audited units"), self._units()),
            (message("years"), self._named(self.paper.keys.year_of)),
            (message("pack and version"), f"{run.pack} {run.pack_version}"),
            (message("data"), run.data),
            (message("rules"), self._ran()),
            (message("coverage"), say(wording.coverage(report))),
            (message("settled"), say(wording.settled(report))),
            (message("checked at"), "" if run.started is None else f"{run.started:%Y-%m-%d %H:%M} UTC"),
            (message("checked by"), f"perfrules {run.perfrules}, {run.engine}"),
        ]  # fmt: skip
        return ((Cell(say(name), "label"), text) for name, text in told if text)

    def _units(self) -> str:
        """The units, or how many there are and how many are missing."""
        units = self.paper.report.units
        if units is not None and "units" in self.paper.names:
            return self.paper.say(present(units))
        return self._named(self.paper.keys.unit_of)

    def _named(self, part: Callable[[Mapping[str, str]], str]) -> str:
        """The units or years of the findings: those that the report knows of."""
        found = dict.fromkeys(part(finding.key) for finding in self.paper.report.details)
        names = [name for name in found if name]
        rest = len(names) - _UNITS
        if rest > 0:
            names[_UNITS:] = [self.paper.say(message("{count} more", count=rest))]
        return self.paper.say(tuple(names))

    def _ran(self) -> str:
        report = self.paper.report
        said = message("{count} ran", count=len(report.counts))
        if report.idle:
            said = message("{ran}, {count} did not, see the sheet of rules", ran=said, count=len(report.idle))  # fmt: skip
        return self.paper.say(said)

    @staticmethod
    def _outcome_heads() -> tuple[Message, ...]:
        return (
            message("outcome"),
            message("what it means"),
            message("verdicts"),
            *SEVERITIES.values(),
        )

    def _outcomes(self) -> Iterator[tuple[Cell | Value, ...]]:
        """How many verdicts have each outcome, by severity."""
        say, report = self.paper.say, self.paper.report
        for outcome in (*LISTS, "pass", "not-applicable"):
            link = (self.paper.names[outcome], 0, 0) if outcome in LISTS else None
            name = Cell(say(OUTCOMES[outcome]), TONES[outcome], link)
            yield (
                name,
                say(_MEANINGS[outcome]),
                report.total(outcome),
                *_by_severity(report, outcome),
            )

    @staticmethod
    def _rule_heads() -> tuple[Message, ...]:
        return (
            message("rule"),
            message("title"),
            OUTCOMES["fail"],
            message("verdicts"),
            message("severity"),
        )

    def _worst(self) -> Iterator[tuple[Cell | Value, ...]]:
        """The rules with most contradictions."""
        say = self.paper.say
        first: dict[str, int] = {}
        for position, finding in self.paper.of("fail"):
            first.setdefault(finding.rule, position)
        failed = sorted((c for c in self.paper.report.counts if c.failed), key=lambda c: -c.failed)
        for count in failed[:_WORST]:
            link = self.paper.home(first[count.rule]) if count.rule in first else None
            rule = Cell(count.rule, link=link)
            yield rule, say(count.title), count.failed, count.rows, say(SEVERITIES[count.severity])

    @staticmethod
    def _cluster_heads() -> tuple[Message, ...]:
        return (message("table"), message("the largest"), message("verdicts"))

    def _clusters(self) -> Iterator[tuple[Cell | Value, ...]]:
        """What is within rounding, a line for each table."""
        for cluster in wording.clusters(self.paper.report):
            largest = (f"{gap}  {key}" for gap, key in cluster.largest)
            notes = (f"{self.paper.say(note)}: {count}" for note, count in cluster.notes)
            yield self.paper.say(cluster.title), "\n".join([*largest, *notes]), cluster.count

    @staticmethod
    def _sheet_heads() -> tuple[Message, ...]:
        return (message("sheet"), message("what it holds"), message("rows"))

    def _sheets(self) -> Iterator[tuple[Cell | Value, ...]]:
        return (
            (Cell(name, link=(name, 0, 0)), said, rows) for name, rows, said in self.paper.written
        )

    def _left(self) -> Iterator[str]:
        """What the report does not keep, and what a workbook cannot hold."""
        say = self.paper.say
        kept = wording.not_kept(self.paper.report)
        told = (*([kept] if kept is not None else ()), *self.paper.book.left.told())
        return (say(said) for said in told or (message("nothing was left out"),))


def _text(value: Cell | Value) -> str:
    return str(value.value if isinstance(value, Cell) else value)


def _by_severity(report: Report, outcome: str) -> Iterator[int]:
    """How many verdicts of an outcome there are of rules of each severity."""
    for severity in SEVERITIES:
        yield sum(count.of(outcome) for count in report.counts if count.severity == severity)


_MEANINGS: dict[str, Message] = {
    "fail": message("no values behind the printed figures satisfy the rule"),
    "unknown": message("a figure is missing, unreadable or ambiguous"),
    "rounding": message("the difference may come from rounding"),
    "pass": message("the printed figures reproduce each other"),
    "not-applicable": message("the rule does not speak of this row"),
}
