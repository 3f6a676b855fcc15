"""Results written to tables of a database, all of them in one transaction, or none."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from perfrules.databases.addresses import duckdb_path, shown, without_secrets
from perfrules.databases.faults import unwritten
from perfrules.databases.sql import quoted

Rows = Sequence[Sequence[object]]


def write(
    address: str, folder: Path | None, tables: Mapping[str, tuple[Mapping[str, str], Rows]]
) -> None:
    """Add rows to tables, which are made where they are not there: by name their columns with types, and the rows.

    Raises:
        DataError: They could not be written; then nothing is.
    """
    if urlsplit(address).scheme == "duckdb":
        import duckdb  # noqa: PLC0415  # only where it is asked for

        mark = "?"
        fault: type[Exception] = duckdb.Error
        opened: Any = lambda: duckdb.connect(str(duckdb_path(address, folder)))  # noqa: E731  # one of two ways
    else:
        import psycopg  # noqa: PLC0415  # likewise

        mark, fault = "%s", psycopg.Error
        opened = lambda: psycopg.connect(address, autocommit=True)  # noqa: E731  # likewise
    try:
        connection = opened()
    except fault as error:
        raise unwritten(shown(address), without_secrets(str(error), address)) from None
    try:
        cursor = connection.cursor()
        cursor.execute("BEGIN")
        for name, (columns, rows) in tables.items():
            table = ".".join(map(quoted, name.split(".")))
            made = ", ".join(f"{quoted(column)} {kind}" for column, kind in columns.items())
            cursor.execute(f"CREATE TABLE IF NOT EXISTS {table} ({made})")
            if rows:
                names = ", ".join(map(quoted, columns))
                marks = ", ".join([mark] * len(columns))
                cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608  # names are quoted
        cursor.execute("COMMIT")
    except fault as error:
        raise unwritten(shown(address), str(error)) from error
    finally:
        connection.close()  # what is not committed is undone
