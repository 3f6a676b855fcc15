"""PR4xx: what was found in data."""

from collections.abc import Mapping

from perfrules.codes.entry import Entry
from perfrules.locale import Label

DATA: Mapping[str, Entry] = {
    "PR401": Entry(
        Label("没有这张表的数据", "A table has no data"),
        Label(
            "规则包里的一张表在数据中找不到，涉及它的规则没有运行。标为 optional 的表没有数据时，规则为不适用。",
            "A table of the pack is not in the data, so the rules on it did not run. Where the table is optional they do not apply.",
        ),
        Label(
            "加上以表名命名的文件，或在 dataset.yaml 的 tables: 里写明文件；本来就没有这张表的，用 --allow-unknown=no-table。",
            "Add a file named after the table, or name its file under tables: in dataset.yaml. Where it is rightly absent, use --allow-unknown=no-table.",
        ),
        "tables: {}",
        "tables:\n  projects: {file: 项目明细.xlsx}",
    ),
    "PR402": Entry(
        Label("表里缺少列", "A table lacks columns"),
        Label(
            "规则要用的列在数据中没有，涉及它们的规则没有运行。",
            "Columns that rules need are not in the data, so these rules did not run.",
        ),
        Label(
            "在 dataset.yaml 的 columns: 里写明哪个表头是这一列，或者补上这一列。",
            "Say under columns: in dataset.yaml which heading is the column, or add the column.",
        ),
        "projects: {file: p.csv}",
        "projects: {file: p.csv, columns: {实际支出数: actual}}",
    ),
    "PR403": Entry(
        Label("表中没有行", "A table has no rows"),
        Label(
            "表头在，数据一行也没有，所以什么也没有核验。",
            "There are headings and no data, so nothing was checked.",
        ),
        Label(
            "填上数据；可以没有数据的表，在规则包中标为 optional。",
            "Fill it in, or mark the table as optional in the pack.",
        ),
    ),
    "PR404": Entry(
        Label("主键重复", "A key occurs twice"),
        Label(
            "几行有同样的主键，不知道哪一行是对的，这些行都无法核验。",
            "Several rows have the same key; nobody knows which is right, so none of them can be checked.",
        ),
        Label("留下正确的一行。", "Keep the right one."),
    ),
    "PR405": Entry(
        Label("主键有空格", "A part of the key is blank"),
        Label(
            "主键列空着的行认不出是谁，无法核验。",
            "A row whose key is blank cannot be told apart, so it cannot be checked.",
        ),
        Label(
            "填上主键；不是数据的行（小计、说明）删去。",
            "Fill in the key, or remove the row if it is no data, such as a subtotal or a remark.",
        ),
    ),
    "PR406": Entry(
        Label("应填数的地方是文字", "A text stands where a number is due"),
        Label(
            "这些格子读不成数，用到它们的结论为无法核验。",
            "These cells cannot be read as numbers; verdicts that need them are unknown.",
        ),
        Label(
            "填上数字；没有数的，填短横或留空。",
            "Write the figure, a dash if there can be none, or leave it blank.",
        ),
        "1451.29左右（待核）",
        "1451.29",
    ),
    "PR407": Entry(
        Label("电子表格公式出错", "A formula of a spreadsheet failed"),
        Label(
            "格子里是 #REF!、#DIV/0! 之类的错误值。",
            "The cells hold error values such as #REF! or #DIV/0!.",
        ),
        Label("修好公式，或者填上数字。", "Repair the formula, or write the figure."),
    ),
    "PR408": Entry(
        Label("小数位比平常多", "More decimals than usual"),
        Label(
            "有些数比这一列通常的小数位多；按所印的精度核验，没有舍去。",
            "Some figures have more decimals than the column usually has. They are checked as printed; nothing is rounded away.",
        ),
        Label(
            "一般不用处理；如果整列都这样，改规则包中的 decimals。",
            "Nothing, as a rule; if the whole column is so, change decimals in the pack.",
        ),
    ),
    "PR409": Entry(
        Label("没有写明单位", "The unit is not said"),
        Label(
            "不知道金额是元还是万元，或比率是百分数还是小数，先按默认单位读取。",
            "Whether money is in 元 or 万元, or a ratio in percent, is not said; the base unit is assumed.",
        ),
        Label(
            "在 dataset.yaml 写 unit_of_measure，或在规则包中写列的 unit。",
            "Write unit_of_measure in dataset.yaml, or unit with the column in the pack.",
        ),
        "pack: cn-overall-self-eval",
        "pack: cn-overall-self-eval\nunit_of_measure: 万元",
    ),
    "PR410": Entry(
        Label("行的格数与表头不一致", "Rows have more or fewer cells than headings"),
        Label(
            "少的格按空格计；多出格子的行不知道哪一格是哪一列，不予核验。",
            "Missing cells count as blank. Where there are too many, nobody knows which is which, and the row is not checked.",
        ),
        Label(
            "补上分隔符；内容里有逗号的格子加引号。",
            "Add the separators; put quotes around cells that hold a comma.",
        ),
        "办公费,1,451.29",
        '办公费,"1,451.29"',
    ),
    "PR411": Entry(
        Label("文件不是 UTF-8", "A file is not in UTF-8"),
        Label(
            "文件按 GB18030 等编码读取；一般读得对，但编码是认出来的，不是写明的。",
            "It was read in another encoding, most likely rightly, but that was recognised and not said.",
        ),
        Label(
            "另存为 UTF-8，或在 dataset.yaml 写明 encoding。",
            "Save it as UTF-8, or say encoding: in dataset.yaml.",
        ),
    ),
    "PR412": Entry(
        Label("CSV 文件读不成表", "A CSV file cannot be read"),
        Label(
            "编码认不出，或引号没有配对。",
            "Its encoding is not known, or a quotation mark is not closed.",
        ),
        Label(
            "用电子表格软件另存为“CSV UTF-8”。", "Save it as CSV UTF-8 from a spreadsheet program."
        ),
    ),
    "PR413": Entry(
        Label("浮点数不代表任何印出的数", "Floats that stand for no printed figure"),
        Label(
            "二进制浮点数还原不成有限位的小数，例如计算过程中留下的误差，不知道原来印的是什么。",
            "The floats are no figure of so many decimals, such as the rest of a computation, so what was printed is not known.",
        ),
        Label(
            "先四舍五入到应有的位数，或按 Decimal、文字传入。",
            "Round the column to its decimals, or hand it over as Decimal or text.",
        ),
        "pl.Series([0.1 + 0.2 / 3])",
        'pl.Series(["0.17"])',
    ),
    "PR414": Entry(
        Label("规则包不认识的表头", "Headings that the pack does not know"),
        Label(
            "这些列没有读入，也没有规则用到它们。",
            "These columns are not read; no rule speaks about them under these names.",
        ),
        Label(
            "如果其实是规则包里的列，在 dataset.yaml 的 columns: 里写明，或在规则包里加别名。",
            "If one is a column of the pack, name it under columns: in dataset.yaml, or add an alias to the pack.",
        ),
    ),
    "PR415": Entry(
        Label("规则没有可核验的行", "Rules without a row"),
        Label(
            "规则的粒度上一行数据也没有，所以规则什么也没有核验；这不算通过。",
            "There is no row at the grain of the rules, so they checked nothing. That is not a pass.",
        ),
        Label(
            "检查表中的数据是否齐全；本来就没有的，在规则包中标为 optional，或用 --allow-unknown=empty。",
            "See whether the table is complete. Where it is rightly empty, mark it as optional in the pack, or use --allow-unknown=empty.",
        ),
    ),
    "PR416": Entry(
        Label("工作簿解压后太大", "A workbook unpacks to too much"),
        Label(
            "压缩文件解开后远超正常的报表，可能是有意构造的，不予读取。",
            "It unpacks to more than a workbook of figures can be, perhaps on purpose, and is not read.",
        ),
        Label(
            "把要用的工作表另存为单独的工作簿或 CSV。",
            "Save the sheet that is needed as a workbook of its own, or as CSV.",
        ),
    ),
    "PR417": Entry(
        Label("按同义名认作同一主键", "Taken for the same key by a synonym"),
        Label(
            "数据中的名称按规则包的 synonyms 换成了规定的名称。",
            "A name in the data was replaced by its usual form, by the synonyms of the pack.",
        ),
        Label("确认两个名称指的是同一个。", "See that both names mean the same."),
    ),
    "PR418": Entry(
        Label("文件没有读取", "A file is not read"),
        Label(
            "文件夹里有一个文件，名称与哪张表都对不上。",
            "A file in the folder is named after no table of the pack.",
        ),
        Label(
            "改成表名，或在 dataset.yaml 的 tables: 里写明；不用的文件不必理会。",
            "Name it after its table, or list it under tables: in dataset.yaml. Leave it if it is not needed.",
        ),
    ),
    "PR419": Entry(
        Label("数据文件读不了", "A data file cannot be read"),
        Label(
            "文件不存在、打不开、在数据文件夹之外，或者不是能读的类型。",
            "It does not exist, cannot be opened, lies outside the dataset's folder, or is of no type that can be read.",
        ),
        Label(
            "检查文件名；有密码的工作簿先去掉密码，另存为 .xlsx。",
            "Check its name; remove the password of a workbook and save it as .xlsx.",
        ),
    ),
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
}
