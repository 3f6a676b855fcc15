"""``perfrules check --watch``: check anew whenever a file that was read is saved.

Files are asked for their time and size twice a second. That needs no library, sees what is saved on shares and in containers, where
systems tell of nothing, and costs little, since a dataset and a pack are some dozens of files.
"""

import os
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from time import sleep

import click

from perfrules.cli import INTERRUPTED, output, run
from perfrules.cli.settings import Settings
from perfrules.locale import message

PAUSE = 0.5
"""Seconds between two looks."""
MOST = 20_000
"""Files that are looked at."""
Stamps = Mapping[Path, tuple[int, int]]


def watch(settings: Settings) -> int:
    """Check, wait until something is saved, and so on until somebody interrupts; 0 then, which is no fault.

    Every check is a run of its own, so that what is in the configuration, in the pack or in a file of waivers counts as it is then, and
    its faults are told and end nothing.
    """
    args = [arg for arg in settings.args if arg != "--watch"]
    read: tuple[Path, ...] = ()
    try:
        while True:
            click.clear()  # of a terminal only
            once = replace(settings, read=(), written=())
            if run(args, once) == INTERRUPTED:
                return 0
            read = once.read or read
            output.tell(settings.say(message("watching; Ctrl-C ends it")))
            _wait(read, frozenset(path.resolve() for path in once.written))
    except KeyboardInterrupt:
        return 0


def _wait(read: Sequence[Path], written: frozenset[Path]) -> None:
    """Return when something has changed, and nothing changes any more: editors write a file in several steps."""
    before = now = stamps(read, written)
    while now == before:
        sleep(PAUSE)
        now = stamps(read, written)
    while True:
        sleep(PAUSE)
        later = stamps(read, written)
        if later == now:
            return
        now = later


def stamps(read: Iterable[Path], written: Container[Path] = ()) -> Stamps:
    """Time and size of every file at or below some places.

    Hidden ones are passed over, and those that the check itself writes; those that are gone are not there.
    """
    found: dict[Path, tuple[int, int]] = {}
    for path in _files(read):
        try:
            state = path.stat()
        except OSError:
            continue
        if path.resolve() in written:
            continue
        found[path] = state.st_mtime_ns, state.st_size
        if len(found) >= MOST:
            break
    return found


def _files(places: Iterable[Path]) -> Iterator[Path]:
    for place in places:
        if not place.is_dir():
            yield place
            continue
        for home, folders, files in os.walk(place):
            folders[:] = [name for name in folders if not name.startswith((".", "__"))]
            yield from (Path(home) / name for name in files if not name.startswith("."))
