"""Two reports compared, as Markdown: a table for every state, for comments and summaries of CI services."""

from collections.abc import Iterator

from perfrules import wording
from perfrules.comparison import STATES, Change, Comparison, State
from perfrules.exchange.markdown import code, plain, table
from perfrules.findings import Finding
from perfrules.locale import message, word
from perfrules.locale.words import OUTCOMES, SEVERITIES

SUFFIXES = (".md", ".markdown")
_SHOWN = 50
"""Changes that are shown of one state."""


def render(comparison: Comparison, language: str) -> str:
    """The page; ends with a line break."""
    return "\n".join(_Page(comparison, language).lines()) + "\n"


class _Page:
    """Writes one comparison in one language."""

    def __init__(self, comparison: Comparison, language: str) -> None:
        self.comparison = comparison
        self.language = language

    def say(self, item: object) -> str:
        """``item`` in words that Markdown leaves alone."""
        return plain(word(item, self.language))

    def lines(self) -> Iterator[str]:
        """All of it."""
        run = self.comparison.new.run
        yield f"# {self.say(run.pack_title) or plain(run.pack)}"
        yield ""
        yield self.say(
            tuple(
                message("{outcome} {count}", outcome=name, count=len(self.comparison.of(state)))
                for state, name in STATES.items()
            )
        )
        for remark in self.comparison.remarks:
            yield from ("", self.say(remark))
        for state in STATES:
            yield from self.state(state)
        yield from self.stopped()

    def state(self, state: State) -> Iterator[str]:
        """The changes of one state."""
        changes = self.comparison.of(state)
        if not changes:
            return
        yield from ("", f"## {self.say(STATES[state])}: {len(changes)}", "")
        head = [
            message("rule"),
            message("severity"),
            message("where"),
            message("before"),
            message("now"),
        ]
        names = [self.say(name) for name in head]
        yield from table(names, (self.row(change) for change in changes[:_SHOWN]))
        if len(changes) > _SHOWN:
            yield from ("", self.say(message("{count} more", count=len(changes) - _SHOWN)))

    def row(self, change: Change) -> list[str]:
        """One change."""
        finding = change.finding
        title = self.say(finding.title)
        return [
            "<br>".join(part for part in (code(finding.rule), title) if part),
            self.say(SEVERITIES[finding.severity]),
            plain(wording.key_text(finding.key, finding.column)),
            self.verdict(change.old),
            "<br>".join(part for part in (self.verdict(change.new), self.said(change)) if part),
        ]

    def said(self, change: Change) -> str:
        """Why it is as it is, where the verdict does not say that itself."""
        return self.say(change.why) if change.new is None or change.state == "waived" else ""

    def verdict(self, finding: Finding | None) -> str:
        """What came out, with its numbers."""
        if finding is None:
            return ""
        said = [self.say(OUTCOMES[finding.outcome])]
        if finding.outcome == "unknown":
            said.append(self.say(finding.why))
        for name, text in wording.numbers(finding).items():
            if text:
                said.append(f"{self.say(wording.NUMBERS[name])} {plain(text)}")
        return "<br>".join(said)

    def stopped(self) -> Iterator[str]:
        """The rules that do not run any more."""
        stopped = self.comparison.stopped
        if not stopped:
            return
        title = self.say(message("rules that do not run any more"))
        yield from ("", f"## {title}: {len(stopped)}", "")
        head = [self.say(name) for name in (message("rule"), message("title"), message("why"))]
        rows = (
            [code(one.count.rule), self.say(one.count.title), self.say(one.why)] for one in stopped
        )
        yield from table(head, rows)
