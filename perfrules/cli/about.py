"""``perfrules --version`` and ``perfrules schema``."""

import json
from importlib import import_module
from importlib.metadata import version

from perfrules.cli import output
from perfrules.cli.settings import Settings


def run(_settings: Settings) -> int:
    """Print the version."""
    output.show(f"perfrules {version('perfrules')}")
    return 0


def schema(_settings: Settings, kind: str) -> int:
    """Print a JSON Schema."""
    if kind == "report":
        found = import_module("perfrules.renderers.json_v1").schema()
    else:
        found = import_module("perfrules.loader").schemas()[kind]
    output.show(json.dumps(found, ensure_ascii=False, indent=2))
    return 0
