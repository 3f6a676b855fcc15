import hashlib
from fractions import Fraction
from pathlib import Path

import pytest

from perfrules import tables
from perfrules.dataset import Dataset
from perfrules.errors import DataError
from perfrules.locations import Origin
from perfrules.manifest import DatasetFile
from perfrules.quantities.figures import State
from perfrules.readers import read_folder

SPECS = {
    "exp": tables.Table.model_validate(
        {
            "title": "支出表",
            "key": ["unit", "year"],
            "columns": {
                "unit": {"type": "text", "title": "单位"},
                "year": {"type": "year", "title": "年度"},
                "total": {"type": "money", "decimals": "2", "title": "合计"},
            },
        }
    ),
    "extra": tables.Table.model_validate(
        {"optional": True, "key": ["id"], "columns": {"id": {"type": "code"}}}
    ),
}
GOOD = "单位,年度,合计\n甲,2023,1451.29\n"


def read(folder: Path, files: dict[str, str], **manifest: object) -> Dataset:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return read_folder(folder, DatasetFile.model_validate(manifest), SPECS, None)


def codes(made: Dataset) -> list[tuple[str, str, str]]:
    own = [notice for table in made.tables.values() for notice in table.notices]
    return [(notice.code, notice.level, notice.table) for notice in (*made.notices, *own)]


@pytest.mark.parametrize("name", ["exp.csv", "支出表.csv", "支出表.TSV", "Exp.txt"])
def test_files_are_matched_by_name(tmp_path: Path, name: str) -> None:
    made = read(
        tmp_path,
        {name: GOOD, ".exp.csv": "x", "~$exp.csv": "x", "readme.md": "x"},
        unit_of_measure="万元",
    )
    assert codes(made) == []
    assert made.tables["exp"].cell(0, "total").value == 14_512_900
    assert made.name == tmp_path.name


def test_a_manifest_says_where_everything_is(tmp_path: Path) -> None:
    made = read(
        tmp_path,
        {
            "a.csv": "说明\n支出\n1451.29\n",
            "a.quotes.csv": "total\n支出1451.29万元\n",
            "exp2.csv": "x\n",
        },
        title="2023",
        unit_of_measure="亿元",
        tables={
            "exp": {
                "file": "a.csv",
                "header": 2,
                "unit_of_measure": "万元",
                "columns": {"支出": "total"},
                "constants": {"unit": "甲", "year": "2023"},
                "origin": "二、支出情况",
                "quotes": "a.quotes.csv",
            }
        },
    )
    table = made.tables["exp"]
    assert table.frame.row(0) == ("甲", 2023, 145129, 0)
    assert table.cell(0, "total").value == 14_512_900
    assert table.origins.of(0, "total") == Origin(
        "a.csv", "二、支出情况", 3, "支出", "支出1451.29万元"
    )
    assert codes(made) == [("PR418", "advice", "")]
    assert made.name == "2023"


@pytest.mark.parametrize(
    ("files", "manifest", "expected"),
    [
        ({}, {}, [("PR401", "blocking", "exp")]),
        ({"exp.csv": ""}, {}, [("PR403", "blocking", "exp")]),
        ({"exp.csv": "单位,年度,合计\n"}, {}, [("PR403", "blocking", "exp")]),
        ({"exp.csv": GOOD, "extra.csv": ""}, {"unit_of_measure": "元"}, []),
        ({"exp.csv": GOOD}, {}, [("PR409", "advice", "exp")]),
        ({}, {"tables": {"exp": {"file": "gone.csv"}}}, [("PR419", "blocking", "exp")]),
        ({"exp.pdf": "x"}, {"tables": {"exp": {"file": "exp.pdf"}}}, [("PR419", "blocking", "exp")]),
        ({}, {"tables": {"exp": {"file": "../../etc/passwd.csv"}}}, [("PR419", "blocking", "exp")]),
        ({"exp.csv": GOOD}, {"unit_of_measure": "元", "tables": {"foo": {"file": "exp.csv"}}}, [("PR429", "blocking", ""), ("PR401", "blocking", "exp")]),
        ({"exp.csv": GOOD, "支出表.csv": GOOD}, {"unit_of_measure": "元"}, [("PR425", "blocking", "exp")]),
        ({"exp.csv": GOOD, "other.csv": "x"}, {"unit_of_measure": "元"}, [("PR418", "advice", "")]),
        ({"exp.csv": GOOD + "乙,2023\n"}, {"unit_of_measure": "元"}, [("PR410", "blocking", "exp")]),
        ({"exp.csv": GOOD + "甲,2023,2\n"}, {"unit_of_measure": "元"}, [("PR404", "blocking", "exp")]),
        ({"exp.csv": GOOD, "q.csv": "total\na\nb\n"}, {"unit_of_measure": "元", "tables": {"exp": {"file": "exp.csv", "quotes": "q.csv"}}}, [("PR426", "advice", "exp")]),
        ({"exp.csv": GOOD}, {"unit_of_measure": "元", "tables": {"exp": {"file": "exp.csv", "quotes": "q.csv"}}}, [("PR419", "blocking", "exp")]),
        ({"exp.csv": '单位,年度,合计\n"甲,2023,1\n'}, {"unit_of_measure": "元"}, [("PR412", "blocking", "exp")]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_noticed(
    tmp_path: Path,
    files: dict[str, str],
    manifest: dict[str, object],
    expected: list[tuple[str, str, str]],
) -> None:
    assert codes(read(tmp_path, files, **manifest)) == expected


def test_every_cell_blank(tmp_path: Path) -> None:
    made = read(
        tmp_path, {"exp.csv": "单位,年度,合计\n甲,2023,\n乙,2023, \n"}, unit_of_measure="元"
    )
    assert [made.tables["exp"].cell(row, "total").state for row in (0, 1)] == [State.BLANK] * 2
    assert codes(made) == []


def test_cells_that_may_have_slipped_are_not_trusted(tmp_path: Path) -> None:
    text = "单位,年度,合计\n甲,2023,1,451.29\n乙,2023,3万元\n"
    made = read(tmp_path, {"exp.csv": text}, unit_of_measure="元")
    table = made.tables["exp"]
    assert table.cell(0, "total").state is State.DUPLICATE
    assert table.cell(1, "total").value == Fraction(30_000)


def test_no_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="PR431"):
        read_folder(tmp_path / "gone", DatasetFile(), SPECS, None)


def test_what_was_read_is_known_by_its_hash(tmp_path: Path) -> None:
    made = read(
        tmp_path,
        {"a.csv": GOOD, "q.csv": GOOD, "extra.xlsx": "x", "readme.md": "x"},
        tables={"exp": {"file": "a.csv", "quotes": "q.csv"}},
    )
    known = hashlib.sha256(GOOD.encode()).hexdigest()
    assert made.hashes == {
        "a.csv": known,
        "q.csv": known,
    }  # what cannot be read vouches for nothing
