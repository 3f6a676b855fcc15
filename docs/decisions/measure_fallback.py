"""What a rule without a native form costs: ``python docs/decisions/measure_fallback.py [ROWS]`` prints seconds of each rule.

Each rule is evaluated over the same rows, in this process, after a first run that is not counted; seconds are those of the processor,
so that a busy machine does not count. ``native`` says whether the rule has polars expressions or runs on the reference evaluator, row
by row.
"""

import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from perfrules.dataset import Dataset
from perfrules.evaluate import engines
from perfrules.evaluate.sheets.laying import lay
from perfrules.loader import load_pack
from perfrules.plan import bind
from perfrules.readers import read_frames

PACK = """\
pack: measure
unit: 元
tables:
  t:
    key: [row]
    columns:
      row: {type: text}
      total: {type: money, decimals: 2}
      basic: {type: money, decimals: 2}
      project: {type: money, decimals: 2}
"""
RULES = (
    "total = basic + project",
    "total / project ≥ 100%",
    "total = max(basic, project) + min(basic, project)",
    "abs(total - basic) = project",
    "total / (total + basic) ≤ 100%",
    "total = coalesce((if basic > project then basic else project), basic)",
)
ROUNDS = 3


def frame(rows: int) -> pl.DataFrame:
    """Rows that add up, but for every thousandth."""
    chance = random.Random(1)  # noqa: S311  # figures, not secrets
    cells = [(chance.randrange(1, 10**8), chance.randrange(1, 10**8)) for _ in range(rows)]
    return pl.DataFrame(
        {
            "row": [str(at) for at in range(rows)],
            "total": [f"{(a + b + (at % 1000 == 0)) / 100:.2f}" for at, (a, b) in enumerate(cells)],
            "basic": [f"{a / 100:.2f}" for a, _ in cells],
            "project": [f"{b / 100:.2f}" for _, b in cells],
        }
    )


def measured(rule: str, data: pl.DataFrame) -> tuple[bool, float]:
    """Whether a rule has a native form, and its median time in seconds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pack.yaml").write_text(PACK, "utf-8")
        text = f"table: t\nrules:\n  - {{id: measured, assert: '{rule}'}}\n"
        (folder / "all.rules.yaml").write_text(text, "utf-8")
        pack = load_pack(folder)
    dataset: Dataset = read_frames({"t": data}, pack.tables)
    plan = bind(pack, dataset)
    (sheet,) = plan.sheets
    native = engines.lowered_or_none(sheet.rules[0], lay(sheet, dataset).shapes) is not None
    times = []
    for _ in range(ROUNDS + 1):
        start = time.process_time()
        engines.evaluate(plan, dataset)
        times.append(time.process_time() - start)
    return native, statistics.median(times[1:])


def main(rows: int) -> list[str]:
    """The lines of the table."""
    data = frame(rows)
    lines = [f"{rows} rows, median of {ROUNDS} runs, seconds"]
    for rule in RULES:
        native, seconds = measured(rule, data)
        lines.append(f"{seconds:9.4f}  {'native' if native else 'reference':<9}  {rule}")
    return lines


if __name__ == "__main__":
    sys.stdout.write("\n".join(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)) + "\n")
