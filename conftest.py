"""The documentation as tests: ``pytest README.md docs`` runs what its pages show."""

from tests.docs.pages import SYBIL

pytest_plugins = ["pytester"]
pytest_collect_file = SYBIL.pytest()
