"""``perfrules explain``: a diagnostic code, a rule, or a rule with the numbers of a row put in."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path

from rich.text import Text

from perfrules import loader
from perfrules.cli.page import Page
from perfrules.cli.sentences import sentence
from perfrules.cli.settings import Settings, terminal_width
from perfrules.cli.trees import drawn
from perfrules.codes import CODES
from perfrules.databases.addresses import is_address
from perfrules.errors import Diagnostic, UsageError
from perfrules.expr import format as formatting
from perfrules.expr.nodes import Arithmetic, Call, Field, IsBlank, Node
from perfrules.locale import Label, Message, message
from perfrules.locale.words import (
    ABSENT,
    CERTAINTY,
    OUTCOMES,
    SEVERITIES,
    STATUS,
    TOLERANCES,
    TYPES,
)
from perfrules.model import Case, Pack, Rule
from perfrules.tables import Column, Ladder

_CODE = re.compile(r"PR\d{3}")
_ASKS_BLANKS = frozenset({"present", "count", "count_present", "count_distinct"})


def explain(
    settings: Settings, what: str, pack: str | None, data: str | None, row: str | None
) -> int:
    """Explain ``what``."""
    page = Page(settings, terminal_width())
    code = unicodedata.normalize("NFKC", what).strip().upper()
    if _CODE.fullmatch(code):
        _code(code, page)
    else:
        _about_rule(what, pack, data, row, page)
    page.show()
    return 0


def _about_rule(what: str, pack: str | None, data: str | None, row: str | None, page: Page) -> None:
    if row is not None and data is None:
        raise UsageError(
            [Diagnostic("PR506", message("--row needs --data: the folder that holds the row"))]
        )
    loaded, rules = _found(what, pack, data)
    _rule(loaded, rules, page)
    if data is not None:
        import_module("perfrules.cli.rows").show(loaded, what, data, row or "", page)


# ---- a code -------------------------------------------------------------------------------------------------------------


def _code(code: str, page: Page) -> None:
    entry = CODES.get(code)
    if entry is None:
        near = get_close_matches(code, CODES, 1)
        hint = message("did you mean {name}?", name=near[0]) if near else None
        raise UsageError(
            [Diagnostic("PR505", message("there is no code {code}", code=code), hint=hint)]
        )
    page.line(Text(f"{code}  {page.settings.say(entry.title)}", "bold"))
    page.line()
    page.line(entry.meaning)
    page.heading(message("What to do"))
    page.line(entry.remedy)
    for title, example in (
        (message("For example, not"), entry.before),
        (message("but"), entry.after),
    ):
        if example:
            page.heading(title)
            page.line(Text(example), indent=4)


# ---- finding a rule -----------------------------------------------------------------------------------------------------


def _found(what: str, pack: str | None, data: str | None) -> tuple[Pack, list[Rule]]:
    """The rule, all its entries of ``for``, and its pack.

    Raises:
        UsageError: No pack in reach has it.
    """
    known: list[str] = []
    for name in _packs(pack, data):
        loaded = loader.load_pack(name)
        rules = [rule for rule in loaded.rules if rule.id == what]
        if rules:
            return loaded, rules
        if what in loaded.faulty:
            raise UsageError(loaded.faults)
        known += [rule.id for rule in loaded.rules]
    near = get_close_matches(what, known, 1)
    hint = (
        message("did you mean {name}?", name=near[0])
        if near
        else message("perfrules list PACK shows the rules; --pack names the pack")
    )
    raise UsageError(
        [Diagnostic("PR505", message("there is no rule {name}", name=what), hint=hint)]
    )


def _packs(pack: str | None, data: str | None) -> Iterator[str | Path]:
    if pack is None and data is not None and not is_address(data):
        pack = loader.load_dataset(Path(data)).pack
    if pack is None:
        yield from loader.builtin_packs()
    elif data is not None and (Path(data) / pack / "pack.yaml").is_file():
        yield Path(data) / pack
    else:
        yield pack


# ---- a rule -------------------------------------------------------------------------------------------------------------


def _rule(pack: Pack, rules: list[Rule], page: Page) -> None:
    rule = rules[0]
    page.line(Text.assemble((rule.id, "bold"), "  ", page.settings.say(rule.block.title)))
    page.line()
    page.pairs(_facts(pack, rule))
    page.line()
    told = page.settings.say(sentence(rule, pack))
    page.line(told[:1].upper() + told[1:])
    page.line()
    page.pairs(_statement(pack, rules))
    page.heading(message("As a tree"))
    page.table(list(_tree(rule, page)), indent=2)
    page.heading(message("Columns"))
    page.table([_column(field, pack) for field in _fields(rules)], indent=2, wraps=(1,))
    params = list(_params(pack, rule))
    if params:
        page.heading(message("Parameters"))
        page.table(params, indent=2, wraps=(2, 3))
    page.heading(message("It cannot be checked where"))
    for cause in _causes(pack, rules):
        page.line(Text.assemble("- ", page.settings.say(cause)), indent=2)
    if rule.cases:
        page.heading(message("Cases"))
        page.table(
            [(OUTCOMES[case.outcome], _case(case)) for case in rule.cases], indent=2, wraps=(1,)
        )


def _facts(pack: Pack, rule: Rule) -> Iterator[tuple[object, object]]:
    block = rule.block
    yield message("severity"), SEVERITIES[block.severity]
    yield message("pack"), f"{pack.id} {pack.file.version}"
    yield message("file"), f"{rule.place.file}:{rule.place.line}" if rule.place else ""
    yield message("status"), "" if block.status == "stable" else STATUS[block.status]
    yield message("tags"), tuple(block.tags)
    if block.since or block.until:
        yield message("fiscal years"), f"{block.since or ''}-{block.until or ''}"


def _statement(pack: Pack, rules: list[Rule]) -> Iterator[tuple[object, object]]:
    rule, block = rules[0], rules[0].block
    yield message("assertion"), block.assert_ or rule.text
    yield message("read as"), formatting.format(rule.assertion)
    if rule.ladder is not None:
        yield message("levels"), _levels(rule.ladder)
        yield message("absent rows"), ABSENT[rule.ladder.missing]
    yield message("repeated for"), tuple(each.column for each in rules if each.column)
    if rule.guard is not None:
        below = message("there are rows one level below") if rule.ladder is not None else ""
        yield message("applies where"), block.when or below
        yield message("read as"), formatting.format(rule.guard)
    else:
        yield message("applies where"), message("everywhere")
    yield message("tables"), tuple(_named(table, pack) for table in rule.tables)
    keys = dict.fromkeys(pack.tables[table].key for table in rule.tables)
    yield from ((message("key"), key) for key in keys)
    yield message("grain"), message("one verdict for each {grain}", grain=rule.grain)
    yield message("tolerance"), _tolerance(rule)
    native = import_module("perfrules.cli.native")  # it imports the engine
    yield message("runs"), native.where_it_runs(pack, rules)
    yield message("message"), block.message
    yield message("what to do"), block.hint
    for basis in block.basis:
        parts = (
            Label(basis.ref),
            CERTAINTY[basis.certainty],
            *filter(None, (basis.url, basis.quote)),
        )
        yield message("basis"), parts


def _levels(ladder: Ladder) -> Message:
    """How the codes of a roll-up stand above one another."""
    said = message(
        "{column}: {levels} characters",
        column=ladder.column,
        levels=tuple(map(str, ladder.levels)),
    )
    if ladder.total is None:
        return said
    return message("{levels}, and above them {total}", levels=said, total=ladder.total)


def _tree(rule: Rule, page: Page) -> Iterator[tuple[object, ...]]:
    """The lines of guard and assertion as trees."""
    for name, node in ((message("guard"), rule.guard), (message("assertion"), rule.assertion)):
        if node is None:
            continue
        if rule.guard is not None:
            yield Text(page.settings.say(name), "dim"), ""
        for lead, label, detail, kind in drawn(node):
            line = f"{lead}{page.settings.say(label)} {detail}"
            yield Text(line.rstrip()), Text(page.settings.say(kind), "dim")


def _named(table: str, pack: Pack) -> Message | str:
    title = pack.tables[table].title
    return table if title == Label() else message("{table} ({title})", table=table, title=title)


def _tolerance(rule: Rule) -> object:
    tolerance = rule.block.tolerance
    limit = rule.block.max_slack
    said: object
    if isinstance(tolerance, str):
        said = TOLERANCES[tolerance]
    elif tolerance.relative:
        said = message("{share} of the right side", share=tolerance.relative)
    else:
        said = tolerance.absolute or tolerance.step
    return (
        said
        if limit is None
        else message("{tolerance}, at most {limit}", tolerance=said, limit=limit)
    )


def _fields(rules: Sequence[Rule]) -> list[Field]:
    """The columns that a rule reads, each once."""
    found: dict[tuple[str, str], Field] = {}
    for node in _conditions(rules):
        for part in node.walk():
            if isinstance(part, Field):
                found.setdefault((part.table, part.column), part)
    return list(found.values())


def _conditions(rules: Sequence[Rule]) -> Iterator[Node]:
    """Guards and assertions, for every entry of ``for``."""
    for rule in rules:
        if rule.guard is not None:
            yield rule.guard
        yield rule.assertion


def _column(field: Field, pack: Pack) -> tuple[object, ...]:
    column = pack.tables[field.table].columns[field.column]
    unit = column.unit or (pack.tables[field.table].unit if column.type == "money" else None) or ""
    return (
        Text(f"{field.table}.{field.column}"),
        column.title,
        TYPES[column.type],
        unit,
        _accuracy(column),
    )


def _accuracy(column: Column) -> object:
    if column.type not in ("money", "ratio", "points", "number"):
        return ""
    if isinstance(column.decimals, int):
        return message("{count} decimals", count=column.decimals)
    return message("exact") if column.is_exact else message("decimals as printed")


def _params(pack: Pack, rule: Rule) -> Iterator[tuple[object, ...]]:
    block = rule.block
    text = f"{block.assert_} {block.when} {block.tolerance}"
    for name, param in pack.params.items():
        if re.search(rf"param\.{re.escape(name)}(?!\w)", text):
            steps = "; ".join(f"{s.le or s.lt or '…'} → {s.score or s.else_}" for s in param.steps)
            yield (
                f"param.{name}",
                param.value or steps,
                param.title,
                (param.origin, CERTAINTY[param.certainty]),
            )


def _case(case: Case) -> str:
    """A case on one line; the table is named where there are several."""
    parts = []
    for table, rows in case.rows.items():
        for row in rows:
            cells = " ".join(
                f"{name}={'~' if cell is None else cell}" for name, cell in row.items()
            )
            parts.append(cells if len(case.rows) == 1 else f"{table}: {cells}")
    return "; ".join(parts)


# ---- what makes it unknown ----------------------------------------------------------------------------------------------


def _causes(pack: Pack, rules: Sequence[Rule]) -> Iterator[Message]:
    """The ways in which a verdict of the rule can be unknown."""
    needed = dict.fromkeys(field for node in _conditions(rules) for field in _needed(node))
    strict = {f"{f.table}.{f.column}": None for f in needed if _policy(f, pack) == "unknown"}
    closing = {
        f"{f.table}.{f.column}": None for f in needed if _policy(f, pack) == "zero-if-closes"
    }
    if strict:
        yield message("one of these cells is blank: {columns}", columns=tuple(strict))
    if closing:
        yield message(
            "one of these is blank, and the sum does not close with zero: {columns}",
            columns=tuple(closing),
        )
    yield message("a cell that it needs cannot be read as what its column holds")
    other = {f.table: None for f in needed if f.table not in rules[0].tables or f.pins or f.shift}
    if other:
        yield message(
            "no row of these tables meets it, or several do where one is due: {tables}",
            tables=tuple(other),
        )
    yield message("the key of its row is blank or occurs twice")
    if any(isinstance(part, Arithmetic) and part.op == "/" for part in rules[0].assertion.walk()):
        yield message("a denominator is zero, or may be zero before it was rounded")


def _policy(field: Field, pack: Pack) -> str:
    return pack.tables[field.table].columns[field.column].blank


def _needed(node: Node) -> Iterator[Field]:
    """The fields of which ``node`` needs a value; a question for blanks needs none."""
    if isinstance(node, IsBlank) or (isinstance(node, Call) and node.name in _ASKS_BLANKS):
        return
    if isinstance(node, Field):
        yield node
    for child in node.children():
        yield from _needed(child)
