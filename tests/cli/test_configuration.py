"""Configuration on the command line: where it is found, what it says, and that the line wins over it."""

import json
import shutil
from pathlib import Path

import pytest

from perfrules.cli.nearest import asked_in, language, nearest
from tests.cli.conftest import SMALL, Cli

BASE = """\
data = "small/broken"
fail-on = "warning"
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a pack, its data, and a folder inside in which the run is started."""
    shutil.copytree(SMALL, tmp_path / "small")
    (tmp_path / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "a" / "b")
    return tmp_path


def configure(home: Path, text: str, name: str = "perfrules.toml") -> None:
    (home / name).write_text(text, encoding="utf-8")


def test_the_nearest_is_meant(home: Path) -> None:
    here = home / "a" / "b"
    assert nearest(here) is None
    configure(home, "[tool.other]\nperfrules = 1\n", "pyproject.toml")
    assert nearest(here) is None
    configure(home, "[tool.perfrules.severities]\n", "pyproject.toml")
    assert nearest(here) == home / "pyproject.toml"
    configure(home, "")
    assert nearest(here) == home / "perfrules.toml"
    configure(home / "a", '[ tool . perfrules ]\nlanguage = "zh"\n', "pyproject.toml")
    assert nearest(here) == home / "a" / "pyproject.toml"


def test_check_without_arguments(home: Path, cli: Cli) -> None:
    assert "Missing argument 'DATA'" in cli("check").err
    configure(home, BASE)
    done = cli("-q", "check")
    assert (done.code, done.err) == (1, "")
    for name in ("pyproject.toml",):
        (home / "perfrules.toml").unlink()
        configure(home, "[tool.perfrules]\n" + BASE, name)
        assert cli("-q", "check").out == done.out


def test_paths_are_those_of_the_configuration(home: Path, cli: Cli) -> None:
    configure(home, BASE + 'outputs = ["json=out/r.json", "r.md"]\npack = "small"\n')
    (home / "out").mkdir()
    done = cli("check")
    assert json.loads((home / "out" / "r.json").read_text("utf-8"))["run"]["data"] == "../../small/broken"  # fmt: skip
    assert (home / "r.md").exists()
    assert list(Path().iterdir()) == []
    assert "written: ../../out/r.json" in done.err


def test_the_line_wins(home: Path, cli: Cli) -> None:
    configure(home, BASE + 'strictness = "first"\noutputs = "r.json"\ndetail = 0\n')
    done = cli("check", "--strictness", "full", "--fail-on", "never", "-o", "x.md", "--detail", "9")
    assert done.code == 3
    assert "PR466" not in done.out
    assert "丁局" in done.out
    assert list(Path().iterdir()) == [Path("x.md")]
    assert not (home / "r.json").exists()
    assert "Missing argument 'DATA'" in cli("check", "--config", "").err
    configure(home / "a", "strictness = 'first'\ndata = '../small/clean'\n", "other.toml")
    assert "PR466" in cli("check", "--config", "../other.toml", "-p", home / "small").out


@pytest.mark.parametrize(
    ("given", "code"), [("true", 0), ("false", 3), ('["blank", "no-table"]', 0), ('["blank"]', 3)]
)
def test_allow_unknown(home: Path, cli: Cli, given: str, code: int) -> None:
    configure(home, f'data = "small/broken"\nfail-on = "never"\nallow-unknown = {given}\n')
    assert cli("-q", "check").code == code


def test_severities_by_rule_and_year(home: Path, cli: Cli) -> None:
    configure(home, BASE + '[severities]\nspending-total = "info"\nspending-items = {severity = "info", since = 2023}\nspending-share = [{severity = "error", until = 2022}, {severity = "info"}]\n')  # fmt: skip
    done = cli("check")
    assert done.code == 3
    assert "information: 4\n" in done.out
    configure(home, BASE + '[severities]\nspending-totl = "info"\n')
    assert "PR467" in cli("check").out


def test_profiles(home: Path, cli: Cli) -> None:
    profiles = '[profiles.quick]\nstrictness = "first"\nfail-on = "never"\n[profiles.quick.severities]\nspending-total = "error"\n'
    configure(home, BASE + profiles + '[severities]\nspending-total = "info"\nspending-items = "info"\n')  # fmt: skip
    assert cli("-q", "check").code == 1
    done = cli("check", "--profile", "quick")
    assert (done.code, "PR466" in done.out) == (3, True)
    assert "error: 1\n" in done.out  # of spending-total; spending-items is not asked
    configure(home, 'profile = "quick"\n' + BASE + profiles)
    assert cli("-q", "check").code == 3
    done = cli("check", "--profile", "quik")
    assert (done.code, "PR527: perfrules.toml has no profile quik\n  → did you mean quick?" in done.err) == (2, True)  # fmt: skip
    assert "PR527" in cli("check", "--config", "", "--profile", "quick").err


def test_waivers_and_baseline(home: Path, cli: Cli) -> None:
    configure(home, BASE + 'waivers = ["why.waivers.yaml"]\nbaseline = "known.json"\n')
    cli("-q", "check", "../../small/broken", "--config", "", "-o", "r.json")
    signed = ("--reason", "policy", "--by", "x")
    assert cli("waive", "r.json", "--rule", "spending-total", *signed).code == 0
    assert cli("baseline", "update", "r.json").code == 0
    assert {path.name for path in home.iterdir()} >= {"why.waivers.yaml", "known.json"}
    done = cli("check")
    assert done.code == 3
    assert "settled   waived 2   known 3\n" in done.out
    assert cli("baseline", "prune", "r.json", "-b", "other.json").code == 2


def test_faults_have_their_places(home: Path, cli: Cli) -> None:
    configure(home, BASE + 'strictness = "frist"\n')
    for args in (("check",), ("check", "x", "--fail-on", "info"), ("waive", "r.json", "--rule", "a", "--reason", "scope", "--by", "x")):  # fmt: skip
        done = cli(*args)
        assert (done.code, done.out) == (2, "")
        assert done.err == (
            f"{home / 'perfrules.toml'}:3:14: PR114: frist is not one of first, review, full\n"
            '    strictness = "frist"\n'
            "                 ^^^^^^^\n"
            "  → did you mean first?\n"
        )
    assert cli("check", "--help").code == 0
    assert cli("list").code == 0


def test_the_language(home: Path, cli: Cli) -> None:
    configure(home, BASE + 'language = "zh"\n')
    assert "退出码 1" in cli("-q", "check").out
    assert "Exit code 1" in cli("-q", "check", "--lang", "en").out
    assert cli("--help").out.startswith("用法")
    assert language(home / "none.toml") == ""
    configure(home, "language = 5")
    assert language(home / "perfrules.toml") == "5"  # told when it is loaded
    configure(home, "[broken")
    assert (language(home / "perfrules.toml"), cli("--help").code) == ("", 0)
    assert asked_in(["check", "--config", "x"]) == asked_in(["--config=x"]) == "x"
    assert asked_in(["check"]) is None
