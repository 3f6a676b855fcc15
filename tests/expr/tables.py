"""The tables of the grammar of conditions, and ``make grammar``, which saves them where the parser looks for them."""

import pickle
from io import BytesIO
from pathlib import Path
from typing import Any

from lark import Lark

from perfrules.expr.parse import FOLDER, TABLES, built


def saved() -> list[Path]:
    """The files of tables that there are: one."""
    return sorted(FOLDER.glob("grammar-*.tables"))


def meaning(parser: Lark) -> dict[str, Any]:
    """What the tables of a parser say, whatever the numbers that lark gave its states, which are others each time."""
    held = BytesIO()
    parser.save(held)
    data: dict[str, Any] = pickle.loads(held.getvalue())  # noqa: S301  # saved a line above
    memo, whole = data["memo"], data["data"]["parser"]
    tables, lexer = whole["parser"], whole["lexer_conf"]
    names = tables["tokens"]
    numbers = {tables["start_states"]["start"]: 0}  # in the order in which they are met
    rows: list[dict[str, object]] = []
    for state in (ahead := list(numbers)):
        row: dict[str, object] = {}
        actions = {names[token]: action for token, action in tables["states"][state].items()}
        for name, (reduces, to) in sorted(actions.items()):
            if not reduces and to not in numbers:
                numbers[to] = len(numbers)
                ahead.append(to)
            row[name] = memo[to["@"]] if reduces else numbers[to]
        rows.append(row)
    return {
        "states": rows,
        "end": numbers[tables["end_states"]["start"]],
        "rules": [memo[entry["@"]] for entry in whole["parser_conf"]["rules"]],
        "terminals": [_terminal(memo[entry["@"]]) for entry in lexer["terminals"]],
        "ignored": lexer["ignore"],
    }


def _terminal(held: dict[str, Any]) -> dict[str, Any]:
    """A terminal without the widths of its pattern, which each Python reckons otherwise where there is no greatest one."""
    pattern = {name: part for name, part in held["pattern"].items() if name != "_width"}
    return {**held, "pattern": pattern}


if __name__ == "__main__":
    for path in saved():
        path.unlink()
    with (FOLDER / TABLES).open("wb") as file:
        built().save(file)
