"""What the same rules come to in other tools, each as its users would write them.

Each takes the frame and the rules, and returns the number of failures that it found, or all outcomes by rule.
"""

import operator
from collections.abc import Sequence
from functools import partial, reduce

import dataframely as dy
import duckdb
import numpy as np
import pandera.polars as pa
import pointblank as pb
import polars as pl
from data import FAIL, NOT_APPLICABLE, OUTCOMES, PASS, UNKNOWN, Limit, Ratio, Rule
from pandera.config import ValidationDepth, config_context
from pandera.errors import SchemaErrors


def raw_polars(frame: pl.DataFrame, made: Sequence[Rule]) -> int:
    """Raw polars: keep the rows where some rule is broken, then a long table of them; no blanks, no rounding."""
    broken = [rule.broken() for rule in made]
    kept = frame.lazy().with_row_index("row").filter(pl.any_horizontal(broken))
    bad = kept.collect(engine="streaming")
    matrix = bad.select([b.fill_null(value=False).alias(r.id) for b, r in zip(broken, made, strict=True)]).to_numpy()  # fmt: skip
    rows, rules = np.nonzero(matrix)
    return pl.DataFrame({"row": bad["row"].to_numpy()[rows], "rule": rules}).height


def raw_polars_outcomes(frame: pl.DataFrame, made: Sequence[Rule]) -> dict[str, tuple[int, ...]]:
    """Raw polars with the outcomes, ranges and blanks of perfrules: rows in doubt are kept, and outcomes found on these."""
    guards = {rule.guard: pl.col(rule.guard[0]) > rule.guard[1] for rule in made if rule.guard}
    kept, sizes = pl.collect_all(
        [
            frame.lazy()
            .with_row_index("row")
            .filter(pl.any_horizontal([rule.broken().fill_null(value=True) for rule in made])),
            frame.lazy().select(pl.len(), *((~g).sum().alias(str(k)) for k, g in guards.items())),
        ],
        engine="streaming",
    )
    codes = kept.select(_code(rule).cast(pl.Int8).alias(rule.id) for rule in made).to_numpy()
    rows, rules = np.nonzero(codes < PASS)
    pl.DataFrame({"row": kept["row"].to_numpy()[rows], "rule": rules, "code": codes[rows, rules]})
    found = {}
    for at, rule in enumerate(made):
        counts = np.bincount(codes[:, at], minlength=5)
        applies = kept.select(guards[rule.guard]).to_series() if rule.guard else None
        if applies is not None:  # rows that are not kept are not applicable or pass
            counts[NOT_APPLICABLE] = sizes[str(rule.guard)][0] + (
                counts[NOT_APPLICABLE] - int((~applies).sum())
            )
        counts[PASS] = sizes["len"][0] - counts.sum() + counts[PASS]
        found[rule.id] = tuple(counts.tolist())
    return found


def _code(rule: Rule) -> pl.Expr:
    gaps = [pl.col(name).is_null() for name in rule.columns]
    code = pl.when(pl.any_horizontal(gaps)).then(UNKNOWN).when(~rule.broken()).then(PASS)
    found = code.otherwise(rule.judged())
    if rule.guard:
        test = pl.col(rule.guard[0]) > rule.guard[1]
        found = pl.when(test.is_null()).then(UNKNOWN).when(~test).then(NOT_APPLICABLE).otherwise(found)  # fmt: skip
    return pl.when(pl.all_horizontal(gaps)).then(NOT_APPLICABLE).otherwise(found)


def _holds(_: object, expr: pl.Expr) -> pl.Expr:
    return expr


def dataframely(frame: pl.DataFrame, made: Sequence[Rule]) -> int:
    """dataframely: one rule each; a blank passes."""
    parts: dict[str, object] = {column: dy.Int64(nullable=True) for column in frame.columns}
    for rule in made:
        parts[f"rule_{rule.id}"] = dy.rule()(partial(_holds, expr=~rule.broken()))
    schema = type("S", (dy.Schema,), parts)
    return sum(schema.filter(frame)[1].counts().values())


def stock_pandera(frame: pl.DataFrame, made: Sequence[Rule]) -> int:
    """Stock pandera.polars: one Check each; a blank passes by default."""

    def check(rule: Rule) -> pa.Check:
        holds = ~rule.broken()
        return pa.Check(lambda given: given.lazyframe.select(holds), name=rule.id)

    schema = pa.DataFrameSchema(
        {c: pa.Column(pl.Int64, nullable=True) for c in frame.columns},
        checks=[check(rule) for rule in made],
    )
    try:
        with config_context(validation_depth=ValidationDepth.SCHEMA_AND_DATA):
            schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        return int(errors.failure_cases.height)
    return 0


def pointblank(frame: pl.DataFrame, made: Sequence[Rule]) -> int:
    """pointblank: one step each; a blank passes because it is said to."""
    plan = pb.Validate(frame)
    for rule in made:
        plan = plan.col_vals_expr(expr=(~rule.broken()).fill_null(value=True), brief=rule.id)
    return int(sum(plan.interrogate().n_failed().values()))


def duckdb_by_hand(connection: duckdb.DuckDBPyConnection, made: Sequence[Rule]) -> int:
    """DuckDB: one query that counts failures, over a table that is there already."""
    counts = ", ".join(f"count(*) FILTER (WHERE {_sql(rule)})" for rule in made)
    row = connection.execute(f"SELECT {counts} FROM t").fetchone()  # our own rules
    assert row is not None
    return reduce(operator.add, row)


def loaded(frame: pl.DataFrame) -> duckdb.DuckDBPyConnection:
    """A DuckDB with the frame as its table ``t``."""
    connection = duckdb.connect()
    connection.register("frame", frame.to_arrow())
    connection.execute("CREATE TABLE t AS SELECT * FROM frame")
    return connection


def _sql(rule: Rule) -> str:
    if isinstance(rule, Ratio):
        return f"abs({rule.rate} * {rule.base} - {rule.top} * 10000) * 2 > {rule.base}"
    if isinstance(rule, Limit):
        return f"{rule.top} * 100 > {rule.base} * {rule.percent}"
    total = " + ".join(f"{factor} * {column}" for column, factor in rule.factors.items())
    guard = f" AND {rule.guard[0]} > {rule.guard[1]}" if rule.guard else ""
    return f"{total} <> 0{guard}"


def failures(outcomes: dict[str, tuple[int, ...]]) -> int:
    """The number of failures among outcomes."""
    return sum(counts[FAIL] for counts in outcomes.values())


assert len(OUTCOMES) == 5
