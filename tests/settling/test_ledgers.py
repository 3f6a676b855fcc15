"""Ledgers: written, filled in as people do, and read back as waivers."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from python_calamine import CalamineWorkbook

import perfrules
from perfrules.errors import DataError
from perfrules.findings.identity import numbers
from perfrules.locale import Label, word
from perfrules.renderers import ledger
from perfrules.report import Report
from perfrules.settling import ledgers, loaded_waivers, settled
from perfrules.waivers import REASONS, WAIVABLE, reason_of
from tests.conftest import Golden
from tests.renderers.conftest import SMALL
from tests.renderers.reports import reports
from tests.renderers.test_xlsx import harmless
from tests.renderers.workbooks import HEAD, MAIN, Read
from tests.settling import signed

TODAY = date(2026, 6, 30)
FILLED: Mapping[str, Any] = {
    "原因类别": "口径差异", "情况说明": "两表口径不同", "责任人": "张三", "说明日期": date(2026, 6, 1), "有效期至": date(2026, 12, 31),
    "批准人": "李四", "佐证": "附件2", "整改状态": "不属实",
}  # fmt: skip
Changes = Mapping[tuple[int, str], Any]


@pytest.fixture(scope="module")
def report() -> Report:
    report = perfrules.check(SMALL / "broken", SMALL)
    run = replace(report.run, perfrules="0.0.0", started=None, seconds=None)
    return replace(report, run=run)


def filled(path: Path, content: bytes, changes: Changes) -> Path:
    """A ledger as a program for spreadsheets writes it, with some cells changed, by row of the list and heading."""
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    with xlsxwriter.Workbook(path) as made:
        days = made.add_format({"num_format": "yyyy-mm-dd"})
        for name in book.sheet_names:
            rows: Any = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            sheet = made.add_worksheet(name)
            if name == book.sheet_names[0]:
                for (row, title), value in changes.items():
                    rows[HEAD + 1 + row][rows[HEAD].index(title)] = value
            for at, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, date | datetime):
                        sheet.write_datetime(at, column, value, days)
                    elif isinstance(value, str):
                        sheet.write_string(at, column, value)
                    else:
                        sheet.write(at, column, value)
    return path


def fill(row: int, **others: Any) -> dict[tuple[int, str], Any]:
    return {(row, title): value for title, value in (dict(FILLED) | others).items()}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_cell_by_cell(report: Report, golden: Golden, language: str) -> None:
    golden(f"ledger/report.{language}.txt", Read(ledger.render(report, language)).told())


def test_a_row_for_everything_that_can_be_explained(report: Report) -> None:
    found = Read(ledger.render(report, "en"))
    rows = found.records("Ledger")
    waivable = [f for f in report.details if f.outcome in WAIVABLE]
    assert [r["perfrules:rule"] for r in rows] == [f.rule for f in waivable]
    assert [r["perfrules:numbers"] for r in rows] == [numbers(f) for f in waivable]
    assert {r["status of correction"] for r in rows} == {"to be verified"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_only_what_can_be_read_back_can_be_chosen(report: Report, language: str) -> None:
    found = Read(ledger.render(report, language))
    rules = list(found.sheet(found.names[0]).iter(f"{MAIN}dataValidation"))
    assert [rule.attrib["type"] for rule in rules] == ["list", "list", "date", "date"]
    last = HEAD + 1 + len(found.records(found.names[0]))
    for rule in rules:
        assert rule.attrib["sqref"].endswith(str(last))
    choices = found.records(found.names[1])
    reasons = [row[list(row)[1]] for row in choices if row[list(row)[1]]]
    assert [reason_of(text) for text in reasons] == list(REASONS)
    (formula,) = rules[1].iter(f"{MAIN}formula1")
    assert formula.text == f"'{found.names[1]}'!$B${HEAD + 2}:$B${HEAD + 1 + len(reasons)}"


def test_a_filled_row_is_a_waiver(report: Report, tmp_path: Path) -> None:
    path = filled(tmp_path / "台账.xlsx", ledger.render(report, "zh"), fill(0))
    (waiver,) = ledgers.read(path)
    finding = next(f for f in report.details if f.outcome in WAIVABLE)
    assert waiver == signed(
        finding, pack="small", date=date(2026, 6, 1), text="两表口径不同", expires=date(2026, 12, 31), approved_by="李四",
        evidence="附件2",
    )  # fmt: skip
    assert waiver.where == f"{path}:台账!A5"
    made = settled(report, loaded_waivers([path]), today=TODAY)
    assert made.waived.total() == 1
    assert not [n for n in made.remarks if n.code.startswith("PR46")]


def test_check_takes_a_ledger_and_a_dataset_names_one(tmp_path: Path) -> None:
    folder = shutil.copytree(SMALL / "broken", tmp_path / "data")
    before = perfrules.check(folder, SMALL)
    path = before.save(tmp_path / "empty.ledger.xlsx", language="zh")
    errors = [f for f in before.details if f.outcome in WAIVABLE]
    changes = {at: value for row in range(len(errors)) for at, value in fill(row).items()}
    named = filled(folder / "台账.xlsx", path.read_bytes(), changes)
    assert perfrules.check(folder, SMALL, waivers=[named], today=TODAY).waived.total() == len(
        errors
    )
    manifest = folder / "dataset.yaml"
    manifest.write_text(manifest.read_text("utf-8") + "waivers: 台账.xlsx\n", "utf-8")
    assert perfrules.check(folder, SMALL, today=TODAY).waived.total() == len(errors)


def test_it_lapses_with_other_numbers(report: Report, tmp_path: Path) -> None:
    path = filled(tmp_path / "a.xlsx", ledger.render(report, "zh"), fill(0))
    (first, *rest) = report.details
    changed = replace(
        report,
        details=(replace(first, difference=first.difference and first.difference + 1), *rest),
    )
    made = settled(changed, loaded_waivers([path]), today=TODAY)
    (notice,) = [n for n in made.remarks if n.code == "PR462"]
    assert notice.where == f"{path}:台账!A5"
    assert not made.waived


def test_what_is_waived_stands_in_the_next_ledger(report: Report, tmp_path: Path) -> None:
    path = filled(
        tmp_path / "a.xlsx", ledger.render(report, "zh"), fill(0) | fill(2, 情况说明="=1+1")
    )
    waivers = loaded_waivers([path])
    made = settled(report, waivers, today=TODAY)
    for language in ("zh", "en"):
        again = tmp_path / f"{language}.xlsx"
        again.write_bytes(ledger.render(made, language))
        assert ledgers.read(again) == waivers


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2026-06-01", date(2026, 6, 1)),
        ("2026/6/1", date(2026, 6, 1)),
        ("2026年6月1日", date(2026, 6, 1)),
        ("2026.6.1", date(2026, 6, 1)),
        (46174, date(2026, 6, 1)),
        (datetime(2026, 6, 1, 12), date(2026, 6, 1)),  # noqa: DTZ001  # as Excel holds it
    ],
)
def test_dates_as_people_write_them(report: Report, tmp_path: Path, value: Any, day: date) -> None:
    path = filled(tmp_path / "a.xlsx", ledger.render(report, "zh"), fill(0, 说明日期=value))
    assert ledgers.read(path)[0].date == day


FAULTS: Mapping[str, tuple[Mapping[str, Any], list[str]]] = {
    "reason": ({"原因类别": "口径差"}, ["台账!O5：口径差 不是原因"]),
    "who": ({"责任人": " "}, ["台账!Q5：没有填写责任人"]),
    "when": ({"说明日期": ""}, ["台账!R5：没有填写说明日期"]),
    "no day": ({"说明日期": "六月"}, ["台账!R5：六月 不是日期"]),
    "no such day": ({"有效期至": "2026-02-30"}, ["台账!S5：2026-02-30 不是日期"]),
    "both": ({"责任人": "", "说明日期": ""}, ["台账!Q5：", "台账!R5："]),
    "other": ({"原因类别": "其他", "情况说明": ""}, ["台账!P5：选其他原因的，要写明"]),
    "over before it began": ({"有效期至": date(2026, 1, 1)}, ["台账!S5：有效期至早于说明日期"]),
    "numbers": ({"perfrules:numbers": "12"}, ["台账!Z5：perfrules 写在这里的内容被改动了"]),
    "rule": ({"perfrules:rule": "A B"}, ["台账!W5：perfrules 写在这里的内容被改动了"]),
    "key": ({"perfrules:key": "{"}, ["台账!X5：perfrules 写在这里的内容被改动了"]),
    "no object": ({"perfrules:key": "[1]"}, ["台账!X5：perfrules 写在这里的内容被改动了"]),
}


@pytest.mark.parametrize("name", FAULTS)
def test_faults_name_their_cell(report: Report, tmp_path: Path, name: str) -> None:
    changes, expected = FAULTS[name]
    good = fill(1)
    bad = fill(0, **changes)
    path = filled(tmp_path / "a.xlsx", ledger.render(report, "zh"), good | bad)
    with pytest.raises(DataError) as caught:
        ledgers.read(path)
    told = [word(fault.message, "zh") for fault in caught.value.diagnostics]
    assert {fault.code for fault in caught.value.diagnostics} == {"PR469"}
    assert len(told) == len(expected)
    for text, part in zip(told, expected, strict=True):
        assert text.startswith(f"{path} {part}")


def test_every_fault_of_every_row_is_told(report: Report, tmp_path: Path) -> None:
    changes = fill(0, 责任人="") | fill(1, 原因类别="x")
    path = filled(tmp_path / "a.xlsx", ledger.render(report, "zh"), changes)
    with pytest.raises(DataError) as caught:
        loaded_waivers([path])
    assert len(caught.value.diagnostics) == 2


def test_a_near_miss_is_understood(report: Report, tmp_path: Path) -> None:
    path = filled(tmp_path / "a.xlsx", ledger.render(report, "zh"), fill(0, 原因类别="口径差"))
    with pytest.raises(DataError) as caught:
        ledgers.read(path)
    assert "口径差异" in str(caught.value.diagnostics[0].hint)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"text"])
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        loaded_waivers([path])
    assert caught.value.diagnostics[0].code == "PR419"


def test_what_is_no_ledger_is_refused(report: Report, tmp_path: Path) -> None:
    path = report.save(tmp_path / "paper.xlsx")
    with pytest.raises(DataError) as caught:
        loaded_waivers([path])
    assert caught.value.diagnostics[0].code == "PR469"
    with pytest.raises(DataError):
        loaded_waivers([tmp_path / "absent.xlsx"])


def test_without_its_column_nothing_is_passed_over(report: Report, tmp_path: Path) -> None:
    changes = {**fill(0), (-1, "原因类别"): "原因"}
    path = filled(tmp_path / "a.xlsx", ledger.render(report, "zh"), changes)
    with pytest.raises(DataError) as caught:
        ledgers.read(path)
    (fault,) = caught.value.diagnostics
    assert word(fault.message, "zh") == f"{path} 台账：原因类别 这些列不见了"


def test_what_it_cannot_hold_is_told(report: Report) -> None:
    long = replace(report.details[0], message=Label("长" * 40_000))
    found = Read(ledger.render(replace(report, details=(long, *report.details[1:])), "zh"))
    assert found.cells("选项")[1][1] == "本工作簿未包含：1 段文字的末尾，超出了单元格的长度"


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(report=reports())
def test_nothing_in_it_does_anything(report: Report) -> None:
    for language in ("zh", "en"):
        harmless(Read(ledger.render(report, language)))
