"""The formats that other programs read: valid, complete, and harmless whatever the data say."""

import csv
import json
import re
from collections import Counter
from dataclasses import replace
from io import BytesIO, StringIO
from itertools import product
from pathlib import Path
from typing import Any

import jsonschema
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from junitparser import JUnitXml
from markdown_it import MarkdownIt

import perfrules
from perfrules import renderers
from perfrules.exchange import markdown
from perfrules.findings import Finding
from perfrules.locale import message
from perfrules.notices import Notice
from perfrules.renderers import csv as csv_renderer
from perfrules.renderers import ess, github, json_v1, junit, parquet, sarif, terminal
from perfrules.renderers import markdown as markdown_renderer
from perfrules.report import Report
from tests.renderers.conftest import SMALL
from tests.renderers.reports import HOSTILE, reports, texts

SARIF = json.loads(
    (Path(__file__).parents[1] / "data" / "sarif" / "sarif-2.1.0.json").read_text("utf-8")
)
ALL = sorted(set(renderers.formats().values()))
few = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def rendered(name: str, report: Report, language: str) -> str | bytes:
    return renderers.renderer(name).render(report, language)


@few
@given(report=reports())
def test_every_format_takes_every_report_and_gives_the_same_when_it_was_saved(
    report: Report,
) -> None:
    saved = json_v1.read(json_v1.render(report).encode(), "report.json")
    for name, language in product(ALL, ("zh", "en")):
        content = rendered(name, report, language)
        assert content == rendered(name, saved, language), (name, language)
        if isinstance(content, str):
            assert content.encode().decode() == content
            assert content.endswith("\n")


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_format_takes_an_empty_report(broken: Report, name: str, language: str) -> None:
    empty = replace(broken, counts=(), details=(), remarks=(), rules=())
    assert rendered(name, empty, language)


# ---- SARIF -------------------------------------------------------------------------------------------------------------


def sarif_run(report: Report, language: str = "en", most: int = sarif.MOST) -> Any:
    log = json.loads(sarif.render(report, language, most))
    validator = jsonschema.Draft4Validator(SARIF)
    assert [f"{e.json_path}: {e.message}" for e in validator.iter_errors(log)] == []
    (run,) = log["runs"]
    for result in run["results"]:
        if "ruleIndex" in result:
            assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert (result["kind"] == "fail") == (result["level"] != "none")
    return run


@pytest.mark.parametrize("language", ["zh", "en"])
def test_sarif_is_valid(broken: Report, lusong: Report, language: str) -> None:
    for report in (broken, lusong, perfrules.check(SMALL / "clean", SMALL)):
        run = sarif_run(report, language)
        assert len(run["results"]) == len(report.details)
        assert len(run["tool"]["driver"]["rules"]) == len(report.rules)
        verdicts = run["properties"]["verdicts"]
        assert sum(verdicts.values()) == sum(count.rows for count in report.counts)


@few
@given(report=reports())
def test_sarif_is_valid_whatever_the_data_say(report: Report) -> None:
    run = sarif_run(report)
    for result in run["results"]:
        assert not re.search(r"(?<!\\)\[[^\[\]\\]*\]\(", result["message"]["text"])


def test_sarif_of_frames_and_of_whole_paths(broken: Report) -> None:
    frames = sarif_run(replace(broken, run=replace(broken.run, data="", rules="")))
    first, *_ = frames["results"]
    assert "physicalLocation" not in first["locations"][0]
    artifacts = [
        place["physicalLocation"]["artifactLocation"]
        for place in first["relatedLocations"]
        if "physicalLocation" in place
    ]
    assert artifacts == [{"uri": "spending.rules.yaml", "uriBaseId": "PACK"}]
    whole = sarif_run(replace(broken, run=replace(broken.run, data="/数据")))
    place = whole["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "file:///%E6%95%B0%E6%8D%AE/spending.csv"}


def test_sarif_of_a_sheet_says_its_row_in_words(broken: Report) -> None:
    cell = broken.details[0].cells[0]
    sheet = replace(cell, origin=replace(cell.origin, file="支出.xlsx"))
    one = replace(broken, details=(replace(broken.details[0], cells=(sheet,)),))
    (result,) = sarif_run(one)["results"]
    assert "region" not in result["locations"][0]["physicalLocation"]
    assert "支出.xlsx:3" in result["locations"][0]["message"]["text"]


def test_fingerprints_are_those_of_the_next_run(broken: Report) -> None:
    def prints(report: Report, language: str) -> list[str]:
        run = sarif_run(report, language)
        return [result["partialFingerprints"]["perfrules/v1"] for result in run["results"]]

    found = prints(broken, "zh")
    assert found == prints(perfrules.check(SMALL / "broken", SMALL), "en")
    other = tuple(
        replace(d, left=d.right, formula="", message=message("x")) for d in broken.details
    )
    assert found == prints(replace(broken, details=other), "en")
    assert len(set(found)) == len(found)


def test_sarif_leaves_out_the_least_grave_and_says_so(broken: Report) -> None:
    run = sarif_run(broken, most=3)
    assert [(r["level"], r["kind"]) for r in run["results"]] == [
        ("error", "fail"),
        ("error", "fail"),
        ("warning", "fail"),
    ]
    told = run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    assert told == "services show 3 results; left out here: fail 1, unknown 1, rounding 1"
    assert sarif.MOST == 5000


def test_sarif_says_what_the_report_does_not_keep() -> None:
    report = perfrules.check(SMALL / "broken", SMALL, detail=0)
    run = sarif_run(report)
    told = run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    assert "fail 4, unknown 1, rounding 1" in told


def test_a_ground_with_an_address_is_linked(broken: Report) -> None:
    basis = broken.rules[0].basis[0]
    for url, linked in (("https://x.org/a", True), ("javascript:x", False), ("http://甲", False)):
        facts = replace(broken.rules[0], basis=(basis.model_copy(update={"url": url}),))
        run = sarif_run(replace(broken, rules=(facts, *broken.rules[1:])))
        assert ("helpUri" in run["tool"]["driver"]["rules"][0]) is linked


# ---- JUnit -------------------------------------------------------------------------------------------------------------


def junit_cases(report: Report) -> dict[str, str]:
    """What came of every case."""
    found = {}
    for suite in JUnitXml.fromstring(junit.render(report, "en")):
        for case in suite:
            results = [type(result).__name__.lower() for result in case.result]
            found[case.name] = results[0] if results else "passed"
    return found


def test_junit(broken: Report) -> None:
    assert junit_cases(broken) == {
        "spending-total": "failure",
        "spending-items": "failure",
        "spending-share": "failure",
        "spending-positive": "failure",
        "spending-target": "skipped",
    }


def test_nothing_unchecked_passes_in_junit(broken: Report) -> None:
    count = broken.counts[0]
    unknown = replace(count, rule="a", rows=2, passed=1, rounding=0, failed=0, unknown=1, not_applicable=0)  # fmt: skip
    idle = replace(unknown, rule="b", passed=0, unknown=0, not_applicable=2)
    empty = replace(idle, rule="c", rows=0, not_applicable=0)
    passed = replace(unknown, rule="d", passed=1, rounding=1, unknown=0)
    report = replace(broken, counts=(unknown, idle, empty, passed), details=(), rules=())
    found = junit_cases(report)
    assert {rule: found[rule] for rule in "abcd"} == {
        "a": "skipped",
        "b": "skipped",
        "c": "skipped",
        "d": "passed",
    }


@few
@given(report=reports())
def test_junit_can_be_read_whatever_the_data_say(report: Report) -> None:
    assert set(junit_cases(report)) == {"r-1", "r-2", "r-3", "r-4"}


# ---- GitHub ------------------------------------------------------------------------------------------------------------


@few
@given(report=reports())
def test_every_line_is_one_command(report: Report) -> None:
    for line in github.render(report, "en").split("\n")[:-1]:
        assert re.match(r"::(error|warning|notice) ", line)


def many(report: Report, number: int) -> Report:
    (count, finding) = (report.counts[0], report.details[0])
    rows = count.rows + number - count.failed
    counts = (replace(count, failed=number, rows=rows),)
    return replace(report, counts=counts, details=(finding,) * number, remarks=())


def test_github_says_how_many_are_not_shown(broken: Report) -> None:
    first, *others = github.render(many(broken, 14), "en").splitlines()
    assert "fail 14" in first
    assert "GitHub shows 10 annotations of each level for a step, 4 are not shown" in first
    assert len(others) == 14
    assert "not shown" not in github.render(many(broken, 10), "en")


def test_github_says_what_is_not_in_the_log(broken: Report) -> None:
    first, *others = github.render(many(broken, github.MOST + 5), "en").splitlines()
    assert len(others) == github.MOST
    assert "5 annotations are not in the log either" in first


def test_github_begins_with_the_gravest(broken: Report) -> None:
    levels = [line.split()[0] for line in github.render(broken, "en").splitlines()[1:]]
    assert levels == ["::error", "::error", "::warning", "::warning", "::notice", "::notice"]


# ---- Markdown ----------------------------------------------------------------------------------------------------------

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def shown(text: str) -> list[str]:
    """The kinds of what a reader of Markdown finds in a text, without plain text."""
    tokens = [child for token in READER.parse(text) for child in token.children or ()]
    return [
        token.type for token in tokens if token.type not in ("text", "text_special", "softbreak")
    ]


@given(text=texts)
@few
def test_a_text_stays_a_text(text: str) -> None:
    written = markdown.plain(text)
    assert "\n" not in written
    assert "@" not in written
    assert "<" not in written
    assert shown(f"x {written}") == []
    (_, inline, _) = READER.parse(f"x {written}")
    said = "".join(child.content for child in inline.children or ())
    assert said.split() == f"x {_one_line(text)}".replace("\x00", "\ufffd").split()


def _one_line(text: str) -> str:
    return re.sub(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+", " ", text)


@given(text=texts)
@few
def test_a_text_at_the_beginning_of_a_line_begins_nothing(text: str) -> None:
    written = markdown.plain(text)
    kinds = [token.type for token in READER.parse(written)]
    assert kinds in ([], ["paragraph_open", "inline", "paragraph_close"])


@given(text=texts)
@few
def test_a_cell_stays_a_cell(text: str) -> None:
    rows = [[markdown.plain(text), markdown.code(text), "end"]]
    tokens = READER.parse("\n".join(markdown.table(["a", "b", "c"], rows)))
    assert Counter(token.type for token in tokens)["td_open"] == 3


def test_markdown_shows_fifty_of_a_rule_and_how_many_more(broken: Report) -> None:
    text = markdown_renderer.render(many(broken, 60), "en")
    assert text.count("office=乙局 year=2023 |") == 50
    assert "\n10 more" in text


def test_markdown_says_what_the_report_does_not_keep() -> None:
    report = perfrules.check(SMALL / "broken", SMALL, detail=0)
    text = markdown_renderer.render(report, "en")
    assert "counted, but not kept in this report: fail 4, unknown 1, rounding 1" in text


def test_markdown_of_the_real_report(lusong: Report) -> None:
    for language in ("zh", "en"):
        text = markdown_renderer.render(lusong, language)
        assert all(detail.rule in text for detail in lusong.details)
        assert set(shown(text)) <= {"code_inline", "html_inline", "hardbreak"}


# ---- CSV ---------------------------------------------------------------------------------------------------------------


def csv_rows(report: Report) -> list[dict[str, str]]:
    content = csv_renderer.render(report, "en")
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"), newline="")))


@few
@given(report=reports())
def test_csv_reads_back_and_holds_no_formula(report: Report) -> None:
    rows = csv_rows(report)
    for row, detail in zip(rows, report.details, strict=False):
        for name, told in (("column", detail.column), ("formula", detail.formula)):
            assert row[name] in (told, f"'{told}")
    number = re.compile(r"-?[0-9]+(\.[0-9]+)?")
    for row in rows:
        for text in row.values():
            lead = text.lstrip()[:1]
            assert number.fullmatch(text) or lead not in set("=+-@＝＋－＠") or not lead


@pytest.mark.parametrize("text", [t for t in HOSTILE if t.strip() and t.lstrip()[0] in "=+-@＝"])
def test_a_formula_becomes_a_text(broken: Report, text: str) -> None:
    one = replace(broken, details=(replace(broken.details[0], column=text),))
    assert csv_rows(one)[0]["column"] == f"'{text}"


def test_negative_numbers_stay_numbers(broken: Report) -> None:
    negative = next(row for row in csv_rows(broken) if row["rule"] == "spending-positive")
    assert (negative["left"], negative["unit"]) == ("-5", "万元")


def test_csv_has_a_line_for_what_is_not_kept() -> None:
    rows = csv_rows(perfrules.check(SMALL / "broken", SMALL, detail=0))
    assert {(row["rule"], row["outcome"], row["key"]) for row in rows} == {
        ("spending-total", "fail", ""),
        ("spending-total", "unknown", ""),
        ("spending-total", "rounding", ""),
        ("spending-items", "fail", ""),
        ("spending-share", "fail", ""),
        ("spending-positive", "fail", ""),
    }
    assert rows[0]["message"] == "1 more are counted, but not kept in this report"


# ---- Parquet -----------------------------------------------------------------------------------------------------------


def test_parquet_is_the_frame(broken: Report, lusong: Report) -> None:
    for report in (broken, lusong):
        assert pl.read_parquet(parquet.render(report, "zh")).equals(report.findings)


@few
@given(report=reports())
def test_parquet_reads_back(report: Report) -> None:
    frame = pl.read_parquet(parquet.render(report, "zh"))
    assert frame["rule"].to_list() == [detail.rule for detail in report.details]


def test_parquet_says_what_the_report_does_not_keep() -> None:
    report = perfrules.check(SMALL / "broken", SMALL, detail=0)
    metadata = pl.read_parquet_metadata(BytesIO(parquet.render(report, "en")))
    assert "fail 4" in metadata["perfrules.not_kept"]


# ---- ESS ---------------------------------------------------------------------------------------------------------------

_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}


def _object(required: dict[str, Any], **optional: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(required),
        "properties": {**required, **optional},
        "additionalProperties": False,
    }


_EVENT = _object({"time": _TEXT, "actor": _TEXT}, agent={}, trigger={})
_DATA = _object({"source": _TEXTS, "target": _TEXTS}, description=_TEXT)
_RULE = _object(
    {"language": _TEXT, "expression": _TEXT, "severity": {"enum": ["information", "warning", "error"]}},
    description=_TEXT, explanation=_TEXT, change={"enum": ["up", "down"]},
)  # fmt: skip
_AGGREGATE = _object({"language": _TEXT, "expression": _TEXT}, description=_TEXT)
STRUCTURE = {
    "type": "array",
    "items": {
        "oneOf": [
            _object({"id": _TEXT, "type": {"enum": ["validation"]}, "event": _EVENT, "rule": _RULE, "data": _DATA,
                     "value": {"enum": ["0", "1", "NA"]}}),
            _object({"id": _TEXT, "type": {"enum": ["aggregation"]}, "event": _EVENT, "aggregate": _AGGREGATE, "data": _DATA,
                     "value": _TEXT}),
        ]
    },
}  # fmt: skip
"""Version 1.0.0 of the structure, as the documents of the ESSnet on validation describe it; it asks for all that is asked for here."""


def ess_parts(report: Report, language: str = "en") -> list[Any]:
    made: list[Any] = json.loads(ess.render(report, language))
    jsonschema.validate(made, STRUCTURE, jsonschema.Draft4Validator)
    return made


def test_ess(broken: Report, lusong: Report) -> None:
    for report in (broken, lusong):
        made = ess_parts(report)
        values = Counter(part["value"] for part in made if part["type"] == "validation")
        assert values["0"] == report.total("fail")
        assert values["1"] == report.total("rounding")
        assert values["NA"] == report.total("unknown") + len(report.idle)
        assert sum(part["type"] == "aggregation" for part in made) == len(report.counts)
        ids = [part["id"] for part in made]
        assert len(set(ids)) == len(ids)
        assert ids == [part["id"] for part in ess_parts(report, "zh")]


@few
@given(report=reports())
def test_ess_is_valid_whatever_the_data_say(report: Report) -> None:
    ess_parts(report)


def test_an_aggregation_is_made_of_its_validations(broken: Report) -> None:
    made = ess_parts(broken)
    ids = {part["id"] for part in made if part["type"] == "validation"}
    first = next(part for part in made if part["type"] == "aggregation")
    assert set(first["data"]["source"]) <= ids
    assert first["value"] == "pass=3; rounding=1; fail=1; unknown=1; not-applicable=1"


# ---- from a saved report -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in ALL if name != "terminal"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_saved_report_gives_the_same(
    broken: Report, lusong: Report, name: str, language: str
) -> None:
    for checked in (broken, lusong):
        report = replace(checked, data={})  # which the workbook shows
        saved = json_v1.read(json_v1.render(report).encode(), "report.json")
        assert rendered(name, saved, language) == rendered(name, report, language)


@pytest.mark.parametrize("verbose", [True, False])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_saved_report_gives_the_same_page(
    broken: Report, lusong: Report, language: str, *, verbose: bool
) -> None:
    view = terminal.View(verbose=verbose)
    for report in (broken, lusong):
        saved = json_v1.read(json_v1.render(report).encode(), "report.json")
        assert terminal.render(saved, language, view) == terminal.render(report, language, view)


def test_a_notice_without_a_known_code_is_written(broken: Report) -> None:
    """A plug-in of later days may have codes of its own."""
    report = replace(broken, remarks=(Notice("PR999", message("x")),))
    run = sarif_run(report)
    assert run["tool"]["driver"]["notifications"] == []
    assert isinstance(report.details[0], Finding)
