"""The rows around the cells of a finding: as printed, few, narrow, and the same in a saved report."""

from pathlib import Path

import polars as pl

import perfrules
from perfrules.findings.rows import LENGTH, MOST, WIDTH
from perfrules.renderers import json_v1

SMALL = Path(__file__).parent / "packs" / "small"


def test_a_finding_holds_the_rows_of_its_cells_as_printed() -> None:
    report = perfrules.check(SMALL / "broken", SMALL)
    first = report.details[0]
    (row,) = first.rows
    assert (row.table, row.key) == ("spending", {"office": "乙局", "year": "2023"})
    assert row.cells == {
        "office": "乙局", "year": "2023", "total": "110.00万元", "basic": "60.00万元", "project": "40.00万元", "note": "",
    }  # fmt: skip
    for finding in report.details:
        rows = {(row.table, *row.key.items()): row for row in finding.rows}
        for cell in finding.cells:
            assert rows[cell.table, *cell.key.items()].cells[cell.column] == cell.printed


def test_the_formula_with_what_is_printed() -> None:
    found = perfrules.check(SMALL / "broken", SMALL).details
    assert found[0].worked == "110.00万元 = 60.00万元 + 40.00万元"
    assert next(f for f in found if f.rule == "spending-items").worked == "50.00万元 = 40万元"


def test_of_many_rows_the_first_are_kept() -> None:
    frames = {
        "spending": pl.DataFrame({"office": ["甲"], "year": ["2023"], "total": ["9"], "basic": ["2"], "project": ["5"]}),
        "items": pl.DataFrame({"office": ["甲"] * 20, "year": ["2023"] * 20, "item": [f"{n}" for n in range(20)], "amount": ["1"] * 20}),
    }  # fmt: skip
    (found,) = (
        f for f in perfrules.check(frames, SMALL).details if f.rule == "spending-items"
    )  # fmt: skip
    assert len(found.cells) == 21
    assert len(found.rows) == MOST


def test_a_wide_table_and_a_long_text_are_cut(tmp_path: Path) -> None:
    columns = [f"c{n}" for n in range(50)]
    (tmp_path / "pack.yaml").write_text(
        "pack: wide\nversion: 1.0.0\ntables:\n  t:\n    key: [k]\n    columns:\n"
        "      k: {type: text}\n"
        + "".join(f"      {name}: {{type: number}}\n" for name in columns)
        + "      note: {type: text}\n",
        "utf-8",
    )
    (tmp_path / "t.rules.yaml").write_text(
        "table: t\nrules:\n  - id: last\n    assert: c1 = c49 and note is not blank\n", "utf-8"
    )
    row = {"k": ["x" * 200], **{name: [n] for n, name in enumerate(columns)}, "note": ["长" * 100]}
    report = perfrules.check({"t": pl.DataFrame(row)}, tmp_path)
    (made,) = report.details[0].rows
    assert len(made.cells) == WIDTH
    assert {"k", "c1", "c49", "note"} <= set(made.cells)
    assert list(made.cells) == [name for name in ("k", *columns, "note") if name in made.cells]
    assert made.cells["note"] == "长" * (LENGTH - 1) + "…"
    assert made.key == {"k": "x" * 200}


def test_a_row_that_many_findings_rest_on_is_saved_once() -> None:
    report = perfrules.check(SMALL / "broken", SMALL)
    document = json_v1.document(report)
    assert len(document["rows"]) < sum(len(finding.rows) for finding in report.details)
    saved = json_v1.read(json_v1.render(report).encode(), "r.json")
    assert [f.rows for f in saved.details] == [f.rows for f in report.details]
    assert saved.tables == report.tables
