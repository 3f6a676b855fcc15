"""Properties: what is told of them is what was done, and what breaks one can be pasted."""

import textwrap
from collections.abc import Sequence

import pytest

from perfrules.locale import message
from perfrules.model import Pack
from perfrules.testing import cases, properties, strategies, trials
from perfrules.testing.generate.examples import Example
from perfrules.testing.results import Effort, Engine
from tests.evaluate.packs import pack_of

TABLES = """
unit: 元
tables:
  office:
    key: [k, year]
    columns:
      k: {type: text}
      year: {type: year}
      total: {type: money, decimals: '2'}
  part:
    key: [k, year, i]
    columns:
      k: {type: text}
      year: {type: year}
      i: {type: text}
      a: {type: money, decimals: '2'}
      b: {type: money, decimals: '2'}
"""
RULES = """
  - {id: a-within-b, table: part, assert: a <= b + 5元}
  - {id: total-is-sum, table: office, assert: total = sum(part.a)}
"""
TOGETHER = frozenset({"office", "part"})


@pytest.fixture(scope="module")
def pack() -> Pack:
    return pack_of(TABLES, RULES)


@pytest.mark.parametrize("asked", [1, 8, 10, 17])
def test_as_many_examples_are_told_as_were_tried(pack: Pack, asked: int) -> None:
    seen: list[int] = []

    def count(pack: Pack, examples: Sequence[Example], engine: Engine = "polars") -> None:
        assert (pack.id, engine) == ("test", "polars")
        seen.append(len(examples))

    drawn = strategies.examples(strategies.scenarios(pack, TOGETHER))
    trial = properties.tried(count, pack, drawn, asked, 0)
    assert trial.examples == sum(seen)
    assert trial.examples >= asked
    assert trial.broken is None


def test_a_rule_that_gives_no_verdict_is_no_pass(
    pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = strategies.scenarios(pack, TOGETHER)
    examples = [Example(made[0], made[0].record)]
    properties.agreement(pack, examples)
    monkeypatch.setattr(properties, "evaluated", lambda *_: {})
    with pytest.raises(properties.BrokenError, match="did not run"):
        properties.agreement(pack, examples)


def test_what_breaks_a_property_is_a_case_of_its_row(pack: Pack) -> None:
    made = next(
        made
        for made in strategies.scenarios(pack, TOGETHER)
        if len(made.skeleton.tables["part"]) > 2
    )
    example = Example(made, made.record)
    tried = 0
    for instance in example.predictions:
        at = (instance.rule.id, "", tuple(str(part) for part in instance.key.values()))
        broken = properties.BrokenError(message("broken"), at, example)
        text = textwrap.indent(properties.case_block(broken, pack), " " * 8)
        rule = f"  - id: r\n    table: {instance.rule.tables[0]}\n    assert: {instance.rule.text}\n    cases:\n{text}"
        pasted = pack_of(TABLES, rule)
        (result,) = cases.run(pasted.rules[0], pasted)
        assert result.is_expected
        assert tuple(result.key.values()) == at[2]
        tried += 1
    assert tried > 3


def test_what_says_nothing_is_skipped_with_its_reason() -> None:
    bare = pack_of(
        "tables: {t: {key: [year], columns: {year: {type: year}, n: {type: count}, m: {type: count}}}}\n",
        "  - {id: n-within-m, table: t, assert: n <= m}\n",
    )
    found = {
        result.name: (result.standing, str(result.told))
        for result in trials.Desk(bare, Effort(8)).shared(frozenset({"t"}))
    }
    assert found["unit-of-measure t"] == ("skipped", "there is no money")
    assert found["unrelated-rows t"] == ("skipped", "no key column tells whole examples apart")
    assert found["agreement t"][0] == "passed"
