"""What shells are taught, and what they are offered."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from perfrules.cli import run
from tests.cli.conftest import SMALL, Cli

Offered = Callable[[str], list[str]]


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Offered:
    """What bash is offered for the last word of a line."""

    def made(line: str) -> list[str]:
        told = {"_PERFRULES_COMPLETE": "bash_complete", "COMP_WORDS": line, "COMP_CWORD": str(line.count(" "))}  # fmt: skip
        for name, value in told.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(SystemExit):
            run([])
        out, err = capsys.readouterr()
        assert err == ""
        return [word.removeprefix("plain,") for word in out.splitlines() if word.startswith("plain,")]  # fmt: skip

    return made


@pytest.fixture
def saved(cli: Cli, tmp_path: Path) -> None:
    """A pack, data and a saved report in this folder."""
    shutil.copytree(SMALL, tmp_path / "small")
    cli("-q", "check", "small/broken", "-o", "r.json")


LINES = [
    ("perfrules wa", ["waive"]),
    ("perfrules base", ["baseline"]),
    ("perfrules baseline ", ["update", "prune"]),
    ("perfrules check --fail-on w", ["warning"]),
    ("perfrules check --strictness ", ["first", "review", "full"]),
    ("perfrules check -p cn", ["cn-overall-self-eval"]),
    ("perfrules list cn", ["cn-overall-self-eval"]),
    ("perfrules check small -o js", ["json="]),
    ("perfrules waive r.json --rule spending-s", ["spending-share"]),
    ("perfrules waive r.json --rule spending-ta", []),
    ("perfrules test small --only spending-ta", ["spending-target"]),
    ("perfrules explain -d small/broken spending-ta", ["spending-target"]),
    ("perfrules explain oe-exp-t", ["oe-exp-total"]),
    ("perfrules check --stri", ["--strictness"]),
    ("perfrules schema wai", ["waivers"]),
    ("perfrules nonsense x", []),
]


@pytest.mark.parametrize(("line", "words"), LINES)
@pytest.mark.usefixtures("saved")
def test_what_is_offered(offered: Offered, line: str, words: list[str]) -> None:
    assert offered(line) == words


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_for_each_shell(cli: Cli, shell: str) -> None:
    done = cli("completion", shell)
    assert (done.code, done.err) == (0, "")
    assert f"_PERFRULES_COMPLETE={shell}_complete" in done.out
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=done.out, text=True, check=True)  # noqa: S603  # reads, and runs nothing


def test_another_shell(cli: Cli) -> None:
    assert cli("completion", "cmd").code == 2
