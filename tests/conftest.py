"""Fixtures and options of the whole test suite."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from perfrules.evaluate.engines import Shelf
from tests import browser, postgres, spark

GOLDEN = Path(__file__).parent / "golden"
collect_ignore_glob = ["*.rules.yaml"]
"""The packs here are frozen for other tests, and some are wrong on purpose."""
Golden = Callable[[str, str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write golden files anew; then read the diff"
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compares a text with a file under ``tests/golden``, or writes that file anew."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8"), f"{path}: see pytest --update-golden"

    return compare


@pytest.fixture(scope="module")
def all_native() -> Iterator[None]:
    """No sheet is left to the reference for being small: those of tests are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Shelf, "FEW", 0)
        yield


@pytest.fixture(scope="session")
def pg() -> Iterator[postgres.Server]:
    """A PostgreSQL server, one for all tests."""
    with postgres.running() as server:
        yield server


@pytest.fixture(scope="session")
def session() -> Iterator[Any]:
    """A session of Spark, one for all tests."""
    with spark.running() as made:
        yield made


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser, one for each module, since an event loop runs along with it."""
    with browser.running() as made:
        yield made
