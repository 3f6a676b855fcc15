"""What holds within rounding, in one line for each table."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

import perfrules
from perfrules import renderers, wording
from perfrules.findings import Finding
from perfrules.locale import Label, word
from perfrules.report import Report
from perfrules.wording import Cluster

SMALL = Path(__file__).parent / "packs" / "small"


@pytest.fixture(scope="module")
def report() -> Report:
    """Many verdicts within rounding, of two tables and of both units."""
    made = perfrules.check(SMALL / "broken", SMALL)
    one = next(f for f in made.details if f.outcome == "rounding")

    def like(rule: str, gap: str, unit: str = "万元", *notes: Label) -> Finding:
        return replace(one, rule=rule, difference=Fraction(gap), unit=unit, notes=notes)

    cut, odd = Label(None, "cut off"), Label(None, "unlikely")
    found = (
        like("spending-total", "0.01"), like("spending-total", "-0.03", "万元", odd), like("spending-items", "0.02", "万元", odd, cut),
        like("spending-share", "0.005", "%", cut),
    )  # fmt: skip
    numbers = {"spending-total": 9, "spending-items": 1, "spending-share": 1}
    counts = tuple(replace(c, rounding=numbers.get(c.rule, 0)) for c in made.counts)
    rules = tuple(
        replace(r, tables=("spending", "items") if r.rule == "spending-items" else r.tables)
        for r in made.rules
    )
    return replace(made, details=found, counts=counts, rules=rules)


def test_a_line_for_each_table(report: Report) -> None:
    first, second = wording.clusters(report)
    assert isinstance(first, Cluster)
    assert word(first.title, "zh") == "支出表"
    assert (first.count, first.rules) == (10, ("spending-total", "spending-share"))
    assert [gap for gap, _ in first.largest] == ["0.03万元", "0.005%"]
    assert first.largest[0][1] == "office=丙局 year=2023"
    assert [(str(note), n) for note, n in first.notes] == [("unlikely", 1), ("cut off", 1)]
    assert word(second.title, "zh") == "支出表、项目明细"
    assert (second.count, second.largest[0][0]) == (1, "0.02万元")
    at = "at office=丙局 year=2023"
    assert str(wording.clustered(first)) == (
        f"10, the largest 0.03万元 {at}, 0.005% {at} (spending-total, spending-share)"
    )


def test_of_many_rules_the_first_are_named(report: Report) -> None:
    (first, _) = wording.clusters(report)
    many = replace(first, rules=("a", "b", "c", "d"), largest=())
    assert str(wording.clustered(many)) == "10, the largest - (a, b, c, …)"


def test_terminal_and_markdown_cluster_and_the_others_list(report: Report) -> None:
    page = renderers.renderer("terminal").render(report, "en")
    assert "10, the largest 0.03万元 at office=丙局 year=2023, " in str(page)
    assert "1 of them: unlikely\n" in str(page)
    table = str(renderers.renderer("markdown").render(report, "en"))
    assert "## within rounding: 11\n" in table
    assert (
        table.count(
            "| 10 | `spending-total`<br>`spending-share` | 0.03万元 office=丙局 year=2023<br>0.005% office=丙局 year=2023 |"
        )
        == 1
    )
    for name in ("json", "csv", "sarif"):
        content = renderers.renderer(name).render(report, "en")
        text = content if isinstance(content, str) else content.decode()
        assert text.count("unlikely") >= 2


def test_nothing_rounded(report: Report) -> None:
    none = replace(report, counts=tuple(replace(c, rounding=0) for c in report.counts))
    assert wording.clusters(none) == []
    assert "within rounding" not in str(renderers.renderer("markdown").render(none, "en"))
