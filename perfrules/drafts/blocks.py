"""A rule as the lines of a YAML block."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from perfrules.drafts.statements import Statement, Tries
from perfrules.locale import message, word
from perfrules.model import CaseRow, Outcome

Lines = tuple[tuple[int, str], ...]
"""Lines of a block with their depths: 0 the item of the list, 1 its keys, 2 what is below a key, and so on."""
_OUTCOMES: tuple[Outcome, ...] = ("pass", "rounding", "fail", "unknown", "not-applicable")
_PLAIN = re.compile(r"[^\W_](?:[\w .%+*/=<>()-]*[\w%)])?")
_NULLS = frozenset({"null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class Heading:
    """What a draft says of itself besides its statement.

    Attributes:
        id: The id of the rule.
        table: The table, where the file does not say it; else empty.
        language: Of the comments.
    """

    id: str
    table: str
    language: str


def block(heading: Heading, statement: Statement, names: Mapping[str, str], cases: Tries) -> Lines:
    """The block of a rule that makes ``statement``.

    Args:
        heading: What else it says.
        statement: What must hold.
        names: How its columns are called.
        cases: The rows that have been found to have these outcomes.
    """

    def said(item: object) -> str:
        return word(item, heading.language)

    rows = [(outcome, _row(row, names)) for outcome, row in cases]
    titles = ", ".join(
        f"{language}: {scalar(word(statement.title, language))}" for language in ("en", "zh")
    )
    lines = [
        (0, f"id: {scalar(heading.id)}"),
        (1, f"# {said(_WHAT_TO_DO)}"),
        (1, f"title: {{{titles}}}"),
        *([(1, f"table: {scalar(heading.table)}")] if heading.table else []),
        (1, f"assert: {scalar(statement.text)} # {said(_ASSERTION)}"),
        (1, f"severity: error # {said(_SEVERITY)}"),
        (1, f"# {said(_CASES)}"),
        (1, "cases:"),
    ]
    return (*lines, *_cases(rows))


_WHAT_TO_DO = message(
    "A draft: change title, assert and the rows below to what must hold, then run perfrules lint."
)
_ASSERTION = message("what must hold, with the names of columns")
_SEVERITY = message("or warning, or info")
_CASES = message("Example rows under the outcome that each must have; ~ is a blank.")


def _cases(rows: Sequence[tuple[Outcome, str]]) -> Iterator[tuple[int, str]]:
    for outcome in _OUTCOMES:
        own = [row for other, row in rows if other == outcome]
        if len(own) == 1:
            yield 2, f"{outcome}: {own[0]}"
        elif own:
            yield 2, f"{outcome}:"
            yield from ((3, f"- {row}") for row in own)


def _row(row: CaseRow, names: Mapping[str, str]) -> str:
    cells = (
        f"{scalar(names[name])}: {'~' if cell is None else scalar(cell)}"
        for name, cell in row.items()
    )
    return f"{{{', '.join(cells)}}}"


def scalar(text: str) -> str:
    """``text`` as YAML, in quotes where it would be read as something else."""
    if _PLAIN.fullmatch(text) and text not in _NULLS:
        return text
    return "'" + text.replace("'", "''") + "'"
