"""Databases on the command line: exit codes, what is told when they fail, results written to tables, passwords never shown."""

import shutil
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from perfrules import engine, running
from perfrules.cli import crash
from perfrules.databases import addresses
from perfrules.databases.addresses import shown
from tests import postgres
from tests.cli.conftest import SMALL, Cli, process
from tests.stored import in_duckdb, in_postgres

pytestmark = pytest.mark.xdist_group("databases")
PACK = """
pack: amounts
tables:
  spending:
    unit: 元
    key: [office]
    columns:
      office: {type: text}
      total: {type: money, decimals: 2}
      basic: {type: money, decimals: 2}
      project: {type: money, decimals: 2}
"""
RULES = """
table: spending
rules:
  - {id: total, assert: total = basic + project}
"""
ROWS = pl.DataFrame(
    {"office": ["a", "b", "c"], "total": ["3.00", "3.01", "9.00"], "basic": ["1.00", "1.00", "1.00"], "project": ["2.00", "2.00", "2.00"]}
).with_columns(pl.col("total", "basic", "project").cast(pl.Decimal(18, 2)))  # fmt: skip


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "pack"
    folder.mkdir()
    (folder / "pack.yaml").write_text(PACK, "utf-8")
    (folder / "all.rules.yaml").write_text(RULES, "utf-8")
    return folder


@pytest.fixture
def file(tmp_path: Path) -> str:
    return in_duckdb(tmp_path / "data.duckdb", {"spending": ROWS})


@pytest.fixture
def served(pg: postgres.Server) -> str:
    return in_postgres(pg.fresh("cli"), {"spending": ROWS})


def test_a_file_is_checked(cli: Cli, file: str, pack: Path) -> None:
    done = cli("check", file, "-p", pack, "--format", "json")
    assert done.code == 1
    assert '"engine": "duckdb"' in done.out
    assert '"rounding": 1' in done.out


def test_a_server_is_asked(cli: Cli, served: str, pack: Path) -> None:
    done = cli("check", served, "-p", pack, "--format", "json")
    assert done.code == 1
    assert '"engine": "postgres"' in done.out


@pytest.mark.parametrize("where", ["file", "served"])
def test_a_verdict_is_explained(
    where: str, request: pytest.FixtureRequest, cli: Cli, pack: Path
) -> None:
    address = request.getfixturevalue(where)
    done = cli("explain", "total", "-p", pack, "-d", address, "-r", "office=c")
    assert done.code == 0
    assert "9.00元" in done.out
    assert ".spending" in done.out
    assert cli("explain", "total", "-p", pack, "-d", address, "-r", "office=z").code == 2


def test_files_through_duckdb(cli: Cli) -> None:
    plain = cli("check", SMALL / "broken")
    other = cli("check", SMALL / "broken", "--engine", "duckdb", "-q")
    assert other.code == plain.code == 1
    assert plain.out.splitlines()[-1] == other.out.splitlines()[-1]


def test_a_description_names_the_database_and_its_tables(
    cli: Cli, tmp_path: Path, pack: Path
) -> None:
    in_duckdb(tmp_path / "data.duckdb", {"zc": ROWS.rename({"office": "单位"})})
    (tmp_path / "dataset.yaml").write_text(
        "database: duckdb:///data.duckdb\nunit_of_measure: 万元\n"
        "tables:\n  spending: {table: main.zc, columns: {单位: office}}\n",
        "utf-8",
    )
    done = cli("check", tmp_path, "-p", pack, "--format", "json")
    assert done.code == 1
    assert '"unit": "万元"' in done.out


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("duckdb:///nowhere.duckdb", "PR450"),
        ("postgresql://tester:geheim@127.0.0.1:1/nothing", "PR450"),
        ("mysql://tester:geheim@127.0.0.1/nothing", "PR450"),
        ("postgresql://tester@%zz/nothing?password=geheim", "PR450"),
    ],
)
def test_what_cannot_be_opened(cli: Cli, pack: Path, address: str, code: str) -> None:
    done = cli("check", address, "-p", pack)
    assert done.code == 2
    assert code in done.err
    assert "geheim" not in done.out + done.err


def test_a_wrong_password(cli: Cli, pack: Path, pg: postgres.Server) -> None:
    with pg.connect() as connection:
        connection.execute("DROP ROLE IF EXISTS guest")
        connection.execute("CREATE ROLE guest LOGIN PASSWORD 'right'")
    done = cli("check", pg.address(user="guest", password="geheim"), "-p", pack)  # noqa: S106  # the wrong one
    assert done.code == 2
    assert "PR450" in done.err
    assert "guest" in done.err
    assert "geheim" not in done.out + done.err


def test_a_database_without_the_tables(cli: Cli, pack: Path, pg: postgres.Server) -> None:
    done = cli("check", pg.fresh("cli"), "-p", pack)
    assert done.code == 2
    assert "PR430" in done.err


def test_a_cancelled_query(cli: Cli, served: str, pack: Path, pg: postgres.Server) -> None:
    with pg.connect() as connection:
        connection.execute("ALTER DATABASE cli SET statement_timeout = '1ms'")
    done = cli("check", served, "-p", pack, "-o", "json=report.json", "-o", "table=results")
    assert done.code == 2
    assert "PR45" in done.err
    assert not Path("report.json").exists()


def test_a_server_that_goes_away(
    served: str, pack: Path, pg: postgres.Server, monkeypatch: pytest.MonkeyPatch, cli: Cli
) -> None:
    before = running.InDatabase.evaluate

    def evaluate(self: Any, *args: Any) -> Any:
        with pg.connect() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'cli'"
            )
        return before(self, *args)

    monkeypatch.setattr(running.InDatabase, "evaluate", evaluate)
    done = cli("check", served, "-p", pack, "-o", "table=results")
    assert done.code == 2
    assert "PR451" in done.err
    with pg.connect("cli") as connection:
        found = connection.execute(
            "SELECT count(*) FROM pg_tables WHERE tablename LIKE 'results%'"
        ).fetchone()
    assert found == (0,)


@pytest.mark.parametrize("where", ["file", "served"])
def test_a_table_that_is_dropped_meanwhile(
    where: str,
    request: pytest.FixtureRequest,
    pack: Path,
    monkeypatch: pytest.MonkeyPatch,
    cli: Cli,
) -> None:
    """Of a server by anybody; of a file it takes our own connection, since it lets nobody else write."""
    address = request.getfixturevalue(where)
    opened, before = addresses.opened, running.InDatabase.evaluate

    def writable(given: str, folder: Path | None) -> Any:
        server: Any = opened(given, folder)
        if where == "file":
            server.close()
            server.connection = duckdb.connect(str(addresses.duckdb_path(given, folder)))
        else:
            server.connection.rollback()
            server.connection.read_only = False
        return server

    def evaluate(self: Any, *args: Any) -> Any:
        self.data.database.connection.execute("DROP TABLE spending")
        return before(self, *args)

    monkeypatch.setattr(addresses, "opened", writable)
    monkeypatch.setattr(running.InDatabase, "evaluate", evaluate)
    done = cli("check", address, "-p", pack, "-o", "json=report.json", "-o", "table=results")
    assert done.code == 2
    assert "PR451" in done.err
    assert "spending" in done.err
    assert not Path("report.json").exists()


@pytest.mark.parametrize("where", ["file", "served"])
def test_results_in_tables(
    where: str,
    request: pytest.FixtureRequest,
    pack: Path,
    cli: Cli,
    tmp_path: Path,
    pg: postgres.Server,
) -> None:
    address = request.getfixturevalue(where)
    for _ in range(2):
        done = cli("check", address, "-p", pack, "-o", "table=results")
        assert done.code == 1
        assert "results" in done.err
    asked = 'SELECT rule, outcome, "key", difference FROM results ORDER BY 2, 3'
    counted = 'SELECT rule, "rows", "pass", rounding, fail FROM results_counts'
    found, counts = rows(address, asked, tmp_path, pg), rows(address, counted, tmp_path, pg)
    assert (
        found
        == [("total", "fail", '{"office": "c"}', "6")] * 2
        + [("total", "rounding", '{"office": "b"}', "0.01")] * 2
    )
    assert counts == [("total", 3, 1, 1, 1)] * 2


@pytest.mark.parametrize("where", ["file", "served"])
def test_results_are_written_whole_or_not_at_all(
    where: str,
    request: pytest.FixtureRequest,
    pack: Path,
    cli: Cli,
    tmp_path: Path,
    pg: postgres.Server,
) -> None:
    address = request.getfixturevalue(where)
    rows(address, "CREATE TABLE results_counts (something INTEGER)", tmp_path, pg)
    done = cli("check", address, "-p", pack, "-o", "table=results")
    assert done.code == 1
    assert "PR454" in done.err
    tables = rows(
        address,
        "SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'results%'",
        tmp_path,
        pg,
    )
    assert tables == [("results_counts",)]


def rows(address: str, text: str, tmp_path: Path, pg: postgres.Server) -> list[tuple[Any, ...]]:
    """What a query gives; nothing of one that gives no rows."""
    if address.startswith("duckdb"):
        with duckdb.connect(str(tmp_path / "data.duckdb")) as connection:
            return [tuple(row) for row in connection.execute(text).fetchall()]
    with pg.connect("cli") as server:
        cursor = server.execute(text)
        return [tuple(row) for row in cursor.fetchall()] if cursor.description else []


def test_results_need_a_database(cli: Cli) -> None:
    done = cli("check", SMALL / "broken", "-o", "table=results")
    assert done.code == 2
    assert "PR521" in done.err


def test_reading_changes_nothing(cli: Cli, file: str, pack: Path, tmp_path: Path) -> None:
    path = tmp_path / "data.duckdb"
    before = path.read_bytes()
    path.chmod(0o444)
    assert cli("check", file, "-p", pack).code == 1
    assert path.read_bytes() == before
    assert not path.with_name("data.duckdb.wal").exists()


def test_a_server_is_asked_for_reading_only(served: str) -> None:
    from perfrules.databases.addresses import opened

    server: Any = opened(served)
    shown_ = [
        server.connection.execute(text).fetchone()[0]
        for text in ("SHOW transaction_read_only", "SHOW transaction_isolation", "SHOW jit")
    ]
    server.close()
    assert shown_ == ["on", "repeatable read", "off"]


REFUSE = (
    "class Refuse:\n"
    "    def find_spec(self, name, path=None, target=None):\n"
    "        if name.partition('.')[0] in ('ibis', 'duckdb', 'narwhals', 'psycopg'):\n"
    "            raise ModuleNotFoundError(f'{name} is not here', name=name.partition('.')[0])\n"
    "sys.meta_path.insert(0, Refuse())"
)


@pytest.mark.parametrize(
    "options", [("data", "--engine", "duckdb"), ("duckdb:///data.duckdb",), ("postgresql:///data",)]
)
def test_what_is_not_installed_is_told(
    options: tuple[str, ...], pack: Path, tmp_path: Path
) -> None:
    shutil.copytree(SMALL / "clean", tmp_path / "data")
    (tmp_path / "data" / "spending.csv").write_text(ROWS.write_csv(), "utf-8")
    done = process("check", *options, "-p", pack, code=REFUSE, cwd=tmp_path)
    assert done.returncode == 2
    assert b"PR519" in done.stderr
    assert b'pip install "perfrules[sql]"' in done.stderr


def test_files_are_checked_without_the_libraries_of_databases() -> None:
    tell = "import atexit\natexit.register(lambda: sys.stderr.write(' '.join(sorted(sys.modules))))"
    done = process("check", SMALL / "clean", code=tell)
    assert done.returncode == 0
    assert not {"ibis", "duckdb", "psycopg"} & set(done.stderr.decode().split())


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("postgresql://me:geheim@host:5432/name", "postgresql://me@host:5432/name"),
        ("postgresql://host/name?user=me&password=geheim", "postgresql://host/name?user=me"),
        ("postgresql:///name?host=/run/pg", "postgresql:///name?host=/run/pg"),
        ("duckdb:///data.duckdb", "duckdb:///data.duckdb"),
    ],
)
def test_an_address_is_shown_without_its_password(address: str, told: str) -> None:
    assert shown(address) == told


def test_a_crash_report_has_no_password(
    tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(engine, "check", broken)
    done = cli("check", "postgresql://me:geheim@host/name", "-p", "cn-overall-self-eval")
    assert done.code == crash.BUG
    (report,) = tmp_path.glob("perfrules-crash-*.txt")
    assert "geheim" not in report.read_text("utf-8").partition("\n")[0]
