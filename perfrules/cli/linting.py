"""``perfrules lint``: every fault of packs and dataset descriptions, and remarks on rules, without data and without an engine."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import field
from pathlib import Path

from perfrules import analysis, loader
from perfrules.cli import fixing, output
from perfrules.cli.formats import Graded, Linted, render
from perfrules.cli.settings import Settings
from perfrules.errors import Diagnostic, PackError, PerfrulesError
from perfrules.loader.folders import home_of
from perfrules.locale import message
from perfrules.values import mutable

PACK, DATASET = "pack.yaml", "dataset.yaml"
WAIVERS_SUFFIX = ".waivers.yaml"
_DEEPEST = 6
"""How many folders down packs are looked for."""


@mutable
class _Found:
    """What was linted, its faults, and what is remarkable about it."""

    packs: int = 0
    rules: int = 0
    faults: dict[Diagnostic, None] = field(default_factory=dict)
    remarks: dict[Diagnostic, None] = field(default_factory=dict)


def lint(
    settings: Settings,
    what: Sequence[str],
    output_format: str = "text",
    *,
    fix: bool = False,
    strict: bool = False,
) -> int:
    """Lint packs and datasets, after mending what is safe if asked; 2 if there is a fault or, with ``strict``, a remark."""
    found = _Found()
    places: dict[str | Path, None] = {}
    for name in what or ["."]:
        with _collecting(found):
            places.update(dict.fromkeys(_places(name)))
    for place in places:
        with _collecting(found):
            if fix and not _is_waivers(place):
                fixing.fix(settings, place)
            _lint(place, found)
    shown = found.remarks if strict or not settings.quiet else {}
    graded = [Graded(fault) for fault in found.faults]
    graded += [Graded(remark, "warning") for remark in shown]
    if text := render(output_format, Linted(graded, found.packs, found.rules), settings):
        output.show(text)
    summary = message(
        "faults: {faults}; remarks: {remarks}; packs: {packs}, sound rules: {rules}",
        faults=len(found.faults),
        remarks=len(found.remarks),
        packs=found.packs,
        rules=found.rules,
    )
    if found.faults or shown or not settings.quiet:
        output.tell(settings.say(summary))
    return 2 if found.faults or (strict and shown) else 0


@contextmanager
def _collecting(found: _Found) -> Iterator[None]:
    """Take note of what is wrong, and go on."""
    try:
        yield
    except PerfrulesError as error:
        found.faults.update(dict.fromkeys(error.diagnostics))


def _lint(place: str | Path, found: _Found) -> None:
    if isinstance(place, Path) and place.name == DATASET:
        manifest = loader.load_dataset(place.parent)
        if manifest.facts:
            loader.load_facts_map(place.parent / manifest.facts.map)
        for file in manifest.waiver_files:
            with _collecting(found):
                loader.load_waivers(place.parent / file)
        return
    if isinstance(place, Path) and _is_waivers(place):
        loader.load_waivers(place)
        return
    found.packs += 1
    pack = loader.load_pack(place)
    found.rules += len({rule.id for rule in pack.rules})
    found.faults.update(dict.fromkeys(pack.faults))
    found.remarks.update(dict.fromkeys(analysis.remarks(pack)))


def _is_waivers(place: str | Path) -> bool:
    return str(place).endswith(WAIVERS_SUFFIX)


def _places(name: str) -> Iterator[str | Path]:
    """What a word of the command line means: the name of a pack, folders of packs, ``dataset.yaml`` files, files of waivers."""
    path = Path(name)
    if path.is_dir():
        below = list(_below(path))
        if not below:
            raise PackError(
                [
                    Diagnostic(
                        "PR111", message("there is no pack and no dataset in {folder}", folder=name)
                    )
                ]
            )
        yield from below
    elif path.name == DATASET or _is_waivers(path):
        yield path
    elif path.is_file():
        yield home_of(path) or path.parent
    else:
        yield name


def _below(folder: Path) -> Iterator[Path]:
    """Packs, datasets and files of waivers in a folder and below it."""
    for home, folders, files in os.walk(folder):
        here = Path(home)
        deep = len(here.relative_to(folder).parts) >= _DEEPEST
        folders[:] = (
            []
            if deep
            else sorted(name for name in folders if not name.startswith((".", "_", "node_modules")))
        )
        if PACK in files:
            yield here
        if DATASET in files:
            yield here / DATASET
        yield from (here / name for name in sorted(files) if _is_waivers(name))
