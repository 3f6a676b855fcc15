"""Ground conditions and values: what a rule says once every field is a slot, a settled key or nothing."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Union

from perfrules.quantities.figures import Number as Bound
from perfrules.testing.generate.skeleton import Slot
from perfrules.values import frozen

YES, NO = "是", "否"
"""The contents of a flag."""
Part = Union["Form", Fraction, Slot]
"""What stands below a form: another form, a number or a slot."""


class Form:
    """A ground condition or value; it knows what is below it."""

    __slots__ = ()

    @property
    def below(self) -> tuple[Part, ...]:
        """The conditions and values directly below it."""
        return ()

    @property
    def shown(self) -> tuple[Part, ...]:
        """The same without conditions inside values."""
        return self.below


# ---- values -------------------------------------------------------------------------------------------------------------


@frozen
class Op(Form):
    """``+ - * / min max abs round floor step`` over values, the last three with their ``decimals`` or ``steps``; ``-`` of one is its opposite."""

    name: str
    args: tuple["Value", ...]
    decimals: int = 0
    steps: tuple[tuple[Bound, bool, Fraction], ...] = ()

    @property
    def below(self) -> tuple[Part, ...]:
        """Its arguments."""
        return self.args


@frozen
class Choice(Form):
    """``if test then yes else no``."""

    test: "Cond"
    yes: "Value"
    no: "Value"

    @property
    def below(self) -> tuple[Part, ...]:
        """Its condition and both values."""
        return (self.test, self.yes, self.no)

    @property
    def shown(self) -> tuple[Part, ...]:
        """Both values."""
        return (self.yes, self.no)


@frozen
class First(Form):
    """The first value that is there."""

    args: tuple["Value", ...]

    @property
    def below(self) -> tuple[Part, ...]:
        """The values in turn."""
        return self.args


@frozen
class Total(Form):
    """An aggregate: ``sum min max mean count`` of the parts whose condition is met."""

    name: str
    parts: tuple[tuple["Cond", "Value"], ...]

    @property
    def below(self) -> tuple[Part, ...]:
        """Its conditions and values."""
        return tuple(each for part in self.parts for each in part)

    @property
    def shown(self) -> tuple[Part, ...]:
        """Its values."""
        return tuple(value for _, value in self.parts)


@frozen
class Filled(Form):
    """How many of some slots hold something."""

    slots: tuple[Slot, ...]

    @property
    def below(self) -> tuple[Part, ...]:
        """The slots."""
        return self.slots


@frozen
class Term(Form):
    """A figure in a resolved value; ``added`` says that it is a term of a sum, where a printed zero is exact."""

    slot: Slot
    added: bool

    @property
    def below(self) -> tuple[Part, ...]:
        """Its slot."""
        return (self.slot,)


Plain = Fraction | Term | Op
"""A value with its conditions resolved; so are the arguments of its operations."""
Value = Plain | Slot | Choice | First | Total | Filled
"""A value; terms occur in resolved ones only."""

# ---- conditions ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Comparison(Form):
    """A comparison of numbers; ``judged`` with the accuracy of its figures, else on what is printed. Each is equal to itself only.

    ``ratio`` is the printed ratio that stands alone against a quotient, if this is such a comparison.
    """

    op: str
    left: Value
    right: Value
    judged: bool = False
    ratio: Slot | None = None

    @property
    def below(self) -> tuple[Part, ...]:
        """Both sides."""
        return (self.left, self.right)


@frozen
class Same(Form):
    """Two texts are the same."""

    left: Slot | str
    right: Slot | str

    @property
    def below(self) -> tuple[Part, ...]:
        """The sides that are slots."""
        return tuple(side for side in (self.left, self.right) if not isinstance(side, str))


@frozen
class Present(Form):
    """A slot holds something."""

    slot: Slot

    @property
    def below(self) -> tuple[Part, ...]:
        """The slot."""
        return (self.slot,)


@frozen
class Both(Form):
    """Every item, or with ``op`` ``or`` some item, is met."""

    op: str
    items: tuple["Cond", ...]

    @property
    def below(self) -> tuple[Part, ...]:
        """Its items."""
        return self.items


@frozen
class Opposite(Form):
    """The item is not met."""

    item: "Cond"

    @property
    def below(self) -> tuple[Part, ...]:
        """Its item."""
        return (self.item,)


@frozen
class Switch(Form):
    """``if test then yes else no`` of conditions."""

    test: "Cond"
    yes: "Cond"
    no: "Cond"

    @property
    def below(self) -> tuple[Part, ...]:
        """All three."""
        return (self.test, self.yes, self.no)


@frozen
class Known(Form):
    """A condition that is settled."""

    value: bool


Cond = Comparison | Same | Present | Both | Opposite | Switch | Known
TRUE = Known(value=True)


def slots_of(part: Part, *, shown: bool = False) -> frozenset[Slot]:
    """The slots below a condition or value; with ``shown`` those of conditions inside values are left out."""
    if isinstance(part, Slot):
        return frozenset({part})
    if isinstance(part, Fraction):
        return frozenset()
    parts = part.shown if shown else part.below
    return frozenset().union(*(slots_of(each, shown=shown) for each in parts))


def asked_for_blanks(parts: list[Part]) -> frozenset[Slot]:
    """The slots of which conditions ask whether they hold something."""
    found: set[Slot] = set()
    for part in parts:
        match part:
            case Present(slot):
                found.add(slot)
            case Filled(slots):
                found.update(slots)
            case First(args):
                found.update(arg for arg in args[:-1] if isinstance(arg, Slot))
        if isinstance(part, Form):
            found |= asked_for_blanks([*part.below])
    return frozenset(slot for slot in found if slot.row >= 0)
