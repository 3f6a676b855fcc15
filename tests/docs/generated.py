"""Tables of the documentation, made from the code; cog puts them into the pages, and ``make docs`` checks that they are current."""

import ast
import re
import tempfile
import textwrap
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaError

from perfrules import engine, findings, loader, renderers, report
from perfrules.cli.commands import root
from perfrules.codes import CODES
from perfrules.evaluate import engines
from perfrules.expr.functions import FUNCTIONS
from perfrules.expr.tokens import TOKENS
from perfrules.findings import Finding
from perfrules.grading import LEVELS
from perfrules.loader.described import KEYS
from perfrules.loader.schemas import schemas as all_schemas
from perfrules.locale import Label, Message, word
from perfrules.model import Pack
from perfrules.plan import bind
from perfrules.quantities import LogicalType
from perfrules.quantities.figures import INFINITY, State, read_figure
from perfrules.quantities.units import power_of
from perfrules.readers import read_frames
from perfrules.renderers import json_v1
from perfrules.waivers import REASONS
from tests.docs.console import ROOT, Console
from tests.docs.fields import FIELDS
from tests.docs.pages import BLOCK, write
from tests.evaluate.cases import cases_of, files
from tests.evaluate.gathered import has_gap

_Rows = Iterable[Sequence[str]]


def table(head: Sequence[str], rows: _Rows) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines
    )


def code(text: str) -> str:
    """``text`` as code; nothing for nothing."""
    return (f"`` {text} ``" if "`" in text else f"`{text}`") if text else ""


def _said(language: str, zh: str, en: str) -> str:
    return zh if language == "zh" else en


# ---- the rule language ------------------------------------------------------------------------------------------------

_GROUPS = {
    "aggregate": Label("汇总", "over rows"),
    "value": Label("求值", "value"),
    "test": Label("判断", "test"),
}


def functions(language: str) -> str:
    """Every function, from the table that the checker itself reads."""
    names = ("zh", "name") if language == "zh" else ("name", "zh")
    head = (
        ("函数", "英文", "类别", "作用", "空缺时", "例子")
        if language == "zh"
        else ("function", "Chinese", "group", "what it does", "what is missing", "example")
    )
    return table(
        head,
        (
            (
                *(code(getattr(row, name)) for name in names),
                word(_GROUPS[row.group], language),
                word(row.does, language),
                word(row.missing, language),
                code(_in_chinese(row.example) if language == "zh" else row.example),
            )
            for row in FUNCTIONS
        ),
    )


def _in_chinese(example: str) -> str:
    """An example with the Chinese names of functions and keywords."""
    for row in FUNCTIONS:
        example = re.sub(rf"\b{row.name}\(", f"{row.zh}(", example)
    return example.replace(" where ", " 其中 ").replace(" in ", " 属于 ")


_MEANINGS = {
    "AND": Label("并且", "both hold"),
    "OR": Label("或者", "one holds"),
    "NOT": Label("不成立", "does not hold"),
    "IF": Label("前提", "only where this holds"),
    "THEN": Label("前提成立时", "where it holds"),
    "ELSE": Label("前提不成立时", "where it does not"),
    "IS BLANK": Label("格子空着", "the cell is blank"),
    "IS NOT BLANK": Label("格子不空", "something stands in the cell"),
    "BETWEEN": Label("在两数之间，含两端", "from … to …, both included"),
    "IN": Label("是其中之一", "is one of"),
    "NOT IN": Label("不是其中任何一个", "is none of"),
    "WHERE": Label("汇总时只取这些行", "over these rows only"),
    "PER": Label("汇总时按这些列对应", "meet the rows by these columns"),
    "TRUE": Label("是", "yes"),
    "FALSE": Label("否", "no"),
}
_COMPOSED = {"IS BLANK": "is blank", "IS NOT BLANK": "is not blank", "NOT IN": "not in"}


def keywords(language: str) -> str:
    """Every keyword in both languages, from the table of the parser."""
    by_kind: dict[str, list[str]] = {kind: [] for kind in _MEANINGS}
    for written, kind in TOKENS.items():
        if written.islower() or not written.isascii():
            by_kind.setdefault(kind, []).append(written)
    del by_kind["IS"], by_kind["BLANK"]
    rows = []
    for kind, words in by_kind.items():
        english = [_COMPOSED[kind]] if kind in _COMPOSED else [w for w in words if w.isascii()]
        chinese = [w for w in words if not w.isascii()]
        both = ["、".join(map(code, chinese)), ", ".join(map(code, english))]
        rows.append([*(both if language == "zh" else both[::-1]), word(_MEANINGS[kind], language)])
    head = ("中文", "英文", "意思") if language == "zh" else ("English", "Chinese", "meaning")
    return table(head, rows)


# ---- files -----------------------------------------------------------------------------------------------------------


def keys(model: str, language: str) -> str:
    """The keys of a block of YAML: what each is for, which are required, which values they take."""
    schema = _schema_of(model)
    head = ("键", "内容", "取值") if language == "zh" else ("key", "what it is", "values")
    rows = []
    for name, label in KEYS[model].items():
        needed = name in schema.get("required", ())
        must = _said(language, "（必填）", " (required)") if needed else ""
        rows.append((code(name) + must, word(label, language), _values(schema["properties"][name])))
    return table(head, rows)


def _schema_of(model: str) -> Mapping[str, Any]:
    schemas: Mapping[str, Any] = all_schemas()
    roots = {
        "PackFile": "pack",
        "RulesFile": "rules",
        "DatasetFile": "dataset",
        "FactsMap": "facts-map",
        "WaiversFile": "waivers",
        "ConfigFile": "config",
    }
    if model in roots:
        found: Mapping[str, Any] = schemas[roots[model]]
        return found
    return next(
        s["definitions"][model] for s in schemas.values() if model in s.get("definitions", {})
    )


def _values(schema: Mapping[str, Any]) -> str:
    options = dict.fromkeys(_options(schema))
    default = str(schema.get("default", ""))
    return " ".join(f"**`{option}`**" if option == default else code(option) for option in options)


def _options(schema: Mapping[str, Any]) -> Iterable[str]:
    yield from (str(option) for option in schema.get("enum", ()))
    for part in schema.get("anyOf", ()):
        yield from _options(part)


# ---- diagnostics -------------------------------------------------------------------------------------------------------


def codes(first: str, language: str) -> str:
    """The codes that begin with ``first``, with what to do."""
    reasons = report._REASON_OF_NOTICE
    head = (
        ("代码", "说明", "怎么办") if language == "zh" else ("code", "what it says", "what to do")
    )
    rows: list[Sequence[str]] = []
    for number, entry in CODES.items():
        if number.startswith(first):
            reason = f" `{reasons[number]}`" if number in reasons else ""
            rows.append(
                (code(number), word(entry.title, language) + reason, word(entry.remedy, language))
            )
    return table(head, rows)


def diagnostics(first: str, language: str) -> str:
    """The codes that begin with ``first``, each with its meaning, its remedy and its example."""
    parts = []
    for number, entry in CODES.items():
        if not number.startswith(first):
            continue
        stop = _said(language, "。", ". ")
        lines = [f"**{number}** {word(entry.title, language)}{stop}{word(entry.meaning, language)}"]
        lines.append(f"→ {word(entry.remedy, language)}")
        if entry.before:
            lines.append(_fenced(entry.before, _said(language, "例如，不要写", "For example, not")))
            lines.append(_fenced(entry.after, _said(language, "而写", "but")))
        parts.append("\n\n".join(lines))
    return "\n\n".join(parts)


def _fenced(text: str, lead: str) -> str:
    if "\n" not in text:
        return f"{lead}: {code(text)}" if lead.isascii() else f"{lead}：{code(text)}"
    return f"{lead}\n\n```yaml\n{text}\n```"


def reasons(language: str) -> str:
    """The words of ``--allow-unknown``, with the notices that each allows."""
    by_reason: dict[str, list[str]] = {reason: [] for reason in report.REASONS}
    for number, reason in report._REASON_OF_NOTICE.items():
        by_reason[reason].append(code(number))
    head = (
        ("原因", "含义", "同时放行的提示")
        if language == "zh"
        else ("reason", "meaning", "notices it allows too")
    )
    return table(
        head,
        (
            (
                code(reason),
                word(_REASONS[reason], language),
                _said(language, "、", ", ").join(numbers),
            )
            for reason, numbers in by_reason.items()
        ),
    )


_REASONS = {
    "blank": Label("需要的格子空着", "a cell that is needed is blank"),
    "unreadable": Label("应填数的地方读不成数", "a cell cannot be read as a number"),
    "no-row": Label("对应的行不存在", "the row that is needed does not exist"),
    "duplicate": Label("主键重复或不全", "a key occurs twice or is incomplete"),
    "zero-base": Label(
        "分母为零，或舍入前可能为零", "a denominator is zero, or may be zero before rounding"
    ),
    "no-column": Label("列不存在", "the column does not exist"),
    "bounds": Label("印的是界限或区间", "a bound or a range is printed"),
    "inexact": Label("准确范围算不出", "the exact range cannot be computed"),
    "no-table": Label("整张表不存在", "the table does not exist"),
    "empty": Label("表中没有行", "the table has no rows"),
}


def explanations(language: str) -> str:
    """The codes of the reasons of waivers."""
    head = ("代码", "原因") if language == "zh" else ("code", "reason")
    return table(head, ((code(name), word(label, language)) for name, label in REASONS.items()))


def strictnesses(language: str) -> str:
    """What ``--strictness`` asks for."""
    head = ("名称", "标题", "核什么") if language == "zh" else ("name", "title", "what is asked")
    rows = ((code(name), word(level.title, language), word(level.meaning, language)) for name, level in LEVELS.items())  # fmt: skip
    return table(head, rows)


# ---- the command line ----------------------------------------------------------------------------------------------------


def help_of(verb: str, language: str = "en") -> str:
    """The help page of a verb, as it is printed."""
    lines = Console(ROOT).run(f"perfrules {verb} --help".replace("  ", " "), language)
    return "\n".join(["```text", *lines, "```"])


def verbs(language: str = "en") -> str:
    """The verbs, each with the first line of its help."""
    rows = [
        (code(f"perfrules {name}"), word(getattr(verb, "words", ""), language).partition("\n")[0])
        for name, verb in root.commands.items()
    ]
    return table(("命令", "做什么") if language == "zh" else ("command", "what it does"), rows)


_EXITS = {
    "0": Label(
        "全部核验，没有达到 `--fail-on` 的不符；`diff`：没有新增的",
        "everything was checked, and no contradiction reaches `--fail-on`; for `diff`, none that does is new",
    ),
    "1": Label(
        "有达到 `--fail-on`、既未豁免也不在基线中的不符；`diff`：有新增的",
        "there is a contradiction that reaches `--fail-on`, and is neither waived nor known; for `diff`, a new one",
    ),
    "2": Label(
        "什么也没有核验：命令写错，规则包、数据或保存的报告读不了；`lint` 发现错误",
        "nothing was checked: wrong usage, no readable pack, data or saved report; for `lint`, there is a fault",
    ),
    "3": Label(
        "没有这样的不符，但有的未能核验",
        "no such contradiction, but not everything could be checked",
    ),
    "4": Label("perfrules 自身的故障", "a bug in perfrules"),
}


def exits(language: str) -> str:
    """The exit codes; ``docs/cli.md`` shows each of them."""
    head = ("退出码", "含义") if language == "zh" else ("exit code", "meaning")
    return table(head, ((number, word(label, language)) for number, label in _EXITS.items()))


def formats(language: str = "en") -> str:
    """The formats of reports, with the suffixes of their files and what their modules say of themselves."""
    rows = []
    for name, module in sorted(renderers.formats().items()):
        made = renderers.renderer(name)
        if name == module.rpartition("_v")[0]:  # the newest of a versioned format
            rows.append(
                (
                    code(name),
                    ", ".join(map(code, made.SUFFIXES)),
                    f"{_said(language, '即', 'the same as')} `{module}`",
                )
            )
        else:
            rows.append(
                (
                    code(name),
                    ", ".join(map(code, made.SUFFIXES)),
                    _sentence(made.__doc__ or "").partition(". ")[0],
                )
            )
    return table(
        ("格式", "后缀", "内容") if language == "zh" else ("format", "suffix", "what it is"), rows
    )


# ---- printed cells ---------------------------------------------------------------------------------------------------------

_STATES = {
    State.BLANK: Label("空格", "blank"),
    State.DASH: Label("不适用", "not applicable"),
    State.UNREADABLE: Label("读不成数", "not readable"),
}


def cells(kind: LogicalType, unit: str, texts: Iterable[str], language: str = "en") -> str:
    """What is read from printed cells: the number in ``unit``, and all that it stands for."""
    head = ("所印", "读作", "代表") if language == "zh" else ("printed", "read as", "stands for")
    return table(head, ((code(text), *_read(text, kind, unit, language)) for text in texts))


def _read(text: str, kind: LogicalType, unit: str, language: str) -> Sequence[str]:
    figure = read_figure(text, kind, unit)
    if isinstance(figure, State):
        return word(_STATES[figure], language), ""
    power = power_of(unit, kind) or 0
    half = 0 if figure.exact else Fraction(1, 2) * Fraction(10) ** -figure.place
    ends = (
        (figure.low, figure.high)
        if figure.low is not None
        else (figure.value - half, figure.value + half)
    )
    shown = [_scaled(end, power) + unit for end in ends if end is not None]
    value = _scaled(figure.value, power) + unit
    return value, _said(language, "准确的零", "exactly zero") if figure.exact else " … ".join(shown)


def _scaled(value: Fraction | float | None, power: int) -> str:
    if not isinstance(value, Fraction):
        return "−∞" if value == -INFINITY else "∞"
    return findings.figure(value / Fraction(10) ** power)


# ---- figures worked out ------------------------------------------------------------------------------------------------------


def worked(
    assertion: str,
    columns: Mapping[str, str],
    rows: Iterable[Sequence[str]],
    *,
    language: str = "en",
    numbers: Sequence[str] = ("difference",),
    **rule: str,
) -> str:
    """Rows checked by one rule: what is printed, the outcome, its numbers and what is said about it.

    Args:
        assertion: The rule.
        columns: What the pack says of each column, or of several with spaces between them.
        rows: The cells in the order of the columns; empty is blank.
        language: The language of the table.
        numbers: Which of left, right, difference and slack are shown.
        **rule: Other keys of the rule, as YAML.
    """
    specs = {name: spec for names, spec in columns.items() for name in names.split()}
    cells = [list(row) for row in rows]
    frame = pl.DataFrame(
        {
            "row": [str(at) for at in range(len(cells))],
            **{name: [row[at] or None for row in cells] for at, name in enumerate(specs)},
        },
        schema_overrides=dict.fromkeys(specs, pl.String),
    )
    pack = _pack({"t": {"row": "{type: text}", **specs}}, assertion, rule)
    found = judged(pack, {"t": frame})
    lines = [
        (
            *(code(cell) or _said(language, "（空）", "(blank)") for cell in row),
            *told(one, numbers, language),
        )
        for row, one in zip(cells, found, strict=True)
    ]
    return table((*map(code, specs), *_heads(numbers, language)), lines)


def summed(
    assertion: str,
    cases: Iterable[tuple[str, Sequence[str]]],
    *,
    amount: str = "{type: money, decimals: 2}",
    language: str = "en",
    numbers: Sequence[str] = ("difference",),
    **rule: str,
) -> str:
    """Totals with the amounts that belong to each, checked by one rule over ``total`` and ``parts.amount``."""
    listed = [(total, list(amounts)) for total, amounts in cases]
    totals = {
        "row": [str(at) for at in range(len(listed))],
        "total": [total or None for total, _ in listed],
    }
    parts = [
        (str(at), str(n), amount or None)
        for at, (_, amounts) in enumerate(listed)
        for n, amount in enumerate(amounts)
    ]
    pack = _pack(
        {
            "t": {"row": "{type: text}", "total": "{type: money, decimals: 2}"},
            "parts": {"row": "{type: text}", "n": "{type: text}", "amount": amount},
        },
        assertion,
        rule,
    )
    frames = {
        "t": pl.DataFrame(totals, schema_overrides={"total": pl.String}),
        "parts": pl.DataFrame(
            parts, schema=dict.fromkeys(("row", "n", "amount"), pl.String), orient="row"
        ),
    }
    blank, none = _said(language, "（空）", "(blank)"), _said(language, "（没有行）", "(no row)")
    lines = [
        (code(total) or blank, _listed(amounts, blank) or none, *told(one, numbers, language))
        for (total, amounts), one in zip(listed, judged(pack, frames), strict=True)
    ]
    return table(("`total`", "`parts.amount`", *_heads(numbers, language)), lines)


def _listed(amounts: Sequence[str], blank: str) -> str:
    if len(amounts) > 4 and len(set(amounts)) == 1:
        return f"{len(amounts)} × {code(amounts[0])}"
    return ", ".join(code(amount) or blank for amount in amounts)


def judged(pack: Pack, frames: Mapping[str, pl.DataFrame]) -> list[Finding]:
    """The verdicts of a pack with one rule, on every row, as ``perfrules explain --row`` finds them."""
    dataset = read_frames(frames, pack.tables)
    (sheet,) = engines.evaluate(bind(pack, dataset), dataset)
    return [findings.finding(sheet, 0, row) for row in range(sheet.verdicts.rows)]


def _pack(tables: Mapping[str, Mapping[str, str]], assertion: str, rule: Mapping[str, str]) -> Pack:
    lines = ["pack: worked", "unit: 元"]
    lines += [f"params: {rule['params']}"] if "params" in rule else []
    lines.append("tables:")
    for name, columns in tables.items():
        key = [column for column in columns if column in ("row", "n")]
        lines += [f"  {name}:", f"    key: [{', '.join(key)}]", "    columns:"]
        lines += [f"      {column}: {spec}" for column, spec in columns.items()]
    rules = ["table: t", "rules:", "  - id: worked", f"    assert: '{assertion}'"]
    rules += [f"    {name}: {text}" for name, text in rule.items() if name != "params"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pack.yaml").write_text("\n".join(lines), "utf-8")
        (folder / "worked.rules.yaml").write_text("\n".join(rules), "utf-8")
        pack = loader.load_pack(folder)
    if pack.faults:
        raise ValueError(*map(str, pack.faults))
    return pack


_OUTCOMES = {
    "pass": Label("通过", "pass"),
    "rounding": Label("舍入差", "rounding"),
    "fail": Label("不符", "fail"),
    "unknown": Label("无法核验", "unknown"),
    "not-applicable": Label("不适用", "not applicable"),
}
_NUMBERS = {
    "left": Label("左边", "left"),
    "right": Label("右边", "right"),
    "difference": Label("差额", "difference"),
    "slack": Label("容许差", "slack"),
}


def _heads(numbers: Sequence[str], language: str) -> Sequence[str]:
    why = _said(language, "说明", "remark")
    outcome = _said(language, "结论", "outcome")
    return (outcome, *(word(_NUMBERS[name], language) for name in numbers), why)


def _reason(why: object) -> object:
    """Why a verdict is unknown, without the cells."""
    return why.args.get("reason", why) if isinstance(why, Message) else why


def told(finding: Finding, numbers: Sequence[str], language: str) -> Sequence[str]:
    """A verdict as cells of a table: its outcome, its numbers, what is said about it."""
    outcome = word(_OUTCOMES[finding.outcome], language)
    strong = f"**{outcome}**" if finding.outcome in ("fail", "unknown") else outcome
    why = [word(note, language) for note in finding.notes]
    if finding.outcome == "unknown":
        why = [word(_reason(finding.why), language)]
    return (
        strong,
        *(findings.told(getattr(finding, name), finding.unit) for name in numbers),
        "; ".join(why) if language == "en" else "；".join(why),
    )


def compared(rows: Iterable[Sequence[str]]) -> str:
    """``total = basic + project`` over a few rows: on floats in plain Python, as a stock pandera check on floats, and here."""
    cells = [list(row) for row in rows]
    columns = ("total", "basic", "project")
    figures = pl.DataFrame(
        [[float(cell) if cell else None for cell in row] for row in cells],
        dict.fromkeys(columns, pl.Float64),
        orient="row",
    )
    check = pa.Check(
        lambda data: data.lazyframe.select(pl.col("total") == pl.col("basic") + pl.col("project"))
    )
    schema = pa.DataFrameSchema(
        {name: pa.Column(float, nullable=True) for name in columns}, checks=[check]
    )
    money = "{type: money, decimals: 2}"
    pack = _pack(
        {"t": {"row": "{type: text}", **dict.fromkeys(columns, money)}},
        "total = basic + project",
        {},
    )
    frame = pl.DataFrame(
        {
            "row": [str(at) for at in range(len(cells))],
            **{c: [row[at] or None for row in cells] for at, c in enumerate(columns)},
        }
    )
    lines = [
        (
            *(code(cell) or "(blank)" for cell in row),
            _plainly(schema, figures[at]),
            *told(one, ("difference",), "en"),
        )
        for at, (row, one) in enumerate(zip(cells, judged(pack, {"t": frame}), strict=True))
    ]
    return table(
        (*map(code, columns), "a pandera check", "perfrules", "difference", "remark"), lines
    )


def _plainly(schema: pa.DataFrameSchema, frame: pl.DataFrame) -> str:
    try:
        schema.validate(frame)
    except SchemaError:
        return "fails"
    return "passes"


def rule(file: str, name: str) -> str:
    """The YAML of one rule, as it stands in its file."""
    lines = (ROOT / file).read_text("utf-8").splitlines()
    start = next(at for at, line in enumerate(lines) if line.strip() == f"- id: {name}")
    rest = [at for at, line in enumerate(lines) if at > start and line.startswith("  - id:")]
    block = "\n".join(lines[start : rest[0] if rest else None]).rstrip()
    return f"```yaml\n{textwrap.dedent(block)}\n```"


# ---- rules over the files of a page ---------------------------------------------------------------------------------------


def answers(
    page: str, *rules: str | tuple[str, str], language: str = "en", head: str = "table: spending"
) -> str:
    """Rules, and their outcome for every key, over the pack and data that ``page`` shows in its titled blocks.

    Args:
        page: The page.
        *rules: Assertions; with other keys of the rule as YAML where there are some.
        language: The language of the table.
        head: The head of the file that the rules stand in.
    """
    asked = [(rule, "") if isinstance(rule, str) else rule for rule in rules]
    found: dict[tuple[int, str], dict[str, str]] = {}
    with tempfile.TemporaryDirectory() as name:
        pack, data = _world(page, Path(name), head, asked)
        if pack.faults:
            raise ValueError(*map(str, pack.faults))
        dataset = engine.read(data, pack)
        for sheet in engines.evaluate(bind(pack, dataset), dataset):
            for position, bound in enumerate(sheet.sheet.rules):
                outcomes = found.setdefault(
                    (int(bound.rule.id.removeprefix("asked-")), bound.rule.text), {}
                )
                for row, key in enumerate(sheet.laid.keys.iter_rows()):
                    one = findings.finding(sheet, position, row)
                    outcomes[" ".join(map(str, key))] = told(one, (), language)[0]
    keys = dict.fromkeys(key for outcomes in found.values() for key in outcomes)
    also = any(more for _, more in asked)
    heads = [
        _said(language, "断言", "assert"),
        *([_said(language, "另有", "and")] if also else []),
        *keys,
    ]
    lines = [
        (
            code(text),
            *([code(asked[place][1])] if also else []),
            *(outcomes.get(key, "") for key in keys),
        )
        for (place, text), outcomes in sorted(found.items(), key=lambda item: item[0][0])
    ]
    return table(heads, lines)


_CODES = """
pack: codes
tables:
  t: {key: [code], columns: {code: {type: code}, total: {type: money, decimals: 2}}}
"""


def rolled(rows: Mapping[str, str], *written: str, language: str = "en") -> str:
    """The outcome of every row of a table of codes and amounts, by roll-ups of which ``written`` says all but the columns."""
    blocks = [
        f"  - {{id: asked-{place}, table: t, rollup: {{code: code, columns: [total], {block}}}}}"
        for place, block in enumerate(written)
    ]
    with tempfile.TemporaryDirectory() as name:
        Path(name, "pack.yaml").write_text(_CODES, "utf-8")
        Path(name, "all.rules.yaml").write_text("\n".join(["rules:", *blocks]), "utf-8")
        pack = loader.load_pack(name)
    if pack.faults:
        raise ValueError(*map(str, pack.faults))
    frame = pl.DataFrame({"code": list(rows), "total": list(rows.values())})
    dataset = read_frames({"t": frame}, pack.tables)
    (sheet,) = engines.evaluate(bind(pack, dataset), dataset)
    lines = []
    for place, block in enumerate(written):
        found = [findings.finding(sheet, place, row) for row in range(len(rows))]
        lines.append((code(block), *(told(one, (), language)[0] for one in found)))
    heads = [f"{row}: {amount}" for row, amount in rows.items()]
    return table(["rollup", *heads], lines)


def refused(
    page: str, *rules: str | tuple[str, str], language: str = "en", head: str = "table: spending"
) -> str:
    """Rules that are refused before anything runs, and what is said about each."""
    asked = [(rule, "") if isinstance(rule, str) else rule for rule in rules]
    with tempfile.TemporaryDirectory() as name:
        pack, _ = _world(page, Path(name), head, asked)
    lines = []
    for (assertion, more), fault in zip(asked, pack.faults, strict=True):
        hint = f" → {word(fault.hint, language)}" if fault.hint else ""
        said = word(fault.message, language) + hint
        lines.append((code(f"{assertion}; {more}" if more else assertion), code(fault.code), said))
    heads = ("断言", "代码", "提示") if language == "zh" else ("assert", "code", "what is said")
    return table(heads, lines)


def _world(
    page: str, folder: Path, head: str, asked: Iterable[tuple[str, str]]
) -> tuple[Pack, Path]:
    """The titled files of a page, with these rules instead of its own; the pack and the folder of its data."""
    for match in BLOCK.finditer((ROOT / page).read_text("utf-8")):
        if match["title"]:
            write(folder, match["title"], match["source"])
    home = next(folder.glob("*/pack.yaml")).parent
    for path in home.glob("*.rules.yaml"):
        path.unlink()
    lines = [head, "rules:"]
    for place, (assertion, more) in enumerate(asked):
        text = assertion.replace("'", "''")
        lines += [
            f"  - id: asked-{place}",
            f"    assert: '{text}'",
            *(f"    {line}" for line in more.splitlines()),
        ]
    (home / "asked.rules.yaml").write_text("\n".join(lines), "utf-8")
    return loader.load_pack(home), next(folder.glob("*/dataset.yaml")).parent


# ---- reports ------------------------------------------------------------------------------------------------------------


def fields(part: str) -> str:
    """The members of a part of the JSON report: name, type and meaning."""
    schema: Mapping[str, Any] = json_v1.schema()
    for step in filter(None, part.split(".")):
        schema = schema["properties"][step]
        schema = schema.get("items", schema)
    return table(
        ("member", "type", "meaning"),
        (
            (code(name), _type(member), FIELDS[part][name])
            for name, member in schema["properties"].items()
        ),
    )


def _type(schema: Mapping[str, Any]) -> str:
    if "const" in schema:
        return code(str(schema["const"]))
    if "enum" in schema:
        return " ".join(code(word) if word else "empty" for word in schema["enum"])
    if schema.get("pattern", "").startswith("^-?[0-9]"):
        return "figure or null" if "null" in schema["type"] else "fraction"
    if schema["type"] == "array":
        return f"list of {_type(schema['items'])}s"
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return " or ".join("text" if kind == "string" else str(kind) for kind in kinds)


# ---- architecture --------------------------------------------------------------------------------------------------------


def rooms() -> str:
    """Every room of the package with the first sentence of its docstring, from high to low."""
    rows = []
    known = [room for layer in _layers() for room in layer]
    found = {
        path.stem
        for path in (ROOT / "perfrules").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").is_file()
    }
    for room in (*known, *sorted(found - {*known, "__init__"})):
        path = ROOT / "perfrules" / room
        home = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        doc = ast.get_docstring(ast.parse(home.read_text("utf-8"))) or ""
        rows.append((code(f"{room}/" if path.is_dir() else f"{room}.py"), _sentence(doc)))
    return table(("room", "what it says of itself"), rows)


def _sentence(doc: str) -> str:
    first = " ".join(doc.partition("\n\n")[0].split())
    return re.sub(r":\w+:`([^`]+)`", r"`\1`", first).replace("``", "`")


def layers() -> str:
    """The layers that the import contract holds, from high to low."""
    return "\n".join(["```text", *(" | ".join(layer) for layer in _layers()), "```"])


def _layers() -> list[list[str]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    contract = next(one for one in contracts if one["id"] == "one-way")
    found = [[room.strip() for room in layer.split("|")] for layer in contract["layers"]]
    there = [[room for room in layer if not room.startswith("(")] for layer in found]
    return [layer for layer in there if layer]


# ---- databases ----------------------------------------------------------------------------------------------------------

_THERE = {True: Label("就地", "there"), False: Label("取回，在内存里", "fetched, in memory")}
_NO_FORM = Label("没有精确的批量写法", "no exact form but the reference's")
_GAPS = {
    "count_distinct": Label("narwhals 把空也算作一个值", "narwhals counts a null as a value"),
    "matches": Label("各数据库的模式写法不同", "each database has patterns of its own"),
}
_SOME = Label("只有一部分写法有精确的批量写法", "only some of its uses have an exact form")


def databases(language: str) -> str:
    """Which operators and functions each database judges, by the cases of each; what it does not is a gap, with its reason."""
    head = (
        ("运算或函数", "DuckDB", "PostgreSQL", "Spark", "原因")
        if language == "zh"
        else ("operator or function", "DuckDB", "PostgreSQL", "Spark", "why")
    )
    rows = []
    for file in files("expr"):
        native = {case.native and not has_gap(case) for case in cases_of(file)}
        where = " / ".join(word(_THERE[one], language) for one in sorted(native, reverse=True))
        reason = _GAPS.get(file.rpartition("/")[2], _SOME if len(native) > 1 else _NO_FORM)
        why = "" if native == {True} else word(reason, language)
        rows.append((code(file.rpartition("/")[2]), where, where, where, why))
    return table(head, rows)
