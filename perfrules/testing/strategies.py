"""hypothesis strategies made from rules: data that agree with a pack, and data in which one cell breaks a rule.

Nothing is filtered: equalities are solved, inequalities leave intervals, quotients are computed, branches are chosen beforehand.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random
from typing import TypeVar

import polars as pl
from hypothesis import strategies as st

from perfrules.errors import Diagnostic, UsageError
from perfrules.locale import Message, message
from perfrules.model import Pack
from perfrules.testing.generate.examples import Aim, Example, NoMoveError, moved
from perfrules.testing.generate.printed import Record
from perfrules.testing.generate.scenarios import (
    ContradictionError,
    Rows,
    Scenario,
    rows_of,
    scenario,
)
from perfrules.testing.generate.skeleton import tables_of
from perfrules.values import frozen

T = TypeVar("T")
CHOICE = 2
"""How many random bytes choose the row, the cell and the way of a change."""
SCENARIOS = 6
"""How many scenarios a strategy draws from."""
TRIED = 3
"""How many records of a scenario are tried until one can be changed as asked."""
LARGE = 300
"""From so many cells on it draws from fewer."""


@frozen
class Broken:
    """A rule that a violation breaks, on a row.

    Attributes:
        rule: Id of the rule.
        column: What ``for`` put in; empty without ``for``.
        key: The row, by the columns of the rule's grain.
    """

    rule: str
    column: str
    key: tuple[tuple[str, str], ...]


@frozen
class Changed:
    """Data in which one cell was changed.

    Attributes:
        tables: The data: frames of printed cells by table.
        rule: Id of the rule for which the cell was changed.
        table, row, column: Which cell it is; ``row`` counts from 0. Without a column, the whole row was taken away.
        was, now: What it printed, and what it prints; None is a blank.
        outcomes: What every rule that reads the cell must say of the rows that it concerns.
    """

    tables: Mapping[str, pl.DataFrame]
    rule: str
    table: str
    row: int
    column: str
    was: str | None
    now: str | None
    outcomes: Mapping[Broken, str]

    @property
    def fails(self) -> frozenset[Broken]:
        """The rules that must fail, with their rows; no others may."""
        return frozenset(at for at, outcome in self.outcomes.items() if outcome == "fail")


def records(pack: Pack, table: str) -> st.SearchStrategy[dict[str, str | None]]:
    """Rows of one table with which its rules agree: every one passes or does not apply.

    Args:
        pack: The pack.
        table: Id of the table. Only rules that speak of no other table take part.

    Returns:
        A strategy of cells as printed, by column id; None is a blank.

    Raises:
        UsageError: The pack has no such table, or no row agrees with its rules.
    """
    _check_table(pack, table)
    made = _scenarios(pack, frozenset({table}), single=table)
    return _drawn(made, lambda each, raw: rows_of(each.layout, each.sampler.sample(raw))[table][0])


def datasets(
    pack: Pack, tables: Sequence[str] | None = None
) -> st.SearchStrategy[dict[str, pl.DataFrame]]:
    """Data with which a pack agrees: every rule passes, does not apply, or lacks a row (as the year before the first does).

    Args:
        pack: The pack.
        tables: Ids of the tables that there shall be; by default all. Rules that speak of others take no part.

    Returns:
        A strategy of frames of printed cells by table, as :func:`perfrules.check` takes them.

    Raises:
        UsageError: The pack has no such table, or no data agrees with its rules.
    """
    for table in tables or ():
        _check_table(pack, table)
    made = _scenarios(pack, frozenset(pack.tables if tables is None else tables))
    return _drawn(
        made, lambda each, raw: frames(pack, rows_of(each.layout, each.sampler.sample(raw)))
    )


def violations(pack: Pack, rule: str) -> st.SearchStrategy[Changed]:
    """Data in which one cell, by the smallest step, breaks a rule.

    Which rules fail is reckoned from their coefficients; neither the reference nor an engine is asked.

    Args:
        pack: The pack.
        rule: Id of the rule.

    Raises:
        UsageError: There is no such rule, it is never met, or no single cell breaks it.
    """
    return changes(pack, rule, "violation", _changed)


def boundaries(pack: Pack, rule: str) -> st.SearchStrategy[Changed]:
    """Data in which one cell is as far off as a rule allows: it passes or is rounding, and one step more would fail.

    Args:
        pack: The pack.
        rule: Id of the rule.

    Raises:
        UsageError: There is no such rule, it is never met, or no single cell brings it to its boundary.
    """
    return changes(pack, rule, "boundary", _changed)


# ---- examples -----------------------------------------------------------------------------------------------------------


def examples(made: Sequence[Scenario]) -> st.SearchStrategy[Example]:
    """Records on scenarios."""
    return _drawn(made, lambda each, raw: Example(each, each.sampler.sample(raw)))


def _drawn(
    made: Sequence[Scenario], make: Callable[[Scenario, bytes], T], more: int = 0
) -> st.SearchStrategy[T]:
    """What ``make`` makes of a scenario and random bytes, ``more`` than its records take.

    The first byte chooses the scenario: a single choice is drawn several times as fast as two, and shrinks to the first one.
    """
    sizes = [each.sampler.size + more for each in made]

    def drawn(raw: bytes) -> T:
        number = raw[0] % len(made)
        return make(made[number], raw[1 : 1 + sizes[number]])

    return st.binary(min_size=1 + max(sizes), max_size=1 + max(sizes)).map(drawn)


def changes(pack: Pack, rule: str, aim: Aim, make: Callable[[Example], T]) -> st.SearchStrategy[T]:
    """What ``make`` makes of records with one cell changed for a rule."""
    found = next((each for each in pack.rules if each.id == rule), None)
    if found is None:
        raise _refused(message("the pack {pack} has no sound rule {rule}", pack=pack.id, rule=rule))
    return _moved(_scenarios(pack, tables_of(found), rule=rule), rule, aim, make)


def changed(made: Sequence[Scenario], rule: str, aim: Aim) -> st.SearchStrategy[Example]:
    """Records on scenarios with one cell changed for a rule.

    Raises:
        UsageError: The rule uses something for which nothing can be generated, or no single cell does what is asked.
    """
    return _moved(made, rule, aim, lambda example: example)


def _able(made: Sequence[Scenario], rule: str, aim: Aim) -> dict[int, Record]:
    """The scenarios on which a change does what is asked, by position, each with a record of which this is known."""
    able: dict[int, Record] = {}
    for position, each in enumerate(made):
        if rule in each.refused:
            raise _refused(
                message(
                    "{rule} uses {part}, for which nothing can be generated",
                    rule=rule,
                    part=each.refused[rule],
                )
            )
        record = next((found for found in _few(each) if _can(each, found, rule, aim)), None)
        if record is not None:
            able[position] = record
    if not able:
        raise _refused(
            message("{rule}: no change of a single cell gives a {aim}", rule=rule, aim=_AIMS[aim])
        )
    return able


def _few(made: Scenario) -> Iterator[Record]:
    """The record of a scenario, and some others of its region."""
    yield made.record
    for number in range(TRIED):
        yield made.sampler.sample(Random(number).randbytes(made.sampler.size))  # noqa: S311  # variety, not secrecy


def _can(made: Scenario, record: Record, rule: str, aim: Aim) -> bool:
    try:
        moved(made, record, rule, aim, 0)
    except NoMoveError:
        return False
    return True


_AIMS: Mapping[Aim, Message] = {
    "violation": message("violation"),
    "boundary": message("boundary"),
    "missing": message("missing figure"),
}


def _moved(
    made: Sequence[Scenario], rule: str, aim: Aim, make: Callable[[Example], T]
) -> st.SearchStrategy[T]:
    known = _able(made, rule, aim)
    able = [made[position] for position in known]
    records = {id(each): record for each, record in zip(able, known.values(), strict=True)}

    def move(each: Scenario, drawn: bytes) -> T:
        raw, choice = drawn[:-CHOICE], int.from_bytes(drawn[-CHOICE:])
        try:
            return make(moved(each, each.sampler.sample(raw), rule, aim, choice))
        except NoMoveError:
            return make(moved(each, records[id(each)], rule, aim, choice))

    return _drawn(able, move, CHOICE)


def frames(pack: Pack, rows: Rows) -> dict[str, pl.DataFrame]:
    """Rows as frames of texts."""
    return {
        table: pl.DataFrame(some, schema=dict.fromkeys(pack.tables[table].columns, pl.String))
        for table, some in rows.items()
    }


def _changed(example: Example) -> Changed:
    slot, target = example.changed, example.target
    assert slot is not None  # noqa: S101  # of changed examples only
    assert target is not None  # noqa: S101  # likewise
    return Changed(
        frames(example.scenario.skeleton.pack, example.rows),
        target.rule.id,
        slot.table,
        slot.row,
        slot.column,
        example.printed(example.was),
        example.printed(example.record.get(slot)),
        {
            Broken(
                instance.rule.id,
                instance.rule.column,
                tuple((column, str(instance.key[column])) for column in instance.rule.grain),
            ): said.outcome
            for instance, said in example.predictions.items()
            if said is not None
        },
    )


def _check_table(pack: Pack, table: str) -> None:
    if table not in pack.tables:
        raise _refused(
            message(
                "the pack {pack} has no table {table}; it has {tables}",
                pack=pack.id,
                table=table,
                tables=tuple(pack.tables),
            )
        )


def _scenarios(
    pack: Pack, tables: frozenset[str], *, single: str = "", rule: str = ""
) -> list[Scenario]:
    try:
        return scenarios(pack, tables, single=single, rule=rule)
    except ContradictionError as clash:
        raise _refused(
            message(
                "no data was found that agrees with all of these rules; they seem to exclude each other: {rules}",
                rules=clash.rules,
            )
            if clash.rules
            else message(
                "no data was found that agrees with every rule on {tables}",
                tables=tuple(sorted(tables)),
            )
        ) from clash


def scenarios(
    pack: Pack, tables: frozenset[str], *, single: str = "", rule: str = "", first: int = 0
) -> list[Scenario]:
    """Scenarios over tables, as many as a strategy draws from.

    Raises:
        ContradictionError: No data agrees with the rules.
    """
    active = (rule,) if rule else ()
    found = [scenario(pack, tables, first, single=single, active=active)]
    count = SCENARIOS if len(found[0].record) < LARGE else 2
    for number in range(first + 1, first + count):
        try:
            found.append(scenario(pack, tables, number, single=single, active=active))
        except ContradictionError:
            continue
    return found


def _refused(what: Message) -> UsageError:
    return UsageError([Diagnostic("PR514", what)])
