"""For every shape of rule: what is drawn agrees, what is changed breaks exactly what it must, and boundaries are boundaries."""

from collections.abc import Sequence

import pytest
from hypothesis import Phase, given, seed, settings

from perfrules.errors import UsageError
from perfrules.model import Pack
from perfrules.testing import judged, properties, strategies
from perfrules.testing.generate.examples import Aim, Example
from perfrules.testing.generate.gathered import gathered
from perfrules.testing.generate.scenarios import Scenario
from perfrules.testing.generate.skeleton import tables_of
from tests.testing.generate.shapes import REFUSED, RULES, pack

NO_BOUNDARY = ("blank", "blanks", "union", "exact", "max-slack", "count-present")
"""What compares no figures has none, nor has what allows less than one unit of the last place."""
quick = settings(
    max_examples=8,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    report_multiple_bugs=False,
)


def scenarios(made: Pack) -> list[Scenario]:
    return strategies.scenarios(made, tables_of(made.rules[0]))


def verdicts(made: Pack, examples: Sequence[Example]) -> dict[judged.At, str]:
    """What the engine says, having compared it with the reference and with what must be said."""
    found: dict[judged.At, str] = {}
    for part in gathered(examples):
        said = judged.evaluated(made, part.rows)
        assert part.wanted.keys() <= said.keys()
        properties.compare(part, said)
        found |= {at: each.engine.outcome for at, each in said.items()}
    return found


@pytest.mark.parametrize("shape", RULES)
def test_drawn_data_agree(shape: str) -> None:
    made = pack(shape)
    outcomes: set[str] = set()

    @seed(1)
    @quick
    @given(strategies.examples(scenarios(made)))
    def holds(example: Example) -> None:
        found = verdicts(made, [example])
        assert set(found.values()) <= {"pass", "not-applicable", "unknown"}
        outcomes.update(outcome for at, outcome in found.items() if at[0] == "r")

    holds()
    assert "pass" in outcomes


@pytest.mark.parametrize("shape", RULES)
def test_violations_fail_what_they_must(shape: str) -> None:
    made = pack(shape)

    @seed(1)
    @quick
    @given(strategies.violations(made, "r"))
    def holds(changed: strategies.Changed) -> None:
        found = judged.evaluated(
            made,
            {name: list(frame.iter_rows(named=True)) for name, frame in changed.tables.items()},
        )
        failing = {at for at, said in found.items() if said.engine.outcome == "fail"}
        assert failing == {
            (at.rule, at.column, tuple(value for _, value in at.key)) for at in changed.fails
        }
        assert "r" in {rule for rule, _, _ in failing}

    holds()


@pytest.mark.parametrize("shape", [shape for shape in RULES if shape not in NO_BOUNDARY])
def test_boundaries_hold_and_one_unit_more_does_not(shape: str) -> None:
    made = pack(shape)
    drawn = strategies.changes(made, "r", "boundary", lambda example: example)

    @seed(1)
    @quick
    @given(drawn)
    def holds(example: Example) -> None:
        target, slot = example.target, example.changed
        assert target is not None
        assert slot is not None
        at = (
            target.rule.id,
            target.rule.column,
            tuple(str(target.key[c]) for c in target.rule.grain),
        )
        assert judged.evaluated(made, example.rows)[at].engine.outcome in ("pass", "rounding")
        held, was = example.record[slot], example.was
        assert isinstance(held, int)
        assert isinstance(was, int)
        further = held + (1 if held >= was else -1)
        beyond = Example(example.scenario, {**example.record, slot: further}, slot, was, target)
        assert judged.evaluated(made, beyond.rows)[at].engine.outcome == "fail"

    holds()


@pytest.mark.parametrize("shape", NO_BOUNDARY)
def test_no_boundary(shape: str) -> None:
    assert refusal(shape, "boundary") == "PR514"


def refusal(shape: str, aim: Aim) -> str:
    with pytest.raises(UsageError) as caught:
        strategies.changes(pack(shape), "r", aim, lambda example: example)
    return caught.value.diagnostics[0].code


@pytest.mark.parametrize("shape", REFUSED)
def test_what_is_refused_is_named(shape: str) -> None:
    with pytest.raises(UsageError) as caught:
        strategies.violations(pack(shape), "r")
    assert REFUSED[shape][1] in str(caught.value.diagnostics[0].message)
