"""What ``lint`` found as JSON, version 1.

An object with ``version`` (1), ``faults`` and ``summary``. A fault has ``code``, ``level`` (``error`` or ``warning``),
``message``, ``hint``, ``file``, ``line``, ``column``, ``end_column``, and ``rule`` if it lies in one. Lines and columns are counted
from 1, columns in characters, and ``end_column`` is the first that no longer belongs to it. What a fault does not have is null:
one about a pack that does not exist lies in no file. ``file`` is a path from the current folder, with slashes. The summary has
the number of ``faults``, ``remarks``, ``packs`` and ``sound_rules``.

Members may be added; none changes its meaning or goes.
"""

import json
from typing import Any

from perfrules.cli.formats import Graded, Linted, relative
from perfrules.cli.settings import Settings


def render(linted: Linted, settings: Settings) -> str:
    """The object as text."""
    made = {
        "version": 1,
        "faults": [_fault(graded, settings) for graded in linted.found],
        "summary": {
            "faults": linted.count("error"),
            "remarks": linted.count("warning"),
            "packs": linted.packs,
            "sound_rules": linted.rules,
        },
    }
    return json.dumps(made, ensure_ascii=False, indent=2)


def _fault(graded: Graded, settings: Settings) -> dict[str, Any]:
    fault, place = graded.diagnostic, graded.diagnostic.place
    return {
        "code": fault.code,
        "level": graded.level,
        "message": settings.say(fault.message),
        "hint": settings.say(fault.hint) if fault.hint else None,
        "file": relative(place.file) if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "end_column": place.column + place.length if place else None,
        **({"rule": fault.rule} if fault.rule else {}),
    }
