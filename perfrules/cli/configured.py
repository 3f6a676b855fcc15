"""Options of ``perfrules check`` as a configuration says them, for what the command line leaves open."""

import os
import re
from pathlib import Path
from typing import Any

from perfrules.configuration import CheckOptions, ConfigFile
from perfrules.databases.addresses import is_address
from perfrules.errors import Diagnostic, UsageError
from perfrules.grading import Grading
from perfrules.loader import builtin_packs
from perfrules.loader.configured import load_configuration
from perfrules.loader.faults import meant_or_listed
from perfrules.locale import message

_FORMAT = re.compile(r"([a-z_0-9]+)[=＝](.*)")


def options(path: Path | None, profile: str | None) -> dict[str, Any]:
    """What a configuration says: values by the names of parameters of ``check``.

    Besides there are ``severities``, gradings in the order in which they count.

    Raises:
        DataError: The configuration has a fault.
        UsageError: It has no such profile, or there is no configuration.
    """
    if path is None:
        what = message("there is no configuration that could have the profile {name}", name=profile)
        raise UsageError([Diagnostic("PR527", what)])
    found = load_configuration(path)
    layers = _layers(found, profile, path)
    made: dict[str, Any] = {"severities": tuple(g for layer in layers for g in _gradings(layer))}
    for layer in reversed(layers):
        made |= _values(layer, path.parent)
    return made


def _layers(found: ConfigFile, profile: str | None, path: Path) -> tuple[CheckOptions, ...]:
    """The profile that is meant, and what lies under it."""
    name = profile or found.profile
    if name is None:
        return (found,)
    if name not in found.profiles:
        what = message("{file} has no profile {name}", file=path.name, name=name)
        raise UsageError([Diagnostic("PR527", what, hint=meant_or_listed(name, found.profiles))])
    return found.profiles[name], found


def _gradings(layer: CheckOptions) -> list[Grading]:
    return [
        Grading(rule, block.severity, block.since, block.until) for rule, block in layer.gradings()
    ]


def _values(layer: CheckOptions, home: Path) -> dict[str, Any]:
    """The options that a layer says, as the command line would."""
    said = {
        "data": layer.data and _place(layer.data, home),
        "pack": layer.pack and _pack(layer.pack, home),
        "strictness": layer.strictness,
        "fail_on": layer.fail_on,
        "allow_unknown": _reasons(layer.allow_unknown),
        "waivers": layer.waivers and [_place(text, home) for text in _many(layer.waivers)],
        "baseline": layer.baseline and _place(layer.baseline, home),
        "output": layer.outputs and [_output(text, home) for text in _many(layer.outputs)],
        "detail": layer.detail,
        "engine": layer.engine,
    }
    return {name: value for name, value in said.items() if value is not None}


def _many(given: str | list[str]) -> list[str]:
    return [given] if isinstance(given, str) else given


def _reasons(given: bool | list[str] | None) -> str | None:  # noqa: FBT001  # as it is written
    if isinstance(given, list):
        return ",".join(given)
    return "all" if given else None


def _place(text: str, home: Path) -> str:
    """A file or folder as it is reached from here; addresses of databases stay."""
    if is_address(text):
        return text
    path = home / text
    try:
        return os.path.relpath(path)
    except ValueError:  # another drive
        return str(path)


def _pack(text: str, home: Path) -> str:
    """A pack: a folder at the configuration, if there is one, else an id."""
    if text in builtin_packs() and not (home / text / "pack.yaml").is_file():
        return text
    return _place(text, home) if (home / text).exists() else text


def _output(text: str, home: Path) -> str:
    found = _FORMAT.fullmatch(text)
    if found is None:
        return _place(text, home)
    return text if found[1] == "table" else f"{found[1]}={_place(found[2], home)}"
