"""The documentation as tests: ``pytest README.md docs`` runs what its pages show. How examples are drawn and tests spread."""

from typing import Any

import pytest
from hypothesis import settings

from tests.docs.pages import SYBIL
from tests.workers import Together

settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("other", deadline=None)
settings.load_profile("same")
pytest_plugins = ["pytester"]
pytest_collect_file = SYBIL.pytest()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together | None:
    """How ``--dist loadscope`` spreads tests over workers."""
    return Together(config, log) if config.getoption("dist") == "loadscope" else None
