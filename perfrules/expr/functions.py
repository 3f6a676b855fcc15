"""The functions of the rule language: one row each, from which checks, messages and the reference page are made.

Argument kinds: ``number`` any number; ``same`` a number of the same dimension as the others; ``pure`` a number without unit;
``field`` a column; ``rows`` a table; ``text`` a text; ``pattern`` a text in quotes; ``condition``; ``steps`` a step-table
parameter. Results: ``same`` as the first argument; ``pure``; ``count``; ``truth``.
"""

from typing import Literal

from perfrules.locale import Label
from perfrules.values import frozen

Group = Literal["aggregate", "value", "test"]


@frozen
class Function:
    """A row of the table.

    Attributes:
        name, zh: The names under which it may be written.
        group: An ``aggregate`` runs over the rows of a table that meet one row of the rule.
        args: Kinds of its arguments; the last one repeats where ``most`` allows more.
        result: Kind of its value.
        least, most: How many arguments it takes.
        does: What it does.
        missing: What a blank, or no row, does to it.
        example: An expression that uses it.
    """

    name: str
    zh: str
    group: Group
    args: tuple[str, ...]
    result: str
    does: Label
    missing: Label
    example: str
    least: int = 1
    most: int = 1


_STRICT = Label("有一个操作数空缺即空缺", "missing if an operand is missing")
_ROWS = Label(
    "有一格空缺即空缺；短横格跳过；没有行时无法核验",
    "missing if a cell is missing; dashes are passed over; over no row it is unknown",
)
_NEVER = Label("从不空缺", "never missing")

FUNCTIONS: tuple[Function, ...] = (
    Function(
        "sum", "求和", "aggregate", ("number",), "same",
        Label("对应各行之和", "the sum over the rows that meet this one"), _ROWS,
        "sum(projects.actual) = project",
    ),
    Function(
        "min", "最小", "aggregate", ("same",), "same",
        Label("对应各行的最小值；两个以上参数时取最小者", "the least over the rows; of two or more values, the least of them"),
        _ROWS, "min(weight, weight * rate) = score", 1, 20,
    ),
    Function(
        "max", "最大", "aggregate", ("same",), "same",
        Label("对应各行的最大值；两个以上参数时取最大者", "the greatest over the rows; of two or more values, the greatest of them"),
        _ROWS, "max(projects.actual) ≤ project", 1, 20,
    ),
    Function(
        "mean", "平均", "aggregate", ("number",), "same",
        Label("对应各行的平均值", "the mean over the rows"), _ROWS, "mean(projects.score) = average",
    ),
    Function(
        "count", "计数", "aggregate", ("rows",), "count",
        Label("对应的行数", "the number of rows"),
        Label("没有行时为 0；条件无法判断时空缺", "0 over no row; missing if a condition cannot be decided"),
        "count(projects where init = 0) = unbudgeted",
    ),
    Function(
        "count_present", "填报数", "aggregate", ("field",), "count",
        Label("填有内容的格数；多个列时数本行填有的列", "the number of cells that hold something; of several columns, those of this row"),
        Label("从不空缺；没有行时为 0", "never missing; 0 over no row"), "count_present(area, area_approved) in (0, 2)", 1, 20,
    ),
    Function(
        "count_distinct", "去重计数", "aggregate", ("field",), "count",
        Label("不同取值的个数", "the number of different values"),
        Label("空格不计；没有行时为 0", "blanks are left out; 0 over no row"), "count_distinct(projects.kind) = kinds",
    ),
    Function(
        "any", "任一", "aggregate", ("condition",), "truth",
        Label("至少一行满足条件", "at least one row meets the condition"),
        Label("没有行时为假", "false over no row"), "any(projects.init = 0)",
    ),
    Function(
        "all", "全部", "aggregate", ("condition",), "truth",
        Label("每一行都满足条件", "every row meets the condition"),
        Label("没有行时为真", "true over no row"), "all(indicators.score ≤ indicators.weight)",
    ),
    Function(
        "abs", "绝对值", "value", ("number",), "same",
        Label("绝对值", "the absolute value"), _STRICT, "abs(adjusted - initial) ≤ 10万元",
    ),
    Function(
        "round", "四舍五入", "value", ("number", "pure"), "same",
        Label("四舍五入到给定小数位，一半时远离零", "rounded to the given decimals, half away from zero"),
        _STRICT, "score = round(weight * rate, 0)", 1, 2,
    ),
    Function(
        "floor", "向下取整", "value", ("number", "pure"), "same",
        Label("向负无穷取到给定小数位", "cut toward minus infinity at the given decimals"),
        _STRICT, "score = floor(weight * rate)", 1, 2,
    ),
    Function(
        "clip", "限定", "value", ("same",), "same",
        Label("限定在下限与上限之间", "held between a lower and an upper limit"),
        _STRICT, "score = clip(weight * rate, 0, weight)", 3, 3,
    ),
    Function(
        "coalesce", "首个有值", "value", ("same",), "same",
        Label("第一个不空的值", "the first value that is there"),
        Label("全部空缺才空缺", "missing only if all are missing"), "coalesce(adjusted, initial) ≥ actual", 2, 20,
    ),
    Function(
        "prior", "上年", "value", ("field",), "same",
        Label("同一主键上一年的值", "the value of the same key a year before"),
        Label("没有上年的行时空缺", "missing if there is no such row"), "carry_in = prior(carry_out)",
    ),
    Function(
        "share", "占比", "value", ("same", "same"), "pure",
        Label("部分 ÷ 整体", "part ÷ whole"), _STRICT, "rate = share(part, whole)", 2, 2,
    ),
    Function(
        "growth", "增长率", "value", ("same", "same"), "pure",
        Label("（本期 − 基期）÷ 基期", "(new − old) ÷ old"), _STRICT, "rise = growth(actual, prior(actual))", 2, 2,
    ),
    Function(
        "step", "分档", "value", ("number", "steps"), "pure",
        Label("按分档参数得分", "the score of a step table"), _STRICT, "score = step(rate, param.bands)", 2, 2,
    ),
    Function(
        "decimals", "小数位数", "value", ("field",), "count",
        Label("印出的小数位数", "the number of decimals printed"), _STRICT, "decimals(rate) = 2",
    ),
    Function(
        "present", "存在", "test", ("rows",), "truth",
        Label("表中有对应的行", "the table has the row"), _NEVER, "present(projects)",
    ),
    Function(
        "matches", "匹配", "test", ("text", "pattern"), "truth",
        Label("文字符合样式；* 代表任意多字，? 代表一字", "the text has the pattern; * is any run of characters, ? is one"),
        _STRICT, 'matches(code, "208*")', 2, 2,
    ),
)  # fmt: skip

BY_NAME = {written: row for row in FUNCTIONS for written in (row.name, row.zh)}
"""Functions by every name under which they may be written."""
