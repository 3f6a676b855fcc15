"""Cases as YAML: what is written is read back as it was."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from perfrules.loader import load_pack
from perfrules.model import Case
from perfrules.testing.blocks import WIDTH, block, flow, scalar

ROOT = Path(__file__).parents[2]


def read(text: str) -> Any:
    """YAML as the loader reads it: every scalar is a text, a plain ``~`` is a blank."""
    return _value(yaml.compose(text, Loader=yaml.SafeLoader))


def _value(node: yaml.Node | None) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {_value(key): _value(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_value(item) for item in node.value]
    assert isinstance(node, yaml.ScalarNode)
    return None if node.style is None and node.value == "~" else node.value


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("1451.29", "1451.29"), ("-0.24", "-0.24"), ("99.91%", "99.91%"), ("△3.82", "△3.82"), ("——", "——"), ("≥", "≥"),
        ("无", "无"), ("甲 乙", "甲 乙"), ("95以上", "95以上"), ("张三", "张三"), ("2024年5月20日", "2024年5月20日"),
        ("1,451.29", '"1,451.29"'), ("%", '"%"'), ("-", '"-"'), ("- x", '"- x"'), ("~", '"~"'), ("null", '"null"'), ("", '""'),
        ("a: b", '"a: b"'), ("a#b", '"a#b"'), ('say "x"', '"say \\"x\\""'), ("a\\b", '"a\\\\b"'), ("*x*", '"*x*"'), ("[1]", '"[1]"'),
        ("No", '"No"'), ("true", '"true"'), ("=", '"="'), (" x", '" x"'), ("x ", '"x "'), ("a\nb", '"a\\nb"'), ("'x'", '"\'x\'"'),
        ("@x", '"@x"'), ("&x", '"&x"'), ("!x", '"!x"'), ("|", '"|"'), (">5", '">5"'), ("?", '"?"'), ("{x}", '"{x}"'),
    ],
)  # fmt: skip
def test_scalars(text: str, written: str) -> None:
    assert scalar(text) == written
    assert read(f"{{a: {written}}}") == {"a": text}
    assert yaml.safe_load(f"{{a: {written}}}") is not None


def test_a_blank_is_a_tilde() -> None:
    assert scalar(None) == "~"


ROW = {"a": "1.00", "b": None}


@pytest.mark.parametrize(
    ("rows", "tables", "written"),
    [
        ({"t": (ROW,)}, ("t",), "{a: 1.00, b: ~}"),
        ({"t": (ROW, ROW)}, ("t",), "{t: [{a: 1.00, b: ~}, {a: 1.00, b: ~}]}"),
        ({"t": ()}, ("t",), "{t: []}"),
        ({"t": (ROW,)}, ("t", "u"), "{t: [{a: 1.00, b: ~}]}"),
        ({"u": (ROW,)}, ("t",), "{u: [{a: 1.00, b: ~}]}"),
        ({"t": (ROW,), "u": ()}, ("t",), "{t: [{a: 1.00, b: ~}], u: []}"),
    ],
)  # fmt: skip
def test_one_case_on_one_line(
    rows: dict[str, tuple[dict[str, str | None], ...]], tables: tuple[str, ...], written: str
) -> None:
    assert flow(Case("pass", rows), tables) == written


def test_a_block_has_each_outcome_once() -> None:
    one = Case("pass", {"t": (ROW,)})
    two = Case("not-applicable", {"t": ({"a": None},)})
    assert block([one, two, one], ("t",)) == (
        "pass:\n  - {a: 1.00, b: ~}\n  - {a: 1.00, b: ~}\nnot-applicable: {a: ~}\n"
    )


LONG: tuple[dict[str, str | None], ...] = ({"name": "甲" * 30, "a": "1.00"},)


def test_long_cases_have_a_line_for_each_table_and_row() -> None:
    case = Case("fail", {"t": LONG, "u": LONG * 3})
    text = block([case], ("t",))
    name = "甲" * 30
    row = f"{{name: {name}, a: 1.00}}"
    assert text == f"fail:\n  t: [{row}]\n  u:\n    - {row}\n    - {row}\n    - {row}\n"
    assert block([case, case], ("t",)).startswith(f"fail:\n  - t: [{row}]\n    u:\n      - {row}\n")
    assert max(map(len, text.splitlines())) <= WIDTH


@pytest.mark.parametrize("folder", ["rules/cn-overall-self-eval", "examples/quickstart/rules"])
def test_cases_of_our_packs_come_back(folder: str) -> None:
    for rule in load_pack(ROOT / folder).rules:
        found = read(block(rule.cases, rule.tables))
        again = [
            (outcome, _rows(one, rule.tables))
            for outcome, some in found.items()
            for one in (some if isinstance(some, list) else [some])
        ]
        wanted = [
            (case.outcome, {t: [dict(row) for row in rows] for t, rows in case.rows.items()})
            for outcome in dict.fromkeys(case.outcome for case in rule.cases)
            for case in rule.cases
            if case.outcome == outcome
        ]
        assert again == wanted


def _rows(written: dict[str, object], tables: tuple[str, ...]) -> dict[str, object]:
    lists = all(isinstance(value, list) for value in written.values())
    return dict(written) if lists and written else {tables[0]: [written]}
