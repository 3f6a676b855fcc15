"""What an expression may speak about: tables, columns, parameters and relations, as protocols of what inference asks of them."""

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Protocol

from perfrules.quantities import LogicalType
from perfrules.values import frozen


class ColumnLike(Protocol):
    """What inference asks of a column."""

    @property
    def type(self) -> LogicalType:
        """What it holds."""

    @property
    def is_exact(self) -> bool:
        """Whether its figures are the numbers themselves."""


class TableLike(Protocol):
    """What inference asks of a table."""

    @property
    def key(self) -> tuple[str, ...]:
        """Ids of the columns of its key."""

    @property
    def columns(self) -> Mapping[str, ColumnLike]:
        """Its columns by id."""


class StepLike(Protocol):
    """What inference asks of a step of a step table."""

    @property
    def le(self) -> str | None:
        """The bound, if it belongs to the step."""

    @property
    def lt(self) -> str | None:
        """The bound, if it does not."""

    @property
    def score(self) -> str | None:
        """The score up to the bound."""

    @property
    def else_(self) -> str | None:
        """The score of the rest."""


class ParameterLike(Protocol):
    """What inference asks of a parameter."""

    @property
    def value(self) -> str | None:
        """The number as written; None for a step table."""

    @property
    def steps(self) -> tuple[StepLike, ...]:
        """The steps, upwards; empty for a number."""

    @property
    def type(self) -> LogicalType:
        """The logical type of the number or of the bounds."""


class RelationLike(Protocol):
    """What inference asks of a relation."""

    @property
    def table(self) -> str:
        """Id of the table it leads to."""

    @property
    def on(self) -> Mapping[str, str]:
        """Columns of the grain by the key columns of the table that they meet."""


@frozen
class Scope:
    """What an expression may speak about.

    Attributes:
        tables: Tables by id.
        names: Per table, column ids by folded written name; ``""`` where two columns share the name.
        table_names: Table ids by folded written name.
        params: Parameters by name.
        relations: Joins on differently named keys, by name.
        base: Tables whose rows are the rows of the rule.
        grain: Columns at which the rule speaks.
    """

    tables: Mapping[str, TableLike]
    names: Mapping[str, Mapping[str, str]]
    table_names: Mapping[str, str]
    params: Mapping[str, ParameterLike]
    relations: Mapping[str, RelationLike]
    base: tuple[str, ...]
    grain: tuple[str, ...]


@lru_cache(4096)
def fold(name: str) -> str:
    """``name`` as names are compared: compatibility forms folded, white space left out."""
    return "".join(unicodedata.normalize("NFKC", name).split())
