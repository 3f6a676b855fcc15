"""Pipes that close, terminals and files, encodings that lack signs, progress."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import SMALL, Cli, process

BROKEN = SMALL / "broken"
posix = pytest.mark.skipif(os.name == "nt", reason="pipes and terminals of POSIX")


@posix
@pytest.mark.parametrize(
    "args", [("check", BROKEN), ("explain", "spending-total", "-p", SMALL), ("--help",)]
)
def test_a_reader_that_leaves_is_no_error(args: tuple[object, ...]) -> None:
    read, write = os.pipe()
    os.close(read)
    done = process(*args, stdout=write, stderr=subprocess.PIPE, capture_output=False)
    os.close(write)
    assert done.stderr == b""
    assert done.returncode == (1 if args[0] == "check" else 0)


def test_no_colour_where_there_is_no_terminal(cli: Cli) -> None:
    assert "\x1b" not in cli("check", BROKEN).out


@posix
@pytest.mark.parametrize(
    ("args", "environment", "colored"),
    [
        ((), {}, True),
        (("--no-color",), {}, False),
        ((), {"NO_COLOR": "1"}, False),
        ((), {"TERM": "dumb"}, False),
    ],
)
def test_colour_at_a_terminal(
    args: tuple[str, ...], environment: dict[str, str], *, colored: bool
) -> None:
    out = _at_terminal(("check", BROKEN, *args), environment, "sys.stderr = open(os.devnull, 'w')")
    assert (b"\x1b[" in out) == colored
    assert b"spending-total" in out


def _at_terminal(args: tuple[object, ...], environment: dict[str, str], code: str = "") -> bytes:
    """What a run writes to a terminal that is its standard output and its standard error."""
    ours, theirs = os.openpty()
    base = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS")}
    script = f"import os, sys\n{code}\nfrom perfrules.cli import main\nmain()"
    running = subprocess.Popen(  # noqa: S603  # our own program
        [sys.executable, "-c", script, *map(str, args)],
        stdout=theirs,
        stderr=theirs,
        env={**base, "TERM": "xterm", **environment},
    )
    os.close(theirs)
    told = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:
            break
        if not part:
            break
        told += part
    os.close(ours)
    running.wait(60)
    return told


SLOW = (
    "import time, perfrules.engine as engine\n"
    "import perfrules.cli.progress as progress\n"
    "progress.PATIENCE = 0.05\n"
    "right = engine.check\n"
    "def check(*args, progress, **options):\n"
    "    progress(0, 5, 0, 2000); time.sleep(0.5); progress(3, 5, 1500, 2000); time.sleep(0.5)\n"
    "    return right(*args, progress=progress, **options)\n"
    "engine.check = check"
)


@posix
def test_progress_of_long_work_at_a_terminal() -> None:
    out = _at_terminal(("check", BROKEN, "--lang", "zh"), {}, SLOW)
    assert "正在核验".encode() in out
    assert b"3/5" in out
    assert b"1,500/2,000" in out


@posix
def test_no_progress_of_short_work() -> None:
    patient = "import perfrules.cli.progress as progress; progress.PATIENCE = 60"
    assert "正在".encode() not in _at_terminal(("check", BROKEN, "--lang", "zh"), {}, patient)


def test_no_progress_where_there_is_no_terminal() -> None:
    assert process("check", BROKEN, code=SLOW).stderr == b""


@pytest.mark.parametrize("encoding", ["cp1252", "gbk"])
def test_an_encoding_that_lacks_signs(encoding: str) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    done = process("--lang", "zh", "check", BROKEN, env=environment)
    assert done.returncode == 1
    assert done.stderr == b""
    right = "支出合计等于基本支出加项目支出" if encoding == "gbk" else "?" * 15
    assert f"spending-total  {right}" in done.stdout.decode(encoding)
    assert process("--lang", "zh", "check", "无", env=environment).returncode == 2


def test_a_result_goes_to_standard_output_and_the_rest_to_standard_error(
    cli: Cli, tmp_path: Path
) -> None:
    done = cli("check", BROKEN, "-o", tmp_path / "r.json")
    assert "r.json" not in done.out
    assert done.err == f"written: {tmp_path / 'r.json'}\n"
    assert cli("-q", "check", BROKEN, "-o", tmp_path / "r.json").err == ""
