"""A sheet per table: the data with the cells that findings rest on, coloured, commented, and leading to the gravest of these findings."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from perfrules import wording
from perfrules.dataset.shown import Figure, printed
from perfrules.exchange.excel import HEAD, Cell, Heading, Listing, Number, Value
from perfrules.findings import Finding
from perfrules.locale import message
from perfrules.locale.words import OUTCOMES
from perfrules.locations import width
from perfrules.renderers.xlsx.paper import LISTS, Paper
from perfrules.renderers.xlsx.places import Places, Quoted

_FIGURE = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.([0-9]+))?")
_WITH_UNIT = re.compile(r"-?[0-9.]+ ?([^0-9.].*)")
_TOLD = 8
"""Findings that are told in one comment."""
_BESIDE = 6
"""Findings that are named at the end of a row."""


def write(paper: Paper) -> None:
    """The sheets of all tables, in the order of the pack."""
    for places in paper.places.values():
        _Sheet(paper, places).write()


class _Sheet:
    """Writes the sheet of one table."""

    def __init__(self, paper: Paper, places: Places) -> None:
        self.paper = paper
        self.places = places
        self.several = len({quoted.file for quoted in places.quoted.values()}) > 1
        self.units = dict(self._units())
        self.found: dict[int, dict[str, list[int]]] = {}
        for (row, column), positions in places.marks.items():
            self.found.setdefault(row, {})[column] = positions

    def write(self) -> None:
        """All of it."""
        say, places = self.paper.say, self.places
        headings = [Heading(say(message("row")), 0 if self.several else 7, center=True), *self._headings(), Heading(say(message("outcome")), 10, center=True), Heading(say(message("findings")), 26)]  # fmt: skip
        sheet = self.paper.book.sheet(self.paper.sheets[places.table])
        title = say(places.title) or places.table
        listing = Listing(sheet, title, [self._source(), self._legend()], headings)
        for cells in self._rows():
            row = listing.row
            listing.add([cells[0], *self._marked(row, cells[1:]), *self._beside(row)])
        listing.close(self.paper.footer)
        self.paper.written.append((sheet.name, listing.row - HEAD - 1, title))

    def _units(self) -> Iterator[tuple[str, str]]:
        """The unit of each column: that of the data, or the one that all quoted figures bear."""
        if self.places.data is not None:
            for name, measure in self.places.data.measures.items():
                yield name, "" if measure.unit == "1" else measure.unit
            return
        for name in self.places.columns:
            found = (_WITH_UNIT.fullmatch(row.printed.get(name, "")) for row in self.places.quoted.values() if row.printed.get(name))  # fmt: skip
            units = {None if match is None else match[1] for match in found}
            (unit,) = units if len(units) == 1 else ("",)
            yield name, unit or ""

    def _headings(self) -> Iterator[Heading]:
        for name, label in self.places.columns.items():
            title = self.paper.say(label) or name
            unit = self.units.get(name, "")
            told = f"{title}\n({unit})" if unit else title
            note = name
            if self.places.data is not None and (
                said := self.places.data.origins.headings.get(name)
            ):
                note = f"{name}\n{said}"
            center = (
                self.places.data is not None and self.places.data.spec.columns[name].type == "year"
            )
            yield Heading(told, _wide(self.places, name), note, center=center)

    def _source(self) -> str:
        """Where the table comes from, and which of its rows are here."""
        places, say = self.places, self.paper.say
        total = self.paper.report.run.tables.get(places.table, 0)
        if places.data is None:
            return say(message(
                "The data was not at hand: here are the rows that findings quote, {count} of {total}, with what they quote of them.",
                count=len(places.quoted), total=total,
            ))  # fmt: skip
        origins = places.data.origins
        where = "  ".join(part for part in (origins.section, origins.file) if part)
        if places.height >= total:
            return say(message("{where}  all {count} rows", where=where, count=total))
        return say(message(
            "{where}  the first {count} of {total} rows, and below them {quoted} rows that findings quote",
            where=where, count=places.height, total=total, quoted=len(places.quoted),
        ))  # fmt: skip

    def _legend(self) -> Cell:
        parts = tuple(OUTCOMES[outcome] for outcome in LISTS)
        told = message("Coloured cells, the gravest first: {outcomes}. A click on one leads to its finding.", outcomes=parts)  # fmt: skip
        return Cell(self.paper.say(told), "quiet")

    def _rows(self) -> Iterator[list[Value]]:
        """The rows of the data, then those that only findings know."""
        places = self.places
        if places.data is not None:
            columns = [printed(places.data, name) for name in places.columns]
            first, origins = next(iter(places.columns), ""), places.data.origins
            for row in range(places.height):
                line = origins.of(row, first).row
                yield [
                    line if line is not None else row + 1,
                    *(_value(next(column)) for column in columns),
                ]
        for quoted in places.quoted.values():
            texts = ((name, quoted.printed.get(name, "")) for name in places.columns)
            yield [self._line(quoted), *(self._quoted(name, text, quoted) for name, text in texts)]

    def _line(self, quoted: Quoted) -> Value:
        """The row in the file of the data, with the file where there are several."""
        if not self.several:
            return quoted.line or ""
        return f"{quoted.file}:{quoted.line}" if quoted.line else quoted.file

    def _quoted(self, name: str, text: str, quoted: Quoted) -> Value:
        """A cell as a finding quotes it: a figure without the unit that stands above it, or a text."""
        unit = self.units.get(name, "")
        figure = (
            _FIGURE.fullmatch(text.removesuffix(unit).rstrip()) if name not in quoted.key else None
        )
        if figure is None:
            return text
        return Number(Decimal(figure[0]), len(figure[1] or ""))

    def _marked(self, row: int, values: list[Value]) -> Iterator[Cell | Value]:
        marks = self.found.get(row)
        if marks is None:
            yield from values
            return
        for name, value in zip(self.places.columns, values, strict=True):
            yield self._mark(value, marks[name]) if name in marks else value

    def _mark(self, value: Value, positions: list[int]) -> Cell:
        """A cell that findings rest on."""
        paper, details = self.paper, self.paper.report.details
        told = [self._told(at, details[at]) for at in positions[:_TOLD]]
        if len(positions) > _TOLD:
            told.append(paper.say(message("{count} more", count=len(positions) - _TOLD)))
        return Cell(value, paper.tone(positions[0]), paper.home(positions[0]), "\n".join(told))

    def _told(self, position: int, finding: Finding) -> str:
        """A finding in a comment: its number, its rule, its numbers."""
        say = self.paper.say
        lines = [
            f"{self.paper.numbers[position]}  {say(OUTCOMES[finding.outcome])}  {finding.rule}",
            say(finding.title),
        ]
        if finding.outcome == "unknown":
            return "\n".join([*lines, say(finding.why)])
        numbers = wording.numbers(finding)
        told = "  ".join(
            f"{say(said)} {numbers[name]}"
            for name, said in wording.NUMBERS.items()
            if numbers[name]
        )
        return "\n".join([*lines, told])

    def _beside(self, row: int) -> tuple[Cell | Value, ...]:
        """What came out of a row: the gravest outcome, and its findings."""
        marks: Mapping[str, list[int]] = self.found.get(row, {})
        positions = sorted({at for found in marks.values() for at in found}, key=self.paper.gravity)
        if not positions:
            return "", ""
        details, paper = self.paper.report.details, self.paper
        outcome = details[positions[0]].outcome
        names = [paper.numbers[at] for at in positions[:_BESIDE]]
        if len(positions) > _BESIDE:
            names.append(paper.say(message("{count} more", count=len(positions) - _BESIDE)))
        link = paper.home(positions[0])
        return Cell(paper.say(OUTCOMES[outcome]), paper.tone(positions[0])), Cell(
            ", ".join(names), link=link
        )


def _value(value: Figure | str | int) -> Value:
    return Number(value.value, value.decimals) if isinstance(value, Figure) else value


def _wide(places: Places, name: str) -> int:
    """The width of a column of texts, by the longest of the first of them; 0 for figures, which are never broken."""
    if places.data is None or name in places.data.measures:
        return 0
    texts = places.data.frame[name].head(500).cast(str, strict=False)
    longest = max((width(text) for text in texts if text is not None), default=0)
    return 0 if longest <= 36 else 38
