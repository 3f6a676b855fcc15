"""Every fault with its exact place, code and words: what is written, and what is told."""

from collections.abc import Callable
from pathlib import Path

import pytest

from perfrules.loader import load_pack

Told = Callable[..., tuple[str, ...]]
SOUND = "  - {id: ok, assert: 合计 = 基本支出}\n"

# name: (rule as written, what is told of it)
SHAPE: dict[str, tuple[str, ...]] = {
    "id is not kebab-case": (
        "  - {id: A b, assert: 合计 = 基本支出}\n",
        "A b",
        "a.rules.yaml:3:10: PR114: A b is not made of small letters a-z and digits, parted by single hyphens (for example a-b)",
    ),
    "id in camel case": (
        "  - {id: TotalSum, assert: 合计 = 基本支出}\n",
        "TotalSum",
        "a.rules.yaml:3:10: PR114: TotalSum is not made of small letters a-z and digits, parted by single hyphens (for example total-sum)",
    ),
    "id in Chinese has no suggestion": (
        "  - {id: 支出, assert: 合计 = 基本支出}\n",
        "支出",
        "a.rules.yaml:3:10: PR114: 支出 is not made of small letters a-z and digits, parted by single hyphens",
    ),
    "id too long": (
        "  - {id: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, assert: 合计 = 基本支出}\n",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "a.rules.yaml:3:10: PR114: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa… is longer than 64 characters",
    ),
    "missing assert": (
        "  - id: x\n    title: y\n",
        "x",
        "a.rules.yaml:3:5: PR113: assert is missing in rule x (add assert: …)",
    ),
    "missing id": (
        "  - assert: 合计 = 基本支出\n",
        "a.rules.yaml:3",
        "a.rules.yaml:3:5: PR113: id is missing in rule a.rules.yaml:3 (add id: …)",
    ),
    "unknown key": (
        "  - {id: x, assert: 合计 = 基本支出, severty: error}\n",
        "x",
        "a.rules.yaml:3:32: PR112: severty is not a key of rule x (did you mean severity?)",
    ),
    "unknown key like none": (
        "  - {id: x, assert: 合计 = 基本支出, zzz: error}\n",
        "x",
        "a.rules.yaml:3:32: PR112: zzz is not a key of rule x (known are id, title, assert, rollup, when, table, per, for, tolerance, max_slack, severity, message, …)",
    ),
    "python name of a key": (
        "  - {id: x, assert: 合计 = 基本支出, for_: [a]}\n",
        "x",
        "a.rules.yaml:3:32: PR112: for_ is not a key of rule x (did you mean for?)",
    ),
    "wrong word": (
        "  - {id: x, assert: 合计 = 基本支出, severity: eror}\n",
        "x",
        "a.rules.yaml:3:42: PR114: eror is not one of error, warning, info (did you mean error?)",
    ),
    "wrong tolerance word": (
        "  - {id: x, assert: 合计 = 基本支出, tolerance: exakt}\n",
        "x",
        "a.rules.yaml:3:43: PR114: exakt is not one of rounding, exact or a block of keys and values (did you mean exact?)",
    ),
    "wrong tolerance key": (
        "  - {id: x, assert: 合计 = 基本支出, tolerance: {absolut: 1}}\n",
        "x",
        "a.rules.yaml:3:44: PR112: absolut is not a key of tolerance of rule x (did you mean absolute?)",
    ),
    "wrong tolerance number": (
        "  - {id: x, assert: 合计 = 基本支出, tolerance: {absolute: viel}}\n",
        "x",
        "a.rules.yaml:3:54: PR114: viel is not a number",
    ),
    "two tolerances": (
        "  - {id: x, assert: 合计 = 基本支出, tolerance: {absolute: 1元, relative: 5%}}\n",
        "x",
        "a.rules.yaml:3:32: PR114: a tolerance is one of absolute, relative, step",
    ),
    "wrong max_slack": (
        "  - {id: x, assert: 合计 = 基本支出, max_slack: viel}\n",
        "x",
        "a.rules.yaml:3:43: PR114: viel is not a number",
    ),
    "not a number": (
        "  - {id: x, assert: 合计 = 基本支出, since: 二〇二三}\n",
        "x",
        "a.rules.yaml:3:39: PR114: 二〇二三 is not a whole number",
    ),
    "a text for a list": (
        "  - {id: x, assert: 合计 = 基本支出, tags: a}\n",
        "x",
        "a.rules.yaml:3:38: PR114: a is not a list",
    ),
    "a list for a text": (
        "  - {id: x, assert: [合计, 基本支出]}\n",
        "x",
        "a.rules.yaml:3:21: PR114: a list stands here, where a text is due",
    ),
    "title in another language": (
        "  - {id: x, assert: 合计 = 基本支出, title: {zh: 甲, fr: b}}\n",
        "x",
        "a.rules.yaml:3:47: PR112: fr is not a key of title of rule x (known are zh, en)",
    ),
    "title as a list": (
        "  - {id: x, assert: 合计 = 基本支出, title: [甲]}\n",
        "x",
        "a.rules.yaml:3:39: PR114: a list stands here, where a text or {zh: …, en: …} is due",
    ),
    "nothing written": (
        "  - id: x\n    assert: 合计 = 基本支出\n    when:\n",
        "x",
        "a.rules.yaml:5:10: PR114: nothing is written for when",
    ),
    "nothing written, deeper": (
        "  - id: x\n    assert: 合计 = 基本支出\n    basis:\n      - ref: 甲\n        url:\n",
        "x",
        "a.rules.yaml:7:13: PR114: nothing is written for url",
    ),
    "a text for a rule": (
        "  - x\n",
        "a.rules.yaml:3",
        "a.rules.yaml:3:5: PR114: x is not a block of keys and values",
    ),
    "for of blocks": (
        "  - {id: x, assert: 合计 = 基本支出, for: [total, {a: b}]}\n",
        "x",
        "a.rules.yaml:3:45: PR114: a block of keys and values stands here, where a text or a list is due",
    ),
    "case of blocks": (
        "  - {id: x, assert: 合计 = 基本支出, cases: {pass: {total: {a: b}}, fail: [x], nope: {}}}\n",
        "x",
        "a.rules.yaml:3:54: PR114: a block of keys and values stands here, where a text or a list is due",
        "a.rules.yaml:3:70: PR114: x is not a block of keys and values",
        "a.rules.yaml:3:74: PR112: nope is not a key of cases of rule x (known are pass, rounding, fail, unknown, not-applicable)",
    ),
    "key twice": (
        "  - id: x\n    assert: 合计 = 基本支出\n    id: y\n",
        "x",
        "a.rules.yaml:5:5: PR104: id stands twice, here and in line 3 (remove one of the two)",
    ),
    "curly quotes": (
        "  - id: x\n    assert: 合计 = 基本支出\n    title: “甲”\n",
        "x",
        "a.rules.yaml:5:12: PR107: curly quotes stand around 甲 (write \"甲\"; where the curly quotes are meant, '“甲”')",
    ),
    "full-width colon in a flow": (
        "  - {id: x, assert: 合计 = 基本支出, title：甲}\n",
        "x",
        "a.rules.yaml:3:37: PR105: a full-width colon stands behind a key (write an ordinary colon and a space: title: …)",
    ),
    "full-width colon in a text": (
        "  - {id: x, assert: 合计 = 基本支出, tolerance: absolute：5}\n",
        "x",
        "a.rules.yaml:3:51: PR105: a full-width colon stands behind a key (write an ordinary colon and a space: title: …)",
    ),
    "a year of many digits": (
        f"  - {{id: x, assert: 合计 = 基本支出, since: {'9' * 5000}}}\n",
        "x",
        f"a.rules.yaml:3:39: PR114: {'9' * 40}… is wrong: Unable to parse input string as an integer, exceeded maximum size",
    ),
    "no table in the list": (
        "  - {id: x, assert: 合计 = 基本支出, table: []}\n",
        "x",
        "a.rules.yaml:3:39: PR114: at least one entry is due here",
    ),
    "no table in quotes": (
        "  - {id: x, assert: 合计 = 基本支出, table: ''}\n",
        "x",
        "a.rules.yaml:3:39: PR117: there is no table  (known are t, 支出表, Spending, o, d)",
    ),
    "no grain in the list": (
        "  - {id: x, assert: 合计 = 基本支出, per: []}\n",
        "x",
        "a.rules.yaml:3:37: PR114: at least one entry is due here",
    ),
    "everything at once": (
        "  - id: A\n"
        "    asert: 合计 = 基本支出\n"
        "    severity: fatal\n"
        "  - id: b\n"
        "    assert: 合计 = 不存在\n"
        "    since: x\n",
        "A b",
        "a.rules.yaml:3:5: PR113: assert is missing in rule A (add assert: …)",
        "a.rules.yaml:3:9: PR114: A is not made of small letters a-z and digits, parted by single hyphens (for example a)",
        "a.rules.yaml:4:5: PR112: asert is not a key of rule A (did you mean assert?)",
        "a.rules.yaml:5:15: PR114: fatal is not one of error, warning, info",
        "a.rules.yaml:7:18: PR301: there is no column 不存在 in t",
        "a.rules.yaml:8:12: PR114: x is not a whole number",
    ),
}

MEANING: dict[str, tuple[str, ...]] = {
    "unknown table": (
        "  - {id: x, table: q, assert: 合计 = 基本支出}\n",
        "x",
        "a.rules.yaml:3:20: PR117: there is no table q (known are t, 支出表, Spending, o, d)",
    ),
    "unknown table in a list": (
        "  - {id: x, table: [t, spendin], assert: present(t)}\n",
        "x",
        "a.rules.yaml:3:24: PR117: there is no table spendin (did you mean Spending?)",
    ),
    "different keys": (
        "  - {id: x, table: [t, d], assert: present(t)}\n",
        "x",
        "a.rules.yaml:3:20: PR114: the tables t, d have different keys (say with per at which columns the rule speaks)",
    ),
    "unknown grain": (
        "  - {id: x, per: [unit, yaer], assert: 合计 = 基本支出}\n",
        "x",
        "a.rules.yaml:3:25: PR117: there is no column yaer (did you mean year?)",
    ),
    "years the wrong way round": (
        "  - {id: x, assert: 合计 = 基本支出, since: 2024, until: 2022}\n",
        "x",
        "a.rules.yaml:3:52: PR114: until: 2022 is before since: 2024",
    ),
    "unknown parameter": (
        "  - {id: x, assert: 合计 = 基本支出, tolerance: {step: param.lmit}}\n",
        "x",
        "a.rules.yaml:3:50: PR117: there is no parameter lmit (did you mean limit?)",
    ),
    "step table as a number": (
        "  - {id: x, assert: 合计 = 基本支出, tolerance: {absolute: param.bands}}\n",
        "x",
        "a.rules.yaml:3:54: PR114: param.bands is a step table, not a number",
    ),
    "slack of another dimension": (
        "  - {id: x, assert: 合计 = 基本支出, max_slack: 0.02pp}\n",
        "x",
        "a.rules.yaml:3:43: PR114: max_slack 0.02pp does not measure all that is compared here (money needs a unit such as 元 or 万元, ratios need pp; comparisons of other kinds need a rule of their own)",
    ),
    "tolerance of another dimension": (
        "  - {id: x, assert: 合计 = 基本支出, tolerance: {absolute: 5pp}}\n",
        "x",
        "a.rules.yaml:3:54: PR114: absolute 5pp does not measure all that is compared here (money needs a unit such as 元 or 万元, ratios need pp; comparisons of other kinds need a rule of their own)",
    ),
    "id twice": (
        "  - {id: x, assert: 合计 = 基本支出}\n  - {id: x, assert: 合计 = 基本支出}\n",
        "x",
        "a.rules.yaml:4:10: PR115: the id x is used twice, first at a.rules.yaml:3:10 (ids are unique in a pack; give this rule another)",
    ),
    "syntax of the expression": (
        "  - {id: x, assert: 合计 = = 基本支出}\n",
        "x",
        "a.rules.yaml:3:26: PR201: = cannot stand here (a name, a number or a bracket is due before it)",
    ),
    "meaning of the expression": (
        "  - id: x\n    assert: 合计 = 基本支出 ＋ rate\n",
        "x",
        "a.rules.yaml:4:18: PR303: 基本支出 + rate mixes an amount of money and a ratio (only like can be added or compared; a share is written with /)",
    ),
    "guard": (
        "  - id: x\n    assert: 合计 = 基本支出\n    when: 不有 > 0\n",
        "x",
        "a.rules.yaml:5:11: PR301: there is no column 不有 in t",
    ),
    "empty guard": (
        "  - {id: x, assert: 合计 = 基本支出, when: ''}\n",
        "x",
        "a.rules.yaml:3:38: PR201: the expression is empty (write what is compared on both sides, for example a = b + c)",
    ),
    "hole without for": (
        "  - {id: x, assert: '{column} ≥ 0'}\n",
        "x",
        "a.rules.yaml:3:22: PR114: {column} needs the key for",
    ),
    "hole of another name": (
        "  - {id: x, assert: '{colum} ≥ 0', for: [total]}\n",
        "x",
        "a.rules.yaml:3:22: PR114: nothing is known to put in for {colum} (did you mean column?)",
    ),
    "empty for": (
        "  - {id: x, assert: '{column} ≥ 0', for: []}\n",
        "x",
        "a.rules.yaml:3:42: PR114: at least one entry is due here",
    ),
    "for of different lengths": (
        "  - {id: x, assert: '{column} ≥ 0', for: [total, [basic, rate]]}\n",
        "x",
        "a.rules.yaml:3:50: PR114: the entries of for have different lengths",
    ),
    "for twice": (
        "  - {id: x, assert: '{column} ≥ 0', for: [total, total]}\n",
        "x",
        "a.rules.yaml:3:50: PR114: total stands twice in for",
    ),
    "one of for is unknown": (
        "  - {id: x, assert: '合计 ≥ {column}', for: [basic, nix, nax]}\n",
        "x",
        "a.rules.yaml:3:27: PR301: there is no column nix in t",
        "a.rules.yaml:3:27: PR301: there is no column nax in t",
    ),
    "case with an unknown column": (
        "  - {id: x, assert: 合计 = 基本支出, cases: {pass: {totl: 1}}}\n",
        "x",
        "a.rules.yaml:3:47: PR118: t has no column totl (did you mean total?)",
    ),
    "case with a column twice": (
        "  - {id: x, assert: 合计 = 基本支出, cases: {pass: {total: 1, 支出合计: 2}}}\n",
        "x",
        "a.rules.yaml:3:57: PR118: 支出合计 stands twice in one row",
    ),
    "case with an unknown table": (
        "  - {id: x, assert: 合计 = 基本支出, cases: {pass: {q: [{total: 1}]}}}\n",
        "x",
        "a.rules.yaml:3:47: PR118: there is no table q (known are t, 支出表, Spending, o, d)",
    ),
    "case with a table twice": (
        "  - {id: x, assert: 合计 = 基本支出, cases: {pass: {t: [], 支出表: []}}}\n",
        "x",
        "a.rules.yaml:3:54: PR118: 支出表 stands twice in one case",
    ),
    "case of cells and tables": (
        "  - {id: x, assert: 合计 = 基本支出, cases: {pass: {t: [], total: 1}}}\n",
        "x",
        "a.rules.yaml:3:54: PR118: total is a cell among tables; put it into a row of its table",
    ),
    "case of rows with an unknown column": (
        "  - {id: x, assert: 合计 = 基本支出, cases: {fail: [{t: [{total: 1}, {totl: 1}]}]}}\n",
        "x",
        "a.rules.yaml:3:65: PR118: t has no column totl (did you mean total?)",
    ),
    "case of two tables as one row": (
        "  - {id: x, table: [t, o], assert: present(o), cases: {pass: {total: 1}}}\n",
        "x",
        "a.rules.yaml:3:62: PR118: the rule speaks about t, o: a case needs lists of rows under their names (write {t: [{…}], o: []})",
    ),
}


BLOCKS: dict[str, tuple[str, ...]] = SHAPE | MEANING


@pytest.mark.parametrize(
    ("rule", "lines"), [(row[0], row[1:]) for row in BLOCKS.values()], ids=BLOCKS
)
def test_a_faulty_rule_is_named_and_the_others_are_kept(
    told: Told, tmp_path: Path, rule: str, lines: tuple[str, ...]
) -> None:
    assert told(rule + SOUND) == lines
    assert load_pack(tmp_path).rules[-1].id == "ok"


FILES = {
    "no table": (
        "rules:\n  - {id: x, assert: 合计 = 基本支出}\n",
        "x",
        "a.rules.yaml:2:5: PR113: table is missing in rule x (say in the rule, or at the head of the file, which table it speaks about)",
    ),
    "unknown head key": (
        "foo: 1\ntable:\nrules: x\n",
        "refused",
        "a.rules.yaml:1:1: PR112: foo is not a key of a.rules.yaml (known are table, rules)",
        "a.rules.yaml:2:7: PR114: nothing is written for table",
        "a.rules.yaml:3:8: PR114: x is not a list",
    ),
    "empty file": (
        "# nothing\n",
        "refused",
        "a.rules.yaml:1:1: PR114: the file is empty (write a block of keys and values)",
    ),
    "a list": (
        "- a\n",
        "refused",
        "a.rules.yaml:1:3: PR114: a list stands here, where a block of keys and values is due",
    ),
    "rules missing": (
        "table: t\n",
        "refused",
        "a.rules.yaml:1:1: PR113: rules is missing in a.rules.yaml (add rules: …)",
    ),
    "rules with nothing": (
        "table: t\nrules:\n",
        "refused",
        "a.rules.yaml:2:7: PR114: nothing is written for rules (write a list)",
    ),
    "full-width colons": (
        "table：t\nrules:\n  - id： a\n",
        "refused",
        "a.rules.yaml:1:6: PR105: a full-width colon stands behind a key (write an ordinary colon and a space: title: …)",
        "a.rules.yaml:3:7: PR105: a full-width colon stands behind a key (write an ordinary colon and a space: title: …)",
    ),
    "full-width colon behind a name": (
        "table: t\nrules:\n  - id: a\n    assert: 合计 = 基本支出\n    严重 ：error\n    x: y\n",
        "refused",
        "a.rules.yaml:5:8: PR105: a full-width colon stands behind a key (write an ordinary colon and a space: title: …)",
    ),
    "full-width indentation": (
        "table: t\n"
        "rules:\n"
        "  - id: a\n"
        "\u3000\u3000assert: 合计 = 基本支出\n"
        "\ttitle: x\n"
        "\xa0 when: x\n",
        "refused",
        "a.rules.yaml:4:1: PR106: ideographic space (U+3000) stands in the indentation (indent with ordinary spaces only)",
        "a.rules.yaml:5:1: PR106: a tab stands in the indentation (indent with ordinary spaces only)",
        "a.rules.yaml:6:1: PR106: no-break space (U+00A0) stands in the indentation (indent with ordinary spaces only)",
    ),
    "invisible character": (
        "table: t\nrules:\n  - {id: a, title: x\x07}\n",
        "refused",
        "a.rules.yaml:3:21: PR103: an invisible control character stands here: U+0007 (delete it)",
    ),
    "anchor and alias": (
        "table: t\nrules:\n  - &a {id: a, assert: 合计 = 基本支出}\n  - *a\n",
        "refused",
        "a.rules.yaml:3:5: PR108: anchors (&a) are not allowed (write the value out at every place)",
        "a.rules.yaml:4:5: PR108: aliases (*a) are not allowed (write the value out at every place)",
    ),
    "tag and merge key": (
        "table: t\nrules:\n  - {id: a, title: !!python/name:os.system x}\n  - {<<: {a: b}}\n",
        "refused",
        "a.rules.yaml:3:20: PR108: tags (!!python/name:os.system) are not allowed (remove the tag: every value is read as the text that is written)",
        "a.rules.yaml:4:6: PR108: merge keys are not allowed (write the value out at every place)",
    ),
    "tagged mapping": (
        "table: t\nrules:\n  - !x {id: a}\n",
        "refused",
        "a.rules.yaml:3:5: PR108: tags (!x) are not allowed (remove the tag: every value is read as the text that is written)",
    ),
    "alias for a key": (
        "table: t\nrules:\n  - {*a : b}\n",
        "refused",
        "a.rules.yaml:3:6: PR108: aliases (*a) are not allowed (write the value out at every place)",
    ),
    "second document": (
        "table: t\nrules:\n  - {id: a, assert: 合计 = 基本支出}\n---\na: b\n",
        "refused",
        "a.rules.yaml:4:1: PR103: a second document begins here (keep one document to a file)",
    ),
    "list for a key": (
        "table: t\nrules:\n  - {[a]: b}\n",
        "refused",
        "a.rules.yaml:3:6: PR103: a list or a mapping stands where a key is due (put the text in quotes if it begins with a bracket)",
    ),
    "backtick": (
        "table: t\nrules:\n  - id: a\n    assert: `合计` = 基本支出\n",
        "refused",
        "a.rules.yaml:4:13: PR103: a value cannot begin with this sign in YAML (put the whole value in single quotes, or write it in the next line under >-)",
    ),
    "behind a quote": (
        "table: t\nrules:\n  - id: a\n    when: '甲' = unit\n    assert: 合计 = 基本支出\n",
        "refused",
        "a.rules.yaml:4:11: PR103: the value goes on behind its closing quote (put the whole value in single quotes, or write it in the next line under >-)",
    ),
    "no space behind the colon": (
        "table: t\nrules:\n  - id: a\n    title:x\n    assert: 合计 = 基本支出\n",
        "refused",
        "a.rules.yaml:4:10: PR103: a space is due behind the colon (write key: value)",
    ),
    "curly quotes with a colon inside": (
        "table: t\nrules:\n  - id: a\n    title: “x: y”\n",
        "refused",
        'a.rules.yaml:4:12: PR107: curly quotes do not hold a value together (use straight quotes around the value: " ")',
    ),
    "second colon": (
        "table: t\nrules:\n  - id: a\n    title: x: y\n",
        "refused",
        "a.rules.yaml:4:13: PR103: a second colon stands in the value (put the whole value in single quotes, or write it in the next line under >-)",
    ),
    "odd column": (
        "table: t\nrules:\n  - id: a\n   title: x\n",
        "refused",
        "a.rules.yaml:4:4: PR103: this line begins in a column that fits no line above it (check indentation, brackets and quotes here and in the line above)",
    ),
    "odd column of a key": (
        "table: t\nrules:\n  - id: a\n      title: x\n",
        "refused",
        "a.rules.yaml:4:12: PR103: a colon stands where no key can be; perhaps the line is indented too far (check indentation, brackets and quotes here and in the line above)",
    ),
    "open quote": (
        "table: t\nrules:\n  - id: a\n    title: 'x\n    assert: 合计 = 基本支出\n",
        "refused",
        "a.rules.yaml:4:12: PR103: a quote opens here and is never closed (check indentation, brackets and quotes here and in the line above)",
    ),
    "open brace": (
        "table: t\nrules:\n  - {id: a, title: x\n",
        "refused",
        "a.rules.yaml:3:5: PR103: this bracket is not closed, or a comma is missing behind it (check indentation, brackets and quotes here and in the line above)",
    ),
    "open bracket": (
        "table: t\nrules:\n  - {id: a, tags: [a, b}\n",
        "refused",
        "a.rules.yaml:3:19: PR103: this bracket is not closed, or a comma is missing behind it (check indentation, brackets and quotes here and in the line above)",
    ),
    "a stray percent sign": (
        "table: t\nrules:\n  - id: a\n    title: %x\n",
        "refused",
        "a.rules.yaml:4:12: PR103: a value cannot begin with this sign in YAML (put the whole value in single quotes, or write it in the next line under >-)",
    ),
    "a key without a colon": (
        "table: t\nrules:\n  - id: a\n    title\n    assert: 合计 = 基本支出\n",
        "refused",
        "a.rules.yaml:4:5: PR103: a colon behind the key is missing (check indentation, brackets and quotes here and in the line above)",
    ),
    "GB18030": (
        b"table: t\nrules:\n  - {id: a, title: \xd6\xa7\xb3\xf6, assert: x}\n",
        "refused",
        "a.rules.yaml:3:21: PR102: the file is not UTF-8 text (it looks like GB18030 (GBK); save it as UTF-8)",
    ),
    "UTF-16": (
        b"\xff\xfet\x00a\x00b\x00l\x00e\x00:\x00 \x00t\x00\n\x00",
        "refused",
        "a.rules.yaml:1:1: PR102: the file is not UTF-8 text (it looks like UTF-16; save it as UTF-8)",
    ),
    "neither": (
        b"table: t\nrules: \xff\xfe\xfa\n",
        "refused",
        "a.rules.yaml:2:8: PR102: the file is not UTF-8 text (save it as UTF-8)",
    ),
}


@pytest.mark.parametrize(
    ("text", "lines"), [(row[0], row[1:]) for row in FILES.values()], ids=FILES
)
def test_a_faulty_file(told: Told, text: str | bytes, lines: tuple[str, ...]) -> None:
    assert told(text, head="") == lines


# name: (what to replace in a sound pack, by what, what is told of it)
EDITS = {
    "wrong id and version": (
        "pack: p\n",
        "pack: P\nversion: 1\n",
        "pack.yaml:1:7: PR114: P is not made of small letters a-z and digits, parted by single hyphens (for example p)",
        "pack.yaml:2:10: PR114: 1 is not made of three numbers with dots between, such as 1.2.0",
    ),
    "curly quotes": (
        "title: 基本支出",
        "title: “基本支出”",
        "pack.yaml:10:48: PR107: curly quotes stand around 基本支出 (write \"基本支出\"; where the curly quotes are meant, '“基本支出”')",
    ),
    "key twice": (
        "pack: p\n",
        "pack: p\npack: q\n",
        "pack.yaml:2:1: PR104: pack stands twice, here and in line 1 (remove one of the two)",
    ),
    "names of columns clash": (
        "aliases: [支出合计]",
        "aliases: [支出合计, basic, 基 本支出]",
        "pack.yaml:10:7: PR116: basic names both total (line 9) and basic (give one of them another name)",
        "pack.yaml:10:48: PR116: 基本支出 names both total (line 9) and basic (give one of them another name)",
    ),
    "names of tables clash": (
        "zh: 支出表",
        "zh: o",
        "pack.yaml:13:3: PR116: o names both t (line 4) and o (give one of them another name)",
    ),
    "expecting no table": (
        "    key: [unit, year, name]\n",
        "    key: [unit, year, name]\n    expect: tt\n",
        "pack.yaml:18:13: PR117: there is no table tt (did you mean t?)",
    ),
    "relations to nothing": (
        "params:\n",
        "relations:\n  r: {table: oo, on: {a: b}}\n  s: {table: o, on: {unitt: yaer}}\nparams:\n",
        "pack.yaml:20:14: PR117: there is no table oo (did you mean o?)",
        "pack.yaml:21:22: PR117: unitt is not in the key of o (did you mean unit?)",
        "pack.yaml:21:29: PR117: no table has a column yaer (did you mean year?)",
    ),
    "parameters": (
        "params:\n",
        "params:\n"
        "  p1: {}\n"
        "  p2: {value: x}\n"
        "  p3: {steps: [{le: 0}]}\n"
        "  p4: {steps: [{le: 1, score: 1}]}\n"
        "  p5: {steps: [{le: 2, score: 1}, {le: 1, score: 1}, {else: 0}]}\n"
        "  p6: {steps: [{le: x, score: 1}, {else: 0}]}\n",
        "pack.yaml:20:3: PR114: a parameter has either a value or steps",
        "pack.yaml:21:15: PR114: x is not a number",
        "pack.yaml:22:16: PR114: a step is {le: …, score: …}, {lt: …, score: …} or {else: …}",
        "pack.yaml:23:15: PR114: steps end with one {else: …}",
        "pack.yaml:24:15: PR114: steps go upwards",
        "pack.yaml:25:15: PR114: x is not a number",
    ),
}


@pytest.mark.parametrize(
    ("old", "new", "lines"), [(row[0], row[1], row[2:]) for row in EDITS.values()], ids=EDITS
)
def test_a_fault_in_a_pack(
    told: Told, pack: str, old: str, new: str, lines: tuple[str, ...]
) -> None:
    assert told(pack=pack.replace(old, new, 1)) == ("refused", *lines)


PACKS = {
    "no tables": (
        "pack: p\n",
        "pack.yaml:1:1: PR113: tables is missing in pack.yaml (add tables: …)",
    ),
    "names": (
        "pack: p\n"
        "tables:\n"
        "  1x: {key: [a], columns: {a: {type: text}}}\n"
        "  t: {key: [2], columns: {a: {type: text}}}\n",
        "pack.yaml:3:3: PR114: 1x is not made of letters, digits and _, not beginning with a digit",
        "pack.yaml:4:13: PR114: 2 is not made of letters, digits and _, not beginning with a digit",
    ),
    "types and units": (
        "pack: p\n"
        "tables:\n"
        "  t:\n"
        "    key: [a]\n"
        "    unit: kg\n"
        "    columns:\n"
        "      a: {type: text, decimals: 2}\n"
        "      b: {type: monei, decimals: many}\n"
        "      c: {type: money, unit: kg}\n"
        "      d: {type: text, blank: zero}\n",
        "pack.yaml:7:33: PR114: decimals and blank are for figures, not for text",
        "pack.yaml:8:17: PR114: monei is not one of money, ratio, points, count, number, text, code, year, date, flag (did you mean money?)",
        "pack.yaml:8:34: PR114: many is not a whole number or one of printed, exact",
        "pack.yaml:9:30: PR114: kg is not a unit of money",
        "pack.yaml:10:30: PR114: decimals and blank are for figures, not for text",
    ),
    "table unit": (
        "pack: p\ntables:\n  t: {key: [a], unit: kg, columns: {a: {type: text}}}\n",
        "pack.yaml:3:23: PR114: kg is not a unit of money",
    ),
    "key": (
        "pack: p\n"
        "tables:\n"
        "  t: {key: [b], columns: {a: {type: text}}}\n"
        "  u: {key: [], columns: {}}\n"
        "  v:\n",
        "pack.yaml:3:12: PR114: b of the key is not a column",
        "pack.yaml:4:12: PR114: at least one entry is due here",
        "pack.yaml:4:25: PR114: at least one entry is due here",
        "pack.yaml:5:5: PR114: nothing is written for v (write a block of keys and values)",
    ),
    "colon behind a column": (
        "pack: p\n"
        "tables:\n"
        "  t:\n"
        "    key: [a]\n"
        "    columns:\n"
        "      a: {type: text}\n"
        "      总计：{type: money}\n",
        "pack.yaml:7:9: PR105: a full-width colon stands behind a key (write an ordinary colon and a space: title: …)",
        "pack.yaml:7:17: PR114: money} is not a block of keys and values",
    ),
}


@pytest.mark.parametrize(
    ("text", "lines"), [(row[0], row[1:]) for row in PACKS.values()], ids=PACKS
)
def test_a_pack_of_faults(told: Told, text: str, lines: tuple[str, ...]) -> None:
    assert told(pack=text) == ("refused", *lines)
