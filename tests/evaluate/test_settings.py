"""pandera may be switched off for the schemas of others: perfrules checks all the same."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from pandera.config import config_context

import perfrules
from perfrules.running import Engine

QUICKSTART = Path(__file__).parents[2] / "examples" / "quickstart"


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize(
    "settings", [{"validation_enabled": False}, {"validation_depth": "SCHEMA_ONLY"}], ids=str
)
def test_settings_of_pandera_change_no_verdict(engine: Engine, settings: dict[str, Any]) -> None:
    row = {"department": "A", "year": 2024, "total": "3.00", "basic": "1.00", "project": "1.50"}
    frames = {"spending": pl.DataFrame([row])}
    pack = QUICKSTART / "rules"
    wanted = perfrules.check(frames, pack, engine=engine, unit_of_measure="EUR")
    with config_context(**settings):
        found = perfrules.check(frames, pack, engine=engine, unit_of_measure="EUR")
    assert found.summary["fail"].sum() == 1
    assert found.summary.equals(wanted.summary)
