"""The quickstart: its planted contradictions are found, and nothing else."""

from pathlib import Path

import perfrules

QUICKSTART = Path(__file__).parents[1] / "examples" / "quickstart"


def test_planted_contradictions_are_found() -> None:
    pack = perfrules.load_pack(QUICKSTART / "rules")
    report = perfrules.check(QUICKSTART / "data", pack)
    assert {(f.outcome, f.rule, f.key["department"]) for f in report.details} == {
        ("fail", "total-is-basic-plus-project", "Education"),  # project 2201.25, not 2210.25
        ("fail", "rate-is-executed-over-budget", "Health"),  # 99.52 %, not 99.25 %
        ("fail", "basic-is-personnel-plus-public", "Justice"),  # public 123.80, not 132.80
        ("rounding", "basic-is-personnel-plus-public", "Housing"),
        ("unknown", "total-is-basic-plus-project", "Statistics"),  # project is blank
    }
    assert [notice for notice in report.remarks if notice.level == "blocking"] == []
