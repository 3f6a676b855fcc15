"""JSON version 1: its promise, its schema, its numbers."""

import json
from fractions import Fraction
from typing import Any

import jsonschema
import pytest

import perfrules
from perfrules.renderers import json_v1
from perfrules.report import Report, decimal_of
from tests.renderers.conftest import SMALL


@pytest.mark.parametrize("data", ["broken", "clean", "partial"])
def test_it_keeps_to_its_schema(data: str) -> None:
    _valid(json.loads(json_v1.render(perfrules.check(SMALL / data, SMALL))))


def test_the_real_report_keeps_to_its_schema(lusong: Report) -> None:
    _valid(json.loads(json_v1.render(lusong)))


def test_the_schema_is_a_schema_and_refuses() -> None:
    jsonschema.Draft7Validator.check_schema(json_v1.schema())
    with pytest.raises(jsonschema.ValidationError):
        _valid({"version": 2})


def _valid(document: Any) -> None:
    jsonschema.validate(document, json_v1.schema(), jsonschema.Draft7Validator)


def test_every_member_is_in_the_docstring_and_in_the_schema(broken: Report) -> None:
    document = json.loads(json_v1.render(broken))
    said = json_v1.__doc__ or ""
    parts = [
        document["run"],
        document["summary"][0],
        document["findings"][0],
        document["findings"][0]["cells"][0],
        document["findings"][0]["cells"][0]["origin"],
        document["notices"][0],
        document["rules"][0],
        document["rules"][0]["basis"][0],
        document["tables"][0],
        document["tables"][0]["columns"][0],
        document["rows"][0],
    ]
    for part in parts:
        for name in part:
            assert f"``{name}``" in said, name
    promised = _names(json_v1.schema())
    assert {name for part in parts for name in part} <= promised


def _names(schema: Any) -> set[str]:
    if isinstance(schema, dict):
        own = set(schema.get("properties", ()))
        return own.union(*(_names(part) for part in schema.values()))
    return set()


def test_it_is_readable_and_stable(broken: Report) -> None:
    text = json_v1.render(broken)
    assert "支出合计" in text
    assert "\\u" not in text
    assert text == json_v1.render(broken, "en")
    assert list(json.loads(text)) == [
        "version", "run", "summary", "findings", "notices", "rules", "tables", "rows", "units",
    ]  # fmt: skip


def test_both_languages_side_by_side(broken: Report) -> None:
    first = json.loads(json_v1.render(broken))["findings"][0]
    assert first["message_zh"].endswith("左边 110万元，右边 100万元，差额 10万元")
    assert first["message_en"].endswith("left 110万元, right 100万元, difference 10万元")


@pytest.mark.parametrize(
    ("value", "text", "exact"),
    [
        (Fraction(145129, 100), "1451.29", True),
        (Fraction(-3), "-3", True),
        (Fraction(0), "0", True),
        (Fraction(1, 1024), "0.0009765625", True),
        (Fraction(1, 10**20), "0.00000000000000000001", True),
        (Fraction(10**30), "1" + "0" * 30, True),
        (Fraction(1, 3), "0.333333333333", False),
        (Fraction(-200, 3), "-66.6666666667", False),
        (Fraction(10**20, 7), "14285714285700000000", False),
    ],
)
def test_numbers(value: Fraction, text: str, *, exact: bool) -> None:
    number, is_exact = decimal_of(value)
    assert (f"{number:f}", is_exact) == (text, exact)


def test_a_quotient_that_does_not_end_comes_with_its_fraction(broken: Report) -> None:
    found = json.loads(json_v1.render(broken))["findings"]
    share = next(f for f in found if f["rule"] == "spending-share")
    assert (share["left"], share["left_exact"]) == ("55.5555555556", "500/9")
    assert share["right"] == "40"
    assert "right_exact" not in share


def test_figures_are_strings_with_all_decimals(broken: Report) -> None:
    found = json.loads(json_v1.render(broken))["findings"][0]
    assert (found["left"], found["right"], found["slack"]) == ("110", "100", "0.015")
