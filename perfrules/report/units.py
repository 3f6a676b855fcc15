"""Verdicts by unit: whose figures agree, whose do not, and who is missing."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import field

from perfrules.values import frozen, mutable

Outcomes = Mapping[str, Mapping[str, int]]
"""How many verdicts there are: by outcome, then by rule."""


@frozen
class UnitCount:
    """The verdicts on one unit.

    Attributes:
        unit: Its name.
        outcomes: The numbers of verdicts, by outcome and rule; no zeros.
        years: The years that there are rows of.
    """

    unit: str
    outcomes: Outcomes
    years: tuple[str, ...] = ()

    def of(self, outcome: str, rule: str | None = None) -> int:
        """How many verdicts have this outcome, of all rules or of one."""
        found = self.outcomes.get(outcome, {})
        return sum(found.values()) if rule is None else found.get(rule, 0)

    @property
    def due(self) -> int:
        """How many verdicts were due: all that apply."""
        return sum(self.of(name) for name in ("pass", "rounding", "fail", "unknown"))


@frozen
class Missing:
    """A unit that is due and not there: at all, or in ``years``."""

    unit: str
    years: tuple[str, ...] = ()


@frozen
class Units:
    """The units of a run.

    Attributes:
        column: The column of keys that names them; ``dataset`` where each dataset of a folder is one.
        counts: The verdicts on each, in the order of the data.
        missing: Who is due and not there.
        due: How many are due; None if nobody said who is.
    """

    column: str
    counts: tuple[UnitCount, ...] = ()
    missing: tuple[Missing, ...] = ()
    due: int | None = None


@mutable
class Tallied:
    """Numbers of verdicts by unit, while they are added up."""

    found: dict[str, dict[str, Counter[str]]] = field(default_factory=dict)
    years: dict[str, set[str]] = field(default_factory=dict)

    def see(self, unit: str, years: Iterable[str]) -> None:
        """There are rows of a unit, in some years."""
        self.found.setdefault(unit, {})
        self.years.setdefault(unit, set()).update(years)

    def add(self, unit: str, outcome: str, rule: str, number: int) -> None:
        """So many verdicts more."""
        if number:
            self.found.setdefault(unit, {}).setdefault(outcome, Counter())[rule] += number

    def take(self, counts: Iterable[UnitCount]) -> None:
        """The verdicts of other counts."""
        for count in counts:
            self.see(count.unit, count.years)
            for outcome, rules in count.outcomes.items():
                for rule, number in rules.items():
                    self.add(count.unit, outcome, rule, number)

    def counts(self) -> tuple[UnitCount, ...]:
        """The counts of every unit."""
        return tuple(
            UnitCount(
                unit,
                {outcome: dict(rules) for outcome, rules in outcomes.items()},
                tuple(sorted(self.years.get(unit, ()))),
            )
            for unit, outcomes in self.found.items()
        )
