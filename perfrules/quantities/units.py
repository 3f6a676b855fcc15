"""Units of measure: every one is a power of ten of its dimension's base, so scaling is exact.

The base of money is one currency unit (元); of a ratio the pure number 1; of points 1 (so 1 pp is 0.01).
"""

import re
from functools import lru_cache

from perfrules.quantities import LogicalType

_MULTIPLES = {
    "": 0, "十": 1, "百": 2, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8, "十亿": 9,
    "hundred": 2, "thousand": 3, "million": 6, "billion": 9, "k": 3, "m": 6, "bn": 9,
}  # fmt: skip
_CURRENCY = r"(?:元|人民币|yuan|RMB|dollars?|euros?|pounds?|(?-i:[A-Z]{3})|€|\$|£|¥)"
_MONEY = re.compile(
    r"(?:人民币)?\s*(十亿|千万|百万|十万|[十百千万亿]|hundred|thousand|million|billion|k|m|bn)?"
    rf"\s*(?:of\s+)?({_CURRENCY})?",
    re.IGNORECASE,
)
_RATIOS = {"1": 0, "%": -2, "‰": -3, "percent": -2, "per cent": -2}
_POINTS = {"pp": -2, "个百分点": -2, "百分点": -2, "percentage points": -2}
COUNT_WORDS = "人次 批次 场次 人 家 户 个 项 辆 台 套 件 份 场 次 批 名 篇 亩 公里 平方米 ㎡ 天 个月 月 年 分 倍"
_COUNTS = frozenset(COUNT_WORDS.split())


def dimension_of(unit: str) -> LogicalType | None:
    """The logical type that ``unit`` measures; None if nothing does."""
    text = unit.strip()
    if text in _RATIOS:
        return "ratio"
    if text in _POINTS:
        return "points"
    if text in _COUNTS:
        return "count"
    return "money" if text and _money(text) is not None else None


@lru_cache(1024)
def power_of(unit: str, kind: LogicalType) -> int | None:
    """The power of ten of ``unit`` in the base of ``kind``.

    Args:
        unit: A unit as printed (``万元``, ``thousand yuan``, ``%``).
        kind: The logical type of the figure.

    Returns:
        The exponent (4 for ``万元``, -2 for ``%``); None if the unit does not measure that type.
    """
    text = unit.strip()
    if kind == "money":
        return _money(text)
    if kind == "ratio":
        return _RATIOS.get(text.lower())
    if kind == "points":
        return _POINTS.get(text.lower())
    return 0 if text == "" or text in _COUNTS else None


def _money(text: str) -> int | None:
    match = _MONEY.fullmatch(text)
    if match is None or not text:
        return None
    multiple, currency = match.groups()
    if not currency:  # 万 alone stands for 万元; a bare "m" or "k" stands for nothing
        return _MULTIPLES[multiple] if multiple and multiple[-1] in "十百千万亿" else None
    return _MULTIPLES[(multiple or "").lower()]
