"""Pieces of a text that are written otherwise, and which of them are made."""

from collections.abc import Callable, Iterable, Sequence

from perfrules.loader.document import Span
from perfrules.locale import Message
from perfrules.values import frozen

Edit = tuple[Span, str]
"""A stretch of a text, and what is written there instead."""


@frozen
class Fix:
    """One thing to mend.

    Attributes:
        line: Where it is, as it is told.
        what: What was done, as it is told.
        edits: What it changes.
    """

    line: int
    what: Message
    edits: tuple[Edit, ...]


def edited(text: str, fixes: Iterable[Fix]) -> str:
    """``text`` with the fixes made; no two of them may touch the same stretch."""
    last, parts = 0, []
    for (start, end), new in sorted(edit for fix in fixes for edit in fix.edits):
        parts += [text[last:start], new]
        last = end
    return "".join((*parts, text[last:]))


def proven(
    text: str, fixes: Sequence[Fix], proof: Callable[[str], bool]
) -> tuple[str, tuple[Fix, ...]]:
    """The text with those fixes made that the proof lets pass: all, or else each that passes beside those before it."""
    whole = edited(text, fixes)
    if not fixes or proof(whole):
        return whole, tuple(fixes)
    kept: tuple[Fix, ...] = ()
    for fix in fixes:
        if proof(edited(text, (*kept, fix))):
            kept = (*kept, fix)
    return edited(text, kept), kept
