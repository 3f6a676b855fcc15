"""A rule as the lines of a YAML block."""

from collections.abc import Mapping

from perfrules.drafts.statements import Statement, Tries
from perfrules.locale import message, word
from perfrules.model import Case, Outcome
from perfrules.testing import blocks
from perfrules.testing.blocks import scalar
from perfrules.values import frozen

Lines = tuple[tuple[int, str], ...]
"""Lines of a block with their depths: 0 the item of the list, 1 its keys, 2 what is below a key, and so on."""
OUTCOMES: tuple[Outcome, ...] = ("pass", "rounding", "fail", "unknown", "not-applicable")
"""Outcomes in the order in which cases are written."""


@frozen
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

    table = heading.table or "table"
    rows = [
        Case(outcome, {table: ({names[name]: cell for name, cell in row.items()},)})
        for outcome, row in sorted(cases, key=lambda case: OUTCOMES.index(case[0]))
    ]
    written = blocks.block(rows, [table]).splitlines()
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
    return (*lines, *((2 + line.startswith("  "), line.strip()) for line in written))


_WHAT_TO_DO = message(
    "A draft: change title, assert and the rows below to what must hold, then run perfrules lint."
)
_ASSERTION = message("what must hold, with the names of columns")
_SEVERITY = message("or warning, or info")
_CASES = message("Example rows under the outcome that each must have; ~ is a blank.")
