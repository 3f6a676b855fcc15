"""Databases say what polars says, of every case and of random rules over random cells."""

import pytest
from hypothesis import HealthCheck, given, settings

from perfrules import engine
from perfrules.databases.registered import register
from perfrules.dataset import Dataset
from perfrules.evaluate import engines, remote
from perfrules.evaluate.engines import SheetVerdicts
from perfrules.evaluate.remote.evidence import Shown
from perfrules.loader import load_pack
from perfrules.plan import Plan, bind
from tests import postgres
from tests.docs.console import ROOT
from tests.evaluate.gathered import Told, apart, gathered, told, with_gaps
from tests.evaluate.packs import Cells, data_of, loaded
from tests.evaluate.test_agree import DATA, IN_YUAN, rules
from tests.stored import Writable

DETAIL = 40
pytestmark = pytest.mark.xdist_group("databases")
DATABASES = ["duckdb", "postgres"]


def judged(
    plan: Plan, dataset: Dataset, database: str, server: postgres.Server
) -> tuple[SheetVerdicts, ...]:
    """The verdicts of a database over the tables of a dataset."""
    store = Writable.over(server.address()) if database == "postgres" else None
    data = register(dataset, store)
    try:
        return remote.evaluate(plan, data, DETAIL)
    finally:
        data.database.close()


def by_polars(plan: Plan, dataset: Dataset) -> tuple[Told, Told]:
    return told(engines.evaluate(plan, dataset, DETAIL))


@pytest.mark.parametrize("database", DATABASES)
@pytest.mark.parametrize("folder", ["expr", "outcomes"])
def test_every_case(folder: str, database: str, pg: postgres.Server) -> None:
    plan, dataset = gathered(folder)
    found, wanted = judged(plan, dataset, database, pg), engines.evaluate(plan, dataset, DETAIL)
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


@pytest.mark.parametrize("database", DATABASES)
def test_cases_that_stand_alone(database: str, pg: postgres.Server) -> None:
    for name, plan, dataset in apart():
        assert told(judged(plan, dataset, database, pg)) == by_polars(plan, dataset), name


@pytest.mark.parametrize("database", DATABASES)
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(text=rules(most=6), tables=DATA)
def test_random_rules(
    text: str, tables: dict[str, Cells], database: str, pg: postgres.Server
) -> None:
    pack = loaded(IN_YUAN, text)
    dataset = data_of(pack, tables)
    plan = bind(pack, dataset)
    assert told(judged(plan, dataset, database, pg)) == by_polars(plan, dataset)


@pytest.mark.parametrize("database", DATABASES)
def test_the_real_report(database: str, pg: postgres.Server) -> None:
    pack = load_pack("cn-overall-self-eval")
    dataset = engine.read(ROOT / "examples" / "lusong-2023", pack)
    plan = bind(pack, dataset)
    assert told(judged(plan, dataset, database, pg)) == by_polars(plan, dataset)
