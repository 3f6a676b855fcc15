"""What a pack says of data: tables, columns and parameters, as strict models.

Every scalar arrives as the text that was written (``perfrules.loader``), so ``1.10`` and ``001`` stay what they are.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PrivateAttr,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from perfrules.locale import Label, Message, message
from perfrules.quantities import MEASURES, BlankPolicy, LogicalType
from perfrules.quantities.figures import INFINITY, Figure, Number, read_figure
from perfrules.quantities.units import dimension_of, power_of
from perfrules.values import frozen


def _label(value: object) -> object:
    return Label(zh=value, en=value) if isinstance(value, str) else value


def _as_written(label: Label) -> dict[str, str]:
    return {key: text for key, text in (("zh", label.zh), ("en", label.en)) if text is not None}


LABEL_SCHEMA = {
    "anyOf": [
        {"type": "string"},
        {
            "type": "object",
            "properties": {"zh": {"type": "string"}, "en": {"type": "string"}},
            "additionalProperties": False,
            "minProperties": 1,
        },
    ]
}
Title = Annotated[
    Label,
    BeforeValidator(_label),
    PlainSerializer(_as_written),
    WithJsonSchema(LABEL_SCHEMA),
]
"""A text in one language, or ``{zh: …, en: …}``."""

Identifier = Annotated[str, StringConstraints(pattern=r"^[^\W\d]\w*$", max_length=64)]
"""The id of a table, column, parameter or relation: letters, digits and underscores of any script."""


class WrittenError(ValueError):
    """What a model refuses although each of its values is well-formed.

    Attributes:
        message: What is wrong.
        key: The key of the block that it is about; empty if it is about the whole.
    """

    def __init__(self, message: Message, key: str = "") -> None:
        super().__init__(str(message))
        self.message = message
        self.key = key


class Model(BaseModel):
    """Base of everything that is written in YAML: unknown keys refused, values frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)


class Synonym(Model):
    """Another spelling of a key's text, with the fiscal years in which it was used."""

    use: str
    for_: Annotated[tuple[str, ...], Field(alias="for", min_length=1)]
    since: int | None = None
    until: int | None = None


class Column(Model):
    """A column: what it holds, in which unit, how accurately, and what its blanks mean.

    ``decimals`` is the usual number of printed decimals in the unit of the data; ``printed`` takes each
    cell's own; ``exact`` says that what is printed is the number itself.
    """

    type: LogicalType
    unit: str | None = None
    decimals: int | Literal["printed", "exact"] = "printed"
    blank: BlankPolicy = "unknown"
    title: Title = Label()
    aliases: tuple[str, ...] = ()
    description: Title = Label()
    synonyms: tuple[Synonym, ...] = ()

    @model_validator(mode="after")
    def _fitting(self) -> Self:
        if self.unit is not None and power_of(self.unit, self.type) is None:
            raise WrittenError(
                message("{unit} is not a unit of {type}", unit=self.unit, type=self.type), "unit"
            )
        if self.type not in MEASURES and (self.decimals != "printed" or self.blank != "unknown"):
            raise WrittenError(
                message("decimals and blank are for figures, not for {type}", type=self.type),
                "decimals" if self.decimals != "printed" else "blank",
            )
        return self

    @property
    def is_exact(self) -> bool:
        """Whether a figure of this column is the number itself, with no rounding behind it."""
        return self.decimals == "exact" or (self.type == "count" and self.decimals == "printed")


Missing = Literal["complete", "skip-if-no-parent", "children-le-parent"]
"""Which rows of a roll-up may be absent: none; a row above others; a row below others."""


@frozen
class Ladder:
    """Codes that stand one above another by their length: 201, 20101, 2010101.

    Attributes:
        column: The column of the codes, one of the key.
        levels: The lengths that codes have, from the top down.
        total: The code of the row above the top level; None if there is none.
        missing: Which rows may be absent.
    """

    column: str
    levels: tuple[int, ...]
    total: str | None = None
    missing: Missing = "complete"

    @property
    def children(self) -> str:
        """The column of a frame with the code whose child each row is, one level above its own."""
        return f"{self.column}@children {self._name}"

    @property
    def orphans(self) -> str:
        """The column of a frame with the nearest code above that has a row, where the one right above has none."""
        return f"{self.column}@orphans {self._name}"

    @property
    def _name(self) -> str:
        return " ".join([*map(str, self.levels), *([self.total] if self.total else [])])


class Table(Model):
    """A normalized relation: its key, its columns, and what else is said of it.

    ``unit`` is the unit of its money columns where data and column do not say another. ``expect`` names a
    table whose keys are all due here.
    """

    _ladders: tuple[Ladder, ...] = PrivateAttr(())

    title: Title = Label()
    aliases: tuple[str, ...] = ()
    description: Title = Label()
    unit: str | None = None
    key: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    columns: Annotated[dict[Identifier, Column], Field(min_length=1)]
    optional: bool = False
    expect: str | None = None

    @model_validator(mode="after")
    def _keyed(self) -> Self:
        for name in self.key:
            if name not in self.columns:
                raise WrittenError(message("{name} of the key is not a column", name=name), "key")
        if self.unit is not None and power_of(self.unit, "money") is None:
            raise WrittenError(
                message("{unit} is not a unit of {type}", unit=self.unit, type="money"), "unit"
            )
        return self

    @property
    def ladders(self) -> tuple[Ladder, ...]:
        """How its codes stand above one another, as the rules of the pack say."""
        return self._ladders

    def with_ladders(self, ladders: Iterable[Ladder]) -> Self:
        """The same table with codes that stand above one another."""
        made = self.model_copy()
        made._ladders = tuple(dict.fromkeys(ladders))
        return made


def names_of(name: str, thing: Column | Table) -> tuple[str, ...]:
    """Every name under which ``thing`` may be written: its id, its titles, its aliases."""
    titles = (thing.title.zh, thing.title.en)
    return (name, *(title for title in titles if title), *thing.aliases)


class Step(Model):
    """A step of a step table: up to ``le`` (or below ``lt``) the score is ``score``; ``else`` is the rest."""

    le: str | None = None
    lt: str | None = None
    score: str | None = None
    else_: Annotated[str | None, Field(alias="else")] = None

    @model_validator(mode="after")
    def _shaped(self) -> Self:
        bounded = (self.le is not None) + (self.lt is not None)
        if (bounded, self.score is not None, self.else_ is not None) not in (
            (1, True, False),
            (0, False, True),
        ):
            raise WrittenError(
                message(
                    "a step is {upto}, {below} or {rest}",
                    upto="{le: …, score: …}",
                    below="{lt: …, score: …}",
                    rest="{else: …}",
                )
            )
        return self


class Parameter(Model):
    """A number or a step table that rules refer to as ``param.name``, and where it comes from."""

    value: str | None = None
    steps: tuple[Step, ...] = ()
    origin: str = ""
    certainty: Literal["certain", "unverified"] = "unverified"
    title: Title = Label()

    @model_validator(mode="after")
    def _shaped(self) -> Self:
        if (self.value is None) == (not self.steps):
            raise WrittenError(message("a parameter has either a value or steps"))
        texts = [self.value, *(part for s in self.steps for part in (s.le, s.lt, s.score, s.else_))]
        for text in texts:
            if text is not None and constant(text) is None:
                raise WrittenError(
                    message("{text} is not a number", text=text), "value" if self.value else "steps"
                )
        bounds = [step.le or step.lt for step in self.steps]
        if any(bound is None for bound in bounds[:-1]) or (bounds and bounds[-1] is not None):
            raise WrittenError(message("steps end with one {rest}", rest="{else: …}"), "steps")
        limits = [literal(bound)[0] for bound in bounds if bound is not None]
        if limits != sorted(limits):
            raise WrittenError(message("steps go upwards"), "steps")
        return self

    @property
    def type(self) -> LogicalType:
        """The logical type of the value, or of the bounds of the steps."""
        return literal(self.value or self.steps[0].le or self.steps[0].lt or "0")[1]


def constant(text: str) -> tuple[Fraction, LogicalType] | None:
    """The exact number that a literal like ``20%``, ``0.5万元``, ``5pp`` or ``1.5`` says, and its type."""
    stripped = text.strip()
    unit = stripped.lstrip("+-0123456789.,０１２３４５６７８９．，−－ ").strip()
    kind: LogicalType | None = dimension_of(unit.replace("％", "%")) if unit else "number"
    if kind in (None, "count"):
        return None
    figure = read_figure(stripped, kind or "number")
    return (figure.value, kind or "number") if isinstance(figure, Figure) else None


def literal(text: str) -> tuple[Fraction, LogicalType]:
    """As :func:`constant`, for a text that is known to be one."""
    found = constant(text)
    if found is None:
        raise ValueError(text)
    return found


def steps_of(parameter: Parameter) -> tuple[tuple[Number, bool, Fraction], ...]:
    """The steps as ``(bound, bound belongs to the step, score)``, upwards; the last bound is infinite."""
    table: list[tuple[Number, bool, Fraction]] = []
    for step in parameter.steps:
        if step.else_ is not None:
            table.append((INFINITY, True, literal(step.else_)[0]))
        else:
            bound = step.le if step.le is not None else step.lt
            table.append(
                (literal(bound or "0")[0], step.le is not None, literal(step.score or "0")[0])
            )
    return tuple(table)
