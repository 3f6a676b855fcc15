"""Findings settled, so that no run fails for them: explained by a waiver, or known from a baseline."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from perfrules import loader
from perfrules.errors import DataError, Diagnostic
from perfrules.report import Report
from perfrules.waivers import Waiver

if TYPE_CHECKING:
    from perfrules.settling.baselines import Baseline

Waivers = Iterable[str | Path | Waiver]
_LEDGERS = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})


def loaded_waivers(given: Waivers) -> tuple[Waiver, ...]:
    """Waivers, and those that files hold.

    Raises:
        DataError: A file cannot be read, or has a fault; with the faults of every file.
    """
    found: list[Waiver] = []
    faults: list[Diagnostic] = []
    for one in given:
        try:
            found += (one,) if isinstance(one, Waiver) else load_waivers(one)
        except DataError as error:
            faults += error.diagnostics
    if faults:
        raise DataError(faults)
    return tuple(found)


def load_waivers(path: str | Path) -> tuple[Waiver, ...]:
    """Load a file of waivers: YAML, or a ledger that was filled in.

    Raises:
        DataError: It cannot be read or has a fault; with every fault.
    """
    path = Path(path)
    if path.suffix.lower() in _LEDGERS and path.exists():
        from perfrules.settling import ledgers  # noqa: PLC0415  # reading a workbook takes many modules

        return ledgers.read(path)
    return loader.load_waivers(path)


def settled(
    report: Report,
    waivers: Iterable[Waiver] = (),
    baseline: "Baseline | None" = None,
    today: date | None = None,
) -> Report:
    """A report with what waivers explain, and how its findings stand to a baseline."""
    given = tuple(waivers)
    if given:
        from perfrules.settling.waivers import waived  # noqa: PLC0415  # few runs have some

        report = waived(report, given, today or datetime.now(UTC).astimezone().date())
    if baseline is not None:
        from perfrules.settling.baselines import against  # noqa: PLC0415  # few runs have one

        report = against(report, baseline)
    return report


def known(baseline: "str | Path | Baseline | None") -> "Baseline | None":
    """A baseline, or the one that a file holds.

    Raises:
        DataError: The file cannot be read, or is something else.
    """
    if not isinstance(baseline, str | Path):
        return baseline
    from perfrules.settling.baselines import load  # noqa: PLC0415  # likewise

    return load(Path(baseline))
