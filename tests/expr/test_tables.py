"""The saved tables say what the grammar says; ``make grammar`` brings them up to date."""

import pytest
from lark import Lark

from perfrules.expr import parse as parsing
from perfrules.expr.nodes import Compare, Name
from tests.expr.tables import meaning, saved


def test_one_file_of_tables_and_it_is_of_the_lark_that_is_installed() -> None:
    assert [path.name for path in saved()] == [parsing.TABLES]


def test_the_tables_are_those_of_the_grammar() -> None:
    assert meaning(parsing._lark()) == meaning(parsing.built())


def test_beside_another_lark_the_grammar_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "TABLES", "grammar-0.0.0.tables")
    monkeypatch.setattr(parsing, "_lark", parsing._lark.__wrapped__)
    monkeypatch.setattr(Lark, "load", None)
    assert parsing.parse("a = b") == Compare("=", Name("a"), Name("b"))
