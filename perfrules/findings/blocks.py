"""Verdicts on tables that are read in blocks: put into words while their block is at hand, so that nothing else of it is kept."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field

from perfrules.dataset import Blocked, Dataset
from perfrules.evaluate.blocks import Parted, Totals, evaluate_blocks
from perfrules.findings import Finding, explain
from perfrules.locale import message
from perfrules.notices import Notice
from perfrules.plan import Plan, Sheet
from perfrules.values import frozen
from perfrules.verdicts import Verdicts


@frozen
class BlockVerdicts:
    """The verdicts of one sheet over all blocks of its table.

    Attributes:
        sheet: The sheet.
        verdicts: The counts; the detail is in words already.
        by_reference: Ids of the rules that were evaluated row by row.
        details: The findings, in the order of its rules and rows.
    """

    sheet: Sheet
    verdicts: Verdicts
    by_reference: tuple[str, ...]
    details: tuple[Finding, ...]


@frozen
class Told:
    """What was found in all tables that are read in blocks.

    Attributes:
        sheets: The verdicts of each sheet.
        notices: What was remarked on each table.
    """

    sheets: tuple[BlockVerdicts, ...] = ()
    notices: Mapping[str, tuple[Notice, ...]] = field(default_factory=dict)

    @property
    def details(self) -> Iterator[Finding]:
        """All findings."""
        return (finding for sheet in self.sheets for finding in sheet.details)


def told(parts: Parted, dataset: Dataset, limit: int, progress: Callable[[int, int], None]) -> Told:
    """Evaluate what can be evaluated in blocks.

    Args:
        parts: The plan by how its sheets are evaluated.
        dataset: The tables.
        limit: How many verdicts of each rule and outcome are kept as findings.
        progress: Called with the number of rules that are done, and of rows since the last call.
    """
    found: list[BlockVerdicts] = []
    notices: dict[str, tuple[Notice, ...]] = {}
    for name, table in dataset.bulk.items():
        sheets = parts.blocks.get(name, ())
        verdicts, notices[name] = _read(parts.whole, sheets, dataset, table, limit, progress)
        found += verdicts
        progress(sum(len(sheet.rules) for sheet in sheets), 0)
    return Told(tuple(found), notices)


def _read(
    plan: Plan,
    sheets: Sequence[Sheet],
    dataset: Dataset,
    table: Blocked,
    limit: int,
    progress: Callable[[int, int], None],
) -> tuple[list[BlockVerdicts], tuple[Notice, ...]]:
    """Evaluate sheets over one table; its last reading is the right one."""
    found: list[BlockVerdicts] = []
    notices: tuple[Notice, ...] = ()
    for reading in table.passes():
        totals = [Totals(sheet, limit) for sheet in sheets]
        said: list[list[tuple[int, Finding]]] = [[] for _ in sheets]
        for number, part in evaluate_blocks(plan, totals, dataset, reading.blocks()):
            said[number] += zip(part.verdicts.detail["rule"], explain([part]), strict=True)
            progress(0, part.verdicts.rows)
        found = [_over_all(total, parts) for total, parts in zip(totals, said, strict=True)]
        notices = reading.notices
    return found, notices


def _over_all(total: Totals, said: list[tuple[int, Finding]]) -> BlockVerdicts:
    said.sort(key=lambda item: item[0])
    details = tuple(finding for _, finding in said)
    return BlockVerdicts(total.sheet, total.verdicts, tuple(total.by_reference), details)


def refused(parts: Parted) -> Iterator[Notice]:
    """Notices on the rules that need the whole of a table that is read in blocks."""
    for table, rules in parts.refused.items():
        yield Notice(
            "PR446",
            message(
                "{table} has too many rows to be read at once, and {count} rules need more of it than the row they speak about: "
                "they did not run. Check it in a database, or cut it into datasets that are smaller",
                table=table,
                count=len(rules),
            ),
            rules=rules,
            table=table,
        )
