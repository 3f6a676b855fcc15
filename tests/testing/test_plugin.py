"""The plugin of pytest: what is collected under which name, what a report shows, options, fixtures, and what it costs."""

import subprocess
import sys
from dataclasses import replace
from importlib.metadata import entry_points
from pathlib import Path

import polars as pl
import pytest

from perfrules.databases import registered
from perfrules.evaluate import engines, remote
from perfrules.evaluate.engines import SheetVerdicts
from perfrules.evaluate.rows import Index
from perfrules.evaluate.sheets import Laid
from perfrules.loader.folders import RULES_SUFFIX
from perfrules.plan import Sheet
from perfrules.testing import agenda, pytest_plugin
from perfrules.testing.pytest_plugin import items

BEFORE = (agenda, items, registered)
"""Imported before any run inside of a run, which would import polars a second time, and that cannot be done."""

PACK = """\
pack: tiny
tables:
  t:
    key: [k]
    columns:
      k: {type: text}
      a: {type: money, unit: 元, decimals: '2'}
      b: {type: money, unit: 元, decimals: '2'}
      c: {type: money, unit: 元, decimals: '2'}
      s: {type: text}
"""
SUM = """\
  - id: sum
    assert: a = b + c
    cases:
      pass: {a: 3.00, b: 1.00, c: 2.00}
      rounding: [{a: 3.01, b: 1.00, c: 2.00}, {a: 2.99, b: 1.00, c: 2.00}]
      fail: {a: 4.00, b: 1.00, c: 2.00}
"""
EACH = """\
  - id: each
    for: [b, c]
    assert: '{column} ≥ 0'
    cases:
      pass: [{b: 1.00}, {c: 1.00}]
"""
WRONG = """\
  - id: wrong
    assert: a ≥ b
    cases:
      pass: [{a: 3.00, b: 1.00}, {a: 1.00, b: 2.50}]
"""
FAULTY = """\
  - id: typo
    assert: a = bb
"""
NEVER = """\
  - id: never
    assert: abs(a) ≥ 0元
"""
SKIPPED = """\
  - id: skipped
    assert: count_distinct(p.s) ≥ 1
"""
FEW = "--perfrules-examples=4"


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)


@pytest.fixture
def folder(pytester: pytest.Pytester) -> Path:
    home = pytester.path / "rules"
    home.mkdir()
    (home / "pack.yaml").write_text(PACK, "utf-8")
    (pytester.path / "pytest.ini").write_text(
        "[pytest]\naddopts = --strict-markers --strict-config --import-mode=importlib -ra\n"
        "filterwarnings = error\nxfail_strict = true\n",
        "utf-8",
    )
    return home


def write(folder: Path, *rules: str, name: str = "t") -> None:
    (folder / f"{name}.rules.yaml").write_text("table: t\nrules:\n" + "".join(rules), "utf-8")


def ids(result: pytest.RunResult) -> list[str]:
    return [line for line in result.outlines if "::" in line]


# ---- what is collected --------------------------------------------------------------------------------------------------


def test_the_ids(pytester: pytest.Pytester, folder: Path) -> None:
    write(folder, SUM, EACH)
    result = pytester.runpytest("rules", "--collect-only", "-q")
    assert result.ret == 0
    sum_, each, file = (f"rules/t.rules.yaml::{part}" for part in ("sum::", "each::", ""))
    rest = ["can-apply", "can-pass", "can-fail", "violation", "boundary", "missing", "mutants"]
    assert ids(result) == [
        *(sum_ + name for name in ("case pass 1", "case rounding 1", "case rounding 2", "case fail 1")),
        *(sum_ + name for name in rest),
        *(each + name for name in ("case pass 1 b", "case pass 1 c")),
        *(each + name for name in rest),
        *(f"{file}{name} t" for name in ("agreement", "order", "unit-of-measure", "unrelated-rows")),
    ]  # fmt: skip


def test_properties_of_tables_stand_in_the_first_file(
    pytester: pytest.Pytester, folder: Path
) -> None:
    write(folder, SUM, name="a")
    (folder / "more").mkdir()
    write(folder / "more", EACH, name="two")
    result = pytester.runpytest("rules", "--collect-only", "-q", "-k", "agreement or mutants")
    assert sorted(ids(result)) == [
        "rules/a.rules.yaml::agreement t",
        "rules/a.rules.yaml::sum::mutants",
        "rules/more/two.rules.yaml::each::mutants",
    ]


def test_a_file_without_a_pack_is_none_of_ours(pytester: pytest.Pytester, folder: Path) -> None:
    deep = folder / "a" / "b"
    deep.mkdir(parents=True)
    write(deep, SUM)
    (folder / "other.yaml").write_text("rules: []", "utf-8")
    assert pytester.runpytest().ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_it_can_be_left_out(pytester: pytest.Pytester, folder: Path) -> None:
    write(folder, SUM)
    for args in (["-p", "no:perfrules"], ["--ignore-glob=*.rules.yaml"]):
        assert pytester.runpytest(*args).ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_all_of_it_passes(pytester: pytest.Pytester, folder: Path) -> None:
    write(folder, SUM)
    result = pytester.runpytest("rules", FEW)
    result.assert_outcomes(passed=15)
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        ["rules of tiny: on reference, polars; each property on 4 examples, seed 0"]
    )


@pytest.mark.parametrize(
    "name", ["sum::case rounding 2", "sum::can-fail", "sum::missing", "order t"]
)
def test_a_single_id(pytester: pytest.Pytester, folder: Path, name: str) -> None:
    write(folder, SUM, WRONG)
    pytester.runpytest(f"rules/t.rules.yaml::{name}", FEW).assert_outcomes(passed=1)


def test_an_id_that_is_not_there(pytester: pytest.Pytester, folder: Path) -> None:
    write(folder, SUM)
    result = pytester.runpytest("rules/t.rules.yaml::sum::case pass 2")
    assert result.ret == pytest.ExitCode.USAGE_ERROR


# ---- reports ------------------------------------------------------------------------------------------------------------


def test_a_case_that_fails(pytester: pytest.Pytester, folder: Path) -> None:
    write(folder, WRONG)
    result = pytester.runpytest("rules", "-k", "case")
    result.assert_outcomes(passed=1, failed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "*wrong: case pass 2*",
            "pass is expected, and it is fail",
            "rules/t.rules.yaml:6:34",
            "  1.00元 ≥ 2.50元",
            "  *does not hold; left 1元, right 2.5元, difference -1.5元",
            "FAILED rules/t.rules.yaml::wrong::case pass 2 - pass is expected*",
        ]
    )
    assert "Traceback" not in result.stdout.str()
    assert "items.py" not in result.stdout.str()


def test_the_line_of_a_case(pytester: pytest.Pytester, folder: Path) -> None:
    write(folder, SUM, WRONG)
    found, _ = pytester.inline_genitems("rules")
    lines = {item.nodeid.split("::", 1)[1]: item.location for item in found}
    assert lines["sum::case pass 1"] == ("rules/t.rules.yaml", 5, "sum: case pass 1")
    assert lines["sum::violation"] == ("rules/t.rules.yaml", 2, "sum: violation")
    assert lines["wrong::mutants"] == ("rules/t.rules.yaml", 8, "wrong: mutants")
    assert lines["order t"] == ("rules/t.rules.yaml", 2, "order t")


def test_mutants_that_live(pytester: pytest.Pytester, folder: Path) -> None:
    write(folder, SUM.partition("      rounding")[0])
    result = pytester.runpytest("rules", "-k", "mutants")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "rules/t.rules.yaml:3:*",
            "  *becomes*≤*",
            "to paste under cases: of the rule",
            "  rounding:*",
        ]
    )


def test_a_rule_that_never_fails(pytester: pytest.Pytester, folder: Path) -> None:
    write(folder, NEVER)
    result = pytester.runpytest("rules", FEW, "-k", "can or violation")
    result.assert_outcomes(passed=2, failed=1, skipped=1)
    result.stdout.fnmatch_lines(["*never fail*", "rules/t.rules.yaml:3:*"])
    result.stdout.fnmatch_lines(["SKIPPED [[]1] rules/t.rules.yaml:3: never: no change*"])


def test_faulty_rules(pytester: pytest.Pytester, folder: Path) -> None:
    write(folder, SUM, FAULTY, SUM, "  - assert: a = b\n")
    result = pytester.runpytest("rules", "-k", "faulty or case")
    result.assert_outcomes(passed=4, failed=3)
    result.stdout.fnmatch_lines_random(
        [
            "FAILED rules/t.rules.yaml::faulty - *PR113*",
            "FAILED rules/t.rules.yaml::typo::faulty - *PR301*",
            "FAILED rules/t.rules.yaml::sum::faulty - *PR115*",
            "rules/t.rules.yaml:10:17: PR301: *bb*",
            "      assert: a = bb",
            "                  ^^",
            "*PR115: the id sum is used twice*",
        ]
    )


def test_a_pack_that_cannot_be_read(pytester: pytest.Pytester, folder: Path) -> None:
    write(folder, SUM)
    (folder / "pack.yaml").write_text(PACK.replace("type: text", "type: txt"), "utf-8")
    result = pytester.runpytest("rules")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*rules/pack.yaml:6:*: PR*txt*"])
    assert "Traceback" not in result.stdout.str()


def test_what_cannot_be_tested_is_skipped(pytester: pytest.Pytester, folder: Path) -> None:
    more = (
        "  p:\n    key: [k, n]\n    columns: {k: {type: text}, n: {type: text}, s: {type: text}}\n"
    )
    (folder / "pack.yaml").write_text(PACK + more, "utf-8")
    write(folder, SKIPPED)
    result = pytester.runpytest("rules", FEW, "-k", "can or boundary")
    result.assert_outcomes(skipped=4)
    result.stdout.fnmatch_lines(["SKIPPED [[]3] rules/t.rules.yaml:3: nothing can be generated*"])


def test_rules_that_contradict_each_other(pytester: pytest.Pytester, folder: Path) -> None:
    one, other = (
        f"  - id: {name}\n    assert: a = {n}元\n" for name, n in (("one", 1), ("two", 2))
    )
    write(folder, one, other)
    result = pytester.runpytest("rules", FEW, "-k", "agreement or order")
    result.assert_outcomes(failed=1, skipped=1)
    result.stdout.fnmatch_lines(
        [
            "no data was found that agrees with all of these rules; they seem to exclude each other: one, two"
        ]
    )


def test_in_chinese(
    pytester: pytest.Pytester, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.setenv("LANGUAGE", "zh_CN")
    write(folder, WRONG)
    result = pytester.runpytest("rules", "-k", "case")
    result.stdout.fnmatch_lines(["*tiny*", "应为通过，*不符*"])


# ---- options ------------------------------------------------------------------------------------------------------------


def test_without_examples_there_are_no_properties(pytester: pytest.Pytester, folder: Path) -> None:
    write(folder, SUM)
    result = pytester.runpytest("rules", "--collect-only", "-q", "--perfrules-examples", "0")
    assert [name.rpartition("::")[2] for name in ids(result)][4:] == [
        "can-apply",
        "can-pass",
        "can-fail",
        "mutants",
    ]
    result.stdout.fnmatch_lines(["*properties are left out (--perfrules-examples 0)"])


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (
            ["--perfrules-engines", "polars,oracle"],
            "*no engine oracle; there are reference, polars, duckdb",
        ),
        (["--perfrules-examples", "-3"], "*-3 is no whole number from 0"),
        (["--perfrules-seed", "x"], "*x is no whole number from 0"),
    ],
)
def test_wrong_options(pytester: pytest.Pytester, folder: Path, args: list[str], told: str) -> None:
    write(folder, SUM)
    result = pytester.runpytest("rules", *args)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([told])


def test_engines(pytester: pytest.Pytester, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder, SUM)
    asked: list[Sheet] = []
    codes = engines.codes

    def noted(sheet: Sheet, laid: Laid, index: Index) -> list[pl.Series]:
        asked.append(sheet)
        return codes(sheet, laid, index)

    monkeypatch.setattr(engines, "codes", noted)
    only = ["rules", FEW, "-k", "case or order or agreement or violation"]
    pytester.runpytest(*only, "--perfrules-engines=reference").assert_outcomes(passed=7)
    assert not asked
    for names in ("polars", "reference,polars"):
        asked.clear()
        pytester.runpytest(*only, f"--perfrules-engines={names}").assert_outcomes(passed=7)
        assert asked


def test_every_engine_that_is_named(
    pytester: pytest.Pytester, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, SUM)
    only = ["rules", FEW, "-k", "case or agreement", "--perfrules-engines=polars,duckdb"]
    result = pytester.runpytest(*only)
    result.stdout.fnmatch_lines(["*on reference, polars, duckdb;*"])
    result.assert_outcomes(passed=5)
    evaluate = remote.evaluate
    monkeypatch.setattr(remote, "evaluate", lambda *args: [broken(it) for it in evaluate(*args)])
    result = pytester.runpytest(*only)
    result.stdout.fnmatch_lines(["the reference says rounding, duckdb says pass"])
    assert result.parseoutcomes()["failed"] == 3


def broken(found: SheetVerdicts) -> SheetVerdicts:
    """Nothing is shown."""
    return replace(found, verdicts=replace(found.verdicts, detail=found.verdicts.detail.clear()))


def test_an_engine_that_differs(
    pytester: pytest.Pytester, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, SUM)
    codes = engines.codes
    monkeypatch.setattr(engines, "codes", lambda *args: [found * 0 for found in codes(*args)])
    only = ["rules", FEW, "-k", "case or violation"]
    result = pytester.runpytest(*only)
    result.stdout.fnmatch_lines(["the reference says rounding, polars says fail"])
    result.assert_outcomes(passed=2, failed=3)
    pytester.runpytest(*only, "--perfrules-engines=reference").assert_outcomes(passed=5)


# ---- fixtures -----------------------------------------------------------------------------------------------------------

TESTS = """
def test_good(assert_consistent):
    assert_consistent({"t": [{"k": "x", "a": "3.00", "b": "1.00", "c": "2.00"}]})

def test_bad(assert_consistent):
    assert_consistent({"t": [{"k": "x", "a": "4.00", "b": "1.00", "c": "2.00"}]})

def test_blank(assert_consistent):
    assert_consistent({"t": [{"k": "x", "a": None, "b": "1.00", "c": "2.00"}]})

def test_allowed(assert_consistent, perfrules_pack):
    assert perfrules_pack.id == "tiny"
    rows = {"t": [{"k": "x", "a": None, "b": "1.00", "c": "2.00"}]}
    assert_consistent(rows, perfrules_pack, allow_unknown=True)
"""
FRAMES = "import polars as pl\n" + TESTS.replace('[{"k"', 'pl.DataFrame([{"k"').replace(
    "}]}", "}])}"
)


def test_fixtures(pytester: pytest.Pytester, folder: Path) -> None:
    write(folder, SUM)
    pytester.makepyfile(FRAMES)
    result = pytester.runpytest("test_fixtures.py", "-o", "perfrules_pack=rules")
    result.assert_outcomes(passed=2, failed=2)
    result.stdout.fnmatch_lines(
        [">*assert_consistent(*", "E*AssertionError: Contradictions found: error 1.*", "E*sum", "E*left 4元  right 3元  difference +1元*", "E*b  1.00元*"]
    )  # fmt: skip
    result.stdout.fnmatch_lines(
        ["E*AssertionError: *not everything could be checked*", "E*could not be checked: 1"]
    )
    assert "consistent.py" not in result.stdout.str().partition("short test summary")[0]


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ([], "perfrules_pack is not set: name a pack in the configuration of pytest*"),
        (["-o", "perfrules_pack=rule"], "*PR111: there is no pack rule*"),
    ],
)
def test_without_a_pack(
    pytester: pytest.Pytester, folder: Path, setting: list[str], told: str
) -> None:
    write(folder, SUM)
    pytester.makepyfile(FRAMES)
    result = pytester.runpytest("test_without_a_pack.py", *setting, "-k", "allowed")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([told])


def test_a_pack_that_is_built_in(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_id(perfrules_pack):\n    assert perfrules_pack.tables\n")
    pytester.runpytest("-o", "perfrules_pack=cn-overall-self-eval").assert_outcomes(passed=1)


# ---- what it costs ------------------------------------------------------------------------------------------------------

HEAVY = ("polars", "pandera", "hypothesis", "z3", "pydantic", "yaml", "lark", "perfrules.loader")


def test_it_is_installed() -> None:
    (point,) = (found for found in entry_points(group="pytest11") if found.name == "perfrules")
    assert point.load() is pytest_plugin


def test_the_suffix() -> None:
    assert pytest_plugin.SUFFIX == RULES_SUFFIX


def test_a_run_without_rules_imports_nothing(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # others may import what they like
    pytester.makepyfile(
        f"import sys\ndef test_light(): assert not {set(HEAVY)} & set(sys.modules)\n"
    )
    done = pytester.runpytest_subprocess("-p", "perfrules")
    done.assert_outcomes(passed=1)


def test_importing_it_imports_nothing() -> None:
    code = f"import sys; import perfrules.testing.pytest_plugin; print({set(HEAVY)} & set(sys.modules))"
    done = subprocess.run(  # noqa: S603  # our own interpreter
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"


# ---- without the extra --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("library", ["hypothesis", "z3"])
def test_what_to_install(pytester: pytest.Pytester, folder: Path, library: str) -> None:
    write(folder, SUM)
    pytester.makeconftest(f"import sys\nsys.modules[{library!r}] = None\n")
    pytester.makepyfile(
        "import pytest\nfrom perfrules.errors import UsageError\n"
        "def test_told():\n    with pytest.raises(UsageError, match='PR515.*perfrules.testing'):\n"
        "        from perfrules.testing import records\n"
    )
    done = pytester.runpytest_subprocess("-p", "no:hypothesispytest", "test_what_to_install.py")
    done.assert_outcomes(passed=1)
    done = pytester.runpytest_subprocess("-p", "no:hypothesispytest", "rules")
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(
        [f"PR515: {library} is not installed*", '*pip install "perfrules?testing?"']
    )
