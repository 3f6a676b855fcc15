"""PR401 to PR419: what was found in the tables of a dataset."""

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
}
