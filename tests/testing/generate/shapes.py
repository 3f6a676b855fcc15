"""Small packs, one for each shape of rule that data are generated for; every rule is named ``r`` or stands beside it."""

from functools import cache

from perfrules.model import Pack
from tests.evaluate.packs import pack_of

TABLES = """
unit: 万元
params:
  limit: {value: 20%}
  bands: {steps: [{le: '0', score: '5'}, {le: '10', score: '3'}, {else: '0'}]}
relations:
  below: {table: parts, on: {owner: k, year: year}}
  children: {table: units, on: {parent: unit, year: year}}
tables:
  t:
    key: [k, year]
    columns:
      k: {type: text}
      year: {type: year}
      a: {type: money, decimals: '2'}
      b: {type: money, decimals: '2'}
      c: {type: money, decimals: '2'}
      z: {type: money, decimals: '2', blank: zero}
      y: {type: money, decimals: '2', blank: zero-if-closes}
      p: {type: money, decimals: printed}
      e: {type: money, decimals: exact}
      r: {type: ratio, unit: '%', decimals: '2'}
      n: {type: count}
      m: {type: count}
      w: {type: number, decimals: exact}
      s: {type: text}
      no: {type: code}
      day: {type: date}
      due: {type: date}
      ok: {type: flag}
  d:
    key: [k, year, item]
    columns:
      k: {type: text}
      year: {type: year}
      item: {type: text}
      x: {type: money, decimals: '2'}
      f: {type: number, decimals: exact}
  u:
    key: [k, year, item]
    columns:
      k: {type: text}
      year: {type: year}
      item: {type: text}
      x: {type: money, decimals: '2'}
  parts:
    key: [owner, year, item]
    columns:
      owner: {type: text}
      year: {type: year}
      item: {type: text}
      x: {type: money, decimals: '2'}
  units:
    key: [unit, parent, year]
    columns:
      unit: {type: text}
      parent: {type: text}
      year: {type: year}
      a: {type: money, decimals: '2'}
  stages:
    key: [k, year, stage]
    columns:
      k: {type: text}
      year: {type: year}
      stage: {type: text}
      a: {type: money, decimals: '2'}
  yearly:
    key: [year]
    columns:
      year: {type: year}
      a: {type: money, decimals: '2'}
      b: {type: money, decimals: '2'}
  due:
    key: [k, year]
    expect: t
    columns:
      k: {type: text}
      year: {type: year}
      a: {type: money, decimals: '2'}
      b: {type: money, decimals: '2'}
"""

RULES: dict[str, str] = {
    "sum": "a = b + c",
    "two-sums": "a = b + c",
    "difference": "a - b >= c",
    "strict": "a < b",
    "chain": "0万元 <= a <= b",
    "coefficient": "2 * a = b + c",
    "exact": "a = b + c\ntolerance: exact",
    "absolute": "a = b + c\ntolerance: {absolute: 0.5万元}",
    "absolute-at-most": "a <= b\ntolerance: {absolute: 0.5万元}",
    "relative": "a = b\ntolerance: {relative: 5%}",
    "relative-at-most": "a <= b\ntolerance: {relative: 5%}",
    "step-tolerance": "n = m\ntolerance: {step: '2'}",
    "max-slack": "a = b + c\nmax_slack: 0.005万元",
    "ratio": "r = a / b",
    "ratio-less-one": "r = a / b - 1",
    "ratio-absolute": "r = a / b\ntolerance: {absolute: 0.5pp}",
    "quotient-at-most": "a / b <= 120%",
    "product": "a = w * b",
    "guard": "a = b\nwhen: c > 10万元",
    "guard-of-texts": 'a = b\nwhen: s in ("甲类", "乙类")',
    "if": "if a > b then c = a else c = b",
    "if-value": "a = (if b > c then b else c)",
    "or": "a = b or a = c",
    "not": "not (a > b)",
    "zero": "a = b + z",
    "zero-if-closes": "a = b + y",
    "zero-alone": "a >= z",
    "printed": "a = p + b",
    "exact-column": "a = e + b",
    "dates": "day <= due",
    "flag": "if ok then a = b",
    "code": 'if no = "3" then a = b',
    "blank": "if a > 0万元 then s is not blank",
    "blanks": "a is blank or b is not blank",
    "step": "w = step(n, param.bands)",
    "round": "n = round(w)",
    "floor": "w = floor(n / 3)",
    "abs": "abs(a - b) <= c",
    "min-max": "min(a, b) <= c and c <= max(a, b)",
    "coalesce": "c = coalesce(a, b)",
    "count-present": "n = count_present(a, b, s)",
    "matches": 'if matches(s, "甲*") then a = b',
    "for": "{column} >= 0万元\nfor: [a, b]",
    "rows-sum": "a = sum(d.x)",
    "rows-where": 'a = sum(d.x where item = "人")',
    "rows-count": "n = count(d where x > 0万元)",
    "rows-min": "a <= min(d.x)",
    "rows-max": "a = max(d.x)",
    "rows-mean": "a = mean(d.x)",
    "rows-any": "if any(d.x > 100万元) then a > 100万元",
    "rows-all": "if all(d.x > 100万元) then a > 100万元",
    "relation": "a >= sum(below.x)",
    "relation-to-itself": "a >= sum(children.a)\ntable: units",
    "prior": "b = prior(a)",
    "pinned": "a = stages[stage = 决算].a",
    "union": "present(d) and present(u)\ntable: [d, u]",
    "union-figures": "d.x = u.x\ntable: [d, u]",
    "year-only": "a = b\ntable: yearly",
    "expect": "a = b\ntable: due",
    "expect-pair": "a = due.a",
}
MORE = {
    "two-sums": ["a <= b\nid: beside", "b = c\nwhen: n > 3\nid: guarded"],
    "for": ["a + b = c\nid: beside"],
    "product": ["w <= 100\nid: beside"],
}
REFUSED = {"rows-distinct": ("n = count_distinct(d.f)", "count_distinct")}


def _written(text: str) -> str:
    first, *rest = text.split("\n")
    keys = {"id": "r", "table": "t"} | dict(line.split(": ", 1) for line in rest)
    lines = [f"{key}: {value}" for key, value in keys.items()]
    return (
        "\n".join(["  - assert: >-", f"      {first}", *(f"    {line}" for line in lines)]) + "\n"
    )


@cache
def pack(shape: str) -> Pack:
    """The pack of a shape, made once: what is generated is kept by pack."""
    rule = RULES[shape] if shape in RULES else REFUSED[shape][0]
    return pack_of(TABLES, "".join(map(_written, [rule, *MORE.get(shape, [])])))
