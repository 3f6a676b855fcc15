"""The schema for pandera users: stock pandera, ordinary columns, one named check per rule."""

from decimal import Decimal

import pandera.polars as pa
import polars as pl
import pytest
from pandera.errors import SchemaErrors

import perfrules
from perfrules.errors import UsageError

TEXTS: dict[str, list[str | None]] = {
    "total": ["1451.29", "1451.30", "1451.92", None],
    "project": ["1194.21"] * 4,
    "basic": ["257.08"] * 4,
    "staff": ["225.24"] * 4,
    "public": ["31.84"] * 4,
}
ROWS = {
    "unit": ["a", "b", "c", "d"],
    "year": [2023, 2023, 2023, 2023],
}


def failures(schema: pa.DataFrameSchema, frame: pl.DataFrame) -> set[tuple[str, int]]:
    """(title of the rule, row) of every failure."""
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        return {(row["check"], row["index"]) for row in errors.failure_cases.iter_rows(named=True)}
    return set()


@pytest.fixture(scope="module")
def schema() -> pa.DataFrameSchema:
    return perfrules.pandera_schema("cn-overall-self-eval", "expenditure")


def frame() -> pl.DataFrame:
    absent = dict.fromkeys(("gov_fund", "state_capital", "social_insurance"), ["无"] * 4)
    return pl.DataFrame({**ROWS, **TEXTS, **absent})


TOTAL = "Expenditure is project plus basic"
SPEAKS = "The text speaks of every kind of budget"


def test_it_is_stock_pandera_with_a_named_check_per_rule(schema: pa.DataFrameSchema) -> None:
    assert type(schema) is pa.DataFrameSchema
    names = [check.name for check in schema.checks]
    assert {"oe-exp-total", "oe-basic-split"} <= set(names)
    first = schema.checks[names.index("oe-exp-total")]
    assert first.statistics["rule"] == "oe-exp-total"
    assert first.statistics["severity"] == "error"
    assert first.statistics["title_zh"]
    assert "oe-project-list-sum" in schema.metadata["left_out"]


def test_fail_and_unknown_are_false_pass_and_rounding_true(schema: pa.DataFrameSchema) -> None:
    assert failures(schema, frame()) == {(TOTAL, 2), (TOTAL, 3), (SPEAKS, 3)}


def test_unknown_may_pass() -> None:
    lenient = perfrules.pandera_schema("cn-overall-self-eval", "expenditure", unknown="pass")
    assert failures(lenient, frame()) == {(TOTAL, 2), (SPEAKS, 3)}


@pytest.mark.parametrize("kind", ["decimal", "float"])
def test_columns_may_be_numbers(schema: pa.DataFrameSchema, kind: str) -> None:
    def number(text: str | None) -> object:
        if text is None:
            return None
        return Decimal(text) if kind == "decimal" else float(text)

    columns = [pl.Series(name, [number(text) for text in texts]) for name, texts in TEXTS.items()]
    numbers = frame().with_columns(columns)
    assert failures(schema, numbers) == {(TOTAL, 2), (TOTAL, 3), (SPEAKS, 3)}


def test_two_frames_after_each_other_are_not_mixed_up(schema: pa.DataFrameSchema) -> None:
    assert failures(schema, frame().head(2)) == set()
    assert failures(schema, frame()) == {(TOTAL, 2), (TOTAL, 3), (SPEAKS, 3)}


def test_there_is_no_such_table() -> None:
    with pytest.raises(UsageError, match=r"no table expenditur\b"):
        perfrules.pandera_schema("cn-overall-self-eval", "expenditur")
