"""Properties that hold for every sound rule and engine, tried by hypothesis on data made from the rules."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Protocol

from hypothesis import Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

from perfrules.evaluate.reference import Verdict
from perfrules.expr.nodes import Call, Node
from perfrules.locale import Message, message
from perfrules.locale.words import OUTCOMES
from perfrules.model import Case, Pack
from perfrules.quantities.units import power_of
from perfrules.tables import Column, Table
from perfrules.testing.blocks import block
from perfrules.testing.generate.examples import Example
from perfrules.testing.generate.gathered import ALONE, Gathered, gathered
from perfrules.testing.generate.instances import Instance
from perfrules.testing.generate.predict import Prediction
from perfrules.testing.generate.skeleton import nodes_of, tables_of
from perfrules.testing.judged import At, Said, evaluated
from perfrules.testing.results import Engine
from perfrules.testing.stands import columns_of
from perfrules.values import frozen
from perfrules.verdicts import Code

TOGETHER = 8
"""How many examples are laid side by side for one run of an engine."""


SHRINKS = 60
"""How many smaller examples are looked at once a property is broken."""


class BrokenError(Exception):
    """A property does not hold.

    Attributes:
        told: What is wrong.
        at: The rule and the row that it is about.
        example: Data that show it; None where only several examples together do.
    """

    def __init__(self, told: Message, at: At, example: Example | None = None) -> None:
        super().__init__(str(told))
        self.told = told
        self.at = at
        self.example = example


def compare(part: Gathered, said: Mapping[At, Said]) -> None:
    """Hold what was said against what the rules must say, and the engine against the reference.

    Raises:
        BrokenError: They differ.
    """
    for at, wanted in part.wanted.items():
        if at not in said:
            raise BrokenError(message("{rule} did not run", rule=_named(at)), at)
        engine, verdict = said[at].engine, said[at].ask()
        if engine != verdict.code:
            raise BrokenError(
                message(
                    "{engine} says {one} of {rule}, the reference says {other}",
                    engine=said[at].by,
                    one=_word(engine),
                    rule=_named(at),
                    other=_word(verdict.code),
                ),
                at,
            )
        if wanted is not None:
            _hold(at, wanted, verdict)


def _hold(at: At, wanted: Prediction, verdict: Verdict) -> None:
    got = verdict.code.outcome
    if got != wanted.outcome:
        raise BrokenError(
            message(
                "{rule} is {got}; by its coefficients it must be {wanted}",
                rule=_named(at),
                got=OUTCOMES[got],
                wanted=OUTCOMES[wanted.outcome],
            ),
            at,
        )
    if got == "unknown" and wanted.missing:
        told = {(cell.table, cell.column) for cell in verdict.missing}
        gone = {(slot.table, slot.column) for slot in wanted.missing}
        if not told & gone:
            raise BrokenError(
                message(
                    "{rule} is unknown and does not name what is missing: {cells}",
                    rule=_named(at),
                    cells=tuple(sorted(f"{table}.{column}" for table, column in gone)),
                ),
                at,
            )


def _word(code: Code) -> Message:
    return OUTCOMES[code.outcome]


def _named(at: At) -> str:
    return f"{at[0]}[{at[1]}]" if at[1] else at[0]


# ---- the properties -----------------------------------------------------------------------------------------------------

Strategy = st.SearchStrategy[Example]
"""Where examples come from."""


Tried = Callable[[Pack, Sequence[Example]], None]
"""A property on the engines that are tried."""


class Check(Protocol):
    """A property."""

    def __call__(self, pack: Pack, examples: Sequence[Example], engine: Engine = "polars") -> None:
        """Hold it against examples.

        Raises:
            BrokenError: It does not hold.
        """


def agreement(pack: Pack, examples: Sequence[Example], engine: Engine = "polars") -> None:
    """Every rule says what it must say by its coefficients, on the engine and on the reference."""
    for part in gathered(examples):
        compare(part, evaluated(_of(pack, part), part.rows, engine))


def order(pack: Pack, examples: Sequence[Example], engine: Engine = "polars") -> None:
    """The order of rows and columns changes nothing."""
    for part in gathered(examples):
        draw = Random(len(part.rows))  # noqa: S311  # any order will do
        shuffled = {
            table: [
                dict(draw.sample(list(row.items()), len(row)))
                for row in draw.sample(some, len(some))
            ]
            for table, some in part.rows.items()
        }
        before, after = (evaluated(_of(pack, part), rows, engine) for rows in (part.rows, shuffled))
        _unchanged(before, after, message("in another order"))


def unit_of_measure(pack: Pack, examples: Sequence[Example], engine: Engine = "polars") -> None:
    """The unit of measure in which money is printed changes nothing, places of decimals asked for apart."""
    for part in gathered(examples):
        plain = _of(pack, part)
        rules = tuple(rule for rule in plain.rules if not any(map(_asks_decimals, nodes_of(rule))))
        plain = replace(plain, rules=rules)
        tables = {name: _coarser(spec) for name, spec in plain.tables.items()}
        coarse = replace(plain, file=plain.file.model_copy(update={"tables": tables}))
        moved = {
            table: [_moved(row, plain.tables[table]) for row in some]
            for table, some in part.rows.items()
        }
        before, after = (evaluated(plain, part.rows, engine), evaluated(coarse, moved, engine))
        _unchanged(before, after, message("in another unit"))


def unrelated_rows(pack: Pack, examples: Sequence[Example], engine: Engine = "polars") -> None:
    """Rows that have nothing to do with a row change nothing for it."""
    (whole,), (alone,) = gathered(examples), gathered(examples[:1])
    among = evaluated(_of(pack, whole), whole.rows, engine)
    for at, verdict in evaluated(_of(pack, alone), alone.rows, engine).items():
        if among[at].engine != verdict.engine:
            raise _changed(at, verdict, among[at], message("among other rows"))


def _of(pack: Pack, part: Gathered) -> Pack:
    """The pack with the rules that something is known of."""
    wanted = {at[:2] for at in part.wanted}
    rules = tuple(rule for rule in part.skeleton.rules if (rule.id, rule.column) in wanted)
    return replace(pack, rules=rules, faults=(), faulty=())


def _unchanged(before: Mapping[At, Said], after: Mapping[At, Said], how: Message) -> None:
    for at, verdict in before.items():
        if after[at].engine != verdict.engine:
            raise _changed(at, verdict, after[at], how)


def _changed(at: At, before: Said, after: Said, how: Message) -> BrokenError:
    return BrokenError(
        message(
            "{rule} is {before}, and {how} it is {after}",
            rule=_named(at),
            before=_word(before.engine),
            how=how,
            after=_word(after.engine),
        ),
        at,
    )


def _asks_decimals(node: Node) -> bool:
    return isinstance(node, Call) and node.name == "decimals"


_UNITS = ("元", "十元", "百元", "千元", "万元", "十万元", "百万元", "千万元", "亿元", "十亿元")


def _power(column: Column, spec: Table) -> int:
    return power_of(column.unit or spec.unit or "元", "money") or 0


def _shift(column: Column, spec: Table) -> int:
    """How many places coarser the unit of a column of money is made."""
    return min(4, len(_UNITS) - 1 - _power(column, spec)) if column.type == "money" else 0


def _coarser(spec: Table) -> Table:
    """A table whose money is printed in a coarser unit, with as many decimals more."""
    columns = {}
    for name, column in spec.columns.items():
        shift = _shift(column, spec)
        changes: dict[str, object] = {"unit": _UNITS[_power(column, spec) + shift]}
        if isinstance(column.decimals, int):
            changes["decimals"] = column.decimals + shift
        columns[name] = column.model_copy(update=changes) if shift else column
    return spec.model_copy(update={"columns": columns})


def _moved(row: Mapping[str, str | None], spec: Table) -> dict[str, str | None]:
    """The same amounts in the coarser unit, to the same last place."""
    return {
        column: _pointed(cell, _shift(spec.columns[column], spec)) if cell else cell
        for column, cell in row.items()
    }


def _pointed(cell: str, shift: int) -> str:
    """A number with its point so many places to the left."""
    if not shift:
        return cell
    sign, digits = ("-", cell[1:]) if cell.startswith("-") else ("", cell)
    whole, _, decimals = digits.partition(".")
    whole = whole.zfill(shift + 1)
    return f"{sign}{whole[:-shift]}.{whole[-shift:]}{decimals}"


# ---- running them -------------------------------------------------------------------------------------------------------


@dataclass
class _Least:
    """Looks for the least example that breaks a property, on so many examples and no more: what is broken is to be told soon."""

    check: Tried
    pack: Pack
    found: dict[tuple[object, ...], BrokenError] = field(default_factory=dict)
    spent: int = 0

    def look(self, drawn: Example) -> None:
        """Check an example; of those beyond the limit only what is known to break it does."""
        at = (id(drawn.scenario), *drawn.record.items())
        if at in self.found:
            raise self.found[at]
        self.spent += bool(self.found)
        if self.spent > SHRINKS:
            return
        try:
            self.check(self.pack, [drawn])
        except BrokenError as broken:
            self.found[at] = BrokenError(broken.told, broken.at, drawn)
            raise self.found[at] from None


@frozen
class Trial:
    """A property tried on examples.

    Attributes:
        examples: How many it was tried on.
        broken: What breaks it; None if it holds on all of them.
    """

    examples: int
    broken: BrokenError | None = None


def tried(
    check: Tried, pack: Pack, examples: st.SearchStrategy[Example], number: int, seed: int
) -> Trial:
    """Try a property on generated examples; what breaks it is shrunk to the least example.

    Args:
        check: The property.
        pack: The pack.
        examples: Where examples come from.
        number: How many are tried at least, unless there are fewer.
        seed: With the same seed the same examples are tried.
    """
    spent = 0

    @seeded(seed)
    @settings(
        max_examples=-(-number // TOGETHER),
        deadline=None,
        database=None,
        phases=[Phase.generate],
        report_multiple_bugs=False,
    )
    @given(st.lists(examples, min_size=max(2, min(number, TOGETHER)), max_size=TOGETHER))
    def holds(drawn: list[Example]) -> None:
        nonlocal spent
        spent += len(drawn)
        check(pack, drawn)

    least = _Least(check, pack)

    @seeded(seed)
    @settings(max_examples=number, deadline=None, database=None, report_multiple_bugs=False)
    @given(examples)
    def holds_alone(drawn: Example) -> None:
        least.look(drawn)

    try:
        holds()
    except BrokenError as broken:
        try:
            holds_alone()
        except BrokenError as alone:
            return Trial(spent, alone)
        return Trial(spent, broken)
    return Trial(spent)


def case_block(broken: BrokenError, pack: Pack) -> str:
    """What breaks a property as a case of the rule, with the outcome that it must have, as YAML to paste; empty if that is not known."""
    for instance, said in broken.example.predictions.items() if broken.example else ():
        if broken.example and said is not None and _is_at(instance, broken.at):
            return block([_case(broken.example, instance, said, pack)], instance.rule.tables)
    return ""


def _is_at(instance: Instance, at: At) -> bool:
    """Whether it is the rule and the row, whose key may be marked as that of an example that stands alone."""
    own = [str(instance.key[part]) for part in instance.rule.grain]
    return (instance.rule.id, instance.rule.column) == at[:2] and all(
        text in (part, part + ALONE) for text, part in zip(at[2], own, strict=True)
    )


def _case(example: Example, instance: Instance, said: Prediction, pack: Pack) -> Case:
    """An example as a case that speaks of one row: the rows that belong to it stand first."""
    rule = instance.rule
    rows = {
        table: tuple(
            sorted(
                some,
                key=lambda row: any(
                    row.get(part) not in (None, str(held)) for part, held in instance.key.items()
                ),
            )
        )
        for table, some in example.rows.items()
        if table in tables_of(rule)
    }
    return Case(said.outcome, _trimmed(rows, columns_of(rule, pack)))  # type: ignore[arg-type]  # an outcome


def _trimmed(
    rows: Mapping[str, tuple[Mapping[str, str | None], ...]], read: Mapping[str, set[str]]
) -> dict[str, tuple[Mapping[str, str | None], ...]]:
    """Rows without the cells that the rule does not read."""
    return {
        table: tuple(
            {column: cell for column, cell in row.items() if column in read[table]} for row in some
        )
        for table, some in rows.items()
    }
