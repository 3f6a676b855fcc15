"""The sheet of the rules: what each says, whether it ran, and what came out; and what was remarked on the run."""

from perfrules import wording
from perfrules.exchange.excel import Cell, Heading, Listing, Value
from perfrules.locale import message
from perfrules.locale.words import OUTCOMES, SEVERITIES
from perfrules.renderers.xlsx.findings import grounds
from perfrules.renderers.xlsx.paper import TONES, Paper
from perfrules.report import RuleCount, RuleFacts


def write(paper: Paper) -> None:
    """The sheet."""
    say = paper.say
    headings = [
        Heading(say(message("rule"))), Heading(say(message("title")), 34), Heading(say(message("severity")), 10, center=True),
        Heading(say(message("run")), 10, center=True), Heading(say(message("verdicts")), 9, center=True),
        *(Heading(say(name), 9, center=True) for name in OUTCOMES.values()),
        Heading(say(message("rule as written")), 44), Heading(say(message("applies where")), 28), Heading(say(message("tables")), 18),
        Heading(say(message("why it did not run")), 36), Heading(say(message("basis")), 34), Heading(say(message("what to do")), 30),
        Heading(say(message("place"))),
    ]  # fmt: skip
    sheet = paper.book.sheet(paper.names["rules"])
    ran = {count.rule: count for count in paper.report.counts}
    told = message("{count} rules, of which {ran} ran", count=len(paper.facts), ran=len(ran))
    back = Cell(paper.names["summary"], "quiet", link=(paper.names["summary"], 0, 0))
    listing = Listing(sheet, say(message("Rules")), [say(told), back], headings, keep=2)
    first = _first(paper)
    for rule in dict.fromkeys([*paper.facts, *ran, *paper.report.idle]):
        listing.add(_row(paper, rule, ran.get(rule), first))
    listing.close(paper.footer)
    paper.written.append(
        (sheet.name, len(paper.facts), say(message("Every rule and what came of it")))
    )


def _first(paper: Paper) -> dict[tuple[str, str], int]:
    """The first finding of each rule and outcome, by position."""
    found: dict[tuple[str, str], int] = {}
    for position, finding in enumerate(paper.report.details):
        found.setdefault((finding.rule, finding.outcome), position)
    return found


def _row(
    paper: Paper, rule: str, count: RuleCount | None, first: dict[tuple[str, str], int]
) -> list[Cell | Value]:
    say, facts = paper.say, paper.facts.get(rule)
    known = facts or count
    state = message("ran") if count is not None else message("did not run")
    why = "" if count is not None else say(wording.why_idle(paper.report.idle.get(rule, ())))
    return [
        rule,
        "" if known is None else say(known.title),
        "" if known is None else say(SEVERITIES[known.severity]),
        Cell(say(state), "" if count is not None else "unknown"),
        "" if count is None else count.rows,
        *(_count(paper, rule, outcome, count, first) for outcome in OUTCOMES),
        *_said(paper, facts, why),
    ]


def _count(
    paper: Paper,
    rule: str,
    outcome: str,
    count: RuleCount | None,
    first: dict[tuple[str, str], int],
) -> Cell:
    """How many verdicts have an outcome; leads to the first of them."""
    number = 0 if count is None else count.of(outcome)
    if count is None or not number:
        return Cell("" if count is None else 0)
    position = first.get((rule, outcome))
    link = None if position is None else paper.home(position)
    return Cell(number, TONES[outcome], link)


def _said(paper: Paper, facts: RuleFacts | None, why: str) -> list[Cell | Value]:
    if facts is None:
        return ["", "", "", why, "", "", ""]
    place = f"{facts.file}:{facts.line}" if facts.line is not None else facts.file
    return [
        facts.formula,
        facts.guard,
        "\n".join(facts.tables),
        why,
        grounds(facts, paper),
        paper.say(facts.hint),
        place,
    ]
