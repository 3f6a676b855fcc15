"""Data asserted to be consistent, for tests of whatever makes the data."""

from pathlib import Path

from perfrules import engine
from perfrules.dataset import Dataset
from perfrules.model import Pack
from perfrules.renderers import terminal
from perfrules.renderers.terminal import View


def assert_consistent(
    tables: str | Path | engine.Frames | Dataset,
    pack: str | Path | Pack | None = None,
    *,
    allow_unknown: bool = False,
    language: str = "en",
) -> None:
    """Assert that data do not contradict a pack, and that everything could be checked.

    Args:
        tables: The data, as :func:`perfrules.check` takes them.
        pack: The pack, likewise.
        allow_unknown: Let pass what could not be checked; faulty rules and files never do.
        language: Of the report that a failure shows: ``zh`` or ``en``.

    Raises:
        AssertionError: They do, or it could not; with the line that says so, and the whole report.
        PackError: The pack cannot be read.
        DataError: There is no readable data.
    """
    __tracebackhide__ = True  # pytest then shows the line of the caller
    report = engine.check(tables, pack)
    code = report.exit_code(allow_unknown=None if allow_unknown else ())
    if code:
        views = (View(quiet=True, code=code), View(code=code))
        raise AssertionError("\n".join(terminal.render(report, language, view) for view in views))
