"""Every mistake of a newcomer, through the command line: message, place, both languages, exit code, and the other rules go on."""

from collections.abc import Callable
from pathlib import Path

import pytest

from perfrules.cli import run

PACK = """pack: small
tables:
  t:
    unit: 万元
    key: [k]
    columns:
      k: {type: text}
      total: {type: money, decimals: 2, title: {zh: 支出合计, en: Total}}
      basic: {type: money, decimals: 2}
      project: {type: money, decimals: 2}
      rate: {type: ratio, unit: '%', decimals: 2}
  detail:
    unit: 万元
    optional: true
    key: [k, no]
    columns:
      k: {type: text}
      no: {type: text}
      amount: {type: money, decimals: 2}
"""
SOUND = "  - {id: sum-holds, assert: 支出合计 = basic + project}\n"
DATA = "k,total,basic,project,rate\na,3.00,1.00,2.00,33.33%\nb,5.00,1.00,4.00,20%\n"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a sound pack and sound data."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "rules" / "pack.yaml").write_text(PACK, "utf-8")
    (tmp_path / "rules" / "all.rules.yaml").write_text(f"table: t\nrules:\n{SOUND}", "utf-8")
    (tmp_path / "data" / "t.csv").write_text(DATA, "utf-8")
    return tmp_path


Check = Callable[[str], tuple[int, str]]


@pytest.fixture
def check(place: Path, capfd: pytest.CaptureFixture[str]) -> Check:
    """Run ``perfrules check`` in one language; exit code and all that was printed."""

    def runs(language: str) -> tuple[int, str]:
        code = run(
            ["--lang", language, "check", str(place / "data"), "--pack", str(place / "rules")]
        )
        shown = capfd.readouterr()
        return code, shown.out + shown.err

    return runs


def test_sound_input_is_clean(check: Check) -> None:
    assert check("en")[0] == 0


RULES = {
    "unclosed bracket": ("(basic + project = total", "PR202", "never closed", "没有配对"),
    "unknown column": ("total = basic + projct", "PR301", "no column projct", "projct"),
    "money + ratio": ("total = basic + rate", "PR303", "mixes", "混"),
    "many-row reference": (
        "total = detail.amount",
        "PR305",
        "sum(detail.amount)",
        "sum(detail.amount)",
    ),
    "can never apply": ("total = basic', when: '1 > 2", "PR308", "always the same", "总是"),
    "one tolerance for two kinds": (
        "total = basic + project and rate ≤ 100%', tolerance: {absolute: 5元}, title: 'x",
        "PR114",
        "does not measure all",
        "不能衡量",
    ),
    "never applies": (
        "total = basic', when: 'total > 5元 and total < 3元",
        "PR316",
        "can never apply",
        "永远不",
    ),
}


@pytest.mark.parametrize(("text", "code", "english", "chinese"), RULES.values(), ids=RULES)
def test_a_faulty_rule_is_told_and_the_others_run(
    place: Path, check: Check, text: str, code: str, english: str, chinese: str
) -> None:
    rules = place / "rules" / "all.rules.yaml"
    rules.write_text(f"table: t\nrules:\n{SOUND}  - {{id: bad, assert: '{text}'}}\n", "utf-8")
    for language, words in (("en", english), ("zh", chinese)):
        status, shown = check(language)
        assert status == 3
        assert code in shown
        assert words.replace(" ", "") in "".join(shown.split())  # the page is folded to its width
        assert "all.rules.yaml:4:" in shown
    assert run(["--lang", "en", "lint", str(place / "rules")]) == 2


def test_two_rules_with_one_id(place: Path, check: Check) -> None:
    (place / "rules" / "all.rules.yaml").write_text(f"table: t\nrules:\n{SOUND}{SOUND}", "utf-8")
    status, shown = check("en")
    assert status == 3
    assert "PR115" in shown
    assert "all.rules.yaml:4:" in shown


def test_a_yaml_bomb_is_refused(place: Path, check: Check) -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"b{i}: &b{i} [*a, *a]\n" for i in range(30))
    (place / "rules" / "all.rules.yaml").write_text(bomb, "utf-8")
    for language in ("en", "zh"):
        status, shown = check(language)
        assert status == 2
        assert "PR108" in shown
        assert "all.rules.yaml:1:4" in shown


def test_a_huge_rule_file_is_refused(place: Path, check: Check) -> None:
    with (place / "rules" / "all.rules.yaml").open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    status, shown = check("en")
    assert status == 2
    assert "PR109" in shown


DATASETS: dict[str, tuple[bytes, int, str, str]] = {
    "wrong encoding": (DATA.encode().replace(b"a,3", b"\xff\xfe\x81,3"), 2, "PR412", "t.csv"),
    "ragged rows": (
        DATA.replace("b,5.00,1.00,4.00,20%", "b,5.00,1.00").encode(),
        3,
        "PR410",
        "t.csv",
    ),
    "duplicate key": (DATA.replace("b,5", "a,5").encode(), 3, "PR404", "t.csv:2"),
    "#REF!": (DATA.replace("5.00", "#REF!").encode(), 3, "PR407", "t.csv:3"),
    "three decimals": (DATA.replace("5.00", "5.001").encode(), 0, "PR408", "t.csv:3"),
    "an empty file": (b"", 3, "PR403", "t.csv"),
    "every cell blank": (b"k,total,basic,project,rate\na,,,,\nb,,,,\n", 0, "", ""),
    "text for a number": (DATA.replace("5.00", "已完成").encode(), 3, "PR406", "t.csv:3"),
    "a missing column": (DATA.replace("basic", "base").encode(), 3, "PR402", "t.csv"),
}


@pytest.mark.parametrize(("content", "status", "code", "where"), DATASETS.values(), ids=DATASETS)
def test_bad_data_is_told_with_its_place(
    place: Path, check: Check, content: bytes, status: int, code: str, where: str
) -> None:
    (place / "data" / "t.csv").write_bytes(content)
    for language in ("en", "zh"):
        found, shown = check(language)
        assert found == status, shown
        assert code in shown
        assert where in shown


def test_a_missing_table(place: Path, check: Check) -> None:
    (place / "data" / "t.csv").unlink()
    (place / "data" / "detail.csv").write_text("k,no,amount\na,1,2.00\n", "utf-8")
    for language in ("en", "zh"):
        status, shown = check(language)
        assert status == 3
        assert "PR401" in shown


def test_nothing_to_read(place: Path, check: Check) -> None:
    (place / "data" / "t.csv").unlink()
    status, shown = check("en")
    assert status == 2
    assert "PR430" in shown


def test_zero_denominators(place: Path, check: Check) -> None:
    rules = place / "rules" / "all.rules.yaml"
    rules.write_text(
        "table: t\nrules:\n  - {id: rate-recomputed, assert: rate = basic / total}\n", "utf-8"
    )
    (place / "data" / "t.csv").write_text(
        "k,total,basic,project,rate\n"
        "printed,0.00,1.00,2.00,33.33%\n"  # no rate exists on a zero base
        "blank,0.00,1.00,2.00,\n"  # and none is printed
        "unknown,0.00,,2.00,33.33%\n",
        "utf-8",
    )
    status, shown = check("en")
    assert status == 1
    assert "fail 1" in " ".join(shown.split())
    assert "unknown 1" in " ".join(shown.split())
    assert "not applicable 1" in " ".join(shown.split())
