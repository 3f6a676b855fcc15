"""The pack to start from: its files, as they stand in ``templates``, with the JSON Schemas that their first lines name."""

import json
from pathlib import Path

from perfrules.loader.faults import kebab
from perfrules.loader.schemas import schemas
from perfrules.testing.blocks import scalar

TEMPLATES = Path(__file__).with_name("templates")
NAME = "my-pack"
"""What the pack of the templates is called."""
SCHEMAS = ".perfrules"
"""The folder of the schemas, inside the folder of the pack."""
DATA = "data"
"""The folder of the sample data, inside the folder of the pack."""


def pack_files(language: str, name: str) -> dict[str, str]:
    """The files of a small working pack, by their paths inside its folder.

    Args:
        language: In which its comments and its data are written.
        name: What its id is made of.
    """
    home = TEMPLATES / language
    files = {
        path.relative_to(home).as_posix(): path.read_text("utf-8")
        for path in (*sorted(home.glob("*.*")), *sorted(home.glob("*/*")))
    }
    own = f"pack: {scalar(pack_id(name))}"
    files["pack.yaml"] = files["pack.yaml"].replace(f"pack: {NAME}", own, 1)
    return files | {
        schema_file(kind): json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
        for kind, schema in schemas().items()
        if any(schema_file(kind) in text for text in files.values())
    }


def schema_file(kind: str) -> str:
    """Where the schema of a kind of file lies inside the folder of a pack."""
    return f"{SCHEMAS}/{kind}.schema.json"


def pack_id(name: str) -> str:
    """An id for a pack, made of the name of its folder."""
    made = kebab(name)[:64].rstrip("-")
    return made if any(sign.isalpha() for sign in made) else NAME
