"""The documentation as tests: ``pytest README.md docs`` runs what its pages show. And what is known of our own rules."""

import pytest

from tests.docs.pages import SYBIL

pytest_plugins = ["pytester"]
pytest_collect_file = SYBIL.pytest()
KNOWN = {
    "examples/quickstart/rules/spending.rules.yaml::total-is-basic-plus-project::mutants": "the pages show what a missing case looks like by it",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Expect what is known to fail, and only that."""
    for item in items:
        if item.nodeid in KNOWN:
            item.add_marker(pytest.mark.xfail(reason=KNOWN[item.nodeid], strict=True))
