"""PR5xx: a call or a command line asks for something that does not exist."""

from collections.abc import Mapping

from perfrules.codes.entry import Entry
from perfrules.locale import Label

CALLS: Mapping[str, Entry] = {
    "PR501": Entry(
        Label("没有这种报告格式", "There is no such format"),
        Label(
            "格式由名称或文件的后缀确定，给出的名称或后缀都不认识。",
            "The format is told by its name or by the suffix of the file; neither is known.",
        ),
        Label(
            "用提示中列出的后缀，或写“格式=路径”。",
            "Use one of the suffixes in the hint, or write format=path.",
        ),
        "-o report.jsn",
        "-o report.json",
    ),
    "PR502": Entry(
        Label("这个报告不能保存", "This report cannot be saved"),
        Label(
            "只有 perfrules.check 得出的报告带有保存的办法。",
            "Only reports that perfrules.check made know how to save themselves.",
        ),
        Label(
            "保存 perfrules.check 返回的报告。", "Save the report that perfrules.check returned."
        ),
    ),
    "PR503": Entry(
        Label("没有要写入的文件夹", "There is no folder to write into"),
        Label(
            "输出文件所在的文件夹不存在；核验之前就检查，免得白算。",
            "The folder of an output file does not exist. This is seen before anything is checked.",
        ),
        Label("先建文件夹，或换一个路径。", "Make the folder, or choose another path."),
    ),
    "PR504": Entry(
        Label("没有这种无法核验的原因", "There is no such reason for unknown"),
        Label(
            "--allow-unknown 只认固定的一组原因。", "--allow-unknown takes a fixed set of reasons."
        ),
        Label("按提示改正。", "Correct it as the hint says."),
        "--allow-unknown=blanks",
        "--allow-unknown=blank",
    ),
    "PR505": Entry(
        Label("没有这条规则或这个代码", "There is no such rule or code"),
        Label(
            "给出的既不是规则的编号，也不是诊断代码。",
            "What was given is neither the id of a rule nor a diagnostic code.",
        ),
        Label(
            "用 perfrules list 规则包 查看规则编号；不是内置规则包的，加 --pack。",
            "See perfrules list PACK for the ids, and give --pack if the pack is not built in.",
        ),
        "perfrules explain oe-total",
        "perfrules explain oe-exp-total",
    ),
    "PR506": Entry(
        Label("没有这一行", "There is no such row"),
        Label(
            "数据中没有主键与 --row 相符的行，或者主键的写法不对。",
            "No row of the data has the key that --row gives, or the key is not written as KEY=VALUE.",
        ),
        Label(
            "写“主键列=值”，用逗号分开；没有写的列可以是任何值。",
            "Write key=value, with commas between; keys that are left out may be anything.",
        ),
        "--row 2023",
        "--row year=2023",
    ),
    "PR507": Entry(
        Label("没有数据文件夹", "There is no folder of data"),
        Label("给出的路径不存在。", "The path that was given does not exist."),
        Label("检查路径。", "Check the path."),
    ),
    "PR508": Entry(
        Label("文件已经存在", "The files are there already"),
        Label(
            "perfrules init 要写的文件有的已经存在。它不覆盖任何文件，所以一个也没有写。",
            "Some of the files that perfrules init would write are there. It overwrites nothing, so it has written none of them.",
        ),
        Label(
            "换一个文件夹，或者先移走提示中列出的文件。",
            "Name another folder, or move away the files that are listed.",
        ),
        "perfrules init .",
        "perfrules init my-pack",
    ),
    "PR509": Entry(
        Label("文件写不进去", "A file cannot be written"),
        Label(
            "文件夹建不起来，或者文件写不进去：只读、没有权限，或磁盘已满。原有的内容没有动，也没有留下半套文件。",
            "A folder cannot be made, or a file cannot be written: it is read-only or not yours, or the disk is full. What was there is untouched, and nothing is left half written.",
        ),
        Label(
            "看有没有写入权限、磁盘是否已满，或者换一个文件夹。",
            "Check permissions and free space, or choose another folder.",
        ),
    ),
    "PR510": Entry(
        Label("规则编号的写法不对", "This is no id of a rule"),
        Label(
            "规则编号由小写字母 a-z 和数字组成，中间可以用单个连字符隔开，最多 64 个字符。",
            "An id is made of small letters a-z and digits, parted by single hyphens, with at most 64 characters.",
        ),
        Label(
            "按提示改写；中文说明写在规则的 title 里。",
            "Write it as the hint says; what the rule says in words goes into its title.",
        ),
        "perfrules init rule Total_Spending",
        "perfrules init rule total-spending",
    ),
    "PR511": Entry(
        Label("规则编号已经用过", "The id is taken"),
        Label(
            "规则包里已有用这个编号的规则。编号在一个规则包里不能重复。",
            "The pack has a rule of this id. Ids are unique in a pack.",
        ),
        Label(
            "换一个编号，或者修改已有的规则。",
            "Choose another id, or change the rule that is there.",
        ),
    ),
    "PR512": Entry(
        Label("不知道规则管哪张表", "It is not known which table is meant"),
        Label(
            "规则包有几张表而没有写 --table，或者 --table 写的表不在规则包里。",
            "The pack has several tables and --table names none, or it names one that the pack does not have.",
        ),
        Label("用 --table 写规则包中的一张表。", "Name a table of the pack with --table."),
        "perfrules init rule total-spending --table spendings",
        "perfrules init rule total-spending --table spending",
    ),
    "PR513": Entry(
        Label("这张表没有可供起草规则的列", "The table has no column to draft a rule of"),
        Label(
            "规则的草稿是按表的列猜的，而这张表除了作主键的日期以外没有别的列。",
            "A draft is guessed from the columns of a table, and this one has none besides the dates of its key.",
        ),
        Label("在 pack.yaml 里补上这张表的列。", "Add the columns of the table to pack.yaml."),
    ),
    "PR514": Entry(
        Label("生成不出这样的数据", "No such data can be made"),
        Label(
            "按规则生成数据时，没有这张表或这条规则，规则之间互相矛盾，含有无法生成的写法，或者只改一格做不到所要的结果。",
            "Data were to be made from rules: the pack has no such table or rule, the rules exclude each other, one uses something for which "
            "nothing can be generated, or no change of a single cell does what is asked.",
        ),
        Label(
            "按提示看是哪一种；互相矛盾的规则要先改好。",
            "See in the message which of these it is; rules that exclude each other must be mended first.",
        ),
    ),
    "PR515": Entry(
        Label("没有安装测试用的库", "What tests of rules need is not installed"),
        Label(
            "由规则生成数据要用 hypothesis 和 z3-solver。只核验数据用不着它们，所以不随 perfrules 一起安装。",
            "Data are made from rules with hypothesis and z3-solver. Checking data needs neither, so perfrules does not bring them along.",
        ),
        Label(
            '按提示安装：pip install "perfrules[testing]"。',
            'Install them as the hint says: pip install "perfrules[testing]".',
        ),
    ),
    "PR516": Entry(
        Label("报告文件读不了", "A report cannot be read"),
        Label(
            "文件打不开，不是 JSON，或者没有写完整。",
            "The file cannot be opened, is not JSON, or ends before its time.",
        ),
        Label(
            "检查路径；文件不完整的，用 perfrules check -o json=路径 重新生成。",
            "Check the path; if the file is cut off, write it again with perfrules check -o json=PATH.",
        ),
    ),
    "PR517": Entry(
        Label("这不是 perfrules 的报告", "This is no report of perfrules"),
        Label(
            "文件是 JSON，但不合报告的格式：缺少内容、类型不对，或者数与数之间对不上，比如结论的个数加起来不等于行数。报告读进来必须与写出时一样，所以有一处不对就整份不读。",
            "The file is JSON, but not as a report is: something is missing or of the wrong kind, or its numbers disagree, such as outcomes that do not "
            "add up to rows. A report is read as it was written or not at all.",
        ),
        Label(
            "用 perfrules check -o json=路径 生成的文件，不要手工修改。格式见 perfrules schema report。",
            "Use a file that perfrules check -o json=PATH wrote, and do not edit it. perfrules schema report prints what it must be like.",
        ),
    ),
    "PR518": Entry(
        Label("报告的版本不认识", "The report has another version"),
        Label(
            "报告写明的格式版本与本版 perfrules 所读的不同。",
            "The version of the format that the report names is not the one that this perfrules reads.",
        ),
        Label(
            "用写出它的 perfrules 或更新的版本来读，或者重新核验。",
            "Read it with the perfrules that wrote it or a newer one, or check the data again.",
        ),
    ),
    "PR519": Entry(
        Label("没有安装数据库用的库", "What databases need is not installed"),
        Label(
            "在 DuckDB 和 PostgreSQL 里核验要用 ibis、narwhals、pyarrow 和数据库的驱动。只核验文件用不着它们，所以不随 perfrules 一起安装。",
            "Data in DuckDB and PostgreSQL are checked with ibis, narwhals, pyarrow and the drivers of the databases. "
            "Files need none of them, so perfrules does not bring them along.",
        ),
        Label(
            '按提示安装：pip install "perfrules[sql]"。',
            'Install them as the hint says: pip install "perfrules[sql]".',
        ),
    ),
    "PR520": Entry(
        Label("这个规则包不能修改", "This pack is not changed"),
        Label(
            "--fix 只修改文件夹里的规则包；按编号给出的内置或已安装的规则包不属于你，改了也会在升级时丢失。",
            "--fix changes packs in folders only. A pack that is named by its id is built in or installed: it is not yours, and an update would undo the change.",
        ),
        Label("给出规则包的文件夹。", "Name the folder of the pack."),
        "perfrules lint --fix cn-overall-self-eval",
        "perfrules lint --fix rules/my-pack",
    ),
    "PR521": Entry(
        Label("没有可写结果的数据库", "There is no database to write results to"),
        Label(
            "“-o table=表名”把结果写进数据所在的数据库；这次的数据不在数据库里。",
            "-o table=NAME writes results to the database that the data are in; these data are in none.",
        ),
        Label(
            "写成文件，例如 -o json=report.json。",
            "Write a file instead, such as -o json=report.json.",
        ),
        "perfrules check data -o table=results",
        "perfrules check duckdb:///data.duckdb -p my-pack -o table=results",
    ),
    "PR522": Entry(
        Label("基线读不了", "A baseline cannot be read"),
        Label(
            "基线文件不在，或者不是 perfrules baseline update 写的。没有核对任何东西。",
            "The file of the baseline is not there, or is not one that perfrules baseline update wrote. Nothing was checked.",
        ),
        Label(
            "先存一份报告，再由它生成基线。",
            "Save a report, and make the baseline of it.",
        ),
        "perfrules check data --baseline perfrules.baseline.json",
        "perfrules check data -o report.json\nperfrules baseline update report.json --baseline perfrules.baseline.json",
    ),
    "PR523": Entry(
        Label("没有可以说明的发现", "There is no finding to explain"),
        Label(
            "报告里没有这条规则在这一行的不符或无法核验，或者都已经说明过。",
            "The report has no contradiction, and nothing unknown, of this rule at this row; or all of them are waived already.",
        ),
        Label(
            "按提示写规则编号和主键；报告须是数字改动之后的。",
            "Name the rule and the key as the hint says; the report must be of the numbers as they are now.",
        ),
        "perfrules waive report.json --rule oe-total --key unit=甲局",
        "perfrules waive report.json --rule oe-exp-total --key unit=甲局",
    ),
    "PR524": Entry(
        Label("这不是原因", "This is no reason"),
        Label(
            "原因是一张表里的代码，或其中文、英文说法。",
            "A reason is one code of a list, or its words in either language.",
        ),
        Label(
            "照提示写；都不合适的，写 other 并用 --text 说明。",
            "Write one of the list; where none fits, other, and tell it with --text.",
        ),
        "perfrules waive report.json --rule oe-exp-total --reason mistake",
        "perfrules waive report.json --rule oe-exp-total --reason correction",
    ),
    "PR525": Entry(
        Label("不能往这个文件里加豁免", "No waiver can be added to this file"),
        Label(
            "它是另一个规则包的，或者豁免都写在一行里，或者是工作簿。没有改动任何文件。",
            "It is for another pack, its waivers are written in one line, or it is a workbook. No file was changed.",
        ),
        Label(
            "换一个文件，或者把豁免分行写。",
            "Name another file, or write its waivers in lines of their own.",
        ),
        "waivers: [{rule: oe-exp-total, reason: scope}]",
        "waivers:\n  - rule: oe-exp-total\n    reason: scope",
    ),
    "PR526": Entry(
        Label("没有要核的规则", "No rule is asked"),
        Label(
            "规则包里没有这个严格程度要核的规则，什么也没有核验。",
            "The pack has no rule that this strictness asks, so nothing was checked.",
        ),
        Label("换一个严格程度。", "Ask for more with another strictness."),
        "perfrules check data --strictness first",
        "perfrules check data --strictness review",
    ),
    "PR527": Entry(
        Label("没有这个方案", "There is no such profile"),
        Label(
            "配置里没有 --profile 所说的方案，或者没有配置。",
            "The configuration has no profile of the name that --profile gives, or there is no configuration.",
        ),
        Label(
            "按提示改正名称，或在配置里加上它。",
            "Correct the name as the hint says, or add it to the configuration.",
        ),
        "perfrules check --profile anual",
        "perfrules check --profile annual",
    ),
}
