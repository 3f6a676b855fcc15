"""The one orchestrator: pack and dataset in, report out."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from perfrules import findings, loader, readers, remarks, renderers, running
from perfrules.databases.addresses import is_address
from perfrules.dataset import Dataset
from perfrules.engine import many, sparks, units
from perfrules.errors import DataError, Diagnostic, PerfrulesError, UsageError
from perfrules.evaluate import engines
from perfrules.grading import Grading, Strictness, asked, graded
from perfrules.locale import message
from perfrules.manifest import DatasetFile
from perfrules.model import Pack
from perfrules.notices import Notice
from perfrules.plan import Plan, bound, over
from perfrules.report import Report, RuleCount, RunFacts, rules_of, tables_of
from perfrules.report.units import Units
from perfrules.settling import Waivers, known, loaded_waivers, settled
from perfrules.waivers import Waiver

if TYPE_CHECKING:
    from perfrules.settling.baselines import Baseline

Frames = Mapping[str, object]


def check(  # noqa: PLR0913  # one word for each thing that may be asked
    data: str | Path | Frames | Dataset,
    pack: str | Path | Pack | None = None,
    *,
    unit_of_measure: str | None = None,
    detail: int = engines.DETAIL_LIMIT,
    engine: running.Engine = "polars",
    progress: running.Progress = running.silent,
    strictness: Strictness = "full",
    severities: Sequence[Grading] = (),
    waivers: Waivers = (),
    baseline: "str | Path | Baseline | None" = None,
    today: date | None = None,
    verdicts: str | Path | None = None,
) -> Report:
    """Check data against a pack.

    Args:
        data: A folder with data files, the address of a database, frames by table name (polars, pandas, pyarrow), or a :class:`Dataset`.
        pack: A loaded pack, the id of a built-in one, or its folder; for a folder of data, its ``dataset.yaml`` may name it.
        unit_of_measure: Unit of the money in frames, such as ``万元``.
        detail: How many verdicts of each rule and outcome are kept as findings; counts are always complete.
        engine: What computes the verdicts; they are the same on each.
        progress: Told how many rules and rows have been evaluated.
        strictness: Which rules are asked: ``first`` (errors of certain basis), ``review`` (errors and warnings) or ``full``.
        severities: Other severities for rules.
        waivers: What was explained: files of waivers, or waivers; those that ``dataset.yaml`` names count too.
        baseline: The findings that are known, or the file that holds them.
        today: The day on which waivers must not have expired; the day of the run if left out.
        verdicts: A folder that Spark writes every verdict to, as Parquet.

    Returns:
        The report: counts per rule, findings, notices.

    Raises:
        PackError: The pack cannot be read.
        DataError: There is no readable data, or a file of waivers or a baseline has a fault.
    """
    loaded = _pack(pack if pack is not None else _named_pack(data), data)
    explained = [*waivers_of(data), *many.waivers_in(data), *loaded_waivers(waivers)]
    held = known(baseline)
    chosen, told = asked(loaded, strictness, severities)
    report = BoundPlan(chosen).evaluate(
        data,
        unit_of_measure=unit_of_measure,
        detail=detail,
        engine=engine,
        progress=progress,
        verdicts=verdicts,
    )
    report = replace(report, rules=rules_of(loaded), remarks=(*report.remarks, *told))
    report = graded(report, severities, loaded)
    return settled(report, explained, held, today)


def waivers_of(data: object) -> tuple[Waiver, ...]:
    """The waivers of the files that the ``dataset.yaml`` of a folder names.

    Raises:
        DataError: A file cannot be read, or has a fault.
    """
    _, folder, manifest = database_of(data)
    return loaded_waivers(folder / file for file in manifest.waiver_files) if folder else ()


def bind(pack: str | Path | Pack) -> "BoundPlan":
    """Bind a pack once, to check many datasets with it.

    Args:
        pack: A loaded pack, the id of a built-in one, or its folder.

    Raises:
        PackError: The pack cannot be read.
    """
    return BoundPlan(pack if isinstance(pack, Pack) else loader.load_pack(pack))


class BoundPlan:
    """A pack bound once, for many datasets; threads may share it.

    What the rules come to on the columns of the first dataset is kept, and is used again for every dataset with the same columns
    whose figures are held alike; other datasets are checked as well, and add to what is kept.

    Attributes:
        pack: The pack.
    """

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        built_in = Path(pack.folder) in loader.builtin_packs().values()
        self._folder = "" if built_in or not pack.folder else _named(pack.folder)
        self._rules = rules_of(pack)
        self._tables = tables_of(pack)
        self._plans: dict[frozenset[tuple[str, frozenset[str]]], Plan] = {}
        self._shelves = running.Shelves()

    def evaluate(
        self,
        data: str | Path | Frames | Dataset,
        *,
        unit_of_measure: str | None = None,
        detail: int = engines.DETAIL_LIMIT,
        engine: running.Engine = "polars",
        progress: running.Progress = running.silent,
        verdicts: str | Path | None = None,
    ) -> Report:
        """Check one dataset.

        Args:
            data: A folder with data files, the address of a database, frames by table name (polars, pandas, pyarrow), or a :class:`Dataset`.
            unit_of_measure: Unit of the money in frames, such as ``万元``.
            detail: How many verdicts of each rule and outcome are kept as findings; counts are always complete.
            engine: What computes the verdicts; they are the same on each.
            progress: Told how many rules and rows have been evaluated.
            verdicts: A folder that Spark writes every verdict to, as Parquet.

        Returns:
            The report: counts per rule, findings, notices.

        Raises:
            DataError: There is no readable data, or verdicts could not be written.
            UsageError: Verdicts are to be written, and the data are not checked by Spark.
        """
        if homes := many.folders(data):
            if verdicts is not None:
                raise _unwritable("many datasets")
            return self._evaluate_all(Path(str(data)), homes, detail, engine, progress)
        started, clock = datetime.now(UTC), perf_counter()
        _, folder, manifest = database_of(data)
        column = units.column_of(self.pack, manifest.due)
        with self._place(data, unit_of_measure, engine) as place:
            plan = self._plan(place)
            if verdicts is not None and not running.can_write(place):
                raise _unwritable(place.engine)
            found = place.evaluate(plan, detail, progress, self._shelves, column)
            if verdicts is not None:
                running.write(place, plan, Path(verdicts), self._shelves)
            counted = self._units(column, found, place, units.expected(manifest, folder))
            return Report(
                run=RunFacts(
                    perfrules=_version(),
                    pack=self.pack.id,
                    pack_version=self.pack.file.version,
                    pack_title=self.pack.file.title,
                    dataset=place.name,
                    engine=place.engine,
                    started=started,
                    seconds=perf_counter() - clock,
                    tables=place.heights,
                    data=_named(data),
                    rules=self._folder,
                    files=place.hashes,
                ),
                counts=_counts(plan, found.verdicts),
                details=_in_order(plan, found.details),
                remarks=(*remarks.of(plan, place.engine, found), *units.absent(counted)),
                rules=self._rules,
                tables=self._tables,
                units=counted,
                data=place.shown,
                saver=renderers.save,
            )

    def _units(
        self, column: str, found: running.Found, place: running.Place, due: units.Expected | None
    ) -> Units | None:
        dataset = place.dataset if isinstance(place, running.InMemory) else None
        return units.units_of(column, found.verdicts, dataset, due)

    def _evaluate_all(
        self,
        top: Path,
        homes: Sequence[Path],
        detail: int,
        engine: running.Engine,
        progress: running.Progress,
    ) -> Report:
        """Check the datasets of a folder; one that cannot be read is a notice, and the others are checked all the same."""
        manifest = loader.load_dataset(top)
        parts: list[many.Part] = []
        refused: list[Notice] = []
        for done, home in enumerate(homes):
            progress(done, len(homes), 0, 0)
            try:
                _fits(self.pack, home)
                report = self.evaluate(home, detail=detail, engine=engine)
            except PerfrulesError as fault:
                where = home.relative_to(top).as_posix()
                refused += [Notice("PR449", d.message, where=where) for d in fault.diagnostics]
                continue
            parts.append(many.Part(home, report.run.dataset, report))
        progress(len(homes), len(homes), 0, 0)
        if not parts:
            raise DataError([Diagnostic(n.code, n.message) for n in refused])
        column = units.column_of(self.pack, manifest.due)
        report = many.merged(parts, top, column, detail)
        due = units.expected(manifest, top)
        counted = units.with_due(report.units, due) if report.units else None
        return replace(
            report,
            run=replace(report.run, dataset=manifest.title or top.resolve().name, data=_named(top)),
            remarks=(*refused, *report.remarks, *units.absent(counted)),
            units=counted,
        )

    @contextmanager
    def _place(
        self,
        data: str | Path | Frames | Dataset,
        unit_of_measure: str | None,
        engine: running.Engine,
    ) -> Iterator[running.Place]:
        """Where ``data`` is checked."""
        address, folder, manifest = database_of(data)
        of_spark = sparks.seen(data, folder, manifest, engine)
        if of_spark is not None:
            tables, said, name = of_spark.tables, of_spark.manifest, of_spark.name
            with running.in_spark(
                tables, self.pack.tables, said, name, unit_of_measure, self._shelves
            ) as place:
                yield place
            return
        if address is None:
            yield running.InMemory(read(data, self.pack, unit_of_measure), engine)
            return
        with running.in_database(
            address, self.pack.tables, manifest, folder, unit_of_measure, self._shelves
        ) as place:
            yield place

    def _plan(self, place: running.Place) -> Plan:
        columns = place.columns
        key = frozenset(columns.items())
        if key not in self._plans:
            self._plans[key] = bound(self.pack, columns)
        return over(self._plans[key], place.gone)


def _unwritable(engine: str) -> UsageError:
    told = message(
        "every verdict is written by Spark alone, and {engine} was to check", engine=engine
    )
    return UsageError([Diagnostic("PR457", told)])


def read(
    data: str | Path | Frames | Dataset, pack: Pack, unit_of_measure: str | None = None
) -> Dataset:
    """Read data into the tables of ``pack``.

    Raises:
        DataError: There is no readable data.
    """
    if isinstance(data, Dataset):
        return data
    if isinstance(data, str | Path):
        folder = Path(data)
        manifest = loader.load_dataset(folder)
        mapping = loader.load_facts_map(folder / manifest.facts.map) if manifest.facts else None
        dataset = readers.read_folder(folder, manifest, pack.tables, mapping)
    else:
        dataset = readers.read_frames(data, pack.tables, unit_of_measure)
    if not dataset.tables and not dataset.bulk:
        raise DataError(
            [
                Diagnostic(
                    "PR430", message("no table of the pack {pack} could be read", pack=pack.id)
                ),
                *(Diagnostic(n.code, n.message) for n in dataset.notices),
            ]
        )
    return dataset


@cache
def _version() -> str:
    """Looked up once: it is read from a file, and plans are evaluated often."""
    return version("perfrules")


def _named(data: object) -> str:
    """A folder as it was named, with slashes and without detours; empty for what is no folder."""
    if not isinstance(data, str | Path) or (isinstance(data, str) and is_address(data)):
        return ""  # an address may hold a password
    return Path(os.path.normpath(data)).as_posix()


def database_of(data: object) -> tuple[str | None, Path | None, DatasetFile]:
    """The address of the database that ``data`` is in, with the folder and the description that name it; None if it is in none."""
    if isinstance(data, str) and is_address(data):
        return data, None, DatasetFile()
    if isinstance(data, str | Path):
        manifest = loader.load_dataset(Path(data))
        return manifest.database, Path(data), manifest
    return None, None, DatasetFile()


def _named_pack(data: object) -> str | Pack | None:
    """The pack that a dataset names, or the first of the datasets in a folder."""
    named = database_of(data)[2].pack
    if named is not None:
        return named
    return next((_pack(name, home) for home, name in many.packs_in(data)), None)


def _fits(pack: Pack, home: Path) -> None:
    """See that a dataset names no other pack.

    Raises:
        DataError: It does.
    """
    named = loader.load_dataset(home).pack
    if named is None or named == pack.id:
        return
    here = home / named / "pack.yaml"
    if not (here.is_file() and here.parent.samefile(pack.folder)):
        told = message("it names the pack {other}, and the others are checked with {pack}", other=named, pack=pack.id)  # fmt: skip
        raise DataError([Diagnostic("PR449", told)])


def _pack(pack: str | Path | Pack | None, data: object) -> Pack:
    if isinstance(pack, Pack):
        return pack
    if pack is None:
        told = message(
            "no pack is named for {data}: give one, or write pack: in its dataset.yaml",
            data=str(data).rpartition("@")[2],
        )
        raise DataError([Diagnostic("PR432", told)])
    if (
        isinstance(pack, str)
        and isinstance(data, str | Path)
        and (Path(data) / pack / "pack.yaml").is_file()
    ):
        return loader.load_pack(Path(data) / pack)
    return loader.load_pack(pack)


_COUNTED = ("pass", "rounding", "fail", "unknown", "not-applicable")


def _counts(plan: Plan, found: Iterable[running.AnyVerdicts]) -> tuple[RuleCount, ...]:
    totals: dict[str, list[int]] = {}
    for sheet in found:
        for position, *numbers in sheet.verdicts.counts[["rule", *_COUNTED]].iter_rows():
            rule = sheet.sheet.rules[position].rule
            sums = totals.setdefault(rule.id, [0] * 5)
            totals[rule.id] = [a + b for a, b in zip(sums, numbers, strict=True)]
    blocks = {rule.id: rule.block for rule in plan.pack.rules}
    return tuple(
        RuleCount(plan.pack.id, name, block.title, block.severity, sum(totals[name]), *totals[name])
        for name, block in blocks.items()
        if name in totals
    )


def _in_order(plan: Plan, found: tuple[findings.Finding, ...]) -> tuple[findings.Finding, ...]:
    order = {rule.id: position for position, rule in reversed(list(enumerate(plan.pack.rules)))}
    return tuple(sorted(found, key=lambda finding: order[finding.rule]))
