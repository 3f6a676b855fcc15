"""Rules that hold for some fiscal years, at every grain."""

import pytest

from tests.evaluate.packs import batched_counts, by_polars, by_reference, counts, data_of, pack_of

TABLES = """tables:
  t:
    unit: 元
    key: [unit, year, no]
    columns:
      unit: {type: text}
      year: {type: year}
      no: {type: text}
      amount: {type: money, decimals: 2}
"""
CELLS = [
    {"unit": "a", "year": year, "no": no, "amount": amount}
    for year, no, amount in (
        ("2021", "1", "5.00"),
        ("2022", "1", "5.00"),
        ("2023", "1", "5.00"),
        ("2023", "2", "-9.00"),
    )
]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("since: 2022, assert: 'amount > 1元'", ["not-applicable", "pass", "pass", "fail"]),
        (
            "until: 2022, assert: 'amount > 1元'",
            ["pass", "pass", "not-applicable", "not-applicable"],
        ),
        (
            "since: 2022, until: 2022, assert: 'amount > 1元'",
            ["not-applicable", "pass", "not-applicable", "not-applicable"],
        ),
        (
            "since: 2023, per: [unit, year], assert: sum(amount) > 1元",
            ["not-applicable", "not-applicable", "fail"],
        ),
        (
            "per: [unit, year], when: year ≥ 2023, assert: sum(amount) > 1元",
            ["not-applicable", "not-applicable", "fail"],
        ),
    ],
)
def test_years(rule: str, expected: list[str]) -> None:
    pack = pack_of(TABLES, f"  - {{id: r, table: t, {rule}}}\n")
    dataset = data_of(pack, {"t": CELLS})
    outcomes = by_reference(pack, dataset)
    assert list(outcomes.values()) == expected
    assert by_polars(pack, dataset) == outcomes
    assert batched_counts(pack, dataset) == counts(outcomes)
