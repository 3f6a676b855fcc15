"""A working paper with a hundred thousand findings: row by row, and whole."""

from collections import Counter
from dataclasses import replace

import pytest

import perfrules
from perfrules.exchange.excel import book
from perfrules.renderers import xlsx
from perfrules.renderers.xlsx import findings
from perfrules.report import Report
from tests.renderers.conftest import SMALL
from tests.renderers.workbooks import HEAD, Read

MANY = 100_000


def many() -> Report:
    """So many differences within rounding, each of its own office."""
    report = perfrules.check(SMALL / "broken", SMALL)
    detail = next(d for d in report.details if d.outcome == "rounding")
    details = tuple(
        replace(detail, key={"office": f"局{i}", "year": "2023"}, cells=(), rows=())
        for i in range(MANY)
    )
    count = replace(report.counts[0], failed=0, unknown=0, rounding=MANY, rows=MANY)
    count = replace(count, rows=count.passed + count.not_applicable + MANY)
    return replace(report, details=details, counts=(count,), data={})


def test_a_hundred_thousand_findings_are_written_in_bounded_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At any time one row of a sheet is held, however many there are. Three of the columns are enough to see that."""
    monkeypatch.setitem(findings.COLUMNS, "rounding", findings.COLUMNS["rounding"][:3])
    held: Counter[str] = Counter()
    put = book.Sheet.put

    def watched(self: book.Sheet, *args: object, **named: object) -> None:
        put(self, *args, **named)  # type: ignore[arg-type]  # passed on
        held[self.name] = max(held[self.name], len(self.raw.table))

    monkeypatch.setattr(book.Sheet, "put", watched)
    found = Read(xlsx.render(many(), "zh"))
    assert max(held.values()) <= 2
    rows = found.cells("舍入差")
    assert len(rows) == HEAD + 1 + MANY
    assert rows[-1][0] == f"R-{MANY}"
    assert [line[0] for line in found.cells("汇总") if line[0] == "没有遗漏"]
