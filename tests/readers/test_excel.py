import zipfile
from collections.abc import Callable
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from perfrules import tables
from perfrules.dataset import Dataset
from perfrules.dataset.source import Source
from perfrules.errors import DataError
from perfrules.manifest import DatasetFile, TableSource
from perfrules.quantities.figures import State
from perfrules.readers import excel, read_folder
from perfrules.readers.excel import archive
from perfrules.readers.excel.archive import Format, format_of

Fill = Callable[[Any, Any], None]


def write(path: Path, fill: Fill, name: str = "a.xlsx") -> Path:
    """A workbook with a hidden sheet before the one that ``fill`` writes."""
    book = xlsxwriter.Workbook(path / name)
    book.add_worksheet("草稿").hide()
    sheet = book.add_worksheet("决算表")
    sheet.activate()
    sheet.set_first_sheet()
    fill(book, sheet)
    book.close()
    return path / name


def read(path: Path, fill: Fill, **asked: object) -> tuple[dict[str, list[object]], Source]:
    file = write(path, fill)
    frame, source = excel.read(file, TableSource.model_validate({"file": "a.xlsx", **asked}))
    return dict(zip(source.headings, frame.to_dict(as_series=False).values(), strict=True)), source


def test_numbers_texts_dates_and_errors(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["编码", "支出", "日期", "备注", "错误", 2023])
        sheet.write_row(1, 0, [201, 0.1 + 0.2])
        day = datetime(2023, 1, 5)  # noqa: DTZ001  # Excel knows no zones
        sheet.write_datetime(1, 2, day, book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write(1, 3, True)
        sheet.write_formula(1, 4, "=#REF!+1", None, "#REF!")
        sheet.write(1, 5, "x")
        sheet.write(2, 1, "1,451.29")

    cells, source = read(tmp_path, fill)
    assert cells == {
        "编码": [201.0, None],
        "支出": [
            {"number": pytest.approx(0.3, abs=0), "text": None},
            {"number": None, "text": "1,451.29"},
        ],
        "日期": ["2023-01-05", None],
        "备注": ["true", None],
        "错误": ["#REF!", None],
        "2023": ["x", None],
    }
    assert str(source.origins.of(1, "")) == "决算表 a.xlsx:3"
    assert source.notices == ()


@pytest.mark.parametrize(
    ("number", "shown", "text"),
    [
        (0.9991, "0.00%", "99.91%"),
        (1, "0.00%", "100.00%"),
        (0.57, "0%", "57%"),
        (0.5712, "0%", "57.12%"),
        (1451.3, "0.00", "1451.30"),
        (1451.3, "#,##0.00_ ", "1451.30"),
        (-1451.3, "#,##0.00;[Red]-#,##0.00", "-1451.30"),
        (1451.2957, "0.00", "1451.2957"),
        (1451.29, "0", "1451.29"),
        (0.1 + 0.2, "0.00", "0.30"),
        (1001, "000000", "001001"),
        (-7, "00", "-07"),
        (5.5, "00.0", "05.5"),
    ],
)
def test_numbers_with_a_format_are_read_as_shown(
    tmp_path: Path, number: float, shown: str, text: str
) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write(0, 0, "x")
        sheet.write(1, 0, number, book.add_format({"num_format": shown}))

    cells, source = read(tmp_path, fill)
    assert cells == {"x": [text]}
    assert source.notices == ()


def test_computed_digits_beyond_those_shown_are_taken_as_shown(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write(0, 0, "x")
        sheet.write_formula(
            1, 0, "=B1/B2", book.add_format({"num_format": "0.00%"}), 1451.29 / 1452.61
        )

    cells, source = read(tmp_path, fill)
    assert cells == {"x": ["99.91%"]}
    assert [(n.code, n.level) for n in source.notices] == [("PR434", "advice")]


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("0.00", Format(2, percent=False)),
        ("#,##0", Format(0, percent=False)),
        ('#,##0.00"万元"', Format(2, percent=False)),
        ("0.0%", Format(1, percent=True)),
        ('_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', Format(2, percent=False)),
        ("[$¥-804]#,##0.00", Format(2, percent=False)),
        ("General", None),
        ("0.0#", None),
        ("0.00E+00", None),
        ("# ?/?", None),
        ("yyyy-mm-dd", None),
        ("0.00,", None),
        ("@", None),
        ("", None),
    ],
)
def test_number_formats(code: str, shown: Format | None) -> None:
    assert format_of(code) == shown


def test_merged_cells_and_headings_further_down(tmp_path: Path) -> None:
    def fill(_: Any, sheet: Any) -> None:
        sheet.merge_range(0, 0, 0, 2, "一般公共预算支出表")
        sheet.write_row(2, 0, ["单位", "项目", "金额"])
        sheet.merge_range(3, 0, 4, 0, "甲局")
        sheet.write_row(3, 1, ["a", 1])
        sheet.write_row(4, 1, ["b", 2])
        sheet.write_row(6, 0, ["乙局", "c", 3])

    cells, source = read(tmp_path, fill, header=3, sheet="决算表", origin="附件2")
    assert cells == {"单位": ["甲局", "甲局", "乙局"], "项目": ["a", "b", "c"], "金额": [1, 2, 3]}
    assert [str(source.origins.of(row, "")) for row in range(3)] == [
        "附件2 a.xlsx:4", "附件2 a.xlsx:5", "附件2 a.xlsx:7",
    ]  # fmt: skip


def test_a_hidden_sheet_is_read_only_when_it_is_named(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        lambda book, sheet: (
            sheet.write(0, 0, "shown") and book.get_worksheet_by_name("草稿").write(0, 0, "hidden")
        ),
    )
    assert excel.sections(file) == ("决算表",)
    assert excel.read(file, TableSource(file="a.xlsx", sheet="草稿"))[1].origins.section == "草稿"


@pytest.mark.parametrize(
    ("asked", "code", "says"),
    [({"sheet": "表九"}, "PR437", "no sheet 表九; its sheets are 草稿, 决算表")],
)
def test_a_sheet_that_is_not_there(
    tmp_path: Path, asked: dict[str, str], code: str, says: str
) -> None:
    with pytest.raises(DataError, match=says) as caught:
        read(tmp_path, lambda _, sheet: sheet.write(0, 0, "x"), **asked)
    assert caught.value.diagnostics[0].code == code


@pytest.mark.parametrize("data", [b"", b"unit,total\n1,2\n", b"PK\x03\x04 broken"])
def test_files_that_are_no_workbook_are_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.xlsx").write_bytes(data)
    with pytest.raises(DataError, match="PR419"):
        excel.read(tmp_path / "a.xlsx", TableSource(file="a.xlsx"))


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/workbook.xml", b" " * 50_000_000)


def wide(path: Path) -> None:
    def fill(_: Any, sheet: Any) -> None:
        sheet.write(0, 0, "x")
        sheet.write(1_048_575, 16_383, 1)

    write(path.parent, fill)


def entities(path: Path) -> None:
    write(path.parent, lambda _, sheet: sheet.write(0, 0, "x"))
    parts = {}
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    parts["xl/worksheets/sheet2.xml"] = (
        b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'
    )
    with zipfile.ZipFile(path, "w") as file:
        for name, part in parts.items():
            file.writestr(name, part)


@pytest.mark.parametrize("make", [bomb, wide, entities])
def test_workbooks_beyond_all_bounds_are_refused(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path / "a.xlsx")
    with pytest.raises(DataError, match="PR416"):
        excel.read(tmp_path / "a.xlsx", TableSource(file="a.xlsx"))


def test_a_file_beyond_the_bound_is_not_even_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(tmp_path, lambda _, sheet: sheet.write(0, 0, "x"))
    monkeypatch.setattr(archive, "MAX_UNPACKED", 100)
    with pytest.raises(DataError, match="PR416"):
        excel.sections(file)


ODS = (
    '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x" xmlns:calcext="c"><office:body>'
    '<office:spreadsheet><table:table table:name="S">{}</table:table></office:spreadsheet></office:body>'
    "</office:document-content>"
)


def opendocument(path: Path, rows: str) -> Path:
    names = {
        '"o"': '"urn:oasis:names:tc:opendocument:xmlns:office:1.0"',
        '"t"': '"urn:oasis:names:tc:opendocument:xmlns:table:1.0"',
        '"x"': '"urn:oasis:names:tc:opendocument:xmlns:text:1.0"',
        '"c"': '"urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"',
    }
    text = ODS
    for short, name in names.items():
        text = text.replace(short, name)
    with zipfile.ZipFile(path / "a.ods", "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr(
            "META-INF/manifest.xml",
            '<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        file.writestr("content.xml", text.format(rows))
    return path / "a.ods"


def cell(text: str, kind: str = "string", more: str = "") -> str:
    value = {"percentage": ' office:value="0.9991"', "float": f' office:value="{text}"'}.get(
        kind, ""
    )
    return f'<table:table-cell office:value-type="{kind}"{value} {more}><text:p>{text}</text:p></table:table-cell>'


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def test_percentages_errors_and_merged_cells_of_opendocument(tmp_path: Path) -> None:
    covered = "<table:covered-table-cell/>"
    file = opendocument(
        tmp_path,
        row(cell("单位"), cell("执行率"), cell("支出"), cell("备注"))
        + row(cell("甲", more='table:number-rows-spanned="2"'), cell("99.91%", "percentage"), cell("1.5", "float"), cell("#REF!", more='calcext:value-type="error"'))
        + row(covered, cell("99.91%", "percentage"), cell("2", "float"), cell("x", more='table:number-columns-spanned="2"'), covered),
    )  # fmt: skip
    frame, source = excel.read(file, TableSource(file="a.ods"))
    assert source.headings == ("单位", "执行率", "支出", "备注", "")
    assert frame.rows() == [("甲", "99.91%", 1.5, "#REF!", None), ("甲", "99.91%", 2.0, "x", "x")]
    assert source.notices == ()


@pytest.mark.parametrize(
    "rows",
    [
        row(cell("1", "float", 'table:number-columns-repeated="1024"'), more='table:number-rows-repeated="1048576"'),
        row('<table:table-cell table:number-columns-repeated="16000"/>', more='table:number-rows-repeated="1048575"')
        + row('<table:table-cell table:number-columns-repeated="16000"/>', cell("1", "float")),
        row(cell("5%", "percentage", 'table:number-columns-repeated="1024"'), more='table:number-rows-repeated="1000"'),
    ],
)  # fmt: skip
def test_repetitions_beyond_all_bounds_are_refused(tmp_path: Path, rows: str) -> None:
    with pytest.raises(DataError, match="PR416"):
        excel.read(opendocument(tmp_path, rows), TableSource(file="a.ods"))


def dataset(folder: Path, manifest: DatasetFile | None = None) -> Dataset:
    spec = tables.Table.model_validate(
        {
            "title": "决算表",
            "key": ["code"],
            "columns": {
                "code": {"type": "code", "title": "编码"},
                "total": {"type": "money", "decimals": "2", "title": "支出", "unit": "万元"},
                "rate": {"type": "ratio", "decimals": "2", "title": "执行率", "unit": "%"},
            },
        }
    )
    return read_folder(folder, manifest or DatasetFile(), {"t": spec}, None)


def test_a_sheet_is_matched_to_its_table_by_name_and_read_to_the_last_figure(
    tmp_path: Path,
) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["编码", "支出（万元）", "执行率"])
        percent = book.add_format({"num_format": "0.00%"})
        for row, (code, total, rate) in enumerate([(201, 1451.3, 0.9991), (202, "△3.20", 0.5)], 1):
            sheet.write(row, 0, code)
            sheet.write(row, 1, total)
            sheet.write(row, 2, rate, percent)
        sheet.write(3, 0, 203)
        sheet.write_formula(3, 1, "=1/0", None, "#DIV/0!")

    write(tmp_path, fill, "附件.xlsx")
    made = dataset(tmp_path)
    table = made.tables["t"]
    assert table.frame["code"].to_list() == ["201", "202", "203"]
    assert [table.cell(row, "total").value for row in (0, 1)] == [14_513_000, -32_000]
    assert [table.cell(row, "rate").value for row in (0, 1)] == [
        Fraction("0.9991"),
        Fraction("0.5"),
    ]
    assert table.cell(2, "total").state is State.UNREADABLE
    assert [(n.code, n.where) for n in table.notices] == [
        ("PR407", "决算表 附件.xlsx:4 支出（万元）")
    ]
    assert made.notices == ()


def test_a_broken_workbook_is_a_notice_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "决算表.xlsx").write_bytes(b"no workbook")
    (tmp_path / "other.xlsx").write_bytes(b"no workbook")
    assert [(n.code, n.level) for n in dataset(tmp_path).notices] == [
        ("PR419", "blocking"),
        ("PR419", "blocking"),
    ]
