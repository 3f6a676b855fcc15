"""``.pre-commit-hooks.yaml``: its entries are commands that there are, and its pattern matches our files and no others."""

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
