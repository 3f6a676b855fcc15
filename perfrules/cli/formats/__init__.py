"""What ``lint`` found, for people and for programs: one module for each format, with ``render(linted, settings)``.

A format that is a promise to programs carries its version in the name of its module; its name alone means that version.
"""

import os
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Literal, cast

from perfrules.cli.settings import Settings
from perfrules.errors import Diagnostic
from perfrules.values import frozen

Level = Literal["error", "warning"]
MODULES = {"text": "text", "json": "json_v1", "github": "github", "sarif": "sarif"}
"""The module of each format, by the name that the command line knows it by."""


@frozen
class Graded:
    """A diagnostic and how grave it is."""

    diagnostic: Diagnostic
    level: Level = "error"


@frozen
class Linted:
    """What was linted and what was found.

    Attributes:
        found: Every diagnostic, the gravest first, else in the order of the files.
        packs: How many packs were read.
        rules: How many of their rules are sound.
    """

    found: Sequence[Graded]
    packs: int
    rules: int

    def count(self, level: Level) -> int:
        """How many diagnostics are of a level."""
        return sum(graded.level == level for graded in self.found)


def render(name: str, linted: Linted, settings: Settings) -> str:
    """What was found, in a format; nothing if there is nothing to say in it."""
    return cast("str", import_module(f"{__name__}.{MODULES[name]}").render(linted, settings))


def relative(file: str) -> str:
    """A path from the folder that we are in, with slashes; of a file elsewhere, the whole path."""
    whole = Path(os.path.abspath(file))  # noqa: PTH100  # a link stays the link that the caller named
    here = Path.cwd()
    return (whole.relative_to(here) if whole.is_relative_to(here) else whole).as_posix()
