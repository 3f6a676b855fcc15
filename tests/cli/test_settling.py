"""Waivers, baselines and strictness on the command line."""

import json
import shutil
from pathlib import Path

import pytest

import perfrules
from perfrules.loader import load_waivers
from tests.cli.conftest import SMALL, Cli

BROKEN = SMALL / "broken"
SIGNED = ("--reason", "scope", "--by", "张三", "--date", "2026-01-01")


@pytest.fixture
def saved(cli: Cli) -> str:
    """A saved report in this folder."""
    cli("-q", "check", BROKEN, "-o", "r.json")
    return "r.json"


def waive(cli: Cli, saved: str, rule: str, *more: str) -> int:
    return cli("waive", saved, "--rule", rule, *SIGNED, *more).code


def test_waive_then_check(cli: Cli, saved: str) -> None:
    done = cli("waive", saved, "--rule", "spending-total", "--key", "office=乙局", *SIGNED)
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "waivers added to perfrules.waivers.yaml: 1\n  spending-total  office=乙局 year=2023  10万元\n"
    )
    assert waive(cli, saved, "spending-items") == 0
    done = cli("check", BROKEN, "--waivers", "perfrules.waivers.yaml")
    assert done.code == 3  # the errors are waived, and a table is absent
    assert "settled   waived 2\n" in done.out
    assert "waived: 2\n" in done.out
    assert "张三, 2026-01-01" in done.out
    assert "PR46" not in done.out


def test_the_file_grows_and_stays_as_it_was(cli: Cli, saved: str) -> None:
    before = "# ours\nwaivers:\n- rule: spending-total # why\n  numbers: 0000000000000000\n  reason: scope\n  by: x\n  date: 2026-01-01\n# end\n"
    Path("w.yaml").write_text(before)
    assert waive(cli, saved, "spending-positive", "-f", "w.yaml") == 0
    text = Path("w.yaml").read_text("utf-8")
    assert text.startswith(before.removesuffix("# end\n"))
    assert text.endswith("# end\n")
    _, added = load_waivers(Path("w.yaml"))
    assert (added.rule, added.column, added.key["office"]) == (
        "spending-positive",
        "project",
        "庚局",
    )


@pytest.mark.parametrize("text", ["“甲”说明", "a: b", "#x", "'", '"', "- x", "line\nbreak", "null", " x "])  # fmt: skip
def test_any_text_comes_back(cli: Cli, saved: str, text: str) -> None:
    for rule in ("spending-total", "spending-items"):
        assert waive(cli, saved, rule, "--text", text, "--evidence", text) == 0
    for waiver in load_waivers(Path("perfrules.waivers.yaml")):
        assert (waiver.text, waiver.evidence) == (text, text)


def test_a_key_that_no_file_can_hold_spoils_none(cli: Cli, saved: str) -> None:
    report = json.loads(Path(saved).read_text("utf-8"))
    report["findings"][0]["key"]["office"] = "a\u0001b"
    Path("odd.json").write_text(json.dumps(report))
    assert waive(cli, saved, "spending-items") == 0
    before = Path("perfrules.waivers.yaml").read_bytes()
    done = cli("waive", "odd.json", "--rule", "spending-total", *SIGNED)
    assert (done.code, "PR103" in done.err) == (2, True)
    assert Path("perfrules.waivers.yaml").read_bytes() == before


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--rule", "spending-itms"), "PR523: the report has no finding of spending-itms to explain\n  → did you mean spending-items?"),
        (("--rule", "spending-items", "--key", "office=甲局"), "PR523: the report has no finding of spending-items at this key\n  → its findings: office=己局 year=2023"),
        (("--rule", "spending-items", "--key", "office"), "PR506: office is not KEY=VALUE"),
        (("--rule", "spending-items", "--column", "x"), "PR523"),
        (("--rule", "spending-items", "--reason", "scop"), "PR524: scop is no reason\n  → did you mean scope?"),
        (("--rule", "spending-items", "--reason", "zzz"), "→ reasons: correction, recovered"),
        (("--rule", "spending-items", "--reason", "other"), "PR524: the reason other is to be told with --text"),
        (("--rule", "spending-items", "--by", " "), "PR524: say who explains it with --by"),
        (("--rule", "spending-items", "--expires", "2025-01-01"), "PR524: --expires is before --date"),
        (("--rule", "spending-items", "--expires", "soon"), "PR524: soon is not a date such as 2026-06-30"),
        (("--rule", "spending-items", "-f", "one-line.yaml"), "PR525: nothing can be added to one-line.yaml"),
        (("--rule", "spending-items", "-f", "other.yaml"), "PR525: other.yaml is for the pack other, and this is a report of small"),
        (("--rule", "spending-items", "-f", "ledger.xlsx"), "PR525: ledger.xlsx is a workbook; waivers are added to files of YAML"),
        (("--rule", "spending-items", "-f", "bad.yaml"), "bad.yaml:1:1: PR112: waiver is not a key"),
    ],
)  # fmt: skip
def test_nothing_is_written_where_nothing_is_meant(
    cli: Cli, saved: str, more: tuple[str, ...], told: str
) -> None:
    one = "{rule: a, numbers: 0000000000000000, reason: scope, by: x, date: 2026-01-01}"
    Path("one-line.yaml").write_text(f"waivers: [{one}]\n")
    Path("other.yaml").write_text(f"pack: other\nwaivers:\n- {one}\n")
    Path("bad.yaml").write_text("waiver: []\n")
    files = {path: path.read_bytes() for path in Path().iterdir()}
    done = cli("waive", saved, *SIGNED, *more)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert {path: path.read_bytes() for path in Path().iterdir()} == files


def test_what_is_waived_is_not_waived_again(cli: Cli, saved: str) -> None:
    assert waive(cli, saved, "spending-total") == 0
    cli("-q", "check", BROKEN, "-w", "perfrules.waivers.yaml", "-o", saved)
    done = cli("waive", saved, "--rule", "spending-total", *SIGNED)
    assert "PR523: all of them are waived already: 2" in done.err


def test_dataset_yaml_may_name_waivers(cli: Cli, saved: str, tmp_path: Path) -> None:
    waive(cli, saved, "spending-total")
    waive(cli, saved, "spending-items", "-f", "more.waivers.yaml")
    shutil.copytree(SMALL, tmp_path / "small")
    data = tmp_path / "small" / "broken"
    for name in ("perfrules.waivers.yaml", "more.waivers.yaml"):
        shutil.move(name, data / name)
    described = data / "dataset.yaml"
    described.write_text(described.read_text("utf-8") + "waivers: [perfrules.waivers.yaml]\n", "utf-8")  # fmt: skip
    assert cli("-q", "check", data).code == 1
    assert cli("-q", "check", data, "-w", data / "more.waivers.yaml").code == 3
    report = perfrules.check(data, tmp_path / "small", waivers=[data / "more.waivers.yaml"])
    assert report.waived == {"spending-total": 2, "spending-items": 1}
    assert cli("lint", data).code == 0
    (data / "more.waivers.yaml").write_text("waivers: 5\n")
    (data / "perfrules.waivers.yaml").write_text("waivers: 5\n")
    for args in (("check", data), ("check", data, "-w", data / "more.waivers.yaml"), ("lint", data)):  # fmt: skip
        done = cli(*args)
        assert (done.code, "perfrules.waivers.yaml:1:10: PR114" in done.err + done.out) == (2, True)
    assert "more.waivers.yaml:1:10" in cli("lint", data / "more.waivers.yaml", "--fix").out
    assert "more.waivers.yaml:1:10" in cli("lint", tmp_path).out


def test_baseline_update_check_prune(cli: Cli, saved: str) -> None:
    done = cli("baseline", "update", saved)
    assert (done.code, done.err) == (0, "")
    assert done.out == "perfrules.baseline.json: 5 added, 0 changed, 0 removed; 5 known\n"
    done = cli("check", BROKEN, "--baseline", "perfrules.baseline.json")
    assert done.code == 3
    assert "settled   known 5\n" in done.out
    assert done.out.endswith(
        "no other contradiction, known 5, but not everything could be checked. Exit code 3.\n"
    )
    before = Path("perfrules.baseline.json").read_bytes()
    assert cli("-q", "baseline", "update", saved).out == ""
    assert Path("perfrules.baseline.json").read_bytes() == before
    cli("-q", "check", SMALL / "clean", "-p", SMALL, "-o", "clean.json")
    done = cli("baseline", "prune", "clean.json")
    assert done.out == "perfrules.baseline.json: 0 added, 0 changed, 5 removed; 0 known\n"
    assert cli("-q", "check", BROKEN, "-b", "perfrules.baseline.json").code == 1


def test_what_is_not_kept_is_told_when_a_baseline_is_made(cli: Cli) -> None:
    cli("-q", "check", BROKEN, "--detail", "0", "-o", "r.json")
    done = cli("baseline", "update", "r.json")
    assert (done.code, "PR464: not every verdict of spending-total" in done.err) == (0, True)
    assert "0 known" in done.out


def test_only_new_findings_fail(cli: Cli, saved: str, tmp_path: Path) -> None:
    cli("-q", "baseline", "update", saved)
    shutil.copytree(SMALL, tmp_path / "small")
    data = tmp_path / "small" / "broken"
    text = (data / "spending.csv").read_text("utf-8")
    (data / "spending.csv").write_text(
        text.replace("丙局,2023,100.01", "丙局,2023,107.00"), "utf-8"
    )
    done = cli("check", data, "-b", "perfrules.baseline.json", "-v")
    assert done.code == 1
    assert "Contradictions found: error 1, known 5. Exit code 1." in done.out


def test_prune_needs_a_baseline(cli: Cli, saved: str) -> None:
    done = cli("baseline", "prune", saved)
    assert (done.code, "PR522" in done.err) == (2, True)
    assert "PR516" in cli("baseline", "update", "none.json").err


def test_diff_knows_what_is_waived(cli: Cli, saved: str) -> None:
    cli("-q", "waive", saved, "--rule", "spending-total", "--key", "office=乙局", *SIGNED)
    cli("-q", "check", BROKEN, "-w", "perfrules.waivers.yaml", "-o", "later.json")
    done = cli("diff", saved, "later.json", "-v", "-o", "d.json", "-o", "d.md")
    assert done.code == 0
    assert "waived 1, resolved 0, still there 3." in done.out
    assert "why     Another scope of the figures; 张三, 2026-01-01" in done.out
    assert json.loads(Path("d.json").read_text("utf-8"))["totals"]["waived"] == 1
    assert "Another scope of the figures; 张三" in Path("d.md").read_text("utf-8")
    assert cli("diff", "later.json", saved).code == 0  # it is there again, and not new


def test_strictness(cli: Cli) -> None:
    done = cli("check", BROKEN, "--strictness", "first", "--fail-on", "info")
    assert "PR466" in done.out
    assert (done.code, "error 2. Exit code 1." in done.out) == (1, True)
    assert cli("check", BROKEN, "--strictness", "firs").code == 2
