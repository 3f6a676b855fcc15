"""Every case on every engine: alone in its tables, and among all cases of its file."""

from collections.abc import Iterator

import pytest

from perfrules.evaluate.reference import Verdict
from perfrules.expr import functions
from perfrules.expr.nodes import (
    Arithmetic,
    Call,
    Compare,
    If,
    In,
    IsBlank,
    Logic,
    Negate,
    Node,
    Not,
)
from perfrules.expr.parse import parse
from tests.evaluate.cases import (
    EXACT,
    Case,
    alone,
    cases_of,
    counted,
    exact,
    files,
    rule_of,
    together,
)

FILES = (*files("expr"), *files("outcomes"))
CASES = tuple(case for file in FILES for case in cases_of(file))
SHARING = tuple(case for case in CASES if not case.alone)
KEPT = ("fail", "unknown", "rounding")

OPERATORS = {
    "add": (Arithmetic, "+"), "subtract": (Arithmetic, "-"), "multiply": (Arithmetic, "*"), "divide": (Arithmetic, "/"),
    "negate": (Negate, None), "equal": (Compare, "="), "not_equal": (Compare, "≠"), "less": (Compare, "<"),
    "at_most": (Compare, "≤"), "greater": (Compare, ">"), "at_least": (Compare, "≥"), "chain": (Logic, "and"),
    "between": (Logic, "and"), "in": (In, None), "is_blank": (IsBlank, None), "not": (Not, None), "and": (Logic, "and"),
    "or": (Logic, "or"), "if_then": (If, None), "if_then_else": (If, None), "if_value": (If, None),
}  # fmt: skip
"""The operator that each file of ``tests/cases/expr`` is about: its node, and its sign where the node has several."""

each_case = pytest.mark.parametrize("case", CASES, ids=str)


@each_case
def test_reference(case: Case) -> None:
    ran = alone(case.file, case.number)
    assert ran.by_reference() == list(case.gives)


@each_case
def test_polars(case: Case) -> None:
    ran = alone(case.file, case.number)
    assert ran.by_polars() == list(case.gives)


@each_case
def test_batched(case: Case) -> None:
    kept, counts = alone(case.file, case.number).batched()
    assert kept == {row: outcome for row, outcome in enumerate(case.gives) if outcome in KEPT}
    assert counts == counted(case.gives)


@each_case
def test_stock_pandera(case: Case) -> None:
    found = alone(case.file, case.number).by_stock()
    assert found == {
        row for row, outcome in enumerate(case.gives) if outcome in ("fail", "unknown")
    }


@pytest.mark.parametrize("case", SHARING, ids=str)
def test_among_others(case: Case) -> None:
    ran = together(case)
    rows = ran.own(case)
    by_reference, by_polars = ran.by_reference(), ran.by_polars()
    kept, counts = ran.batched()
    assert [by_reference[row] for row in rows] == list(case.gives)
    assert [by_polars[row] for row in rows] == list(case.gives)
    assert {row: kept[row] for row in rows if row in kept} == {
        row: outcome for row, outcome in zip(rows, case.gives, strict=True) if outcome in KEPT
    }
    assert counts == counted(by_reference)


@pytest.mark.parametrize("case", [case for case in CASES if case.facts], ids=str)
def test_explained(case: Case) -> None:
    verdicts = alone(case.file, case.number).verdicts()
    for name, wanted in case.facts.items():
        for row, (verdict, text) in enumerate(zip(verdicts, wanted, strict=True)):
            if text is not None:
                assert _fact(verdict, name) == _wanted(name, text), f"{name} of row {row}"


def _fact(verdict: Verdict, name: str) -> object:
    if name == "missing":
        return [f"{cell.table}.{cell.column}" for cell in verdict.missing]
    return list(verdict.notes) if name == "notes" else getattr(verdict, name)


def _wanted(name: str, text: str) -> object:
    if name in EXACT:
        return exact(text)
    return text if name == "reason" else text.split()


@pytest.mark.parametrize("file", FILES)
def test_native_where_due(file: str) -> None:
    cases = cases_of(file)
    found = {str(case): alone(case.file, case.number).is_native() for case in cases}
    assert found == {str(case): case.native for case in cases}


# ---- the files ----------------------------------------------------------------------------------------------------------


def test_every_operator_and_function_has_a_file() -> None:
    assert set(files("expr")) == {
        f"expr/{name}" for name in (*OPERATORS, *(row.name for row in functions.FUNCTIONS))
    }


@pytest.mark.parametrize("case", [case for case in CASES if case.file.startswith("expr/")], ids=str)
def test_a_case_is_about_what_its_file_says(case: Case) -> None:
    name = case.file.removeprefix("expr/")
    wanted = OPERATORS.get(name)
    found = [part for text in _texts(case) for part in parse(text).walk()]
    if wanted is None:
        assert any(_called(part) == name for part in found)
    else:
        kind, sign = wanted
        assert any(
            isinstance(part, kind) and (sign is None or getattr(part, "op", None) == sign)
            for part in found
        )


def _texts(case: Case) -> Iterator[str]:
    yield from (str(case.rule[key]) for key in ("assert", "when") if key in case.rule)


def _called(node: Node) -> str:
    if not isinstance(node, Call):
        return ""
    row = functions.BY_NAME.get(node.name)
    return row.name if row else ""


@pytest.mark.parametrize("file", FILES)
def test_every_outcome_is_known(file: str) -> None:
    for case in cases_of(file):
        assert set(case.gives) <= {"fail", "unknown", "rounding", "pass", "not-applicable"}
        assert rule_of(case).id == case.id
