"""``perfrules init``: a pack to start from; ``perfrules init rule``: a rule to fill in."""

import os
import re
import shlex
from importlib import import_module
from pathlib import Path

from rich.text import Text

from perfrules.cli import output
from perfrules.cli.page import Page
from perfrules.cli.settings import Settings, terminal_width
from perfrules.drafts.files import write_new
from perfrules.drafts.packs import DATA, pack_files
from perfrules.errors import Diagnostic, PackError
from perfrules.loader.folders import PACK_FILE, RULES_SUFFIX
from perfrules.locale import Message, message

_BARE = re.compile(r"[\w./\\:~+-]+")


def init(settings: Settings, folder: str) -> int:
    """Write a pack to start from."""
    home = Path(folder)
    made = pack_files(settings.language, home.resolve().name)
    files = {home / path: text for path, text in made.items()}
    write_new(files)
    if settings.quiet:
        return 0
    page = Page(settings, terminal_width())
    for path in files:
        page.line(message("written: {path}", path=path.as_posix()))
    rules = next(path for path in files if path.name.endswith(RULES_SUFFIX))
    told = message(
        "Then put your tables into {pack}, what must hold into {rules}, and your data into {data}.",
        pack=(home / PACK_FILE).as_posix(),
        rules=rules.as_posix(),
        data=(home / DATA).as_posix(),
    )
    add = ("ID",) if home == Path() else ("ID", "--pack", home)
    _next(
        page,
        ("check", (home / DATA,), message("check the sample data: one row contradicts itself")),
        ("lint", (home,), message("find the faults of the pack")),
        ("test", (home,), message("run the cases of the rules")),
        ("init rule", add, message("add a rule to fill in")),
    )
    page.line()
    page.line(told)
    page.show()
    return 0


def init_rule(settings: Settings, id: str, folder: str | None, table: str | None) -> int:  # noqa: A002  # as on the command line
    """Add a rule to a pack."""
    home = _pack_folder() if folder is None else Path(folder)
    draft = import_module("perfrules.drafts.rules").draft_rule(home, id, table, settings.language)
    if draft.is_new:
        write_new({draft.path: draft.content.decode()})
    else:
        output.write(draft.path, draft.content)
    if settings.quiet:
        return 0
    page = Page(settings, terminal_width())
    path, line = draft.path.as_posix(), draft.rule.place.line
    page.line(message("added: {id}, {path}:{line}", id=id, path=path, line=line))
    page.line(draft.rule.text, indent=2)
    page.line(
        message(
            "This is a guess from the columns. Change title, assert and cases to what must hold."
        )
    )
    _next(
        page,
        ("lint", (home,), message("find the faults of the pack")),
        ("test", (home,), message("run the cases of the rules")),
    )
    page.show()
    return 0


def _next(page: Page, *steps: tuple[str, tuple[object, ...], Message]) -> None:
    """The commands that come next, each with what it does."""
    page.heading(message("next"))
    page.table(
        [(Text(_command(verb, *args), "bold"), meaning) for verb, args, meaning in steps],
        indent=2,
        wraps=(1,),
    )


def _pack_folder() -> Path:
    """This folder, or the nearest above it that is a pack.

    Raises:
        PackError: None of them is.
    """
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / PACK_FILE).is_file():
            return Path(os.path.relpath(folder))
    raise PackError(
        [
            Diagnostic(
                "PR111",
                message("there is no {file} in this folder or above it", file=PACK_FILE),
                hint=message(
                    "name the folder of the pack with --pack, or make one: perfrules init"
                ),
            )
        ]
    )


def _command(verb: str, *args: object) -> str:
    """A command to copy, its arguments in quotes where a shell would part them."""
    texts = (arg.as_posix() if isinstance(arg, Path) else str(arg) for arg in args)
    quoted = (text if _BARE.fullmatch(text) else shlex.quote(text) for text in texts)
    return " ".join(["perfrules", verb, *quoted])
