"""A rule block to rules: names resolved, expressions read and typed, ``for`` put in, cases by table."""

from collections.abc import Iterator
from dataclasses import field, replace

from perfrules.errors import Diagnostic, ExpressionFault
from perfrules.expr.format import word
from perfrules.expr.infer import Scope, infer, infer_guard, slack_fits
from perfrules.expr.nodes import Logic, Node
from perfrules.expr.parse import is_plain, parse
from perfrules.loader.cases import Belonging, cases_of
from perfrules.loader.document import Document, Span, Twig
from perfrules.loader.faults import meant_or_listed
from perfrules.loader.names import Names, no_table
from perfrules.loader.rollups import Rollup, ladder_of
from perfrules.loader.spans import Filled, fill, holes, span_in_source
from perfrules.loader.written import WrittenTwig
from perfrules.locale import Message, message
from perfrules.model import Rule, RuleBlock, Tolerance
from perfrules.tables import constant
from perfrules.values import mutable


@mutable
class RuleReader:
    """Reads the blocks of one file.

    Attributes:
        names: The names of the pack.
        document: The file.
        table: What the file says its rules speak about, if it does.
    """

    names: Names
    document: Document
    table: str | list[str] | None = None

    def read(self, block: RuleBlock, twig: Twig) -> tuple[tuple[Rule, ...], list[Diagnostic]]:
        """Make the rules of a block: one, or one for each entry of ``for``; none if it has a fault."""
        rules, faults = _OneRule(self, block, twig).read()
        unique = {(fault.code, str(fault)): fault for fault in faults}
        return () if unique else rules, list(unique.values())


@mutable
class _OneRule:
    reader: RuleReader
    block: RuleBlock
    twig: Twig
    faults: list[Diagnostic] = field(default_factory=list)

    def read(self) -> tuple[tuple[Rule, ...], list[Diagnostic]]:
        tables = self._tables()
        grain = self._grain(tables)
        self._check_years(tables, grain)
        self._check_parameters()
        if not tables or not grain:
            return (), self.faults
        rollup = self._rollup(tables)
        if self.block.rollup is not None and rollup is None:
            return (), self.faults
        entries = self._entries()
        names, document = self.reader.names, self.reader.document
        belonging = Belonging(tables, tuple(entry for entry in entries if entry))
        cases, faults = cases_of(self.block.cases, self._under("cases"), names, document, belonging)
        self.faults += faults
        columns = self._columns(entries, tables)
        rules = [
            self._rule(entry, column, tables, grain, rollup)
            for entry, column in zip(entries, columns, strict=True)
        ]
        made = [
            replace(rule, cases=tuple(case for case, fits in cases if index in fits))
            for index, rule in enumerate(rules)
            if rule is not None
        ]
        return tuple(made), self.faults

    # ---- what it speaks about -----------------------------------------------------------------------------------

    def _tables(self) -> tuple[str, ...]:
        names, document = self.reader.names, self.reader.document
        own = self.block.table is not None
        written = self.block.table if own else self.reader.table
        twig = self._under("table") if own else _child(document.root, "table")
        if written is None:
            self._fault(
                "PR113",
                message("{key} is missing in {owner}", key="table", owner=rule_name(self.block.id)),
                self.twig.mark,
                message("say in the rule, or at the head of the file, which table it speaks about"),
            )
            return ()
        found: list[str] = []
        if written == []:
            self._fault("PR114", message("at least one entry is due here"), twig.mark)
        for name, leaf in _pairs(written, twig):
            table = names.table(name)
            if table is None:
                self.faults.append(no_table(name, leaf, document, names.table_words()))
            elif table not in found:
                found.append(table)
        return () if self.faults else tuple(found)

    def _grain(self, tables: tuple[str, ...]) -> tuple[str, ...]:
        names = self.reader.names
        file = names.file
        if self.block.per is None:
            keys = [file.tables[table].key for table in tables] or [()]
            if any(set(key) != set(keys[0]) for key in keys):
                self._fault(
                    "PR114",
                    message("the tables {tables} have different keys", tables=tables),
                    self._under("table").mark,
                    message("say with {key} at which columns the rule speaks", key="per"),
                )
                return ()
            return keys[0]
        reach = (*tables, *(table for table in file.tables if table not in tables))
        found: list[str] = []
        if self.block.per == []:
            what = message("at least one entry is due here")
            self._fault("PR114", what, self._under("per").mark)
        for name, leaf in _pairs(self.block.per, self._under("per")):
            column = names.column(name, reach)
            if column is None:
                self._fault(
                    "PR117",
                    message("there is no column {name}", name=name),
                    leaf.mark,
                    meant_or_listed(name, names.column_words(tables or reach)),
                )
            elif column not in found:
                found.append(column)
        return () if self.faults else tuple(found)

    # ---- for ----------------------------------------------------------------------------------------------------

    def _rollup(self, tables: tuple[str, ...]) -> Rollup | None:
        """The roll-up that the block is, if it is one and has no fault."""
        block, names = self.block.rollup, self.reader.names
        if block is None:
            return None
        ladder, faults = ladder_of(
            block, self._under("rollup"), tables, names, self.reader.document
        )
        self.faults += faults
        if ladder is None:
            return None
        return Rollup(tables[0], names.file.tables[tables[0]].key, ladder)

    def _entries(self) -> list[tuple[str, ...]]:
        """The entries of ``for``, or the columns of a roll-up, as tuples; one empty tuple without."""
        if self.block.rollup is not None:
            return [(column,) for column in self.block.rollup.columns]
        if self.block.for_ is None:
            return [()]
        twig = self._under("for")
        entries = [
            (entry,) if isinstance(entry, str) else tuple(entry) for entry in self.block.for_
        ]
        leaves = twig.value if isinstance(twig.value, list) else []
        for index, (entry, leaf) in enumerate(zip(entries, leaves, strict=True)):
            if len(entry) != len(entries[0]) or not entry:
                self._fault(
                    "PR114",
                    message("the entries of {key} have different lengths", key="for"),
                    leaf.mark,
                )
            elif entry in entries[:index]:
                self._fault(
                    "PR114",
                    message("{name} stands twice in {key}", name=entry, key="for"),
                    leaf.mark,
                )
        if not entries:
            self._fault("PR114", message("at least one entry is due here"), twig.mark)
        return entries

    def _columns(self, entries: list[tuple[str, ...]], tables: tuple[str, ...]) -> list[str]:
        """What tells the rules of a ``for`` apart: the first name of each entry, or all of them."""
        ids = [tuple(self.reader.names.column(n, tables) or n for n in entry) for entry in entries]
        firsts = {entry[0] for entry in ids if entry}
        return [
            entry[0] if len(firsts) == len(ids) else ", ".join(entry) if entry else ""
            for entry in ids
        ]

    def _filled(self, text: str, entry: tuple[str, ...], key: str) -> Filled:
        if "{" not in text:
            return Filled(text)
        values = {f"column{n}": name for n, name in enumerate(entry, 1)}
        values |= {"column": entry[0]} if entry else {}
        for hole, span in holes(text):
            if hole not in values:
                what = (
                    message("nothing is known to put in for {hole}", hole=f"{{{hole}}}")
                    if entry
                    else message("{hole} needs the key {key}", hole=f"{{{hole}}}", key="for")
                )
                hint = meant_or_listed(hole, values) if entry else None
                self._fault("PR114", what, self._span(key, span), hint)
        return fill(text, values, self._as_name)

    def _as_name(self, name: str, before: str, behind: str) -> str:
        """A name for a hole: set in 「 」 where it must be and is not already, and is not part of a longer name."""
        glued = any(sign.isalnum() or (sign and sign in "_「`") for sign in (before, behind))
        plain = glued or is_plain(name) or not self.reader.names.is_name(name)
        return name if plain else word(name)

    # ---- expressions --------------------------------------------------------------------------------------------

    def _rule(
        self,
        entry: tuple[str, ...],
        column: str,
        tables: tuple[str, ...],
        grain: tuple[str, ...],
        rollup: Rollup | None,
    ) -> Rule | None:
        written = rollup.assertion if rollup is not None else self.block.assert_
        if written is None:  # its fault is told already
            return None
        names = self.reader.names
        scope = Scope(
            names.file.tables,
            names.columns,
            names.tables,
            names.file.params,
            names.file.relations,
            tables,
            grain,
        )
        below = {**scope.relations, **(rollup.relations if rollup is not None else {})}
        assertion, text = self._condition("assert", written, entry, replace(scope, relations=below))
        filled = {"assert": text}
        guard = None
        if self.block.when is not None:
            guard, filled["when"] = self._condition("when", self.block.when, entry, scope)
        if assertion is None or (guard is None and self.block.when is not None):
            return None
        self._check_slack(assertion)
        parts = (*(rollup.guard if rollup is not None else ()), *([guard] if guard else []))
        return Rule(
            self.block.id,
            self.block,
            tables,
            grain,
            assertion,
            Logic("and", parts) if len(parts) > 1 else parts[0] if parts else None,
            column,
            (),
            self.reader.document.place(self._under("id")),
            text.text,
            WrittenTwig(self.reader.document, self.twig, filled),
            rollup.ladder if rollup is not None else None,
        )

    def _condition(
        self, key: str, text: str, entry: tuple[str, ...], scope: Scope
    ) -> tuple[Node | None, Filled]:
        before = len(self.faults)
        filled = self._filled(text, entry, key)
        if len(self.faults) > before:
            return None, filled
        try:
            resolve = infer if key == "assert" else infer_guard
            return resolve(parse(filled.text, self.reader.names.words), scope), filled
        except ExpressionFault as fault:
            span = filled.original((fault.start, fault.end))
            self._fault(fault.code, fault.message, self._span(key, span), fault.hint)
            return None, filled

    # ---- the rest -----------------------------------------------------------------------------------------------

    def _check_years(self, tables: tuple[str, ...], grain: tuple[str, ...]) -> None:
        since, until = self.block.since, self.block.until
        if since is None and until is None:
            return
        columns = [self.reader.names.file.tables[table].columns for table in tables[:1]]
        if columns and not any(columns[0][name].type == "year" for name in grain):
            key = "since" if since is not None else "until"
            self._fault(
                "PR114",
                message(
                    "{key} speaks of fiscal years, and there is no year in {grain}",
                    key=key,
                    grain=grain,
                ),
                self._under(key).mark,
                message("leave it out, or give the key of the table a column of type year"),
            )
        if since is not None and until is not None and until < since:
            self._fault(
                "PR114",
                message(
                    "{until} is before {since}", until=f"until: {until}", since=f"since: {since}"
                ),
                self._under("until").mark,
            )

    def _check_parameters(self) -> None:
        if not isinstance(self.block.tolerance, Tolerance):
            return
        params = self.reader.names.file.params
        for key, text in self.block.tolerance:
            if text is None or not text.startswith("param."):
                continue
            name = text.removeprefix("param.").strip()
            mark = _child(self._under("tolerance"), key).mark
            if name not in params:
                self._fault(
                    "PR117",
                    message("there is no parameter {name}", name=name),
                    mark,
                    meant_or_listed(name, params),
                )
            elif params[name].value is None:
                self._fault(
                    "PR114",
                    message("{name} is a step table, not a number", name=f"param.{name}"),
                    mark,
                )

    def _check_slack(self, assertion: Node) -> None:
        tolerance = self.block.tolerance
        given = [("max_slack", self.block.max_slack, self._under("max_slack"))]
        if isinstance(tolerance, Tolerance):
            twig = self._under("tolerance")
            given += [
                (key, text, _child(twig, key)) for key, text in tolerance if key != "relative"
            ]
        for key, text, twig in given:
            value = self.reader.names.number(text) if text else None
            found = constant(value) if value else None
            if found and not slack_fits(assertion, found[1]):
                self._fault(
                    "PR114",
                    message(
                        "{key} {text} does not measure all that is compared here",
                        key=key,
                        text=text,
                    ),
                    twig.mark,
                    message(
                        "money needs a unit such as 元 or 万元, ratios need pp; comparisons of other kinds need a rule of their own"
                    ),
                )

    def _under(self, key: str) -> Twig:
        return _child(self.twig, key)

    def _span(self, key: str, span: Span) -> Span:
        return span_in_source(self.reader.document.source, self._under(key), span)

    def _fault(self, code: str, what: Message, span: Span, hint: Message | None = None) -> None:
        self.faults.append(Diagnostic(code, what, self.reader.document.source.place(*span), hint))


def rule_name(name: str) -> Message:
    """A rule, as messages call it."""
    return message("rule {rule}", rule=name)


def _child(twig: Twig, key: str) -> Twig:
    found = twig.value.get(key) if isinstance(twig.value, dict) else None
    return found or Twig(None, *twig.mark)


def _pairs(written: str | list[str], twig: Twig) -> Iterator[tuple[str, Twig]]:
    """Each text of a text or list of texts, with where it stands."""
    if isinstance(written, str):
        yield written, twig
    elif isinstance(twig.value, list):
        yield from zip(written, twig.value, strict=True)
