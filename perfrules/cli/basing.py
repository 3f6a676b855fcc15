"""``perfrules baseline update`` and ``perfrules baseline prune``."""

from pathlib import Path

from perfrules import renderers
from perfrules.cli import output
from perfrules.cli.settings import Settings
from perfrules.locale import message
from perfrules.settling import baselines
from perfrules.settling.baselines import EMPTY, Baseline


def update(settings: Settings, report: str, file: str) -> int:
    """Take the findings of a report into a baseline."""
    path = Path(file)
    before = baselines.load(path) if path.exists() else EMPTY
    loaded = renderers.load(Path(report))
    for notice in baselines.uncompared(loaded):
        output.tell(f"{notice.code}: {settings.say(notice.message)}")
    return _write(path, before, baselines.updated(before, loaded), settings)


def prune(settings: Settings, report: str, file: str) -> int:
    """Take out of a baseline what is gone."""
    path = Path(file)
    before = baselines.load(path)
    return _write(path, before, baselines.pruned(before, renderers.load(Path(report))), settings)


def _write(path: Path, before: Baseline, after: Baseline, settings: Settings) -> int:
    if after != before or not path.exists():
        output.write(path, baselines.written(after).encode())
    old, new = before.known, after.known
    told = message(
        "{path}: {added} added, {changed} changed, {removed} removed; {count} known",
        path=str(path),
        added=len(new.keys() - old.keys()),
        changed=sum(old[name] != new[name] for name in old.keys() & new.keys()),
        removed=len(old.keys() - new.keys()),
        count=len(new),
    )
    if not settings.quiet:
        output.show(settings.say(told))
    return 0
