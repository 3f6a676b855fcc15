"""What is to be tested in a pack: named before anything is run, and run when it is asked for."""

from collections.abc import Iterator, Mapping
from dataclasses import field, replace

from perfrules.locations import Place
from perfrules.model import Pack, Rule
from perfrules.testing import run, trials
from perfrules.testing.generate.possible import CANS
from perfrules.testing.results import Effort, Result
from perfrules.values import frozen, mutable


@frozen
class Entry:
    """One thing to be tested.

    Attributes:
        result: The name of its result.
        place: Where it is written.
    """

    result: str
    place: Place | None


@mutable
class Group:
    """Things whose results come one behind the other.

    Attributes:
        entries: The things by name, in the order of their results.
        coming: The results that have not been asked for.
        come: Those that have, by name.
        crash: What stopped them, if that was no result.
    """

    entries: Mapping[str, Entry]
    coming: Iterator[Result]
    come: dict[str, Result] = field(default_factory=dict)
    crash: Exception | None = None

    def result(self, name: str) -> Result:
        """What came of the thing of that name; all that stand before it are run as well."""
        wanted = self.entries[name].result
        while wanted not in self.come:
            found = self._next()
            if found is None:
                return self._instead(name)
            self.come[found.name] = found
        return self.come[wanted]

    def _next(self) -> Result | None:
        if self.crash is not None:
            raise self.crash
        try:
            return next(self.coming, None)
        except Exception as crash:
            self.crash = crash
            raise

    def _instead(self, name: str) -> Result:
        """The last result, which says why there are no more: the first thing carries it if it belongs to none, the others are skipped."""
        last = list(self.come.values())[-1]
        own = {entry.result for entry in self.entries.values()}
        if last.name not in own and name == next(iter(self.entries)):
            return last
        return replace(last, standing="skipped", details=(), paste="")


class Agenda:
    """What is to be tested in a pack.

    Attributes:
        pack: The pack.
        effort: How it is tested.
        rules: Its sound rules by id, each with its entries of ``for``.
    """

    def __init__(self, pack: Pack, effort: Effort) -> None:
        self.pack, self.effort = pack, effort
        self.rules = run.chosen(pack, ())
        self._desk = trials.Desk(pack, effort)

    def of_rule(self, name: str) -> Iterator[Group]:
        """What is to be tested of one rule: its cases, whether it can apply, pass and fail, properties, mutants."""
        entries = self.rules[name]
        rule = entries[0]
        yield Group(
            {
                f"case {label}": Entry(label, case.place or each.place)
                for each in entries
                for label, case in zip(run.case_names(each), each.cases, strict=True)
            }
            or {"case none": Entry("none", rule.place)},
            run.case_results(self.pack, entries, self.effort.engines),
        )
        yield Group(
            {f"can-{can}": Entry(f"can-{can}", rule.place) for can in CANS},
            run.possible_results(self.pack, entries),
        )
        if self.effort.examples:
            yield Group(
                {label: Entry(label, rule.place) for label in trials.CHANGED},
                self._desk.changed(rule),
            )
        yield Group({"mutants": Entry("", rule.place)}, run.mutants_results(self.pack, entries))

    def of_tables(self) -> Iterator[tuple[Rule, Group]]:
        """The properties of all rules on the same tables, with the first of these rules."""
        for tables, names in run.by_tables(self.rules).items() if self.effort.examples else ():
            rule = self.rules[names[0]][0]
            labels = [f"{label} {trials.label_of(self.pack, tables)}" for label in trials.SHARED]
            entries = {label: Entry(label, rule.place) for label in labels}
            yield rule, Group(entries, self._desk.shared(tables))
