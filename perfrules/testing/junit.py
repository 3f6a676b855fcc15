"""Results as JUnit XML, for CI: a suite for each rule, a test case for each result."""

from perfrules.exchange import junit
from perfrules.locale import word
from perfrules.testing.results import Result, Tested


def render(tested: Tested, language: str) -> bytes:
    """All results, rule by rule."""
    suites: dict[str, list[junit.Case]] = {}
    for result in tested.results:
        case = _case(result, tested.pack, language)
        suites.setdefault(result.rule or tested.pack, []).append(case)
    return junit.document(tested.pack, suites)


def _case(result: Result, pack: str, language: str) -> junit.Case:
    place = result.place
    return junit.Case(
        name=f"{result.kind} {result.name}".strip(),
        group=result.rule or pack,
        standing=result.standing,
        told=word(result.told, language),
        text="\n".join(lines_of(result, language)),
        seconds=result.seconds,
        file=place.file if place else "",
        line=place.line if place else None,
    )


def lines_of(result: Result, language: str) -> list[str]:
    """What came of it, its place, its details and what to paste, line by line."""
    place = f"{result.place.file}:{result.place.line}" if result.place else ""
    details = [word(detail, language) for detail in result.details]
    paste = result.paste.rstrip("\n").split("\n") if result.paste else []
    return [line for line in (place, word(result.told, language), *details) if line] + paste
