"""Every verdict written by Spark: what the report counts and shows, whole or not at all."""

from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import perfrules
from perfrules import engine
from perfrules.errors import DataError, UsageError
from perfrules.evaluate import engines
from perfrules.evaluate.rows import Index
from perfrules.evaluate.sheets.laying import lay
from perfrules.loader import load_pack
from perfrules.model import Pack
from perfrules.plan import bind
from perfrules.verdicts import OUTCOMES
from tests.docs.console import ROOT
from tests.evaluate.packs import pack_of
from tests.test_resident import PACK, RULES, TABLES, frames

WITH_A_GAP = pack_of(
    TABLES,
    "  - {id: kinds, table: t, assert: count_distinct(d.x) ≤ n}\n" + RULES.strip("\n") + "\n",
)


def read(folder: Path) -> pl.DataFrame:
    return pl.read_parquet(
        folder / "*" / "*.parquet", hive_partitioning=True, missing_columns="insert"
    )


def told(found: pl.DataFrame) -> Counter[tuple[str, ...]]:
    """Rule, ``for``, outcome and key of each verdict."""
    keys = [name for name in found.columns if name not in ("rule", "for", "outcome")]
    rows = found.select("rule", "for", "outcome", *sorted(keys)).iter_rows()
    return Counter(tuple("" if cell is None else str(cell) for cell in row) for row in rows)


def wanted(pack: Pack, dataset: Any) -> Counter[tuple[str, ...]]:
    sheets = bind(pack, dataset).sheets
    names = sorted({name for sheet in sheets for name in sheet.grain})
    found: Counter[tuple[str, ...]] = Counter()
    for sheet in sheets:
        laid = lay(sheet, dataset)
        for bound, codes in zip(
            sheet.rules, engines.codes(sheet, laid, Index(dataset)), strict=True
        ):
            for key, code in zip(laid.keys.iter_rows(named=True), codes, strict=True):
                cells = ("" if key.get(name) is None else str(key[name]) for name in names)
                found[(bound.rule.id, bound.rule.column, OUTCOMES[code], *cells)] += 1
    return found


@pytest.mark.parametrize("pack", [PACK, WITH_A_GAP], ids=["there", "some in memory"])
def test_every_verdict_is_there(pack: Pack, session: Any, tmp_path: Path) -> None:
    tables = {name: session.createDataFrame(frame.to_arrow()) for name, frame in frames().items()}
    report = perfrules.check(tables, pack, detail=1, verdicts=tmp_path / "all")
    found = read(tmp_path / "all")
    assert told(found) == wanted(pack, engine.read(frames(), pack))
    assert len(report.details) < found.filter(pl.col("outcome").is_in(["fail", "unknown"])).height
    assert {"outcome=pass", "outcome=fail", "_SUCCESS"} <= {
        p.name for p in (tmp_path / "all").iterdir()
    }


def test_no_whole_stage_code_is_made_of_verdicts(
    session: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Short queries come before them, of which it is made."""
    from perfrules.databases.spark import Spark

    save, seen = Spark.save, []

    def watched(self: Any, *given: Any, **named: Any) -> None:
        save(self, *given, **named)
        seen.append(session.conf.get("spark.sql.codegen.wholeStage"))

    monkeypatch.setattr(Spark, "save", watched)
    perfrules.check(frames(), PACK, engine="spark", verdicts=tmp_path / "all")
    assert seen == ["false"]


@pytest.mark.usefixtures("session")
def test_verdicts_over_printed_cells(tmp_path: Path) -> None:
    pack = load_pack(ROOT / "examples" / "quickstart" / "rules")
    data = ROOT / "examples" / "quickstart" / "data"
    perfrules.check(data, pack, engine="spark", verdicts=tmp_path / "all")
    assert told(read(tmp_path / "all")) == wanted(pack, engine.read(data, pack))


@pytest.mark.usefixtures("session")
def test_a_folder_of_verdicts_is_replaced_as_a_whole(tmp_path: Path) -> None:
    for table in (frames()["t"], frames()["t"].head(5)):
        perfrules.check(
            {"t": table, "d": frames()["d"]}, PACK, engine="spark", verdicts=tmp_path / "all"
        )
    assert read(tmp_path / "all").filter(rule="sums").height == 5
    assert [path.name for path in tmp_path.iterdir()] == ["all"]


@pytest.mark.usefixtures("session")
def test_what_is_in_the_way_stays(tmp_path: Path) -> None:
    (tmp_path / "all").mkdir()
    (tmp_path / "all" / "mine").touch()
    with pytest.raises(DataError, match="PR454"):
        perfrules.check(frames(), PACK, engine="spark", verdicts=tmp_path / "all")
    assert (tmp_path / "all" / "mine").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["all"]


@pytest.mark.usefixtures("session")
def test_a_job_that_fails_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    perfrules.check(frames(), PACK, engine="spark", verdicts=tmp_path / "all")
    before = read(tmp_path / "all")
    from perfrules.databases.spark import Spark

    run = Spark.run
    monkeypatch.setattr(
        Spark,
        "run",
        lambda self, text: run(self, text).selectExpr(
            "* EXCEPT (rule)", "raise_error('killed') AS rule"
        ),
    )
    with pytest.raises(DataError, match=r"PR451.*killed"):
        perfrules.check(frames(), PACK, engine="spark", verdicts=tmp_path / "all")
    assert told(read(tmp_path / "all")) == told(before)
    assert [path.name for path in tmp_path.iterdir()] == ["all"]


@pytest.mark.usefixtures("session")
def test_verdicts_of_no_rule(tmp_path: Path) -> None:
    pack = pack_of(TABLES, "  - {id: none, table: d, assert: x ≥ 0}\n")
    perfrules.check({"t": frames()["t"]}, pack, engine="spark", verdicts=tmp_path / "all")
    assert [
        path.name for path in (tmp_path / "all").iterdir() if not path.name.startswith(".")
    ] == ["_SUCCESS"]


def test_only_spark_writes_them(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="PR457"):
        perfrules.check(frames(), PACK, verdicts=tmp_path / "all")
    assert not (tmp_path / "all").exists()
