"""Facts scattered into cells, in blocks that are shorter than what is claimed twice."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfrules.readers.facts import grid
from perfrules.readers.facts.long import taken

NAMES, UNITS, YEARS = 2, 3, 2
FACTS = st.lists(
    st.tuples(*(st.integers(0, count - 1) for count in (NAMES, UNITS, YEARS))), max_size=20
)


@pytest.mark.parametrize("block", [1, 3, 1 << 16])
@pytest.mark.parametrize("wide", [False, True])
def test_first_and_further_facts_of_each_cell(
    block: int, wide: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grid, "_BLOCK", block)
    if wide:
        monkeypatch.setattr(grid, "_narrow", lambda _: np.int64)

    @given(FACTS)
    def check(facts: list[tuple[int, int, int]]) -> None:
        names, units, years = np.array(facts, dtype=np.int16).reshape(-1, 3).T
        entities = grid.Entities(((units, UNITS), (years, YEARS)))
        found = grid.scattered((names, NAMES), entities)
        at: dict[tuple[int, int], list[int]] = {}
        for fact, (name, unit, year) in enumerate(facts):
            at.setdefault((name, unit * YEARS + year), []).append(fact)
        cells = np.ndindex(NAMES, UNITS * YEARS)
        assert found.first.ravel().tolist() == [at.get(cell, [-1])[0] for cell in cells]
        further = zip(found.again, found.names, found.entities, strict=True)
        wanted = [(fact, *cell) for cell, all_ in at.items() for fact in all_[1:]]
        assert [tuple(map(int, one)) for one in further] == sorted(wanted)
        firsts = {
            unit * YEARS + year: fact for fact, (_, unit, year) in reversed([*enumerate(facts)])
        }
        assert entities.firsts().tolist() == [firsts[entity] for entity in sorted(firsts)]

    check()


@pytest.mark.parametrize("kind", [np.int32, np.int64])
@pytest.mark.parametrize("cells", [[7, None, 9], ["a", None, "c"], []])
def test_what_stands_at_some_places(cells: list[object], kind: type[np.integer]) -> None:
    series, places = pl.Series(cells), [-1, *range(len(cells))]
    found = taken(series, {"x": np.array(places, dtype=kind)})
    assert found.to_dict(as_series=False) == {"x": [None, *cells]}


@pytest.mark.parametrize(
    "places", [[0, 1, 2], [1, 2], [2], [0, 2, 2], [1, 0, 2], [0, 1, -1], [-1, 0], []]
)
@pytest.mark.parametrize("kind", [np.int32, np.int64])
def test_places_that_follow_one_another_and_others(
    places: list[int], kind: type[np.integer]
) -> None:
    """Those of two columns, of which one may be a stretch of the cells."""
    series = pl.Series([7, None, 9])
    other = places[::-1]
    found = taken(series, {"x": np.array(places, dtype=kind), "y": np.array(other, dtype=kind)})
    stands = [7, None, 9, None]
    wanted = {"x": [stands[at] for at in places], "y": [stands[at] for at in other]}
    assert found.to_dict(as_series=False) == wanted
