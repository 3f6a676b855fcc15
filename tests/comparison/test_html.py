"""A comparison as a page: all of it without a script, harmless whatever the data say, and filtered in a real browser."""

import re
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as BrowserPage

import perfrules
from perfrules.comparison import STATES, Comparison, compare, html
from perfrules.comparison.html.page import page_of
from perfrules.report import Report
from tests.renderers.conftest import SMALL
from tests.renderers.reports import reports
from tests.renderers.test_html import HOSTILE, Page, hostile, scripts

few = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def base() -> Report:
    return perfrules.check(SMALL / "broken", SMALL)


@pytest.fixture(scope="module")
def comparison(base: Report) -> Comparison:
    """One changed, one new, one that is not checked any more, one resolved; the others are still there."""
    first, *rest = [d for d in base.details if d.rule != "spending-items"]
    changed = replace(first, difference=first.difference and first.difference + 1)
    added = replace(first, key={"office": "辛局", "year": "2023"})
    kept = tuple(d for d in rest if d.rule != "spending-positive")
    counts = tuple(
        replace(count, failed=0, passed=count.passed + count.failed)
        if count.rule == "spending-positive"
        else count
        for count in base.counts
        if count.rule != "spending-items"
    )
    return compare(base, replace(base, details=(changed, added, *kept), counts=counts))


def changes(text: str) -> list[dict[str, str | None]]:
    return [one for one in Page(text).all("details") if "change" in (one.get("class") or "")]


def harmless(text: str) -> None:
    page = Page(text)
    assert page.all("script") == [{}]
    assert len(page.all("style")) == 1
    for tag, attributes in page.elements:
        assert tag not in ("img", "iframe", "object", "embed", "link", "base", "form"), tag
        assert not [n for n in attributes if n.startswith("on") or n in ("style", "src")]
        if tag == "a":
            assert (attributes["href"] or "").startswith("#")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_change_is_there_with_both_sides(comparison: Comparison, language: str) -> None:
    text = html.render(comparison, language)
    states = Counter(one["data-state"] for one in changes(text))
    assert states == Counter(change.state for change in comparison.changes)
    assert set(states) == {"new", "changed", "unchecked", "resolved", "still"}
    said = re.sub(r"\s+", " ", "".join(Page(text).text))
    assert ("差额增减+1万元" if language == "zh" else "Difference now less before+1万元") in said
    for one in comparison.stopped:
        assert one.count.rule in said


def test_only_its_own_style_and_script(comparison: Comparison) -> None:
    text = html.render(comparison, "zh")
    harmless(text)
    policy = next(m["content"] for m in Page(text).all("meta") if "http-equiv" in m) or ""
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    (script,) = scripts(text)
    for content in (style, script):
        assert f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'" in policy
    assert "unsafe" not in policy
    assert "url(" not in style


@pytest.mark.parametrize("language", ["zh", "en"])
def test_whatever_the_data_say(base: Report, language: str) -> None:
    bad = hostile(base)
    for found in (compare(bad, bad), compare(base, bad), compare(bad, base)):
        text = html.render(found, language)
        harmless(text)
        assert HOSTILE not in text


@few
@given(one=reports(), other=reports())
def test_it_takes_every_comparison(one: Report, other: Report) -> None:
    comparison = compare(one, other)
    for language in ("zh", "en"):
        text = html.render(comparison, language)
        harmless(text)
        assert len(changes(text)) == len(comparison.changes)
        assert text.endswith("</html>\n")


def test_it_says_how_many_are_not_in_it(comparison: Comparison) -> None:
    text = page_of(comparison, "en", 2)
    assert len(changes(text)) == 2
    rest = len(comparison.changes) - 2
    assert f"{rest} more changes are not in this page" in text
    assert "not in this page" not in html.render(comparison, "en")


def test_nothing_changed_is_told(base: Report) -> None:
    clean = replace(base, details=())
    none = compare(replace(clean, counts=()), replace(clean, counts=()))
    assert "没有变化" in html.render(none, "zh")


def test_years_stand_side_by_side(base: Report) -> None:
    def of(year: str) -> Report:
        details = tuple(replace(d, key={**d.key, "year": year}, cells=()) for d in base.details)
        return replace(base, details=details)

    assert "2022 → 2023" in html.render(compare(of("2022"), of("2023"), ["year"]), "zh")


# ---- in a browser -------------------------------------------------------------------------------------------------------


@pytest.fixture
def page(chromium: Browser, comparison: Comparison, tmp_path: Path) -> Iterator[BrowserPage]:
    """The page; nothing goes wrong in it, and nothing leaves it."""
    file = tmp_path / "diff.html"
    file.write_text(html.render(comparison, "en"), "utf-8")
    context = chromium.new_context()
    made = context.new_page()
    outside: list[str] = []
    said: list[str] = []
    made.on("request", lambda request: outside.append(request.url))
    made.on("console", lambda told: said.append(told.text))
    made.on("pageerror", lambda error: said.append(str(error)))
    made.goto(file.as_uri())
    made.wait_for_selector("html[data-ready]")
    yield made
    context.close()
    assert [url for url in outside if not url.startswith("file:")] == []
    assert said == []


def test_filters_and_search(page: BrowserPage, comparison: Comparison) -> None:
    seen = page.locator(".change:visible")
    total = len(comparison.changes)
    expect(seen).to_have_count(total)
    page.locator("input[name=state][value=still]").uncheck()
    expect(seen).to_have_count(total - len(comparison.of("still")))
    groups = sum(bool(comparison.of(state)) for state in STATES) - 1
    expect(page.locator(".group:visible")).to_have_count(groups)
    page.locator("#search").fill("辛局")
    expect(seen).to_have_count(1)
    page.keyboard.press("Escape")
    page.locator("#rule").select_option("spending-share")
    expect(seen).to_have_count(0)
    expect(page.locator("#none")).to_be_visible()
    page.locator("#reset").click()
    expect(seen).to_have_count(total)


def test_keys_and_paper(page: BrowserPage, comparison: Comparison) -> None:
    unfolded = page.locator(".change[open]")
    page.locator("#fold").click()
    expect(unfolded).to_have_count(0)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(unfolded).to_have_count(len(comparison.changes))
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(unfolded).to_have_count(0)
    page.locator("#fold").blur()
    page.keyboard.press("j")
    expect(page.locator(".change.st-new > summary")).to_be_focused()
