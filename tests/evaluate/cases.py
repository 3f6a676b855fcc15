"""Cases as files: an expression, rows, and the outcome that each row must have."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pandera.polars as pa
import polars as pl
import yaml
from pandera.errors import SchemaErrors

from perfrules.dataset import Dataset
from perfrules.evaluate import checks, engines, reference, sheets
from perfrules.evaluate.rows import Index
from perfrules.evaluate.sheets.laying import lay
from perfrules.expr.nodes import Field, Rows
from perfrules.model import Pack, Rule
from perfrules.plan import Plan, Sheet, bind
from perfrules.readers import read_frames
from perfrules.tables import constant
from perfrules.values import frozen
from perfrules.verdicts import OUTCOMES, Verdicts
from tests.evaluate.packs import pack_of

FOLDER = Path(__file__).parents[1] / "cases"
EXACT = ("left", "right", "difference", "slack")
FACTS = (*EXACT, "missing", "reason", "notes")
_RULE_KEYS = {"expr": "assert"} | {
    key: key for key in ("when", "per", "table", "tolerance", "max_slack")
}
_CASE_KEYS = frozenset({*_RULE_KEYS, *FACTS, "rows", "tables", "gives", "native", "alone"})
_PREFIXED = ("k", "owner")
Cells = dict[str, str | None]


class _Texts(yaml.SafeLoader):
    """YAML whose scalars are the texts that were written; ``~`` is a blank cell."""

    yaml_implicit_resolvers: dict[str, list[Any]] = {}  # noqa: RUF012  # as PyYAML declares it


def read_yaml(path: Path) -> Any:
    return _Texts(path.read_text("utf-8")).get_single_data()


@frozen
class Case:
    """One rule and its rows.

    Attributes:
        file, number: Where it stands.
        rule: The rule as it would be written in YAML.
        tables: Printed cells by table.
        gives: The outcome of each row of the rule.
        facts: What else the reference must say of each row; None where nothing is asked.
        native: Whether the rule must have a native form.
        alone: It cannot share its tables with other cases.
    """

    file: str
    number: int
    rule: Mapping[str, Any]
    tables: Mapping[str, Sequence[Cells]]
    gives: tuple[str, ...]
    facts: Mapping[str, tuple[str | None, ...]] = field(hash=False, default_factory=dict)
    native: bool = True
    alone: bool = False

    def __str__(self) -> str:
        return f"{self.file}::{self.number} {self.rule['assert']}"

    @property
    def id(self) -> str:
        return f"c{self.number}"

    @property
    def prefix(self) -> str:
        """What the keys of its rows begin with where it shares its tables."""
        return f"{self.id}."

    def shared(self) -> dict[str, list[Cells]]:
        """Its rows under keys that no other case of its file has."""
        return {
            table: [
                row | {key: self.prefix + str(row[key]) for key in _PREFIXED if row.get(key)}
                for row in rows
            ]
            for table, rows in self.tables.items()
        }


def files(folder: str) -> tuple[str, ...]:
    return tuple(sorted(f"{folder}/{path.stem}" for path in (FOLDER / folder).glob("*.yaml")))


@cache
def cases_of(file: str) -> tuple[Case, ...]:
    """The cases of a file: a list, or ``native`` (for all of them) with a list ``cases``."""
    content = read_yaml(FOLDER / f"{file}.yaml")
    native = "true"
    if isinstance(content, dict):
        native, content = content["native"], content["cases"]
    return tuple(_case(file, number, block, native) for number, block in enumerate(content, 1))


def _case(file: str, number: int, block: Mapping[str, Any], native: str) -> Case:
    unknown = set(block) - _CASE_KEYS
    assert not unknown, f"{file}::{number}: {unknown}"
    rule = {"id": f"c{number}", "table": "t"} | {
        name: block[key] for key, name in _RULE_KEYS.items() if key in block
    }
    gives = _several(block["gives"])
    facts = {key: _facts(block[key], len(gives)) for key in FACTS if key in block}
    return Case(
        file,
        number,
        rule,
        _tables(block),
        tuple(str(outcome) for outcome in gives),
        facts,
        block.get("native", native) == "true",
        block.get("alone", "false") == "true",
    )


def _several(value: Any) -> tuple[str | None, ...]:
    return tuple(value) if isinstance(value, list) else (value,)


def _facts(value: Any, rows: int) -> tuple[str | None, ...]:
    found = tuple(None if fact == "~" else fact for fact in _several(value))
    assert len(found) == rows, f"{found}: one for each row is due"
    return found


def _tables(block: Mapping[str, Any]) -> dict[str, list[Cells]]:
    written = {"t": block.get("rows", [])} | block.get("tables", {})
    tables: dict[str, list[Cells]] = {}
    for table, rows in written.items():
        tables[table] = []
        for position, row in enumerate(rows):
            cells = {name: None if cell == "~" else cell for name, cell in row.items()}
            tables[table].append(_keys(table, position) | cells)
    return tables


def _keys(table: str, position: int) -> Cells:
    """The keys of a row that does not say its own: A, B, C, … of 2023; of a finer table 1, 2, 3, … of A."""
    letter = chr(ord("A") + position)
    keys: dict[str, Cells] = {
        "d": {"k": "A", "year": "2023", "i": str(position + 1)},
        "parts": {"owner": "A", "year": "2023", "i": str(position + 1)},
        "u": {"k": letter},
    }
    return keys.get(table, {"k": letter, "year": "2023"})


def exact(text: str) -> Fraction | None:
    """The number that a case writes: ``1451.29万元``, ``0.02pp``, ``1/3``; None for ``none``."""
    if text == "none":
        return None
    found = None if "/" in text else constant(text)
    return found[0] if found else Fraction(text)


# ---- engines ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Laid:
    """A sheet over its rows, and what each engine says of its rules; everything is found once."""

    dataset: Dataset
    plan: Plan
    sheet: Sheet

    @cached_property
    def laid(self) -> sheets.Laid:
        return lay(self.sheet, self.dataset)

    @cached_property
    def index(self) -> Index:
        return Index(self.dataset)

    @cached_property
    def schema(self) -> checks.RuleSchema:
        return engines.schema_of(self.sheet, self.laid, self.index)

    @cached_property
    def batched(self) -> Verdicts:
        found = engines.evaluate(replace(self.plan, sheets=(self.sheet,)), self.dataset)
        return found[0].verdicts

    @cached_property
    def referred(self) -> dict[int, list[reference.Verdict]]:
        return {}

    def verdicts(self, position: int) -> list[reference.Verdict]:
        if position not in self.referred:
            bound = self.sheet.rules[position]
            rows = [self.laid.row(self.index, row) for row in range(self.laid.keys.height)]
            self.referred[position] = [
                reference.evaluate(bound.rule, row, bound.slack) for row in rows
            ]
        return self.referred[position]


@frozen
class Ran:
    """One rule of a sheet."""

    on: Laid
    position: int = 0

    def is_native(self) -> bool:
        return self.on.schema.rule_checks[self.position].lowered is not None

    def verdicts(self) -> list[reference.Verdict]:
        """What the reference says of each row."""
        return self.on.verdicts(self.position)

    def own(self, case: Case) -> list[int]:
        """The rows of the sheet that belong to ``case``."""
        keys = self.on.laid.keys["k"].to_list()
        return [row for row, key in enumerate(keys) if str(key).startswith(case.prefix)]

    def by_reference(self) -> list[str]:
        return [verdict.code.outcome for verdict in self.verdicts()]

    def by_polars(self) -> list[str]:
        rule = self.on.schema.rule_checks[self.position]
        codes = rule.codes(self.on.laid.frame.lazy()).collect()["code"]
        return [OUTCOMES[code] for code in codes]

    def batched(self) -> tuple[dict[int, str], dict[str, int]]:
        """What the batched backend keeps in detail, by row; and what it counts."""
        found = self.on.batched
        detail = found.detail.filter(found.detail["rule"] == self.position)
        kept = {row: OUTCOMES[code] for row, code in detail.select("row", "code").iter_rows()}
        counts = found.counts.row(self.position, named=True)
        return kept, {outcome: counts[outcome] for outcome in OUTCOMES}

    def by_stock(self) -> set[int]:
        """The rows that stock pandera finds at fault."""
        schema = pa.DataFrameSchema(checks=[self.on.schema.checks[self.position]])
        try:
            schema.validate(self.on.laid.frame, lazy=True)
        except SchemaErrors as errors:
            return set(errors.failure_cases["index"].to_list())
        return set()


@cache
def _pack(file: str) -> Pack:
    tables = (FOLDER / "tables.yaml").read_text("utf-8")
    rules = [dict(case.rule) for case in cases_of(file)]
    return pack_of(tables, yaml.safe_dump(rules, allow_unicode=True))


def rule_of(case: Case) -> Rule:
    return next(rule for rule in _pack(case.file).rules if rule.id == case.id)


@cache
def alone(file: str, number: int) -> Ran:
    """A case in tables of its own."""
    case = cases_of(file)[number - 1]
    pack = replace(_pack(file), rules=(rule_of(case),))
    return Ran(_laid(pack, case.tables)[0])


@cache
def _together(file: str) -> tuple[Laid, ...]:
    chosen = {case.id: case for case in cases_of(file) if not case.alone}
    pack = _pack(file)
    tables: dict[str, list[Cells]] = {}
    for case in chosen.values():
        for table, rows in case.shared().items():
            tables.setdefault(table, []).extend(rows)
    return _laid(
        replace(pack, rules=tuple(rule for rule in pack.rules if rule.id in chosen)), tables
    )


def together(case: Case) -> Ran:
    """A case among all other cases of its file, in the same tables."""
    for on in _together(case.file):
        for position, bound in enumerate(on.sheet.rules):
            if bound.rule.id == case.id:
                return Ran(on, position)
    raise KeyError(case.id)


def _laid(pack: Pack, tables: Mapping[str, Sequence[Cells]]) -> tuple[Laid, ...]:
    """The rules of ``pack`` over ``tables``, of which the columns are read that some rule needs."""
    frames = {
        table: pl.DataFrame(
            [{column: row.get(column) for column in columns} for row in tables.get(table, ())],
            schema=dict.fromkeys(columns, pl.String),
        )
        for table, columns in needed(pack).items()
    }
    dataset = read_frames(frames, pack.tables)
    plan = bind(pack, dataset)
    return tuple(Laid(dataset, plan, sheet) for sheet in plan.sheets)


def needed(pack: Pack) -> dict[str, dict[str, None]]:
    """The columns, by table, that the rules of ``pack`` read; keys always."""
    found: dict[str, dict[str, None]] = {}
    for rule in pack.rules:
        expected = (pack.tables[table].expect for table in rule.tables)
        fields: list[tuple[str, str]] = []
        for node in (rule.assertion, *((rule.guard,) if rule.guard else ())):
            fields += [(part.table, part.column) for part in node.walk() if isinstance(part, Field)]
            fields += [(part.table, "") for part in node.walk() if isinstance(part, Rows)]
        for table in (*rule.tables, *filter(None, expected), *(table for table, _ in fields)):
            found.setdefault(table, dict.fromkeys(pack.tables[table].key))
        for table, column in fields:
            found[table] |= {column: None} if column else {}
    return found


def counted(outcomes: Sequence[str]) -> dict[str, int]:
    return {outcome: Counter(outcomes)[outcome] for outcome in OUTCOMES}
