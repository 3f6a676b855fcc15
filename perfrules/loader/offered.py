"""What editors offer besides the description of a key: titles, the meaning of words, examples, and snippets of blocks."""

from collections.abc import Mapping, Sequence
from typing import Any

from perfrules.locale import Label
from perfrules.waivers import REASONS

NAMES: Mapping[str, Label] = {
    "absolute": Label("绝对容差", "Absolute tolerance"),
    "aliases": Label("别名", "Other names"),
    "allow-unknown": Label("可以无法核验", "May be unknown"),
    "approved_by": Label("批准人", "Approved by"),
    "assert": Label("断言", "Condition"),
    "baseline": Label("基线", "Baseline"),
    "basis": Label("依据", "Basis"),
    "blank": Label("空格的含义", "Meaning of a blank"),
    "by": Label("说明人", "By"),
    "cases": Label("用例", "Cases"),
    "cells": Label("各格", "Cells"),
    "certainty": Label("是否核实", "Certainty"),
    "code": Label("编码列", "Code"),
    "column": Label("列", "Column"),
    "columns": Label("列", "Columns"),
    "constants": Label("固定值", "Constants"),
    "data": Label("数据", "Data"),
    "database": Label("数据库", "Database"),
    "date": Label("日期", "Date"),
    "decimals": Label("小数位数", "Decimals"),
    "description": Label("说明", "Description"),
    "detail": Label("保留多少处", "Kept verdicts"),
    "else": Label("其余", "The rest"),
    "en": Label("英文", "English"),
    "due": Label("应报单位", "Who is due"),
    "encoding": Label("编码", "Encoding"),
    "engine": Label("引擎", "Engine"),
    "evidence": Label("佐证材料", "Evidence"),
    "every_year": Label("每年", "Every year"),
    "expect": Label("应有的行", "Rows that are due"),
    "expires": Label("有效期至", "Expires"),
    "facts": Label("数字长表", "Facts"),
    "fail": Label("不符", "Fail"),
    "fail-on": Label("不通过的界限", "Fails from"),
    "file": Label("文件", "File"),
    "for": Label("逐列重复", "Repeat over columns"),
    "header": Label("表头所在行", "Row of the headings"),
    "hint": Label("处理建议", "Hint"),
    "id": Label("编号", "Id"),
    "key": Label("主键", "Key"),
    "language": Label("语言", "Language"),
    "le": Label("不超过", "At most"),
    "levels": Label("各级位数", "Lengths by level"),
    "lt": Label("低于", "Below"),
    "map": Label("对照表", "Mapping file"),
    "max_slack": Label("舍入差上限", "Widest rounding"),
    "message": Label("发现的说明", "Message"),
    "missing": Label("缺少的行", "Absent rows"),
    "not-applicable": Label("不适用", "Not applicable"),
    "numbers": Label("数字摘要", "Hash of the numbers"),
    "on": Label("连接的列", "Columns of the join"),
    "optional": Label("可以没有", "Optional"),
    "origin": Label("出处", "Origin"),
    "outputs": Label("输出", "Outputs"),
    "pack": Label("规则包", "Pack"),
    "params": Label("参数", "Parameters"),
    "pass": Label("通过", "Pass"),
    "per": Label("粒度", "Grain"),
    "profile": Label("方案", "Profile"),
    "profiles": Label("方案", "Profiles"),
    "quote": Label("原文", "Quote"),
    "quotes": Label("原文文件", "File of quotes"),
    "reason": Label("原因", "Reason"),
    "ref": Label("依据的名称", "Reference"),
    "relations": Label("连接", "Relations"),
    "relative": Label("相对容差", "Relative tolerance"),
    "rollup": Label("上下级汇总", "Roll-up of codes"),
    "rounding": Label("舍入差", "Rounding"),
    "rule": Label("规则", "Rule"),
    "rules": Label("规则", "Rules"),
    "score": Label("得分", "Score"),
    "severities": Label("严重程度", "Severities"),
    "severity": Label("严重程度", "Severity"),
    "sheet": Label("工作表", "Sheet of the workbook"),
    "since": Label("起始年度", "First year"),
    "status": Label("状态", "Status"),
    "step": Label("一档的大小", "Size of a step"),
    "steps": Label("分档", "Steps"),
    "strictness": Label("严格程度", "Strictness"),
    "synonyms": Label("同义写法", "Synonyms"),
    "table": Label("表", "Table"),
    "tables": Label("表", "Tables"),
    "tags": Label("标签", "Tags"),
    "text": Label("说明", "Text"),
    "title": Label("标题", "Title"),
    "tolerance": Label("容差", "Tolerance"),
    "total": Label("合计行", "Total"),
    "type": Label("类型", "Type"),
    "unit": Label("单位", "Unit"),
    "unit_of_measure": Label("金额单位", "Unit of money"),
    "units": Label("各列单位", "Units by column"),
    "unknown": Label("无法核验", "Unknown"),
    "until": Label("截止年度", "Last year"),
    "url": Label("网址", "Address"),
    "use": Label("统一写法", "Spelling to use"),
    "value": Label("数值", "Value"),
    "version": Label("版本", "Version"),
    "waivers": Label("豁免", "Waivers"),
    "when": Label("适用条件", "Guard"),
    "zh": Label("中文", "Chinese"),
}
"""A short title for each key, whatever block it stands in, but for those that mean something else in one."""
NAMES_IN: Mapping[tuple[str, str], Label] = {
    ("Due", "column"): Label("单位列", "Column of units"),
    ("Due", "units"): Label("应报单位", "Units that are due"),
    ("FactRow", "key"): Label("主键值", "Key values"),
    ("FactsMap", "columns"): Label("各列表头", "Headings"),
    ("WaiverBlock", "key"): Label("主键值", "Key values"),
    ("Synonym", "for"): Label("视同的写法", "Spellings it stands for"),
    ("TableSource", "columns"): Label("表头对照", "Columns by heading"),
}
LANGUAGES: Mapping[str, Label] = {
    "zh": Label("中文文字", "The text in Chinese"),
    "en": Label("英文文字", "The text in English"),
}
"""The keys of a text in one language or both."""

_CERTAINTY = {
    "certain": Label("已经核实", "It was verified"),
    "unverified": Label("尚未核实", "It was not verified yet"),
}
WORDS: Mapping[str, Mapping[str, Label]] = {
    "type": {
        "money": Label("金额，可换算单位", "An amount of money, in any unit"),
        "ratio": Label("比率，如 98.3%", "A ratio such as 98.3 %"),
        "points": Label("百分点：两个比率之差", "Percentage points: the difference of two ratios"),
        "count": Label("个数，数字本身准确", "A count, exact as it is"),
        "number": Label("没有单位的数", "A number without a unit"),
        "text": Label("文字", "A text"),
        "code": Label("代码，如 001，前面的零保留", "A code such as 001, zeros kept"),
        "year": Label("年度", "A fiscal year"),
        "date": Label("日期", "A date"),
        "flag": Label("是或否", "Yes or no"),
    },
    "decimals": {
        "printed": Label("按各格印出的位数", "As many as each cell has"),
        "exact": Label("数字本身即准确，没有舍入", "The number itself, with no rounding behind it"),
    },
    "blank": {
        "unknown": Label("不知道，无法核验", "Not known; verdicts are unknown"),
        "zero": Label("零", "Zero"),
        "zero-if-closes": Label(
            "作为零能使合计成立时为零，否则不知道", "Zero where a sum then closes, else not known"
        ),
    },
    "tolerance": {
        "rounding": Label("按印出的位数舍入", "The rounding of what is printed"),
        "exact": Label("不容许任何差额", "No difference at all"),
    },
    "severity": {
        "error": Label("错误：数字互相矛盾", "Error: figures contradict one another"),
        "warning": Label("警告：多半有误，需要核实", "Warning: likely wrong, to be looked at"),
        "info": Label("提示：值得留意", "Information: worth knowing"),
    },
    "status": {
        "stable": Label("正式", "In use"),
        "test": Label("试行", "On test"),
        "deprecated": Label("停用", "Deprecated"),
    },
    "certainty": _CERTAINTY,
    "missing": {
        "complete": Label("都不缺：上级缺行时提示", "None; a code without its row is told"),
        "skip-if-no-parent": Label(
            "可以没有上级的行：缺了就不核", "Rows above others; such sums are not checked"
        ),
        "children-le-parent": Label(
            "可以没有下级的行（“其中”）：下级之和不超过上级",
            "Rows below others: the sum is at most what stands above",
        ),
    },
    "reason": REASONS,
    "strictness": {
        "first": Label("初审：错误中依据没有存疑的", "Errors, of rules whose basis is in no doubt"),
        "review": Label("复核：错误和警告", "Errors and warnings"),
        "full": Label("全面：全部规则", "Every rule"),
    },
    "fail-on": {
        "error": Label("错误", "Errors"),
        "warning": Label("警告和错误", "Warnings and errors"),
        "info": Label("任何不符", "Any contradiction"),
        "never": Label("从不", "Nothing"),
    },
    "language": {"zh": Label("中文", "Chinese"), "en": Label("英文", "English")},
    "engine": {
        "polars": Label("内存中，自带", "In memory; comes with perfrules"),
        "duckdb": Label("DuckDB，要另装", "DuckDB; needs an extra"),
        "spark": Label("Spark，要另装", "Spark; needs an extra"),
    },
    "severities": {
        "error": Label("错误", "Error"),
        "warning": Label("警告", "Warning"),
        "info": Label("提醒", "Information"),
    },
}
"""What each of the words that a key may have means."""

EXAMPLES: Mapping[str, Sequence[str]] = {
    "absolute": ("0.5万元", "0.02pp"),
    "assert": ("支出合计 = 基本支出 + 项目支出", "total = basic + project", "0 ≤ score ≤ weight"),
    "encoding": ("utf-8", "gb18030"),
    "max_slack": ("0.02万元", "0.02pp"),
    "outputs": ("json=report.json", "report.xlsx"),
    "numbers": ("3f2a91c0d4e5b6a7",),
    "relative": ("5%",),
    "step": ("5", "param.score_step"),
    "unit": ("万元", "thousand EUR", "%"),
    "unit_of_measure": ("万元", "thousand EUR"),
    "value": ("20%", "10万元"),
    "version": ("1.0.0",),
    "when": ("全年预算 > 0", "budget is not blank"),
}
"""What may be written, by key."""

SNIPPETS: Mapping[str, tuple[Label, Mapping[str, Any]]] = {
    "RuleBlock": (
        Label("一条规则，附用例", "A rule with its cases"),
        {
            "id": "${1:total-is-basic-plus-project}",
            "title": {"zh": "${2:支出 = 基本支出 + 项目支出}", "en": "${3:Total is basic plus project}"},
            "assert": "${4:total = basic + project}",
            "cases": {
                "pass": {"${5:total}": "${6:3.00}"},
                "fail": {"${7:total}": "${8:4.00}"},
            },
        },
    ),
    "CasesBlock": (
        Label("通过、不符和无法核验各一个用例", "A case each that passes, fails and is unknown"),
        {
            "pass": {"${1:total}": "${2:3.00}"},
            "fail": {"${3:total}": "${4:4.00}"},
            "unknown": {"${5:total}": "${6:~}"},
        },
    ),
    "WaiverBlock": (
        Label("一条豁免", "A waiver"),
        {
            "rule": "${1:total-is-basic-plus-project}",
            "key": {"${2:unit}": "${3:…}"},
            "numbers": "${4:0000000000000000}",
            "reason": "${5:scope}",
            "text": "${6:…}",
            "by": "${7:…}",
            "date": "${8:2026-01-01}",
        },
    ),
    "Column": (
        Label("一列金额", "A column of money"),
        {
            "type": "${1:money}",
            "decimals": "${2:2}",
            "title": {"zh": "${3:支出合计}", "en": "${4:Total}"},
        },
    ),
}  # fmt: skip
"""Blocks that editors write for the author, by model: what each is, and its text with numbered places to fill."""
