"""The recipes for CI services do what their page says: their YAML is sound, and their commands run."""

import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from perfrules.cli import run
from tests.docs.console import ROOT
from tests.docs.pages import BLOCK

FILES = (".github/workflows/figures.yml", ".gitlab-ci.yml", ".pre-commit-config.yaml")


def blocks(page: str) -> dict[str, str]:
    text = (ROOT / "docs" / page).read_text("utf-8")
    return {found["title"]: found["source"] for found in BLOCK.finditer(text) if found["title"]}


def commands(part: Any) -> list[str]:
    """The commands of perfrules in a recipe, in their order."""
    if isinstance(part, dict):
        return [line for value in part.values() for line in commands(value)]
    if isinstance(part, list):
        return [line for value in part for line in commands(value)]
    return [part] if isinstance(part, str) and part.startswith("perfrules ") and "-" in part else []


def test_both_languages_have_the_same_recipes() -> None:
    english, chinese = blocks("ci.md"), blocks("ci.zh.md")
    assert {name: english[name] for name in FILES} == {name: chinese[name] for name in FILES}


@pytest.mark.parametrize("name", FILES)
def test_a_recipe_runs(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = blocks("ci.md")
    monkeypatch.chdir(tmp_path)
    for part in ("data", "rules"):
        shutil.copytree(ROOT / "examples" / "quickstart" / part, part)
    Path("explained.waivers.yaml").write_text("waivers: []\n")
    assert run(["-q", "check", "--config", "", "data", "-p", "rules", "-o", "r.json"]) == 1
    assert run(["-q", "baseline", "update", "r.json"]) == 0
    Path("perfrules.toml").write_text(found["perfrules.toml"], "utf-8")
    lines = commands(yaml.safe_load(found[name]))
    assert len(lines) >= 1
    for line in lines:
        assert run(shlex.split(line)[1:]) == 0, line
        for file in re.findall(r"-o (\S+)", line):
            assert Path(file).stat().st_size > 0
    data = Path("data/spending.csv")
    data.write_text(data.read_text("utf-8").replace("1140.45", "1150.45"), "utf-8")
    checks = [line for line in lines if line.startswith("perfrules check")]
    for line in checks:
        assert run(shlex.split(line)[1:]) == 1, line
    capsys.readouterr()
