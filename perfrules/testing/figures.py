"""Figures near a printed one, as texts."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from perfrules.findings import figure
from perfrules.values import frozen

_FIGURE = re.compile(r"([-+]?[\d,]*\d(?:\.(\d+))?)(%?)")
Sized = tuple[int, str | None]
"""A text, and how great a change it is."""


@frozen
class Printed:
    """A plain figure as printed.

    Attributes:
        value: The number, in the unit of the print.
        places: Its decimals.
        sign: ``%``, or nothing.
    """

    value: Fraction
    places: int
    sign: str = ""

    @property
    def text(self) -> str:
        """The figure, without thousands separators."""
        return figure(self.value, self.places) + self.sign

    def nearby(self) -> Iterator[Sized]:
        """Other figures like it, the nearest first."""
        place = Fraction(1, 10**self.places)
        for size, change in (
            (1, place),
            (1, -place),
            (2, 5 * place),
            (2, -5 * place),
            (2, 1),
            (2, -1),
        ):
            yield size, self.at(self.value + change)
        for size, factor in ((4, 2), (4, -1), (5, 10)):
            yield size, self.at(self.value * factor)
        yield 4, self.at(self.value + place * 2 / 5, self.places + 1)
        if self.places:
            yield 4, self.at(self.value, self.places - 1)
            yield 4, self.at(self.value, 0)
        yield from ((7, self.text + word) for word in ("以上", "以下"))

    def at(self, value: Fraction, places: int | None = None) -> str:
        """Another value, printed like it."""
        return replace(self, value=value, places=self.places if places is None else places).text


def read(text: str | None) -> Printed | None:
    """The figure that a text is; None if it is none, or has more to it."""
    found = _FIGURE.fullmatch(text.strip()) if text else None
    if found is None:
        return None
    return Printed(Fraction(found[1].replace(",", "")), len(found[2] or ""), found[3])


def levels(usual: Printed, literals: Iterable[Fraction]) -> Iterator[str]:
    """Literals, and their neighbours, with at least the decimals of ``usual``."""
    for literal in literals:
        places = next(
            (d for d in range(usual.places, 7) if (literal * 10**d).denominator == 1), None
        )
        if places is not None:
            step = Fraction(1, 10**places)
            for value in (literal, literal + step, literal - step):
                yield usual.at(value, places)


def multiples(
    usual: Printed, others: Iterable[Printed], literals: Iterable[Fraction]
) -> Iterator[str]:
    """Other figures, and what literals make of them: shares, and what is so much more or less."""
    factors = [Fraction(1)]
    for literal in literals:
        factors += [literal, 1 + literal, 1 - literal, *([1 / literal] if literal else [])]
    step = Fraction(1, 10**usual.places)
    for other in others:
        yield usual.at(other.value, other.places)
        yield from (usual.at(other.value + change) for change in (step, -step))
        yield from (usual.at(other.value * factor) for factor in dict.fromkeys(factors))
