"""Markdown as GitHub and GitLab read it: tables, and texts of strangers that stay texts."""

import re
from collections.abc import Iterable, Sequence

_SIGNS = re.compile(r"[\\`*_\[\]<>|~&@#]")
_BREAKS = re.compile(r"\s*[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+\s*")
_AS_NUMBERS = "<>&@"
"""A backslash before these does not everywhere keep them from being a tag, an entity or the name of a user."""
_LEAD = re.compile(r"^(\d*)((?<!\d)[-+](?=[\s-]|$)|(?<!\d)=|(?<=\d)[.)](?=\s|$))")
"""What a list or the line under a heading begins with."""


def plain(text: str) -> str:
    """``text`` as one line that Markdown shows as it is: no emphasis, link, image, tag, table cell or mention begins in it."""
    line = _BREAKS.sub(" ", text).strip()
    line = _SIGNS.sub(lambda sign: _written(sign[0]), line)
    return _LEAD.sub(r"\1\\\2", line)


def _written(sign: str) -> str:
    return f"&#{ord(sign)};" if sign in _AS_NUMBERS else f"\\{sign}"


def code(text: str) -> str:
    """``text`` as code, in a table too; nothing for nothing."""
    line = _BREAKS.sub(" ", text).strip()
    if not line:
        return ""
    if set(line) & {
        "|",
        "`",
    }:  # a table ends a cell at a bar even in code, so it is written as HTML
        return f"<code>{plain(line)}</code>"
    return f"`{line}`"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], right: int = 0) -> list[str]:
    """The lines of a table; its cells are Markdown already, and the last ``right`` columns are numbers."""
    rule = ["---"] * (len(head) - right) + ["---:"] * right
    return [f"| {' | '.join(cells)} |" for cells in (head, rule, *rows)]
