"""What the verbs do, besides their pages in ``tests/golden/cli``."""

import json
import shutil
from pathlib import Path

import jsonschema
import pytest

import perfrules
from perfrules import engine, loader
from perfrules.cli.commands import SCHEMAS
from perfrules.locations import width
from tests.cli.conftest import SMALL, Cli

LUSONG = Path(__file__).parents[2] / "examples" / "lusong-2023"


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """A copy of the small pack with two faulty rules and a faulty dataset."""
    pack = tmp_path / "pack"
    shutil.copytree(SMALL, pack)
    rules = pack / "spending.rules.yaml"
    text = rules.read_text(encoding="utf-8")
    text = text.replace("assert: 支出合计 = 基本支出", "assert: 支出合计 = 基本支岀")
    rules.write_text(text.replace("severity: info", "severity: fatal"), encoding="utf-8")
    (pack / "clean" / "dataset.yaml").write_text("pack: ..\nunits: 万元\n", encoding="utf-8")
    return pack


def test_lint_finds_every_fault(cli: Cli, faulty: Path) -> None:
    done = cli("--lang", "zh", "lint", faulty)
    assert done.code == 2
    assert "spending.rules.yaml:5:20: PR301: spending 中没有列 基本支岀" in done.out
    assert (
        "spending.rules.yaml:23:15: PR114: fatal 不对，应是：error、warning、info 之一" in done.out
    )
    assert "dataset.yaml:2:1: PR112: dataset.yaml 没有 units 这个键" in done.out
    assert "→ 是不是 基本支出？" in done.out
    assert done.err == "错误 3 处；提醒 3 处；规则包 1 个，无误的规则 3 条\n"


def test_the_caret_stands_under_the_fault(cli: Cli, faulty: Path) -> None:
    lines = cli("lint", faulty).out.splitlines()
    at = next(number for number, line in enumerate(lines) if "基本支岀 +" in line)
    before = lines[at].partition("基本支岀")[0]
    assert lines[at + 1] == " " * width(before) + "^" * 8


@pytest.mark.parametrize(
    ("name", "faults"),
    [
        (".", 3),
        ("spending.rules.yaml", 2),
        ("pack.yaml", 2),
        ("clean/dataset.yaml", 1),
        ("clean", 1),
        ("broken", 0),
    ],
)
def test_lint_of_files_and_folders(cli: Cli, faulty: Path, name: str, faults: int) -> None:
    done = cli("lint", faulty / name)
    assert f"faults: {faults};" in done.err
    assert done.code == (2 if faults else 0)


def test_lint_of_this_folder(cli: Cli, faulty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(faulty.parent)
    assert "faults: 3;" in cli("lint").err


def test_lint_of_nothing(cli: Cli, tmp_path: Path) -> None:
    done = cli("lint", tmp_path)
    assert done.code == 2
    assert "PR111" in done.out


def test_lint_says_nothing_if_asked(cli: Cli) -> None:
    done = cli("-q", "lint", SMALL)
    assert (done.code, done.out, done.err) == (0, "", "")


def test_lint_tells_remarks_after_faults(cli: Cli, faulty: Path) -> None:
    out = cli("--lang", "zh", "lint", faulty).out
    codes = [line.partition(": PR")[2][:3] for line in out.splitlines() if ": PR" in line]
    assert codes == ["301", "114", "112", "601", "601", "601"]
    assert "spending.rules.yaml:11:9: PR601: 规则 spending-items 没有用例" in out
    assert "→ 至少写一行应当通过的和一行应当不符的" in out


def test_a_faulty_rule_is_told_in_the_list(cli: Cli, faulty: Path) -> None:
    out = cli("list", faulty).out
    assert "faulty, see perfrules lint: spending-total, spending-positive" in out


def test_explain_a_faulty_rule(cli: Cli, faulty: Path) -> None:
    done = cli("explain", "spending-total", "-p", faulty)
    assert done.code == 2
    assert "PR301" in done.err


def test_list_of_packs(cli: Cli) -> None:
    out = cli("list").out
    pack = perfrules.load_pack("cn-overall-self-eval")
    assert f"{pack.id}  {pack.file.version}" in out


def test_list_of_rules(cli: Cli) -> None:
    out = cli("list", "cn-overall-self-eval").out
    pack = perfrules.load_pack("cn-overall-self-eval")
    assert all(rule.id in out for rule in pack.rules)


@pytest.fixture
def read_once(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The rules of the built-in pack; pack and data are read once and not for every rule."""
    pack = loader.load_pack("cn-overall-self-eval")
    dataset = engine.read(LUSONG, pack)
    monkeypatch.setattr(loader, "load_pack", lambda _name: pack)
    monkeypatch.setattr(engine, "read", lambda *_: dataset)
    return list(dict.fromkeys(rule.id for rule in pack.rules))


def test_every_rule_can_be_explained(cli: Cli, read_once: list[str]) -> None:
    for rule in read_once:
        assert cli("--lang", "zh", "explain", rule).code == 0


def test_every_rule_can_be_explained_with_numbers(cli: Cli, read_once: list[str]) -> None:
    """The page without numbers, and the numbers; where there are none, the page alone."""
    for rule in read_once:
        done = cli("--lang", "en", "explain", rule, "--data", LUSONG)
        if done.code != 0:
            assert "PR506" in done.err, done.err  # a table may have no rows
            assert cli("--lang", "en", "explain", rule).code == 0


def test_an_aggregate_is_told_in_its_unit(cli: Cli) -> None:
    row = ("-r", "office=甲局")
    out = cli("explain", "spending-items", "-d", SMALL / "broken", *row).out
    assert "40.00万元 = 40万元" in out


@pytest.mark.parametrize("kind", SCHEMAS)
def test_schema(cli: Cli, kind: str) -> None:
    found = json.loads(cli("schema", kind).out)
    jsonschema.Draft7Validator.check_schema(found)
    assert found["$schema"].startswith("http://json-schema.org/draft-07")


def test_json_to_standard_output(cli: Cli) -> None:
    done = cli("check", SMALL / "broken", "--format", "json")
    assert json.loads(done.out)["run"]["pack"] == "small"


def test_several_outputs(cli: Cli, tmp_path: Path) -> None:
    done = cli("check", SMALL / "broken", "-o", f"json={tmp_path}/底稿", "-o", tmp_path / "b.txt")
    assert done.code == 1
    assert json.loads((tmp_path / "底稿").read_text(encoding="utf-8"))["version"] == 1
    assert "Contradictions" in (tmp_path / "b.txt").read_text(encoding="utf-8")


def test_detail_bounds_the_findings_and_not_the_counts(cli: Cli) -> None:
    whole = json.loads(cli("check", LUSONG, "--format", "json").out)
    short = json.loads(cli("check", LUSONG, "--format", "json", "--detail", "1").out)
    assert short["summary"] == whole["summary"]
    assert len(short["findings"]) < len(whole["findings"])


def test_a_wrong_format_is_seen_before_anything_is_checked(cli: Cli) -> None:
    done = cli("--lang", "zh", "check", SMALL / "broken", "-o", "r.pdf")
    assert (done.code, done.out) == (2, "")
    assert "PR501" in done.err
    assert ".json" in done.err


def test_did_you_mean(cli: Cli) -> None:
    assert "did you mean spending-total?" in cli("explain", "spending-totl", "-p", SMALL).err
    assert "did you mean blank?" in cli("check", SMALL / "clean", "--allow-unknown=blnk").err


@pytest.mark.parametrize("kind", SCHEMAS)
def test_schema_in_a_file_is_what_is_printed(cli: Cli, kind: str) -> None:
    printed = cli("schema", kind).out
    done = cli("schema", kind, "-o", "甲.json")
    assert (done.code, done.out, done.err) == (0, "", "")
    assert Path("甲.json").read_text(encoding="utf-8") == printed
    assert [path.name for path in Path().iterdir()] == ["甲.json"]


def test_schema_in_a_folder_that_is_not_there(cli: Cli) -> None:
    done = cli("schema", "-o", "nowhere/a.json")
    assert done.code == 2
    assert done.err.startswith("PR509: nowhere/a.json cannot be written: No such file or directory")
