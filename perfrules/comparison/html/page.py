"""The page of a comparison: what the template is given."""

from collections.abc import Iterable, Sequence
from typing import Any

from perfrules import wording
from perfrules.comparison import STATES, Change, Comparison
from perfrules.findings import Finding, told
from perfrules.locale import Message, message
from perfrules.locale.words import OUTCOMES, SEVERITIES
from perfrules.renderers.html.page import STYLES, capital, resource, template, worn
from perfrules.renderers.html.view import CELLS, Teller, Told, clean
from perfrules.report import Report
from perfrules.values import frozen

STANDING = 2_000
"""Changes that stand in the page; the workbook and JSON hold all."""
OPEN = ("new", "changed", "unchecked")
"""States whose changes are unfolded at first, where they are few."""
_FEW = 20
_FOLDER = "perfrules.comparison.html"
_TEXTS: dict[str, Message] = {
    "changes": message("changes"),
    "remarks": message("what must be known"),
    "before": message("before"),
    "now": message("now"),
    "state": message("state"),
    "severity": message("severity"),
    "outcome": message("outcome"),
    "rule": message("rule"),
    "unit": message("unit"),
    "title": message("title"),
    "why": message("why"),
    "all": message("all"),
    "search": message("search"),
    "search_hint": message("text, figure, rule, place"),
    "filters": message("filters"),
    "reset": message("reset"),
    "unfold": message("unfold all"),
    "fold": message("fold all"),
    "dark": message("light or dark"),
    "summary": message("summary"),
    "stopped": message("rules that do not run any more"),
    "formula": message("formula"),
    "worked": message("with figures"),
    "growth": message("difference now less before"),
    "cells": message("cells"),
    "contradictions": message("contradictions"),
    "pack": message("rule pack"),
    "checked": message("checked"),
    "dataset": message("data"),
    "skip": message("to the changes"),
    "nothing": message("nothing changed"),
    "none": message("no change is like this"),
    "prepared": message("prepared by"),
    "reviewed": message("reviewed by"),
    "date": message("date"),
}
"""Texts of the template, by name."""


@frozen
class Side:
    """One of the two verdicts of a change; ``told`` is None where its report does not keep one."""

    name: str
    told: Told | None
    numbers: tuple[str, ...]


@frozen
class Shown:
    """A change as it is shown; ``told`` is the verdict as it is now, or was."""

    state: str
    state_said: str
    told: Told
    sides: tuple[Side, Side]
    years: str
    growth: str
    why: str
    open: bool


def page_of(comparison: Comparison, language: str, standing: int = STANDING) -> str:
    """The page; ``standing`` changes are in it, and it says how many are not."""
    teller = _Teller(comparison, language)
    style = "".join(map(resource, STYLES)) + resource("page.css", _FOLDER)
    script = resource("page.js", _FOLDER)
    changes = [teller.shown(change) for change in comparison.changes[:standing]]
    page: str = template("page.html", _FOLDER).render(
        t={name: capital(teller.say(text)) for name, text in _TEXTS.items()},
        language={"zh": "zh-Hans", "en": "en"}[language],
        **worn(style, script),
        part=template("finding.html").module,
        most=CELLS,
        head=teller.head(),
        names=[teller.say(wording.NUMBERS[name]) for name in wording.NUMBERS],
        states=[(state, capital(teller.say(said)), len(comparison.of(state))) for state, said in STATES.items()],
        severities=[(name, capital(teller.say(said))) for name, said in SEVERITIES.items()],
        groups=[(state, [one for one in changes if one.state == state]) for state in STATES],
        units=sorted({one.told.unit for one in changes if one.told.unit}),
        rules=list({one.told.rule: one.told.title for one in changes}.items()),
        remarks=[teller.say(remark) for remark in comparison.remarks],
        rest=teller.rest(len(comparison.changes) - len(changes)),
        stopped=teller.stopped(),
    )  # fmt: skip
    return page.rstrip("\n") + "\n"


class _Teller:
    """Words the changes of one comparison in one language."""

    def __init__(self, comparison: Comparison, language: str) -> None:
        self.comparison = comparison
        self.old = Teller(comparison.old, language)
        self.new = Teller(comparison.new, language)
        self.keys = wording.keys_of(comparison.old, comparison.new)
        for one in (
            self.old,
            self.new,
        ):  # of both alike: a key that one report shares may differ in the other
            one.common = {}
            one.unit_column = self.keys.unit
        urgent = [c for c in comparison.changes if c.state in OPEN]
        self._few = len(urgent) <= _FEW

    def say(self, item: object) -> str:
        """``item`` in the language of the page."""
        return self.new.say(item)

    def head(self) -> dict[str, Any]:
        """What was compared."""
        old, new = self.comparison.old, self.comparison.new
        return {
            "title": clean(new.run.dataset) or self.say(message("frames")),
            "pack": self.say(new.run.pack_title) or clean(new.run.pack),
            "state": "broken" if self.comparison.of("new") else "clean",
            "runs": [self._run("before", old), self._run("now", new)],
        }

    def _run(self, name: str, report: Report) -> dict[str, Any]:
        run = report.run
        facts = [
            ("dataset", " ".join(part for part in (run.dataset, run.data and f"({run.data})") if part)),
            ("pack", f"{run.pack} {run.pack_version}"),
            ("checked", "" if run.started is None else f"{run.started:%Y-%m-%d %H:%M} UTC"),
        ]  # fmt: skip
        kept = [(label, clean(text)) for label, text in facts if text]
        return {"name": name, "facts": kept, "failed": report.total("fail")}

    def shown(self, change: Change) -> Shown:
        """A change."""
        told = (self.new if change.new is not None else self.old).told(0, change.finding)
        years = (self.keys.year_of(one.key) for one in (change.old, change.new) if one is not None)
        return Shown(
            change.state,
            self.say(STATES[change.state]),
            told,
            (self._side("before", self.old, change.old), self._side("now", self.new, change.new)),
            clean(" → ".join(dict.fromkeys(year for year in years if year))),
            _growth(change),
            self.say(change.why),
            self._few and change.state in OPEN,
        )

    def _side(self, name: str, teller: Teller, finding: Finding | None) -> Side:
        if finding is None:
            return Side(name, None, ())
        numbers = wording.numbers(finding)
        texts = tuple(clean(numbers[number]) for number in wording.NUMBERS)
        return Side(name, teller.told(0, finding), (self.say(OUTCOMES[finding.outcome]), *texts))

    def rest(self, count: int) -> str:
        """How many changes are not in the page."""
        if count <= 0:
            return ""
        return self.say(message("{count} more changes are not in this page; -o diff.xlsx and -o diff.json write them all", count=count))  # fmt: skip

    def stopped(self) -> Sequence[tuple[str, str, str]]:
        """The rules that do not run any more, each with the reason."""
        found: Iterable[Any] = self.comparison.stopped
        return [
            (clean(one.count.rule), self.say(one.count.title), self.say(one.why)) for one in found
        ]


def _growth(change: Change) -> str:
    """How much the difference has grown; nothing where there are not two of one unit."""
    old, new = change.old, change.new
    if old is None or new is None or old.unit != new.unit:
        return ""
    if old.difference is None or new.difference is None or old.difference == new.difference:
        return ""
    grown = told(new.difference - old.difference, new.unit)
    return clean(grown if grown.startswith(("-", "≈-")) else f"+{grown}")
