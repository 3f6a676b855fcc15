"""Wrong rules: each is caught by lint or by a test of its pack, with a message that says what is wrong; the right rule is let pass."""

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from pathlib import Path
from textwrap import indent
from typing import Literal

import pytest
import yaml

from perfrules import analysis
from perfrules.locale import word
from perfrules.model import Pack
from perfrules.testing import run
from perfrules.testing.results import Effort, Kind, Result
from perfrules.values import frozen
from tests.evaluate.packs import loaded

FOLDER = Path(__file__).parent
TABLES = (FOLDER / "tables.yaml").read_text("utf-8")
EXAMPLES = 8
"""Enough where a property is broken by every example, as by rules that exclude each other."""


@frozen
class Wrong:
    """A rule with a mistake.

    Attributes:
        name: What kind of mistake it is.
        why: Why it is one.
        rule: The rule, or several, as an author wrote it, with the cases that a careful or a careless one would write.
        caught_by: What notices it.
        says: What the message must contain.
        code: Code of the message of lint.
        right: What is written, each with what is meant.
        topic: The file in which it stands.
    """

    name: str
    why: str
    rule: str
    caught_by: Literal["lint"] | Kind
    says: str
    code: str = ""
    right: Mapping[str, str] = field(default_factory=dict)
    topic: str = ""

    def __str__(self) -> str:
        return f"{self.topic}: {self.name}"

    @property
    def corrected(self) -> str:
        """The rule that is meant."""
        text = self.rule
        for wrong, right in self.right.items():
            assert text.count(wrong) == 1, wrong
            text = text.replace(wrong, right)
        return text


def _all() -> Iterator[Wrong]:
    for file in sorted(FOLDER.glob("*.yaml")):
        if file.stem != "tables":
            for block in yaml.safe_load(file.read_text("utf-8")):
                yield Wrong(**block, topic=file.stem)


WRONG = tuple(_all())
CORRECTED = tuple(wrong for wrong in WRONG if wrong.right)
PROVABLE = tuple(wrong for wrong in CORRECTED if wrong.topic not in ("units", "tolerances"))
"""Right rules of which nothing may be said to be impossible; quotients take seconds each."""
BY_MUTANTS = tuple(wrong for wrong in WRONG if wrong.caught_by == "mutants")


def pack_of(rules: str) -> Pack:
    """The pack of these rules; of a rule without a table the table is expenditure."""
    return loaded(TABLES, f"{rules}table: expenditure\n")


def failed(pack: Pack, kind: Kind) -> list[Result]:
    """What one kind of test finds wrong with a pack."""
    assert pack.faults == ()
    found = run.tried(pack, kinds=[kind], effort=Effort(EXAMPLES)).results
    assert found
    if kind in ("case", "mutants"):
        assert [result for result in found if result.standing == "skipped"] == []
    return [result for result in found if result.standing == "failed"]


def told(wrong: Wrong, rules: str) -> list[tuple[object, ...]]:
    """The complaints about rules by what must catch the wrong ones: each a sentence, then more lines."""
    pack = pack_of(rules)
    if wrong.caught_by == "lint":
        found = (*pack.faults, *analysis.remarks(pack))
        return [(each.message, each.hint or "") for each in found if each.code == wrong.code]
    return [(each.told, *each.details) for each in failed(pack, wrong.caught_by)]


def test_there_are_many_of_every_kind() -> None:
    assert len(WRONG) >= 34
    assert len({str(wrong) for wrong in WRONG}) == len(WRONG)
    assert {wrong.caught_by for wrong in WRONG} == {
        "lint",
        "case",
        "possible",
        "property",
        "mutants",
    }
    for wrong in WRONG:
        assert bool(wrong.code) == (wrong.caught_by == "lint"), str(wrong)
        assert wrong.right or wrong.caught_by == "mutants", str(wrong)


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_a_wrong_rule_is_caught(wrong: Wrong) -> None:
    complaints = told(wrong, wrong.rule)
    texts = ["\n".join(word(line, "en") for line in lines) for lines in complaints]
    assert any(wrong.says in text for text in texts), texts
    for sentence, *_ in complaints:
        assert word(sentence, "zh") != word(sentence, "en")


@pytest.mark.parametrize("wrong", CORRECTED, ids=str)
def test_the_right_rule_is_let_pass(wrong: Wrong) -> None:
    assert pack_of(wrong.corrected).faults == ()
    assert told(wrong, wrong.corrected) == []


@pytest.mark.parametrize("wrong", PROVABLE, ids=str)
def test_a_right_rule_can_apply_pass_and_fail(wrong: Wrong) -> None:
    assert failed(pack_of(wrong.corrected), "possible") == []


@pytest.mark.parametrize("wrong", BY_MUTANTS, ids=str)
def test_with_the_pasted_cases_every_mistake_is_noticed(wrong: Wrong) -> None:
    pack = pack_of(wrong.rule)
    (result,) = failed(pack, "mutants")
    before, _, _ = wrong.rule.partition("cases:\n")
    pasted = pack_of(f"{before}cases:\n{indent(result.paste, '    ')}")
    assert failed(pasted, "case") == []
    (rule,), (more,) = pack.rules, pasted.rules
    together = replace(rule, cases=(*rule.cases, *more.cases))
    assert failed(replace(pack, rules=(together,)), "mutants") == []
