"""The table of exit codes, line by line."""

import os
import shutil
from pathlib import Path

import pytest

from perfrules import engine
from tests.cli.conftest import SMALL, Cli, process

BROKEN, CLEAN, PARTIAL = SMALL / "broken", SMALL / "clean", SMALL / "partial"


@pytest.mark.parametrize(
    ("code", "args"),
    [
        (0, ("check", CLEAN)),
        (0, ("check", CLEAN, "--fail-on", "info")),
        (1, ("check", BROKEN)),
        (1, ("check", BROKEN, "--fail-on", "warning")),
        (3, ("check", BROKEN, "--fail-on", "never")),
        (0, ("check", BROKEN, "--fail-on", "never", "--allow-unknown")),
        (3, ("check", BROKEN, "--fail-on", "never", "--allow-unknown=blank")),
        (0, ("check", BROKEN, "--fail-on", "never", "--allow-unknown=blank，no-table")),
        (3, ("check", PARTIAL)),
        (3, ("check", "--allow-unknown=no-row", PARTIAL)),
        (0, ("check", "--allow-unknown=blank", PARTIAL)),
        (0, ("check", "--allow-unknown", PARTIAL)),
        (3, ("check", "--allow-unknown=blank", PARTIAL, "--detail", "0")),
        (0, ("check", "--allow-unknown", PARTIAL, "--detail", "0")),
        (2, ("check",)),
        (2, ("chek", CLEAN)),
        (2, ()),
        (2, ("--lang", "zh")),
        (2, ("check", "nowhere")),
        (2, ("check", SMALL / "pack.yaml")),
        (2, ("check", CLEAN, "--pack", "nowhere")),
        (2, ("check", CLEAN, "--fail-on", "fatal")),
        (2, ("check", CLEAN, "--allow-unknown=blnk")),
        (2, ("check", CLEAN, "--detail", "-1")),
        (2, ("check", CLEAN, "-o", "report.xyz")),
        (2, ("check", CLEAN, "-o", "json=no/such/folder/report.json")),
        (2, ("explain", "no-such-rule")),
        (2, ("explain", "PR999")),
        (2, ("explain", "spending-total", "-p", SMALL, "--row", "office=甲局")),
        (2, ("explain", "spending-total", "-d", BROKEN, "--row", "office=辛局")),
        (2, ("explain", "spending-total", "-d", BROKEN, "--row", "甲局")),
        (2, ("explain", "spending-total", "-d", BROKEN, "--row", "place=甲局")),
        (2, ("explain", "spending-target", "-d", BROKEN)),
        (2, ("schema", "nothing")),
        (2, ("list", "nowhere")),
        (2, ("lint", "nowhere")),
        (0, ("lint", SMALL)),
        (2, ("lint", "--strict", SMALL)),
        (2, ("-q", "lint", "--strict", SMALL)),
        (0, ("lint", "--strict", "cn-overall-self-eval")),
        (0, ("list",)),
        (0, ("--version",)),
        (0, ("--help",)),
        (0, ("check", "-h")),
    ],
)
def test_exit_code(cli: Cli, code: int, args: tuple[object, ...]) -> None:
    done = cli(*args)
    assert done.code == code, done
    assert "Traceback" not in done.err


@pytest.mark.parametrize("form", ["json", "terminal"])
def test_no_output_changes_the_exit_code(cli: Cli, tmp_path: Path, form: str) -> None:
    path = tmp_path / "r"
    assert cli("check", BROKEN, "-o", f"{form}={path}", "--format", "json").code == 1
    assert path.stat().st_size


def test_a_faulty_rule_is_not_allowed(cli: Cli, tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(SMALL, pack)
    rules = pack / "spending.rules.yaml"
    text = rules.read_text(encoding="utf-8").replace(
        "assert: 项目支出 = sum", "assert: 项目支出 = summ"
    )
    rules.write_text(text, encoding="utf-8")
    assert cli("check", pack / "clean", "--allow-unknown").code == 3
    assert cli("check", pack / "clean", "--fail-on", "never").code == 3
    assert cli("lint", pack).code == 2
    assert cli("explain", "spending-items", "--pack", pack).code == 2


def test_an_unreadable_pack_stops_everything(cli: Cli, tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(SMALL, pack)
    (pack / "pack.yaml").write_text("pack: small\ntable: {}\nversion: 1\n", encoding="utf-8")
    done = cli("check", pack / "clean")
    assert done.code == 2
    assert not done.out
    for line in ("pack.yaml:2:1: PR112", "pack.yaml:3:10: PR114", "PR113"):
        assert line in done.err


def test_a_file_that_cannot_be_written(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "r.json").mkdir()
    done = cli("check", CLEAN, "-o", tmp_path / "r.json")
    assert done.code == 0  # no output changes the exit code
    assert "everything was checked" in done.out
    assert "was not written" in done.err


@pytest.fixture
def bug(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    def fail(*_args: object, **_options: object) -> None:
        raise RuntimeError("支出合计 went wrong")

    monkeypatch.setattr(engine, "check", fail)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_bug_of_ours(cli: Cli, bug: Path) -> None:
    done = cli("check", CLEAN)
    assert done.code == 4
    (report,) = bug.iterdir()
    assert "bug in perfrules" in done.err
    assert str(report) in done.err
    text = report.read_text(encoding="utf-8")
    for part in ("RuntimeError: 支出合计 went wrong", "Traceback", "polars 2.", f"check {CLEAN}"):
        assert part in text


def test_a_bug_of_ours_in_full(cli: Cli, bug: Path) -> None:
    assert bug.is_dir()
    assert "Traceback" in cli("-v", "check", CLEAN).err


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere"
)
def test_a_bug_of_ours_where_nothing_may_be_written(cli: Cli, bug: Path) -> None:
    bug.chmod(0o500)
    assert cli("check", CLEAN).code == 4


def test_interrupted(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_args: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(engine, "check", interrupt)
    done = cli("check", CLEAN)
    assert (done.code, done.out, done.err.strip()) == (130, "", "interrupted")


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_interrupted_by_a_signal() -> None:
    """Ctrl-C while the engine works."""
    slow = (
        "import os, signal, time, perfrules.engine\n"
        "def check(*args, **options):\n"
        "    os.kill(os.getpid(), signal.SIGINT); time.sleep(30)\n"
        "perfrules.engine.check = check"
    )
    done = process("check", CLEAN, code=slow)
    assert done.returncode == 130
    assert done.stderr.strip() == b"interrupted"
