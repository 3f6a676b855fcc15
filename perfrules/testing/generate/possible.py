"""Whether a rule can apply, pass and fail at all: a record that shows it, or that there is none."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Literal

from perfrules.expr.nodes import Call, Field, Node
from perfrules.model import Pack, Rule, Slack, slack_of
from perfrules.testing.generate.arithmetic import UnpredictableError
from perfrules.testing.generate.forms import asked_for_blanks
from perfrules.testing.generate.instances import Instance, instances
from perfrules.testing.generate.predict import Oracle
from perfrules.testing.generate.printed import MissingError, Record
from perfrules.testing.generate.scenarios import layout_of, rows_of
from perfrules.testing.generate.skeleton import (
    Skeleton,
    asked_tables,
    nodes_of,
    skeleton,
    tables_of,
)
from perfrules.testing.generate.solver import (
    Encoder,
    Formula,
    NoneError,
    Question,
    Relaxed,
    UndecidedError,
    is_never,
)

Can = Literal["apply", "pass", "fail"]
CANS: tuple[Can, ...] = ("apply", "pass", "fail")
TRIES = 8
"""How many skeletons are looked at."""
_WIDER = tuple(map(Fraction, ("0", "0.02", "1", "100", "10000", "10000000000")))
"""How far apart the sides are asked to be, in turn, until no rounding can account for it."""


_UNPROVABLE = frozenset({"present", "matches", "decimals", "any", "all", "count_distinct"})
"""Functions that ask for what is not told apart in a proof: rows, parts of texts, printed places."""


@dataclass(frozen=True)
class Answer:
    """Whether a rule can do something.

    Attributes:
        can: What was asked.
        rows: Data that show it, if some were found.
        instance: The rule on the row that shows it.
        proved: It cannot, whatever the data are.
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
    asked: list[_Asked] = []
    coming = (_Asked(made, rule) for made in _skeletons(rule, pack))
    for can in CANS:
        found = next(filter(None, (each.shown(can) for each in _all(asked, coming))), None)
        yield found or Answer(can, proved=_is_excluded(can, rule, asked[1]))


def _all(made: list["_Asked"], coming: Iterator["_Asked"]) -> Iterator["_Asked"]:
    """Those that are made, then the others as they are asked for: a solver takes long to set up, and the first mostly does."""
    yield from made
    for each in coming:
        made.append(each)
        yield each


def _skeletons(rule: Rule, pack: Pack) -> Iterator[Skeleton]:
    for number in range(TRIES):
        draw = Random(number)  # noqa: S311  # variety, not secrecy
        made = skeleton(pack, tables_of(rule), draw, gaps=number % 2 == 1, more=number)
        yield made
    empty = asked_tables([rule]) - set(rule.tables)
    if empty:
        rows = {name: () if name in empty else some for name, some in made.tables.items()}
        yield Skeleton(pack, made.rules, rows, made.texts)


def _is_excluded(can: Can, rule: Rule, asked: "_Asked") -> bool:
    """Whether it is proved that a rule cannot do something."""
    if not _is_provable(can, rule, asked.made):
        return False
    relaxed = Relaxed(asked.made, asked.encoder.blank, wide=can == "pass")
    ways = {"apply": relaxed.applies, "pass": relaxed.passes, "fail": relaxed.breaks}
    return relaxed.excludes(relaxed.some(*map(ways[can], asked.instances)))


def _is_provable(can: Can, rule: Rule, made: Skeleton) -> bool:
    """Whether nothing that was settled beforehand has a say: numbers of rows, keys, fiscal years, how a blank is read."""
    if rule.block.since is not None or rule.block.until is not None:
        return False
    if can == "pass" and slack_of(rule.block, made.pack.params).kind == "relative":
        return False
    return all(_is_open(can, node, made) for node in nodes_of(rule))


def _is_open(can: Can, node: Node, made: Skeleton) -> bool:
    if isinstance(node, Call):
        return node.name not in _UNPROVABLE
    if not isinstance(node, Field):
        return True
    settled = any(node.column in row for row in made.tables[node.table])
    closing = made.pack.tables[node.table].columns[node.column].blank == "zero-if-closes"
    return not settled and not (can == "pass" and closing)


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

    def shown(self, can: Can) -> Answer | None:
        """Data that show it; None if none were found."""
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
        except (NoneError, UndecidedError):
            return None

    def _shows(self, can: Can, instance: Instance, record: Record) -> bool:
        oracle = Oracle(self.made.pack, record)
        if can == "apply":
            try:
                return oracle.truth(instance.guard)
            except (MissingError, UnpredictableError):
                return False
        said = oracle.says(instance)
        return said is not None and said.outcome == can
