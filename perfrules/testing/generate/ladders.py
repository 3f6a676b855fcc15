"""Codes that stand one above another, for rows to be: which there are, and the codes by which rows meet the row above them."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from random import Random

from perfrules.tables import Ladder, Table

Row = Mapping[str, str | int | None]
BELOW = (1, 1, 2, 2, 3)
"""How many codes there are below one, with the more usual numbers oftener."""
BARE = 0.3
"""How often a code has none below it."""


def codes(ladders: Sequence[Ladder], draw: Random, more: int) -> tuple[str, ...]:
    """Codes for ``ladders``, each above those below it; the first has some on every level below it."""
    found: dict[str, None] = {}
    for ladder in ladders:
        if ladder.total is not None:
            found[ladder.total] = None
        found.update(dict.fromkeys(_tree("", (0, *ladder.levels), draw, more)))
    return tuple(found)


def _tree(code: str, levels: Sequence[int], draw: Random, more: int) -> Iterator[str]:
    if len(levels) < 2:
        return
    width = levels[1] - levels[0]
    count = min(draw.choice(BELOW) + more, 10**width - 1)
    for number in range(1, count + 1):
        below = f"{code}{number:0{width}}"
        yield below
        if number == 1 or draw.random() >= BARE:
            yield from _tree(below, levels[1:], draw, more)


def laddered(rows: Sequence[Row], spec: Table) -> tuple[Row, ...]:
    """The rows of a table with the codes by which they meet the row above them."""
    made = [dict(row) for row in rows]
    for ladder in spec.ladders:
        others = [name for name in spec.key if name != ladder.column]
        there = {(*(row[name] for name in others), row[ladder.column]) for row in made}
        for row in made:
            beside = tuple(row[name] for name in others)
            line = _line(str(row[ladder.column]), ladder)
            present = [code for code in line if (*beside, code) in there]
            row[ladder.children] = line[0] if line else None
            row[ladder.orphans] = present[0] if present and present[0] != line[0] else None
    return tuple(made)


def _line(code: str, ladder: Ladder) -> list[str]:
    """The codes above ``code``, from the nearest up."""
    if code == ladder.total or len(code) not in ladder.levels:
        return []
    cuts = [code[:upper] for upper, lower in pairwise(ladder.levels) if lower <= len(code)]
    return [*reversed(cuts), *([ladder.total] if ladder.total is not None else [])]
