"""Make the tables of this dataset from the report and the figures read from it.

Nothing is typed by hand: a figure is found in ``source/facts.csv`` by place, item and measure, or in
``source/report.txt`` by the words around it. Beside every table stands a file of quotes of the same shape.
Run it without arguments; a folder as argument takes the files instead of this one.
"""

import csv
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
SOURCE = HERE / "source"

Row = dict[str, "Print"]


class Print(NamedTuple):
    """What is printed in a cell, and the words around it."""

    text: str = ""
    quote: str = ""


def squeezed(text: str) -> str:
    """``text`` with every run of white space as one space."""
    return " ".join(text.split())


class Report:
    """The report and its facts; whatever is not found raises ``LookupError``."""

    def __init__(self, folder: Path) -> None:
        self.text = (folder / "report.txt").read_text("utf-8")
        with (folder / "facts.csv").open(encoding="utf-8", newline="") as lines:
            self.facts = {
                (row["context"], row["item"], row["measure"]): row for row in csv.DictReader(lines)
            }

    def fact(self, place: str, item: str, measure: str) -> Print:
        """The figure of a fact as its quote prints it: with thousands separators and a percent sign."""
        row = self.facts[place, item, measure]
        quote, value = row["quote"], row["value"]
        if not value:
            return Print()
        if quote not in self.text:
            raise LookupError(quote)
        digits = r",?".join(map(re.escape, value))
        sign = r"\s*[%％]" if row["unit_of_value"] == "%" else ""
        return Print(self._last(rf"(?<![\d.,])({digits}{sign})(?![\d.])", quote), squeezed(quote))

    def found(self, pattern: str, after: str = "") -> Print:
        """What group 1 of ``pattern`` matches in the report; the whole match is the quote."""
        match = re.compile(pattern).search(self.text, self.text.index(after))
        if match is None:
            raise LookupError(pattern)
        return Print(match[1].strip(), squeezed(match[0]))

    def cells(self, start: str, end: str) -> list[list[str]]:
        """The rows of cells between two stretches of the report."""
        part = self.text[self.text.index(start) : self.text.index(end)]
        return [row.split("\n\t") for row in part.split("\n\n\t")]

    @staticmethod
    def _last(pattern: str, quote: str) -> str:
        hits = re.findall(pattern, quote)
        if not hits:
            raise LookupError(f"{pattern} in {quote}")
        return str(hits[-1])


# ---- text -----------------------------------------------------------------------------------------------------------


def staffing(report: Report) -> list[Row]:
    """Section 一（三）, and the staff mentioned in section 六."""
    place = "一（三）人员"
    return [
        {
            "年末实有人数": report.fact(place, "年末实有人数", "人数"),
            "比上年增加人数": report.fact(place, "年末实有人数", "比上年增加"),
            "比上年增加比例": report.fact(place, "年末实有人数", "增加"),
            "本年调入人数": report.fact(place, "本年调入", "人数"),
            "文中提及在职人数": report.fact("六（二）专项", "在职人员", "人数"),
        }
    ]


def expenditure(report: Report) -> list[Row]:
    """Section 二（一）, and what sections 三 to 五 say of the other budgets."""
    items = (
        "一般公共预算财政拨款收入",
        "一般公共预算财政拨款支出",
        "项目支出",
        "基本支出",
        "人员经费",
        "公用经费",
    )
    others = ("政府性基金预算支出", "国有资本经营预算支出", "社会保险基金预算支出")
    row = {"预算资金": report.fact("二（一）", "预算资金", "预算数")}
    row |= {item: report.fact("二（一）", item, "决算数") for item in items}
    row |= {item: report.found(rf"{item}情况。?\n(无)。") for item in others}
    return [row]


def performance(report: Report) -> list[Row]:
    """Section 六: what the text says of the whole."""
    place = "六（二）专项"
    return [
        {
            "全年预算金额": report.fact("六（一）", "全年预算金额", "金额"),
            "全年执行金额": report.fact("六（一）", "全年执行金额", "金额"),
            "年初预算专项资金个数": report.fact(place, "年初预算专项资金", "个数"),
            "实际决算项目个数": report.fact(place, "实际决算项目", "个数"),
            "未列入年初预算项目个数": report.fact(place, "未列入年初预算项目", "个数"),
        }
    ]


SAME_PROJECT = {
    "第五批（科技专家服务团）": "科技专家服务团",
    "三供一业专项经费": "三供一业工作经费",
    "新冠肺炎疫情防控": "新冠肺炎疫情防控工作补助",
}
"""The names of section 二 that stand for another name in section 六."""


def projects_listed(report: Report) -> list[Row]:
    """Section 二（二）."""
    place = "二（二）项目"
    return [
        {
            "项目": Print(SAME_PROJECT.get(item, item)),
            "印出的项目名称": report.found(rf"\d\. ?({re.escape(item)})[\d.]+万元"),
            "项目支出额": report.fact(place, item, measure),
        }
        for where, item, measure in report.facts
        if where == place
    ]


PROJECT_COLUMNS = {
    "上年结转": "上年结转",
    "年初预算": "年初预算",
    "年中执行调增": "年中调增",
    "实际支出": "实际支出",
    "本年使用上年结转结余指标": "使用上年结转",
    "结余结转": "结余结转",
}
"""Measure of the facts by column of the table."""


def projects(report: Report) -> list[Row]:
    """Section 六（二）: the projects with their roll-forward."""
    place = "六（二）专项"
    names = dict.fromkeys(
        item for where, item, measure in report.facts if where == place and measure == "实际支出"
    )
    return [_project(report, place, name) for name in names]


def _project(report: Report, place: str, name: str) -> Row:
    row = {
        "项目": Print(name),
        "印出的项目名称": report.found(rf"(?:是|\d\.)({name}(?:工作专项)?)"),
    }
    for column, measure in PROJECT_COLUMNS.items():
        known = (place, name, measure) in report.facts
        row[column] = report.fact(place, name, measure) if known else Print()
    used = "本年使用上年结转结余指标"
    if not row[
        used
    ].text:  # of the second project the facts leave it out, and the text misprints its name
        sentence = report.found(rf"(?:是|\d\.)({name}[^。]*)。").text
        hit = re.search(r"本年使用上结转结余指标([\d.]+)万元", sentence)
        row[used] = Print(hit[1], hit[0]) if hit else Print()
    return row


LINKED_CLAIMS = {
    ("工业“四上”企业", "新增"): "完成新增规模以上工业企业",
    ("规模工业总产值", "增速"): "规模工业总产值同比增长",
    ("技术合同成交额", "金额"): "完成技术合同交易额",
    ("服务对象满意度", "满意度（以上）"): "社会公众及服务对象满意度",
}
"""The indicator of annex 3 that a claim of the text is about, by item and measure of the facts."""
OTHER_CLAIMS = (
    ("研发投入强度", "强度"),
    ("研发投入强度", "是全省的"),
    ("研发投入强度", "是全市的"),
    ("科技型中小企业注册备案", "家数"),
    ("高新技术企业申报", "家数"),
    ("高新技术企业", "通过评审"),
    ("高企", "总数"),
)
TARGETS = {"任务数": ("任务数",), "超任务数": ("超任务数",), "完成率": ("完成率", "为全年任务")}
"""Measures of the facts by column of the table."""


def claims(report: Report) -> list[Row]:
    """Section 六（一）: what was achieved, with the number of the indicator it is about."""
    numbers = {row["三级指标"].text: row["序号"] for row in indicators(report)}
    rows = [
        _claim(report, item, measure, numbers[name])
        for (item, measure), name in LINKED_CLAIMS.items()
    ]
    others = enumerate(OTHER_CLAIMS, 1)
    return rows + [_claim(report, *claim, Print(f"正文{number}")) for number, claim in others]


def _claim(report: Report, item: str, measure: str, number: Print) -> Row:
    place = "六（一）"
    value = report.fact(place, item, measure)
    bound = "以上" if value.quote.endswith("以上") else ""
    row = {
        "序号": number,
        "正文事项": Print(f"{item} {measure}", value.quote),
        "正文数值": Print(value.text.strip("%％") + bound, value.quote),
        "计量单位": Print(report.facts[place, item, measure]["unit_of_value"], value.quote),
    }
    for column, measures in TARGETS.items():
        known = [found for found in measures if (place, item, found) in report.facts]
        row[column] = report.fact(place, item, known[0]) if known else Print()
    return row


# ---- annex 2 --------------------------------------------------------------------------------------------------------


def annex2_staff(report: Report) -> list[Row]:
    """Annex 2: posts and staff."""
    place = "附件2基础数据表"
    return [
        {
            "编制数": report.fact(place, "编制数", "人数"),
            "实际在职人数": report.fact(place, "2023年实际在职人数", "人数"),
            "控制率": report.fact(place, "控制率", "控制率"),
        }
    ]


STAGES = {"2022年决算数": "上年决算", "2023年预算数": "年初预算", "2023年决算数": "决算"}


def annex2(report: Report) -> list[Row]:
    """Annex 2: the lines of cost control, one row for each printed column."""
    head, *lines = report.cells("经费控制情况（万元）", "楼堂馆所控制情况")
    rows: list[Row] = [{"阶段": Print(STAGES[title], squeezed(title))} for title in head[1:]]
    for label, *cells in lines[:-1]:
        name = re.sub(r"^\s*(?:\d、|其中：)?|：$|（.*）$|\s+$", "", label)
        quote = squeezed(" ".join([label, *cells]))
        for row, cell, stage in zip(rows, cells, head[1:], strict=True):
            known = report.facts.get(("附件2基础数据表", name, stage), {"value": cell.strip()})
            if known["value"] != cell.strip():
                raise LookupError(f"{name} {stage}: {cell} is not {known['value']}")
            row[name] = Print(cell.strip(), quote if cell.strip() else "")
    return rows


def buildings(report: Report) -> list[Row]:
    """Annex 2: buildings, one row for each row of the form, filled in or not."""
    head, *lines = report.cells("楼堂馆所控制情况", "厉行节约保障措施")
    section = squeezed(head[0])
    titles = [re.sub(r"\s|（.*）", "", title) for title in head[1:]]
    return [
        {"序号": Print(str(number), section)}
        | {title: Print(squeezed(cell)) for title, cell in zip(titles, cells[1:], strict=True)}
        for number, cells in enumerate(lines[:-1], 1)
    ]


def form_items(report: Report) -> list[Row]:
    """Annex 2: the entries at its foot."""
    return [
        {
            "厉行节约保障措施": report.found(r"厉行节约保障措施\n\t([^\n]*)\n"),
            "填表人": report.found(r"填表人：([^：\n]*?)填报日期"),
            "填报日期": report.found(r"填报日期：([^：\n]*?)联系电话"),
            "单位负责人签字": report.found(r"单位负责人签字：([^\n]*)\n"),
        }
    ]


# ---- annex 3 --------------------------------------------------------------------------------------------------------


def funds(report: Report) -> list[Row]:
    """Annex 3: the funds of the year."""
    place, total = "附件3自评表", "年度资金总额"
    measures = ("年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分")
    row = {measure: report.fact(place, total, measure) for measure in measures}
    parts = (
        "按收入性质分", "一般公共预算", "政府性基金拨款", "纳入专户管理的非税收入拨款", "其他资金",
        "按支出性质分", "基本支出", "项目支出",
    )  # fmt: skip
    for part in parts:
        printed = report.found(rf"\n\t\s*(?:其中：\s*)?{part}：([\d.]*)\n", after="附件3\n")
        known = report.facts.get((place, part, "全年预算数"), {"value": ""})
        if known["value"] != printed.text:
            raise LookupError(part)
        row[part] = printed if printed.text else Print()
    row["预算调整说明"] = Print()  # section 七 speaks of targets, not of the adjustment
    return [row]


FORM = (
    "一级指标",
    "二级指标",
    "三级指标",
    "年度指标值",
    "实际完成值",
    "分值",
    "得分",
    "偏差原因分析及改进措施",
)


def _form_rows(report: Report) -> list[list[str]]:
    """The rows of annex 3, with the cells of merged first and second levels repeated."""
    rows = [cells[1:] for cells in report.cells("\t绩\n效\n指\n标", "\t总分\n\t")[2:]]
    above = ["", ""]
    for cells in rows:
        above = [cells[0] or above[0], cells[1] or ("" if cells[0] else above[1])]
        cells[:2] = above
    return rows


def indicators(report: Report) -> list[Row]:
    """Annex 3: the indicators, with the empty rows of the form."""
    rows: list[Row] = []
    for number, cells in enumerate(_form_rows(report), 1):
        quotes = [*cells[:2], *[squeezed(" ".join(cells[2:]))] * len(cells[2:])]
        printed = {
            title: Print(
                re.sub(r"\s|[(（]\d+分[)）]", "", cell), squeezed(quote) if cell.strip() else ""
            )
            for title, cell, quote in zip(FORM, cells, quotes, strict=True)
        }
        target, goal = _parted(printed["年度指标值"])
        actual, measure = _parted(printed["实际完成值"])
        rows.append(
            {"序号": Print(str(number))}
            | {title: printed[title] for title in FORM[:4]}
            | {"指标值数值": target, "指标值单位": goal}
            | {"实际完成值": printed["实际完成值"], "完成值数值": actual, "完成值单位": measure}
            | {"方向": _direction(printed, numeric=bool(target.text))}
            | {title: printed[title] for title in FORM[5:]}
        )
    return rows


def _parted(cell: Print) -> tuple[Print, Print]:
    """A printed value as its figure and its unit of measure; both blank where it is no figure."""
    match = re.fullmatch(r"([\d.,]+)(\D*)", cell.text)
    if match is None:
        return Print(), Print()
    return Print(match[1], cell.quote), Print(match[2], cell.quote if match[2] else "")


def _direction(printed: Row, *, numeric: bool) -> Print:
    """Costs and time limits are better low, all else is better high: the form does not print it."""
    if not numeric:
        return Print()
    low = "成本" in printed["一级指标"].text or "时效" in printed["二级指标"].text
    return Print("≤" if low else "≥")


def cost_indicators(report: Report) -> list[Row]:
    """Annex 3: the cost indicators in money."""
    return [
        {
            "三级指标": row["三级指标"],
            "年度指标值": row["年度指标值"],
            "实际完成值": row["实际完成值"],
        }
        for row in indicators(report)
        if "成本" in row["一级指标"].text and row["三级指标"].text
    ]


def blocks(report: Report) -> list[Row]:
    """Annex 3: the weights printed beside the first-level indicators."""
    rows: list[Row] = []
    for block in dict.fromkeys(cells[0] for cells in _form_rows(report)):
        match = re.fullmatch(r"(\D+)[(（](\d+)分[)）]", re.sub(r"\s", "", block))
        if match is None:
            raise LookupError(block)
        quote = squeezed(block)
        rows.append({"一级指标": Print(match[1], quote), "分值": Print(match[2], quote)})
    return rows


def totals(report: Report) -> list[Row]:
    """Annex 3: the last row."""
    place = "附件3自评表"
    return [{measure: report.fact(place, "总分", measure) for measure in ("分值", "得分")}]


TABLES = (
    staffing, expenditure, performance, projects_listed, projects, claims,
    annex2_staff, annex2, buildings, form_items,
    funds, indicators, cost_indicators, blocks, totals,
)  # fmt: skip


def write(folder: Path, name: str, rows: Sequence[Row]) -> None:
    """Write a table and its quotes."""
    for file, part in ((f"{name}.csv", "text"), (f"{name}.quotes.csv", "quote")):
        with (folder / file).open("w", encoding="utf-8", newline="") as lines:
            writer = csv.writer(lines, lineterminator="\n")
            writer.writerow(rows[0])
            writer.writerows([getattr(cell, part) for cell in row.values()] for row in rows)


def main(folder: Path) -> None:
    """Write every table into ``folder``."""
    report = Report(SOURCE)
    for table in TABLES:
        write(folder, table.__name__, table(report))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
