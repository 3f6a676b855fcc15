"""Roll-ups under test: mutants of their levels, cases that tell them, data made for them, properties that hold."""

from pathlib import Path

import polars as pl
import pytest
import yaml

from perfrules.loader import load_pack
from perfrules.model import Pack
from perfrules.readers import read_frames
from perfrules.testing import run
from perfrules.testing.generate.ladders import laddered
from perfrules.testing.mutants import mutants
from perfrules.testing.results import Effort
from perfrules.testing.survivors import survivors

PACK = """\
pack: codes
unit: 万元
tables:
  t:
    key: [unit, stage, code]
    columns:
      unit: {type: text}
      stage: {type: text}
      code: {type: code}
      total: {type: money, decimals: 2}
      posts: {type: count}
"""
ROLLUP = {"code": "code", "levels": [3, 5, 7], "total": "合计", "columns": ["total"]}


def pack_of(folder: Path, rollup: dict[str, object], **more: object) -> Pack:
    (folder / "pack.yaml").write_text(PACK, "utf-8")
    rule = {"id": "x", "rollup": {**ROLLUP, **rollup}, **more}
    rules = {"table": "t", "rules": [rule]}
    (folder / "a.rules.yaml").write_text(yaml.safe_dump(rules, allow_unicode=True), "utf-8")
    pack = load_pack(folder)
    assert not pack.faults
    return pack


MUTANTS = [
    (
        {},
        {
            "t.total = sum(children.total) becomes t.total ≤ sum(children.total)",
            "t.total = sum(children.total) becomes t.total ≥ sum(children.total)",
            "sum(children.total) becomes max(children.total)",
            "the level 3 is left out",
            "the level 5 is left out",
            "the level 7 is left out",
            "the total 合计 is left out",
            "tolerance rounding becomes exact",
        },
    ),
    (
        {"levels": [3, 5], "total": None, "columns": ["posts"], "missing": "skip-if-no-parent"},
        {
            "t.posts = sum(children.posts) becomes t.posts ≤ sum(children.posts)",
            "t.posts = sum(children.posts) becomes t.posts ≥ sum(children.posts)",
            "sum(children.posts) becomes max(children.posts)",
        },
    ),
]


@pytest.mark.parametrize(("rollup", "said"), MUTANTS, ids=["levels", "two levels"])
def test_the_mistakes_that_an_author_can_make(
    tmp_path: Path, rollup: dict[str, object], said: set[str]
) -> None:
    pack = pack_of(tmp_path, rollup)
    found = {str(mutant.change) for mutant in mutants(pack.rules[0], pack)}
    assert {text for text in found if "column" not in text and "posts becomes" not in text} >= said
    assert not any("present" in text for text in found)


CASES = {
    "pass": [{"t": [{"code": "201", "total": "3.00"}, {"code": "20101", "total": "3.00"}]}],
    "fail": [{"t": [{"code": "201", "total": "3.00"}, {"code": "20101", "total": "2.00"}]}],
}


def test_cases_tell_the_levels_that_they_have(tmp_path: Path) -> None:
    pack = pack_of(tmp_path, {}, cases=CASES)
    survey = survivors(pack.rules[0], pack)
    left = {str(one.mutant.change) for one in survey.survivors}
    levels = {text for text in left if text.endswith("is left out")}
    assert levels == {"the level 7 is left out", "the total 合计 is left out"}


def test_a_guard_that_is_written_has_mutants(tmp_path: Path) -> None:
    pack = pack_of(tmp_path, {}, when="total > 0")
    found = {str(mutant.change) for mutant in mutants(pack.rules[0], pack)}
    assert {"t.total > 0 is left out", "t.total > 0 becomes t.total ≤ 0"} <= found


@pytest.mark.parametrize("missing", ["complete", "skip-if-no-parent", "children-le-parent"])
def test_data_are_made_and_every_property_holds(tmp_path: Path, missing: str) -> None:
    pack = pack_of(tmp_path, {"missing": missing, "columns": ["total", "posts"]}, cases=CASES)
    found = [*run.tried(pack, effort=Effort(8)).results]
    told = {
        f"{result.kind} {result.name}": result.standing
        for result in found
        if result.kind in ("possible", "property")
    }
    assert told
    assert set(told.values()) == {"passed"}


def test_the_codes_above_are_reckoned_as_the_reader_reckons_them(tmp_path: Path) -> None:
    pack = pack_of(tmp_path, {"missing": "skip-if-no-parent"})
    spec = pack.tables["t"]
    (ladder,) = spec.ladders
    codes = ["合计", "201", "2010101", "20102", "2020101", "2020", "20301"]
    rows = laddered([{"unit": "A", "stage": "1", "code": code} for code in codes], spec)
    assert [row[ladder.children] for row in rows] == [
        None, "合计", "20101", "201", "20201", None, "203",
    ]  # fmt: skip
    assert [row[ladder.orphans] for row in rows] == [
        None, None, "201", None, "合计", None, "合计",
    ]  # fmt: skip
    read = read_frames({"t": pl.DataFrame(rows).select(spec.key)}, pack.tables).tables["t"].frame
    both = [ladder.children, ladder.orphans]
    assert read.select(both).rows() == [tuple(row[name] for name in both) for row in rows]
