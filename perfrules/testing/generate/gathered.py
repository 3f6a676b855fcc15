"""Examples side by side in one dataset, so that an engine runs once for all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from perfrules.expr import nodes
from perfrules.expr.nodes import Field
from perfrules.testing.generate.examples import Example
from perfrules.testing.generate.predict import Prediction
from perfrules.testing.generate.scenarios import Rows
from perfrules.testing.generate.skeleton import Key, Skeleton, nodes_of

ALONE = "0"
"""What the keys of the first example are marked with, if examples are told apart: of one that stands alone too."""


@dataclass(frozen=True)
class Gathered:
    """Several examples side by side in one dataset, their keys made apart.

    Attributes:
        skeleton: Of any of them, for the pack and its rules.
        rows: All their rows.
        wanted: What each rule must say: by id, ``for`` and key.
    """

    skeleton: Skeleton
    rows: Rows
    wanted: Mapping[tuple[str, str, tuple[str, ...]], Prediction | None]


def partition(skeleton: Skeleton) -> str | None:
    """The key column by which whole examples can be told apart: text, in every key and grain, and spoken of by no rule."""
    pack = skeleton.pack
    for column in next(iter(pack.tables[table] for table in skeleton.tables)).key:
        specs = [pack.tables[table] for table in skeleton.tables]
        if all(
            column in spec.key and spec.columns[column].type in ("text", "code") for spec in specs
        ):
            values = {row[column] for rows in skeleton.tables.values() for row in rows}
            grains = all(column in rule.grain for rule in skeleton.rules)
            if grains and len(values) <= 1 and column not in _related(skeleton):
                return column
    return None


def _related(skeleton: Skeleton) -> set[str]:
    """The columns that meet columns of another name: told apart by themselves, their rows would no longer meet."""
    return {
        name
        for rule in skeleton.rules
        for node in nodes_of(rule)
        if isinstance(node, Field | nodes.Rows)
        for pair in node.on
        if pair[0] != pair[1]
        for name in pair
    }


def gathered(examples: Sequence[Example]) -> list[Gathered]:
    """Examples of scenarios over the same tables in as few datasets as their keys allow."""
    column = partition(examples[0].scenario.skeleton)
    if column is None:
        return [_one(example, {}) for example in examples]
    parts = [_one(example, {column: str(number)}) for number, example in enumerate(examples)]
    rows: Rows = {}
    for part in parts:
        for table, some in part.rows.items():
            rows.setdefault(table, []).extend(some)
    wanted = {at: said for part in parts for at, said in part.wanted.items()}
    return [Gathered(parts[0].skeleton, rows, wanted)]


def _one(example: Example, marks: Mapping[str, str]) -> Gathered:
    def marked(column: str, value: Key) -> str:
        return f"{value}{marks.get(column, '')}"

    rows = {
        table: [
            {column: None if cell is None else marked(column, cell) for column, cell in row.items()}
            for row in some
        ]
        for table, some in example.rows.items()
    }
    wanted = {
        (
            instance.rule.id,
            instance.rule.column,
            tuple(marked(column, instance.key[column]) for column in instance.rule.grain),
        ): said
        for instance, said in example.predictions.items()
    }
    return Gathered(example.scenario.skeleton, rows, wanted)
