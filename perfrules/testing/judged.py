"""What an engine says of every rule of a sheet on every row."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial

from perfrules import running
from perfrules.dataset import Dataset
from perfrules.evaluate import engines, reference
from perfrules.evaluate.reference import Verdict
from perfrules.evaluate.rows import Index
from perfrules.evaluate.sheets import Laid
from perfrules.evaluate.sheets.laying import lay
from perfrules.model import Pack
from perfrules.plan import Plan, Sheet, bind
from perfrules.readers import read_frames
from perfrules.testing import strategies
from perfrules.testing.generate.scenarios import Rows
from perfrules.testing.results import Engine
from perfrules.values import frozen
from perfrules.verdicts import Code

_QUIET = {Code.PASS: Code.NOT_APPLICABLE, Code.NOT_APPLICABLE: Code.PASS}
"""Outcomes that no engine shows row by row, each with the other."""
EVERYTHING = 2**31 - 1
"""How many verdicts of each rule and outcome are asked for: all."""

At = tuple[str, str, tuple[str, ...]]
"""A rule by id and ``for``, and a key."""


@dataclass(frozen=True)
class Judge:
    """A sheet laid over a dataset, and who judges it."""

    pack: Pack
    sheet: Sheet
    laid: Laid
    index: Index

    def by(self, engine: Engine) -> list[list[Code]]:
        """The outcomes by rule and row."""
        if engine == "reference":
            return self._by_reference
        if engine == "polars":
            found = engines.codes(self.sheet, self.laid, self.index)
            return [[Code(code) for code in codes] for codes in found]
        return self._by_counts(engine)

    @cached_property
    def _by_reference(self) -> list[list[Code]]:
        rows = [self.laid.row(self.index, at) for at in range(self.laid.keys.height)]
        stated = [(reference.Statement(bound.rule), bound.slack) for bound in self.sheet.rules]
        return [
            [statement.evaluate(row, slack).code for row in rows] for statement, slack in stated
        ]

    def _by_counts(self, engine: running.Engine) -> list[list[Code]]:
        """The outcomes as a report has them: what a person must see row by row, of the rest the numbers.

        A row that is not shown is what the reference says, if the numbers are those of the reference; else it is the other outcome
        that is not shown.
        """
        place = running.InMemory(self.index.dataset, engine)
        plan = Plan(self.pack, (self.sheet,), ())
        found = place.evaluate(plan, EVERYTHING, running.silent, running.Shelves())
        shown: dict[tuple[str, str, tuple[object, ...]], Code] = {}
        exempt: dict[tuple[str, str], int] = {}
        for part in found.sheets:
            names = [(bound.rule.id, bound.rule.column) for bound in part.sheet.rules]
            for rule, row, code in part.verdicts.detail.select("rule", "row", "code").iter_rows():
                shown[(*names[rule], part.laid.keys.row(row))] = Code(code)
            for rule, count in part.verdicts.counts.select("rule", "not-applicable").iter_rows():
                exempt[names[rule]] = count
        return [
            _filled(
                [
                    shown.get((bound.rule.id, bound.rule.column, key))
                    for key in self.laid.keys.rows()
                ],
                wanted,
                exempt[bound.rule.id, bound.rule.column],
            )
            for bound, wanted in zip(self.sheet.rules, self._by_reference, strict=True)
        ]


def _filled(shown: list[Code | None], wanted: list[Code], exempt: int) -> list[Code]:
    """Outcomes with those that are not shown filled in; ``exempt`` is the number of rows to which the rule does not apply."""
    quiet = [code for code, seen in zip(wanted, shown, strict=True) if seen is None]
    agree = quiet.count(Code.NOT_APPLICABLE) == exempt
    return [
        seen if seen is not None else _quiet(code, agree=agree)
        for code, seen in zip(wanted, shown, strict=True)
    ]


def _quiet(wanted: Code, *, agree: bool) -> Code:
    if wanted not in _QUIET:
        return Code.PASS
    return wanted if agree else _QUIET[wanted]


@frozen
class Said:
    """What an engine says of a rule on a row, and how to ask the reference."""

    by: Engine
    engine: Code
    ask: Callable[[], Verdict]


def evaluated(pack: Pack, rows: Rows, engine: Engine = "polars") -> dict[At, Said]:
    """What ``engine`` says of every rule of ``pack`` on ``rows``."""
    return dict(_said(pack, read_frames(strategies.frames(pack, rows), pack.tables), engine))


def _said(pack: Pack, dataset: Dataset, engine: Engine) -> Iterator[tuple[At, Said]]:
    index = Index(dataset)
    for sheet in bind(pack, dataset).sheets:
        laid = lay(sheet, dataset)
        found = Judge(pack, sheet, laid, index).by(engine)
        keys = [tuple(map(str, key)) for key in laid.keys.iter_rows()]
        for bound, codes in zip(sheet.rules, found, strict=True):
            for at, (key, code) in enumerate(zip(keys, codes, strict=True)):
                ask = partial(reference.evaluate, bound.rule, laid.row(index, at), bound.slack)
                yield (bound.rule.id, bound.rule.column, key), Said(engine, code, ask)
