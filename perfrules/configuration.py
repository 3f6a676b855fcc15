"""Configuration of checks, ``perfrules.toml`` or ``[tool.perfrules]`` of pyproject.toml, as strict models."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from perfrules.locale import Label, message
from perfrules.tables import Model, Title, WrittenError

RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
Severity = Literal["error", "warning", "info"]


class GradingBlock(Model):
    """Another severity for a rule, in some fiscal years or in all."""

    severity: Severity
    since: int | None = None
    until: int | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.since is not None and self.until is not None and self.until < self.since:
            raise WrittenError(message("until is before since"), "until")
        return self


class CheckOptions(Model):
    """What ``perfrules check`` does where the command line says nothing else.

    Files and folders are relative to the folder of the configuration.
    """

    data: str | None = None
    pack: str | None = None
    strictness: Literal["first", "review", "full"] | None = None
    severities: dict[RuleId, Severity | GradingBlock | list[GradingBlock]] = Field(
        default_factory=dict
    )
    fail_on: Annotated[
        Literal["error", "warning", "info", "never"] | None, Field(alias="fail-on")
    ] = None
    allow_unknown: Annotated[bool | list[str] | None, Field(alias="allow-unknown")] = None
    waivers: str | list[str] | None = None
    baseline: str | None = None
    outputs: str | list[str] | None = None
    detail: Annotated[int | None, Field(ge=0)] = None
    engine: Literal["polars", "duckdb", "spark"] | None = None

    def gradings(self) -> list[tuple[str, GradingBlock]]:
        """The severities, one by one, in the order in which they are written."""
        found: list[tuple[str, GradingBlock]] = []
        for rule, given in self.severities.items():
            blocks = given if isinstance(given, list) else [given]
            found += [
                (rule, one if isinstance(one, GradingBlock) else GradingBlock(severity=one))
                for one in blocks
            ]
        return found


class ProfileBlock(CheckOptions):
    """Options under a name, over those outside of it."""

    title: Title = Label()


class ConfigFile(CheckOptions):
    """The configuration: options, profiles of them by name, and which profile is meant where none is asked for."""

    language: Literal["zh", "en"] | None = None
    profile: str | None = None
    profiles: dict[RuleId, ProfileBlock] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.profile is not None and self.profile not in self.profiles:
            raise WrittenError(
                message("there is no profile {name} in this configuration", name=self.profile),
                "profile",
            )
        return self
