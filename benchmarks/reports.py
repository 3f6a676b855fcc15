"""Sizes and seconds: ten thousand findings in every format, and six hundred units over five years as one table and as a folder of datasets.

Seconds are those of the processor, so that a busy machine does not count. ``python benchmarks/reports.py FINDINGS UNITS`` measures others.
"""

import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import polars as pl

import perfrules
from perfrules import renderers
from perfrules.report import Report

PACK = """
pack: reports
version: 1.0.0
tables:
  spending:
    title: {zh: 支出表, en: Spending}
    unit: 万元
    key: [office, year]
    columns:
      office: {type: text, title: {zh: 单位, en: Office}}
      year: {type: year, title: {zh: 年度, en: Year}}
      total: {type: money, decimals: 2, title: {zh: 支出合计, en: Total}}
      basic: {type: money, decimals: 2, title: {zh: 基本支出, en: Basic}}
      project: {type: money, decimals: 2, title: {zh: 项目支出, en: Projects}}
      rate: {type: ratio, unit: '%', decimals: 2, title: {zh: 项目占比, en: Share of projects}}
"""
RULES = """
table: spending
rules:
  - id: total-is-the-sum
    title: {zh: 支出合计等于基本支出加项目支出, en: Total is basic plus projects}
    assert: total = basic + project
    hint: {zh: 看是不是漏加了一项, en: See whether a part was left out}
    basis: [{ref: 表内勾稽关系, certainty: certain}]
  - id: rate-is-the-share
    title: {zh: 项目占比等于项目支出除以支出合计, en: The share is projects over total}
    assert: rate = project / total
    severity: warning
  - id: projects-within-total
    title: {zh: 项目支出不超过支出合计, en: Projects are within the total}
    assert: project ≤ total
"""
YEARS = 5
T = TypeVar("T")


def rows(units: int, wrong: float) -> list[tuple[str, ...]]:
    """Rows of some units, a part of which breaks the sum and the share."""
    drawn = random.Random(1)
    made = []
    for unit in range(units):
        for year in range(2019, 2019 + YEARS):
            basic, project = drawn.randrange(1000, 90_000), drawn.randrange(1000, 90_000)
            total = basic + project + (drawn.choice([300, -250, 9000]) if drawn.random() < wrong else 0)  # fmt: skip
            rate = round(project / total * 10_000) + (50 if drawn.random() < wrong else 0)
            figures = (f"{n / 100:.2f}" for n in (total, basic, project))
            made.append((f"第{unit:05d}局", str(year), *figures, f"{rate / 100:.2f}%"))
    return made


def frames(units: int, wrong: float) -> dict[str, pl.DataFrame]:
    names = ["office", "year", "total", "basic", "project", "rate"]
    return {"spending": pl.DataFrame(rows(units, wrong), names, orient="row")}


def seconds(work: Callable[[], T]) -> tuple[float, T]:
    start = time.process_time()
    found = work()
    return time.process_time() - start, found


def formats(report: Report, folder: Path) -> None:
    """A line for every format."""
    for name in sorted(set(renderers.formats().values())):
        path = folder / name
        taken, _ = seconds(lambda at=path, kind=name: report.save(at, format=kind, language="zh"))
        print(f"  {name:10} {taken:7.2f} s {path.stat().st_size / 1e6:9.2f} MB")


def datasets(units: int, folder: Path) -> None:
    """The same units, each a dataset of its own."""
    by_unit: dict[str, list[tuple[str, ...]]] = {}
    for row in rows(units, 0.2):
        by_unit.setdefault(row[0], []).append(row)
    for unit, own in by_unit.items():
        home = folder / unit
        home.mkdir()
        (home / "dataset.yaml").write_text(f"title: {unit}\n", "utf-8")
        lines = ["office,year,total,basic,project,rate", *(",".join(row) for row in own)]
        (home / "spending.csv").write_text("\n".join(lines), "utf-8")


def main(findings: int = 10_000, units: int = 600) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pack").mkdir()
        (folder / "pack" / "pack.yaml").write_text(PACK, "utf-8")
        (folder / "pack" / "all.rules.yaml").write_text(RULES, "utf-8")
        pack = perfrules.load_pack(folder / "pack")
        data = frames(findings // YEARS * 6 // 5, 0.45)
        taken, report = seconds(lambda: perfrules.check(data, pack, detail=findings))
        report = replace(report, details=report.details[:findings])
        print(f"\n{len(report.details):,} findings, made in {taken:.1f} s")
        formats(report, folder)
        print(f"\n{units} units over {YEARS} years")
        data = frames(units, 0.2)
        taken, report = seconds(lambda: perfrules.check(data, pack))
        print(f"  one table       {taken:7.2f} s   {len(report.details):,} findings")
        taken, _ = seconds(lambda: report.save(folder / "units.html"))
        print(f"  its page        {taken:7.2f} s {(folder / 'units.html').stat().st_size / 1e6:9.2f} MB")  # fmt: skip
        (folder / "units").mkdir()
        datasets(units, folder / "units")
        taken, report = seconds(lambda: perfrules.check(folder / "units", pack))
        print(f"  {units} datasets    {taken:7.2f} s   {len(report.details):,} findings")


if __name__ == "__main__":
    main(*(int(float(text)) for text in sys.argv[1:3]))
