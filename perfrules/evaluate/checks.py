"""Where pandera works: a sheet becomes a ``DataFrameSchema`` with one named ``Check`` per rule.

:class:`RuleSchema` has a backend of its own that runs all its rule checks in one pass and proves the structure in one select; with
stock pandera the same checks give true for pass, rounding and not-applicable, and false for fail and unknown.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from copy import copy
from functools import partial
from typing import Any

import pandera.polars as pa
import polars as pl
from pandera.api.polars.container import DataFrameSchema
from pandera.api.polars.types import PolarsData
from pandera.backends.base import ColumnInfo, CoreCheckResult
from pandera.backends.polars.container import DataFrameSchemaBackend
from pandera.config import ValidationDepth, ValidationScope, config_context
from pandera.dtypes import immutable
from pandera.engines.polars_engine import DataType, Engine
from pandera.errors import FailureCaseMetadata, SchemaError, SchemaErrorReason, SchemaErrors
from pandera.validation_depth import validate_scope

from perfrules.evaluate.batch import Ask, Batch, BoundCheck
from perfrules.evaluate.tally import DETAIL
from perfrules.values import frozen, mutable
from perfrules.verdicts import OUTCOMES, Code, Verdicts


@Engine.register_dtype(equivalents=["int128", pl.Int128, pl.Int128()])
@immutable
class Int128(DataType):
    """polars' 128-bit integers, which pandera does not know."""

    type = pl.Int128


def check_of(rule: BoundCheck) -> pa.Check:
    """A rule as a pandera check; it also runs on stock pandera."""
    good = [int(Code.PASS), int(Code.ROUNDING), int(Code.NOT_APPLICABLE)]

    def holds(data: PolarsData) -> pl.LazyFrame:
        return rule.codes(data.lazyframe).select(pl.col("code").is_in(good))

    name, expression = rule.rule.id, rule.rule.expression
    return pa.Check(
        holds,
        name=name,
        error=name,
        ignore_na=False,
        statistics={"rule": name, "expression": expression},
    )


@mutable
class Run:
    """One validation: what it needs beside the frame, and what it found.

    Attributes:
        ask: The reference.
        limit: How many verdicts of each rule and outcome are kept in detail.
        verdicts: What was found.
        told: Whether somebody reads what pandera raises.
    """

    ask: Ask
    limit: int
    verdicts: Verdicts | None = None
    told: bool = True


class RuleSchema(DataFrameSchema):
    """A pandera schema whose rule checks run together.

    Attributes:
        batch: The rules.
        proven: The frame's columns and types, as the schema asks for them.
        rule_checks: The rules over one frame.
        run: The validation that it is for; each has a copy of the schema of its own.
    """

    batch: Batch
    proven: pl.Schema
    rule_checks: tuple[BoundCheck, ...] = ()
    run: Run

    def over(self, ask: Ask, limit: int) -> "RuleSchema":
        """The schema for one validation."""
        made = copy(self)
        made.run = Run(ask, limit)
        made.rule_checks = tuple(
            BoundCheck(rule, partial(ask, position), self.batch.states)
            for position, rule in enumerate(self.batch.rules)
        )
        made.checks = [check_of(check) for check in made.rule_checks]
        return made

    @staticmethod
    def register_default_backends(check_obj_cls: type) -> None:  # noqa: ARG004  # the signature is pandera's
        """Register our backend for polars frames; pandera's own come with its columns and checks where these are looked at."""
        RuleSchema.register_backend(pl.LazyFrame, RuleBackend)
        RuleSchema.register_backend(pl.DataFrame, RuleBackend)


_NO_CASES = pl.DataFrame(schema=DETAIL)
"""The cases of one error: they stand together in one long table, made once."""
_NO_FAILURES = pl.DataFrame(
    schema={
        "failure_case": pl.String, "schema_context": pl.String, "column": pl.String, "check": pl.String,
        "check_number": pl.Int32, "index": pl.Int32,
    }
)  # fmt: skip
"""That table where no verdicts are kept in detail."""


class RuleBackend(DataFrameSchemaBackend):
    """pandera's polars backend with the hooks replaced that look at columns, run checks and report failures.

    A frame that has just the columns and types of the schema needs no further look at them; any other goes through pandera's own
    hooks, for their reports.
    """

    def collect_column_info(self, check_obj: pl.LazyFrame, schema: Any) -> ColumnInfo:
        """Which columns there are."""
        if check_obj.collect_schema() != schema.proven:
            found: ColumnInfo = super().collect_column_info(check_obj, schema)
            return found
        names = list(schema.proven)
        return ColumnInfo(dict.fromkeys(names), frozenset(names), names, [], [])

    def collect_schema_components(
        self, check_obj: pl.LazyFrame, schema: Any, column_info: ColumnInfo
    ) -> list[Any]:
        """The columns that must be looked at one by one."""
        if check_obj.collect_schema() == schema.proven:
            return []
        found: list[Any] = super().collect_schema_components(check_obj, schema, column_info)
        return found

    @validate_scope(scope=ValidationScope.DATA)  # type: ignore[untyped-decorator]  # pandera's
    def run_checks(self, check_obj: pl.LazyFrame, schema: Any) -> list[CoreCheckResult]:
        """Run every rule in one pass."""
        run = schema.run
        verdicts = run.verdicts = schema.batch.run(check_obj, run.ask, run.limit)
        results = []
        for position, (fail, unknown) in enumerate(
            verdicts.counts[["fail", "unknown"]].iter_rows()
        ):
            if fail or unknown:
                results.append(
                    CoreCheckResult(
                        passed=False,
                        check=schema.checks[position],
                        check_index=position,
                        check_output=None,
                        reason_code=SchemaErrorReason.DATAFRAME_CHECK,
                        failure_cases=_NO_CASES,
                        message=f"{schema.checks[position].name}: {fail} fail, {unknown} unknown",
                    )
                )
        return results

    def failure_cases_metadata(
        self, schema_name: Any, schema_errors: list[SchemaError]
    ) -> FailureCaseMetadata:
        """One long table of failures; structural errors are reported by pandera itself."""
        others = [e for e in schema_errors if e.reason_code != SchemaErrorReason.DATAFRAME_CHECK]
        if others:
            return super().failure_cases_metadata(schema_name, others)
        table = schema_errors[0].schema
        cases = _cases(table, schema_name) if table.run.told else _NO_FAILURES
        names = [
            {"schema": schema_name, "check": error.check.name, "error": str(error)}
            for error in schema_errors
        ]
        return FailureCaseMetadata(
            failure_cases=cases,
            message={"DATA": {"DATAFRAME_CHECK": names}},
            error_counts={"DATAFRAME_CHECK": len(schema_errors)},
        )


def _cases(table: RuleSchema, name: str) -> pl.DataFrame:
    """What fails, as pandera reports it."""
    assert table.run.verdicts is not None  # noqa: S101  # it has been run
    detail = table.run.verdicts.detail
    if detail.is_empty():
        return _NO_FAILURES
    ids = pl.Series([check.name for check in table.checks], dtype=pl.String)
    return detail.filter(pl.col("code") < int(Code.ROUNDING)).select(
        failure_case=pl.lit(pl.Series(OUTCOMES)).gather(pl.col("code").cast(pl.UInt32)),
        schema_context=pl.lit("DataFrameSchema"),
        column=pl.lit(name),
        check=pl.lit(ids).gather(pl.col("rule")),
        check_number=pl.col("rule").cast(pl.Int32),
        index=pl.col("row").cast(pl.Int32),
    )


def schema(name: str, columns: pl.Schema, batch: Batch) -> RuleSchema:
    """The schema of a sheet: its columns by type; its checks are there once it is :meth:`RuleSchema.over` a frame."""
    made = RuleSchema(
        {column: pa.Column(dtype, nullable=True) for column, dtype in columns.items()},
        name=name,
        strict=True,
    )
    made.batch = batch
    made.proven = columns
    return made


def heeded() -> AbstractContextManager[None]:
    """Let pandera validate, schema and data, whatever its settings are: people switch it off for other schemas."""
    depth = ValidationDepth.SCHEMA_AND_DATA
    return config_context(validation_enabled=True, validation_depth=depth)


def validate(made: RuleSchema, frame: pl.DataFrame) -> Verdicts:
    """Validate ``frame`` with pandera and return what its checks found.

    Raises:
        SchemaErrors: The frame has not the structure that its own sheet says, which is a bug.
    """
    made.run.told = False  # the verdicts are what counts here
    try:
        with heeded():
            # of a frame that is not lazy pandera makes another, twice
            made.validate(frame.lazy(), lazy=True)
    except SchemaErrors as errors:
        if made.run.verdicts is None or any(
            e.reason_code != SchemaErrorReason.DATAFRAME_CHECK for e in errors.schema_errors
        ):
            raise
    verdicts = made.run.verdicts
    assert verdicts is not None  # noqa: S101  # run_checks always runs
    return verdicts


Schema = pa.DataFrameSchema
"""A stock pandera schema for polars frames."""


@frozen
class PlainCheck:
    """A rule as a check over ordinary columns.

    Attributes:
        id: Rule id.
        title: What a failure says.
        statistics: Rule id, titles, expression, severity.
        holds: A frame of ordinary columns to one boolean per row.
    """

    id: str
    title: str
    statistics: Mapping[str, str]
    holds: Callable[[pl.LazyFrame], pl.Series]

    def check(self) -> pa.Check:
        """The check."""

        def run(data: PolarsData) -> pl.LazyFrame:
            return pl.LazyFrame({"holds": self.holds(data.lazyframe)})

        return pa.Check(
            run, name=self.id, error=self.title, ignore_na=False, statistics=dict(self.statistics)
        )


def plain_schema(
    name: str,
    columns: Mapping[str, str],
    checks: Sequence[PlainCheck],
    metadata: Mapping[str, object],
) -> Schema:
    """A stock pandera schema over ordinary columns; ``columns`` gives the title of each."""
    return pa.DataFrameSchema(
        {column: pa.Column(None, nullable=True, title=title) for column, title in columns.items()},
        checks=[check.check() for check in checks],
        name=name,
        metadata=dict(metadata),
    )
