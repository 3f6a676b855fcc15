"""What one scan of a table costs in Spark beside two: ``python benchmarks/scans.py [ROWS]``.

Bounds of twenty columns and keys that occur twice, and the number of rows beside the rows that are kept: each pair as two queries side
by side, as perfrules asks, and in one pass of every kind that Spark has. Median seconds after some rounds that are not counted.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import polars as pl
from pyspark import inheritable_thread_target
from pyspark.sql import Observation, SparkSession
from pyspark.sql import functions as F  # noqa: N812  # Spark's own name for it

COLUMNS = [f"c{number}" for number in range(20)]
KEPT = " OR ".join(f"{a} + {b} - {c} > 1999000" for a, b, c in zip(COLUMNS, COLUMNS[1:], COLUMNS[2:], strict=False))  # fmt: skip
ENDS = [f"{name}({column})" for column in COLUMNS for name in ("min", "max", "count")]
OF_ENDS = [f"{'sum' if end.startswith('count') else end[:3]}(e{at})" for at, end in enumerate(ENDS)]
NAMED = ", ".join(f"{end} AS e{at}" for at, end in enumerate(ENDS))
BOUNDS = f"SELECT count(*), {', '.join(ENDS)} FROM t"
KEYS = "SELECT count(*) FROM (SELECT xxhash64(row) FROM t GROUP BY 1 HAVING count(*) > 1)"
GROUPED = f"SELECT max(n), sum(n), {', '.join(OF_ENDS)} FROM (SELECT count(*) AS n, {NAMED} FROM t GROUP BY xxhash64(row))"
SETS = f"SELECT h, count(*), {NAMED} FROM (SELECT *, xxhash64(row) AS h FROM t) GROUP BY GROUPING SETS ((), (h)) HAVING h IS NULL OR count(*) > 1"
ROUNDS, WARMING = 7, 4


def observed(frame: Any, ends: list[str], rest: Callable[[Any], Any]) -> None:
    """One pass in which ``observe`` takes the aggregates on the way."""
    seen = Observation()
    named = [F.expr(end).alias(f"e{at}") for at, end in enumerate(["count(1)", *ends])]
    rest(frame.observe(seen, *named)).toArrow()
    if len(seen.get) != len(named):
        raise SystemExit("observe says less than it was asked")


def main(rows: int) -> None:
    """Print the seconds of each way."""
    settings: dict[str, bool | float | int | str | None] = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.sql.shuffle.partitions": "2"}  # fmt: skip
    session: Any = SparkSession.builder.master("local[*]").config(map=settings).getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        row = pl.int_range(rows, eager=True)
        figures = [((row * (at + 7) * 7919) % 1_000_003).alias(c) for at, c in enumerate(COLUMNS)]
        path = Path(folder, "t.parquet")
        pl.DataFrame([row.cast(pl.String).alias("row"), *figures]).write_parquet(path, row_group_size=max(1, rows // 4))  # fmt: skip
        table = session.read.parquet(str(path))
        table.createOrReplaceTempView("t")

        def ask(text: str) -> None:
            session.sql(text).toArrow()

        def beside(*texts: str) -> None:
            asked = [pool.submit(inheritable_thread_target(session)(ask), text) for text in texts]
            for one in asked:
                one.result()

        def keys(frame: Any) -> Any:
            return frame.selectExpr("xxhash64(row) AS h").groupBy("h").count().filter("count > 1")

        ways: dict[str, Callable[[], None]] = {
            "bounds and keys, side by side": lambda: beside(BOUNDS, KEYS),
            "bounds and keys, observe": lambda: observed(table, ENDS, keys),
            "bounds and keys, grouped twice": lambda: ask(GROUPED),
            "bounds and keys, grouping sets": lambda: ask(SETS),
            "rows and kept, side by side": lambda: beside("SELECT count(*) FROM t", f"SELECT * FROM t WHERE {KEPT}"),
            "rows and kept, observe": lambda: observed(table, [], lambda frame: frame.filter(KEPT)),
        }  # fmt: skip
        seconds: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(WARMING + ROUNDS):
            for name, way in ways.items():
                start = time.perf_counter()
                way()
                seconds[name].append(time.perf_counter() - start)
    for name, took in seconds.items():
        print(f"{name:32} {statistics.median(took[WARMING:]):6.2f}")
    session.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
