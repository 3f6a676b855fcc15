"""A sheet as each engine judges it, row by row."""

from dataclasses import replace

import polars as pl
import pytest

from perfrules import running
from perfrules.evaluate.rows import Index
from perfrules.evaluate.sheets.laying import lay
from perfrules.testing.judged import Judge
from perfrules.testing.results import ENGINES
from perfrules.verdicts import Code
from tests.evaluate.gathered import gathered


def judges() -> list[Judge]:
    """The sheets of all cases of outcomes."""
    plan, dataset = gathered("outcomes")
    index = Index(dataset)
    return [Judge(plan.pack, sheet, lay(sheet, dataset), index) for sheet in plan.sheets]


def test_every_engine_gives_every_outcome() -> None:
    seen: set[Code] = set()
    for judge in judges():
        wanted, *others = (judge.by(engine) for engine in ENGINES)
        assert all(found == wanted for found in others)
        seen |= {code for codes in wanted for code in codes}
    assert seen == set(Code)


def test_numbers_that_differ_are_seen_although_passes_are_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = judges()[0]
    judge = replace(whole, sheet=replace(whole.sheet, rules=whole.sheet.rules[:40]))
    wanted = judge.by("reference")
    evaluate = running.InMemory.evaluate

    def one_more(*args: object) -> running.Found:
        found = evaluate(*args)  # type: ignore[arg-type]  # whatever it is given
        more = pl.col("not-applicable") + 1
        sheets = tuple(
            replace(it, verdicts=replace(it.verdicts, counts=it.verdicts.counts.with_columns(more)))
            for it in found.sheets
        )
        return replace(found, sheets=sheets)

    monkeypatch.setattr(running.InMemory, "evaluate", one_more)
    quiet = (Code.PASS, Code.NOT_APPLICABLE)
    for codes, others in zip(wanted, judge.by("duckdb"), strict=True):
        assert all((a == b) != (a in quiet) for a, b in zip(codes, others, strict=True))
