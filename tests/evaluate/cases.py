"""Cases as files: an expression, rows, and the outcome that each row must have."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pandera.polars as pa
import yaml
from pandera.errors import SchemaErrors

from perfrules.dataset import Dataset
from perfrules.evaluate import engines, reference
from perfrules.evaluate.rows import Index
from perfrules.evaluate.sheets import Laid, lay
from perfrules.expr.nodes import Field, Rows
from perfrules.model import Pack, Rule
from perfrules.plan import BoundRule, Plan, Sheet, bind
from perfrules.tables import constant
from perfrules.verdicts import OUTCOMES, Verdicts
from tests.evaluate.packs import data_of, pack_of

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


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Ran:
    """One rule laid over its rows."""

    dataset: Dataset
    plan: Plan
    sheet: Sheet
    laid: Laid
    index: Index
    evaluated: Callable[[], tuple[Verdicts, ...]]
    position: int = 0

    @property
    def bound(self) -> BoundRule:
        return self.sheet.rules[self.position]

    def verdicts(self) -> list[reference.Verdict]:
        """What the reference says of each row."""
        rows = range(self.laid.keys.height)
        row_at = (self.laid.row(self.index, row) for row in rows)
        return [reference.evaluate(self.bound.rule, row, self.bound.slack) for row in row_at]

    def own(self, case: Case) -> list[int]:
        """The rows of the sheet that belong to ``case``."""
        keys = self.laid.keys["k"].to_list()
        return [row for row, key in enumerate(keys) if str(key).startswith(case.prefix)]

    def by_reference(self) -> list[str]:
        return [verdict.code.outcome for verdict in self.verdicts()]

    def by_polars(self) -> list[str]:
        made = engines.schema_of(self.sheet, self.laid, self.index)
        codes = made.rule_checks[self.position].codes(self.laid.frame.lazy()).collect()["code"]
        return [OUTCOMES[code] for code in codes]

    def batched(self) -> tuple[dict[int, str], dict[str, int]]:
        """What the batched backend keeps in detail, by row; and what it counts."""
        found = self.evaluated()[self.plan.sheets.index(self.sheet)]
        detail = found.detail.filter(found.detail["rule"] == self.position)
        kept = {row: OUTCOMES[code] for row, code in detail.select("row", "code").iter_rows()}
        counts = found.counts.row(self.position, named=True)
        return kept, {outcome: counts[outcome] for outcome in OUTCOMES}

    def by_stock(self) -> set[int]:
        """The rows that stock pandera finds at fault."""
        made = engines.schema_of(self.sheet, self.laid, self.index)
        schema = pa.DataFrameSchema(checks=[made.checks[self.position]])
        try:
            schema.validate(self.laid.frame.lazy().collect(), lazy=True)
        except SchemaErrors as errors:
            return set(errors.failure_cases["index"].to_list())
        return set()


def _evaluated(plan: Plan, dataset: Dataset) -> Callable[[], tuple[Verdicts, ...]]:
    """The batched backend over all sheets of a plan, run when first asked for."""

    @cache
    def run() -> tuple[Verdicts, ...]:
        return tuple(found.verdicts for found in engines.evaluate(plan, dataset))

    return run


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
    wanted = needed(pack)
    tables = {table: case.tables.get(table, []) for table in wanted}
    dataset = data_of(pack, tables)
    plan = bind(pack, dataset)
    sheet = plan.sheets[0]
    evaluated = _evaluated(plan, dataset)
    return Ran(dataset, plan, sheet, lay(sheet, dataset), Index(dataset), evaluated)


@cache
def _together(file: str) -> tuple[Ran, ...]:
    chosen = {case.id: case for case in cases_of(file) if not case.alone}
    pack = _pack(file)
    pack = replace(pack, rules=tuple(rule for rule in pack.rules if rule.id in chosen))
    tables: dict[str, list[Cells]] = {table: [] for table in needed(pack)}
    for case in chosen.values():
        for table, rows in case.shared().items():
            tables.setdefault(table, []).extend(rows)
    dataset = data_of(pack, tables)
    plan = bind(pack, dataset)
    index, evaluated = Index(dataset), _evaluated(plan, dataset)
    return tuple(
        Ran(dataset, plan, sheet, lay(sheet, dataset), index, evaluated) for sheet in plan.sheets
    )


def together(case: Case) -> Ran:
    """A case among all other cases of its file, in the same tables."""
    for ran in _together(case.file):
        for position, bound in enumerate(ran.sheet.rules):
            if bound.rule.id == case.id:
                return replace(ran, position=position)
    raise KeyError(case.id)


def needed(pack: Pack) -> Iterator[str]:
    """The tables that the rules of ``pack`` read."""
    found: dict[str, None] = {}
    for rule in pack.rules:
        found.update(dict.fromkeys(rule.tables))
        expected = (pack.tables[table].expect for table in rule.tables)
        found.update({table: None for table in expected if table})
        for node in (rule.assertion, *((rule.guard,) if rule.guard else ())):
            parts = (part for part in node.walk() if isinstance(part, Field | Rows))
            found.update(dict.fromkeys(part.table for part in parts))
    return iter(found)


def counted(outcomes: Sequence[str]) -> dict[str, int]:
    return {outcome: Counter(outcomes)[outcome] for outcome in OUTCOMES}
