"""Properties tried on data made from the rules: those of all rules on the same tables, and those of one rule with one cell changed."""

from collections.abc import Iterator, Sequence

from perfrules.errors import UsageError
from perfrules.locale import Message, message
from perfrules.model import Pack, Rule
from perfrules.testing import properties, strategies
from perfrules.testing.generate.examples import Aim, Example
from perfrules.testing.generate.gathered import partition
from perfrules.testing.generate.scenarios import ContradictionError, Scenario
from perfrules.testing.generate.skeleton import tables_of
from perfrules.testing.results import EFFORT, Effort, Result

SHARED = {
    "agreement": properties.agreement,
    "order": properties.order,
    "unit-of-measure": properties.unit_of_measure,
    "unrelated-rows": properties.unrelated_rows,
}
"""The properties of all rules on the same tables, by name."""
CHANGED: dict[str, Aim] = {"violation": "violation", "boundary": "boundary", "missing": "missing"}
"""The properties of one rule with one cell changed, by name."""


def label_of(pack: Pack, tables: frozenset[str]) -> str:
    """Tables in the name of a property of all rules on them."""
    return "+".join(name for name in pack.tables if name in tables)


class Desk:
    """Tries properties; scenarios are made once for all rules of the same tables."""

    def __init__(self, pack: Pack, effort: Effort = EFFORT) -> None:
        self.pack, self.effort = pack, effort
        self._made: dict[frozenset[str], list[Scenario] | ContradictionError] = {}
        self._own: dict[str, list[Scenario]] = {}

    def scenarios(self, tables: frozenset[str]) -> list[Scenario]:
        """The scenarios over tables.

        Raises:
            ContradictionError: No data agrees with all rules of these tables.
        """
        if tables not in self._made:
            try:
                self._made[tables] = strategies.scenarios(
                    self.pack, tables, first=self.effort.seed * 100
                )
            except ContradictionError as clash:
                self._made[tables] = clash
        found = self._made[tables]
        if isinstance(found, ContradictionError):
            raise found
        return found

    def shared(self, tables: frozenset[str]) -> Iterator[Result]:
        """The properties of all rules of some tables."""
        label = label_of(self.pack, tables)
        try:
            made = self.scenarios(tables)
        except ContradictionError as clash:
            yield Result(
                "",
                "property",
                f"consistent {label}",
                "failed" if clash.rules else "skipped",
                _clash(clash, label),
            )
            return
        drawn = strategies.examples(made)
        for name, check in SHARED.items():
            gap = self._gap(name, made[0], tables)
            if gap is not None:
                yield Result("", "property", f"{name} {label}", "skipped", gap)
                continue
            yield self._result("", f"{name} {label}", self._tried(check, drawn), None)

    def _gap(self, name: str, made: Scenario, tables: frozenset[str]) -> Message | None:
        """Why a property says nothing of some tables; None where it does."""
        columns = [
            column for table in tables for column in self.pack.tables[table].columns.values()
        ]
        if name == "unit-of-measure" and not any(column.type == "money" for column in columns):
            return message("there is no money")
        if name == "unrelated-rows" and partition(made.skeleton) is None:
            return message("no key column tells whole examples apart")
        return None

    def changed(self, rule: Rule) -> Iterator[Result]:
        """The properties of one rule."""
        tables = tables_of(rule)
        for name, aim in CHANGED.items():
            try:
                drawn = self._changes(rule, tables, aim)
            except (UsageError, ContradictionError) as refused:
                told = (
                    refused.diagnostics[0].message
                    if isinstance(refused, UsageError)
                    else _clash(refused, "+".join(sorted(tables)))
                )
                yield Result(rule.id, "property", name, "skipped", told, rule.place)
                continue
            yield self._result(rule.id, name, self._tried(properties.agreement, drawn), rule)

    def _tried(self, check: properties.Check, drawn: properties.Strategy) -> properties.Trial:
        def held(pack: Pack, examples: Sequence[Example]) -> None:
            for engine in self.effort.engines:
                check(pack, examples, engine)

        return properties.tried(held, self.pack, drawn, self.effort.examples, self.effort.seed)

    def _changes(self, rule: Rule, tables: frozenset[str], aim: Aim) -> properties.Strategy:
        try:
            return strategies.changed(self.scenarios(tables), rule.id, aim)
        except UsageError:  # perhaps where the rule is wished for above others
            return strategies.changed(self._wished(rule, tables), rule.id, aim)

    def _wished(self, rule: Rule, tables: frozenset[str]) -> list[Scenario]:
        """Scenarios in which a rule is wished for above others."""
        if rule.id not in self._own:
            self._own[rule.id] = strategies.scenarios(
                self.pack, tables, first=self.effort.seed * 100 + 50, rule=rule.id
            )
        return self._own[rule.id]

    def _result(self, rule: str, name: str, trial: properties.Trial, of: Rule | None) -> Result:
        broken, place = trial.broken, of.place if of else None
        if broken is None:
            told = message("holds on {count} examples", count=trial.examples)
            return Result(rule, "property", name, "passed", told, place)
        about = next((r for r in self.pack.rules if (r.id, r.column) == broken.at[:2]), of)
        paste = properties.case_block(broken, self.pack)
        return Result(
            rule,
            "property",
            name,
            "failed",
            broken.told,
            about.place if about else place,
            (),
            paste,
        )


def _clash(clash: ContradictionError, label: str) -> Message:
    if clash.rules:
        return message(
            "no data was found that agrees with all of these rules; they seem to exclude each other: {rules}",
            rules=clash.rules,
        )
    return message("no data was found that agrees with every rule on {tables}", tables=label)
