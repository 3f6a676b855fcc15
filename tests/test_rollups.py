"""The example with a roll-up, from the files to what a person sees."""

from pathlib import Path

import pandera.errors
import polars as pl
import pytest

import perfrules
from perfrules.cli.sentences import sentence
from perfrules.locale import word
from perfrules.model import Pack

HOME = Path(__file__).parents[1] / "examples" / "budget-codes"


@pytest.fixture(scope="module")
def pack() -> Pack:
    return perfrules.load_pack(HOME / "rules")


def test_findings_name_the_row_the_column_and_the_rows_below(pack: Pack) -> None:
    report = perfrules.check(HOME / "data", pack)
    found = {(one.outcome, one.key["code"], one.column): one for one in report.details}
    assert set(found) == {
        ("fail", "21505", "total"),
        ("fail", "21505", "project"),
        ("rounding", "20805", "total"),
        ("rounding", "20805", "basic"),
        ("rounding", "212", "total"),
        ("rounding", "212", "project"),
    }
    one = found["fail", "21505", "total"]
    assert one.formula == "total = sum(children.total)"
    assert [(cell.key["code"], cell.printed) for cell in one.cells] == [
        ("21505", "1194.21万元"),
        ("2150501", "257.08万元"),
        ("2150502", "947.13万元"),
    ]
    assert not report.remarks


def test_a_row_that_is_absent_is_told_with_its_place(pack: Pack) -> None:
    rows = pl.read_csv(HOME / "data" / "functions.csv", infer_schema=False)
    rows = rows.with_columns(unit=pl.lit("示例局"), year=pl.lit("2024"))
    rows = rows.filter(~pl.col("科目编码").is_in(["208", "21203"]))
    report = perfrules.check({"functions": rows}, pack, unit_of_measure="万元")
    (notice,) = report.remarks
    assert (notice.code, notice.level) == ("PR439", "blocking")
    assert {"208", "21203"} <= set(str(notice.message).replace(",", " ").split())
    fails = {one.key["code"] for one in report.details if one.outcome == "fail"}
    assert fails == {"合计", "212", "21505"}


def test_it_is_a_check_of_pandera_too(pack: Pack) -> None:
    schema = perfrules.pandera_schema(pack, "functions", unit_of_measure="万元")
    assert schema.metadata["left_out"] == ()
    good = pl.DataFrame(
        {
            "unit": ["A"] * 3,
            "year": ["2024"] * 3,
            "code": ["201", "20101", "20102"],
            "total": ["3.00", "1.00", "2.00"],
            "basic": ["3.00", "1.00", "2.00"],
            "project": ["0.00", "0.00", "0.00"],
        }
    )
    schema.validate(good, lazy=True)
    bad = good.with_columns(total=pl.Series(["4.00", "1.00", "2.00"]))
    with pytest.raises(pandera.errors.SchemaErrors) as raised:
        schema.validate(bad, lazy=True)
    cases = raised.value.failure_cases
    title = "Each code is the sum of the codes one level below it"
    failed = set(cases.select("check", "index").rows())
    assert (title, 0) in failed


SAID = {
    "en": "Where there are rows one level below: total equals the sum of total one level below.",
    "zh": "凡有下一级的行的，合计等于下一级的合计之和。",
}


@pytest.mark.parametrize(("language", "text"), SAID.items())
def test_it_is_said_in_words(pack: Pack, language: str, text: str) -> None:
    rule = next(rule for rule in pack.rules if rule.column == "total")
    assert word(sentence(rule, pack), language) == text
