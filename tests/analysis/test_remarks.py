"""Remarks on rules that are well-formed and probably not what was meant, and near misses on which nothing is said."""

from collections.abc import Callable
from pathlib import Path

import pytest

from perfrules import analysis, loader
from perfrules.codes import CODES
from perfrules.errors import Diagnostic
from tests.work import calls

PACK = """\
pack: p
unit: 万元
tables:
  t:
    key: [unit, year]
    columns:
      unit: {type: text}
      year: {type: year}
      a: {type: money, decimals: 2}
      b: {type: money, decimals: 2}
      c: {type: money, decimals: 2}
      z: {type: money, decimals: 2, blank: zero}
      e: {type: money, decimals: exact}
      p: {type: money}
      n: {type: count}
      rate: {type: ratio, unit: '%', decimals: 2}
      stage: {type: text}
      other: {type: text}
      ok: {type: flag}
      on: {type: date}
      other_day: {type: date}
  d:
    key: [unit, year, name]
    columns: {unit: {type: text}, year: {type: year}, name: {type: text}, x: {type: money, decimals: 2}}
params:
  slack: {value: 0.001万元}
  limit: {value: '100'}
"""
ALWAYS = {"PR601", "PR611", "PR612", "PR613", "PR614", "PR615"}
"""Codes of what every rule below leaves out; they have tables of their own."""

Remarks = Callable[..., tuple[Diagnostic, ...]]


@pytest.fixture
def remarks(tmp_path: Path) -> Remarks:
    """The remarks on a pack; ``rules`` are blocks under ``table: t``."""

    def found(*rules: str, pack: str = PACK) -> tuple[Diagnostic, ...]:
        (tmp_path / "pack.yaml").write_text(pack, "utf-8")
        text = "".join(f"  - {rule}\n" for rule in rules)
        (tmp_path / "a.rules.yaml").write_text(f"table: t\nrules:\n{text}", "utf-8")
        loaded = loader.load_pack(tmp_path)
        assert not loaded.faults
        return analysis.remarks(loaded)

    return found


def test_one_function_for_each_code_in_their_order() -> None:
    codes = [code for code in CODES if code.startswith("PR6")]
    told = [(look.__doc__ or "").partition(":")[0] for look in analysis.REMARKS]
    assert told == codes


# ---- guards and assertions -----------------------------------------------------------------------------------------------

MEANT = {
    # PR603: the guard never holds
    "assert: a = b, when: stage = 'x' and stage = 'y'": "PR603",
    "assert: a = b, when: stage = 'x' and stage = other": "",
    "assert: a = b, when: stage = 'x' and stage ≠ 'x'": "PR603",
    "assert: a = b, when: stage = 'x' or stage = 'y'": "",
    "assert: a = b, when: stage = other and stage ≠ other": "PR603",
    'assert: a = b, when: \'stage in ("x", "y") and stage = "z"\'': "PR603",
    'assert: a = b, when: \'stage in ("x", "y") and stage in ("y", "z")\'': "",
    'assert: a = b, when: \'stage in ("x", "y") and stage not in ("x", "y", "z")\'': "PR603",
    "assert: a = b, when: 'n in (1, 2) and n > 2'": "PR603",
    "assert: a = b, when: 'n in (1, 2) and n ≥ 2'": "",
    "assert: a = b, when: a is blank and a > 0": "PR603",
    "assert: a = b, when: z is blank and z > 0": "",
    "assert: b = c, when: a is blank and z > 0": "",
    "assert: a = b, when: a is blank and b > a": "PR603",
    "assert: b = c, when: a is blank and abs(a) > 0": "",
    "assert: a = b, when: a is blank and a is not blank": "PR603",
    "assert: a = b, when: stage is blank and stage = 'x'": "PR603",
    "assert: a = b, when: a > b and b > a": "PR603",
    "assert: b = c, when: a ≥ b and b ≥ a": "",
    "assert: a = b, when: a + b > c and c - a ≥ b": "PR603",
    "assert: a = b, when: a > b and a > c": "",
    "assert: a = b, when: (a > 5元 or b > 5元) and a < 3元 and b < 3元": "PR603",
    "assert: a = b, when: ok and not ok": "PR603",
    "assert: a = b, when: ok = true and ok = false": "PR603",
    "assert: a = b, when: ok": "",
    "assert: a = b, when: 'present(d[name = x]) and not present(d[name = x])'": "PR603",
    "assert: a = b, when: 'present(d[name = x]) and not present(d[name = y])'": "",
    "assert: a = b, since: 2023, when: year < 2023": "PR603",
    "assert: a = b, since: 2023, when: year ≤ 2023": "",
    "assert: a = b, until: 2022, when: year > 2022 or year = 2024": "PR603",
    "assert: a = b, when: not (a > 5元) and a > 7元": "PR603",
    "assert: a = b, when: on = other_day and on ≠ other_day": "PR603",
    # PR604: a branch is never reached
    "assert: a = b, when: (a > 5元 or b > 5元) and a < 3元": "PR604",
    "assert: a = b, when: (a > 5元 or b > 5元) and a < 7元": "",
    "assert: if stage = 'y' then a = b else a = c, when: stage = 'x'": "PR604",
    "assert: if stage = 'x' then a = b else a = c, when: stage = 'x'": "PR604",
    "assert: if stage = 'y' then a = b else a = c, when: stage ≠ 'x'": "",
    "assert: a = (if n > 5 then b else c), when: n > 7": "PR604",
    "assert: a = (if n > 5 then b else c), when: n > 3": "",
    "assert: if n > 5 then a = b else if n > 7 then a = c else b = c": "PR604",
    "assert: if n > 7 then a = b else if n > 5 then a = c else b = c": "",
    # PR605: a part of the guard adds nothing
    "assert: a = b, when: a > 5元 and a > 3元": "PR605",
    "assert: a = b, when: a > 5元 and b > 3元": "",
    "assert: a = b, when: a > 5元 and a > 5元": "PR605",
    "assert: a = b, when: 5元 < a and a > 5元": "PR605",
    "assert: a = b, when: 5元 < a and a < 9元": "",
    "assert: a = b, when: a > 0 and a is not blank": "",
    "assert: a = b, when: a is not blank and a is not blank": "PR605",
    "assert: a = b, when: a is not blank and b is not blank": "",
    "assert: a = b, when: stage = 'x' and stage ≠ 'y'": "PR605",
    'assert: a = b, when: \'stage in ("x", "y") and stage in ("x", "y", "z")\'': "PR605",
    "assert: a = b, when: a > 5元 and (a > 5元 or stage = 'x')": "PR605",
    "assert: a = b, when: a > 5元 and (a > 7元 or stage = 'x')": "",
    "assert: a = b, since: 2023, when: year ≥ 2020": "PR605",
    "assert: a = b, since: 2020, when: year ≥ 2023": "",
    "assert: a = b, when: a > b and a ≥ b": "PR605",
    "assert: a = b, when: a > 5元 and a + b > 3元 + b": "",  # b is still needed
    "assert: a = b, when: a > b and b > c and a > c": "",  # true, and not about the same figures
    # PR606: cannot fail
    "assert: a ≤ b, when: a ≤ b": "PR606",
    "assert: a ≤ b, when: b ≥ a": "PR606",
    "assert: a ≤ b, when: a < b": "PR606",
    "assert: a < b, when: a ≤ b": "",
    "assert: a = b, when: a = b": "PR606",
    "assert: a = b + c, when: a - b = c": "PR606",
    "assert: a > 0 or stage = 'x', when: stage = 'x'": "PR606",
    "assert: a is not blank, when: a > 0": "PR606",
    "assert: a is not blank, when: b > 0": "",
    "assert: z is not blank, when: z ≥ 0": "",
    "assert: a ≥ 0 or a < 0": "PR606",
    "assert: a ≥ 0 or b < 0": "",
    "assert: if a > 5元 then a > 3元": "PR606",
    "assert: if a > 3元 then a > 5元": "",
    # PR607: cannot pass
    "assert: a is not blank, when: a is blank": "PR607",
    "assert: a is not blank, when: b is blank": "",
    "assert: a > 0, when: a = 0": "PR607",
    "assert: a ≥ 0, when: a = 0": "PR606",
    "assert: stage = 'x', when: stage = 'y'": "PR607",
    "assert: stage = 'x', when: stage ≠ 'y'": "",
    "assert: a < b, when: a > b": "",  # a print that is one decimal short may pass
    "assert: a < b, when: a > b, tolerance: exact": "PR607",
    "assert: a = 0, when: a > 0": "",  # 0.4 printed as 0, and not as 0.4
    "assert: e = 0, when: e > 0": "PR607",
    "assert: a = 0, when: a > 0, tolerance: {absolute: 1万元}": "",
    "assert: if a > 0 then a < 0": "PR607",
    "assert: if a > 0 then a < 0 else b > 0": "",
    "assert: a > 0 and a < 0": "PR607",
    "assert: a > 0 or a < 0": "",
    # PR608: finer than the print
    "assert: a = b, tolerance: {absolute: 0.001万元}": "PR608",
    "assert: a = b, tolerance: {absolute: 0.01万元}": "",
    "assert: a = b, tolerance: {absolute: 50元}": "",
    "assert: a = b, tolerance: {absolute: 49元}": "PR608",
    "assert: a = b, tolerance: {step: param.slack}": "PR608",
    "assert: a = e, tolerance: {absolute: 0.001万元}": "PR608",
    "assert: e = p, tolerance: {absolute: 0.001万元}": "",
    "assert: a = sum(d.x), tolerance: {absolute: 0.001万元}": "PR608",
    "assert: a ≤ 30% * b, tolerance: {absolute: 0.005万元}": "",
    "assert: a ≤ 3 * b, tolerance: {absolute: 0.005万元}": "PR608",
    "assert: rate = a / b, tolerance: {absolute: 0.001pp}": "PR608",
    "assert: rate = a / b, tolerance: {absolute: 0.01pp}": "",
    "assert: a = b, max_slack: 10元": "PR608",
    "assert: a = b, max_slack: 0.5万元": "",
    # PR609: exact on a rounded sum
    "assert: a = b + c, tolerance: exact": "PR609",
    "assert: a - b = c, tolerance: exact": "PR609",
    "assert: a = b, tolerance: exact": "",
    "assert: a ≥ b + c, tolerance: exact": "",
    "assert: a = b + p, tolerance: exact": "",
    "assert: a = b + e, tolerance: exact": "",
    "assert: a = sum(d.x), tolerance: exact": "PR609",
    "assert: a = b + c": "",
    # PR610: beyond reason
    "assert: a = b, tolerance: {relative: '5'}": "PR610",
    "assert: a = b, tolerance: {relative: 50%}": "PR610",
    "assert: a = b, tolerance: {relative: 49%}": "",
    # PR617, PR618: percent and ratio
    "assert: rate ≤ 100": "PR617",
    "assert: rate ≤ 100%": "",
    "assert: rate ≤ 1": "",
    "assert: rate ≤ param.limit": "PR617",
    "assert: rate between 0 and 100": "PR617",
    "assert: 'rate in (0, 100)'": "PR617",
    "assert: a = b, when: rate > 80": "PR617",
    "assert: n ≤ 100": "",
    "assert: a / b ≤ 100": "",
    "assert: rate = a / b * 100": "PR618",
    "assert: rate = 100 * a / b": "PR618",
    "assert: rate = a * 100 / b": "PR618",
    "assert: rate = a / (b / 100)": "PR618",
    "assert: rate = a / b": "",
    "assert: rate = a / (100 * b)": "",
    "assert: n = a / b * 100": "",
}


@pytest.mark.parametrize(("rule", "codes"), MEANT.items())
def test_one_rule(remarks: Remarks, rule: str, codes: str) -> None:
    told = {remark.code: str(remark) for remark in remarks(f"{{id: kept, {rule}}}")}
    assert " ".join(sorted(told.keys() - ALWAYS)) == codes, told


# ---- two rules -----------------------------------------------------------------------------------------------------------

PAIRS = {
    ("assert: a = b + c", "assert: a = c + b"): "PR616",
    ("assert: a = b + c", "assert: c + b = a"): "PR616",
    ("assert: a = b + c", "assert: a - b = c"): "PR616",
    ("assert: a = b + c", "assert: a = b - c"): "",
    ("assert: a = b + c", "assert: a = b + c, when: n > 0"): "",
    ("assert: a = b, when: n > 0 and n < 5", "assert: b = a, when: n < 5 and n > 0"): "PR616",
    ("assert: a = b", "assert: a = b, tolerance: exact"): "",
    ("assert: a = b, until: 2022", "assert: a = b, since: 2023"): "",
    ("assert: a = b", "assert: '{column} = b', for: [a, c]"): "PR616",
    ("assert: rate = (a + b) / c", "assert: rate = (b + a) / c"): "PR616",
    ("assert: rate = a / b", "assert: rate = b / a"): "",
    ("assert: 'min(a, b) = c'", "assert: 'c = min(b, a)'"): "PR616",
    ("assert: a is blank or b > 0", "assert: b > 0 or a is blank"): "PR616",
    ("assert: a is blank or b > 0", "assert: b > 0 and a is blank"): "",
    ("assert: a ≤ 5元", "assert: a ≤ 7元"): "PR616",
    ("assert: a ≤ 5元, severity: warning", "assert: a ≤ 7元"): "",
    ("assert: a ≤ 5元", "assert: a ≤ 7元, severity: warning"): "PR616",
    ("assert: a = b", "assert: a ≤ b"): "PR616",
    ("assert: a = b, severity: info", "assert: a ≤ b"): "",
    ("assert: a < b", "assert: a ≤ b"): "PR616",
    ("assert: a ≤ b and n > 0", "assert: a ≤ b"): "PR616",
    ("assert: a = b", "assert: 2 * a = 2 * b"): "PR616",
    ("assert: a = b, max_slack: 1万元", "assert: b = a, max_slack: 1万元"): "PR616",
    ("assert: a = b, max_slack: 1万元", "assert: 2 * a = 2 * b, max_slack: 1万元"): "",
    ("assert: a = b, tolerance: {relative: 5%}", "assert: b = a, tolerance: {relative: 5%}"): "",
    ("assert: a ≤ 5元, max_slack: 1万元", "assert: 10 * a ≤ 51元, max_slack: 1万元"): "",
    ("assert: a = b + c", "assert: a - b ≤ c"): "",  # a printed zero is exact as a term, not alone
    ("assert: a = b + c", "assert: a ≤ b + c"): "PR616",
    ("assert: a ≤ b", "assert: b ≤ a"): "PR619",
    ("assert: a ≤ b", "assert: b ≤ a, when: n > 0"): "",
    ("assert: a ≤ b", "assert: b ≤ c"): "",
    ("assert: a < b", "assert: b ≤ a"): "PR620",
    ("assert: a < b", "assert: b < a"): "PR620",
    ("assert: a = 5元", "assert: a = 6元"): "PR620",
    ("assert: a = b", "assert: a = b + 5元"): "PR620",
    ("assert: a = b", "assert: a = b + c"): "",
    ("assert: stage = 'x'", "assert: stage = 'y'"): "PR620",
    ("assert: stage ≠ 'x'", "assert: stage ≠ 'y'"): "",
    ("assert: stage = 'x' or n > 0", "assert: stage = 'y' or n > 0"): "",
}


@pytest.mark.parametrize(("rules", "codes"), PAIRS.items())
def test_two_rules(remarks: Remarks, rules: tuple[str, str], codes: str) -> None:
    one, two = rules
    told = {r.code: str(r) for r in remarks(f"{{id: kept, {one}}}", f"{{id: added, {two}}}")}
    assert " ".join(sorted(told.keys() - ALWAYS)) == codes, told


# ---- what a block leaves out ---------------------------------------------------------------------------------------------

ROW, OFF = "{a: 1, b: 1}", "{a: 1, b: 2}"
BLOCKS = {
    "id: kept, title: T": "PR601",
    f"id: kept, title: T, cases: {{pass: {ROW}, fail: {OFF}}}": "",
    f"id: kept, title: T, cases: {{pass: [{ROW}, {ROW}], fail: {OFF}, unknown: {ROW}}}": "",
    f"id: kept, title: T, cases: {{pass: {ROW}}}": "PR602",
    f"id: kept, title: T, cases: {{fail: {OFF}}}": "PR602",
    "id: kept, title: T, cases: {unknown: {a: ~}}": "PR602",
    f"id: kept, cases: {{pass: {ROW}, fail: {OFF}}}": "PR615",
    **{
        f"id: {name}, title: T, cases: {{pass: {ROW}, fail: {OFF}}}": "PR614"
        for name in ("r1", "rule-3", "check-total-2", "test", "new", "new-rule-2", "x", "1-2")
    },
    **{
        f"id: {name}, title: T, cases: {{pass: {ROW}, fail: {OFF}}}": ""
        for name in ("weight-100", "check-of-total", "total-2023", "test-scores", "a2-sum", "new-staff")
    },
}  # fmt: skip


@pytest.mark.parametrize(("block", "codes"), BLOCKS.items())
def test_one_block(remarks: Remarks, block: str, codes: str) -> None:
    told = {remark.code for remark in remarks(f"{{{block}, assert: a = b}}")}
    assert " ".join(sorted(told - {"PR611", "PR612"})) == codes


# ---- what cases give and the rule does not read -------------------------------------------------------------------------

GIVEN = {
    "assert: a = b, cases: {pass: {a: 1, b: 1, c: 0}}": "t.c",
    "assert: a = b, cases: {pass: {a: 1, b: 1}, fail: {a: 1, b: 2, c: 0, stage: x}}": "t.c, t.stage",
    "assert: a = b, cases: {pass: {a: 1, b: 1, unit: A, year: 2023}}": "",
    "assert: a = b, when: c > 0, cases: {pass: {a: 1, b: 1, c: 1}}": "",
    "assert: '{column} = b', for: [a, c], cases: {pass: [{a: 1, b: 1}, {c: 1, b: 1}]}": "",
    "assert: '{column} = b', for: [a, c], cases: {pass: {a: 1, b: 1, z: 0}}": "t.z",
    "assert: a = b, cases: {pass: {t: [{a: 1, b: 1}], d: [{name: x, x: 1}]}}": "d.x",
    "assert: a = sum(d.x), cases: {pass: {t: [{a: 1}], d: [{name: x, x: 1}]}}": "",
    "assert: a = sum(d.x), cases: {pass: {t: [{a: 1, b: 1}], d: [{name: x, x: 1}]}}": "t.b",
    "assert: n = count(d), cases: {pass: {t: [{n: 1}], d: [{name: x, x: 1}]}}": "",
    "assert: 'count(d[name = x]) > 0', cases: {pass: {t: [{a: 1}], d: [{name: x, x: 1}]}}": "",
}


@pytest.mark.parametrize(("rule", "columns"), GIVEN.items())
def test_what_cases_give_and_the_rule_does_not_read(
    remarks: Remarks, rule: str, columns: str
) -> None:
    told = [str(r.message) for r in remarks(f"{{id: kept, {rule}}}") if r.code == "PR621"]
    assert told == ([f"the rule does not read {columns}, which its cases give"] if columns else [])


# ---- what no rule speaks of ----------------------------------------------------------------------------------------------

WIDE = """\
pack: p
params: {{limit: {{value: '1'}}}}
relations: {{{relation}}}
tables:
  t:
    key: [unit]
    {expect}
    columns: {{unit: {{type: text}}, a: {{type: number}}, b: {{type: number, {column}}}}}
  u:
    key: [unit, part]
    columns: {{unit: {{type: text}}, part: {{type: text}}, x: {{type: number, title: X}}}}
"""
RELATED = "parts: {table: u, on: {unit: unit}}"
UNUSED = {
    ("a = sum(u.x) + param.limit", "title: B", "", ""): [],
    ("a = sum(u.x) + param.limit", "", "", ""): ["t.b"],
    ("a = sum(u.x) + param.limit", "aliases: [B]", "", ""): [],
    ("a = sum(u.x) + param.limit + b", "", "", ""): [],
    ("a = sum(u.x)", "title: B", "", ""): ["param.limit"],
    ("a = sum(u.x)", "title: B", "", "tolerance: {step: param.limit}"): [],
    ("a = sum(u.x)", "title: B", "", "when: a > param．limit"): [],
    ("a = param.limit", "title: B", "", ""): ["u"],
    ("a = param.limit", "title: B", "expect: u", ""): [],
    ("a = count(u) + param.limit", "title: B", "", ""): [],
    ("a = sum(parts.x) + param.limit", "title: B", "", ""): [],
}


@pytest.mark.parametrize(("case", "names"), UNUSED.items())
def test_what_no_rule_speaks_of(
    remarks: Remarks, case: tuple[str, str, str, str], names: list[str]
) -> None:
    text, column, expect, more = case
    relation = RELATED if "parts." in text else ""
    pack = WIDE.format(column=column, expect=expect, relation=relation)
    rest = f", {more}" if more else ""
    told = remarks(f"{{id: kept, assert: {text}{rest}}}", pack=pack)
    found = [r for r in told if r.code in ("PR611", "PR612", "PR613")]
    assert [name for name in names if any(name in str(r.message) for r in found)] == names
    assert len(found) == len(names)


def test_a_relation_that_no_rule_goes_along(remarks: Remarks) -> None:
    pack = WIDE.format(column="title: B", expect="", relation=RELATED)
    (remark,) = [
        r
        for r in remarks("{id: kept, assert: a = sum(u.x) + param.limit}", pack=pack)
        if r.code == "PR613"
    ]
    place = remark.place
    assert place is not None
    assert (Path(place.file).name, place.line, place.text[place.column - 1 :][: place.length]) == (
        "pack.yaml",
        3,
        "parts",
    )


def test_a_faulty_rule_may_speak_of_anything(remarks: Remarks, tmp_path: Path) -> None:
    remarks("{id: kept, assert: a = b}")
    with (tmp_path / "a.rules.yaml").open("a", encoding="utf-8") as file:
        file.write("  - {id: faulty, assert: a = nothing}\n")
    told = {remark.code for remark in analysis.remarks(loader.load_pack(tmp_path))}
    assert told & {"PR611", "PR612", "PR613"} == set()


# ---- places --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "code", "marked"),
    [
        ("assert: a = b, when: a > 5元 and a > 3元", "PR605", "a > 3元"),
        ("assert: a = b, since: 2023, when: year < 2023", "PR603", "year < 2023"),
        ("assert: a = b, when: year < 2023, since: 2023", "PR603", "year < 2023"),
        ("assert: 'a = b', when: '(a > 5元 or b > 5元) and a < 3元'", "PR604", "a > 5元"),
        ("assert: a ≤ b, when: b ≥ a", "PR606", "a ≤ b"),
        ("assert: '{column} ≥ 0', when: '{column} > 0', for: [a, b]", "PR606", "{column} ≥ 0"),
        ("assert: a = b, tolerance: {absolute: 0.001万元}", "PR608", "tolerance"),
        ("assert: rate ≤ 100", "PR617", "rate ≤ 100"),
        ("assert: a = b, cases: {pass: {a: 1, b: 1}}", "PR602", "cases"),
        ("assert: a = b", "PR601", "kept"),
    ],
)
def test_where_it_points(remarks: Remarks, rule: str, code: str, marked: str) -> None:
    (remark,) = [r for r in remarks(f"{{id: kept, {rule}}}") if r.code == code]
    place = remark.place
    assert place is not None
    assert place.text[place.column - 1 :][: place.length] == marked


def test_remarks_are_in_the_order_of_the_files(remarks: Remarks) -> None:
    told = remarks(
        "{id: kept, assert: rate ≤ 100, when: a > 5元 and a > 3元}", "{id: r1, assert: a = b}"
    )
    lines = [(r.place.file, r.place.line) for r in told if r.place]
    assert lines == sorted(lines)


# ---- our own packs, and work ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["cn-overall-self-eval", "examples/quickstart/rules"])
def test_our_own_packs(name: str) -> None:
    home = Path(__file__).parents[2]
    pack = loader.load_pack(home / name if "/" in name else name)
    assert [str(remark) for remark in analysis.remarks(pack)] == []


def test_it_takes_less_work_than_loading(remarks: Remarks, tmp_path: Path) -> None:
    rules = [
        f"{{id: 'sum-{n}', assert: a = {n}元 + b + c, when: 'n > {n} and b is not blank', title: T}}"
        for n in range(300)
    ]
    remarks(*rules)
    pack = loader.load_pack(tmp_path)
    assert calls(lambda: analysis.remarks(pack)) < calls(lambda: loader.load_pack(tmp_path))
