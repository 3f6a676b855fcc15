"""perfrules: what must hold in reported figures, stated as data and checked exactly.

>>> import perfrules
>>> pack = perfrules.load_pack("cn-overall-self-eval")
>>> pack.tables["expenditure"].title.en
'General public budget expenditure'
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from perfrules.dataset import Dataset
    from perfrules.engine import BoundPlan, bind, check
    from perfrules.engine.schemas import pandera_schema
    from perfrules.loader import load_pack
    from perfrules.report import Report
    from perfrules.settling import load_waivers

__all__ = [
    "BoundPlan", "Dataset", "Report", "bind", "check", "load_pack", "load_waivers", "pandera_schema",
]  # fmt: skip

_HOMES = {
    "BoundPlan": "perfrules.engine",
    "Dataset": "perfrules.dataset",
    "Report": "perfrules.report",
    "bind": "perfrules.engine",
    "check": "perfrules.engine",
    "load_pack": "perfrules.loader",
    "load_waivers": "perfrules.settling",
    "pandera_schema": "perfrules.engine.schemas",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that ``perfrules --help`` imports no engine."""
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module  # noqa: PLC0415  # only here

    return getattr(import_module(_HOMES[name]), name)
