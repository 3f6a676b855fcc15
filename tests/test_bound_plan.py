"""A pack bound once says of every dataset what a check of that dataset says, from any thread."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import perfrules
from perfrules.evaluate import engines
from perfrules.report import Report
from tests.docs.console import ROOT

pytestmark = pytest.mark.usefixtures("all_native")

RULES = """
table: t
rules:
  - {id: total, assert: total = a + b}
  - {id: rate, assert: rate = a / total, when: total > 10元}
  - {id: greater, assert: 'total ≥ max(a, b)'}
"""
PACK = """
pack: sums
tables:
  t:
    unit: 元
    key: [k]
    columns:
      k: {type: code}
      total: {type: money, decimals: 2}
      a: {type: money, decimals: 2}
      b: {type: money, decimals: 2, blank: zero-if-closes}
      rate: {type: ratio, unit: '%', decimals: 2}
"""


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> perfrules.BoundPlan:
    folder = tmp_path_factory.mktemp("sums")
    Path(folder, "pack.yaml").write_text(PACK, "utf-8")
    Path(folder, "all.rules.yaml").write_text(RULES, "utf-8")
    return perfrules.bind(folder)


def outcome(report: Report) -> object:
    return (
        report.counts,
        [(d.rule, d.key, d.outcome, d.left, d.right, d.slack) for d in report.details],
        [(n.code, n.rules, str(n.message)) for n in report.remarks],
    )


AMOUNTS = st.sampled_from(
    ["1.00", "2.00", "3", "3.0", "0", "-1", "99999999999.99", "4.005", None, "—", "≥1"]
)
ROWS = st.lists(
    st.fixed_dictionaries({"total": AMOUNTS, "a": AMOUNTS, "b": AMOUNTS, "rate": st.sampled_from(["50%", "33.3%", "0%", None])}),
    max_size=6,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(rows=ROWS)
def test_many_datasets_with_one_plan(plan: perfrules.BoundPlan, rows: list[dict[str, str]]) -> None:
    frame = pl.DataFrame(
        [{"k": str(at), **row} for at, row in enumerate(rows)],
        schema=dict.fromkeys(("k", "total", "a", "b", "rate"), pl.String),
    )
    kept = plan.evaluate({"t": frame})
    assert outcome(kept) == outcome(perfrules.check({"t": frame}, plan.pack))


def test_what_is_ready_is_used_again(
    plan: perfrules.BoundPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []
    ready = engines.ready

    def counted(*given: Any) -> Any:
        made.append(given)
        return ready(*given)

    monkeypatch.setattr(engines, "ready", counted)
    fresh = perfrules.bind(plan.pack)
    for total in ("3.00", "4.00", "700.00", "5.00"):
        frame = pl.DataFrame(
            {"k": ["1"], "total": [total], "a": ["1.00"], "b": ["2.00"], "rate": ["1%"]}
        )
        fresh.evaluate({"t": frame})
    assert len(made) == 3  # exact bounds, then bounds with room to spare, twice


def test_threads_share_a_plan(plan: perfrules.BoundPlan) -> None:
    frames = [
        pl.DataFrame({"k": ["1", "2"], "total": [f"{n}.00", "3.00"], "a": ["1.00", "1.00"], "b": ["2.00", "2.00"], "rate": ["33.33%", None]})
        for n in range(40)
    ]  # fmt: skip
    fresh = perfrules.bind(plan.pack)
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda frame: fresh.evaluate({"t": frame}), frames))
    for frame, report in zip(frames, reports, strict=True):
        assert outcome(report) == outcome(perfrules.check({"t": frame}, plan.pack))


@pytest.mark.parametrize(
    "order", [("2.00", None), (None, "2.00")], ids=["first without", "first with"]
)
def test_frames_with_and_without_blanks_in_turn(order: tuple[str | None, ...]) -> None:
    """The state of a blank is no column, so types alone do not tell these frames apart."""
    pack = perfrules.load_pack(ROOT / "examples/quickstart/rules")
    plan = perfrules.bind(pack)
    money = {"total": "3.00", "basic": "1.00", "personnel": "0.50", "public": "0.50"}
    plain = {**money, "executed": "3.00", "budget": "4.00", "rate": "75.00%", "year": 2024}
    for project in order * 2:
        rows = [{**plain, "department": name, "project": it} for name, it in (("A", "2.00"), ("B", project))]  # fmt: skip
        frames = {"spending": pl.DataFrame(rows)}
        found = plan.evaluate(frames)
        assert found.summary.equals(perfrules.check(frames, pack).summary)
        assert found.summary["unknown"].sum() == (project is None)
