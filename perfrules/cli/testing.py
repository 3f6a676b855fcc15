"""``perfrules test``: the rules of a pack tested, printed like the output of a test runner."""

from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text

from perfrules import loader
from perfrules.cli import output, targets
from perfrules.cli.page import Page
from perfrules.cli.progress import Progress
from perfrules.cli.settings import Settings, terminal_width
from perfrules.errors import Diagnostic, UsageError
from perfrules.locale import Message, message
from perfrules.locale.words import KINDS
from perfrules.model import Pack
from perfrules.testing import extra
from perfrules.writing import replace

if TYPE_CHECKING:
    from perfrules.testing.results import Result, Tested

FORMATS = {"json": "json_v1", "junit": "junit"}
_SUFFIXES = {".json": "json", ".xml": "junit"}


def test(
    settings: Settings,
    pack: str | None,
    only: tuple[str, ...],
    asked: tuple[str, ...],
    **effort: Any,
) -> int:
    """Test a pack: 1 if something failed or a rule is faulty, 2 if nothing could be tested."""
    files = [targets.target(text, FORMATS, _format_of) for text in asked]
    loaded = loader.load_pack(pack if pack is not None else _here())
    with extra():
        run = import_module("perfrules.testing.run")
    how = run.Effort(**effort)
    kinds = tuple(kind for kind in run.KINDS if how.examples or kind != "property")
    with Progress(settings, message("testing")) as progress:
        tested = run.tried(
            loaded,
            only=only,
            kinds=kinds,
            effort=how,
            progress=lambda _result, done, of: progress.tell(done, of),
        )
    output.faults(loaded.faults, settings)
    _show(settings, loaded, tested)
    for kind, path in files:
        renderer = import_module(f"perfrules.testing.{FORMATS[kind]}")
        write = partial(replace, path, renderer.render(tested, settings.language))
        targets.save(path, write, settings)
    if not tested.results:
        return 2
    return 1 if tested.count("failed") or loaded.faults else 0


def _here() -> Path:
    """This folder, or the nearest above it that is a pack; else what the error names."""
    here = Path.cwd()
    return next((home for home in (here, *here.parents) if (home / "pack.yaml").is_file()), Path())


def _format_of(path: Path) -> str:
    """The format that the suffix of a path says.

    Raises:
        UsageError: It says none.
    """
    if path.suffix not in _SUFFIXES:
        what = message("{path}: the format is not known", path=str(path))
        hint = message("known are {names}", names=tuple(FORMATS))
        raise UsageError([Diagnostic("PR501", what, hint=hint)])
    return _SUFFIXES[path.suffix]


# ---- what is printed ----------------------------------------------------------------------------------------------------


def _show(settings: Settings, pack: Pack, tested: "Tested") -> None:
    page = Page(settings, terminal_width())
    if not settings.quiet:
        rules = len({result.rule for result in tested.results if result.rule})
        page.line(
            Text.assemble(
                (settings.say(pack.file.title) or pack.id, "bold"), f"  {pack.id} {tested.version}"
            )
        )
        page.line(message("rules: {count}", count=rules), style="dim")
        for result in tested.results:
            if result.standing == "failed":
                _failed(page, result)
        _skipped(page, tested)
        page.line()
    page.line(_summary(tested), style="bold green" if tested.ok else "bold red")
    page.show()
    if not settings.quiet:
        told = message(
            "{seconds} s, seed {seed}, {examples} examples of each property",
            seconds=f"{tested.seconds:.1f}",
            seed=tested.seed,
            examples=tested.examples,
        )
        output.tell(settings.say(told))


def _failed(page: Page, result: "Result") -> None:
    say = page.settings.say
    page.line()
    head = Text.assemble((say(message("failed")), "bold red"), "  ", (_name(result, say), "bold"))
    page.line(head)
    if result.place is not None:
        page.line(Text(f"{result.place.file}:{result.place.line}", "dim"), indent=2)
    page.line(result.told, indent=2)
    for detail in result.details:
        page.line(Text(say(detail)), indent=4)
    if result.paste:
        page.line(message("to paste under cases:"), indent=2)
        for line in result.paste.rstrip("\n").split("\n"):
            page.raw(line, indent=4)


def _name(result: "Result", say: object) -> str:
    kind = say(KINDS[result.kind])  # type: ignore[operator]  # of the settings
    return "  ".join(part for part in (result.rule, f"{kind} {result.name}".strip()) if part)


def _skipped(page: Page, tested: "Tested") -> None:
    """What could not be tested: with -v each, else how many."""
    skipped = [result for result in tested.results if result.standing == "skipped"]
    if not skipped:
        return
    page.line()
    if not page.settings.verbose:
        page.line(
            message("{count} could not be tested; -v tells which, and why", count=len(skipped))
        )
        return
    page.line(message("could not be tested"), style="bold")
    say = page.settings.say
    for result in skipped:
        page.line(Text.assemble((_name(result, say), "dim"), "  ", say(result.told)), indent=2)


def _summary(tested: "Tested") -> Message:
    if not tested.results:
        return message("nothing was tested: {pack} has no sound rule", pack=tested.pack)
    return message(
        "passed {passed}, failed {failed}, not tested {skipped}; mutants {mutants}, not found {survivors}",
        passed=tested.count("passed"),
        failed=tested.count("failed"),
        skipped=tested.count("skipped"),
        mutants=tested.mutants,
        survivors=tested.survivors,
    )
