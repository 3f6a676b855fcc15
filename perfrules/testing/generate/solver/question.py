"""Questions: which record meets formulas, or which of them exclude each other."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import z3

from perfrules.testing.generate.skeleton import Slot
from perfrules.testing.generate.solver.encoder import Encoder
from perfrules.testing.generate.solver.values import Formula

EFFORT = 1_000_000
"""How hard the solver tries to answer one question, in steps of its own, so that the same question has the same answer anywhere."""
MANY = 100
"""From so many formulas on, products of figures are solved by stages or not at all."""


class UndecidedError(Exception):
    """The solver found neither a record nor that there is none."""


class NoneError(Exception):
    """There is no record; ``names`` are those of formulas that exclude each other."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(names)
        self.names = names


@dataclass
class Question:
    """Formulas about one skeleton, and the records that meet them.

    Attributes:
        encoder: Makes the formulas.
        factors: By the name of what is needed, the slots by which it multiplies or divides.
    """

    encoder: Encoder
    seed: int = 0
    factors: dict[str, set[Slot]] = field(default_factory=dict)

    def ask(
        self, needed: Mapping[str, Formula], wished: Sequence[Formula] = ()
    ) -> Mapping[Slot, int | str | None]:
        """A record that meets all that is needed, and of what is wished as much as goes together.

        Args:
            needed: Formulas by the name of what needs them.
            wished: Formulas, the more important first.

        Raises:
            NoneError: There is no such record; with the names of what excludes each other.
            UndecidedError: The solver gave up.
        """
        found = self._staged(needed, wished)
        if found is not None:
            return found
        if self.encoder.factors and len(needed) > MANY:
            raise UndecidedError
        return self._granted(self._solver([]), needed, wished)

    def _solver(self, hard: Iterable[Formula]) -> Any:
        made = z3.Solver(ctx=self.encoder.context)
        made.set("random_seed", self.seed)
        made.set("rlimit", EFFORT)
        made.add(self.encoder.bounds())
        made.add(self.encoder.sides)
        made.add(list(hard))
        return made

    def _staged(
        self, needed: Mapping[str, Formula], wished: Sequence[Formula]
    ) -> Mapping[Slot, int | str | None] | None:
        """An answer found by stages: factors are settled as the stage before has them, so that every stage is linear and soon done."""
        factors = [slot for slot in self.encoder.factors if self.encoder.is_figure(slot)]
        first = [slot for slot in factors if slot not in self.encoder.quotients]
        pins: list[Formula] = [self.encoder.number(slot) > 0 for slot in factors]
        settled: set[Slot] = set()
        for stage in (first, factors) if factors else ():
            ready = [
                formula
                for name, formula in needed.items()
                if self.factors.get(name, set()) <= settled
            ]
            solver = self._solver([*ready, *pins])
            if solver.check() != z3.sat:
                return None
            found = self._record(solver)
            pins += [
                self.encoder.number(slot) == found[slot]
                for slot in stage
                if slot not in settled and found[slot] is not None
            ]
            settled.update(stage)
        try:
            return self._granted(self._solver([*needed.values(), *pins]), {}, wished)
        except (NoneError, UndecidedError):
            return None

    def _record(self, solver: Any) -> Mapping[Slot, int | str | None]:
        return self.encoder.record(solver.model())

    def _granted(
        self, solver: Any, needed: Mapping[str, Formula], wished: Sequence[Formula]
    ) -> Mapping[Slot, int | str | None]:
        musts = {f"must {name}": formula for name, formula in needed.items()}
        wishes = {f"wish {number}": formula for number, formula in enumerate(wished)}
        names = {name: z3.Bool(name, self.encoder.context) for name in (*musts, *wishes)}
        for name, formula in (*musts.items(), *wishes.items()):
            solver.add(z3.Implies(names[name], formula))
        left = list(wishes)
        while True:
            answer = solver.check([names[name] for name in (*musts, *left)])
            if answer == z3.sat:
                return self._record(solver)
            if answer == z3.unknown:
                if not left:
                    raise UndecidedError
                left = left[: len(left) // 4]
                continue
            core = {str(name) for name in solver.unsat_core()}
            refused = [name for name in left if name in core]
            if not refused:
                raise NoneError(tuple(sorted(name.removeprefix("must ") for name in core)))
            refused = refused[1:] or refused  # the most important of them may yet be granted
            left = [name for name in left if name not in refused]
