from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from perfrules.errors import DataError
from perfrules.manifest import TableSource
from perfrules.readers import parquet


def test_columns_keep_their_types(tmp_path: Path) -> None:
    frame = pl.DataFrame({"单位": ["甲"], "x": [Decimal("1.50")]})
    frame.write_parquet(tmp_path / "a.parquet")
    read, source = parquet.read(
        tmp_path / "a.parquet", TableSource(file="a.parquet", origin="附件3")
    )
    assert read.equals(frame)
    assert read.schema == frame.schema
    assert str(source.origins.of(0, "x")) == "附件3 a.parquet:1"


def test_other_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1 nothing")
    with pytest.raises(DataError, match="PR419"):
        parquet.read(tmp_path / "a.parquet", TableSource(file="a.parquet"))
