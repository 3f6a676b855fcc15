"""A Parquet file larger than memory checked by the command line: `python benchmarks/bulk.py [rows] [rules] [fails]`.

Rows like those of `data.py` are written in row groups to a temporary folder, and `perfrules check` runs on them in a process of its
own, whose largest resident memory is told. The counts of all outcomes must be those of the referee, added up over the row groups.
With a third argument `fails` no total is right: every rule on one total fails in every row.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import data
import numpy as np
import polars as pl
import pyarrow.parquet as pq

GROUP = 500_000
"""Rows of a row group."""
STEP = 10_000
"""Figures are multiples of this, so that a file of 100 million rows has room on a disk."""
DETAIL = 100
"""Verdicts of each rule and outcome that are put into words: the default of 1,000 makes 300,000 of 100 rules."""
VARIETIES = 10
"""Row groups that differ in more than their keys; they follow one another again and again."""


def group(number: int, *, fails: bool) -> pl.DataFrame:
    """The figures of one row group: some totals broken, as many one cent off, 5 % of the rows with a blank; or no total right."""
    draw = np.random.default_rng(number)
    values = {part: draw.integers(0, 1_000_000_000 // STEP, GROUP) * STEP for part in data.PARTS}
    for total, children in zip(data.TOTALS, data.CHILDREN, strict=True):
        values[total] = sum((values[data.PARTS[k]] for k in children), np.zeros(GROUP, np.int64))
    if fails:
        return pl.DataFrame(values).with_columns(
            pl.col(total) + 1000 * (at + 1) for at, total in enumerate(data.TOTALS)
        )
    for sizes in (draw.integers(2, 10_000, GROUP // 1000), np.ones(GROUP // 1000, np.int64)):
        at = draw.choice(GROUP, len(sizes), replace=False)
        for place, total in enumerate(data.TOTALS):
            values[total][at[place::10]] += sizes[place::10]
    gaps = draw.choice(GROUP, GROUP // 20, replace=False)
    blank = draw.integers(0, len(data.COLUMNS), len(gaps))
    return pl.DataFrame(
        [
            pl.Series(name, values[name]).scatter(gaps[blank == at], None)
            for at, name in enumerate(data.COLUMNS)
        ]
    )


def written(path: Path, groups: int, made: list[data.Rule], *, fails: bool) -> dict[str, list[int]]:
    """Write the file; gives what the referee expects."""
    known = [group(number, fails=fails) for number in range(min(groups, VARIETIES))]
    counts = [data.expected(frame, made) for frame in known]
    wanted = {rule.id: [0] * 5 for rule in made}
    writer: pq.ParquetWriter | None = None
    for number in range(groups):
        first = number * GROUP
        keys = pl.int_range(first, first + GROUP, eager=True).cast(pl.String).alias("row")
        table = known[number % VARIETIES].select(keys, pl.all()).to_arrow()
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table)
        for rule, found in counts[number % VARIETIES].items():
            wanted[rule] = [a + b for a, b in zip(wanted[rule], found, strict=True)]
    if writer:
        writer.close()
    return wanted


def main(rows: int, number: int, *, fails: bool) -> None:
    """Write, check, compare."""
    made = data.sums(number)
    rows = max(1, rows // GROUP) * GROUP
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pack").mkdir()
        head, rules = data.pack(made)
        (folder / "pack" / "pack.yaml").write_text(head, "utf-8")
        (folder / "pack" / "all.rules.yaml").write_text(rules, "utf-8")
        (folder / "data").mkdir()
        file = folder / "data" / "t.parquet"
        wanted = written(file, rows // GROUP, made, fails=fails)
        print(f"{rows:,} rows x 20 columns, {file.stat().st_size / 1e9:.2f} GB, {number} rules")
        report = folder / "report.json"
        command = (
            "-c", "from perfrules.cli import main; main()", "check", str(folder / "data"), "--pack",
            str(folder / "pack"), "-q", "--detail", str(DETAIL), "-o", f"json={report}",
        )  # fmt: skip
        start = time.perf_counter()
        done = subprocess.run([sys.executable, *command], capture_output=True, check=False)  # ours
        took = time.perf_counter() - start
        if done.returncode != 1:
            raise SystemExit(done.stderr.decode())
        told = json.loads(report.read_text("utf-8"))
    for line in told["summary"]:
        found = [line[kind] for kind in ("fail", "unknown", "rounding", "pass", "not_applicable")]
        if found != wanted[line["rule"]]:
            raise SystemExit(f"{line['rule']}: {found} is not {wanted[line['rule']]}")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
    failed = sum(line["fail"] for line in told["summary"])
    print(
        f"  {took:.1f} s, {rows * number / took / 1e6:.0f} million verdicts a second, {failed:,} fail; all counts are the referee's"
    )
    print(
        f"  {len(told['findings']):,} findings in detail; largest resident memory {peak:.2f} GB, budget 4: {'met' if peak < 4 else 'missed'}"
    )


if __name__ == "__main__":
    given = sys.argv[1:] + ["10e6", "100", ""][len(sys.argv) - 1 :]
    main(int(float(given[0])), int(float(given[1])), fails=given[2] == "fails")
