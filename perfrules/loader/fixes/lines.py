"""What keeps a file from being read: full-width colons, wide spaces and tabs in the indentation, curly quotes.

These have a fault of the loader each, and are mended where the fault points.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product

from perfrules.errors import Diagnostic, Located
from perfrules.loader.fixes.edits import Fix
from perfrules.loader.sources import Source
from perfrules.locale import Message, message

WIDTHS = tuple(product((4, 2, 8), (2, 1)))
"""How many columns a tab goes on to, and how many spaces a wide space is; editors differ."""
_MARGIN = re.compile(r"[ \t\u00a0\u2000-\u200b\u202f\u205f\u3000]*")
_COLON = re.compile(r"[ \u3000]*：[ \u3000]*(?=(.?))")
_CURLY = re.compile(r"[“‘„＂]([^“”‘’„＂\r\n]*)[”’＂](?=[ \t]*(?:[,}\]\r\n]|#|$))")


def colons_and_quotes(source: Source, faults: Sequence[Diagnostic]) -> Iterator[Fix]:
    """A fix for each full-width colon behind a key and each pair of curly quotes that faults of the file point at."""
    told: set[int] = set()
    for fault in faults:
        mend = _MENDS.get(fault.code)
        if mend is None or fault.place is None:
            continue
        at = source.start(fault.place.line) + fault.place.column - 1
        if at not in told:
            told.add(at)
            yield from mend(source, at, fault.place)


def _colon(source: Source, at: int, place: Located) -> Iterator[Fix]:
    start = at - len(source.text[:at]) + len(source.text[:at].rstrip(" \u3000"))
    found = _COLON.match(source.text, start)
    if found is not None:
        what = message("a full-width colon behind a key written as an ordinary one")
        space = " " if found[1].strip() else ""
        yield Fix(place.line, what, (((start, found.end()), f":{space}"),))


def _quotes(source: Source, at: int, place: Located) -> Iterator[Fix]:
    found = _CURLY.match(source.text, at)
    if found is not None:
        text = found[1]
        straight = (
            f'"{text}"' if not set(text) & set('"\\') else "'" + text.replace("'", "''") + "'"
        )
        what = message("curly quotes around {text} written as straight ones", text=text)
        yield Fix(place.line, what, ((found.span(), straight),))


_MENDS: Mapping[str, Callable[[Source, int, Located], Iterator[Fix]]] = {
    "PR105": _colon,
    "PR107": _quotes,
}


def margins(source: Source, faults: Sequence[Diagnostic], widths: tuple[int, int]) -> Iterator[Fix]:
    """A fix for each line whose indentation has other signs than spaces in it."""
    for fault in faults:
        if fault.code == "PR106" and fault.place is not None:
            start = source.start(fault.place.line)
            found = _MARGIN.match(source.text, start)
            margin = found[0] if found else ""
            spaces = " " * _columns(margin, *widths)
            yield Fix(fault.place.line, _SPACES, (((start, start + len(margin)), spaces),))


_SPACES: Message = message("the indentation made of ordinary spaces")


def _columns(margin: str, tab: int, wide: int) -> int:
    """How far a margin reaches."""
    columns = 0
    for sign in margin:
        if sign == "\t":
            columns += tab - columns % tab
        elif sign == "\u3000":
            columns += wide
        else:
            columns += sign != "\u200b"
    return columns
