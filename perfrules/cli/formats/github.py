"""Annotations of GitHub Actions: one command line for each diagnostic, which GitHub shows beside the line of the file.

GitHub shows ten annotations for each step and level, and lists the others in the log only; none is left out here.
"""

from perfrules.cli.formats import Graded, Linted, relative
from perfrules.cli.settings import Settings
from perfrules.exchange.github import command


def render(linted: Linted, settings: Settings) -> str:
    """One workflow command for each diagnostic."""
    return "\n".join(_command(graded, settings) for graded in linted.found)


def _command(graded: Graded, settings: Settings) -> str:
    fault, place = graded.diagnostic, graded.diagnostic.place
    properties: dict[str, object] = {}
    if place:
        properties = {
            "file": relative(place.file),
            "line": place.line,
            "col": place.column,
            "endColumn": place.column + place.length,
        }
    properties["title"] = fault.code
    told = settings.say(fault.message)
    if fault.hint:
        told = f"{told}\n→ {settings.say(fault.hint)}"
    return command(graded.level, properties, told)
