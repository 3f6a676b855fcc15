"""Where pandera works: a sheet becomes a ``DataFrameSchema`` with one named ``Check`` per rule.

:class:`RuleSchema` has a backend of its own that runs all its rule checks in one pass and proves the structure in one select; with
stock pandera the same checks give true for pass, rounding and not-applicable, and false for fail and unknown.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandera.polars as pa
import polars as pl
from pandera.api.polars.container import DataFrameSchema
from pandera.api.polars.types import PolarsData
from pandera.backends.base import CoreCheckResult
from pandera.backends.polars.container import DataFrameSchemaBackend
from pandera.backends.polars.register import register_polars_backends
from pandera.config import ValidationScope
from pandera.dtypes import immutable
from pandera.engines.polars_engine import DataType, Engine
from pandera.errors import FailureCaseMetadata, SchemaError, SchemaErrorReason, SchemaErrors
from pandera.validation_depth import validate_scope

from perfrules.evaluate.batch import DETAIL, BoundCheck, batched
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

    return pa.Check(
        holds,
        name=rule.id,
        error=rule.id,
        ignore_na=False,
        statistics={"rule": rule.id, "expression": rule.expression},
    )


@dataclass(slots=True)
class Collected:
    """What one validation found; each call of :func:`validate` has its own."""

    verdicts: Verdicts | None = None


class RuleSchema(DataFrameSchema):
    """A pandera schema whose rule checks run together."""

    rule_checks: tuple[BoundCheck, ...] = ()
    limit: int = 1000
    collected: Collected

    @staticmethod
    def register_default_backends(check_obj_cls: type) -> None:  # noqa: ARG004  # the signature is pandera's
        """Register our backend for polars frames."""
        register_polars_backends()
        RuleSchema.register_backend(pl.LazyFrame, RuleBackend)
        RuleSchema.register_backend(pl.DataFrame, RuleBackend)


_NO_CASES = pl.DataFrame(schema=DETAIL)
"""The cases of one error: they stand together in one long table, made once."""


class RuleBackend(DataFrameSchemaBackend):
    """pandera's polars backend with three hooks replaced."""

    def run_schema_component_checks(
        self,
        check_obj: pl.LazyFrame,
        schema: Any,
        schema_components: list[Any],
        lazy: bool,  # noqa: FBT001  # the signature is pandera's
    ) -> list[CoreCheckResult]:
        """Prove types at once; a frame with a fault goes through pandera's own checks, for their reports."""
        found = check_obj.collect_schema()
        plain = all(
            not column.checks and not column.unique and not column.regex and column.nullable
            for column in schema_components
        )
        if plain and all(
            column.dtype is None
            or column.dtype.check(
                Engine.dtype(found[column.name]), PolarsData(check_obj, column.name)
            )
            for column in schema_components
        ):
            return []
        return super().run_schema_component_checks(check_obj, schema, schema_components, lazy)

    @validate_scope(scope=ValidationScope.DATA)  # type: ignore[untyped-decorator]  # pandera's
    def run_checks(self, check_obj: pl.LazyFrame, schema: Any) -> list[CoreCheckResult]:
        """Run every rule in one pass."""
        verdicts = batched(check_obj, schema.rule_checks, schema.limit)
        schema.collected.verdicts = verdicts
        results = []
        for position, (fail, unknown) in enumerate(
            verdicts.counts.select("fail", "unknown").iter_rows()
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
        ids = pl.Series([check.name for check in table.checks], dtype=pl.String)
        cases = table.collected.verdicts.detail.filter(pl.col("code") < int(Code.ROUNDING)).select(
            failure_case=pl.lit(pl.Series(OUTCOMES)).gather(pl.col("code").cast(pl.UInt32)),
            schema_context=pl.lit("DataFrameSchema"),
            column=pl.lit(schema_name),
            check=pl.lit(ids).gather(pl.col("rule")),
            check_number=pl.col("rule").cast(pl.Int32),
            index=pl.col("row").cast(pl.Int32),
        )
        names = [
            {"schema": schema_name, "check": error.check.name, "error": str(error)}
            for error in schema_errors
        ]
        return FailureCaseMetadata(
            failure_cases=cases,
            message={"DATA": {"DATAFRAME_CHECK": names}},
            error_counts={"DATAFRAME_CHECK": len(schema_errors)},
        )


def schema(name: str, frame: pl.DataFrame, checks: Sequence[BoundCheck], limit: int) -> RuleSchema:
    """The schema of a sheet: its columns by type, one check per rule."""
    columns = {column: pa.Column(dtype, nullable=True) for column, dtype in frame.schema.items()}
    made = RuleSchema(columns, checks=[check_of(check) for check in checks], name=name, strict=True)
    made.rule_checks = tuple(checks)
    made.limit = limit
    made.collected = Collected()
    return made


def validate(made: RuleSchema, frame: pl.DataFrame) -> Verdicts:
    """Validate ``frame`` with pandera and return what its checks found.

    Raises:
        SchemaErrors: The frame has not the structure that its own sheet says, which is a bug.
    """
    try:
        made.validate(frame, lazy=True)
    except SchemaErrors as errors:
        if made.collected.verdicts is None or any(
            e.reason_code != SchemaErrorReason.DATAFRAME_CHECK for e in errors.schema_errors
        ):
            raise
    verdicts = made.collected.verdicts
    assert verdicts is not None  # noqa: S101  # run_checks always runs on a DataFrame
    return verdicts


Schema = pa.DataFrameSchema
"""A stock pandera schema for polars frames."""


@dataclass(frozen=True, slots=True)
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
