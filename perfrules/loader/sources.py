"""A text file from a stranger: read within bounds, as UTF-8, with the faults that YAML would hide found first."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import field
from pathlib import Path

from perfrules.errors import Diagnostic
from perfrules.locale import message
from perfrules.locations import Place
from perfrules.values import frozen

MAX_BYTES = 5_000_000
"""The largest YAML file that is read."""

_ODD_INDENT = re.compile(r"^ *([\t\u00a0\u2000-\u200b\u202f\u205f\u3000])[^\n]*", re.MULTILINE)
_BLOCK_HEADER = re.compile(r"(?:^|[:\-]) *[|>][-+1-9]{0,2} *(?:#.*)?$")
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MARK = "\N{BYTE ORDER MARK}"


@frozen
class Source:
    """The text of a file and where its lines begin.

    Attributes:
        file: The file as the caller named it.
        text: What it says, without a byte order mark.
    """

    file: str
    text: str
    _starts: list[int] = field(init=False, repr=False)
    _lines: dict[int, str] = field(
        init=False, repr=False, default_factory=dict
    )  # one copy for many places

    def __post_init__(self) -> None:
        starts = [0, *(end.end() for end in re.finditer(r"\r\n|\n|\r", self.text))]
        object.__setattr__(self, "_starts", starts)

    @property
    def count(self) -> int:
        """How many lines it has."""
        return len(self._starts)

    def row(self, at: int) -> int:
        """Which line, counted from 1, the character at ``at`` stands in."""
        return bisect_right(self._starts, at)

    def start(self, row: int) -> int:
        """Where a line begins."""
        return self._starts[row - 1]

    def line(self, row: int) -> str:
        """The text of a line, without its end."""
        if row not in self._lines:
            end = self._starts[row] if row < self.count else len(self.text)
            self._lines[row] = self.text[self._starts[row - 1] : end].rstrip("\r\n")
        return self._lines[row]

    def place(self, start: int, end: int) -> Place:
        """The stretch from ``start`` to ``end`` as a place; of several lines, the part in the first."""
        row = self.row(start)
        line = self.line(row)
        column = start - self._starts[row - 1]
        length = min(end - start, len(line) - column)
        return Place(self.file, row, column + 1, max(length, 1), line)


def source_of(
    path: Path, raw: bytes | None, keys: frozenset[str]
) -> tuple[Source | None, list[Diagnostic]]:
    """The text of a file.

    Args:
        path: The file.
        raw: Its bytes, by :func:`raw_of`.
        keys: Keys of the format, to know one that is followed by a full-width colon.

    Returns:
        The source, or None and what is wrong with it.
    """
    file = str(path)
    if raw is None:
        return None, [
            Diagnostic(
                "PR101",
                message("{file} cannot be read", file=file),
                Place(file, 1),
                message("check that it is there, is a file, and may be opened"),
            )
        ]
    if len(raw) > MAX_BYTES:
        return None, [_too_large(file)]
    try:
        text = raw.decode("utf-8").removeprefix(_MARK)
    except UnicodeDecodeError as fault:
        return None, [_not_utf8(file, raw, fault.start)]
    source = Source(file, text)
    faults = [*_unprintable(source), *_indentation(source), *_full_width_colons(source, keys)]
    return (None if faults else source), faults


def raw_of(path: Path) -> bytes | None:
    """The bytes of a file, at most one more than the limit; None if it cannot be read."""
    try:
        if not path.is_file():
            return None
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError:
        return None


def _too_large(file: str) -> Diagnostic:
    return Diagnostic(
        "PR109",
        message("{file} is larger than {limit} bytes", file=file, limit=f"{MAX_BYTES:,}"),
        Place(file, 1),
        message("split it into several files"),
    )


def _not_utf8(file: str, raw: bytes, at: int) -> Diagnostic:
    coding = "utf-8"
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        what, hint = (
            message("the file is not UTF-8 text"),
            message("it looks like UTF-16; save it as UTF-8"),
        )
        return Diagnostic("PR102", what, Place(file, 1), hint)
    if _is_gb18030(raw):
        coding = "gb18030"
        hint = message("it looks like GB18030 (GBK); save it as UTF-8")
    else:
        hint = message("save it as UTF-8")
    start = raw.rfind(b"\n", 0, at) + 1
    line = raw[start : start + 1000].split(b"\n")[0].rstrip(b"\r")
    place = Place(
        file,
        raw.count(b"\n", 0, at) + 1,
        len(raw[start:at].decode(coding, errors="replace")) + 1,
        1,
        line.decode(coding, errors="replace"),
    )
    return Diagnostic("PR102", message("the file is not UTF-8 text"), place, hint)


def _is_gb18030(raw: bytes) -> bool:
    try:
        text = raw.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)


def _unprintable(source: Source) -> Iterator[Diagnostic]:
    found = _UNPRINTABLE.search(source.text)
    if found:
        yield Diagnostic(
            "PR103",
            message(
                "an invisible control character stands here: {name}", name=f"U+{ord(found[0]):04X}"
            ),
            source.place(*found.span()),
            message("delete it"),
        )


def _indentation(source: Source) -> Iterator[Diagnostic]:
    inside: frozenset[int] | None = None
    for found in _ODD_INDENT.finditer(source.text):
        row = source.row(found.start())
        inside = block_rows(source) if inside is None else inside
        sign = found[1]
        if row in inside:
            continue
        if sign == "\t":
            what = message("a tab stands in the indentation")
        else:
            name = unicodedata.name(sign, "").lower()
            what = message(
                "{name} (U+{number}) stands in the indentation",
                name=name,
                number=f"{ord(sign):04X}",
            )
        yield Diagnostic(
            "PR106", what, source.place(*found.span(1)), message("indent with ordinary spaces only")
        )


def _full_width_colons(source: Source, keys: frozenset[str]) -> Iterator[Diagnostic]:
    if "：" not in source.text:
        return
    words = "|".join(sorted(map(re.escape, keys)))
    pattern = re.compile(rf"^ *(?:- +)*(?:{words})[ \u3000]*(：)", re.MULTILINE)
    inside: frozenset[int] | None = None
    for found in pattern.finditer(source.text):
        inside = block_rows(source) if inside is None else inside
        if source.row(found.start(1)) not in inside:
            yield full_width_colon(source, found.start(1))


def full_width_colon(source: Source, at: int) -> Diagnostic:
    """The fault of a ``：`` that stands where ``: `` is due."""
    return Diagnostic(
        "PR105",
        message("a full-width colon stands behind a key"),
        source.place(at, at + 1),
        message("write an ordinary colon and a space: {example}", example="title: …"),
    )


def block_rows(source: Source) -> frozenset[int]:
    """The lines that belong to a text written under ``|`` or ``>``."""
    rows: set[int] = set()
    limit = -1
    for row in range(1, source.count + 1):
        line = source.line(row)
        if limit >= 0 and (not line.strip() or line.startswith(" " * (limit + 1))):
            rows.add(row)
            continue
        limit = _key_column(line) if _BLOCK_HEADER.search(line) else -1
    return frozenset(rows)


def _key_column(line: str) -> int:
    """Where the key of a line begins, or its first sign if it has none."""
    before = re.match(r" *(?:- +)*(?=[^\s|>-])| *", line)
    return len(before[0]) if before else 0
