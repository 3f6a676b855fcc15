"""Addresses of databases: ``duckdb:///file.db``, ``postgresql://user@host/name``."""

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from perfrules.errors import DataError, Diagnostic
from perfrules.locale import message

if TYPE_CHECKING:
    from perfrules.databases.looking import Server

_SECRET = frozenset({"password", "passfile", "sslpassword"})


def shown(address: str) -> str:
    """An address without its password."""
    parts = urlsplit(address)
    user, at, host = parts.netloc.rpartition("@")
    query = [(name, value) for name, value in parse_qsl(parts.query) if name not in _SECRET]
    where = user.partition(":")[0] + at + host
    asked = f"?{urlencode(query, safe='/', quote_via=quote)}" if query else ""
    return f"{parts.scheme}://{where}{parts.path}{asked}"


def without_secrets(text: str, address: str) -> str:
    """What a library says of an address, without the password in it."""
    parts = urlsplit(address)
    user = parts.netloc.rpartition("@")[0]
    secrets = [user.partition(":")[2], *(v for n, v in parse_qsl(parts.query) if n in _SECRET)]
    text = text.replace(address, shown(address))
    for secret in filter(None, (form for one in secrets for form in (one, unquote(one)))):
        text = text.replace(secret, "***")
    return text


def is_address(text: str) -> bool:
    """Whether ``text`` is the address of a database, and no path."""
    return "://" in text


def duckdb_path(address: str, folder: Path | None) -> Path:
    """The file of an address: three slashes and a relative path, four and an absolute one."""
    return (folder or Path()) / unquote(urlsplit(address).path).removeprefix("/")


def opened(address: str, folder: Path | None = None) -> "Server":
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

        return DuckDB.file(duckdb_path(address, folder), shown(address))
    if parts.scheme in ("postgresql", "postgres"):
        from perfrules.databases.postgres import Postgres  # noqa: PLC0415  # likewise

        return Postgres.server(address, shown(address))
    text = message(
        "{address} is the address of no database that can be read; write {addresses}",
        address=shown(address),
        addresses=("duckdb:///file.db", "postgresql://user@host/name"),
    )
    raise DataError([Diagnostic("PR450", text)])
