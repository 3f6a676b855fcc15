"""A pack tested: cases, whether rules can apply, pass and fail, generated properties, mutants."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from time import perf_counter

from perfrules.errors import Diagnostic, UsageError
from perfrules.loader.faults import meant_or_listed
from perfrules.locale import Message, message
from perfrules.model import Pack, Rule
from perfrules.testing import cases
from perfrules.testing.blocks import block, flow
from perfrules.testing.cases import CaseResult
from perfrules.testing.generate.ground import UnsupportedError
from perfrules.testing.generate.possible import Answer, Can, possible
from perfrules.testing.generate.skeleton import tables_of
from perfrules.testing.results import (
    EFFORT,
    KINDS,
    USUAL,
    Effort,
    Engine,
    Kind,
    Result,
    Standing,
    Tested,
)
from perfrules.testing.survivors import Survivor, survivors
from perfrules.testing.trials import Desk

Progress = Callable[[Result, int, int], None]
"""Told each result, with the number of steps done and of all."""


def tried(
    pack: Pack,
    *,
    only: Sequence[str] = (),
    kinds: Sequence[Kind] = KINDS,
    effort: Effort = EFFORT,
    progress: Progress = lambda _result, _done, _all: None,
) -> Tested:
    """Test the rules of a pack.

    Args:
        pack: The pack.
        only: Ids of the rules to test; by default all.
        kinds: What is tested.
        effort: How they are tried.
        progress: Told each result.

    Raises:
        UsageError: The pack has no such rule, or it is faulty.
    """
    started = perf_counter()
    rules = chosen(pack, only)
    steps = list(_steps(pack, rules, kinds, effort))
    found: list[Result] = []
    for number, step in enumerate(steps, 1):
        begun = perf_counter()
        for result in step():
            timed = replace(result, seconds=perf_counter() - begun)
            begun = perf_counter()
            found.append(timed)
            progress(timed, number, len(steps))
    seconds = perf_counter() - started
    return Tested(pack.id, pack.file.version, effort.seed, effort.examples, tuple(found), seconds)


def chosen(pack: Pack, only: Sequence[str]) -> dict[str, tuple[Rule, ...]]:
    """The rules to test, by id, each with its entries of ``for``.

    Raises:
        UsageError: The pack has no such rule.
    """
    found: dict[str, tuple[Rule, ...]] = {}
    for rule in pack.rules:
        found[rule.id] = (*found.get(rule.id, ()), rule)
    for name in only:
        if name in pack.faulty:
            raise UsageError(fault for fault in pack.faults if fault.rule == name)
        if name not in found:
            what = message("there is no rule {name}", name=name)
            raise UsageError([Diagnostic("PR505", what, hint=meant_or_listed(name, found))])
    return {name: entries for name, entries in found.items() if not only or name in only}


Step = Callable[[], Iterable[Result]]


def _steps(
    pack: Pack,
    rules: dict[str, tuple[Rule, ...]],
    kinds: Sequence[Kind],
    effort: Effort,
) -> Iterator[Step]:
    for entries in rules.values():
        if "case" in kinds:
            yield partial(case_results, pack, entries, effort.engines)
        if "possible" in kinds:
            yield partial(possible_results, pack, entries)
        if "mutants" in kinds:
            yield partial(mutants_results, pack, entries)
    if "property" in kinds:
        desk = Desk(pack, effort)
        for tables, names in by_tables(rules).items():
            yield partial(desk.shared, tables)
            for name in names:
                yield partial(desk.changed, rules[name][0])


def by_tables(rules: dict[str, tuple[Rule, ...]]) -> dict[frozenset[str], list[str]]:
    """The ids of the rules, by the tables that they read."""
    found: dict[frozenset[str], list[str]] = {}
    for name, entries in rules.items():
        found.setdefault(tables_of(entries[0]), []).append(name)
    return found


# ---- cases --------------------------------------------------------------------------------------------------------------


def case_results(
    pack: Pack, entries: Sequence[Rule], engines: Sequence[Engine] = USUAL
) -> Iterator[Result]:
    """What came of the cases of one rule, with ``engines`` held against the reference."""
    if not any(entry.cases for entry in entries):
        told = message("it has no cases: nothing says what it must do")
        yield Result(entries[0].id, "case", "none", "failed", told, entries[0].place)
    for rule in entries:
        for name, result in zip(case_names(rule), cases.run(rule, pack, engines), strict=True):
            yield case_result(result, name)


def case_names(rule: Rule) -> Iterator[str]:
    """The names of the cases of one entry of a rule: outcome, number among those of this outcome, column of ``for``."""
    numbers: dict[str, int] = {}
    for case in rule.cases:
        number = numbers[case.outcome] = numbers.get(case.outcome, 0) + 1
        yield f"{case.outcome} {number}" + (f" {rule.column}" if rule.column else "")


def case_result(result: CaseResult, name: str) -> Result:
    """What came of the case of that name."""
    rule = result.rule
    details: tuple[object, ...] = result.figures
    if result.finding is not None:
        details = (*details, result.finding.message)
    return Result(
        rule.id,
        "case",
        name,
        "passed" if result.is_expected else "failed",
        result.message,
        result.case.place or rule.place,
        details,
    )


# ---- whether it can -----------------------------------------------------------------------------------------------------

_CAN: dict[Can, Message] = {
    "apply": message("there are rows to which it applies"),
    "pass": message("there are figures that satisfy it"),
    "fail": message("there are figures that break it"),
}


def possible_results(pack: Pack, entries: Sequence[Rule]) -> Iterator[Result]:
    """Whether one rule can apply, pass and fail, as far as that can be told."""
    rule = entries[0]
    try:
        for answer in possible(rule, pack):
            yield _answered(rule, answer)
            if answer.can == "apply" and answer.proved:
                return  # what never applies neither passes nor fails
    except UnsupportedError as fault:
        told = message("nothing can be generated for {part}", part=fault.what)
        yield Result(rule.id, "possible", "can", "skipped", told, rule.place)


def _answered(rule: Rule, answer: Answer) -> Result:
    name = f"can-{answer.can}"
    if answer.rows is not None:
        return Result(rule.id, "possible", name, "passed", _CAN[answer.can], rule.place)
    if answer.proved:
        asked = rule.block.when if answer.can == "apply" and rule.guard else rule.text
        told = _cannot(answer.can, asked or "")
        return Result(rule.id, "possible", name, "failed", told, rule.place)
    told = message("neither shown nor disproved: {what}", what=_CAN[answer.can])
    return Result(rule.id, "possible", name, "skipped", told, rule.place)


def _cannot(can: Can, condition: str) -> Message:
    if can == "apply":
        return message(
            "the rule never applies: no figures meet {condition} (proved)", condition=condition
        )
    if can == "pass":
        return message(
            "the rule never passes: wherever it applies, no figures meet {condition} (proved)",
            condition=condition,
        )
    return message(
        "the rule never fails and so finds nothing: wherever it applies, all figures meet {condition} (proved)",
        condition=condition,
    )


# ---- mutants ------------------------------------------------------------------------------------------------------------


def mutants_results(pack: Pack, entries: Sequence[Rule]) -> Iterator[Result]:
    """What came of the mutants of one rule: one result."""
    rule = entries[0]
    found = [result.is_expected for entry in entries for result in cases.run(entry, pack)]
    if not found or not all(found):
        told = message("its cases come first: mutants are told by cases that are as expected")
        yield Result(rule.id, "mutants", "", "skipped", told, rule.place)
        return
    survey = survivors(rule, pack)
    left = survey.survivors
    wanted = {flow(each.case, rule.tables): each.case for each in left if each.case}
    standing, told = _surveyed(survey.mutants, len(left), found=bool(wanted))
    yield Result(
        rule.id,
        "mutants",
        "",
        standing,
        told,
        rule.place,
        tuple(map(_surviving, left)),
        block(wanted.values(), rule.tables),
        survey.mutants,
        len(left),
    )


def _surveyed(count: int, left: int, *, found: bool) -> tuple[Standing, Message]:
    if not left:
        return "passed", message(
            "its cases would notice any of {count} mistakes in the rule", count=count
        )
    if found:
        return "failed", message(
            "of {count} mistakes in the rule its cases would not notice {left}: every case comes out the same",
            left=left,
            count=count,
        )
    return "skipped", message(
        "of {count} mistakes in the rule its cases would not notice {left}, and no case was found that would: perhaps these mean the same",
        left=left,
        count=count,
    )


def _surviving(survivor: Survivor) -> Message:
    change = survivor.mutant.change
    if survivor.case is not None:
        return change
    return message("{mutant}: no case was found that would tell it", mutant=change)
