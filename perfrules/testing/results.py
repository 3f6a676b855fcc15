"""What came of testing a pack: one result for each case, question, property and survey of mutants."""

from collections.abc import Sequence
from dataclasses import field
from typing import Literal, get_args

from perfrules.locale import Worded
from perfrules.locations import Place
from perfrules.values import frozen

Kind = Literal["case", "possible", "property", "mutants"]
KINDS: tuple[Kind, ...] = ("case", "possible", "property", "mutants")
Engine = Literal["reference", "polars", "duckdb"]
ENGINES: tuple[Engine, ...] = get_args(Engine)
USUAL: tuple[Engine, ...] = ("polars",)
"""The engines that are held against the reference where none are named."""


@frozen
class Effort:
    """How rules are tried.

    Attributes:
        examples: How many examples each property is tried on.
        seed: With the same seed everything that is generated is the same.
        engines: What is held against the reference.
    """

    examples: int = 40
    seed: int = 0
    engines: tuple[Engine, ...] = USUAL


EFFORT = Effort()
"""What rules run on: the reference, which defines the meaning and is always asked, and the engines held against it."""
Standing = Literal["passed", "failed", "skipped"]


@frozen
class Result:
    """What came of one thing that was tested.

    Attributes:
        rule: Id of the rule; of a property of several rules, empty.
        kind: What was tested.
        name: Which of its kind, short and stable: ``pass 1``, ``can-fail``, ``violation``.
        standing: Whether it is as it must be; skipped is what could not be tested.
        told: What came of it, in words.
        place: Where the rule or case is written.
        details: More lines, such as the arithmetic.
        paste: YAML to paste under ``cases:`` of the rule; empty if there is none.
        mutants, survivors: Of a survey of mutants, how many there were, and how many no case tells from the rule.
        seconds: How long it took.
    """

    rule: str
    kind: Kind
    name: str
    standing: Standing
    told: Worded
    place: Place | None = None
    details: tuple[object, ...] = ()
    paste: str = ""
    mutants: int = 0
    survivors: int = 0
    seconds: float = 0.0

    @property
    def id(self) -> str:
        """What tells it apart from all others of the pack."""
        return "::".join(part for part in (self.rule, self.kind, self.name) if part)


@frozen
class Tested:
    """All results of one pack.

    Attributes:
        pack: Its id.
        version: Its version.
        seed: With the same seed everything generated is the same.
        examples: How many examples each property was tried on.
        results: The results, rule by rule.
        seconds: How long all of it took.
    """

    pack: str
    version: str
    seed: int
    examples: int
    results: Sequence[Result]
    seconds: float = field(default=0.0, compare=False)

    def count(self, standing: Standing) -> int:
        """How many results have that standing."""
        return sum(result.standing == standing for result in self.results)

    @property
    def mutants(self) -> int:
        """How many mutants there were."""
        return sum(result.mutants for result in self.results)

    @property
    def survivors(self) -> int:
        """How many mutants no case tells from their rule."""
        return sum(result.survivors for result in self.results)

    @property
    def ok(self) -> bool:
        """Whether something was tested and nothing failed."""
        return bool(self.count("passed")) and not self.count("failed")
