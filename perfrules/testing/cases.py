"""The cases of rules, run on the reference and on engines."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from perfrules import findings
from perfrules.evaluate.engines import evaluate
from perfrules.evaluate.reference import Verdict
from perfrules.findings import Finding
from perfrules.locale import Message, Worded, message
from perfrules.locale.words import OUTCOMES
from perfrules.model import Case, Pack, Rule
from perfrules.plan import Plan
from perfrules.testing.judged import Judge
from perfrules.testing.results import USUAL, Engine
from perfrules.testing.stands import Refused, Stand, stands
from perfrules.values import frozen
from perfrules.verdicts import Code

Problem = Literal["", "outcome", "engines", "refused"]
"""What is wrong with a case: nothing, another outcome than expected, engines that differ, a rule that cannot run."""


@frozen
class CaseResult:
    """What came of a case.

    Attributes:
        rule: The rule; of a rule with ``for``, one of its entries.
        case: The case.
        key: The key of the row that the case speaks of, by column.
        verdict: What the reference says; None if the rule cannot run.
        engine: What an engine says: the first that differs from the reference, if one does; None if the rule cannot run, or none was asked.
        by: That engine.
        reason: Why the rule cannot run.
        figures: Where the outcome is not as expected: the assertion, and the guard if there is one, with figures put in.
        finding: Where the outcome is not as expected: the verdict in words, with its numbers and cells.
    """

    rule: Rule
    case: Case
    key: Mapping[str, str]
    verdict: Verdict | None = None
    engine: Code | None = None
    by: Engine = "reference"
    reason: Worded | None = None
    figures: tuple[str, ...] = ()
    finding: Finding | None = None

    @property
    def problem(self) -> Problem:
        """What is wrong; empty if it is as expected."""
        if self.verdict is None:
            return "refused"
        if self.engine not in (None, self.verdict.code):
            return "engines"
        return "" if self.verdict.code.outcome == self.case.outcome else "outcome"

    @property
    def is_expected(self) -> bool:
        """Whether the reference, and every engine that was asked, give the outcome that the case must have."""
        return not self.problem

    @property
    def message(self) -> Message:
        """What came of it, in words."""
        if self.verdict is None:
            return message("the rule cannot run: {reason}", reason=self.reason)
        said = OUTCOMES[self.verdict.code.outcome]
        if self.engine is not None and self.problem == "engines":
            other = OUTCOMES[self.engine.outcome]
            return message(
                "the reference says {outcome}, {engine} says {other}",
                outcome=said,
                engine=self.by,
                other=other,
            )
        if self.problem == "outcome":
            wanted = OUTCOMES[self.case.outcome]
            return message(
                "{expected} is expected, and it is {outcome}", expected=wanted, outcome=said
            )
        return message("{outcome}, as expected", outcome=said)


def run(rule: Rule, pack: Pack, engines: Sequence[Engine] = USUAL) -> tuple[CaseResult, ...]:
    """Run the cases of one rule, with ``engines`` held against the reference."""
    if not rule.cases:
        return ()
    laid = stands(rule, pack, rule.cases)
    codes = {engine: _by(engine, laid) for engine in engines if engine != "reference"}
    return tuple(
        CaseResult(rule, found.case, {}, reason=found.reason)
        if isinstance(found, Refused)
        else _result(
            rule, found, {by: said[id(found.laid)][found.at] for by, said in codes.items()}
        )
        for found in laid
    )


def _by(engine: Engine, laid: Sequence[Stand | Refused]) -> dict[int, list[Code]]:
    """The outcomes on every row of each sheet; cases that share one are run together."""
    codes: dict[int, list[Code]] = {}
    for stand in laid:
        if isinstance(stand, Stand) and id(stand.laid) not in codes:
            (found,) = Judge(stand.pack, stand.sheet, stand.laid, stand.index).by(engine)
            codes[id(stand.laid)] = found
    return codes


def _result(rule: Rule, stand: Stand, said: Mapping[Engine, Code]) -> CaseResult:
    verdict = stand.verdict(rule)
    result = CaseResult(rule, stand.case, stand.key, verdict)
    for by, code in sorted(said.items(), key=lambda told: told[1] == verdict.code, reverse=True):
        result = replace(result, engine=code, by=by)
    return result if result.is_expected else _explained(result, stand.pack)


def _explained(result: CaseResult, pack: Pack) -> CaseResult:
    """The result with its arithmetic, from the case alone in its tables, as a reader of the case sees it."""
    (stand,) = stands(result.rule, pack, [result.case])
    assert isinstance(stand, Stand)  # noqa: S101  # it has just run among others
    (sheet,) = evaluate(Plan(pack, (stand.sheet,), ()), stand.index.dataset)
    bound = stand.sheet.rules[0].rule
    nodes = (bound.assertion,) if bound.guard is None else (bound.assertion, bound.guard)
    return replace(
        result,
        key=stand.key,
        figures=tuple(findings.with_figures(node, stand.row) for node in nodes),
        finding=findings.finding(sheet, 0, stand.at),
    )
