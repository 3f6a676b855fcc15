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
    done = process(
        "check", data, "-p", pack, "--engine", "spark", "-q", "-o", "verdicts=all",
        env=there, timeout=280, cwd=data.parent,
    )  # fmt: skip
    assert (done.returncode, done.stdout.decode().strip()) == (1, LAST)
    assert done.stderr == b""
    found = pl.read_parquet(data.parent / "all" / "*" / "*.parquet", hive_partitioning=True)
    assert sorted(found["outcome"]) == ["fail", "pass", "rounding"]


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


KILL = """
import os, pathlib, signal, threading, time
from pyspark import SparkContext
if "SPARK_REMOTE" in os.environ:
    from pyspark.sql.connect.client.retries import DefaultPolicy
from perfrules.databases.spark import Spark

def killed_when(sign):
    def wait():
        while not sign():
            time.sleep(0.001)
        os.kill(SparkContext._gateway.proc.pid, signal.SIGKILL)
    threading.Thread(target=wait, daemon=True).start()

ran, save = Spark._ran, Spark.save

def while_it_is_asked(self, text):
    if "@key" in text:  # rows of a sheet
        os.kill(SparkContext._gateway.proc.pid, signal.SIGSTOP)
        if "SPARK_REMOTE" in os.environ:  # a server is tried again for ten minutes otherwise
            self.session.client.set_retry_policies([DefaultPolicy(max_retries=2)])
        end = time.monotonic() + 0.3
        killed_when(lambda: time.monotonic() > end)
    return ran(self, text)

def while_it_writes(self, *given, by):
    if "SPARK_REMOTE" in os.environ:
        self.session.client.set_retry_policies([DefaultPolicy(max_retries=2)])
    killed_when(lambda: list(pathlib.Path().glob(".all.*.new")))
    return save(self, *given, by=by)

if "json=report.json" in sys.argv:
    Spark._ran = while_it_is_asked
Spark.save = while_it_writes
"""
"""The machine of Java is killed while it answers, or once it has begun to write."""


@pytest.mark.parametrize(
    ("output", "remote"),
    [("json=report.json", ""), ("verdicts=all", "local[2]")],
    ids=["asked", "writing-on-connect"],
)
def test_a_machine_that_is_killed_writes_nothing(
    output: str, remote: str, tmp_path: Path, data: Path, pack: Path
) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    done = process(
        "check", data, "-p", pack, "--engine", "spark", "-o", output, code=KILL, cwd=folder, timeout=280,
        env=dict(os.environ) | ({"SPARK_REMOTE": remote} if remote else {}),
    )  # fmt: skip
    assert done.returncode == 2
    told = done.stderr.decode()
    assert "PR451" in told
    assert "its process has ended or was killed" in told
    assert "Traceback" not in told
    assert done.stdout == b""
    assert list(folder.iterdir()) == []


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
