"""A sheet as each engine judges it, row by row."""

from dataclasses import replace

import polars as pl
import pytest

from perfrules import running
from perfrules.evaluate.rows import Index
from perfrules.evaluate.sheets import lay
from perfrules.plan import bind
from perfrules.readers import read_frames
from perfrules.testing.judged import Judge
from perfrules.testing.results import ENGINES
from perfrules.verdicts import Code
from tests.testing.pack import pack as rules


def judge() -> Judge:
    """A sheet with every outcome: native rules, one that only the reference can judge, and one without a form in databases."""
    pack = rules(
        "- {id: sum, table: t, when: n ≠ 0, assert: a = b + c}\n"
        "- {id: named, table: t, assert: 'matches(s, \"x*\")'}\n"
        "- {id: items, table: t, assert: a = sum(p.x)}"
    )
    own = {"k": [*"uvwxyz"], "year": ["2023"] * 6, "n": [*"1110 1".replace(" ", "1")]}
    figures = {
        "a": ["3.00", "3.01", "9.00", "9.00", "3.00", None],
        "b": ["1.00"] * 6,
        "c": ["2.00"] * 6,
    }
    items = {"k": [*"uvw"], "year": ["2023"] * 3, "item": ["i"] * 3, "x": ["3.00", "3.00", "9.00"]}
    dataset = read_frames(
        {
            "t": pl.DataFrame(own | figures | {"s": ["x", "xy", "y", None, "x", "x"]}),
            "p": pl.DataFrame(items),
        },
        pack.tables,
    )
    (sheet,) = bind(pack, dataset).sheets
    return Judge(pack, sheet, lay(sheet, dataset), Index(dataset))


def test_every_engine_gives_every_outcome() -> None:
    sheet = judge()
    wanted, *others = (sheet.by(engine) for engine in ENGINES)
    assert all(found == wanted for found in others)
    assert {code for codes in wanted for code in codes} == set(Code)


def test_numbers_that_differ_are_seen_although_passes_are_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sheet = judge()
    wanted = sheet.by("reference")
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
    for codes, others in zip(wanted, sheet.by("duckdb"), strict=True):
        assert all((a == b) != (a in quiet) for a, b in zip(codes, others, strict=True))
