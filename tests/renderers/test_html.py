"""The page: what it holds without a script, harmless whatever the data say."""

import json
import re
from base64 import b64decode, b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any
from zlib import decompress

import pytest
from hypothesis import HealthCheck, given, settings

from perfrules import wording
from perfrules.findings import EvidenceCell, EvidenceRow
from perfrules.locale import Label
from perfrules.locations import Origin
from perfrules.model import Basis
from perfrules.renderers import html, json_v1
from perfrules.renderers.html.notebook import SHOWN
from perfrules.renderers.html.page import page_of, resource
from perfrules.report import Report
from tests.renderers.reports import reports

few = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'><!--"


class Page(HTMLParser):
    """The elements of a page and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def scripts(text: str) -> list[str]:
    return re.findall(r"<script[^>]*>(.*?)</script>", text, re.DOTALL)


def harmless(text: str) -> None:
    page = Page(text)
    allowed = [{"type": "application/json", "id": "index"}, {}]
    assert [s for s in page.all("script") if s.get("class") != "packet"] == allowed
    assert len(page.all("style")) == 1
    for tag, attributes in page.elements:
        assert tag not in ("img", "iframe", "object", "embed", "link", "base", "form"), tag
        assert not [
            name for name in attributes if name.startswith("on") or name in ("style", "src")
        ]
        if tag == "a":
            assert re.match(r"#|https?://", attributes["href"] or ""), attributes


def test_nothing_comes_from_outside_and_only_its_own_script_runs(broken: Report) -> None:
    text = html.render(broken, "zh")
    harmless(text)
    policy = next(m["content"] for m in Page(text).all("meta") if "http-equiv" in m)
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    script = scripts(text)[-1]
    for content in (style, script):
        assert f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'" in policy
    assert "url(" not in style
    assert "@import" not in style


def hostile(report: Report) -> Report:
    """Every text that a stranger may have written says something bad."""
    bad = Label(HOSTILE, HOSTILE)
    key = {"office": HOSTILE, HOSTILE: HOSTILE}
    cell = EvidenceCell(
        "spending", "total", bad, key, HOSTILE, Origin(HOSTILE, HOSTILE, 1, HOSTILE, HOSTILE)
    )
    row = EvidenceRow("spending", key, {"total": HOSTILE, HOSTILE: HOSTILE})
    details = tuple(
        replace(
            f, title=bad, message=bad, hint=bad, formula=HOSTILE, worked=HOSTILE, column=HOSTILE, key=key,
            cells=(cell,), rows=(row,), notes=(bad,), unit=HOSTILE, why=bad,
        )
        for f in report.details
    )  # fmt: skip
    basis = Basis(ref=HOSTILE, quote=HOSTILE, url="javascript:alert(3)")
    return replace(
        report,
        run=replace(report.run, dataset=HOSTILE, pack=HOSTILE, pack_title=bad, engine=HOSTILE),
        counts=tuple(replace(c, title=bad, rule=f"{c.rule}{HOSTILE}") for c in report.counts),
        details=details,
        remarks=tuple(replace(n, message=bad, where=HOSTILE) for n in report.remarks),
        rules=tuple(
            replace(r, title=bad, formula=HOSTILE, guard=HOSTILE, basis=(basis,))
            for r in report.rules
        ),
        tables=tuple(replace(t, title=bad, columns=dict.fromkeys(t.columns, bad)) for t in report.tables),
    )  # fmt: skip


@pytest.mark.parametrize("standing", [0, 200])
def test_hostile_texts_are_inert(broken: Report, standing: int) -> None:
    text = page_of(hostile(broken), "en", standing)
    harmless(text)
    for content in scripts(text)[:-1]:
        assert "<" not in content
    assert "javascript:" not in text
    unpacked = [json.loads(decompress(b64decode(packet))) for packet in packets(text)]
    for made in (one for packet in unpacked for one in packet):
        harmless(f"<style></style>{made}<script type='application/json' id='index'></script><script></script>")  # fmt: skip


def packets(text: str) -> list[str]:
    return re.findall(r'<script type="text/plain" class="packet">(.*?)</script>', text)


@few
@given(report=reports())
def test_whatever_the_data_say_it_is_harmless_and_complete(report: Report) -> None:
    text = page_of(report, "zh", 1)
    harmless(text)
    made = [one for packet in packets(text) for one in json.loads(decompress(b64decode(packet)))]
    standing = len(re.findall('<details class="finding', text))
    assert standing == min(len(report.details), 1)
    assert standing + len(made) == len(report.details)
    index: Any = json.loads(scripts(text)[0])
    assert {len(places) for places in index["items"].values()} == {len(report.details)}


def test_what_a_finding_shows(broken: Report) -> None:
    text = html.render(broken, "zh")
    said = " ".join(" ".join(Page(text).text).split())
    for part in (
        "支出合计等于基本支出加项目支出", "110.00万元 = 60.00万元 + 40.00万元", "左边 110万元", "右边 100万元", "差额 +10万元",
        "容许差 0.015万元", "看是不是漏加了一项", "表内勾稽关系", "二、支出情况 spending.csv:3 支出合计", "全年支出合计110.00万元",
        "支出表", "小规则包", "某区 2023 年度支出",
    ):  # fmt: skip
        assert part in said, part
    (marked, *_) = re.findall(r'<td class="n m"><mark>(.*?)</mark>', text)
    assert marked == "110.00万元"


def test_rules_that_did_not_run_are_told_with_their_reason(broken: Report) -> None:
    idle = broken.idle
    assert idle
    text = html.render(broken, "en")
    section = text[text.index('id="idle"') : text.index('id="notices"')]
    for rule in idle:
        assert f"<code>{rule}</code>" in section


def test_rounding_is_one_line_for_each_table(lusong: Report) -> None:
    text = html.render(lusong, "en")
    section = text[text.index('id="rounding"') :].partition("</section>")[0]
    found = wording.clusters(lusong)
    assert section.count('<th scope="row">') == len(found)
    assert all(f"<code>{rule}</code>" in section for cluster in found for rule in cluster.rules)


def test_a_saved_report_gives_the_same_page(broken: Report, lusong: Report) -> None:
    for report in (broken, lusong):
        saved = json_v1.read(json_v1.render(report).encode(), "r.json")
        assert html.render(saved, "zh") == html.render(report, "zh")


def test_a_report_without_rows_and_formulas_is_shown_too(broken: Report) -> None:
    document = json_v1.document(broken)
    for name in ("tables", "rows"):
        del document[name]
    for finding in document["findings"]:
        del finding["rows"], finding["worked"]
    old = json_v1.read(json.dumps(document).encode(), "old.json")
    text = html.render(old, "zh")
    assert "二、支出情况 spending.csv:3" in text
    assert '<table class="excerpt"' not in text


def test_findings_come_gravest_first(lusong: Report) -> None:
    text = html.render(lusong, "en")
    found = re.findall(r'<details class="finding o-(\w+) s-(\w+) t-', text)
    order = {"fail": 0, "unknown": 1, "rounding": 2}
    graver = {"error": 0, "warning": 1, "info": 2}
    ranks = [(order[outcome], graver[severity]) for outcome, severity in found]
    assert ranks == sorted(ranks)
    assert len(ranks) == len(lusong.details)


def test_what_is_left_out_of_the_report_is_said(broken: Report) -> None:
    short = replace(broken, details=broken.details[:1])
    assert "--detail" in html.render(short, "en")
    assert "--detail" not in html.render(broken, "en")


def test_what_is_waived_or_known_is_told_apart(settled: Report) -> None:
    text = html.render(settled, "en")
    found = re.findall(r'<details class="finding o-\w+ s-\w+ t-(\w+)"[^>]*?( open)?>', text)
    standings = [standing for standing, _ in found]
    assert sorted(standings) == sorted(
        "waived" if f.waiver else "known" if f.settled else "open" for f in settled.details
    )
    assert {"waived", "known"} <= set(standings)
    assert standings.index("waived") > max(at for at, s in enumerate(standings) if s == "open")
    assert all(not unfolded for standing, unfolded in found if standing != "open")
    waived = next(f.waiver for f in settled.details if f.waiver)
    assert waived.by in text
    assert 'name="standing"' in text
    assert 'name="standing"' not in html.render(replace(settled, details=()), "en")


@pytest.mark.parametrize("name", ["colors.css", "finding.css", "page.css", "notebook.css"])
def test_every_style_closes_what_it_opens(name: str) -> None:
    text = resource(name)
    depth = 0
    for sign in text:
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth >= 0
    assert depth == 0


# ---- notebooks ----------------------------------------------------------------------------------------------------------


def test_a_report_and_a_finding_show_themselves_in_a_notebook(
    lusong: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.delenv("LANGUAGE", raising=False)
    shown = lusong._repr_html_()
    page = Page(shown)
    assert page.elements[0] == ("div", {"class": "perfrules", "lang": "zh-Hans"})
    assert page.all("script") == []
    assert shown.count('<details class="finding') == SHOWN
    assert f"另有 {len(lusong.details) - SHOWN} 条" in shown
    one = lusong.details[0]._repr_html_()
    assert one.count('<details class="finding') == 1
    assert lusong.details[0].rule in one
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    assert "With figures" in lusong.details[0]._repr_html_()


def test_the_style_of_a_notebook_stays_in_its_box(lusong: Report) -> None:
    (style,) = re.findall(r"<style>(.*?)</style>", lusong._repr_html_(), re.DOTALL)
    assert ":root" not in style
    depth = 0
    for selector, brace in re.findall(r"([^{}]*)([{}])", style):
        if brace == "{":
            outer = selector.strip().rpartition("}")[2].strip()
            assert depth or outer.startswith((".perfrules", "@media")), outer
            depth += 1
        else:
            depth -= 1


def test_hostile_texts_are_inert_in_a_notebook_and_a_picture(broken: Report) -> None:
    bad = hostile(broken)
    for shown in (bad._repr_html_(), bad.details[0]._repr_html_()):
        page = Page(shown)
        assert {tag for tag, _ in page.elements} & {"script", "img"} == set()
    units = bad.units
    assert units is not None
    named = replace(units, counts=tuple(replace(c, unit=HOSTILE) for c in units.counts))
    picture = replace(bad, units=named).plot("en").text
    assert {tag for tag, _ in Page(picture).elements} <= {"svg", "g", "rect", "text", "title"}
