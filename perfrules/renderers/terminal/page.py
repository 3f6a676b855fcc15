"""The sheet of paper that a report is written on."""

from collections.abc import Mapping, Sequence
from io import StringIO

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.text import Text

from perfrules import wording
from perfrules.locale import Message, word
from perfrules.locations import lines, width
from perfrules.report import FailOn, Report
from perfrules.values import frozen

DIM = "dim"


@frozen
class View:
    """How a report is shown.

    Attributes:
        width: Columns of the terminal.
        color: Whether it takes colours.
        per_rule: Findings shown of each rule.
        cells: Cells shown of each finding.
        verbose: Show every finding, cell and notice that the report holds, and the counts of every rule.
        quiet: Show the last line only.
        fail_on: The lowest severity that counts as a finding.
        code: The exit code; None works it out from the report.
        exits: Say the exit code.
    """

    width: int = 100
    color: bool = False
    per_rule: int = 5
    cells: int = 8
    verbose: bool = False
    quiet: bool = False
    fail_on: FailOn = "error"
    code: int | None = None
    exits: bool = True


class Page:
    """Collects paragraphs and tables, broken at the width of the view.

    Attributes:
        report: What is written.
        language: In which language.
        view: How much of it, and how wide.
        messages: What each rule says of a contradiction, in the words of its pack.
        open: How many verdicts of each rule and outcome are neither waived nor known from the baseline.
        failed: How many contradictions of each rule and severity are so.
        common: The parts of the key that are the same in every finding; said once, not with each.
    """

    def __init__(self, report: Report, language: str, view: View) -> None:
        self.report = report
        self.language = language
        self.view = view
        self.messages = {facts.rule: facts.message for facts in report.rules}
        self.open = wording.unsettled(report)
        self.failed = report.failed
        self.common = wording.common_key(report)
        self._file = StringIO()
        self._console = Console(
            file=self._file,
            width=view.width,
            force_terminal=view.color,
            color_system="standard" if view.color else None,
            legacy_windows=False,
            highlight=False,
            markup=False,
            emoji=False,
        )

    def text(self) -> str:
        """All that was written."""
        told = self._file.getvalue().splitlines()
        return "\n".join(line.rstrip() for line in told) + "\n"

    def say(self, item: object) -> str:
        """``item`` in the language of the page."""
        return word(item, self.language)

    def put(self, item: RenderableType, indent: int = 0) -> None:
        """A table or a styled text; a text has its line breaks."""
        if isinstance(item, Text):  # rich need not look for others, nor fill its lines up
            lead = Text(" " * indent)
            text = Text("\n").join(lead + line for line in item.split("\n"))
            self._console.print(text, soft_wrap=True)
        else:
            self._console.print(Padding(item, (0, 0, 0, indent)))

    def line(self, *parts: object, style: str = "", indent: int = 0) -> None:
        """One paragraph; texts keep their own style. Nothing is an empty line."""
        text = Text(style=style)
        for part in parts:
            text.append(part if isinstance(part, Text) else Text(self.say(part)))
        self.put(fitted(text, self.view.width - indent), indent)

    def flow(self, parts: Sequence[Text], indent: int) -> None:
        """Parts beside each other, and in further lines where one does not fit; none is broken that fits a line."""
        told: list[Text] = []
        for part in parts:
            room = self.view.width - indent - (2 if told else 0)
            if told and told[-1].cell_len + part.cell_len + 2 <= room:
                told[-1] = Text("  ").join([told[-1], part])
            else:
                told.append(part)
        for number, line in enumerate(told):
            inset = indent + (2 if number else 0)
            self.put(fitted(line, self.view.width - inset), inset)

    def heading(self, title: Message, style: str = "bold") -> None:
        """A line over a part of the page."""
        self.line()
        self.line(title, style=style)


def fitted(text: Text, columns: int) -> Text:
    """``text`` with line breaks where it must break to take at most so many columns."""
    plain = text.plain
    if "\n" not in plain and plain == plain.rstrip() and width(plain) <= columns:
        return text
    return Text("\n").join(text[start:end] for start, end in lines(plain, columns))


def key_text(key: Mapping[str, str]) -> str:
    """A key as it is shown."""
    return " ".join(f"{name}={value}" for name, value in key.items())
