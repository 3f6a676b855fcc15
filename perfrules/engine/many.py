"""A folder of datasets checked as one: a unit or a year each, one report of all of them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from perfrules import loader, readers
from perfrules.errors import PerfrulesError
from perfrules.findings import EvidenceCell, Finding
from perfrules.manifest import DatasetFile
from perfrules.notices import Notice
from perfrules.report import Report, RuleCount
from perfrules.report.units import Tallied, UnitCount, Units
from perfrules.settling import loaded_waivers
from perfrules.values import frozen
from perfrules.waivers import Waiver

MANIFEST = "dataset.yaml"
DATASET = "dataset"
"""The column of units where the tables of the pack have none: each dataset is one."""


@frozen
class Part:
    """One dataset of a folder, and what was found in it."""

    folder: Path
    name: str
    report: Report


def folders(data: object) -> tuple[Path, ...]:
    """The datasets of a folder that is none itself: its subfolders with a ``dataset.yaml``, of their own or in ``data``."""
    if not isinstance(data, str | Path) or not Path(data).is_dir():
        return ()
    folder = Path(data)
    manifest = loader.load_dataset(folder)
    if manifest.tables or manifest.facts or manifest.database or _has_data(folder, manifest):
        return ()
    inside = (home for one in sorted(folder.iterdir()) if (home := _home(one)) is not None)
    return tuple(inside)


def packs_in(data: object) -> Iterator[tuple[Path, str]]:
    """The datasets of a folder that name a pack, each with it; what is at fault in others is told when they are checked."""
    for home in folders(data):
        with suppress(PerfrulesError):
            named = loader.load_dataset(home).pack
            if named is not None:
                yield home, named


def waivers_in(data: object) -> Iterator[Waiver]:
    """The waivers of the files that the datasets of a folder name, but for datasets that are at fault.

    Raises:
        DataError: A file of waivers cannot be read, or has a fault.
    """
    for home in folders(data):
        try:
            files = loader.load_dataset(home).waiver_files
        except PerfrulesError:
            continue  # told when it is checked
        yield from loaded_waivers(home / file for file in files)


def _home(folder: Path) -> Path | None:
    return next((f for f in (folder, folder / "data") if (f / MANIFEST).is_file()), None)


def _has_data(folder: Path, manifest: DatasetFile) -> bool:
    listed = manifest.due.file if manifest.due else ""
    return any(readers.is_read(path) and path.name != listed for path in folder.iterdir())


def merged(parts: Sequence[Part], top: Path, column: str, detail: int) -> Report:
    """The reports of several datasets as one; the facts of the run are those of the first.

    Args:
        parts: The datasets that could be checked, one at least.
        top: The folder that they are in.
        column: The column of keys that names units; empty where each dataset is one.
        detail: How many verdicts of each rule and outcome are kept.
    """
    first = parts[0].report
    tables: Counter[str] = Counter()
    for part in parts:
        tables.update(part.report.run.tables)
    files = {
        f"{part.folder.relative_to(top).as_posix()}/{name}": hashed
        for part in parts
        for name, hashed in part.report.run.files.items()
    }
    reports = [part.report for part in parts]
    return replace(
        first,
        run=replace(first.run, tables=dict(tables), files=files, seconds=sum(r.run.seconds or 0 for r in reports)),
        counts=_counts(reports),
        details=tuple(_kept(parts, top, column, detail)),
        remarks=tuple(_placed(notice, part, top) for part in parts for notice in part.report.remarks),
        units=_units(parts, column),
        data={},
    )  # fmt: skip


def _counts(reports: Sequence[Report]) -> tuple[RuleCount, ...]:
    found: dict[str, RuleCount] = {}
    for report in reports:
        for count in report.counts:
            before = found.get(count.rule)
            found[count.rule] = count if before is None else _sum(before, count)
    order = {facts.rule: place for place, facts in enumerate(reports[0].rules)}
    return tuple(sorted(found.values(), key=lambda count: order.get(count.rule, len(order))))


def _sum(one: RuleCount, other: RuleCount) -> RuleCount:
    names = ("rows", "passed", "rounding", "failed", "unknown", "not_applicable")
    return replace(one, **{name: getattr(one, name) + getattr(other, name) for name in names})


def _kept(parts: Sequence[Part], top: Path, column: str, detail: int) -> Iterator[Finding]:
    """The findings of all datasets in the order of the rules, the first of each rule and outcome."""
    order = {facts.rule: place for place, facts in enumerate(parts[0].report.rules)}
    found = [(finding, part) for part in parts for finding in part.report.details]
    found.sort(key=lambda item: order.get(item[0].rule, len(order)))
    kept: Counter[tuple[str, str]] = Counter()
    for finding, part in found:
        kept[finding.rule, finding.outcome] += 1
        if kept[finding.rule, finding.outcome] <= detail:
            yield _of(finding, part, top, column)


def _of(finding: Finding, part: Part, top: Path, column: str) -> Finding:
    """A finding with its dataset: in its places, and in its key where that names no unit."""
    inside = part.folder.relative_to(top).as_posix()
    cells = tuple(_moved(cell, inside) for cell in finding.cells)
    key = finding.key if column else {DATASET: part.name, **finding.key}
    return replace(finding, key=key, cells=cells)


def _moved(cell: EvidenceCell, inside: str) -> EvidenceCell:
    file = f"{inside}/{cell.origin.file}" if cell.origin.file else ""
    return replace(cell, origin=replace(cell.origin, file=file))


def _placed(notice: Notice, part: Part, top: Path) -> Notice:
    """A notice with the dataset that it is about."""
    inside = part.folder.relative_to(top).as_posix()
    return replace(notice, where=f"{inside}: {notice.where}" if notice.where else inside)


def _units(parts: Sequence[Part], column: str) -> Units | None:
    """The verdicts by unit; a dataset whose verdicts were not counted by unit leaves none."""
    tally = Tallied()
    for part in parts:
        if not column:
            tally.take([of_rules(part.name, part.report.counts)])
        elif part.report.units is None:
            return None
        else:
            tally.take(part.report.units.counts)
    return Units(column or DATASET, tally.counts())


def of_rules(unit: str, counts: Sequence[RuleCount]) -> UnitCount:
    """The counts of rules as those of one unit."""
    tally = Tallied()
    for count in counts:
        for outcome in ("pass", "rounding", "fail", "unknown", "not-applicable"):
            tally.add(unit, outcome, count.rule, count.of(outcome))
    return next(iter(tally.counts()), UnitCount(unit, {}))
