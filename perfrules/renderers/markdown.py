"""Markdown, for comments and summaries of CI services: the outcomes of every rule, then what was found, rule by rule, in tables.

What holds within rounding is one line for each table. What the data say is escaped: no link, image, tag or mention begins in it. Fifty findings of each rule are shown, and the number of
the others.
"""

from collections.abc import Iterator

from perfrules import wording
from perfrules.exchange.markdown import code, plain, table
from perfrules.findings import EvidenceCell, Finding
from perfrules.locale import message, word
from perfrules.locale.words import OUTCOMES, SEVERITIES
from perfrules.report import Report, RuleCount, RuleFacts
from perfrules.report.league import DOZEN, absent, league, present, share_of

SUFFIXES = (".md", ".markdown")
_SHOWN = 50
"""Findings that are shown of one rule and outcome."""
_UNITS = 10
"""Units, and rules, of the league."""
_TITLES = {
    "fail": message("contradictions"),
    "unknown": message("could not be checked"),
    "rounding": message("within rounding"),
}


def render(report: Report, language: str) -> str:
    """The page; ends with a line break."""
    return "\n".join(_Page(report, language).lines()).rstrip("\n") + "\n"


class _Page:
    """Writes one report in one language."""

    def __init__(self, report: Report, language: str) -> None:
        self.report = report
        self.language = language
        self.facts = {rule.rule: rule for rule in report.rules}
        self.findings = wording.by_rule(report)
        self.open = wording.unsettled(report)

    def say(self, item: object) -> str:
        """``item`` in words that Markdown leaves alone."""
        return plain(word(item, self.language))

    def lines(self) -> Iterator[str]:
        """All of it."""
        yield from self.head()
        yield from self.summary()
        yield from self.units()
        for outcome in ("fail", "unknown"):
            yield from self.found(outcome)
        yield from self.roundings()
        yield from self.settled()
        yield from self.idle()
        yield from self.notices()
        kept = wording.not_kept(self.report)
        if kept is not None:
            yield from ("", self.say(kept))

    def head(self) -> Iterator[str]:
        """What ran over what, and what came out."""
        run = self.report.run
        yield f"# {self.say(run.pack_title) or plain(run.pack)}"
        yield ""
        yield self.say(run.dataset or message("frames")) + "  "
        yield f"{code(f'{run.pack} {run.pack_version}')}, perfrules {plain(run.perfrules)}"
        yield ""
        yield self.say(
            tuple(
                message("{outcome} {count}", outcome=name, count=self.report.total(outcome))
                for outcome, name in OUTCOMES.items()
            )
            + wording.settled(self.report)
        )

    def summary(self) -> Iterator[str]:
        """A line for every rule that ran."""
        names = [self.say(name) for name in OUTCOMES.values()]
        head = [
            self.say(message("rule")),
            self.say(message("title")),
            self.say(message("severity")),
            *names,
        ]
        rows = (
            [
                code(count.rule),
                self.say(count.title),
                self.say(SEVERITIES[count.severity]),
                *(str(count.of(outcome)) for outcome in OUTCOMES),
            ]
            for count in self.report.counts
        )
        yield from ("", *table(head, rows, len(names)))

    def units(self) -> Iterator[str]:
        """The units with the gravest findings, and who is missing; nothing for few units of which none is."""
        found = self.report.units
        if found is None or (len(found.counts) < DOZEN and not found.missing):
            return
        yield from ("", f"## {self.say(message('units: {said}', said=present(found)))}", "")
        if missing := absent(found):
            told = message("due and missing: {units}", units=tuple(missing[:_SHOWN]))
            yield from (self.say(told), "")
            if len(missing) > _SHOWN:
                yield from (self.say(message("{count} more", count=len(missing) - _SHOWN)), "")
        standing = league(self.report)
        heads = [*SEVERITIES.values(), OUTCOMES["unknown"], message("coverage")]
        rows = (
            [
                plain(one.count.unit) or "—",
                *(str(one.failed[severity]) for severity in SEVERITIES),
                str(one.unknown),
                share_of(one.count),
            ]
            for one in standing.units[:_UNITS]
        )
        yield from table([self.say(message("unit")), *map(self.say, heads)], rows, len(heads))
        if len(standing.units) > _UNITS:
            yield from (
                "",
                self.say(message("{count} more", count=len(standing.units) - _UNITS)),
            )
        if not standing.rules:
            return
        broken = (
            [code(one.count.rule), self.say(one.count.title), f"{one.broken} / {one.due}"]
            for one in standing.rules[:_UNITS]
        )
        heads = [message("rule"), message("title"), message("broken by units")]
        yield from ("", *table([self.say(head) for head in heads], broken, 1))

    def found(self, outcome: str) -> Iterator[str]:
        """What has this outcome, rule by rule."""
        total = sum(self.open[count.rule, outcome] for count in self.report.counts)
        if not total:
            return
        yield from ("", f"## {self.say(_TITLES[outcome])}: {total}")
        for count in self.report.counts:
            if self.open[count.rule, outcome]:
                yield from self.rule(count, outcome)

    def roundings(self) -> Iterator[str]:
        """What holds only because figures are rounded, a line for each table."""
        total = self.report.total("rounding")
        if not total:
            return
        yield from ("", f"## {self.say(_TITLES['rounding'])}: {total}", "")
        names = (message("table"), message("verdicts"), message("rules"), message("largest difference"), message("remark"))  # fmt: skip
        rows = (
            [
                self.say(cluster.title),
                str(cluster.count),
                "<br>".join(code(rule) for rule in cluster.rules),
                "<br>".join(plain(f"{gap} {key}".rstrip()) for gap, key in cluster.largest),
                "<br>".join(
                    self.say(message("{count} of them: {note}", count=count, note=note))
                    for note, count in cluster.notes
                ),
            ]
            for cluster in wording.clusters(self.report)
        )
        yield from table([self.say(name) for name in names], rows)

    def rule(self, count: RuleCount, outcome: str) -> Iterator[str]:
        """What a rule says, and its findings of one outcome."""
        severity = self.say(SEVERITIES[count.severity])
        yield from ("", f"### {self.say(count.title) or plain(count.rule)}")
        yield from ("", f"{code(count.rule)}, {severity}")
        if outcome == "fail" and count.rule in self.facts:
            yield from self.says(self.facts[count.rule])
        own = self.findings.get(count.rule, [])
        found = [f for f in own if f.outcome == outcome and not f.settled]
        if found:
            yield from ("", *self.table(found[:_SHOWN], outcome))
        rest = self.open[count.rule, outcome] - len(found[:_SHOWN])
        if rest:
            yield from ("", self.say(message("{count} more", count=rest)))

    def says(self, facts: RuleFacts) -> Iterator[str]:
        """The rule itself."""
        yield from ("", code(facts.formula))
        if facts.guard:
            where = self.say(message("applies where"))
            yield from ("", f"{where} {code(facts.guard)}")
        if said := self.say(facts.message):
            yield from ("", said)
        if self.say(facts.hint):
            yield from ("", self.say(message("what to do: {hint}", hint=facts.hint)))
        for basis in wording.grounds(facts, self.language):
            yield from ("", self.say(message("basis: {basis}", basis=basis)))

    def table(self, found: list[Finding], outcome: str) -> list[str]:
        """Findings with their numbers and cells; why, for those that could not be checked."""
        where, cells = self.say(message("where")), self.say(message("cells"))
        if outcome == "unknown":
            head = [where, self.say(message("why")), cells]
            return table(head, ([self.key(f), self.say(f.why), self.cells(f)] for f in found))
        names = [self.say(name) for name in wording.NUMBERS.values()]
        remark = self.say(message("remark"))
        rows = (
            [
                self.key(f),
                *(plain(text) for text in wording.numbers(f).values()),
                self.say(
                    f.notes if f.baseline != "changed" else (*f.notes, wording.STANDINGS["changed"])
                ),
                self.cells(f),
            ]
            for f in found
        )
        return table([where, *names, remark, cells], rows)

    def key(self, finding: Finding) -> str:
        """Where it is."""
        return plain(wording.key_text(finding.key, finding.column))

    def cells(self, finding: Finding) -> str:
        """The cells of a finding, each in a line of its own."""
        return "<br>".join(self.cell(cell, finding) for cell in finding.cells)

    def cell(self, cell: EvidenceCell, finding: Finding) -> str:
        """What is printed where, and the words around it."""
        name, printed = (
            wording.named(cell, finding, self.language),
            wording.printed(cell, self.language),
        )
        quote = f" 「{cell.origin.quote}」" if cell.origin.quote else ""
        return plain(f"{name} {printed} ({cell.origin}){quote}")

    def settled(self) -> Iterator[str]:
        """What is waived, and what the baseline knows."""
        waived = [f for f in self.report.details if f.waiver]
        known = [f for f in self.report.details if f.settled and not f.waiver]
        for title, found in ((message("waived"), waived), (message("known from the baseline"), known)):  # fmt: skip
            if not found:
                continue
            yield from ("", f"## {self.say(title)}: {len(found)}", "")
            names = (message("rule"), message("where"), message("outcome"), message("difference"), message("why"))  # fmt: skip
            head = [self.say(name) for name in names]
            yield from table(head, (self.row(f) for f in found[:_SHOWN]))
            if len(found) > _SHOWN:
                yield from ("", self.say(message("{count} more", count=len(found) - _SHOWN)))

    def row(self, finding: Finding) -> list[str]:
        """A finding that is settled, in one line."""
        why = wording.explained(finding.waiver) if finding.waiver else finding.why
        title = self.say(finding.title)
        return [
            "<br>".join(part for part in (code(finding.rule), title) if part),
            self.key(finding),
            self.say(OUTCOMES[finding.outcome]),
            plain(wording.numbers(finding)["difference"]),
            self.say(why),
        ]

    def idle(self) -> Iterator[str]:
        """The rules that did not run."""
        idle = self.report.idle
        if not idle:
            return
        title = self.say(message("rules that did not run"))
        yield from ("", f"## {title}: {len(idle)}", "")
        head = [self.say(message("rule")), self.say(message("title")), self.say(message("why"))]
        rows = []
        for rule in idle:
            name = self.facts[rule].title if rule in self.facts else ""
            why = self.say(wording.why_idle(idle[rule]))
            rows.append([code(rule), self.say(name), why])
        yield from table(head, rows)

    def notices(self) -> Iterator[str]:
        """What did not run or ran under a doubt."""
        if not self.report.remarks:
            return
        title = self.say(message("notices"))
        yield from ("", f"## {title}: {len(self.report.remarks)}", "")
        head = [self.say(message("code")), self.say(message("notice")), self.say(message("where"))]
        rows = (
            [code(notice.code), self.say(notice.message), plain(notice.where)]
            for notice in self.report.remarks
        )
        yield from table(head, rows)
