"""How inference refuses: a fault with its code and place, the names that were perhaps meant, and units that do not mix."""

import difflib
from collections.abc import Iterable
from typing import NoReturn

from perfrules.errors import ExpressionFault
from perfrules.expr.format import format as written
from perfrules.expr.format import word
from perfrules.expr.infer.kinds import WORDED, Kind
from perfrules.expr.infer.scope import fold
from perfrules.expr.nodes import Arithmetic, Compare, Span
from perfrules.locale import Message, message


def refuse(code: str, what: Message, at: Span, hint: Message | None = None) -> NoReturn:
    """Raise the fault ``code``: what is wrong, where in the expression, and what to do."""
    raise ExpressionFault(code, what, at, hint)


def meant(name: str, known: Iterable[str]) -> Message | None:
    """The names in ``known`` that are close to ``name``, as a hint; None if none is."""
    close = difflib.get_close_matches(fold(name), list(dict.fromkeys(known)), 3, 0.6)
    return message("did you mean {names}?", names=tuple(map(word, close))) if close else None


def refuse_mixed(node: Arithmetic | Compare, first: Kind, second: Kind) -> NoReturn:
    """Raise the fault of an operator between values of ``first`` and ``second``, which do not go together."""
    units = {first, second}
    if units == {"ratio", "points"}:
        refuse(
            "PR304",
            message("{text} mixes a percentage with percentage points", text=written(node)),
            node.at,
            message("write 5pp or 5个百分点 for a difference of percentages, 5% for a share"),
        )
    if "pure" in units and units & {"money", "points"}:
        refuse(
            "PR315",
            message(
                "{text} sets a number without unit against {kind}",
                text=written(node),
                kind=WORDED[(units - {"pure"}).pop()],
            ),
            node.at,
            message("write its unit, for example 10万元, 0.5 USD or 5pp"),
        )
    refuse(
        "PR303",
        message(
            "{text} mixes {left} and {right}",
            text=written(node),
            left=WORDED[first],
            right=WORDED[second],
        ),
        node.at,
        message("only like can be added or compared; a share is written with /"),
    )
