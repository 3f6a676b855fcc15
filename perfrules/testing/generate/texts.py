"""Texts that cells may hold, as far as rules tell them apart."""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from perfrules.expr.nodes import Call, Compare, Field, In, Node, Text
from perfrules.model import Pack

GENERIC = tuple("甲乙丙丁戊己庚辛壬癸子丑寅卯")
"""Texts that no rule speaks of."""


class Texts:
    """The texts that the cells of each column may hold: those that rules speak of, and one that none does."""

    def __init__(self, pack: Pack, tables: frozenset[str], nodes: Iterable[Node]) -> None:
        self.columns = {
            (table, column): None
            for table in pack.tables
            if table in tables
            for column, spec in pack.tables[table].columns.items()
            if spec.type in ("text", "code")
        }
        self._said: dict[tuple[str, str], dict[str, None]] = {at: {} for at in self.columns}
        self._same: dict[tuple[str, str], tuple[str, str]] = {at: at for at in self.columns}
        for node in nodes:
            self._learn(node)

    def _learn(self, node: Node) -> None:
        if isinstance(node, Compare):
            self._equal((node.left, node.right))
        elif isinstance(node, In):
            self._equal((node.item, *node.options))
        elif isinstance(node, Call) and node.name == "matches":
            item, pattern = node.args
            if isinstance(item, Field) and isinstance(pattern, Text) and self._has(item):
                self._said[item.table, item.column][_instance(pattern.value)] = None

    def _has(self, node: Field) -> bool:
        return (node.table, node.column) in self.columns

    def _equal(self, nodes: Sequence[Node]) -> None:
        fields = [node for node in nodes if isinstance(node, Field) and self._has(node)]
        for node in fields:
            self._said[node.table, node.column].update(
                {other.value: None for other in nodes if isinstance(other, Text)}
            )
        for node in fields[1:]:
            self._same[self._root((node.table, node.column))] = self._root(
                (fields[0].table, fields[0].column)
            )

    def _root(self, at: tuple[str, str]) -> tuple[str, str]:
        while self._same[at] != at:
            at = self._same[at]
        return at

    def of(self, table: str, column: str) -> tuple[str, ...]:
        """The texts of a column: those said of it or of a column that it is compared with, then enough for all of these to differ."""
        root = self._root((table, column))
        said = {
            text: None
            for at, texts in self._said.items()
            if self._root(at) == root
            for text in texts
        }
        alike = sum(self._root(at) == root for at in self._same)
        return (*said, *GENERIC[: alike + 1])

    def said(self, table: str, column: str) -> tuple[str, ...]:
        """The texts that rules say of a column itself."""
        return tuple(self._said.get((table, column), ()))


def _instance(pattern: str) -> str:
    text = pattern.replace("*", "").replace("?", "甲")
    return text if fnmatchcase(text, pattern.replace("[", "[[]")) else pattern
