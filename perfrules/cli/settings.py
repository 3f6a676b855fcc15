"""What the environment and the global options say: language, colour, how much to print."""

import gettext
import os
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from perfrules.locale import FOLDER, LANGUAGES, word
from perfrules.locale.environment import spoken
from perfrules.values import mutable

if TYPE_CHECKING:
    from perfrules.grading import Grading

WIDTH = 100
"""Columns where there is no terminal to ask."""
_HYPHENS = re.compile(r"^(?:[-－]{1,2}|[–—]{1,2})(?=[A-Za-zＡ-Ｚａ-ｚ])[^=＝]*[=＝]?")


@mutable
class Settings:
    """The global options of one run.

    Attributes:
        language: ``zh`` or ``en``.
        color: Whether standard output takes colours.
        quiet, verbose: How much is printed.
        severities: Other severities of rules, as the configuration gives them.
        args: The arguments of the run.
        read, written: Files and folders that a check has read, and those that it has written.
    """

    language: str
    color: bool = False
    quiet: bool = False
    verbose: bool = False
    severities: tuple["Grading", ...] = ()
    args: tuple[str, ...] = ()
    read: tuple[Path, ...] = ()
    written: tuple[Path, ...] = ()

    def say(self, item: object) -> str:
        """``item`` in words of the language."""
        return word(item, self.language)


def language_of(args: Sequence[str], environment: Mapping[str, str], configured: str = "") -> str:
    """The language of a run: ``--lang``, else that of the configuration, else the locale, else English."""
    for position, arg in enumerate(args):
        name, _, value = arg.partition("=")
        if name == "--lang":
            value = value or "".join(args[position + 1 : position + 2])
            if value in LANGUAGES:
                return value
    return configured if configured in LANGUAGES else spoken(environment)


def bind_language(language: str) -> None:
    """Let click speak the language: it asks gettext's global domain, which asks the environment."""
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain("click", str(FOLDER))
    gettext.textdomain("click")


def plain_hyphens(arg: str) -> str:
    """An option written with full-width signs, or with a dash that an editor made of hyphens, as it was meant."""
    match = _HYPHENS.match(arg)
    if match is None:
        return arg
    option = match[0].translate(_PLAIN)
    for dash in "–—":
        option = option.replace(dash * 2, "--").replace(dash, "--")
    return option + arg[match.end() :]


_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def terminal_width() -> int:
    """Columns of the terminal, or what reads well without one."""
    return max(shutil.get_terminal_size((WIDTH, 24)).columns, 40)
