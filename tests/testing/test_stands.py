"""How a case becomes data: keys that are left out, the row that it speaks of, and what cannot run."""

from collections.abc import Mapping

import pytest

from perfrules.model import Pack
from perfrules.testing.cases import run
from perfrules.testing.stands import Refused, Stand, stands
from tests.evaluate.packs import pack_of

TABLES = """
unit: 万元
tables:
  t:
    key: [k, year]
    columns:
      k: {type: text}
      year: {type: year}
      a: {type: money, decimals: '2'}
      b: {type: money, decimals: '2'}
      n: {type: count}
  d:
    key: [k, year, item]
    columns:
      k: {type: text}
      year: {type: year}
      item: {type: text}
      x: {type: money, decimals: '2'}
  s:
    key: [k, year, stage]
    columns:
      k: {type: text}
      year: {type: year}
      stage: {type: text}
      a: {type: money, decimals: '2'}
      day: {type: date}
  odd:
    key: [no, day, ok, rank]
    columns:
      no: {type: code}
      day: {type: date}
      ok: {type: flag}
      rank: {type: count}
      a: {type: count}
"""


def pack(rule: str) -> Pack:
    return pack_of(TABLES, "".join(f"  {line}\n" for line in ("- id: r", *rule.splitlines())))


ROW = """  table: t
  assert: a = b
  cases:
    pass: {a: 1.00, b: 1.00}
    fail: {k: B, year: 2020, a: 1.00, b: 2.00}
"""
SUM = """  table: t
  assert: a = sum(d.x)
  cases:
    pass: {t: [{a: 3.00}], d: [{x: 1.00}, {x: 2.00}]}
    fail: {t: [{a: 3.00}], d: [{item: p, x: 1.00}, {k: B, item: p, x: 2.00}]}
    unknown: {t: [{a: 3.00}], d: [{k: A, year: 2023, item: p, x: 1.00}, {k: A, year: 2023, item: p, x: 2.00}]}
"""
FIRST = """  table: t
  assert: a = b
  cases:
    pass: {t: [{a: 1.00, b: 1.00}, {a: 1.00, b: 2.00}]}
    fail: {t: [{a: 1.00, b: 2.00}, {a: 1.00, b: 1.00}]}
"""
GRAIN = """  table: s
  per: [k, year]
  assert: s[stage = new].a = s[stage = old].a
  cases:
    pass: {s: [{stage: old, a: 1.00}, {stage: new, a: 1.00}, {k: B, stage: new, a: 9.00}]}
    unknown: {s: [{k: B, stage: new, a: 9.00}, {stage: old, a: 1.00}, {stage: new, a: 1.00}]}
"""
EITHER = """  table: [t, s]
  per: [k, year]
  assert: present(t) and count(s) > 0
  cases:
    pass: {t: [{a: 1.00}], s: [{a: 1.00}]}
    fail: {t: [], s: [{a: 1.00}]}
"""
BEFORE = """  table: t
  assert: a = prior(b)
  cases:
    pass: {t: [{a: 1.00}, {year: 2022, b: 1.00}]}
    unknown: {t: [{a: 1.00}, {b: 1.00}]}
"""
LATER = """  table: t
  since: 2025
  until: 2026
  assert: a = b
  cases:
    pass: {a: 1.00, b: 1.00}
    not-applicable: {year: 2024, a: 1.00, b: 2.00}
"""
EARLIER = """  table: t
  until: 2019
  assert: a = b
  cases: {fail: {a: 1.00, b: 2.00}}
"""
KINDS = """  table: odd
  assert: a = 1
  cases:
    pass: {a: 1}
    fail: {odd: [{a: 2}, {a: 1}, {no: '7', a: 1}]}
"""
OWN = """  table: t
  when: k = "A"
  assert: a = b
  cases:
    pass: {a: 1.00, b: 1.00}
    fail: {a: 1.00, b: 2.00}
    not-applicable: {k: B, a: 1.00, b: 2.00}
"""


@pytest.mark.parametrize(
    ("rule", "keys"),
    [
        (ROW, [{"k": "A", "year": "2023"}, {"k": "B", "year": "2020"}]),
        (SUM, [{"k": "A", "year": "2023"}] * 3),
        (FIRST, [{"k": "A", "year": "2023"}] * 2),
        (GRAIN, [{"k": "A", "year": "2023"}, {"k": "B", "year": "2023"}]),
        (EITHER, [{"k": "A", "year": "2023"}] * 2),
        (BEFORE, [{"k": "A", "year": "2023"}] * 2),
        (LATER, [{"k": "A", "year": "2025"}, {"k": "A", "year": "2024"}]),
        (EARLIER, [{"k": "A", "year": "2019"}]),
        (KINDS, [{"no": "1", "day": "2023-01-01", "ok": "True", "rank": "1"}] * 2),
        (OWN, [{"k": "A", "year": "2023"}] * 2 + [{"k": "B", "year": "2023"}]),
    ],
)  # fmt: skip
def test_cases_speak_of_the_row_that_their_first_row_belongs_to(
    rule: str, keys: list[Mapping[str, str]]
) -> None:
    made = pack(rule)
    found = run(made.rules[0], made)
    assert [(result.problem, result.key) for result in found] == [("", key) for key in keys]


def test_rows_that_would_share_their_key_are_numbered_in_the_last_column_left_out() -> None:
    made = pack(SUM)
    (stand,) = stands(made.rules[0], made, made.rules[0].cases[:1])
    assert isinstance(stand, Stand)
    assert stand.index.dataset.tables["d"].frame.select("k", "year", "item").rows() == [
        ("A", 2023, "1"),
        ("A", 2023, "2"),
    ]
    made = pack(FIRST)
    (stand,) = stands(made.rules[0], made, made.rules[0].cases[:1])
    assert isinstance(stand, Stand)
    assert stand.index.dataset.tables["t"].frame["year"].to_list() == [2023, 2024]


def test_only_tables_that_the_case_names_or_the_rule_needs_are_there() -> None:
    made = pack("  table: t\n  assert: a = sum(d.x)\n  cases: {unknown: {a: 3.00}}\n")
    (stand,) = stands(made.rules[0], made, made.rules[0].cases)
    assert isinstance(stand, Stand)
    assert {name: table.frame.height for name, table in stand.index.dataset.tables.items()} == {
        "t": 1,
        "d": 0,
    }
    assert stand.verdict(made.rules[0]).reason == "no-row"


def test_cases_share_a_dataset_where_their_keys_can_be_made_apart() -> None:
    made = pack(FIRST)
    first, second = stands(made.rules[0], made, made.rules[0].cases)
    assert isinstance(first, Stand)
    assert isinstance(second, Stand)
    assert first.laid is second.laid
    made = pack(OWN)  # it reads the column, so that no other value may stand there
    first, *_ = stands(made.rules[0], made, made.rules[0].cases)
    made = pack(ROW)  # one case says what stands there
    _, second = stands(made.rules[0], made, made.rules[0].cases)
    assert isinstance(first, Stand)
    assert isinstance(second, Stand)
    assert first.index.dataset.tables["t"].frame.height == 1
    assert second.index.dataset.tables["t"].frame.height == 1


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ("{d: [{x: 1.00}]}", "it has no row of t"),
        ("{t: [{k: ~, a: 1.00}], d: [{x: 1.00}]}", "the key of its first row of t is not complete"),
    ],
)  # fmt: skip
def test_a_case_in_which_the_rule_cannot_run_says_why(case: str, reason: str) -> None:
    made = pack(
        f"  table: t\n  per: k\n  assert: sum(t.a per k) = sum(d.x per k)\n  cases: {{pass: {case}}}\n"
    )
    (found,) = stands(made.rules[0], made, made.rules[0].cases)
    assert isinstance(found, Refused)
    (result,) = run(made.rules[0], made)
    assert (result.problem, str(result.message)) == ("refused", f"the rule cannot run: {reason}")
