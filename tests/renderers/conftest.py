"""The frozen report that renderers are tested with."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import perfrules
import perfrules.settling
from perfrules.findings.identity import identity, numbers
from perfrules.report import Report
from perfrules.settling.baselines import Baseline
from perfrules.waivers import Waiver
from tests.settling import signed

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
    return still(report)


def still(report: Report) -> Report:
    """The same at a time that stands still, in a place that is nowhere."""
    run = replace(
        report.run,
        perfrules="0.0.0",
        started=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        seconds=0.123456,
        data="data/2023",
        rules="rules/small",
    )
    return replace(report, run=run)


@pytest.fixture(scope="session")
def settled(broken: Report) -> Report:
    """The same with two waivers and a baseline: one waiver counts, one has lapsed; one finding is known, one has changed."""
    fail, other, third = (f for f in broken.details if f.outcome == "fail" and f.severity != "info")
    waivers: list[Waiver] = [
        signed(fail, text="上年结转", expires=date(2026, 12, 31), approved_by="李四"),
        signed(other, numbers=("0" * 16,)),
    ]
    known = {identity(third): ("fail", numbers(third)), identity(other): ("fail", "1" * 16)}
    return perfrules.settling.settled(broken, waivers, Baseline(known), date(2026, 6, 30))
