"""What ``lint --fix`` mends, and what it leaves alone."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from perfrules.loader import load_pack
from perfrules.loader.fixes import fixed_dataset, fixed_pack
from perfrules.loader.fixes.files import _content
from perfrules.loader.fixes.order import ORDER
from perfrules.loader.fixes.quotes import is_misread
from perfrules.loader.shapes import keys_of
from perfrules.model import RuleBlock

Write = Callable[..., Path]
HEAD = "table: t\nrules:\n"


def fixed(folder: Path) -> list[str]:
    """Mend a pack in its files.

    Returns:
        What was mended.
    """
    found = fixed_pack(folder)
    for path, content in found.texts.items():
        path.write_bytes(content)
    return [f"{path.name}:{fix.line}: {fix.what}" for path, fix in found.made]


def rules_of(folder: Path) -> str:
    return (folder / "a.rules.yaml").read_bytes().decode()


# ---- files that could not be read --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (
            "  - id: a\n    title：支出\n    assert ： total = basic\n",
            "  - id: a\n    title: 支出\n    assert: total = basic\n",
            [4, 5],
        ),
        (
            "  - id：a\n    title: {zh：支出, en： Spending}\n    cases：\n      pass: {total: 1, basic: 1}\n    assert: total = basic\n",
            "  - id: a\n    title: {zh: 支出, en: Spending}\n    assert: total = basic\n    cases:\n      pass: {total: 1, basic: 1}\n",
            [3, 3, 4, 4, 5],
        ),
        (
            "  - id: a\n　　assert: total = basic\n\tseverity: info\n\u00a0\u00a0\u00a0\u200b message：x\n",
            "  - id: a\n    assert: total = basic\n    severity: info\n    message: x\n",
            [4, 5, 6, 6],
        ),
        (
            '  - id: a\n    assert: total = basic\n    title: “支出” # 甲\n    hint: {zh: “说 "好"”, en: ‘it\'s’}\n',
            '  - id: a\n    title: "支出" # 甲\n    assert: total = basic\n    hint: {zh: \'说 "好"\', en: "it\'s"}\n',
            [3, 5, 6, 6],
        ),
        (
            "  - id: a\n    message: “甲: 乙”\n    assert: total = basic\n",
            '  - id: a\n    assert: total = basic\n    message: "甲: 乙"\n',
            [3, 4],
        ),
    ],
)
def test_what_could_not_be_read(write: Write, before: str, after: str, told: list[int]) -> None:
    folder = write(before)
    made = fixed(folder)
    assert rules_of(folder) == f"{HEAD}{after}"
    assert [int(line.split(":")[1]) for line in made] == told
    pack = load_pack(folder)
    assert not pack.faults
    assert fixed(folder) == []


@pytest.mark.parametrize(
    "rules",
    [
        "  - id: a\n    hint: one\n      message：two\n    assert: total = basic\n",  # the colon belongs to a text of two lines
        "  - id: a\n    assert: total = basic\n    message: “甲” 和 “乙”: 丙\n",
        "  - id: a\n    assert: total = basic\n    cases: {pass: {total: 1\n    title：x\n",  # something else is wrong too
    ],
)
def test_what_stays_unreadable_is_left_alone(write: Write, rules: str) -> None:
    folder = write(rules)
    assert fixed(folder) == []
    assert rules_of(folder) == f"{HEAD}{rules}"


def test_indentation_that_could_mean_two_things_is_left_alone(write: Write) -> None:
    """A tab to the fourth column gives the title to the table, one to the eighth to the column."""
    columns = "tables:\n  t:\n    key: [a]\n    columns:\n      a:\n        type: text\n"
    folder = write("  - {id: r, assert: a = a}\n", pack=f"pack: p\n{columns}\ttitle: x\n")
    assert fixed(folder) == []


def test_a_pack_file_is_mended_too(write: Write, pack: str) -> None:
    folder = write(
        "  - {id: a, assert: total = basic}\n", pack=pack.replace("tables:", "tables：", 1)
    )
    assert fixed(folder) == [
        "pack.yaml:2: a full-width colon behind a key written as an ordinary one"
    ]
    assert (folder / "pack.yaml").read_text(encoding="utf-8") == pack
    assert not load_pack(folder).faults


# ---- files that say the same either way --------------------------------------------------------------------------------

EXPRESSIONS = [
    ("（total＋basic）＝１０", "(total+basic)=10"),
    ("total ＞＝ １，２３４．５０万元", "total >= 1,234.50万元"),
    ("total ≤ basic × 2 ÷ 1 − 0", "total ≤ basic × 2 ÷ 1 − 0"),
    ("若 total ＞ ０ 则 basic ＜ ２", "若 total > 0 则 basic < 2"),
    ("「小计（一）」＝total", "「小计（一）」=total"),
    ("rate ＝ ５０％", "rate = 50%"),
    ("total ＝ round（basic，１）", "total = round(basic,1)"),
    ("total ！＝ basic", "total != basic"),
    ("sum（d．actual）＝total", "sum(d.actual)=total"),
    ("d［name ＝ “甲，乙（１）”］．actual ＝ total", "d[name = “甲，乙（１）”].actual = total"),
]


@pytest.mark.parametrize("style", ["'{}'", '"{}"', ">-\n      {}", "|\n      {}", "{}"])
@pytest.mark.parametrize(("before", "after"), EXPRESSIONS)
def test_full_width_signs(write: Write, before: str, after: str, style: str) -> None:
    rules = f"  - id: a\n    assert: {style}\n    severity: info\n"
    folder = write(rules.format(before))
    meant = _content(load_pack(folder))
    made = fixed(folder)
    assert rules_of(folder) == f"{HEAD}{rules.format(after)}"
    assert _content(load_pack(folder)) == meant
    assert len(made) == (before != after)
    assert fixed(folder) == []


def test_an_expression_that_cannot_be_read_is_left_alone(write: Write) -> None:
    folder = write("  - id: a\n    when: 若＝ １\n    assert: total ＝ ０\n    severity: fatal\n")
    assert fixed(folder) == ["a.rules.yaml:5: full-width signs ＝０ written in their plain form"]
    assert "when: 若＝ １\n    assert: total = 0\n" in rules_of(folder)


def test_signs_that_yaml_takes_for_its_own_are_left_alone(write: Write) -> None:
    rules = "  - {id: a, assert: max（total，basic）＝ 1}\n  - {id: b, assert: 'max（total，basic）＝ 1'}\n  - {id: c, assert: total＝ 1}\n"
    folder = write(rules)
    assert fixed(folder) == [
        "a.rules.yaml:4: full-width signs （，）＝ written in their plain form",
        "a.rules.yaml:5: full-width signs ＝ written in their plain form",
    ]
    assert "{id: a, assert: max（total，basic）＝ 1}" in rules_of(folder)


def test_holes_stay(write: Write) -> None:
    folder = write("  - {id: a, for: [total, basic], assert: '{column} ＞ 0'}\n")
    assert len(fixed(folder)) == 1
    assert "assert: '{column} > 0'" in rules_of(folder)


# ---- quotes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "no", "YES", "Off", "y", "001", "007.5", "0x1F", "0o17", "1_000", "12:30", "1e3", "1.5E-3", "+5", ".5", "5.",
        "2024-01-01", "2024-1-1 10:00:00", "2024-01-01T10:00:00Z", ".inf", "-.INF", ".nan", "=",
    ],
)  # fmt: skip
def test_what_others_read_otherwise(text: str) -> None:
    assert is_misread(text)


@pytest.mark.parametrize(
    "text",
    ["0", "-5", "1451.30", "1.10", "2023", "true", "12.5%", "5万元", "x1", "nothing", "1-2", "12:3a", "~", "a=b", "1.2.3"],
)  # fmt: skip
def test_what_others_read_alike(text: str) -> None:
    assert not is_misread(text)


@pytest.mark.parametrize(
    "text", ["no", "001", "12:30", "1e3", "0x1F", "1_000", "2024-01-01", "=", "yes", ".5", "+5"]
)
def test_pyyaml_reads_what_is_quoted_as_it_is_written(write: Write, text: str) -> None:
    rules = (
        "  - id: a\n    assert: total = basic\n    cases:\n      pass: [{{unit: {0}, total: 1}}]\n"
    )
    folder = write(rules.format(text))
    meant = _content(load_pack(folder))
    assert fixed(folder) == [
        f"a.rules.yaml:6: quotes set around {text}, which other programs read as something else"
    ]
    assert rules_of(folder) == HEAD + rules.format(f"'{text}'")
    assert yaml.safe_load(rules_of(folder))["rules"][0]["cases"]["pass"][0]["unit"] == text
    assert _content(load_pack(folder)) == meant
    assert fixed(folder) == []


def test_parameters_are_quoted_and_other_keys_are_not(write: Write, pack: str) -> None:
    pack = pack.replace("20%", "1_0").replace("le: 10%, score: 5", "le: .5, score: 05")
    pack = pack.replace("pack: p", "pack: no").replace("1_0", "+10")
    folder = write("  - {id: 'a', assert: total = basic, tags: [no]}\n", pack=pack)
    assert [line.split(":")[1] for line in fixed(folder)] == ["20", "21", "21"]
    text = (folder / "pack.yaml").read_text(encoding="utf-8")
    assert "pack: no\n" in text
    assert "limit: {value: '+10'}" in text
    assert "{le: '.5', score: '05'}" in text


# ---- the order of keys -------------------------------------------------------------------------------------------------


def test_every_key_has_its_place() -> None:
    assert set(ORDER) == set(keys_of(RuleBlock))
    assert len(ORDER) == len(set(ORDER))


ORDERED = [
    (  # a key takes the comments above it along, and those behind its values
        """\
# about a
- id: a
  # the cases
  cases: # of a
    pass: {total: 1, basic: 1} # one
    # fail: {total: 1}

  # what must hold
  assert: total = basic # this
  title: A
# about b
- id: b
  assert: total = basic
""",
        """\
# about a
- id: a
  title: A

  # what must hold
  assert: total = basic # this
  # the cases
  cases: # of a
    pass: {total: 1, basic: 1} # one
    # fail: {total: 1}
# about b
- id: b
  assert: total = basic
""",
    ),
    (  # the id comes first; what stood above it stands above the rule
        """\
-   assert: >-
      total
      = basic

    # the name
    id: a
    hint: |
      # no comment

      two
    severity: info
""",
        """\

# the name
-   id: a
    assert: >-
      total
      = basic
    severity: info
    hint: |
      # no comment

      two
""",
    ),
    (  # lists at the margin of their keys, quoted keys, texts of several lines
        """\
- cases:
    pass:
    - total: 1
      basic: 1
    - {total: 2,
       basic: 2}
  "assert": 'total =

    basic'
  tags:
  - x
  id: a
""",
        """\
- id: a
  "assert": 'total =

    basic'
  tags:
  - x
  cases:
    pass:
    - total: 1
      basic: 1
    - {total: 2,
       basic: 2}
""",
    ),
    ("- {assert: total = basic, id: a}\n", "- {assert: total = basic, id: a}\n"),
    ("-\n  assert: total = basic\n  id: a\n", "-\n  assert: total = basic\n  id: a\n"),
    ("- # x\n  assert: total = basic\n  id: a\n", "- # x\n  assert: total = basic\n  id: a\n"),
    ("- assert: total = basic\n  ? id\n  : a\n", "- ? id\n  : a\n  assert: total = basic\n"),
    ("- assert: total = basic\n  id: a", "- id: a\n  assert: total = basic"),
    # at the end of the file the text has no line end of its own, so moved up it would be another
    (
        "- assert: total = basic\n  cases:\n    pass: {total: 1}\n  hint: |\n    x",
        "- assert: total = basic\n  cases:\n    pass: {total: 1}\n  hint: |\n    x",
    ),
]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(("before", "after"), ORDERED)
def test_order(write: Write, before: str, after: str, end: str) -> None:
    head = "\ufefftable: t\nrules:\n".replace("\n", end)
    folder = write(before.replace("\n", end), head=head)
    meant = _content(load_pack(folder))
    made = fixed(folder)
    assert rules_of(folder) == head + after.replace("\n", end)
    assert len(made) == (before != after)
    assert _content(load_pack(folder)) == meant
    assert fixed(folder) == []


def test_unknown_keys_have_no_place(write: Write) -> None:
    rules = "  - assert: total = basic\n    id: a\n    nope: 1\n"
    assert fixed(write(rules)) == []


# ---- datasets, and files that are not touched --------------------------------------------------------------------------


def test_a_dataset_and_its_mapping(tmp_path: Path) -> None:
    files = {
        "dataset.yaml": ("title：x\nfacts: {file: f.csv, map: f.map.yaml}\n", "title: x\nfacts: {file: f.csv, map: f.map.yaml}\n"),
        "f.map.yaml": (
            "tables:\n  t:\n    - key: {year: 2023, code: 001}\n      cells: {a: [no, x], b: '01'}\n",
            "tables:\n  t:\n    - key: {year: 2023, code: '001'}\n      cells: {a: ['no', x], b: '01'}\n",
        ),
    }  # fmt: skip
    for _ in range(2):  # the mapping is known once dataset.yaml can be read
        for name, (before, _after) in files.items():
            if not (tmp_path / name).exists():
                (tmp_path / name).write_text(before, encoding="utf-8")
        for path, content in fixed_dataset(tmp_path).texts.items():
            path.write_bytes(content)
    assert {name: (tmp_path / name).read_text(encoding="utf-8") for name in files} == {
        name: after for name, (_, after) in files.items()
    }
    assert fixed_dataset(tmp_path).made == ()


def test_constants_are_quoted(tmp_path: Path) -> None:
    path = tmp_path / "dataset.yaml"
    path.write_text("tables:\n  t: {file: t.csv, header: 02, constants: {unit: 001}}\n")
    assert fixed_dataset(tmp_path).texts == {
        path: b"tables:\n  t: {file: t.csv, header: 02, constants: {unit: '001'}}\n"
    }


@pytest.mark.parametrize("pack", [b"\xff\xfe", b"pack: [", b""])
def test_a_pack_without_a_readable_file(write: Write, pack: bytes) -> None:
    rules = "  - assert: total ＝ basic\n    id: a\n"
    folder = write(rules, pack=pack or b"tables: {}\n")
    assert fixed(folder) == []
    assert rules_of(folder) == HEAD + rules
