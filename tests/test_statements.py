"""The 83 statements about the first real report, each as a rule over one wide row of its figures."""

import csv
import json
from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest

import perfrules

DATA = Path(__file__).parent / "data" / "lusong-2023"

EXPECTED = {
    "exact": {"pass"},
    "within rounding": {"pass", "rounding"},
    "inconsistent": {"fail"},
    "not computable": {"unknown"},
}
COLUMNS = {
    "万元": {"type": "money", "unit": "万元", "decimals": "2"},
    "亿元": {"type": "money", "unit": "亿元"},
    "%": {"type": "ratio", "unit": "%"},
    "倍": {"type": "number"},
}
COUNT = {"type": "count"}

Row = Mapping[str, str]


def read(name: str) -> list[Row]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


FACTS = read("facts.csv")
STATEMENTS = read("statements.csv")


def rule_id(statement: Row) -> str:
    return statement["id"].replace("_", "-")


def rule_of(statement: Row) -> dict[str, str]:
    left = statement["left"].removeprefix("100 * ")  # a percentage is a ratio here
    return {
        "id": rule_id(statement),
        "assert": f"{left} {statement['relation']} {statement['right']}",
        "severity": "error",
    }


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The outcome of every statement by its rule id."""
    folder = tmp_path_factory.mktemp("statements")
    columns = {row["fact_id"]: COLUMNS.get(row["unit_of_value"], COUNT) for row in FACTS}
    key = {"document": {"type": "text"}}
    table = {"key": ["document"], "columns": key | columns}
    pack = {"pack": "statements", "tables": {"facts": table}}
    rules = {"table": "facts", "rules": [rule_of(statement) for statement in STATEMENTS]}
    for name, content in (("pack.yaml", pack), ("all.rules.yaml", rules)):
        (folder / name).write_text(json.dumps(content, ensure_ascii=False), "utf-8")  # JSON is YAML
    cells: dict[str, list[str | None]] = {row["fact_id"]: [row["value"] or None] for row in FACTS}
    frame = pl.DataFrame(
        {"document": ["2023"], **cells}, schema_overrides=dict.fromkeys(cells, pl.String)
    )
    report = perfrules.check({"facts": frame}, perfrules.load_pack(folder))
    names = ("pass", "rounding", "fail", "unknown", "not_applicable")
    return {
        row["rule"]: next(name for name in names if row[name])
        for row in report.summary.iter_rows(named=True)
    }


def test_every_statement_is_answered(outcomes: Mapping[str, str]) -> None:
    assert len(STATEMENTS) == 83
    assert set(outcomes) == {rule_id(statement) for statement in STATEMENTS}


@pytest.mark.parametrize("statement", STATEMENTS, ids=rule_id)
def test_statement(statement: Row, outcomes: Mapping[str, str]) -> None:
    assert outcomes[rule_id(statement)] in EXPECTED[statement["truth"]], statement["note"]
