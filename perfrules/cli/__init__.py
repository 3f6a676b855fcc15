"""Command line: the only room that prints, exits or reads the environment, but for the plugin of pytest.

Exit codes: 0 everything was checked and nothing found, 1 findings, 2 nothing could be checked, 3 not everything could be
checked, 4 a bug of ours, 130 interrupted. The verbs are declared in ``commands``; each lives in a module of its own that is
imported when it is asked for, so that ``perfrules --help`` imports no engine.
"""

import gc
import os
import sys
from collections.abc import Sequence

import click

from perfrules.cli import nearest, output, upkeep
from perfrules.cli.commands import root
from perfrules.cli.options import run as run_verb
from perfrules.cli.settings import Settings, bind_language, language_of, plain_hyphens
from perfrules.errors import PerfrulesError
from perfrules.locale import message

INTERRUPTED = 130
DECLARED = (root, upkeep)
"""The program, and the modules that declare more of its verbs."""


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    gc.set_threshold(
        1_000_000, 20, 20
    )  # packs and findings last: looking for cycles among them took a tenth of a small run
    code = run(sys.argv[1:] if args is None else args)
    gc.freeze()  # and as much again on leaving
    sys.exit(code)


def run(args: Sequence[str], settings: Settings | None = None) -> int:
    """Run the command line.

    Args:
        args: The arguments, without the name of the program.
        settings: What the environment says; asked here if left out.

    Returns:
        The exit code.
    """
    output.degrade()
    args = [plain_hyphens(arg) for arg in args]
    settings = settings or _settings(args)
    bind_language(settings.language)
    try:
        return root.main(args, "perfrules", standalone_mode=False, obj=settings) or 0
    except (KeyboardInterrupt, click.Abort):
        output.tell(settings.say(message("interrupted")))
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except PerfrulesError as error:
        output.faults(error.diagnostics, settings)
        return 2
    except Exception as error:  # noqa: BLE001  # whatever else it is, it is ours, and is told as such
        return run_verb("crash", "tell", error, args, settings)


def _settings(args: Sequence[str]) -> Settings:
    spoken = nearest.language(nearest.meant(nearest.asked_in(args)))
    language = language_of(args, os.environ, spoken)
    return Settings(language, color=output.takes_color(os.environ), args=tuple(args))
