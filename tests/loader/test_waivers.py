"""Files of waivers, and what is wrong with them."""

from datetime import date
from pathlib import Path

import pytest

from perfrules.errors import DataError
from perfrules.loader import load_waivers
from perfrules.waivers import REASONS, reason_of

WAIVERS = """\
pack: p
waivers:
  - rule: total
    key: {unit: 001, year: 2023}
    column: basic
    numbers: 3f2a91c0d4e5b6a7
    reason: scope
    text: 上年结转
    by: 张三
    date: 2026-01-01
    expires: 2026-12-31
    approved_by: 李四
    evidence: 附件3
  - {rule: total, numbers: [1234567890123456, 0000000000000001], reason: policy, by: 1, date: 2026-01-01}
"""
ONE = "waivers:\n  - rule: a\n    numbers: 3f2a91c0d4e5b6a7\n    reason: scope\n    by: x\n    date: 2026-01-01\n"


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "a.waivers.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_of_waivers(tmp_path: Path) -> None:
    path = written(tmp_path, WAIVERS)
    first, second = load_waivers(path)
    assert (first.rule, first.key, first.column) == ("total", {"unit": "001", "year": "2023"}, "basic")  # fmt: skip
    assert (first.reason, first.text, first.by, first.label.zh) == ("scope", "上年结转", "张三", "口径差异")  # fmt: skip
    assert (first.date, first.expires) == (date(2026, 1, 1), date(2026, 12, 31))
    assert (first.approved_by, first.evidence) == ("李四", "附件3")
    assert (first.pack, first.where) == ("p", f"{path}:3")
    assert second.numbers == ("1234567890123456", "0000000000000001")
    assert (second.key, second.column, second.by, second.expires) == ({}, "", "1", None)
    assert second.where == f"{path}:14"


def test_no_waivers(tmp_path: Path) -> None:
    assert load_waivers(written(tmp_path, "waivers: []")) == ()


# change of a sound file: (what is told of it)
FAULTS = {
    ("rule: a", "rul: a"): (
        "2:5: PR112: rul is not a key of waivers[1] of a.waivers.yaml (did you mean rule?)",
        "2:5: PR113: rule is missing in waivers[1] of a.waivers.yaml (add rule: …)",
    ),
    ("    numbers: 3f2a91c0d4e5b6a7\n", ""): (
        "2:5: PR113: numbers is missing in waivers[1] of a.waivers.yaml (add numbers: …)",
    ),
    ("3f2a91c0d4e5b6a7", "3F2A"): (
        "3:14: PR114: 3F2A is not made of 16 digits 0-9 and letters a-f",
    ),
    ("scope", "scop"): (
        "4:13: PR114: scop is not one of correction, recovered, pooled, returned, reallocated, rounding, reorganised, established,"
        " policy, scope, redacted, extraction, other (did you mean scope?)",
    ),
    ("scope", "other"): ("4:13: PR114: the reason other is to be told in text",),
    ("by: x", 'by: " "'): ("5:9: PR114:   is not made of at least one sign that can be seen",),
    ("2026-01-01", "2026-02-30"): (
        "6:5: PR114: 2026-02-30 is not a date such as 2026-06-30",
    ),
    ("2026-01-01", "20260101"): ("6:5: PR114: 20260101 is not a date such as 2026-06-30",),
    ("2026-01-01\n", "2026-01-01\n    expires: 2025-12-31\n"): (
        "7:14: PR114: expires is before date",
    ),
    ("rule: a", "rule: A b"): (
        "2:11: PR114: A b is not made of small letters a-z and digits, parted by single hyphens (for example a-b)",
    ),
    (ONE, "pack: p\n"): ("1:1: PR113: waivers is missing in a.waivers.yaml (add waivers: …)",),
    (ONE, "waivers：\n"): (
        "1:8: PR105: a full-width colon stands behind a key (write an ordinary colon and a space: title: …)",
    ),
    (ONE, ""): ("1:1: PR114: the file is empty (write a block of keys and values)",),
}  # fmt: skip


@pytest.mark.parametrize(("change", "lines"), FAULTS.items(), ids=[str(n) for n in range(len(FAULTS))])  # fmt: skip
def test_faults(tmp_path: Path, change: tuple[str, str], lines: tuple[str, ...]) -> None:
    path = written(tmp_path, ONE.replace(*change))
    with pytest.raises(DataError) as raised:
        load_waivers(path)
    told = [str(fault).removeprefix(f"{path}:") for fault in raised.value.diagnostics]
    assert sorted(told) == sorted(lines)


def test_reasons_are_known_by_code_and_in_words() -> None:
    for code, label in REASONS.items():
        for text in (code, f" {code.upper()} ", label.zh, label.en):
            assert reason_of(text or "") == code
    assert reason_of("mistake") is None
    assert reason_of("") is None
