"""The documentation as tests: ``pytest README.md docs`` runs what its pages show. How examples are drawn and tests spread."""

import os
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import settings

from tests import spark
from tests.docs.pages import SYBIL
from tests.workers import Together

settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("other", deadline=None)
settings.load_profile("same")
pytest_plugins = ["pytester"]
os.environ.setdefault(
    "SPARK_LOCAL_IP", "127.0.0.1"
)  # sessions of Spark are not to be seen from outside
pytest_collect_file = SYBIL.pytest()


def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Without Java nothing of Spark is tested, which is told of each page and test."""
    for item in items:
        if spark.NO_JAVA and "spark" in item.nodeid:
            item.add_marker(pytest.mark.skip(reason=spark.UNTESTED))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together | None:
    """How ``--dist loadscope`` spreads tests over workers."""
    return Together(config, log) if config.getoption("dist") == "loadscope" else None
