from pathlib import Path

import pytest

from perfrules.dataset import Dataset
from perfrules.dataset.source import Source
from perfrules.errors import DataError
from perfrules.manifest import TableSource
from perfrules.readers import csv

TEXT = "unit,年份,支出\n甲局,2023,1451.29\n乙局,2023,3.5\n"


def read(path: Path, data: bytes | str, **asked: object) -> tuple[list[tuple[str, ...]], Source]:
    file = path / "a.csv"
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    frame, source = csv.read(file, TableSource.model_validate({"file": "a.csv", **asked}))
    return frame.rows(), source


def codes(source: Source | Dataset) -> list[tuple[str, str]]:
    return [(notice.code, notice.level) for notice in source.notices]


ROWS = [("甲局", "2023", "1451.29"), ("乙局", "2023", "3.5")]


@pytest.mark.parametrize(
    ("data", "noticed"),
    [
        (TEXT.encode(), []),
        (TEXT.encode("utf-8-sig"), []),
        (TEXT.encode("utf-16"), [("PR411", "advice")]),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), [("PR411", "advice")]),
        (TEXT.encode("gb18030"), [("PR411", "advice")]),
        (TEXT.replace("\n", "\r\n").encode(), []),
        (TEXT.replace("\n", "\r").encode(), []),
        (TEXT.rstrip().encode(), []),
        (TEXT.replace(",", ";").encode(), []),
        (TEXT.replace(",", "\t").encode(), []),
        ((TEXT + "\n\n,,\n").encode(), []),
        (TEXT.replace("\n", ",,\n").replace("支出,,", "支出").encode(), []),
    ],
)
def test_text_in_any_encoding_and_with_any_separator(
    tmp_path: Path, data: bytes, noticed: list[tuple[str, str]]
) -> None:
    rows, source = read(tmp_path, data)
    assert rows == ROWS
    assert source.headings == ("unit", "年份", "支出")
    assert [source.origins.of(row, "").row for row in (0, 1)] == [2, 3]
    assert codes(source) == noticed
    assert source.doubtful == frozenset()


def test_a_named_encoding_is_not_remarked_on(tmp_path: Path) -> None:
    rows, source = read(tmp_path, TEXT.encode("gb18030"), encoding="gb18030")
    assert (rows, source.notices) == (ROWS, ())


@pytest.mark.parametrize(
    ("data", "asked", "code", "says"),
    [
        (b"a,b\n1,\xff\xff2\n", {}, "PR412", "byte 6, in line 2"),
        (b"a,b\n1,\x00\n", {}, "PR412", "byte 6, in line 2"),
        (TEXT.encode("gb18030"), {"encoding": "utf-8"}, "PR412", "byte 5, in line 1"),
        (b"a\n1\n", {"encoding": "klingon"}, "PR412", "no encoding is called klingon"),
        (b'a,b\n1,"2\n3,4\n', {}, "PR412", "near line 3"),
        (b'a,b\n"1"x,2\n', {}, "PR412", "near line 2"),
    ],
)
def test_a_file_that_is_no_text_is_refused(
    tmp_path: Path, data: bytes, asked: dict[str, object], code: str, says: str
) -> None:
    with pytest.raises(DataError, match=says) as caught:
        read(tmp_path, data, **asked)
    assert caught.value.diagnostics[0].code == code


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="PR419"):
        csv.read(tmp_path / "none.csv", TableSource(file="none.csv"))


def test_quoted_cells_and_formulas_are_left_as_they_are(tmp_path: Path) -> None:
    rows, _ = read(tmp_path, 'a,b\n"1,2\n3","say ""x"""\n=1+1,+5\n@x,-\n')
    assert rows == [("1,2\n3", 'say "x"'), ("=1+1", "+5"), ("@x", "-")]


def test_blank_rows_are_left_out_and_the_others_keep_their_place(tmp_path: Path) -> None:
    rows, source = read(tmp_path, "a,b\n1,2\n\n , \n3,4\n")
    assert rows == [("1", "2"), ("3", "4")]
    assert [source.origins.of(row, "").row for row in (0, 1)] == [2, 5]


def test_headings_further_down(tmp_path: Path) -> None:
    rows, source = read(tmp_path, "表一 支出\n单位：万元\na;b\n1;2\n", header=3)
    assert (rows, source.headings, source.origins.first_row) == ([("1", "2")], ("a", "b"), 4)


@pytest.mark.parametrize(
    ("text", "rows", "says", "doubtful"),
    [
        ("a,b,c\n1,2,3\n4,5\n", [("1", "2", "3"), ("4", "5", "")], "1 rows with fewer cells than the 3 headings, first row 3", set()),
        ("a,b\n1,2\n1,451.29,3\n", [("1", "2"), ("1", "451.29")], "1 rows with more cells than the 2 headings, first row 3", {1}),
        ("a,b\n1,2\n1,451.29,\n", [("1", "2"), ("1", "451.29")], "first row 3", {1}),
        ("a,b\n\n1,2,3\n4,5,6\n", [("1", "2"), ("4", "5")], "2 rows with more cells", {0, 1}),
    ],
)  # fmt: skip
def test_ragged_rows_are_kept_and_named(
    tmp_path: Path, text: str, rows: list[tuple[str, ...]], says: str, doubtful: set[int]
) -> None:
    found, source = read(tmp_path, text)
    assert found == rows
    assert codes(source) == [("PR410", "blocking")]
    assert says in str(source.notices[0].message)
    assert source.doubtful == doubtful


@pytest.mark.parametrize("text", ["", "\n", "a,b\n", "a,b\n\n,\n"])
def test_an_empty_file_has_no_rows(tmp_path: Path, text: str) -> None:
    rows, source = read(tmp_path, text)
    assert (rows, source.notices) == ([], ())


def test_rows_beyond_one_stretch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv, "_CHUNK", 2)
    rows, source = read(
        tmp_path, "a,b\n" + "".join(f"{i},{i}\n" for i in range(5)) + "\n7\n8,9,1\n"
    )
    assert rows == [*((str(i), str(i)) for i in range(5)), ("7", ""), ("8", "9")]
    assert list(source.origins.rows) == [2, 3, 4, 5, 6, 8, 9]
    assert source.doubtful == {6}
    assert [
        "first row 8" in str(n.message) or "first row 9" in str(n.message) for n in source.notices
    ] == [True, True]
