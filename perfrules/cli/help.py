"""Help pages: worded in the language of the run when they are shown, and broken by display width."""

from collections.abc import Iterable, Iterator
from typing import Any

import click
import click.shell_completion

from perfrules.cli import output
from perfrules.locale import Message, message
from perfrules.locations import lines, width


def broken(text: str, columns: int) -> Iterator[str]:
    """The lines of a text of at most so many columns."""
    return (text[start:end] for start, end in lines(text, columns))


class Formatter(click.HelpFormatter):
    """Breaks lines where East Asian characters take two columns."""

    def write_text(self, text: str) -> None:
        """Write paragraphs, parted by empty lines."""
        indent = " " * self.current_indent
        for line in broken(text, self.width - self.current_indent):
            self.write((indent + line).rstrip() + "\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write names, and beside each what it means."""
        rows = list(rows)
        first = min(max(width(name) for name, _ in rows), col_max) + col_spacing
        left = self.current_indent + first
        for name, meaning in rows:
            self.write(" " * self.current_indent + name)
            told = broken(meaning, max(self.width - left, 10))
            gap = first - width(name)
            self.write(" " * gap if gap >= col_spacing else "\n" + " " * left)
            self.write(f"\n{' ' * left}".join(told) + "\n")


class Context(click.Context):
    """A context whose help is broken by display width."""

    formatter_class = Formatter


class Option(click.Option):
    """An option whose help is worded when it is shown."""

    def __init__(self, *args: Any, words: Message, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.words = words

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The option as written, and what it does."""
        self.help = ctx.obj.say(self.words)
        return super().get_help_record(ctx)


class _Worded(click.Command):
    """A command whose help is worded when it is shown."""

    context_class = Context

    def __init__(self, *args: Any, words: Message, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.words = words
        self._help = Option(
            ["-h", "--help"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_show_help,
            words=message("Show this page and end."),
        )

    def get_help_option(self, ctx: click.Context) -> click.Option:  # noqa: ARG002  # click's
        """The option that shows this page; click's own would keep the words of its first run."""
        return self._help

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does."""
        with formatter.indentation():
            formatter.write_paragraph()
            formatter.write_text(ctx.obj.say(self.words))


def _show_help(ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001  # click's
    if value and not ctx.resilient_parsing:
        output.show(ctx.get_help())
        ctx.exit()


class Command(_Worded):
    """A verb."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse; an option that may stand without its value does not take the next argument for it."""
        bare = ["--allow-unknown=all" if arg == "--allow-unknown" else arg for arg in args]
        self.configure(ctx, bare)
        return super().parse_args(ctx, bare)

    def configure(self, ctx: click.Context, args: list[str]) -> None:
        """Put defaults of the run before those of the options; a verb without a configuration has none."""


class Group(_Worded, click.Group):
    """The program itself; lists its verbs in the order in which they are declared."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The verb that the arguments begin with; one of two words, such as ``init rule``, goes before its first word."""
        pair = " ".join(args[:2])
        if pair in self.commands:
            return pair, self.commands[pair], args[2:]
        return super().resolve_command(ctx, args)

    def shell_complete(
        self, ctx: click.Context, incomplete: str
    ) -> list[click.shell_completion.CompletionItem]:
        """The verbs, word by word: of ``baseline`` its second words."""
        before = " ".join([*ctx._protected_args, *ctx.args])
        lead = f"{before} " if before else ""
        words: dict[str, str] = {}
        for name, command in self.commands.items():
            if name.startswith(lead + incomplete) and isinstance(command, _Worded):
                said = ctx.obj.say(command.words).partition("\n")[0]
                words.setdefault(name.removeprefix(lead).partition(" ")[0], said)
        items = [
            click.shell_completion.CompletionItem(name, help=said) for name, said in words.items()
        ]
        return [*items, *click.Command.shell_complete(self, ctx, incomplete)]

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's
        """The verbs."""
        return list(self.commands)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write a line for each verb."""
        for command in self.commands.values():
            if isinstance(command, Command):
                command.short_help = ctx.obj.say(command.words).partition("\n")[0]
        super().format_commands(ctx, formatter)
