"""The sheet of the units: those with the gravest findings first, then those that are due and missing."""

from perfrules.exchange.excel import Cell, Heading, Listing, Value
from perfrules.locale import message
from perfrules.locale.words import OUTCOMES, SEVERITIES
from perfrules.renderers.xlsx.paper import LISTS, TONES, Paper
from perfrules.report.league import UnitStanding, league, present, share_of

_REST = ("unknown", "rounding", "pass", "not-applicable")


def write(paper: Paper) -> None:
    """The sheet; none where there is nothing to compare."""
    units, say = paper.report.units, paper.say
    if units is None or "units" not in paper.names:
        return
    headings = [
        Heading(say(message("unit")), 34), Heading(say(message("year")), 14, center=True),
        *(Heading(say(message("{outcome}: {severity}", outcome=OUTCOMES["fail"], severity=name)), 12, center=True) for name in SEVERITIES.values()),
        *(Heading(say(OUTCOMES[outcome]), 11, center=True) for outcome in _REST),
        Heading(say(message("coverage")), 10, center=True), Heading(say(message("remark")), 24),
    ]  # fmt: skip
    sheet = paper.book.sheet(paper.names["units"])
    back = Cell(paper.names["summary"], "quiet", link=(paper.names["summary"], 0, 0))
    listing = Listing(sheet, say(message("Units")), [say(present(units)), back], headings)
    first = _first(paper)
    for standing in league(paper.report).units:
        listing.add(_row(paper, standing, first.get(standing.count.unit)))
    blanks = [""] * (len(headings) - 3)
    for one in units.missing:
        told = Cell(say(message("due and missing")), "unknown")
        listing.add([Cell(one.unit, "unknown"), ", ".join(one.years), *blanks, told])
    listing.close(paper.footer)
    rows = len(units.counts) + len(units.missing)
    paper.written.append((sheet.name, rows, say(message("What was found of each unit"))))


def _first(paper: Paper) -> dict[str, int]:
    """The gravest finding of each unit, by position."""
    found: dict[str, int] = {}
    for position in sorted(range(len(paper.report.details)), key=paper.gravity):
        found.setdefault(paper.keys.unit_of(paper.report.details[position].key), position)
    return found


def _row(paper: Paper, standing: UnitStanding, gravest: int | None) -> list[Cell | Value]:
    """A unit; its name leads to the gravest of its findings."""
    count = standing.count
    link = None if gravest is None else paper.home(gravest)
    rest = [(name, count.of(name)) for name in _REST]
    failed = [standing.failed[severity] for severity in SEVERITIES]
    return [
        Cell(count.unit or "—", link=link),
        ", ".join(count.years),
        *(Cell(number, "fail" if number else "") for number in failed),
        *(Cell(number, TONES[name] if number and name in LISTS else "") for name, number in rest),
        share_of(count),
        "",
    ]  # fmt: skip
