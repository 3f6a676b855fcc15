"""Reports with odd texts and odd numbers, for the tests of all formats."""

from dataclasses import replace
from typing import get_args

from hypothesis import strategies as st

from perfrules.findings import EvidenceCell, EvidenceRow, Finding, Standing
from perfrules.locale import Label
from perfrules.locations import Origin
from perfrules.model import Severity
from perfrules.notices import Notice
from perfrules.report import Report, RuleCount, RuleFacts, RunFacts, TableFacts
from perfrules.waivers import REASONS, Waiver

HOSTILE = (
    "=1+1", "-2+3", "+A1", "@sum", "＝1", "\t=x", "a|b", "`a`", "<b>x</b>", "&lt;", "![x](http://y)", "[a](1)", "::error::x",
    "%0A", "a\r\nb", "\u2028", "\x00", "]]>", "'", '"', ",", ";", "\\", "1. x", "- x", "# x", "---", "@user", "𝕏", "\ufeff", "甲 乙",
)  # fmt: skip
texts = st.one_of(
    st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
)
labels = st.builds(Label, st.none() | texts, st.none() | texts)
keys = st.dictionaries(texts, texts, max_size=2)
figures = st.none() | st.fractions(max_denominator=10**7)
severities: st.SearchStrategy[Severity] = st.sampled_from(get_args(Severity))
origins = st.builds(Origin, texts, texts, st.none() | st.integers(1, 9), texts, texts)
cells = st.builds(EvidenceCell, texts, texts, labels, keys, texts, origins)
rows = st.builds(EvidenceRow, texts, keys, keys)
tables = st.builds(TableFacts, texts, labels, st.dictionaries(texts, labels, max_size=2))


waivers = st.builds(
    Waiver, st.just("r-1"), keys, st.just(("0" * 16,)), st.sampled_from(list(REASONS)), texts, st.dates(), texts, texts,
    st.none() | st.dates(), texts, texts, texts, texts,
)  # fmt: skip


@st.composite
def findings(draw: st.DrawFn) -> Finding:
    outcome = draw(st.sampled_from(["fail", "rounding", "unknown"]))
    left, right, difference, slack = (draw(figures) for _ in range(4))
    return Finding(
        draw(texts), draw(st.sampled_from(["r-1", "r-2", "r-3"])), draw(labels), draw(severities), outcome, draw(keys), draw(texts),
        left, right, difference, slack, draw(texts), draw(texts), draw(labels), tuple(draw(st.lists(labels, max_size=2))),
        draw(labels), tuple(draw(st.lists(cells, max_size=2))), "blank" if outcome == "unknown" else "", draw(labels),
        draw(texts), tuple(draw(st.lists(rows, max_size=2))),
        draw(st.none() | waivers) if outcome != "rounding" else None,
        draw(st.sampled_from(get_args(Standing))) if outcome != "rounding" else "",
    )  # fmt: skip


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Counts agree with the findings, and some verdicts are counted and not kept."""
    details = tuple(draw(st.lists(findings(), max_size=4)))
    counts = []
    for rule in ("r-1", "r-2"):
        kept = [
            sum((d.rule, d.outcome) == (rule, o) for d in details)
            for o in ("rounding", "fail", "unknown")
        ]
        rounding, failed, unknown = (number + draw(st.integers(0, 2)) for number in kept)
        passed, idle = draw(st.integers(0, 3)), draw(st.integers(0, 3))
        rows = rounding + failed + unknown + passed + idle
        counts.append(
            RuleCount(
                "p", rule, draw(labels), draw(severities), rows, passed, rounding, failed, unknown, idle
            )
        )  # fmt: skip
    rules = tuple(
        RuleFacts("p", rule, draw(labels), draw(severities), ("t",), draw(texts), draw(texts), draw(labels), draw(labels),
                  (), draw(texts), draw(st.none() | st.integers(1, 9)))
        for rule in ("r-1", "r-2", "r-3")
    )  # fmt: skip
    notice = Notice(
        "PR401", draw(labels), draw(st.sampled_from(["blocking", "advice"])), ("r-3", "r-4")
    )
    run = RunFacts("0", draw(texts), draw(texts), draw(labels), draw(texts), "polars", data=draw(texts), rules=draw(texts))  # fmt: skip
    named = tuple(draw(st.lists(tables, max_size=2)))
    return Report(run, tuple(counts), details, (replace(notice, where=draw(texts)),), rules, named)
