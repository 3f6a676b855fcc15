"""The pages of the documentation, and how what they show is run.

In a page, ``python`` blocks run as Python or as doctests, ``console`` blocks as commands, and a block with a ``title="path"`` is
written to that file first. A page has a folder of its own, in which ``examples`` are those of the repository.
"""

import doctest
import io
import os
import re
import sys
import tempfile
from collections.abc import Iterable
from contextlib import redirect_stdout
from difflib import unified_diff
from pathlib import Path
from typing import Any

from sybil import Document, Example, Region, Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

from tests.docs.console import ROOT, Console, fits, renewed, steps, trimmed

PAGES = tuple(sorted({*ROOT.glob("README*.md"), *ROOT.glob("docs/**/*.md")}))
_BLOCK = re.compile(
    r'^```(?P<language>\w+)(?: +title="(?P<title>[^"\n]+)")?[ ]*\n(?P<source>.*?)^```[ ]*$',
    re.MULTILINE | re.DOTALL,
)


def language_of(path: str | Path) -> str:
    """The language of a page, by its name."""
    return "zh" if str(path).endswith(".zh.md") else "en"


def blocks(document: Document) -> Iterable[Region]:
    """The files and the console blocks of a page, for sybil."""
    for match in _BLOCK.finditer(document.text):
        if match["title"]:
            yield Region(match.start(), match.end(), (match["title"], match["source"]), _write)
        elif match["language"] == "console":
            yield Region(match.start(), match.end(), match["source"], _run)


def _write(example: Example) -> None:
    title, source = example.parsed
    path = Path(example.namespace["console"].folder) / title
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, "utf-8")


def _run(example: Example) -> str | None:
    """Run the commands of a block; says how what they print differs from what is shown."""
    console, language = example.namespace["console"], language_of(example.path)
    for step in steps(example.parsed):
        printed = console.run(step.command, language)
        if not fits(step.shown, printed):
            lines = unified_diff(trimmed(step.shown), trimmed(printed), "shown", "printed", lineterm="", n=1)
            return f"$ {step.command}\n" + "\n".join(lines)
    return None


def _enter(namespace: dict[str, Any]) -> None:
    folder = tempfile.TemporaryDirectory()
    namespace["console"] = Console(Path(folder.name))
    namespace["leave"] = (folder, Path.cwd())
    (Path(folder.name) / "examples").symlink_to(ROOT / "examples")
    os.chdir(folder.name)


def _leave(namespace: dict[str, Any]) -> None:
    folder, before = namespace["leave"]
    os.chdir(before)
    folder.cleanup()


SYBIL = Sybil(
    parsers=[PythonCodeBlockParser(), blocks],
    path=str(ROOT),
    patterns=["README*.md", "docs/**/*.md", "docs/*.md"],
    setup=_enter,
    teardown=_leave,
)


def check(path: Path) -> int:
    """Run a page.

    Returns:
        The number of its examples.

    Raises:
        SybilFailure: Something is not as it says.
    """
    document = SYBIL.parse(path)
    _enter(document.namespace)
    try:
        examples = list(document.examples())
        for example in examples:
            example.evaluate()
    finally:
        _leave(document.namespace)
    return len(examples)


def rewrite(path: Path) -> None:
    """Run a page and write what its commands and doctests print into it."""
    document = SYBIL.parse(path)
    text, made, at = document.text, [""], 0
    _enter(document.namespace)
    try:
        for example in document.examples():
            new = _renewed(example, text[example.region.start : example.region.end])
            made += [text[at : example.region.start], new]
            at = example.region.end
    finally:
        _leave(document.namespace)
    path.write_text("".join([*made, text[at:]]), "utf-8")


def _renewed(example: Example, written: str) -> str:
    """The text of an example with what it prints now."""
    if isinstance(example.parsed, doctest.Example):
        return _renewed_doctest(example, written)
    if example.region.evaluator is not _run:
        example.evaluate()
        return written
    console, language = example.namespace["console"], language_of(example.path)
    lines = []
    commands = re.findall(r"^\$ .*(?:(?<=\\)\n.*)*", example.parsed, re.MULTILINE)
    for command, step in zip(commands, steps(example.parsed), strict=True):
        lines += [command, *renewed(step.shown, console.run(step.command, language))]
    return "\n".join(["```console", *lines, "```"])


def _renewed_doctest(example: Example, written: str) -> str:
    """A doctest with what it prints now, unless it leaves something out or raises."""
    test, out = example.parsed, io.StringIO()
    if test.exc_msg is not None or doctest.ELLIPSIS in test.options:
        example.evaluate()
        return written
    with redirect_stdout(out):
        exec(compile(test.source, example.path, "single"), example.namespace)  # noqa: S102  # our own pages
    prompts = [line for line in written.splitlines() if line.startswith((">>>", "..."))]
    return "\n".join([*prompts, out.getvalue().replace("\n\n", "\n<BLANKLINE>\n")])


if __name__ == "__main__":  # python -m tests.docs.pages [PAGE]...: write what commands and doctests print into the pages
    for name in sys.argv[1:] or PAGES:
        rewrite(ROOT / name)
