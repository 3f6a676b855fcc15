"""Sound rules: names, grain, ``for``, cases, and where everything stands."""

from collections.abc import Callable
from pathlib import Path

import pytest

from perfrules.expr.nodes import Field
from perfrules.loader import load_pack
from perfrules.locations import Place
from perfrules.model import Pack, Rule

Write = Callable[..., Path]


@pytest.fixture
def load(write: Write) -> Callable[[str], tuple[Rule, ...]]:
    def loaded(rules: str, **parts: str) -> tuple[Rule, ...]:
        pack: Pack = load_pack(write(rules, **parts))
        assert not pack.faults
        return pack.rules

    return loaded


Load = Callable[..., tuple[Rule, ...]]

# keys of a rule: (tables, grain)
SPEAKING = {
    "": (("t",), ("unit", "year")),
    "table: o, ": (("o",), ("unit", "year")),
    "table: 支出表, ": (("t",), ("unit", "year")),
    "table: Ｓpending, ": (("t",), ("unit", "year")),
    "table: [t, o], ": (("t", "o"), ("unit", "year")),
    "table: [t, Spending], ": (("t",), ("unit", "year")),
    "table: d, per: unit, ": (("d",), ("unit",)),
    "table: d, per: [unit, year], ": (("d",), ("unit", "year")),
    "table: [t, d], per: [unit, year], ": (("t", "d"), ("unit", "year")),
    "per: [unit, year, name], ": (("t",), ("unit", "year", "name")),
}


@pytest.mark.parametrize(("keys", "tables", "grain"), [(k, *v) for k, v in SPEAKING.items()])
def test_what_a_rule_speaks_about(
    load: Load, keys: str, tables: tuple[str, ...], grain: tuple[str, ...]
) -> None:
    (rule,) = load(f"  - {{id: x, {keys}assert: count(o) = 1}}\n")
    assert (rule.tables, rule.grain) == (tables, grain)


@pytest.mark.parametrize("name", ["total", "合计", "Total", "支出合计", "「合计」", "t.合计"])
def test_a_column_goes_by_every_name(load: Load, name: str) -> None:
    (rule,) = load(f"  - id: x\n    assert: {name} = 基本支出\n")
    columns = [node.column for node in rule.assertion.walk() if isinstance(node, Field)]
    assert columns == ["total", "basic"]


# for: [(column, text)]
REPEATED = {
    "'{column} ≥ 0', for: [total, 项目]": [("total", "total ≥ 0"), ("项目", "项目 ≥ 0")],
    "'{column} ≥ 0', for: [支出合计]": [("total", "支出合计 ≥ 0")],
    "'{column} ≥ 0', for: [小计（一）]": [("项目", "「小计（一）」 ≥ 0")],
    "'「{column}」 ≥ 0', for: [小计（一）]": [("项目", "「小计（一）」 ≥ 0")],
    "'{column} ≥ 0', for: [t.total]": [("t.total", "t.total ≥ 0")],
    "'to{column} ≥ 0', for: [tal]": [("tal", "total ≥ 0")],
    "'{column1} ≥ {column2}', for: [[total, basic], [basic, 项目]]": [
        ("total", "total ≥ basic"),
        ("basic", "basic ≥ 项目"),
    ],
    "'{column} ≥ {column2}', for: [[total, basic], [total, 项目]]": [
        ("total, basic", "total ≥ basic"),
        ("total, 项目", "total ≥ 项目"),
    ],
    "'合计 ≥ 0', when: '{column} = 0', for: [basic, 项目]": [
        ("basic", "合计 ≥ 0"),
        ("项目", "合计 ≥ 0"),
    ],
}


@pytest.mark.parametrize(("keys", "made"), REPEATED.items())
def test_for_makes_a_rule_for_each_column(
    load: Load, keys: str, made: list[tuple[str, str]]
) -> None:
    rules = load(f"  - {{id: x, assert: {keys}}}\n")
    assert [(rule.column, rule.text) for rule in rules] == made
    assert {rule.id for rule in rules} == {"x"}


def test_cases_are_by_table_with_ids_and_texts_as_written(load: Load) -> None:
    (rule,) = load(
        "  - id: x\n"
        "    assert: 合计 = 基本支出\n"
        "    cases:\n"
        "      pass: {合计: 001.10, basic: ~}\n"
        "      fail:\n"
        "        - {支出合计: 1e-3, unit: no}\n"
        '        - 支出表: [{合计: 12:30}, {total: ""}]\n'
        "          o: []\n"
        "      not-applicable: {total: }\n"
    )
    assert [(case.outcome, case.rows) for case in rule.cases] == [
        ("pass", {"t": ({"total": "001.10", "basic": None},)}),
        ("fail", {"t": ({"total": "1e-3", "unit": "no"},)}),
        ("fail", {"t": ({"total": "12:30"}, {"total": ""}), "o": ()}),
        ("not-applicable", {"t": ({"total": None},)}),
    ]
    places = [case.place for case in rule.cases]
    assert [(place.line, place.column) for place in places if place] == [
        (6, 13),
        (8, 11),
        (9, 11),
        (11, 23),
    ]


def test_a_case_belongs_to_the_columns_it_has_cells_for(load: Load) -> None:
    first, second = load(
        "  - id: x\n"
        "    assert: '{column} ≥ 0'\n"
        "    for: [total, 基本支出]\n"
        "    cases:\n"
        "      pass: {合计: 1, 基本支出: 1}\n"
        "      fail: [{合计: -1}, {basic: -1, rate: 1}]\n"
        "      unknown: {rate: 1}\n"
    )
    cells = [[list(case.rows["t"][0]) for case in rule.cases] for rule in (first, second)]
    assert cells == [
        [["total", "basic"], ["total"], ["rate"]],
        [["total", "basic"], ["basic", "rate"], ["rate"]],
    ]


def test_a_rule_knows_where_it_is_written(load: Load, tmp_path: Path) -> None:
    (rule,) = load("  - title: 甲\n    id: x\n    assert: 合计 = 基本支出\n")
    assert rule.place == Place(str(tmp_path / "a.rules.yaml"), 4, 9, 1, "    id: x")


def test_a_pack_says_where_it_is_and_what_it_holds(write: Write) -> None:
    folder = write("  - {id: x, assert: 合计 = 基本支出}\n")
    pack = load_pack(folder)
    assert (pack.id, pack.folder) == ("p", str(folder))
    assert list(pack.tables) == ["t", "o", "d"]
    assert list(pack.params) == ["limit", "bands"]


@pytest.mark.parametrize(
    "tolerance",
    [
        "{step: param.limit}",
        "{absolute: 0.02pp}",
        "{relative: 5%}",
        "{relative: param.limit}",
        "exact",
    ],
)
def test_tolerances_that_fit(load: Load, tolerance: str) -> None:
    assert load(f"  - {{id: x, assert: rate = 合计 / 基本支出, tolerance: {tolerance}}}\n")


# how an expression is written, with … for ``不存在`` in it: (line, column, length)
WRITTEN = {
    "    assert: 合计 = 不存在\n": (4, 18, 3),
    "    assert:   合计 = 不存在 # why\n": (4, 20, 3),
    "    assert: '合计 = 不存在'\n": (4, 19, 3),
    "    assert: 'matches(unit, ''甲*'') and 合计 = 不存在'\n": (4, 45, 3),
    '    assert: "合计 = 不存在"\n': (4, 19, 3),
    '    assert: "matches(unit, \\"甲*\\") and 合计 = 不存在"\n': (4, 45, 3),
    '    assert: "\\u5408计 = 不存在"\n': (4, 24, 3),
    "    assert: 合计 =\n      不存在\n": (5, 7, 3),
    "    assert: >-\n      合计 =\n      不存在\n": (6, 7, 3),
    "    assert: >\n\n      合计 =\n\n\n      不存在\n": (9, 7, 3),
    "    assert: |\n      合计 =\n      不存在\n": (6, 7, 3),
    "    assert: |2-\n      合计 =\n        不存在\n": (6, 9, 3),
    "    assert: '合计 =\n\n      不存在'\n": (6, 7, 3),
    '    assert: "合计 = \\\n      不存在"\n': (5, 7, 3),
    "    {assert: 合计 = 不存在}\n": (4, 19, 3),
    "    assert: 合计 = 不存在\r\n": (4, 18, 3),
}


@pytest.mark.parametrize(("written", "place"), WRITTEN.items())
def test_a_fault_inside_an_expression_is_marked_where_it_is_written(
    write: Write, written: str, place: tuple[int, int, int]
) -> None:
    flow = written.lstrip().startswith("{")
    block = f"  -\n{written.replace('{', '{id: x, ')}" if flow else f"  - id: x\n{written}"
    (fault,) = load_pack(write(block)).faults
    marked = fault.place
    assert isinstance(marked, Place)
    expected = (place[0], place[1] + (7 if flow else 0), place[2])
    assert (marked.line, marked.column, marked.length) == expected
    assert marked.text[marked.column - 1 :].startswith("不存在")


def test_a_fault_in_a_filled_text_is_marked_in_the_text_as_written(write: Write) -> None:
    rules = "  - {id: x, assert: '{column} + 不存在 ≥ {column}', for: [total, 小计（一）]}\n"
    faults = load_pack(write(rules)).faults
    places = [(fault.place.column, fault.place.length) for fault in faults if fault.place]
    assert places == [(33, 3)]
