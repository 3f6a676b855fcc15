"""``dataset.yaml`` and mapping files of facts."""

from pathlib import Path

import pytest

from perfrules.errors import DataError
from perfrules.loader import load_dataset, load_facts_map
from perfrules.manifest import DatasetFile

DATASET = """\
pack: p
unit_of_measure: 万元
tables:
  t: {file: t.csv, header: 3, constants: {year: 2023, unit: 001}}
facts: {file: facts.csv, map: facts.map.yaml}
"""
MAP = """\
columns: {place: 位置, value: 数值}
tables:
  t:
    - key: {stage: 决算}
      cells: {total: [附件2, 合计, 决算], basic: f001}
"""


def test_a_dataset(tmp_path: Path) -> None:
    (tmp_path / "dataset.yaml").write_text(DATASET, encoding="utf-8")
    dataset = load_dataset(tmp_path)
    assert (dataset.pack, dataset.unit_of_measure) == ("p", "万元")
    assert dataset.tables["t"].header == 3
    assert dataset.tables["t"].constants == {"year": "2023", "unit": "001"}


def test_a_folder_without_a_description(tmp_path: Path) -> None:
    assert load_dataset(tmp_path) == DatasetFile()


def test_a_map_of_facts(tmp_path: Path) -> None:
    path = tmp_path / "facts.map.yaml"
    path.write_text(MAP, encoding="utf-8")
    (row,) = load_facts_map(path).tables["t"]
    assert row.cells == {"total": ["附件2", "合计", "决算"], "basic": "f001"}


# name: (text, what is told of it)
FAULTS = {
    "": ("dataset.yaml:1:1: PR114: the file is empty (write a block of keys and values)",),
    "tables:\n  t: {fil: t.csv, header: 0}\nunit: 万元\ntable: {}\n": (
        "dataset.yaml:2:7: PR112: fil is not a key of tables.t of dataset.yaml (did you mean file?)",
        "dataset.yaml:2:27: PR114: 0 is less than 1",
        "dataset.yaml:3:1: PR112: unit is not a key of dataset.yaml (known are pack, title, database, unit_of_measure, tables, facts, waivers, due)",
        "dataset.yaml:4:1: PR112: table is not a key of dataset.yaml (did you mean database?)",
    ),
    "pack：p\n": (
        "dataset.yaml:1:5: PR105: a full-width colon stands behind a key"
        " (write an ordinary colon and a space: title: …)",
    ),
    "pack: p\npack: “q”\n": (
        "dataset.yaml:2:1: PR104: pack stands twice, here and in line 1 (remove one of the two)",
        "dataset.yaml:2:7: PR107: curly quotes stand around q (write \"q\"; where the curly quotes are meant, '“q”')",
    ),
    "pack: [p\n": (
        "dataset.yaml:1:7: PR103: this bracket is not closed, or a comma is missing behind it"
        " (check indentation, brackets and quotes here and in the line above)",
    ),
}


@pytest.mark.parametrize(("text", "lines"), FAULTS.items())
def test_faults_of_a_dataset(tmp_path: Path, text: str, lines: tuple[str, ...]) -> None:
    (tmp_path / "dataset.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as raised:
        load_dataset(tmp_path)
    told = [str(fault).replace(f"{tmp_path}/", "") for fault in raised.value.diagnostics]
    assert sorted(told) == sorted(lines)


def test_faults_of_a_map(tmp_path: Path) -> None:
    path = tmp_path / "facts.map.yaml"
    path.write_text("columns: {palce: 位置}\ntables: {}\n", encoding="utf-8")
    with pytest.raises(DataError) as raised:
        load_facts_map(path)
    (fault,) = raised.value.diagnostics
    assert str(fault).startswith(f"{path}:1:10: PR114: palce is not one of decimals, fact_id, item")
    with pytest.raises(DataError, match="PR101"):
        load_facts_map(tmp_path / "gone.yaml")
    with pytest.raises(DataError, match="PR101"):
        load_facts_map(tmp_path / ("long" * 1000))
