"""``perfrules --version`` and ``perfrules schema``."""

import json
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from perfrules.cli import output
from perfrules.cli.settings import Settings


def run(_settings: Settings) -> int:
    """Print the version."""
    output.show(f"perfrules {version('perfrules')}")
    return 0


def schema(_settings: Settings, kind: str, file: str | None = None) -> int:
    """Print a JSON Schema, or write it to a file."""
    if kind == "report":
        found = import_module("perfrules.renderers.json_v1").schema()
    elif kind == "diff":
        found = import_module("perfrules.comparison.schema").schema()
    else:
        found = import_module("perfrules.loader.schemas").schemas()[kind]
    text = json.dumps(found, ensure_ascii=False, indent=2)
    if file is None:
        output.show(text)
    else:
        output.write(Path(file), f"{text}\n".encode())
    return 0
