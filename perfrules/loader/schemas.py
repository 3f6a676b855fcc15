"""JSON Schemas of the YAML files, for editors: made from the models, in the draft that YAML language servers read.

The loader reads every scalar as text, and an author may leave the quotes out, so what is a text to the model may be a
number or true or false to an editor.
"""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel

from perfrules.configuration import ConfigFile
from perfrules.loader.described import KEYS, TITLES
from perfrules.loader.offered import EXAMPLES, LANGUAGES, NAMES, NAMES_IN, SNIPPETS, WORDS
from perfrules.locale import Label
from perfrules.manifest import DatasetFile, FactsMap
from perfrules.model import PackFile, RulesFile
from perfrules.waivers import WaiversFile

Schema = dict[str, Any]

DRAFT = "http://json-schema.org/draft-07/schema#"
FILES: Mapping[str, type[BaseModel]] = {
    "pack": PackFile,
    "rules": RulesFile,
    "dataset": DatasetFile,
    "facts-map": FactsMap,
    "waivers": WaiversFile,
    "config": ConfigFile,
}
"""Models of the files by the names of their schemas."""


def schemas() -> dict[str, dict[str, object]]:
    """The JSON Schema of each kind of file, by name: ``pack``, ``rules``, ``dataset``, ``facts-map``, ``waivers`` and ``config``."""
    return {name: _schema(name, model) for name, model in FILES.items()}


def _schema(name: str, model: type[BaseModel]) -> Schema:
    made = model.model_json_schema(by_alias=True, ref_template="#/definitions/{model}")
    inside = made.pop("$defs", {})
    definitions = {key: _described(key, _draft7(part)) for key, part in sorted(inside.items())}
    root = _described(model.__name__, _draft7(made))
    head = {"$schema": DRAFT, "title": _both(TITLES[name])}
    return {**head, **root, **({"definitions": definitions} if definitions else {})}


def _draft7(schema: Schema) -> Schema:
    """A schema and all inside it: every scalar may stand without quotes, names are of any script, no empty titles."""
    kept = {key: value for key, value in schema.items() if key not in ("title", "default")}
    if isinstance(schema.get("default"), str | int | bool):
        kept["default"] = schema["default"]
    kept = _below(kept, _draft7)
    if (
        "patternProperties" in kept
    ):  # a pattern over letters of any script means something else in JavaScript
        (kept["additionalProperties"],) = kept.pop("patternProperties").values()
    if "\\W" in kept.get("pattern", ""):
        del kept["pattern"]
    if "enum" not in kept and "const" not in kept:
        kept |= _LOOSE.get(kept.get("type", ""), {})
    return kept


_LOOSE: Mapping[str, Schema] = {
    "string": {"type": ["string", "number", "boolean"]},
    "integer": {"type": ["integer", "string"], "pattern": r"^-?\d+$"},
    "boolean": {"type": ["boolean", "string"]},
}


def _below(schema: Schema, change: Callable[[Schema], Schema]) -> Schema:
    """The schema with ``change`` made to each schema directly inside it."""
    made = dict(schema)
    for key, value in schema.items():
        if key in ("properties", "patternProperties"):
            made[key] = {name: change(part) for name, part in value.items()}
        elif key in ("anyOf", "allOf", "oneOf"):
            made[key] = [change(part) for part in value]
        elif key in ("items", "additionalProperties") and isinstance(value, dict):
            made[key] = change(value)
    return made


def _described(model: str, schema: Schema) -> Schema:
    """The schema of a model with what editors show of it and of each of its keys."""
    words = KEYS.get(model, {})
    parts = {
        key: _worded(part, words[key], key, NAMES_IN.get((model, key), NAMES[key]))
        if key in words
        else part
        for key, part in schema.get("properties", {}).items()
    }
    described = {**schema, "properties": parts} if parts else dict(schema)
    described.pop("description", None)
    if model in SNIPPETS:
        label, body = SNIPPETS[model]
        described["defaultSnippets"] = [{"label": _title(label), "body": body}]
    return described


def _worded(schema: Schema, label: Label, key: str, name: Label) -> Schema:
    """The schema of a key with title and description; beside a reference draft 7 reads nothing, so that goes one level down."""
    told: Schema = {"title": _title(name), "description": _both(label)}
    if key in WORDS:
        listed = (f"- `{word}` {_title(what)}" for word, what in WORDS[key].items())
        told["markdownDescription"] = "\n".join([f"{label.zh}  ", f"{label.en}\n", *listed])
    if key in EXAMPLES:
        told["examples"] = list(EXAMPLES[key])
    if "$ref" in schema:
        return {**told, "allOf": [{"$ref": schema["$ref"]}]}
    return {**told, **_inside(schema, key)}


def _inside(schema: Schema, key: str) -> Schema:
    """The schema of a value with the meaning of its words, and of the keys of a text in two languages."""
    made = _below(schema, lambda part: _inside(part, key))
    if "enum" in made:
        made["enumDescriptions"] = [_title(WORDS[key][word]) for word in made["enum"]]
    for part, label in LANGUAGES.items():
        if part in made.get("properties", {}):
            made["properties"][part] |= {"title": _title(NAMES[part]), "description": _both(label)}
    return made


def _both(label: Label) -> str:
    return f"{label.zh}\n{label.en}"


def _title(label: Label) -> str:
    return f"{label.zh} · {label.en}"
