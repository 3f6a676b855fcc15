"""Configurations: what they say, where their faults are, and TOML with the places of its keys and values."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfrules.errors import DataError
from perfrules.loader.configured import load_configuration
from perfrules.loader.document import Document, Twig
from perfrules.loader.toml import read_toml

CONFIG = """\
# ours
data = "data"
fail-on = 'warning'
allow-unknown = ["blank", "no-row"]
outputs = [
  "json=report.json", # for the archive
  'report.xlsx',
]
profile = "annual"

[severities]
oe-a = "info"
oe-b = {severity = "error", since = 2024}
"oe-c" = [{severity = "info", until = 2023}, {severity = "warning"}]

[profiles.annual]
title = {zh = "年度"}
strictness = "review"
allow-unknown = true
"""


def read(tmp_path: Path, text: str, name: str = "perfrules.toml") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_configuration(tmp_path: Path) -> None:
    found = load_configuration(read(tmp_path, CONFIG))
    assert (found.data, found.fail_on, found.allow_unknown) == ("data", "warning", ["blank", "no-row"])  # fmt: skip
    assert found.outputs == ["json=report.json", "report.xlsx"]
    annual = found.profiles["annual"]
    assert (annual.strictness, annual.allow_unknown, annual.title.zh) == ("review", True, "年度")
    assert [(rule, g.severity, g.since, g.until) for rule, g in found.gradings()] == [
        ("oe-a", "info", None, None), ("oe-b", "error", 2024, None), ("oe-c", "info", None, 2023), ("oe-c", "warning", None, None),
    ]  # fmt: skip


def test_of_pyproject_only_our_table_is_read(tmp_path: Path) -> None:
    text = '[project]\nname = "x"\n[tool.other]\nx = 1\n[tool.perfrules]\nlanguage = "zh"\n[tool.perfrules.severities]\noe-a = "info"\n'
    found = load_configuration(read(tmp_path, text, "pyproject.toml"))
    assert (found.language, found.severities) == ("zh", {"oe-a": "info"})


# text: what is told of it
FAULTS = {
    'strictnes = "first"\n': "1:1: PR112: strictnes is not a key of perfrules.toml (did you mean strictness?)",
    'data = "x"\n\n  strictness = "firs"': "3:16: PR114: firs is not one of first, review, full (did you mean first?)",
    "detail = -1 # x": "1:10: PR114: -1 is less than 0",
    "detail = 'x'": "1:10: PR114: x is not a whole number",
    "outputs = 5\noutputs.x = 1": None,
    "allow-unknown = 'yes please'": None,
    '[severities]\noe-a = "fatal"': None,
    "[severities]\noe-a = {since = 2024}": "2:8: PR113: severity is missing in severities.oe-a of perfrules.toml (add severity: …)",
    '[severities]\noe-a = [{severity = "info", since = 2024, until = 2023}]': "2:51: PR114: until is before since",
    '[[severities.oe-a]]\nseverity = "info"\n[[severities.oe-a]]\nseverity = "inf"': "4:12: PR114: inf is not one of error, warning, info (did you mean info?)",
    '[severities]\n"Bad Rule" = "info"': "2:1: PR114: Bad Rule is not made of small letters a-z and digits, parted by single hyphens",
    "[profiles.a]\nprofile = 'b'": "2:1: PR112: profile is not a key of profiles.a of perfrules.toml (known are data, pack, strictness, severities, fail-on,"
    " allow-unknown, waivers, baseline, outputs, detail, engine, title)",
    "profile = 'b'\n[profiles.a]\ndetail = 1": "1:11: PR114: there is no profile b in this configuration",
    "strictness = review": "1:14: PR119: this is not TOML: Invalid value (check brackets and quotes here; texts stand in quotes)",
    "data = 'x'\ndata = 'y'": None,
    "[a": None,
    "x = " + "[" * 10_000: None,
}  # fmt: skip


@pytest.mark.parametrize(("text", "line"), FAULTS.items(), ids=[str(n) for n in range(len(FAULTS))])
def test_faults(tmp_path: Path, text: str, line: str | None) -> None:
    path = read(tmp_path, text)
    with pytest.raises(DataError) as raised:
        load_configuration(path)
    told = [str(fault).removeprefix(f"{path}:") for fault in raised.value.diagnostics]
    assert all(fault.place for fault in raised.value.diagnostics)
    if line is not None:
        assert told == [line]


def test_the_caret_is_under_what_is_meant(tmp_path: Path) -> None:
    path = read(tmp_path, '[tool.perfrules]\n说明 = 1\n"fail-on" = "alway"\n', "pyproject.toml")
    path.write_text(path.read_text("utf-8").replace("说明", '"说明"'), "utf-8")
    with pytest.raises(DataError) as raised:
        load_configuration(path)
    marks = [
        f.place.text[f.place.column - 1 :][: f.place.length]
        for f in raised.value.diagnostics
        if f.place
    ]
    assert marks == ['"说明"', '"alway"']


@pytest.mark.parametrize("content", [b"\xff\xfe", b"x = '" + b"a" * 6_000_000 + b"'"])
def test_what_is_no_text_of_toml(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "perfrules.toml"
    path.write_bytes(content)
    for place in (path, tmp_path, tmp_path / "none.toml"):
        with pytest.raises(DataError, match="PR119"):
            load_configuration(place)


# ---- the walk agrees with tomllib -------------------------------------------------------------------------------------------

ODD = '''\
a.b."c.d" = 1
"quoted \\" key" = 'x'   # = y
text = """
one "two" \\
   three"""
raw = \'\'\'a'b\'\'\'
when = 1979-05-27 07:32:00
many = [ [1, 2], [ ], ["a, b", 'c]'], # , ]
  {x = 1, y = {z = [true]}},
]
yes = true
float = 1_000.5e1
[t]
u.v = {}
[t.w]
x = ""
[[list]]
[[list]]
n = 1
[list.sub]
m = 2
[[list.deep]]
k = "\\u4e2d"
[ spaced . "out" ]
z = -0
'''


def document(tmp_path: Path, text: str) -> Document:
    found, faults = read_toml(read(tmp_path, text))
    assert found is not None, faults
    return found


def texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: texts(item) for name, item in value.items()}
    if isinstance(value, list):
        return [texts(item) for item in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_the_walk_finds_what_tomllib_reads(tmp_path: Path) -> None:
    for text in (ODD, CONFIG, "", "# nothing", ODD.replace("\n", "\r\n")):
        assert document(tmp_path, text).root.plain == texts(tomllib.loads(text.replace("\r\n", "\n")))  # fmt: skip


def test_every_key_and_text_stands_where_it_is_said_to(tmp_path: Path) -> None:
    found = document(tmp_path, ODD)

    def walk(twig: Twig) -> None:
        if isinstance(twig.value, dict):
            for name, (start, end) in twig.keys.items():
                written = found.source.text[start:end]
                assert name in (written, tomllib.loads(f"x = {written}")["x"] if written[0] in "\"'" else name)  # fmt: skip
                walk(twig.value[name])
        elif isinstance(twig.value, list):
            for item in twig.value:
                walk(item)
        else:
            written = found.source.text[twig.start : twig.end]
            assert texts(tomllib.loads(f"x = {written}")["x"]) == twig.value

    walk(found.root)


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_toml(k)} = {_toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        signs = {'"': '\\"', "\\": "\\\\"}
        return '"' + "".join(signs.get(c, c if c.isprintable() else f"\\U{ord(c):08x}") for c in value) + '"'  # fmt: skip
    return str(value)


values = st.recursive(
    st.booleans() | st.integers(-9, 9) | st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab.#=]", max_size=3), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(st.dictionaries(st.text("ab.#=[]'", max_size=3), values, max_size=4))
def test_any_table_comes_back(tmp_path_factory: pytest.TempPathFactory, table: dict[str, Any]) -> None:  # fmt: skip
    text = "".join(f"{_toml(name)} = {_toml(value)} # c\n" for name, value in table.items())
    found = document(tmp_path_factory.mktemp("t"), text)
    assert found.root.plain == texts(tomllib.loads(text))
