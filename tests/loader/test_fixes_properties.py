"""Noise of layout changes nothing of what a pack says, and mending takes none of it away but the noise."""

import re
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perfrules.errors import PackError
from perfrules.loader import load_pack
from perfrules.loader.fixes import fixed_pack
from perfrules.loader.fixes.files import _content
from perfrules.loader.fixes.order import ORDER
from tests.loader import test_properties
from tests.loader.conftest import PACK
from tests.loader.test_properties import mangled

BLOCKS: list[dict[str, list[str]]] = [
    {
        "id": ["a"],
        "title": ["{zh: 甲＝（乙）, en: 'it’s (a)'}"],
        "when": ["total > 0 and 「小计（一）」 < 1,200.50万元"],
        "assert": ["'total = round(basic, 2) + 「小计（一）」*10%'"],
        "tolerance": ["", "  absolute: 0.5万元"],
        "severity": ["warning"],
        "message": [">-", "  One，", "  two # not a comment"],
        "tags": ["", "- x", "- y"],
        "cases": ["", "  pass:", "    {total: 001, unit: no,", "     basic: '1'}", "  unknown: {total: ~}"],
    },
    {
        "id": ["b"],
        "for": ["[total, basic]"],
        "assert": ['"{column} >= sum(d.actual where name = \'（＝）\')"'],
        "basis": ["", "  - ref: '１（２）'", "    certainty: certain"],
        "hint": ["|", "  # no comment", "", "  end"],
        "status": ["test"],
    },
    {"id": ["c"], "assert": ["total=basic"]},
]  # fmt: skip
WIDE = {sign: chr(ord(sign) + 0xFEE0) for sign in "+-*/=<>%(),."} | {
    digit: chr(ord(digit) + 0xFEE0) for digit in "0123456789"
}
OUTSIDE = re.compile(r"'[^'\n]*'|「[^」\n]*」|\w*[^\W\d]\w*|(.)")
COMMENTS = st.lists(st.sampled_from(["", "# one", "# 二：（三）", "#"]), max_size=2)


def widened(draw: st.DrawFn, text: str) -> str:
    """An expression with some of its signs full-width; what stands in quotes stays."""
    quote = text[0] if text[0] in "'\"" else ""
    inner = text[1:-1] if quote else text

    def sign(found: re.Match[str]) -> str:
        return WIDE[found[1]] if found[1] in WIDE and draw(st.booleans()) else found[0]

    return f"{quote}{OUTSIDE.sub(sign, inner)}{quote}"


@st.composite
def noisy(draw: st.DrawFn) -> str:
    """A rules file that says what the blocks say, with keys, comments and signs in disorder."""
    lines = ["table: t", "rules:"]
    for block in BLOCKS:
        lines += [f"  {comment}".rstrip() for comment in draw(COMMENTS)]
        for number, key in enumerate(draw(st.permutations(list(block)))):
            value = list(block[key])
            if key in ("when", "assert"):
                value = [widened(draw, value[0])]
            above = draw(COMMENTS) if number else []
            lines += [f"    {comment}".rstrip() for comment in above]
            lines.append(f"{'    ' if number else '  - '}{key}: {value[0]}".rstrip())
            lines += [f"    {line}".rstrip() for line in value[1:]]
    end = draw(st.sampled_from(["\n", "\r\n"]))
    return end.join([*lines, draw(st.sampled_from(["", "# end"])), ""])


def comments(text: str) -> list[str]:
    return sorted(line.strip() for line in text.splitlines() if line.lstrip().startswith("#"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(noisy())
def test_noise_says_nothing_and_mending_keeps_what_is_said(text: str) -> None:
    plain = "\n".join(
        [
            "table: t",
            "rules:",
            *(
                f"{'    ' if number else '  - '}{key}: "
                + "\n".join([block[key][0], *(f"    {line}" for line in block[key][1:])])
                for block in BLOCKS
                for number, key in enumerate(block)
            ),
            "",
        ]
    )
    with tempfile.TemporaryDirectory() as name:
        folder, path = Path(name), Path(name) / "a.rules.yaml"
        (folder / "pack.yaml").write_text(PACK, encoding="utf-8")
        path.write_bytes(plain.encode())
        meant = load_pack(folder)
        assert not meant.faults
        path.write_bytes(text.encode())
        assert _content(load_pack(folder)) == _content(meant)
        for file, content in fixed_pack(folder).texts.items():
            file.write_bytes(content)
        made = path.read_bytes().decode()
        assert _content(load_pack(folder)) == _content(meant)
        assert fixed_pack(folder).texts == {}
    assert comments(made) == comments(text)
    assert made.count("\r") == text.count("\r")
    assert "{total: '001', unit: 'no'," in made
    assert not [
        line for line in made.splitlines() if "assert:" in line and "＝" in line.split("（")[0]
    ]
    keys = re.findall(r"^(  - |    )([a-z_]+):", made, re.MULTILINE)
    rules: list[list[str]] = []
    for margin, key in keys:
        rules += [[]] if margin == "  - " else []
        rules[-1].append(key)
    assert len(rules) == len(BLOCKS)
    assert all(rule == sorted(rule, key=ORDER.index) for rule in rules)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mangled(test_properties.PACK), mangled(test_properties.RULES))
def test_whatever_is_written_what_is_sound_stays_and_once_is_enough(pack: str, rules: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pack.yaml").write_bytes(pack.encode("utf-8", "surrogatepass"))
        (folder / "a.rules.yaml").write_bytes(rules.encode("utf-8", "surrogatepass"))
        before = sound(folder)
        found = fixed_pack(folder)
        for path, content in found.texts.items():
            path.write_bytes(content)
        assert {path for path, _ in found.made} == set(found.texts)
        after = sound(folder)
        assert all(rule in after for rule in before)
        assert fixed_pack(folder).texts == {}


def sound(folder: Path) -> list[object]:
    """The sound rules of a pack; none if it cannot be loaded."""
    try:
        pack = load_pack(folder)
    except PackError:
        return []
    return [
        (rule.id, rule.assertion, rule.guard, [c.rows for c in rule.cases]) for rule in pack.rules
    ]
