"""The pictures of docs/reports.md, from real reports in a real browser: ``PYTHONPATH=. python docs/pictures/make.py``.

The machine must have fonts for Chinese, such as those of the package fonts-noto-cjk.
"""

import random
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
from playwright.sync_api import Browser, sync_playwright

import perfrules
from perfrules.report import Report
from tests import browser

HOME = Path(__file__).parent
EXAMPLES = HOME.parents[1] / "examples"
TIME = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
NAMES: Mapping[str, list[str]] = {
    "en": ["Agriculture", "Archives", "Civil Affairs", "Culture", "Education", "Emergency", "Environment", "Finance", "Fisheries", "Forestry", "Health",
           "Housing", "Industry", "Justice", "Labour", "Markets", "Planning", "Press", "Roads", "Science", "Sport", "Statistics", "Tourism", "Water"],
    "zh": ["农业局", "档案馆", "民政局", "文化局", "教育局", "应急局", "环保局", "财政局", "渔业局", "林业局", "卫健局",
           "住建局", "工信局", "司法局", "人社局", "市监局", "规划局", "新闻办", "公路局", "科技局", "体育局", "统计局", "旅游局", "水务局"],
}  # fmt: skip
DUE = {"en": ["Transport", "Veterans"], "zh": ["交通局", "退役军人局"]}


def money(cents: int) -> str:
    """A figure of so many cents."""
    return f"{cents / 100:.2f}"


def departments(language: str) -> list[list[str]]:
    """Rows of the quickstart for many departments and three years; here and there a figure is wrong or missing."""
    drawn = random.Random(7)  # noqa: S311  # the same picture every time
    made = []
    for at, name in enumerate(NAMES[language]):
        weak = at % 5 == 3
        for year in ("2022", "2023", "2024"):
            personnel, public, project = (drawn.randrange(5_000, 90_000) for _ in range(3))
            basic = personnel + public
            total = basic + project + (drawn.choice([900, -150]) if weak and drawn.random() < 0.6 else 0)  # fmt: skip
            budget = total + drawn.randrange(0, 5_000)
            rate = f"{total / budget * 100 + (0.5 if drawn.random() < 0.06 else 0):.2f}%"
            shown = basic + (1 if drawn.random() < 0.15 else 0)
            gap = drawn.random() < 0.05
            made.append(
                [name, year, money(total), money(shown), "" if gap else money(project), money(personnel), money(public), money(budget), money(total), rate]
            )  # fmt: skip
    return made


def many(language: str, folder: Path) -> Report:
    """A report of many departments, two of which are missing."""
    heads = ["department", "year", "total", "basic", "project", "personnel", "public", "budget", "executed", "rate"]  # fmt: skip
    frame = pl.DataFrame(departments(language), heads, orient="row")
    frame.write_csv(folder / "spending.csv")
    due = ", ".join([*NAMES[language], *DUE[language]])
    title = {"en": "Departments, 2022 to 2024", "zh": "各部门 2022—2024 年度支出"}[language]
    (folder / "dataset.yaml").write_text(f"title: {title}\ndue: {{units: [{due}]}}\n", "utf-8")
    return perfrules.check(folder, EXAMPLES / "quickstart" / "rules")


def at_rest(report: Report) -> Report:
    """The same at a time that stands still."""
    return replace(report, run=replace(report.run, started=TIME))


def shoot(chromium: Browser, file: Path, name: str, part: str = "", **options: object) -> None:
    """Take a picture of the top of a page, or of a part of it."""
    context = chromium.new_context(viewport={"width": 1180, "height": 800}, locale="zh-CN", **options)  # type: ignore[arg-type]  # playwright's  # fmt: skip
    page = context.new_page()
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-ready]")
    if part:
        page.locator(part).first.screenshot(path=HOME / f"{name}.png")
    else:
        page.screenshot(path=HOME / f"{name}.png")
    context.close()


def main() -> None:
    """Make them all."""
    path = browser.found()
    if path is None:
        raise SystemExit(browser.MISSING)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as tool:
        folder = Path(name)
        chromium = tool.chromium.launch(executable_path=path, args=["--no-sandbox"], env=dict(browser.environment(path)))  # fmt: skip
        for language in ("zh", "en"):
            real = at_rest(perfrules.check(EXAMPLES / "lusong-2023")).save(folder / "real.html", language=language)  # fmt: skip
            home = folder / language
            home.mkdir()
            units = at_rest(many(language, home)).save(folder / "units.html", language=language)
            shoot(chromium, real, f"page.{language}")
            shoot(chromium, real, f"finding.{language}", "#list .group:nth-child(3)")
            shoot(chromium, units, f"units.{language}", "#units")
            if language == "zh":
                shoot(chromium, real, "dark", color_scheme="dark")
        chromium.close()


if __name__ == "__main__":
    main()
