"""A unit year on year: keys that differ in a column are one verdict."""

from dataclasses import replace
from typing import Any

import jsonschema
import pytest

import perfrules
from perfrules.comparison import Comparison, compare, json_v1
from perfrules.comparison.schema import schema
from perfrules.report import Report
from tests.renderers.conftest import SMALL


def year(report: Report, year: str, **changes: Any) -> Report:
    """A report as that of another year."""
    details = tuple(
        replace(
            d, key={**d.key, "year": year}, cells=(), **changes.get(d.rule.replace("-", "_"), {})
        )
        for d in report.details
    )
    return replace(report, details=details)


@pytest.fixture(scope="module")
def base() -> Report:
    return perfrules.check(SMALL / "broken", SMALL)


def told(comparison: Comparison) -> list[tuple[str, str]]:
    return [(change.state, change.finding.rule) for change in comparison.changes]


def test_year_on_year(base: Report) -> None:
    new = year(
        base, "2024", spending_total={"difference": 7}, spending_items={"outcome": "rounding"}
    )
    found = compare(year(base, "2023"), new, ["year"])
    assert told(found) == [
        ("changed", "spending-total"),
        ("resolved", "spending-items"),
        ("still", "spending-share"),
        ("still", "spending-positive"),
    ]
    (first, *_) = found.changes
    assert first.old is not None
    assert first.new is not None
    assert (first.old.key["year"], first.new.key["year"]) == ("2023", "2024")
    assert not [remark for remark in found.remarks if "year" in str(remark)]
    assert found.exit_code() == 0


def test_without_it_nothing_is_the_same_and_that_is_told(base: Report) -> None:
    found = compare(year(base, "2023"), year(base, "2024"))
    assert {state for state, _ in told(found)} == {"new", "unchecked", "resolved"}
    assert str(found.remarks[-1]) == (
        "the reports are of other years: 2023 before, 2024 now; --across year compares year on year"
    )
    assert compare(base, base).remarks == ()


def test_of_several_years_the_last_is_compared(base: Report) -> None:
    early, late = year(base, "2022"), year(base, "2023", spending_total={"difference": 7})
    old = replace(base, details=(*late.details, *early.details))
    found = compare(old, year(base, "2024"), ["year"])
    changed = next(change for change in found.changes if change.finding.rule == "spending-total")
    assert changed.state == "changed"
    assert changed.old is not None
    assert changed.old.key["year"] == "2023"
    assert [str(remark) for remark in found.remarks] == [
        f"the old report has several of year: the last of each key is compared, and {len(base.details)} other findings are passed over"
    ]


def test_a_column_that_no_key_has_is_told(base: Report) -> None:
    assert [str(remark) for remark in compare(base, base, ["yaer"]).remarks] == [
        "no finding has yaer in its key"
    ]


def test_json_is_as_its_schema_says(base: Report) -> None:
    import json

    for found in (
        compare(base, base),
        compare(year(base, "2023"), year(base, "2024"), ["year"]),
        compare(base, replace(base, counts=(), details=(), rules=())),
    ):
        document = json.loads(json_v1.render(found))
        jsonschema.validate(document, schema(), jsonschema.Draft7Validator)
        assert document["across"] == list(found.across)
        del document["changes"]
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(document, schema(), jsonschema.Draft7Validator)
