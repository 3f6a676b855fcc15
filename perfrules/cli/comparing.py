"""``perfrules diff``: two saved reports compared."""

from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from rich.text import Text

from perfrules import renderers, wording
from perfrules.cli import output, targets
from perfrules.cli.page import Page
from perfrules.cli.settings import Settings, terminal_width
from perfrules.comparison import STATES, Change, Comparison, State, compare
from perfrules.errors import Diagnostic, UsageError
from perfrules.findings import Finding
from perfrules.locale import Worded, message
from perfrules.locale.words import OUTCOMES, SEVERITIES
from perfrules.report import FailOn
from perfrules.values import frozen
from perfrules.writing import replace

FORMATS = {"json": "json_v1", "markdown": "markdown", "html": "html", "xlsx": "xlsx"}
_SHOWN = 10
"""Changes shown of each state, where not all are."""
_STYLES = {"new": "bold red", "changed": "bold yellow", "unchecked": "bold yellow", "waived": "bold", "resolved": "bold green", "still": "bold"}  # fmt: skip


@frozen
class Asked:
    """The options of the verb, as given."""

    old: str
    new: str
    fail_on: FailOn
    across: tuple[str, ...]
    form: str
    asked: tuple[str, ...]


def diff(settings: Settings, **options: Any) -> int:
    """Compare, print, write the files; 1 if something new reaches ``fail_on``."""
    asked = Asked(**options)
    files = [targets.target(text, FORMATS, _format_of) for text in asked.asked]
    old, new = (renderers.load(Path(file)) for file in (asked.old, asked.new))
    compared = compare(old, new, asked.across)
    code = compared.exit_code(asked.fail_on)
    if asked.form == "terminal":
        _show(compared, settings, code)
    else:
        output.show(_rendered(asked.form, compared, settings).decode())
    for kind, path in files:
        content = _rendered(kind, compared, settings)
        targets.save(path, partial(replace, path, content), settings)
    return code


def _format_of(path: Path) -> str:
    """The format that the suffix of a path says.

    Raises:
        UsageError: It says none.
    """
    for name in FORMATS:
        if path.suffix.lower() in _module(name).SUFFIXES:
            return name
    what = message("{path}: the format is not known", path=str(path))
    raise UsageError(
        [Diagnostic("PR501", what, hint=message("known are {names}", names=tuple(FORMATS)))]
    )


def _module(name: str) -> renderers.Renderer:
    return cast("renderers.Renderer", import_module(f"perfrules.comparison.{FORMATS[name]}"))


def _rendered(name: str, compared: Comparison, settings: Settings) -> bytes:
    made = _module(name).render(compared, settings.language)  # type: ignore[arg-type]  # its renderers take comparisons
    return made.encode(errors="replace") if isinstance(made, str) else made


# ---- what is printed --------------------------------------------------------------------------------------------------------


def _show(compared: Comparison, settings: Settings, code: int) -> None:
    page = Page(settings, terminal_width())
    if not settings.quiet:
        run = compared.new.run
        page.line(Text(settings.say(run.pack_title) or run.pack, "bold"))
        page.line(run.dataset or message("frames"))
        for remark in compared.remarks:
            page.line(remark, style="yellow")
        for state in STATES:
            _state(page, compared, state)
        if compared.stopped:
            page.heading(
                message("rules that do not run any more: {count}", count=len(compared.stopped))
            )
            rows = [(Text(one.count.rule, "bold"), one.why) for one in compared.stopped]
            page.table(rows, indent=2, wraps=(1,))
        page.line()
    parts = tuple(
        message("{outcome} {count}", outcome=name, count=len(compared.of(state)))
        for state, name in STATES.items()
    )
    said: Worded = message("{said}.", said=parts)
    page.line(
        message("{said} Exit code {code}.", said=said, code=code),
        style="bold red" if code else "bold green",
    )
    page.show()


def _state(page: Page, compared: Comparison, state: State) -> None:
    """The changes of one state; of what is waived or still there only how many, unless the output is verbose."""
    changes, verbose = compared.of(state), page.settings.verbose
    if not changes:
        return
    title = f"{page.settings.say(STATES[state])}: {len(changes)}"
    page.line()
    page.line(Text(title, _STYLES[state]))
    shown = changes if verbose else () if state in ("still", "waived") else changes[:_SHOWN]
    for change in shown:
        _change(page, change)
    if 0 < len(shown) < len(changes):
        page.line(message("{count} more", count=len(changes) - len(shown)), style="dim", indent=2)


def _change(page: Page, change: Change) -> None:
    finding, say = change.finding, page.settings.say
    severity = say(SEVERITIES[finding.severity])
    page.line(
        Text.assemble((finding.rule, "bold"), f"  {say(finding.title)}  ", (severity, "dim")),
        indent=2,
    )
    if finding.key or finding.column:
        page.line(Text(wording.key_text(finding.key, finding.column)), indent=4)
    rows = [
        (Text(say(name), "dim"), Text(_verdict(page, found)))
        for name, found in ((message("before"), change.old), (message("now"), change.new))
        if found is not None
    ]
    if (change.new is None or change.state == "waived") and (why := say(change.why)):
        name = message("now") if change.new is None else message("why")
        rows.append((Text(say(name), "dim"), Text(why)))
    page.table(rows, indent=4, wraps=(1,))


def _verdict(page: Page, finding: Finding) -> str:
    say = page.settings.say
    if finding.outcome == "unknown":
        return f"{say(OUTCOMES['unknown'])}  {say(finding.why)}"
    told = (
        f"{say(wording.NUMBERS[name])} {text}"
        for name, text in wording.numbers(finding).items()
        if text and name != "slack"
    )
    return "  ".join([say(OUTCOMES[finding.outcome]), *told])
