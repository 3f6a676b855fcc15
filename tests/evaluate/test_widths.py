"""A bound moves a rule from 64 bits to 128, and from there to the reference; every width says the same, and the run says which."""

from collections.abc import Sequence

import pytest

import perfrules
from perfrules.dataset import Dataset
from perfrules.evaluate import engines
from perfrules.evaluate.native import Lowered
from perfrules.evaluate.sheets.laying import lay
from perfrules.model import Pack
from perfrules.plan import bind
from tests.evaluate.packs import batched_counts, by_polars, by_reference, counts, data_of, pack_of

TABLES = """
tables:
  t:
    key: [k]
    unit: 元
    columns:
      k: {type: code}
      a: {type: money, decimals: 2}
      b: {type: money, decimals: 2}
      c: {type: money, decimals: 2}
      r: {type: ratio, unit: '%', decimals: 2}
      w: {type: number, decimals: exact}
  d:
    key: [k, i]
    unit: 元
    columns: {k: {type: code}, i: {type: code}, x: {type: money, decimals: 2}, n: {type: count}}
"""


def lowered_of(pack: Pack, dataset: Dataset) -> Lowered | None:
    sheet = bind(pack, dataset).sheets[0]
    return engines.lowered_or_none(sheet.rules[0], lay(sheet, dataset).shapes)


def judged(text: str, rows: Sequence[dict[str, str]], more: str = "", finer: Sequence[dict[str, str]] = ()) -> Lowered | None:  # fmt: skip
    """The native form of a rule over these rows, once all engines agree on them."""
    pack = pack_of(TABLES, f"  - {{id: r, table: t, assert: '{text}'{more}}}\n")
    keyed = [{"k": str(at)} | row for at, row in enumerate(rows)]
    dataset = data_of(pack, {"t": keyed, "d": finer})
    told = by_reference(pack, dataset)
    assert by_polars(pack, dataset) == told
    assert batched_counts(pack, dataset) == counts(told)
    assert len(set(told.values())) > 1
    slow = engines.evaluate(bind(pack, dataset), dataset)[0].by_reference
    found = lowered_of(pack, dataset)
    assert slow == (("r",) if found is None else ())
    return found


FORMS = (
    "b * w ≤ c * w",
    "b / w ≤ c / (w + 0.5)",
    "max(b * w, 0) ≤ c * w",
    "b * w * 50% ≤ round(c * w * 50%, 3)",
    "if w > 0 then b * w ≤ c * w",
)
STEPS = {6: (True, False), 11: (True, True), 26: (False, None)}
"""Digits of the figures; whether the rule is native then, and whether it needs 128 bits."""


@pytest.mark.parametrize("text", FORMS)
@pytest.mark.parametrize("digits", STEPS)
def test_from_64_bits_to_128_to_the_reference(text: str, digits: int) -> None:
    whole = 10**digits - 7
    beside = [(0, 0), (1, 0), (2, 0), (0, 1), (-9, 0), (5, 0)]
    rows = [{"b": f"{whole + b}.00", "c": f"{whole + c}.00", "w": str(whole)} for b, c in beside]
    lowered = judged(text, rows)
    assert (lowered is not None, lowered.wide if lowered else None) == STEPS[digits]


def test_a_relative_tolerance_does_not_wrap() -> None:
    far = 6 * 10**16  # cents; times 100 it is beyond 64 bits
    rows = [
        {"a": f"{a}.00", "b": f"{far // 100}.00", "c": "0.00"} for a in (1, far // 100, -far // 100)
    ]
    lowered = judged("a = b + c", rows, ", tolerance: {relative: 3%}")
    assert lowered is not None
    assert lowered.wide


def test_a_limit_of_many_decimals_does_not_wrap() -> None:
    rows = [{"a": f"{a}.00", "b": f"{10**14}.00", "c": "0.00"} for a in (10**14, 1, 3 * 10**14)]
    lowered = judged("a = b + c", rows, ", max_slack: 0.0000001元")
    assert lowered is not None
    assert lowered.wide


@pytest.mark.parametrize(("digits", "native"), [(6, True), (16, True), (30, False)])
def test_products_over_rows(digits: int, native: bool) -> None:
    count = 10 ** min(digits, 15)
    finer = [
        {"k": str(at), "i": str(i), "x": f"{10**digits}.00", "n": str(count)}
        for at in range(3)
        for i in range(3)
    ]
    value = 3 * 10**digits * count
    rows = [{"b": f"{value // count}.00", "w": str(count + more)} for more in (0, 1, -1)]
    lowered = judged("sum(d.x * d.n) = b * w", rows, finer=finer)
    assert (lowered is not None) is native


def test_an_overflow_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perfrules.remarks.MANY_ROWS", 2)
    pack = pack_of(
        TABLES,
        "  - {id: fits, table: t, assert: b ≤ c}\n  - {id: huge, table: t, assert: b * w ≤ c * w}\n",
    )
    rows = [{"k": str(at), "b": "9" * 25, "c": "9" * 25, "w": "9" * 25} for at in range(3)]
    report = perfrules.check(data_of(pack, {"t": rows, "d": []}), pack)
    (told,) = (notice for notice in report.remarks if notice.code == "PR443")
    assert told.level == "advice"
    assert told.rules == ("huge",)
