from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import pytest

from perfrules import tables
from perfrules.dataset import Dataset
from perfrules.locations import Origin
from perfrules.manifest import DatasetFile, FactsMap
from perfrules.quantities.figures import State
from perfrules.readers import read_folder

SPEC = tables.Table.model_validate(
    {
        "key": ["unit", "year", "stage"],
        "columns": {
            "unit": {"type": "text"},
            "year": {"type": "year"},
            "stage": {"type": "text"},
            "total": {"type": "money", "decimals": "2", "unit": "万元"},
            "rate": {"type": "ratio", "decimals": "2", "unit": "%"},
            "people": {"type": "count"},
        },
    }
)
HEAD = "unit,year,context,item,measure,value,unit_of_value,decimals,quote,fact_id\n"
FACTS = (
    HEAD
    + '甲局,2023,二（一）,支出,决算数,"1,451.3",万元,2,支出1451.30万元,zc\n'
    + "甲局,2023,二（一）,支出,执行率,99.9,%,1,执行率99.9%,zl\n"
    + "甲局,2023,一,人员,人数,14,人,0,14名,n\n"
    + "甲局,2023,九,别的,数,1,个,0,,other\n"
)
COLUMNS = {"place": "context", "unit": "unit_of_value"}
ROW = {
    "key": {"stage": "决算"},
    "cells": {
        "total": ["二（一）", "支出", "决算数"],
        "rate": "zl",
        "people": ["一", "人员", "人数"],
    },
}


def read(
    folder: Path, text: str, rows: object, columns: Mapping[str, str] = COLUMNS, table: str = "t"
) -> Dataset:
    (folder / "facts.csv").write_text(text, encoding="utf-8")
    manifest = DatasetFile.model_validate({"facts": {"file": "facts.csv", "map": "m.yaml"}})
    mapping = FactsMap.model_validate({"columns": columns, "tables": {table: rows}})
    return read_folder(folder, manifest, {"t": SPEC}, mapping)


def codes(made: Dataset) -> list[tuple[str, str]]:
    own = [notice for table in made.tables.values() for notice in table.notices]
    return [(notice.code, notice.level) for notice in (*made.notices, *own)]


def test_facts_become_cells_with_their_decimals_units_and_origins(tmp_path: Path) -> None:
    made = read(tmp_path, FACTS, [ROW])
    table = made.tables["t"]
    assert table.frame.select("unit", "year", "stage").row(0) == ("甲局", 2023, "决算")
    total, rate, people = (table.cell(0, name) for name in ("total", "rate", "people"))
    assert (total.value, total.place) == (14_513_000, -2)
    assert (rate.value, rate.place) == (Fraction("0.999"), 3)
    assert people.value == 14
    assert table.origins.of(0, "total") == Origin(
        "facts.csv", "二（一）", 2, "支出 决算数", "支出1451.30万元"
    )
    assert codes(made) == [("PR420", "advice")]
    assert "1 of 4 facts in facts.csv stand in no table, the first are 九 别的 数" in str(
        made.notices[0].message
    )


def test_each_entity_has_its_row(tmp_path: Path) -> None:
    more = "乙局,2022,二（一）,支出,决算数,3,元,0,,\n乙局,2022,二（一）,支出,执行率,5,%,0,,zl\n乙局,2022,一,人员,人数,2,人,0,,\n"
    made = read(tmp_path, FACTS + more, [ROW])
    table = made.tables["t"]
    assert table.frame.select("unit", "year").rows() == [("甲局", 2023), ("乙局", 2022)]
    assert table.cell(1, "total").value == 3


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "expected"),
    [
        ("1451.29", "万元", "2", Fraction(14_512_900)),
        ("1451.29万元", "元", "2", Fraction(14_512_900)),
        ("(3.2)", "万元", "", Fraction(-32_000)),
        ("３．２", "万元", "", Fraction(32_000)),
        ("95以上", "万元", "", Fraction(950_000)),
        ("无", "万元", "", Fraction(0)),
        ("——", "万元", "", State.DASH),
        ("", "万元", "", State.BLANK),
        ("完成", "万元", "", State.UNREADABLE),
        ("3", "公斤", "", State.UNREADABLE),
        ("3", "", "", Fraction(30_000)),
    ],
)
def test_a_fact_is_read_as_it_would_be_printed(
    tmp_path: Path, value: str, unit: str, decimals: str, expected: object
) -> None:
    text = HEAD + f"甲局,2023,a,b,c,{value},{unit},{decimals},,x\n"
    made = read(tmp_path, text, [{"key": {"stage": "s"}, "cells": {"total": "x"}}])
    cell = made.tables["t"].cell(0, "total")
    assert (cell.value if isinstance(expected, Fraction) else cell.state) == expected


def test_more_decimals_than_the_fact_says_are_kept(tmp_path: Path) -> None:
    text = HEAD + "甲局,2023,a,b,c,1.25,万元,1,,x\n"
    made = read(tmp_path, text, [{"key": {"stage": "s"}, "cells": {"total": "x"}}])
    assert made.tables["t"].cell(0, "total").value == 12_500


@pytest.mark.parametrize(
    ("second", "state", "code"),
    [
        ("1451.30,万元", State.FIGURE, None),
        ("14513000,元", State.FIGURE, None),
        ("1451.92,万元", State.DUPLICATE, ("PR422", "blocking")),
    ],
)
def test_two_facts_for_one_cell(
    tmp_path: Path, second: str, state: State, code: tuple[str, str] | None
) -> None:
    made = read(tmp_path, FACTS + f"甲局,2023,二（一）,支出,决算数,{second},0,,zc2\n", [ROW])
    assert made.tables["t"].cell(0, "total").state is state
    assert codes(made) == [("PR420", "advice"), *([code] if code else [])]


def test_a_fact_that_is_absent_is_a_blank_and_named(tmp_path: Path) -> None:
    row = {**ROW, "cells": {**ROW["cells"], "people": ["一", "人员", "编制数"]}}  # type: ignore[dict-item]  # a mapping
    made = read(tmp_path, FACTS, [row])
    assert made.tables["t"].cell(0, "people").state is State.BLANK
    assert codes(made) == [("PR420", "advice"), ("PR421", "advice")]
    assert "people: 甲局 2023 一 人员 编制数" in str(made.tables["t"].notices[0].message)


@pytest.mark.parametrize(
    ("table", "columns", "row", "code"),
    [
        ("tt", COLUMNS, ROW, "PR429"),
        ("t", {"place": "nowhere"}, ROW, "PR424"),
        ("t", {**COLUMNS, "value": "number"}, ROW, "PR424"),
        ("t", COLUMNS, {"key": {}, "cells": {"totl": "zc"}}, "PR429"),
    ],
)
def test_a_mapping_that_does_not_fit_is_noticed(
    tmp_path: Path, table: str, columns: dict[str, str], row: object, code: str
) -> None:
    made = read(tmp_path, FACTS, [row], columns, table)
    assert code in [notice for notice, _ in codes(made)]


def test_a_missing_facts_file_is_noticed(tmp_path: Path) -> None:
    manifest = DatasetFile.model_validate({"facts": {"file": "gone.csv", "map": "m.yaml"}})
    made = read_folder(tmp_path, manifest, {"t": SPEC}, FactsMap(tables={}))
    assert codes(made) == [("PR419", "blocking"), ("PR401", "blocking")]
