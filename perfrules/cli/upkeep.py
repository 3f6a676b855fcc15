"""The verbs that keep what is known of findings, waivers and baselines, and their help; declared as in ``commands``."""

from typing import Any

import click

from perfrules.cli.commands import root
from perfrules.cli.options import Configured, offered, option, run, shared
from perfrules.cli.settings import Settings
from perfrules.locale import message


@root.command(
    "waive",
    cls=Configured,
    words=message(
        "Explain findings of a saved report: add waivers to a file of them.\n\n"
        "REPORT is a file that check -o json=PATH wrote. Every contradiction, and all that is unknown, of the rule at the key gets a "
        "waiver for its numbers as they are. Exit codes: 0 waivers were added; 2 nothing was."
    ),
)
@click.argument("report", metavar="REPORT", type=click.Path())
@option(
    "-r",
    "--rule",
    required=True,
    metavar="RULE",
    shell_complete=offered("rules"),
    words=message("The rule, by its id."),
)
@option(
    "-k", "--key", "keys", multiple=True, metavar="KEY=VALUE,…",
    words=message("The row, by its key; what is left out may be anything. May be given several times."),
)  # fmt: skip
@option("--column", metavar="COLUMN", words=message("What for or a roll-up put in."))
@option(
    "--reason", required=True, metavar="REASON",
    words=message("Why it may stand: a code such as scope, or its words, such as 口径差异; perfrules schema waivers has them all."),
)  # fmt: skip
@option("--text", default="", metavar="TEXT", words=message("The reason in words; due for other."))
@option("--by", required=True, metavar="NAME", words=message("Who explains it."))
@option("--date", metavar="DATE", words=message("When, such as 2026-06-30; the default is today."))
@option("--expires", metavar="DATE", words=message("The last day on which it counts; without, until the numbers change."))  # fmt: skip
@option("--approved-by", default="", metavar="NAME", words=message("Who agreed."))
@option("--evidence", default="", metavar="TEXT", words=message("Where that can be seen."))
@option(
    "-f", "--file", metavar="FILE", default="perfrules.waivers.yaml", show_default=True,
    words=message("The file that they are added to, made if it is not there."),
)  # fmt: skip
@shared
@click.pass_obj
def waive(settings: Settings, /, **options: Any) -> int:
    """See ``waiving``."""
    return run("waiving", "waive", settings, **options)


_REPORT = click.argument("report", metavar="REPORT", type=click.Path())
_BASELINE = option(
    "-b", "--baseline", "file", metavar="FILE", default="perfrules.baseline.json", show_default=True,
    words=message("The file of the baseline."),
)  # fmt: skip


@root.command(
    "baseline update",
    cls=Configured,
    words=message(
        "Take the findings of a saved report into a baseline, which is made if it is not there.\n\n"
        "Every contradiction, and all that is unknown, is then known, with its numbers as they are; what is waived is left out. "
        "check --baseline fails for what is new."
    ),
)
@_REPORT
@_BASELINE
@shared
@click.pass_obj
def update(settings: Settings, report: str, file: str) -> int:
    """See ``basing``."""
    return run("basing", "update", settings, report, file)


@root.command(
    "baseline prune",
    cls=Configured,
    words=message(
        "Take out of a baseline what a saved report shows to be gone.\n\n"
        "Findings of rules that did not run, or of which not every verdict is kept, stay."
    ),
)
@_REPORT
@_BASELINE
@shared
@click.pass_obj
def prune(settings: Settings, report: str, file: str) -> int:
    """See ``basing``."""
    return run("basing", "prune", settings, report, file)
