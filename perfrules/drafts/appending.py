"""A block put at the end of a list of blocks of a file, whose indentation, comments and line ends stay as they are."""

import re

from perfrules.drafts.blocks import Lines
from perfrules.loader.document import Document, Twig
from perfrules.values import frozen

_END = re.compile(r"\r\n|\n|\r")


@frozen
class Layout:
    """How a file indents its blocks.

    Attributes:
        dash: Spaces before the hyphen of a block.
        inner: From the hyphen to its keys.
        step: From a key to what is below it.
    """

    dash: int = 2
    inner: int = 2
    step: int = 2

    def laid(self, lines: Lines) -> list[str]:
        """Lines with their indentation."""
        return [(self._indent(depth) + text).rstrip() for depth, text in lines]

    def _indent(self, depth: int) -> str:
        if depth == 0:
            return " " * self.dash + "-".ljust(self.inner)
        return " " * (self.dash + self.inner + self.step * (depth - 1))


def takes_blocks(document: Document, name: str = "rules") -> bool:
    """Whether the blocks under a key of a file are a list to which one can be added: one with hyphens, or none yet."""
    rules = _blocks(document, name)
    return rules is not None and not document.root.style and not (rules.style and rules.value)


def with_block(document: Document, lines: Lines, name: str = "rules") -> str:
    """The text of a file with a block at the end of the list under a key."""
    text = document.source.text
    rules = _blocks(document, name)
    if rules is None:
        raise ValueError(document.source.file)
    found = _END.search(text)
    end = found[0] if found else "\n"
    if not rules.value:  # written []
        text = text[: rules.start].rstrip(" ") + text[rules.end :]
        at, before = _line_end(text, rules.start - 1), ""
    else:
        at, before = _after(document, rules), end
    block = Layout() if not rules.value else _layout(document, rules)
    made = "".join(f"{line}{end}" for line in block.laid(lines))
    if not text[:at].endswith(("\n", "\r")):
        before = end + before
    elif text[:at].endswith(2 * end):
        before = ""
    return text[:at] + before + made + text[at:]


def _blocks(document: Document, name: str) -> Twig | None:
    found = document.root.value.get(name) if isinstance(document.root.value, dict) else None
    return found if found is not None and isinstance(found.value, list) else None


def _layout(document: Document, rules: Twig) -> Layout:
    items = rules.value if isinstance(rules.value, list) else []
    dash = _column(document, rules.start)
    steps = (
        _column(document, twig.start) - _column(document, key[0])
        for item in items
        if isinstance(item.value, dict)
        for twig, key in zip(item.value.values(), item.keys.values(), strict=True)
        if isinstance(twig.value, dict) and not twig.style
    )
    return Layout(dash, _column(document, items[-1].start) - dash, next(steps, 2))


def _column(document: Document, at: int) -> int:
    source = document.source
    return at - source.start(source.row(at))


def _after(document: Document, rules: Twig) -> int:
    """Where the line behind the last rule begins, and behind the comments that are indented as its keys are."""
    source = document.source
    dash = _column(document, rules.start)
    row = source.row(_last(rules))
    end = row
    for below in range(row + 1, source.count + 1):
        line = source.line(below)
        bare = line.lstrip(" ")
        if bare.startswith("#") and len(line) - len(bare) > dash:
            end = below
        elif bare:
            break
    return source.start(end + 1) if end < source.count else len(source.text)


def _last(twig: Twig) -> int:
    """The last character of the text of a piece; a block ends where the next thing begins, so its last leaf is asked."""
    below: list[Twig] = []
    if not twig.style and isinstance(twig.value, dict):
        below = list(twig.value.values())
    elif not twig.style and isinstance(twig.value, list):
        below = list(twig.value)
    return _last(below[-1]) if below else max(twig.end - 1, twig.start)


def _line_end(text: str, at: int) -> int:
    """Where the line behind that of the character at ``at`` begins."""
    found = _END.search(text, max(at, 0))
    return found.end() if found else len(text)
