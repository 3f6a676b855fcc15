"""A report for a person at a terminal: what matters first, then what was found, then what did not run."""

from perfrules.renderers.terminal import findings, frame, units
from perfrules.renderers.terminal.page import Page, View
from perfrules.report import Report

__all__ = ["SUFFIXES", "View", "render"]

SUFFIXES = (".txt",)
_PLAIN = View()


def render(report: Report, language: str, view: View = _PLAIN) -> str:
    """The report as text for a terminal of ``view.width`` columns."""
    page = Page(report, language, view)
    if not view.quiet:
        frame.head(page)
        findings.failures(page)
        findings.roundings(page)
        findings.unknowns(page)
        findings.settled(page)
        units.units(page)
        frame.notices(page)
        frame.counts(page)
    frame.verdict(page)
    return page.text()
