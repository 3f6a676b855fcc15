"""The one orchestrator: pack and dataset in, report out."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from time import perf_counter

from perfrules import findings, loader, readers, renderers
from perfrules.dataset import Dataset
from perfrules.errors import DataError, Diagnostic
from perfrules.evaluate import engines
from perfrules.locale import message
from perfrules.model import Pack
from perfrules.notices import Notice
from perfrules.plan import Plan, bind
from perfrules.report import Report, RuleCount, RunFacts

Progress = Callable[[int, int], None]
"""Called with the number of rules evaluated so far and of all."""
Frames = Mapping[str, object]


def check(
    data: str | Path | Frames | Dataset,
    pack: str | Path | Pack | None = None,
    *,
    unit_of_measure: str | None = None,
    detail: int = engines.DETAIL_LIMIT,
    progress: Progress = lambda _done, _all: None,
) -> Report:
    """Check data against a pack.

    Args:
        data: A folder with data files, frames by table name (polars, pandas, pyarrow), or a :class:`Dataset`.
        pack: A loaded pack, the id of a built-in one, or its folder; for a folder of data, its ``dataset.yaml`` may name it.
        unit_of_measure: Unit of the money in frames, such as ``万元``.
        detail: How many verdicts of each rule and outcome are kept as findings; counts are always complete.
        progress: Told how many rules have been evaluated.

    Returns:
        The report: counts per rule, findings, notices.

    Raises:
        PackError: The pack cannot be read.
        DataError: There is no readable data.
    """
    started, clock = datetime.now(UTC), perf_counter()
    manifest = loader.load_dataset(Path(data)) if isinstance(data, str | Path) else None
    loaded = _pack(pack if pack is not None else manifest.pack if manifest else None, data)
    dataset = read(data, loaded, unit_of_measure)
    plan = bind(loaded, dataset)
    total = sum(len(sheet.rules) for sheet in plan.sheets)
    done = 0

    def tell(rules: int) -> None:
        nonlocal done
        done += rules
        progress(done, total)

    progress(0, total)
    found = engines.evaluate(plan, dataset, detail, tell)
    return Report(
        run=RunFacts(
            perfrules=version("perfrules"),
            pack=loaded.id,
            pack_version=loaded.file.version,
            pack_title=loaded.file.title,
            dataset=dataset.name,
            engine="polars",
            started=started,
            seconds=perf_counter() - clock,
            tables={name: table.frame.height for name, table in dataset.tables.items()},
        ),
        counts=_counts(plan, found),
        details=_in_order(plan, findings.explain(found)),
        remarks=(*_remarks(dataset), *plan.notices, *_empty(found)),
        saver=renderers.save,
    )


def read(data: str | Path | Frames | Dataset, pack: Pack, unit_of_measure: str | None = None) -> Dataset:
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
    if not dataset.tables:
        raise DataError([Diagnostic("PR430", message("no table of the pack {pack} could be read", pack=pack.id)), *(Diagnostic(n.code, n.message) for n in dataset.notices)])
    return dataset


def _pack(pack: str | Path | Pack | None, data: object) -> Pack:
    if isinstance(pack, Pack):
        return pack
    if pack is None:
        raise DataError([Diagnostic("PR432", message("no pack is named for {data}: give one, or write pack: in its dataset.yaml", data=str(data)))])
    if isinstance(pack, str) and isinstance(data, str | Path) and (Path(data) / pack / "pack.yaml").is_file():
        return loader.load_pack(Path(data) / pack)
    return loader.load_pack(pack)


def _counts(plan: Plan, found: tuple[engines.SheetVerdicts, ...]) -> tuple[RuleCount, ...]:
    totals: dict[str, list[int]] = {}
    for sheet in found:
        for position, *numbers in sheet.verdicts.counts.select(
            "rule", "pass", "rounding", "fail", "unknown", "not-applicable"
        ).iter_rows():
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


def _remarks(dataset: Dataset) -> tuple[Notice, ...]:
    return (*dataset.notices, *(notice for table in dataset.tables.values() for notice in table.notices))


def _empty(found: tuple[engines.SheetVerdicts, ...]) -> tuple[Notice, ...]:
    """Rules that had no row to speak about."""
    return tuple(
        Notice(
            "PR415",
            message("{tables} has no rows: {count} rules checked nothing", tables=sheet.sheet.base, count=len(sheet.sheet.rules)),
            rules=tuple(bound.rule.id for bound in sheet.sheet.rules),
            table=sheet.sheet.base[0],
        )
        for sheet in found
        if not sheet.verdicts.rows and not sheet.index.dataset.tables[sheet.sheet.base[0]].spec.optional
    )
