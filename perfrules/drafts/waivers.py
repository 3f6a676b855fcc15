"""Waivers as the lines of YAML blocks, at the end of a file of waivers or in a new one."""

import datetime
import tempfile
from collections.abc import Sequence
from pathlib import Path

from perfrules.drafts.appending import Layout, takes_blocks, with_block
from perfrules.drafts.blocks import Lines
from perfrules.errors import DataError, Diagnostic, UsageError
from perfrules.findings import Finding
from perfrules.findings.identity import numbers
from perfrules.loader import load_waivers
from perfrules.loader.document import read_document
from perfrules.loader.shapes import all_keys
from perfrules.locale import message, word
from perfrules.testing.blocks import scalar
from perfrules.values import frozen
from perfrules.waivers import Reason, Waiver, WaiversFile

_CURLY = tuple("“‘„＂")
_MARK = b"\xef\xbb\xbf"


@frozen
class Signature:
    """What somebody says of findings; the members are those of :class:`perfrules.waivers.Waiver`."""

    reason: Reason
    by: str
    date: datetime.date
    text: str = ""
    expires: datetime.date | None = None
    approved_by: str = ""
    evidence: str = ""


def waiver_for(finding: Finding, said: Signature) -> Waiver:
    """The waiver of one finding, for its numbers as they are."""
    return Waiver(
        finding.rule, finding.key, (numbers(finding),), said.reason, said.by, said.date, finding.column, said.text, said.expires,
        said.approved_by, said.evidence, finding.pack,
    )  # fmt: skip


def with_waivers(path: Path, waivers: Sequence[Waiver], pack: str, language: str = "en") -> bytes:
    """What a file of waivers says with more of them at its end, or a new one; nothing is written.

    Args:
        path: The file, which need not be there.
        waivers: What is added.
        pack: Id of the pack whose rules they speak of.
        language: Of the comments that tell what each explains.

    Raises:
        DataError: The file cannot be read, or has a fault.
        UsageError: It is for another pack, its list is written in one line, or it is a workbook.
    """
    if path.suffix.lower() == ".xlsx":
        what = message("{file} is a workbook; waivers are added to files of YAML", file=str(path))
        raise UsageError([Diagnostic("PR525", what, hint=message("name another file with --file"))])
    lines = _blocks(waivers, language)
    if not path.exists():
        made = "\n".join(Layout().laid(lines))
        return _proved(path, f"pack: {scalar(pack)}\n\nwaivers:\n{made}\n".encode())
    load_waivers(path)
    document, faults = read_document(path, all_keys(WaiversFile))
    if document is None:
        raise DataError(faults)
    root = document.root.value if isinstance(document.root.value, dict) else {}
    own = root["pack"].value if "pack" in root else None
    if own not in (None, pack):
        what = message("{file} is for the pack {own}, and this is a report of {pack}", file=str(path), own=own, pack=pack)  # fmt: skip
        raise UsageError([Diagnostic("PR525", what, hint=message("name another file with --file"))])
    if not takes_blocks(document, "waivers"):
        what = message("nothing can be added to {file}: its waivers are written in one line", file=str(path))  # fmt: skip
        hint = message("write each in lines of its own, with a hyphen before the first")
        raise UsageError([Diagnostic("PR525", what, document.place(root["waivers"]), hint)])
    mark = _MARK if path.read_bytes().startswith(_MARK) else b""
    return _proved(path, mark + with_block(document, lines, "waivers").encode())


def _proved(path: Path, content: bytes) -> bytes:
    """``content``, once it has been read back: a key of strangers may hold what no such file can.

    Raises:
        DataError: It cannot be read; the file stays as it is.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        copy.write_bytes(content)
        load_waivers(copy)
    return content


def _blocks(waivers: Sequence[Waiver], language: str) -> Lines:
    """The lines of several blocks, parted by empty ones."""
    lines: list[tuple[int, str]] = []
    for waiver in waivers:
        lines += [(1, ""), *_block(waiver, language)] if lines else _block(waiver, language)
    return tuple(lines)


def _scalar(text: str) -> str:
    """A text as YAML; curly quotes at its beginning are meant."""
    return f"'{text.replace(chr(39), 2 * chr(39))}'" if text.startswith(_CURLY) else scalar(text)


def _block(waiver: Waiver, language: str) -> list[tuple[int, str]]:
    key = ", ".join(f"{name}: {_scalar(text)}" for name, text in waiver.key.items())
    hashes = [scalar(one) for one in waiver.numbers]
    texts = [
        ("text", waiver.text),
        ("by", waiver.by),
        ("date", waiver.date.isoformat()),
        ("expires", waiver.expires.isoformat() if waiver.expires else ""),
        ("approved_by", waiver.approved_by),
        ("evidence", waiver.evidence),
    ]
    lines = [
        f"rule: {scalar(waiver.rule)}",
        *([f"key: {{{key}}}"] if key else []),
        *([f"column: {scalar(waiver.column)}"] if waiver.column else []),
        f"numbers: {hashes[0] if len(hashes) == 1 else '[' + ', '.join(hashes) + ']'}",
        f"reason: {waiver.reason} # {word(waiver.label, language)}",
        *(f"{name}: {_scalar(text)}" for name, text in texts if text),
    ]
    return [(0 if place == 0 else 1, line) for place, line in enumerate(lines)]
