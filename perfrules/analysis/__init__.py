"""Remarks on rules that are well-formed and probably not what was meant; `perfrules lint` shows them."""

from collections.abc import Callable, Iterator

from perfrules.analysis import blocks, guards, pairs, ratios, slacks, unused
from perfrules.analysis.study import Study, study_of
from perfrules.errors import Diagnostic
from perfrules.model import Pack

REMARKS: tuple[Callable[[Study], Iterator[Diagnostic]], ...] = (
    blocks.no_cases,
    blocks.one_sided,
    guards.never_applies,
    guards.never_reached,
    guards.redundant,
    guards.cannot_fail,
    guards.cannot_pass,
    slacks.too_fine,
    slacks.exact_sum,
    slacks.too_wide,
    unused.unused_tables,
    unused.unused_params,
    unused.unused_relations,
    blocks.no_name,
    blocks.no_title,
    pairs.same,
    ratios.bare_percents,
    ratios.hundredfold,
    pairs.opposed,
    pairs.contradicting,
    blocks.unread,
)
"""One function for each code, in the order of the codes."""


def remarks(pack: Pack) -> tuple[Diagnostic, ...]:
    """What is remarkable about a pack, by file and line; nothing is said that is not proved.

    Of several remarks with one code at one place, as ``for`` makes them, the first is kept.
    """
    study = study_of(pack)
    found: dict[tuple[str, object], Diagnostic] = {}
    for look in REMARKS:
        for remark in look(study):
            found.setdefault((remark.code, remark.place), remark)
    return tuple(sorted(found.values(), key=_position))


def _position(remark: Diagnostic) -> tuple[str, int, int, str]:
    place = remark.place
    return (place.file, place.line, place.column, remark.code) if place else ("", 0, 0, remark.code)
