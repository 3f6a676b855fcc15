"""``perfrules test``: exit codes, what is printed, files for programs."""

import json
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.cli.conftest import Cli

QUICKSTART = Path(__file__).parents[2] / "examples" / "quickstart" / "rules"
RULE = "total-is-basic-plus-project"


@pytest.fixture
def wrong() -> str:
    """A copy of the quickstart's pack with a sign turned round in one rule and a fault in another."""
    shutil.copytree(QUICKSTART, "rules")
    rules = Path("rules", "spending.rules.yaml")
    text = rules.read_text("utf-8").replace("total = basic + project", "total = basic - project")
    rules.write_text(text.replace("executed <= budget", "executed <= bugdet"), "utf-8")
    return "rules"


def test_a_sound_rule(cli: Cli) -> None:
    done = cli("test", QUICKSTART, "--only", RULE, "--examples", "0")
    assert done.code == 0
    assert "passed 9, failed 0, not tested 0; mutants 11, not found 0" in done.out
    assert "seed 0" in done.err


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["pass is expected, and it is fail", "500.00", "rules/spending.rules.yaml:7"]),
        ("zh", ["应为通过，实为不符", "不合格", "rules/spending.rules.yaml:7"]),
    ],
)
def test_a_failure_is_told_with_its_place(
    cli: Cli, wrong: str, language: str, told: list[str]
) -> None:
    done = cli("--lang", language, "test", wrong, "--only", RULE, "--examples", "0")
    assert done.code == 1
    assert all(part in done.out for part in told)
    assert "PR301" in done.err  # the rule that is faulty did not run, and is told


def test_files_for_programs(cli: Cli, wrong: str) -> None:
    done = cli(
        "-q", "test", wrong, "--only", RULE, "--examples", "0", "-o", "r.json", "-o", "junit=r.xml"
    )
    assert done.code == 1
    found = json.loads(Path("r.json").read_text("utf-8"))
    assert (found["version"], found["pack"], found["seed"]) == (1, "quickstart", 0)
    failed = [result["id"] for result in found["results"] if result["standing"] == "failed"]
    assert f"{RULE}::case::pass 1" in failed
    assert found["summary"]["failed"] == len(failed)
    cases = ET.fromstring(Path("r.xml").read_text("utf-8")).iter("testcase")  # noqa: S314  # we wrote it
    assert sum(case.find("failure") is not None for case in cases) == len(failed)


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["nowhere"], "PR111"),
        ([QUICKSTART, "--only", "nothing"], "PR505"),
        ([QUICKSTART, "-o", "r.txt"], "PR501"),
        ([QUICKSTART, "-o", "nowhere/r.json"], "PR503"),
    ],
)
def test_nothing_could_be_tested(cli: Cli, args: list[str], code: str) -> None:
    done = cli("test", *args)
    assert (done.code, code in done.err) == (2, True)


def test_the_same_seed_prints_the_same(cli: Cli) -> None:
    asked = ("-v", "test", QUICKSTART, "--only", RULE, "--examples", "8", "--seed", "5")
    assert cli(*asked).out == cli(*asked).out
