"""For a person at a terminal: each diagnostic with its line, a caret under what is meant, and what to do."""

from perfrules.cli import output
from perfrules.cli.formats import Linted
from perfrules.cli.settings import Settings


def render(linted: Linted, settings: Settings) -> str:
    """One block of lines for each diagnostic."""
    return "\n".join(output.diagnostic(graded.diagnostic, settings) for graded in linted.found)
