"""What ``lint`` found, for programs: JSON, annotations of GitHub, SARIF."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from perfrules.cli import formats
from perfrules.cli.formats import MODULES, Graded, Linted
from perfrules.cli.settings import Settings
from perfrules.codes import CODES
from perfrules.errors import Diagnostic
from perfrules.locale import message
from perfrules.locations import Place
from tests.cli.conftest import SMALL, Cli

SARIF = Path(__file__).parents[1] / "data" / "sarif" / "sarif-2.1.0.json"
AWAY = Place("/elsewhere/甲 乙.rules.yaml", 3, 2, 2, "a：b")
FOUND = [
    Graded(Diagnostic("PR105", message("50% of it, a:b"), Place("包/a,b.rules.yaml", 7, 5, 4), None, "r-1")),
    Graded(Diagnostic("PR301", message("two\r\nlines"), AWAY, message("write this"))),
    Graded(Diagnostic("PR111", message("no place")), "warning"),
]  # fmt: skip


@pytest.fixture
def faulty() -> str:
    """A copy of the small pack in this folder, with a fault in a rule, one in ``pack.yaml`` of another, and one in a dataset."""
    shutil.copytree(SMALL, "规则")
    rules = Path("规则", "spending.rules.yaml")
    text = rules.read_text(encoding="utf-8").replace("severity: info", "severity: fatal")
    rules.write_text(text, encoding="utf-8")
    Path("规则", "clean", "dataset.yaml").write_text("pack: ..\nunits: 万元\n", encoding="utf-8")
    return "规则"


def rendered(name: str, *, language: str = "en") -> str:
    return formats.render(name, Linted(FOUND, 2, 9), Settings(language))


def test_the_folder_is_the_list() -> None:
    home = Path(formats.__file__).parent
    assert {path.stem for path in home.glob("*.py")} - {"__init__"} == set(MODULES.values())


# ---- JSON ------------------------------------------------------------------------------------------------------------


def test_json_has_every_fault(cli: Cli, faulty: str) -> None:
    done = cli("-q", "lint", faulty, "--output-format", "json")
    assert done.code == 2
    assert json.loads(done.out) == {
        "version": 1,
        "faults": [
            {
                "code": "PR114",
                "level": "error",
                "message": "fatal is not one of error, warning, info",
                "hint": None,
                "file": "规则/spending.rules.yaml",
                "line": 23,
                "column": 15,
                "end_column": 20,
                "rule": "spending-positive",
            },
            {
                "code": "PR112",
                "level": "error",
                "message": "units is not a key of dataset.yaml",
                "hint": "known are pack, title, database, unit_of_measure, tables, facts, waivers, due",
                "file": "规则/clean/dataset.yaml",
                "line": 2,
                "column": 1,
                "end_column": 6,
            },
        ],
        "summary": {"faults": 2, "remarks": 0, "packs": 1, "sound_rules": 4},
    }
    assert done.err == "faults: 2; remarks: 3; packs: 1, sound rules: 4\n"


def test_json_where_there_is_no_place(cli: Cli) -> None:
    (fault,) = json.loads(cli("lint", "nothing", "--output-format", "json").out)["faults"]
    assert fault["code"] == "PR111"
    places = ("file", "line", "column", "end_column")
    assert [fault[name] for name in places] == [None] * 4
    assert "rule" not in fault


@pytest.mark.parametrize("name", MODULES)
def test_the_exit_code_is_that_of_the_text(cli: Cli, faulty: str, name: str) -> None:
    assert cli("lint", faulty, "--output-format", name).code == 2
    sound = cli("-q", "lint", SMALL, "--output-format", name)
    assert (sound.code, sound.err) == (0, "")


@pytest.mark.parametrize("name", ["text", "github"])
def test_nothing_found_is_nothing_printed(cli: Cli, name: str) -> None:
    assert cli("-q", "lint", SMALL, "--output-format", name).out == ""


def test_levels_are_counted_apart() -> None:
    found = json.loads(rendered("json"))
    assert [fault["level"] for fault in found["faults"]] == ["error", "error", "warning"]
    assert found["summary"] == {"faults": 2, "remarks": 1, "packs": 2, "sound_rules": 9}


# ---- GitHub ----------------------------------------------------------------------------------------------------------


def test_github_annotations() -> None:
    assert rendered("github").splitlines() == [
        "::error file=包/a%2Cb.rules.yaml,line=7,col=5,endColumn=9,title=PR105::50%25 of it, a:b",
        "::error file=/elsewhere/甲 乙.rules.yaml,line=3,col=2,endColumn=4,title=PR301::two%0D%0Alines%0A→ write this",
        "::warning title=PR111::no place",
    ]


def unescaped(line: str) -> tuple[str, dict[str, str], str]:
    """A command as GitHub reads it."""
    level, listed, told = re.fullmatch(r"::(\w+) (.*?)::(.*)", line).groups()  # type: ignore[union-attr]  # no match is an error of the test
    properties = dict(part.split("=", 1) for part in listed.split(","))
    return level, {name: _plain(value) for name, value in properties.items()}, _plain(told)


def _plain(text: str) -> str:
    for sign in (",", ":", "\r", "\n", "%"):
        text = text.replace(f"%{ord(sign):02X}", sign)
    return text


def test_github_reads_what_was_meant(cli: Cli, faulty: str) -> None:
    lines = cli("-q", "--lang", "zh", "lint", faulty, "--output-format", "github").out.splitlines()
    read = [unescaped(line) for line in lines]
    assert [(level, where["file"], where["title"]) for level, where, _ in read] == [
        ("error", "规则/spending.rules.yaml", "PR114"),
        ("error", "规则/clean/dataset.yaml", "PR112"),
    ]
    assert read[0][2] == "fatal 不对，应是：error、warning、info 之一"
    assert unescaped(rendered("github").splitlines()[1])[2] == "two\r\nlines\n→ write this"


# ---- SARIF -----------------------------------------------------------------------------------------------------------


def sarif_faults(log: Any) -> list[str]:
    schema = json.loads(SARIF.read_text(encoding="utf-8"))
    return [f"{e.json_path}: {e.message}" for e in Draft4Validator(schema).iter_errors(log)]


def test_a_wrong_log_is_refused() -> None:
    log = json.loads(rendered("sarif"))
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert len(sarif_faults(log)) == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_sarif_is_valid(cli: Cli, faulty: str, language: str) -> None:
    log = json.loads(cli("-q", "--lang", language, "lint", faulty, "--output-format", "sarif").out)
    assert sarif_faults(log) == []
    assert sarif_faults(json.loads(rendered("sarif", language=language))) == []
    assert sarif_faults(json.loads(cli("lint", SMALL, "--output-format", "sarif").out)) == []
    (run,) = log["runs"]
    assert run["language"][:2] == run["tool"]["driver"]["language"][:2] == language
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["PR112", "PR114"]
    assert all(rule["help"]["text"] and rule["help"]["markdown"] for rule in rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


def test_sarif_points_at_the_fault(cli: Cli, faulty: str) -> None:
    log = json.loads(cli("lint", faulty, "--output-format", "sarif").out)
    result = log["runs"][0]["results"][0]
    (location,) = result["locations"]
    assert location["logicalLocations"] == [{"name": "spending-positive", "kind": "member"}]
    assert location["physicalLocation"] == {
        "artifactLocation": {
            "uri": "%E8%A7%84%E5%88%99/spending.rules.yaml",
            "uriBaseId": "%SRCROOT%",
        },
        "region": {
            "startLine": 23,
            "startColumn": 15,
            "endLine": 23,
            "endColumn": 20,
            "snippet": {"text": "fatal"},
        },
    }


def test_sarif_of_what_lies_elsewhere_or_nowhere() -> None:
    _, away, nowhere = json.loads(rendered("sarif"))["runs"][0]["results"]
    artifact = away["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": "file:///elsewhere/%E7%94%B2%20%E4%B9%99.rules.yaml"}
    assert "locations" not in nowhere
    assert nowhere["level"] == "warning"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_code_can_be_a_rule(language: str) -> None:
    found = [Graded(Diagnostic(code, message("x"))) for code in CODES]
    text = formats.render("sarif", Linted(found, 0, 0), Settings(language))
    assert sarif_faults(json.loads(text)) == []
