"""A report for a person at a terminal: what matters first, then what was found, then what did not run."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from io import StringIO
from itertools import groupby

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from perfrules.findings import EvidenceCell, Finding
from perfrules.locale import Label, Message, message, word
from perfrules.model import Severity
from perfrules.notices import Notice
from perfrules.report import FailOn, Report, RuleCount, decimal_of

SUFFIXES = (".txt",)

SEVERITIES: Mapping[Severity, Message] = {
    "error": message("error"),
    "warning": message("warning"),
    "info": message("information"),
}
OUTCOMES: Mapping[str, Message] = {
    "pass": message("pass"),
    "rounding": message("rounding"),
    "fail": message("fail"),
    "unknown": message("unknown"),
    "not-applicable": message("not applicable"),
}
_STYLES = {"error": "bold red", "warning": "bold yellow", "info": "bold cyan"}
_DIM = "dim"
_DIGITS = 8
"""Significant digits shown of a quotient that does not end."""
_QUOTE = 120
"""Characters shown of a quote, if the view is not verbose."""
_DITTO = "〃"


@dataclass(frozen=True, slots=True)
class View:
    """How a report is shown.

    Attributes:
        width: Columns of the terminal.
        color: Whether it takes colours.
        per_rule: Findings shown of each rule.
        cells: Cells shown of each finding.
        verbose: Show every finding, cell and notice that the report holds, and the counts of every rule.
        quiet: Show the last line only.
        fail_on: The lowest severity that counts as a finding.
        code: The exit code; None works it out from the report.
    """

    width: int = 100
    color: bool = False
    per_rule: int = 5
    cells: int = 8
    verbose: bool = False
    quiet: bool = False
    fail_on: FailOn = "error"
    code: int | None = None


def render(report: Report, language: str, view: View = View()) -> str:  # a frozen default
    """The report as text for a terminal of ``view.width`` columns."""
    page = _Page(report, language, view)
    if not view.quiet:
        page.head()
        page.failures()
        page.roundings()
        page.unknowns()
        page.notices()
        page.counts()
    page.verdict()
    return page.text()


class _Page:
    """The sheet of paper that a report is written on."""

    def __init__(self, report: Report, language: str, view: View) -> None:
        self.report = report
        self.language = language
        self.view = view
        self.common = _common(report.details)
        self.console = Console(
            file=StringIO(),
            width=view.width,
            force_terminal=view.color,
            color_system="standard" if view.color else None,
            legacy_windows=False,
            highlight=False,
            markup=False,
            emoji=False,
        )

    def text(self) -> str:
        """All that was written."""
        assert isinstance(self.console.file, StringIO)  # noqa: S101  # made above
        lines = self.console.file.getvalue().splitlines()
        return "\n".join(line.rstrip() for line in lines) + "\n"

    def say(self, item: object) -> str:
        """``item`` in the language of the page."""
        return word(item, self.language)

    def line(self, *parts: object, style: str = "", indent: int = 0) -> None:
        """One paragraph; texts keep their own style."""
        text = Text(style=style)
        for part in parts:
            text.append(part if isinstance(part, Text) else Text(self.say(part)))
        self.console.print(Padding(text, (0, 0, 0, indent), expand=False) if text else "")

    def heading(self, title: Message, style: str = "bold") -> None:
        """A line over a part of the page."""
        self.line()
        self.line(title, style=style)

    # ---- parts of the page ----------------------------------------------------------------------------------------------

    def head(self) -> None:
        """What ran over what, and the totals."""
        run, counts = self.report.run, self.report.counts
        self.line(
            Text(self.say(run.pack_title) or run.pack, "bold"), f"  {run.pack} {run.pack_version}"
        )
        size = message(
            "{tables} tables, {rows} rows", tables=len(run.tables), rows=sum(run.tables.values())
        )
        self.line(run.dataset or message("frames"), "  ", Text(self.say(size), _DIM))
        if self.common:
            self.line(Text(_key(self.common), _DIM))
        self.line()
        grid = Table.grid(padding=(0, 2))
        grid.add_row(self.say(message("rules")), self._rules())
        grid.add_row(self.say(message("verdicts")), self._totals())
        grid.add_row(self.say(message("coverage")), self._coverage(counts))
        self.console.print(grid)

    def _rules(self) -> str:
        idle = {rule for notice in self.report.remarks for rule in notice.rules} - {
            c.rule for c in self.report.counts
        }
        ran = message("{count} ran", count=len(self.report.counts))
        if not idle:
            return self.say(ran)
        return self.say(
            message("{ran}, {count} did not, see the notices", ran=ran, count=len(idle))
        )

    def _totals(self) -> Text:
        text = Text()
        counts = self.report.counts
        for number, outcome, style in (
            (sum(c.failed for c in counts), "fail", "bold red"),
            (sum(c.unknown for c in counts), "unknown", "yellow"),
            (sum(c.rounding for c in counts), "rounding", ""),
            (sum(c.passed for c in counts), "pass", "green"),
            (sum(c.not_applicable for c in counts), "not-applicable", _DIM),
        ):
            text.append(f"{self.say(OUTCOMES[outcome])} {number}", style if number else _DIM)
            text.append("   ")
        text.append(self.say(message("total {count}", count=sum(c.rows for c in counts))), _DIM)
        return text

    def _coverage(self, counts: Sequence[RuleCount]) -> str:
        due = sum(c.rows - c.not_applicable for c in counts)
        done = due - sum(c.unknown for c in counts)
        if not due:
            return self.say(message("nothing was due"))
        share = _percent(done, due)
        return self.say(
            message(
                "{share}: {done} of {due} verdicts that were due", share=share, done=done, due=due
            )
        )

    def failures(self) -> None:
        """Every contradiction, by severity and rule."""
        for severity, name in SEVERITIES.items():
            total = sum(c.failed for c in self.report.counts if c.severity == severity)
            if total:
                title = message("{severity}: {count}", severity=name, count=total)
                self.heading(title, _STYLES[severity])
                for count, found in self._by_rule("fail", severity):
                    self.rule(count, found)

    def _by_rule(
        self, outcome: str, severity: Severity | None = None
    ) -> Iterable[tuple[RuleCount, list[Finding]]]:
        """The rules that have verdicts of this outcome, and those of their findings that are shown."""
        found: dict[str, list[Finding]] = {}
        for detail in self.report.details:
            if detail.outcome == outcome:
                found.setdefault(detail.rule, []).append(detail)
        most = None if self.view.verbose else self.view.per_rule
        for count in self.report.counts:
            if _number(count, outcome) and severity in (None, count.severity):
                yield count, found.get(count.rule, [])[:most]

    def rule(self, count: RuleCount, found: list[Finding]) -> None:
        """The failures of one rule."""
        one = len({d.formula for d in found}) == 1
        self.line()
        self.line(Text(count.rule, "bold"), "  ", count.title)
        if one:
            self.line(Text(found[0].formula, "cyan"), indent=2)
        for finding in found:
            self.finding(finding, formula=not one)
        self.more(count, "fail", len(found))
        if found and found[0].hint != Label():
            self.line(message("what to do: {hint}", hint=found[0].hint), indent=2)

    def more(self, count: RuleCount, outcome: str, shown: int) -> None:
        """How many verdicts of a rule are not shown."""
        rest = _number(count, outcome) - shown
        if rest:
            self.line(message("{count} more", count=rest), style=_DIM, indent=2)

    def finding(self, finding: Finding, *, formula: bool) -> None:
        """One contradiction: the two sides, then the cells and what was printed there."""
        self._one_line(finding)
        if formula:
            self.line(Text(finding.formula, "cyan"), indent=4)
        said = finding.message.args.get("said")
        if said not in (None, finding.title):
            self.line(said, indent=4)
        for note in finding.notes:
            self.line(note, indent=4)
        self._cells(finding)

    def _one_line(self, finding: Finding, *extra: object, indent: int = 2) -> None:
        """Where it is, and the numbers."""
        parts = [
            part
            for part in (self._where(finding), self._numbers(finding), *map(self.say, extra))
            if part
        ]
        if parts:
            text = Text("  ").join(
                part if isinstance(part, Text) else Text(str(part)) for part in parts
            )
            self.console.print(Padding(text, (0, 0, 0, indent), expand=False))

    def _where(self, finding: Finding) -> Text:
        own = _key({name: value for name, value in finding.key.items() if name not in self.common})
        tag = f"[{finding.column}]" if finding.column else ""
        return Text(" ".join(part for part in (tag, own) if part), "bold")

    def _numbers(self, finding: Finding) -> Text:
        if finding.left is None or finding.right is None or finding.difference is None:
            return Text()
        unit = finding.unit
        parts: list[tuple[Message, str, str]] = [
            (message("left"), _short(finding.left) + unit, ""),
            (message("right"), _short(finding.right) + unit, ""),
            (message("difference"), _short(finding.difference, sign=True) + unit, "bold"),
        ]
        if finding.slack:
            parts.append((message("slack"), _short(finding.slack) + unit, _DIM))
        return Text("  ").join(
            Text(f"{self.say(name)} ", _DIM) + Text(number, style) for name, number, style in parts
        )

    def _cells(self, finding: Finding) -> None:
        shown = finding.cells if self.view.verbose else finding.cells[: self.view.cells]
        grid = Table.grid(padding=(0, 2))
        grid.add_column(max_width=self.view.width // 3)
        grid.add_column(justify="right", no_wrap=True)
        grid.add_column(overflow="fold", style=_DIM, ratio=1)
        before = ""
        for cell in shown:
            origin = self._origin(cell)
            name, printed = self._cell_name(cell, finding), cell.printed or message("(blank)")
            grid.add_row(name, self.say(printed), _DITTO if origin == before else origin)
            before = origin
        if shown:
            self.console.print(Padding(grid, (0, 0, 0, 4)))
        rest = len(finding.cells) - len(shown)
        if rest:
            self.line(message("{count} more cells", count=rest), style=_DIM, indent=4)

    def _cell_name(self, cell: EvidenceCell, finding: Finding) -> str:
        own = [value for name, value in cell.key.items() if finding.key.get(name) != value]
        return " ".join([self.say(cell.title) or cell.column, *own])

    def _origin(self, cell: EvidenceCell) -> str:
        origin = cell.origin
        place = origin.file if origin.row is None else f"{origin.file}:{origin.row}"
        quote = " ".join(origin.quote.split())
        if not self.view.verbose and len(quote) > _QUOTE:
            quote = quote[:_QUOTE] + "…"
        parts = (place, origin.section, f"「{quote}」" if quote else "")
        return "  ".join(part for part in parts if part)

    def roundings(self) -> None:
        """What holds only because figures are rounded, one line each."""
        self._compact(
            "rounding",
            message("within rounding, for information: {count}", count=self._sum("rounding")),
        )

    def unknowns(self) -> None:
        """What could not be checked, one line each."""
        self._compact(
            "unknown", message("could not be checked: {count}", count=self._sum("unknown"))
        )

    def _sum(self, outcome: str) -> int:
        return sum(_number(count, outcome) for count in self.report.counts)

    def _compact(self, outcome: str, title: Message) -> None:
        if not self._sum(outcome):
            return
        self.heading(title)
        for count, found in self._by_rule(outcome):
            self.line(Text(count.rule, "bold"), "  ", count.title, indent=2)
            for finding in found:
                extra = (_why(finding),) if outcome == "unknown" else finding.notes
                self._one_line(finding, *extra, indent=4)
            self.more(count, outcome, len(found))

    def notices(self) -> None:
        """What did not run or ran under a doubt; what stands in the way first."""
        for level, title in (
            ("blocking", message("not everything ran")),
            ("advice", message("notices")),
        ):
            found = [notice for notice in self.report.remarks if notice.level == level]
            if found:
                self.heading(title, "bold yellow" if level == "blocking" else "bold")
            for _, same in groupby(sorted(found, key=lambda n: n.code), lambda n: n.code):
                self._notices(list(same))

    def _notices(self, same: list[Notice]) -> None:
        shown = same if self.view.verbose else same[: self.view.per_rule]
        for notice in shown:
            where = f"  {notice.where}" if notice.where else ""
            self.line(Text(notice.code, "bold"), "  ", notice.message, Text(where, _DIM), indent=2)
            if notice.rules and self.view.verbose:
                self.line(Text(self.say(notice.rules), _DIM), indent=9)
        if len(same) > len(shown):
            self.line(
                message("{count} more of {code}", count=len(same) - len(shown), code=same[0].code),
                style=_DIM,
                indent=2,
            )

    def counts(self) -> None:
        """The outcomes of every rule, in a verbose view."""
        if not self.view.verbose:
            return
        self.heading(message("outcomes of every rule"))
        grid = Table.grid(padding=(0, 2))
        outcomes = ("fail", "unknown", "rounding", "pass", "not-applicable")
        grid.add_column(no_wrap=True)
        for _ in outcomes:
            grid.add_column(justify="right")
        grid.add_row("", *(Text(self.say(OUTCOMES[outcome]), _DIM) for outcome in outcomes), "")
        for count in self.report.counts:
            grid.add_row(
                count.rule,
                *(str(_number(count, outcome)) for outcome in outcomes),
                self.say(count.title),
            )
        self.console.print(Padding(grid, (0, 0, 0, 2)))

    def verdict(self) -> None:
        """The last line: what came out, and the exit code that says so."""
        code = (
            self.report.exit_code(self.view.fail_on) if self.view.code is None else self.view.code
        )
        if not self.view.quiet:
            self.line()
        self.line(
            self._verdict(code), style={0: "bold green", 1: "bold red"}.get(code, "bold yellow")
        )

    def _verdict(self, code: int) -> Message:
        found = self._found()
        if code == 1:
            return message("Contradictions found: {found}. Exit code 1.", found=found)
        if code == 3:
            return message(
                "{found}, but not everything could be checked. Exit code 3.", found=found
            )
        if self._sum("unknown") or any(
            notice.level == "blocking" for notice in self.report.remarks
        ):
            return message(
                "{found}; what could not be checked was allowed. Exit code 0.", found=found
            )
        return message("{found}; everything was checked. Exit code 0.", found=found)

    def _found(self) -> Message | tuple[Message, ...]:
        parts = []
        for severity, name in SEVERITIES.items():
            number = sum(c.failed for c in self.report.counts if c.severity == severity)
            if number:
                parts.append(message("{severity} {count}", severity=name, count=number))
        return tuple(parts) or message("no contradiction")


def _why(finding: Finding) -> object:
    """Why a verdict is unknown, under a heading that says that it is."""
    args = finding.message.args
    if "cells" in args and "reason" in args:
        return message("{cells}: {reason}", cells=args["cells"], reason=args["reason"])
    return args.get("reason", finding.message)


# ---- small things -------------------------------------------------------------------------------------------------------


def _common(details: Sequence[Finding]) -> Mapping[str, str]:
    """The parts of the key that are the same in every finding; said once, not with each."""
    if not details:
        return {}
    first = details[0].key
    return {
        name: value
        for name, value in first.items()
        if all(d.key.get(name) == value for d in details)
    }


def _key(key: Mapping[str, str]) -> str:
    return " ".join(f"{name}={value}" for name, value in key.items())


def _number(count: RuleCount, outcome: str) -> int:
    name = {"pass": "passed", "fail": "failed", "not-applicable": "not_applicable"}.get(
        outcome, outcome
    )
    number: int = getattr(count, name)
    return number


def _percent(part: int, whole: int) -> str:
    """Never 100% while something is left out, never 0% while something is in."""
    tenths = part * 1000 // whole
    if tenths == 0 and part:
        tenths = 1
    return f"{tenths // 10}%" if tenths % 10 == 0 else f"{tenths / 10:.1f}%"


def _short(value: Fraction, *, sign: bool = False) -> str:
    """A number for the eye: whole if it ends, else its first digits after a sign of approximation."""
    number, exact = decimal_of(value)
    if exact:
        return f"{number:+f}" if sign else f"{number:f}"
    rounded = f"{number:.{_DIGITS}g}"
    number = type(number)(rounded)
    return "≈" + (f"{number:+f}" if sign else f"{number:f}")
