"""A pack to start from and rules to fill in: what they promise holds, and nothing that is there is harmed."""

import json
import os
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import perfrules
from perfrules.drafts.packs import TEMPLATES, pack_id
from perfrules.drafts.rules import draft_rule
from perfrules.drafts.statements import sample
from perfrules.errors import UsageError
from perfrules.model import Case, Pack, Rule
from tests.cli.conftest import Cli
from tests.conftest import Golden
from tests.evaluate.packs import by_reference, data_of

LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])
TABLE = """\
pack: p
tables:
  t:
    key: [k]
    columns:
      k: {type: text}
      a: {type: money, decimals: 2}
      b: {type: money, decimals: 2}
      c: {type: money, decimals: 2}
"""
RULES = """\
table: t # the only one
rules:
  - id: first # says what it is about
    assert: a >= b + c
    cases:
      pass: {a: 3.00, b: 1.00, c: 2.00}
  # the end
"""


def outcome(pack: Pack, rule: Rule, case: Case) -> str:
    """What the reference says of the row of a case, whose key is made up where the case does not say it."""
    ((name, (row,)),) = case.rows.items()
    table = pack.tables[name]
    cells = {key: sample(table.columns[key]) for key in table.key} | dict(row)
    alone = replace(pack, rules=(rule,))
    (found,) = by_reference(alone, data_of(alone, {name: [cells]})).values()
    return found


def wrong(pack: Pack, rule: Rule) -> list[tuple[str, str, object]]:
    """The cases of a rule that have another outcome than the one that they stand under."""
    found = ((case.outcome, outcome(pack, rule, case), case.rows) for case in rule.cases)
    return [(due, there, rows) for due, there, rows in found if due != there]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A pack of one table and one rule."""
    home = tmp_path / "p"
    home.mkdir()
    (home / "pack.yaml").write_text(TABLE, "utf-8")
    (home / "t.rules.yaml").write_text(RULES, "utf-8")
    return home


# ---- a pack to start from -----------------------------------------------------------------------------------------------


@LANGUAGES
def test_what_it_writes_has_no_fault(cli: Cli, language: str) -> None:
    assert cli("--lang", language, "init", "我的 包").code == 0
    done = cli("--lang", "en", "lint", "我的 包")
    assert (done.code, done.out) == (0, "")
    assert "packs: 1, sound rules: 4" in done.err


@LANGUAGES
def test_the_first_check_gives_what_the_comments_promise(cli: Cli, language: str) -> None:
    cli("--lang", language, "init", "我的 包")
    assert cli("check", "我的 包/data").code == 1
    report = perfrules.check("我的 包/data", "我的 包")
    promised = {
        line.split()[1]: line
        for line in Path("我的 包/spending.rules.yaml").read_text("utf-8").splitlines()
        if line.startswith("#   ")
    }
    words = {"fail": "不符", "rounding": "舍入差", "unknown": "无法核验"}
    assert Counter(finding.outcome for finding in report.details) == dict.fromkeys(words, 1)
    for finding in report.details:
        line = promised[finding.key["department"]]
        assert finding.rule == "total-is-basic-plus-project"
        assert (words[finding.outcome] if language == "zh" else finding.outcome) in line
    low = next(count for count in report.counts if count.rule == "low-rate-is-explained")
    assert (low.passed, low.not_applicable) == (1, 4)


@LANGUAGES
def test_every_case_has_its_outcome(language: str) -> None:
    pack = perfrules.load_pack(TEMPLATES / language)
    for rule in pack.rules:
        assert wrong(pack, rule) == []
        assert {"pass", "fail", "unknown"} <= {case.outcome for case in rule.cases}


@pytest.mark.parametrize(
    ("rule", "mutant"),
    [
        ("total-is-basic-plus-project", "assert: total <= basic + project"),
        ("total-is-basic-plus-project", "assert: total >= basic + project"),
        ("total-is-basic-plus-project", "assert: total <> basic + project"),
        ("total-is-basic-plus-project", "assert: total = basic - project"),
        ("total-is-basic-plus-project", "assert: total = basic"),
        ("total-is-basic-plus-project", "assert: total = project"),
        ("total-is-basic-plus-project", "tolerance: exact"),
        ("total-is-basic-plus-project", "tolerance: {absolute: 0.02 thousand EUR}"),
        ("basic-is-personnel-plus-public", "assert: basic <= personnel + public"),
        ("basic-is-personnel-plus-public", "assert: basic >= personnel + public"),
        ("basic-is-personnel-plus-public", "assert: basic = personnel - public"),
        ("basic-is-personnel-plus-public", "assert: basic = personnel"),
        ("basic-is-personnel-plus-public", "tolerance: exact"),
        ("rate-is-executed-over-budget", "assert: rate <= executed / budget"),
        ("rate-is-executed-over-budget", "assert: rate >= executed / budget"),
        ("rate-is-executed-over-budget", "assert: rate = budget / executed"),
        ("rate-is-executed-over-budget", "tolerance: exact"),
        ("low-rate-is-explained", "assert: reason is blank"),
        ("low-rate-is-explained", "when: rate <= 90%"),
        ("low-rate-is-explained", "when: rate < 89.99%"),
        ("low-rate-is-explained", "when: rate > 90%"),
        ("low-rate-is-explained", "when: ~"),
    ],
)
def test_the_cases_would_notice_another_rule(tmp_path: Path, rule: str, mutant: str) -> None:
    for file in ("pack.yaml", "spending.rules.yaml"):
        text = (TEMPLATES / "en" / file).read_text("utf-8")
        (tmp_path / file).write_text(text, "utf-8")
    home = tmp_path / "spending.rules.yaml"
    content = yaml.load(home.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506  # texts only
    block = next(one for one in content["rules"] if one["id"] == rule)
    block |= yaml.load(mutant, yaml.BaseLoader)  # noqa: S506  # likewise
    if block.get("when") == "~":
        del block["when"]
    home.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    pack = perfrules.load_pack(tmp_path)
    assert not pack.faults, [str(fault) for fault in pack.faults]
    assert wrong(pack, next(one for one in pack.rules if one.id == rule))


def test_both_languages_say_the_same() -> None:
    zh, en = (perfrules.load_pack(TEMPLATES / language) for language in ("zh", "en"))
    for one, other in zip(zh.rules, en.rules, strict=True):
        assert (one.id, one.block.title, one.block.severity) == (other.id, other.block.title, other.block.severity)  # fmt: skip
        assert (one.assertion, one.guard) == (other.assertion, other.guard)
        assert [case.outcome for case in one.cases] == [case.outcome for case in other.cases]
    for name, table in zh.tables.items():
        assert table.columns == en.tables[name].columns


@LANGUAGES
def test_the_schema_line_names_a_schema_that_the_file_meets(cli: Cli, language: str) -> None:
    cli("--lang", language, "init", "a")
    cli("--lang", language, "init", "rule", "another", "--pack", "a")
    checked = set()
    for path in Path("a").rglob("*.yaml"):
        first = path.read_text("utf-8").partition("\n")[0]
        schema = path.parent / first.removeprefix("# yaml-language-server: $schema=")
        content = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506  # as the loader reads
        jsonschema.validate(_blanks(content), json.loads(schema.read_text("utf-8")))
        checked.add(schema.name)
    assert checked == {path.name for path in Path("a/.perfrules").iterdir()}
    assert len(checked) == 3


def _blanks(content: object) -> object:
    """The content with ``~`` as nothing, as editors read it."""
    if isinstance(content, dict):
        return {key: _blanks(below) for key, below in content.items()}
    if isinstance(content, list):
        return [_blanks(below) for below in content]
    return None if content == "~" else content


@LANGUAGES
def test_what_it_says(cli: Cli, golden: Golden, language: str) -> None:
    told = [
        cli("--lang", language, *args)
        for args in (
            ("init", "预算 2024"),
            ("init", "rule", "basic-within-total", "--pack", "预算 2024"),
        )
    ]
    files = (
        f"---- {path.as_posix()}\n{path.read_text('utf-8')}"
        for path in sorted(Path().rglob("*.rules.yaml"))
    )
    golden(f"cli/init.{language}.txt", "".join([*(done.out for done in told), *files]))


def test_it_says_nothing_if_asked(cli: Cli) -> None:
    for args in (("init", "a"), ("init", "rule", "x", "-p", "a")):
        done = cli("-q", *args)
        assert (done.code, done.out, done.err) == (0, "", "")


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("Budget 2024", "budget-2024"),
        ("预算", "my-pack"),
        ("2024", "my-pack"),
        ("预算budget", "budget"),
        ("MyPack", "my-pack"),
        ("null", "null"),
        ("", "my-pack"),
        ("a" * 63 + "-bc", "a" * 63),
    ],
)
def test_the_id_is_made_of_the_folder(cli: Cli, name: str, made: str) -> None:
    assert pack_id(name) == made
    if name:
        cli("init", name)
        assert perfrules.load_pack(Path(name)).id == made


def test_the_default_is_this_folder(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "Figures of 2024"
    here.mkdir()
    monkeypatch.chdir(here)
    assert "perfrules check data " in cli("init").out
    assert perfrules.load_pack(here).id == "figures-of-2024"


def test_nothing_is_overwritten(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a" / "data").mkdir(parents=True)
    (tmp_path / "a" / "pack.yaml").write_text("mine", "utf-8")
    (tmp_path / "a" / "data" / "spending.csv").symlink_to("nowhere")
    done = cli("init", "a")
    assert done.code == 2
    assert (
        "PR508: already there, so nothing is written: a/pack.yaml, a/data/spending.csv" in done.err
    )
    assert (tmp_path / "a" / "pack.yaml").read_text("utf-8") == "mine"
    assert sorted(path.name for path in (tmp_path / "a").rglob("*")) == ["data", "pack.yaml", "spending.csv"]  # fmt: skip


def test_a_file_in_place_of_the_folder(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("mine", "utf-8")
    done = cli("--lang", "zh", "init", "a/b")
    assert done.code == 2
    assert "PR509: a/b/pack.yaml 写不进去，所以一个文件也没有写" in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="this user may write anywhere"
)
def test_a_folder_without_permission(cli: Cli, tmp_path: Path) -> None:
    home = tmp_path / "a"
    home.mkdir(mode=0o500)
    done = cli("init", "a")
    assert done.code == 2
    assert "PR509" in done.err
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("call", ["write_bytes", "replace"])
@pytest.mark.parametrize("number", [1, 3, 7])
def test_all_files_or_none(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    done_before, real = [], getattr(Path, call)

    def refusing(path: Path, *args: object) -> object:
        done_before.append(path)
        if len(done_before) == number:
            raise PermissionError(13, "Permission denied")
        return real(path, *args)

    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    monkeypatch.setattr(Path, call, refusing)
    done = cli("init", "a/b")
    assert done.code == 2
    assert "PR509" in done.err
    assert "Permission denied" in done.err
    assert [path.name for path in tmp_path.rglob("*")] == ["mine.txt"]


# ---- a rule to fill in --------------------------------------------------------------------------------------------------


def rule_of(pack: Pack, name: str) -> Rule:
    return next(rule for rule in pack.rules if rule.id == name)


@LANGUAGES
def test_a_rule_is_complete_as_it_stands(cli: Cli, language: str) -> None:
    cli("--lang", language, "init", "a")
    for name in ("one", "two"):
        assert cli("--lang", language, "init", "rule", name, "--pack", "a").code == 0
    assert cli("lint", "a").code == 0
    pack = perfrules.load_pack(Path("a"))
    for name in ("one", "two"):
        rule = rule_of(pack, name)
        assert rule.block.title.zh
        assert rule.block.title.en
        assert wrong(pack, rule) == []
        assert {"pass", "rounding", "fail", "unknown"} <= {case.outcome for case in rule.cases}
    assert rule_of(pack, "one").assertion != rule_of(pack, "two").assertion
    assert Counter(finding.outcome for finding in perfrules.check("a/data", "a").details)["fail"] == 1  # fmt: skip


def test_the_nearest_pack_above(cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    below = folder / "data" / "2024"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert "added: x, ../../t.rules.yaml:8" in cli("init", "rule", "x").out
    assert rule_of(perfrules.load_pack(folder), "x").text == "b <= a"


ADDED = """\
  - id: x
    # A draft: change title, assert and the rows below to what must hold, then run perfrules lint.
    title: {en: b is at most a, zh: b不大于a}
    assert: b <= a # what must hold, with the names of columns
    severity: error # or warning, or info
    # Example rows under the outcome that each must have; ~ is a blank.
    cases:
      pass:
        - {b: 153.65, a: 893.85}
        - {b: 893.85, a: 893.85}
      rounding: {b: 893.86, a: 893.85}
      fail: {b: 893.87, a: 893.85}
      unknown: {b: 153.65, a: ~}
      not-applicable: {b: ~, a: ~}
"""
FIRST = "  - id: first # what\n    assert: a >= b + c\n"


def moved(dash: int, inner: int, step: int) -> str:
    """The rule that is added, indented otherwise."""
    lines = []
    for line in ADDED.splitlines():
        deep = len(line) - len(line.lstrip())
        if deep == 2:
            lines.append(" " * dash + "-".ljust(inner) + line.lstrip("- "))
        else:
            lines.append(" " * (dash + inner + step * ((deep - 4) // 2)) + line.lstrip())
    return "\n".join([*lines, ""])


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("head", "tail", "added"),
    [
        pytest.param(f"table: t\nrules:\n{FIRST}", "", f"\n{ADDED}", id="at the end"),
        pytest.param(f"table: t\nrules:\n{FIRST}".rstrip(), "", f"\n\n{ADDED}", id="no line end"),
        pytest.param(f"\ufefftable: t\nrules:\n{FIRST}", "", f"\n{ADDED}", id="byte order mark"),
        pytest.param(f"table: t\nrules:\n{FIRST}", "\n\n# the end", f"\n{ADDED}", id="comment at the end"),
        pytest.param(f"table: t\nrules:\n{FIRST}    # of the rule\n", "  # next\n", f"\n{ADDED}", id="comments"),
        pytest.param(f"rules:\n{FIRST}", "table: t # 表\n", f"\n{ADDED}", id="table below"),
        pytest.param(
            "table: t\nrules:\n- id: first\n  assert: a >= b + c\n", "", f"\n{moved(0, 2, 2)}", id="not indented"
        ),
        pytest.param(
            "rules:\n     -   id: first\n         table: t\n         assert: >-\n            a >=\n            b + c\n\n",
            "",
            moved(5, 4, 2).replace("         assert", "         table: t\n         assert"),
            id="folded",
        ),
        pytest.param(
            "table: t\nrules:\n     -   id: first\n         assert: a >= b + c\n         cases:\n            unknown: {a: ~}\n",
            "",
            f"\n{moved(5, 4, 3)}",
            id="odd indentation",
        ),
        pytest.param(
            "table: t\nrules:\n   -\n     id: first\n     assert: a >= b + c # -\n", "\n\n", f"\n{moved(3, 2, 2)}",
            id="hyphen by itself",
        ),
        pytest.param(
            "table: t\nrules:\n  - {id: first, assert: a >= b + c}\n", "", f"\n{moved(2, 2, 2)}", id="in brackets"
        ),
    ],
)  # fmt: skip
def test_the_file_stays_as_it_is(
    cli: Cli, folder: Path, head: str, tail: str, added: str, end: str
) -> None:
    path = folder / "t.rules.yaml"
    path.write_bytes((head + tail).replace("\n", end).encode())
    done = cli("init", "rule", "x", "--pack", folder)
    assert done.code == 0, done.err
    assert path.read_bytes().decode() == (head + added + tail).replace("\n", end)
    assert [path.name for path in folder.iterdir()] == ["pack.yaml", "t.rules.yaml"]
    pack = perfrules.load_pack(folder)
    assert not pack.faults
    assert [rule.id for rule in pack.rules] == ["first", "x"]
    assert wrong(pack, rule_of(pack, "x")) == []


@pytest.mark.parametrize(
    ("before", "head", "tail"),
    [
        ("table: t\nrules: []\n", "table: t\nrules:\n  - id: x\n", ""),
        ("table: t\nrules: []", "table: t\nrules:\n  - id: x\n", ""),
        ("rules: [] # none\ntable: t", "rules: # none\n  - id: x\n", "\ntable: t"),
        ("table: t\nrules: [\n]\n", "table: t\nrules:\n  - id: x\n", "\n"),
    ],
)
def test_the_first_rule_of_a_file(
    cli: Cli, folder: Path, before: str, head: str, tail: str
) -> None:
    path = folder / "t.rules.yaml"
    path.write_text(before, "utf-8")
    assert cli("init", "rule", "x", "--pack", folder).code == 0
    text = path.read_text("utf-8")
    assert text.startswith(head)
    assert text.endswith(tail)
    pack = perfrules.load_pack(folder)
    assert [rule.text for rule in pack.rules] == ["a = b + c"]
    assert wrong(pack, pack.rules[0]) == []


@pytest.mark.parametrize(
    "text", ["table: t\nrules: [{id: y, assert: a >= 0}]\n", "{table: t, rules: []}\n"]
)
def test_a_file_that_takes_no_block_is_left_alone(cli: Cli, folder: Path, text: str) -> None:
    (folder / "t.rules.yaml").write_text(text, "utf-8")
    assert "x.rules.yaml:3" in cli("init", "rule", "x", "--pack", folder).out
    assert (folder / "t.rules.yaml").read_text("utf-8") == text
    assert (folder / "x.rules.yaml").read_text("utf-8").startswith("table: t\nrules:\n  - id: x\n")
    assert not perfrules.load_pack(folder).faults


def test_two_rules_are_added_one_after_the_other(cli: Cli, folder: Path) -> None:
    for name in ("null", "1"):
        assert cli("init", "rule", name, "-p", folder).code == 0
    pack = perfrules.load_pack(folder)
    assert [rule.id for rule in pack.rules] == ["first", "null", "1"]
    assert [rule.text for rule in pack.rules] == ["a >= b + c", "b <= a", "c <= a"]


def test_a_table_that_no_file_speaks_about(cli: Cli, folder: Path) -> None:
    with (folder / "pack.yaml").open("a", encoding="utf-8") as file:
        file.write(
            "  null:\n    title: 名单\n    key: [k]\n    columns: {k: {type: code}, names: {type: text}}\n"
        )
    assert cli("init", "rule", "x", "-p", folder, "--table", "名单").code == 0
    assert (folder / "null.rules.yaml").read_text("utf-8").startswith('table: "null"\nrules:\n')
    rule = rule_of(perfrules.load_pack(folder), "x")
    assert rule.text == "names is not blank"
    assert {case.outcome for case in rule.cases} == {
        "pass",
        "fail",
    }  # a text is there or not: nothing else


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("Total_A",), "PR510: Total_A is no id: "),
        (("Total_A",), "for example total-a"),
        (("合计",), "PR510: 合计 is no id: "),
        (("a" * 65,), "PR510"),
        (("first",), "t.rules.yaml:3:9: PR511: the pack p has a rule first already"),
        (("x", "--table", "tt"), "PR512: the pack p has no table tt"),
        (("x", "--table", "tt"), "did you mean t?"),
        (("x", "--table", "zzz"), "known are t"),
        ((), "Missing argument 'ID'"),
    ],
)
def test_what_is_refused(cli: Cli, folder: Path, args: tuple[str, ...], said: str) -> None:
    before = {path: path.read_bytes() for path in folder.iterdir()}
    done = cli("init", "rule", *args, "--pack", folder)
    assert done.code == 2
    assert said in done.err
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_a_table_without_columns_to_speak_about(cli: Cli, folder: Path) -> None:
    with (folder / "pack.yaml").open("a", encoding="utf-8") as file:
        file.write("  u: {key: [d], columns: {d: {type: date}}}\n")
    done = cli("init", "rule", "x", "--pack", folder, "--table", "u")
    assert done.code == 2
    assert "PR513: the table u has no column" in done.err


def test_which_of_several_tables(cli: Cli, folder: Path) -> None:
    with (folder / "pack.yaml").open("a", encoding="utf-8") as file:
        file.write("  u: {key: [k], columns: {k: {type: code}}}\n")
    done = cli("init", "rule", "x", "--pack", folder)
    assert done.code == 2
    assert "PR512: the pack p has several tables: say which one with --table" in done.err
    assert "known are t, u" in done.err


def test_no_pack_anywhere(cli: Cli, tmp_path: Path) -> None:
    done = cli("init", "rule", "x")
    assert done.code == 2
    assert "PR111: there is no pack.yaml in this folder or above it" in done.err
    assert "PR111" in cli("init", "rule", "x", "--pack", tmp_path / "no").err
    assert (
        "PR111" in cli("init", "rule", "x", "--pack", "cn-overall-self-eval").err
    )  # ours is not yours to change


def test_a_faulty_pack(cli: Cli, folder: Path) -> None:
    path = folder / "t.rules.yaml"
    path.write_text(RULES.replace("b + c", "b + d"), "utf-8")
    done = cli("init", "rule", "x", "--pack", folder)
    assert done.code == 2
    assert "t.rules.yaml:4:22: PR301: there is no column d in t" in done.err
    assert path.read_text("utf-8") == RULES.replace("b + c", "b + d")


def test_a_rules_file_that_cannot_be_written(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    done = cli("init", "rule", "x", "--pack", folder)
    assert done.code == 2
    assert "PR509" in done.err
    assert (folder / "t.rules.yaml").read_text("utf-8") == RULES
    assert sorted(path.name for path in folder.iterdir()) == ["pack.yaml", "t.rules.yaml"]


def test_a_linked_file_stays_a_link_and_keeps_its_mode(cli: Cli, folder: Path) -> None:
    target = folder / "all.yaml"
    (folder / "t.rules.yaml").rename(target)
    target.chmod(0o640)
    (folder / "t.rules.yaml").symlink_to("all.yaml")
    assert cli("init", "rule", "x", "--pack", folder).code == 0
    assert (folder / "t.rules.yaml").is_symlink()
    assert "id: x" in target.read_text("utf-8")
    assert target.stat().st_mode & 0o777 == 0o640


# ---- any pack -----------------------------------------------------------------------------------------------------------

NAMES = ("a", "in", "sum", "null", "合计", "万元", "x1", "true", "人", "y", "per")
TITLES = ("支出 合计", "支出（合计）", "按", "金额", "其中：", "比 #1", "#")
UNITS = {"money": ("万元", "元", "thousand EUR"), "ratio": ("%", "1", "‰"), "count": ("人", "个")}


@st.composite
def columns(draw: st.DrawFn) -> str:
    kind = draw(st.sampled_from(
        ["money", "ratio", "points", "count", "number", "text", "code", "year", "date", "flag"]
    ))  # fmt: skip
    keys = [f"type: {kind}"]
    if kind in UNITS and draw(st.booleans()):
        keys.append(f"unit: '{draw(st.sampled_from(UNITS[kind]))}'")
    if kind in ("money", "ratio", "points", "count", "number"):
        keys.append(
            f"decimals: {draw(st.sampled_from(['0', '1', '2', '4', '-2', 'printed', 'exact']))}"
        )
        keys.append(f"blank: {draw(st.sampled_from(['unknown', 'zero', 'zero-if-closes']))}")
    return ", ".join(keys)


@st.composite
def packs(draw: st.DrawFn) -> str:
    """A pack of one table; its last column has a title that is hard to write."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=6, unique=True))
    kinds = [draw(columns()) for _ in names]
    titles = draw(st.permutations(TITLES))
    key = draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))
    lines = [
        f"      '{name}': {{{kind}, title: {{zh: '{title}'}}}}"
        for name, kind, title in zip(names, kinds, titles, strict=False)
    ]
    quoted = ", ".join(f"'{name}'" for name in key)
    return "\n".join(
        ["pack: p", "tables:", "  't':", f"    key: [{quoted}]", "    columns:", *lines, ""]
    )


@settings(max_examples=40, deadline=None)
@given(text=packs(), language=st.sampled_from(["zh", "en"]))
def test_a_rule_fits_any_pack(text: str, language: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pack.yaml").write_text(text, "utf-8")
        table = perfrules.load_pack(folder).tables["t"]
        if {(name in table.key, column.type) for name, column in table.columns.items()} == {
            (True, "date")
        }:
            with pytest.raises(UsageError, match="PR513"):
                draft_rule(folder, "r0", None, language)
            return
        for number in range(2):
            draft = draft_rule(folder, f"r{number}", None, language)
            draft.path.write_bytes(draft.content)
            pack = perfrules.load_pack(folder)
            assert not pack.faults, [str(fault) for fault in pack.faults]
            assert len(pack.rules) == number + 1
            assert {"pass", "fail"} <= {case.outcome for case in pack.rules[-1].cases}
            assert wrong(pack, pack.rules[-1]) == []
