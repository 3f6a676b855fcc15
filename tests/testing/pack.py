"""A small pack for mutants, which only its tests change."""

from perfrules.model import Pack, Rule
from tests.evaluate.packs import pack_of

TABLES = """
unit: 万元
params:
  limit: {value: 20%}
  gap: {value: 0.5万元}
  bands: {steps: [{le: '0', score: '5'}, {else: '0'}]}
tables:
  t:
    key: [k, year]
    columns:
      k: {type: text}
      year: {type: year}
      a: {type: money, decimals: '2'}
      b: {type: money, decimals: '2'}
      c: {type: money, decimals: '2'}
      d: {type: money, decimals: '2'}
      r: {type: ratio, unit: '%'}
      n: {type: count}
      m: {type: count}
      w: {type: number, decimals: exact}
      s: {type: text}
      note: {type: text}
      day: {type: date}
      ok: {type: flag}
  p:
    key: [k, year, item]
    columns:
      k: {type: text}
      year: {type: year}
      item: {type: text}
      x: {type: money, decimals: '2'}
      y: {type: money, decimals: '2'}
"""


def pack(rules: str) -> Pack:
    """The pack with these rules, each ``- id: …`` at the left margin."""
    return pack_of(TABLES, "".join(f"  {line}\n" for line in rules.splitlines()))


def rule_of(expression: str, rest: str = "") -> tuple[Rule, Pack]:
    """A rule over ``t``, and its pack."""
    made = pack(f"- id: r\n  table: t\n  assert: >-\n    {expression}\n{rest}")
    return made.rules[0], made
