"""Verdicts at every boundary against exact rationals: `make bench`, or `python benchmarks/exactness.py [verdicts]`.

Figures of magnitudes to 10**14 and 10**6, short and long prints, zeros; each rule's left side is set at a boundary of its outcome or
one unit beside it. The referee is `exact.py`; some of its verdicts are compared with the reference evaluator of perfrules too.
"""

import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl
from exact import (
    PASS,
    Interval,
    Known,
    Number,
    Printed,
    Rule,
    absolute,
    floored,
    integers,
    maximum,
    minimum,
    rounded,
    stepped,
)

from perfrules.evaluate import engines
from perfrules.loader import load_pack
from perfrules.model import Pack
from perfrules.plan import bind
from perfrules.readers import read_frames
from perfrules.verdicts import OUTCOMES

VERDICTS = 10_000_000
ROWS = 20_000
SAMPLE = 20
"""Verdicts of each rule and round that the reference gives too."""
USUAL = 2
MOST_RATIO = 10**10


def number(top: int, base: int = 1) -> Interval:
    """A literal."""
    exact = Number(np.array(top, dtype=object), base)
    return Interval(exact, exact)


def chosen(item: Interval, yes: Interval, no: Interval) -> Interval:
    """``if n = 1 then yes else no``."""
    rows = (item.low.top == item.low.base).astype(bool)
    return Interval(yes.low.where(rows, no.low), yes.high.where(rows, no.high))


BANDS = ([(0, 1, False), (1, 2, True)], [0, 1, 2])
RULES = (
    Rule("l0 = b + c", "l0", lambda f: f["b"] + f["c"], "bc", terms="bc"),
    Rule("l1 ≤ b - c", "l1", lambda f: f["b"] - f["c"], "bc", "≤", terms="bc"),
    Rule("l2 = max(b, c)", "l2", lambda f: maximum(f["b"], f["c"]), "bc"),
    Rule("l3 = min(b, c) + e", "l3", lambda f: minimum(f["b"], f["c"]) + f["e"], "bce", terms="e"),
    Rule("l4 = abs(b - c)", "l4", lambda f: absolute(f["b"] - f["c"]), "bc", terms="bc"),
    Rule("l5 = b * r", "l5", lambda f: f["b"] * f["r"], "br"),
    Rule("l6 > b * r", "l6", lambda f: f["b"] * f["r"], "br", ">"),
    Rule("l7 = round(b * r, 1)", "l7", lambda f: rounded(f["b"] * f["r"], 1), "br"),
    Rule("l8 = floor(b / 3, 1)", "l8", lambda f: floored(f["b"] * number(1, 3), 1), "b"),
    Rule("l9 = clip(e, c, b)", "l9", lambda f: minimum(maximum(f["e"], f["c"]), f["b"]), "bce"),
    Rule("la = (if n = 1 then b else c) + e", "la", lambda f: chosen(f["n"], f["b"], f["c"]) + f["e"], "nbce", terms="bce"),
    Rule("w = step(r, param.bands)", "w", lambda f: stepped(f["r"], *BANDS), "r"),
    Rule("p0 = a / d", "p0", lambda f: f["a"] / f["d"], "ad", base=lambda f: f["d"], cuts=True),
    Rule("p1 = growth(a, d)", "p1", lambda f: f["a"] / f["d"] - number(1), "ad", base=lambda f: f["d"], cuts=True),
    Rule("p2 ≥ share(a, d)", "p2", lambda f: f["a"] / f["d"], "ad", "≥", base=lambda f: f["d"]),
    Rule("p3 = a / (a + d)", "p3", lambda f: f["a"] / (f["a"] + f["d"]), "ad", terms="d", again="a",
         base=lambda f: f["a"] + f["d"], base_terms="ad", cuts=True),
    Rule("p4 = (a - d) / (a + d)", "p4", lambda f: (f["a"] - f["d"]) / (f["a"] + f["d"]), "ad", terms="ad", again="ad",
         base=lambda f: f["a"] + f["d"], base_terms="ad", cuts=True),
    Rule("p5 = a / d", "p5", lambda f: f["a"] / f["d"], "ad", base=lambda f: f["d"], absolute=(2, 10_000), cuts=True,
         yaml="tolerance: {absolute: 0.02pp}"),
)  # fmt: skip
SMALL = (
    Rule("lb = b * (a / d)", "lb", lambda f: f["b"] * (f["a"] / f["d"]), "bad", base=lambda f: f["d"]),
    Rule("lc = b * r - c * n", "lc", lambda f: f["b"] * f["r"] - f["c"] * f["n"], "brcn"),
    Rule("ld = b * n", "ld", lambda f: f["b"] * f["n"], "bn"),
    Rule("p6 = a / d - c / e", "p6", lambda f: f["a"] / f["d"] - f["c"] / f["e"], "adce", base=lambda f: f["d"] * f["e"]),
)  # fmt: skip
"""Rules whose integers outgrow 128 bits at the greatest magnitudes."""


def pack_of(rules: Sequence[Rule]) -> Pack:
    """The rules and their columns as a pack."""
    kinds = {
        "l": "money, decimals: 2",
        "p": "ratio, unit: '%', decimals: 2",
        "w": "number, decimals: exact",
    }
    columns = {**dict.fromkeys("abcde", kinds["l"]), "r": kinds["p"], "n": "count"}
    columns |= {rule.left: kinds[rule.left[0]] for rule in rules}
    written = "".join(f"      {name}: {{type: {kind}}}\n" for name, kind in columns.items())
    params = (
        "params:\n  bands: {steps: [{lt: '0', score: '0'}, {le: 50%, score: '1'}, {else: '2'}]}\n"
    )
    head = f"pack: exactness\nunit: 元\n{params}tables:\n  t:\n    key: [row]\n    columns:\n      row: {{type: code}}\n"
    lines = [
        f"  - {{id: r{at}, assert: '{rule.text}'{', ' + rule.yaml if rule.yaml else ''}}}\n"
        for at, rule in enumerate(rules)
    ]
    with tempfile.TemporaryDirectory() as name:
        Path(name, "pack.yaml").write_text(head + written, "utf-8")
        Path(name, "all.rules.yaml").write_text("table: t\nrules:\n" + "".join(lines), "utf-8")
        pack = load_pack(name)
    assert not pack.faults, pack.faults
    return pack


class Draw:
    """Figures and left sides from a seed."""

    def __init__(self, seed: int, rows: int, most: int) -> None:
        self.draw = np.random.default_rng(seed)
        self.rows = rows
        self.most = most

    def places(self) -> np.ndarray:
        """Mostly the usual decimals."""
        return integers(self.draw.choice([2, 2, 2, 2, 2, 1, 0, 3], self.rows))

    def figure(self, most: int | None = None, *, share: bool = False) -> Printed:
        """Any magnitude, some zeros, some negative."""
        places = self.places()
        power = self.draw.integers(0, self.most if most is None else most, self.rows, endpoint=True)
        whole = self.draw.integers(0, 10**power, endpoint=True)
        digits = whole.astype(object) * 10**places + integers(
            self.draw.integers(0, 1000, self.rows)
        )
        digits *= integers(
            self.draw.choice([1, 1, 1, 1, -1, 0], self.rows, p=[0.23] * 4 + [0.05, 0.03])
        )
        return Printed(digits, places, USUAL, 2 if share else 0)

    def over(self, other: Printed) -> Printed:
        """A figure that is up to a hundred times another, in its decimals."""
        times = integers(self.draw.integers(-2000, 100_000, self.rows))
        beside = integers(self.draw.choice([-1, 0, 0, 1], self.rows))
        return replace(other, digits=other.digits * times // 1000 + beside)

    def left(self, rule: Rule, known: Known) -> Printed:
        """The left side at a boundary, or a unit beside it."""
        unit = 2 if rule.left[0] == "p" else 0
        places = integers(np.zeros(self.rows, int)) if rule.left == "w" else self.places()
        usual = None if rule.left == "w" else USUAL
        found = Printed(places * 0 + 1, places, usual, unit)
        value, strict, loose = known.printed, known.strict, known.loose
        edges = [value]
        for half in (found.half(), found.half(loose=True)):
            edges += [value + half, value - half]
            edges += [end.low - half for end in (strict, loose)] + [
                end.high + half for end in (strict, loose)
            ]
        if rule.absolute is not None:
            allowed = Number(places * 0 + rule.absolute[0], rule.absolute[1])
            edges = [value + allowed, value - allowed]
        which = self.draw.integers(0, len(edges), self.rows)
        edge = edges[0]
        for at, other in enumerate(edges[1:], 1):
            edge = other.where(which == at, edge)
        digits = edge.top * 10 ** (places + unit) // edge.base
        beside = integers(self.draw.choice([0, 0, 0, 1, 1, 1, -1, 2], self.rows))
        if unit:  # a ratio beside a base of nearly zero; what is cut off here is still judged
            digits = np.clip(digits, -MOST_RATIO, MOST_RATIO)
        return Printed(digits + beside, places, usual, unit)

    def figures(self) -> dict[str, Printed]:
        """The columns that values are made of; a denominator is small every second time."""
        on = {name: self.figure() for name in "bce"}
        small = self.draw.integers(0, 2, self.rows) == 0
        wide, narrow = self.figure(), self.figure(1)
        on["d"] = Printed(
            np.where(small, narrow.digits, wide.digits), np.where(small, narrow.places, wide.places), USUAL
        )  # fmt: skip
        on["a"] = self.over(on["d"])
        on["r"] = self.figure(2, share=True)
        on["n"] = Printed(
            integers(self.draw.integers(0, 4, self.rows)), integers(np.zeros(self.rows, int)), None
        )
        return on


def texts(column: Printed) -> list[str]:
    """The cells as printed."""
    found = []
    for digits, places in zip(column.digits, column.places, strict=True):
        text = str(abs(digits)).zfill(places + 1)
        point = f"{text[:-places]}.{text[-places:]}" if places else text
        found.append(f"-{point}" if digits < 0 else point)
    return found


@dataclass(frozen=True)
class Told:
    """What one round found.

    Attributes:
        wrong: How many verdicts of each rule are not the referee's.
        met: How often the referee says each outcome.
        sampled, unlike: Verdicts compared with the reference evaluator, and how many of these differ.
    """

    wrong: Counter[str]
    met: Counter[int]
    sampled: int
    unlike: int


def compared(seed: int) -> Told:
    """One round: every fifth has small figures and all rules."""
    small = seed % 5 == 4
    rules = (*RULES, *SMALL) if small else RULES
    draw = Draw(seed, ROWS, 6 if small else 14)
    on = draw.figures()
    known = [rule.known(on) for rule in rules]
    on |= {rule.left: draw.left(rule, held) for rule, held in zip(rules, known, strict=True)}
    frame = {"row": [str(at) for at in range(ROWS)]} | {
        name: texts(held) for name, held in on.items()
    }
    pack = pack_of(rules)
    dataset = read_frames({"t": pl.DataFrame(frame)}, pack.tables)
    (found,) = engines.evaluate(bind(pack, dataset), dataset, limit=ROWS)
    assert not found.by_reference, found.by_reference
    codes = np.full((len(rules), ROWS), PASS, np.int8)
    detail = found.verdicts.detail
    codes[detail["rule"].to_numpy(), detail["row"].to_numpy()] = detail["code"].to_numpy()
    assert not found.verdicts.counts["not-applicable"].sum(), "every figure is there"
    wrong: Counter[str] = Counter()
    met: Counter[int] = Counter()
    for rule, held, mine in zip(rules, known, codes, strict=True):
        wanted = rule.outcomes(on, held)
        wrong[rule.text] += int((mine != wanted).sum())
        met.update(dict(zip(*np.unique(wanted, return_counts=True), strict=True)))
    sample = [(rule, row) for rule in range(len(rules)) for row in range(0, ROWS, ROWS // SAMPLE)]
    unlike = sum(found.explain(rule, row).code != codes[rule, row] for rule, row in sample)
    return Told(wrong, met, len(sample), unlike)


def main(verdicts: int) -> int:
    """Compare so many verdicts, print what was found, and return how many are wrong."""
    start = time.perf_counter()
    rounds = range(-(-verdicts // (ROWS * len(RULES))))
    wrong: Counter[str] = Counter()
    met: Counter[int] = Counter()
    sampled = unlike = 0
    with multiprocessing.get_context("spawn").Pool() as workers:
        for told in workers.imap_unordered(compared, rounds):
            wrong.update(told.wrong)
            met.update(told.met)
            sampled, unlike = sampled + told.sampled, unlike + told.unlike
    print(f"\n{met.total():,} verdicts at boundaries, {time.perf_counter() - start:.0f} s")
    print("  " + ", ".join(f"{OUTCOMES[code]} {met[code]:,}" for code in sorted(met)))
    for text, count in wrong.items():
        if count:
            print(f"  {count:,} wrong: {text}")
    print(f"  wrong: {wrong.total()}; unlike the reference, of {sampled:,} sampled: {unlike}")
    return wrong.total() + unlike


if __name__ == "__main__":
    sys.exit(bool(main(int(float(sys.argv[1])) if len(sys.argv) > 1 else VERDICTS)))
