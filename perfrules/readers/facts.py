"""Long files of figures, one to a row, made into tables by a mapping."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from perfrules import tables
from perfrules.dataset import Origins
from perfrules.dataset.headings import find, folded
from perfrules.dataset.readings import WHITE
from perfrules.dataset.source import FEW, Source
from perfrules.errors import DataError, Diagnostic
from perfrules.locale import Message, message
from perfrules.locations import Origin
from perfrules.manifest import FactRow, FactsMap
from perfrules.notices import Level, Notice
from perfrules.quantities import MEASURES, LogicalType
from perfrules.quantities.figures import Figure, State, printed_unit, read_figure

ROLES = ("place", "item", "measure", "value", "unit", "decimals", "quote", "fact_id")
"""What a column of a facts file can hold; a heading of that name holds it unless the mapping says another."""
Name = tuple[str, ...]
"""How a mapping names a fact: by place, item and measure, or by its id alone."""
Entity = tuple[tuple[str, str], ...]
"""Whom a fact is about: key columns that the mapping leaves open, and what the fact says in them."""

_PLAIN = re.compile(r"[+-]?[\d,]+(?:\.(\d+))?")
_LAST_DIGIT = re.compile(r"(\d)(?=\D*$)")


@dataclass(frozen=True, slots=True)
class Made:
    """Tables made of facts: their raw cells by name, with what is known of them."""

    tables: Mapping[str, tuple[pl.DataFrame, Source]]
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of a facts file: its position, and its texts by role or key heading."""

    row: int
    texts: Mapping[str, str]

    def printed(self, kind: LogicalType) -> str:
        """The fact as it would be printed in a cell of that type: with its decimals and its unit."""
        value, unit = self.texts["value"], self.texts["unit"]
        figure = read_figure(value, kind) if kind in MEASURES else None
        if not isinstance(figure, Figure) or figure.exact:
            return value
        padded = _padded(value, self.texts["decimals"])
        return padded if printed_unit(value, kind) else _LAST_DIGIT.sub(rf"\g<1>{unit}", padded)

    @property
    def label(self) -> str:
        """The name of the fact, for messages."""
        return (
            " ".join(filter(None, (self.texts[role] for role in ROLES[:3])))
            or self.texts["fact_id"]
        )


def _padded(value: str, decimals: str) -> str:
    """``value`` with zeros up to that many decimals; nothing is ever cut off."""
    match = _PLAIN.fullmatch(value)
    if match is None or not decimals.isdecimal():
        return value
    missing = int(decimals) - len(match[1] or "")
    point = "" if match[1] or missing <= 0 else "."
    return value + point + "0" * missing


def tables_of(
    raw: pl.DataFrame, source: Source, facts_map: FactsMap, specs: Mapping[str, tables.Table]
) -> Made:
    """Make tables of facts.

    Args:
        raw: The cells of the facts file, as text.
        source: What its reader knows of it.
        facts_map: Which fact is which cell.
        specs: The tables of the pack.

    Raises:
        DataError: The file lacks a column that the mapping names.
    """
    facts = _Facts(raw, source, facts_map)
    made: dict[str, tuple[pl.DataFrame, Source]] = {}
    names = {name: tables.names_of(name, spec) for name, spec in specs.items()}
    notices = list(source.notices)
    for name, rows in facts_map.tables.items():
        table = find(name, names)
        if table is None:
            notices.append(_stray(name, tuple(specs), source.origins.file))
            continue
        maker = _Maker(facts, table, specs[table], source.origins)
        for row in rows:
            maker.add(row)
        made[table] = maker.made()
    notices.extend(facts.unmapped())
    return Made(made, tuple(notices))


def _stray(name: str, known: tuple[str, ...], file: str) -> Notice:
    text = message(
        "the mapping file names a table {name} that the pack does not have; it is not made. The pack has {known}",
        name=name,
        known=known,
    )
    return Notice("PR429", text, where=file)


def _named(fact: list[str] | str) -> Name:
    return (fact.strip(),) if isinstance(fact, str) else tuple(part.strip() for part in fact)


class _Facts:
    """The facts of one file that a mapping names.

    Attributes:
        keys: Headings that hold no role, under which key columns may stand.
        frame: All facts as text, in columns named by role or heading.
    """

    def __init__(self, raw: pl.DataFrame, source: Source, facts_map: FactsMap) -> None:
        headings = [heading.strip() for heading in source.headings or raw.columns]
        roles = _roles(headings, facts_map.columns, source.origins.file)
        self.keys = [
            heading for index, heading in enumerate(headings) if index not in roles.values()
        ]
        texts = [
            cells.cast(pl.String).str.strip_chars(WHITE).fill_null("")
            for cells in raw.iter_columns()
        ]
        columns = {role: texts[index] for role, index in roles.items()}
        columns |= {f"@{heading}": texts[headings.index(heading)] for heading in self.keys}
        lacking = [pl.lit("").alias(role) for role in ROLES if role not in roles]
        self.frame = pl.DataFrame(columns).with_columns(lacking).with_row_index("@@row")
        self._file = source.origins.file
        cells = [
            fact
            for rows in facts_map.tables.values()
            for row in rows
            for fact in row.cells.values()
        ]
        self._wanted = self._mapped({_named(fact) for fact in cells})
        self._by_name: dict[Name, list[Fact]] = defaultdict(list)
        for row in self.frame.filter(self._wanted).iter_rows(named=True):
            fact = Fact(row["@@row"], row)
            self._by_name[fact.texts["fact_id"],].append(fact)
            self._by_name[tuple(fact.texts[role] for role in ROLES[:3])].append(fact)

    def _mapped(self, names: set[Name]) -> pl.Series:
        """Which facts the mapping names."""
        ids = [name[0] for name in names if len(name) == 1]
        threes = [name for name in names if len(name) == 3]
        named = pl.DataFrame(threes, dict.fromkeys(ROLES[:3], pl.String), orient="row")
        rows = self.frame.join(named, on=ROLES[:3], how="semi")["@@row"]
        hit = pl.col("fact_id").is_in(ids) | pl.col("@@row").is_in(rows.implode())
        return self.frame.select(hit).to_series()

    def of(self, name: Name, entity: Entity) -> list[Fact]:
        """The facts of that name about ``entity``."""
        found = self._by_name.get(name, [])
        return [
            fact for fact in found if all(fact.texts[f"@{key}"] == text for key, text in entity)
        ]

    def entities(self, headings: Sequence[str]) -> list[Entity]:
        """Whom the facts are about, by what they say under ``headings``."""
        if not headings:
            return [()]
        known = self.frame.select(f"@{heading}" for heading in headings).unique(maintain_order=True)
        return [tuple(zip(headings, texts, strict=True)) for texts in known.iter_rows()]

    def unmapped(self) -> Iterator[Notice]:
        """A notice on the facts that no table takes."""
        rest = self.frame.filter(~self._wanted)
        if rest.is_empty():
            return
        facts = [Fact(row["@@row"], row).label for row in rest.head(FEW).iter_rows(named=True)]
        text = message(
            "{count} of {all} facts in {file} stand in no table, the first are {facts}; "
            "map them if a rule should see them",
            count=len(rest),
            all=len(self.frame),
            file=self._file,
            facts=tuple(facts),
        )
        yield Notice("PR420", text, "advice", where=self._file)


def _roles(headings: Sequence[str], told: Mapping[str, str], file: str) -> dict[str, int]:
    """Which column of the facts file holds what."""
    at = {folded(heading): index for index, heading in enumerate(headings)}
    taken = {at.get(folded(heading)) for heading in told.values()}
    roles = {role: at[folded(heading)] for role, heading in told.items() if folded(heading) in at}
    for role in ROLES:
        if role not in told and role in at and at[role] not in taken:
            roles[role] = at[role]
    lost = [heading for role, heading in told.items() if role not in roles]
    if "value" not in roles and not lost:
        lost = ["value"]
    if lost:
        text = message(
            "{file} has no column {columns}, it has {headings}; correct `columns:` in the mapping file",
            file=file,
            columns=tuple(lost),
            headings=tuple(headings),
        )
        raise DataError([Diagnostic("PR424", text)])
    return roles


@dataclass(slots=True)
class _Maker:
    """Makes one table of facts, row by row."""

    facts: _Facts
    table: str
    spec: tables.Table
    rows_of_file: Origins
    rows: list[dict[str, str]] = field(default_factory=list)
    origins: dict[tuple[int, str], Origin] = field(default_factory=dict)
    states: dict[tuple[int, str], State] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)
    strays: set[str] = field(default_factory=set)
    columns: set[str] = field(default_factory=set)
    notices: list[Notice] = field(default_factory=list)

    def add(self, row: FactRow) -> None:
        """Add the rows that ``row`` of the mapping stands for: one for each entity."""
        key = {name: text for told, text in row.key.items() if (name := self._column(told))}
        cells = {name: fact for told, fact in row.cells.items() if (name := self._column(told))}
        self.columns |= set(cells)
        under: dict[str, str] = {}
        for name in (name for name in self.spec.key if name not in key):
            names = {name: tables.names_of(name, self.spec.columns[name])}
            heading = next((heading for heading in self.facts.keys if find(heading, names)), None)
            if heading is not None:
                under[name] = heading
        for entity in self.facts.entities(list(under.values())):
            texts = dict(entity)
            self.rows.append(key | {name: texts[heading] for name, heading in under.items()})
            for column, fact in cells.items():
                self._cell(column, fact, entity)

    def _column(self, told: str) -> str | None:
        """The id of a column that the mapping names."""
        names = {name: tables.names_of(name, column) for name, column in self.spec.columns.items()}
        name = find(told, names)
        if name is None and told not in self.strays:
            self.strays.add(told)
            text = message(
                "the mapping file names a column {column} that {table} does not have; it has {known}",
                column=told,
                table=self.table,
                known=tuple(names),
            )
            self._remark("PR429", text, "blocking")
        return name

    def _cell(self, column: str, told: list[str] | str, entity: Entity) -> None:
        name = _named(told)
        found = self.facts.of(name, entity) if len(name) in (1, 3) else []
        if not found:
            shown = " ".join((*(text for _, text in entity), *name))
            self.absent.append(f"{column}: {shown}")
            return
        kind = self.spec.columns[column].type
        at = len(self.rows) - 1, column
        self.rows[-1][column] = found[0].printed(kind)
        self.origins[at] = self._origin(found[0])
        if len({_meaning(fact.printed(kind), kind) for fact in found}) > 1:
            self.states[at] = State.DUPLICATE
            self._remark_conflict(column, found, kind)

    def _origin(self, fact: Fact) -> Origin:
        texts = fact.texts
        heading = " ".join(filter(None, (texts["item"], texts["measure"])))
        line = self.rows_of_file.of(fact.row, "").row
        return Origin(self.rows_of_file.file, texts["place"], line, heading, texts["quote"])

    def _remark_conflict(self, column: str, found: Sequence[Fact], kind: LogicalType) -> None:
        text = message(
            "{table}.{column} has several facts that differ, {facts}, at {places}; the cell cannot be checked. "
            "Map each to a row of its own, or remove the wrong one",
            table=self.table,
            column=column,
            facts=tuple(fact.printed(kind) for fact in found[:FEW]),
            places=tuple(str(self._origin(fact)) for fact in found[:FEW]),
        )
        self._remark("PR422", text, "blocking")

    def _remark(self, code: str, text: Message, level: Level) -> None:
        file = self.rows_of_file.file
        self.notices.append(Notice(code, text, level, table=self.table, where=file))

    def made(self) -> tuple[pl.DataFrame, Source]:
        """The raw cells of the table, with what is known of them."""
        if self.absent:
            text = message(
                "{count} cells of {table} are mapped to facts that {file} does not have, the first are {cells}; "
                "they are blank. Correct the mapping, or add the facts",
                count=len(self.absent),
                table=self.table,
                file=self.rows_of_file.file,
                cells=tuple(self.absent[:FEW]),
            )
            self._remark("PR421", text, "advice")
        mapped = dict.fromkeys(name for row in self.rows for name in row)
        columns = [*mapped, *sorted(self.columns - set(mapped))]
        frame = pl.DataFrame(self.rows, dict.fromkeys(columns, pl.String), orient="row")
        origins = Origins(self.rows_of_file.file, cells=self.origins)
        return frame, Source(origins, states=self.states, notices=tuple(self.notices))


def _meaning(text: str, kind: LogicalType) -> object:
    """What is compared when two facts claim one cell."""
    figure = read_figure(text, kind) if kind in MEASURES else text
    return (figure.value, figure.low, figure.high) if isinstance(figure, Figure) else text
