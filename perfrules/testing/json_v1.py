"""Results as JSON, version 1: an object with ``version``, ``pack``, ``seed``, ``examples``, ``summary`` and ``results``."""

import json

from perfrules.locale import word
from perfrules.testing.results import Result, Tested

VERSION = 1


def render(tested: Tested, language: str) -> bytes:
    """All results, in the order in which they came."""
    content = {
        "version": VERSION,
        "pack": tested.pack,
        "pack_version": tested.version,
        "seed": tested.seed,
        "examples": tested.examples,
        "summary": {
            "passed": tested.count("passed"),
            "failed": tested.count("failed"),
            "skipped": tested.count("skipped"),
            "mutants": tested.mutants,
            "survivors": tested.survivors,
            "seconds": round(tested.seconds, 3),
        },
        "results": [_result(result, language) for result in tested.results],
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _result(result: Result, language: str) -> dict[str, object]:
    place = result.place
    return {
        "id": result.id,
        "rule": result.rule or None,
        "kind": result.kind,
        "name": result.name,
        "standing": result.standing,
        "message": word(result.told, language),
        "details": [word(detail, language) for detail in result.details],
        "paste": result.paste or None,
        "file": place.file if place else None,
        "line": place.line if place else None,
        "seconds": round(result.seconds, 3),
    }
