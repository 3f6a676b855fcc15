"""A small sheet is left to the reference, and the verdicts are those of the native forms."""

from pathlib import Path
from typing import Any

import pytest

import perfrules
from perfrules.dataset import Dataset
from perfrules.engine import read
from perfrules.evaluate import engines
from perfrules.evaluate.engines import SheetVerdicts, Shelf
from perfrules.plan import Plan, bind
from tests.evaluate.gathered import apart, gathered, told
from tests.evaluate.packs import data_of, pack_of

EXAMPLE = Path(__file__).parents[2] / "examples" / "lusong-2023"
TABLES = """
tables:
  t: {key: [k], columns: {k: {type: code}, a: {type: money, unit: 元}, b: {type: money, unit: 元}}}
  d: {key: [k, n], columns: {k: {type: code}, n: {type: code}, a: {type: money, unit: 元}}}
"""


def both(plan: Plan, dataset: Dataset, **asked: Any) -> list[tuple[SheetVerdicts, ...]]:
    """What the native forms say, and the reference."""
    found = []
    for few in (0, 10**9):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Shelf, "FEW", few)
            patch.setattr(Shelf, "NEAR", few)
            found.append(engines.evaluate(plan, dataset, **asked))
    return found


def test_cases() -> None:
    native, few = both(*gathered("expr"))
    assert told(few) == told(native)


def test_cases_apart() -> None:
    assert apart()
    for name, plan, dataset in apart():
        native, few = both(plan, dataset)
        assert told(few) == told(native), name


@pytest.mark.parametrize("limit", [0, 1, 1000])
def test_real_report(limit: int) -> None:
    pack = perfrules.load_pack("cn-overall-self-eval")
    dataset = read(EXAMPLE, pack)
    for unit in ("unit", "no"):
        native, few = both(bind(pack, dataset), dataset, unit=unit, limit=limit)
        assert told(few) == told(native)
        assert any(len(sheet.verdicts.detail) for sheet in few) == (limit > 0)
        for ours, theirs in zip(few, native, strict=True):
            assert (ours.units is None) == (theirs.units is None)
            if ours.units is not None and theirs.units is not None:
                assert sorted(ours.units.rows()) == sorted(theirs.units.rows())


@pytest.mark.parametrize(
    ("rows", "others", "spared"),
    [(39, 0, True), (40, 0, False), (0, 0, True), (39, 25, True), (39, 26, False), (1, 64, False)],
)
def test_what_is_few(rows: int, others: int, spared: bool) -> None:
    """Rows of a sheet of four rules, and those of another table that it reads."""
    rules = (f"  - {{id: r{at}, table: t, assert: a = b + sum(d.a)}}\n" for at in range(4))
    pack = pack_of(TABLES, "".join(rules))
    cells = {
        "t": [{"k": str(at), "a": "1", "b": "1"} for at in range(rows)],
        "d": [{"k": "0", "n": str(at), "a": "0"} for at in range(others)],
    }
    dataset = data_of(pack, cells)
    (sheet,) = bind(pack, dataset).sheets
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Shelf, "FEW", 160)  # as shipped: it is 0 for the tests of this folder
        assert Shelf().spares(sheet, dataset) is spared
