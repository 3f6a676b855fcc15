"""Every verdict written by Spark: a folder of Parquet, whole or not at all."""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import polars as pl

from perfrules.databases.faults import unwritten
from perfrules.databases.spark import Spark
from perfrules.databases.sql import SPARK, Text
from perfrules.errors import DataError, Diagnostic
from perfrules.locale import message

_DONE = "_SUCCESS"
"""A file that Spark writes where a folder is whole."""
_NONE = "SELECT '' AS rule, '' AS `for`, '' AS outcome WHERE FALSE"
"""The verdicts of no rule."""


class Asked(Protocol):
    """Verdicts to be asked: a query with a row for each key, and the outcome of each rule in a column of its own."""

    @property
    def rules(self) -> Sequence[tuple[str, str]]:
        """The rules: their ids, and the columns that ``for`` put in."""

    @property
    def keys(self) -> Mapping[str, str]:
        """The columns of the key, as the query names them, by name."""

    @property
    def query(self) -> Text:
        """The query: the columns of the key, then those of the rules."""


def write(
    spark: Spark, parts: Iterable[Asked | pl.DataFrame], outcomes: Sequence[str], path: Path
) -> None:
    """Write verdicts to a folder: its columns are ``rule``, ``for``, those of all keys, and ``outcome``, by which it is parted.

    What was there before, if it was written so too, is replaced when all is done.

    Raises:
        DataError: They could not be written; then nothing is, and what was there still is.
    """
    home = path.absolute()
    if home.exists() and not (home / _DONE).is_file():
        told = message(
            "{path} holds something else than verdicts; name another folder", path=str(path)
        )
        raise DataError([Diagnostic("PR454", told)])
    mark = uuid4().hex
    beside, before = (home.with_name(f".{home.name}.{mark}.{kind}") for kind in ("new", "old"))
    try:
        frames = [spark.run(_NONE), *(_frame(spark, part, outcomes) for part in parts)]
        every = reduce(
            lambda one, other: one.unionByName(other, allowMissingColumns=True), _alike(frames)
        )
        spark.save(every, beside, by="outcome")
        if home.exists():
            home.rename(before)
        beside.rename(home)
    except OSError as fault:
        raise unwritten(str(path), str(fault)) from fault
    finally:
        if before.exists() and not home.exists():
            before.rename(home)
        for left in (beside, before):
            shutil.rmtree(left, ignore_errors=True)


def _frame(spark: Spark, part: Asked | pl.DataFrame, outcomes: Sequence[str]) -> Any:
    return spark.made(part) if isinstance(part, pl.DataFrame) else _asked(spark, part, outcomes)


def _alike(frames: Sequence[Any]) -> list[Any]:
    """The frames with columns of a name of one type: of texts where they differ."""
    kinds: dict[str, set[str]] = {}
    for frame in frames:
        for name, kind in frame.dtypes:
            kinds.setdefault(name, set()).add(kind)
    return [
        frame.select(
            *(
                frame[SPARK.name(name)].cast("string")
                if len(kinds[name]) > 1
                else frame[SPARK.name(name)]
                for name, _ in frame.dtypes
            )
        )
        for frame in frames
    ]


def _asked(spark: Spark, asked: Asked, outcomes: Sequence[str]) -> Any:
    """A row for each verdict: which rule by its number, what came out by its code."""
    say, codes = SPARK.name, list(asked.query.kinds)[-len(asked.rules) :]
    pairs = ", ".join(f"{number}, {say(code)}" for number, code in enumerate(codes))
    keys = ", ".join(f"{say(column)} AS {say(name)}" for name, column in asked.keys.items())
    lists = [
        ", ".join(map(SPARK.value, names)) for names in (*zip(*asked.rules, strict=True), outcomes)
    ]
    rule, column, outcome = (f"array({names})" for names in lists)
    return spark.run(
        f"SELECT {rule}[`@rule`] AS rule, {column}[`@rule`] AS `for`, {outcome}[`@came`] AS outcome, {keys} "  # noqa: S608  # names and values are quoted
        f"FROM (SELECT *, stack({len(codes)}, {pairs}) AS (`@rule`, `@came`) FROM ({asked.query.sql}) AS rows_) AS verdicts_"
    )
