"""Where pandera works on tables in databases: a ``DataFrameSchema`` of its ibis API with one named ``Check`` per rule.

As on polars, the schema has a backend of its own that runs all its rule checks in one pass. Its columns are those that the sheet
lays, by construction, so there is nothing to look at one by one.
"""

from functools import partial
from typing import Any

import ibis
import narwhals as nw
import pandera.ibis as pa
import polars as pl
from pandera.api.ibis.container import DataFrameSchema
from pandera.api.ibis.types import IbisData
from pandera.backends.base import ColumnInfo, CoreCheckResult
from pandera.backends.ibis.container import DataFrameSchemaBackend
from pandera.backends.ibis.register import register_ibis_backends
from pandera.config import ValidationScope
from pandera.errors import FailureCaseMetadata, SchemaError, SchemaErrorReason, SchemaErrors
from pandera.validation_depth import validate_scope

from perfrules.dataset.relations import UnsayableError
from perfrules.evaluate.checks import heeded
from perfrules.evaluate.native import Lowered
from perfrules.evaluate.remote.passes import Pass, ReadySheet
from perfrules.evaluate.tally import DETAIL
from perfrules.verdicts import Code, Verdicts

_GOOD = [int(Code.PASS), int(Code.ROUNDING), int(Code.NOT_APPLICABLE)]


def _holds(low: Lowered | None, data: IbisData) -> ibis.Table:
    """Whether a rule holds, row by row, for stock pandera."""
    if low is None:
        raise UnsayableError
    code = nw.from_native(data.table).select(holds=low.code.is_in(_GOOD))
    return code.to_native()


class RuleSchema(DataFrameSchema):
    """A pandera schema whose rule checks run together, where the table is.

    Attributes:
        run: The validation that it is for.
        verdicts: What it found, and the rows that this is about.
    """

    run: Pass
    verdicts: tuple[Verdicts, pl.DataFrame] | None = None

    @staticmethod
    def register_default_backends(check_obj_cls: type) -> None:  # noqa: ARG004  # the signature is pandera's
        """Register our backend for tables of ibis."""
        register_ibis_backends()
        RuleSchema.register_backend(ibis.Table, RuleBackend)


class RuleBackend(DataFrameSchemaBackend):
    """pandera's ibis backend with the hooks replaced that look at columns, run checks and report failures."""

    def collect_column_info(self, check_obj: ibis.Table, schema: Any) -> ColumnInfo:  # noqa: ARG002  # the signature is pandera's
        """Which columns there are."""
        names = list(schema.columns)
        return ColumnInfo(dict.fromkeys(names), frozenset(names), names, [], [])

    def collect_schema_components(
        self,
        check_obj: ibis.Table,  # noqa: ARG002  # the signature is pandera's
        schema: Any,  # noqa: ARG002  # likewise
        column_info: ColumnInfo,  # noqa: ARG002  # likewise
    ) -> list[Any]:
        """No column must be looked at one by one."""
        return []

    @validate_scope(scope=ValidationScope.DATA)  # type: ignore[untyped-decorator]  # pandera's
    def run_checks(self, check_obj: ibis.Table, schema: Any) -> list[CoreCheckResult]:  # noqa: ARG002  # the signature is pandera's
        """Run every rule in one pass."""
        schema.verdicts = schema.run.run()
        results = []
        counts = schema.verdicts[0].counts[["fail", "unknown"]]
        for position, (fail, unknown) in enumerate(counts.iter_rows()):
            if fail or unknown:
                check = schema.checks[position]
                results.append(
                    CoreCheckResult(
                        passed=False,
                        check=check,
                        check_index=position,
                        check_output=None,
                        reason_code=SchemaErrorReason.DATAFRAME_CHECK,
                        failure_cases=None,
                        message=f"{check.name}: {fail} fail, {unknown} unknown",
                    )
                )
        return results

    def failure_cases_metadata(
        self, schema_name: Any, schema_errors: list[SchemaError]
    ) -> FailureCaseMetadata:
        """Failures as one long table; structural errors are reported by pandera itself."""
        if any(e.reason_code != SchemaErrorReason.DATAFRAME_CHECK for e in schema_errors):
            return super().failure_cases_metadata(schema_name, schema_errors)
        found = schema_errors[0].schema.verdicts
        cases = found[0].detail if found else pl.DataFrame(schema=DETAIL)
        names = [
            {"schema": schema_name, "check": error.check.name, "error": str(error)}
            for error in schema_errors
        ]
        return FailureCaseMetadata(
            failure_cases=cases.filter(pl.col("code") < int(Code.ROUNDING)),
            message={"DATA": {"DATAFRAME_CHECK": names}},
            error_counts={"DATAFRAME_CHECK": len(schema_errors)},
        )


def schema_of(made: ReadySheet) -> RuleSchema:
    """The pandera schema of a sheet that is ready."""
    checks = [
        pa.Check(
            partial(_holds, made.remote.get(at)),
            name=rule.id,
            error=rule.id,
            ignore_na=False,
            statistics={"rule": rule.id, "expression": rule.expression},
        )
        for at, rule in enumerate(made.batch.rules)
    ]
    columns = {name: pa.Column(nullable=True) for name in made.laid.schema}
    return RuleSchema(columns, checks=checks, name="+".join(made.sheet.base))


def validate(schema: RuleSchema, run: Pass) -> tuple[Verdicts, pl.DataFrame]:
    """Validate a sheet with pandera: its verdicts, and the rows that they are about.

    Raises:
        SchemaErrors: The table has not the structure that its own sheet says, which is a bug.
    """
    schema.run = run
    try:
        with heeded():
            schema.validate(run.made.laid.frame.to_native(), lazy=True)
    except SchemaErrors as errors:
        if schema.verdicts is None or any(
            e.reason_code != SchemaErrorReason.DATAFRAME_CHECK for e in errors.schema_errors
        ):
            raise
    found = schema.verdicts
    assert found is not None  # noqa: S101  # run_checks always runs
    return found
