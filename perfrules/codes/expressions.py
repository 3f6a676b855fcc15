"""PR2xx: an expression cannot be read; PR3xx: it can be read and makes no sense."""

from collections.abc import Mapping

from perfrules.codes.entry import Entry
from perfrules.locale import Label

EXPRESSIONS: Mapping[str, Entry] = {
    "PR201": Entry(
        Label("表达式写法有误", "The expression is malformed"),
        Label(
            "标出的词或符号不能出现在这里，或者表达式没有写完。",
            "The marked word or sign cannot stand here, or the expression ends too early.",
        ),
        Label(
            "按提示改写；含有括号、空格等符号的名称写在「」里。",
            "Write it as the hint says; names with brackets or other signs stand in 「 」 or backticks.",
        ),
        "支出合计 = 基本支出 项目支出",
        "支出合计 = 基本支出 + 项目支出",
    ),
    "PR202": Entry(
        Label("括号不配对", "Brackets do not match"),
        Label(
            "有括号没有关上，或者多了一个右括号；全角和半角括号可以互相配对。",
            "A bracket is never closed, or closes nothing. Full-width and ordinary ones may match each other.",
        ),
        Label("补上或删去一个括号。", "Add or remove one."),
        "(a + b = c",
        "(a + b) = c",
    ),
    "PR203": Entry(
        Label("没有这个函数", "There is no such function"),
        Label(
            "规则语言只有固定的一组函数，中文、英文名称都可以用。",
            "The rule language has a fixed set of functions, each with an English and a Chinese name.",
        ),
        Label("按提示改正函数名。", "Correct the name as the hint says."),
        "summ(projects.actual) = project",
        "sum(projects.actual) = project",
    ),
    "PR206": Entry(
        Label("表达式太长或嵌套太深", "The expression is too long or too deep"),
        Label(
            "为防止恶意规则，表达式的长度和括号层数有上限。",
            "Length and depth are bounded, so that a hostile rule cannot stop the computer.",
        ),
        Label("拆成几条规则。", "Split it into several rules."),
    ),
    "PR301": Entry(
        Label("表中没有这一列", "The table has no such column"),
        Label(
            "名称既不是这些表的列编号，也不是列的标题或别名。",
            "The name is neither the id, nor the title, nor an alias of a column of these tables.",
        ),
        Label(
            "按提示改正名称；别的表的列写作“表.列”。",
            "Correct it as the hint says; a column of another table is written table.column.",
        ),
        "支出总计 = 基本支出 + 项目支出",
        "支出合计 = 基本支出 + 项目支出",
    ),
    "PR302": Entry(
        Label("没有这张表", "There is no such table"),
        Label(
            "点号前面的名称不是规则包中的表。",
            "What stands before the dot is no table of the pack.",
        ),
        Label("按提示改正表名。", "Correct the name as the hint says."),
        "sum(project.actual)",
        "sum(projects.actual)",
    ),
    "PR303": Entry(
        Label("不同性质的数混在一起", "Different kinds of number are mixed"),
        Label(
            "金额不能与比率、个数相加减或比较；这样的式子即使算得出来也没有意义。",
            "Money cannot be added to or compared with a ratio or a count; a result would mean nothing.",
        ),
        Label(
            "检查用错了哪一列；求占比用除法。",
            "See which column is the wrong one; a share is written with /.",
        ),
        "执行率 = 支出 - 预算",
        "执行率 = 支出 / 预算",
    ),
    "PR304": Entry(
        Label("百分数与百分点混用", "A percentage is mixed with percentage points"),
        Label(
            "两个百分数之差是百分点：从 5% 到 8% 是增加 3 个百分点，不是增加 3%。",
            "The difference of two percentages is in points: from 5% to 8% is 3 points, not 3%.",
        ),
        Label(
            "差额写 3pp 或 3个百分点，占比写 3%。", "Write 3pp for a difference, 3% for a share."
        ),
        "本年比率 - 上年比率 ≤ 3%",
        "本年比率 - 上年比率 ≤ 3pp",
    ),
    "PR305": Entry(
        Label("一行对应多行", "One row meets several"),
        Label(
            "这张表比规则的粒度更细，一行要对应好几行，不知道该取哪一个。",
            "The table is finer than the grain of the rule: one row meets several, and nobody knows which is meant.",
        ),
        Label(
            "用 sum(…) 等函数汇总，或在规则中加 per: 改到更细的粒度。",
            "Wrap it in sum(…) or another aggregate, or add per: to speak at the finer grain.",
        ),
        "projects.actual = project",
        "sum(projects.actual) = project",
    ),
    "PR306": Entry(
        Label("函数的参数个数不对", "A function has the wrong number of arguments"),
        Label(
            "参数太多或太少，或者汇总函数没有可以汇总的行。",
            "There are too many or too few, or an aggregate has no rows to run over.",
        ),
        Label("按提示中的例子写。", "Write it like the example in the hint."),
        "round(rate, 2, 1)",
        "round(rate, 2)",
    ),
    "PR307": Entry(
        Label("函数不接受这样的参数", "A function does not take this argument"),
        Label(
            "参数的性质不对：例如 prior 要一列，count 要一张表。",
            "The argument is of the wrong kind: prior takes a column, count takes a table.",
        ),
        Label("按提示中的例子写。", "Write it like the example in the hint."),
        "prior(a + b) = c",
        "prior(a) + prior(b) = c",
    ),
    "PR308": Entry(
        Label("条件恒真或恒假", "The condition is always the same"),
        Label(
            "不论数据如何结果都一样，所以什么也没有核验；多半是写错了名称。",
            "Whatever the data says, the answer is the same, so it checks nothing. Often a name is wrong.",
        ),
        Label(
            "写上要核验的列，或删去这个条件。",
            "Name the column that is meant, or remove the condition.",
        ),
        "total = total",
        "total = basic + project",
    ),
    "PR309": Entry(
        Label("名称不止指一列", "A name means more than one column"),
        Label(
            "这个标题或别名在表中有好几列都用。",
            "Several columns of the table bear this title or alias.",
        ),
        Label("改用列的编号。", "Use the column's id."),
    ),
    "PR310": Entry(
        Label("没有这个参数", "There is no such parameter"),
        Label(
            "param. 后面的名称不在 pack.yaml 的 params 里。",
            "The name behind param. is not among the params of pack.yaml.",
        ),
        Label(
            "按提示改正，或在 pack.yaml 里补上这个参数。",
            "Correct it as the hint says, or add the parameter to pack.yaml.",
        ),
        "rise ≤ param.limt",
        "rise ≤ param.limit",
    ),
    "PR311": Entry(
        Label("该写条件的地方写了数", "A value stands where a condition is due"),
        Label(
            "断言和适用条件要能判断对错，单独一个数不能。",
            "An assertion or guard must be true or false; a number is neither.",
        ),
        Label("拿它与别的数比较，或补上 else。", "Compare it with something, or add the else."),
        "assert: total",
        "assert: total = basic + project",
    ),
    "PR312": Entry(
        Label("算不出准确的舍入范围", "The exact range of rounding cannot be computed"),
        Label(
            "同一个数在式子里出现几次，因四舍五入能变动的范围没有办法准确地算；宁可不算，也不给近似值。",
            "A figure occurs several times, and how far rounding can move the result cannot be computed exactly. Nothing is approximated.",
        ),
        Label(
            "改写成每个数只出现一次；例如用 a ≤ 30% * b 代替 a / b ≤ 30%。",
            "Write it with each figure once; a ≤ 30% * b where a / b ≤ 30% repeats it.",
        ),
        "a * b / (a + b) = c",
        "a * b = c * total",
    ),
    "PR313": Entry(
        Label("不是主键列", "Not a column of the key"),
        Label(
            "方括号里固定的、per 后面写的，都必须是主键中的列。",
            "What brackets hold at a value and what per names must be columns of the key.",
        ),
        Label(
            "按提示改用主键列；其他条件用 where。",
            "Use a key column, as the hint says; other conditions go behind where.",
        ),
        "annex[备注 = 决算].total",
        "annex[stage = 决算].total",
    ),
    "PR314": Entry(
        Label("文字当成了数", "A text stands where a number is due"),
        Label(
            "文字和代码不能计算，也不能与数比较大小。",
            "Texts and codes cannot be computed with, nor compared with numbers.",
        ),
        Label(
            "代码和文字写在引号里；文字之间用 = 或 ≠ 比较。",
            "Write codes and texts in quotes; compare texts with = or ≠.",
        ),
        "code = 201",
        'code = "201"',
    ),
    "PR315": Entry(
        Label("数没有写单位", "A number has no unit"),
        Label(
            "与金额或百分点比较的数必须写明单位，否则差一万倍也看不出来。",
            "A number compared with money or points must say its unit, or a factor of ten thousand goes unseen.",
        ),
        Label("写上单位，例如 10万元、5pp。", "Write the unit: 10万元, 5pp."),
        "total ≤ 10",
        "total ≤ 10万元",
    ),
    "PR316": Entry(
        Label("规则永远不适用", "The rule can never apply"),
        Label(
            "适用条件里用“且”连接的比较互相矛盾，没有任何数能满足。",
            "The comparisons of the guard, joined by and, contradict each other: no figures meet them.",
        ),
        Label(
            "改正其中一个比较，或把“且”改成“或”。",
            "Correct one of the comparisons, or join them by or.",
        ),
        "when: total > 10元 and total < 5元",
        "when: total > 10元 or total < 5元",
    ),
}
