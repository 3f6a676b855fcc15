"""Spark on the command line: Parquet through a session that is there, one that is started, Spark Connect, and none at all."""

import os
from pathlib import Path

import polars as pl
import pytest

from tests.cli.conftest import SMALL, Cli, process
from tests.cli.test_databases import PACK, ROWS, RULES

LAST = "Contradictions found: error 1. Exit code 1."


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "pack"
    folder.mkdir()
    (folder / "pack.yaml").write_text(PACK, "utf-8")
    (folder / "all.rules.yaml").write_text(RULES, "utf-8")
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    ROWS.write_parquet(folder / "spending.parquet")
    return folder


@pytest.mark.usefixtures("session")
def test_a_folder_of_parquet_is_checked(cli: Cli, data: Path, pack: Path) -> None:
    done = cli("check", data, "-p", pack, "--engine", "spark", "--format", "json")
    assert done.code == 1
    assert '"engine": "spark"' in done.out
    assert '"rounding": 1' in done.out


@pytest.mark.usefixtures("session")
def test_every_verdict_is_written(cli: Cli, data: Path, pack: Path) -> None:
    done = cli("check", data, "-p", pack, "--engine", "spark", "-o", "verdicts=all")
    assert done.code == 1
    assert "written: all" in done.err
    found = pl.read_parquet("all/*/*.parquet", hive_partitioning=True)
    assert sorted(found.select("rule", "office", "outcome").rows()) == [
        ("total", "a", "pass"), ("total", "b", "rounding"), ("total", "c", "fail"),
    ]  # fmt: skip
    assert cli("check", data, "-p", pack, "-o", "verdicts=more").code == 2
    assert not Path("more").exists()


@pytest.mark.usefixtures("session")
def test_other_files_through_spark(cli: Cli) -> None:
    plain = cli("check", SMALL / "broken")
    other = cli("check", SMALL / "broken", "--engine", "spark", "-q")
    assert other.code == plain.code == 1
    assert plain.out.splitlines()[-1] == other.out.splitlines()[-1]


@pytest.mark.parametrize("remote", ["", "local[2]"])
def test_a_session_is_started_and_stopped(remote: str, data: Path, pack: Path) -> None:
    """Also one of Spark Connect, whose server is started on this machine."""
    there = dict(os.environ) | ({"SPARK_REMOTE": remote} if remote else {})
    done = process("check", data, "-p", pack, "--engine", "spark", "-q", env=there, timeout=280)
    assert (done.returncode, done.stdout.decode().strip(), done.stderr) == (1, LAST, b"")


@pytest.mark.usefixtures("session")
def test_a_failed_job_writes_nothing(cli: Cli, data: Path, pack: Path) -> None:
    pl.DataFrame({"office": ["a"], "total": ["?"]}).write_parquet(data / "spending.parquet")
    with (data / "spending.parquet").open("r+b") as file:
        file.seek(4)
        file.write(b"\0" * 40)  # a page of rubbish: the schema can be read, the rows cannot
    done = cli("check", data, "-p", pack, "--engine", "spark", "-o", "json=report.json")
    assert done.code == 2
    assert "PR451" in done.err
    assert not Path("report.json").exists()


def test_there_is_no_java(data: Path, pack: Path) -> None:
    nowhere = dict(os.environ, JAVA_HOME="/nowhere")
    done = process("check", data, "-p", pack, "--engine", "spark", env=nowhere)
    assert done.returncode == 2
    assert b"PR456" in done.stderr
    assert b"/nowhere/bin/java" in done.stderr
    assert b"Java 17" in done.stderr


REFUSE = (
    "class Refuse:\n"
    "    def find_spec(self, name, path=None, target=None):\n"
    "        if name.partition('.')[0] == 'pyspark':\n"
    "            raise ModuleNotFoundError(f'{name} is not here', name='pyspark')\n"
    "sys.meta_path.insert(0, Refuse())"
)


def test_what_is_not_installed_is_told(data: Path, pack: Path) -> None:
    done = process("check", data, "-p", pack, "--engine", "spark", code=REFUSE)
    assert done.returncode == 2
    assert b"PR519" in done.stderr
    assert b'pip install "perfrules[spark]"' in done.stderr
