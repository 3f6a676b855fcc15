"""Where pandera works: a sheet becomes a ``DataFrameSchema`` with one named ``Check`` per rule.

:class:`RuleSchema` has a backend of its own that runs all its rule checks in one pass and proves the structure in one select; with
stock pandera the same checks give true for pass, rounding and not-applicable, and false for fail and unknown.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

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

from perfrules.dataset import ROW
from perfrules.evaluate.lower import HARD, Lowered
from perfrules.verdicts import OUTCOMES, Code, Verdicts

CELLS = 16_000_000
"""Outcomes held in memory at once while kept rows are coded."""
DETAIL = {"rule": pl.UInt32, "row": pl.UInt32, "code": pl.Int8}


@Engine.register_dtype(equivalents=["int128", pl.Int128, pl.Int128()])
@immutable
class Int128(DataType):
    """polars' 128-bit integers, which pandera does not know."""

    type = pl.Int128


@dataclass(frozen=True, slots=True)
class RuleCheck:
    """A rule as a check.

    Attributes:
        id: Rule id, with the column of ``for`` where there is one.
        expression: The assertion as written.
        lowered: Its native expressions; None where the reference evaluates every row.
        guard: What makes its guard equal to that of another rule.
        ask: The reference, for rows and rules that have no exact native expression.
    """

    id: str
    expression: str
    lowered: Lowered | None
    guard: object
    ask: Callable[[int], Code]

    def codes(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """The outcome of every row as one column ``code``."""
        if self.lowered is None:
            rows = frame.select(ROW).collect()[ROW]
            return pl.LazyFrame(
                {"code": pl.Series([int(self.ask(row)) for row in rows], dtype=pl.Int8)}
            )
        found = frame.select(ROW, self.lowered.code.cast(pl.Int8).alias("code")).collect()
        return found.select(self._settled(found)).lazy()

    def _settled(self, found: pl.DataFrame) -> pl.Series:
        hard = found.filter(pl.col("code") == HARD)
        if hard.is_empty():
            return found["code"]
        answers = {row: int(self.ask(row)) for row in hard[ROW]}
        return pl.Series(
            "code",
            [answers.get(row, code) for row, code in found.select(ROW, "code").iter_rows()],
            dtype=pl.Int8,
        )

    def check(self) -> pa.Check:
        """The rule as a pandera check; it also runs on stock pandera."""
        good = [int(Code.PASS), int(Code.ROUNDING), int(Code.NOT_APPLICABLE)]

        def holds(data: PolarsData) -> pl.LazyFrame:
            return self.codes(data.lazyframe).select(pl.col("code").is_in(good))

        return pa.Check(
            holds,
            name=self.id,
            error=self.id,
            ignore_na=False,
            statistics={"rule": self.id, "expression": self.expression},
        )


@dataclass(slots=True)
class Collected:
    """What one validation found; each call of :func:`validate` has its own."""

    verdicts: Verdicts | None = None


class RuleSchema(DataFrameSchema):
    """A pandera schema whose rule checks run together."""

    rule_checks: tuple[RuleCheck, ...] = ()
    limit: int = 1000
    collected: Collected

    @staticmethod
    def register_default_backends(check_obj_cls: type) -> None:  # noqa: ARG004  # the signature is pandera's
        """Register our backend for polars frames."""
        register_polars_backends()
        RuleSchema.register_backend(pl.LazyFrame, RuleBackend)
        RuleSchema.register_backend(pl.DataFrame, RuleBackend)


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
                        failure_cases=verdicts.detail.filter(
                            (pl.col("rule") == position) & (pl.col("code") < int(Code.ROUNDING))
                        ),
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
        cases = [
            error.failure_cases.select(
                failure_case=pl.col("code")
                .cast(pl.String)
                .replace_strict({str(i): name for i, name in enumerate(OUTCOMES)}),
                schema_context=pl.lit("DataFrameSchema"),
                column=pl.lit(schema_name),
                check=pl.lit(error.check.name),
                check_number=pl.lit(error.check_index, dtype=pl.Int32),
                index=pl.col("row").cast(pl.Int32),
            )
            for error in schema_errors
        ]
        names = [
            {"schema": schema_name, "check": error.check.name, "error": str(error)}
            for error in schema_errors
        ]
        return FailureCaseMetadata(
            failure_cases=pl.concat(cases),
            message={"DATA": {"DATAFRAME_CHECK": names}},
            error_counts={"DATAFRAME_CHECK": len(schema_errors)},
        )


def schema(name: str, frame: pl.DataFrame, checks: Sequence[RuleCheck], limit: int) -> RuleSchema:
    """The schema of a sheet: its columns by type, one check per rule."""
    columns = {column: pa.Column(dtype, nullable=True) for column, dtype in frame.schema.items()}
    made = RuleSchema(columns, checks=[check.check() for check in checks], name=name, strict=True)
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


# ---- one pass -----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Tally:
    """Counts and capped detail, filled block by block."""

    limit: int
    counts: dict[int, list[int]] = field(default_factory=dict)
    parts: list[pl.DataFrame] = field(default_factory=list)

    def add(self, found: pl.DataFrame) -> None:
        """Count the outcomes of ``rule``, ``row``, ``code`` and keep the first of each that a person must see."""
        for rule, code, number in found.group_by("rule", "code").len().iter_rows():
            self.counts.setdefault(rule, [0] * len(OUTCOMES))[code] += number
        shown = found.filter(pl.col("code") < int(Code.PASS))
        if shown.height:
            self.parts.append(
                shown.group_by("rule", "code", maintain_order=True)
                .head(self.limit)
                .select(list(DETAIL))
            )

    def detail(self) -> pl.DataFrame:
        """The kept verdicts, by rule and row."""
        if not self.parts:
            return pl.DataFrame(schema=DETAIL)
        return (
            pl.concat(self.parts)
            .group_by("rule", "code", maintain_order=True)
            .head(self.limit)
            .select(list(DETAIL))
            .sort("rule", "row")
        )


def batched(frame: pl.LazyFrame, checks: Sequence[RuleCheck], limit: int) -> Verdicts:
    """All outcomes of all rules: one streaming pass that keeps the rows where some verdict is not a clean pass, then their outcomes.

    Pass is what is left: rows minus all other outcomes.
    """
    native = {position: check for position, check in enumerate(checks) if check.lowered is not None}
    guards = {
        check.guard: check.lowered.guard
        for check in native.values()
        if check.lowered and check.lowered.guard is not None
    }
    names = {guard: f"g{number}" for number, guard in enumerate(guards)}
    sizes = [
        pl.len().alias("rows"),
        *((~guards[guard]).sum().alias(name) for guard, name in names.items()),
    ]
    suspects = [
        check.lowered.suspect.fill_null(value=True) for check in native.values() if check.lowered
    ]
    empty = [pl.col(name).is_null() for name in frame.collect_schema().names() if "@" not in name]
    if suspects:
        keep = pl.any_horizontal(*suspects, *empty)
        totals, kept = pl.collect_all([frame.select(sizes), frame.filter(keep)], engine="streaming")
    else:
        totals, kept = frame.select(sizes).collect(), None
    rows = int(totals["rows"][0])
    tally = _Tally(limit)
    if kept is not None:
        _code(kept, native, tally)
    for position, check in enumerate(checks):
        if check.lowered is None:
            codes = check.codes(frame).collect()["code"]
            row = pl.int_range(rows, dtype=pl.UInt32, eager=True)
            tally.add(
                pl.DataFrame(
                    {
                        "rule": pl.repeat(position, rows, dtype=pl.UInt32, eager=True),
                        "row": row,
                        "code": codes,
                    }
                )
            )
    return Verdicts(
        rows,
        _counts(
            rows, checks, tally, {guard: int(totals[name][0] or 0) for guard, name in names.items()}
        ),
        tally.detail(),
    )


def _code(kept: pl.DataFrame, native: Mapping[int, RuleCheck], tally: _Tally) -> None:
    clean = pl.lit(int(Code.PASS), dtype=pl.Int8)
    exprs = [
        pl.when(_doubted(check.lowered))
        .then(check.lowered.code.cast(pl.Int8))
        .otherwise(clean)
        .alias(str(position))
        for position, check in native.items()
        if check.lowered
    ]
    block = max(1024, CELLS // max(1, len(exprs)))
    for start in range(0, kept.height, block):
        part = kept.slice(start, block)
        long = (
            part.lazy()
            .select(pl.col(ROW).alias("row"), *exprs)
            .collect()
            .unpivot(index="row", variable_name="rule", value_name="code")
            .filter(pl.col("code") != int(Code.PASS))
            .with_columns(pl.col("rule").cast(pl.UInt32))
        )
        hard = long.filter(pl.col("code") == HARD)
        if hard.height:
            asked = [
                int(native[rule].ask(row)) for row, rule in hard.select("row", "rule").iter_rows()
            ]
            long = pl.concat(
                [
                    long.filter(pl.col("code") != HARD),
                    hard.with_columns(pl.Series("code", asked, dtype=pl.Int8)),
                ]
            )
            long = long.filter(pl.col("code") != int(Code.PASS)).sort("rule", "row")
        tally.add(long.select(list(DETAIL)))


def _doubted(lowered: Lowered) -> pl.Expr:
    """Rows whose outcome is to be found; where the guard is false it is known and counted already."""
    suspect = lowered.suspect.fill_null(value=True)
    return cast(
        "pl.Expr",
        suspect if lowered.guard is None else suspect & lowered.guard.fill_null(value=True),
    )


def _counts(
    rows: int, checks: Sequence[RuleCheck], tally: _Tally, false_guards: Mapping[object, int]
) -> pl.DataFrame:
    table = []
    for position, check in enumerate(checks):
        found = list(tally.counts.get(position, [0] * len(OUTCOMES)))
        if check.lowered is not None:
            found[Code.NOT_APPLICABLE] += false_guards.get(check.guard, 0)
            found[Code.PASS] = rows - sum(found)
        table.append({"rule": position, **dict(zip(OUTCOMES, found, strict=True))})
    return pl.DataFrame(table, schema={"rule": pl.UInt32, **dict.fromkeys(OUTCOMES, pl.Int64)})
