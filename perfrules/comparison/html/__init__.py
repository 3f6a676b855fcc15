"""Two reports compared, as an HTML page in the look of a report: one file for the screen and for paper, which loads nothing from outside."""

from perfrules.comparison import Comparison

SUFFIXES = (".html", ".htm")


def render(comparison: Comparison, language: str) -> str:
    """The page; ends with a line break."""
    from perfrules.comparison.html.page import page_of  # noqa: PLC0415  # jinja2, for pages only

    return page_of(comparison, language)
