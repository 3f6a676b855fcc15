"""pytest runs rules: every case, question and property of a rule is an item; and fixtures for the tests of others.

This module is imported in every run of pytest where perfrules is installed, so it imports nothing that takes time. Without rules
there is nothing to collect; ``--ignore-glob='*.rules.yaml'`` leaves rules out, ``-p no:perfrules`` the fixtures and options as well.
"""

import os
import sys
from argparse import ArgumentTypeError
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from perfrules.locale import message, word
from perfrules.locale.environment import spoken
from perfrules.testing.results import EFFORT, ENGINES, Engine

if TYPE_CHECKING:
    from perfrules.dataset import Dataset
    from perfrules.engine import Frames
    from perfrules.model import Pack
    from perfrules.testing.pytest_plugin.items import RulesFile

SUFFIX = ".rules.yaml"
"""How names of rules files end; ``loader.folders`` says so too, and takes longer to import."""


def say(item: object) -> str:
    """``item`` in words of the language that the environment asks for."""
    return word(item, spoken(os.environ))


# ---- options ------------------------------------------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options ``--perfrules-…`` and the key ``perfrules_pack``."""
    group = parser.getgroup("perfrules", say(message("rules of perfrules")))
    group.addoption(
        "--perfrules-examples",
        type=_number,
        metavar="N",
        default=EFFORT.examples,
        help=say(
            message("how many examples each property of rules is tried on; 0 leaves properties out")
        ),
    )
    group.addoption(
        "--perfrules-engines",
        type=_engines,
        metavar="NAMES",
        default=EFFORT.engines,
        help=say(
            message(
                "what rules are run on, of {known}; the reference is always asked", known=ENGINES
            )
        ),
    )
    group.addoption(
        "--perfrules-seed",
        type=_number,
        metavar="N",
        default=0,
        help=say(message("with the same seed everything that is generated is the same")),
    )
    parser.addini(
        "perfrules_pack",
        say(
            message("the pack of the fixtures: a folder, from the root folder, or the id of a pack")
        ),
        default="",
    )


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise ArgumentTypeError(say(message("{text} is no whole number from 0", text=text)))
    return int(text)


def _engines(text: str) -> tuple[Engine, ...]:
    names = tuple(name.strip() for name in text.split(","))
    for name in names:
        if name not in ENGINES:
            told = message("there is no engine {name}; there are {known}", name=name, known=ENGINES)
            raise ArgumentTypeError(say(told))
    return cast("tuple[Engine, ...]", names)


# ---- collecting ---------------------------------------------------------------------------------------------------------


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "RulesFile | None":
    """Collect a rules file that belongs to a pack."""
    if not file_path.name.endswith(SUFFIX):
        return None
    from perfrules.testing.pytest_plugin import items  # noqa: PLC0415  # see the docstring of this module

    return items.rules_file(file_path, parent)


def pytest_report_collectionfinish(config: pytest.Config) -> str | list[str]:
    """Say how rules are tested, where there are rules."""
    if "perfrules.testing.pytest_plugin.items" not in sys.modules:
        return []
    from perfrules.testing.pytest_plugin import items  # noqa: PLC0415  # see the docstring of this module

    return [say(line) for line in items.settings(config)]


# ---- fixtures -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def perfrules_pack(pytestconfig: pytest.Config) -> "Pack":
    """The pack that ``perfrules_pack`` names in the configuration of pytest: a folder, or the id of a pack."""
    from perfrules import load_pack  # noqa: PLC0415  # see the docstring of this module
    from perfrules.errors import PackError  # noqa: PLC0415  # likewise

    named = pytestconfig.getini("perfrules_pack")
    if not named:
        told = message(
            "perfrules_pack is not set: name a pack in the configuration of pytest, as {example}",
            example="perfrules_pack = rules/my-pack",
        )
        pytest.fail(say(told), pytrace=False)
    folder = pytestconfig.rootpath / named
    try:
        return load_pack(folder if folder.is_dir() else named)
    except PackError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="session")
def assert_consistent(request: pytest.FixtureRequest) -> Callable[..., None]:
    """:func:`perfrules.testing.assert_consistent`, with the pack of ``perfrules_pack`` unless another is given."""
    from perfrules.testing import consistent  # noqa: PLC0415  # see the docstring of this module

    def hold(
        tables: "str | Path | Frames | Dataset",
        pack: "str | Path | Pack | None" = None,
        *,
        allow_unknown: bool = False,
    ) -> None:
        __tracebackhide__ = True
        used = request.getfixturevalue("perfrules_pack") if pack is None else pack
        consistent.assert_consistent(
            tables, used, allow_unknown=allow_unknown, language=spoken(os.environ)
        )

    return hold
