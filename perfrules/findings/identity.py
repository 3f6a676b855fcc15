"""What makes a verdict the same in two reports, and its numbers the same: for comparisons, waivers, baselines and SARIF."""

import json
from collections.abc import Mapping
from fractions import Fraction
from hashlib import sha256

from perfrules.findings import Finding

Identity = tuple[str, str, tuple[tuple[str, str], ...], str]
DIGITS = 16
"""Hexadecimal digits of the hash of numbers, which people carry from place to place."""


def identity(finding: Finding) -> Identity:
    """Pack, rule, key and column: the same in every run."""
    return finding.pack, finding.rule, tuple(sorted(finding.key.items())), finding.column


def fingerprint(finding: Finding) -> str:
    """The identity as one text, for files that other programs compare."""
    return fingerprint_of(finding.pack, finding.rule, finding.key, finding.column)


def fingerprint_of(pack: str, rule: str, key: Mapping[str, str], column: str) -> str:
    """The fingerprint of a verdict of which only the identity is known."""
    text = json.dumps([pack, rule, dict(key), column], ensure_ascii=True, sort_keys=True)
    return sha256(text.encode()).hexdigest()


def numbers(finding: Finding) -> str:
    """A hash of the numbers of a verdict: of both sides, the difference, their unit, and what is printed in every cell.

    It changes with each figure that the verdict rests on, also where the sides stay what they are; not with titles, places or words.
    """
    sides = (finding.left, finding.right, finding.difference)
    cells = sorted(
        [cell.table, sorted(cell.key.items()), cell.column, cell.printed] for cell in finding.cells
    )
    text = json.dumps([[_exact(side) for side in sides], finding.unit, cells], ensure_ascii=True)
    return sha256(text.encode()).hexdigest()[:DIGITS]


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else str(value)
