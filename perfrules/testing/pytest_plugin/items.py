"""Rules files as pytest collects them: a file, the rules in it, and what is tested of each."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from perfrules.errors import Diagnostic, PerfrulesError
from perfrules.loader import load_pack
from perfrules.loader.folders import home_of
from perfrules.locale import Message, message
from perfrules.locations import Place, caret
from perfrules.testing import extra
from perfrules.testing.pytest_plugin import say
from perfrules.testing.results import Effort, Result

if TYPE_CHECKING:
    from perfrules.testing.agenda import Agenda, Group

_AGENDAS = pytest.StashKey[dict[Path, "Agenda | PerfrulesError"]]()


def rules_file(path: Path, parent: pytest.Collector) -> "RulesFile | None":
    """The file if it belongs to a pack."""
    return None if home_of(path) is None else RulesFile.from_parent(parent, path=path)


def settings(config: pytest.Config) -> Iterator[Message]:
    """How the packs of this session are tested: a line for each."""
    for agenda in config.stash.get(_AGENDAS, {}).values():
        if isinstance(agenda, PerfrulesError):
            continue
        engines = dict.fromkeys(("reference", *agenda.effort.engines))
        if not agenda.effort.examples:
            yield message(
                "rules of {pack}: on {engines}; properties are left out (--perfrules-examples 0)",
                pack=agenda.pack.id,
                engines=tuple(engines),
            )
            continue
        yield message(
            "rules of {pack}: on {engines}; each property on {count} examples, seed {seed}",
            pack=agenda.pack.id,
            engines=tuple(engines),
            count=agenda.effort.examples,
            seed=config.getoption("--perfrules-seed"),
        )


class BrokenError(Exception):
    """Something is not as it must be; told without a traceback.

    Attributes:
        told: What is wrong, in the lines that the report shows.
    """

    def __init__(self, told: str) -> None:
        super().__init__(told)
        self.told = told


# ---- the tree -----------------------------------------------------------------------------------------------------------


class RulesFile(pytest.File):
    """A rules file: its faults outside of rules, its rules, and the properties of tables that it is the first to speak of."""

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        """Its rules, in order; the faulty ones last."""
        agenda = self._agenda()
        faults: dict[str, list[Diagnostic]] = {}
        for fault in agenda.pack.faults:
            if self._is_here(fault.place):
                faults.setdefault(fault.rule, []).append(fault)
        names = [name for name, (rule, *_) in agenda.rules.items() if self._is_here(rule.place)]
        if "" in faults:
            yield FaultItem.from_parent(self, name="faulty", faults=faults.pop(""))
        for name in dict.fromkeys([*names, *faults]):
            groups = agenda.of_rule(name) if name in names else ()
            yield RuleNode.from_parent(self, name=name, groups=groups, faults=faults.get(name, ()))
        for rule, group in agenda.of_tables():
            if self._is_here(rule.place):
                yield from _items(self, group)

    def _is_here(self, place: object) -> bool:
        start = self.config.invocation_params.dir
        return isinstance(place, Place) and start / place.file == self.path

    def _agenda(self) -> "Agenda":
        """What is to be tested in the pack of this file; made once in a session."""
        home = home_of(self.path)
        assert home is not None  # noqa: S101  # or it would not have been collected
        known = self.config.stash.setdefault(_AGENDAS, {})
        if home not in known:
            try:
                known[home] = _agenda_of(home, self.config)
            except PerfrulesError as error:
                known[home] = error
        found = known[home]
        if isinstance(found, PerfrulesError):
            raise self.CollectError("\n".join(_fault(fault) for fault in found.diagnostics))
        return found


def _agenda_of(home: Path, config: pytest.Config) -> "Agenda":
    with extra():
        from perfrules.testing.agenda import Agenda  # noqa: PLC0415  # its libraries may not be there
    start = config.invocation_params.dir
    pack = load_pack(home.relative_to(start) if home.is_relative_to(start) else home)
    examples, seed, engines = (
        config.getoption(f"--perfrules-{name}") for name in ("examples", "seed", "engines")
    )
    return Agenda(pack, Effort(examples, seed, engines))


class RuleNode(pytest.Collector):
    """A rule: its faults, or what is tested of it."""

    def __init__(
        self, *, groups: Iterable["Group"], faults: Sequence[Diagnostic], **kwargs: object
    ) -> None:
        super().__init__(**kwargs)  # type: ignore[arg-type]  # what pytest gives every node
        self.groups = groups
        self.faults = faults

    def collect(self) -> Iterator[pytest.Item]:
        """One item for all faults, and one for everything that is tested."""
        if self.faults:
            yield FaultItem.from_parent(self, name="faulty", faults=self.faults)
        for group in self.groups:
            yield from _items(self, group)


def _items(parent: pytest.Collector, group: "Group") -> Iterator["ResultItem"]:
    for name in group.entries:
        yield ResultItem.from_parent(parent, name=name, group=group)


class _Item(pytest.Item):
    """An item that is told by file and line."""

    place: object = None

    def repr_failure(  # type: ignore[override]  # the words of this report, whatever style of traceback is asked for
        self, excinfo: pytest.ExceptionInfo[BaseException]
    ) -> str:
        """What is wrong in words; a traceback only for what is a bug of ours."""
        if isinstance(excinfo.value, BrokenError):
            return excinfo.value.told
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """The file, the line counted from 0, and the name."""
        rule = f"{self.parent.name}: " if isinstance(self.parent, RuleNode) else ""
        line = self.place.line - 1 if isinstance(self.place, Place) else None
        return self.path, line, f"{rule}{self.name}"


class FaultItem(_Item):
    """A faulty rule: it fails, with all its faults."""

    def __init__(self, *, faults: Sequence[Diagnostic], **kwargs: object) -> None:
        super().__init__(**kwargs)  # type: ignore[arg-type]  # what pytest gives every node
        self.faults = faults
        self.place = faults[0].place

    def runtest(self) -> None:
        """Tell the faults."""
        raise BrokenError("\n".join(map(_fault, self.faults)))


class ResultItem(_Item):
    """A case, a question, a property, or the mutants of a rule."""

    def __init__(self, *, group: "Group", **kwargs: object) -> None:
        super().__init__(**kwargs)  # type: ignore[arg-type]  # what pytest gives every node
        self.group = group
        self.place = group.entries[self.name].place

    def runtest(self) -> None:
        """Ask for the result."""
        result = self.group.result(self.name)
        if result.standing == "failed":
            raise BrokenError("\n".join(self._told(result)))
        if result.standing == "skipped":
            skip = pytest.skip.Exception(say(result.told))
            skip._use_item_location = True  # the line of the rule, not of this file
            raise skip

    def _told(self, result: Result) -> Iterator[str]:
        """What is wrong, where, and how it comes about; the first line is what the summary of pytest shows."""
        yield say(result.told)
        place = result.place or self.place
        if place is not None:
            yield str(place)
        for detail in result.details:
            yield f"  {say(detail)}"
        if result.paste:
            yield say(message("to paste under cases: of the rule"))
            yield from (f"  {line}" for line in result.paste.splitlines())


def _fault(fault: Diagnostic) -> str:
    """A fault with its line, a mark under what is meant, and what to do."""
    lines = [f"{fault.code}: {say(fault.message)}"]
    if isinstance(fault.place, Place):
        lines = [f"{fault.place}: {lines[0]}", *(f"  {line}" for line in caret(fault.place))]
    if fault.hint is not None:
        lines.append(f"  {say(fault.hint)}")
    return "\n".join(lines)
