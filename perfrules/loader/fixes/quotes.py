"""Quotes around texts that other YAML programs read as something else than what is written."""

import re
from collections.abc import Collection, Iterator

from perfrules.loader.document import Document
from perfrules.loader.fixes.edits import Fix
from perfrules.loader.fixes.walk import texts_below
from perfrules.locale import message

_ORDINARY = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?")
"""A number that YAML 1.1, YAML 1.2 and JSON read alike."""
_MISREAD = re.compile(
    r"""
      (?i:y|n|yes|no|on|off)                        # true or false in YAML 1.1
    | [-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?  # a number to the base of sixty
    | [-+]?0[box][0-9a-fA-F_]+                      # of another base
    | [-+]?[0-9][0-9_]*\.?[0-9_]*(?:[eE][-+]?[0-9]+)?   # 001 is octal, 1e3 a thousand, 1_000 too
    | [-+]?\.[0-9][0-9_]*(?:[eE][-+]?[0-9]+)?
    | [-+]?\.(?i:inf|nan)
    | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9:.]*.*)?  # a date
    | =                                             # a type of its own, which most programs refuse
    """,
    re.VERBOSE,
)


def is_misread(text: str) -> bool:
    """Whether a text without quotes is something else to other programs: ``no``, ``001``, ``12:30``, ``1e3``, a date."""
    return _MISREAD.fullmatch(text) is not None and _ORDINARY.fullmatch(text) is None


def quotes(document: Document, keys: Collection[str]) -> Iterator[Fix]:
    """A fix for each such text below ``keys``."""
    for twig in texts_below(document.root, keys):
        text = twig.value
        if isinstance(text, str) and not twig.style and is_misread(text):
            what = message(
                "quotes set around {text}, which other programs read as something else", text=text
            )
            span = twig.start, twig.end
            if document.source.text[slice(*span)] == text:
                yield Fix(document.source.row(twig.start), what, ((span, f"'{text}'"),))
