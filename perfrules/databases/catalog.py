"""What tables a database has: their columns by type, and the columns that tell their rows apart."""

from collections.abc import Iterable, Sequence
from dataclasses import field

from perfrules.values import frozen

TABLES = """
SELECT table_schema, table_name, column_name, data_type, numeric_precision, numeric_scale
FROM information_schema.columns
WHERE table_schema NOT IN ('information_schema', 'pg_catalog')
ORDER BY table_schema, table_name, ordinal_position
"""
UNIQUE = """
SELECT k.table_schema, k.table_name, k.constraint_name, k.column_name
FROM information_schema.key_column_usage AS k
JOIN information_schema.table_constraints AS c
ON c.constraint_schema = k.constraint_schema AND c.constraint_name = k.constraint_name AND c.table_name = k.table_name
WHERE c.constraint_type IN ('PRIMARY KEY', 'UNIQUE')
"""
_KINDS = {
    "tinyint": "int8", "smallint": "int16", "integer": "int32", "bigint": "int64",
    "varchar": "string", "character varying": "string", "text": "string",
    "date": "date", "boolean": "boolean", "timestamp": "timestamp", "timestamp without time zone": "timestamp",
}  # fmt: skip


@frozen
class Found:
    """A table of a database.

    Attributes:
        schema, name: Its name.
        columns: The type of each column as ibis names it; empty where it is of another than those that figures and keys may have.
        written: The types as the database names them.
        unique: Sets of columns that have no value twice.
        title: What people call it, where that is not its name.
    """

    schema: str
    name: str
    columns: dict[str, str] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    unique: list[frozenset[str]] = field(default_factory=list)
    title: str = ""

    @property
    def called(self) -> str:
        """What people call it."""
        return self.title or self.name

    @property
    def shown(self) -> str:
        """What people call it, with its schema if it has one."""
        return self.title or f"{self.schema}.{self.name}"


Rows = Iterable[Sequence[object]]


def tables_of(columns: Rows, unique: Rows) -> dict[tuple[str, str], Found]:
    """The tables, from what :data:`TABLES` and :data:`UNIQUE` give."""
    found: dict[tuple[str, str], Found] = {}
    for schema, table, column, kind, precision, scale in columns:
        at = (str(schema), str(table))
        one = found.setdefault(at, Found(*at))
        one.columns[str(column)] = _kind(str(kind), precision, scale)
        one.written[str(column)] = str(kind).lower()
    sets: dict[tuple[str, ...], set[str]] = {}
    for schema, table, name, column in unique:
        sets.setdefault((str(schema), str(table), str(name)), set()).add(str(column))
    for (schema, table, _), names in sets.items():
        if (schema, table) in found:
            found[schema, table].unique.append(frozenset(names))
    return found


def _kind(kind: str, precision: object, scale: object) -> str:
    name = kind.lower().partition("(")[0].strip()
    if name in ("numeric", "decimal"):
        return "" if precision is None or scale is None else f"decimal({precision}, {scale})"
    return _KINDS.get(kind.lower(), "")
