"""The files of a pack to one :class:`Pack`; a rule with a fault is left out and named."""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import field, replace
from pathlib import Path

from perfrules.errors import Diagnostic, PackError
from perfrules.loader.document import Document, Twig, read_document
from perfrules.loader.faults import checked, position
from perfrules.loader.folders import PACK_FILE, folder_of, leads_out, rule_files
from perfrules.loader.names import Names, names_in
from perfrules.loader.rules import RuleReader, rule_name
from perfrules.loader.shapes import all_keys
from perfrules.loader.written import WrittenTwig
from perfrules.locale import message
from perfrules.locations import Place
from perfrules.model import Pack, PackFile, Rule, RuleBlock, RulesFile
from perfrules.tables import Ladder
from perfrules.values import frozen, mutable

MAX_RULES = 20_000
"""How many rules a pack may have, each entry of ``for`` counted."""
MAX_TEXT = 10_000_000
"""How many characters its expressions may have together, with every ``for`` put in."""

_FRAME = frozenset({"table", "per", "for", "rollup"})
"""Keys without which nothing else of a rule can be judged."""
_KEYS = all_keys(PackFile, RulesFile)


def load_pack(name_or_folder: str | Path) -> Pack:
    """Load a pack.

    Args:
        name_or_folder: The id of a built-in pack, the name of an installed one, or a folder with a
            ``pack.yaml``.

    Returns:
        The pack. A rule with a fault is left out; its faults are in ``faults``, its id in ``faulty``.

    Raises:
        PackError: There is no such pack, ``pack.yaml`` has a fault, or a file is not readable as YAML; with
            every fault of all files.
    """
    with _collector_at_rest():
        return _loaded(folder_of(name_or_folder))


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Hold the garbage collector: loading makes many small objects, none of them garbage, and it took a quarter of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _loaded(folder: Path) -> Pack:
    faults: list[Diagnostic] = []
    names, written, pack_faults = _read_pack_file(folder)
    faults += pack_faults
    paths, path_faults = rule_files(folder)
    faults += path_faults
    files: list[_RulesFile] = []
    for path in paths:
        document, file_faults = read_document(path, _KEYS)
        faults += file_faults
        if document is not None:
            files.append(_RulesFile(document))
    faults += [fault for file in files for fault in file.fatal]
    faults += _too_many(files)
    if names is None or written is None or faults:
        raise PackError([*faults, *(fault for file in files for fault in file.found())])
    return _assembled(names, written, files, folder)


def _read_pack_file(
    folder: Path,
) -> tuple[Names | None, WrittenTwig | None, list[Diagnostic]]:
    path = folder / PACK_FILE
    if strays := leads_out(path, folder.resolve()):
        return None, None, strays
    document, faults = read_document(path, _KEYS)
    if document is None:
        return None, None, faults
    faults = [fault.diagnostic for fault in document.faults]
    file = checked(PackFile, document, document.root, PACK_FILE)
    faults += file.faults
    if file.made is None:
        return None, None, faults
    names, clashes = names_in(file.made, document)
    return names, WrittenTwig(document, document.root), [*faults, *clashes]


@frozen
class _Block:
    """A rule as it stands in its file.

    Attributes:
        name: Its id.
        twig: Where it stands.
        sound: The same without the keys that have a fault.
        block: What ``sound`` says; None if too little of it is left.
        faults: Its faults so far.
    """

    name: str
    twig: Twig
    sound: Twig
    block: RuleBlock | None
    faults: list[Diagnostic]

    def named(self, faults: Iterable[Diagnostic]) -> list[Diagnostic]:
        """Faults that say in which rule they are; a rule without an id has no name to say."""
        has_id = isinstance(self.twig.value, dict) and "id" in self.twig.value
        return [replace(fault, rule=self.name if has_id else "") for fault in faults]


@mutable
class _RulesFile:
    """A rules file: its head, and each block by itself, so that a bad one does not take the others down.

    Attributes:
        document: The file.
        head: What it says besides its rules.
        blocks: Its rules.
        fatal: Faults outside of the rules.
    """

    document: Document
    head: RulesFile | None = None
    blocks: list[_Block] = field(default_factory=list)
    fatal: list[Diagnostic] = field(default_factory=list)

    def __post_init__(self) -> None:
        root = self.document.root
        listed = root.value.get("rules") if isinstance(root.value, dict) else None
        items = listed.value if listed is not None and isinstance(listed.value, list) else []
        self.blocks = [self._block(twig) for twig in items]
        inside = {id(fault) for block in self.blocks for fault in block.faults}
        self.fatal = [f.diagnostic for f in self.document.faults if id(f.diagnostic) not in inside]
        name = Path(self.document.source.file).name
        head = checked(RulesFile, self.document, _without(root, items), name)
        self.head = head.made
        self.fatal += head.faults

    def _block(self, twig: Twig) -> _Block:
        name = _name(twig, self.document)
        syntax = self.document.faults_in(twig)
        block = checked(RuleBlock, self.document, twig, rule_name(name))
        empty = _says_nothing(twig, name, self.document)
        if empty:
            return _Block(name, twig, twig, None, [*syntax, *empty, *block.faults])
        if not block.bad or not isinstance(twig.value, dict):
            return _Block(name, twig, twig, block.made, [*syntax, *block.faults])
        left = {key: below for key, below in twig.value.items() if key not in block.bad}
        left.setdefault("id", Twig("faulty", *twig.mark))
        sound = Twig(left, *twig.mark, "{", twig.keys)
        readable = not block.bad & _FRAME
        rest = checked(RuleBlock, self.document, sound, "").made if readable else None
        return _Block(name, twig, sound, rest, [*syntax, *block.faults])

    def found(self) -> Iterator[Diagnostic]:
        """The faults of the blocks."""
        for block in self.blocks:
            yield from block.named(block.faults)

    @property
    def size(self) -> tuple[int, int]:
        """How many rules it makes, and how many characters their expressions have."""
        rules = characters = 0
        for block in (item.block for item in self.blocks):
            if block is not None:
                columns = block.rollup.columns if block.rollup else block.for_
                times = len(columns) if columns else 1
                rules += times
                characters += times * (len(block.assert_ or "") + len(block.when or ""))
        return rules, characters


def _says_nothing(twig: Twig, name: str, document: Document) -> list[Diagnostic]:
    """The fault of a rule that does not say what must hold."""
    if not isinstance(twig.value, dict) or twig.value.keys() & {"assert", "rollup"}:
        return []
    what = message("{key} is missing in {owner}", key="assert", owner=rule_name(name))
    hint = message("add {key}", key="assert: …")
    return [Diagnostic("PR113", what, document.place(twig), hint)]


def _name(twig: Twig, document: Document) -> str:
    """The id of a rule; of one without an id, its file and line."""
    found = twig.value.get("id") if isinstance(twig.value, dict) else None
    if found is not None and isinstance(found.value, str):
        return found.value
    source = document.source
    return f"{Path(source.file).name}:{source.row(twig.start)}"


def _without(root: Twig, items: list[Twig]) -> Twig:
    """The file without its blocks, which are looked at one by one."""
    if not items or not isinstance(root.value, dict):
        return root
    rules = root.value["rules"]
    empty = Twig([], rules.start, rules.end, rules.style)
    return Twig({**root.value, "rules": empty}, root.start, root.end, root.style, root.keys)


def _too_many(files: list[_RulesFile]) -> Iterator[Diagnostic]:
    rules = characters = 0
    for file in files:
        more, longer = file.size
        rules, characters = rules + more, characters + longer
        if rules > MAX_RULES or characters > MAX_TEXT:
            limit = MAX_RULES if rules > MAX_RULES else MAX_TEXT
            what = (
                message("more than {limit} rules", limit=limit)
                if rules > MAX_RULES
                else message("expressions of more than {limit} characters together", limit=limit)
            )
            yield Diagnostic("PR110", what, file.document.place(file.document.root))
            return


def _assembled(names: Names, written: WrittenTwig, files: list[_RulesFile], folder: Path) -> Pack:
    rules: list[Rule] = []
    faults: list[Diagnostic] = []
    faulty: dict[str, None] = {}
    places: dict[str, Place] = {}
    for file in files:
        reader = RuleReader(names, file.document, file.head.table if file.head else None)
        for item in file.blocks:
            found = [*item.faults, *_used_twice(item, file.document, places)]
            made: tuple[Rule, ...] = ()
            if item.block is not None:
                made, more = reader.read(item.block, item.sound)
                found += more
            faults += item.named(sorted(found, key=position))
            if found:
                faulty[item.name] = None
            else:
                rules += made
    return Pack(
        _with_ladders(names.file, rules),
        tuple(rules),
        tuple(faults),
        tuple(faulty),
        str(folder),
        names.file.params,
        written,
    )


def _with_ladders(file: PackFile, rules: list[Rule]) -> PackFile:
    """The pack with tables that know how their codes stand above one another."""
    found: dict[str, list[Ladder]] = {}
    for rule in rules:
        if rule.ladder is not None:
            found.setdefault(rule.tables[0], []).append(rule.ladder)
    tables = {
        name: table.with_ladders(found[name]) if name in found else table
        for name, table in file.tables.items()
    }
    return file.model_copy(update={"tables": tables}) if found else file


def _used_twice(item: _Block, document: Document, places: dict[str, Place]) -> list[Diagnostic]:
    if not isinstance(item.twig.value, dict) or "id" not in item.twig.value:
        return []
    place = document.place(item.twig.value["id"])
    first = places.setdefault(item.name, place)
    if first is place:
        return []
    return [
        Diagnostic(
            "PR115",
            message("the id {id} is used twice, first at {place}", id=item.name, place=str(first)),
            place,
            message("ids are unique in a pack; give this rule another"),
        )
    ]
