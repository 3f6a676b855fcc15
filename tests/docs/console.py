"""Console blocks: lines of ``$ command`` and what they print, run in one folder, in a fixed language and width.

``perfrules …`` runs in this process; everything behind its first ``|`` or ``>``, and every other command, runs in a shell.
A line ``…`` in what a page shows stands for lines that it leaves out.
"""

import io
import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

from perfrules.values import mutable

ROOT = Path(__file__).parents[2]
WIDTH = 100
GAP = "…"
_LOCALES = {"zh": "zh_CN.UTF-8", "en": "en_US.UTF-8"}
_OWN = re.compile(r"perfrules\b")
_REST = re.compile(r"\s([|>]\s.*)$")


@mutable
class Step:
    """A command of a block, and the lines that the page shows for it."""

    command: str
    shown: list[str]


@mutable
class Console:
    """Runs commands in ``folder``; ``code`` is the exit code of the last one."""

    folder: Path
    code: int = 0

    def run(self, command: str, language: str) -> list[str]:
        """What ``command`` prints, line by line."""
        if command == "echo $?":
            return [str(self.code)]
        text = self._own(command, language) if _OWN.match(command) else self._shell(command, "")
        for place in (self.folder.resolve(), self.folder, ROOT):
            text = text.replace(f"{place}{os.sep}", "")
        return [line.rstrip() for line in text.splitlines()]

    def _own(self, command: str, language: str) -> str:
        rest = _REST.search(command)
        args = shlex.split(command[: rest.start()] if rest else command)[1:]
        out, err = io.StringIO(), io.StringIO()
        with _environment(language), redirect_stdout(out), redirect_stderr(err if rest else out):
            from perfrules import cli

            self.code = cli.run(args)
        if rest is None:
            return out.getvalue()
        return err.getvalue() + self._shell(f"cat {rest[1]}", out.getvalue(), own=self.code)

    def _shell(self, command: str, given: str, own: int = 0) -> str:
        found = subprocess.run(  # noqa: S602  # the commands are those of our own pages
            command, cwd=self.folder, input=given, capture_output=True, text=True, shell=True, check=False,
            env={**os.environ, "LC_ALL": "C.UTF-8", "COLUMNS": str(WIDTH)},
        )  # fmt: skip
        self.code = found.returncode or own
        return found.stdout + found.stderr


@contextmanager
def _environment(language: str) -> Iterator[None]:
    """The environment of a reader who speaks ``language``; whatever a command changes in it is taken back."""
    before = dict(os.environ)
    os.environ.pop("LANGUAGE", None)
    os.environ.update(LC_ALL=_LOCALES[language], COLUMNS=str(WIDTH), LINES="60", NO_COLOR="1")
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def steps(source: str) -> list[Step]:
    """The commands of a block; a line that ends in a backslash goes on in the next one."""
    found: list[Step] = []
    for line in source.replace("\\\n", "").splitlines():
        if line.startswith("$ "):
            found.append(Step(re.sub(r"\s{2,}", " ", line[2:]), []))
        elif found:
            found[-1].shown.append(line.rstrip())
    return found


def fits(shown: list[str], printed: list[str]) -> bool:
    """Whether a page shows what was printed, but for the lines that it leaves out."""
    pattern = "".join(
        r"(?:.*\n)+?" if line == GAP else re.escape(line) + r"\n" for line in trimmed(shown)
    )
    text = "".join(f"{line}\n" for line in trimmed(printed))
    return re.fullmatch(pattern, text) is not None


def trimmed(lines: list[str]) -> list[str]:
    """``lines`` without the empty ones at the end."""
    last = max((at for at, line in enumerate(lines) if line), default=-1)
    return lines[: last + 1]


def renewed(shown: list[str], printed: list[str]) -> list[str]:
    """What a page should show: as much of ``printed`` as it showed before, at the same places.

    A part between two gaps is found again by its first line.

    Raises:
        ValueError: Its first line is not printed any more.
    """
    printed = trimmed(printed)
    parts = [part.split("\n") for part in "\n".join(trimmed(shown)).split(f"\n{GAP}\n")]
    if len(parts) == 1:
        return printed
    made, at = [], 0
    for number, part in enumerate(parts):
        if number == len(parts) - 1:
            start = len(printed) - len(part)
        else:
            start = _found(part[0], printed, at) if number else 0
        made.append(printed[start : start + len(part)])
        at = start + len(part)
    return f"\n{GAP}\n".join("\n".join(part) for part in made).split("\n")


def _found(first: str, printed: list[str], at: int) -> int:
    """Where a line that begins like ``first`` is printed."""
    for number in range(at, len(printed)):
        if printed[number].startswith(first):
            return number
    raise ValueError(first)
