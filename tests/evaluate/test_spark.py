"""Spark says what polars says, of every case and of random rules over random cells."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from perfrules import engine
from perfrules.databases.registered import register
from perfrules.databases.spark import Spark
from perfrules.dataset import Dataset
from perfrules.evaluate import engines, remote
from perfrules.evaluate.engines import SheetVerdicts
from perfrules.evaluate.remote.evidence import Shown
from perfrules.loader import load_pack
from perfrules.plan import Plan, bind
from tests.docs.console import ROOT
from tests.evaluate.gathered import apart, gathered, told, with_gaps
from tests.evaluate.packs import Cells, data_of, loaded
from tests.evaluate.test_agree import DATA, IN_YUAN, rules

DETAIL = 40


def judged(plan: Plan, dataset: Dataset, session: Any) -> tuple[SheetVerdicts, ...]:
    """The verdicts of Spark over the tables of a dataset."""
    store = Spark(session)
    try:
        return remote.evaluate(plan, register(dataset, store), DETAIL)
    finally:
        store.close()


@pytest.mark.parametrize("folder", ["expr", "outcomes"])
def test_every_case(folder: str, session: Any) -> None:
    plan, dataset = gathered(folder)
    found, wanted = judged(plan, dataset, session), engines.evaluate(plan, dataset, DETAIL)
    assert told(found) == told(wanted)
    here = {
        bound.rule.id
        for sheet in found
        if not isinstance(sheet.laid, Shown)
        for bound in sheet.sheet.rules
    }
    by_reference = {rule for sheet in wanted for rule in sheet.by_reference}
    assert here == by_reference | with_gaps(folder)  # what the documentation says of gaps
    assert not any(sheet.unsaid for sheet in found)


def test_cases_that_stand_alone(session: Any) -> None:
    for name, plan, dataset in apart():
        wanted = told(engines.evaluate(plan, dataset, DETAIL))
        assert told(judged(plan, dataset, session)) == wanted, name


@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(text=rules(most=6), tables=DATA)
def test_random_rules(text: str, tables: dict[str, Cells], session: Any) -> None:
    pack = loaded(IN_YUAN, text)
    dataset = data_of(pack, tables)
    plan = bind(pack, dataset)
    wanted = told(engines.evaluate(plan, dataset, DETAIL))
    assert told(judged(plan, dataset, session)) == wanted


def test_the_real_report(session: Any) -> None:
    pack = load_pack("cn-overall-self-eval")
    dataset = engine.read(ROOT / "examples" / "lusong-2023", pack)
    plan = bind(pack, dataset)
    wanted = told(engines.evaluate(plan, dataset, DETAIL))
    assert told(judged(plan, dataset, session)) == wanted
