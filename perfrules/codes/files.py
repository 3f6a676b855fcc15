"""PR1xx: files of a pack or a dataset that cannot be read, or say what they must not."""

from collections.abc import Mapping

from perfrules.codes.entry import Entry
from perfrules.locale import Label

FILES: Mapping[str, Entry] = {
    "PR101": Entry(
        Label("文件读不到", "A file cannot be read"),
        Label(
            "文件不存在、打不开、名称不合规则文件的写法，或者指向规则包以外的地方。",
            "The file does not exist, cannot be opened, is not named like a rules file, or leads out of the pack's folder.",
        ),
        Label(
            "检查文件名和权限；规则文件的名称以 .rules.yaml 结尾，直接放在规则包文件夹或它的下一级文件夹里。",
            "Check its name and permissions. Rules files end with .rules.yaml and lie in the pack's folder or one folder below.",
        ),
        "rules.yaml",
        "spending.rules.yaml",
    ),
    "PR102": Entry(
        Label("文件不是 UTF-8 文本", "A file is not UTF-8 text"),
        Label(
            "YAML 文件只按 UTF-8 读取；用 GBK 等编码保存的文件会读成乱码，所以不猜。",
            "YAML files are read as UTF-8 only: a file saved as GBK would read as other characters, so nothing is guessed.",
        ),
        Label("用编辑器另存为 UTF-8。", "Save it as UTF-8 in your editor."),
    ),
    "PR103": Entry(
        Label("YAML 语法有误", "The YAML is broken"),
        Label(
            "从标出的位置起，文件不再是合法的 YAML；常见原因是缩进不齐、引号没有配对、冒号后没有空格。",
            "From the marked place on the file is no YAML. Uneven indentation, an open quote or a colon without a space are the usual causes.",
        ),
        Label(
            "按提示改正标出的那一行，再运行 perfrules lint。",
            "Mend the marked line as the hint says, then run perfrules lint again.",
        ),
        "title:{zh: 支出}",
        "title: {zh: 支出}",
    ),
    "PR104": Entry(
        Label("同一个键写了两次", "A key stands twice"),
        Label(
            "多数 YAML 程序会悄悄只取后一个，于是前面写的内容就丢了；这里不允许。",
            "Most YAML programs silently take the last one, and what the first says is lost; here it is refused.",
        ),
        Label("删去其中一个。", "Remove one of the two."),
        "severity: error\nseverity: info",
        "severity: error",
    ),
    "PR105": Entry(
        Label("键后面是全角冒号", "A full-width colon stands behind a key"),
        Label(
            "YAML 只认半角冒号加空格；用全角冒号时，整行会被当成一段文字。",
            "YAML knows only the ordinary colon and a space; with the full-width one the whole line would be a text.",
        ),
        Label(
            "改成半角冒号，并在后面加一个空格。", "Write an ordinary colon, and a space behind it."
        ),
        "title：支出合计",
        "title: 支出合计",
    ),
    "PR106": Entry(
        Label("用制表符或全角空格缩进", "A line is indented with tabs or wide spaces"),
        Label(
            "看起来对齐，但 YAML 不把它们算作缩进，这一行就会落到别的层次上。",
            "It looks aligned, but YAML does not count these as indentation, so the line would belong elsewhere.",
        ),
        Label("只用普通空格缩进。", "Indent with ordinary spaces only."),
        "　　assert: a = b",
        "    assert: a = b",
    ),
    "PR107": Entry(
        Label("弯引号不起引号的作用", "Curly quotes are not quotes"),
        Label(
            "YAML 只认直引号；弯引号会成为文字的一部分。",
            "YAML knows straight quotes only; curly ones become a part of the text.",
        ),
        Label(
            "改用直引号；如果文字里确实要有弯引号，就在外面再加一层直引号。",
            "Write straight quotes, or put straight ones around the curly ones if these are meant.",
        ),
        "unit: “%”",
        'unit: "%"',
    ),
    "PR108": Entry(
        Label("用了锚点、别名、合并键或标签", "An anchor, alias, merge key or tag is used"),
        Label(
            "规则文件常由别人发来，这些写法能让内容与看到的不同，或者无限膨胀，所以一律不收。",
            "Rule files come from strangers, and these let a file mean something else than it shows, or grow without bound. They are refused.",
        ),
        Label("把内容逐字写出来。", "Write the content out."),
        "assert: !!str 1",
        "assert: a = 1",
    ),
    "PR109": Entry(
        Label("文件太大", "A file is too large"),
        Label(
            "为防止恶意文件拖垮电脑，单个 YAML 文件有大小上限。",
            "A YAML file has a size limit, so that a hostile one cannot stop the computer.",
        ),
        Label("拆成几个文件。", "Split it into several files."),
    ),
    "PR110": Entry(
        Label("数量或层数超过上限", "Too many entries, or too deep"),
        Label(
            "规则、文件、条目的数量和嵌套层数都有上限；正常的规则包远远达不到。",
            "The numbers of rules, files and entries and their depth are bounded; an ordinary pack comes nowhere near.",
        ),
        Label("把规则包拆成几个。", "Split the pack into several."),
    ),
    "PR111": Entry(
        Label("找不到规则包", "There is no such pack"),
        Label(
            "给出的名称既不是内置规则包，也不是已安装的规则包，也不是含有 pack.yaml 的文件夹。",
            "The name is neither a built-in pack, nor an installed one, nor a folder with a pack.yaml.",
        ),
        Label(
            "用 perfrules list 查看内置规则包，或给出含有 pack.yaml 的文件夹。",
            "See perfrules list for the built-in packs, or name the folder that holds the pack.yaml.",
        ),
        "perfrules check data --pack cn-overal",
        "perfrules check data --pack cn-overall-self-eval",
    ),
    "PR112": Entry(
        Label("不认识的键", "A key is unknown"),
        Label(
            "这个位置没有叫这个名字的键；如果放过去，写在里面的内容就不会起作用。",
            "There is no such key at this place; let through, it would have no effect, and nobody would notice.",
        ),
        Label(
            "按提示改正拼写；可用的键见 perfrules schema。",
            "Correct its spelling as the hint says; perfrules schema lists the keys.",
        ),
        "tittle: 支出合计",
        "title: 支出合计",
    ),
    "PR113": Entry(
        Label("缺少必须的键", "A required key is missing"),
        Label(
            "这一段缺少必须写的键，所以无法理解。",
            "The block lacks a key without which it means nothing.",
        ),
        Label("补上这个键。", "Add the key."),
        "- id: total\n  title: 合计",
        "- id: total\n  title: 合计\n  assert: total = a + b",
    ),
    "PR114": Entry(
        Label("键的值不对", "The value of a key is wrong"),
        Label(
            "值的类型、取值范围或写法不符合这个键的要求，或与别的键相互矛盾。",
            "The value is not of the kind or form that the key takes, or contradicts another key.",
        ),
        Label("按提示中列出的可取值改正。", "Correct it by what the message lists as allowed."),
        "severity: fatal",
        "severity: error",
    ),
    "PR115": Entry(
        Label("规则编号重复", "A rule id is used twice"),
        Label(
            "规则的编号在规则包内必须唯一，报告和放行清单都靠它区分规则。",
            "Ids are unique in a pack: reports tell rules apart by them.",
        ),
        Label("给其中一条规则另起编号。", "Give one of the rules another id."),
        "- id: total\n…\n- id: total",
        "- id: total\n…\n- id: total-of-parts",
    ),
    "PR116": Entry(
        Label("一个名称指两样东西", "A name means two things"),
        Label(
            "表或列的编号、标题、别名在能同时看到的范围内必须唯一，否则规则里的名称有歧义。",
            "Ids, titles and aliases of tables and columns must differ where a rule can see both, or a name in a rule is ambiguous.",
        ),
        Label("给其中一个换名称，或删去这个别名。", "Rename one of them, or remove the alias."),
    ),
    "PR117": Entry(
        Label(
            "提到的列、表或参数不存在", "A column, table or parameter that is named does not exist"
        ),
        Label(
            "for、per、table、tolerance、relations 等键里写的名称在规则包中找不到。",
            "A name under for, per, table, tolerance or relations is not in the pack.",
        ),
        Label(
            "按提示改正拼写，或在 pack.yaml 里补上。",
            "Correct its spelling as the hint says, or add it to pack.yaml.",
        ),
        "tolerance: {absolute: param.limt}",
        "tolerance: {absolute: param.limit}",
    ),
    "PR118": Entry(
        Label("用例写法不对", "A case is not of the rule's shape"),
        Label(
            "用例中的列名不在规则所说的表里，或者规则涉及几张表而用例没有分表写。",
            "A case names a column that the rule's table does not have, or the rule speaks about several tables and the case about one.",
        ),
        Label(
            "按列的编号写；涉及几张表时，每张表名下写一列行。",
            "Use column ids; where there are several tables, write lists of rows under their names.",
        ),
        "pass: {total: 3, a: 1}",
        "pass: {spending: [{total: 3}], parts: [{a: 1}, {a: 2}]}",
    ),
    "PR119": Entry(
        Label("配置文件读不了", "A configuration cannot be read"),
        Label(
            "perfrules.toml 或 pyproject.toml 不是 TOML，或者打不开。什么也没有核验。",
            "perfrules.toml or pyproject.toml is not TOML, or cannot be opened. Nothing was checked.",
        ),
        Label(
            "看所指的地方：文字要加引号，括号要成对。",
            "Look at the place: texts stand in quotes, brackets in pairs.",
        ),
        "strictness = review",
        'strictness = "review"',
    ),
}
