"""Cases as YAML, ready to paste under ``cases:``; the one writer of them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from perfrules.model import Case

WIDTH = 110
"""A case that is longer has each of its tables, and a table that is longer each of its rows, on a line of its own."""
_SIGNS = re.compile(
    r"|[-?](\s.*)?|[,\[\]{}#&*!|>'\"%@`].*|\s.*|.*\s|.*[,\[\]{}#:\"\\\n\r\t].*", re.DOTALL
)
"""Texts that YAML cannot read without quotes."""
_WORDS = frozenset({"~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "=", "<<"})
"""What YAML, or a linter of it, takes for no text where a value stands."""
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def block(cases: Iterable[Case], tables: Sequence[str]) -> str:
    """The cases of a rule by outcome, each outcome once; ``tables`` are the tables that the rule speaks about."""
    by_outcome: dict[str, list[Case]] = {}
    for case in cases:
        by_outcome.setdefault(case.outcome, []).append(case)
    return "".join(
        f"{line}\n"
        for outcome, some in by_outcome.items()
        for line in _outcome(outcome, some, tables)
    )


def _outcome(outcome: str, cases: Sequence[Case], tables: Sequence[str]) -> Iterator[str]:
    found = [list(_lines(case, tables)) for case in cases]
    if len(found) == 1:
        first, *rest = found[0]
        if rest or (first.endswith("]") and not first.startswith("{")):
            yield f"{outcome}:"
            yield from (f"  {line}" for line in found[0])
        else:
            yield f"{outcome}: {first}"
        return
    yield f"{outcome}:"
    for first, *rest in found:
        yield f"  - {first}"
        yield from (f"    {line}" for line in rest)


def flow(case: Case, tables: Sequence[str]) -> str:
    """One case on one line: a row of cells, or rows under the names of their tables."""
    if _is_single(case, tables):
        ((row,),) = case.rows.values()
        return _row(row)
    return "{" + ", ".join(f"{table}: {_rows(rows)}" for table, rows in case.rows.items()) + "}"


def _is_single(case: Case, tables: Sequence[str]) -> bool:
    return len(tables) == 1 and list(case.rows) == list(tables) and len(case.rows[tables[0]]) == 1


def _lines(case: Case, tables: Sequence[str]) -> Iterator[str]:
    line = flow(case, tables)
    if len(line) <= WIDTH or _is_single(case, tables):
        yield line
        return
    for table, rows in case.rows.items():
        line = f"{table}: {_rows(rows)}"
        if len(line) <= WIDTH:
            yield line
        else:
            yield f"{table}:"
            yield from (f"  - {_row(row)}" for row in rows)


def _rows(rows: Iterable[Mapping[str, str | None]]) -> str:
    return f"[{', '.join(map(_row, rows))}]"


def _row(row: Mapping[str, str | None]) -> str:
    return "{" + ", ".join(f"{_key(column)}: {scalar(text)}" for column, text in row.items()) + "}"


def _key(text: str) -> str:
    """The name of a column, plain where YAML can read it; rules files write ``no:`` as it stands."""
    return _quoted(text) if _SIGNS.fullmatch(text) else text


def scalar(text: str | None) -> str:
    """A cell: plain where YAML reads it as it stands, else in quotes; ``~`` is a blank."""
    if text is None:
        return "~"
    return _quoted(text) if text.lower() in _WORDS or _SIGNS.fullmatch(text) else text


def _quoted(text: str) -> str:
    return f'"{text.translate(_ESCAPES)}"'
