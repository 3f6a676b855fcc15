"""What every benchmark measures with: lines of the table, works timed in turn, rules as a pack, and the referee's word."""

import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import data
import polars as pl

import perfrules
from perfrules.dataset import Dataset
from perfrules.loader import load_pack
from perfrules.model import Pack
from perfrules.readers import read_frames


@dataclass(frozen=True)
class Line:
    """One line of the table: a work, seconds of perfrules and of a peer, and the most that the ratio may be."""

    work: str
    own: float
    peer: str
    seconds: float
    budget: float | None = None

    def __str__(self) -> str:
        ratio = self.own / self.seconds
        told = (
            ""
            if self.budget is None
            else f"{self.budget:6.2f}  {'met' if ratio <= self.budget else 'missed'}"
        )
        return f"{self.work:34} {self.own:9.4f}  {self.peer:26} {self.seconds:9.4f} {ratio:7.2f} {told}".rstrip()  # fmt: skip


HEADING = f"{'work':34} {'perfrules':>9}  {'peer':26} {'seconds':>9} {'ratio':>7} {'budget':>6}"


def loaded(made: Sequence[data.Rule]) -> Pack:
    """The rules as a pack."""
    with tempfile.TemporaryDirectory() as name:
        head, rules = data.pack(made)
        Path(name, "pack.yaml").write_text(head, "utf-8")
        Path(name, "all.rules.yaml").write_text(rules, "utf-8")
        return load_pack(name)


def dataset(frame: pl.DataFrame, pack: Pack) -> Dataset:
    """The rows as a dataset; rates are printed in percent."""
    rates = [name for name in data.RATES if name in pack.tables["t"].columns]
    row = pl.int_range(pl.len()).cast(pl.String).alias("row")
    keyed = frame.select(row, *data.COLUMNS, *(pl.col(name) / 100 for name in rates))
    return read_frames({"t": keyed}, pack.tables)


def timed(work: Callable[[], object]) -> float:
    """Seconds of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def in_turn(works: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Median seconds of each, a round at a time."""
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            seconds[name].append(timed(work))
    return {name: statistics.median(found) for name, found in seconds.items()}


def outcomes(report: perfrules.Report) -> dict[str, tuple[int, ...]]:
    """How often each rule has each outcome, as the referee says it."""
    return {
        c.rule: (c.failed, c.unknown, c.rounding, c.passed, c.not_applicable) for c in report.counts
    }


def agree(name: str, found: object, wanted: object) -> None:
    """Stop if somebody says something else than the referee."""
    if found != wanted:
        raise SystemExit(f"{name} finds {found}, the referee {wanted}")
