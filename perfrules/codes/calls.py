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
        Label("文件写不进去", "A file cannot be written"),
        Label(
            "文件夹不存在、文件只读、没有权限或磁盘已满；原来的内容没有动。",
            "Its folder does not exist, it is read-only or not yours, or the disk is full. What was in it is untouched.",
        ),
        Label("检查路径和权限，再试一次。", "Check its path and its permissions, and try again."),
    ),
}
