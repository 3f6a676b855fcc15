"""Ratios of perfrules to SQL written by hand, where the data already is: `PYTHONPATH=. python benchmarks/databases.py [rows] [rules] [rounds]`.

The hand-written pass has the same result: rows, false guards and what is missing counted by pattern in one query, the rows where some
rule does not hold in another, their outcomes found in polars. perfrules' pass goes the whole way on each call: connection, catalogue,
bounds of the columns, keys, counts, kept rows. Its SQL text is made once, when the plan is bound, and is timed apart.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import data
import duckdb
import numpy as np
import polars as pl
import psycopg
from measure import HEADING, Line, agree, in_turn, loaded, outcomes

import perfrules
from tests import postgres
from tests.stored import fill, made

BUDGET = 1.2
Ask = Callable[[str], pl.DataFrame]


def either(tests: Sequence[str]) -> str:
    """Any of some conditions, without a deep tree."""
    while len(tests) > 1:
        pairs = [tests[at : at + 2] for at in range(0, len(tests), 2)]
        tests = [f"({' OR '.join(pair)})" for pair in pairs]
    return tests[0]


def total(rule: data.Sum) -> str:
    """The sum as SQL."""
    parts = [
        f"{'+' if f > 0 else '-'} {abs(f)} * {c}" if abs(f) != 1 else f"{'+' if f > 0 else '-'} {c}"
        for c, f in rule.factors.items()
    ]
    return " ".join(parts).removeprefix("+ ")


def off(rule: data.Sum) -> str:
    """Where the printed figures do not hold."""
    test = f"({total(rule)}) <> 0"
    return test if rule.guard is None else f"({test} AND {rule.guard[0]} > {rule.guard[1]})"


def by_hand(rules: Sequence[data.Sum], ask: Ask) -> dict[str, tuple[int, ...]]:
    """All five outcomes of every rule."""
    bits = " + ".join(
        f"CASE WHEN {c} IS NULL THEN {1 << at} ELSE 0 END" for at, c in enumerate(data.COLUMNS)
    )
    truths = ", ".join(
        f"CASE WHEN {c} > {limit} THEN 1 WHEN {c} IS NULL THEN 2 ELSE 0 END AS g{at}"
        for at, (c, limit) in enumerate(data.GUARDS)
    )
    grouped = ask(
        f"SELECT m, CASE WHEN m = 0 THEN 0 ELSE g0 END AS h0, CASE WHEN m = 0 THEN 0 ELSE g1 END AS h1, count(*) AS n, "
        f"sum(CASE WHEN g0 = 0 THEN 1 ELSE 0 END) AS f0, sum(CASE WHEN g1 = 0 THEN 1 ELSE 0 END) AS f1 "
        f"FROM (SELECT {bits} AS m, {truths} FROM t) AS p GROUP BY 1, 2, 3"
    ).cast(pl.Int64)
    kept = ask(
        f"SELECT row, {', '.join(data.COLUMNS)} FROM t WHERE {either([off(rule) for rule in rules])}"
    )
    judged = (
        kept.lazy()
        .select(
            pl.when(rule.broken()).then(rule.judged().cast(pl.Int64)).alias(str(at))
            for at, rule in enumerate(rules)
        )
        .collect()
    )
    rows, masks = int(grouped["n"].sum()), grouped["m"].to_numpy()
    found = {}
    for at, rule in enumerate(rules):
        counts = [int((judged[str(at)] == code).sum()) for code in range(5)]
        mine = sum(
            1 << data.COLUMNS.index(c)
            for c in {*rule.columns, *([rule.guard[0]] if rule.guard else [])}
        )
        open_ = (masks & mine) != 0
        if rule.guard is not None:
            number = data.GUARDS.index(rule.guard)
            counts[data.NOT_APPLICABLE] = int(grouped[f"f{number}"].sum())
            open_ &= grouped[f"h{number}"].to_numpy() != 0
        counts[data.UNKNOWN] = int(np.sum(grouped["n"].to_numpy()[open_]))
        counts[data.PASS] = rows - sum(counts)
        found[rule.id] = tuple(counts)
    return found


def in_duckdb(path: Path, frame: pl.DataFrame) -> tuple[str, Ask]:
    with duckdb.connect(str(path)) as connection:
        connection.execute(made("t", frame, ("row",)))
        connection.register("rows_", frame.to_arrow())
        connection.execute("INSERT INTO t SELECT * FROM rows_")

    def ask(text: str) -> pl.DataFrame:
        with duckdb.connect(str(path), read_only=True) as reader:
            return pl.DataFrame(reader.sql(text).to_arrow_table())

    return f"duckdb:///{path}", ask


def in_postgres(server: postgres.Server, frame: pl.DataFrame) -> tuple[str, Ask]:
    address = server.fresh("bench")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(made("t", frame, ("row",)))
        fill(connection, "t", frame)
        connection.execute("VACUUM ANALYZE t")

    def ask(text: str) -> pl.DataFrame:
        with psycopg.connect(address) as reader:
            reader.execute("SET jit = off")
            cursor: Any = reader.cursor(binary=True)
            cursor.execute(text)
            return pl.DataFrame(
                cursor.fetchall(), [column.name for column in cursor.description], orient="row"
            )

    return address, ask


def compare(
    work: str, address: str, ask: Ask, frame: pl.DataFrame, rules: Sequence[data.Sum], rounds: int
) -> Line:
    wanted = data.expected(frame, rules)
    plan = perfrules.bind(loaded(rules))
    start = time.perf_counter()
    agree("perfrules", outcomes(plan.evaluate(address, detail=0)), wanted)
    took = time.perf_counter() - start
    print(f"{work}: {took:.2f} s the first time, with the SQL text made", file=sys.stderr)
    agree("SQL by hand", by_hand(rules, ask), wanted)
    works = {
        "perfrules": lambda: plan.evaluate(address, detail=0),
        "hand": lambda: by_hand(rules, ask),
    }
    found = in_turn(works, rounds)
    return Line(work, found["perfrules"], "SQL by hand, same outcomes", found["hand"], BUDGET)


def works(
    sizes: Sequence[tuple[int, int]] = ((100_000, 100), (1_000_000, 100)), rounds: int = 5
) -> Iterator[Line]:
    """DuckDB at every size, PostgreSQL at the smaller ones or where there is one only."""
    with tempfile.TemporaryDirectory() as name, postgres.running() as server:
        for rows, number in sizes:
            rules, frame = data.sums(number), data.cents(rows)
            keyed = frame.select(pl.int_range(pl.len()).cast(pl.String).alias("row"), *data.COLUMNS)
            size = f"{rows:,} x {number}"
            path = Path(name, f"{rows}.duckdb")
            yield compare(f"DuckDB, {size}", *in_duckdb(path, keyed), frame, rules, rounds)
            if rows <= 200_000 or len(sizes) == 1:
                there = in_postgres(server, keyed)
                yield compare(f"PostgreSQL, {size}", *there, frame, rules, rounds)


if __name__ == "__main__":
    asked = [int(float(arg)) for arg in sys.argv[1:]]
    print(HEADING)
    for line in works([(asked[0], asked[1])], *asked[2:3]) if len(asked) > 1 else works():
        print(line, flush=True)
