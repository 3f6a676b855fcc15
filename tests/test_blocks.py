"""A table that is read in blocks is told of as if it were read as a whole."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import perfrules
from perfrules.cli import rows
from perfrules.dataset import bulk
from perfrules.model import Pack
from perfrules.readers import parquet
from perfrules.report import Report

pytestmark = pytest.mark.usefixtures("all_native")

PACK = """
pack: sums
tables:
  t:
    key: [k, y]
    columns:
      k: {type: code, synonyms: [{use: A, for: [AA, AAA]}]}
      y: {type: year}
      total: {type: money, decimals: 2}
      a: {type: money, decimals: 2}
      b: {type: money, decimals: 2, blank: zero-if-closes}
      n: {type: count}
      f: {type: flag}
  small:
    unit: 元
    key: [k]
    columns:
      k: {type: code}
      limit: {type: money, decimals: exact}
"""
RULES = """
table: t
rules:
  - {id: total, assert: total = a + b}
  - {id: near, assert: a = b, when: n > 1}
  - {id: each, assert: '{column} ≥ 0', for: [a, b]}
  - {id: below, assert: a ≤ small.limit}
  - {id: known, assert: present(small)}
  - {id: flagged, assert: f = true}
"""
WHOLE = """
table: t
rules:
  - {id: grew, assert: total ≥ prior(total)}
  - {id: all, assert: sum(t.a) ≤ small.limit, per: [k]}
"""


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    folder = tmp_path_factory.mktemp("sums")
    Path(folder, "pack.yaml").write_text(PACK, "utf-8")
    Path(folder, "all.rules.yaml").write_text(RULES, "utf-8")
    return perfrules.load_pack(folder)


def outcome(report: Report) -> object:
    return (
        report.run.tables,
        report.counts,
        report.details,
        [(n.code, n.level, n.rules, n.table, n.where, str(n.message)) for n in report.remarks],
    )


TEXTS = st.sampled_from(
    ["1.00", "2.00", "3", "3.0", "0", "-1", "99999999999.99", "4.0055", "0.000000001", "1万元", "2.5 万元", "x", "#REF!", "", "—", "≥1", None]
)  # fmt: skip
DECIMALS = st.sampled_from(
    [Decimal("1.00"), Decimal("2.50"), Decimal("1.0015"), Decimal("123456789012345678.00"), None]
)
FLOATS = st.sampled_from([0.1 + 0.2, 1.0, 2.5, 2 / 3, float("nan"), 1e300, None])
INTEGERS = st.sampled_from([0, 1, 2, 3, 10**15, None])


@st.composite
def frames(draw: st.DrawFn) -> pl.DataFrame:
    kinds = {pl.String: TEXTS, pl.Decimal(30, 4): DECIMALS, pl.Float64: FLOATS, pl.Int64: INTEGERS}
    schema: dict[str, Any] = {"k": pl.String, "y": draw(st.sampled_from([pl.Int64, pl.String]))}
    schema |= {name: draw(st.sampled_from(list(kinds))) for name in ("total", "a", "b")}
    schema |= {"n": pl.Int64, "f": draw(st.sampled_from([pl.Boolean, pl.String]))}
    years: dict[object, list[Any]] = {
        pl.Int64: [2022, 2023, 23, None],
        pl.String: ["2022", "2023年", "soon", ""],
    }
    flags: dict[object, list[Any]] = {
        pl.Boolean: [True, False, None],
        pl.String: ["是", "否", "?", None],
    }
    cells = {
        "k": st.sampled_from(["A", "AA", "AAA", "B", " B", "C  C", "C C", "", None]),
        "y": st.sampled_from(years[schema["y"]]),
        "n": st.sampled_from([1, 2, None]),
        "f": st.sampled_from(flags[schema["f"]]),
        **{name: kinds[schema[name]] for name in ("total", "a", "b")},
    }
    drawn = draw(st.lists(st.fixed_dictionaries(cells), min_size=1, max_size=7))
    frame = pl.DataFrame(drawn, schema=schema, orient="row")
    left_out = draw(st.sampled_from([(), ("b",), ("n",), ("y",)]))
    extra = [pl.lit(1).alias("more")] if draw(st.booleans()) else []
    return frame.drop(left_out).with_columns(extra)


@settings(max_examples=40, deadline=None)
@given(frame=frames(), unit=st.sampled_from([None, "万元"]), detail=st.sampled_from([1, 2, 1000]))
def test_blocks_tell_what_the_whole_tells(
    pack: Pack,
    tmp_path_factory: pytest.TempPathFactory,
    frame: pl.DataFrame,
    unit: str | None,
    detail: int,
) -> None:
    folder = tmp_path_factory.mktemp("data")
    frame.write_parquet(folder / "t.parquet", row_group_size=3)
    Path(folder, "small.csv").write_text("k,limit\nA,2\nB,30000\nB,1\n", "utf-8")
    if unit:
        Path(folder, "dataset.yaml").write_text(f"unit_of_measure: {unit}\n", "utf-8")
    whole = perfrules.check(folder, pack, detail=detail)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(parquet, "MANY", 0)
        patched.setattr(parquet, "BLOCK", 2)
        patched.setattr(bulk, "COMPARED", 1)
        blocks = perfrules.check(folder, pack, detail=detail)
    assert outcome(blocks) == outcome(whole)


def test_rules_that_need_the_whole_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "pack.yaml").write_text(PACK, "utf-8")
    (tmp_path / "rules" / "all.rules.yaml").write_text(RULES, "utf-8")
    (tmp_path / "rules" / "whole.rules.yaml").write_text(WHOLE, "utf-8")
    data = tmp_path / "data"
    data.mkdir()
    cells = {
        "k": ["A", "A", "B"],
        "y": [2022, 2023, 2023],
        "total": [3, 4, 5],
        "a": [1, 2, 3],
        "b": [2, 2, 2],
    }
    frame = pl.DataFrame(cells | {"n": [1, 1, 1], "f": [True, True, False]})
    frame.write_parquet(data / "t.parquet")
    Path(data, "small.csv").write_text("k,limit\nA,2\nB,30000\n", "utf-8")
    monkeypatch.setattr(parquet, "MANY", 2)
    told: list[tuple[int, int, int, int]] = []
    report = perfrules.check(data, tmp_path / "rules", progress=lambda *done: told.append(done))
    (notice,) = [n for n in report.remarks if n.code == "PR446"]
    assert notice.rules == ("grew", "all")
    assert notice.level == "blocking"
    assert [c.rule for c in report.counts] == ["total", "near", "each", "below", "known", "flagged"]
    assert report.run.tables == {"t": 3, "small": 2}
    assert report.exit_code("never") == 3
    assert told[0] == (0, 7, 0, 3)
    assert told[-1] == (7, 7, 3, 3)


def test_a_row_of_such_a_table_is_explained(
    pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = pl.DataFrame(
        {"k": ["A", "B"], "y": [2023, 2023], "total": [3, 4], "a": [1, 2], "b": [2, 3]}
    )
    frame.write_parquet(tmp_path / "t.parquet")
    monkeypatch.setattr(parquet, "MANY", 1)
    monkeypatch.setattr(parquet, "BLOCK", 1)
    found = [
        (sheet.sheet.rules[position].rule.id, sheet.laid.keys.row(at))
        for sheet, position, at in rows._verdicts(pack, "total", str(tmp_path), {"k": "B"})
    ]
    assert found == [("total", ("B", 2023))]
