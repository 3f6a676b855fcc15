"""HTML: one page for the screen and for paper, which loads nothing from outside.

Every finding is worded once, by the template. The gravest stand in the page itself, so that it can be read and printed without the
script; the others lie in it packed (zlib, base64) and are unfolded by the script when they are asked for, so that ten thousand stay usable.
What the data say is escaped by the template, and the policy of the page runs no script and takes no style but its own.
"""

from perfrules.report import Report

SUFFIXES = (".html", ".htm")


def render(report: Report, language: str) -> str:
    """The page; ends with a line break."""
    from perfrules.renderers.html.page import page_of  # noqa: PLC0415  # jinja2, for pages only

    return page_of(report, language)
