"""Roll-up blocks: the rules that they make, and every fault with its line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from perfrules.expr.nodes import Logic
from perfrules.loader import load_pack
from perfrules.tables import Ladder

PACK = """\
pack: p
unit: 万元
tables:
  t:
    key: [unit, code, year]
    columns:
      unit: {type: text}
      code: {type: code, title: 科目编码}
      year: {type: year}
      name: {type: text}
      total: {type: money, decimals: 2, title: 合计}
      basic: {type: money, decimals: 2}
      posts: {type: count}
  o: {key: [unit], columns: {unit: {type: text}}}
  s: {key: [unit, code, year], columns: {unit: {type: text}, code: {type: code}, year: {type: year}}}
"""
Write = Callable[..., Path]
Told = Callable[..., tuple[str, ...]]


def rule(rollup: str, more: str = "") -> str:
    return f"  - id: x\n    rollup: {rollup}\n{more}"


def test_one_rule_for_each_column(write: Write) -> None:
    text = rule(
        "{code: 科目编码, levels: [3, 5], total: 合计, columns: [合计, basic, posts]}",
        "    cases:\n"
        "      pass: {t: [{code: 201, total: 1.00}, {code: 20101, total: 1.00}]}\n"
        "      fail: {t: [{code: 201, basic: 1.00}, {code: 20101, basic: 2.00}]}\n"
        "      not-applicable: {code: 201}\n",
    )
    pack = load_pack(write(text, pack=PACK))
    assert not pack.faults
    assert [(rule.column, rule.text) for rule in pack.rules] == [
        ("total", "合计 = sum(children.合计)"),
        ("basic", "basic = sum(children.basic)"),
        ("posts", "posts = sum(children.posts)"),
    ]
    assert [[case.outcome for case in rule.cases] for rule in pack.rules] == [
        ["pass", "not-applicable"],
        ["fail", "not-applicable"],
        ["not-applicable"],
    ]
    assert {rule.grain for rule in pack.rules} == {("unit", "code", "year")}
    ladder = Ladder("code", (3, 5), "合计")
    assert {rule.ladder for rule in pack.rules} == {ladder}
    assert pack.tables["t"].ladders == (ladder,)
    assert pack.tables["o"].ladders == ()


def test_what_stands_above_may_be_more(write: Write) -> None:
    (made,) = load_pack(
        write(
            rule("{code: code, levels: [3, 5], columns: [total], missing: children-le-parent}"),
            pack=PACK,
        )
    ).rules
    assert made.text == "sum(children.total) ≤ total"


def test_a_guard_comes_on_top(write: Write) -> None:
    text = rule("{code: code, levels: [3, 5], columns: [total]}", "    when: total > 0\n")
    (made,) = load_pack(write(text, pack=PACK)).rules
    assert isinstance(made.guard, Logic)
    assert len(made.guard.items) == 2


FAULTS = {
    "{code: code, levels: [5, 3], columns: [total]}": "PR114: levels are lengths of codes, from short to long",
    "{code: code, levels: [3, 3], columns: [total]}": "PR114: levels are lengths of codes, from short to long",
    "{code: code, levels: [0, 3], columns: [total]}": "PR114: 0 is less than 1",
    "{code: code, levels: [three], columns: [total]}": "PR114: three is not a whole number",
    "{code: code, levels: 3, columns: [total]}": "PR114: 3 is not a list",
    "{code: code, levels: [], columns: [total]}": "PR114: at least one entry is due here",
    "{code: code, levels: [3], columns: [total]}": "PR114: one level and no total: no code stands above another",
    "{code: code, levels: [3, 5], columns: []}": "PR114: at least one entry is due here",
    "{code: code, levels: [3, 5]}": "PR113: columns is missing in rollup of rule x (add columns: …)",
    "{levels: [3, 5], columns: [total]}": "PR113: code is missing in rollup of rule x (add code: …)",
    "{code: code, levels: [3, 5], columns: [total], mising: complete}": "PR112: mising is not a key of rollup of rule x (did you mean missing?)",
    "{table: t, code: code, levels: [3, 5], columns: [total]}": "PR112: table is not a key of rollup of rule x (it is a key of rule x)",
    "{code: code, levels: [3, 5], columns: [total], missing: complet}": "PR114: complet is not one of complete, skip-if-no-parent, children-le-parent (did you mean complete?)",
    "{code: cod, levels: [3, 5], columns: [total]}": "PR117: there is no column cod (did you mean code?)",
    "{code: name, levels: [3, 5], columns: [total]}": "PR114: name is not a key column of t (its key is unit, code, year)",
    "{code: year, levels: [3, 5], columns: [total]}": "PR114: year is of type year, not a code",
    "{code: code, levels: [3, 5], columns: [totl]}": "PR117: there is no column totl (did you mean total?)",
    "{code: code, levels: [3, 5], columns: [name]}": "PR114: name is of type text, which does not add up (only figures add up: money, counts, numbers, ratios, points)",
    "{code: code, levels: [3, 5], columns: [total, 合计]}": "PR114: 合计 stands twice in columns",
}


@pytest.mark.parametrize(("rollup", "said"), FAULTS.items(), ids=list(FAULTS))
def test_a_fault_is_told_with_its_line(told: Told, rollup: str, said: str) -> None:
    faulty, *faults = told(rule(rollup), pack=PACK)
    assert faulty == "x"
    (fault,) = faults
    assert fault.startswith("a.rules.yaml:4:")
    assert fault.split(": ", 1)[1] == said


BESIDE = {
    "    assert: total = basic\n": "a.rules.yaml:5:13: PR114: assert does not go together with rollup",
    "    for: [total]\n": "a.rules.yaml:5:10: PR114: for does not go together with rollup",
    "    per: [unit]\n": "a.rules.yaml:5:10: PR114: per does not go together with rollup",
    "    table: [t, s]\n": "a.rules.yaml:4:13: PR114: a roll-up is of one table, not of t, s",
    "    max_slack: 1pp\n": "a.rules.yaml:5:16: PR114: max_slack 1pp does not measure all that is compared here (money needs a unit such as 元 or 万元, ratios need pp; comparisons of other kinds need a rule of their own)",
    "    when: totl > 0\n": "a.rules.yaml:5:11: PR301: there is no column totl in t (did you mean total?)",
}


@pytest.mark.parametrize(("more", "said"), BESIDE.items(), ids=list(BESIDE))
def test_what_does_not_go_with_it(told: Told, more: str, said: str) -> None:
    block = rule("{code: code, levels: [3, 5], columns: [total]}", more)
    assert told(block, pack=PACK) == ("x", said)


def test_several_faults_at_once(told: Told) -> None:
    text = rule("{code: kode, levels: [3, 5], columns: [totl, name]}")
    assert told(text, pack=PACK) == (
        "x",
        "a.rules.yaml:4:20: PR117: there is no column kode (did you mean code?)",
        "a.rules.yaml:4:52: PR117: there is no column totl (did you mean total?)",
        "a.rules.yaml:4:58: PR114: name is of type text, which does not add up (only figures add up: money, counts, numbers, ratios, points)",
    )
