"""``perfrules check``."""

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import perfrules.engine
from perfrules import renderers
from perfrules.cli import output
from perfrules.cli.progress import Progress
from perfrules.cli.settings import Settings, terminal_width
from perfrules.errors import Diagnostic, UsageError
from perfrules.evaluate.engines import DETAIL_LIMIT
from perfrules.locale import message
from perfrules.renderers import terminal
from perfrules.report import REASONS, FailOn, Report


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of the verb, as given."""

    data: str
    pack: str | None
    output: tuple[str, ...]
    fail_on: FailOn
    allow_unknown: str | None
    detail: int | None
    form: str


def check(settings: Settings, **options: Any) -> int:
    """Check, print, write the files; gives the exit code."""
    asked = Asked(**options)
    if not Path(asked.data).exists():
        raise UsageError(
            [Diagnostic("PR507", message("there is no folder {folder}", folder=asked.data))]
        )
    allowed = _reasons(asked.allow_unknown)
    targets = [_target(text) for text in asked.output]
    with Progress(settings) as progress:
        report = perfrules.engine.check(
            asked.data,
            asked.pack,
            detail=DETAIL_LIMIT if asked.detail is None else asked.detail,
            progress=progress.tell,
        )
    code = report.exit_code(asked.fail_on, allowed)
    _print(report, settings, asked, code)
    for kind, path in targets:
        _write(report, kind, path, settings)
    return code


def _print(report: Report, settings: Settings, asked: Asked, code: int) -> None:
    if asked.form != "terminal":
        content = renderers.renderer(asked.form).render(report, settings.language)
        output.show(content if isinstance(content, str) else content.decode())
        return
    view = terminal.View(
        width=terminal_width(),
        color=settings.color,
        verbose=settings.verbose,
        quiet=settings.quiet,
        fail_on=asked.fail_on,
        code=code,
    )
    output.show(terminal.render(report, settings.language, view), color=settings.color)


def _write(report: Report, kind: str, path: Path, settings: Settings) -> None:
    """Write one file; that it cannot be written is told, and changes no exit code."""
    try:
        report.save(path, format=kind, language=settings.language)
    except OSError as error:
        output.tell(
            settings.say(
                message(
                    "{path} was not written: {error}",
                    path=str(path),
                    error=error.strerror or str(error),
                )
            )
        )
        return
    if not settings.quiet:
        output.tell(settings.say(message("written: {path}", path=str(path))))


def _target(text: str) -> tuple[str, Path]:
    """The format and path of ``format=path`` or ``path``; refused before anything is checked.

    Raises:
        UsageError: There is no such format, or no such folder.
    """
    name, sign, rest = text.replace("＝", "=", 1).partition("=")
    known = name in renderers.formats()
    path = Path(rest if sign and known else text)
    kind = name if sign and known else renderers.format_of(path)
    if not path.parent.is_dir():
        raise UsageError(
            [
                Diagnostic(
                    "PR503",
                    message("there is no folder {folder} to write into", folder=str(path.parent)),
                )
            ]
        )
    return kind, path


def _reasons(text: str | None) -> tuple[str, ...] | None:
    """The reasons of ``--allow-unknown``; None for all of them.

    Raises:
        UsageError: One of them is none.
    """
    if text is None:
        return ()
    if text == "all":
        return None
    reasons = tuple(
        part.strip()
        for part in text.replace("，", ",").replace("、", ",").split(",")
        if part.strip()
    )
    for reason in reasons:
        if reason not in REASONS:
            near = get_close_matches(reason, REASONS, 1)
            hint = (
                message("did you mean {name}?", name=near[0])
                if near
                else message("reasons: {names}", names=REASONS)
            )
            raise UsageError(
                [
                    Diagnostic(
                        "PR504",
                        message("{reason} is not a reason for unknown", reason=reason),
                        hint=hint,
                    )
                ]
            )
    return reasons
