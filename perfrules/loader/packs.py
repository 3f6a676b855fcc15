"""Packs: where they are found, and how their files become one :class:`Pack`."""

import gc
import importlib.metadata
import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from perfrules.errors import Diagnostic, PackError
from perfrules.loader.document import Document, Twig, read_document
from perfrules.loader.faults import all_keys, meant_or_listed, validated
from perfrules.loader.names import Names, names_in
from perfrules.loader.rules import RuleReader, rule_name
from perfrules.locale import message
from perfrules.locations import Place
from perfrules.model import Pack, PackFile, Rule, RuleBlock, RulesFile

PACK_FILE = "pack.yaml"
RULES_SUFFIX = ".rules.yaml"
ENTRY_POINTS = "perfrules.packs"
MAX_FILES = 500
"""How many rules files a pack may have."""
MAX_RULES = 20_000
"""How many rules a pack may have, each entry of ``for`` counted."""
MAX_TEXT = 10_000_000
"""How many characters its expressions may have together, with every ``for`` put in."""

_KEYS = all_keys(PackFile, RulesFile)


def builtin_packs() -> dict[str, Path]:
    """The packs that come with perfrules: folders by id."""
    package = Path(__file__).parents[1]
    homes = [package / "rules"]
    if (package.parent / "pyproject.toml").is_file():  # a source checkout
        homes.append(package.parent / "rules")
    return {
        folder.name: folder
        for home in homes
        if home.is_dir()
        for folder in sorted(home.iterdir())
        if (folder / PACK_FILE).is_file()
    }


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
        return _loaded(_folder(name_or_folder))


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
    names, pack_faults = _read_pack_file(folder / PACK_FILE)
    faults += pack_faults
    paths, path_faults = _rule_files(folder)
    faults += path_faults
    files: list[_RulesFile] = []
    for path in paths:
        document, file_faults = read_document(path, _KEYS)
        faults += file_faults
        if document is not None:
            files.append(_RulesFile(document))
    faults += [fault for file in files for fault in file.fatal]
    faults += _too_many(files)
    if names is None or faults:
        raise PackError([*faults, *(fault for file in files for fault in file.found())])
    return _assembled(names, files, folder)


# ---- finding it -----------------------------------------------------------------------------------------------------


def _folder(name_or_folder: str | Path) -> Path:
    name = str(name_or_folder)
    if isinstance(name_or_folder, str):
        found = builtin_packs().get(name) or _plugin(name)
        if found is not None:
            return found
    folder = Path(name_or_folder)
    if folder.name == PACK_FILE and folder.is_file():
        return folder.parent
    if (folder / PACK_FILE).is_file():
        return folder
    if folder.is_dir():
        raise PackError(
            [
                Diagnostic(
                    "PR111",
                    message("{folder} has no {file}", folder=name, file=PACK_FILE),
                    Place(name, 1),
                    message("name the folder that holds it; perfrules init makes one"),
                )
            ]
        )
    known = sorted({*builtin_packs(), *_plugins()})
    raise PackError(
        [
            Diagnostic(
                "PR111",
                message(
                    "there is no pack {name}: neither built in, nor installed, nor a folder",
                    name=name,
                ),
                None,
                meant_or_listed(name, known),
            )
        ]
    )


def _plugins() -> dict[str, str]:
    return {
        point.name: point.module for point in importlib.metadata.entry_points(group=ENTRY_POINTS)
    }


def _plugin(name: str) -> Path | None:
    """The folder of an installed pack; its module is looked up and not run."""
    module = _plugins().get(name)
    if module is None:
        return None
    try:
        spec = importlib.util.find_spec(module)
    except ImportError:
        spec = None
    if spec is None:
        raise PackError(
            [
                Diagnostic(
                    "PR111",
                    message(
                        "the pack {name} is installed, but its module {module} is not there",
                        name=name,
                        module=module,
                    ),
                )
            ]
        )
    if spec.submodule_search_locations:
        return Path(spec.submodule_search_locations[0])
    return Path(spec.origin or "").parent


def _rule_files(folder: Path) -> tuple[list[Path], list[Diagnostic]]:
    """The rules files in a folder and in the folders directly inside it, by name."""
    home = folder.resolve()
    found: list[Path] = []
    faults: list[Diagnostic] = []
    for path in sorted({*folder.glob("*"), *folder.glob("*/*")}):
        if path.name.endswith((".rules.yml", ".rule.yaml", ".rule.yml")) or path.name in (
            "rules.yaml",
            "rules.yml",
        ):
            faults.append(
                Diagnostic(
                    "PR101",
                    message(
                        "{file} is not read: names of rules files end with {suffix}",
                        file=path.name,
                        suffix=RULES_SUFFIX,
                    ),
                    Place(str(path), 1),
                    message("rename it"),
                )
            )
        if not path.name.endswith(RULES_SUFFIX):
            continue
        if not path.resolve().is_relative_to(home):
            faults.append(
                Diagnostic(
                    "PR101",
                    message("{file} leads out of the pack's folder", file=path.name),
                    Place(str(path), 1),
                    message("copy the file into the folder instead of linking to it"),
                )
            )
        elif len(found) == MAX_FILES:
            faults.append(
                Diagnostic(
                    "PR110",
                    message("more than {limit} rules files", limit=MAX_FILES),
                    Place(str(path), 1),
                )
            )
            break
        else:
            found.append(path)
    return found, faults


# ---- reading it -----------------------------------------------------------------------------------------------------


def _read_pack_file(path: Path) -> tuple[Names | None, list[Diagnostic]]:
    document, faults = read_document(path, _KEYS)
    if document is None:
        return None, faults
    faults = [fault.diagnostic for fault in document.faults]
    file, invalid = validated(PackFile, document, document.root, PACK_FILE)
    faults += invalid
    if file is None:
        return None, faults
    names, clashes = names_in(file, document)
    return names, [*faults, *clashes]


@dataclass(slots=True)
class _RulesFile:
    """A rules file: its head, and each block by itself, so that a bad one does not take the others down.

    Attributes:
        document: The file.
        head: What it says besides its rules.
        blocks: Each block as read, or None, with its faults.
        fatal: Faults outside of the blocks.
    """

    document: Document
    head: RulesFile | None = None
    blocks: list[tuple[Twig, RuleBlock | None, list[Diagnostic]]] = field(default_factory=list)
    fatal: list[Diagnostic] = field(default_factory=list)

    def __post_init__(self) -> None:
        root = self.document.root
        listed = root.value.get("rules") if isinstance(root.value, dict) else None
        items = listed.value if listed is not None and isinstance(listed.value, list) else []
        inside: set[int] = set()
        for twig in items:
            syntax = self.document.faults_in(twig)
            inside.update(map(id, syntax))
            block, faults = validated(RuleBlock, self.document, twig, rule_name(_id_of(twig)))
            self.blocks.append((twig, block, [*syntax, *faults]))
        self.fatal = [f.diagnostic for f in self.document.faults if id(f.diagnostic) not in inside]
        self.head, faults = validated(RulesFile, self.document, _without(root, items), "")
        self.fatal += faults

    def found(self) -> Iterator[Diagnostic]:
        """The faults of the blocks."""
        for _, _, faults in self.blocks:
            yield from faults

    @property
    def size(self) -> tuple[int, int]:
        """How many rules it makes, and how many characters their expressions have."""
        rules = characters = 0
        for _, block, _ in self.blocks:
            if block is not None:
                times = len(block.for_) if block.for_ else 1
                rules += times
                characters += times * (len(block.assert_) + len(block.when or ""))
        return rules, characters


def _id_of(twig: Twig) -> str:
    found = twig.value.get("id") if isinstance(twig.value, dict) else None
    return found.value if found is not None and isinstance(found.value, str) else "?"


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


def _assembled(names: Names, files: list[_RulesFile], folder: Path) -> Pack:
    rules: list[Rule] = []
    faults: list[Diagnostic] = []
    faulty: dict[str, None] = {}
    places: dict[str, Place] = {}
    for file in files:
        reader = RuleReader(names, file.document, file.head.table if file.head else None)
        for twig, block, invalid in file.blocks:
            found = [*invalid, *_used_twice(twig, file.document, places)]
            made: tuple[Rule, ...] = ()
            if block is not None:
                made, more = reader.read(block, twig)
                found += more
            faults += found
            if found:
                faulty[_id_of(twig)] = None
            else:
                rules += made
    return Pack(
        names.file, tuple(rules), tuple(faults), tuple(faulty), str(folder), names.file.params
    )


def _used_twice(twig: Twig, document: Document, places: dict[str, Place]) -> list[Diagnostic]:
    name = _id_of(twig)
    place = (
        document.place(twig.value["id"]) if isinstance(twig.value, dict) else document.place(twig)
    )
    first = places.setdefault(name, place)
    if first is place:
        return []
    return [
        Diagnostic(
            "PR115",
            message("the id {id} is used twice, first at {place}", id=name, place=str(first)),
            place,
            message("ids are unique in a pack; give this rule another"),
        )
    ]
