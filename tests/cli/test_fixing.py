"""``perfrules lint --fix``."""

import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import SMALL, Cli


@pytest.fixture
def crooked() -> Path:
    """A copy of the small pack in this folder, with things to mend and one fault that nothing can mend."""
    shutil.copytree(SMALL, "规则")
    rules = Path("规则", "spending.rules.yaml")
    text = rules.read_text(encoding="utf-8")
    text = text.replace("assert: 支出合计 =", "assert: 支出合计 ＝").replace("title:", "title：", 1)
    rules.write_text(text.replace("severity: info", "severity: fatal"), encoding="utf-8")
    Path("规则", "clean", "dataset.yaml").write_text("pack：..\n", encoding="utf-8")
    return Path("规则")


def files(folder: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            [
                "规则/spending.rules.yaml:4: a full-width colon behind a key written as an ordinary one",
                "规则/spending.rules.yaml:5: full-width signs ＝ written in their plain form",
                "规则/clean/dataset.yaml:1: a full-width colon behind a key written as an ordinary one",
                "faults: 1; remarks: 3; packs: 1, sound rules: 4",
            ],
        ),
        (
            "zh",
            [
                "规则/spending.rules.yaml:4: 键后的全角冒号改成了半角冒号",
                "规则/spending.rules.yaml:5: 全角符号 ＝ 改成了半角",
                "规则/clean/dataset.yaml:1: 键后的全角冒号改成了半角冒号",
                "错误 1 处；提醒 3 处；规则包 1 个，无误的规则 4 条",
            ],
        ),
    ],
)
def test_what_was_mended_is_told_and_the_rest_linted(
    cli: Cli, crooked: Path, language: str, told: list[str]
) -> None:
    done = cli("--lang", language, "lint", "--fix", crooked)
    assert done.code == 2
    assert done.err.splitlines() == told
    assert done.out.startswith("规则/spending.rules.yaml:23:15: PR114")
    before = files(crooked)
    again = cli("--lang", language, "lint", "--fix", crooked)
    assert (again.code, again.out, again.err) == (2, done.out, f"{told[-1]}\n")
    assert files(crooked) == before


def test_without_the_option_nothing_is_written(cli: Cli, crooked: Path) -> None:
    before = files(crooked)
    cli("lint", crooked)
    assert files(crooked) == before


def test_what_is_printed_for_programs_stays_whole(cli: Cli, crooked: Path) -> None:
    done = cli("lint", "--fix", crooked, "--output-format", "github")
    assert [line.split()[0] for line in done.out.splitlines()] == ["::error", *["::warning"] * 3]


def test_quiet(cli: Cli, crooked: Path) -> None:
    assert cli("-q", "lint", "--fix", crooked).err.count("\n") == 1


def test_a_built_in_pack_is_not_changed(cli: Cli) -> None:
    done = cli("lint", "--fix", "cn-overall-self-eval")
    assert done.code == 2
    assert "PR520" in done.out


def test_rights_are_kept_and_nothing_is_left_beside(cli: Cli, crooked: Path) -> None:
    rules = crooked / "spending.rules.yaml"
    rules.chmod(0o640)
    cli("lint", "--fix", crooked)
    assert rules.stat().st_mode & 0o777 == 0o640
    assert not list(crooked.rglob("*.tmp"))


def test_what_cannot_be_written_is_told_and_not_claimed(
    cli: Cli, crooked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path, _content: bytes) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("perfrules.cli.output.replace", refuse)
    before = files(crooked)
    done = cli("lint", "--fix", crooked)
    assert done.code == 2
    assert "PR509: 规则/spending.rules.yaml cannot be written: Permission denied" in done.out
    assert "ordinary one" not in done.err
    assert files(crooked) == before
