"""``perfrules completion``, and what shells offer for values: packs, rules, formats of files."""

import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import click
from click.shell_completion import CompletionItem, get_completion_class

from perfrules import loader, renderers
from perfrules.cli import output
from perfrules.cli.commands import root
from perfrules.cli.settings import Settings
from perfrules.errors import PerfrulesError
from perfrules.loader.datasets import DATASET_FILE
from perfrules.loader.folders import PACK_FILE, folder_of, installed_packs, rule_files

_ID = re.compile(r"^\s*-\s+id:\s*([a-z0-9-]+)", re.MULTILINE)
_MOST = 5_000_000
"""Bytes of a saved report that is read for its rules."""


def script(_settings: Settings, shell: str) -> int:
    """Print the lines that teach a shell to complete."""
    kind = get_completion_class(shell)
    if kind is None:
        raise click.BadParameter(shell)
    made = kind(root, {}, "perfrules", "_PERFRULES_COMPLETE")
    output.show(made.source_template % made.source_vars())
    return 0


def packs(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Ids of packs, and folders."""
    return [*_items(installed_packs(), incomplete), CompletionItem(incomplete, type="dir")]


def rules(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Ids of rules: those with findings in a saved report, or those of the pack that is meant."""
    report = next(
        (word for word in _words() if word.endswith(".json") and Path(word).is_file()), ""
    )
    found = _found_in(Path(report)) if report else _rules_of(_packs_meant(ctx))
    return _items(sorted(set(found)), incomplete)


def _words() -> list[str]:
    """The words on the line; click forgets those before an option that lacks its value."""
    return os.environ.get("COMP_WORDS", "").split()


def outputs(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Formats, with the sign behind which the path stands; and files."""
    names = [f"{name}=" for name in renderers.formats() if "_v" not in name]
    return [*_items(names, incomplete), CompletionItem(incomplete, type="file")]


def _items(names: Iterable[str], incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]


def _packs_meant(ctx: click.Context) -> Iterator[Path]:
    """The folders of the packs whose rules may be meant: the one on the line, the one of the data, this one, else all built in."""
    known = installed_packs()
    words = [str(ctx.params.get("pack") or "."), *_words()]
    named = (word for word in words if word in known or (Path(word) / PACK_FILE).is_file())
    data = (word for word in words if (Path(word) / DATASET_FILE).is_file())
    meant: list[str | Path] = [*named, *(pack for place in data if (pack := _pack_of(place)))]
    for name in meant:
        with suppress(PerfrulesError):
            yield folder_of(name)
            return
    yield from loader.builtin_packs().values()


def _pack_of(data: str) -> str | Path | None:
    try:
        name = loader.load_dataset(Path(data)).pack
    except PerfrulesError:
        return None
    inside = Path(data) / (name or "")
    return inside if name and (inside / PACK_FILE).is_file() else name


def _rules_of(folders: Iterable[Path]) -> Iterator[str]:
    """Ids as they are written, without loading the packs."""
    for folder in folders:
        for path in rule_files(folder)[0]:
            yield from _ID.findall(path.read_text("utf-8", errors="replace"))


def _found_in(report: Path) -> Iterator[str]:
    try:
        if report.stat().st_size > _MOST:
            return
        found = json.loads(report.read_bytes())
        yield from (item["rule"] for item in found["findings"] if item["outcome"] != "rounding")
    except (OSError, ValueError, KeyError, TypeError):
        return
