"""The JSON Schemas say of a file what the loader says of it."""

from pathlib import Path

import pytest
import yaml
from jsonschema import Draft7Validator

from perfrules.loader import builtin_packs, schemas
from perfrules.loader.described import KEYS
from perfrules.loader.schemas import FILES
from perfrules.loader.shapes import keys_of

ROOT = Path(__file__).parents[2]
SCHEMAS = schemas()
SUFFIXES = {
    "pack.yaml": "pack",
    ".rules.yaml": "rules",
    "dataset.yaml": "dataset",
    ".map.yaml": "facts-map",
}
WRITTEN = [
    (path, name)
    for folder in (*builtin_packs().values(), *(ROOT / "examples").iterdir())
    for path in sorted(folder.rglob("*.yaml"))
    for suffix, name in SUFFIXES.items()
    if path.name.endswith(suffix)
]


def faults(name: str, text: str) -> list[str]:
    found = Draft7Validator(SCHEMAS[name]).iter_errors(yaml.safe_load(text))
    return [f"{error.json_path}: {error.validator}" for error in found]


@pytest.mark.parametrize("name", FILES)
def test_a_schema_is_of_draft_7(name: str) -> None:
    schema = SCHEMAS[name]
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    Draft7Validator.check_schema(schema)
    text = str(schema)
    assert "$defs" not in text
    assert "patternProperties" not in text


@pytest.mark.parametrize(
    ("path", "name"), WRITTEN, ids=[str(p.relative_to(ROOT)) for p, _ in WRITTEN]
)
def test_our_own_files_pass(path: Path, name: str) -> None:
    assert faults(name, path.read_text(encoding="utf-8")) == []


def test_every_key_is_described_and_nothing_else() -> None:
    models: dict[str, tuple[str, ...]] = {}
    todo: list[object] = list(FILES.values())
    while todo:
        model = todo.pop()
        if (
            not isinstance(model, type)
            or model.__name__ in models
            or not hasattr(model, "model_fields")
        ):
            continue
        models[model.__name__] = keys_of(model)
        for info in model.model_fields.values():
            rest = [info.annotation]
            while rest:
                part = rest.pop()
                rest += getattr(part, "__args__", ())
                todo.append(part)
    assert {name: tuple(words) for name, words in KEYS.items()} == models


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("rules", "rules: [{id: 2023, assert: 1 = 1, since: 2022, until: '2023', tags: [1, yes]}]"),
        ("rules", "rules: [{id: a, assert: x, cases: {pass: {a: 1.5, b: no, c: ~, d: x}}}]"),
        ("rules", "rules: [{id: a, assert: x, cases: {fail: [{t: [{a: 1}], u: []}, {a: 1}]}}]"),
        ("rules", "rules: [{id: a, assert: x, tolerance: {absolute: 5}, title: 5}]"),
        ("rules", "rules: [{id: a, assert: x, for: [a, b], table: [t, o], per: unit}]"),
        ("rules", "rules: [{id: a, assert: x, for: [[a, b], [c, 2]]}]"),
        (
            "pack",
            "pack: a\ntables: {t: {key: [单位], columns: {单位: {type: text}}, optional: yes}}",
        ),
        ("pack", "pack: a\ntables: {t: {key: [a], columns: {a: {type: money, decimals: '2'}}}}"),
        (
            "pack",
            "pack: a\ntables: {t: {key: [a], columns: {a: {type: code}}}}\nparams: {p: {value: 5}}",
        ),
        ("dataset", "tables: {t: {file: t.csv, header: 2, constants: {year: 2023}}}"),
        ("facts-map", "tables: {t: [{key: {year: 2023}, cells: {a: [x, y, 1], b: 7}}]}"),
    ],
)
def test_scalars_may_stand_without_quotes(name: str, text: str) -> None:
    assert faults(name, text) == []


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("rules", "rules: [{id: a}]", "$.rules[0]: required"),
        ("rules", "rules: [{id: a, assert: x, nope: 1}]", "$.rules[0]: additionalProperties"),
        ("rules", "rules: [{id: A b, assert: x}]", "$.rules[0].id: pattern"),
        ("rules", "rules: [{id: a, assert: x, severity: fatal}]", "$.rules[0].severity: enum"),
        ("rules", "rules: [{id: a, assert: x, since: then}]", "$.rules[0].since: anyOf"),
        ("pack", "pack: a\ntables: {}", "$.tables: minProperties"),
        ("pack", "pack: a\ntables: {t: {key: [], columns: {}}}", "$.tables.t.key: minItems"),
        ("dataset", "tables: {t: {}}", "$.tables.t: required"),
    ],
)
def test_a_fault_is_one_in_an_editor_too(name: str, text: str, fault: str) -> None:
    assert fault in faults(name, text)
