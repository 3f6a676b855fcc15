"""``perfrules check``."""

from collections.abc import Iterator
from contextlib import suppress
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any

import perfrules.engine
from perfrules.cli import output, reports, targets
from perfrules.cli.nearest import meant
from perfrules.cli.progress import Progress
from perfrules.cli.settings import Settings
from perfrules.databases.addresses import is_address
from perfrules.errors import DataError, Diagnostic, PerfrulesError, UsageError
from perfrules.evaluate.engines import DETAIL_LIMIT
from perfrules.grading import Strictness
from perfrules.locale import message
from perfrules.report import REASONS, FailOn, Report
from perfrules.running import Engine, store
from perfrules.values import frozen


@frozen
class Asked:
    """The options of the verb, as given."""

    data: str
    pack: str | None
    output: tuple[str, ...]
    fail_on: FailOn
    allow_unknown: str | None
    detail: int | None
    engine: Engine
    form: str
    waivers: tuple[str, ...]
    baseline: str | None
    strictness: Strictness
    profile: str | None
    config: str | None
    watch: bool


def check(settings: Settings, **options: Any) -> int:
    """Check, print, write the files; gives the exit code."""
    asked = Asked(**options)
    if asked.watch:
        return import_module("perfrules.cli.watching").watch(settings)  # type: ignore[no-any-return]  # an exit code
    settings.read = tuple(_read(asked))
    settings.written = tuple(Path(text.rpartition("=")[2]) for text in asked.output)
    if not is_address(asked.data) and not Path(asked.data).exists():
        raise UsageError(
            [Diagnostic("PR507", message("there is no folder {folder}", folder=asked.data))]
        )
    allowed = _reasons(asked.allow_unknown)
    tables, folders, others = _sorted(asked.output)
    address, folder, _ = perfrules.engine.database_of(asked.data)
    if tables and address is None:
        told = message("results are written to a table only where the data is in a database")
        raise UsageError([Diagnostic("PR521", told)])
    files = reports.files(others)
    with Progress(settings) as progress:
        report = perfrules.engine.check(
            asked.data,
            asked.pack,
            detail=DETAIL_LIMIT if asked.detail is None else asked.detail,
            engine=asked.engine,
            progress=progress.tell,
            waivers=asked.waivers,
            baseline=asked.baseline,
            strictness=asked.strictness,
            severities=settings.severities,
            verdicts=folders[-1] if folders else None,
        )
    code = report.exit_code(asked.fail_on, allowed)
    reports.show(report, settings, asked.form, fail_on=asked.fail_on, code=code)
    reports.save(report, files, settings)
    for name in tables:
        _store(report, str(address), folder, name, settings)
    if folders and not settings.quiet:
        output.tell(settings.say(message("written: {path}", path=folders[-1])))
    return code


def _read(asked: Asked) -> Iterator[Path]:
    """The files and folders that a check reads."""
    named = [asked.pack]
    if not is_address(asked.data):
        yield Path(asked.data)
        with suppress(PerfrulesError):  # told when it is checked
            named.append(perfrules.engine.database_of(asked.data)[2].pack)
    for name in filter(None, named):
        yield from (path for path in (Path(asked.data) / name, Path(name)) if path.is_dir())
    yield from map(Path, asked.waivers)
    if asked.baseline:
        yield Path(asked.baseline)
    if (path := meant(asked.config)) is not None:
        yield path


def _sorted(asked: tuple[str, ...]) -> tuple[list[str], list[str], list[str]]:
    """What ``-o`` names: tables of the database, folders of verdicts, and files."""
    kinds = ("table", "verdicts")
    tables, folders = (
        [one for text in asked if (one := targets.named(text, kind))] for kind in kinds
    )
    others = [text for text in asked if not any(targets.named(text, kind) for kind in kinds)]
    return tables, folders, others


def _store(
    report: Report, address: str, folder: Path | None, name: str, settings: Settings
) -> None:
    """Write the results to a table; one that cannot be written changes no exit code."""
    try:
        store(report, address, folder, name)
    except DataError as fault:
        output.faults(fault.diagnostics, settings)
        return
    if not settings.quiet:
        output.tell(settings.say(message("written: {path}", path=f"{name}, {name}_counts")))


def _reasons(text: str | None) -> tuple[str, ...] | None:
    """The reasons of ``--allow-unknown``; None for all of them.

    Raises:
        UsageError: One of them is none.
    """
    if text is None:
        return ()
    if text == "all":
        return None
    reasons = tuple(
        part.strip()
        for part in text.replace("，", ",").replace("、", ",").split(",")
        if part.strip()
    )
    for reason in reasons:
        if reason not in REASONS:
            near = get_close_matches(reason, REASONS, 1)
            hint = (
                message("did you mean {name}?", name=near[0])
                if near
                else message("reasons: {names}", names=REASONS)
            )
            raise UsageError(
                [
                    Diagnostic(
                        "PR504",
                        message("{reason} is not a reason for unknown", reason=reason),
                        hint=hint,
                    )
                ]
            )
    return reasons
