"""The working paper: a workbook with a summary, the units where there are several, the findings, what could not be checked, the rules, and the data with the cells marked.

A finding leads to its first cell, a cell to its gravest finding. Where the data is at hand (``report.data``) the sheets of the tables hold
it, up to a number of rows; of a saved report they hold what the findings quote. Whatever the workbook cannot hold is told in its summary.
"""

from perfrules.renderers.xlsx import findings, rules, summary, tables, units
from perfrules.renderers.xlsx.paper import Paper
from perfrules.report import Report

SUFFIXES = (".xlsx",)


def render(report: Report, language: str) -> bytes:
    """The workbook."""
    paper = Paper(report, language)
    first = paper.book.sheet(paper.names["summary"])
    units.write(paper)
    findings.write(paper)
    rules.write(paper)
    tables.write(paper)
    summary.write(paper, first)
    return paper.book.content()
