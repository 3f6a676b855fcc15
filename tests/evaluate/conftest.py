"""Engines are tested on few rows, and judge these themselves here."""

import pytest


@pytest.fixture(autouse=True, scope="module")
def _native(all_native: None) -> None:
    """For every test of this folder."""
