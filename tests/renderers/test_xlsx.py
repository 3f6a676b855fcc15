"""The working paper: what is in it, cell by cell, and that no text does anything."""

import re
import shutil
import subprocess
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import partial
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings

import perfrules
from perfrules import running
from perfrules.dataset import shown
from perfrules.exchange.excel import book, limits
from perfrules.findings import Finding
from perfrules.locale import Label
from perfrules.renderers import json_v1, xlsx
from perfrules.report import Report
from perfrules.report.league import league
from perfrules.report.units import Missing
from tests.conftest import Golden
from tests.renderers.conftest import SMALL
from tests.renderers.reports import HOSTILE, reports
from tests.renderers.workbooks import HEAD, MAIN, RELATION, Read, column
from tests.renderers.workbooks import row as row_of

few = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


def read(report: Report, language: str = "zh") -> Read:
    return Read(xlsx.render(report, language))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_cell_by_cell(broken: Report, golden: Golden, language: str) -> None:
    golden(f"xlsx/report.{language}.txt", read(broken, language).told())


def test_from_a_saved_report(broken: Report, golden: Golden) -> None:
    """The sheets of tables hold the rows that findings quote, and say so."""
    saved = json_v1.read(json_v1.render(broken).encode(), "report.json")
    golden("xlsx/saved.zh.txt", read(saved).told())


def test_the_same_report_gives_the_same_bytes(broken: Report) -> None:
    assert xlsx.render(broken, "zh") == xlsx.render(broken, "zh")


def test_the_sheets(lusong: Report) -> None:
    found = read(lusong)
    assert found.names[:5] == ["汇总", "发现", "未能核验", "舍入差", "规则清单"]
    tables = [facts for facts in lusong.tables if facts.table in lusong.data]
    assert found.names[5:] == [facts.title.zh for facts in tables]
    for outcome, name in (("fail", "发现"), ("unknown", "未能核验"), ("rounding", "舍入差")):
        assert len(found.records(name)) == lusong.total(outcome) + len(lusong.idle) * (outcome == "unknown")  # fmt: skip
    assert len(found.records("规则清单")) == len(lusong.rules)


def test_numbers_are_numbers_with_their_decimals(lusong: Report) -> None:
    """Read back, a figure is the figure of the finding; what does not end is as near as twelve digits are."""
    found = read(lusong)
    details = [d for d in lusong.details if d.outcome == "fail"]
    for record, detail in zip(found.records("发现"), details, strict=True):
        for title, name in (("左边", "left"), ("右边", "right"), ("差额", "difference")):
            value: Fraction | None = getattr(detail, name)
            if value is None:
                assert record[title] == ""
            elif 10**9 % value.denominator == 0:
                assert Fraction(Decimal(str(record[title]))) == value
            else:
                assert abs(Fraction(record[title]) / value - 1) < Fraction(1, 10**11)


def test_the_data_is_there_as_it_was_printed(broken: Report) -> None:
    found = read(broken)
    (title,) = [name for name in found.cells("支出表")[HEAD] if name.startswith("支出合计")]
    assert title == "支出合计\n(万元)"
    told = [(r["资料行号"], r["单位"], r[title], r["说明"]) for r in found.records("支出表")]
    assert told[:3] == [(2, "甲局", 100.0, ""), (3, "乙局", 110.0, ""), (4, "丙局", 100.01, "")]
    assert told[4] == (6, "戊局", "——", "")
    formats = {column(cell): code for cell, code in found.formats("支出表").items()}
    assert set(formats.values()) == {"#,##0.00"}


def test_a_finding_leads_to_its_cell_and_the_cell_back(broken: Report) -> None:
    found = read(broken)
    links = found.links("发现")
    firsts = {cell: to for cell, to in links.items() if column(cell) == "A" and row_of(cell) > HEAD}
    assert len(firsts) == broken.total("fail")
    for cell, to in firsts.items():
        sheet, _, place = to.partition("!")
        back = found.links(sheet.strip("'"))[place]
        assert (
            back == f"'发现'!A{min(row_of(other) for other, same in firsts.items() if same == to)}"
        )
        number = found.cells("发现")[row_of(cell) - 1][0]
        assert number in found.notes(sheet.strip("'"))[place]
        assert found.fills(sheet.strip("'"))[place] == "F8CBAD"


def test_lists_keep_their_headings_and_print_on_a4(lusong: Report) -> None:
    found = read(lusong)
    names = {
        (d.attrib["name"], d.text)
        for d in dict(found.parts())["xl/workbook.xml"].iter(f"{MAIN}definedName")
    }
    for name in found.names[1:]:
        sheet = found.sheet(name)
        (pane,) = sheet.iter(f"{MAIN}pane")
        assert (pane.attrib["state"], pane.attrib["ySplit"]) == ("frozen", str(HEAD + 1))
        (paper,) = sheet.iter(f"{MAIN}pageSetup")
        assert (paper.attrib["paperSize"], paper.attrib["orientation"]) == ("9", "landscape")
        (footer,) = sheet.iter(f"{MAIN}oddFooter")
        assert "&8 &P / &N" in str(footer.text)
        assert "&8 2023年度" in str(
            footer.text
        )  # a digit right behind the size would be a part of it
        titles = [
            t for n, t in names if n == "_xlnm.Print_Titles" and str(t).startswith(f"{name}!")
        ]
        assert any("$4:$4" in str(title) for title in titles), name
        if found.records(name):
            assert list(sheet.iter(f"{MAIN}autoFilter"))
    for cols in found.sheet("发现").iter(f"{MAIN}cols"):
        assert all(5 < float(col.attrib["width"]) < 61 for col in cols)


def test_widths_count_chinese_twice(broken: Report) -> None:
    wide = replace(broken.details[0], rule="一二三四五六七八九十")
    found = read(replace(broken, details=(wide,)))
    at = found.cells("发现")[HEAD].index("规则")
    (cols,) = found.sheet("发现").iter(f"{MAIN}cols")
    (own,) = [c for c in cols if int(c.attrib["min"]) <= at + 1 <= int(c.attrib["max"])]
    assert 23 <= float(own.attrib["width"]) < 25


def test_units_stand_in_their_order_and_lead_to_their_findings(broken: Report) -> None:
    assert broken.units is not None
    missing = (Missing("辛局"), Missing("甲局", ("2022",)))
    report = replace(broken, units=replace(broken.units, missing=missing, due=9))
    found = read(report, "en")
    assert found.names[1] == "Units"
    rows = found.records("Units")
    order = [one.count.unit for one in league(report).units]
    assert [row["unit"] for row in rows] == [*order, "辛局", "甲局"]
    assert [(row["year"], row["remark"]) for row in rows[-2:]] == [
        ("", "due and missing"),
        ("2022", "due and missing"),
    ]
    for cell, to in found.links("Units").items():
        if row_of(cell) > HEAD:
            sheet, _, place = to.partition("!")
            unit = found.cells("Units")[row_of(cell) - 1][0]
            line = found.cells(sheet.strip("'"))[row_of(place) - 1]
            assert unit in line
    assert "9 are due, 2 are missing" in str(found.cells("Summary"))


def test_there_is_no_sheet_of_one_unit(lusong: Report) -> None:
    assert "各单位" not in read(lusong).names


def test_rows_of_several_datasets_with_one_key_stay_apart(broken: Report) -> None:
    (first, *_) = broken.details

    def of(folder: str) -> Finding:
        cells = tuple(
            replace(
                cell,
                printed=f"{len(folder)}.00万元",
                origin=replace(cell.origin, file=f"{folder}/spending.csv"),
            )
            for cell in first.cells
        )
        return replace(first, key={"dataset": folder, **first.key}, cells=cells, rows=())

    report = replace(broken, details=(of("a"), of("bb")), data={})
    found = read(report)
    rows = found.records("支出表")
    assert [row["资料行号"] for row in rows] == ["a/spending.csv:3", "bb/spending.csv:3"]
    assert [row["支出合计\n(万元)"] for row in rows] == [1.0, 2.0]
    assert [found.links("发现")[cell] for cell in ("A5", "A6")] == ["'支出表'!D5", "'支出表'!D6"]


# ---- harmless ----------------------------------------------------------------------------------------------------------


def harmless(found: Read) -> None:
    """No formula, no link that leads out, no part that is not XML."""
    for name, part in found.parts():
        assert not list(part.iter(f"{MAIN}f")), name
        assert not [r for r in part if r.attrib.get("TargetMode") == "External"], name
        for link in part.iter(f"{MAIN}hyperlink"):
            assert f"{RELATION}id" not in link.attrib
            sheet, _, _ = link.attrib["location"].rpartition("!")
            assert sheet.strip("'").replace("''", "'") in found.names


@few
@given(report=reports())
def test_nothing_in_it_does_anything_whatever_the_data_say(report: Report) -> None:
    for language in ("zh", "en"):
        found = read(report, language)
        harmless(found)
        for name in found.names:
            found.cells(name)


ODD = (
    *HOSTILE,
    "<r><t>x</t></r>",
    "<r></x></r>",
    "_x0041_",
    "http://x.example",
    "internal:'a'!A1",
    "1e5",
    "007",
    "=HYPERLINK(1)",
    "'=1",
)


@pytest.mark.parametrize("text", ODD)
def test_a_text_stays_the_text_that_it_is(text: str) -> None:
    frame = pl.DataFrame({"office": ["a"], "year": [2023], "total": ["1.00"], "basic": ["2.00"],
                          "project": ["3.00"], "note": [text]})  # fmt: skip
    report = perfrules.check({"spending": frame}, SMALL)
    (detail, *_) = report.details
    report = replace(report, details=(replace(detail, formula=text, title=Label(text)),))
    found = read(report)
    harmless(found)
    cell = found.records("发现")[0]["规则公式"]
    expected = limits.safe(text)
    assert cell in (expected, expected.strip())
    if limits.is_formula(text):  # it stays a text when somebody edits the cell
        at = found.cells("发现")[HEAD].index("规则公式")
        assert found.formats("发现")[f"{chr(ord('A') + at)}{HEAD + 2}"] == "@"


@pytest.mark.parametrize(
    ("wish", "name"),
    [
        ("支出表", "支出表"),
        ("a/b\\c?d*e[f]g:h", "a_b_c_d_e_f_g_h"),
        ("'quoted'", "quoted"),
        ("", "_"),
        ("History", "History (2)"),
        ("x" * 40, "x" * 31),
        ("taken", "taken (2)"),
        ("甲" * 40, "甲" * 31),
        ("\U0001d54f" * 20, "\U0001d54f" * 15),
        ("=1+1", "=1+1"),
    ],
)
def test_names_of_sheets(wish: str, name: str) -> None:
    assert limits.sheet_name(wish, {"taken"}) == name


def test_a_table_called_like_a_sheet_of_ours(broken: Report) -> None:
    tables = tuple(
        replace(facts, title=Label("发现", "O'Neil's / [2023]")) for facts in broken.tables
    )
    report = replace(broken, tables=tables)
    assert read(report).names[-2:] == ["发现 (2)", "发现 (3)"]
    english = read(report, "en")
    assert english.names[-2:] == ["O'Neil's _ _2023_", "O'Neil's _ _2023_ (2)"]
    harmless(english)


# ---- what a workbook cannot hold -----------------------------------------------------------------------------------------


def left(found: Read) -> list[str]:
    """What the summary says is not there."""
    rows = [line[0] for line in found.cells("汇总")]
    start = rows.index("本工作簿未包含的内容") + 1
    return rows[start : rows.index("", start)]


def test_nothing_is_left_out_as_a_rule(broken: Report) -> None:
    assert left(read(broken)) == ["没有遗漏"]


def test_what_is_left_out_is_told(broken: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LINKS", 2)
    monkeypatch.setattr(limits, "ROWS", HEAD + 4)
    monkeypatch.setattr(book, "NOTES", 5)
    long = replace(broken.details[0], formula="长" * 40_000, left=Fraction(10**16 + 1))
    found = read(replace(broken, details=(long, *broken.details[1:])))
    told = left(found)
    assert [re.sub("[0-9]+", "N", line) for line in told] == [
        "N 行，超出了工作表的容量",
        "N 个链接，超出了工作表的容量",
        "N 条批注：再多，工作簿打开就很慢",
        "N 段文字的末尾，超出了单元格的长度",
        "N 个数字的数值形式：超过 N 位有效数字，以文本写出",
    ]
    assert len(found.records("发现")) == 3
    first = found.records("发现")[0]
    assert first["左边"] == "10000000000000001"
    assert (len(first["规则公式"]), first["规则公式"][-1]) == (32_767, "…")
    for name in found.names[1:]:
        assert len(found.links(name)) <= 2


def test_what_the_report_does_not_keep_is_told() -> None:
    found = read(perfrules.check(SMALL / "broken", SMALL, detail=0))
    assert "不符 4" in left(found)[0]
    assert "4 条结论，报告中保留了 0 条" in found.cells("发现")[1][1]


def test_a_cut_text_fits() -> None:
    for text in ("\U0001d54f" * 20_000, "a" * 40_000, "x\n" * 300, "甲\U0001d54f" * 20_000):
        kept = limits.cut(text)
        assert len(kept.encode("utf-16-le")) // 2 <= limits.LENGTH
        assert kept.count("\n") <= limits.BREAKS
        assert kept.endswith("…")
    assert limits.cut("short") == "short"


@pytest.mark.parametrize(
    ("figure", "fits"),
    [
        ("1452.61", True),
        ("999999999999999", True),
        ("9999999999999999", False),
        ("0.1234567890123456", False),
        ("123456789012345000000", True),
        ("0", True),
        ("-0.000000000000001", True),
    ],
)
def test_figures_that_a_double_tells_apart(figure: str, fits: bool) -> None:
    number = limits.number(Decimal(figure))
    assert (number is not None) == fits
    if number is not None:
        assert Decimal(f"{number:.15g}") == Decimal(figure)


def test_more_decimals_than_a_format_can_show(broken: Report) -> None:
    tiny = replace(broken.details[0], left=Fraction(1, 10**40), right=Fraction(1, 3))
    found = read(replace(broken, details=(tiny,)))
    assert found.records("发现")[0]["左边"] == 1e-40
    assert "#,##0." + "0" * 30 in found.formats("发现").values()
    assert max(len(code) for code in found.formats("发现").values()) < 90


# ---- large -------------------------------------------------------------------------------------------------------------


def test_a_large_table_shows_its_first_rows_and_those_that_findings_quote(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(running, "first", partial(shown.first, most=3))
    offices = [f"局{i}" for i in range(8)]
    frame = pl.DataFrame({"office": offices, "year": [2023] * 8, "total": ["3.00"] * 7 + ["9.00"],
                          "basic": ["1.00"] * 8, "project": ["2.00"] * 8, "note": ["x"] * 8})  # fmt: skip
    report = perfrules.check({"spending": frame}, SMALL)
    assert report.data["spending"].frame.height == 3
    found = read(report)
    assert "8 行中的前 3 行，其下是发现所引用的另外 1 行" in found.cells("支出表")[1][1]
    assert [r["单位"] for r in found.records("支出表")] == ["局0", "局1", "局2", "局7"]
    assert found.links("发现")["A5"] == "'支出表'!D8"
    assert found.links("支出表")["D8"] == "'发现'!A5"


def test_rows_with_the_same_key_are_told_apart_by_their_place(tmp_path: Path) -> None:
    folder = shutil.copytree(SMALL / "broken", tmp_path / "data")
    with (folder / "spending.csv").open("a", encoding="utf-8") as file:
        file.write("乙局,2023,1.00,1.00,0.00,,\n")
    records = read(perfrules.check(folder, SMALL)).records("支出表")
    twice = [(r["资料行号"], r["结果"], r["发现编号"]) for r in records if r["单位"] == "乙局"]
    assert [(line, outcome) for line, outcome, _ in twice] == [(3, "无法核验"), (9, "无法核验")]
    first, second = (set(numbers.split(", ")) for _, _, numbers in twice)
    assert not first & second


# ---- opened by LibreOffice -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_libreoffice_opens_it(lusong: Report, tmp_path: Path, language: str) -> None:
    """It is converted to a page description, which would not be so if it had to be repaired."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed: nothing has opened the workbook")
    path = lusong.save(tmp_path / "paper.xlsx", language=language)
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    done = subprocess.run(  # noqa: S603  # no words of others in it
        [program, home, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, path],
        capture_output=True, timeout=180, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "paper.pdf").read_bytes().startswith(b"%PDF-")
