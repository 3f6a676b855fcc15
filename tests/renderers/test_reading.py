"""Saved reports read back: the same, or refused with what is wrong."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perfrules import renderers
from perfrules.errors import DataError
from perfrules.renderers import json_v1
from perfrules.renderers.json_v1.schema import faults, schema
from perfrules.report import Report
from tests.renderers.reports import reports

few = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
SCHEMA = schema()


def read(text: str) -> Report:
    return json_v1.read(text.encode(), "报告.json")


@few
@given(report=reports())
def test_what_was_written_is_what_is_read(report: Report) -> None:
    text = json_v1.render(report)
    jsonschema.validate(json.loads(text), SCHEMA, jsonschema.Draft7Validator)
    saved = read(text)
    assert json_v1.render(saved) == text
    for name in ("left", "right", "difference", "slack"):
        before = [getattr(detail, name) for detail in report.details]
        assert [getattr(detail, name) for detail in saved.details] == before
    assert saved.exit_code() == report.exit_code()
    assert saved.summary.equals(report.summary)
    assert saved.findings.equals(report.findings)
    assert saved.notices.equals(report.notices)


def test_the_real_reports(broken: Report, lusong: Report) -> None:
    for report in (broken, lusong):
        text = json_v1.render(report)
        assert json_v1.render(read(text)) == text


def test_it_can_be_saved_again(broken: Report, tmp_path: Path) -> None:
    path = broken.save(tmp_path / "报告.json")
    again = renderers.load(path).save(tmp_path / "again.json")
    assert again.read_bytes() == path.read_bytes()


def test_members_that_are_not_known_are_passed_over(broken: Report) -> None:
    document = json_v1.document(broken)
    document["findings"][0]["later"] = {"a": 1}
    assert json_v1.render(read(json.dumps(document))) == json_v1.render(broken)


def test_a_byte_order_mark_is_passed_over(broken: Report) -> None:
    text = json_v1.render(broken)
    assert json_v1.render(read("\ufeff" + text)) == text


# ---- what is refused ---------------------------------------------------------------------------------------------------


def refused(content: bytes) -> list[str]:
    with pytest.raises(DataError) as caught:
        json_v1.read(content, "r.json")
    return [str(fault) for fault in caught.value.diagnostics]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[1,", b"\xff\xfe", b"nope", b'{"version": NaN}', b"[" * 100_000, b'{"version": "\\ud800"}',
        b'{"version": ' + b"9" * 5000 + b"}",
    ],
)  # fmt: skip
def test_what_is_not_json(content: bytes) -> None:
    (told,) = refused(content)
    assert "PR516: r.json is not JSON, or is cut off" in told


def test_every_cut_is_refused(broken: Report) -> None:
    content = json_v1.render(broken).rstrip().encode()
    for end in range(0, len(content), 997):
        assert "PR516" in refused(content[:end])[0]


@pytest.mark.parametrize("content", [b"[]", b"1", b"null", b"{}", b'"x"'])
def test_what_is_no_report(content: bytes) -> None:
    assert refused(content)[0].startswith("PR517: r.json is no report of perfrules")


@pytest.mark.parametrize("version", ["2", '"1"', "true", "null", "[1]", "1.5"])
def test_other_versions(version: str) -> None:
    (told,) = refused(f'{{"version": {version}}}'.encode())
    assert told.startswith("PR518: r.json is a report of version")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(DataError, match=r"PR516: .* cannot be read"):
            renderers.load(path)


def changed(broken: Report, change: Any) -> bytes:
    document = json_v1.document(broken)
    change(document)
    return json.dumps(document).encode()


_WAIVER = {
    "reason": "scope", "reason_zh": "", "reason_en": "", "text": "", "by": "a", "date": "2026-01-01", "expires": None,
    "approved_by": "", "evidence": "", "where": "",
}  # fmt: skip


def test_a_report_of_before_there_were_waivers_is_read(broken: Report) -> None:
    def older(document: Any) -> None:
        for item in document["summary"]:
            del item["waived"], item["known"]
        for item in document["findings"]:
            del item["waiver"], item["baseline"], item["fingerprint"], item["numbers"]

    read = json_v1.read(changed(broken, older), "r.json")
    assert json_v1.document(read) == json_v1.document(broken)


def test_what_is_settled_is_read_back(settled: Report) -> None:
    read = json_v1.read(json_v1.render(settled).encode(), "r.json")
    assert json_v1.document(read) == json_v1.document(settled)
    assert read.exit_code("info") == settled.exit_code("info")
    assert (read.waived, read.known) == (settled.waived, settled.known)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda d: d["summary"][0].update({"pass": 99}), "summary[0]: the outcomes do not add up to rows"),
        (lambda d: d["summary"][0].pop("title_zh"), "summary[0].title_zh: is missing"),
        (lambda d: d["findings"][0].update(left="1,000"), "findings[0].left: is not written as it must be: 1,000"),
        (lambda d: d["findings"][0].update(left=110), "findings[0].left: must be a text"),
        (lambda d: d["findings"][4].update(left_exact="500/8"), "findings[4].left: is not its own exact fraction"),
        (lambda d: d["findings"][4].update(left_exact="5/0"), "findings[4].left_exact: is not written as it must be: 5/0"),
        (lambda d: d["findings"][0].update(severity="fatal"), "findings[0].severity: must be one of error, warning, info"),
        (lambda d: d["run"].update(started="yesterday"), "run.started: is not written as it must be: yesterday"),
        (lambda d: d["run"]["tables"].update(t=-1), "run.tables.t: must not be below 0"),
        (lambda d: d["summary"][0].update(rows=True), "summary[0].rows: must be a whole number"),
        (lambda d: d.update(notices={}), "notices: must be a list"),
        (lambda d: d["findings"][0].update(baseline="old"), "findings[0].baseline: must be one of , new, changed, known"),
        (lambda d: d["findings"][0].update(waiver={}), "findings[0].waiver.by: is missing"),
        (lambda d: d["findings"][0].update(waiver=_WAIVER | {"date": "2026-02-30"}), "findings[0].waiver.date: is not written as it must be: 2026-02-30"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(broken: Report, change: Any, told: str) -> None:
    assert f"PR517: r.json: {told}" in refused(changed(broken, change))


def test_no_more_than_ten_faults_are_told(broken: Report) -> None:
    def spoil(document: Any) -> None:
        document["summary"] = [{}] * 30

    assert len(refused(changed(broken, spoil))) == 10


# ---- the check against the schema is that of JSON Schema ---------------------------------------------------------------

_odd = st.sampled_from(
    [None, True, False, -1, 0, 3, 1.5, "", "1/2", "-3", "fail", "PR401", [], {}, [1], {"a": 1}]
)


@st.composite
def spoiled(draw: st.DrawFn) -> Any:
    """A report with one member changed, removed or added."""
    document = json_v1.document(draw(reports()))
    home: Any = document
    while True:
        names = list(home) if isinstance(home, dict) else list(range(len(home)))
        if not names:
            return document
        name = draw(st.sampled_from(names))
        if isinstance(home[name], dict | list) and draw(st.booleans()):
            home = home[name]
            continue
        if draw(st.booleans()):
            home[name] = draw(_odd)
        else:
            del home[name]
        return document


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(document=spoiled())
def test_it_refuses_what_a_validator_refuses(document: Any) -> None:
    validator = jsonschema.Draft7Validator(SCHEMA)
    assert bool(list(faults(document, SCHEMA))) is not validator.is_valid(document)
