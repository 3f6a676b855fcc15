"""Whatever is written: a pack or its faults, never another exception, and every place lies in its file."""

import tempfile
from collections.abc import Iterable
from pathlib import Path

import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from perfrules.errors import Diagnostic, PackError
from perfrules.loader import load_pack
from perfrules.loader.document import read_document
from perfrules.loader.sources import Source
from perfrules.loader.spans import Filled, fill, span_in_source
from perfrules.locations import Place, caret

PACK = """\
pack: p
tables:
  t:
    key: [unit, year]
    columns:
      unit: {type: text}
      year: {type: year}
      total: {type: money, title: 合计, aliases: [支出]}
      basic: {type: money}
params: {limit: {value: 20%}}
"""
RULES = """\
table: t
rules:
  - id: a
    title: {zh: 甲, en: b}
    assert: 合计 = basic
    when: total > 0
    for: [total, basic]
    tolerance: {step: param.limit}
    cases:
      pass: {total: 1, basic: ~}
      fail: [{t: [{total: 1}]}]
  - {id: b, assert: '{column} ≥ 0', for: [total]}
"""
SIGNS = st.sampled_from(
    [
        *[
            "：",
            "“",
            "”",
            "'",
            '"',
            "\t",
            "　",
            "{",
            "}",
            "[",
            "]",
            ": ",
            "- ",
            "\n",
            "\r\n",
            "&a ",
            "*a",
        ],
        *[
            "!!x ",
            "#",
            ",",
            "|\n",
            ">-\n",
            "?",
            "~",
            "%",
            "@",
            "\x00",
            "\u2028",
            "\ufeff",
            "𠀀",
            "<<",
        ],
        *["{column}", "total", "---\n", "0" * 99, "合计 = "],
    ]
)


@st.composite
def mangled(draw: st.DrawFn, text: str) -> str:
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 8)))
        text = text[:start] + draw(SIGNS | st.text(max_size=4)) + text[end:]
    return text


def faults_of(pack: str, rules: str) -> tuple[dict[str, str], Iterable[Diagnostic]]:
    with tempfile.TemporaryDirectory() as name:
        texts = {"pack.yaml": pack, "a.rules.yaml": rules}
        for file, text in texts.items():
            (Path(name) / file).write_bytes(text.encode("utf-8", "surrogatepass"))
        try:
            return texts, load_pack(Path(name)).faults
        except PackError as error:
            return texts, error.diagnostics


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mangled(PACK), mangled(RULES))
def test_a_mangled_pack_is_read_or_explained(pack: str, rules: str) -> None:
    texts, faults = faults_of(pack, rules)
    for fault in faults:
        assert isinstance(fault.place, Place)
        assert str(fault)
        assert fault.code.startswith("PR")
        assert "^" in caret(fault.place)[1]
        text = texts[Path(fault.place.file).name].removeprefix("\ufeff")
        assert fault.place.text in text or "\ufffd" in fault.place.text
        assert fault.place.column - 1 <= len(fault.place.text)


LINES = st.lists(
    st.text("ab合计 =+'\"\\（）", min_size=1, max_size=12), min_size=1, max_size=4
).map("\n".join)


@settings(deadline=None)
@given(LINES, st.sampled_from(["'", '"', "|", ">", None]), st.sampled_from([12, 80]))
def test_every_sign_of_a_text_is_found_where_it_is_written(
    text: str, style: str | None, width: int
) -> None:
    written = yaml.safe_dump({"key": text}, default_style=style, allow_unicode=True, width=width)
    written = written.replace('"key"', "key").replace("'key'", "key")
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "a.yaml"
        path.write_bytes(written.encode())
        document, _ = read_document(path, frozenset())
    assert document is not None
    root = document.root.value
    assume(isinstance(root, dict) and "key" in root)
    assert isinstance(root, dict)
    twig = root["key"]
    assume(twig.value == text)
    for at, sign in enumerate(text):
        start, end = span_in_source(document.source, twig, (at, at + 1))
        found = document.source.text[start:end]
        assert found == sign or sign.isspace() or (twig.style == '"' and found == "\\")


@given(
    st.lists(st.sampled_from(["{column}", "{x}", "a", "合 ", "{", "}"]), max_size=6).map("".join),
    st.text("bc计", max_size=4),
)
def test_a_filled_text_knows_where_its_parts_come_from(text: str, value: str) -> None:
    filled = fill(text, {"column": value}, lambda name, _before, _behind: name)
    assert filled.text == text.replace("{column}", value)
    for at, sign in enumerate(filled.text):
        start, end = filled.original((at, at + 1))
        assert text[start:end] in (sign, "{column}")


def test_an_unfilled_text_is_its_own_original() -> None:
    assert Filled("abc").original((1, 2)) == (1, 2)
    assert Source("f", "a\r\nb\rc\n").place(3, 4) == Place("f", 2, 1, 1, "b")
