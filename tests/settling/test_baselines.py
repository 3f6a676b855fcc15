"""What a baseline knows, what it takes in and gives up, and its file."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import perfrules
from perfrules.errors import DataError
from perfrules.report import Report
from perfrules.settling import baselines
from perfrules.settling.baselines import EMPTY, against, pruned, updated, written
from tests.settling import signed

SMALL = Path(__file__).parents[1] / "packs" / "small"


@pytest.fixture(scope="module")
def report() -> Report:
    return perfrules.check(SMALL / "broken", SMALL)


def told(report: Report) -> list[str]:
    return [n.code for n in report.remarks if n.code.startswith("PR46")]


def standings(report: Report) -> list[str]:
    return [f.baseline for f in report.details]


def test_what_is_known_fails_no_run(report: Report) -> None:
    made = against(report, updated(EMPTY, report))
    assert set(standings(made)) == {"known", ""}
    assert (made.exit_code("info", ("no-table",)), told(made)) == (0, [])
    assert made.known.total() == report.total("fail") + report.total("unknown")
    assert made.waived.total() == 0


def test_what_is_new_does(report: Report) -> None:
    made = against(report, EMPTY)
    assert set(standings(made)) == {"new", ""}
    assert made.exit_code() == 1


def test_other_numbers_are_no_known_finding(report: Report) -> None:
    later = replace(
        report, details=tuple(replace(f, left=f.right, difference=f.left) for f in report.details)
    )
    made = against(later, updated(EMPTY, report))
    fails = [f.baseline for f in made.details if f.outcome == "fail"]
    assert (set(fails), made.exit_code()) == ({"changed"}, 1)
    again = updated(updated(EMPTY, report), later)
    assert against(later, again).exit_code("info", ("no-table",)) == 0
    assert len(again.known) == len(updated(EMPTY, report).known)


def test_what_was_unknown_and_fails_is_not_known(report: Report) -> None:
    later = replace(report, details=tuple(replace(f, outcome="fail") for f in report.details))
    made = against(later, updated(EMPTY, report))
    assert [f.baseline for f in made.details if f.rule == "spending-total"] == ["known", "new", "changed"]  # fmt: skip


def test_what_is_gone_is_told_and_pruned(report: Report) -> None:
    known = updated(EMPTY, report)
    clean = perfrules.check(SMALL / "clean", SMALL)
    assert told(against(clean, known)) == ["PR465"]
    assert pruned(known, clean).known == {}
    assert pruned(known, report) == known


def test_what_was_not_looked_at_stays(report: Report) -> None:
    known = updated(EMPTY, report)
    idle = replace(
        report,
        counts=tuple(count for count in report.counts if count.rule != "spending-items"),
        details=tuple(f for f in report.details if f.rule != "spending-items"),
    )
    assert pruned(known, idle) == known
    elsewhere = replace(idle, run=replace(idle.run, pack="other"))
    assert pruned(known, elsewhere) == known
    cut = perfrules.check(SMALL / "broken", SMALL, detail=0)
    assert pruned(known, cut) == known
    assert told(against(cut, known)) == ["PR464"]
    assert against(cut, known).exit_code() == 1


def test_a_waived_finding_is_not_taken_in_and_goes(report: Report) -> None:
    finding = report.details[0]
    explained = replace(report, details=(replace(finding, waiver=signed(finding)), *report.details[1:]))  # fmt: skip
    assert len(updated(EMPTY, explained).known) == len(updated(EMPTY, report).known) - 1
    assert len(pruned(updated(EMPTY, report), explained).known) == len(updated(EMPTY, report).known) - 1  # fmt: skip
    made = against(explained, updated(EMPTY, report))
    assert (made.waived.total(), made.known.total()) == (1, len(made.details) - 2)


def test_a_baseline_is_written_and_read_back(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    for known in (EMPTY, updated(EMPTY, report)):
        path.write_text(written(known), encoding="utf-8")
        assert baselines.load(path) == known
        assert written(baselines.load(path)) == written(known)
    lines = [json.loads(line.rstrip(",")) for line in path.read_text("utf-8").splitlines()[3:-2]]
    assert lines == sorted(lines, key=lambda line: (line["rule"], sorted(line["key"].items())))
    assert "110" not in path.read_text("utf-8")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("{", "is not JSON, or is cut off"),
        ("[" * 100_000, "is not JSON, or is cut off"),
        ("[]", "$: must be an object"),
        ("{}", "version: is missing"),
        ('{"version": 2, "findings": []}', "version: must be 1"),
        ('{"version": 1, "findings": [{}]}', "findings[0].pack: is missing"),
        (
            '{"version": 1, "findings": [{"pack": "", "rule": "", "key": {"a": 1}, "column": "", "outcome": "pass", "numbers": "x"}]}',
            "findings[0].outcome: must be one of fail, unknown",
        ),
    ],
)
def test_what_is_no_baseline_is_refused(tmp_path: Path, content: str, what: str) -> None:
    path = tmp_path / "b.json"
    path.write_text(content)
    with pytest.raises(DataError) as raised:
        baselines.load(path)
    assert any(f"{path} is no baseline: {what}" == str(d.message) for d in raised.value.diagnostics)
    assert {d.code for d in raised.value.diagnostics} == {"PR522"}


def test_a_baseline_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"PR522: .* cannot be read"):
        perfrules.check(SMALL / "broken", SMALL, baseline=tmp_path / "none.json")
