"""Rates of generated records and violations on 20 columns and 100 rules, as counted by hypothesis, with no health check silenced.

Seconds are those of the processor, so that a busy machine does not count.
"""

import tempfile
import time
from pathlib import Path

import data
from hypothesis import given, settings
from hypothesis.strategies import SearchStrategy

from perfrules.loader import load_pack
from perfrules.testing import strategies

EXAMPLES = 1000


def rate(name: str, drawn: SearchStrategy[object], budget: int) -> None:
    """One line: examples that reached the test, in a second."""
    seen = 0

    @settings(max_examples=EXAMPLES, database=None, deadline=None)
    @given(drawn)
    def count(_: object) -> None:
        nonlocal seen
        seen += 1

    start = time.process_time()
    count()
    found = seen / (time.process_time() - start)
    verdict = "met" if found >= budget else "missed"
    print(f"  {name:12} {found:8,.0f} a second   budget {budget:,}: {verdict}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        head, rules = data.pack(data.sums(100))
        Path(folder, "pack.yaml").write_text(head, "utf-8")
        Path(folder, "all.rules.yaml").write_text(rules, "utf-8")
        pack = load_pack(folder)
    print(f"\n{EXAMPLES:,} examples of 20 columns x 100 rules")
    rate("records", strategies.records(pack, "t"), 1000)
    rate("violations", strategies.violations(pack, "r050"), 500)
