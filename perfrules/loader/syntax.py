"""What a YAML parser's complaint most likely means, told by what stands in the line."""

import re
from collections.abc import Iterator

from perfrules.errors import Diagnostic
from perfrules.loader.sources import Source, full_width_colon
from perfrules.locale import Message, message
from perfrules.values import frozen

_COLON_KEY = re.compile(r"^ *(?:- +)*[^\s:：\"'#{\[]+ *(：)", re.MULTILINE)


def explained(source: Source, at: int, context: int | None, problem: str) -> Diagnostic:
    """Explain a broken syntax.

    Args:
        source: The file.
        at: Where the parser stopped.
        context: Where the part began that it was reading.
        problem: What it says.
    """
    told = next(_told_by_the_lines(source, at, context, problem), None)
    if told is not None:
        return told
    what, at_opening = _PROBLEMS.get(problem, _NO_YAML)
    spot = context if at_opening and context is not None else at
    hint = message("check indentation, brackets and quotes here and in the line above")
    return Diagnostic("PR103", what, source.place(spot, spot + 1), hint)


def _told_by_the_lines(
    source: Source, at: int, context: int | None, problem: str
) -> Iterator[Diagnostic]:
    """Explanations by what stands in the line of the problem and above it, the likeliest first."""
    if problem == "found unexpected end of stream":
        return
    last = source.row(at)
    first = source.row(context) if context is not None else last
    for row in range(last, max(first, last - 1, 1) - 1, -1):
        line = source.line(row)
        start = source.start(row)
        if found := _COLON_KEY.match(line):
            yield full_width_colon(source, start + found.start(1))
        for tale in _TELL_TALES:
            if tale.problem in ("", problem) and (found := tale.pattern.search(line)):
                span = start + found.start(1), start + found.end(1)
                yield Diagnostic(tale.code, tale.what, source.place(*span), tale.hint)


_QUOTE_WHOLE = message(
    "put the whole value in single quotes, or write it in the next line under {sign}", sign=">-"
)


@frozen
class _Tale:
    """What a line with ``pattern`` in it most likely suffers from, under one problem or under any."""

    pattern: re.Pattern[str]
    what: Message
    hint: Message
    code: str = "PR103"
    problem: str = ""


_KEY = r"^ *(?:- +)*[^\s:\"'{\[]+"
_NO_VALUES = "mapping values are not allowed in this context"
_TELL_TALES = (
    _Tale(
        re.compile(_KEY + r": +([“‘„＂])"),
        message("curly quotes do not hold a value together"),
        message("use straight quotes around the value: {quotes}", quotes='" "'),
        "PR107",
        _NO_VALUES,
    ),
    _Tale(
        re.compile(_KEY + r": +((?:\"[^\"]*\"|'[^']*')(?= *[^\s#,\]}]))"),
        message("the value goes on behind its closing quote"),
        _QUOTE_WHOLE,
    ),
    _Tale(
        re.compile(_KEY + r": +([`@%])"),
        message("a value cannot begin with this sign in YAML"),
        _QUOTE_WHOLE,
    ),
    _Tale(
        re.compile(_KEY + r"(:)(?=\S)"),
        message("a space is due behind the colon"),
        message("write {example}", example="key: value"),
    ),
    _Tale(
        re.compile(_KEY + r": +[^\"'#\s][^#]*?(:)(?: |$)"),
        message("a second colon stands in the value"),
        _QUOTE_WHOLE,
        problem=_NO_VALUES,
    ),
)
_MISALIGNED = message("this line begins in a column that fits no line above it")
_UNCLOSED = message("this bracket is not closed, or a comma is missing behind it")
_NO_YAML = (message("the file is not YAML from here on"), False)
_PROBLEMS: dict[str, tuple[Message, bool]] = {  # and whether the fault is where the part began
    "did not find expected key": (_MISALIGNED, False),
    "did not find expected '-' indicator": (_MISALIGNED, False),
    "did not find expected ',' or ']'": (_UNCLOSED, True),
    "did not find expected ',' or '}'": (_UNCLOSED, True),
    "did not find expected node content": (
        message("a value is missing here, or a bracket is not closed"),
        False,
    ),
    "found unexpected end of stream": (message("a quote opens here and is never closed"), True),
    "could not find expected ':'": (message("a colon behind the key is missing"), True),
    _NO_VALUES: (
        message("a colon stands where no key can be; perhaps the line is indented too far"),
        False,
    ),
    "found character that cannot start any token": (
        message("a value cannot begin with this sign in YAML"),
        False,
    ),
}
