"""What a verb may import: ``--help`` no engine and no models, ``lint`` no engine."""

import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import SMALL, process

TELL = (
    "import atexit\n"
    "def tell():\n"
    "    names = ('polars', 'pandera', 'pydantic', 'rich', 'lark', 'yaml', 'pandas', 'narwhals', 'jinja2', 'xlsxwriter')\n"
    "    sys.stderr.write(' '.join(name for name in names if name in sys.modules))\n"
    "atexit.register(tell)"
)
HEAVY = {"polars", "pandera", "pandas", "narwhals", "jinja2", "xlsxwriter"}


@pytest.mark.parametrize(
    ("args", "allowed"),
    [
        (("--help",), set()),
        (("--lang", "zh", "--help"), set()),
        (("check", "--help"), set()),
        (("explain", "--help"), set()),
        (("--version",), set()),
        (("chek",), set()),
        (("lint", SMALL), {"pydantic", "lark", "yaml"}),
        (("init", "--help"), set()),
        (("init", "a"), {"pydantic", "lark", "yaml", "rich"}),
        (("lint", SMALL, "--output-format", "sarif"), {"pydantic", "lark", "yaml"}),
        (("schema", "pack"), {"pydantic", "lark", "yaml"}),
        (("list", SMALL), {"pydantic", "lark", "yaml", "rich"}),
        (("explain", "PR401"), {"pydantic", "lark", "yaml", "rich"}),
        (("lint", "--strict", SMALL), {"pydantic", "lark", "yaml"}),
    ],
)
def test_imports(args: tuple[object, ...], allowed: set[str]) -> None:
    done = process(*args, code=TELL)
    found = set(done.stderr.decode().splitlines()[-1:][0].split()) if done.stderr else set()
    libraries = HEAVY | {"pydantic", "rich", "lark", "yaml"}
    assert found & libraries <= allowed


REFUSE = (
    "class Refuse:\n"
    "    def find_spec(self, name, path=None, target=None):\n"
    "        if name.partition('.')[0] in ('polars', 'pandera', 'pandas', 'narwhals'):\n"
    "            raise ImportError(f'{name} is not here')\n"
    "sys.meta_path.insert(0, Refuse())"
)


@pytest.mark.parametrize("options", [(), ("--fix",), ("--output-format", "json")])
def test_lint_works_where_there_is_no_engine(tmp_path: Path, options: tuple[str, ...]) -> None:
    folder = shutil.copytree(SMALL, tmp_path / "small")
    done = process("lint", folder, *options, code=REFUSE)
    assert (done.returncode, done.stderr) == (
        0,
        b"faults: 0; remarks: 4; packs: 1, sound rules: 5\n",
    )


def test_check_does_not_work_there() -> None:
    """That is, the engines are really refused."""
    done = process("check", SMALL / "clean", code=REFUSE)
    assert done.returncode == 4
    assert b"polars is not here" in done.stderr


def test_help_imports_little_beside_click() -> None:
    """It is quick, that is: nearly all of its time goes into imports."""
    assert len(_imported(("--help",), "") - _imported(("--help",), "sys.exit(0)")) < 60


def test_a_small_check_imports_nothing_that_it_does_not_use() -> None:
    """Neither readers of other data, nor models of files that are not there, nor writers."""
    unused = {
        "perfrules.configuration", "perfrules.exchange.excel", "perfrules.readers.excel", "perfrules.readers.facts", "perfrules.results",
        "perfrules.settling.waivers", "perfrules.settling.baselines", "perfrules.settling.ledgers",
        "perfrules.loader.schemas", "perfrules.evaluate.lower", "perfrules.evaluate.sheets.laying", "perfrules.loader.syntax", "perfrules.databases.sql",
        "perfrules.renderers.html", "perfrules.renderers.json_v1", "perfrules.cli.bar", "rich.progress",
    }  # fmt: skip
    found = _imported(("check", SMALL / "clean", "-p", SMALL), "")
    assert "perfrules.evaluate.checks" in found
    assert not found & unused


def _imported(args: tuple[object, ...], code: str) -> set[str]:
    """The modules that a run has imported, if ``code`` runs after click is imported and before ours is."""
    tell = (
        "import atexit, click\natexit.register(lambda: sys.stderr.write(' '.join(sys.modules)))\n"
    )
    return set(process(*args, code=tell + code).stderr.decode().split())


def test_the_template_is_imported_for_a_page_only(tmp_path: Path) -> None:
    process("check", SMALL / "clean", "-p", SMALL, "-o", tmp_path / "r.json")
    for path, imported in (("r.md", False), ("r.html", True)):
        done = process("render", tmp_path / "r.json", "-o", tmp_path / path, code=TELL)
        assert done.returncode == 0
        assert ("jinja2" in done.stderr.decode().splitlines()[-1].split()) == imported
