from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfrules import tables
from perfrules.dataset import Dataset, Origins
from perfrules.dataset.normalise import Source, normalise
from perfrules.locations import Origin
from perfrules.manifest import DatasetFile, FactsMap
from perfrules.quantities import MEASURES, LogicalType
from perfrules.quantities.figures import Figure, State, read_figure
from perfrules.readers import facts, read_folder
from perfrules.readers.facts.long import as_printed

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
        ("1451.30,万元", State.FIGURE, ("PR445", "advice")),
        ("14513000,元", State.FIGURE, ("PR445", "advice")),
        ("1451.92,万元", State.DUPLICATE, ("PR422", "blocking")),
    ],
)
def test_two_facts_for_one_cell(
    tmp_path: Path, second: str, state: State, code: tuple[str, str]
) -> None:
    made = read(tmp_path, FACTS + f"甲局,2023,二（一）,支出,决算数,{second},0,,zc2\n", [ROW])
    assert made.tables["t"].cell(0, "total").state is state
    assert codes(made) == [("PR420", "advice"), code]


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


def test_facts_that_differ_are_named_with_their_key_and_places(tmp_path: Path) -> None:
    more = "甲局,2023,二（一）,支出,决算数,9,万元,0,,\n甲局,2023,一,人员,人数,14,人,0,,\n"
    made = read(tmp_path, FACTS + more, [ROW])
    by_code = {notice.code: str(notice.message) for notice in made.tables["t"].notices}
    assert (
        "t.total of 甲局, 2023, 决算 has several facts that differ, 1,451.30万元, 9万元, at"
        in by_code["PR422"]
    )
    assert "facts.csv:2 支出 决算数, 二（一） facts.csv:6 支出 决算数" in by_code["PR422"]
    assert (
        "1 cells of t have the same fact several times, first people of 甲局, 2023, 决算 at"
        in by_code["PR445"]
    )
    assert "一 facts.csv:4 人员 人数, 一 facts.csv:7 人员 人数" in by_code["PR445"]


def test_many_facts_that_differ_are_counted(tmp_path: Path) -> None:
    rows = [
        f"局{unit},2023,二（一）,支出,决算数,{value},万元,0,,\n"
        for unit in range(9)
        for value in (1, 2)
    ]
    made = read(
        tmp_path,
        HEAD + "".join(rows),
        [{**ROW, "cells": {"total": ["二（一）", "支出", "决算数"]}}],
    )
    told = [str(notice.message) for notice in made.tables["t"].notices if notice.code == "PR422"]
    assert len(told) == 4
    assert told[-1].startswith("t has 6 more cells whose facts differ")
    assert all(made.tables["t"].cell(row, "total").state is State.DUPLICATE for row in range(9))


def test_numbers_of_a_parquet_file_keep_their_type(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "unit": [7, 8],
            "year": [2023, 2023],
            "u": ["万元", ""],
            "item": ["a", "a"],
            "value": [0.1 + 0.2, 1.25],
        }
    )
    frame.write_parquet(tmp_path / "facts.parquet")
    manifest = DatasetFile.model_validate({"facts": {"file": "facts.parquet", "map": "m.yaml"}})
    rows = [{"key": {"stage": "s"}, "cells": {"total": ["", "a", ""]}}]
    mapping = FactsMap.model_validate({"columns": {"unit": "u"}, "tables": {"t": rows}})
    table = read_folder(tmp_path, manifest, {"t": SPEC}, mapping).tables["t"]
    assert table.frame.select("unit", "year").rows() == [("7", 2023), ("8", 2023)]
    assert [table.cell(row, "total").value for row in (0, 1)] == [3000, 12_500]
    assert str(table.origins.of(1, "total")) == "facts.parquet:2 a"


ENTITIES = st.sampled_from([("甲", "2022"), ("甲", "2023"), ("乙", "2022")])
NAMES = st.sampled_from([("p", "i", "m"), ("p", "i", "n"), ("q", "i", "m"), ("q", "j", "n")])
VALUES = st.sampled_from(["1", "1.0", "1.00", "12", "1,200", "无", "", "x", "——", "5以上", "3元"])
UNITS = st.sampled_from(["万元", "元", ""])
LONG = st.lists(
    st.tuples(
        ENTITIES, NAMES, VALUES, UNITS, st.sampled_from(["", "0", "2"]), st.sampled_from(["f", "g"])
    ),
    min_size=1,
    max_size=12,
)
CELLS = {"total": ["p", "i", "m"], "part": ["q", "j", "n"], "rest": "f"}
PLAIN = tables.Table.model_validate(
    {
        "key": ["unit", "year", "stage"],
        "columns": {
            "unit": {"type": "text"},
            "year": {"type": "year"},
            "stage": {"type": "text"},
            "total": {"type": "money", "decimals": "2", "unit": "万元"},
            "part": {"type": "money", "decimals": "printed"},
            "rest": {"type": "text"},
        },
    }
)


@settings(deadline=None, max_examples=40)
@given(LONG)
def test_cells_are_those_that_a_search_fact_by_fact_finds(rows: list[tuple[Any, ...]]) -> None:
    """Every cell holds the first of the facts that are mapped to it, printed as one cell would be."""
    frame = pl.DataFrame(
        [
            (*who, *name, value, unit, decimals, id_)
            for who, name, value, unit, decimals, id_ in rows
        ],
        ["unit", "year", "place", "item", "measure", "value", "unit_", "decimals", "fact_id"],
        orient="row",
    )
    mapping = FactsMap.model_validate(
        {
            "columns": {"unit": "unit_"},
            "tables": {
                "t": [
                    {"key": {"stage": "s"}, "cells": CELLS},
                    {"key": {"stage": "r"}, "cells": {"total": ["p", "i", "n"]}},
                ]
            },
        }
    )
    made = facts.tables_of(frame, Source(Origins("f", first_row=1)), mapping, {"t": PLAIN})
    raw, source = made.tables["t"]
    table = normalise(raw, "t", PLAIN, source)
    entities = sorted(dict.fromkeys(row[0] for row in rows), key=order_of(rows))
    at = 0
    for cells in (CELLS, {"total": ["p", "i", "n"]}):
        for who in entities:
            for column, told in cells.items():
                mine = [
                    (line, row)
                    for line, row in enumerate(rows)
                    if row[0] == who
                    and (row[5] == told if isinstance(told, str) else row[1] == tuple(told))
                ]
                kind = PLAIN.columns[column].type
                prints = [as_printed(row[2], kind, row[3], row[4]) for _, row in mine]
                cell = table.cell(at, column)
                alone = pl.DataFrame(
                    {
                        column: pl.Series(prints[:1] or [None], dtype=pl.String),
                        **{key: ["2000"] for key in PLAIN.key},
                    }
                )
                usual = (
                    {"part": source.units["part"]}
                    if column == "part" and "part" in source.units
                    else {}
                )
                wanted = normalise(alone, "t", PLAIN, Source(Origins("f"), units=usual)).cell(
                    0, column
                )
                meanings = {
                    as_meant(text, kind, "万元" if column == "total" else usual.get("part", ""))
                    for text in prints
                }
                if len(meanings) > 1:
                    assert cell.state is State.DUPLICATE
                else:
                    assert (cell.state, cell.value, cell.low, cell.high) == (
                        wanted.state,
                        wanted.value,
                        wanted.low,
                        wanted.high,
                    )
                    assert cell.place == wanted.place or cell.low is not None
                if mine:
                    assert table.origins.of(at, column).row == mine[0][0] + 1
            at += 1
    assert len(raw) == at


def as_meant(text: str, kind: LogicalType, unit: str) -> object:
    figure = read_figure(text, kind, unit) if kind in MEASURES else text
    return (figure.value, figure.low, figure.high) if isinstance(figure, Figure) else text


def order_of(rows: list[tuple[Any, ...]]) -> Callable[[tuple[str, str]], tuple[int, int]]:
    """Entities stand in the order in which the texts of each key first occur."""
    units, years = (list(dict.fromkeys(row[0][at] for row in rows)) for at in (0, 1))
    return lambda who: (units.index(who[0]), years.index(who[1]))
