"""One long file of facts: which column holds what, whom each fact is about, and what it would be printed as."""

import re
from collections.abc import Iterator, Mapping, Sequence, Set

import numpy as np
import polars as pl

from perfrules.dataset.headings import folded
from perfrules.dataset.source import FEW, Source
from perfrules.errors import DataError, Diagnostic
from perfrules.locale import message
from perfrules.locations import Origin
from perfrules.notices import Notice
from perfrules.quantities import MEASURES, LogicalType
from perfrules.quantities.figures import Figure, printed_unit, read_figure
from perfrules.readers.facts.codes import Coded, Ints, blanks, cleaned, coded, found, joined
from perfrules.readers.facts.grid import Entities
from perfrules.values import frozen

ROLES = ("place", "item", "measure", "value", "unit", "decimals", "quote", "fact_id")
"""What a column of a facts file can hold; a heading of that name holds it unless the mapping says another."""
Name = tuple[str, ...]
"""How a mapping names a fact: by place, item and measure, or by its id alone."""

_PADDED = re.compile(r"[+-]?[\d,]+(?:\.(\d+))?")
_PLAIN = r"^[+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?$"
_LAST_DIGIT = re.compile(r"(\d)(?=\D*$)")
_FEW_DECIMALS = "^[0-9]{0,2}$"
_POINT = pl.col("value").str.find(".", literal=True)
_MISSING = pl.max_horizontal(
    pl.col("decimals").cast(pl.Int64, strict=False).fill_null(0)
    - (pl.col("value").str.len_bytes().cast(pl.Int64) - 1 - _POINT).fill_null(0),
    0,
)
_PRINT = pl.concat_str(
    "value",
    pl.when(_POINT.is_null() & (_MISSING > 0)).then(pl.lit(".")).otherwise(pl.lit("")),
    pl.lit("0" * 100).str.slice(0, _MISSING),
    "unit",
)
"""A plain figure with its decimals and its unit."""


def name_of(fact: Sequence[str] | str) -> Name:
    """How a mapping names a fact."""
    return (fact.strip(),) if isinstance(fact, str) else tuple(part.strip() for part in fact)


def as_printed(value: str, kind: LogicalType, unit: str, decimals: str) -> str:
    """A fact as it would be printed in a cell of that type: with its decimals and its unit."""
    figure = read_figure(value, kind) if kind in MEASURES else None
    if not isinstance(figure, Figure) or figure.exact:
        return value
    padded = _padded(value, decimals)
    return padded if printed_unit(value, kind) else _LAST_DIGIT.sub(rf"\g<1>{unit}", padded)


def _padded(value: str, decimals: str) -> str:
    """``value`` with zeros up to that many decimals; nothing is ever cut off."""
    match = _PADDED.fullmatch(value)
    if match is None or not decimals.isdecimal():
        return value
    missing = int(decimals) - len(match[1] or "")
    point = "" if match[1] or missing <= 0 else "."
    return value + point + "0" * missing


@frozen
class Print:
    """How facts are printed in a column.

    Attributes:
        kind: Logical type of the column.
        unit: Unit that need not be printed, for the column has it.
    """

    kind: LogicalType
    unit: str = ""


class Facts:
    """The facts of one file.

    Attributes:
        count: How many there are.
        keys: Headings that hold no role, under which key columns may stand.
        source: What the reader knows of the file.
        unit: The unit of each.
    """

    def __init__(self, raw: pl.DataFrame, source: Source, columns: Mapping[str, str]) -> None:
        headings = [heading.strip() for heading in source.headings or raw.columns]
        roles = _roles(headings, columns, source.origins.file)
        self.count = len(raw)
        self.source = source
        self.keys = [
            heading for index, heading in enumerate(headings) if index not in roles.values()
        ]
        blank = pl.repeat("", self.count, dtype=pl.String, eager=True)
        self._cells = {
            role: raw.to_series(roles[role]) if role in roles else blank for role in ROLES
        }
        self._coded = {
            role: coded(self._cells[role]) if role in roles else blanks(self.count)
            for role in (*ROLES[:3], "unit", "decimals")
        }
        self._keyed = {heading: raw.to_series(headings.index(heading)) for heading in self.keys}
        self._entities: dict[tuple[str, ...], tuple[Entities, Ints, pl.DataFrame]] = {}

    @property
    def units(self) -> Coded:
        """Their units."""
        return self._coded["unit"]

    def text(self, role: str, fact: int) -> str:
        """What one fact says."""
        if role in self._coded:
            held = self._coded[role]
            return str(held.texts[int(held.codes[fact])])
        return str(cleaned(self._cells[role].slice(fact, 1))[0])

    def label(self, fact: int) -> str:
        """The name of a fact, for messages."""
        words = " ".join(filter(None, (self.text(role, fact) for role in ROLES[:3])))
        return words or self.text("fact_id", fact)

    def origin(self, fact: int) -> Origin:
        """Where a fact was printed."""
        place, item, measure = (self.text(role, fact) for role in ROLES[:3])
        heading = " ".join(filter(None, (item, measure)))
        rows = self.source.origins
        return Origin(rows.file, place, rows.of(fact, "").row, heading, self.text("quote", fact))

    def named(self, names: Sequence[Name]) -> Ints:
        """Of each fact, which of ``names``, by place, item and measure, is its own; -1 if none."""
        parts = []
        for at, role in enumerate(ROLES[:3]):
            wanted = list(dict.fromkeys(name[at] for name in names))
            held = self._coded[role]
            places = {text: place for place, text in enumerate(wanted)}
            own = np.array([places[name[at]] for name in names], dtype=np.int64)
            parts.append((held.places(wanted)[held.codes], own, len(wanted) + 1))
        numbers, size = joined([(codes, count) for codes, _, count in parts])
        wanted_numbers, _ = joined([(own, count) for _, own, count in parts])
        return found(numbers, size, wanted_numbers)

    def identified(self, ids: Sequence[str]) -> Ints:
        """Of each fact, which of ``ids`` is its own; -1 if none."""
        known = pl.Series(ids, dtype=pl.String)
        places = pl.Series(range(len(ids)), dtype=pl.Int64)
        texts = cleaned(self._cells["fact_id"])
        return texts.replace_strict(known, places, default=-1, return_dtype=pl.Int64).to_numpy()

    def entities(self, headings: tuple[str, ...]) -> tuple[Entities, Ints, pl.DataFrame]:
        """Whom the facts are about by what they say under ``headings``; one fact about each, and what it says there."""
        if headings not in self._entities:
            columns = {heading: coded(self._keyed[heading]) for heading in headings}
            made = Entities.of([(c.codes, len(c.texts)) for c in columns.values()], self.count)
            first = made.firsts()
            texts = {
                heading: column.texts.gather(column.codes[first])
                for heading, column in columns.items()
            }
            self._entities[headings] = made, first, pl.DataFrame(texts)
        return self._entities[headings]

    def unmapped(self, wanted: Ints) -> Iterator[Notice]:
        """A notice on the facts that no table takes."""
        rest = np.flatnonzero(~wanted)
        if not len(rest):
            return
        file = self.source.origins.file
        text = message(
            "{count} of {all} facts in {file} stand in no table, the first are {facts}; "
            "map them if a rule should see them",
            count=len(rest),
            all=self.count,
            file=file,
            facts=tuple(self.label(int(fact)) for fact in rest[:FEW]),
        )
        yield Notice("PR420", text, "advice", where=file)

    # ---- as printed ---------------------------------------------------------------------------------------------------

    def shown(self, fact: int, kind: LogicalType) -> str:
        """One fact as it would be printed, for messages."""
        value, unit, decimals = (self.text(role, fact) for role in ("value", "unit", "decimals"))
        return as_printed(value, kind, unit, decimals)

    def values(self, facts: Mapping[str, Ints]) -> pl.DataFrame:
        """The values of facts, column by column; null where there is none, -1."""
        return taken(self._cells["value"], facts)

    def printed(self, values: pl.Series, facts: Ints, how: Print) -> pl.Series:
        """The values of facts as they would be printed; null where there is no fact. Numbers that need no more than that keep their type."""
        if values.dtype.is_numeric() and how.kind in MEASURES:
            there = facts[facts >= 0]
            if self._only("unit", there, {"", how.unit}) and self._only("decimals", there, {""}):
                return values
        return self._texts_of(values, _places(facts), how)

    def _texts_of(self, values: pl.Series, facts: pl.Series, how: Print) -> pl.Series:
        """The values of facts as texts, with the units and decimals that these have of their own."""
        if how.kind not in MEASURES:
            return _where(facts, cleaned(values))
        units, decimals = self._texts("unit", facts), self._texts("decimals", facts)
        bare = facts.is_null() | units.is_in(["", how.unit])
        unit = pl.when(bare).then(pl.lit("")).otherwise(pl.lit(units))
        frame = pl.select(value=cleaned(values), decimals=decimals.fill_null(""), unit=unit)
        plain = frame.select(
            pl.col("value").str.contains(_PLAIN) & pl.col("decimals").str.contains(_FEW_DECIMALS)
        ).to_series()
        if plain.all():
            return _where(facts, frame.select(_PRINT).to_series())
        odd = frame.filter(~plain).unique()
        prints = [
            as_printed(value, how.kind, unit, decimals) for value, decimals, unit in odd.iter_rows()
        ]
        known = odd.with_columns(pl.Series("print", prints, pl.String))
        read = frame.join(known, on=frame.columns, how="left", maintain_order="left")
        told = pl.when(pl.lit(plain)).then(_PRINT).otherwise("print")
        return _where(facts, read.select(told).to_series())

    def _only(self, role: str, facts: Ints, texts: Set[str]) -> bool:
        """Whether facts say nothing else than some texts."""
        held = self._coded[role]
        other = [number for number, text in enumerate(held.texts) if text not in texts]
        return not other or not np.isin(held.codes[facts], other).any()

    def _texts(self, role: str, facts: pl.Series) -> pl.Series:
        held = self._coded[role]
        return held.texts.gather(pl.Series(held.codes).gather(facts))


def taken(cells: pl.Series, places: Mapping[str, Ints]) -> pl.DataFrame:
    """What stands at some places, column by column; null where a place is -1."""
    found = {name: cells.slice(int(w[0]), len(w)) for name, w in places.items() if _in_turn(w)}
    at = {
        name: where.astype(np.int32, copy=False).view(np.uint32)
        for name, where in places.items()
        if name not in found
    }
    rest = cells.to_frame("@").select(  # all columns at the same time; -1 lies out of bounds now
        pl.col("@").gather(pl.lit(pl.Series(where)), null_on_oob=True).alias(name)
        for name, where in at.items()
    )
    return pl.DataFrame([found[n].alias(n) if n in found else rest[n] for n in places])


def _in_turn(where: Ints) -> bool:
    """Whether places follow one another, as those of a melted table do: then what stands there need not be gathered."""
    size = len(where)
    if not size or where[0] < 0 or where[-1] - where[0] != size - 1:
        return False
    return bool((where[1:] - where[:-1] == 1).all())


def _places(facts: Ints) -> pl.Series:
    """Facts as positions to gather by; null where there is none."""
    held = pl.Series("fact", facts.astype(np.int64, copy=False))
    return held.to_frame().select(pl.when(pl.col("fact") >= 0).then("fact")).to_series()


def _where(facts: pl.Series, texts: pl.Series) -> pl.Series:
    """``texts`` where there is a fact."""
    frame = pl.DataFrame({"fact": facts, "text": texts})
    return frame.select(pl.when(pl.col("fact").is_not_null()).then("text")).to_series()


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
