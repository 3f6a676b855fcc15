"""Databases say what polars says, of every case and of random rules over random cells."""

import pytest
from hypothesis import HealthCheck, given, settings

from perfrules.databases.registered import register
from perfrules.dataset import Dataset
from perfrules.evaluate import engines, remote
from perfrules.evaluate.engines import SheetVerdicts
from perfrules.evaluate.remote.evidence import Shown
from perfrules.plan import Plan, bind
from tests.evaluate.gathered import Told, apart, gathered, told
from tests.evaluate.packs import Cells, data_of, loaded
from tests.evaluate.test_agree import DATA, IN_YUAN, rules

DETAIL = 40


def in_duckdb(plan: Plan, dataset: Dataset, limit: int = DETAIL) -> tuple[SheetVerdicts, ...]:
    data = register(dataset)
    try:
        return remote.evaluate(plan, data, limit)
    finally:
        data.database.close()


def by_polars(plan: Plan, dataset: Dataset) -> tuple[Told, Told]:
    return told(engines.evaluate(plan, dataset, DETAIL))


@pytest.mark.parametrize("folder", ["expr", "outcomes"])
def test_every_case_in_duckdb(folder: str) -> None:
    plan, dataset = gathered(folder)
    found = in_duckdb(plan, dataset)
    assert told(found) == by_polars(plan, dataset)
    there = [sheet for sheet in found if isinstance(sheet.laid, Shown)]
    assert sum(len(sheet.sheet.rules) for sheet in there) > 50  # and few are judged in memory
    assert all(not sheet.unsaid for sheet in there)


def test_cases_that_stand_alone_in_duckdb() -> None:
    for name, plan, dataset in apart():
        assert told(in_duckdb(plan, dataset)) == by_polars(plan, dataset), name


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rules(most=8), DATA)
def test_random_rules_in_duckdb(text: str, tables: dict[str, Cells]) -> None:
    pack = loaded(IN_YUAN, text)
    dataset = data_of(pack, tables)
    plan = bind(pack, dataset)
    assert told(in_duckdb(plan, dataset)) == by_polars(plan, dataset)
