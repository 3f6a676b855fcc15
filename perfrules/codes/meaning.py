"""PR6xx: a rule is well-formed and probably not what was meant."""

from collections.abc import Mapping

from perfrules.codes.entry import Entry
from perfrules.locale import Label

MEANING: Mapping[str, Entry] = {
    "PR601": Entry(
        Label("规则没有用例", "A rule has no cases"),
        Label(
            "没有用例，就无从证明规则说的正是想说的，以后改动时也无人发觉它变了。",
            "Without cases nothing shows that the rule says what is meant, and nobody notices when a later change alters it.",
        ),
        Label(
            "至少写一行应当通过的和一行应当不符的。",
            "Write at least one row that must pass and one that must fail.",
        ),
        "assert: total = basic + project",
        "assert: total = basic + project\ncases:\n  pass: {total: 3.00, basic: 1.00, project: 2.00}\n  fail: {total: 4.00, basic: 1.00, project: 2.00}",
    ),
    "PR602": Entry(
        Label("用例缺一面", "The cases show one side only"),
        Label(
            "没有通过的用例，规则可能从不通过；没有不符的用例，规则可能什么也查不出。",
            "Without a case that passes the rule may never pass; without one that fails it may never find anything.",
        ),
        Label("补上缺少的用例。", "Add the case that is missing."),
        "cases:\n  pass: {total: 3.00, basic: 1.00, project: 2.00}",
        "cases:\n  pass: {total: 3.00, basic: 1.00, project: 2.00}\n  fail: {total: 4.00, basic: 1.00, project: 2.00}",
    ),
    "PR603": Entry(
        Label("适用条件永不成立", "A guard never holds"),
        Label(
            "适用条件的各部分（包括起止年度）互相矛盾，没有一行数据能同时满足，规则永远不适用。",
            "The parts of the guard, with the years for which the rule holds, contradict one another: no row meets them all, and the rule never applies.",
        ),
        Label(
            "看哪一部分写错了；只需满足其一的，用 or 连接。",
            "See which part is meant otherwise; join alternatives by or.",
        ),
        "when: stage = '决算' and stage = '年初预算'",
        "when: stage = '决算' or stage = '年初预算'",
    ),
    "PR604": Entry(
        Label("有一支永远到不了", "A branch is never reached"),
        Label(
            "通往这一支的条件与其余条件矛盾，所以它永远不起作用。",
            "What leads to the branch contradicts the rest of the conditions, so that it never has an effect.",
        ),
        Label(
            "看条件是否写错；确实用不到的，删去。",
            "See whether the condition is meant otherwise; leave the branch out if it is not needed.",
        ),
        "when: stage = '决算'\nassert: if stage = '年初预算' then a ≤ b else a = b",
        "when: stage = '决算'\nassert: a = b",
    ),
    "PR605": Entry(
        Label("适用条件有多余的部分", "A part of a guard adds nothing"),
        Label(
            "其余部分已经说明了它，去掉后每个结论都不变。“is not blank”不在此列：它使空缺的行不适用，而不是无法核验。",
            "The other parts imply it, and every outcome is the same without it. “is not blank” is never meant: it makes rows not applicable that would else be unknown.",
        ),
        Label(
            "删去；或者看是否本想写另一个数。",
            "Leave it out, or see whether another figure is meant.",
        ),
        "when: staff > 5 and staff > 3",
        "when: staff > 5",
    ),
    "PR606": Entry(
        Label("断言不可能不符", "An assertion cannot fail"),
        Label(
            "凡规则适用之处断言必然成立：适用条件已经要求了同样的内容，或者断言本身恒真。",
            "Wherever the rule applies the assertion holds: the guard demands the same already, or the assertion is always true.",
        ),
        Label(
            "把要核验的内容从适用条件移到断言，或改正断言。",
            "Leave in the guard only where the rule applies, and in the assertion what must hold there.",
        ),
        "when: score ≤ weight\nassert: score ≤ weight",
        "when: weight > 0\nassert: score ≤ weight",
    ),
    "PR607": Entry(
        Label("断言不可能通过", "An assertion cannot pass"),
        Label(
            "凡规则适用之处断言都不成立：它与适用条件矛盾，或者自相矛盾。",
            "Wherever the rule applies the assertion does not hold: it contradicts the guard, or itself.",
        ),
        Label(
            "适用条件说的是“在何处”，断言说的是“应当怎样”；看哪一个写反了。",
            "The guard says where, the assertion what must hold there: see which of them is the wrong way round.",
        ),
        "when: reason is blank\nassert: reason is not blank",
        "when: score < weight\nassert: reason is not blank",
    ),
    "PR608": Entry(
        Label("容差比印出的精度还细", "A tolerance is finer than the print"),
        Label(
            "所比的数只印到一定的位数，单是四舍五入就能差半个末位；更细的容差会把正确的数判为不符。",
            "The figures are printed to a certain place, and rounding alone moves them by half of it; a finer tolerance lets correct figures fail.",
        ),
        Label(
            "不写容差（默认按印出的精度判断），或把它放宽。",
            "Leave the tolerance out, which follows the accuracy of the print, or widen it.",
        ),
        "tolerance: {absolute: 0.001万元}",
        "tolerance: rounding",
    ),
    "PR609": Entry(
        Label("对四舍五入后的合计要求分毫不差", "An exact sum of rounded figures"),
        Label(
            "合计和各分项各自四舍五入，加起来可能差几个末位，这并不是错；tolerance: exact 会把它判为不符。",
            "The total and its parts are rounded each by itself and may differ in the last place without being wrong; tolerance: exact makes that a fail.",
        ),
        Label(
            "删去 tolerance: exact：差在舍入之内的报为舍入差。各数未经四舍五入的，在列上写 decimals: exact。",
            "Leave tolerance: exact out, and what rounding explains is told as rounding. If the figures are not rounded, say decimals: exact of the columns.",
        ),
        "assert: total = basic + project\ntolerance: exact",
        "assert: total = basic + project",
    ),
    "PR610": Entry(
        Label("容差宽得失去意义", "A tolerance beyond reason"),
        Label(
            "相对容差达到一半以上，几乎什么都能通过；多半是漏写了百分号。",
            "With a relative tolerance of half or more nearly everything passes; most likely a percent sign is missing.",
        ),
        Label("写 5% 或 0.05。", "Write 5% or 0.05."),
        "tolerance: {relative: '5'}",
        "tolerance: {relative: 5%}",
    ),
    "PR611": Entry(
        Label("没有规则用到这个表或列", "No rule speaks of a table or column"),
        Label(
            "没有规则用到这个表；或者没有规则用到这一列，而它也没有标题。有标题、别名或说明的列视为记录表式，可以不被用到。",
            "No rule speaks of the table; or none speaks of the column, and it has no title. A column with a title, alias or description documents the form and may stand unused.",
        ),
        Label(
            "写一条规则，或给列加上标题，或删去。",
            "Write a rule about it, give the column a title, or leave it out.",
        ),
        "columns:\n  spare: {type: money}",
        "columns:\n  spare: {type: money, title: {zh: 备用金, en: Reserve}}",
    ),
    "PR612": Entry(
        Label("没有规则用到这个参数", "No rule refers to a parameter"),
        Label(
            "改这个参数不影响任何结论；多半是规则里直接写了数字，或规则已经删去。",
            "A change of it alters no outcome. Most likely a rule has the number itself, or the rule is gone.",
        ),
        Label(
            "在规则里写 param.名称，或删去参数。",
            "Write param.name in the rule, or leave the parameter out.",
        ),
        "params:\n  limit: {value: 20%}\n# assert: rise ≤ 20%",
        "params:\n  limit: {value: 20%}\n# assert: rise ≤ param.limit",
    ),
    "PR613": Entry(
        Label("没有规则用到这个关联", "No rule goes along a relation"),
        Label(
            "关联只在规则按它的名称取数时起作用。",
            "A relation has an effect only where a rule takes figures by its name.",
        ),
        Label(
            "在规则里写“关联名.列”，或删去关联。",
            "Write relation.column in a rule, or leave the relation out.",
        ),
        "assert: sum(expenditure.total) = total",
        "assert: sum(subunits.total) = total",
    ),
    "PR614": Entry(
        Label("编号没有说明规则的内容", "An id names nothing"),
        Label(
            "编号会出现在报告、讨论和以后的底稿里，而且不再改变；r1、rule-3、check-total-2 这样的编号让人看不出查的是什么。",
            "The id stands in reports, talks and later papers and never changes; r1, rule-3 or check-total-2 tell nobody what is checked.",
        ),
        Label("用编号说明应当成立的关系。", "Let the id name what must hold."),
        "- id: rule-3",
        "- id: total-is-basic-plus-project",
    ),
    "PR615": Entry(
        Label("规则没有标题", "A rule has no title"),
        Label(
            "报告在每处发现旁边写出规则的标题；没有标题，读者只能看到公式。",
            "Reports show the title of the rule beside every finding; without one a reader sees only the formula.",
        ),
        Label("用一句话写明应当成立什么。", "Say in a few words what must hold."),
        "- id: exp-total",
        "- id: exp-total\n  title: {zh: 支出合计等于基本支出加项目支出, en: Total is basic plus project}",
    ),
    "PR616": Entry(
        Label("两条规则说的是同一件事", "Two rules state the same"),
        Label(
            "这条规则与另一条只差项的次序、两边的位置或列的写法；或者另一条成立时它必然成立，所以它查不出新的问题。",
            "The rule differs from another only in the order of terms, sides or the names of columns; or it holds wherever the other holds, and so finds nothing new.",
        ),
        Label(
            "删去一条；或者看是否本想写另一列。较宽的规则若更严重，给它更高的严重程度。",
            "Leave one out, or see whether another column is meant. If the weaker rule is the graver one, give it the higher severity.",
        ),
        "- {id: exp-total, assert: total = basic + project}\n- {id: exp-parts, assert: project + basic = total}",
        "- {id: exp-total, assert: total = basic + project}",
    ),
    "PR617": Entry(
        Label("比率与不带百分号的数相比", "A ratio meets a number without a percent sign"),
        Label(
            "比率 99% 就是 0.99，所以不带百分号的 100 是 10000%，这样的条件几乎总成立，或几乎总不成立。",
            "A ratio of 99% is 0.99, so that a bare 100 is 10000%: such a condition holds nearly always, or nearly never.",
        ),
        Label(
            "写上百分号；确实是几倍的，也用百分数写，例如 200%。",
            "Write the percent sign; write a multiple as a percentage too, such as 200%.",
        ),
        "assert: rate ≤ 100",
        "assert: rate ≤ 100%",
    ),
    "PR618": Entry(
        Label("比率又乘了 100", "A ratio times 100"),
        Label(
            "百分数读入时已按百分号换算，99% 就是 0.99；再乘 100 就大了一百倍，每一行都会不符。",
            "A percentage is read with its sign, so that 99% is 0.99; times 100 the right side is a hundred times too large, and every row fails.",
        ),
        Label("去掉乘 100。", "Leave the 100 out."),
        "assert: rate = executed / budget * 100",
        "assert: rate = executed / budget",
    ),
    "PR619": Entry(
        Label(
            "两条规则只在相等时都成立", "Two rules hold together only where both sides are equal"
        ),
        Label(
            "一条要求不大于，另一条要求不小于，适用条件相同；多半有一条写反了，或者本该写等号。",
            "One asks for no more, the other for no less, under the same guard. Most likely one is the wrong way round, or an equation is meant.",
        ),
        Label(
            "改正方向，或合为一个等式，或给其中一条加上适用条件。",
            "Turn one round, write one equation, or give one of them a guard.",
        ),
        "- {id: spent-within-budget, assert: spent ≤ budget}\n- {id: budget-within-spent, assert: budget ≤ spent}",
        "- {id: spent-within-budget, assert: spent ≤ budget}",
    ),
    "PR620": Entry(
        Label("两条规则互相矛盾", "Two rules contradict each other"),
        Label(
            "适用条件相同的两条规则，没有数能同时满足，所以每一行至少有一条不成立。",
            "No figures meet both rules, and their guards are the same: on every row at least one of them does not hold.",
        ),
        Label(
            "改正其中一条，或给它加上适用条件。",
            "Correct one of them, or give it a guard.",
        ),
        "- {id: full-score, assert: weight = 100}\n- {id: full-weight, assert: weight = 10}",
        "- {id: full-score, assert: weight = 100}",
    ),
    "PR621": Entry(
        Label("用例写了规则用不到的数", "Cases give figures that the rule does not read"),
        Label(
            "用例里有这一列，规则却不取它，所以它等于多少都不影响结论；多半是规则漏了一项，或写成了别的列。",
            "A column stands in the cases and the rule does not read it, so that its value alters no outcome. Most likely a term of the rule is missing, or another column is written.",
        ),
        Label(
            "看规则是否漏了它；确实不用的，从用例中删去。",
            "See whether it is missing in the rule; if it is not needed, leave it out of the cases.",
        ),
        "assert: total = basic\ncases:\n  pass: {total: 3.00, basic: 3.00, project: 0.00}",
        "assert: total = basic + project\ncases:\n  pass: {total: 3.00, basic: 3.00, project: 0.00}",
    ),
}
