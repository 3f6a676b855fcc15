"""TOML to the tree that YAML is read into, so that the faults of a configuration have their places too.

``tomllib`` says whether a file is TOML, and what a value comes to; it does not say where anything stands. So a file that it has read is
walked once more for the places of its keys and values, which is easy in a file that is known to be sound.
"""

import re
import tomllib
from pathlib import Path

from perfrules.errors import Diagnostic
from perfrules.loader.document import Document, Span, Twig
from perfrules.loader.sources import MAX_BYTES, Source
from perfrules.locale import message
from perfrules.locations import Place

_SPACE = re.compile(r"[ \t]*")
_GAP = re.compile(r"(?:\s|#[^\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|' + r"'''.*?'{3,5}|" + r'"(?:[^"\\\n]|\\.)*"|' + r"'[^'\n]*'",
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}#\n]+")
_WHERE = re.compile(r" ?\(at (?:line (\d+), column (\d+)|end of document)\)$")


def read_toml(path: Path) -> tuple[Document | None, list[Diagnostic]]:
    """Read a TOML file: the document, or None and why it cannot be read."""
    file = str(path)
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        what = message("{file} cannot be read: {reason}", file=file, reason=error.strerror or "")
        return None, [Diagnostic("PR119", what, Place(file, 1))]
    except UnicodeDecodeError:
        return None, [_refused(file, "not UTF-8")]
    if len(raw) > MAX_BYTES:
        return None, [_refused(file, f"> {MAX_BYTES:,}")]
    source = Source(file, text)
    try:
        tomllib.loads(text)
        return Document(source, _Walker(text).run()), []
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return None, [_broken(source, str(error))]


def _refused(file: str, why: str) -> Diagnostic:
    what = message("{file} is not a text that TOML can be read from: {why}", file=file, why=why)
    return Diagnostic("PR119", what, Place(file, 1))


def _broken(source: Source, said: str) -> Diagnostic:
    """What tomllib says, at the place that it names."""
    found = _WHERE.search(said)
    at = len(source.text)
    if found and found[1]:
        at = source.start(min(int(found[1]), source.count)) + int(found[2]) - 1
    why = _WHERE.sub("", said)
    what = message("this is not TOML: {why}", why=why)
    hint = message("check brackets and quotes here; texts stand in quotes")
    return Diagnostic("PR119", what, source.place(min(at, len(source.text)), at + 1), hint)


class _Walker:
    """Finds the keys and values of a text that is known to be TOML."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.root = Twig({}, 0, len(text), "", {})

    def run(self) -> Twig:
        """The tree; scalars are texts, as they are in YAML."""
        table = self.root
        while self._skip(_GAP) < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._entry(table)
        return self.root

    def _skip(self, pattern: re.Pattern[str]) -> int:
        found = pattern.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.at

    def _header(self) -> Twig:
        """The table that a header names; of a list of tables, a new one."""
        many = self.text.startswith("[[", self.at)
        self.at += 1 + many
        *path, (name, span) = self._keys()
        self.at += 1 + many  # the closing brackets
        above = self._below(self.root, path)
        values = above.value if isinstance(above.value, dict) else {}
        if not many:
            return self._below(above, [(name, span)])
        above.keys.setdefault(name, span)
        listed = values.setdefault(name, Twig([], *span))
        table = Twig({}, *span, "", {})
        if isinstance(listed.value, list):
            listed.value.append(table)
        return table

    def _below(self, table: Twig, path: list[tuple[str, Span]]) -> Twig:
        """The table at a path below another, made where it is not there yet; of a list, its last."""
        for name, span in path:
            if not isinstance(table.value, dict):
                break
            table.keys.setdefault(name, span)
            found = table.value.setdefault(name, Twig({}, *span, "", {}))
            table = found.value[-1] if isinstance(found.value, list) and found.value else found
        return table

    def _entry(self, table: Twig) -> None:
        """A key with its value, which may lie some tables down."""
        *path, (name, span) = self._keys()
        self.at += 1  # the equals sign
        home = self._below(table, path)
        value = self._value()
        if isinstance(home.value, dict):
            home.keys[name] = span
            home.value[name] = value

    def _keys(self) -> list[tuple[str, Span]]:
        """A key of one part or several, up to the sign behind it."""
        found: list[tuple[str, Span]] = []
        while True:
            start = self._skip(_SPACE)
            part = _STRING.match(self.text, start) or _BARE_KEY.match(self.text, start)
            end = part.end() if part else start + 1
            written = self.text[start:end]
            name = _decoded(written) if written[:1] in "\"'" else written
            found.append((name, (start, end)))
            self.at = end
            if self.text[self._skip(_SPACE) : self.at + 1] != ".":
                return found
            self.at += 1

    def _value(self) -> Twig:
        start = self._skip(_SPACE)
        sign = self.text[start]
        if sign == "[":
            return self._list(start)
        if sign == "{":
            return self._inline(start)
        found = _STRING.match(self.text, start) or _SCALAR.match(self.text, start)
        written = found[0].rstrip() if found else sign
        self.at = start + len(written)
        return Twig(_decoded(written), start, self.at, sign if sign in "\"'" else "")

    def _list(self, start: int) -> Twig:
        items: list[Twig] = []
        self.at += 1
        while self.text[self._skip(_GAP)] != "]":
            items.append(self._value())
            if self.text[self._skip(_GAP)] == ",":
                self.at += 1
        self.at += 1
        return Twig(items, start, self.at, "[")

    def _inline(self, start: int) -> Twig:
        table = Twig({}, start, start, "{", {})
        self.at += 1
        while self.text[self._skip(_GAP)] != "}":
            self._entry(table)
            if self.text[self._skip(_GAP)] == ",":
                self.at += 1
        self.at += 1
        table.end = self.at
        return table


def _decoded(written: str) -> str:
    """A scalar as the text that it stands for."""
    value = tomllib.loads(f"x = {written}")["x"]
    return str(value).lower() if isinstance(value, bool) else str(value)
