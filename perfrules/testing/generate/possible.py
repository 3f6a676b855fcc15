"""Whether a rule can apply, pass and fail at all: a record that shows it, or that there is none."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Literal

from perfrules.model import Pack, Rule, Slack
from perfrules.testing.generate.forms import asked_for_blanks
from perfrules.testing.generate.instances import Instance, instances
from perfrules.testing.generate.predict import Oracle
from perfrules.testing.generate.printed import Record
from perfrules.testing.generate.scenarios import layout_of, rows_of
from perfrules.testing.generate.skeleton import Skeleton, asked_tables, skeleton, tables_of
from perfrules.testing.generate.solver import (
    Encoder,
    Formula,
    NoneError,
    Question,
    UndecidedError,
    is_never,
)

Can = Literal["apply", "pass", "fail"]
CANS: tuple[Can, ...] = ("apply", "pass", "fail")
TRIES = 8
"""How many skeletons are looked at."""
_WIDER = tuple(map(Fraction, ("0", "0.02", "1", "100", "10000", "10000000000")))
"""How far apart the sides are asked to be, in turn, until no rounding can account for it."""


@dataclass(frozen=True)
class Answer:
    """Whether a rule can do something.

    Attributes:
        can: What was asked.
        rows: Data that show it, if there are.
        instance: The rule on the row that shows it.
        proved: It cannot, by proof: on none of the numbers of rows that were looked at.
    """

    can: Can
    rows: dict[str, list[dict[str, str | None]]] | None = None
    instance: Instance | None = None
    proved: bool = False


def possible(rule: Rule, pack: Pack) -> Iterator[Answer]:
    """Whether a rule, looked at alone, can apply, pass and fail.

    Raises:
        UnsupportedError: It uses something for which nothing can be generated.
    """
    asked = [_Asked(made, rule) for made in _skeletons(rule, pack)]
    for can in CANS:
        yield _answer(can, asked)


def _skeletons(rule: Rule, pack: Pack) -> Iterator[Skeleton]:
    for number in range(TRIES):
        draw = Random(number)  # noqa: S311  # variety, not secrecy
        made = skeleton(pack, tables_of(rule), draw, gaps=number % 2 == 1, more=number)
        yield made
    empty = asked_tables([rule]) - set(rule.tables)
    if empty:
        rows = {name: () if name in empty else some for name, some in made.tables.items()}
        yield Skeleton(pack, made.rules, rows, made.texts)


def _answer(can: Can, asked: "list[_Asked]") -> Answer:
    proofs = 0
    for question in asked:
        found = question.answer(can)
        if found is not None:
            return found
        proofs += question.proved
    return Answer(can, proved=proofs == len(asked))


class _Asked:
    """One rule on one skeleton."""

    def __init__(self, made: Skeleton, rule: Rule) -> None:
        self.made = made
        self.instances = instances(rule, made)
        blank = asked_for_blanks(
            [part for each in self.instances for part in (each.guard, each.assertion)]
        )
        self.encoder = Encoder(made, blank)
        self.question = Question(self.encoder)
        self.proved = False

    def answer(self, can: Can) -> Answer | None:
        """A record that shows it; without one ``proved`` says whether that is a proof."""
        self.proved = True
        for wide in _WIDER if can == "fail" else _WIDER[:1]:
            for instance in self.instances:
                record = self._record(self._formula(can, instance, wide))
                if record is not None and self._shows(can, instance, record):
                    return Answer(can, rows_of(layout_of(self.made), record), instance)
        return None

    def _formula(self, can: Can, instance: Instance, wide: Fraction) -> Formula:
        if can == "apply":
            return self.encoder.applies(instance)
        if can == "pass":
            return self.encoder.passes(instance)
        far = Slack("absolute", max(wide, instance.slack.amount))
        return self.encoder.breaks(instance, far)

    def _record(self, formula: Formula) -> Record | None:
        if is_never(formula):
            return None
        try:
            return self.question.ask({"it": formula})
        except NoneError:
            self.proved &= not self.encoder.sides
        except UndecidedError:
            self.proved = False
        return None

    def _shows(self, can: Can, instance: Instance, record: Record) -> bool:
        said = Oracle(self.made.pack, record).says(instance)
        if can == "apply":
            return True
        if said is not None and said.outcome == can:
            return True
        self.proved = False
        return False
