import pytest

from perfrules.quantities import LogicalType
from perfrules.quantities.units import dimension_of, power_of


@pytest.mark.parametrize(
    ("unit", "kind", "power"),
    [
        ("元", "money", 0),
        ("千元", "money", 3),
        ("万元", "money", 4),
        ("百万元", "money", 6),
        ("亿元", "money", 8),
        ("十亿元", "money", 9),
        ("十亿", "money", 9),
        ("万", "money", 4),
        ("人民币万元", "money", 4),
        ("thousand yuan", "money", 3),
        ("million USD", "money", 6),
        ("bn €", "money", 9),
        ("%", "ratio", -2),
        ("‰", "ratio", -3),
        ("1", "ratio", 0),
        ("pp", "points", -2),
        ("个百分点", "points", -2),
        ("人", "count", 0),
        ("", "count", 0),
        ("分", "number", 0),
    ],
)
def test_a_unit_is_a_power_of_ten(unit: str, kind: LogicalType, power: int) -> None:
    assert power_of(unit, kind) == power


@pytest.mark.parametrize(
    ("unit", "kind"),
    [
        ("%", "money"),
        ("万元", "ratio"),
        ("%", "points"),
        ("公斤", "money"),
        ("k", "money"),
        ("", "money"),
        ("abc", "money"),
    ],
)
def test_what_measures_something_else_has_no_power(unit: str, kind: LogicalType) -> None:
    assert power_of(unit, kind) is None


@pytest.mark.parametrize(
    ("unit", "kind"),
    [
        ("万元", "money"),
        ("%", "ratio"),
        ("pp", "points"),
        ("人次", "count"),
        ("公斤", None),
        ("", None),
    ],
)
def test_the_dimension_of_a_unit(unit: str, kind: LogicalType | None) -> None:
    assert dimension_of(unit) == kind
