"""What a working paper costs: `python benchmarks/workbook.py [findings …]` tells seconds, size, and memory beside the report.

The findings are those of the quickstart, again and again, each of a department of its own. Every size is measured in a process of its
own: the largest resident memory before the workbook is written, and after.
"""

import resource
import subprocess
import sys
import time
from dataclasses import replace

import perfrules
from perfrules.renderers import ledger, xlsx
from perfrules.report import Report

SIZES = ("1000", "10000", "100000")
FORMATS = {"xlsx": xlsx.render, "ledger": ledger.render}


def report(findings: int) -> Report:
    """A report with so many contradictions."""
    base = perfrules.check("examples/quickstart/data", "examples/quickstart/rules")
    failed = [detail for detail in base.details if detail.outcome == "fail"]
    details = tuple(
        replace(failed[at % len(failed)], key={"department": f"Department {at}", "year": "2024"})
        for at in range(findings)
    )
    return replace(base, details=details)


def megabytes() -> float:
    """The largest resident memory so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def measure(name: str, findings: int) -> None:
    """Write one workbook."""
    made = report(findings)
    before, clock = megabytes(), time.perf_counter()
    content = FORMATS[name](made, "zh")
    seconds = time.perf_counter() - clock
    print(
        f"{name:7} {findings:>8,} findings  {seconds:6.1f} s  {len(content) / 1e6:6.1f} MB on disk  "
        f"{before:5.0f} MB held before, {megabytes() - before:4.0f} MB more at most",
        flush=True,
    )


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in FORMATS:
        measure(sys.argv[1], int(sys.argv[2]))
    else:
        for size in sys.argv[1:] or SIZES:
            for name in FORMATS:
                subprocess.run([sys.executable, __file__, name, size], check=True)
