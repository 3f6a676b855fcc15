"""The documentation as tests: ``pytest README.md docs`` runs what its pages show. How examples are drawn, for all tests."""

from hypothesis import settings

from tests.docs.pages import SYBIL

settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("other", deadline=None)
settings.load_profile("same")
pytest_plugins = ["pytester"]
pytest_collect_file = SYBIL.pytest()
