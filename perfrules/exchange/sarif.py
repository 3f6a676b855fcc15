"""SARIF 2.1.0, which code scanning services and editors read: a log, its tool, and where things are.

A log has one run. Columns are counted in characters, and relative files lie below the root of the sources.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from perfrules.codes import CODES
from perfrules.locale import word

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
ROOT = "%SRCROOT%"
_TAGS = {"zh": "zh-CN", "en": "en-US"}
Object = dict[str, Any]


def log(
    driver: Mapping[str, Any], language: str, results: Sequence[Object], **members: object
) -> str:
    """A log as text.

    Args:
        driver: What is said of the tool, besides its name and language.
        language: ``zh`` or ``en``.
        results: The results.
        **members: Other members of the run.
    """
    run = {
        "tool": {"driver": {"name": "perfrules", "language": _TAGS[language], **driver}},
        "language": _TAGS[language],
        "columnKind": "unicodeCodePoints",
        **members,
        "results": results,
    }
    return json.dumps(
        {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2
    )


def code(name: str, language: str) -> Object:
    """What a diagnostic code means, as ``perfrules explain`` says it."""
    entry = CODES[name]
    title, meaning, remedy = (
        word(label, language) for label in (entry.title, entry.meaning, entry.remedy)
    )
    example = f"\n\n```yaml\n# ✗\n{entry.before}\n# ✓\n{entry.after}\n```" if entry.before else ""
    return {
        "id": name,
        "shortDescription": {"text": title},
        "fullDescription": {"text": meaning},
        "help": {
            "text": f"{meaning}\n{remedy}",
            "markdown": f"**{title}**\n\n{meaning}\n\n{remedy}{example}",
        },
    }


def artifact(path: str) -> Object:
    """A file; ``path`` with slashes, relative to the root of the sources or whole."""
    if Path(path).is_absolute():
        return {"uri": Path(path).as_uri()}
    return {"uri": quote(path), "uriBaseId": ROOT}
