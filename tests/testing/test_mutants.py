"""Which mutants a rule has: one line per kind of mistake, what makes no sense left out, and none twice."""

from pathlib import Path

import pytest

from perfrules.expr.format import format as written
from perfrules.expr.infer import Scope, fold, infer, infer_guard
from perfrules.expr.nodes import Compare
from perfrules.expr.parse import parse
from perfrules.loader import load_pack
from perfrules.locale import word
from perfrules.model import Pack
from perfrules.tables import names_of
from perfrules.testing.mutants import Mutant, mutants
from tests.testing.pack import pack, rule_of

ROOT = Path(__file__).parents[2]


def found(kind: str, expression: str, rest: str = "", part: str = "assert") -> list[str]:
    rule, made = rule_of(expression, rest)
    return [
        str(mutant.change).replace("t.", "")
        for mutant in mutants(rule, made)
        if (mutant.kind, mutant.part) == (kind, part)
    ]


@pytest.mark.parametrize(
    ("kind", "expression", "changes"),
    [
        ("comparison", "a = b", ["a = b becomes a ≤ b", "a = b becomes a ≥ b"]),
        ("comparison", "a ≤ b", ["a ≤ b becomes a < b", "a ≤ b becomes a ≥ b"]),
        ("comparison", "a < b", ["a < b becomes a ≤ b", "a < b becomes a > b"]),
        ("comparison", "a ≥ b", ["a ≥ b becomes a > b", "a ≥ b becomes a ≤ b"]),
        ("comparison", "a > b", ["a > b becomes a ≥ b", "a > b becomes a < b"]),
        ("comparison", "a ≠ b", ["a ≠ b becomes a = b"]),
        ("comparison", 's = "x"', ['s = "x" becomes s ≠ "x"']),
        ("comparison", "ok = true", ["ok = true becomes ok ≠ true"]),
        ("sign", "a = b + c", ["b + c becomes b - c"]),
        ("sign", "a = b - c", ["b - c becomes b + c"]),
        ("sign", "a = -b", ["-b becomes b"]),
        ("term", "a = b + c", ["b is left out", "b becomes 2 * b", "c is left out", "c becomes 2 * c"]),
        ("term", "a = b - (c + d)", [
            "b is left out", "b becomes 2 * b", "c is left out", "c becomes 2 * c", "d is left out", "d becomes 2 * d",
        ]),
        ("term", "r = growth(a, b)", ["a / b is left out", "a / b becomes 2 * (a / b)", "1 is left out"]),
        ("factor", "r = a / b", ["a / b becomes b / a"]),
        ("factor", "a ≤ b * r", ["r is left out"]),  # b alone is money, r alone is not
        ("column", "a = b", ["a becomes c", "b becomes c"]),
        ("column", "d = c", ["d becomes b", "c becomes b"]),
        ("column", "n = 1", ["n becomes m"]),
        ("column", "w = 1", []),  # there is no other
        ("column", "note is not blank", ["note becomes s"]),
        ("number", "n ≥ 5", ["5 becomes 6", "5 becomes 4"]),
        ("number", "n ≥ 0", ["0 becomes 1", "0 becomes -1"]),
        ("number", "a ≥ 0", ["0 becomes 0.01万元", "0 becomes -0.01万元"]),
        ("number", "r ≥ 0", ["0 becomes 1%", "0 becomes -1%"]),
        ("number", "a ≤ 1.5万元", ["1.5万元 becomes 1.6万元", "1.5万元 becomes 1.4万元"]),
        ("number", "r ≤ param.limit", ["20% becomes 21%", "20% becomes 19%", "20% becomes 20"]),
        ("number", "r ≤ 1.2", ["1.2 becomes 1.3", "1.2 becomes 1.1", "1.2 becomes 1.2%"]),
        ("number", "n in (0, 2)", ["0 becomes 1", "0 becomes -1", "2 becomes 3", "2 becomes 1"]),
        ("number", "w = step(r, param.bands)", ["param.bands becomes param.bands"] * 3),
        ("logic", "a = b and n = 1", ["and becomes or", "a = b is left out", "n = 1 is left out"]),
        ("logic", "a = b or n = 1", ["or becomes and", "a = b is left out", "n = 1 is left out"]),
        ("logic", "n in (1, 2)", ["n in (1, 2) becomes n not in (1, 2)", "1 is left out", "2 is left out"]),
        ("not", "not (a = b)", ["not a = b becomes a = b"]),
        ("not", "present(p[item = q])", ["present(p[item = q]) becomes not present(p[item = q])"]),
        ("not", "not present(p[item = q])", ["not present(p[item = q]) becomes present(p[item = q])"]),
        ("not", 'matches(s, "x*")', ['matches(s, "x*") becomes not matches(s, "x*")']),
        ("branch", "if n = 1 then a = b", ["n = 1 is left out", "n = 1 becomes n ≠ 1"]),
        ("branch", "if n = 1 then a = b else a = c", ["the branches change places"]),
        ("branch", "a = (if n = 1 then b else c)", ["the branches change places"]),
        ("function", "a = sum(p.x)", ["sum(p.x) becomes max(p.x)"]),
        ("function", "a ≥ mean(p.x)", ["mean(p.x) becomes sum(p.x)"]),
        ("function", "a = max(p.x)", ["max(p.x) becomes min(p.x)"]),
        ("function", "any(p.x = 0)", ["any(p.x = 0) becomes all(p.x = 0)"]),
        ("function", "abs(a - b) ≤ c", ["abs(a - b) becomes a - b"]),
        ("function", "a = min(b, c)", ["min(b, c) becomes max(b, c)", "b is left out", "c is left out"]),
        ("function", "a = coalesce(b, c)", ["b is left out", "c is left out"]),
        ("function", "count_present(a, b) = 1", ["a is left out", "b is left out"]),
        ("function", "w = round(n)", ["round(n) becomes floor(n)", "round(n) becomes n"]),
        ("where", "n = count(p where x = 0)", ["p.x = 0 is left out"]),
        ("logic", "n = count(p where x = 0 and y = 0)", ["and becomes or", "p.x = 0 is left out", "p.y = 0 is left out"]),
        ("blank", "a is blank", ["a is blank becomes a is not blank"]),
        ("blank", "a is not blank", ["a is not blank becomes a is blank"]),
        ("row", "a = prior(b)", ["prior(b) becomes b"]),
        ("tolerance", "n = m", []),
    ],
)  # fmt: skip
def test_changes(kind: str, expression: str, changes: list[str]) -> None:
    assert found(kind, expression) == changes


CASES = "  cases: {pass: {t: [{a: 1.00}], p: [{item: q, x: 1.00}, {item: z, x: 2.00}]}}\n"


@pytest.mark.parametrize(
    ("expression", "changes"),
    [
        ("a = p[item = q].x", ["p[item = q].x becomes p[item = z].x"]),
        ("n = count(p[item = q])", ["count(p[item = q]) becomes count(p[item = z])"]),
        ("present(p[item = q])", ["present(p[item = q]) becomes present(p[item = z])"]),
        ("a = p[item = other].x", ["p[item = other].x becomes p[item = q].x", "p[item = other].x becomes p[item = z].x"]),
    ],
)  # fmt: skip
def test_fixed_keys_take_the_values_that_the_cases_use(expression: str, changes: list[str]) -> None:
    assert found("row", expression, CASES) == changes


@pytest.mark.parametrize(
    ("guard", "kind", "changes"),
    [
        ("n > 0", "guard", ["n > 0 is left out", "n > 0 becomes n ≤ 0"]),
        ("n > 0 and s = \"x\"", "guard", ["n > 0 and s = \"x\" is left out", "n > 0 becomes n ≤ 0"]),  # a text has one other comparison
        ("n > 0 or m > 0", "guard", ["n > 0 or m > 0 is left out", "n > 0 or m > 0 becomes not (n > 0 or m > 0)"]),
        ("a is blank and m > 0", "blank", ["a is blank becomes a is not blank"]),
        ("n ≥ 1 and n ≤ 1", "comparison", ["n ≥ 1 becomes n ≤ 1", "n ≤ 1 becomes n ≥ 1"]),  # no n is above 1 and not above 1
    ],
)  # fmt: skip
def test_guards(guard: str, kind: str, changes: list[str]) -> None:
    assert found(kind, "a = b", f"  when: '{guard}'\n", "when") == changes


@pytest.mark.parametrize(
    ("expression", "rest", "part", "changes"),
    [
        ("a = b", "", "tolerance", ["tolerance rounding becomes exact"]),
        ("a = b", "  tolerance: exact\n", "tolerance", ["tolerance exact becomes rounding"]),
        ("a = b", "  tolerance: {absolute: 0.5万元}\n", "tolerance", ["tolerance absolute 0.5万元 becomes exact", "tolerance absolute 0.5万元 becomes absolute 50000元"]),
        ("a = b", "  tolerance: {step: param.gap}\n", "tolerance", ["tolerance step param.gap becomes exact", "tolerance step param.gap becomes absolute 50000元"]),
        ("a = b", "  tolerance: {relative: 5%}\n", "tolerance", ["tolerance relative 5% becomes exact", "tolerance relative 5% becomes relative 50%"]),
        ("a = b", "  max_slack: 0.5万元\n", "max_slack", ["max_slack 0.5万元 is left out"]),
        ("n = m", "", "tolerance", []),  # whole numbers are exact
        ("a ≥ 0", "", "tolerance", []),  # every print has its zero
        ("a ≠ b", "", "tolerance", []),
        ("a is blank", "", "tolerance", []),
        ("n = count(p where x = y)", "", "tolerance", []),
        ("a + b ≥ 0", "", "tolerance", ["tolerance rounding becomes exact"]),
    ],
)  # fmt: skip
def test_tolerances(expression: str, rest: str, part: str, changes: list[str]) -> None:
    assert found("tolerance", expression, rest, part) == changes


@pytest.mark.parametrize(
    ("expression", "never"),
    [
        ("a = b + c", "* b * "),
        ("r = a / b", "r ="),
        ("s = note", "s ≤ note"),
    ],
)
def test_what_types_forbid_is_left_out(expression: str, never: str) -> None:
    rule, made = rule_of(expression)
    assert not [
        m
        for m in mutants(rule, made)
        if never in str(m.change).replace("t.", "").split(" becomes ")[-1]
    ]


def test_both_sides_are_never_the_same() -> None:
    rule, made = rule_of("a + b = a + c")
    assert "a + b = a + c" in rule.text
    for mutant in mutants(rule, made):
        tree = mutant.rule.assertion
        assert isinstance(tree, Compare)
        assert tree.left != tree.right


def test_where_in_the_text() -> None:
    rule, made = rule_of("a = b + c and n in (1, 2)")
    texts = {(m.kind, rule.text[slice(*m.at)]) for m in mutants(rule, made) if m.part == "assert"}
    assert ("sign", "b + c") in texts
    assert ("term", "b") in texts
    assert ("logic", "a = b + c") in texts
    assert ("number", "2") in texts
    rule, made = rule_of("growth(a, b) ≤ 5%")
    (gone,) = (m for m in mutants(rule, made) if str(m.change) == "1 is left out")
    assert rule.text[slice(*gone.at)] == "growth(a, b)"  # where nobody wrote a 1


def test_entries_of_for_have_their_mutants_at_one_place() -> None:
    made = pack(
        '- id: r\n  table: t\n  for: [[a, b], [c, d]]\n  assert: "{column1} = 2 * {column2} + 0万元"\n'
    )
    first, second = (mutants(rule, made) for rule in made.rules)
    assert [mutant.key for mutant in first] == [mutant.key for mutant in second]
    assert [str(m.change) for m in first] != [str(m.change) for m in second]


# ---- every mutant of our packs ------------------------------------------------------------------------------------------


def scopes(made: Pack) -> dict[str, Scope]:
    tables = made.tables
    names = {
        table: {
            fold(n): name for name, column in spec.columns.items() for n in names_of(name, column)
        }
        for table, spec in tables.items()
    }
    of_tables = {fold(n): name for name, spec in tables.items() for n in names_of(name, spec)}
    file = made.file
    return {
        rule.id: Scope(tables, names, of_tables, file.params, file.relations, rule.tables, rule.grain)
        for rule in made.rules
    }  # fmt: skip


@pytest.mark.parametrize("folder", ["rules/cn-overall-self-eval", "examples/quickstart/rules"])
def test_mutants_are_rules_that_an_author_could_have_written(folder: str) -> None:
    made = load_pack(ROOT / folder)
    scope = scopes(made)
    seen = 0
    for rule in made.rules:
        some = mutants(rule, made)
        assert some == mutants(rule, made)
        assert some
        trees = [_tree(mutant) for mutant in some]
        assert len(set(trees)) == len(trees)
        assert (rule.assertion, rule.guard, "") not in trees
        for mutant in some:
            changed = {"assert": mutant.rule.assertion, "when": mutant.rule.guard}.get(mutant.part)
            if changed is not None:
                read = infer if mutant.part == "assert" else infer_guard
                assert read(parse(written(changed)), scope[rule.id]) == changed
                assert word(mutant.change, "zh")
                seen += 1
    assert seen > 30


def _tree(mutant: Mutant) -> tuple[object, ...]:
    tuned = str(mutant.change) if mutant.part in ("tolerance", "max_slack") else ""
    return mutant.rule.assertion, mutant.rule.guard, tuned
