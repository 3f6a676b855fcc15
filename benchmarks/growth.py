"""Growth of time and memory with rows and rules, as a picture: `python benchmarks/growth.py [picture]`.

Each size runs in a process of its own: seconds are the median of its calls after the first, memory is what the calls add to the most
that the process held once the data was there.
"""

import json
import resource
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import data
from measure import dataset, loaded, timed

import perfrules

ROWS = (10_000, 100_000, 1_000_000, 3_000_000, 10_000_000)
RULES = (10, 50, 100, 200, 500)
CALLS = 4


def peak() -> float:
    """The most memory that this process has held, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def measure(rows: int, rules: int) -> None:
    """Print seconds and memory of one size as JSON."""
    plan = perfrules.bind(loaded(data.sums(rules)))
    made = dataset(data.cents(rows), plan.pack)
    before = peak()
    seconds = [timed(lambda: plan.evaluate(made, detail=0)) for _ in range(CALLS)]
    print(json.dumps({"seconds": statistics.median(seconds[1:]), "memory": peak() - before}))


def measured(rows: int, rules: int) -> tuple[float, float]:
    """Seconds and GB of one size, from a process of its own."""
    command = [sys.executable, __file__, str(rows), str(rules)]
    told = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    found = json.loads(told)
    print(f"{rows:>12,} rows x {rules:3} rules  {found['seconds']:8.3f} s  {found['memory']:6.2f} GB", flush=True)  # fmt: skip
    return found["seconds"], found["memory"]


def draw(picture: Path) -> None:
    """Measure all sizes and draw them."""
    import matplotlib as mpl  # noqa: PLC0415  # the measured processes do without
    from matplotlib import pyplot as plt  # noqa: PLC0415  # likewise

    mpl.rcParams["svg.hashsalt"] = "perfrules"
    figure, axes = plt.subplots(2, 2, figsize=(9, 6), constrained_layout=True)
    growths: Sequence[tuple[str, Sequence[int], list[tuple[float, float]]]] = (
        ("rows, 100 rules", ROWS, [measured(rows, 100) for rows in ROWS]),
        ("rules, 1 million rows", RULES, [measured(1_000_000, rules) for rules in RULES]),
    )
    for column, (title, sizes, found) in enumerate(growths):
        for row, (unit, values) in enumerate(
            (("seconds", [s for s, _ in found]), ("GB beyond the data", [m for _, m in found]))
        ):
            axis = axes[row][column]
            axis.plot(sizes, values, marker="o")
            axis.set_xlabel(title)
            axis.set_ylabel(unit)
            axis.set_ylim(bottom=0)
            axis.grid(alpha=0.3)
    figure.savefig(picture, metadata={"Date": None})


if __name__ == "__main__":
    if len(sys.argv) == 3:
        measure(int(sys.argv[1]), int(sys.argv[2]))
    else:
        home = Path(__file__).parents[1]
        draw(Path(sys.argv[1]) if len(sys.argv) == 2 else home / "docs" / "growth.svg")
