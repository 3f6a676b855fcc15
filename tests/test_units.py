"""Many units in one report: verdicts by unit, who is missing, the league, and folders of datasets."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import perfrules
from perfrules.errors import DataError
from perfrules.renderers import html, json_v1, markdown, terminal
from perfrules.renderers.html.matrix import RULES, UNITS, matrix, svg
from perfrules.report import Report
from perfrules.report.league import league
from perfrules.report.units import Missing
from perfrules.waivers import Waiver

SMALL = Path(__file__).parent / "packs" / "small"
OUTCOMES = ("pass", "rounding", "fail", "unknown", "not-applicable")
OFFICES = "甲乙丙丁戊己庚辛壬癸子丑寅卯"


def write(
    folder: Path, rows: Sequence[tuple[object, ...]], manifest: str = "", pack: str = ""
) -> Path:  # fmt: skip
    """A dataset of the small pack: office, year, total, basic, project."""
    folder.mkdir(parents=True)
    lines = ["单位,年度,支出合计,基本支出,项目支出", *(",".join(map(str, row)) for row in rows)]
    (folder / "spending.csv").write_text("\n".join(lines) + "\n", "utf-8")
    named = pack or SMALL.as_posix()
    (folder / "dataset.yaml").write_text(f"pack: {named}\ntitle: {folder.name}\n{manifest}", "utf-8")  # fmt: skip
    return folder


def agrees(report: Report) -> None:
    """The counts by unit add up to those of the rules."""
    assert report.units is not None
    for count in report.counts:
        for outcome in OUTCOMES:
            by_unit = sum(unit.of(outcome, count.rule) for unit in report.units.counts)
            assert by_unit == count.of(outcome), (count.rule, outcome)


figures = st.none() | st.sampled_from(["1.00", "2.00", "3.00", "3.01", "-1.00", "——"])
rows = st.lists(
    st.tuples(st.sampled_from(["甲", "乙", "丙"]), st.sampled_from(["2022", "2023"]), figures, figures, figures),
    min_size=1, max_size=12, unique_by=lambda row: row[:2],
)  # fmt: skip


@pytest.mark.usefixtures("all_native")
@settings(max_examples=30, deadline=None)
@given(rows=rows, limit=st.sampled_from([0, 1, 1000]))
def test_verdicts_by_unit_add_up_whatever_is_kept(rows: list[Any], limit: int) -> None:
    names = ["office", "year", "total", "basic", "project"]
    frame = pl.DataFrame(rows, dict.fromkeys(names, pl.String), orient="row")
    report = perfrules.check({"spending": frame}, SMALL, detail=limit)
    agrees(report)
    assert report.units is not None
    assert report.units.column == "office"
    assert {unit.unit for unit in report.units.counts} == {row[0] for row in rows}
    alone = {
        name: perfrules.check({"spending": frame.filter(pl.col("office") == name)}, SMALL).counts
        for name in frame["office"].unique()
    }
    for unit in report.units.counts:
        for count in alone[unit.unit]:
            assert [unit.of(o, count.rule) for o in OUTCOMES] == [count.of(o) for o in OUTCOMES]


def test_rules_that_are_judged_by_the_reference_are_counted_too() -> None:
    report = perfrules.check("examples/lusong-2023")
    agrees(report)


def test_years_of_a_unit() -> None:
    frame = pl.DataFrame(
        {"office": ["甲", "甲", "乙"], "year": ["2023", "2022", "2023"], "total": ["3"] * 3}
    )
    report = perfrules.check({"spending": frame}, SMALL)
    assert report.units is not None
    assert [(u.unit, u.years) for u in report.units.counts] == [("甲", ("2022", "2023")), ("乙", ("2023",))]  # fmt: skip


# ---- who is due ----------------------------------------------------------------------------------------------------------

ROWS = [("甲", 2022, 3, 1, 2), ("甲", 2023, 3, 1, 2), ("乙", 2023, 4, 1, 2)]


def test_who_is_listed_and_not_there_is_missing(tmp_path: Path) -> None:
    folder = write(tmp_path / "d", ROWS, "due: {column: office, units: [甲, 乙, 丙]}\n")
    report = perfrules.check(folder)
    assert report.units is not None
    assert (report.units.due, report.units.missing) == (3, (Missing("丙"),))
    (notice,) = (n for n in report.remarks if n.code == "PR448")
    assert "丙" in str(notice.message)
    assert notice.level == "blocking"


def test_a_missing_unit_is_not_everything_checked(tmp_path: Path) -> None:
    folder = write(tmp_path / "d", ROWS[:2], "due: {units: [甲, 丙]}\n")
    report = perfrules.check(folder)
    blocking = {n.code for n in report.remarks if n.level == "blocking"}
    assert "PR448" in blocking
    assert report.exit_code(allow_unknown=("no-table", "no-column")) == 3
    assert report.exit_code(allow_unknown=("no-table", "no-column", "no-row")) == 0


def test_a_list_in_a_file_and_every_year(tmp_path: Path) -> None:
    folder = write(tmp_path / "d", ROWS, "due: {file: 应报单位.csv, every_year: true}\n")
    (folder / "应报单位.csv").write_text("office,备注\n甲,\n乙,\n丙,新设\n", "utf-8")
    report = perfrules.check(folder)
    assert report.units is not None
    assert report.units.missing == (Missing("丙"), Missing("乙", ("2022",)))
    assert "乙 (2022)" in html.render(report, "en")
    assert not [n for n in report.remarks if "应报单位" in str(n.message)]  # it is no table


def test_a_column_that_no_key_has_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "d", ROWS, "due: {column: unit}\n")
    with pytest.raises(DataError, match="PR447"):
        perfrules.check(folder)


def test_a_list_that_is_not_there_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "d", ROWS, "due: {file: no.csv}\n")
    with pytest.raises(DataError, match=r"no\.csv"):
        perfrules.check(folder)


# ---- a folder of datasets -------------------------------------------------------------------------------------------------


def test_a_folder_of_datasets_is_one_report(tmp_path: Path) -> None:
    write(tmp_path / "2022", [ROWS[0]])
    write(tmp_path / "2023" / "data", ROWS[1:])
    (tmp_path / "dataset.yaml").write_text("title: 两年\ndue: {units: [甲, 乙, 丙], every_year: true}\n", "utf-8")  # fmt: skip
    report = perfrules.check(tmp_path)
    agrees(report)
    assert report.units is not None
    assert report.run.dataset == "两年"
    assert report.run.tables["spending"] == 3
    assert report.units.missing == (Missing("丙"), Missing("乙", ("2022",)))
    (found,) = (f for f in report.details if f.rule == "spending-total")
    assert found.cells[0].origin.file == "2023/data/spending.csv"
    assert set(report.run.files) == {"2022/spending.csv", "2023/data/spending.csv"}
    whole = perfrules.check(write(tmp_path.parent / f"{tmp_path.name}-whole", ROWS))
    assert [f.message for f in report.details] == [f.message for f in whole.details]
    assert report.counts == whole.counts


def test_how_far_it_is_is_told_in_datasets(tmp_path: Path) -> None:
    for name in "abc":
        write(tmp_path / name, [(name, 2023, 3, 1, 2)])
    told: list[tuple[int, ...]] = []
    perfrules.check(tmp_path, progress=lambda *numbers: told.append(numbers))
    assert told == [(0, 3, 0, 0), (1, 3, 0, 0), (2, 3, 0, 0), (3, 3, 0, 0)]


def test_a_dataset_that_cannot_be_read_does_not_stop_the_others(tmp_path: Path) -> None:
    write(tmp_path / "a", ROWS)
    write(tmp_path / "b", ROWS, "unknown_key: 1\n")
    write(tmp_path / "c", ROWS, pack="cn-overall-self-eval")
    report = perfrules.check(tmp_path)
    refused = [(n.code, n.where) for n in report.remarks if n.code == "PR449"]
    assert refused == [("PR449", "b"), ("PR449", "c")]
    assert report.exit_code(fail_on="never") == 3
    assert report.counts[0].rows == 3


def test_where_no_dataset_can_be_read_nothing_was_checked(tmp_path: Path) -> None:
    write(tmp_path / "a", ROWS, "unknown_key: 1\n")
    with pytest.raises(DataError, match="unknown_key"):
        perfrules.check(tmp_path, SMALL)


def test_of_all_datasets_together_so_many_findings_are_kept(tmp_path: Path) -> None:
    for name in "abc":
        write(tmp_path / name, [(name, 2023, 9, 1, 2)])
    report = perfrules.check(tmp_path, detail=2)
    assert sum(f.rule == "spending-total" for f in report.details) == 2
    assert next(c for c in report.counts if c.rule == "spending-total").failed == 3


def test_without_a_column_of_units_each_dataset_is_one(tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "pack.yaml").write_text(
        "pack: plain\nversion: 1.0.0\ntables:\n  t:\n    key: [year]\n    columns:\n"
        "      year: {type: year}\n      a: {type: number}\n      b: {type: number}\n",
        "utf-8",
    )
    (pack / "t.rules.yaml").write_text("table: t\nrules:\n  - {id: same, assert: a = b}\n", "utf-8")
    for name, b in (("x", 1), ("y", 5)):
        folder = tmp_path / "all" / name
        folder.mkdir(parents=True)
        (folder / "dataset.yaml").write_text(f"title: 单位{name}\n", "utf-8")
        (folder / "t.csv").write_text(f"year,a,b\n2023,1,{b}\n", "utf-8")
    report = perfrules.check(tmp_path / "all", pack)
    assert report.units is not None
    assert report.units.column == "dataset"
    assert [(u.unit, u.of("fail")) for u in report.units.counts] == [("单位x", 0), ("单位y", 1)]
    assert report.details[0].key == {"dataset": "单位y", "year": "2023"}
    assert "单位y" in html.render(report, "zh")


# ---- the league -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def many() -> Report:
    """Fourteen offices; the first four are wrong."""
    data = [(o, "2023", "9" if at < 4 else "3", "1", "2") for at, o in enumerate(OFFICES)]
    frame = pl.DataFrame(data, ["office", "year", "total", "basic", "project"], orient="row")
    return perfrules.check({"spending": frame}, SMALL)


def test_the_gravest_units_and_rules_come_first(many: Report) -> None:
    standing = league(many)
    assert [one.count.unit for one in standing.units[:4]] == ["甲", "乙", "丙", "丁"]
    assert standing.units[0].failed["error"] == 1
    assert standing.units[-1].failed == {"error": 0, "warning": 0, "info": 0}
    first = standing.rules[0]
    assert (first.count.rule, first.broken, first.due) == ("spending-total", 4, 14)


def test_what_is_waived_does_not_count(many: Report) -> None:
    waiver = Waiver("spending-total", {}, (), "scope", "某人", date(2026, 1, 1))
    details = (replace(many.details[0], waiver=waiver), *many.details[1:])
    assert many.details[0].key["office"] == "甲"
    standing = {one.count.unit: one for one in league(replace(many, details=details)).units}
    assert standing["甲"].failed["error"] == 0
    assert standing["乙"].failed["error"] == 1


def test_terminal_and_markdown_have_a_short_league(many: Report) -> None:
    page = terminal.render(many, "zh")
    assert "单位：14 个单位" in page
    assert "14 个单位中 4 个不符" in page
    assert "甲" in page
    assert page.index("甲  ") < page.index("戊  ")
    text = markdown.render(many, "en")
    assert "## units: 14 units" in text
    assert "| `spending-total` | Total is basic plus projects | 4 / 14 |" in text
    assert "4 more" in text


def test_few_units_take_no_lines() -> None:
    frame = pl.DataFrame({"office": ["甲", "乙"], "year": ["2023"] * 2, "total": ["9", "9"]})
    few = perfrules.check({"spending": frame}, SMALL)
    assert "单位：2" not in terminal.render(few, "zh")
    assert "## units" not in markdown.render(few, "en")
    assert 'id="units"' in html.render(few, "en")


def test_the_page_has_a_league_with_links_and_the_picture(many: Report) -> None:
    text = html.render(many, "zh")
    league_ = text[text.index('id="units"') : text.index('id="findings"')]
    assert 'href="#unit=%E7%94%B2"' in league_
    assert league_.count("<tr>") >= 14 + 3
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="matrix"' in league_


def test_it_is_saved_and_read_back(many: Report) -> None:
    saved = json_v1.read(json_v1.render(many).encode(), "r.json")
    assert saved.units == many.units
    assert html.render(saved, "zh") == html.render(many, "zh")


# ---- the picture ------------------------------------------------------------------------------------------------------------


def test_the_picture_shows_the_gravest_and_says_what_it_leaves_out() -> None:
    offices = [f"第{n:03d}局" for n in range(UNITS + 7)]
    data = [(o, "2023", "9" if o == "第066局" else "3", "1", "2") for o in offices]
    frame = pl.DataFrame(data, ["office", "year", "total", "basic", "project"], orient="row")
    report = perfrules.check({"spending": frame}, SMALL)
    drawn = matrix(report)
    assert drawn is not None
    assert len(drawn.units) == UNITS
    assert len(drawn.rules) <= RULES
    assert drawn.units[0].unit == "第066局"
    assert "left out: 7 units and 0 rules" in str(svg(drawn, "en"))


def test_the_picture_as_an_object(many: Report, tmp_path: Path) -> None:
    picture = many.plot("zh")
    assert picture._repr_svg_() == picture._repr_html_() == picture.text  # type: ignore[attr-defined]  # what notebooks ask for
    content = picture.save(tmp_path / "p.svg").read_text("utf-8")
    assert content.startswith("<svg xmlns=")
    assert "甲 · 支出合计等于基本支出加项目支出: 不符 1" in content


def test_where_nothing_was_counted_by_unit_the_picture_says_so(many: Report) -> None:
    picture = replace(many, units=None).plot("en")
    assert picture._repr_svg_() is None  # type: ignore[attr-defined]  # as above
    assert "not counted by unit" in picture.text
