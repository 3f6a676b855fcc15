"""The files of a pack or a dataset, mended; nothing is written but copies in a folder for the time being."""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from pathlib import Path

from perfrules.errors import DataError, Diagnostic, PackError
from perfrules.loader.datasets import DATASET_FILE, load_dataset, load_facts_map
from perfrules.loader.document import Document, read_document
from perfrules.loader.fixes.edits import Fix, edited, proven
from perfrules.loader.fixes.forms import EXPRESSIONS, forms, plain_forms
from perfrules.loader.fixes.lines import WIDTHS, colons_and_quotes, margins
from perfrules.loader.fixes.order import order
from perfrules.loader.fixes.quotes import quotes
from perfrules.loader.folders import PACK_FILE, RULES_SUFFIX, folder_of, leads_out, rule_files
from perfrules.loader.packs import load_pack
from perfrules.loader.sources import MAX_BYTES, Source
from perfrules.model import Pack, RuleBlock
from perfrules.tables import names_of
from perfrules.values import frozen

ROUNDS = 50
"""How often a file is read anew for faults that hid behind others."""
_MARK = "\N{BYTE ORDER MARK}"
_HINDRANCES = frozenset({"PR103", "PR105", "PR106"})
"""Codes of files that are no YAML, or not the YAML that is meant."""
_MENDED = frozenset({"PR105", "PR106", "PR107"})
_QUOTED = {PACK_FILE: ("params",), DATASET_FILE: ("constants",)}
_QUOTED_IN_RULES, _QUOTED_IN_MAPS = ("cases",), ("key", "cells")

Texts = dict[str, str]
"""What the files say, by their names in the folder."""


@frozen
class Fixed:
    """What the mending of a pack or dataset came to.

    Attributes:
        texts: The files that changed, with what is to stand in them.
        made: What was mended: file and fix, in the order of files and lines.
    """

    texts: Mapping[Path, bytes] = field(default_factory=dict)
    made: tuple[tuple[Path, Fix], ...] = ()


@frozen
class _Loaded:
    """What files say, places and written forms apart, and their faults; nothing if they cannot be loaded."""

    content: object | None
    faults: Sequence[Diagnostic]
    words: frozenset[str] = frozenset()


def fixed_pack(folder: Path) -> Fixed:
    """What can be mended in a pack.

    Raises:
        PackError: The folder holds none.
    """
    folder = folder_of(folder)
    return _fixed(folder, [folder / PACK_FILE, *rule_files(folder)[0]], _load_pack)


def fixed_dataset(folder: Path) -> Fixed:
    """What can be mended in the ``dataset.yaml`` of a folder and in the mapping file that it names."""
    paths = [folder / DATASET_FILE]
    try:
        facts = load_dataset(folder).facts
    except DataError:
        facts = None
    if facts is not None and (folder / facts.map).is_file():
        paths.append(folder / facts.map)
    return _fixed(folder, paths, _load_dataset)


def _fixed(folder: Path, paths: Iterable[Path], load: Callable[[Path], _Loaded]) -> Fixed:
    raw: dict[str, str] = {}
    for path in paths:
        text = _text(path)
        if text is None or leads_out(path, folder.resolve()):
            return Fixed()
        raw[path.relative_to(folder).as_posix()] = text
    texts = {name: text.removeprefix(_MARK) for name, text in raw.items()}
    with tempfile.TemporaryDirectory() as home:
        made, fixes = _Mending(Path(home), load).run(texts)
    return Fixed(
        {
            folder / name: (raw[name][: len(raw[name]) - len(texts[name])] + text).encode()
            for name, text in made.items()
            if text != texts[name]
        },
        tuple(
            (folder / name, fix)
            for name in texts
            for fix in sorted(fixes.get(name, ()), key=lambda fix: fix.line)
        ),
    )


def _text(path: Path) -> str | None:
    """What a file says, if it is a text that the loader would take."""
    try:
        return path.read_bytes().decode() if path.stat().st_size <= MAX_BYTES else None
    except (OSError, UnicodeDecodeError):
        return None


# ---- what files say ----------------------------------------------------------------------------------------------------


def _load_pack(folder: Path) -> _Loaded:
    try:
        pack = load_pack(folder)
    except PackError as error:
        return _Loaded(None, error.diagnostics)
    named = [(name, thing) for name, thing in pack.tables.items()]
    words = {word for name, table in named for word in names_of(name, table)}
    for _, table in named:
        words.update(word for name, one in table.columns.items() for word in names_of(name, one))
    return _Loaded(_content(pack), pack.faults, frozenset(words))


def _content(pack: Pack) -> object:
    rules = [
        (
            _plain_block(rule.block), rule.tables, rule.grain, rule.assertion, rule.guard, rule.column,
            [(case.outcome, case.rows) for case in rule.cases],
        )
        for rule in pack.rules
    ]  # fmt: skip
    faults = Counter((fault.code, fault.rule) for fault in pack.faults)
    return pack.file, rules, faults, pack.faulty


def _plain_block(block: RuleBlock) -> RuleBlock:
    when = None if block.when is None else plain_forms(block.when)
    assertion = None if block.assert_ is None else plain_forms(block.assert_)
    return block.model_copy(update={"assert_": assertion, "when": when})


def _load_dataset(folder: Path) -> _Loaded:
    try:
        manifest = load_dataset(folder)
        path = folder / manifest.facts.map if manifest.facts else folder
        facts = load_facts_map(path) if path.is_file() else None
    except DataError as error:
        return _Loaded(None, error.diagnostics)
    return _Loaded((manifest, facts), ())


# ---- mending -----------------------------------------------------------------------------------------------------------


@frozen
class _Settled:
    """A file with its lines mended in one of the ways there are, and the faults that are left in it."""

    text: str
    fixes: tuple[Fix, ...]
    faults: Sequence[Diagnostic]
    tree: object


@frozen
class _Mending:
    """Mends texts; ``home`` is a folder for copies, ``load`` says what they are worth."""

    home: Path
    load: Callable[[Path], _Loaded]

    def run(self, texts: Texts) -> tuple[Texts, dict[str, tuple[Fix, ...]]]:
        """The texts with what was mended, and the fixes by file."""
        made, fixes = dict(texts), dict[str, tuple[Fix, ...]]()
        before = self._loaded(made)
        for name in texts:
            codes = {fault.code for fault in self._in(name, before.faults)} & _MENDED
            best = self._readable(made, name, codes) if codes else None
            if best is not None:
                made[name], fixes[name] = best.text, best.fixes
        before = self._loaded(made) if fixes else before
        if before.content is None:
            return made, fixes
        mended, more = dict(made), dict[str, tuple[Fix, ...]]()
        for name in texts:
            mended[name], more[name] = self._plain(name, made[name], before.words)
        if self._loaded(mended).content != before.content:
            return made, fixes
        return mended, {name: (*fixes.get(name, ()), *more[name]) for name in texts}

    def _loaded(self, texts: Texts) -> _Loaded:
        for name, text in texts.items():
            self._write(name, text)
        return self.load(self.home)

    def _write(self, name: str, text: str) -> Path:
        path = self.home / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode())
        return path

    def _document(self, name: str, text: str) -> Document | None:
        return read_document(self._write(name, text), frozenset())[0]

    # ---- files that cannot be read ------------------------------------------------------------------------------------

    def _readable(self, texts: Texts, name: str, codes: set[str]) -> _Settled | None:
        """A file with its lines mended; nothing if that leaves it unreadable, or could be done with another result."""
        ways = WIDTHS if "PR106" in codes else WIDTHS[:1]
        tried = [self._settled(texts, name, widths) for widths in ways]
        good = [one for one in tried if not {fault.code for fault in one.faults} & _HINDRANCES]
        fewest = min((len(one.faults) for one in good), default=0)
        best = [one for one in good if len(one.faults) == fewest]
        return best[0] if best and all(one.tree == best[0].tree for one in best) else None

    def _settled(self, texts: Texts, name: str, widths: tuple[int, int]) -> _Settled:
        text, done = texts[name], tuple[Fix, ...]()
        for _ in range(ROUNDS):
            faults = self._in(name, self._loaded({**texts, name: text}).faults)
            source = Source(name, text)
            fixes = [*margins(source, faults, widths), *colons_and_quotes(source, faults)]
            if not fixes:
                break
            text, done = edited(text, fixes), (*done, *fixes)
        document = self._document(name, text)
        return _Settled(text, done, faults, document.root.plain if document else None)

    def _in(self, name: str, faults: Iterable[Diagnostic]) -> list[Diagnostic]:
        """The faults of one file."""
        file = str(self.home / name)
        return [fault for fault in faults if fault.place and fault.place.file == file]

    # ---- files that can -----------------------------------------------------------------------------------------------

    def _plain(self, name: str, text: str, words: frozenset[str]) -> tuple[str, tuple[Fix, ...]]:
        """A file in its plain form, as far as it says the same."""
        document = self._document(name, text)
        if document is None:
            return text, ()
        meant = _meant(document)

        def says_the_same(text: str) -> bool:
            read = self._document(name, text)
            return read is not None and _meant(read) == meant

        is_rules = name.endswith(RULES_SUFFIX)
        other = _QUOTED_IN_RULES if is_rules else _QUOTED_IN_MAPS
        fixes = [*quotes(document, _QUOTED.get(name, other))]
        if is_rules:
            fixes += forms(document, words)
        text, done = proven(text, fixes, says_the_same)
        again = self._document(name, text)
        if again is None or not is_rules:
            return text, done
        text, moved = proven(text, list(order(again)), says_the_same)
        return text, (*done, *moved)


def _meant(document: Document) -> object:
    """What a file says, with the expressions of its rules in their plain form."""
    plain = document.root.plain
    listed = plain.get("rules") if isinstance(plain, dict) else None
    for block in listed if isinstance(listed, list) else ():
        if isinstance(block, dict):
            block.update(
                (key, plain_forms(block[key]))
                for key in EXPRESSIONS
                if isinstance(block.get(key), str)
            )
    return plain
