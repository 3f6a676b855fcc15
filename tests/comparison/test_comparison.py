"""What came of the contradictions of one report in the next."""

import json
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from markdown_it import MarkdownIt

import perfrules
from perfrules.comparison import STATES, Comparison, compare, json_v1, markdown
from perfrules.report import FailOn, Report
from tests.conftest import Golden
from tests.renderers.reports import reports

SMALL = Path(__file__).parents[1] / "packs" / "small"
few = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def old() -> Report:
    return _still(perfrules.check(SMALL / "broken", SMALL))


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The same data after a second look: mended, spoiled, and with a table gone."""
    folder = tmp_path_factory.mktemp("x") / "later"
    shutil.copytree(SMALL / "broken", folder)
    (folder / "items.csv").unlink()
    _edit(folder / "dataset.yaml", ("  items: {file: items.csv, origin: 附件1}\n", ""))
    _edit(
        folder / "spending.csv",
        ("110.00,60.00", "105.00,60.00"),  # other numbers
        ("丁局,2023,100.00,,", "丁局,2023,100.00,70.00,"),  # the blank is filled
        ("己局,2023,90.00,40.00", "己局,2023,90.00,"),  # another is there
        ("丙局,2023,100.01", "丙局,2023,100.05"),  # no rounding any more
        ("庚局,2023,20.00,25.00,-5.00", "庚局,2023,20.00,15.00,5.00"),  # mended
    )
    return _still(perfrules.check(folder, SMALL))


def _edit(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    path.write_text(text, encoding="utf-8")


def _still(report: Report) -> Report:
    run = replace(report.run, perfrules="0.0.0", started=None, seconds=None, data="data", rules="")
    return replace(report, run=run)


def told(comparison: Comparison) -> list[tuple[str, str, str]]:
    return [(c.state, c.finding.rule, c.finding.key["office"]) for c in comparison.changes]


def test_states(old: Report, new: Report) -> None:
    assert told(compare(old, new)) == [
        ("new", "spending-total", "丙局"),
        ("changed", "spending-total", "乙局"),
        ("unchecked", "spending-total", "己局"),
        ("unchecked", "spending-items", "己局"),
        ("resolved", "spending-positive", "庚局"),
        ("still", "spending-share", "己局"),
    ]
    assert [one.count.rule for one in compare(old, new).stopped] == ["spending-items"]
    assert compare(old, new).remarks == ()


def test_back_again(old: Report, new: Report) -> None:
    """What was unknown and is checked now is no change of its own; what fails there is new."""
    assert told(compare(new, old)) == [
        ("new", "spending-items", "己局"),
        ("new", "spending-positive", "庚局"),
        ("changed", "spending-total", "乙局"),
        ("unchecked", "spending-total", "丁局"),
        ("resolved", "spending-total", "丙局"),
        ("still", "spending-share", "己局"),
    ]


def test_nothing_changed(old: Report) -> None:
    comparison = compare(old, old)
    assert {change.state for change in comparison.changes} == {"still"}
    assert len(comparison.changes) == old.total("fail")


@pytest.mark.parametrize(
    ("severity", "fail_on", "code"),
    [
        ("error", "error", 1), ("error", "info", 1), ("error", "never", 0), ("warning", "error", 0), ("warning", "warning", 1),
        ("info", "warning", 0), ("info", "info", 1),
    ],
)  # fmt: skip
def test_exit_code(old: Report, new: Report, severity: Any, fail_on: FailOn, code: int) -> None:
    details = tuple(replace(detail, severity=severity) for detail in new.details)
    assert compare(old, replace(new, details=details)).exit_code(fail_on) == code
    assert compare(old, old).exit_code(fail_on) == 0


def test_what_is_not_kept_is_not_resolved(old: Report) -> None:
    cut = replace(old, details=())
    comparison = compare(old, cut)
    assert {change.state for change in comparison.changes} == {"unchecked"}
    (remark,) = comparison.remarks
    assert str(remark).startswith("the new report does not keep every verdict of spending-total, ")
    (remark,) = compare(cut, old).remarks
    assert str(remark).startswith("the old report does not keep every verdict of ")
    assert compare(cut, old).exit_code() == 1


def test_a_rule_that_is_gone(old: Report) -> None:
    def without(items: Any) -> Any:
        return tuple(item for item in items if item.rule != "spending-items")

    new = replace(old, counts=without(old.counts), details=without(old.details), rules=without(old.rules))  # fmt: skip
    comparison = compare(old, new)
    (change,) = comparison.of("unchecked")
    assert str(change.why) == "the pack of the new report has no such rule"
    assert [str(one.count.title) for one in comparison.stopped] == [
        "Projects are the sum of the items"
    ]


def test_other_packs_versions_and_data_are_told(old: Report) -> None:
    run = replace(old.run, pack_version="2.0.0", dataset="另一份", perfrules="9")
    rules = (replace(old.rules[0], formula="1 = 1"), *old.rules[1:])
    assert [str(remark) for remark in compare(old, replace(old, run=run, rules=rules)).remarks] == [
        "another version of the pack: 1.2.0 before, 2.0.0 now",
        "other data: 某区 2023 年度支出 before, 另一份 now",
        "another version of perfrules: 0.0.0 before, 9 now",
        "1 rules say something else now",
    ]


def test_another_pack_shares_nothing(old: Report) -> None:
    details = tuple(replace(detail, pack="other") for detail in old.details)
    comparison = compare(old, replace(old, run=replace(old.run, pack="other"), details=details))
    states = Counter(change.state for change in comparison.changes)
    assert states == {"new": 4, "unchecked": 5}  # the unknown one is not checked there either
    assert str(comparison.remarks[0]) == "another pack: small before, other now"


@few
@given(one=reports(), other=reports())
def test_every_contradiction_is_told_once(one: Report, other: Report) -> None:
    comparison = compare(one, other)
    before = Counter(id(change.old) for change in comparison.changes if change.old)
    after = Counter(id(change.new) for change in comparison.changes if change.new)
    assert set(before.values()) | set(after.values()) <= {1}
    for language in ("zh", "en"):
        document = json.loads(json_v1.render(comparison, language))
        assert sum(document["totals"].values()) == len(document["changes"])
        page = MarkdownIt("commonmark").enable("table").parse(markdown.render(comparison, language))
        links = [child.type for token in page for child in token.children or ()]
        assert not {"link_open", "image"} & set(links)


RENDERERS: dict[str, Callable[[Comparison, str], str]] = {
    "json": json_v1.render,
    "md": markdown.render,
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("suffix", RENDERERS)
def test_golden(old: Report, new: Report, golden: Golden, suffix: str, language: str) -> None:
    name = f"comparison/report.{language}.{suffix}" if suffix == "md" else "comparison/report.json"
    golden(name, RENDERERS[suffix](compare(old, new), language))


def test_every_member_is_in_the_docstring(old: Report, new: Report) -> None:
    document = json.loads(json_v1.render(compare(old, new)))
    said = json_v1.__doc__ or ""
    change = document["changes"][1]
    for part in (document, change, change["old"], document["stopped"][0]):
        for name in part:
            assert f"``{name}``" in said or name.endswith("_exact"), name
    assert list(document["totals"]) == list(STATES)
