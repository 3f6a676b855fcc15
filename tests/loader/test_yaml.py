"""YAML as texts: what is written stays what it is, and no small file becomes a large one."""

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from perfrules.errors import PackError
from perfrules.loader import load_pack
from perfrules.loader.document import MAX_DEPTH, read_document
from perfrules.loader.packs import MAX_RULES
from perfrules.loader.sources import MAX_BYTES
from tests.work import calls

Write = Callable[..., Path]
Told = Callable[..., tuple[str, ...]]


def read(path: Path, text: str) -> object:
    path.write_bytes(text.encode())
    document, faults = read_document(path, frozenset({"key"}))
    assert document is not None, faults
    return document.root.plain


@pytest.mark.parametrize(
    "text",
    [
        "001001",
        "no",
        "1.10",
        "12:30",
        "1e-3",
        "2024-01-01",
        "0x1F",
        "1_000",
        ".5",
        "true",
        "=",
        "<",
    ],
)
def test_a_scalar_stays_the_text_as_written(tmp_path: Path, text: str) -> None:
    assert read(tmp_path / "a.yaml", f"{text}: [{text}, '{text}']\n") == {text: [text, text]}


@pytest.mark.parametrize("text", ["", "~", "null", "Null", "NULL"])
def test_nothing_is_none_and_a_quoted_nothing_is_a_text(tmp_path: Path, text: str) -> None:
    read_text = read(tmp_path / "a.yaml", f"a: {text}\nb: '{text}'\nc: \"{text}\"\n")
    assert read_text == {"a": None, "b": text, "c": text}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("\ufeffkey: a\r\nb: c\r\n", {"key": "a", "b": "c"}),
        ("---\nkey: a\n...\n", {"key": "a"}),
        ("%YAML 1.1\n---\nkey: a\n", {"key": "a"}),
        ("key: |\n  　　b\n  \tkey：c\n  key：d\n", {"key": "　　b\n\tkey：c\nkey：d\n"}),
        ("- key: >-\n    a\n    key：b\n- - c\n", [{"key": "a key：b"}, ["c"]]),
        ("a: 其中：b\nb: [其中：c]\n", {"a": "其中：b", "b": ["其中：c"]}),
        ("a: “x” = “y”\nb: '“x”'\n", {"a": "“x” = “y”", "b": "“x”"}),
        ("# only a comment\n", None),
        ("? a\n: b\n", {"a": "b"}),
    ],
)
def test_what_may_be_written(tmp_path: Path, text: str, value: object) -> None:
    assert read(tmp_path / "a.yaml", text) == value


LAUGHS = "a: &a [x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{above}'] * 9)}]\n"
    for above, name in zip("abcdefghi", "bcdefghij", strict=True)
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (LAUGHS, "PR108"),
        ("rules: " + "[" * 1_000_000, "PR110"),
        ("rules: " + "{a: " * 1_000_000, "PR110"),
        ("\n".join(" " * n + "a:" for n in range(MAX_DEPTH + 2)), "PR110"),
        ("rules:\n" + "- \n" * 600_000, "PR110"),
        ("rules: [" + "a," * 600_000 + "]", "PR110"),
        ("rules:\n" + "  - {id: a, id: b}\n" * 1_000, "PR110"),
        ("rules:\n" + "  - {id: a, assert: b}\n" * (MAX_RULES + 1), "PR110"),
        (
            f"rules:\n  - {{id: a, assert: b, for: [{', '.join(map(str, range(MAX_RULES + 1)))}]}}\n",
            "PR110",
        ),
        (
            "rules:\n"
            + f"  - {{id: a, assert: {'b' * 100_000}, for: [{', '.join(map(str, range(101)))}]}}\n",
            "PR110",
        ),
    ],
    ids=[
        "billion laughs",
        "brackets",
        "braces",
        "indentation",
        "items",
        "flow items",
        "faults",
        "rules",
        "repeated rules",
        "long repeated rules",
    ],
)
def test_a_bomb_is_refused_at_once(told: Told, text: str, code: str) -> None:
    """The work is bounded by the length of the text, whatever the text would become."""
    lines: list[str] = []
    work = calls(lambda: lines.extend(told(text, head="")))
    head, *faults = lines
    assert head == "refused"
    assert any(f" {code}: " in fault for fault in faults)
    assert work < 5 * len(text) + 5_000


def test_a_large_file_is_refused_without_reading_all_of_it(write: Write) -> None:
    folder = write("x")
    with (folder / "a.rules.yaml").open("wb") as file:
        file.truncate(50_000_000)
    tracemalloc.start()
    with pytest.raises(PackError) as raised:
        load_pack(folder)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2 * MAX_BYTES  # it is ten times as large
    assert [fault.code for fault in raised.value.diagnostics] == ["PR109"]
    assert f"{MAX_BYTES:,}" in str(raised.value)


def test_a_rules_file_that_is_a_folder_cannot_be_read(write: Write) -> None:
    folder = write()
    (folder / "b.rules.yaml").mkdir()
    with pytest.raises(PackError, match=r"b\.rules\.yaml:1:1: PR101: .* cannot be read"):
        load_pack(folder)


def test_every_file_is_looked_at_before_a_pack_is_refused(write: Write) -> None:
    folder = write(
        "  - {id: A, assert: b}\n",
        pack="pack: P\ntables: {t: {key: [a], columns: {a: {type: text}}}}\n",
    )
    (folder / "b.rules.yaml").write_text("rules: [\n", encoding="utf-8")
    with pytest.raises(PackError) as raised:
        load_pack(folder)
    places = [str(fault.place).replace(f"{folder}/", "") for fault in raised.value.diagnostics]
    assert places == ["pack.yaml:1:7", "b.rules.yaml:2:1", "a.rules.yaml:3:10"]
