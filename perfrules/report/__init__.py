"""All findings and notices of one run, with counts and run facts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime
from functools import lru_cache
from importlib import import_module
from pathlib import Path, PurePath
from typing import Literal, Protocol

import polars as pl

from perfrules.dataset.shown import Shown
from perfrules.errors import Diagnostic, UsageError
from perfrules.findings import NOTEBOOK, Finding
from perfrules.locale import Label, message, word
from perfrules.locations import Place
from perfrules.model import Basis, Pack, Severity
from perfrules.notices import Notice
from perfrules.report.frames import NOTICES, SUMMARY, decimal_of, findings_frame
from perfrules.report.units import Units
from perfrules.values import frozen

__all__ = [
    "RANK", "REASONS", "FailOn", "Report", "RuleCount", "RuleFacts", "RunFacts", "Saver", "TableFacts",
    "decimal_of", "rules_of", "tables_of",
]  # fmt: skip

FailOn = Literal["error", "warning", "info", "never"]
RANK = {"error": 3, "warning": 2, "info": 1, "never": 9}
"""How grave a severity is, and from where on ``--fail-on`` counts."""
REASONS = (
    "blank", "unreadable", "no-row", "duplicate", "zero-base", "no-column", "bounds", "inexact", "no-table", "empty",
)  # fmt: skip
"""Why something is unknown, as ``--allow-unknown`` names it: of a verdict, or of rules that no row was there for."""
_REASON_OF_NOTICE = {
    "PR401": "no-table", "PR402": "no-column", "PR403": "empty", "PR404": "duplicate", "PR405": "duplicate",
    "PR406": "unreadable", "PR407": "unreadable", "PR413": "unreadable", "PR415": "empty", "PR422": "unreadable", "PR423": "unreadable", "PR448": "no-row",
}  # fmt: skip


class Picture(Protocol):
    """A picture that notebooks show."""

    text: str

    def save(self, path: str | Path) -> Path:
        """Write it to a file."""


class Saver(Protocol):
    """Writes a report to a file; ``engine`` puts one into every report."""

    def __call__(
        self,
        report: "Report",
        path: Path,
        format: str | None,  # noqa: A002  # as in Report.save
        language: str,
    ) -> Path:
        """Write ``report`` to ``path``."""


@frozen
class RuleCount:
    """Outcomes of one rule; they add up to ``rows``."""

    pack: str
    rule: str
    title: Label
    severity: Severity
    rows: int
    passed: int
    rounding: int
    failed: int
    unknown: int
    not_applicable: int

    def of(self, outcome: str) -> int:
        """How many verdicts have this outcome."""
        name = {"pass": "passed", "fail": "failed", "not-applicable": "not_applicable"}
        found: int = getattr(self, name.get(outcome, outcome))
        return found


@frozen
class RuleFacts:
    """What a rule says, whether it ran or not, so that a report can be told without its pack.

    Attributes:
        pack, rule: Ids.
        title, severity, message, hint, basis: As written in the rule.
        tables: The tables whose rows are its rows.
        formula, guard: What must hold, and where it applies; as written.
        file, line: Where it is written: a file in the folder of the pack, and its line; empty and None if that is not known.
    """

    pack: str
    rule: str
    title: Label
    severity: Severity
    tables: tuple[str, ...]
    formula: str
    guard: str
    message: Label
    hint: Label
    basis: tuple[Basis, ...] = ()
    file: str = ""
    line: int | None = None


@frozen
class TableFacts:
    """What the pack calls a table and its columns, in their order."""

    table: str
    title: Label
    columns: Mapping[str, Label]


@frozen
class RunFacts:
    """What ran: the JSON ``run`` object.

    Attributes:
        data, rules: The folders of the data and of the pack, with slashes, as the caller named them; empty for frames, and for a
            built-in pack.
        files: The SHA-256 of the files that were read as a whole, by name; what is read in blocks, in a database or by Spark has none.
    """

    perfrules: str
    pack: str
    pack_version: str
    pack_title: Label
    dataset: str
    engine: str
    started: datetime | None = None
    seconds: float | None = None
    tables: Mapping[str, int] = field(default_factory=dict)
    data: str = ""
    rules: str = ""
    files: Mapping[str, str] = field(default_factory=dict)


@frozen
class Report:
    """The result of a check.

    Attributes:
        run: What ran.
        counts: A row per rule that ran, in the order of the pack.
        details: Findings as objects, in the order of the pack and the data; capped per rule and outcome.
        remarks: Notices as objects.
        rules: What every rule of the pack says that could be read, in the order of the pack.
        tables: What the tables of the pack are called, in its order.
        units: The verdicts by unit, and who is missing; None where they were not counted so.
        data: The first rows of the tables that were checked in memory, for formats that show them; a saved report has none.
        saver: What :meth:`save` hands the report to.
    """

    run: RunFacts
    counts: tuple[RuleCount, ...]
    details: tuple[Finding, ...]
    remarks: tuple[Notice, ...]
    rules: tuple[RuleFacts, ...] = ()
    tables: tuple[TableFacts, ...] = ()
    units: Units | None = None
    data: Shown = field(default_factory=dict, compare=False, repr=False)
    saver: Saver | None = field(default=None, compare=False, repr=False)

    @property
    def ok(self) -> bool:
        """True if every rule was evaluated everywhere and no finding is an error, but for what is waived or known (exit code 0)."""
        return self.exit_code() == 0

    @property
    def idle(self) -> Mapping[str, tuple[Notice, ...]]:
        """The rules that did not run, each with the notices that say why."""
        ran = {count.rule for count in self.counts}
        found: dict[str, tuple[Notice, ...]] = {facts.rule: () for facts in self.rules}
        for notice in self.remarks:
            for name in notice.rules:
                found[name] = (*found.get(name, ()), notice)
        return {name: notices for name, notices in found.items() if name not in ran}

    @property
    def waived(self) -> Counter[str]:
        """How many verdicts of each rule are explained by a waiver."""
        return Counter(detail.rule for detail in self.details if detail.waiver)

    @property
    def known(self) -> Counter[str]:
        """How many verdicts of each rule are known from the baseline, and not waived."""
        return Counter(d.rule for d in self.details if d.settled and not d.waiver)

    @property
    def settled(self) -> Counter[tuple[str, str]]:
        """How many verdicts of each rule and outcome are waived or known; the exit code passes over them."""
        return Counter((detail.rule, detail.outcome) for detail in self.details if detail.settled)

    @property
    def failed(self) -> Counter[tuple[str, str]]:
        """How many contradictions of each rule and severity are neither waived nor known.

        A finding has the severity of its year; those that are not kept have that of their rule.
        """
        fails = [detail for detail in self.details if detail.outcome == "fail"]
        kept = Counter(detail.rule for detail in fails)
        found = Counter[tuple[str, str]]((d.rule, d.severity) for d in fails if not d.settled)
        for count in self.counts:
            found[count.rule, count.severity] += count.failed - kept[count.rule]
        return +found

    def total(self, outcome: str) -> int:
        """How many verdicts have this outcome."""
        return sum(count.of(outcome) for count in self.counts)

    @property
    def summary(self) -> pl.DataFrame:
        """A row per rule that ran, with the number of verdicts of each outcome; they add up to ``rows``.

        ``waived`` and ``known`` say how many of them are explained by a waiver, or known from the baseline.
        """
        waived, known = self.waived, self.known
        rows = [
            (
                c.pack,
                c.rule,
                c.severity,
                c.rows,
                c.passed,
                c.rounding,
                c.failed,
                c.unknown,
                c.not_applicable,
                waived[c.rule],
                known[c.rule],
            )
            for c in self.counts
        ]
        return pl.DataFrame(rows, SUMMARY, orient="row")

    @property
    def findings(self) -> pl.DataFrame:
        """A row per verdict that a person must see, with its cells.

        ``left``, ``right``, ``difference`` and ``slack`` are decimals in ``unit``: exact, except that a quotient which does not end
        is rounded to twelve digits.
        """
        return findings_frame(self.details)

    @property
    def notices(self) -> pl.DataFrame:
        """What did not run, or ran under a doubt, and why."""
        rows = [
            (
                n.code,
                n.level,
                word(n.message, "zh"),
                word(n.message, "en"),
                list(n.rules),
                n.table,
                n.where,
            )
            for n in self.remarks
        ]
        return pl.DataFrame(rows, NOTICES, orient="row")

    def save(
        self,
        path: str | Path,
        *,
        format: str | None = None,  # noqa: A002  # the word for it
        language: str = "zh",
    ) -> Path:
        """Write the report to a file; an old file stays until the new one is whole.

        Args:
            path: Where to; its suffix says the format.
            format: Name of the format, such as ``json``, over the suffix.
            language: ``zh`` or ``en``, for formats that speak one language.

        Returns:
            The path.

        Raises:
            UsageError: There is no such format.
        """
        if self.saver is None:
            raise UsageError(
                [
                    Diagnostic(
                        "PR502",
                        message(
                            "this report was not made by perfrules.check, so it cannot be saved"
                        ),
                    )
                ]
            )
        return self.saver(self, Path(path), format, language)

    def plot(self, language: str | None = None) -> Picture:
        """The outcomes of rules by unit as a picture, for notebooks and files: ``report.plot().save("outcomes.svg")``.

        Sixty rules and units are drawn, those with the gravest findings; the picture says how many are left out.

        Args:
            language: ``zh`` or ``en``; that of the environment if left out.
        """
        made: Picture = import_module(NOTEBOOK).picture(self, language)
        return made

    def _repr_html_(self) -> str:
        shown: str = import_module(NOTEBOOK).report(self)
        return shown

    def exit_code(self, fail_on: FailOn = "error", allow_unknown: Sequence[str] | None = ()) -> int:
        """The exit code of this run.

        A reason allows the verdicts that are unknown for it and the notices that tell of it. Rules and files with a fault are never
        allowed. Where more verdicts are unknown than ``details`` keeps, those left out count as not allowed. Verdicts that are waived,
        or known from the baseline, are passed over.

        Args:
            fail_on: The lowest severity of a failed rule that counts as a finding.
            allow_unknown: Reasons for which a verdict may be unknown, of :data:`REASONS`; None allows every reason.

        Returns:
            0, 1 or 3, as in the table of exit codes in the documentation.
        """
        if any(RANK[severity] >= RANK[fail_on] for _, severity in self.failed):
            return 1
        reasons = REASONS if allow_unknown is None else allow_unknown
        if any(
            n.level == "blocking" and _REASON_OF_NOTICE.get(n.code) not in reasons
            for n in self.remarks
        ):
            return 3
        if allow_unknown is None:
            return 0
        allowed = sum(
            d.outcome == "unknown" and (d.settled or d.reason in reasons) for d in self.details
        )
        return 3 if sum(c.unknown for c in self.counts) > allowed else 0


def rules_of(pack: Pack) -> tuple[RuleFacts, ...]:
    """What the rules of a pack say, each once; of a rule with ``for``, before a column is put in."""
    found: dict[str, RuleFacts] = {}
    for rule in pack.rules:
        block, place = rule.block, rule.place
        found[rule.id] = found.get(rule.id) or RuleFacts(
            pack.id, rule.id, block.title, block.severity, rule.tables, block.assert_ or rule.text, block.when or "",
            block.message, block.hint, tuple(block.basis), *_place(place, pack.folder),
        )  # fmt: skip
    return tuple(found.values())


def tables_of(pack: Pack) -> tuple[TableFacts, ...]:
    """What the tables of a pack are called."""
    return tuple(
        TableFacts(name, spec.title, {at: column.title for at, column in spec.columns.items()})
        for name, spec in pack.tables.items()
    )


def _place(place: Place | None, folder: str) -> tuple[str, int | None]:
    if place is None:
        return "", None
    return _inside(place.file, folder), place.line


@lru_cache(maxsize=1000)
def _inside(file: str, folder: str) -> str:
    """The path of a file from a folder that it is in: many rules stand in one file."""
    path = PurePath(file)
    return (path.relative_to(folder) if path.is_relative_to(folder) else path).as_posix()
