"""The pages of the documentation, and how what they show is run.

In a page, ``python`` blocks run as Python or as doctests, ``console`` blocks as commands, and a block with a ``title="path"`` is
written to that file first. A page has a folder of its own, in which ``examples`` are those of the repository.
"""

import doctest
import io
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import redirect_stdout
from difflib import unified_diff
from importlib import import_module
from pathlib import Path
from typing import Any

from sybil import Document, Example, Region, Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

from perfrules.loader.schemas import schemas
from tests.docs.console import ROOT, Console, fits, renewed, steps, trimmed

PAGES = tuple(
    sorted({*ROOT.glob("README*.md"), *ROOT.glob("CHANGELOG.md"), *ROOT.glob("docs/**/*.md")})
)
SCHEMAS = ROOT / "perfrules" / "schemas"
BLOCK = re.compile(
    r'^```(?P<language>\w+)(?: +title="(?P<title>[^"\n]+)")?[ ]*\n(?P<source>.*?)^```[ ]*$',
    re.MULTILINE | re.DOTALL,
)


def language_of(path: str | Path) -> str:
    """The language of a page, by its name."""
    return "zh" if str(path).endswith(".zh.md") else "en"


def blocks(document: Document) -> Iterable[Region]:
    """The files and the console blocks of a page, for sybil."""
    for match in BLOCK.finditer(document.text):
        if match["title"]:
            yield Region(match.start(), match.end(), (match["title"], match["source"]), _write)
        elif match["language"] == "console":
            yield Region(match.start(), match.end(), match["source"], _run)


def _write(example: Example) -> None:
    write(example.namespace["console"].folder, *example.parsed)


def write(folder: Path, title: str, source: str) -> None:
    """Write a block of a page to the file that its title names."""
    path = folder / title
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, "utf-8")


def _run(example: Example) -> str | None:
    """Run the commands of a block; says how what they print differs from what is shown."""
    console, language = example.namespace["console"], language_of(example.path)
    for step in steps(example.parsed):
        printed = console.run(step.command, language)
        if not fits(step.shown, printed):
            lines = unified_diff(
                trimmed(step.shown), trimmed(printed), "shown", "printed", lineterm="", n=1
            )
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
    names: dict[str, Any] = {}
    _enter(names)
    try:
        text = BLOCK.sub(
            lambda block: _renewed(block, language_of(path), names), path.read_text("utf-8")
        )
    finally:
        _leave(names)
    path.write_text(text, "utf-8")


def _renewed(block: re.Match[str], language: str, names: dict[str, Any]) -> str:
    """The text of a block with what it prints now."""
    kind, source = block["language"], block["source"]
    if block["title"]:
        write(names["console"].folder, block["title"], source)
    elif kind == "console":
        return "\n".join(["```console", *_printed(source, names["console"], language), "```"])
    elif kind == "python" and source.startswith(">>>"):
        return f"```python\n{_tested(source, names)}```"
    elif kind == "python":
        exec(source, names)  # noqa: S102  # our own pages
    return block[0]


def _printed(source: str, console: Console, language: str) -> Iterable[str]:
    commands = re.findall(r"^\$ .*(?:(?<=\\)\n.*)*", source, re.MULTILINE)
    for command, step in zip(commands, steps(source), strict=True):
        yield command
        yield from renewed(step.shown, console.run(step.command, language))


def _tested(source: str, names: dict[str, Any]) -> str:
    """Doctests with what they print now; those that raise or leave something out stay."""
    lines = source.splitlines(keepends=True)
    made, at = [], 0
    for test in doctest.DocTestParser().get_examples(source):
        body = test.lineno + test.source.count("\n")
        made += lines[at:body]
        at = body + test.want.count("\n")
        out = io.StringIO()
        if test.exc_msg is not None or doctest.ELLIPSIS in test.options:
            made += lines[body:at]
            continue
        with redirect_stdout(out):
            exec(compile(test.source, "page", "single"), names)  # noqa: S102  # our own pages
        made.append(re.sub(r"^$\n", "<BLANKLINE>\n", out.getvalue(), flags=re.MULTILINE))
    return "".join([*made, *lines[at:]])


def write_schemas() -> None:
    """Renew the JSON Schemas that come with the package."""
    for kind, schema in schemas().items():
        path = SCHEMAS / f"{kind}.schema.json"
        path.write_text(f"{json.dumps(schema, ensure_ascii=False, indent=2)}\n", "utf-8")


def main(names: Sequence[str]) -> int:
    """Renew the JSON Schemas, the generated tables of pages, then what their commands and doctests print.

    Returns:
        The exit code of cog; pages whose tables cannot be made are left alone.
    """
    write_schemas()
    cog = import_module("cogapp").Cog()  # only who changes pages needs it
    pages = [ROOT / name for name in names] or list(PAGES)
    code = int(cog.main(["cog", "-r", "-P", *map(str, pages)]))
    for page in pages if code == 0 else ():
        rewrite(page)
    return code


if __name__ == "__main__":  # python -m tests.docs.pages [PAGE]...
    sys.exit(main(sys.argv[1:]))
