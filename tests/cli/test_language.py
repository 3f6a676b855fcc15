"""Both languages everywhere: which one is spoken, and that it is spoken alone."""

import re

import pytest

from perfrules.cli.settings import language_of, plain_hyphens
from tests.cli.conftest import SMALL, Cli
from tests.conftest import Golden

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
SENTENCE = re.compile(r"\b[a-z]+(?: [a-z]+){3,}")

PAGES: dict[str, tuple[object, ...]] = {
    "help": ("--help",),
    "help-check": ("check", "--help"),
    "help-render": ("render", "--help"),
    "help-diff": ("diff", "--help"),
    "help-lint": ("lint", "--help"),
    "help-init": ("init", "--help"),
    "help-init-rule": ("init", "rule", "--help"),
    "help-list": ("list", "--help"),
    "help-explain": ("explain", "--help"),
    "help-schema": ("schema", "--help"),
    "no-verb": (),
    "wrong-verb": ("chek",),
    "wrong-option": ("check", "--fail", "x"),
    "wrong-choice": ("check", SMALL, "--fail-on", "fatal"),
    "wrong-number": ("check", SMALL, "--detail", "x"),
    "missing": ("check",),
    "missing-id": ("init", "rule"),
    "code": ("explain", "PR414"),
    "code-unknown": ("explain", "PR499"),
    "rule": ("explain", "spending-share", "-p", SMALL),
    "row": ("explain", "spending-share", "-d", SMALL / "broken", "-r", "office=己局，year=2023"),
    "row-sum": ("explain", "spending-items", "-d", SMALL / "broken", "-r", "office=己局"),
    "row-blank": ("explain", "spending-total", "-d", SMALL / "broken", "-r", "office=丁局"),
    "rows": ("explain", "spending-positive", "-d", SMALL / "clean"),
    "list": ("list", SMALL),
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_page(cli: Cli, golden: Golden, page: str, language: str) -> None:
    done = cli("--lang", language, *PAGES[page])
    text = f"{done.out}{done.err}".replace(str(SMALL.parents[2]), "/perfrules").replace("\\", "/")
    golden(f"cli/{page}.{language}.txt", f"{text}exit code {done.code}\n")


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.startswith(("help", "no", "wrong", "missing"))]
)
def test_english_pages_hold_no_chinese(cli: Cli, page: str) -> None:
    done = cli("--lang", "en", *PAGES[page])
    assert not CHINESE.search(done.out + done.err)


@pytest.mark.parametrize("page", PAGES)
def test_chinese_pages_hold_no_english_sentence(cli: Cli, page: str) -> None:
    done = cli("--lang", "zh", *PAGES[page])
    said = [line for line in (done.out + done.err).splitlines() if "basis" not in line]
    assert not [line for line in said if SENTENCE.search(line) and "is not blank" not in line]


@pytest.mark.parametrize(
    ("args", "environment", "language"),
    [
        ([], {}, "en"),
        ([], {"LANG": "zh_CN.UTF-8"}, "zh"),
        ([], {"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ([], {"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN"}, "zh"),
        ([], {"LANG": "en_US.UTF-8", "LC_ALL": "zh_TW"}, "zh"),
        ([], {"LANG": "C.UTF-8", "LANGUAGE": "zh"}, "en"),
        ([], {"LANG": "en_US.UTF-8", "LANGUAGE": "zh:en"}, "zh"),
        ([], {"LANG": "de_DE.UTF-8"}, "en"),
        (["--lang", "zh"], {"LANG": "en_US.UTF-8"}, "zh"),
        (["check", "--lang=en"], {"LANG": "zh_CN.UTF-8"}, "en"),
        (["--lang"], {}, "en"),
        (["--lang", "fr"], {"LANG": "zh_CN.UTF-8"}, "zh"),
    ],
)
def test_which_language(args: list[str], environment: dict[str, str], language: str) -> None:
    assert language_of(args, environment) == language


def test_options_stand_before_or_behind_the_verb(cli: Cli) -> None:
    before = cli("--lang", "zh", "-q", "check", SMALL / "broken")
    behind = cli("check", SMALL / "broken", "--lang", "zh", "-q")
    assert before == behind
    assert before.out == "存在不符：错误 2 处、警告 1 处、提醒 1 处。退出码 1。\n"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("--pack", "--pack"),
        ("－－ｐａｃｋ", "--pack"),
        ("——pack", "--pack"),
        ("—pack", "--pack"),
        ("－ｑ", "-q"),
        ("--lang＝zh", "--lang=zh"),
        ("--row=项目＝道路", "--row=项目＝道路"),
        ("data", "data"),
        ("-1", "-1"),
        ("——", "——"),
        ("－", "－"),
        ("支出－合计", "支出－合计"),
    ],
)
def test_options_as_input_methods_write_them(written: str, meant: str) -> None:
    assert plain_hyphens(written) == meant


def test_full_width_arguments(cli: Cli, tmp_path: object) -> None:
    done = cli(
        "－－lang＝zh",
        "check",
        SMALL / "clean",
        "－－ａｌｌｏｗ-unknown＝blank，no-row",
        "-o",
        f"json＝{tmp_path}/r.json",
    )
    assert done.code == 0
    assert cli("explain", "ｐｒ４０１").out.startswith("PR401  ")
