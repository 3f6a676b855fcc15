"""A comparison as a workbook, read back cell by cell."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

import perfrules
from perfrules.comparison import STATES, compare, xlsx
from perfrules.report import Report
from tests.conftest import Golden
from tests.renderers.conftest import SMALL
from tests.renderers.reports import reports
from tests.renderers.test_xlsx import harmless
from tests.renderers.workbooks import HEAD, Read


@pytest.fixture(scope="module")
def old() -> Report:
    report = perfrules.check(SMALL / "broken", SMALL)
    run = replace(report.run, perfrules="0.0.0", started=None, seconds=None, data="data", rules="")
    return replace(report, run=run)


@pytest.fixture(scope="module")
def new(old: Report) -> Report:
    """One mended, one with other numbers in another unit, one that is new, and a rule that stopped."""
    first, *rest = [d for d in old.details if d.rule != "spending-items"]
    changed = replace(first, difference=first.difference and first.difference + 1)
    added = replace(first, key={"office": "辛局", "year": "2023"})
    kept = tuple(d for d in rest if d.rule != "spending-positive")
    counts = tuple(count for count in old.counts if count.rule != "spending-items")
    return replace(old, details=(changed, added, *kept), counts=counts)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_golden(old: Report, new: Report, golden: Golden, language: str) -> None:
    found = Read(xlsx.render(compare(old, new), language))
    golden(f"comparison/xlsx.{language}.txt", found.told())


def test_each_state_leads_to_its_first_change(old: Report, new: Report) -> None:
    comparison = compare(old, new)
    found = Read(xlsx.render(comparison, "en"))
    rows = found.cells("Summary")
    states = {line[0]: at for at, line in enumerate(rows, 1)}
    links = found.links("Summary")
    changes = found.records("Changes")
    for state, name in STATES.items():
        at = states[str(name)]
        count = len(comparison.of(state))
        assert rows[at - 1][1] == count
        assert (f"A{at}" in links) == bool(count)
        if count:
            first = int(links[f"A{at}"].rpartition("!A")[2]) - HEAD - 2
            own = [number for number, change in enumerate(changes) if change["state"] == str(name)]
            assert own == list(range(first, first + count))


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(one=reports(), other=reports())
def test_nothing_in_it_does_anything(one: Report, other: Report) -> None:
    comparison = compare(one, other)
    for language in ("zh", "en"):
        found = Read(xlsx.render(comparison, language))
        harmless(found)
        changes = found.names[1]
        assert len(found.records(changes)) == len(comparison.changes)
