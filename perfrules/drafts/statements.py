"""Statements that may fit the columns of a table, each with cells that are likely to have every outcome.

They are there to be changed: what is true of a table nobody can know from its columns. Whether a statement makes sense, and
which cells have which outcome, is found out by trying.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from itertools import combinations

from perfrules.expr.format import word as written
from perfrules.expr.parse import is_plain
from perfrules.locale import Label, Message, message, word
from perfrules.model import CaseRow, Outcome
from perfrules.quantities import MEASURES, LogicalType
from perfrules.tables import Column, Table
from perfrules.values import frozen

_ORDER: tuple[LogicalType, ...] = ("money", "count", "number", "points", "ratio")
_UNREADABLE = message("see note")
_TOTAL = message("Total")
_SAMPLES: dict[LogicalType, str] = {"text": "A", "code": "001", "year": "2024", "date": "2024-12-31", "flag": "true"}  # fmt: skip
Tries = tuple[tuple[Outcome, CaseRow], ...]
_Tries = tuple[tuple[Outcome, str], ...]
_Figures = tuple[tuple[Outcome, Decimal], ...]


@frozen
class Statement:
    """A statement about one table.

    Attributes:
        columns: The columns that it is about.
        text: The assertion.
        title: What it says, in both languages.
        tries: Rows that should have these outcomes.
    """

    columns: tuple[str, ...]
    text: str
    title: Label
    tries: Tries


def sample(column: Column) -> str:
    """A cell of a column, where any will do."""
    return _SAMPLES.get(column.type) or _printed(Decimal(1), column)


def naming(table: Table, language: str) -> Mapping[str, str]:
    """How the columns of a table are called in a rule: by their ids, in Chinese by their titles if these need no quotes."""
    titles = {name: column.title.zh for name, column in table.columns.items()}
    return {
        name: title if language == "zh" and title and is_plain(title) else name
        for name, title in titles.items()
    }


def statements(table: Table, language: str) -> Iterator[Statement]:
    """Statements about a table, the likeliest first."""
    draft = _Draft(table, language)
    yield from draft.compared()
    others = tuple(name for name in table.columns if name not in table.key)
    for names, makers in ((others, _OF_COLUMN), (table.key, _OF_KEY)):
        for name in names:
            make = makers.get(table.columns[name].type)
            if make is not None:
                yield make(draft, name)


@frozen
class _Draft:
    """Statements about the columns of one table, written in one language."""

    table: Table
    language: str

    def compared(self) -> Iterator[Statement]:
        """Statements about figures outside of the key: about several that are alike, then about each."""
        groups = self._groups()
        for group in groups:
            if len(group) >= 3:
                yield self.sum(*group[:3])
        for group in groups:
            yield from (self.part(*pair) for pair in combinations(group, 2))
        for group in groups:
            yield from map(self.positive, group)

    def _groups(self) -> list[tuple[str, ...]]:
        """Columns that can be compared with one another, in order."""
        found: dict[tuple[LogicalType, str], list[str]] = {}
        for name, column in self.table.columns.items():
            if column.type in MEASURES and name not in self.table.key:
                found.setdefault((column.type, column.unit or ""), []).append(name)
        ordered = sorted(found.items(), key=lambda entry: _ORDER.index(entry[0][0]))
        return [tuple(names) for _, names in ordered]

    def sum(self, total: str, first: str, second: str) -> Statement:
        """The first column is the sum of the other two."""
        names = (total, first, second)
        parts = self._figures(names)
        whole, step = parts[0] + parts[1], self._step(names)
        cells: _Figures = (
            ("pass", whole),
            ("rounding", whole + self._step((total,))),
            ("fail", whole + 2 * step),
            ("fail", whole - 10 * step),
        )
        tries = [(outcome, self._row(names, (figure, *parts))) for outcome, figure in cells]
        return self._statement(
            names,
            "{} = {} + {}",
            message(
                "{total} is {first} plus {second}",
                **self._titles(total=total, first=first, second=second),
            ),
            (*tries, *self._gaps(tries[0][1])),
        )

    def part(self, whole: str, part: str) -> Statement:
        """The second column is at most the first."""
        names = (part, whole)
        low, high = sorted(self._figures(names))
        step = self._step(names)
        cells: _Figures = (
            ("pass", low),
            ("pass", high),
            ("rounding", high + self._step((part,))),
            ("fail", high + 2 * step),
        )
        tries = [(outcome, self._row(names, (figure, high))) for outcome, figure in cells]
        return self._statement(
            names,
            "{} <= {}",
            message("{part} is at most {whole}", **self._titles(part=part, whole=whole)),
            (*tries, *self._gaps(tries[0][1])),
        )

    def positive(self, name: str) -> Statement:
        """A column is not negative."""
        figure, step = self._figures((name,))[0], self._step((name,))
        cells: _Figures = (
            ("pass", figure),
            ("pass", Decimal(0)),
            ("fail", -2 * step),
        )
        tries = [(outcome, self._row((name,), (number,))) for outcome, number in cells]
        title = message("{column} is not negative", **self._titles(column=name))
        return self._statement((name,), "{} >= 0", title, (*tries, *self._gaps(tries[0][1])))

    def filled(self, name: str) -> Statement:
        """A column is not left blank."""
        row: CaseRow = {name: sample(self.table.columns[name])}
        tries: Tries = (("pass", row), ("fail", {name: None}), *self._gaps(row))
        title = message("{column} is filled in", **self._titles(column=name))
        return self._statement((name,), "{} is not blank", title, tries)

    def recent(self, name: str) -> Statement:
        """A year is not long ago."""
        tries: _Tries = (("pass", "2024"), ("pass", "2000"), ("fail", "1999"))
        return self._alone(
            name,
            "{} >= 2000",
            message("{column} is 2000 or later", **self._titles(column=name)),
            tries,
        )

    def no_total(self, name: str) -> Statement:
        """No row is a total."""
        total = word(_TOTAL, self.language)
        tries: _Tries = (("pass", sample(self.table.columns[name])), ("fail", total))
        title = message("{column} has no row of totals", **self._titles(column=name))
        return self._alone(name, f'{{}} <> "{total}"', title, tries)

    def true(self, name: str) -> Statement:
        """A flag is set."""
        tries: _Tries = (("pass", "true"), ("fail", "false"))
        title = message("{column} is true", **self._titles(column=name))
        return self._alone(name, "{} = true", title, tries)

    def _alone(self, name: str, text: str, title: Message, cells: _Tries) -> Statement:
        tries: Tries = tuple((outcome, {name: cell}) for outcome, cell in cells)
        return self._statement((name,), text, title, (*tries, *self._gaps(tries[0][1])))

    def _statement(
        self, names: tuple[str, ...], text: str, title: Message, tries: Tries
    ) -> Statement:
        called = naming(self.table, self.language)
        assertion = text.format(*(written(called[name]) for name in names))
        return Statement(names, assertion, Label(word(title, "zh"), word(title, "en")), tries)

    def _titles(self, **columns: str) -> dict[str, Label]:
        found = {place: self.table.columns[name].title for place, name in columns.items()}
        return {
            place: Label(title.zh or columns[place], title.en or columns[place])
            for place, title in found.items()
        }

    def _gaps(self, row: CaseRow) -> Iterator[tuple[Outcome, CaseRow]]:
        """Rows in which something is missing."""
        if len(row) > 1:
            yield from (("unknown", {**row, name: None}) for name in reversed(row))
        yield from (("unknown", {**row, name: word(_UNREADABLE, self.language)}) for name in row)
        yield "not-applicable", dict.fromkeys(row)

    def _row(self, names: tuple[str, ...], figures: tuple[Decimal, ...]) -> CaseRow:
        columns = self.table.columns
        return {
            name: _printed(figure, columns[name])
            for name, figure in zip(names, figures, strict=True)
        }

    def _step(self, names: tuple[str, ...]) -> Decimal:
        """The last printed place of the coarsest of these columns."""
        return Decimal(1).scaleb(-min(_places(self.table.columns[name]) for name in names))

    def _figures(self, names: tuple[str, ...]) -> tuple[Decimal, Decimal]:
        """Two figures that every one of these columns can print."""
        step = self._step(names)
        texts = _FIGURES[self.table.columns[names[0]].type]
        if _is_bare(self.table.columns[names[0]]):
            texts = ("0.5713", "0.2496")
        first, second = (Decimal(text).quantize(step) for text in texts)
        return first, second


_Maker = Callable[[_Draft, str], Statement]
_OF_COLUMN: Mapping[LogicalType, _Maker] = {
    "year": _Draft.recent,
    **dict.fromkeys(("text", "code", "date", "flag"), _Draft.filled),
}
"""What is said of a column that is no figure and not in the key."""
_OF_KEY: Mapping[LogicalType, _Maker] = {
    "text": _Draft.no_total,
    "code": _Draft.no_total,
    "year": _Draft.recent,
    "flag": _Draft.true,
    **dict.fromkeys(_ORDER, _Draft.positive),
}
"""What is said of a column of the key; that it is not blank no rule can say, for a row without a key is no row of it."""
_FIGURES: dict[LogicalType, tuple[str, str]] = {
    "money": ("893.8516", "153.6473"),
    "count": ("31", "15"),
    "number": ("57.1348", "24.9615"),
    "points": ("5.7134", "2.4961"),
    "ratio": ("57.1348", "24.9615"),
}
_DECIMALS = 2
"""Printed decimals where a column does not say how many are usual."""


def _places(column: Column) -> int:
    if isinstance(column.decimals, int):
        return max(column.decimals, 0)
    return 0 if column.type == "count" else _DECIMALS + 2 * _is_bare(column)


def _is_bare(column: Column) -> bool:
    """Whether a share is printed as a number and not as so many per cent."""
    return column.type == "ratio" and column.unit == "1"


def _printed(figure: Decimal, column: Column) -> str:
    sign = "%" if column.type == "ratio" and not _is_bare(column) else ""
    return f"{figure:.{_places(column)}f}{sign}"
