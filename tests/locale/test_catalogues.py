"""The Chinese catalogues say all that the source says, in our words; ``make locale`` brings them up to date."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from perfrules.locale import FOLDER, Label, message, word
from tests.locale.catalogues import (
    SOURCES,
    catalogue,
    compiled,
    extracted,
    merged,
    messages,
    po_file,
    written,
)

PACKAGE = FOLDER.parent
CHINESE = re.compile(r"[\u4e00-\u9fff]")
UNTRANSLATED = {"{folder}", "d"}
"""Messages without words."""
DOMAINS = sorted(SOURCES)
HALF = re.compile(r"[\u4e00-\u9fff][,;!?]|[,;!?][\u4e00-\u9fff]|[\u4e00-\u9fff]\.(?!\w)")


def _forms(item: Message) -> tuple[str, ...]:
    return (item.string,) if isinstance(item.string, str) else tuple(item.string or ())


def _ids(item: Message) -> tuple[str, ...]:
    return (item.id,) if isinstance(item.id, str) else tuple(item.id)


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_catalogue_holds_what_the_source_says(domain: str) -> None:
    known = {_ids(item) for item in messages(catalogue(domain))}
    said = {_ids(item) for item in messages(extracted(domain))}
    assert said - known == set(), "run make locale and translate"
    if domain == "perfrules":  # of click, versions differ
        assert known - said == set(), "run make locale"


@pytest.mark.parametrize("domain", DOMAINS)
def test_everything_is_translated(domain: str) -> None:
    for item in messages(catalogue(domain)):
        assert not item.fuzzy, item.id
        assert all(_forms(item)), item.id
        if _ids(item)[0] not in UNTRANSLATED:
            bare = re.sub(r"\{[^}]*\}|%\(\w+\)s", "", "".join(_ids(item)))
            if re.search(r"[A-Za-z]{2,}", bare):
                assert CHINESE.search(_forms(item)[0]), item.id


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_places_are_the_same(domain: str) -> None:
    for item in messages(catalogue(domain)):
        wanted = {place for text in _ids(item) for place in _places(text)}
        for text in _forms(item):
            assert _places(text) <= wanted, item.id
            if len(_ids(item)) == 1:
                assert _places(text) == wanted, item.id


def _places(text: str) -> set[str]:
    try:
        found = [f"{name}!{how}" for _, name, _, how in string.Formatter().parse(text) if name]
    except ValueError:
        found = []
    return {*found, *re.findall(r"%\(\w+\)s", text)}


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_compiled_file_is_up_to_date(domain: str) -> None:
    assert po_file(domain).with_suffix(".mo").read_bytes() == compiled(catalogue(domain))


@pytest.mark.parametrize("domain", ["perfrules"])
def test_make_locale_would_change_nothing(domain: str) -> None:
    assert po_file(domain).read_bytes() == written(merged(domain))


def test_chinese_has_chinese_marks() -> None:
    wrong = [
        text
        for item in messages(catalogue("perfrules"))
        for text in _forms(item)
        if HALF.search(re.sub(r"`[^`]*`|「[^」]*」", "", text))
    ]
    assert not wrong


FORBIDDEN = {
    "规则集": "规则包",
    "约束": "规则",
    "字段": "列",
    "违规": "不符",
    "违反": "不符",
    "工作簿表": "工作表",
    "校验": "核验",
    "验证": "核验",
    "主码": "主键",
    "粒级": "粒度",
}


@pytest.mark.parametrize("text", FORBIDDEN)
def test_one_word_for_one_idea(text: str) -> None:
    for item in messages(catalogue("perfrules")):
        assert text not in "".join(_forms(item)), f"{item.id}: say {FORBIDDEN[text]}"


WORDS = {
    "pass": "通过", "rounding": "舍入差", "fail": "不符", "unknown": "无法核验", "not applicable": "不适用",
    "pack": "规则包", "rules": "规则", "assertion": "断言", "applies where": "适用条件", "tables": "表",
    "grain": "粒度", "Cases": "用例", "verdicts": "结论", "notices": "提示", "Columns": "列",
}  # fmt: skip
"""The words of the design."""


@pytest.mark.parametrize("text", WORDS)
def test_the_words_of_the_design(text: str) -> None:
    found = catalogue("perfrules").get(text)
    assert found is not None
    assert found.string == WORDS[text]


def _calls() -> Iterator[tuple[Path, ast.Call]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in (
                "message",
                "Message",
            ):
                yield path, node


def test_every_message_is_a_literal_with_its_places() -> None:
    for path, call in _calls():
        if path == FOLDER / "__init__.py":
            continue
        where = f"{path}:{call.lineno}"
        text = call.args[0]
        assert isinstance(text, ast.Constant), where
        assert isinstance(text.value, str), where
        given = {keyword.arg for keyword in call.keywords}
        if None in given:
            continue
        wanted = {name for _, name, _, _ in string.Formatter().parse(text.value) if name}
        assert wanted == given, where


def test_words() -> None:
    assert (
        word(message("there is no table {name}", name=Label("支出", "Spending")), "zh")
        == "没有表 支出"
    )
    assert word(message("there is no table {name}", name=Label(None, "Spending")), "zh").endswith(
        "Spending"
    )
    assert word(("a", message("pass")), "zh") == "a、通过"
    with pytest.raises(ValueError, match="fr"):
        word("x", "fr")
