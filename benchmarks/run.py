"""Ratios of perfrules to its peers, measured in one run: `make bench`, or `python benchmarks/run.py [rows] [rules] [rounds]`.

Every engine sees the same rows and rules in turn, several rounds; medians are compared. perfrules' counts of all five outcomes must
equal the referee's, and each peer's number of failures that of the plain sums, or the run stops.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import data
import dataframely as dy
import numpy as np
import pandera.polars as pa
import polars as pl
from pandera.config import ValidationDepth, config_context
from pandera.errors import SchemaErrors

from perfrules.dataset import Dataset
from perfrules.evaluate import engines
from perfrules.loader import load_pack
from perfrules.model import Pack
from perfrules.plan import bind
from perfrules.readers import read_frames


def residual(rule: data.SumRule) -> pl.Expr:
    """The sum as a polars expression, written by hand."""
    total: pl.Expr | None = None
    for column, factor in rule.factors.items():
        term = pl.col(column) if abs(factor) == 1 else pl.col(column) * abs(factor)
        total = term if total is None else (total + term if factor > 0 else total - term)
    assert total is not None
    return total


def by_hand(frame: pl.DataFrame, made: list[data.SumRule]) -> int:
    """Raw polars: keep the rows where some sum is off, then a long table of them; no guards, blanks or outcomes."""
    off = pl.any_horizontal([residual(rule).abs() > 0 for rule in made])
    bad = frame.lazy().with_row_index("row").filter(off).collect(engine="streaming")
    matrix = bad.select([residual(rule).fill_null(0).alias(rule.id) for rule in made]).to_numpy()
    rows, rules = np.nonzero(matrix)
    table = pl.DataFrame(
        {"row": bad["row"].to_numpy()[rows], "rule": rules, "residual": matrix[rows, rules]}
    )
    return table.height


def _holds(_: object, expr: pl.Expr) -> pl.Expr:
    return expr


def by_dataframely(frame: pl.DataFrame, made: list[data.SumRule]) -> int:
    """dataframely: one rule each; a blank passes."""
    parts: dict[str, object] = {column: dy.Int64(nullable=True) for column in data.COLUMNS}
    for rule in made:
        parts[f"rule_{rule.id}"] = dy.rule()(partial(_holds, expr=residual(rule) == 0))
    schema = type("S", (dy.Schema,), parts)
    return sum(schema.filter(frame)[1].counts().values())


def by_stock_pandera(frame: pl.DataFrame, made: list[data.SumRule]) -> int:
    """Stock pandera.polars: one Check each; a blank passes by default."""

    def check(rule: data.SumRule) -> pa.Check:
        holds = residual(rule) == 0
        return pa.Check(lambda given: given.lazyframe.select(holds), name=rule.id)

    checks = [check(rule) for rule in made]
    schema = pa.DataFrameSchema(
        {c: pa.Column(pl.Int64, nullable=True) for c in data.COLUMNS}, checks=checks
    )
    try:
        with config_context(validation_depth=ValidationDepth.SCHEMA_AND_DATA):
            schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        return int(errors.failure_cases.height)
    return 0


def bound(frame: pl.DataFrame, made: list[data.SumRule]) -> tuple[Pack, Dataset]:
    """The same rules as a pack, and the same rows as a dataset."""
    with tempfile.TemporaryDirectory() as name:
        head, rules = data.pack(made)
        Path(name, "pack.yaml").write_text(head, "utf-8")
        Path(name, "all.rules.yaml").write_text(rules, "utf-8")
        pack = load_pack(name)
    keyed = frame.select(pl.int_range(pl.len()).cast(pl.String).alias("row"), *data.COLUMNS)
    return pack, read_frames({"t": keyed}, pack.tables)


def by_perfrules(pack: Pack, dataset: Dataset) -> engines.SheetVerdicts:
    """perfrules: all five outcomes of every rule, through pandera."""
    return engines.evaluate(bind(pack, dataset), dataset)[0]


def timed(work: Callable[[], object]) -> float:
    """Seconds of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def compare(rows: int, number: int, rounds: int) -> None:
    """One line of the table: medians and ratios to perfrules."""
    made = data.rules(number)
    frame = data.cents(rows)
    pack, dataset = bound(frame, made)
    found = by_perfrules(pack, dataset).verdicts.counts
    wanted = data.expected(frame, made)
    for position, rule in enumerate(made):
        if found.row(position)[1:] != wanted[rule.id]:
            raise SystemExit(f"{rule.id}: {found.row(position)[1:]} is not {wanted[rule.id]}")
    sums = sum(
        int(np.count_nonzero(frame.select(residual(rule).fill_null(0)).to_numpy())) for rule in made
    )
    peers: dict[str, Callable[[], object]] = {
        "perfrules": lambda: by_perfrules(pack, dataset),
        "raw polars by hand": lambda: by_hand(frame, made),
        "dataframely": lambda: by_dataframely(frame, made),
        "stock pandera.polars": lambda: by_stock_pandera(frame, made),
    }
    for name in ("raw polars by hand", "dataframely", "stock pandera.polars"):
        if peers[name]() != sums:
            raise SystemExit(f"{name} does not find {sums} failures")
    seconds: dict[str, list[float]] = {name: [] for name in peers}
    for _ in range(rounds):
        for name, work in peers.items():
            seconds[name].append(timed(work))
    own = statistics.median(seconds["perfrules"])
    print(
        f"\n{rows:,} rows x {number} rules, {rounds} rounds in turn; all verdicts agree with the referee"
    )
    for name, times in seconds.items():
        middle = statistics.median(times)
        print(f"  {name:24} {middle:8.3f} s   perfrules / it = {own / middle:6.2f}")


def process(*command: str) -> float:
    """Seconds of a whole process, median of five."""
    return statistics.median(
        timed(lambda: subprocess.run([sys.executable, *command], capture_output=True, check=False))
        for _ in range(5)  # ours
    )


def start_up() -> None:
    """Whole processes: help, a small check, and what importing pandera alone takes."""
    home = Path(__file__).parents[1]
    base = process("-c", "import pandera.polars")
    cli = ("-c", "from perfrules.cli import main; main()")
    helps = process(*cli, "--help")
    check = process(*cli, "check", str(home / "examples" / "lusong-2023"))
    print("\nwhole processes")
    print(f"  import pandera.polars    {base:8.3f} s")
    print(
        f"  perfrules --help         {helps:8.3f} s   budget 0.15 s: {'met' if helps <= 0.15 else 'missed'}"
    )
    print(
        f"  check examples/lusong    {check:8.3f} s   {check / base:.2f} of the import, budget 2: {'met' if check <= 2 * base else 'missed'}"
    )


def loading() -> None:
    """2,000 rules loaded, typed and bound: the 500 sums four times over, under other ids."""
    made = [
        data.SumRule(f"{rule.id}-{i}", rule.factors, rule.guard)
        for i in range(4)
        for rule in data.rules(500)
    ]
    with tempfile.TemporaryDirectory() as name:
        head, rules = data.pack(made)
        Path(name, "pack.yaml").write_text(head, "utf-8")
        Path(name, "all.rules.yaml").write_text(rules, "utf-8")
        dataset = bound(data.cents(10), data.rules(1))[1]
        took = timed(lambda: bind(load_pack(name), dataset))
    print(
        f"\n2,000 rules loaded, typed and bound: {took:.2f} s, budget 1.5 s: {'met' if took <= 1.5 else 'missed'}"
    )


if __name__ == "__main__":
    given = [int(float(text)) for text in sys.argv[1:]]
    if given:
        compare(*(given + [1_000_000, 100, 3][len(given) :]))
    else:
        compare(1_000_000, 100, 3)
        compare(10_000, 10, 15)
        loading()
        start_up()
