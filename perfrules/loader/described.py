"""What each key of the YAML files is for, in both languages; editors show it."""

from collections.abc import Mapping

from perfrules.locale import Label

_ASKED = {
    "data": Label(
        "核对哪份数据：文件夹或数据库地址",
        "The data to check: a folder, or the address of a database",
    ),
    "pack": Label(
        "用哪个规则包：编号或文件夹", "The pack to check it with, by its id or its folder"
    ),
    "strictness": Label("严格程度：初审、复核、全面", "Which rules are asked"),
    "severities": Label("各规则改定的严重程度", "Other severities, by rule"),
    "fail-on": Label(
        "达到哪种严重程度才使退出码为 1", "The lowest severity that gives exit code 1"
    ),
    "allow-unknown": Label(
        "可以无法核验的原因；true 为全部",
        "Reasons for which a verdict may be unknown; true for every one",
    ),
    "waivers": Label("豁免文件", "Files of waivers"),
    "baseline": Label("基线文件", "The file of the baseline"),
    "outputs": Label("另存的文件，如 json=report.json", "Files to write, such as json=report.json"),
    "detail": Label(
        "每条规则每种结论保留多少处", "How many verdicts of each rule and outcome are kept"
    ),
    "engine": Label("由什么计算", "What computes the verdicts"),
}
"""What a file of configuration and a profile may say of a check."""

TITLES: Mapping[str, Label] = {
    "pack": Label("perfrules 规则包（pack.yaml）", "perfrules pack (pack.yaml)"),
    "rules": Label("perfrules 规则文件（*.rules.yaml）", "perfrules rules (*.rules.yaml)"),
    "dataset": Label("perfrules 数据说明（dataset.yaml）", "perfrules dataset (dataset.yaml)"),
    "waivers": Label("perfrules 豁免（*.waivers.yaml）", "perfrules waivers (*.waivers.yaml)"),
    "config": Label("perfrules 配置（perfrules.toml）", "perfrules configuration (perfrules.toml)"),
    "facts-map": Label(
        "perfrules 数字对照表（*.map.yaml）", "perfrules mapping of facts (*.map.yaml)"
    ),
}

_TITLE = Label("标题，可分中英文", "Title, in one language or both")
_DESCRIPTION = Label("说明文字，可分中英文", "Longer text, in one language or both")
_ALIASES = Label("规则中可用的其他名称", "Other names under which rules may speak of it")
_SINCE = Label("从哪一年度起", "First fiscal year")
_UNTIL = Label("到哪一年度止", "Last fiscal year")
_ENCODING = Label(
    "文本文件的编码，不写则自动识别", "Encoding of the text file; found by itself if left out"
)

KEYS: Mapping[str, Mapping[str, Label]] = {
    "PackFile": {
        "pack": Label("规则包编号：小写字母、数字、连字符", "Id of the pack, kebab-case"),
        "version": Label("版本号，如 1.2.0", "Version such as 1.2.0"),
        "title": _TITLE,
        "description": _DESCRIPTION,
        "unit": Label("金额的默认单位，如 万元", "Usual unit of money, such as 万元"),
        "params": Label("参数：规则中写作 param.名称", "Parameters, written param.name in rules"),
        "tables": Label("规则所说的表", "The tables that rules speak about"),
        "relations": Label("主键列名不同的表之间的连接", "Joins on differently named keys"),
    },
    "Table": {
        "title": _TITLE,
        "aliases": _ALIASES,
        "description": _DESCRIPTION,
        "unit": Label("表中金额的单位，如 万元", "Unit of its money columns, such as 万元"),
        "key": Label("主键列：每行唯一，不得为空", "Key columns: unique and never blank"),
        "columns": Label("各列，按列名", "Its columns by id"),
        "optional": Label(
            "可以没有这张表：相关规则为不适用", "May be absent: its rules are not applicable"
        ),
        "expect": Label("主键应与哪张表一一对应", "The table whose keys are all due here"),
    },
    "Column": {
        "type": Label(
            "类型：金额、比率、百分点、个数、数、文字、代码、年度、日期、是否",
            "What it holds: money, ratio, points, count, number, text, code, year, date, flag",
        ),
        "unit": Label("单位，如 万元、%", "Unit, such as 万元 or %"),
        "decimals": Label(
            "通常印几位小数；printed 按各格所印，exact 表示数字本身即准确",
            "Usual printed decimals; printed: as each cell has it; exact: the number itself",
        ),
        "blank": Label(
            "空格的含义：无法核验、零、能使合计成立时为零",
            "What a blank stands for: unknown, zero, or zero where a sum then closes",
        ),
        "title": _TITLE,
        "aliases": _ALIASES,
        "description": _DESCRIPTION,
        "synonyms": Label("主键文字的其他写法", "Other spellings of its texts"),
    },
    "Synonym": {
        "use": Label("统一写成", "The spelling to use"),
        "for": Label("视同的写法", "The spellings it stands for"),
        "since": _SINCE,
        "until": _UNTIL,
    },
    "Parameter": {
        "value": Label("数值，如 20%、10万元", "Value, such as 20% or 10万元"),
        "steps": Label("分档：由低到高，最后一档 else", "Step table, upwards, ending with else"),
        "origin": Label("出处", "Where it comes from"),
        "certainty": Label("是否已经核实", "Whether that is certain"),
        "title": _TITLE,
    },
    "Step": {
        "le": Label("不超过此值", "Up to and with this"),
        "lt": Label("低于此值", "Below this"),
        "score": Label("此档得分", "The score of this step"),
        "else": Label("其余得分", "The score of the rest"),
    },
    "Relation": {
        "table": Label("连接到哪张表", "The table it joins"),
        "on": Label("该表主键列：本行的列", "Key column of that table: column of this row"),
    },
    "RulesFile": {
        "table": Label("本文件的规则所说的表", "The table that the rules of this file speak about"),
        "rules": Label("规则", "The rules"),
    },
    "RuleBlock": {
        "id": Label(
            "规则编号：小写字母、数字、连字符，包内唯一", "Id, kebab-case, unique in the pack"
        ),
        "title": _TITLE,
        "assert": Label("断言：应当成立的关系", "What must hold; each rule has it or a rollup"),
        "rollup": Label(
            "上下级汇总：上级编码等于下级之和，代替断言",
            "Roll-up of codes: each is the sum of those below it; in the place of assert",
        ),
        "when": Label("适用条件", "Where it applies"),
        "table": Label(
            "所说的表；多张表取主键的并集", "The table, or several for the union of their keys"
        ),
        "per": Label("粒度：在哪些列上各核一次", "Grain: the columns at which it speaks"),
        "for": Label(
            "对各列各核一次，断言中写 {column}", "Repeat over columns, {column} in the text"
        ),
        "tolerance": Label(
            "容差：默认按印出的位数取整", "Tolerance; by default the rounding of the print"
        ),
        "max_slack": Label(
            "舍入差的上限，如 0.02万元", "Widest rounding difference, such as 0.02万元"
        ),
        "severity": Label("严重程度：错误、警告、提示", "Severity"),
        "message": Label("发现的说明文字", "What to say of a finding"),
        "hint": Label("如何处理", "What to do about it"),
        "basis": Label("依据", "What it rests on"),
        "since": _SINCE,
        "until": _UNTIL,
        "status": Label("状态：正式、试行、停用", "Stable, on test, or deprecated"),
        "tags": Label("标签", "Tags"),
        "cases": Label("用例：样例行及其应有的结论", "Example rows and the outcome each must have"),
    },
    "RollupBlock": {
        "code": Label("编码所在的列，属于主键", "The column of the codes, one of the key"),
        "levels": Label("各级编码的位数，由短到长", "The lengths of codes, from short to long"),
        "total": Label("合计行的编码", "The code of the row above the top level"),
        "columns": Label("汇总的列，各核一次", "The columns that add up, each with its verdicts"),
        "missing": Label("可以缺少哪些行", "Which rows may be absent"),
    },
    "Basis": {
        "ref": Label("文件、条款或口径", "Document, clause or definition"),
        "certainty": Label("是否已经核实", "Whether that is certain"),
        "url": Label("网址", "Address"),
        "quote": Label("原文", "Its words"),
    },
    "Tolerance": {
        "absolute": Label("绝对容差，如 0.5万元", "Absolute, such as 0.5万元"),
        "relative": Label("相对于右边的容差，如 5%", "Relative to the right side, such as 5%"),
        "step": Label("一档的大小，或 param.名称", "The size of a step, or param.name"),
    },
    "CasesBlock": {
        "pass": Label("应当通过", "Must pass"),
        "rounding": Label("应为舍入差", "Must be rounding"),
        "fail": Label("应为不符", "Must fail"),
        "unknown": Label("应为无法核验", "Must be unknown"),
        "not-applicable": Label("应为不适用", "Must be not applicable"),
    },
    "DatasetFile": {
        "pack": Label("用哪个规则包核对", "The pack to check it with"),
        "title": Label("数据的名称", "Title of the dataset"),
        "database": Label(
            "数据所在的数据库的地址", "Address of the database that holds the tables"
        ),
        "unit_of_measure": Label("金额单位，如 万元", "Unit of money, such as 万元"),
        "tables": Label("各表从哪里读", "Where each table comes from"),
        "facts": Label("逐条数字的长表", "One long file of figures"),
        "waivers": Label("说明文件（豁免）", "Files of waivers, in this folder"),
        "due": Label("应报的单位，据以列出缺报", "Whose figures are due, to tell who is missing"),
    },
    "Due": {
        "column": Label("主键中写单位的列", "The column of keys that names units"),
        "units": Label("应报单位的名称", "The names of those who are due"),
        "file": Label("列出应报单位的文件", "A file in this folder that lists them"),
        "every_year": Label("是否每年都应报", "Whether each is due in every year of the data"),
    },
    "TableSource": {
        "file": Label("文件名", "File name"),
        "table": Label("数据库中的表名", "Table of the database"),
        "sheet": Label("工作表；不写取第一张可见的", "Sheet; the first visible one if left out"),
        "header": Label("表头在第几行", "Row of the headings, from 1"),
        "encoding": _ENCODING,
        "unit_of_measure": Label("本表金额单位", "Unit of its money"),
        "units": Label("各列单位", "Unit by column"),
        "columns": Label("印出的表头：列名", "Column id by printed heading"),
        "origin": Label("取自文件的哪一部分", "Section of the document that it was taken from"),
        "quotes": Label("各数字原文的文件", "File with the words around each figure"),
        "constants": Label(
            "文件中没有印出的列值，如单位、年度", "Values of columns that the file does not print"
        ),
    },
    "FactsSource": {
        "file": Label("数字文件", "File of figures"),
        "map": Label("对照表文件", "File that says which figure is which cell"),
        "encoding": _ENCODING,
    },
    "FactsMap": {
        "columns": Label("数字文件各列的表头", "Headings of the facts file"),
        "tables": Label("由数字组成的各表的行", "Rows of the tables that the facts make"),
    },
    "FactRow": {
        "key": Label("主键值", "Values of the key"),
        "cells": Label("各列取哪个数字", "Which fact stands in each column"),
    },
    "WaiversFile": {
        "pack": Label("说的是哪个规则包的规则", "The pack whose rules they speak of"),
        "waivers": Label("已作说明的发现", "Findings that were explained"),
    },
    "WaiverBlock": {
        "rule": Label("规则编号", "Id of the rule"),
        "key": Label(
            "哪一行：按主键列；没写的列不限",
            "The row, by its key; what is left out may be anything",
        ),
        "column": Label("逐列重复或汇总时的列", "What for or a roll-up put in"),
        "numbers": Label(
            "所见数字的摘要，数字一变即失效",
            "Hash of the numbers that were seen; with other numbers the waiver lapses",
        ),
        "reason": Label("原因", "Why it may stand"),
        "text": Label("说明文字", "The reason in words"),
        "by": Label("说明人", "Who explained it"),
        "date": Label("说明日期，如 2026-06-30", "When, such as 2026-06-30"),
        "expires": Label(
            "有效期的最后一天；不写则不限", "The last day on which it counts; none is no end"
        ),
        "approved_by": Label("批准人", "Who agreed"),
        "evidence": Label("佐证材料", "Where that can be seen"),
    },
    "ConfigFile": {
        **_ASKED,
        "language": Label("输出的语言", "Language of the output"),
        "profile": Label("默认用哪个方案", "The profile that is meant where none is asked for"),
        "profiles": Label("各方案，按名称", "Profiles by name"),
    },
    "ProfileBlock": {
        **_ASKED,
        "title": _TITLE,
    },
    "GradingBlock": {
        "severity": Label("严重程度", "How grave it is"),
        "since": _SINCE,
        "until": _UNTIL,
    },
}
