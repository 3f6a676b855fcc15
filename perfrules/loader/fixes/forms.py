"""Full-width signs in expressions, written in their plain form where the tree stays the same."""

import re
from collections.abc import Collection, Iterator

from perfrules.errors import ExpressionFault
from perfrules.expr.parse import parse
from perfrules.loader.document import Document, Twig
from perfrules.loader.fixes.edits import Edit, Fix
from perfrules.loader.fixes.walk import blocks
from perfrules.loader.spans import span_in_source
from perfrules.locale import message

EXPRESSIONS = ("assert", "when")
_SIGNS = "＋－＊／＝＜＞！％（）［］，．"
_PLAIN = {ord(sign): chr(ord(sign) - 0xFEE0) for sign in f"{_SIGNS}０１２３４５６７８９"}
_PIECES = re.compile(
    r"""(?P<quoted>"[^"\n]*"|'[^'\n]*'|“[^”\n]*”|‘[^’\n]*’|「[^」\n]+」|`[^`\n]+`)|(?P<word>[^\W\d]\w*)|(?P<wide>[＋－＊／＝＜＞！％（）［］，．０-９])"""
)


def plain_forms(text: str) -> str:
    """An expression with its full-width signs in their plain form; names and what stands in quotes stay."""
    made = list(text)
    for at in _wide(text):
        made[at] = text[at].translate(_PLAIN)
    return "".join(made)


def _wide(text: str) -> list[int]:
    return [found.start() for found in _PIECES.finditer(text) if found["wide"]]


def forms(document: Document, words: Collection[str]) -> Iterator[Fix]:
    """A fix for each expression with full-width signs that says the same without them.

    Args:
        document: A rules file.
        words: Every name in reach.
    """
    for block in blocks(document.root):
        for key in EXPRESSIONS:
            twig = block.get(key)
            if twig is not None and isinstance(twig.value, str):
                yield from _fix(document, twig, twig.value, words)


def _fix(document: Document, twig: Twig, text: str, words: Collection[str]) -> Iterator[Fix]:
    plain = plain_forms(text)
    if plain == text or not _means_the_same(text, plain, words):
        return
    source, edits = document.source, list[Edit]()
    for at in _wide(text):
        span = span_in_source(source, twig, (at, at + 1))
        if source.text[slice(*span)] != text[at]:
            return
        edits.append((span, plain[at]))
    signs = "".join(dict.fromkeys(text[at] for at in _wide(text)))
    what = message("full-width signs {signs} written in their plain form", signs=signs)
    yield Fix(source.row(edits[0][0][0]), what, tuple(edits))


def _means_the_same(text: str, plain: str, words: Collection[str]) -> bool:
    """Whether both are the same tree, whatever name stands in the holes."""
    try:
        before, after = (parse(_named(one), words) for one in (text, plain))
    except ExpressionFault:
        return False
    return before == after


def _named(text: str) -> str:
    """``text`` with a name in each hole."""
    return re.sub(r"\{(\w+)\}", r"\1", text)
