"""What must hold: packs, rules and their cases.

The ``…Block`` models are the YAML as written; :class:`Rule` and :class:`Pack` are what the loader makes of them.
"""

from collections.abc import Mapping
from dataclasses import field
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Literal, Protocol, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from perfrules.errors import Diagnostic
from perfrules.expr.nodes import Node, Span
from perfrules.locale import Label, message
from perfrules.locations import Place
from perfrules.quantities.units import power_of
from perfrules.tables import (
    Identifier,
    Ladder,
    Missing,
    Model,
    Parameter,
    Table,
    Title,
    WrittenError,
    constant,
    literal,
)
from perfrules.values import frozen

RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
"""Kebab-case; it names what the rule is about and never changes."""
Severity = Literal["error", "warning", "info"]
Status = Literal["stable", "test", "deprecated"]
Certainty = Literal["certain", "unverified"]
Outcome = Literal["pass", "rounding", "fail", "unknown", "not-applicable"]


class Basis(Model):
    """What a rule rests on: a definition, a law, a practice."""

    ref: str
    certainty: Certainty = "unverified"
    url: str | None = None
    quote: str | None = None


class Tolerance(Model):
    """A tolerance that is not one of the words ``rounding`` and ``exact``: exactly one of the three.

    ``absolute`` is a literal such as ``0.5万元`` or ``0.02pp``; ``relative`` a share of the right side; ``step``
    a number or ``param.name``.
    """

    absolute: str | None = None
    relative: str | None = None
    step: str | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        given = [text for text in (self.absolute, self.relative, self.step) if text is not None]
        if len(given) != 1:
            raise WrittenError(message("a tolerance is one of absolute, relative, step"))
        if not given[0].startswith("param.") and constant(given[0]) is None:
            raise WrittenError(
                message("{text} is not a number", text=given[0]),
                next(key for key, text in self if text is not None),
            )
        return self


@frozen
class Slack:
    """The tolerance of a rule in exact numbers.

    Attributes:
        kind: ``rounding``, ``exact``, ``absolute`` or ``relative``.
        amount: The allowed deviation in the base unit, or the share of the right side.
        limit: The widest ``rounding``; None is no limit.
    """

    kind: Literal["rounding", "exact", "absolute", "relative"] = "rounding"
    amount: Fraction = Fraction(0)
    limit: Fraction | None = None


CaseRow = dict[str, str | None]
CaseBlock = dict[str, str | list[CaseRow] | None]
"""Cells of one row, or lists of rows under their tables' names."""


class CasesBlock(Model):
    """Example rows by the outcome they must have; one, or a list of several, for each."""

    pass_: list[CaseBlock] | CaseBlock = Field(alias="pass", default_factory=list)
    rounding: list[CaseBlock] | CaseBlock = Field(default_factory=list)
    fail: list[CaseBlock] | CaseBlock = Field(default_factory=list)
    unknown: list[CaseBlock] | CaseBlock = Field(default_factory=list)
    not_applicable: list[CaseBlock] | CaseBlock = Field(
        alias="not-applicable", default_factory=list
    )


class RollupBlock(Model):
    """Each row of a table is the sum of the rows whose codes stand one level below its own, column by column.

    ``levels`` are the lengths that codes have, from the top down; ``total`` is the code of the row above the top level.
    """

    code: str
    levels: Annotated[list[Annotated[int, Field(ge=1)]], Field(min_length=1)]
    total: str | None = None
    columns: Annotated[list[str], Field(min_length=1)]
    missing: Missing = "complete"

    @model_validator(mode="after")
    def _upright(self) -> Self:
        if any(upper >= lower for upper, lower in pairwise(self.levels)):
            raise WrittenError(message("levels are lengths of codes, from short to long"), "levels")
        if len(self.levels) == 1 and self.total is None:
            raise WrittenError(
                message("one level and no total: no code stands above another"), "levels"
            )
        return self


class RuleBlock(Model):
    """A rule as it stands in a ``*.rules.yaml`` file: with ``assert``, or with ``rollup`` in its place."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["assert"]}, {"required": ["rollup"]}]}
    )

    id: RuleId
    title: Title = Label()
    assert_: Annotated[str | None, Field(alias="assert")] = None
    rollup: RollupBlock | None = None
    when: str | None = None
    table: str | list[str] | None = None
    per: str | list[str] | None = None
    for_: Annotated[list[str | list[str]] | None, Field(alias="for")] = None
    tolerance: Literal["rounding", "exact"] | Tolerance = "rounding"
    max_slack: str | None = None
    severity: Severity = "error"
    message: Title = Label()
    hint: Title = Label()
    basis: list[Basis] = Field(default_factory=list)
    since: int | None = None
    until: int | None = None
    status: Status = "stable"
    tags: list[str] = Field(default_factory=list)
    cases: CasesBlock = CasesBlock.model_construct()  # not yet built, to be quick

    @model_validator(mode="after")
    def _alone(self) -> Self:
        for key, given in (("assert", self.assert_), ("per", self.per), ("for", self.for_)):
            if self.rollup is not None and given is not None:
                raise WrittenError(
                    message("{key} does not go together with {other}", key=key, other="rollup"), key
                )
        return self

    @model_validator(mode="after")
    def _slack(self) -> Self:
        if self.max_slack is not None and constant(self.max_slack) is None:
            raise WrittenError(message("{text} is not a number", text=self.max_slack), "max_slack")
        return self


class RulesFile(Model):
    """A ``*.rules.yaml`` file: rules of one topic, with the table they speak about unless they say another."""

    table: str | list[str] | None = None
    rules: list[RuleBlock]


class Relation(Model):
    """A join on differently named keys: each column of ``on`` is a key of ``table``, its value one of the grain."""

    table: str
    on: Annotated[dict[str, str], Field(min_length=1)]


class PackFile(Model):
    """A ``pack.yaml`` file."""

    pack: RuleId
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+([-+.]\w+)*$")] = "0.1.0"
    title: Title = Label()
    description: Title = Label()
    unit: str | None = None
    params: dict[Identifier, Parameter] = Field(default_factory=dict)
    tables: Annotated[dict[Identifier, Table], Field(min_length=1)]
    relations: dict[Identifier, Relation] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_unit(self) -> Self:
        """``unit`` is the unit of money of every table that does not say its own."""
        if self.unit is not None and power_of(self.unit, "money") is None:
            raise WrittenError(message("{unit} is no unit of money", unit=self.unit), "unit")
        for name, table in self.tables.items():
            if table.unit is None:
                self.tables[name] = table.model_copy(update={"unit": self.unit})
        return self


@frozen
class Case:
    """Example rows of a rule and the outcome they must have.

    Attributes:
        outcome: The expected outcome.
        rows: Printed cells by table and row; None stands for a blank cell.
        place: Where it is written.
    """

    outcome: Outcome
    rows: Mapping[str, tuple[Mapping[str, str | None], ...]]
    place: Place | None = None


class Written(Protocol):
    """Finds what stands in a file of a pack; the loader gives one to every rule and to the pack."""

    def place(self, *keys: str, span: Span | None = None) -> Place:
        """Where a key stands, below the others; with ``span`` that stretch of the text that stands under it.

        Of a key that is not there, the place of the nearest one above it that is.
        """


@frozen
class Rule:
    """A rule with its names resolved; a rule with ``for`` or ``rollup`` gives one for each column, all with the same id.

    Attributes:
        id: The rule's id.
        block: The YAML as written.
        tables: The tables whose rows, together, are the rows of the rule.
        grain: Columns of the key at which it speaks: one verdict for each value of it.
        assertion: What must hold, with every name resolved.
        guard: Where it applies; None is everywhere.
        column: What ``for`` put in, or the column of a roll-up; empty without.
        cases: Its cases.
        place: Where the rule is written.
        text: The assertion as written, with ``for`` put in.
        written: Finds the places of its keys.
        ladder: How the codes of a roll-up stand above one another; None of other rules.
    """

    id: str
    block: RuleBlock
    tables: tuple[str, ...]
    grain: tuple[str, ...]
    assertion: Node
    guard: Node | None = None
    column: str = ""
    cases: tuple[Case, ...] = ()
    place: Place | None = None
    text: str = ""
    written: Written | None = field(default=None, compare=False, repr=False)
    ladder: Ladder | None = None


def slack_of(block: RuleBlock, params: Mapping[str, Parameter]) -> Slack:
    """The tolerance of a rule, with its parameters put in.

    Raises:
        KeyError: A parameter that the tolerance names does not exist.
    """
    limit = None if block.max_slack is None else literal(block.max_slack)[0]
    tolerance = block.tolerance
    if isinstance(tolerance, str):
        return Slack(tolerance, limit=limit)
    text = tolerance.absolute or tolerance.relative or tolerance.step or "0"
    if text.startswith("param."):
        text = params[text.removeprefix("param.")].value or "0"
    return Slack("relative" if tolerance.relative else "absolute", literal(text)[0], limit)


@frozen
class Pack:
    """A pack: tables, parameters and rules, and what of it could not be read.

    Attributes:
        file: ``pack.yaml`` as written.
        rules: The rules that are sound, in the order of their files.
        faults: Every fault of the others; they do not run, and each is a notice of every run.
        faulty: Ids of the rules that have a fault.
        folder: Where it was read from.
        written: Finds the places of what ``pack.yaml`` says.
    """

    file: PackFile
    rules: tuple[Rule, ...]
    faults: tuple[Diagnostic, ...] = ()
    faulty: tuple[str, ...] = ()
    folder: str = ""
    params: Mapping[str, Parameter] = field(default_factory=dict)
    written: Written | None = field(default=None, compare=False, repr=False)

    @property
    def id(self) -> str:
        """The pack's id."""
        return self.file.pack

    @property
    def tables(self) -> Mapping[str, Table]:
        """Its tables by id."""
        return self.file.tables
