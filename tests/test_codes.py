"""Every diagnostic code of the source is explained, in both languages, and none besides."""

import re
from pathlib import Path

import pytest

import perfrules
from perfrules.codes import CODES

PACKAGE = Path(perfrules.__file__).parent
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ALONE = re.compile(r"(?<![\w/.:-])[\u4e00-\u9fff]{2,}")


def _used() -> set[str]:
    return {
        code
        for path in PACKAGE.rglob("*.py")
        if "codes" not in path.relative_to(PACKAGE).parts
        for code in re.findall(r'"(PR\d{3})"', path.read_text(encoding="utf-8"))
    }


def test_every_code_is_explained_and_none_is_unused() -> None:
    assert _used() - set(CODES) == set(), "explain it in perfrules/codes"
    assert set(CODES) - _used() == set(), "remove it from perfrules/codes"


@pytest.mark.parametrize("code", CODES)
def test_it_is_explained_in_both_languages(code: str) -> None:
    entry = CODES[code]
    for label in (entry.title, entry.meaning, entry.remedy):
        assert label.zh
        assert label.en
        assert CHINESE.search(label.zh)
        if label is not entry.title:
            assert label.zh.endswith(("。", "！"))
            assert label.en.endswith(".")
    assert not (entry.title.en or "").endswith(".")
    assert bool(entry.before) == bool(entry.after)


def test_codes_are_in_order() -> None:
    assert list(CODES) == sorted(CODES)
