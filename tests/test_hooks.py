"""``.pre-commit-hooks.yaml``: its entries are commands that there are, and its pattern matches our files and no others."""

import json
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from perfrules.cli import run

ROOT = Path(__file__).parents[1]
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
OURS = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in ("rules", "examples", "tests/packs")
    for path in (ROOT / folder).rglob("*.yaml")
    if not path.name.endswith(".map.yaml")
)
IDS = [hook["id"] for hook in HOOKS]
PAGES = [ROOT / "docs" / name for name in ("editors.md", "editors.zh.md")]


def shown(page: Path, language: str) -> list[str]:
    """The blocks of a page in a language."""
    return re.findall(
        rf"^```{language}\b[^\n]*\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )


def test_the_hooks() -> None:
    assert IDS == ["perfrules-lint", "perfrules-lint-fix"]
    needed = {"id", "name", "entry", "language"}
    allowed = needed | {"description", "files", "types", "require_serial"}
    assert all(needed <= set(hook) <= allowed for hook in HOOKS)
    assert {hook["language"] for hook in HOOKS} == {"python"}


@pytest.mark.parametrize("hook", HOOKS, ids=IDS)
def test_the_pattern(hook: dict[str, Any]) -> None:
    pattern = re.compile(hook["files"])
    assert len(OURS) > 10
    assert [name for name in OURS if not pattern.search(name)] == []
    for name in ("pack.yaml", "规则/甲.rules.yaml", "a/b/dataset.yaml"):
        assert pattern.search(name)
    for name in (
        ".pre-commit-config.yaml", "rules.yaml", "unpack.yaml", "my-dataset.yaml", "pack.yaml.bak", "pack.yml", "a.rules.yml",
        "facts.map.yaml", "rulesXyaml", "mkdocs.yaml",
    ):  # fmt: skip
        assert not pattern.search(name)


@pytest.mark.parametrize("hook", HOOKS, ids=IDS)
def test_the_entry_takes_the_names_of_changed_files(
    hook: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    program, *args = shlex.split(hook["entry"])
    assert program == "perfrules"
    shutil.copytree(ROOT / "examples" / "quickstart", tmp_path / "q")
    monkeypatch.chdir(tmp_path)
    names = ["q/rules/spending.rules.yaml", "q/rules/pack.yaml", "q/data/dataset.yaml"]
    assert run(["--lang", "en", *args, *names]) == 0
    assert "packs: 1, sound rules: 5" in capsys.readouterr().err
    Path(names[0]).write_text("table: spending\nrules: [{id: A}]\n", encoding="utf-8")
    assert run(["--lang", "en", *args, names[0]]) == 2


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_hook_that_the_pages_show_is_ours(page: Path) -> None:
    parts = [yaml.safe_load(block) for block in shown(page, "yaml")]
    local, from_afar = (part["repos"][0]["hooks"][0] for part in parts if "repos" in part)
    ours = {**HOOKS[0], "language": "system"}
    assert local == {name: ours[name] for name in local}
    assert from_afar == {"id": HOOKS[0]["id"]}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_problem_matcher_that_the_pages_show_finds_the_faults(
    page: Path, language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (task,) = (made["tasks"][0] for made in map(json.loads, shown(page, "json")) if "tasks" in made)
    pattern = task["problemMatcher"]["pattern"]
    shutil.copytree(ROOT / "examples" / "quickstart" / "rules", tmp_path / "规则")
    path = tmp_path / "规则" / "a.rules.yaml"
    path.write_text("rules:\n  - {id: A, asert: x}\n", encoding="utf-8")
    run(["--lang", language, "lint", str(tmp_path)])
    lines = capsys.readouterr().out.splitlines()
    found = [match for line in lines if (match := re.match(pattern["regexp"], line))]
    parts = [
        [match[pattern[name]] for name in ("file", "line", "column", "code")] for match in found
    ]
    assert parts == [
        [str(path), "2", "5", "PR113"],
        [str(path), "2", "10", "PR114"],
        [str(path), "2", "13", "PR112"],
    ]
    assert all(match[pattern["message"]] for match in found)
