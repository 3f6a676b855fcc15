"""Reports as files, printed, rendered anew and compared, from the command line."""

import json
import shutil
from pathlib import Path

import pytest

from perfrules import renderers
from perfrules.cli.commands import PRINTED
from tests.cli.conftest import SMALL, Cli

BROKEN = SMALL / "broken"
NAMES = ["json", "sarif", "junit", "github", "markdown", "csv", "parquet", "ess", "terminal"]


@pytest.fixture
def saved(cli: Cli) -> str:
    """A saved report in this folder."""
    cli("-q", "check", BROKEN, "-o", "old.json")
    return "old.json"


def test_what_can_be_printed_is_every_text() -> None:
    names = {name for name, module in renderers.formats().items() if name != "json_v1" and module}
    assert set(PRINTED) == names - {"parquet", "xlsx", "ledger"}


def test_many_files_at_once_change_no_exit_code(cli: Cli) -> None:
    asked = [part for name in NAMES for part in ("-o", f"{name}=out.{name}")]
    done = cli("-q", "check", BROKEN, *asked)
    assert done.code == cli("-q", "check", BROKEN).code == 1
    assert {path.name for path in Path().iterdir()} == {f"out.{name}" for name in NAMES}


@pytest.mark.parametrize("form", PRINTED)
def test_what_is_printed_changes_no_exit_code(cli: Cli, form: str) -> None:
    done = cli("check", BROKEN, "--format", form)
    assert (done.code, done.err) == (1, "")
    assert done.out


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("a.sarif", "sarif"), ("a.sarif.json", "sarif"), ("a.xml", "junit"), ("A.MD", "markdown"), ("a.markdown", "markdown"),
        ("a.csv", "csv"), ("a.parquet", "parquet"), ("a.ess.json", "ess"), ("a.json", "json"), ("a.txt", "terminal"),
        ("a.b.json", "json"),
    ],
)  # fmt: skip
def test_formats_by_suffix(name: str, format: str) -> None:  # noqa: A002  # the word for it
    assert renderers.format_of(Path(name)) == format


@pytest.mark.parametrize("name", NAMES)
def test_render_writes_what_check_writes(cli: Cli, saved: str, name: str) -> None:
    cli("-q", "--lang", "zh", "render", saved, "-o", f"{name}=rendered")
    report = renderers.load(Path(saved))
    report.save("direct", format=name, language="zh")
    assert Path("rendered").read_bytes() == Path("direct").read_bytes()
    assert Path("rendered").stat().st_size > 100


def test_render_prints_the_page(cli: Cli, saved: str) -> None:
    done = cli("render", saved)
    assert (done.code, done.err) == (0, "")
    page = cli("check", BROKEN).out
    assert done.out == page.replace(" Exit code 1.", "")
    assert cli("-q", "render", saved).out == (
        "Contradictions found: error 2, warning 1, information 1.\n"
    )


def test_render_prints_nothing_beside_files_unless_asked(cli: Cli, saved: str) -> None:
    assert cli("render", saved, "-o", "a.md").out == ""
    done = cli("render", saved, "-o", "a.md", "--format", "json")
    assert done.out == Path(saved).read_text(encoding="utf-8")


def test_render_needs_neither_data_nor_pack(cli: Cli, tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(SMALL, pack)
    cli("-q", "check", "pack/broken", "-o", "r.json")
    shutil.rmtree(pack)
    assert cli("render", "r.json", "-o", "r.sarif").code == 0
    text = Path("r.sarif").read_text(encoding="utf-8")
    assert '"pack/broken/spending.csv"' in text
    assert '"pack/spending.rules.yaml"' in text


@pytest.mark.parametrize(
    ("content", "code"), [("{", "PR516"), ("{}", "PR517"), ('{"version": 2}', "PR518")]
)
def test_what_is_no_report_ends_with_2(cli: Cli, saved: str, content: str, code: str) -> None:
    Path("bad.json").write_text(content)
    for args in (("render", "bad.json"), ("diff", "bad.json", saved), ("diff", saved, "bad.json")):
        done = cli(*args)
        assert (done.code, done.out) == (2, "")
        assert code in done.err


def test_a_file_that_render_cannot_write_ends_with_2(cli: Cli, saved: str) -> None:
    Path("folder").mkdir()
    done = cli("render", saved, "-o", "json=folder", "-o", "b.json")
    assert done.code == 2
    assert "folder was not written" in done.err
    assert Path("b.json").exists()


def test_diff(cli: Cli, saved: str) -> None:
    same = cli("diff", saved, saved)
    assert (same.code, same.err) == (0, "")
    assert (
        "new 0, changed numbers 0, no longer checked 0, waived 0, resolved 0, still there 4."
        in same.out
    )
    cli("-q", "check", SMALL / "clean", "-p", SMALL, "-o", "clean.json")
    assert (
        "other data: clean before, 某区 2023 年度支出 now" in cli("diff", "clean.json", saved).out
    )
    assert cli("-q", "diff", "clean.json", saved).code == 1
    assert cli("-q", "diff", "clean.json", saved, "--fail-on", "never").code == 0
    assert cli("-q", "diff", saved, "clean.json").out.endswith("Exit code 0.\n")


def test_diff_to_files_and_printed(cli: Cli, saved: str) -> None:
    done = cli("diff", saved, saved, "--format", "json", "-o", "d.md", "-o", "json=d")
    assert json.loads(done.out)["totals"]["still"] == 4
    assert Path("d").read_text(encoding="utf-8") == done.out
    printed = cli("diff", saved, saved, "--format", "markdown").out
    assert Path("d.md").read_text(encoding="utf-8") == printed
    assert "written: d.md" in done.err
    assert "PR501" in cli("diff", saved, saved, "-o", "d.pdf").err


@pytest.mark.parametrize("language", ["zh", "en"])
def test_verbose_shows_what_is_still_there(cli: Cli, saved: str, language: str) -> None:
    short = cli("--lang", language, "diff", saved, saved).out
    assert "spending-total" not in short
    assert "spending-total" in cli("--lang", language, "-v", "diff", saved, saved).out
