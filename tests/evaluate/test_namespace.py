"""narwhals as the namespace that rules are lowered against."""

import duckdb
import narwhals as nw
import pytest

from perfrules.databases import sql
from perfrules.evaluate.remote.namespace import namespace


@pytest.mark.parametrize("number", [1, 32, 33, 2000])
def test_any_of_many_conditions(number: int) -> None:
    """As many as there are rules: a chain of them would be too deep for ibis."""
    x = namespace()
    table = sql.table("t", {"a": "int64", "b": "int64"})
    conditions = [x.col("a") == at for at in range(1, number)]
    query = sql.Dialect("duckdb").query(
        table.filter(x.any_horizontal(*conditions, nw.col("b") > 0))
    )
    rows = "VALUES (1, 0), (0, 1), (0, 0), (NULL, 1), (NULL, 0), (0, NULL), (1999, 0)"
    found = duckdb.execute(f"WITH t(a, b) AS ({rows}) {query.sql}").fetchall()
    hits = [row for row in ((1, 0), (1999, 0)) if row[0] < number]
    assert sorted(found, key=str) == sorted([*hits, (0, 1), (None, 1)], key=str)
