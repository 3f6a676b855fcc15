"""Workbooks on the command line: the working paper, the ledger there and back, comparisons."""

from pathlib import Path

import pytest

from tests.cli.conftest import SMALL, Cli
from tests.renderers.workbooks import Read
from tests.settling.test_ledgers import fill, filled

BROKEN = SMALL / "broken"


def read(path: str) -> Read:
    return Read(Path(path).read_bytes())


def test_by_suffix_and_by_name(cli: Cli) -> None:
    done = cli("-q", "check", BROKEN, "-o", "a.xlsx", "-o", "b.ledger.xlsx", "-o", "甲.台账.xlsx", "-o", "ledger=c.xlsx", "-o", "xlsx=d")  # fmt: skip
    assert (done.code, done.err) == (1, "")
    assert read("a.xlsx").names[0] == read("d").names[0] == "Summary"
    for path in ("b.ledger.xlsx", "甲.台账.xlsx", "c.xlsx"):
        assert read(path).names == ["Ledger", "Choices"]


def test_from_a_saved_report_in_chinese(cli: Cli) -> None:
    cli("-q", "check", BROKEN, "-o", "r.json")
    done = cli(
        "-q", "--lang", "zh", "render", "r.json", "-o", "底稿.xlsx", "-o", "台账.ledger.xlsx"
    )
    assert (done.code, done.err) == (0, "")
    assert read("底稿.xlsx").names[:3] == ["汇总", "各单位", "发现"]
    assert read("台账.ledger.xlsx").names == ["台账", "选项"]


def test_a_ledger_there_and_back(cli: Cli) -> None:
    cli("-q", "--lang", "zh", "check", BROKEN, "-o", "empty.ledger.xlsx")
    empty = Path("empty.ledger.xlsx").read_bytes()
    assert cli("-q", "check", BROKEN, "-w", "empty.ledger.xlsx").code == 1
    changes = {at: value for row in range(5) for at, value in fill(row, 有效期至="").items()}
    filled(Path("filled.xlsx"), empty, changes)
    done = cli("--lang", "en", "check", BROKEN, "-w", "filled.xlsx")
    assert done.code == 3  # everything is waived, and a table is absent
    assert "waived 5" in done.out


def test_a_fault_of_a_ledger_ends_the_run(cli: Cli) -> None:
    cli("-q", "--lang", "zh", "check", BROKEN, "-o", "empty.ledger.xlsx")
    filled(Path("filled.xlsx"), Path("empty.ledger.xlsx").read_bytes(), fill(0, 责任人=""))
    done = cli("--lang", "en", "check", BROKEN, "-w", "filled.xlsx", "-o", "x.json")
    assert done.code == 2
    assert done.err.startswith("PR469: filled.xlsx 台账!Q5: who is responsible is not said")
    assert not Path("x.json").exists()


def test_a_workbook_that_is_not_there(cli: Cli) -> None:
    assert cli("check", BROKEN, "-w", "absent.xlsx").code == 2


@pytest.mark.parametrize("language", ["zh", "en"])
def test_comparisons(cli: Cli, language: str) -> None:
    cli("-q", "check", BROKEN, "-o", "old.json")
    cli("-q", "check", SMALL / "clean", "-o", "new.json")
    done = cli("-q", "--lang", language, "diff", "new.json", "old.json", "-o", "d.html", "-o", "d.xlsx", "--across", "year")  # fmt: skip
    assert (done.code, done.err) == (1, "")
    assert Path("d.html").read_text("utf-8").startswith("<!DOCTYPE html>")
    assert len(read("d.xlsx").names) == 3
