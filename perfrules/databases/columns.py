"""Typed columns of a database read as the readers read such cells: what is asked of them first, and what they then are.

What cannot be read there exactly (figures as text, floats, numbers without a scale) raises :class:`UnreadableError`: the table is
then read into memory, where cells of every type are understood.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import polars as pl

from perfrules import tables
from perfrules.dataset import Measure
from perfrules.dataset.relations import Facts
from perfrules.dataset.source import Remarks
from perfrules.dataset.words import worded
from perfrules.locale import Message, message
from perfrules.quantities import MAX_EXTRA_DECIMALS, MEASURES
from perfrules.quantities.figures import WHITE
from perfrules.values import frozen

_SPACES = "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""What counts as a space inside a key."""
_UNPLAIN = "[^!-~]"
"""What is in every text that has white space: where it is not, which is quickly seen, no further look is needed."""
_ENDS = f"^[{WHITE}]+|[{WHITE}]+$"
_INT64 = 2**63
_DIGITS = 28
"""Digits of decimals that can be scaled in every database without overflow."""
_YEARS = (1000, 9999)


class UnreadableError(Exception):
    """A column cannot be read exactly where it is; ``args[0]`` says why."""

    @property
    def why(self) -> Message:
        """Why."""
        reason: Message = self.args[0]
        return reason


@frozen
class Ready:
    """A column as it is read.

    Attributes:
        exprs: Its columns by name, under the conventions of a table's frame.
        facts: What is known of its cells.
        measure: How its figures are held; None if it holds none.
        finer: How many figures have more decimals than usual.
        plain: What differs in the database differs here too.
    """

    exprs: Mapping[str, Any]
    facts: Facts
    measure: Measure | None = None
    finer: int = 0
    plain: bool = False


def count(condition: Any) -> Any:
    """How many rows meet a condition."""
    one, none = (nw.lit(number, dtype=nw.Int8) for number in (1, 0))
    return nw.when(condition).then(one).otherwise(none).cast(nw.Int64).sum()


@dataclass(frozen=True)
class Column:
    """A column of the pack and the column of the database that it is read from.

    Attributes:
        id: Id of the column.
        spec: What the pack says of it.
        raw: Name of the column in the database.
        kind: Its type, as ibis names it; empty for others.
        written: Its type, as the database names it.
        key: Whether it is part of the table's key.
        unit: The unit of its figures, and its power of ten.
    """

    id: str
    spec: tables.Column
    raw: str
    kind: str
    written: str
    key: bool = False
    unit: tuple[str, int] = ("", 0)

    @property
    def cells(self) -> Any:
        """The cells as they are."""
        return nw.col(self.raw)

    def unreadable(self) -> UnreadableError:
        """The type is none that can be read there."""
        return UnreadableError(
            message("{column} is of type {type}", column=self.raw, type=self.written)
        )

    def asked(self) -> dict[str, Any]:
        """What must be known first, by name.

        Raises:
            UnreadableError: It cannot be read there.
        """
        nulls = nw.len() - self.cells.count()
        found = {"nulls": nulls} | (
            self._figures() if self.spec.type in MEASURES else self._words()
        )
        return {f"{self.id}|{name}": expr for name, expr in found.items()}

    def ready(self, answers: Mapping[str, Any]) -> Ready:
        """The column, by the answers.

        Raises:
            UnreadableError: It cannot be read there.
        """
        mine = {
            name.partition("|")[2]: value
            for name, value in answers.items()
            if name.startswith(f"{self.id}|")
        }
        return self._measured(mine) if self.spec.type in MEASURES else self._worded(mine)

    # ---- figures ------------------------------------------------------------------------------------------------------

    @property
    def _scale(self) -> int:
        """Decimals of the type."""
        if self.kind.startswith("int"):
            return 0
        if not self.kind.startswith("decimal"):
            raise self.unreadable()
        digits, scale = (int(part) for part in self.kind[8:-1].split(","))
        if digits > _DIGITS or scale < 0:
            raise self.unreadable()
        return scale

    def _digits(self, decimals: int) -> Any:
        """The figures as integers with that many decimals."""
        cells = self.cells
        if self.kind.startswith("int"):
            return cells.cast(nw.Int64) * 10**decimals if decimals else cells.cast(nw.Int64)
        return (cells * 10**decimals).cast(nw.Int64)

    @property
    def _usual(self) -> int | None:
        return self.spec.decimals if isinstance(self.spec.decimals, int) else None

    def _figures(self) -> dict[str, Any]:
        scale, usual = self._scale, self._usual
        found = {"low": self.cells.min(), "high": self.cells.max()}
        if usual is None or scale <= usual:
            return found
        if scale > usual + MAX_EXTRA_DECIMALS:
            raise self.unreadable()
        return found | {f"at{at}": count(self._has(at)) for at in range(usual, scale + 1)}

    def _has(self, decimals: int) -> Any:
        """Where a figure has that many decimals, zeros beyond the usual ones left out."""
        digits, scale = self._digits(self._scale), self._scale
        ends = digits % 10 ** (scale - decimals) == 0
        if decimals == self._usual:
            return ends
        return ends & (digits % 10 ** (scale - decimals + 1) != 0)

    def _measured(self, answers: Mapping[str, Any]) -> Ready:
        scale, usual, power = self._scale, self._usual, self.unit[1]
        places: tuple[int, ...] = (max(scale, usual or 0),)
        if usual is not None and scale > usual:
            places = tuple(at for at in range(usual, scale + 1) if answers[f"at{at}"])
        some = answers["low"] is not None
        # of a column of blanks the reading must fit the figures that may stand there next time
        decimals = max(places) if some and places else (scale if usual is None else usual)
        low, high = (int((answers[end] or 0) * 10**decimals) for end in ("low", "high"))
        if max(abs(low), abs(high)) >= _INT64:
            raise UnreadableError(message("{column} holds figures beyond 64 bits", column=self.raw))
        held = decimals - power if some else (0 if usual is None else usual - power)
        varying = len(places) > 1 and not self.spec.is_exact
        measure = Measure(
            held,
            None
            if varying
            else (
                min(places) - power
                if len(places) == 1 and some and not self.spec.is_exact
                else held
            ),
            None if usual is None else usual - power,
            exact=self.spec.is_exact,
            unit=self.unit[0],
            unit_place=-power,
        )
        exprs = {self.id: self._digits(decimals)}
        if varying:
            exprs[f"{self.id}@place"] = self._place(places, power)
        facts = Facts(
            answers["nulls"], tuple(at - power for at in places) if varying else (), low, high
        )
        finer = sum(
            answers[f"at{at}"]
            for at in places
            if usual is not None and scale > usual and at > usual
        )
        return Ready(exprs, facts, measure, finer)

    def _place(self, places: Sequence[int], power: int) -> Any:
        first, *others = places
        chain = nw.when(self._has(first)).then(nw.lit(first - power, dtype=nw.Int8))
        for at in others:
            chain = chain.when(self._has(at)).then(nw.lit(at - power, dtype=nw.Int8))
        return chain.otherwise(None)

    # ---- words --------------------------------------------------------------------------------------------------------

    @property
    def _odd(self) -> str:
        """What a text has that :attr:`_text` would change: one pattern is faster than two replacements."""
        inside = f"|[{_SPACES.replace(' ', '')}]|  " if self.key else ""
        return f"^[{WHITE}]|[{WHITE}]$" + inside

    @property
    def _text(self) -> Any:
        """The text without white space around it; in a key with single spaces."""
        text = self.cells.str.replace_all(_ENDS, "")
        return text.str.replace_all(f"[{_SPACES}]+", " ") if self.key else text

    def _words(self) -> dict[str, Any]:
        kind = self.spec.type
        if kind in ("text", "code"):
            if self.kind.startswith("int"):
                return {}
            if self.kind != "string":
                raise self.unreadable()
            odd = self.cells.str.contains(_UNPLAIN) & self.cells.str.contains(self._odd)
            found = {"odd": count(odd | (self.cells == ""))}
            old = [text for synonym in self.spec.synonyms for text in synonym.for_]
            return found | ({"old": count(self._text.is_in(old))} if old else {})
        if kind == "year":
            return self._years()
        due = {"date": ("date", "timestamp"), "flag": ("boolean",)}[kind]
        if self.kind not in due:
            raise self.unreadable()
        return {}

    def _years(self) -> dict[str, Any]:
        if self.kind == "string":
            return {
                "odd": count(~self.cells.str.contains("^[0-9]{4}$")),
                "low": self.cells.min(),
                "high": self.cells.max(),
            }
        if not (self.kind.startswith("int") or self.kind in ("date", "timestamp")):
            raise self.unreadable()
        year = self._year
        return {"low": year.min(), "high": year.max()}

    @property
    def _year(self) -> Any:
        dated = self.kind in ("date", "timestamp")
        return (self.cells.dt.year() if dated else self.cells).cast(nw.Int64)

    def _worded(self, answers: Mapping[str, Any]) -> Ready:
        kind, nulls = self.spec.type, answers["nulls"]
        if answers.get("old"):
            raise UnreadableError(message("{column} has spellings with synonyms", column=self.raw))
        if kind in ("text", "code"):
            if self.kind != "string":
                return Ready({self.id: self.cells.cast(nw.String)}, Facts(nulls), plain=True)
            if not answers["odd"]:
                return Ready({self.id: self.cells}, Facts(nulls), plain=True)
            text = nw.when(self._text != "").then(self._text).otherwise(None)
            return Ready({self.id: text}, Facts(nulls + answers["odd"]))
        if kind == "year":
            low, high = (int(answers[end] or 0) for end in ("low", "high"))
            if answers.get("odd") or (high and not (low >= _YEARS[0] and high <= _YEARS[1])):
                raise UnreadableError(
                    message("{column} holds something else than years", column=self.raw)
                )
            facts = Facts(nulls, (), low, high)
            return Ready({self.id: self._year}, facts, plain=self.kind.startswith("int"))
        value = self.cells.cast(nw.Date) if self.kind == "timestamp" else self.cells
        return Ready({self.id: value}, Facts(nulls), plain=self.kind != "timestamp")


def constant(name: str, spec: tables.Column, text: str, remarks: Remarks) -> Ready:
    """A column that is not printed, with the same value everywhere.

    Raises:
        UnreadableError: It holds figures.
    """
    if spec.type in MEASURES:
        raise UnreadableError(message("{column} is given as a constant figure", column=name))
    value = worded(pl.Series(name, [text], pl.String), name, spec, remarks)[name][0]
    kinds: Mapping[str, Any] = {"year": nw.Int64, "flag": nw.Boolean, "date": nw.Date}
    expr = nw.lit(value).cast(kinds.get(spec.type, nw.String))
    year = value if spec.type == "year" and value is not None else 0
    return Ready({name: expr}, Facts(int(value is None), (), year, year))
