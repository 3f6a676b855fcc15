"""PR420 and on: what was found in a dataset as a whole: facts, units, calls, rows that are due."""

from collections.abc import Mapping

from perfrules.codes.entry import Entry
from perfrules.locale import Label

DATASETS: Mapping[str, Entry] = {
    "PR420": Entry(
        Label("有些数字没有归入任何表", "Facts that stand in no table"),
        Label(
            "长表中的一些数字没有对照到任何表，也就没有核验。",
            "Some facts of the long file are mapped to no table, so they are not checked.",
        ),
        Label("需要核验的，加到数字对照表里。", "Map them if a rule should see them."),
    ),
    "PR421": Entry(
        Label("对照表指向不存在的数字", "The mapping names facts that are not there"),
        Label(
            "数字对照表写的位置、项目、指标在长表中找不到，对应的格子为空。",
            "The place, item and measure that the mapping names are not in the file; the cells are blank.",
        ),
        Label("改正对照表，或补上数字。", "Correct the mapping, or add the facts."),
    ),
    "PR422": Entry(
        Label("同一格有几个不同的数", "One cell has several facts that differ"),
        Label(
            "长表中有几个数都对照到同一格，而且不相等，这一格无法核验。",
            "Several facts are mapped to one cell and differ, so the cell cannot be checked.",
        ),
        Label(
            "各自对照到单独的行，或删去错的一个。",
            "Map each to a row of its own, or remove the wrong one.",
        ),
    ),
    "PR423": Entry(
        Label("数的位数太多", "A figure has too many digits"),
        Label(
            "这一列中的数位数相差太大，放不到一起；这些格子无法核验。",
            "Figures of the column differ so much in size that they cannot be held together; these cells cannot be checked.",
        ),
        Label(
            "检查是否印错，或规则包中的 decimals 是否写错。",
            "Check what is printed there, or decimals in the pack.",
        ),
    ),
    "PR424": Entry(
        Label("长表缺少列", "The file of facts lacks a column"),
        Label(
            "长表要有位置、项目、指标、数值等列，这里缺少，无法读取。",
            "Facts need columns for place, item, measure and value; one of them is missing.",
        ),
        Label(
            "在对照表的 columns: 里写明是哪一列。",
            "Say under columns: in the mapping file which column it is.",
        ),
    ),
    "PR425": Entry(
        Label("一张表有两个文件", "Two files for one table"),
        Label("只读第一个，第二个没有读取。", "Only the first is read."),
        Label(
            "删去一个，或在 dataset.yaml 里写明用哪一个。",
            "Remove one, or say in dataset.yaml which one is meant.",
        ),
    ),
    "PR426": Entry(
        Label("摘录与数据行数不一致", "Quotes and figures differ in number"),
        Label(
            "摘录文件的行数与表的行数不同，出处可能对错行。",
            "The file of quotes has another number of rows than the table, so quotes may stand at wrong rows.",
        ),
        Label("每行数据对应一行摘录。", "Give it one row for each row of the table."),
    ),
    "PR427": Entry(
        Label("单位与列的类型不符", "The unit does not fit the column"),
        Label(
            "写明的单位不能用于这一类数，这一列没有读入。",
            "The unit that is given measures something else, so the column is not read.",
        ),
        Label(
            "改正 dataset.yaml 的 units: 或 unit_of_measure:。",
            "Correct units: or unit_of_measure: in dataset.yaml.",
        ),
        "units: {rate: 万元}",
        "units: {rate: '%'}",
    ),
    "PR428": Entry(
        Label("印出的数与 constants 不同", "A printed column differs from its constant"),
        Label(
            "文件里有这一列，constants: 又给了另一个值；取印出的。",
            "The file prints the column and constants: gives another value; the printed one is taken.",
        ),
        Label("删去 constants: 里的值。", "Remove the constant."),
    ),
    "PR429": Entry(
        Label("提到的表或列规则包里没有", "A table or column that the pack does not have"),
        Label(
            "dataset.yaml 或数字对照表提到了规则包没有的表或列，没有读取。",
            "dataset.yaml or the mapping file names a table or column that the pack does not have; it is not read.",
        ),
        Label(
            "改正名称，或检查是不是用错了规则包。",
            "Correct the name, or see whether the pack is the right one.",
        ),
    ),
    "PR430": Entry(
        Label("没有可读的数据", "There is no readable data"),
        Label(
            "给出的数据里没有一张规则包的表，或者传入的对象不是数据框，什么也没有核验。",
            "No table of the pack is in the data, or what was handed over is no data frame. Nothing was checked.",
        ),
        Label(
            "检查文件夹和规则包是否配套；文件以表名命名。",
            "See that folder and pack belong together, and that files are named after tables.",
        ),
    ),
    "PR431": Entry(
        Label("不是文件夹", "Not a folder"),
        Label(
            "数据要放在一个文件夹里，给出的路径不是文件夹。",
            "Data is read from a folder; what was given is none.",
        ),
        Label("给出放数据的文件夹。", "Name the folder of the dataset."),
        "perfrules check data/spending.csv",
        "perfrules check data",
    ),
    "PR432": Entry(
        Label("没有说明用哪个规则包", "No pack is named"),
        Label(
            "没有用 --pack 指定规则包，dataset.yaml 里也没有写。",
            "Neither --pack nor dataset.yaml names a pack.",
        ),
        Label(
            "写 --pack，或在 dataset.yaml 里写 pack:。",
            "Give --pack, or write pack: in dataset.yaml.",
        ),
        "perfrules check data",
        "perfrules check data --pack cn-overall-self-eval",
    ),
    "PR433": Entry(
        Label("旧格式工作簿看不出百分数", "An old workbook does not show percentages"),
        Label(
            "这种格式不说明哪些格子是百分数，公式的错误也会读成空格。",
            "This format does not tell which cells are percentages, and gives the errors of formulas as blanks.",
        ),
        Label("另存为 .xlsx。", "Save it as .xlsx."),
    ),
    "PR434": Entry(
        Label("计算值比显示的位数多", "More digits are computed than shown"),
        Label(
            "格子里算出的数比显示的小数位多；按显示的（也就是印出来的）读取。",
            "Cells hold more digits than they show; they are taken as shown, which is what is printed.",
        ),
        Label("一般不用处理。", "Nothing, as a rule."),
    ),
    "PR435": Entry(
        Label("一列有两个表头", "Two headings for one column"),
        Label(
            "两个表头都指规则包里的同一列，只读第一个。",
            "Two headings mean the same column of the pack; only the first is read.",
        ),
        Label(
            "删去多余的一列，或在 dataset.yaml 的 columns: 里写明用哪一个。",
            "Remove one of the columns, or name the right one under columns: in dataset.yaml.",
        ),
    ),
    "PR436": Entry(
        Label("传入的不是数据框", "Not a data frame"),
        Label(
            "传入的对象不是 polars、pandas、pyarrow 的数据框，或者一列里混有几种类型，什么也没有核验。",
            "What was handed over is no frame of polars, pandas or pyarrow, or one of its columns mixes types. Nothing was checked.",
        ),
        Label(
            "传入数据框，每列只用一种类型；印出的数可以按文字传入。",
            "Hand over a frame with one type to each column; printed figures may be text.",
        ),
        'perfrules.check({"spending": [1, 2]}, pack)',
        'perfrules.check({"spending": pl.DataFrame(rows)}, pack)',
    ),
    "PR437": Entry(
        Label("工作簿里没有这张工作表", "The workbook has no such sheet"),
        Label(
            "sheet: 所写的工作表在工作簿里找不到，文件没有读取。",
            "The workbook has no sheet of the name under sheet:, so the file is not read.",
        ),
        Label(
            "工作表名照工作簿里的写；不写则读第一张可见的工作表。",
            "Name the sheet as the workbook does; left out, the first visible one is read.",
        ),
        "sheet: 附表三",
        "sheet: 附件3",
    ),
    "PR438": Entry(
        Label("编码的位数不是任何一级", "Codes of another length"),
        Label(
            "上下级汇总的规则写明了各级编码的位数，这些编码都不是，所在的行没有计入任何合计，也没有核验。",
            "A roll-up says how long codes are, and these are of another length: their rows are in no sum and are not checked.",
        ),
        Label(
            "改正编码；确有这一级的，加到规则的 levels 里。",
            "Correct the codes, or add their length to the levels of the rule.",
        ),
        "rollup: {code: code, levels: [3, 5], columns: [total]}",
        "rollup: {code: code, levels: [3, 5, 7], columns: [total]}",
    ),
    "PR439": Entry(
        Label("下级科目没有上级的行", "Rows lack the row above them"),
        Label(
            "上下级汇总要求每一级都有行：这些编码有下级而自己没有行，它们的合计没有核验，再上一级的合计少了它们。",
            "A roll-up takes every level to be there: these codes have rows below them and no row of their own. Their sums are not checked, and the sums above lack them.",
        ),
        Label(
            "补上这些行；表本来就不印的，在规则里写 missing: skip-if-no-parent。",
            "Add the rows. If the table does not print them, write missing: skip-if-no-parent in the rule.",
        ),
        "rollup: {code: code, levels: [3, 5, 7], columns: [total]}",
        "rollup: {code: code, levels: [3, 5, 7], columns: [total], missing: skip-if-no-parent}",
    ),
    "PR440": Entry(
        Label("没有这张表", "There is no such table"),
        Label(
            "要导出校验的表不在规则包里。",
            "The table for which a schema was asked is not in the pack.",
        ),
        Label(
            "按提示改正表名；规则包里的表见 perfrules list 规则包。",
            "Correct its name as the hint says; perfrules list PACK shows the tables.",
        ),
        'perfrules.pandera_schema(pack, "expenditures")',
        'perfrules.pandera_schema(pack, "expenditure")',
    ),
    "PR442": Entry(
        Label("应有的行没有", "Rows that are due are absent"),
        Label(
            "另一张表说明这些主键都应有一行，这里没有；用到它们的结论为无法核验。",
            "Another table says that these keys are due, and they are not there; verdicts that need them are unknown.",
        ),
        Label(
            "补上这些行；本来就没有的，从另一张表里删去。",
            "Add the rows, or remove the keys from the other table if they are not due.",
        ),
    ),
    "PR443": Entry(
        Label("规则逐行运行", "Rules that run row by row"),
        Label(
            "这些规则没有精确的批量写法，由参考求值器逐行计算：结论精确，但慢得多。",
            "These rules have no exact form for the engine; the reference evaluates them row by row: exact, and far slower.",
        ),
        Label(
            "perfrules explain 规则 指出是哪一部分；能不这样写时改写规则。",
            "perfrules explain RULE names the part that is; write the rule without it where that can be.",
        ),
        "all(projects.actual ≤ budget)",
        "max(projects.actual) ≤ budget",
    ),
    "PR445": Entry(
        Label("同一个数出现几次", "A fact stands several times"),
        Label(
            "长表中有几个数都对照到同一格，而且相等，只取一次。",
            "Several facts are mapped to one cell and say the same; it is taken once.",
        ),
        Label(
            "一般不用处理；多余的可以删去。", "Nothing, as a rule; what is too much may be removed."
        ),
    ),
    "PR446": Entry(
        Label("规则要用到整张大表", "Rules need the whole of a large table"),
        Label(
            "这张表的行太多，分块读取：只看本行、查小表的规则照常核验；要汇总它、查它的别的行或上年行的规则没有运行。",
            "The table has so many rows that it is read in blocks. Rules that speak of one row of it, and of small tables, are checked as ever; "
            "those that sum it, or look up other rows of it, did not run.",
        ),
        Label(
            "把数据放进数据库来核验，或按单位、年度拆成小的数据集。",
            "Check the data in a database, or cut it into smaller datasets by unit or year.",
        ),
    ),
    "PR447": Entry(
        Label("没有这样的单位列", "No such column of units"),
        Label(
            "dataset.yaml 的 due 说明哪一列写着单位；规则包里没有以这一列为主键的表。",
            "due in dataset.yaml says which column names units; no table of the pack has it in its key.",
        ),
        Label("写主键中的列名，或不写 column。", "Write a column of a key, or leave column out."),
        "due: {column: office}",
        "due: {column: unit}",
    ),
    "PR448": Entry(
        Label("有单位缺报", "Units are due and missing"),
        Label(
            "dataset.yaml 的 due 列出应报的单位，其中有的没有数据，因此没有核验。",
            "due in dataset.yaml says whose figures are due; those of some are not there, so they were not checked.",
        ),
        Label(
            "补上数据，或把不应报的单位从名单中去掉；--allow-unknown=no-row 容许缺报。",
            "Add their data, or take who is not due off the list; --allow-unknown=no-row allows it.",
        ),
    ),
    "PR449": Entry(
        Label("有数据集无法核验", "A dataset could not be checked"),
        Label(
            "文件夹里有多个数据集，其中一个读不了，或写的是另一个规则包；其余的照常核验。",
            "Of the datasets in a folder, one cannot be read, or names another pack; the others were checked.",
        ),
        Label("按提示改正后重新核验。", "Mend it as the notice says, and check again."),
    ),
}
