"""Every exception raised on purpose, and the diagnostic that carries a fault to its reader."""

from collections.abc import Iterable
from typing import Protocol

from perfrules.locale import Message, Worded
from perfrules.values import frozen


class Located(Protocol):
    """What a diagnostic asks of a place in a file; :class:`perfrules.locations.Place` is one."""

    @property
    def file(self) -> str:
        """Path of the file."""

    @property
    def line(self) -> int:
        """Line, from 1."""

    @property
    def column(self) -> int:
        """Column, from 1."""

    @property
    def length(self) -> int:
        """How many characters it covers."""

    @property
    def text(self) -> str:
        """The line itself, without its end."""


@frozen
class Diagnostic:
    """One fault: a stable code, what is wrong, where, what to do about it, and in which rule it was found, if in one."""

    code: str
    message: Worded
    place: Located | None = None
    hint: Message | None = None
    rule: str = ""

    def __str__(self) -> str:
        where = f"{self.place.file}:{self.place.line}:{self.place.column}: " if self.place else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{where}{self.code}: {self.message}{hint}"


class PerfrulesError(Exception):
    """Base of every exception that perfrules raises on purpose.

    Attributes:
        diagnostics: Every fault found, in the order of the files; never empty.
    """

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(map(str, self.diagnostics)))


class PackError(PerfrulesError):
    """A rule pack cannot be read at all, or is asked for by a name that nothing has."""


class DataError(PerfrulesError):
    """A dataset cannot be read at all."""


class UsageError(PerfrulesError):
    """A call asks for something that does not exist: a rule, a row, a format."""


class ExpressionFault(PerfrulesError):  # noqa: N818  # a fault is what is wrong in something written, as everywhere here
    """An expression is wrong; ``start`` and ``end`` are characters in its text, from 0."""

    def __init__(
        self, code: str, message: Message, span: tuple[int, int], hint: Message | None = None
    ) -> None:
        super().__init__([Diagnostic(code, message, None, hint)])
        self.code = code
        self.message = message
        self.hint = hint
        self.start, self.end = span
