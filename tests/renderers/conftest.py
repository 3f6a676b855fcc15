"""The frozen report that renderers are tested with."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

import perfrules
from perfrules.report import Report

SMALL = Path(__file__).parents[1] / "packs" / "small"
LUSONG = Path(__file__).parents[2] / "examples" / "lusong-2023"


@pytest.fixture(scope="session")
def lusong() -> Report:
    """The first real report."""
    return perfrules.check(LUSONG)


@pytest.fixture(scope="session")
def broken() -> Report:
    """What is found in the broken data of the small pack, at a time that stands still."""
    report = perfrules.check(SMALL / "broken", SMALL)
    run = replace(
        report.run,
        perfrules="0.0.0",
        started=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        seconds=0.123456,
        data="data/2023",
        rules="rules/small",
    )
    return replace(report, run=run)
