"""The JSON Schemas say of a file what the loader says of it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from perfrules.expr.parse import parse
from perfrules.loader import builtin_packs
from perfrules.loader.described import KEYS
from perfrules.loader.offered import EXAMPLES, LANGUAGES, NAMES, NAMES_IN, SNIPPETS, WORDS
from perfrules.loader.schemas import FILES, schemas
from perfrules.loader.shapes import keys_of
from perfrules.quantities.units import power_of
from perfrules.tables import constant
from perfrules.waivers import WaiverBlock
from tests.docs import pages

ROOT = Path(__file__).parents[2]
SCHEMAS: Any = schemas()
SUFFIXES = {
    "pack.yaml": "pack",
    ".rules.yaml": "rules",
    "dataset.yaml": "dataset",
    ".map.yaml": "facts-map",
    ".waivers.yaml": "waivers",
}
WRITTEN = [
    (path, name)
    for folder in (*builtin_packs().values(), ROOT / "examples", ROOT / "tests" / "packs")
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


def parts(schema: Any, path: str = "$") -> Iterator[tuple[str, Any]]:
    """The schema and every schema in it, by path."""
    yield path, schema
    for key in ("properties", "definitions"):
        for name, part in schema.get(key, {}).items():
            yield from parts(part, f"{path}.{name}")
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield from parts(schema[key], f"{path}[]")
    for key in ("anyOf", "allOf"):
        for number, part in enumerate(schema.get(key, ())):
            yield from parts(part, f"{path}|{number}")


def in_both_languages(text: str) -> bool:
    return bool(re.search(r"[\u4e00-\u9fff]", text) and re.search(r"[A-Z][a-z ]+", text))


@pytest.mark.parametrize("name", FILES)
def test_every_property_has_title_and_description_in_both_languages(name: str) -> None:
    seen = 0
    for path, schema in parts(SCHEMAS[name]):
        for key, part in schema.get("properties", {}).items():
            seen += 1
            for kind in ("title", "description"):
                assert in_both_languages(part.get(kind, "")), f"{path}.{key}: {kind}"
    assert seen >= 4


@pytest.mark.parametrize("name", FILES)
def test_every_word_of_an_enum_is_told_in_both_languages(name: str) -> None:
    for path, schema in parts(SCHEMAS[name]):
        if "enum" in schema:
            told = schema["enumDescriptions"]
            assert len(told) == len(schema["enum"]), path
            assert all(map(in_both_languages, told)), path


@pytest.mark.parametrize("name", FILES)
def test_blocks_refuse_unknown_keys(name: str) -> None:
    for path, schema in parts(SCHEMAS[name]):
        if "properties" in schema:
            assert schema["additionalProperties"] is False, path


def test_what_is_offered_is_used() -> None:
    keys = {key for words in KEYS.values() for key in words}
    assert set(NAMES) == keys | set(LANGUAGES)
    assert set(EXAMPLES) | set(WORDS) <= keys
    assert all(key in KEYS[model] for model, key in NAMES_IN)
    assert set(SNIPPETS) <= set(KEYS)


@pytest.mark.parametrize("model", SNIPPETS)
def test_a_snippet_is_valid_once_it_is_filled(model: str) -> None:
    (schema,) = (s for s in SCHEMAS.values() if model in s.get("definitions", {}))
    (snippet,) = schema["definitions"][model]["defaultSnippets"]
    filled = json.loads(re.sub(r"\$\{\d+:([^}]*)\}", r"\1", json.dumps(snippet["body"])))
    assert "$" not in str(filled)
    whole = {"$ref": f"#/definitions/{model}", "definitions": schema["definitions"]}
    assert list(Draft7Validator(whole).iter_errors(filled)) == []


@pytest.mark.parametrize(
    ("key", "text"), [(k, text) for k, some in EXAMPLES.items() for text in some]
)
def test_an_example_is_what_the_loader_takes(key: str, text: str) -> None:
    if key in ("assert", "when"):
        assert parse(text)
    elif key in ("absolute", "max_slack", "relative", "value"):
        assert constant(text) is not None
    elif key in ("unit", "unit_of_measure"):
        assert power_of(text, "ratio" if text == "%" else "money") is not None
    elif key == "numbers":
        waiver = {"rule": "a", "numbers": text, "reason": "scope", "by": "a", "date": "2026-01-01"}
        assert WaiverBlock.model_validate(waiver)
    else:
        assert key in ("encoding", "outputs", "step", "version")


@pytest.mark.parametrize("name", FILES)
def test_the_schemas_in_the_package_are_current(name: str) -> None:
    text = (pages.SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8")
    assert json.loads(text) == SCHEMAS[name], "run: python -m tests.docs.pages"
    assert {path.stem.partition(".")[0] for path in pages.SCHEMAS.iterdir()} == set(FILES)


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
        ("rules", "rules: [{assert: x}]", "$.rules[0]: required"),
        ("rules", "rules: [{id: a}]", "$.rules[0]: oneOf"),
        ("rules", "rules: [{id: a, assert: x, rollup: {}}]", "$.rules[0]: oneOf"),
        ("rules", "rules: [{id: a, rollup: {code: c}}]", "$.rules[0].rollup: anyOf"),
        ("rules", "rules: [{id: a, assert: x, nope: 1}]", "$.rules[0]: additionalProperties"),
        ("rules", "rules: [{id: A b, assert: x}]", "$.rules[0].id: pattern"),
        ("rules", "rules: [{id: a, assert: x, severity: fatal}]", "$.rules[0].severity: enum"),
        ("rules", "rules: [{id: a, assert: x, since: then}]", "$.rules[0].since: anyOf"),
        ("rules", "rules: [{id: a, assert: x, status: done}]", "$.rules[0].status: enum"),
        ("rules", "rules: [{id: a--b, assert: x}]", "$.rules[0].id: pattern"),
        ("rules", "rules: {}", "$.rules: type"),
        ("rules", "rule: []", "$: additionalProperties"),
        (
            "rules",
            "rules: [{id: a, assert: x, cases: {passes: {}}}]",
            "$.rules[0].cases: additionalProperties",
        ),
        ("rules", "rules: [{id: a, assert: x, cases: {pass: 1}}]", "$.rules[0].cases.pass: anyOf"),
        ("rules", "rules: [{id: a, assert: x, tolerance: loose}]", "$.rules[0].tolerance: anyOf"),
        ("rules", "rules: [{id: a, assert: x, title: {de: x}}]", "$.rules[0].title: anyOf"),
        ("rules", "rules: [{id: a, assert: x, basis: [{}]}]", "$.rules[0].basis[0]: required"),
        ("pack", "pack: P\ntables: {}", "$.pack: pattern"),
        ("pack", "pack: a\nversion: '1.0'\ntables: {}", "$.version: pattern"),
        (
            "pack",
            "pack: a\ntables: {t: {key: [a], columns: {a: {type: euro}}}}",
            "$.tables.t.columns.a.type: enum",
        ),
        (
            "pack",
            "pack: a\ntables: {t: {key: [a], columns: {a: {type: text, blanks: zero}}}}",
            "$.tables.t.columns.a: additionalProperties",
        ),
        ("dataset", "unit: 万元", "$: additionalProperties"),
        ("dataset", "facts: {file: f.csv}", "$.facts: anyOf"),
        ("facts-map", "tables: {t: [{key: {}}]}", "$.tables.t[0]: required"),
        ("pack", "pack: a\ntables: {}", "$.tables: minProperties"),
        ("pack", "pack: a\ntables: {t: {key: [], columns: {}}}", "$.tables.t.key: minItems"),
        ("dataset", "tables: {t: {}}", "$.tables.t: oneOf"),
    ],
)
def test_a_fault_is_one_in_an_editor_too(name: str, text: str, fault: str) -> None:
    assert fault in faults(name, text)
