"""What every verb is declared with: options worded when they are shown, the global ones, and how a verb is run."""

from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar

import click

from perfrules.cli.help import Command, Option
from perfrules.cli.nearest import meant
from perfrules.locale import LANGUAGES, Message, message

Decorated = TypeVar("Decorated", bound=Callable[..., object])


def option(*names: str, words: Message, **attributes: Any) -> Callable[[Decorated], Decorated]:
    """An option whose help is worded when it is shown."""
    return click.option(*names, cls=Option, words=words, **attributes)


def _set(ctx: click.Context, param: click.Parameter, value: object) -> None:
    """Keep a global option, wherever on the line it stands."""
    if value not in (None, False):
        setattr(ctx.obj, param.name or "", value)


def _no_color(ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001  # click's
    if value:
        ctx.obj.color = False


def shared(command: Decorated) -> Decorated:
    """The global options; they may stand before or after the verb."""
    for add in reversed(
        (
            option(
                "--lang", "language", type=click.Choice(LANGUAGES), callback=_set, expose_value=False,
                words=message("Language of the output; the default is that of the system."),
            ),
            option(
                "-q", "--quiet", is_flag=True, callback=_set, expose_value=False,
                words=message("Print the last line only."),
            ),
            option(
                "-v", "--verbose", is_flag=True, callback=_set, expose_value=False,
                words=message("Print everything, nothing shortened."),
            ),
            option(
                "--no-color", is_flag=True, callback=_no_color, expose_value=False,
                words=message("Print without colours."),
            ),
        )
    ):  # fmt: skip
        command = add(command)
    return command


def run(module: str, function: str, *args: object, **named: object) -> int:
    """Import what a verb needs, and do it."""
    found: int = getattr(import_module(f"perfrules.cli.{module}"), function)(*args, **named)
    return found


def offered(function: str) -> Callable[[click.Context, click.Parameter, str], Any]:
    """What a shell offers for a value, by a function of ``completing``, which is imported when it is asked."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> Any:
        module = import_module("perfrules.cli.completing")
        return getattr(module, function)(ctx, param, incomplete)

    return complete


_WORKBOOK = ".xlsx"
"""A ledger is filled in by hand; verbs add to files of YAML."""
_KEPT = {"waive": "waivers", "baseline update": "baseline", "baseline prune": "baseline"}
"""What a verb writes to, where its option ``--file`` or ``--baseline`` is left out: the first of what the configuration says."""


class Configured(Command):
    """A verb that asks the configuration for what the command line leaves open."""

    def configure(self, ctx: click.Context, args: list[str]) -> None:
        """Take over the configuration; its faults end the run, but for a page of help."""
        if ctx.resilient_parsing:
            return
        try:
            given, _, _ = self.make_parser(ctx).parse_args(args=list(args))
        except click.UsageError:
            return  # told when the arguments are parsed in earnest
        if given.get("help"):
            return
        path, profile = meant(given.get("config")), given.get("profile")
        if path is None and profile is None:
            return
        found = import_module("perfrules.cli.configured").options(path, profile)
        ctx.obj.severities = found.pop("severities", ())
        kept = found.get(_KEPT.get(self.name or "", ""), [])
        texts = [kept] if isinstance(kept, str) else kept
        if file := next((name for name in texts if not name.endswith(_WORKBOOK)), None):
            found["file"] = file
        ctx.default_map = found
