"""Frames of Spark and Parquet: the same report as of the frames in memory, and what is told when something is in the way."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings

import perfrules
from perfrules import running
from perfrules.databases.sql import Dialect, Text
from perfrules.errors import DataError
from perfrules.model import Pack
from tests.evaluate.packs import Cells, loaded, pack_of
from tests.evaluate.test_agree import DATA, IN_YUAN, rules
from tests.test_resident import PACK, RULES, TABLES, frames, told
from tests.typed import typed

Shown = Callable[[Mapping[str, pl.DataFrame]], dict[str, Any]]


@pytest.fixture
def shown(session: Any) -> Shown:
    """Frames as those of Spark."""
    return lambda tables: {
        name: session.createDataFrame(frame.to_arrow()) for name, frame in tables.items()
    }


def views(session: Any) -> list[str]:
    return [one.tableName for one in session.sql("SHOW TABLES").collect() if one.isTemporary]


def test_the_report_is_that_of_the_frames(shown: Shown, session: Any) -> None:
    found, wanted = perfrules.check(shown(frames()), PACK), perfrules.check(frames(), PACK)
    assert told(found) == told(wanted)
    assert found.run.engine == "spark"
    assert found.run.tables == {"t": 24, "d": 24}
    assert {n.code for n in found.remarks} == {n.code for n in wanted.remarks} == {"PR408"}
    assert views(session) == []  # the session is as it was
    assert session.conf.get("spark.sql.codegen.wholeStage") == "true"


def test_frames_of_both_kinds(shown: Shown) -> None:
    tables = frames()
    mixed: dict[str, Any] = {"t": shown(tables)["t"], "d": tables["d"].to_arrow()}
    assert told(perfrules.check(mixed, PACK)) == told(perfrules.check(tables, PACK))


@pytest.mark.usefixtures("session")
def test_frames_in_memory_through_spark() -> None:
    found = perfrules.check(frames(), PACK, engine="spark")
    assert told(found) == told(perfrules.check(frames(), PACK))
    assert found.run.engine == "spark"


def test_keys_that_occur_twice_or_are_incomplete_and_white_space(shown: Shown) -> None:
    tables = frames()
    nameless = tables["t"].head(1).with_columns(k=pl.lit(None, pl.String))
    tables["t"] = pl.concat([tables["t"], tables["t"].head(1), nameless]).with_columns(
        k=pl.lit(" ") + pl.col("k").str.replace(" ", "\u3000 ") + "\u00a0"
    )
    tables["d"] = pl.concat([tables["d"], tables["d"].head(2)])
    found, wanted = perfrules.check(shown(tables), PACK), perfrules.check(tables, PACK)
    assert told(found) == told(wanted)
    assert {"PR404", "PR405"} <= {n.code for n in found.remarks}


@pytest.mark.parametrize("copies", [0, 2])
def test_keys_that_seem_to_occur_twice_are_looked_at(
    copies: int, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Different keys may have 64 bits in common."""
    monkeypatch.setattr(
        Dialect, "doubled", lambda *_: Text("SELECT CAST(1 AS BIGINT) AS keys", {"keys": "int64"})
    )
    tables = frames()
    tables["d"] = pl.concat([tables["d"], tables["d"].head(copies)])
    found, wanted = perfrules.check(shown(tables), PACK), perfrules.check(tables, PACK)
    assert told(found) == told(wanted)
    assert ("PR404" in {n.code for n in found.remarks}) == bool(copies)


def test_a_session_is_as_it_was(shown: Shown, session: Any) -> None:
    tables, logger = shown(frames()), logging.getLogger("SQLQueryContextLogger")
    failing = {"t": tables["t"].selectExpr("* EXCEPT (k)", "raise_error('killed') AS k")}
    before = dict(session.conf.getAll)
    perfrules.check(tables, PACK)
    with pytest.raises(DataError, match="PR451"):
        perfrules.check(tables | failing, PACK)
    assert dict(session.conf.getAll) == before
    assert not logger.disabled
    assert not logging.getLogger().filters


def test_keys_with_signs_that_sql_has(shown: Shown) -> None:
    tables = frames()
    tables["t"] = tables["t"].with_columns(k=pl.lit("a\\'b`\"\n%") + pl.col("k"))
    tables["d"] = tables["d"].with_columns(k=pl.lit("a\\'b`\"\n%") + pl.col("k"))
    found, wanted = perfrules.check(shown(tables), PACK), perfrules.check(tables, PACK)
    assert told(found) == told(wanted)


def test_what_cannot_be_read_there_is_read_into_memory(shown: Shown) -> None:
    tables = frames()
    moment = pl.lit(datetime(2023, 5, 6, 23, 30))  # noqa: DTZ001  # a column of the other kind
    tables["d"] = tables["d"].with_columns(pl.col("x").cast(pl.Float64), other=moment)
    native = shown(tables)
    native["d"] = native["d"].selectExpr("*", "array(1, 2) AS several")
    found, wanted = perfrules.check(native, PACK), perfrules.check(tables, PACK)
    assert told(found) == told(wanted)
    assert [n.table for n in found.remarks if n.code == "PR452"] == ["d"]


def test_rules_that_spark_cannot_judge(shown: Shown) -> None:
    pack = pack_of(
        TABLES,
        "  - {id: kinds, table: t, assert: count_distinct(d.x) ≤ n}\n" + RULES.strip("\n") + "\n",
    )
    found, wanted = perfrules.check(shown(frames()), pack), perfrules.check(frames(), pack)
    assert told(found) == told(wanted)
    assert [n.rules for n in found.remarks if n.code == "PR455"] == [("kinds",)]


def test_a_plan_is_bound_once_for_every_engine(shown: Shown) -> None:
    plan = perfrules.bind(PACK)
    wanted = told(perfrules.check(frames(), PACK))
    for _ in range(2):
        assert told(plan.evaluate(shown(frames()))) == wanted
        assert told(plan.evaluate(frames(), engine="duckdb")) == wanted
        assert told(plan.evaluate(frames(), engine="spark")) == wanted


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=rules(most=5), tables=DATA)
def test_random_rules_over_typed_cells(text: str, tables: dict[str, Cells], shown: Shown) -> None:
    pack: Pack = loaded(IN_YUAN, text)
    cells = typed(pack, tables)
    try:
        wanted = told(perfrules.check(cells, pack))
    except DataError:
        return
    assert told(perfrules.check(shown(cells), pack)) == wanted


# ---- Parquet --------------------------------------------------------------------------------------------------------------


def test_parquet_files_and_folders(session: Any, tmp_path: Path) -> None:
    tables = frames()
    tables["t"].write_parquet(tmp_path / "t.parquet")
    session.createDataFrame(tables["d"].to_arrow()).write.partitionBy("year").parquet(
        str(tmp_path / "d")
    )
    found = perfrules.check(tmp_path, PACK, engine="spark")
    assert told(found) == told(perfrules.check(tables, PACK))
    assert found.run.engine == "spark"


@pytest.mark.usefixtures("session")
def test_parquet_files_that_are_described(tmp_path: Path) -> None:
    tables = frames()
    tables["t"].write_parquet(tmp_path / "main.parquet")
    tables["d"].rename({"x": "sum of parts"}).write_parquet(tmp_path / "more.parquet")
    (tmp_path / "dataset.yaml").write_text(
        "title: a report\nunit_of_measure: 万元\ntables:\n  t: {file: main.parquet}\n"
        "  d: {file: more.parquet, columns: {sum of parts: x}}\n",
        "utf-8",
    )
    found, wanted = (perfrules.check(tmp_path, PACK, engine=one) for one in running.ENGINES[::-2])
    assert found.run.engine == "spark"
    assert found.run.dataset == wanted.run.dataset == "a report"
    assert told(found) == told(wanted)


@pytest.mark.usefixtures("session")
def test_other_files_are_read_and_judged_by_spark(tmp_path: Path) -> None:
    tables = frames()
    tables["t"].write_parquet(tmp_path / "t.parquet")
    tables["d"].write_csv(tmp_path / "d.csv")
    found = perfrules.check(tmp_path, PACK, engine="spark")
    assert found.run.engine == "spark"
    assert told(found) == told(perfrules.check(tmp_path, PACK))


@pytest.mark.usefixtures("session")
def test_a_file_that_is_no_parquet(tmp_path: Path) -> None:
    (tmp_path / "t.parquet").write_bytes(b"no such thing")
    with pytest.raises(DataError, match="PR451"):
        perfrules.check(tmp_path, PACK, engine="spark")


# ---- when something is in the way -----------------------------------------------------------------------------------------


def test_frames_of_no_table_of_the_pack(shown: Shown, session: Any) -> None:
    with pytest.raises(DataError, match="PR430"):
        perfrules.check({"elsewhere": shown(frames())["t"]}, PACK)
    assert views(session) == []


def test_a_job_that_fails(shown: Shown, session: Any) -> None:
    tables = shown(frames())
    killed = "if(k = '单位 11', raise_error('killed'), k) AS k"
    tables["t"] = tables["t"].selectExpr("* EXCEPT (k)", killed)
    with pytest.raises(DataError, match=r"PR451.*killed"):
        perfrules.check(tables, PACK)
    assert views(session) == []


def test_a_table_that_is_gone(shown: Shown, session: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = running.InDatabase.evaluate

    def evaluate(self: Any, *args: Any) -> Any:
        for name in views(session):
            session.catalog.dropTempView(name)
        return before(self, *args)

    monkeypatch.setattr(running.InDatabase, "evaluate", evaluate)
    with pytest.raises(DataError, match="PR451"):
        perfrules.check(shown(frames()), PACK)


def test_what_needs_more_than_64_bits(shown: Shown, session: Any) -> None:
    tables = frames()
    much = pl.lit(9 * 10**16).cast(pl.Decimal(20, 2))
    tables["t"] = tables["t"].with_columns(n=pl.lit(9 * 10**15, pl.Int64), a=much, z=much)
    pack = pack_of(
        TABLES,
        "  - {id: product, table: t, assert: a * n = b * n}\n"
        "  - {id: total, table: t, per: [k], assert: sum(a) = sum(b)}\n"
        "  - {id: plus, table: t, assert: a + z = b}\n",
    )
    session.conf.set("spark.sql.ansi.enabled", "false")  # where overflow is null
    try:
        assert told(perfrules.check(shown(tables), pack)) == told(perfrules.check(tables, pack))
        assert session.conf.get("spark.sql.ansi.enabled") == "false"
    finally:
        session.conf.set("spark.sql.ansi.enabled", "true")
