"""A report, a finding and the picture of outcomes as notebooks show them: by the template of the page, in a box of their own."""

import os
from pathlib import Path

from markupsafe import Markup

from perfrules.findings import Finding
from perfrules.locale import Label, message
from perfrules.locale.environment import spoken
from perfrules.locale.words import OUTCOMES
from perfrules.renderers.html.bars import ORDER
from perfrules.renderers.html.matrix import matrix, svg
from perfrules.renderers.html.page import capital, head_of, resource, template
from perfrules.renderers.html.texts import PAGE
from perfrules.renderers.html.view import CELLS, Teller
from perfrules.report import Report, RunFacts, TableFacts
from perfrules.values import frozen
from perfrules.writing import replace

SHOWN = 20
"""Findings of a report that are shown."""


@frozen
class Picture:
    """A picture that notebooks show.

    Attributes:
        text: The picture as SVG; a line of text where there is nothing to draw.
    """

    text: str

    def _repr_svg_(self) -> str | None:
        return self.text if self.text.startswith("<svg") else None

    def _repr_html_(self) -> str:
        return self.text

    def save(self, path: str | Path) -> Path:
        """Write it to a file.

        Returns:
            The path.
        """
        replace(Path(path), f"{self.text}\n".encode())
        return Path(path)


def picture(report: Report, language: str | None = None) -> Picture:
    """The outcomes of rules by unit."""
    spoken_ = language or _language()
    drawn = matrix(report)
    if drawn is None:
        told = message("the verdicts of this report were not counted by unit")
        return Picture(f"<p>{Teller(report, spoken_).say(told)}</p>")
    return Picture(str(svg(drawn, spoken_)))


def report(shown: Report) -> str:
    """A report: its summary, and its gravest findings."""
    teller = Teller(shown, _language())
    ranked = teller.ranked()
    rest = len(ranked) - SHOWN
    more = message("{count} more; report.save(path) writes them all", count=rest)
    return _box(
        teller, ranked[:SHOWN], head_of(shown, teller), teller.say(more) if rest > 0 else ""
    )


def finding(shown: Finding) -> str:
    """One finding, unfolded."""
    columns: dict[str, dict[str, Label]] = {}
    for cell in shown.cells:
        columns.setdefault(cell.table, {})[cell.column] = cell.title
    tables = tuple(TableFacts(name, Label(name), titles) for name, titles in columns.items())
    run = RunFacts("", "", "", shown.title, "", "")
    alone = Report(run, (), (shown,), (), tables=tables)
    return _box(Teller(alone, _language()), [(0, shown)], None, "", unfolded=True)


def _box(
    teller: Teller,
    found: list[tuple[int, Finding]],
    head: dict[str, object] | None,
    more: str,
    *,
    unfolded: bool = False,
) -> str:
    made: str = template("notebook.html").render(
        t={name: capital(teller.say(text)) for name, text in PAGE.items()},
        language={"zh": "zh-Hans", "en": "en"}[teller.language],
        style=_style(),
        head=head,
        outcomes=[(name, capital(teller.say(OUTCOMES[name]))) for name in ORDER],
        findings=[teller.told(place, one) for place, one in found],
        most=CELLS,
        open=unfolded,
        more=more,
    )
    return made


def _style() -> Markup:
    """The style of findings, kept to the box."""
    colors = resource("colors.css").replace(":root", ".perfrules")
    own = resource("finding.css") + resource("notebook.css")
    return Markup(f"{colors}.perfrules{{{own}}}")  # noqa: S704  # our own files


def _language() -> str:
    """What the person at the notebook reads."""
    return spoken(os.environ)
