import subprocess
import sys
from decimal import Decimal
from fractions import Fraction

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from perfrules import tables
from perfrules.dataset import Dataset
from perfrules.errors import DataError
from perfrules.quantities.figures import State
from perfrules.readers import read_frames

SPEC = tables.Table.model_validate(
    {
        "title": {"zh": "支出表", "en": "Spending"},
        "key": ["unit"],
        "columns": {"unit": {"type": "text"}, "total": {"type": "money", "decimals": "2"}},
    }
)
CELLS = {"unit": ["甲", "乙"], "total": [1451.29, None]}


def values(dataset: Dataset) -> list[object]:
    return [dataset.tables["t"].cell(row, "total").value for row in (0, 1)]


class Exports:
    """Something that no library knows, with the interface that all know."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return pl.DataFrame(CELLS).__arrow_c_stream__(requested_schema)


@pytest.mark.parametrize(
    "frame",
    [
        pl.DataFrame(CELLS),
        pl.LazyFrame(CELLS),
        pd.DataFrame(CELLS),
        pd.DataFrame(CELLS, index=["a", "b"]),
        pd.DataFrame(CELLS).set_index("unit"),
        pd.DataFrame({"unit": ["甲", "乙"], "total": [Decimal("1451.29"), None]}),
        pd.DataFrame({"unit": ["甲", "乙"], "total": ["1451.29", None]}, dtype="object"),
        pa.table(CELLS),
        pa.table({"unit": ["甲", "乙"], "total": pa.array([Decimal("1451.29"), None])}),
        pa.RecordBatch.from_pydict(CELLS).schema.empty_table().from_pydict(CELLS),
        Exports(),
    ],
)
def test_frames_of_every_library(frame: object) -> None:
    dataset = read_frames({"t": frame}, {"t": SPEC}, "万元")
    assert values(dataset) == [Fraction("14512900"), None]
    assert dataset.notices == dataset.tables["t"].notices == ()


@pytest.mark.parametrize("name", ["t", "支出表", "Spending", " spending "])
def test_frames_are_named_by_id_or_title(name: str) -> None:
    assert list(read_frames({name: pl.DataFrame(CELLS)}, {"t": SPEC}, "元").tables) == ["t"]


@pytest.mark.parametrize("frame", [[1, 2], {"unit": ["甲"]}, None, "a.csv"])
def test_anything_else_is_refused_with_what_is_accepted(frame: object) -> None:
    with pytest.raises(DataError, match="a polars DataFrame or LazyFrame, a pandas DataFrame"):
        read_frames({"t": frame}, {"t": SPEC})


def test_numbers_and_texts_in_one_column_of_pandas() -> None:
    cells = {"unit": ["甲", 3], "total": [1451.29, "——"], "note": [{"a": 1}, None]}
    table = read_frames({"t": pd.DataFrame(cells)}, {"t": SPEC}, "元").tables["t"]
    assert table.frame["unit"].to_list() == ["甲", "3"]
    assert table.cell(0, "total").value == Fraction("1451.29")
    assert table.cell(1, "total").state is State.DASH


class Broken:
    """A frame that cannot be handed over."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        raise RuntimeError("no such luck")


def test_frames_that_cannot_be_handed_over_are_refused() -> None:
    with pytest.raises(DataError, match="no such luck"):
        read_frames({"t": Broken()}, {"t": SPEC})


def test_strange_second_and_missing_frames_are_noticed() -> None:
    frame = pl.DataFrame(CELLS)
    specs = {"t": SPEC, "u": SPEC.model_copy(update={"title": SPEC.title.__class__()})}
    specs["o"] = specs["u"].model_copy(update={"optional": True})
    dataset = read_frames({"t": frame, "支出表": frame, "v": frame}, specs, "元")
    assert [(n.code, n.level, n.table) for n in dataset.notices] == [
        ("PR425", "blocking", "t"),
        ("PR418", "advice", ""),
        ("PR401", "blocking", "u"),
    ]


def test_pandas_is_not_imported_by_the_readers() -> None:
    code = "import sys, perfrules.readers; sys.exit('pandas' in sys.modules or 'pyarrow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603  # our own code
