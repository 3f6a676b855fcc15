"""Rules as sentences in both languages, as trees, and where they run."""

import pytest

from perfrules.cli.native import where_it_runs
from perfrules.cli.sentences import CALLS, sentence
from perfrules.cli.trees import drawn, label
from perfrules.expr.functions import FUNCTIONS
from perfrules.expr.nodes import Node
from perfrules.locale import word
from tests.evaluate.packs import pack_of

TABLES = """\
unit: 万元
params:
  bands: {steps: [{le: 10%, score: 5}, {else: 0}], title: {zh: 分档, en: Bands}}
tables:
  t:
    key: [unit, year]
    columns:
      unit: {type: text}
      year: {type: year}
      total: {type: money, title: {zh: 支出合计, en: Total expenditure}}
      basic: {type: money, title: {zh: 基本支出, en: Basic expenditure}}
      project: {type: money, title: {zh: 项目支出, en: Project expenditure}}
      travel: {type: money, title: {zh: 水费、差旅费, en: 'Water, travel'}}
      gdp: {type: money, title: {zh: 生产总值, en: GDP}}
      rate: {type: ratio, title: {zh: 执行率, en: Execution rate}}
      kind: {type: text, title: {zh: 类别, en: Kind}}
      bare: {type: money}
  d:
    title: {zh: 明细表, en: Details}
    key: [unit, year, name]
    columns:
      unit: {type: text}
      year: {type: year}
      name: {type: text, title: {zh: 名称, en: Name}}
      x: {type: money, title: {zh: 金额, en: Amount}}
"""

SENTENCES = {
    "total = basic + project": (
        "total expenditure equals basic expenditure plus project expenditure.",
        "支出合计等于基本支出加项目支出。",
    ),
    "total = basic - (project - gdp)": (
        "total expenditure equals basic expenditure minus (project expenditure minus GDP).",
        "支出合计等于基本支出减（项目支出减生产总值）。",
    ),
    "rate = (total - basic) / project": (
        "execution rate equals (total expenditure minus basic expenditure) divided by project expenditure.",
        "执行率等于（支出合计减基本支出）除以项目支出。",
    ),
    "total = 2 * basic + bare": (
        "total expenditure equals 2 times basic expenditure plus bare.",
        "支出合计等于2乘以基本支出加bare。",
    ),
    "total ≥ travel": (
        "total expenditure is at least “water, travel”.",
        "支出合计不小于“水费、差旅费”。",
    ),
    "0 ≤ total < basic": (
        "total expenditure is at least 0 and total expenditure is less than basic expenditure.",
        "支出合计不小于0，并且支出合计小于基本支出。",
    ),
    "total = -basic": (
        "total expenditure equals minus basic expenditure.",
        "支出合计等于负的基本支出。",
    ),
    "kind is not blank or total is blank": (
        "kind is filled in or total expenditure is blank.",
        "类别已填，或者支出合计为空。",
    ),
    "kind = '甲' and (total > 0 or basic > 0)": (
        'kind equals "甲" and (total expenditure is more than 0 or basic expenditure is more than 0).',
        '类别等于"甲"，并且（支出合计大于0，或者基本支出大于0）。',
    ),
    "kind in ('甲', '乙')": ('kind is one of "甲", "乙".', '类别是"甲"、"乙"之一。'),
    "kind not in ('甲', '乙')": ('kind is none of "甲", "乙".', '类别不是"甲"、"乙"中的任何一个。'),
    "not matches(kind, '甲*')": (
        'it is not so that (kind has the pattern "甲*").',
        '以下不成立：（类别符合样式"甲*"）。',
    ),
    "if kind = '甲' then total = basic else total ≠ basic": (
        'if kind equals "甲", then total expenditure equals basic expenditure, else total expenditure is not basic expenditure.',
        '如果类别等于"甲"，那么支出合计等于基本支出；否则支出合计不等于基本支出。',
    ),
    "if kind = '甲' then total = basic": (
        'if kind equals "甲", then total expenditure equals basic expenditure.',
        '如果类别等于"甲"，那么支出合计等于基本支出。',
    ),
    "total = sum(d.x where x > 0)": (
        "total expenditure equals the sum of amount in “details” (of those where amount is more than 0).",
        "支出合计等于“明细表”中的金额之和（只取金额大于0的）。",
    ),
    "total = d[name = 甲].x": (
        "total expenditure equals amount in “details” (name “甲”).",
        "支出合计等于“明细表”中的金额（名称为“甲”）。",
    ),
    "present(d[name = 甲])": (
        "there is a row of “details” (name “甲”).",
        "“明细表”（名称为“甲”）中有对应的行。",
    ),
    "total ≥ prior(total)": (
        "total expenditure is at least last year's total expenditure.",
        "支出合计不小于上年的支出合计。",
    ),
    "step(rate, param.bands) = 5": (
        "the score of (execution rate) by “Bands” equals 5.",
        "（执行率）按“分档”所得的分等于5。",
    ),
    "abs(total) = round(basic, 1) + floor(project)": (
        "the absolute value of (total expenditure) equals (basic expenditure) rounded to 1 decimals plus (project expenditure) cut off at 0 decimals.",
        "（支出合计）的绝对值等于（基本支出）四舍五入到1位小数加（项目支出）向下取到0位小数。",
    ),
}


@pytest.mark.parametrize(("text", "told"), SENTENCES.items())
def test_a_rule_is_a_sentence(text: str, told: tuple[str, str]) -> None:
    pack = pack_of(TABLES, f'  - {{id: x, table: t, assert: "{text}"}}\n'.replace('""', '"'))
    (rule,) = pack.rules
    made = sentence(rule, pack)
    assert (word(made, "en"), word(made, "zh")) == told


def test_a_guard_comes_first() -> None:
    pack = pack_of(TABLES, "  - {id: x, table: t, assert: total = basic, when: project > 0}\n")
    made = sentence(pack.rules[0], pack)
    assert word(made, "en") == (
        "Where project expenditure is more than 0: total expenditure equals basic expenditure."
    )
    assert word(made, "zh") == "凡项目支出大于0的，支出合计等于基本支出。"


def test_every_function_can_be_said() -> None:
    assert set(CALLS) == {row.name for row in FUNCTIONS}


def test_every_node_has_a_name() -> None:
    known = {kind.__name__ for kind in label.registry} - {"object"}
    assert known == {kind.__name__ for kind in Node.__subclasses__()} - {"Name", "Parameter"}


def test_a_tree() -> None:
    pack = pack_of(TABLES, "  - {id: x, table: t, assert: rate = sum(d.x) / total}\n")
    lines = [
        f"{lead}{word(name, 'en')} {detail} | {word(kind, 'en')}"
        for lead, name, detail, kind in drawn(pack.rules[0].assertion)
    ]
    assert lines == [
        "comparison = | a condition",
        "├─ column t.rate | a ratio",
        "└─ arithmetic / | a number without unit",
        "   ├─ function sum | an amount of money",
        "   │  └─ column d.x | an amount of money",
        "   └─ column t.total | an amount of money",
    ]


RUNS = {
    "total = basic + project": "on polars, all rows at once",
    "total = sum(d.x)": "on polars, all rows at once",
    "decimals(total) = 2": "on polars, all rows at once",
    "all(d.x ≤ total)": "row by row on the reference: all(d.x ≤ t.total) has no exact form on polars",
}


@pytest.mark.parametrize(("text", "told"), RUNS.items())
def test_where_it_runs(text: str, told: str) -> None:
    pack = pack_of(TABLES, f"  - {{id: x, table: t, assert: {text}}}\n")
    assert str(where_it_runs(pack, list(pack.rules))) == told
