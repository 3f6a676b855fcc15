"""Codes of waivers, baselines and gradings: PR460 to PR469."""

from collections.abc import Mapping

from perfrules.codes.entry import Entry
from perfrules.locale import Label

SETTLING: Mapping[str, Entry] = {
    "PR460": Entry(
        Label("豁免没有用上", "A waiver is not used"),
        Label(
            "没有它所说的不符或无法核验：已经改正，或者规则、主键写错了，或者另一条豁免已经说明。",
            "There is no contradiction, and nothing unknown, that it speaks of: it was mended, or the rule or key is misspelt, or another waiver explains it.",
        ),
        Label("改正它，或者删去。", "Correct it, or remove it."),
    ),
    "PR461": Entry(
        Label("豁免已经过期", "A waiver has expired"),
        Label(
            "过了 expires 所写的日期，它所说的不符重新算数。",
            "The day under expires is over, so what it explains counts again.",
        ),
        Label(
            "重新核实；仍然成立的，写上新的日期和有效期。",
            "Look again; if the reason still holds, give it a new date and a new end.",
        ),
        "date: 2025-06-30\nexpires: 2025-12-31",
        "date: 2026-01-15\nexpires: 2026-12-31",
    ),
    "PR462": Entry(
        Label("数字变了，豁免失效", "A waiver has lapsed, for the numbers changed"),
        Label(
            "豁免说明的是当时所见的数字；现在任何一个数字不同，就不再算数。",
            "A waiver explains the numbers that were seen. One of them is another now, so it does not count.",
        ),
        Label(
            "看看新的数字。原因仍然成立的，用 perfrules waive 另写一条，把旧的删去。",
            "Look at the new numbers. If the reason still holds, write a new one with perfrules waive and remove the old one.",
        ),
    ),
    "PR463": Entry(
        Label("豁免是另一个规则包的", "Waivers are for another pack"),
        Label(
            "文件开头的 pack 不是这次核对所用的规则包，里面的豁免都没有用。",
            "The file says another pack than the one that was run, so none of its waivers is used.",
        ),
        Label("改正 pack，或者不用这个文件。", "Correct pack, or leave the file out."),
        "pack: final-accounts",
        "pack: cn-overall-self-eval",
    ),
    "PR464": Entry(
        Label("有的结论没有与基线比对", "Verdicts are not compared with the baseline"),
        Label(
            "报告只保留每条规则每种结论的前若干处，其余只有计数，既不能豁免，也不能与基线比对，都算作新的。",
            "A report keeps so many verdicts of each rule and outcome. The others are only counted; they cannot be compared, and count as new.",
        ),
        Label("用 --detail 保留更多。", "Keep more with --detail."),
        "perfrules check data --baseline perfrules.baseline.json",
        "perfrules check data --baseline perfrules.baseline.json --detail 100000",
    ),
    "PR465": Entry(
        Label("基线里有已经没有的发现", "The baseline holds findings that are gone"),
        Label(
            "基线里的这些发现，这次核对时已经没有了。",
            "These findings of the baseline were not found this time, though their rules ran.",
        ),
        Label(
            "用 perfrules baseline prune 从基线里删去，免得它们再出现时被放过。",
            "Take them out with perfrules baseline prune, or they pass when they come back.",
        ),
    ),
    "PR466": Entry(
        Label("规则因严格程度没有运行", "Rules are left out by the strictness"),
        Label(
            "初审只核错误中依据没有存疑的，复核只核错误和警告；其余规则没有运行，报告里逐条列出。",
            "A first look asks for errors of certain basis only, a review for errors and warnings. The other rules did not run; the report lists them.",
        ),
        Label("要全部核验，用 --strictness full。", "To ask all of them, use --strictness full."),
        "perfrules check data --strictness first",
        "perfrules check data --strictness full",
    ),
    "PR467": Entry(
        Label("给没有的规则定了严重程度", "A severity is given to a rule that is not there"),
        Label(
            "配置里的 severities 写了规则包里没有的规则。",
            "The severities of the configuration name a rule that the pack does not have.",
        ),
        Label("改正编号，或者删去。", "Correct the id, or remove it."),
        '[tool.perfrules.severities]\noe-exp-totel = "warning"',
        '[tool.perfrules.severities]\noe-exp-total = "warning"',
    ),
    "PR469": Entry(
        Label("台账读不回来", "A ledger cannot be read back"),
        Label(
            "台账里选了原因类别的行要成为豁免：原因、责任人和日期要写全，perfrules 写的几列不能改动。有一处不对，整个文件都不用。",
            "A row of a ledger in which a reason was chosen becomes a waiver, so reason, responsible and date must be there, and the columns of perfrules as they were. With one fault, none of the file is used.",
        ),
        Label(
            "在所说的单元格里改正。",
            "Correct the cell that is named.",
        ),
    ),
}
