"""A roll-up block to what its rules are made of: the ladder of its codes, an assertion for each column, and a guard."""

from collections.abc import Iterator

from perfrules.errors import Diagnostic
from perfrules.expr.nodes import Call, Node, Not, Rows
from perfrules.loader.document import Document, Twig
from perfrules.loader.faults import meant_or_listed
from perfrules.loader.names import Names
from perfrules.locale import Message, message
from perfrules.model import Relation, RollupBlock
from perfrules.quantities import MEASURES
from perfrules.tables import Ladder
from perfrules.values import frozen

CHILDREN = "children"
"""The name, in the assertion of a roll-up, of the rows one level below."""


@frozen
class Rollup:
    """A roll-up of one table.

    Attributes:
        table: Its id.
        key: The columns of its key.
        ladder: How its codes stand above one another.
    """

    table: str
    key: tuple[str, ...]
    ladder: Ladder

    @property
    def assertion(self) -> str:
        """What must hold of ``{column}``."""
        if self.ladder.missing == "children-le-parent":
            return f"sum({CHILDREN}.{{column}}) ≤ {{column}}"
        return f"{{column}} = sum({CHILDREN}.{{column}})"

    @property
    def relations(self) -> dict[str, Relation]:
        """The join to the rows one level below, by its name."""
        return {CHILDREN: Relation(table=self.table, on=dict(self._on(self.ladder.children)))}

    @property
    def guard(self) -> tuple[Node, ...]:
        """Where it applies: there are rows below, and of those that may be absent none is known to be."""
        below: Node = Call("present", (Rows(self.table, self._on(self.ladder.children)),))
        if self.ladder.missing != "skip-if-no-parent":
            return (below,)
        return below, Not(Call("present", (Rows(self.table, self._on(self.ladder.orphans)),)))

    def _on(self, column: str) -> tuple[tuple[str, str], ...]:
        return tuple((column if name == self.ladder.column else name, name) for name in self.key)


def ladder_of(
    block: RollupBlock, twig: Twig, tables: tuple[str, ...], names: Names, document: Document
) -> tuple[Ladder | None, list[Diagnostic]]:
    """The ladder of a roll-up, or what is wrong with its table, its code and its columns."""
    if len(tables) != 1:
        what = message("a roll-up is of one table, not of {tables}", tables=tables)
        return None, [Diagnostic("PR114", what, document.place(twig))]
    faults = [
        Diagnostic("PR114" if known else "PR117", what, document.place(leaf), hint)
        for known, what, leaf, hint in (
            *_about_code(block, twig, tables[0], names),
            *_about_columns(block, twig, tables[0], names),
        )
    ]
    code = names.column(block.code, tables)
    if faults or code is None:
        return None, faults
    return Ladder(code, tuple(block.levels), block.total, block.missing), []


_Found = tuple[bool, Message, Twig, Message | None]
"""Whether the name is known, what is wrong, where, and what to do."""


def _about_code(block: RollupBlock, twig: Twig, table: str, names: Names) -> Iterator[_Found]:
    spec, leaf = names.file.tables[table], _under(twig, "code")
    column = names.column(block.code, (table,))
    if column is None:
        yield _unknown(block.code, leaf, names.column_words((table,)))
    elif column not in spec.key:
        yield (
            True,
            message("{name} is not a key column of {table}", name=block.code, table=table),
            leaf,
            message("its key is {key}", key=spec.key),
        )
    elif spec.columns[column].type not in ("code", "text"):
        kind = spec.columns[column].type
        yield (
            True,
            message("{name} is of type {type}, not a code", name=block.code, type=kind),
            leaf,
            None,
        )


def _about_columns(block: RollupBlock, twig: Twig, table: str, names: Names) -> Iterator[_Found]:
    spec, listed = names.file.tables[table], _under(twig, "columns").value
    seen: set[str] = set()
    for name, leaf in zip(block.columns, listed if isinstance(listed, list) else (), strict=True):
        column = names.column(name, (table,))
        if column is None:
            yield _unknown(name, leaf, names.column_words((table,)))
        elif column in seen:
            what = message("{name} stands twice in {key}", name=name, key="columns")
            yield True, what, leaf, None
        elif spec.columns[column].type not in MEASURES or column in spec.key:
            kind = spec.columns[column].type
            yield (
                True,
                message("{name} is of type {type}, which does not add up", name=name, type=kind),
                leaf,
                message("only figures add up: money, counts, numbers, ratios, points"),
            )
        if column is not None:
            seen.add(column)


def _unknown(name: str, leaf: Twig, known: tuple[str, ...]) -> _Found:
    what = message("there is no column {name}", name=name)
    return False, what, leaf, meant_or_listed(name, known)


def _under(twig: Twig, key: str) -> Twig:
    found = twig.value.get(key) if isinstance(twig.value, dict) else None
    return found or Twig(None, *twig.mark)
