"""Addresses of databases: ``duckdb:///file.db``, ``postgresql://user@host/name``."""

from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from perfrules.databases.resident import Server
from perfrules.errors import DataError, Diagnostic
from perfrules.locale import message

_SECRET = frozenset({"password", "passfile", "sslpassword"})


def shown(address: str) -> str:
    """An address without its password."""
    parts = urlsplit(address)
    user, at, host = parts.netloc.rpartition("@")
    query = [(name, value) for name, value in parse_qsl(parts.query) if name not in _SECRET]
    where = user.partition(":")[0] + at + host
    return urlunsplit((parts.scheme, where, parts.path, urlencode(query, quote_via=quote), ""))


def opened(address: str, folder: Path | None = None) -> Server:
    """Open a database for reading.

    Args:
        address: Its address.
        folder: What a relative path in the address starts from; the current folder if left out.

    Raises:
        DataError: It cannot be opened.
    """
    parts = urlsplit(address)
    if parts.scheme == "duckdb":
        from perfrules.databases.duckdb import DuckDB  # noqa: PLC0415  # only where it is asked for

        # three slashes and a relative path, four and an absolute one
        path = (folder or Path()) / unquote(parts.path).removeprefix("/")
        return DuckDB.file(path, shown(address))
    if parts.scheme in ("postgresql", "postgres"):
        from perfrules.databases.postgres import Postgres  # noqa: PLC0415  # likewise

        return Postgres.server(address, shown(address))
    text = message(
        "{address} is the address of no database that can be read; write {addresses}",
        address=shown(address),
        addresses=("duckdb:///file.db", "postgresql://user@host/name"),
    )
    raise DataError([Diagnostic("PR450", text)])
