"""What goes to one process together."""

from collections import OrderedDict

import pytest

from tests.workers import longest_first, together


@pytest.mark.parametrize(
    ("nodeid", "shares"),
    [
        ("tests/test_a.py::test_one[x::1 a + b]", "tests/test_a.py"),
        ("tests/test_a.py::TestB::test_two", "tests/test_a.py"),
        ("rules/p/a.rules.yaml::sum::case pass 1", "rules/p/a.rules.yaml::sum"),
        ("rules/p/a.rules.yaml::sum::mutants", "rules/p/a.rules.yaml::sum"),
        ("tests/readers/test_postgresql.py::test_one", "postgresql"),
        ("tests/test_a.py::test_one[postgresql-x]", "postgresql"),
        ("tests/test_a.py::test_one[spark-x]", "spark"),
    ],
    ids=["module", "class", "case", "mutants", "named module", "named parameter", "another"],
)
def test_what_shares_a_process(nodeid: str, shares: str) -> None:
    assert together(nodeid) == shares


def test_what_takes_longest_comes_first() -> None:
    queue = OrderedDict.fromkeys(("tests/test_a.py", "spark", "postgresql"))
    for _ in range(2):
        longest_first(queue)
        assert list(queue) == ["spark", "tests/test_a.py", "postgresql"]
    queue.popitem(last=False)
    longest_first(queue)
    assert list(queue) == ["tests/test_a.py", "postgresql"]
