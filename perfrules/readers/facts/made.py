"""A table made of facts: a row for each row of the mapping and each entity."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import cache, partial
from itertools import islice

import numpy as np
import polars as pl
from numpy.typing import NDArray

from perfrules import tables
from perfrules.dataset import Origins
from perfrules.dataset.headings import find
from perfrules.dataset.normalise import usual_unit
from perfrules.dataset.source import FEW, Source
from perfrules.locale import Message, message
from perfrules.locations import Origin
from perfrules.manifest import FactRow
from perfrules.notices import Level, Notice
from perfrules.quantities import MEASURES
from perfrules.quantities.figures import Figure, State, read_figure
from perfrules.quantities.units import power_of
from perfrules.readers.facts.codes import Ints, joined
from perfrules.readers.facts.grid import Entities, Grid, scattered
from perfrules.readers.facts.long import Facts, Name, Print, name_of
from perfrules.values import frozen, mutable


@frozen
class Block:
    """The rows of the table that one row of the mapping stands for.

    Attributes:
        start: Position of the first.
        key: Key texts that the mapping gives, by column.
        under: Headings of the facts under which the other keys stand, by column.
        cells: Name of the fact by column.
    """

    start: int
    key: Mapping[str, str]
    under: Mapping[str, str]
    cells: Mapping[str, Name]


@frozen
class Twice:
    """Cells of one column that several facts claim: a row of the table, its first fact and a further one."""

    column: str
    rows: Ints
    first: Ints
    other: Ints

    def only(self, chosen: NDArray[np.bool_]) -> "Twice":
        """Some of them."""
        return Twice(self.column, self.rows[chosen], self.first[chosen], self.other[chosen])

    def cells(self) -> list[tuple[int, list[int]]]:
        """The first few cells, each with its first few facts."""
        found = []
        for row in np.unique(self.rows)[:FEW]:
            at = np.flatnonzero(self.rows == row)[: FEW - 1]
            found.append((int(row), [int(self.first[at[0]]), *map(int, self.other[at])]))
        return found


class Printed(Mapping[tuple[int, str], Origin]):
    """Where the cells were printed, told when somebody asks: there may be as many cells as facts."""

    def __init__(self, facts: Facts, columns: Mapping[str, Ints]) -> None:
        self._facts = facts
        self._columns = columns

    def __getitem__(self, at: tuple[int, str]) -> Origin:
        row, column = at
        fact = int(self._columns[column][row])
        if fact < 0:
            raise KeyError(at)
        return self._facts.origin(fact)

    def __iter__(self) -> Iterator[tuple[int, str]]:
        for column, facts in self._columns.items():
            for row in np.flatnonzero(facts >= 0):
                yield int(row), column

    def __len__(self) -> int:
        return sum(int(np.count_nonzero(facts >= 0)) for facts in self._columns.values())


@mutable
class Maker:
    """Makes one table of facts."""

    facts: Facts
    table: str
    spec: tables.Table
    unit_of_measure: str | None
    blocks: list[Block] = field(default_factory=list)
    height: int = 0
    strays: set[str] = field(default_factory=set)
    notices: list[Notice] = field(default_factory=list)

    # ---- the mapping --------------------------------------------------------------------------------------------------

    def add(self, row: FactRow) -> None:
        """Add the rows that ``row`` of the mapping stands for: one for each entity."""
        key = {name: text for told, text in row.key.items() if (name := self._column(told))}
        cells = {
            name: name_of(fact) for told, fact in row.cells.items() if (name := self._column(told))
        }
        under: dict[str, str] = {}
        for name in (name for name in self.spec.key if name not in key):
            names = {name: tables.names_of(name, self.spec.columns[name])}
            heading = next((heading for heading in self.facts.keys if find(heading, names)), None)
            if heading is not None:
                under[name] = heading
        block = Block(self.height, key, under, cells)
        self.blocks.append(block)
        self.height += self._size(block)

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

    # ---- the cells ----------------------------------------------------------------------------------------------------

    def made(
        self, named: Sequence[tuple[Ints, Ints]], numbers: Mapping[Name, int]
    ) -> tuple[pl.DataFrame, Source]:
        """The raw cells of the table, with what is known of them.

        Args:
            named: Facts that the mapping names, and the numbers of their names.
            numbers: The numbers of the names.
        """
        columns = dict.fromkeys(name for block in self.blocks for name in block.cells)
        stand = {name: np.full(self.height, -1, dtype=np.int64) for name in columns}
        twice: list[Twice] = []
        for under in dict.fromkeys(tuple(block.under.values()) for block in self.blocks):
            blocks = [block for block in self.blocks if tuple(block.under.values()) == under]
            wanted = dict.fromkeys(name for block in blocks for name in block.cells.values())
            local = {name: at for at, name in enumerate(n for n in wanted if n in numbers)}
            grid = self._grid(under, named, {numbers[name]: at for name, at in local.items()})
            for block in blocks:
                rows = slice(block.start, block.start + grid.first.shape[1])
                for column, name in block.cells.items():
                    if name in local:
                        stand[column][rows] = grid.first[local[name]]
                        twice.append(_claimed(column, block.start, grid, local[name]))
        self._remark_absent(stand)
        return self._raw(stand, [cells for cells in twice if len(cells.rows)])

    def _grid(
        self, under: tuple[str, ...], named: Sequence[tuple[Ints, Ints]], local: Mapping[int, int]
    ) -> Grid:
        """The facts of some names, whose numbers are made smaller by ``local``, about the entities under some headings."""
        entities, firsts, _ = self.facts.entities(under)
        last = max([*local, *(int(names.max(initial=0)) for _, names in named)])
        place = np.full(last + 1, -1, dtype=np.int64)
        place[list(local)] = list(local.values())
        parts = []
        for facts, names in named:
            own = place[names]
            here = own >= 0
            parts.append((facts, own) if here.all() else (facts[here], own[here]))
        facts, own = (np.concatenate(part) for part in zip(*parts, strict=True))
        about = Entities(tuple((codes[facts], count) for codes, count in entities.columns))
        there = np.zeros(entities.size, dtype=bool)
        there[joined([(codes[firsts], count) for codes, count in entities.columns])[0]] = True
        grid = scattered((own, len(local)), about).only(there)
        if len(named) == 1 and len(facts) == self.facts.count:
            return grid  # all of them, by their own numbers
        asked: Ints = np.append(facts, -1)  # where there is no fact, the last one is asked for
        return replace(grid, first=asked[grid.first], again=asked[grid.again])

    def _raw(self, stand: Mapping[str, Ints], twice: list[Twice]) -> tuple[pl.DataFrame, Source]:
        prints = {column: self._print(column, facts) for column, facts in stand.items()}
        values = self.facts.values(stand)
        cells = {
            column: self.facts.printed(values[column], facts, prints[column][0]).alias(column)
            for column, facts in stand.items()
        }
        keys = dict.fromkeys(name for block in self.blocks for name in (*block.key, *block.under))
        columns = [self._keys(name) for name in keys if name not in cells]
        frame = pl.DataFrame([*columns, *cells.values()])
        source = Source(
            Origins(self.facts.source.origins.file, cells=Printed(self.facts, stand)),
            units={column: unit for column, (_, unit) in prints.items() if unit},
            states=self._conflicts(twice, {column: how for column, (how, _) in prints.items()}),
        )
        return frame, replace(source, notices=tuple(self.notices))

    def _keys(self, name: str) -> pl.Series:
        """The texts of a key column."""
        parts = []
        for block in self.blocks:
            texts = self.facts.entities(tuple(block.under.values()))[2]
            if name in block.under:
                parts.append(texts[block.under[name]].alias(name))
            else:
                text = pl.Series(name, [block.key.get(name)], dtype=pl.String)
                parts.append(text.new_from_index(0, self._size(block)))
        return pl.concat(parts)

    def _size(self, block: Block) -> int:
        return len(self.facts.entities(tuple(block.under.values()))[1])

    def _print(self, column: str, facts: Ints) -> tuple[Print, str]:
        """How the facts of a column are printed, and their unit if it is that of the column for want of another."""
        spec = self.spec.columns[column]
        usual = usual_unit(column, self.spec, self.unit_of_measure)
        if usual or spec.type not in MEASURES:
            return Print(spec.type, usual), ""
        units = self.facts.units
        there = np.bincount(units.codes[facts[facts >= 0]], minlength=len(units.texts)) > 0
        unit, *others = [
            text for text, is_there in zip(units.texts, there, strict=True) if is_there
        ] or [""]
        own = unit if not others and power_of(unit, spec.type) is not None else ""
        return Print(spec.type, own), own

    # ---- what is wrong ------------------------------------------------------------------------------------------------

    def _conflicts(
        self, twice: list[Twice], prints: Mapping[str, Print]
    ) -> dict[tuple[int, str], State]:
        """The cells whose facts differ; remarks on them, and on those that stand several times alike."""
        differ: list[Twice] = []
        alike: list[Twice] = []
        for claims in twice:
            same = self._same(claims, prints[claims.column])
            doubtful = np.isin(claims.rows, claims.rows[~same])
            differ.append(claims.only(doubtful))
            alike.append(claims.only(~doubtful))
        self._remark_conflicts([claims for claims in differ if len(claims.rows)])
        self._remark_repeated([claims for claims in alike if len(claims.rows)])
        return {
            (row, claims.column): State.DUPLICATE
            for claims in differ
            for row in np.unique(claims.rows).tolist()
        }

    def _same(self, claims: Twice, how: Print) -> NDArray[np.bool_]:
        """Whether the two facts of each claim say the same."""
        facts = np.concatenate([claims.first, claims.other])
        values = self.facts.values({claims.column: facts}).to_series()
        printed = self.facts.printed(values, facts, how)
        first, other = printed.head(len(claims.rows)), printed.tail(len(claims.rows))
        same = first.eq_missing(other).to_numpy()
        if how.kind not in MEASURES or printed.dtype != pl.String or same.all():
            return same
        odd = np.flatnonzero(~same)
        pairs = zip(first.gather(odd), other.gather(odd), strict=True)
        means = cache(partial(_meaning, how=how))
        return _with(same, odd, [means(a) == means(b) for a, b in pairs])

    def _remark_conflicts(self, differ: list[Twice]) -> None:
        shown = [(claims.column, *cell) for claims in differ for cell in claims.cells()][:FEW]
        for column, row, facts in shown:
            kind = self.spec.columns[column].type
            text = message(
                "{table}.{column} of {key} has several facts that differ, {facts}, at {places}; the cell cannot be checked. "
                "Map each to a row of its own, or remove the wrong one",
                table=self.table,
                column=column,
                key=self._key(row),
                facts=tuple(self.facts.shown(fact, kind) for fact in facts),
                places=tuple(str(self.facts.origin(fact)) for fact in facts),
            )
            self._remark("PR422", text, "blocking")
        more = sum(len(np.unique(claims.rows)) for claims in differ) - len(shown)
        if more:
            text = message(
                "{table} has {count} more cells whose facts differ; none of them can be checked",
                table=self.table,
                count=more,
            )
            self._remark("PR422", text, "blocking")

    def _remark_repeated(self, alike: list[Twice]) -> None:
        if not alike:
            return
        shown = [(claims.column, *cell) for claims in alike for cell in claims.cells()][:FEW]
        named = tuple(
            message(
                "{column} of {key} at {places}",
                column=column,
                key=self._key(row),
                places=tuple(str(self.facts.origin(fact)) for fact in facts),
            )
            for column, row, facts in shown
        )
        text = message(
            "{count} cells of {table} have the same fact several times, first {cells}; it is taken once",
            count=sum(len(np.unique(claims.rows)) for claims in alike),
            table=self.table,
            cells=named,
        )
        self._remark("PR445", text, "advice")

    def _key(self, row: int) -> tuple[str, ...]:
        """The key of a row of the table, as far as it is known."""
        block = next(block for block in reversed(self.blocks) if block.start <= row)
        texts = self.facts.entities(tuple(block.under.values()))[2]
        under = {
            name: str(texts[heading][row - block.start]) for name, heading in block.under.items()
        }
        known = {**block.key, **under}
        return tuple(known[name] for name in self.spec.key if name in known)

    def _remark_absent(self, stand: Mapping[str, Ints]) -> None:
        count = 0
        shown: list[str] = []
        for block in self.blocks:
            rows = slice(block.start, block.start + self._size(block))
            gone = {column: stand[column][rows] < 0 for column in block.cells}
            count += sum(int(np.count_nonzero(where)) for where in gone.values())
            if gone and len(shown) < FEW:
                shown += list(islice(self._absent(block, gone), FEW - len(shown)))
        if not count:
            return
        text = message(
            "{count} cells of {table} are mapped to facts that {file} does not have, the first are {cells}; "
            "they are blank. Correct the mapping, or add the facts",
            count=count,
            table=self.table,
            file=self.facts.source.origins.file,
            cells=tuple(shown),
        )
        self._remark("PR421", text, "advice")

    def _absent(self, block: Block, gone: Mapping[str, NDArray[np.bool_]]) -> Iterator[str]:
        """What is mapped and absent, entity by entity."""
        texts = self.facts.entities(tuple(block.under.values()))[2]
        for at in np.flatnonzero(np.logical_or.reduce([*gone.values()])):
            entity = texts.row(int(at)) if texts.width else ()
            for column, where in gone.items():
                if where[at]:
                    yield f"{column}: {' '.join((*entity, *block.cells[column]))}"

    def _remark(self, code: str, text: Message, level: Level) -> None:
        file = self.facts.source.origins.file
        self.notices.append(Notice(code, text, level, table=self.table, where=file))


def _claimed(column: str, start: int, grid: Grid, name: int) -> Twice:
    """The cells of one name that have several facts."""
    here = grid.names == name
    entities = grid.entities[here]
    return Twice(column, entities + start, grid.first[name][entities], grid.again[here])


def _with(same: NDArray[np.bool_], rows: Ints, values: list[bool]) -> NDArray[np.bool_]:
    found = same.copy()
    found[rows] = values
    return found


def _meaning(text: str, how: Print) -> object:
    """What is compared when two facts claim one cell."""
    figure = read_figure(text, how.kind, how.unit)
    return (figure.value, figure.low, figure.high) if isinstance(figure, Figure) else text
