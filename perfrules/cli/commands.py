"""The verbs, their arguments and their help; what a verb does is in the module that it names."""

from typing import Any

import click

from perfrules.cli.formats import MODULES
from perfrules.cli.help import Command, Group
from perfrules.cli.options import Configured, offered, run
from perfrules.cli.options import option as _option
from perfrules.cli.options import shared as _shared
from perfrules.cli.settings import Settings
from perfrules.locale import message


def _version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001  # click's
    if value and not ctx.resilient_parsing:
        run("about", "run", ctx.obj)
        ctx.exit()


@click.group(
    cls=Group,
    invoke_without_command=True,
    words=message(
        "Check that the figures of a report agree with one another, by rules that are data."
    ),
)
@_option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version,
    words=message("Print the version and end."),
)  # fmt: skip
@_shared
@click.pass_context
def root(ctx: click.Context) -> None:
    """Checks of reported figures."""
    if ctx.invoked_subcommand is None:
        raise click.exceptions.NoArgsIsHelpError(ctx)


_PACK = _option(
    "-p", "--pack", metavar="PACK", shell_complete=offered("packs"),
    words=message("A built-in or installed pack by its id, or a folder; the default is what dataset.yaml says."),
)  # fmt: skip


_FAIL_ON = _option(
    "--fail-on",
    type=click.Choice(["error", "warning", "info", "never"]),
    default="error",
    show_default=True,
    words=message("The lowest severity that gives exit code 1."),
)
PRINTED = ("terminal", "json", "github", "markdown", "sarif", "junit", "csv", "ess", "html")
"""The formats of reports that can be printed: all that are texts."""


@root.command(
    "check", cls=Configured,
    words=message(
        "Check a folder of data against a pack.\n\n"
        "What is not given here is taken from perfrules.toml, or from [tool.perfrules] in pyproject.toml, in this folder or above. "
        "Exit codes: 0 everything was checked and nothing was found; 1 findings; 2 nothing could be checked; "
        "3 no findings, but not everything could be checked; 4 a bug in perfrules."
    ),
)  # fmt: skip
@click.argument("data", metavar="DATA", type=click.Path())
@_PACK
@_option(
    "-o",
    "--output",
    multiple=True,
    shell_complete=offered("outputs"),
    metavar="[FORMAT=]PATH",
    words=message("Also write a file, such as json=report.json; may be given several times."),
)
@_FAIL_ON
@_option(
    "--strictness", type=click.Choice(["first", "review", "full"]), default="full", show_default=True,
    words=message("Which rules are asked: first, errors only, of rules whose basis is in no doubt; review, errors and warnings; full, all."),
)  # fmt: skip
@_option(
    "--allow-unknown",
    metavar="[=REASON,…]",
    words=message(
        "Let verdicts be unknown without exit code 3, for every reason or for those listed."
    ),
)
@_option(
    "--detail",
    type=click.IntRange(min=0),
    metavar="N",
    words=message(
        "How many verdicts of each rule and outcome are kept; counts are always complete."
    ),
)
@_option(
    "-w", "--waivers", multiple=True, metavar="FILE",
    words=message("A file of waivers, beside those that dataset.yaml names; may be given several times. What they explain gives no exit code 1."),
)  # fmt: skip
@_option(
    "-b", "--baseline", metavar="FILE",
    words=message("Let pass what this baseline knows; only what is new, or has other numbers, gives exit code 1."),
)  # fmt: skip
@_option(
    "--engine", type=click.Choice(["polars", "duckdb", "spark"]), default="polars", show_default=True,
    words=message("What computes the verdicts; they are the same on each. DuckDB needs the extra perfrules[sql], Spark perfrules[spark]."),
)  # fmt: skip
@_option(
    "--format", "form", type=click.Choice(PRINTED), default="terminal", show_default=True,
    words=message("What is printed."),
)  # fmt: skip
@_option(
    "--profile", metavar="NAME",
    words=message("The profile of the configuration that is meant."),
)  # fmt: skip
@_option(
    "--config", metavar="FILE",
    words=message("The configuration, in the place of the nearest one; an empty name is none."),
)  # fmt: skip
@_option(
    "--watch", is_flag=True,
    words=message("Check anew whenever the data, the pack or another file that was read is saved; Ctrl-C ends it."),
)  # fmt: skip
@_shared
@click.pass_obj
def check(settings: Settings, /, **options: Any) -> int:
    """See ``checking``."""
    return run("checking", "check", settings, **options)


@root.command(
    "render",
    cls=Command,
    words=message(
        "Write a saved report in other formats, without its data.\n\n"
        "REPORT is a file that check -o json=PATH wrote. Without -o it is printed. "
        "Exit codes: 0 it was written; 2 it cannot be read, or a file was not written."
    ),
)
@click.argument("report", metavar="REPORT")
@_option(
    "-o", "--output", "asked", multiple=True, metavar="[FORMAT=]PATH", shell_complete=offered("outputs"),
    words=message("Write a file, such as report.md or ess=validation.json; may be given several times."),
)  # fmt: skip
@_option(
    "--format", "form", type=click.Choice(PRINTED),
    words=message("What is printed; the default is the page for a terminal, or nothing beside -o."),
)  # fmt: skip
@_shared
@click.pass_obj
def render(settings: Settings, /, **options: Any) -> int:
    """See ``rendering``."""
    return run("rendering", "render", settings, **options)


@root.command(
    "diff",
    cls=Command,
    words=message(
        "Compare two saved reports.\n\n"
        "OLD and NEW are files that check -o json=PATH wrote. Exit codes: 0 nothing is new that reaches --fail-on; "
        "1 something is; 2 a report cannot be read."
    ),
)
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@_FAIL_ON
@_option(
    "-o", "--output", "asked", multiple=True, metavar="[FORMAT=]PATH",
    words=message("Also write the comparison to a file, as json, markdown, html or xlsx; may be given several times."),
)  # fmt: skip
@_option(
    "--across", metavar="COLUMN", multiple=True,
    words=message("Let the keys of a verdict differ in this column: --across year compares year on year; may be given several times."),
)  # fmt: skip
@_option(
    "--format", "form", type=click.Choice(["terminal", "json", "markdown"]), default="terminal", show_default=True,
    words=message("What is printed."),
)  # fmt: skip
@_shared
@click.pass_obj
def diff(settings: Settings, /, **options: Any) -> int:
    """See ``comparing``."""
    return run("comparing", "diff", settings, **options)


@root.command(
    "lint",
    cls=Command,
    words=message(
        "Find every fault of packs, without data.\n\n"
        "WHAT is a pack's id, its folder, or files in it; the default is every pack in this folder. "
        "Ends with exit code 2 if there is a fault. Rules that are well-formed and probably not what was meant "
        "are remarked on; this changes no exit code."
    ),
)
@click.argument("what", metavar="[WHAT]...", nargs=-1)
@_option(
    "--fix",
    is_flag=True,
    words=message(
        "First mend what is safe to mend in the files: full-width signs and colons, odd indentation, "
        "curly and missing quotes, the order of keys. What a pack says stays the same."
    ),
)
@_option(
    "--output-format", type=click.Choice(tuple(MODULES)), default="text", show_default=True,
    words=message(
        "How faults are printed: for people, as JSON, as annotations of GitHub Actions, or as SARIF."
    ),
)  # fmt: skip
@_option("--strict", is_flag=True, words=message("Give exit code 2 for remarks too."))
@_shared
@click.pass_obj
def lint(settings: Settings, /, **options: Any) -> int:
    """See ``linting``."""
    return run("linting", "lint", settings, **options)


@root.command(
    "init",
    cls=Command,
    words=message(
        "Write a small working pack with sample data, to start from.\n\n"
        "DIR is a folder, made if it is not there; the default is this one. No file is overwritten."
    ),
)
@click.argument("folder", metavar="[DIR]", default=".")
@_shared
@click.pass_obj
def init(settings: Settings, folder: str) -> int:
    """See ``starting``."""
    return run("starting", "init", settings, folder)


@root.command(
    "init rule",
    cls=Command,
    words=message(
        "Add a rule to a pack, with cases to fill in.\n\n"
        "ID names what the rule is about, in small letters with hyphens between. The rule is valid as it stands; "
        "what it says is a guess from the columns of the table, there to be changed."
    ),
)
@click.argument("id", metavar="ID")
@_option(
    "-p", "--pack", "folder", metavar="DIR",
    words=message("The folder of the pack; the default is this one, or the nearest above it that is a pack."),
)  # fmt: skip
@_option(
    "-t", "--table", metavar="TABLE",
    words=message("The table that the rule speaks about; may be left out where the pack has only one."),
)  # fmt: skip
@_shared
@click.pass_obj
def init_rule(settings: Settings, /, **options: Any) -> int:
    """See ``starting``."""
    return run("starting", "init_rule", settings, **options)


@root.command(
    "list",
    cls=Command,
    words=message("List the built-in and installed packs, or the rules of one."),
)
@click.argument("pack", metavar="[PACK]", required=False, shell_complete=offered("packs"))
@_shared
@click.pass_obj
def list_(settings: Settings, pack: str | None) -> int:
    """See ``listing``."""
    return run("listing", "list_", settings, pack)


@root.command(
    "explain",
    cls=Command,
    words=message(
        "Explain a rule, a verdict or a diagnostic code.\n\n"
        "WHAT is the id of a rule or a code such as PR401. With --data and --row the numbers of one row are put into the rule."
    ),
)
@click.argument("what", metavar="WHAT", shell_complete=offered("rules"))
@_PACK
@_option(
    "-d",
    "--data",
    metavar="DATA",
    words=message("A folder of data, or the address of a database, to put its numbers in."),
)
@_option(
    "-r",
    "--row",
    metavar="KEY=VALUE,…",
    words=message("The row, by its key; what is left out may be anything."),
)
@_shared
@click.pass_obj
def explain(settings: Settings, /, **options: Any) -> int:
    """See ``explaining``."""
    return run("explaining", "explain", settings, **options)


@root.command(
    "test", cls=Command,
    words=message(
        "Test the rules of a pack: their cases, whether they can apply, pass and fail, properties on generated data, and mutants.\n\n"
        "PACK is a pack's id or its folder; the default is this folder, or the nearest above it that is a pack. "
        "Exit codes: 0 nothing failed; 1 something failed; 2 nothing could be tested."
    ),
)  # fmt: skip
@click.argument("pack", metavar="[PACK]", required=False, shell_complete=offered("packs"))
@_option(
    "--only",
    metavar="RULE",
    shell_complete=offered("rules"),
    multiple=True,
    words=message("Test this rule only; may be given several times."),
)
@_option(
    "--examples", type=click.IntRange(min=0), default=40, show_default=True, metavar="N",
    words=message("How many generated examples each property is tried on; 0 leaves properties out."),
)  # fmt: skip
@_option(
    "--seed", type=int, default=0, show_default=True, metavar="N",
    words=message("Another seed gives other examples; the same seed gives the same."),
)  # fmt: skip
@_option(
    "--engine", "engines", type=click.Choice(["reference", "polars", "duckdb"]), multiple=True, default=["polars"], show_default=True,
    words=message("What is held against the reference; may be given several times. DuckDB needs the extra perfrules[sql]."),
)  # fmt: skip
@_option(
    "-o", "--output", "asked", multiple=True, metavar="[FORMAT=]PATH",
    words=message("Also write the results to a file, as json or junit; may be given several times."),
)  # fmt: skip
@_shared
@click.pass_obj
def test(settings: Settings, /, **options: Any) -> int:
    """See ``testing``."""
    return run("testing", "test", settings, **options)


SCHEMAS = ("pack", "rules", "dataset", "facts-map", "waivers", "config", "report", "diff")


@root.command(
    "schema",
    cls=Command,
    words=message("Print the JSON Schema of a kind of file, for editors and other programs."),
)
@click.argument(
    "kind",
    type=click.Choice(SCHEMAS),
    default="rules",
    metavar="[pack|rules|dataset|facts-map|waivers|config|report|diff]",
)
@_option(
    "-o", "--output", "file", metavar="PATH",
    words=message("Write it to a file instead, for an editor to find."),
)  # fmt: skip
@_shared
@click.pass_obj
def schema(settings: Settings, /, **options: Any) -> int:
    """See ``about``."""
    return run("about", "schema", settings, **options)


@root.command(
    "completion",
    cls=Command,
    words=message(
        "Print the lines that teach a shell to complete verbs, options, packs, rules and formats.\n\n"
        'bash: eval "$(perfrules completion bash)" in .bashrc; zsh: the same with zsh in .zshrc; '
        "fish: perfrules completion fish > ~/.config/fish/completions/perfrules.fish"
    ),
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]), metavar="bash|zsh|fish")
@_shared
@click.pass_obj
def completion(settings: Settings, shell: str) -> int:
    """See ``completing``."""
    return run("completing", "script", settings, shell)
