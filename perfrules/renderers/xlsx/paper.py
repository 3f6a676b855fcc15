"""What all sheets of the working paper share: the report, its language, the names of the sheets, and where findings and cells stand."""

from collections.abc import Mapping

from perfrules import wording
from perfrules.exchange.excel import HEAD, Book, Tone
from perfrules.findings import Finding
from perfrules.locale import Message, message, word
from perfrules.renderers.xlsx.places import Place, Places, gravity, placed
from perfrules.report import Report, RuleFacts

LISTS: Mapping[str, tuple[str, Message]] = {
    "fail": ("F", message("Findings")),
    "unknown": ("U", message("Not checked")),
    "rounding": ("R", message("Rounding")),
}
"""The sheet of each outcome, the gravest first, and the letter that the numbers of its findings begin with."""
TONES: Mapping[str, Tone] = {
    "fail": "fail", "unknown": "unknown", "rounding": "rounding", "pass": "pass", "not-applicable": "",
}  # fmt: skip
"""What a cell looks like by its outcome."""
_SUMMARY, _UNITS, _RULES = message("Summary"), message("Units"), message("Rules")


class Paper:
    """One workbook in the making.

    Attributes:
        report: The report.
        book: The workbook.
        names: The names of the sheets that are not those of tables.
        places: Where the findings and the cells of the tables stand.
        keys: What the columns of the keys of findings say.
        facts: What the rules say, by id.
        sheets: The names of the sheets of tables, by table.
        numbers: The number of each finding, by its position in the report.
        written: What the sheets hold, for the summary: their names, numbers of rows, and what these are.
    """

    def __init__(self, report: Report, language: str) -> None:
        self.report = report
        self.language = language
        self.book = Book(language, self.title, report.run.started)
        wishes = {
            "summary": _SUMMARY,
            **({"units": _UNITS} if _several(report) else {}),
            **{name: said for name, (_, said) in LISTS.items()},
            "rules": _RULES,
        }
        self.names = {name: self.book.name(self.say(said)) for name, said in wishes.items()}
        self.keys = wording.keys_of(report)
        self.facts: Mapping[str, RuleFacts] = {facts.rule: facts for facts in report.rules}
        self.numbers, self._rows = _numbered(report)
        self.written: list[tuple[str, int, str]] = []
        self.places: Mapping[str, Places] = placed(report)
        self.sheets = {
            name: self.book.name(self.say(sheet.title) or name)
            for name, sheet in self.places.items()
        }

    @property
    def title(self) -> str:
        """What the workbook is about."""
        run = self.report.run
        return self.say(run.pack_title) or run.pack

    @property
    def footer(self) -> str:
        """What stands under every printed page."""
        run = self.report.run
        return "  ".join(part for part in (run.dataset, f"{run.pack} {run.pack_version}") if part)

    def say(self, item: object) -> str:
        """``item`` in words."""
        return word(item, self.language)

    def tone(self, position: int) -> Tone:
        """What the cells of a finding look like."""
        finding = self.report.details[position]
        return "info" if finding.settled else TONES[finding.outcome]

    def gravity(self, position: int) -> tuple[bool, int, int]:
        """The gravest finding first, and those that are settled last."""
        return gravity(self.report, position)

    def of(self, outcome: str) -> list[tuple[int, Finding]]:
        """The findings of an outcome, each with its position in the report."""
        return [(at, one) for at, one in enumerate(self.report.details) if one.outcome == outcome]

    def home(self, position: int) -> tuple[str, int, int]:
        """Where a finding stands: sheet, row, column."""
        return self.names[self.report.details[position].outcome], self._rows[position], 0

    def place(self, finding: Finding) -> tuple[str, int, int] | None:
        """Where the first of the cells of a finding stands that stands anywhere: sheet, row, column."""
        places = (
            self.places[cell.table].of(cell) for cell in finding.cells if cell.table in self.places
        )
        found: Place | None = next((found[0] for found in places if found), None)
        return None if found is None else (self.sheets[found.table], found.row, found.column)


def _several(report: Report) -> bool:
    """Whether there are units to be compared."""
    units = report.units
    return units is not None and (len(units.counts) > 1 or bool(units.missing))


def _numbered(report: Report) -> tuple[list[str], list[int]]:
    """The number of each finding, and its row in the sheet of its outcome."""
    counts: dict[str, int] = {}
    numbers, rows = [], []
    for finding in report.details:
        letter = LISTS[finding.outcome][0]
        at = counts[letter] = counts.get(letter, 0) + 1
        numbers.append(f"{letter}-{at:04d}")
        rows.append(HEAD + at)
    return numbers, rows
