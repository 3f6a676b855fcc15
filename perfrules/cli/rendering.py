"""``perfrules render``: a saved report in other formats, without its data and its pack."""

from pathlib import Path

from perfrules import renderers
from perfrules.cli import reports
from perfrules.cli.settings import Settings


def render(settings: Settings, report: str, asked: tuple[str, ...], form: str | None) -> int:
    """Write the files, and print the report if asked or if there are none; 2 if a file was not written."""
    files = reports.files(asked)
    loaded = renderers.load(Path(report))
    if form is not None or not files:
        reports.show(loaded, settings, form or "terminal", exits=False)
    return 0 if reports.save(loaded, files, settings) else 2
