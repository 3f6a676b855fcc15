"""What every diagnostic code means and what to do about it; ``perfrules explain CODE`` prints it.

1xx: files of a pack or dataset · 2xx: an expression cannot be read · 3xx: an expression makes no sense · 4xx: data · 5xx: calls ·
6xx: rules that are probably not what was meant.
"""

from collections.abc import Mapping

from perfrules.codes.calls import CALLS
from perfrules.codes.data import DATA
from perfrules.codes.databases import DATABASES
from perfrules.codes.datasets import DATASETS
from perfrules.codes.entry import Entry
from perfrules.codes.expressions import EXPRESSIONS
from perfrules.codes.files import FILES
from perfrules.codes.meaning import MEANING
from perfrules.codes.settling import SETTLING

CODES: Mapping[str, Entry] = {
    **FILES,
    **EXPRESSIONS,
    **DATA,
    **DATASETS,
    **DATABASES,
    **SETTLING,
    **CALLS,
    **MEANING,
}

__all__ = ["CODES", "Entry"]
