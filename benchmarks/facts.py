"""Long facts made into tables against the numpy scatter: `python benchmarks/facts.py [facts] [rounds]`.

The ratio is taken from integer key codes: the scatter writes each value to its cell and keeps the last of several; perfrules writes
which fact stands where, finds cells that several facts claim and entities without any, and then takes the values. The
numbering of text keys and the whole way from a Parquet file to a dataset are stated apart.
"""

import sys
import tempfile
from collections.abc import Iterator
from functools import partial, reduce
from pathlib import Path

import numpy as np
import polars as pl
from measure import HEADING, Line, agree, in_turn, timed

from perfrules import engine, load_pack
from perfrules.readers.facts.codes import Ints, coded
from perfrules.readers.facts.grid import Entities, scattered
from perfrules.readers.facts.long import taken

ITEMS, PERIODS = 20, 120


def long(facts: int, *, shuffled: bool) -> dict[str, Ints]:
    """Key codes and values of facts, 20 items of each entity and period."""
    records = facts // ITEMS
    at = np.arange(records * ITEMS)
    draw = np.random.default_rng(1)
    if shuffled:
        draw.shuffle(at)
    record = at % records
    return {
        "entity": (record // PERIODS).astype(np.int32),
        "period": (record % PERIODS).astype(np.int16),
        "item": (at // records).astype(np.int16),
        "value": at * 7,
    }


def by_numpy(codes: dict[str, Ints]) -> pl.DataFrame:
    """The scatter by hand."""
    entities = int(codes["entity"].max()) + 1
    record = codes["entity"].astype(np.int64) * PERIODS + codes["period"]
    wide = np.zeros((ITEMS, entities * PERIODS), np.int64)
    wide[codes["item"], record] = codes["value"]
    return pl.DataFrame({f"c{item}": wide[item] for item in range(ITEMS)})


def by_perfrules(codes: dict[str, Ints]) -> pl.DataFrame:
    """The same with duplicates found, and the fact of each cell and the entities that occur known."""
    sizes = int(codes["entity"].max()) + 1, PERIODS
    columns = list(zip((codes["entity"], codes["period"]), sizes, strict=True))
    entities = Entities.of(columns, len(codes["value"]))
    grid = scattered((codes["item"], ITEMS), entities)
    if len(grid.again):
        raise SystemExit("no cell is claimed twice")
    grid = grid.only(reduce(np.maximum, grid.first) >= 0)
    places = {f"c{item}": facts for item, facts in enumerate(grid.first)}
    return taken(pl.Series(codes["value"]), places)


def works(facts: int = 20_000_000, rounds: int = 5) -> Iterator[Line]:
    """Tables of facts in the order of their items, and shuffled."""
    for order in ("by item", "shuffled"):
        codes = long(facts, shuffled=order == "shuffled")
        agree("perfrules", by_perfrules(codes)["c3"].sum(), by_numpy(codes)["c3"].sum())
        turns = {
            "perfrules": partial(by_perfrules, codes),
            "numpy": partial(by_numpy, codes),
        }
        found = in_turn(turns, rounds)
        work = f"{facts / 1e6:g}M facts, {order}"
        yield Line(work, found["perfrules"], "numpy scatter", found["numpy"], 1.5)


def apart(facts: int) -> None:
    """What comes before and after: numbering text keys, and a Parquet file of facts to a dataset."""
    codes = long(facts, shuffled=True)
    frame = pl.DataFrame(codes).select(
        unit=pl.format("unit {}", "entity"),
        year=pl.col("period") + 1900,
        item=pl.format("item {}", "item"),
        value=(pl.col("value") % 10**9).cast(pl.Decimal(18, 2)),
    )
    for name in ("unit", "item"):
        print(
            f"{facts:,} texts of {frame[name].n_unique():,} numbered: {timed(partial(coded, frame[name])):6.2f} s"
        )
    columns = "".join(f"\n      c{item}: {{type: money, decimals: 2}}" for item in range(ITEMS))
    cells = ", ".join(f"c{item}: ['', item {item}, '']" for item in range(ITEMS))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pack").mkdir()
        (folder / "pack" / "pack.yaml").write_text(
            "pack: bench\ntables:\n  t:\n    unit: EUR\n    key: [unit, year]\n    columns:\n      unit: {type: text}\n"
            f"      year: {{type: year}}{columns}\n",
            "utf-8",
        )
        (folder / "pack" / "all.rules.yaml").write_text(
            "table: t\nrules:\n  - {id: r, assert: c0 = c0}\n", "utf-8"
        )
        data = folder / "data"
        data.mkdir()
        (data / "map.yaml").write_text(
            f"columns: {{unit: none}}\ntables:\n  t:\n    - {{key: {{}}, cells: {{{cells}}}}}\n",
            "utf-8",
        )
        (data / "dataset.yaml").write_text("facts: {file: facts.parquet, map: map.yaml}\n", "utf-8")
        frame.with_columns(none=pl.lit("")).write_parquet(data / "facts.parquet")
        pack = load_pack(folder / "pack")
        took = timed(lambda: engine.read(data, pack))
        print(
            f"{facts:,} facts from Parquet to a dataset, keys as text, origin of each cell: {took:6.2f} s"
        )


if __name__ == "__main__":
    asked = [int(float(text)) for text in sys.argv[1:]]
    print(HEADING)
    for line in works(*asked):
        print(line, flush=True)
    apart(*asked[:1] or [20_000_000])
