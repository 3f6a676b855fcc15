"""The rules of one table as a schema for any user of pandera."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Literal
from weakref import ref

import polars as pl

from perfrules import loader, readers
from perfrules.errors import Diagnostic, UsageError
from perfrules.evaluate import engines
from perfrules.evaluate.checks import PlainCheck, Schema, plain_schema
from perfrules.evaluate.rows import Index
from perfrules.evaluate.sheets.laying import lay
from perfrules.expr.nodes import Field, Rows, fields_of
from perfrules.locale import message, word
from perfrules.model import Pack, Rule
from perfrules.plan import bind as bind_over
from perfrules.verdicts import Code


def pandera_schema(
    pack: str | Path | Pack,
    table: str,
    *,
    unknown: Literal["fail", "pass"] = "fail",
    unit_of_measure: str | None = None,
) -> Schema:
    """The rules of one table as a stock pandera schema for polars frames.

    Its columns are the table's column ids, in any type that perfrules reads (text as printed, decimals, integers, floats). Each
    rule is one named ``pandera.Check``; pass, rounding and not-applicable are true, fail is false.

    Args:
        pack: A loaded pack, the id of a built-in one, or its folder.
        table: Id of the table.
        unknown: Whether a verdict that could not be reached fails or passes the check.
        unit_of_measure: Unit of the money in the frames, if it is not that of the pack.

    Returns:
        The schema. Rules that need other tables, or another grain than the table's key, are left out and listed in
        ``schema.metadata["left_out"]``.

    Raises:
        UsageError: The pack has no such table.
        PackError: The pack cannot be read.
    """
    loaded = pack if isinstance(pack, Pack) else loader.load_pack(pack)
    if table not in loaded.tables:
        raise UsageError(
            [
                Diagnostic(
                    "PR440",
                    message(
                        "the pack {pack} has no table {table}; it has {tables}",
                        pack=loaded.id,
                        table=table,
                        tables=tuple(loaded.tables),
                    ),
                )
            ]
        )
    alone = {
        rule.id: all(_stays(other, table, loaded) for other in loaded.rules if other.id == rule.id)
        for rule in loaded.rules
    }
    rules = [rule for rule in loaded.rules if alone[rule.id]]
    desk = _Desk(replace(loaded, rules=tuple(rules), faults=(), faulty=()), table, unit_of_measure)
    good = {Code.PASS, Code.ROUNDING, Code.NOT_APPLICABLE} | (
        {Code.UNKNOWN} if unknown == "pass" else set()
    )
    used = {
        field.column
        for rule in rules
        for node in (rule.assertion, rule.guard)
        if node is not None
        for field in fields_of(node)
    }
    spec = loaded.tables[table]
    return plain_schema(
        table,
        {
            name: word(column.title, "en")
            for name, column in spec.columns.items()
            if name in used | set(spec.key)
        },
        [
            PlainCheck(
                _name(rule),
                word(rule.block.title, "en") or rule.id,
                _statistics(rule),
                partial(desk.holds, position, frozenset(good)),
            )
            for position, rule in enumerate(rules)
        ],
        {
            "pack": loaded.id,
            "version": loaded.file.version,
            "left_out": tuple(name for name, stays in alone.items() if not stays),
        },
    )


def _stays(rule: Rule, table: str, pack: Pack) -> bool:
    """Whether a rule speaks row by row of ``table`` and of nothing else."""
    nodes = [rule.assertion, *([rule.guard] if rule.guard is not None else [])]
    tables = {
        part.table for node in nodes for part in node.walk() if isinstance(part, Field | Rows)
    }
    return rule.tables == (table,) and tables <= {table} and rule.grain == pack.tables[table].key


def _name(rule: Rule) -> str:
    return f"{rule.id}[{rule.column}]" if rule.column else rule.id


def _statistics(rule: Rule) -> dict[str, str]:
    titles = {f"title_{language}": word(rule.block.title, language) for language in ("zh", "en")}
    return {"rule": rule.id, "expression": rule.text, "severity": rule.block.severity, **titles}


class _Desk:
    """Reads a frame once for all checks of one validation."""

    def __init__(self, pack: Pack, table: str, unit_of_measure: str | None) -> None:
        self.pack = pack
        self.table = table
        self.unit_of_measure = unit_of_measure
        self.seen: tuple[ref[object], list[pl.Series]] | None = None

    def holds(self, position: int, good: frozenset[Code], frame: pl.LazyFrame) -> pl.Series:
        if self.seen is None or self.seen[0]() is not frame:
            self.seen = (ref(frame), self.codes(frame))
        return self.seen[1][position].is_in([int(code) for code in good])

    def codes(self, frame: pl.LazyFrame) -> list[pl.Series]:
        """The outcomes of every rule, in the order of the pack; a rule whose columns are not there is unknown everywhere."""
        rows = frame.collect()
        dataset = readers.read_frames({self.table: rows}, self.pack.tables, self.unit_of_measure)
        unknown = pl.repeat(int(Code.UNKNOWN), rows.height, dtype=pl.Int8, eager=True)
        found = dict.fromkeys((_name(rule) for rule in self.pack.rules), unknown)
        for sheet in bind_over(self.pack, dataset).sheets:
            codes = engines.codes(sheet, lay(sheet, dataset), Index(dataset))
            names = (_name(bound.rule) for bound in sheet.rules)
            found.update(zip(names, codes, strict=True))
        return list(found.values())
