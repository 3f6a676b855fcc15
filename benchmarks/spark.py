"""Ratios of perfrules to SQL written by hand, in one session of Spark: `PYTHONPATH=. python benchmarks/spark.py [rows] [rules] [rounds]`.

As in `databases.py`, the hand-written pass has the same result, in two queries. perfrules' pass goes the whole way on each call: views,
bounds of the columns, keys, counts, kept rows. Its SQL text is made once, when the plan is bound, and is timed apart, as is the time that
Spark takes to warm up: the first rounds are not counted. A second pass by hand also looks for keys that occur twice, as perfrules does.
Whole-stage code is off for both where there are more than twenty rules; the session has as many threads as the machine has cores.
"""

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import data
import polars as pl
from databases import by_hand
from measure import HEADING, Line, agree, in_turn, loaded, outcomes
from pyspark.sql import SparkSession

import perfrules

BUDGET = 1.5
SETTINGS: dict[str, bool | float | int | str | None] = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.driver.memory": "4g",
}
FEW = 20
"""Up to so many rules whole-stage code pays."""
WARMING = 5
"""Rounds before those that count."""
KEYS = "SELECT row, COUNT(*) AS n FROM t WHERE row IS NOT NULL GROUP BY row HAVING COUNT(*) > 1"


def compare(session: Any, folder: Path, rows: int, number: int, rounds: int) -> list[Line]:
    rules, frame = data.sums(number), data.cents(rows)
    keyed = frame.select(pl.int_range(pl.len()).cast(pl.String).alias("row"), *data.COLUMNS)
    path = folder / f"{rows}.parquet"
    keyed.write_parquet(path, row_group_size=max(1, rows // 4))
    table = session.read.parquet(str(path))
    table.createOrReplaceTempView("t")

    def ask(text: str) -> pl.DataFrame:
        session.conf.set("spark.sql.codegen.wholeStage", str(number <= FEW).lower())
        try:
            return pl.DataFrame(session.sql(text).toArrow())
        finally:
            session.conf.set("spark.sql.codegen.wholeStage", "true")

    work, plan = f"Spark, {rows:,} x {number}", perfrules.bind(loaded(rules))
    wanted = data.expected(frame, rules)
    start = time.perf_counter()
    agree("perfrules", outcomes(plan.evaluate({"t": table}, detail=0)), wanted)
    took = time.perf_counter() - start
    print(f"{work}: {took:.2f} s the first time, with the SQL text made", file=sys.stderr)
    agree("SQL by hand", by_hand(rules, ask), wanted)
    works = {
        "perfrules": lambda: plan.evaluate({"t": table}, detail=0),
        "hand": lambda: by_hand(rules, ask),
        "with keys": lambda: (ask(KEYS), by_hand(rules, ask)),
    }
    in_turn(works, WARMING)
    found = in_turn(works, rounds)
    return [
        Line(work, found["perfrules"], "SQL by hand, same outcomes", found["hand"], BUDGET),
        Line(work, found["perfrules"], "the same, and keys", found["with keys"], BUDGET),
    ]


def works(
    sizes: Sequence[tuple[int, int]] = ((200_000, 20), (200_000, 100), (20_000, 500)),
    rounds: int = 7,
) -> Iterator[Line]:
    """Every size, in one session."""
    session = SparkSession.builder.master("local[*]").config(map=SETTINGS).getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    try:
        with tempfile.TemporaryDirectory() as name:
            for size in sizes:
                yield from compare(session, Path(name), *size, rounds)
    finally:
        session.stop()


if __name__ == "__main__":
    asked = [int(float(arg)) for arg in sys.argv[1:]]
    print(HEADING)
    for line in works([(asked[0], asked[1])], *asked[2:3]) if len(asked) > 1 else works():
        print(line, flush=True)
