"""The terminal report: width, plainness, languages, what it says last."""

import re
import unicodedata
from dataclasses import replace

import pytest
from rich.cells import cell_len

import perfrules
from perfrules.locale import message
from perfrules.locations import width
from perfrules.model import Severity
from perfrules.notices import Notice
from perfrules.renderers import terminal
from perfrules.report import Report, RuleCount
from tests.renderers.conftest import SMALL

BOXES = {chr(code) for code in range(0x2500, 0x25A0)}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SENTENCE = re.compile(r"[A-Za-z]{3,}( [a-z]{2,}){2,}")


@pytest.mark.parametrize("columns", [40, 60, 80, 100, 120])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_line_is_wider_than_the_terminal(broken: Report, columns: int, language: str) -> None:
    text = terminal.render(broken, language, terminal.View(width=columns))
    assert max(cell_len(line) for line in text.splitlines()) <= columns


@pytest.mark.parametrize("columns", [50, 100])
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("verbose", [True, False])
def test_the_real_report(lusong: Report, columns: int, language: str, verbose: bool) -> None:
    text = terminal.render(lusong, language, terminal.View(width=columns, verbose=verbose))
    assert max(cell_len(line) for line in text.splitlines()) <= columns
    assert all(detail.rule in text for detail in lusong.details)


def test_plain_where_there_is_no_colour(broken: Report) -> None:
    text = terminal.render(broken, "zh")
    assert "\x1b" not in text
    assert not BOXES & set(text)
    assert all(line == line.rstrip() for line in text.splitlines())


def test_colour_changes_no_word(broken: Report) -> None:
    colored = terminal.render(broken, "zh", terminal.View(color=True))
    assert "\x1b[" in colored
    bare = re.sub(r"\x1b\[[\d;]*m", "", colored)
    plain = terminal.render(broken, "zh")
    assert [line.rstrip() for line in bare.splitlines()] == plain.splitlines()


def test_columns_stand_under_one_another(broken: Report) -> None:
    lines = terminal.render(broken, "zh").splitlines()
    cells = [line for line in lines if line.startswith("    ") and ".csv:" in line][:3]
    assert len({width(line.partition(".csv")[0].rsplit(" ", 1)[0]) for line in cells}) == 1


def test_english_holds_no_chinese_but_data(broken: Report) -> None:
    en = terminal.render(broken, "en")
    zh = terminal.render(broken, "zh")
    ours = {
        "规则",
        "结论",
        "覆盖",
        "不符",
        "无法核验",
        "舍入差",
        "差额",
        "怎么办",
        "退出码",
        "提示",
    }
    assert not [word for word in ours if word in en]
    assert all(word in zh for word in ours)


def test_chinese_holds_no_english_sentence(broken: Report) -> None:
    text = terminal.render(broken, "zh", terminal.View(verbose=True, width=200))
    said = [line for line in text.splitlines() if "说明 is not blank" not in line]
    assert not [line for line in said if SENTENCE.search(line)]


def test_how_many_more(broken: Report) -> None:
    none = replace(broken, details=())
    text = terminal.render(none, "en")
    assert "spending-total  Total is basic plus projects\n  1 more" in text


CODES = [
    (0, "; everything was checked. Exit code 0."),
    (1, "Contradictions found: "),
    (3, ", but not everything could be checked. Exit code 3."),
]


@pytest.mark.parametrize(("code", "said"), CODES)
def test_the_last_line_says_the_exit_code(code: int, said: str) -> None:
    report = perfrules.check(SMALL / "clean", SMALL)
    last = terminal.render(report, "en", terminal.View(code=code)).splitlines()[-1]
    assert said in last
    assert f"Exit code {code}." in last


def test_nothing_was_due() -> None:
    report = perfrules.check(SMALL / "clean", SMALL)
    empty = replace(report, counts=(_count(not_applicable=3),))
    assert "nothing was due" in terminal.render(empty, "en")


@pytest.mark.parametrize(
    ("unknown", "passed", "share"),
    [(1, 9999, "99.9%"), (9999, 1, "0.1%"), (0, 7, "100%"), (3, 0, "0%"), (1, 1, "50%")],
)
def test_coverage_is_never_rounded_to_all_or_nothing(unknown: int, passed: int, share: str) -> None:
    report = perfrules.check(SMALL / "clean", SMALL)
    counted = replace(report, counts=(_count(unknown=unknown, passed=passed),))
    assert f"coverage  {share}: " in terminal.render(counted, "en")


def test_many_notices_of_one_code_are_shortened() -> None:
    report = perfrules.check(SMALL / "clean", SMALL)
    remarks = tuple(
        Notice("PR408", message("there is no column {name}", name=str(number)), "advice")
        for number in range(7)
    )
    text = terminal.render(replace(report, remarks=remarks), "en")
    assert text.count("PR408") == 6
    assert "2 more of PR408" in text


def _count(
    severity: Severity = "error", unknown: int = 0, passed: int = 0, not_applicable: int = 0
) -> RuleCount:
    rows = unknown + passed + not_applicable
    report = perfrules.check(SMALL / "clean", SMALL)
    return RuleCount(
        "small", "r", report.counts[0].title, severity, rows, passed, 0, 0, unknown, not_applicable
    )


def test_ambiguous_signs_do_not_stand_before_columns(broken: Report) -> None:
    """A terminal may draw these one or two columns wide, so nothing is aligned behind them."""
    for line in terminal.render(broken, "zh").splitlines():
        if ".csv:" in line:
            before = line.partition(".csv:")[0]
            assert not [c for c in before if unicodedata.east_asian_width(c) == "A"]
