"""Ratios of perfrules to its peers, measured in one run: `make bench`, or `PYTHONPATH=. python benchmarks/run.py [rows] [rules] [rounds]`.

Every tool sees the same rows and rules in turn, several rounds; medians are compared. perfrules' counts of all five outcomes must
equal the referee's, and each peer's number of failures must too, or the run stops.
"""

import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

import data
import databases
import facts
import peers
import polars as pl
import spark
from measure import HEADING, Line, agree, dataset, in_turn, loaded, outcomes

import perfrules
from perfrules.evaluate import checks
from perfrules.loader import load_pack
from perfrules.plan import bind

HAND = "raw polars, same outcomes"
HOME = Path(__file__).parents[1]


def compare(
    work: str,
    frame: pl.DataFrame,
    made: Sequence[data.Rule],
    rounds: int,
    budgets: dict[str, float | None],
) -> Iterable[Line]:
    """The lines of one work: perfrules against each peer of ``budgets``."""
    plan = perfrules.bind(loaded(made))
    rows = dataset(frame, plan.pack)
    wanted = data.expected(frame, made)
    agree("perfrules", outcomes(plan.evaluate(rows, detail=0)), wanted)
    connection = peers.loaded(frame)
    works: dict[str, Callable[[], object]] = {
        HAND: lambda: peers.raw_polars_outcomes(frame, made),
        "raw polars, failures only": lambda: peers.raw_polars(frame, made),
        "dataframely": lambda: peers.dataframely(frame, made),
        "stock pandera.polars": lambda: peers.stock_pandera(frame, made),
        "pointblank": lambda: peers.pointblank(frame, made),
        "DuckDB by hand": lambda: peers.duckdb_by_hand(connection, made),
    }
    works = {name: works[name] for name in budgets}
    for name, peer in works.items():
        agree(name, peer(), wanted if name == HAND else broken(wanted))
    works = {"perfrules": lambda: plan.evaluate(rows, detail=0), **works}
    found = in_turn(works, rounds)
    for name, budget in budgets.items():
        yield Line(work, found["perfrules"], name, found[name], budget)


def broken(outcomes: dict[str, tuple[int, ...]]) -> int:
    """What tools that know no rounding call failures."""
    return sum(counts[data.FAIL] + counts[data.ROUNDING] for counts in outcomes.values())


def traced() -> None:
    """Stop if a bound plan does not go through the hooks of pandera."""
    seen = []
    hook = checks.RuleBackend.run_checks

    def run_checks(self: object, *given: object) -> object:
        seen.append(self)
        return hook(self, *given)

    made = data.sums(10)
    plan = perfrules.bind(loaded(made))
    rows = dataset(data.cents(100), plan.pack)
    checks.RuleBackend.run_checks = run_checks
    try:
        plan.evaluate(rows)
        plan.evaluate(rows)
    finally:
        checks.RuleBackend.run_checks = hook
    if len(seen) != 2:
        raise SystemExit("pandera's run_checks is not what evaluates")


def engines() -> Iterable[Line]:
    """The works of the budgets."""
    first: dict[str, float | None] = {
        HAND: 1.3, "raw polars, failures only": None, "dataframely": 1.0, "stock pandera.polars": 0.2, "pointblank": 0.125, "DuckDB by hand": None,
    }  # fmt: skip
    million = data.cents(1_000_000)
    few = first | dict.fromkeys(("stock pandera.polars", "pointblank"))  # budgets are of 100 rules
    yield from compare("1M x 10", million, data.sums(10), 7, few)
    yield from compare("1M x 100", million, data.sums(100), 5, first)
    some: dict[str, float | None] = {HAND: 1.3, "dataframely": 1.0}
    yield from compare("1M x 500", million, data.sums(500), 3, some)
    yield from compare("1M x 100, mixed", million, data.mixed(), 3, some)
    clean = data.cents(1_000_000, broken=0, blank_rows=0)
    yield from compare("1M x 100, nothing fails", clean, data.sums(100), 5, some)
    gaps = data.cents(1_000_000, blank_cells=0.05)
    yield from compare("1M x 100, 5 % of cells blank", gaps, data.sums(100), 3, some)
    wrong = data.broken_everywhere(1_000_000)
    yield from compare("1M x 10, everything fails", wrong, data.sums(10), 3, some)
    traced()
    small: dict[str, float | None] = {HAND: None, "raw polars, failures only": 4}
    yield from compare("10k x 10, plan bound", data.cents(10_000), data.sums(10), 41, small)
    del million, clean, gaps, wrong
    yield from compare("10M x 100", data.cents(10_000_000), data.sums(100), 1, {HAND: 1.3})


def integers() -> Iterable[Line]:
    """Scaled integers against the same sums in floats, raw polars both."""
    made = data.sums(100)
    frame = data.cents(1_000_000)
    floats = frame.with_columns(pl.all().cast(pl.Float64))
    found = in_turn(
        {
            "integers": lambda: peers.raw_polars(frame, made),
            "floats": lambda: peers.raw_polars(floats, made),
        },
        5,
    )
    yield Line("1M x 100, integers by hand", found["integers"], "floats by hand", found["floats"], 1.3)  # fmt: skip


def start_up() -> Iterable[Line]:
    """Whole processes: help, and a small check where everything is installed that peers need, and where perfrules is alone."""
    yield from _started(Path(sys.executable), "")
    with tempfile.TemporaryDirectory() as folder:
        python = Path(folder, "bin", "python")
        venv.create(folder, with_pip=True)
        _run(python, "-m", "pip", "install", "--quiet", "--constraint", HOME / "constraints.txt", HOME)  # fmt: skip
        yield from _started(python, ", alone")


def _started(python: Path, where: str) -> Iterable[Line]:
    cli = (python, "-c", "from perfrules.cli import main; main()")
    found = in_turn(
        {
            "base": partial(_run, python, "-c", "import pandera.polars"),
            "help": partial(_run, *cli, "--help"),
            "check": partial(_run, *cli, "check", HOME / "examples" / "lusong-2023", fails=1),
        },
        9,
    )
    yield Line(f"--help{where}", found["help"], "0.15 s", 0.15, 1)
    work = f"check examples/lusong-2023{where}"
    yield Line(work, found["check"], "import pandera.polars", found["base"], 2)


def _run(*command: str | Path, fails: int = 0) -> None:
    """Run a process that ends with 0, or with the code ``fails``."""
    done = subprocess.run(command, capture_output=True, check=False)  # ours
    agree(" ".join(map(str, command)), done.returncode, fails)


def loading() -> Iterable[Line]:
    """2,000 rules loaded, typed and bound: the 500 sums four times over, under other ids."""
    made = [
        data.Sum(f"{rule.id}-{i}", rule.factors, rule.guard)
        for i in range(4)
        for rule in data.sums(500)
        if isinstance(rule, data.Sum)
    ]
    head, rules = data.pack(made)
    rows = dataset(data.cents(10), loaded(data.sums(1)))
    with tempfile.TemporaryDirectory() as name:
        Path(name, "pack.yaml").write_text(head, "utf-8")
        Path(name, "all.rules.yaml").write_text(rules, "utf-8")
        took = in_turn({"load": lambda: bind(load_pack(name), rows)}, 3)["load"]
    yield Line("2,000 rules loaded and bound", took, "1.5 s", 1.5, 1)


def main(given: Sequence[str]) -> None:
    print(HEADING)
    if given:
        rows, number, rounds = (int(float(text)) for text in (*given, "100", "3")[:3])
        budgets: dict[str, float | None] = {HAND: 1.3, "raw polars, failures only": None}
        frame, made = data.cents(rows), data.sums(number)
        lines: Iterable[Line] = compare(f"{rows:,} x {number}", frame, made, rounds, budgets)
        print(*lines, sep="\n")
        return
    for part in (engines, integers, loading, start_up, facts.works, databases.works, spark.works):
        for line in part():
            print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
