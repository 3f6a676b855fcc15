"""What stands around the findings: the summary above, notices and the last line below."""

from collections.abc import Sequence
from itertools import groupby

from rich.table import Table
from rich.text import Text

from perfrules import wording
from perfrules.locale import Message, message
from perfrules.locale.words import OUTCOMES, SEVERITIES
from perfrules.notices import Notice
from perfrules.renderers.terminal.page import DIM, Page, fitted, key_text

_TOTALS = (
    ("fail", "bold red"), ("unknown", "yellow"), ("rounding", ""), ("pass", "green"), ("not-applicable", DIM),
)  # fmt: skip
_VERDICT = {0: "bold green", 1: "bold red", 3: "bold yellow"}


def head(page: Page) -> None:
    """What ran over what, and the totals."""
    run = page.report.run
    title = Text(page.say(run.pack_title) or run.pack, "bold")
    page.line(title, f"  {run.pack} {run.pack_version}")
    rows = sum(run.tables.values())
    size = message("{tables} tables, {rows} rows", tables=len(run.tables), rows=rows)
    page.line(run.dataset or message("frames"), "  ", Text(page.say(size), DIM))
    if page.common:
        page.line(Text(key_text(page.common), DIM))
    page.line()
    grid = Table.grid(padding=(0, 2))
    grid.add_row(page.say(message("rules")), page.say(wording.ran(page.report)))
    grid.add_row(page.say(message("verdicts")), _totals(page))
    if told := wording.settled(page.report):
        grid.add_row(page.say(message("settled")), "   ".join(page.say(part) for part in told))
    grid.add_row(page.say(message("coverage")), page.say(wording.coverage(page.report)))
    page.put(grid)


def _totals(page: Page) -> Text:
    text = Text()
    for outcome, style in _TOTALS:
        total = page.report.total(outcome)
        text.append(f"{page.say(OUTCOMES[outcome])} {total}", style if total else DIM)
        text.append("   ")
    rows = sum(count.rows for count in page.report.counts)
    return text.append(page.say(message("total {count}", count=rows)), DIM)


def notices(page: Page) -> None:
    """What did not run or ran under a doubt; what stands in the way first."""
    for level, title, style in (
        ("blocking", message("not everything ran"), "bold yellow"),
        ("advice", message("notices"), "bold"),
    ):
        found = [notice for notice in page.report.remarks if notice.level == level]
        if found:
            page.heading(title, style)
        by_code = sorted(found, key=lambda notice: notice.code)
        for _, same in groupby(by_code, lambda notice: notice.code):
            _notices(page, list(same))


def _notices(page: Page, same: Sequence[Notice]) -> None:
    """Notices of one code, the first of them."""
    shown = same if page.view.verbose else same[: page.view.per_rule]
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for notice in shown:
        text = Text(page.say(notice.message))
        if notice.where:
            text.append(f"  {notice.where}", DIM)
        if notice.rules and page.view.verbose:
            text.append(f"\n{page.say(notice.rules)}", DIM)
        grid.add_row(Text(notice.code, "bold"), fitted(text, page.view.width - 9))
    page.put(grid, 2)
    rest = len(same) - len(shown)
    if rest:
        page.line(
            message("{count} more of {code}", count=rest, code=same[0].code), style=DIM, indent=2
        )


def counts(page: Page) -> None:
    """The outcomes of every rule, in a verbose view."""
    if not page.view.verbose:
        return
    page.heading(message("outcomes of every rule"))
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    for _ in _TOTALS:
        grid.add_column(justify="right")
    grid.add_row("", *(Text(page.say(OUTCOMES[outcome]), DIM) for outcome, _ in _TOTALS), "")
    for count in page.report.counts:
        figures = (str(count.of(outcome)) for outcome, _ in _TOTALS)
        grid.add_row(count.rule, *figures, page.say(count.title))
    page.put(grid, 2)


def verdict(page: Page) -> None:
    """The last line: what came out, and the exit code that says so."""
    view = page.view
    code = page.report.exit_code(view.fail_on) if view.code is None else view.code
    if not view.quiet:
        page.line()
    said: object = _said(page, code)
    if view.exits:
        said = message("{said} Exit code {code}.", said=said, code=code)
    page.line(said, style=_VERDICT[code])


def _said(page: Page, code: int) -> Message:
    found = _found(page)
    if code == 1:
        return message("Contradictions found: {found}.", found=found)
    if code == 3:
        return message("{found}, but not everything could be checked.", found=found)
    blocked = any(notice.level == "blocking" for notice in page.report.remarks)
    if blocked or page.report.total("unknown"):
        return message("{found}; what could not be checked was allowed.", found=found)
    return message("{found}; everything was checked.", found=found)


def _found(page: Page) -> Message | tuple[Message, ...]:
    parts = []
    for severity, name in SEVERITIES.items():
        total = sum(page.failed[count.rule, severity] for count in page.report.counts)
        if total:
            parts.append(message("{severity} {count}", severity=name, count=total))
    settled = wording.settled(page.report)
    if parts:
        return (*parts, *settled)
    return (message("no other contradiction"), *settled) if settled else message("no contradiction")
