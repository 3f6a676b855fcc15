"""The league of the page: the units and rules with the gravest findings, and who is missing."""

from rich.table import Table
from rich.text import Text

from perfrules.locale import message
from perfrules.locale.words import OUTCOMES, SEVERITIES
from perfrules.renderers.terminal.page import DIM, Page
from perfrules.report.league import DOZEN, League, absent, league, present, share_of

_MISSING = 10
"""Missing units that are named."""


def units(page: Page) -> None:
    """Units and rules in their order; nothing for few units of which none is missing."""
    found = page.report.units
    if found is None or (len(found.counts) < DOZEN and not found.missing):
        return
    page.heading(message("units: {said}", said=present(found)))
    missing = absent(found)
    if missing:
        named = missing if page.view.verbose else missing[:_MISSING]
        told = message("due and missing: {units}", units=tuple(named))
        page.line(told, style="bold yellow", indent=2)
        _more(page, len(missing) - len(named))
    standing = league(page.report)
    _units(page, standing)
    _rules(page, standing)


def _units(page: Page, standing: League) -> None:
    shown = standing.units if page.view.verbose else standing.units[: page.view.per_rule]
    grid = Table.grid(padding=(0, 2))
    grid.add_column()
    for _ in range(5):
        grid.add_column(justify="right")
    heads = [*SEVERITIES.values(), OUTCOMES["unknown"], message("coverage")]
    grid.add_row("", *(Text(page.say(head), DIM) for head in heads))
    for one in shown:
        numbers = [*(one.failed[severity] for severity in SEVERITIES), one.unknown]
        texts = (Text(str(n), "" if n else DIM) for n in numbers)
        grid.add_row(one.count.unit or "—", *texts, share_of(one.count))
    page.put(grid, 2)
    _more(page, len(standing.units) - len(shown))


def _rules(page: Page, standing: League) -> None:
    if not standing.rules:
        return
    shown = standing.rules if page.view.verbose else standing.rules[: page.view.per_rule]
    page.line()
    grid = Table.grid(padding=(0, 2))
    for one in shown:
        told = message("broken by {broken} of {due} units", broken=one.broken, due=one.due)
        grid.add_row(one.count.rule, page.say(told), page.say(one.count.title))
    page.put(grid, 2)
    _more(page, len(standing.rules) - len(shown))


def _more(page: Page, rest: int) -> None:
    if rest > 0:
        page.line(message("{count} more", count=rest), style=DIM, indent=2)
