"""``perfrules list``: packs, or the rules of one."""

import shutil
import sys

from rich.text import Text

from perfrules import loader
from perfrules.cli.page import Page
from perfrules.cli.settings import Settings
from perfrules.locale import message
from perfrules.locale.words import SEVERITIES
from perfrules.model import Pack, Rule

_STYLES = {"error": "red", "warning": "yellow", "info": "cyan"}
_WIDE = 200
"""Columns where the reader is a program, which wants one line for each thing."""


def list_(settings: Settings, pack: str | None) -> int:
    """List the packs, or the rules of ``pack``."""
    wide = shutil.get_terminal_size((_WIDE, 24)).columns if sys.stdout.isatty() else _WIDE
    page = Page(settings, wide)
    if pack is None:
        _packs(page)
    else:
        _rules(loader.load_pack(pack), page)
    page.show()
    return 0


def _packs(page: Page) -> None:
    rows = []
    for name in loader.builtin_packs():
        pack = loader.load_pack(name)
        count = message("{count} rules", count=len({rule.id for rule in pack.rules}))
        rows.append((Text(name, "bold"), pack.file.version, count, pack.file.title))
    page.table(rows, wraps=(3,))


def _rules(pack: Pack, page: Page) -> None:
    page.line(Text(page.settings.say(pack.file.title) or pack.id, "bold"))
    page.line(f"{pack.id} {pack.file.version}  {pack.folder}", style="dim")
    page.line()
    seen: dict[str, Rule] = {}
    for rule in pack.rules:
        seen.setdefault(rule.id, rule)
    page.table(
        [
            (
                Text(rule.id, "bold"),
                Text(
                    page.settings.say(SEVERITIES[rule.block.severity]), _STYLES[rule.block.severity]
                ),
                rule.tables,
                rule.block.title,
            )
            for rule in seen.values()
        ],
        wraps=(3,),
    )
    if pack.faulty:
        page.line()
        page.line(
            message("faulty, see perfrules lint: {rules}", rules=pack.faulty), style="bold red"
        )
