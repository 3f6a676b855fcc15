"""The keys of rules in their usual order, each moved as a whole with the comments above and behind it."""

import re
from collections.abc import Iterator
from itertools import pairwise

from perfrules.loader.document import Document, Twig
from perfrules.loader.fixes.edits import Fix
from perfrules.loader.fixes.walk import rule_twigs
from perfrules.locale import message
from perfrules.values import mutable

ORDER = (
    "id", "title", "table", "per", "for", "when", "assert", "rollup", "tolerance", "max_slack", "severity", "message", "hint", "basis",
    "since", "until", "status", "tags", "cases",
)  # fmt: skip
"""The keys of a rule as they usually stand: what it is, where it applies, what must hold, what is said of it, its cases."""
_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")
_DASH = re.compile(r" *- +(?=[^ #])")


@mutable
class _Part:
    """A key with what stands under it: lines without their ends; the first begins with the key.

    Attributes:
        key: The key.
        above: The blank lines and comments above it.
        lines: Its own lines.
    """

    key: str
    above: list[str]
    lines: list[str]


def order(document: Document) -> Iterator[Fix]:
    """A fix for each rule whose keys stand in another order; rules in one line, in { }, stay as they are."""
    for twig in rule_twigs(document.root):
        keys = list(twig.keys)
        if not twig.style and set(keys) <= set(ORDER) and keys != sorted(keys, key=ORDER.index):
            yield from _fix(document, twig)


def _fix(document: Document, twig: Twig) -> Iterator[Fix]:
    source = document.source
    rows = [source.row(start) for start, _ in twig.keys.values()]
    column = next(iter(twig.keys.values()))[0] - source.start(rows[0])
    dash = _DASH.match(source.line(rows[0]))
    if dash is None or dash.end() != column or len(set(rows)) < len(rows):
        return
    bounds = list(pairwise([*rows, source.count + 1]))
    ends = [
        _last_row(document, twig, key, (row, below), column)
        for key, (row, below) in zip(twig.keys, bounds, strict=True)
    ]
    parts = []
    for key, row, above, end in zip(twig.keys, rows, [rows[0] - 1, *ends], ends, strict=False):
        lines = [source.line(number) for number in range(row, end + 1)]
        before = [source.line(number) for number in range(above + 1, row)]
        parts.append(_Part(key, before, [lines[0][column:], *lines[1:]]))
    parts.sort(key=lambda part: ORDER.index(part.key))
    span = source.start(rows[0]), source.start(ends[-1]) + len(source.line(ends[-1]))
    made = _together(parts, dash[0])
    found = twig.value.get("id") if isinstance(twig.value, dict) else None
    name = found.value if found else rows[0]
    what = message("the keys of rule {rule} put into their usual order", rule=name)
    yield Fix(rows[0], what, ((span, _with_ends(source.text[slice(*span)], made)),))


def _last_row(document: Document, twig: Twig, key: str, rows: tuple[int, int], column: int) -> int:
    """The last line of a key: of what stands under it, and of comments behind that are further in than the key."""
    source = document.source
    below = twig.value[key] if isinstance(twig.value, dict) else twig
    last = source.row(max(_end(source.text, below), twig.keys[key][1]) - 1)
    for row in range(last + 1, rows[1]):
        line = source.line(row)
        if line.strip() and not line.lstrip().startswith("#"):
            break
        if line.strip() and len(line) - len(line.lstrip()) > column:
            last = row
    return last


def _end(text: str, twig: Twig) -> int:
    """Where the last sign of a piece stands, without what lies between it and the next."""
    below = list(twig.value.values()) if isinstance(twig.value, dict) else twig.value
    if isinstance(below, list) and below and not twig.style:
        return max([end for _, end in twig.keys.values()] + [_end(text, one) for one in below])
    return twig.start + len(text[twig.start : twig.end].rstrip())


def _together(parts: list[_Part], dash: str) -> list[str]:
    """The lines of a rule; what stood above the key that now comes first stands above the whole rule."""
    first, *others = parts
    margin = " " * (len(dash) - len(dash.lstrip()))
    lines = [margin + line.strip() if line.strip() else line for line in first.above]
    lines += [dash + first.lines[0], *first.lines[1:]]
    for part in others:
        lines += [*part.above, " " * len(dash) + part.lines[0], *part.lines[1:]]
    return lines


def _with_ends(text: str, lines: list[str]) -> str:
    """``lines`` with the line ends of ``text``, which has as many lines."""
    ends = [found[2] for found in _LINE.finditer(text)]
    return "".join(line + end for line, end in zip(lines, ends, strict=False))
