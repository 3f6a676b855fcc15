"""Up to which size of a sheet native forms are slower than the reference: ``PYTHONPATH=. python benchmarks/small.py``.

Milliseconds of a sheet: made ready and judged natively, judged natively when it is ready, judged by the reference.
"""

import gc
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

import data
from measure import dataset, loaded, timed

import perfrules
from perfrules.dataset import Dataset
from perfrules.engine import read
from perfrules.evaluate import engines
from perfrules.evaluate.engines import Shelf
from perfrules.plan import Plan, Sheet, bind

ROUNDS = 5


class _Native(Shelf):
    """Leaves nothing to the reference."""

    FEW = 0


class _Reference(Shelf):
    """Leaves everything to it."""

    FEW = NEAR = 10**9


def best(work: Callable[[], object]) -> float:
    """The least milliseconds of several calls."""
    return 1000 * min(timed(work) for _ in range(ROUNDS))


def line(name: str, plan: Plan, held: Dataset, sheet: Sheet) -> str:
    """One sheet, judged in three ways."""
    one = replace(plan, sheets=(sheet,))
    judge = partial(engines.evaluate, one, held)
    kept = _Native()
    judge(shelf=kept)
    fresh, again, slow = (
        best(lambda: judge(shelf=_Native())),
        best(lambda: judge(shelf=kept)),
        best(lambda: judge(shelf=_Reference())),
    )
    return f"{name:34} {fresh:8.1f} {again:8.1f} {slow:8.1f}"


def sheets() -> Iterable[str]:
    """Those of the real report, and one of sums over ever more rows."""
    pack = perfrules.load_pack("cn-overall-self-eval")
    held = read("examples/lusong-2023", pack)
    plan = bind(pack, held)
    for sheet in plan.sheets:
        rows = sum(held.tables[name].frame.height for name in sheet.base)
        yield line(f"{rows} rows x {len(sheet.rules)}, {sheet.base[0]}", plan, held, sheet)
    for rules in (10, 100):
        sums = loaded(data.sums(rules))
        for rows in (4, 8, 16, 32, 64):
            held = dataset(data.cents(rows), sums)
            plan = bind(sums, held)
            yield line(f"{rows} rows x {rules}, sums", plan, held, plan.sheets[0])


if __name__ == "__main__":
    gc.set_threshold(1_000_000)
    print(f"{'sheet':34} {'fresh':>8} {'ready':>8} {'reference':>9}")
    for told in sheets():
        print(told, flush=True)
