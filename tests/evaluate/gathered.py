"""All cases of a folder in one pack over shared tables, and verdicts told by key, for comparing engines."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Any

import polars as pl
import yaml

from perfrules.dataset import Dataset
from perfrules.evaluate import remote
from perfrules.evaluate.engines import SheetVerdicts
from perfrules.findings import finding
from perfrules.model import Pack
from perfrules.plan import Plan, bind
from perfrules.readers import read_frames
from perfrules.verdicts import OUTCOMES
from tests.evaluate.cases import FOLDER, Case, Cells, alone, cases_of, files, needed, rule_of
from tests.evaluate.packs import pack_of

KEYS = ("k", "owner")


def _name(case: Case) -> str:
    return f"{case.file.rpartition('/')[2].replace('_', '-')}-{case.id}"


def _shared(case: Case) -> dict[str, list[Cells]]:
    """The rows of a case under keys that no other case has."""
    prefix = f"{_name(case)}."
    return {
        table: [row | {key: prefix + str(row[key]) for key in KEYS if row.get(key)} for row in rows]
        for table, rows in case.tables.items()
    }


@cache
def gathered(folder: str) -> tuple[Plan, Dataset]:
    """All cases of a folder that can share their tables."""
    cases = [case for file in files(folder) for case in cases_of(file) if not case.alone]
    rules = [dict(case.rule) | {"id": _name(case)} for case in cases]
    pack = pack_of(
        (FOLDER / "tables.yaml").read_text("utf-8"), yaml.safe_dump(rules, allow_unicode=True)
    )
    tables: dict[str, list[Cells]] = {}
    for case in cases:
        for table, rows in _shared(case).items():
            tables.setdefault(table, []).extend(rows)
    dataset = printed(pack, tables)
    return bind(pack, dataset), dataset


def with_gaps(folder: str) -> set[str]:
    """The rules of a folder that need a function which databases lack."""
    cases = [case for file in files(folder) for case in cases_of(file) if not case.alone]
    return {_name(case) for case in cases if has_gap(case)}


def has_gap(case: Case) -> bool:
    """Whether a case needs a function that databases lack."""
    return remote.has_gap(rule_of(case))


def printed(pack: Pack, tables: dict[str, list[Cells]]) -> Dataset:
    """A dataset of printed cells, with the columns that the rules of ``pack`` read."""
    frames = {
        table: pl.DataFrame(
            [{column: row.get(column) for column in columns} for row in tables.get(table, ())],
            schema=dict.fromkeys(columns, pl.String),
        )
        for table, columns in needed(pack).items()
    }
    return read_frames(frames, pack.tables)


@cache
def apart() -> tuple[tuple[str, Plan, Dataset], ...]:
    """The cases that cannot share their tables, each in its own."""
    found = []
    for folder in ("expr", "outcomes"):
        for file in files(folder):
            for case in cases_of(file):
                if case.alone:
                    on = alone(file, case.number).on
                    found.append((str(case), replace(on.plan, sheets=(on.sheet,)), on.dataset))
    return tuple(found)


Told = dict[str, Any]


def told(found: Iterable[SheetVerdicts], *, words: int = 3) -> tuple[Told, Told]:
    """Of each rule the counts of its outcomes, and its verdicts in detail by key, the first few of each rule in words."""
    counts: Told = {}
    detail: Told = {}
    for sheet in found:
        names = [bound.rule.id + bound.rule.column for bound in sheet.sheet.rules]
        for position, *numbers in sheet.verdicts.counts.select("rule", *OUTCOMES).iter_rows():
            counts[names[position]] = dict(zip(OUTCOMES, numbers, strict=True))
        for position, row, code in sheet.verdicts.detail.iter_rows():
            seen = detail.setdefault(names[position], [])
            in_words = finding(sheet, position, row) if len(seen) < words else None
            seen.append((sheet.laid.keys.row(row), OUTCOMES[code], in_words))
    return counts, detail
