"""Rules under test: their cases run, mutants of them, the cases that are missing, and data made from rules.

>>> from perfrules import load_pack
>>> from perfrules.testing import records
>>> records(load_pack("examples/quickstart/rules"), "spending").__class__.__name__
'MappedStrategy'
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from perfrules.errors import Diagnostic, UsageError
from perfrules.locale import message

if TYPE_CHECKING:
    from perfrules.testing.consistent import assert_consistent
    from perfrules.testing.strategies import boundaries, datasets, records, violations

__all__ = ["assert_consistent", "boundaries", "datasets", "records", "violations"]

_HOMES = {
    "assert_consistent": "perfrules.testing.consistent",
    "boundaries": "perfrules.testing.strategies",
    "datasets": "perfrules.testing.strategies",
    "records": "perfrules.testing.strategies",
    "violations": "perfrules.testing.strategies",
}
_LIBRARIES = frozenset({"hypothesis", "z3"})


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that the plugin of pytest imports no engine.

    Raises:
        UsageError: What it needs is not installed.
    """
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module  # noqa: PLC0415  # only here

    with extra():
        return getattr(import_module(_HOMES[name]), name)


@contextmanager
def extra() -> Iterator[None]:
    """Say what to install where an import finds a library of the extra ``testing`` missing.

    Raises:
        UsageError: A library of the extra is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as absent:
        if absent.name not in _LIBRARIES:
            raise
        told = message("{library} is not installed; data are made with it", library=absent.name)
        what = message("install it: {command}", command='pip install "perfrules[testing]"')
        raise UsageError([Diagnostic("PR515", told, None, what)]) from None
