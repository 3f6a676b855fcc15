"""Every name that a pack's tables and columns go by, and what clashes or points nowhere in ``pack.yaml``."""

from collections.abc import Iterator, Mapping

from perfrules.errors import Diagnostic
from perfrules.expr.infer import fold
from perfrules.loader.document import Document, Twig
from perfrules.loader.faults import meant_or_listed
from perfrules.locale import message
from perfrules.model import PackFile, Relation
from perfrules.tables import Column, Table, names_of
from perfrules.values import frozen


@frozen
class Names:
    """The names of a pack.

    Attributes:
        file: The pack.
        tables: Table ids by folded written name.
        columns: Per table, column ids by folded written name.
        words: Every name as written.
    """

    file: PackFile
    tables: Mapping[str, str]
    columns: Mapping[str, Mapping[str, str]]
    words: frozenset[str]

    def table(self, written: str) -> str | None:
        """The id of the table that is written so."""
        return self.tables.get(fold(written))

    def number(self, text: str) -> str | None:
        """The text of a number, or of the parameter that ``param.name`` refers to."""
        if not text.startswith("param."):
            return text
        param = self.file.params.get(text.removeprefix("param.").strip())
        return param.value if param else None

    def column(self, written: str, tables: tuple[str, ...]) -> str | None:
        """The id of the column that is written so in the first of ``tables`` that has it."""
        for table in tables:
            columns = self.columns[table]
            found = columns.get(written) or columns.get(fold(written))
            if found:
                return found
        return None

    def is_name(self, written: str) -> bool:
        """Whether a table or column goes by this name."""
        return written in self.words or fold(written) in self.words

    def column_words(self, tables: tuple[str, ...]) -> tuple[str, ...]:
        """Names of the columns of ``tables`` as written, to suggest from."""
        found = {
            word: None
            for table in tables
            for name, column in self.file.tables[table].columns.items()
            for word in names_of(name, column)
        }
        return tuple(found)

    def table_words(self) -> tuple[str, ...]:
        """Names of the tables as written, to suggest from."""
        return tuple(w for name, table in self.file.tables.items() for w in names_of(name, table))


def names_in(file: PackFile, document: Document) -> tuple[Names, list[Diagnostic]]:
    """Collect the names of a pack; faults are names that two things share and references to nothing."""
    tables_twig = _under(document.root, "tables")
    faults: list[Diagnostic] = []
    tables = _collected(file.tables, tables_twig, document, faults)
    columns: dict[str, Mapping[str, str]] = {}
    words: set[str] = {word for t, table in file.tables.items() for word in names_of(t, table)}
    for name, table in file.tables.items():
        below = _under(_under(tables_twig, name), "columns")
        columns[name] = _collected(table.columns, below, document, faults)
        words.update(word for c, column in table.columns.items() for word in names_of(c, column))
    faults += _dangling(file, document)
    return Names(file, tables, columns, frozenset(words)), faults


def _collected(
    things: Mapping[str, Table] | Mapping[str, Column],
    twig: Twig,
    document: Document,
    faults: list[Diagnostic],
) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, thing in things.items():
        for folded, written in {fold(word): word for word in names_of(name, thing)}.items():
            owner = found.setdefault(folded, name)
            if owner != name:
                faults.append(_clash(written, name, owner, twig, document))
    return found


def _clash(written: str, name: str, owner: str, twig: Twig, document: Document) -> Diagnostic:
    spot, other = (_spelling(twig, thing, written) for thing in (name, owner))
    return Diagnostic(
        "PR116",
        message(
            "{name} names both {first} (line {line}) and {second}",
            name=written,
            first=owner,
            line=document.source.row(other[0]),
            second=name,
        ),
        document.source.place(*spot),
        message("give one of them another name"),
    )


def _spelling(twig: Twig, thing: str, written: str) -> tuple[int, int]:
    """Where ``thing`` is given the name ``written``: in its aliases or title, else as its id."""
    below = _under(twig, thing)
    for part in (_under(below, "aliases"), _under(below, "title")):
        for leaf in _leaves(part):
            if isinstance(leaf.value, str) and fold(leaf.value) == fold(written):
                return leaf.mark
    return twig.keys[thing]


def _leaves(twig: Twig) -> Iterator[Twig]:
    if isinstance(twig.value, dict):
        yield from twig.value.values()
    elif isinstance(twig.value, list):
        yield from twig.value
    else:
        yield twig


def _under(twig: Twig, key: str) -> Twig:
    found = twig.value.get(key) if isinstance(twig.value, dict) else None
    return found or Twig(None, twig.start, twig.end)


def _dangling(file: PackFile, document: Document) -> Iterator[Diagnostic]:
    for name, table in file.tables.items():
        if table.expect is not None and table.expect not in file.tables:
            twig = _under(_under(_under(document.root, "tables"), name), "expect")
            yield no_table(table.expect, twig, document, tuple(file.tables))
    for name, relation in file.relations.items():
        twig = _under(_under(document.root, "relations"), name)
        if relation.table in file.tables:
            yield from _dangling_keys(relation, file, _under(twig, "on"), document)
        else:
            yield no_table(relation.table, _under(twig, "table"), document, tuple(file.tables))


def _dangling_keys(
    relation: Relation, file: PackFile, twig: Twig, document: Document
) -> Iterator[Diagnostic]:
    keys = file.tables[relation.table].key
    columns = {column: None for table in file.tables.values() for column in table.columns}
    for key, value in relation.on.items():
        if key not in keys:
            yield Diagnostic(
                "PR117",
                message("{name} is not in the key of {table}", name=key, table=relation.table),
                document.key_place(twig, key),
                meant_or_listed(key, keys),
            )
        if value not in columns:
            yield Diagnostic(
                "PR117",
                message("no table has a column {name}", name=value),
                document.place(_under(twig, key)),
                meant_or_listed(value, columns),
            )


def no_table(name: str, twig: Twig, document: Document, known: tuple[str, ...]) -> Diagnostic:
    """The fault of a table's name that no table has."""
    return Diagnostic(
        "PR117",
        message("there is no table {name}", name=name),
        document.place(twig),
        meant_or_listed(name, known),
    )
