"""From a stretch of a text to the stretch of the file that it was written in."""

import re
from collections.abc import Callable, Mapping

from perfrules.loader.document import Span, Twig
from perfrules.loader.sources import Source
from perfrules.values import frozen

_FOLD = re.compile(r"[ \t]*(?:\r\n|\r|\n)[ \t\r\n]*")
_JOINT = re.compile(r"\\(?:\r\n|\r|\n)[ \t]*")
_BLOCK_HEADER = re.compile(r"[|>][^\r\n]*[\r\n][ \r\n]*")
_ESCAPES = {"x": 2, "u": 4, "U": 8}
_HOLE = re.compile(r"\{(\w+)\}")


@frozen
class Filled:
    """A text whose ``{holes}`` were filled, and which stretch of it came from which of the original."""

    text: str
    pieces: tuple[tuple[Span, Span], ...] = ()

    def original(self, span: Span) -> Span:
        """The stretch of the unfilled text that ``span`` came from; a filling comes from its hole."""
        return self._back(span[0], 0), max(self._back(span[1] - 1, 1), self._back(span[0], 0) + 1)

    def _back(self, at: int, end: int) -> int:
        for (start, stop), (first, last) in self.pieces:
            if start <= at < stop:
                return last if end else first
        shift = 0
        for (_, stop), (_, last) in self.pieces:
            if stop <= at:
                shift = last - stop
        return at + shift + end


def fill(text: str, values: Mapping[str, str], written: Callable[[str, str, str], str]) -> Filled:
    """Put ``values`` into the ``{holes}`` of ``text``.

    Args:
        text: The text; a hole that has no value stays.
        values: What to put into each hole.
        written: How a value is written, given the value and the characters before and behind the hole.
    """
    made, pieces, last, length = [], [], 0, 0
    for hole in _HOLE.finditer(text):
        if hole[1] not in values:
            continue
        start, end = hole.span()
        value = written(
            values[hole[1]], text[start - 1 : start] if start else "", text[end : end + 1]
        )
        made += [text[last:start], value]
        length += start - last
        pieces.append(((length, length + len(value)), (start, end)))
        length += len(value)
        last = end
    return Filled("".join((*made, text[last:])), tuple(pieces))


def holes(text: str) -> list[tuple[str, Span]]:
    """The ``{holes}`` of a text and where they are."""
    return [(hole[1], hole.span()) for hole in _HOLE.finditer(text)]


def span_in_source(source: Source, twig: Twig, span: Span) -> Span:
    """Where the characters ``span`` of the text ``twig`` stand in the file.

    The text is laid over its source sign by sign: folded lines, indentation, doubled quotes and escapes are
    followed; in a text under ``|`` or ``>`` with further indentation the place is only near.
    """
    marks = _laid(source.text, twig, str(twig.value)[: max(span[1], 1)])
    start = marks[min(span[0], len(marks) - 1)]
    end = marks[min(max(span[1] - 1, span[0]), len(marks) - 1)] + 1
    return start, max(end, start + 1)


def _laid(raw: str, twig: Twig, text: str) -> list[int]:
    """For each sign of ``text``, its place in ``raw``."""
    at = twig.start + (1 if twig.style in ("'", '"') else 0)
    if twig.style in ("|", ">"):
        header = _BLOCK_HEADER.match(raw, at)
        at = header.end() if header else at
    marks: list[int] = []
    for sign in text:
        if twig.style == '"' and (joint := _JOINT.match(raw, at)):
            at = joint.end()
        at = min(at, max(twig.end - 1, twig.start))
        marks.append(at)
        at += _width(raw, at, sign, twig.style)
    return marks or [twig.start]


def _width(raw: str, at: int, sign: str, style: str) -> int:
    """How many characters of ``raw`` from ``at`` say ``sign``."""
    if style == '"' and raw[at] == "\\":
        return 2 + _ESCAPES.get(raw[at + 1 : at + 2], 0)
    if style == "'" and raw.startswith("''", at):
        return 2
    if sign in " \n":
        fold = _FOLD.match(raw, at)
        if fold:
            return fold.end() - at
        return 1 if raw[at] in " \t" else 0
    return 1
