"""Checks that are made anew when something is saved."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from perfrules.cli import watching
from tests.cli.conftest import SMALL, Cli


@pytest.fixture
def small(tmp_path: Path) -> Path:
    shutil.copytree(SMALL, tmp_path / "small")
    return tmp_path / "small"


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


@pytest.fixture
def acts(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], object]]:
    """What a person does, one thing in each pause; who has nothing more to do interrupts."""
    todo: list[Callable[[], object]] = []

    def pause(_seconds: float) -> None:
        if not todo:
            raise KeyboardInterrupt
        todo.pop(0)()

    monkeypatch.setattr(watching, "sleep", pause)
    return todo


def nothing() -> None: ...


def told(out: str) -> list[str]:
    return [line.rpartition(". ")[0] or line for line in out.splitlines()]


def test_it_checks_anew_when_data_or_rules_are_saved(cli: Cli, small: Path, acts: list[Callable[[], object]]) -> None:  # fmt: skip
    data, rules = small / "broken" / "spending.csv", small / "spending.rules.yaml"
    acts += [
        nothing,
        lambda: edit(data, "110.00,60", "100.00,60"),
        nothing,
        lambda: edit(rules, "severity: info", "severity: fatal"),
        nothing,
        lambda: edit(rules, "severity: fatal", "severity: warning"),
        nothing,
    ]
    done = cli("-q", "check", "small/broken", "--watch")
    assert done.code == 0
    assert told(done.out) == [
        "Contradictions found: error 2, warning 1, information 1",
        "Contradictions found: error 1, warning 1, information 1",
        "Contradictions found: error 1, warning 1",
        "Contradictions found: error 1, warning 2",
    ]
    assert done.err.count("watching; Ctrl-C ends it") == 4


def test_faults_end_nothing(cli: Cli, small: Path, acts: list[Callable[[], object]]) -> None:
    rules, pack = small / "spending.rules.yaml", small / "pack.yaml"
    sound = pack.read_text("utf-8")
    acts += [
        lambda: pack.write_text("pack: small\ntables:\n\t- x", "utf-8"),
        nothing,
        lambda: os.utime(rules, (1, 1)),
        nothing,
        lambda: pack.write_text(sound, "utf-8"),
        nothing,
    ]
    done = cli("-q", "check", "small/broken", "--watch")
    assert done.code == 0
    assert done.err.count("PR106") == 2
    assert told(done.out) == ["Contradictions found: error 2, warning 1, information 1"] * 2


def test_what_the_check_writes_is_no_change(cli: Cli, small: Path, acts: list[Callable[[], object]]) -> None:  # fmt: skip
    acts += [nothing] * 4
    done = cli("-q", "check", "small/broken", "--watch", "-o", small / "broken" / "r.json")
    assert len(told(done.out)) == 1


@pytest.mark.usefixtures("small")
def test_the_configuration_and_the_waivers_are_watched(cli: Cli, acts: list[Callable[[], object]]) -> None:  # fmt: skip
    config = Path("perfrules.toml")
    config.write_text('data = "small/broken"\n')
    cli("-q", "check", "-o", "r.json")
    cli("-q", "waive", "r.json", "--rule", "spending-total", "--reason", "scope", "--by", "x", "-f", "w.yaml")  # fmt: skip
    acts += [
        lambda: config.write_text('data = "small/broken"\nwaivers = "w.yaml"\n'),
        nothing,
        lambda: Path("w.yaml").write_text("waivers: []\n"),
        nothing,
    ]
    done = cli("-q", "check", "--watch")
    assert told(done.out) == [
        "Contradictions found: error 2, warning 1, information 1",
        "Contradictions found: error 1, warning 1, information 1, waived 2",
        "Contradictions found: error 2, warning 1, information 1",
    ]


def test_a_file_saved_in_several_steps_is_checked_once(cli: Cli, small: Path, acts: list[Callable[[], object]]) -> None:  # fmt: skip
    data = small / "broken" / "spending.csv"
    text = data.read_text("utf-8")
    acts += [lambda: data.write_text("", "utf-8"), lambda: data.write_text(text, "utf-8"), nothing]
    assert len(told(cli("-q", "check", "small/broken", "--watch").out)) == 2


def test_stamps(tmp_path: Path) -> None:
    for name in ("a.csv", ".hidden", ".git/x", "__pycache__/y", "sub/b.csv", "out.json"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
    found = watching.stamps([tmp_path, tmp_path / "none"], {tmp_path / "out.json"})
    assert {path.name for path in found} == {"a.csv", "b.csv"}


@pytest.mark.skipif(sys.platform == "win32", reason="signals are another thing there")
def test_an_interrupt_ends_it_with_0(small: Path) -> None:
    script = "from perfrules.cli import main; main()"
    command = [sys.executable, "-c", script, "-q", "check", str(small / "broken"), "--watch"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:  # noqa: S603  # our own program
        assert run.stderr
        assert run.stderr.readline() == b"watching; Ctrl-C ends it\n"
        time.sleep(0.1)
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=30)
    assert (run.returncode, err) == (0, b"")
    assert out.startswith(b"Contradictions found")
