"""What a report remarks beside its verdicts: what the readers and the binding found, and what ran otherwise than it might."""

from collections.abc import Iterable
from dataclasses import replace

from perfrules.evaluate.engines import SheetVerdicts
from perfrules.evaluate.sheets import Laid
from perfrules.locale import message
from perfrules.notices import Notice
from perfrules.plan import Plan
from perfrules.running import AnyVerdicts, Found

_ABSENT = ("PR401", "PR402")


def of(plan: Plan, engine: str, found: Found) -> tuple[Notice, ...]:
    """The notices of one run."""
    return (
        *_remarks(found.read, plan),
        *found.refused,
        *_empty(plan, found.verdicts),
        *_slow(found.verdicts),
        *_fetched(found.sheets, engine),
    )


def _remarks(found: tuple[Notice, ...], plan: Plan) -> tuple[Notice, ...]:
    """What the readers and the binding remarked.

    An absent table or column is told once: in the words of the reader, who knows its file, with the rules that the plan knows.
    """
    read = list(found)
    told: set[tuple[str, str]] = set()
    for position, notice in enumerate(read):
        if notice.code in _ABSENT:
            rules = {
                rule: None
                for other in plan.notices
                if (other.code, other.table) == (notice.code, notice.table)
                for rule in other.rules
            }
            read[position] = replace(
                notice, rules=tuple(rules), level="blocking" if rules else "advice"
            )
            told.add((notice.code, notice.table))
    return (*read, *(notice for notice in plan.notices if (notice.code, notice.table) not in told))


def _empty(plan: Plan, found: Iterable[AnyVerdicts]) -> tuple[Notice, ...]:
    """Rules that had no row to speak about."""
    return tuple(
        Notice(
            "PR415",
            message(
                "{tables} has no rows: {count} rules checked nothing",
                tables=sheet.sheet.base,
                count=len(sheet.sheet.rules),
            ),
            rules=tuple(bound.rule.id for bound in sheet.sheet.rules),
            table=sheet.sheet.base[0],
        )
        for sheet in found
        if not sheet.verdicts.rows and not plan.pack.tables[sheet.sheet.base[0]].optional
    )


MANY_ROWS = 10_000
"""From here on it is told that rules run row by row."""


def _slow(found: Iterable[AnyVerdicts]) -> tuple[Notice, ...]:
    """Rules over many rows that have no exact native form."""
    return tuple(
        Notice(
            "PR443",
            message(
                "{count} rules on {tables} ran row by row over {rows} rows, which is exact and slow",
                count=len(sheet.by_reference),
                tables=sheet.sheet.base,
                rows=sheet.verdicts.rows,
            ),
            "advice",
            sheet.by_reference,
            sheet.sheet.base[0],
        )
        for sheet in found
        if sheet.by_reference and sheet.verdicts.rows >= MANY_ROWS
    )


def _fetched(found: Iterable[SheetVerdicts], engine: str) -> tuple[Notice, ...]:
    """Rules that were to be judged in a database and were not."""
    if engine == "polars":
        return ()
    fetched = [
        (
            sheet,
            tuple(b.rule.id for b in sheet.sheet.rules)
            if isinstance(sheet.laid, Laid)
            else sheet.unsaid,
        )
        for sheet in found
    ]
    return tuple(
        Notice(
            "PR455",
            message(
                "{count} rules on {tables} cannot be judged in {engine}; what they need was fetched and judged in memory",
                count=len(set(rules)),
                tables=sheet.sheet.base,
                engine=engine,
            ),
            "advice",
            tuple(dict.fromkeys(rules)),
            sheet.sheet.base[0],
        )
        for sheet, rules in fetched
        if rules
    )
