"""Data that lives in a database: the same report as of the frames, and what is told when something is in the way."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings

import perfrules
from perfrules.errors import DataError
from perfrules.model import Pack
from perfrules.report import Report
from tests.evaluate.packs import Cells, loaded, pack_of
from tests.evaluate.test_agree import DATA, IN_YUAN, rules
from tests.stored import in_duckdb, in_postgres
from tests.typed import typed

pytestmark = pytest.mark.xdist_group("databases")
TABLES = """
tables:
  t:
    key: [k, year]
    unit: 元
    columns:
      k: {type: text}
      year: {type: year}
      a: {type: money, decimals: 2}
      b: {type: money, decimals: 2}
      m: {type: money}
      w: {type: money, decimals: exact}
      z: {type: money, decimals: 2, blank: zero}
      n: {type: count}
      f: {type: flag}
      day: {type: date}
  d:
    key: [k, year, i]
    unit: 元
    columns:
      k: {type: text}
      year: {type: year}
      i: {type: code}
      x: {type: money, decimals: 2}
"""
RULES = """
  - {id: sums, table: t, assert: a = b + m}
  - {id: finer, table: t, assert: a = sum(d.x)}
  - {id: before, table: t, assert: prior(a) ≤ a, when: n > 1}
  - {id: there, table: t, assert: present(d)}
  - {id: counted, table: t, assert: count(d) = n}
  - {id: greatest, table: t, assert: 'b = max(a, z)'}
  - {id: zero, table: t, assert: 'z + a = w'}
  - {id: dated, table: t, assert: f}
  - {id: coarse, table: d, per: [k], assert: sum(x) ≥ 0}
"""
PACK = pack_of(TABLES, RULES)


def frames() -> dict[str, pl.DataFrame]:
    cents = [None, 100, 101, 250, 100, 0]

    def money(at: int, scale: int = 2) -> Decimal | None:
        number = cents[at % len(cents)]
        return (
            None
            if number is None
            else Decimal(number).scaleb(-2).quantize(Decimal(1).scaleb(-scale))
        )

    rows = range(24)
    t = pl.DataFrame(
        {
            "k": [f"单位 {row // 2}" for row in rows],
            "year": [2022 + row % 2 for row in rows],
            "a": [money(row) for row in rows],
            "b": [Decimal("1.005") if row == 7 else money(row + 1) for row in rows],
            "m": [(money(row * 5, 3) or Decimal(0)) + Decimal(row % 3).scaleb(-3) for row in rows],
            "w": [money(row + 2) for row in rows],
            "z": [money(row * 7) for row in rows],
            "n": [row % 3 for row in rows],
            "f": [(True, False, None)[row % 3] for row in rows],
            "day": [date(2023, 1, 1 + row) for row in rows],
        },
        schema_overrides=dict.fromkeys(("a", "w", "z"), pl.Decimal(18, 2))
        | {"b": pl.Decimal(18, 4), "m": pl.Decimal(18, 3)},
    )
    d = pl.DataFrame(
        {
            "k": [f"单位 {row // 4}" for row in rows],
            "year": [2022 + row % 2 for row in rows],
            "i": list(rows),
            "x": [money(row) for row in rows],
        },
        schema_overrides={"x": pl.Decimal(18, 2)},
    )
    return {"t": t, "d": d}


Stored = Callable[[Mapping[str, pl.DataFrame]], str]


@pytest.fixture(params=["duckdb", "postgres"])
def stored(request: pytest.FixtureRequest, tmp_path: Path) -> Stored:
    """Stores frames in a database; gives its address."""
    if request.param == "duckdb":
        numbers = count()
        return lambda tables: in_duckdb(tmp_path / f"data{next(numbers)}.duckdb", tables)
    address = request.getfixturevalue("pg").fresh("data")
    return lambda tables: in_postgres(address, tables)


def told(report: Report) -> list[Any]:
    """Counts, and findings but for where they were printed."""
    found = [
        (f.rule, tuple(f.key.items()), f.outcome, f.left, f.right, f.difference, f.slack, f.unit, f.reason, str(f.message), tuple(map(str, f.notes)),
         tuple(sorted((c.table, c.column, tuple(c.key.items()), c.printed) for c in f.cells)))
        for f in report.details
    ]  # fmt: skip
    return [report.counts, sorted(found, key=str)]


def test_the_report_is_that_of_the_frames(stored: Stored) -> None:
    found, wanted = perfrules.check(stored(frames()), PACK), perfrules.check(frames(), PACK)
    assert told(found) == told(wanted)
    assert found.run.engine in ("duckdb", "postgres")
    assert found.run.tables == {"t": 24, "d": 24}
    assert {n.code for n in found.remarks} == {n.code for n in wanted.remarks} == {"PR408"}


def test_keys_that_occur_twice_or_are_incomplete(stored: Stored) -> None:
    tables = frames()
    nameless = tables["t"].head(1).with_columns(k=pl.lit(None, pl.String))
    tables["t"] = pl.concat([tables["t"], tables["t"].head(1), nameless])
    tables["d"] = pl.concat([tables["d"], tables["d"].head(2)])
    found, wanted = perfrules.check(stored(tables), PACK), perfrules.check(tables, PACK)
    assert told(found) == told(wanted)
    assert {"PR404", "PR405"} <= {n.code for n in found.remarks}


def test_white_space_in_texts(stored: Stored) -> None:
    tables = frames()
    tables["t"] = tables["t"].with_columns(
        k=pl.lit(" ") + pl.col("k").str.replace(" ", "\u3000 ") + "\u00a0"
    )
    found, wanted = perfrules.check(stored(tables), PACK), perfrules.check(tables, PACK)
    assert told(found) == told(wanted)


@pytest.mark.parametrize("kind", [pl.String, pl.Float64])
def test_what_cannot_be_read_there_is_read_into_memory(stored: Stored, kind: Any) -> None:
    tables = frames()
    tables["d"] = tables["d"].with_columns(pl.col("x").cast(kind))
    found, wanted = perfrules.check(stored(tables), PACK), perfrules.check(tables, PACK)
    assert told(found) == told(wanted)
    assert [n.table for n in found.remarks if n.code == "PR452"] == ["d"]


def test_rules_that_the_database_cannot_judge(stored: Stored) -> None:
    pack = pack_of(
        TABLES,
        "  - {id: kinds, table: t, assert: count_distinct(d.x) ≤ n}\n" + RULES.strip("\n") + "\n",
    )
    found, wanted = perfrules.check(stored(frames()), pack), perfrules.check(frames(), pack)
    assert told(found) == told(wanted)
    assert [n.rules for n in found.remarks if n.code == "PR455"] == [("kinds",)]


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=rules(most=5), tables=DATA)
def test_random_rules_over_typed_cells(text: str, tables: dict[str, Cells], stored: Stored) -> None:
    pack: Pack = loaded(IN_YUAN, text)
    cells = typed(pack, tables)
    try:
        wanted = told(perfrules.check(cells, pack))
    except DataError:
        return
    assert told(perfrules.check(stored(cells), pack)) == wanted
