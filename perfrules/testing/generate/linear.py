"""Linear forms and quotients of ground values."""

from collections.abc import Sequence
from fractions import Fraction

from perfrules.testing.generate.forms import TRUE, Op, Term, Total, Value
from perfrules.testing.generate.skeleton import Slot
from perfrules.values import frozen


@frozen
class Linear:
    """``constant + Σ coefficient · figure``."""

    terms: dict[Slot, Fraction]
    constant: Fraction


def linear(value: Value) -> Linear | None:
    """A value as a linear form; None if it is none, or depends on conditions."""
    if isinstance(value, Fraction):
        return Linear({}, value)
    if isinstance(value, Slot):
        return Linear({value: Fraction(1)}, Fraction(0))
    if isinstance(value, Term):
        return Linear({value.slot: Fraction(1)}, Fraction(0))
    if isinstance(value, Total) and value.name == "sum":
        parts = value.parts if all(where == TRUE for where, _ in value.parts) else ()
        return _all("+", [part for _, part in parts]) if parts else None
    if isinstance(value, Op) and value.name in ("+", "-", "*", "/"):
        return _all(value.name, value.args)
    return None


def quotient(value: Value) -> tuple[Value, Value, Fraction] | None:
    """``value`` as ``top / base + constant`` with a base that holds a figure; None if it is not of this form."""
    if not isinstance(value, Op) or len(value.args) != 2:
        return None
    first, second = value.args
    if value.name == "/":
        return None if isinstance(second, Fraction) else (first, second, Fraction(0))
    inner = quotient(first) if value.name in "+-" and isinstance(second, Fraction) else None
    if inner is None or not isinstance(second, Fraction):
        return None
    return inner[0], inner[1], inner[2] + (second if value.name == "+" else -second)


def _all(name: str, args: Sequence[Value]) -> Linear | None:
    forms = [form for form in map(linear, args) if form is not None]
    if len(forms) < len(args):
        return None
    return _added(name, forms) if name in "+-" else _multiplied(name, *forms)


def _added(name: str, forms: Sequence[Linear]) -> Linear:
    terms: dict[Slot, Fraction] = {}
    constant = Fraction(0)
    for number, form in enumerate(forms):
        sign = -1 if name == "-" and (number or len(forms) == 1) else 1
        constant += sign * form.constant
        for slot, factor in form.terms.items():
            terms[slot] = terms.get(slot, Fraction(0)) + sign * factor
    return Linear({slot: factor for slot, factor in terms.items() if factor}, constant)


def _multiplied(name: str, first: Linear, second: Linear) -> Linear | None:
    if name == "/":
        if second.terms or not second.constant:
            return None
        return _scaled(first, 1 / second.constant)
    if not second.terms:
        return _scaled(first, second.constant)
    return None if first.terms else _scaled(second, first.constant)


def _scaled(form: Linear, factor: Fraction) -> Linear:
    terms = {slot: value * factor for slot, value in form.terms.items() if factor}
    return Linear(terms, form.constant * factor)
