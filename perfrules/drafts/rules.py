"""A rule to fill in: complete and valid as it stands, in the rules file of its table."""

import re
import tempfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from perfrules.drafts.appending import Layout, takes_blocks, with_block
from perfrules.drafts.blocks import Heading, Lines, block
from perfrules.drafts.packs import schema_file
from perfrules.drafts.statements import Statement, Tries, naming, statements
from perfrules.errors import Diagnostic, PackError, UsageError
from perfrules.expr.infer import fold
from perfrules.expr.nodes import fields_of
from perfrules.loader import load_pack
from perfrules.loader.document import Document, read_document
from perfrules.loader.faults import kebab, meant, meant_or_listed
from perfrules.loader.folders import PACK_FILE, RULES_SUFFIX, rule_files
from perfrules.locale import message
from perfrules.model import Case, CaseRow, Outcome, Pack, Rule
from perfrules.tables import names_of
from perfrules.testing.blocks import scalar
from perfrules.testing.stands import Stand, stands
from perfrules.values import frozen

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST = 64
_DUE = frozenset({"pass", "fail"})
"""Outcomes without which a rule shows nothing."""
_MARK = b"\xef\xbb\xbf"


@frozen
class Draft:
    """A rules file with a new rule.

    Attributes:
        path: The file.
        content: What it says then.
        is_new: Whether it is not there yet.
        rule: The new rule, as loaded.
    """

    path: Path
    content: bytes
    is_new: bool
    rule: Rule


def draft_rule(folder: Path, id: str, table: str | None, language: str) -> Draft:  # noqa: A002  # as in the rules
    """Draft a rule of a pack; nothing is written.

    Args:
        folder: The folder of the pack.
        id: The id of the rule.
        table: The table that it speaks about, by any of its names; may be left out where there is only one.
        language: Of its comments and its names.

    Raises:
        PackError: The pack cannot be read, or has faults.
        UsageError: The id is none or is taken, or there is no such table.
    """
    pack = load_pack(folder)
    if pack.faults:
        raise PackError(pack.faults)
    _check_id(id, pack)
    name = _table(table, pack)
    for statement in _ordered(pack, name, language):
        rule = _tried(folder, name, id, statement)
        cases = _holding(statement.tries, rule, pack) if rule else ()
        if {outcome for outcome, _ in cases} >= _DUE:
            return _placed(folder, pack, _Found(id, name, language, statement, cases))
    raise UsageError(
        [
            Diagnostic(
                "PR513",
                message(
                    "the table {table} has no column that a rule could be drafted of", table=name
                ),
                hint=message("add the columns of its figures to {file}", file=PACK_FILE),
            )
        ]
    )


def _check_id(id: str, pack: Pack) -> None:  # noqa: A002  # likewise
    if not _ID.fullmatch(id) or len(id) > _LONGEST:
        made = kebab(id)[:_LONGEST].rstrip("-")
        raise UsageError(
            [
                Diagnostic(
                    "PR510",
                    message(
                        "{id} is no id: small letters a-z and digits, parted by single hyphens, {limit} at most",
                        id=id,
                        limit=_LONGEST,
                    ),
                    hint=message("for example {name}", name=made) if made else None,
                )
            ]
        )
    for rule in pack.rules:
        if rule.id == id:
            what = message("the pack {pack} has a rule {id} already", pack=pack.id, id=id)
            raise UsageError(
                [Diagnostic("PR511", what, rule.place, message("give the new rule another id"))]
            )


def _table(asked: str | None, pack: Pack) -> str:
    words = {
        written: name for name, table in pack.tables.items() for written in names_of(name, table)
    }
    if asked is None:
        if len(pack.tables) == 1:
            return next(iter(pack.tables))
        what = message(
            "the pack {pack} has several tables: say which one with --table", pack=pack.id
        )
        hint = message("known are {names}", names=tuple(pack.tables))
        raise UsageError([Diagnostic("PR512", what, hint=hint)])
    folded = {fold(written): name for written, name in words.items()}
    if fold(asked) not in folded:
        what = message("the pack {pack} has no table {table}", pack=pack.id, table=asked)
        raise UsageError(
            [
                Diagnostic(
                    "PR512", what, hint=meant(asked, words) or meant_or_listed(asked, pack.tables)
                )
            ]
        )
    return folded[fold(asked)]


# ---- the file ---------------------------------------------------------------------------------------------------------------


@frozen
class _Home:
    """The file that a rule goes into.

    Attributes:
        path: The file.
        document: What it says; None if it is not there yet.
        says_table: Whether it names the table for all of its rules.
        mark: The byte order mark that it begins with.
    """

    path: Path
    document: Document | None = None
    says_table: bool = True
    mark: bytes = b""

    def text(self, lines: Lines, folder: Path, table: str) -> str:
        """What the file says with the rule in it."""
        if self.document is not None:
            return with_block(self.document, lines)
        schema = schema_file("rules")
        there = (folder / schema).is_file()
        head = [f"# yaml-language-server: $schema={schema}"] if there else []
        return "\n".join([*head, f"table: {scalar(table)}", "rules:", *Layout().laid(lines), ""])


@frozen
class _Found:
    """A statement that makes sense, with the rows that have the outcomes that they should have."""

    id: str
    table: str
    language: str
    statement: Statement
    cases: Tries


def _placed(folder: Path, pack: Pack, found: _Found) -> Draft:
    """The statement in the first file that takes it."""
    names = naming(pack.tables[found.table], found.language)
    for home in _homes(folder, found, pack):
        heading = Heading(found.id, "" if home.says_table else found.table, found.language)
        lines = block(heading, found.statement, names, found.cases)
        text = home.text(lines, folder, found.table)
        rule = _read_back(found.id, _with(folder, home.path, text), pack)
        if rule is not None:
            return Draft(home.path, home.mark + text.encode(), home.document is None, rule)
    raise AssertionError(found.id)  # a file that is not there yet takes any block


def _homes(folder: Path, found: _Found, pack: Pack) -> Iterator[_Home]:
    """The files whose rules speak about the table, those first that name it for all of their rules; then a new one."""
    spoken = {
        rule.place.file for rule in pack.rules if rule.place and rule.tables == (found.table,)
    }
    names = {fold(written) for written in names_of(found.table, pack.tables[found.table])}
    there: list[_Home] = []
    paths, _ = rule_files(folder)
    for path in paths:
        document, _ = read_document(path, frozenset())
        if document is None or not takes_blocks(document):
            continue
        says = _head(document) in names
        if says or str(path) in spoken:
            mark = _MARK if path.read_bytes().startswith(_MARK) else b""
            there.append(_Home(path, document, says, mark))
    yield from sorted(there, key=lambda home: not home.says_table)
    fresh = (folder / f"{stem}{RULES_SUFFIX}" for stem in (found.table, found.id))
    yield from (_Home(path) for path in fresh if not path.exists())


def _head(document: Document) -> str | None:
    """The table that a file names for all of its rules, as names are compared."""
    found = document.root.value.get("table") if isinstance(document.root.value, dict) else None
    return fold(found.value) if found is not None and isinstance(found.value, str) else None


# ---- trying -----------------------------------------------------------------------------------------------------------------


def _ordered(pack: Pack, table: str, language: str) -> Iterator[Statement]:
    """The statements about a table, those first that no rule makes of the same columns."""
    stated = {
        frozenset(field.column for field in fields_of(rule.assertion) if field.table == table)
        for rule in pack.rules
    }
    found = list(statements(pack.tables[table], language))
    fresh = [one for one in found if frozenset(one.columns) not in stated]
    return chain(fresh, (one for one in found if frozenset(one.columns) in stated))


def _tried(folder: Path, table: str, id: str, statement: Statement) -> Rule | None:  # noqa: A002  # likewise
    """The rule that makes a statement, if it makes sense."""
    text = "\n".join(
        [
            f"table: {scalar(table)}",
            "rules:",
            f"  - id: {scalar(id)}",
            f"    assert: {scalar(statement.text)}",
        ]
    )
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / PACK_FILE).write_bytes((folder / PACK_FILE).read_bytes())
        (Path(name) / f"draft{RULES_SUFFIX}").write_text(text, "utf-8")
        return next(iter(load_pack(Path(name)).rules), None)


def _holding(tries: Tries, rule: Rule, pack: Pack) -> Tries:
    """The rows that have the outcome that they should have; of the unknown ones the first."""
    found: list[tuple[Outcome, CaseRow]] = []
    for outcome, row in tries:
        seen = outcome == "unknown" and any(other == outcome for other, _ in found)
        if not seen and _has(rule, outcome, row, pack):
            found.append((outcome, row))
    return tuple(found)


def _has(rule: Rule, outcome: Outcome, row: CaseRow, pack: Pack) -> bool:
    """Whether the rule has an outcome on a row."""
    (found,) = stands(rule, pack, [Case(outcome, {rule.tables[0]: (row,)})])
    return isinstance(found, Stand) and found.verdict(rule).code.outcome == outcome


def _with(folder: Path, path: Path, text: str) -> Pack | None:
    """The pack with a new text of one file, loaded from a copy; None if it cannot be loaded so."""
    paths, _ = rule_files(folder)
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name)
        for other in (folder / PACK_FILE, *paths):
            _copied(copy / other.relative_to(folder), other.read_bytes())
        _copied(copy / path.relative_to(folder), text.encode())
        try:
            return load_pack(copy)
        except PackError:
            return None


def _read_back(id: str, made: Pack | None, before: Pack) -> Rule | None:  # noqa: A002  # likewise
    """The new rule of a pack that has it besides the rules that it had before, and no fault."""
    if made is None or made.faults:
        return None
    others = [rule.block for rule in made.rules if rule.id != id]
    sound = others == [rule.block for rule in before.rules]
    return next((rule for rule in made.rules if rule.id == id), None) if sound else None


def _copied(path: Path, content: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
