"""The page in a real browser: filters, search, groups, keys, paper; nothing goes wrong in it, and nothing leaves it."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from perfrules.renderers import html
from perfrules.renderers.html.page import STANDING, page_of
from perfrules.report import Report, RuleCount
from tests.renderers.test_html import hostile


class Seen:
    """A page that is watched."""

    def __init__(self, page: Page, file: Path) -> None:
        self.page = page
        self.requests: list[str] = []
        self.said: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda told: self.said.append(told.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.goto(file.as_uri())
        page.wait_for_selector("html[data-ready]")

    def shown(self) -> str:
        return self.page.locator("#shown").inner_text()

    def titles(self) -> list[str]:
        return self.page.locator(".group .finding .key code").all_text_contents()


@pytest.fixture
def opened(chromium: Browser, tmp_path: Path) -> Iterator[Any]:
    contexts = []
    seen = []

    def open_(text: str, address: str = "", **options: Any) -> Seen:
        (tmp_path / "r.html").write_text(text, "utf-8")
        contexts.append(chromium.new_context(**options))
        made = Seen(contexts[-1].new_page(), tmp_path / "r.html")
        seen.append(made)
        if address:
            made.page.goto((tmp_path / "r.html").as_uri() + address)
        return made

    yield open_
    for one in seen:
        outside = [url for url in one.requests if not url.startswith("file:")]
        assert (one.said, outside) == ([], [])
    for context in contexts:
        context.close()


def many(report: Report, number: int) -> Report:
    """A report with that many findings: those of ``report`` again and again, each of an office of its own."""
    details = tuple(
        replace(
            one,
            key={**one.key, "office": f"第{at:05d}局"},
            difference=None if one.difference is None else one.difference + Fraction(at),
        )
        for at, one in zip(range(number), report.details * (number // len(report.details) + 1), strict=False)
    )  # fmt: skip
    counts = tuple(
        RuleCount(c.pack, c.rule, c.title, c.severity, n["fail"] + n["unknown"] + n["rounding"], 0, n["rounding"], n["fail"], n["unknown"], 0)
        for c in report.counts
        if (n := {o: sum(d.rule == c.rule and d.outcome == o for d in details) for o in ("fail", "unknown", "rounding")})
    )  # fmt: skip
    return replace(report, details=details, counts=counts)


def test_filters(lusong: Report, opened: Any) -> None:
    seen = opened(html.render(lusong, "en"))
    page = seen.page
    assert seen.shown().startswith("39 of 39")
    page.uncheck("input[name=outcome][value=fail]")
    expect(page.locator("#shown")).to_contain_text("12 of 39")
    expect(page.locator(".group .finding.o-fail")).to_have_count(0)
    page.check("input[name=outcome][value=fail]")
    page.uncheck("input[name=severity][value=warning]")
    page.uncheck("input[name=severity][value=info]")
    expect(page.locator(".group .finding:not(.s-error)")).to_have_count(0)
    errors = sum(finding.severity == "error" for finding in lusong.details)
    expect(page.locator("#shown")).to_contain_text(f"{errors} of 39")
    page.click("#reset")
    page.select_option("#rule", "oe-stage-term")
    expect(page.locator("#shown")).to_contain_text("1 of 39")
    assert seen.titles() == ["oe-stage-term"]
    assert "rule=oe-stage-term" in page.url


def test_what_is_settled_can_be_hidden(settled: Report, opened: Any) -> None:
    seen = opened(html.render(settled, "en"))
    page = seen.page
    page.uncheck("input[name=standing][value=open]")
    expect(page.locator(".group .finding.t-open")).to_have_count(0)
    expect(page.locator("#shown")).to_contain_text(
        f"{sum(f.settled for f in settled.details)} of {len(settled.details)}"
    )


def test_search_looks_through_all_that_a_finding_says(broken: Report, opened: Any) -> None:
    seen = opened(html.render(many(broken, 600), "zh"))
    page = seen.page
    for words, expected in (
        ("第00599局", 1), ("漏加了一项", 100), ("110.00万元 = 60.00万元", 100), ("spending-share 第00010", 1), ("没有这样的话", 0),
    ):  # fmt: skip
        page.fill("#search", words)
        expect(page.locator("#shown")).to_contain_text(f"{expected} / 600")
    expect(page.locator("#list .nothing")).to_be_visible()
    page.press("#search", "Escape")
    expect(page.locator("#shown")).to_contain_text("600 / 600")


def test_groups_by_unit_table_and_rule(broken: Report, opened: Any) -> None:
    seen = opened(html.render(broken, "zh"))
    page = seen.page
    names = page.locator(".group h3 button > span")
    units = [finding.key["office"] for finding in broken.details]
    assert sorted(names.all_inner_texts()) == sorted(set(units))
    page.check("input[name=group][value=table]", force=True)
    expect(names).to_have_text(["支出表"])
    page.check("input[name=group][value=rule]", force=True)
    rules = list(dict.fromkeys(finding.rule for finding in broken.details))
    expect(names).to_have_count(len(rules))
    button = page.locator(".group h3 button").first
    expect(button).to_have_attribute("aria-expanded", "true")
    button.click()
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(page.locator(".group").first.locator(".finding").first).to_be_hidden()


def test_a_link_opens_the_page_of_one_rule(lusong: Report, opened: Any) -> None:
    seen = opened(html.render(lusong, "en"))
    seen.page.click("#rules a[href='#rule=oe-score-le-weight']")
    expect(seen.page.locator("#shown")).to_contain_text("1 of 39")
    assert seen.titles() == ["oe-score-le-weight"]
    seen.page.reload()
    expect(seen.page.locator("#shown")).to_contain_text("1 of 39")


def test_a_league_leads_to_the_page_of_a_unit(broken: Report, opened: Any) -> None:
    seen = opened(html.render(broken, "zh"))
    page = seen.page
    page.click("#units a[href='#unit=%E4%B9%99%E5%B1%80']")
    mine = [finding for finding in broken.details if finding.key["office"] == "乙局"]
    expect(page.locator("#shown")).to_contain_text(f"{len(mine)} / {len(broken.details)}")
    expect(page.locator(".group h3 button > span")).to_have_text(["乙局"])
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".group .finding[open]").count() == len(mine)


def test_a_unit_or_rule_without_findings_has_an_empty_page(broken: Report, opened: Any) -> None:
    seen = opened(html.render(broken, "en"))
    page = seen.page
    page.click("#units a[href='#unit=%E7%94%B2%E5%B1%80']")
    expect(page.locator("#shown")).to_contain_text("0 of 6")
    page.click("#reset")
    page.click("#rules a >> text=Total is basic plus projects")
    expect(page.locator("#shown")).to_contain_text("3 of 6")


def test_keys(broken: Report, opened: Any) -> None:
    seen = opened(html.render(broken, "en"))
    page = seen.page
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("k j")
    expect(page.locator("#search")).to_have_value("k j")
    page.keyboard.press("Escape")
    expect(page.locator("#search")).to_have_value("")
    expect(page.locator("#shown")).to_contain_text("6 of 6")
    heads = page.locator(".group .finding > summary")
    page.keyboard.press("j")
    expect(heads.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(heads.nth(1)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(heads.nth(2)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("ArrowUp")
    expect(heads.nth(0)).to_be_focused()
    was = page.locator(".group .finding").first.get_attribute("open")
    page.keyboard.press("Enter")
    assert page.locator(".group .finding").first.get_attribute("open") != was


def test_ten_thousand_findings_are_shown_bit_by_bit(broken: Report, opened: Any) -> None:
    seen = opened(html.render(many(broken, 10_000), "zh"))
    page = seen.page
    assert "10000 / 10000" in seen.shown().replace(",", "").replace(" ", " ")
    page.check("input[name=group][value=rule]", force=True)
    expect(page.locator(".group").first.locator(".finding")).to_have_count(50)
    assert page.locator(".finding").count() < 1000
    page.locator(".group").first.locator(".finding").last.scroll_into_view_if_needed()
    expect(page.locator(".group").first.locator(".finding")).to_have_count(100)
    page.fill("#search", "第09999局")
    expect(page.locator("#shown")).to_contain_text("1 / ")
    expect(page.locator(".group .finding")).to_have_count(1)


def test_past_the_end_of_what_is_shown_j_goes_on(broken: Report, opened: Any) -> None:
    seen = opened(html.render(many(broken, 700), "zh"))
    page = seen.page
    page.check("input[name=group][value=table]", force=True)
    heads = page.locator(".group .finding > summary")
    expect(heads).to_have_count(50)
    heads.last.focus()
    page.keyboard.press("j")
    expect(heads.nth(50)).to_be_focused()


def test_hostile_texts_run_nothing(broken: Report, opened: Any) -> None:
    for standing in (0, 200):
        seen = opened(page_of(hostile(broken), "en", standing))
        page = seen.page
        page.evaluate("() => { window.hurt = 0; window.alert = () => { window.hurt += 1; }; }")
        page.click("#unfold")
        page.fill("#search", "onerror")
        expect(page.locator("#shown")).to_contain_text(f"{len(broken.details)} of")
        assert page.locator("img").count() == 0
        assert page.evaluate("window.hurt") == 0
        assert page.locator("script:not([type])").count() == 1


def test_the_policy_runs_no_foreign_script(
    broken: Report, chromium: Browser, tmp_path: Path
) -> None:
    text = html.render(broken, "en").replace("</main>", "<img src=x onerror='window.hurt=1'><script>window.hurt=1</script></main>")  # fmt: skip
    (tmp_path / "r.html").write_text(text, "utf-8")
    context = chromium.new_context()
    seen = Seen(context.new_page(), tmp_path / "r.html")
    assert seen.page.evaluate("window.hurt") is None
    assert any("Content Security Policy" in told for told in seen.said)
    context.close()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_paper(lusong: Report, opened: Any, language: str) -> None:
    seen = opened(html.render(lusong, language))
    page = seen.page
    content = page.pdf(prefer_css_page_size=True)
    assert content.startswith(b"%PDF-")
    pages = content.count(b"/Type /Page\n") + content.count(b"/Type /Page ")
    assert 5 < pages < 60
    assert page.locator(".finding[open]").count() < 39  # as it was before
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".finding[open]").count() == 39
    expect(page.locator(".filters")).to_be_hidden()
    expect(page.locator(".sign")).to_be_visible()
    expect(page.locator("#print-note")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_paper_says_what_it_leaves_out(broken: Report, opened: Any) -> None:
    seen = opened(html.render(many(broken, 3000), "en"))
    page = seen.page
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    count = page.locator(".group .finding").count()
    assert count <= 1000
    expect(page.locator("#print-note")).to_contain_text(f"printed: {count:,} of 3,000")


def test_without_a_script_the_gravest_findings_are_there(
    broken: Report, chromium: Browser, tmp_path: Path
) -> None:
    (tmp_path / "r.html").write_text(html.render(many(broken, 900), "en"), "utf-8")
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((tmp_path / "r.html").as_uri())
    expect(page.locator(".finding")).to_have_count(STANDING)
    expect(page.locator(".finding").first).to_contain_text("110.00万元 = 60.00万元 + 40.00万元")
    expect(page.locator(".warn.unscripted")).to_contain_text("700 more findings")
    expect(page.locator(".filters")).to_be_hidden()
    context.close()


def test_light_and_dark(broken: Report, opened: Any) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    seen = opened(html.render(broken, "zh"), color_scheme="dark")
    page = seen.page
    dark = page.evaluate(paper)
    page.click("#theme")
    light = page.evaluate(paper)
    assert (light, dark) == ("rgb(251, 250, 246)", "rgb(22, 24, 27)")
    page.click("#theme")
    assert page.evaluate(paper) == dark


@pytest.mark.parametrize("clicks", [0, 1, 2])
def test_paper_is_white_whatever_the_screen(broken: Report, opened: Any, clicks: int) -> None:
    seen = opened(html.render(broken, "zh"), color_scheme="dark")
    for _ in range(clicks):
        seen.page.click("#theme")
    seen.page.emulate_media(media="print", color_scheme="dark")
    colors = "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"  # fmt: skip
    assert seen.page.evaluate(colors) == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]


CONTRAST = """all => {
  const channel = (c) => { c /= 255; return c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4; };
  const numbers = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b);
  const ground = (one) => { for (; one; one = one.parentElement) { const c = numbers(getComputedStyle(one).backgroundColor); if (c.length < 4 || c[3] > 0) return c; } return [255, 255, 255]; };
  return all.filter((one) => [...one.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()) && one.checkVisibility()).map((one) => {
    const [a, b] = [light(numbers(getComputedStyle(one).color)), light(ground(one))];
    return [(Math.max(a, b) + .05) / (Math.min(a, b) + .05), one.className + " " + one.textContent.slice(0, 30)];
  }).filter(([ratio]) => ratio < 4.5);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_by_everyone(lusong: Report, opened: Any, scheme: str) -> None:
    seen = opened(html.render(lusong, "zh"), color_scheme=scheme)
    page = seen.page
    weak = page.locator("body *:not(script):not(option):not(:disabled)").evaluate_all(CONTRAST)
    assert [item for item in weak if "disabled" not in item[1]] == []
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    for landmark in ("header", "main", "footer", "nav[aria-label]", "aside[aria-label]"):
        assert page.locator(landmark).count() == 1, landmark
    nameless = page.locator("input, select, button").evaluate_all(
        "all => all.filter(one => !one.textContent.trim() && !one.closest('label')?.textContent.trim()).length"
    )
    assert nameless == 0
    doubled = page.locator("[id]").evaluate_all(
        "all => all.length - new Set(all.map(one => one.id)).size"
    )
    assert doubled == 0


def test_a_narrow_screen_scrolls_only_downwards(lusong: Report, opened: Any) -> None:
    seen = opened(html.render(lusong, "en"), viewport={"width": 360, "height": 740})
    seen.page.click("#unfold")
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 360
