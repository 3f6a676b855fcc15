"""No false accusation: what remarks say of rules made at random is true of every row that the reference judges."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import product
from random import Random

import pytest

from perfrules import analysis
from perfrules.model import Pack
from tests.evaluate.packs import by_reference, data_of, loaded

TABLES = """\
unit: 元
tables:
  t:
    key: [k]
    columns:
      k: {type: text}
      a: {type: money, decimals: 1}
      b: {type: money, decimals: 1}
      z: {type: money, decimals: 1, blank: zero}
      e: {type: number, decimals: exact}
      s: {type: text}
"""
MONEY = ("", "0", "1.0", "2", "—", "1.0以下", "1.04")
ROWS = [
    {"k": str(at), "a": a, "b": b, "z": z, "e": e, "s": s}
    for at, (a, b, z, e, s) in enumerate(
        product(MONEY, MONEY, ("", "1.0"), ("", "1", "2"), ("", "x", "y"))
    )
]
OPS = ("=", "≠", "<", "≤", ">", "≥")
TOLERANCES = ("rounding", "exact", "{absolute: 1元}", "{relative: 5%}")


def part(random: Random, depth: int = 2) -> str:
    """A condition."""
    op = random.choice(OPS)
    kinds = [
        lambda: f"{random.choice('ab')} {op} {random.choice(('0', '1元', '2元'))}",
        lambda: f"{random.choice('ab')} {op} {random.choice('ab')} + {random.choice('az')}",
        lambda: f"a {op} b",
        lambda: f"z {op} {random.choice(('0', '1元'))}",
        lambda: f"e {op} {random.choice('12')}",
        lambda: f"s {random.choice('=≠')} '{random.choice('xy')}'",
        lambda: f"{random.choice('abzs')} is {random.choice(('', 'not '))}blank",
        lambda: f"e {random.choice(('', 'not '))}in ({random.choice(('1', '1, 2', '2, 3'))})",
    ]
    if depth:
        kinds += [
            lambda: (
                f"({part(random, depth - 1)} {random.choice(('and', 'or'))} {part(random, depth - 1)})"
            ),
            lambda: f"not ({part(random, depth - 1)})",
        ]
    made = random.choice(kinds)()
    return part(random, depth) if made.startswith("a") and made.split()[2:] == ["a"] else made


def rule(random: Random, number: int) -> Mapping[str, str | list[str]]:
    """A rule: the parts of its guard, and its assertion."""
    guard = [part(random, 1) for _ in range(random.randint(0, 3))]
    assertion = part(random)
    if random.random() < 0.2:
        assertion = f"if {part(random, 1)} then {assertion}"
    return {
        "id": f"r{number}",
        "guard": guard,
        "assert": assertion,
        "tolerance": random.choice(TOLERANCES),
    }


def pack_of(rules: Sequence[Mapping[str, str | list[str]]]) -> Pack:
    lines = []
    for one in rules:
        lines += [f"  - id: {one['id']}", "    table: t", f'    assert: "{one["assert"]}"']
        lines.append(f"    tolerance: {one['tolerance']}")
        if one["guard"]:
            lines.append(f'    when: "{" and ".join(one["guard"])}"')
    return loaded(TABLES, "\n".join(lines) + "\n")


def outcomes(pack: Pack) -> Mapping[str, list[str]]:
    """The outcomes of each rule, row by row."""
    found: dict[str, list[str]] = {}
    told = by_reference(pack, data_of(pack, {"t": ROWS}))
    for (name, _), outcome in sorted(told.items()):
        found.setdefault(name, []).append(outcome)
    return found


FORBIDDEN = {
    "PR603": {"pass", "rounding", "fail"},
    "PR606": {"fail"},
    "PR607": {"pass"},
}


@pytest.mark.parametrize("seed", range(2))
def test_what_is_said_is_true(seed: int) -> None:
    random = Random(seed)
    rules = {f"r{n}": rule(random, n) for n in range(300)}
    told = [
        (remark.code, remark.place)
        for remark in analysis.remarks(pack_of(list(rules.values())))
        if remark.code in (*FORBIDDEN, "PR605")
    ]
    sound = {each.id: each for each in pack_of(list(rules.values())).rules}
    accused: dict[str, list[tuple[str, str]]] = {}
    for code, place in told:
        assert place is not None
        name = next(
            n for n, each in sound.items() if each.place and _of(each.place.line, place.line)
        )
        marked = place.text[place.column - 1 :][: place.length]
        accused.setdefault(name, []).append((code, marked))
    without = [
        {**rules[name], "guard": _rest(rules[name]["guard"], marked)}
        for name, codes in accused.items()
        for code, marked in codes[:1]
        if code == "PR605"
    ]
    found = outcomes(pack_of([rules[name] for name in accused]))
    shorter = outcomes(pack_of(without)) if without else {}
    count = Counter(code for codes in accused.values() for code, _ in codes)
    for name, codes in accused.items():
        for code, _ in codes:
            assert not FORBIDDEN.get(code, set()) & set(found[name]), (code, rules[name])
    for name, outcome in shorter.items():
        assert outcome == found[name], ("PR605", rules[name], accused[name])
    assert all(count[code] for code in (*FORBIDDEN, "PR605")), count


def _of(first: int, line: int) -> bool:
    """Whether a line is one of the five of the rule that begins at ``first``."""
    return first <= line < first + 5


def _rest(parts: str | list[str], marked: str) -> list[str]:
    """The guard without the part that is said to add nothing: the last that reads so."""
    left = list(parts)
    at = len(left) - 1 - left[::-1].index(marked) if marked in left else None
    return left if at is None else left[:at] + left[at + 1 :]
