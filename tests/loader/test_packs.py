"""Where packs are found, and which files belong to one."""

import importlib.metadata
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from perfrules.errors import PackError
from perfrules.loader import builtin_packs, folders, load_pack

Write = Callable[..., Path]
RULE = "table: t\nrules:\n  - {{id: {name}, assert: 合计 = 基本支出}}\n"


def refused(name: str | Path) -> list[str]:
    with pytest.raises(PackError) as raised:
        load_pack(name)
    return [str(fault) for fault in raised.value.diagnostics]


@pytest.mark.parametrize("name", builtin_packs())
def test_a_built_in_pack_is_sound_and_named_after_its_folder(name: str) -> None:
    pack = load_pack(name)
    assert pack.id == name
    assert [str(fault) for fault in pack.faults] == []
    assert pack.rules


def test_a_built_in_pack_lies_in_the_wheel_or_beside_the_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("perfrules/rules/one", "rules/two"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "pack.yaml").touch()
    (tmp_path / "perfrules/rules/no-pack").mkdir()
    (tmp_path / "perfrules/loader").mkdir()
    monkeypatch.setattr(folders, "__file__", str(tmp_path / "perfrules/loader/folders.py"))
    assert builtin_packs() == {"one": tmp_path / "perfrules/rules/one"}
    (tmp_path / "pyproject.toml").touch()
    assert list(builtin_packs()) == ["one", "two"]


def test_a_folder_or_its_pack_file(write: Write) -> None:
    folder = write()
    for name in (folder, str(folder), folder / "pack.yaml"):
        assert load_pack(name).id == "p"


def test_names_that_nothing_has(tmp_path: Path) -> None:
    assert refused("cn-overal-self-eval") == [
        "PR111: there is no pack cn-overal-self-eval: neither built in, nor installed, nor a folder"
        " (did you mean cn-overall-self-eval?)"
    ]
    assert refused(tmp_path) == [
        f"{tmp_path}:1:1: PR111: {tmp_path} has no pack.yaml (name the folder that holds it)"
    ]


def test_an_installed_pack_is_found_and_its_module_is_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Write
) -> None:
    home = tmp_path / "their_pack"
    home.mkdir()
    write().joinpath("pack.yaml").rename(home / "pack.yaml")
    (home / "__init__.py").write_text("raise SystemExit\n", encoding="utf-8")
    (tmp_path / "their_module.py").write_text("raise SystemExit\n", encoding="utf-8")
    points = [
        importlib.metadata.EntryPoint(name, module, folders.ENTRY_POINTS)
        for name, module in (
            ("theirs", "their_pack"),
            ("single", "their_module"),
            ("gone", "not_there"),
            ("gone-too", "not_there.at_all"),
        )
    ]
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda **_: points)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert load_pack("theirs").folder == str(home)
    (tmp_path / "pack.yaml").write_bytes((home / "pack.yaml").read_bytes())
    assert load_pack("single").folder == str(tmp_path)
    assert refused("gone") == [
        "PR111: the pack gone is installed, but its module not_there is not there"
    ]
    assert refused("gone-too") == [
        "PR111: the pack gone-too is installed, but its module not_there.at_all is not there"
    ]
    assert refused("their")[0].endswith("(did you mean theirs?)")


def test_rules_lie_in_the_folder_and_one_below(write: Write) -> None:
    folder = write()
    for path in (
        "b.rules.yaml",
        "a.rules.yaml",
        "sub/c.rules.yaml",
        "sub/sub/d.rules.yaml",
        "e.yaml",
    ):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(RULE.format(name=Path(path).name[0]), encoding="utf-8")
    assert [rule.id for rule in load_pack(folder).rules] == ["a", "b", "c"]


@pytest.mark.parametrize("name", ["x.rules.yml", "rules.yaml", "sub/x.rule.yaml"])
def test_a_name_that_looks_like_rules_is_not_passed_over(write: Write, name: str) -> None:
    path = write() / name
    path.parent.mkdir(exist_ok=True)
    path.touch()
    assert refused(path.parent if path.parent.name != "sub" else path.parents[1]) == [
        f"{path}:1:1: PR101: {path.name} is not read: names of rules files end with .rules.yaml (rename it)"
    ]


def test_links_out_of_the_folder_are_not_followed(
    write: Write, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = write()
    outside = tmp_path_factory.mktemp("outside")
    (outside / "x.rules.yaml").write_text(RULE.format(name="x"), encoding="utf-8")
    (folder / "x.rules.yaml").symlink_to(outside / "x.rules.yaml")
    (folder / "sub").symlink_to(outside)
    assert [line.split(": ")[2] for line in refused(folder)] == [
        "x.rules.yaml leads out of the pack's folder (copy the file into the folder instead of linking to it)"
    ] * 2
    (folder / "x.rules.yaml").unlink()
    (folder / "sub").unlink()
    (folder / "pack.yaml").rename(outside / "pack.yaml")
    (folder / "pack.yaml").symlink_to(outside / "pack.yaml")
    assert "pack.yaml leads out" in refused(folder)[0]


def test_too_many_files(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "MAX_FILES", 1)
    folder = write("  - {id: x, assert: 合计 = 基本支出}\n")
    (folder / "b.rules.yaml").write_text(RULE.format(name="b"), encoding="utf-8")
    assert refused(folder) == [f"{folder}/b.rules.yaml:1:1: PR110: more than 1 rules files"]


def test_an_id_is_unique_over_all_files(write: Write) -> None:
    folder = write("  - {id: x, assert: 合计 = 基本支出}\n")
    (folder / "b.rules.yaml").write_text(RULE.format(name="x"), encoding="utf-8")
    pack = load_pack(folder)
    assert [rule.place.file for rule in pack.rules if rule.place] == [f"{folder}/a.rules.yaml"]
    assert [str(fault) for fault in pack.faults] == [
        f"{folder}/b.rules.yaml:3:10: PR115: the id x is used twice, first at {folder}/a.rules.yaml:3:10"
        " (ids are unique in a pack; give this rule another)"
    ]


def test_loading_needs_no_engine() -> None:
    code = "import sys, perfrules.loader; print({'polars', 'pandera', 'narwhals'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)  # noqa: S603  # our own code
    assert done.stdout.strip() == "set()"
