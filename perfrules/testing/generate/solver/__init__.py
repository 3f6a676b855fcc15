"""Records that meet conditions, found by a solver; the home of z3."""

from perfrules.testing.generate.solver.encoder import Encoder, is_never
from perfrules.testing.generate.solver.question import NoneError, Question, UndecidedError
from perfrules.testing.generate.solver.relaxed import Relaxed
from perfrules.testing.generate.solver.values import Formula

__all__ = ["Encoder", "Formula", "NoneError", "Question", "Relaxed", "UndecidedError", "is_never"]
