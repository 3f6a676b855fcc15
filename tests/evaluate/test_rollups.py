"""Roll-ups of codes: cases that every engine answers alike, and random tables against a plain model of the meaning."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from perfrules.model import Pack
from tests.evaluate.cases import FOLDER, read_yaml
from tests.evaluate.packs import (
    batched_counts,
    by_polars,
    by_reference,
    counts,
    data_of,
    lowered,
    pack_of,
)

TABLES = """
tables:
  t:
    key: [unit, year, code]
    unit: 万元
    columns:
      unit: {type: text}
      year: {type: year}
      code: {type: code}
      total: {type: money, decimals: 2}
      zeroed: {type: money, decimals: 2, blank: zero}
      closing: {type: money, decimals: 2, blank: zero-if-closes}
"""
CASES = read_yaml(FOLDER / "rollups.yaml")
Row = Mapping[str, str | None]


def pack(block: Mapping[str, Any]) -> Pack:
    column = block.get("column", "total")
    rollup = {key: block[key] for key in ("levels", "total", "missing") if key in block}
    rule = {"id": "x", "table": "t", "rollup": {"code": "code", "columns": [column], **rollup}}
    if "when" in block:
        rule["when"] = block["when"]
    return pack_of(TABLES, yaml.safe_dump([rule], allow_unicode=True))


def rows_of(block: Mapping[str, Any]) -> list[Row]:
    written = block["rows"]
    if isinstance(written, dict):
        written = [{"code": code, "total": total} for code, total in written.items()]
    return [
        {"unit": "A", "year": "2023"}
        | {
            block.get("column", "total") if name == "total" else name: None if text == "~" else text
            for name, text in row.items()
        }
        for row in written
    ]


def named(row: Row, block: Mapping[str, Any]) -> str:
    code = row["code"] or "~"
    return code if isinstance(block["rows"], dict) else f"{row['unit']} {row['year']} {code}"


@pytest.mark.parametrize("block", CASES, ids=lambda block: f"{block['rows']}"[:60])
def test_a_case(block: Mapping[str, Any]) -> None:
    made, rows = pack(block), rows_of(block)
    dataset = data_of(made, {"t": rows})
    said = by_reference(made, dataset)
    found = {
        named(row, block): outcome
        for row, outcome in zip(rows, said.values(), strict=True)
        if outcome != "not-applicable"
    }
    assert found == block["gives"]
    assert by_polars(made, dataset) == said
    assert batched_counts(made, dataset) == counts(said)
    assert lowered(made, dataset) == {"x": True}
    notices = {notice.code for notice in dataset.tables["t"].notices}
    assert notices == set(block.get("notices", []))


def test_codes_that_another_rollup_knows_are_not_astray() -> None:
    several = """
  - {id: x, table: t, rollup: {code: code, levels: [3, 5], total: 合计, columns: [total]}}
  - {id: y, table: t, rollup: {code: code, levels: [3, 7], columns: [zeroed]}}
"""
    made = pack_of(TABLES, several)
    rows = [{"unit": "A", "year": "2023", "code": code} for code in ("合计", "201", "20101", "1")]
    rows.append({"unit": "A", "year": "2023", "code": "2010101"})
    (notice,) = data_of(made, {"t": rows}).tables["t"].notices
    assert str(notice.message).startswith("t.code: 1 (1) are codes of none of the lengths 3, 5, 7")


# ---- random tables ------------------------------------------------------------------------------------------------------

CODES = ["合计", "1", "2", "11", "12", "21", "111", "112", "121", "211", "1111", ""]
ROWS = st.dictionaries(
    st.tuples(st.sampled_from("AB"), st.sampled_from(CODES)),
    st.sampled_from([None, 0, 1, 1, 2, 3, 4]),
    min_size=1,
    max_size=14,
)
BLOCKS = st.fixed_dictionaries(
    {
        "levels": st.sampled_from([[1, 2], [1, 3], [1, 2, 3], [2, 3], [3]]),
        "total": st.just("合计"),
        "missing": st.sampled_from(["complete", "skip-if-no-parent", "children-le-parent"]),
    }
)


def above(code: str, block: Mapping[str, Any]) -> str | None:
    levels: Sequence[int] = block["levels"]
    if code == block["total"] or len(code) not in levels:
        return None
    shorter = [level for level in levels if level < len(code)]
    return code[: shorter[-1]] if shorter else block["total"]


def lacking(codes: Sequence[str], block: Mapping[str, Any]) -> set[str | None]:
    """The codes below which a row is known to be absent: something stands below that row."""
    found: set[str | None] = set()
    for code in codes:
        first = up = above(code, block)
        while up is not None and up not in codes:
            up = above(up, block)
        if up != first:
            found.add(up)
    return found


def outcome(
    unit: str, code: str, rows: Mapping[tuple[str, str], int | None], block: Mapping[str, Any]
) -> str:
    """What the roll-up means for a row of whole numbers, each printed with an accuracy of half a hundredth."""
    codes = [other for of, other in rows if of == unit]
    below = [other for other in codes if above(other, block) == code]
    if not below:
        return "not-applicable"
    if block["missing"] == "skip-if-no-parent" and code in lacking(codes, block):
        return "not-applicable"
    cells = [rows[unit, other] for other in (code, *below)]
    if all(cell is None for cell in cells):
        return "not-applicable"
    if None in cells:
        return "unknown"
    own, *parts = (cell or 0 for cell in cells)
    holds = sum(parts) <= own if block["missing"] == "children-le-parent" else sum(parts) == own
    return "pass" if holds else "fail"


@settings(max_examples=60, deadline=None)
@given(BLOCKS, ROWS)
def test_random_tables(
    block: Mapping[str, Any], rows: Mapping[tuple[str, str], int | None]
) -> None:
    made = pack(block)
    written = [
        {"unit": unit, "year": "2023", "code": code, "total": None if n is None else f"{n}.00"}
        for (unit, code), n in rows.items()
        if code
    ]
    assume(written)
    dataset = data_of(made, {"t": written})
    said = by_reference(made, dataset)
    full = {key: n for key, n in rows.items() if key[1]}
    assert list(said.values()) == [outcome(*key, full, block) for key in full]
    assert by_polars(made, dataset) == said
    assert batched_counts(made, dataset) == counts(said)
    absent = any(
        (up := above(code, block)) is not None and (unit, up) not in full for unit, code in full
    )
    told = "PR439" in {notice.code for notice in dataset.tables["t"].notices}
    assert told == (absent and block["missing"] == "complete")
