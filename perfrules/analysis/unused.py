"""What no rule speaks of: tables and columns, parameters, relations: PR611 to PR613."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from perfrules.analysis.study import Study
from perfrules.errors import Diagnostic
from perfrules.expr.nodes import Field, Rows, source_of
from perfrules.locale import Label, message
from perfrules.locations import Place
from perfrules.model import Pack, Rule, Tolerance
from perfrules.tables import Column


def unused_tables(study: Study) -> Iterator[Diagnostic]:
    """PR611: a table that no rule speaks of, and a column without a name for people that none does.

    A column with a title, an alias or a description documents the form, whether or not a rule needs it.
    """
    pack = study.pack
    used = _used(study)
    if used is None:
        return
    tables = {table for table, _ in used}
    for name, table in pack.tables.items():
        if name not in tables:
            yield Diagnostic(
                "PR611",
                message("no rule speaks of the table {table}", table=name),
                _place(pack, "tables", name),
                message("write a rule about it, or leave it out"),
            )
            continue
        for column, spec in table.columns.items():
            if (name, column) not in used and column not in table.key and _is_bare(spec):
                yield Diagnostic(
                    "PR611",
                    message(
                        "no rule speaks of {column}, and it has no title", column=f"{name}.{column}"
                    ),
                    _place(pack, "tables", name, "columns", column),
                    message("give it a title if it documents the form, or leave it out"),
                )


def _is_bare(column: Column) -> bool:
    return column.title == column.description == Label() and not column.aliases


def _used(study: Study) -> set[tuple[str, str]] | None:
    """Tables, each with ``""`` and its columns that rules speak of; None where faulty rules may speak of others."""
    pack = study.pack
    if pack.faulty or not pack.rules:
        return None
    used: set[tuple[str, str]] = set()
    for one in study.rules:
        used.update((table, "") for table in one.rule.tables)
        for node in (part.node for part in one.nodes):
            if isinstance(node, Field | Rows):
                keys = [source_of(key) for key, _ in (*node.on, *node.pins)]
                own = [node.column] if isinstance(node, Field) else []
                used.update((node.table, column) for column in ("", *keys, *own))
    expected = {table.expect for name, table in pack.tables.items() if (name, "") in used}
    used.update((table, "") for table in expected if table)
    return used


def unused_params(study: Study) -> Iterator[Diagnostic]:
    """PR612: a parameter that no rule refers to."""
    pack = study.pack
    texts = _texts(pack)
    if texts is None:
        return
    for name in pack.params:
        wanted = rf"param\s*\.\s*[「`]?{re.escape(_folded(name))}(?!\w)"
        if not any(re.search(wanted, text) for text in texts):
            yield Diagnostic(
                "PR612",
                message("no rule refers to {name}", name=f"param.{name}"),
                _place(pack, "params", name),
                message("leave it out, or write it where a rule has the number itself"),
            )


def unused_relations(study: Study) -> Iterator[Diagnostic]:
    """PR613: a relation that no rule goes along."""
    pack = study.pack
    texts = _texts(pack)
    if texts is None:
        return
    for name in pack.file.relations:
        wanted = rf"(?<!\w){re.escape(_folded(name))}(?!\w)"
        if not any(re.search(wanted, text) for text in texts):
            yield Diagnostic(
                "PR613",
                message("no rule goes along the relation {name}", name=name),
                _place(pack, "relations", name),
                message("leave it out, or write {example} in a rule", example=f"sum({name}.…)"),
            )


def _texts(pack: Pack) -> frozenset[str] | None:
    """What rules say; None where it is not all known, or where ``for`` puts in a part of a parameter's name."""
    if pack.faulty or not pack.rules:
        return None
    texts = frozenset(_folded(text) for rule in pack.rules for text in _said(rule))
    return None if any(re.search(r"param\s*\.\s*[「`]?\w*\{", text) for text in texts) else texts


def _said(rule: Rule) -> Iterable[str]:
    block = rule.block
    yield rule.text
    if block.when is not None:
        yield block.when
    if isinstance(block.tolerance, Tolerance):
        yield from (text for _, text in block.tolerance if text is not None)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _place(pack: Pack, *keys: str) -> Place | None:
    return pack.written.place(*keys) if pack.written is not None else None
