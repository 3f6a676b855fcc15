"""Figures on both sides of every boundary, at every magnitude, against arithmetic of our own: not one verdict is wrong."""

from collections import Counter
from collections.abc import Callable
from dataclasses import field
from fractions import Fraction
from math import ceil, floor
from random import Random

import polars as pl
import pytest

from perfrules.evaluate import engines
from perfrules.evaluate.rows import Index
from perfrules.evaluate.sheets.laying import lay
from perfrules.plan import bind
from perfrules.readers import read_frames
from perfrules.values import frozen
from perfrules.verdicts import OUTCOMES
from tests.evaluate.packs import batched_counts, by_polars, by_reference, data_of, pack_of

TABLES = """
tables:
  t:
    key: [k]
    unit: 元
    columns:
      k: {type: code}
      a: {type: money, decimals: 2}
      b: {type: money, decimals: 2}
      c: {type: money, decimals: 2}
      d: {type: money, decimals: 2}
      e: {type: money, decimals: 2}
      f: {type: money, decimals: 2}
      g: {type: money, decimals: 2}
      r: {type: ratio, unit: '%', decimals: 2}
"""
USUAL = 2
ROWS = 5000
TERMS = "bcdefg"


@frozen
class Printed:
    """A figure: an integer of so many decimals."""

    digits: int
    decimals: int
    value: Fraction = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", Fraction(self.digits, 10**self.decimals))

    def __str__(self) -> str:
        text = str(abs(self.digits)).zfill(self.decimals + 1)
        whole = text[: len(text) - self.decimals]
        rest = f".{text[-self.decimals :]}" if self.decimals else ""
        return f"{'-' if self.digits < 0 else ''}{whole}{rest}"

    @property
    def is_short(self) -> bool:
        return self.decimals < USUAL

    def half(self, *, loose: bool = False, term: bool = False) -> Fraction:
        """Half the last place: strictly that of the usual decimals, loosely one decimal less."""
        if term and not self.digits:
            return Fraction(0)
        decimals = self.decimals if self.decimals >= USUAL else USUAL - loose
        return HALVES[decimals]


HALVES = [Fraction(1, 2 * 10**decimals) for decimals in range(10)]
Figures = dict[str, Printed]


HOLDS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "=": lambda gap, allowed: abs(gap) <= allowed,
    "≤": lambda gap, allowed: gap <= allowed,
    "<": lambda gap, allowed: gap < allowed,
    "≥": lambda gap, allowed: gap >= -allowed,
    ">": lambda gap, allowed: gap > -allowed,
}


@frozen
class Linear:
    """``a op Σ factor · term``, with a tolerance; and the outcome by the sentences of the design, in fractions."""

    expression: str
    op: str
    factors: tuple[Fraction, ...]
    tolerance: str = ""
    absolute: Fraction | None = None
    relative: Fraction | None = None
    limit: Fraction | None = None

    def terms(self, row: Figures) -> list[tuple[Fraction, Printed]]:
        return [
            (factor, row[name]) for factor, name in zip(self.factors, TERMS, strict=False) if factor
        ]

    def right(self, row: Figures) -> Fraction:
        return sum((factor * figure.value for factor, figure in self.terms(row)), Fraction(0))

    def reach(self, row: Figures, *, loose: bool) -> Fraction:
        """How far the range of the difference goes to either side."""
        parts = self.terms(row)
        single = len(parts) == 1 and parts[0][0] == 1
        halves = (
            abs(factor) * figure.half(loose=loose, term=not single) for factor, figure in parts
        )
        return sum(halves, row["a"].half(loose=loose))

    def outcome(self, row: Figures) -> str:
        right = self.right(row)
        gap = row["a"].value - right
        if self.absolute is not None or self.relative is not None:
            allowed = self.absolute if self.absolute is not None else Fraction(0)
            allowed = allowed if self.relative is None else self.relative * abs(right)
            return "pass" if self.holds(gap, allowed) else "fail"
        if self.holds(gap, self.own_place(row)) or self.holds(gap, self.dropped(row)):
            return "pass"
        near = self.limit is None or abs(gap) <= self.limit
        figures = [row["a"], *(figure for _, figure in self.terms(row))]
        loosened = any(figure.is_short for figure in figures)
        ranges = [False, True] if loosened else [False]
        found = any(self.holds(gap, self.reach(row, loose=loose)) for loose in ranges)
        return "rounding" if found and near else "fail"

    def own_place(self, row: Figures) -> Fraction:
        """``u``: half the last place of the figure that stands alone on a side, the larger of two."""
        if self.op != "=":
            return Fraction(0)
        parts = self.terms(row)
        alone = [row["a"], *([parts[0][1]] if len(parts) == 1 and parts[0][0] == 1 else [])]
        return max(figure.half() for figure in alone)

    def dropped(self, row: Figures) -> Fraction | None:
        """Half the last place of a print that is short by one decimal, where there is one figure on each side."""
        parts = self.terms(row)
        if len(parts) != 1 or parts[0][0] != 1:
            return None
        short = [f for f in (row["a"], parts[0][1]) if f.decimals == USUAL - 1]
        return max((figure.half(loose=True) for figure in short), default=None)

    def holds(self, gap: Fraction, allowed: Fraction | None) -> bool:
        if allowed is None:
            return False
        return HOLDS[self.op](gap, allowed)

    def boundaries(self, row: Figures) -> list[Fraction]:
        """Differences at which the outcome changes."""
        if self.absolute is not None:
            return [self.absolute]
        if self.relative is not None:
            return [self.relative * abs(self.right(row))]
        found = [
            self.own_place(row),
            self.reach(row, loose=False),
            self.reach(row, loose=True),
            self.limit or Fraction(0),
        ]
        return [*found, self.dropped(row) or Fraction(0)]


def linear(count: int, op: str = "=", **more: object) -> Linear:
    names = " + ".join(TERMS[:count])
    return Linear(f"a {op} {names}", op, (Fraction(1),) * count, **more)  # type: ignore[arg-type]  # keys of Linear


RULES = [
    *(linear(count) for count in range(1, 7)),
    linear(1, "≤"),
    linear(2, "≤"),
    linear(3, "<"),
    linear(2, ">"),
    linear(4, "≥"),
    Linear("a = 2 * b - c + 0.5 * d", "=", (Fraction(2), Fraction(-1), Fraction(1, 2))),
    Linear("a = b / 3 - c", "=", (Fraction(1, 3), Fraction(-1))),
    linear(2, tolerance="tolerance: exact", absolute=Fraction(0)),
    linear(3, tolerance="tolerance: {absolute: 0.5元}", absolute=Fraction(1, 2)),
    linear(2, "≤", tolerance="tolerance: {absolute: 0.015元}", absolute=Fraction(3, 200)),
    linear(2, tolerance="tolerance: {relative: 3%}", relative=Fraction(3, 100)),
    linear(4, tolerance="max_slack: 0.015元", limit=Fraction(3, 200)),
]


def term(random: Random) -> Printed:
    """A figure of any magnitude up to 10**14, mostly with the usual decimals; zero now and then."""
    decimals = random.choice([2, 2, 2, 2, 2, 1, 0, 3, 4])
    digits = random.randint(0, 10 ** random.randint(1, 14) * 10**decimals)
    return Printed(random.choice([1, 1, 1, -1, 0]) * digits, decimals)


def beside(value: Fraction, decimals: int, random: Random) -> Printed:
    """A figure just at, below or above ``value``."""
    scaled = value * 10**decimals
    return Printed(random.choice([floor, ceil])(scaled) + random.choice([0, 0, 0, -1, 1]), decimals)


def adversarial(rule: Linear, random: Random, term: Callable[[Random], Printed] = term) -> Figures:
    """Terms at random, and a left side at some boundary of the outcome."""
    row = {name: term(random) for name in TERMS[: len(rule.factors)]}
    decimals = random.choice([2, 2, 2, 1, 0, 3, 4])
    row["a"] = Printed(1, decimals)
    edge = random.choice(rule.boundaries(row)) * random.choice([1, -1])
    return row | {"a": beside(rule.right(row) + edge, decimals, random)}


def judged(expression: str, tolerance: str, rows: list[Figures]) -> tuple[list[str], bool, bool]:
    """The outcome of each row on polars, whether all of it is native, and whether it needs 128 bits."""
    block = (
        f"  - {{id: r, table: t, assert: '{expression}'{', ' + tolerance if tolerance else ''}}}\n"
    )
    pack = pack_of(TABLES, block)
    columns = {
        name: [str(row[name]) if name in row else None for row in rows]
        for name in pack.tables["t"].columns
        if name != "k"
    }
    keys = [str(number) for number in range(len(rows))]
    frame = pl.DataFrame(
        {"k": keys} | columns, schema=dict.fromkeys(["k", *columns], pl.String), strict=True
    )
    dataset = read_frames({"t": frame}, pack.tables)
    sheet = bind(pack, dataset).sheets[0]
    laid = lay(sheet, dataset)
    check = engines.schema_of(sheet, laid, Index(dataset)).rule_checks[0]
    codes = check.codes(laid.frame.lazy()).collect()["code"]
    wide = check.lowered is not None and check.lowered.wide
    return [OUTCOMES[code] for code in codes], check.lowered is not None, wide


def wrong(rows: list[Figures], found: list[str], due: list[str]) -> list[str]:
    return [
        f"{ {name: str(figure) for name, figure in row.items()} }: {told}, not {wanted}"
        for row, told, wanted in zip(rows, found, due, strict=True)
        if told != wanted
    ][:5]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.expression} {rule.tolerance}")
def test_linear(rule: Linear) -> None:
    random = Random(rule.expression + rule.tolerance)
    rows = [adversarial(rule, random) for _ in range(ROWS)]
    found, native, _ = judged(rule.expression, rule.tolerance, rows)
    due = [rule.outcome(row) for row in rows]
    assert native
    assert wrong(rows, found, due) == []
    assert min(Counter(due).values()) > ROWS // 20  # every outcome is really met


# ---- quotients ----------------------------------------------------------------------------------------------------------


@frozen
class Rate:
    """``r op a / b - minus``, and its outcome by the sentences of the design."""

    expression: str
    op: str = "="
    minus: int = 0
    tolerance: str = ""
    absolute: Fraction | None = None

    def quotient(self, row: Figures) -> Fraction:
        return row["a"].value / row["b"].value - self.minus

    def ends(self, row: Figures, *, loose: bool) -> tuple[Fraction, Fraction] | None:
        """The range of the quotient; None where the denominator may be zero."""
        top, base = row["a"], row["b"]
        low, high = (base.value + sign * base.half(loose=loose) for sign in (-1, 1))
        if low <= 0 <= high:
            return None
        tops = [top.value + sign * top.half(loose=loose) for sign in (-1, 1)]
        found = [t / b - self.minus for t in tops for b in (low, high)]
        return min(found), max(found)

    def outcome(self, row: Figures) -> str:
        if not row["b"].digits:
            return "fail" if self.op == "=" else "unknown"
        if self.ends(row, loose=False) is None:
            return "unknown"
        ratio = row["r"].value / 100
        gap = ratio - self.quotient(row)
        own = row["r"].half() / 100
        if self.absolute is not None:
            return "pass" if (abs(gap) if self.op == "=" else gap) <= self.absolute else "fail"
        if (abs(gap) <= own) if self.op == "=" else gap <= 0:
            return "pass"
        loosened = any(figure.is_short for figure in row.values())
        if any(self.meets(row, loose=loose) for loose in ([False, True] if loosened else [False])):
            return "rounding"
        decimals = max(row["r"].decimals, USUAL) + 2
        cut = int(self.quotient(row) * 10**decimals)  # toward zero
        return "rounding" if self.op == "=" and cut == ratio * 10**decimals else "fail"

    def meets(self, row: Figures, *, loose: bool) -> bool:
        """Whether it holds for some figures behind the print."""
        ends = self.ends(row, loose=loose)
        if ends is None:
            return False
        own = row["r"].half(loose=loose) / 100
        ratio = row["r"].value / 100
        return ratio - own <= ends[1] and (self.op != "=" or ratio + own >= ends[0])


RATES = [
    Rate("r = a / b"),
    Rate("a / b = r"),
    Rate("r = (a - b) / b", minus=1),
    Rate("r ≤ a / b", "≤"),
    Rate("r = a / b", tolerance="tolerance: {absolute: 0.02pp}", absolute=Fraction(2, 10000)),
    Rate("r ≤ a / b", "≤", tolerance="tolerance: {absolute: 0.02pp}", absolute=Fraction(2, 10000)),
]


def rate_row(rule: Rate, random: Random, most: int) -> Figures:
    """Small denominators mostly, any magnitude up to ``10**most``, and a ratio at some boundary."""

    def figure(high: int) -> Printed:
        decimals = random.choice([2, 2, 2, 2, 1, 0, 3])
        digits = random.randint(1, 10 ** random.randint(1, high) * 10**decimals)
        return Printed(random.choice([1, 1, 1, 1, -1]) * digits, decimals)

    row = {"a": figure(most), "b": figure(random.choice([1, 1, 2, most]))}
    if random.randrange(30) == 0:
        row["b"] = Printed(0, 2)
    decimals = random.choice([2, 2, 2, 2, 1, 0, 3])
    ends = rule.ends(row, loose=False) or (Fraction(0), Fraction(0))
    loose = rule.ends(row, loose=True) or ends
    own = Fraction(1, 2 * 10**decimals)
    middle = rule.quotient(row) if row["b"].digits else Fraction(0)
    edges = [
        middle * 100,
        *(end * 100 + sign * own for end in (*ends, *loose, middle) for sign in (-1, 1)),
    ]
    if rule.absolute is not None:
        edges = [(middle + sign * rule.absolute) * 100 for sign in (-1, 1)]
    return row | {"r": beside(random.choice(edges), decimals, random)}


@pytest.mark.parametrize("rule", RATES, ids=lambda rule: f"{rule.expression} {rule.tolerance}")
def test_quotients(rule: Rate) -> None:
    random = Random(rule.expression + rule.tolerance)
    rows = [rate_row(rule, random, 6) for _ in range(ROWS // 2)]
    found, native, _ = judged(rule.expression, rule.tolerance, rows)
    assert native
    assert wrong(rows, found, [rule.outcome(row) for row in rows]) == []


# ---- beyond 64 and 128 bits ---------------------------------------------------------------------------------------------


def test_enough_verdicts_were_compared() -> None:
    assert len(RULES) * ROWS + len(RATES) * (ROWS // 2) >= 100_000


@pytest.mark.parametrize("digits", [17, 18, 19, 20, 25, 30, 33])
def test_sums_that_overflow_64_bits(digits: int) -> None:
    rule = linear(6)
    random = Random(digits)

    def huge(random: Random) -> Printed:
        return Printed(random.choice([1, 1, -1]) * (10**digits - random.randint(0, 9)), 2)

    rows = [adversarial(rule, random, huge) for _ in range(200)]
    found, native, wide = judged(rule.expression, "", rows)
    assert (native, wide) == (True, True)
    assert wrong(rows, found, [rule.outcome(row) for row in rows]) == []


@pytest.mark.parametrize("edge", [2**63 - 1, 2**63, -(2**63), 2**62, 2**62 - 1, 2**64])
def test_figures_around_the_edges_of_64_bits(edge: int) -> None:
    rule = linear(2)
    rows = [
        {"a": Printed(edge + left, 2), "b": Printed(edge + right, 2), "c": Printed(third, 2)}
        for left in (-2, -1, 0, 1)
        for right in (-1, 0)
        for third in (-1, 0, 1, 2)
    ]
    found, native, _ = judged(rule.expression, "", rows)
    assert native
    assert wrong(rows, found, [rule.outcome(row) for row in rows]) == []


@pytest.mark.parametrize(("most", "native"), [(9, True), (12, True), (20, None), (30, False)])
def test_quotients_whose_products_overflow(most: int, native: bool | None) -> None:
    """Cross-multiplied, figures of so many digits need 128 bits, or more than there are: then the reference is asked."""
    rule = RATES[0]
    random = Random(most)
    rows = [rate_row(rule, random, most) for _ in range(150)]
    found, was_native, _ = judged(rule.expression, "", rows)
    assert native is None or was_native is native
    assert wrong(rows, found, [rule.outcome(row) for row in rows]) == []


def test_a_sum_over_rows_does_not_wrap() -> None:
    tables = """
tables:
  t:
    key: [k]
    unit: 元
    columns: {k: {type: text}, a: {type: money, decimals: 2}}
  d:
    key: [k, i]
    unit: 元
    columns: {k: {type: text}, i: {type: text}, x: {type: money, decimals: 2}}
"""
    pack = pack_of(tables, "  - {id: r, table: t, assert: a = sum(d.x)}\n")
    big = 2**63 - 1
    finer = [
        {"k": key, "i": str(i), "x": str(Printed(big, 2))} for key in ("A", "B") for i in range(4)
    ]
    dataset = data_of(
        pack,
        {
            "t": [
                {"k": "A", "a": str(Printed(4 * big, 2))},
                {"k": "B", "a": str(Printed(4 * big - 2**64, 2))},
            ],
            "d": finer,
        },
    )
    due = {("r", 0): "pass", ("r", 1): "fail"}
    assert by_reference(pack, dataset) == due
    assert by_polars(pack, dataset) == due
    assert batched_counts(pack, dataset)["r"]["pass"] == 1
