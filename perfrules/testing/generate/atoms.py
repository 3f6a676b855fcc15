"""Atoms: the comparisons of numbers on which it rests what rules say of a record."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from perfrules.model import Slack
from perfrules.testing.generate.arithmetic import UnpredictableError, holds
from perfrules.testing.generate.forms import (
    Both,
    Choice,
    Comparison,
    Cond,
    First,
    Op,
    Opposite,
    Plain,
    Switch,
    Total,
    Value,
)
from perfrules.testing.generate.instances import Instance
from perfrules.testing.generate.predict import Oracle
from perfrules.testing.generate.printed import MissingError
from perfrules.values import frozen


@frozen
class Atom:
    """A comparison of numbers that keeps its truth.

    Attributes:
        op: How its sides are compared.
        left, right: The sides, resolved.
        holds: Whether it holds.
        band: How far the sides may be apart all the same.
        share: The same as a share of the right side.
        loose: The rule itself allows for the difference: one may walk as far as that.
    """

    op: str
    left: Plain
    right: Plain
    holds: bool
    band: Fraction = Fraction(0)
    share: Fraction = Fraction(0)
    loose: bool = False

    @property
    def difference(self) -> Op:
        """The left side less the right one."""
        return Op("-", (self.left, self.right))


def atoms_of(instances: Iterable[Instance], oracle: Oracle) -> tuple[Atom, ...]:
    """The atoms of all rules, those of assertions where their guards are met."""
    found: dict[Atom, None] = {}
    for instance in instances:
        found.update(dict.fromkeys(_of(instance.guard, oracle, None)))
        if _met(instance.guard, oracle):
            found.update(dict.fromkeys(_of(instance.assertion, oracle, instance.slack)))
    return tuple(found)


def _met(cond: Cond, oracle: Oracle) -> bool | None:
    try:
        return oracle.truth(cond)
    except (UnpredictableError, MissingError):
        return None


def _of(cond: Cond, oracle: Oracle, slack: Slack | None) -> Iterator[Atom]:
    """The comparisons of numbers on which the truth of a condition rests."""
    match cond:
        case Comparison():
            yield from _inside(cond.left, oracle)
            yield from _inside(cond.right, oracle)
            yield from _compared(cond, oracle, slack if cond.judged else None)
        case Both(_, items):
            for item in items:
                yield from _of(item, oracle, slack)
        case Opposite(item):
            yield from _of(item, oracle, slack)
        case Switch(test, yes, no):
            yield from _of(test, oracle, None)
            met = _met(test, oracle)
            if met is not None:
                yield from _of(yes if met else no, oracle, slack)


def _compared(cond: Comparison, oracle: Oracle, slack: Slack | None) -> Iterator[Atom]:
    try:
        left = oracle.resolved(cond.left, added=False)
        right = oracle.resolved(cond.right, added=False)
        band = oracle.band(cond, slack) if slack else Fraction(0)
        met = holds(cond.op, oracle.printed(Op("-", (left, right))), band)
    except (UnpredictableError, MissingError):
        return
    if slack is not None and slack.kind == "relative":
        yield Atom(cond.op, left, right, met, share=slack.amount, loose=True)
    else:
        loose = slack is not None and slack.kind == "absolute" and slack.amount > 0
        yield Atom(cond.op, left, right, met, band, loose=loose)


def _inside(value: Value, oracle: Oracle) -> Iterator[Atom]:
    """The comparisons on which rests what a value is made of."""
    match value:
        case Choice(test, yes, no):
            yield from _of(test, oracle, None)
            yield from _inside(yes if _met(test, oracle) else no, oracle)
        case Total(_, parts):
            for where, part in parts:
                yield from _of(where, oracle, None)
                if _met(where, oracle):
                    yield from _inside(part, oracle)
        case Op(_, args) | First(args):
            for arg in args:
                yield from _inside(arg, oracle)
