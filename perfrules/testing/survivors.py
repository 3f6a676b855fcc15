"""Mutants that no case kills, and for each of them the case that would."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice, zip_longest
from typing import cast

from perfrules.model import Case, Outcome, Pack, Rule
from perfrules.testing.blocks import block
from perfrules.testing.mutants import Mutant, mutants
from perfrules.testing.nearby import ROWS, Nearby, nearby
from perfrules.testing.stands import Stand, ran, stands
from perfrules.values import frozen

Key = tuple[object, ...]
AT_ONCE = 200
"""Cases that are laid out together in a search."""
MOST = 400
"""Cases of one sort that are tried for one entry of a rule."""


@frozen
class Survivor:
    """A mutant that no case kills.

    Attributes:
        mutant: The mutant; of a rule with ``for``, that of the first entry, or of the entry that the case is for.
        case: A case that would kill it, with the outcome that the rule has; None if none was found.
    """

    mutant: Mutant
    case: Case | None = None

    @property
    def block(self) -> str:
        """The case as YAML to paste under ``cases:``; empty if there is none."""
        return "" if self.case is None else block([self.case], self.mutant.rule.tables)


@frozen
class Survey:
    """What the cases of a rule do to its mutants.

    Attributes:
        rule: Id of the rule.
        mutants: How many mutants there are; those of all entries of ``for`` at one place count once.
        survivors: Those that no case kills.
    """

    rule: str
    mutants: int
    survivors: tuple[Survivor, ...]

    @property
    def killed(self) -> int:
        """How many mutants some case kills."""
        return self.mutants - len(self.survivors)


def survivors(rule: Rule, pack: Pack) -> Survey:
    """Set the cases of a rule on its mutants.

    Args:
        rule: The rule; any entry of a rule with ``for`` stands for all of them.
        pack: Its pack.
    """
    entries, killed = judged(rule, pack)
    keys = dict.fromkeys(mutant.key for _, some in entries for mutant in some)
    found: dict[Key, Survivor] = {}
    for each, some in entries:
        left = [m for m in some if m.key not in killed and m.key not in found]
        others = [other for other, _ in entries if other is not each]
        for mutant, case in _search(each, pack, left, others):
            found[mutant.key] = Survivor(mutant, case)
    for key in keys.keys() - killed - found.keys():
        found[key] = Survivor(next(m for _, some in entries for m in some if m.key == key))
    return Survey(rule.id, len(keys), tuple(found[key] for key in keys if key in found))


def judged(rule: Rule, pack: Pack) -> tuple[Sequence[tuple[Rule, Sequence[Mutant]]], set[Key]]:
    """The entries of a rule with their mutants, and the keys of those that some case kills."""
    entries = [(each, mutants(each, pack)) for each in pack.rules if each.id == rule.id]
    return entries, {mutant.key for each, some in entries for mutant in _killed(each, pack, some)}


def _killed(rule: Rule, pack: Pack, some: Sequence[Mutant]) -> Iterator[Mutant]:
    """The mutants that give some case of the rule another outcome; a case that the rule itself fails kills none."""
    laid = ran(stands(rule, pack, rule.cases, [mutant.rule for mutant in some]))
    good = [stand for stand in laid if _outcome(stand, rule) == stand.case.outcome]
    for mutant in some:
        if any(_outcome(stand, mutant.rule) != stand.case.outcome for stand in good):
            yield mutant


def _outcome(stand: Stand, rule: Rule) -> Outcome:
    return cast("Outcome", stand.verdict(rule).code.outcome)


# ---- the missing case -----------------------------------------------------------------------------------------------


def _search(
    rule: Rule, pack: Pack, some: Sequence[Mutant], others: Sequence[Rule]
) -> Iterator[tuple[Mutant, Case]]:
    """For mutants of an entry the nearest case that tells them from it; ``others`` are the other entries."""
    left = {mutant.key: mutant for mutant in some}
    for way in (_one_change, _two_changes):
        if not left:
            return
        variants = [mutant.rule for mutant in left.values()]
        cases = way(rule, nearby(rule, pack, variants))
        while left and (some_cases := list(islice(cases, AT_ONCE))):
            for stand in ran(stands(rule, pack, some_cases, variants)):
                case = replace(stand.case, outcome=_outcome(stand, rule))
                told = [m for m in left.values() if _outcome(stand, m.rule) != case.outcome]
                if told and _is_true_of(others, case, pack):
                    for mutant in told:
                        del left[mutant.key]
                        yield mutant, case


def _is_true_of(entries: Sequence[Rule], case: Case, pack: Pack) -> bool:
    """Whether a case holds for those entries of ``for`` whose columns it names, since it will belong to them too."""
    named = {name for rows in case.rows.values() for row in rows for name in row}
    return all(
        isinstance(found, Stand) and _outcome(found, entry) == case.outcome
        for entry in entries
        if set(entry.column.split(", ")) <= named
        for found in stands(entry, pack, [case])
    )


def _one_change(rule: Rule, around: Nearby) -> Iterator[Case]:
    """Cases one change away, small changes first; of one size no more than are worth their time."""
    sizes: dict[int, list[Case]] = {}
    for size, other in (pair for case in rule.cases for pair in around.of(case)):
        sizes.setdefault(size, []).append(other)
    for size in sorted(sizes):
        yield from islice(_distinct(sizes[size]), MOST)


def _two_changes(rule: Rule, around: Nearby) -> Iterator[Case]:
    """Some of the cases two changes away: with another row and another cell, then with two other cells."""
    ones = [pair for case in rule.cases for pair in around.of(case)]
    rows = [case for size, case in ones if size >= ROWS]
    cells = [case for size, case in ones if 1 < size < ROWS]
    for first in (rows, cells):
        twos = zip_longest(*(_cells_changed(case, around) for case in first[:AT_ONCE]))
        each = (case for several in twos for case in several if case is not None)
        yield from islice(_distinct(each), MOST)


def _cells_changed(case: Case, around: Nearby) -> Iterator[Case]:
    return (two for size, two in around.of(case) if 1 < size < ROWS)


def _distinct(cases: Iterable[Case]) -> Iterator[Case]:
    seen = set()
    for case in cases:
        rows = tuple(
            (table, tuple(tuple(row.items()) for row in some)) for table, some in case.rows.items()
        )
        if rows not in seen:
            seen.add(rows)
            yield case
