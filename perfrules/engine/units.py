"""Whose figures a dataset holds: the column that says so, the verdicts by it, and who is due and missing."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl

from perfrules import readers
from perfrules.dataset import Dataset
from perfrules.errors import DataError, Diagnostic
from perfrules.evaluate.engines import SheetVerdicts
from perfrules.locale import message
from perfrules.manifest import DatasetFile, Due, TableSource
from perfrules.model import Pack
from perfrules.notices import Notice
from perfrules.report.units import Missing, Tallied, Units
from perfrules.running import AnyVerdicts
from perfrules.verdicts import Code

UNIT = "unit"
SHOWN = 5
"""Missing units that are named in the notice."""


def column_of(pack: Pack, due: Due | None) -> str:
    """The column of keys that names units: the one that is said, or ``unit``, or the first text in the key of every table.

    Raises:
        DataError: No key has the column that is said.
    """
    keys = [table.key for table in pack.tables.values()]
    if due is not None and due.column:
        if not any(due.column in key for key in keys):
            told = message("due: {column} is in no key of the pack {pack}", column=due.column, pack=pack.id)  # fmt: skip
            raise DataError([Diagnostic("PR447", told)])
        return due.column
    if any(UNIT in key for key in keys):
        return UNIT
    first = next(iter(pack.tables.values()), None)
    texts = [n for n in first.key if first.columns[n].type == "text"] if first else []
    return next((name for name in texts if all(name in key for key in keys)), "")


def units_of(
    column: str, found: Iterable[AnyVerdicts], dataset: Dataset | None, due: "Expected | None"
) -> Units | None:
    """The verdicts by unit; None where there is no such column, or where they were not counted so."""
    if not column:
        return None
    tally = Tallied()
    for unit, years in (_there(dataset, column) if dataset else {}).items():
        tally.see(unit, years)
    for sheet in found:
        if not _add(sheet, column, tally):
            return None
    return with_due(Units(column, tally.counts()), due)


def with_due(found: Units, due: "Expected | None") -> Units:
    """The same with who is due and missing."""
    if due is None:
        return found
    missing = due.missing({count.unit: set(count.years) for count in found.counts})
    return replace(found, missing=missing, due=due.number)


def _add(sheet: AnyVerdicts, column: str, tally: Tallied) -> bool:
    """Add the verdicts of a sheet, if they are counted by unit."""
    if column not in sheet.sheet.grain:
        return True  # they are about no one unit
    if not isinstance(sheet, SheetVerdicts) or sheet.units is None:
        return False
    rules = [bound.rule.id for bound in sheet.sheet.rules]
    if sheet.units.is_empty():
        if sheet.verdicts.rows:
            _add_one(sheet, str(sheet.laid.keys[column][0]), rules, tally)
        return True
    for unit, rule, code, number in sheet.units.iter_rows():
        tally.add(unit, Code(code).outcome, rules[rule], number)
    return True


def _add_one(sheet: SheetVerdicts, unit: str, rules: list[str], tally: Tallied) -> None:
    """The counts of the rules, where all rows are of one unit."""
    for counts in sheet.verdicts.counts.iter_rows(named=True):
        rule = rules[counts.pop("rule")]
        for outcome, number in counts.items():
            tally.add(unit, outcome, rule, number)


def _there(dataset: Dataset, column: str) -> Mapping[str, set[str]]:
    """The years that there is something of, by unit."""
    found: dict[str, set[str]] = {}
    for table in dataset.tables.values():
        if column not in table.spec.key or column not in table.frame.columns:
            continue
        years = [n for n in table.spec.key if table.spec.columns[n].type == "year"][:1]
        years = [name for name in years if name in table.frame.columns]
        texts = pl.DataFrame([table.frame[name].cast(pl.String) for name in (column, *years)])
        for unit, *year in texts.unique(maintain_order=True).iter_rows():
            if unit is not None:
                found.setdefault(unit, set()).update(name for name in year if name is not None)
    return found


class Expected:
    """The units that are due."""

    def __init__(self, due: Due, folder: Path | None) -> None:
        self.due = due
        self.units = dict.fromkeys((*due.units, *(_listed(due, folder) if due.file else ())))

    @property
    def number(self) -> int | None:
        """How many are due; None if nobody said."""
        return len(self.units) or None

    def missing(self, there: Mapping[str, set[str]]) -> tuple[Missing, ...]:
        """Who is not there, at all or in some year of the data."""
        gone = [Missing(unit) for unit in self.units if unit not in there]
        if not self.due.every_year:
            return tuple(gone)
        years = sorted(set().union(*there.values())) if there else []
        for unit, present in there.items():
            lacking = tuple(year for year in years if year not in present)
            if lacking and (not self.units or unit in self.units):
                gone.append(Missing(unit, lacking))
        return tuple(gone)


def _listed(due: Due, folder: Path | None) -> list[str]:
    """The units in a file: its column of the name of the units, or its first.

    Raises:
        DataError: The file is not there, or cannot be read.
    """
    frame, _ = readers.read_file(folder or Path(), TableSource(file=due.file))
    named = due.column if due.column in frame.columns else frame.columns[0]
    return [text.strip() for text in frame[named].cast(pl.String).drop_nulls() if text.strip()]


def absent(units: Units | None) -> tuple[Notice, ...]:
    """That somebody is due and missing."""
    if units is None or not units.missing:
        return ()
    first = tuple(
        message("{unit} ({years})", unit=one.unit, years=one.years) if one.years else one.unit
        for one in units.missing[:SHOWN]
    )
    told = message("{count} units are due and missing, first {units}", count=len(units.missing), units=first)  # fmt: skip
    return (Notice("PR448", told),)


def expected(manifest: DatasetFile, folder: Path | None) -> Expected | None:
    """Who is due, by the ``dataset.yaml`` of a folder."""
    return Expected(manifest.due, folder) if manifest.due is not None else None
