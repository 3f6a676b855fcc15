"""Running the command line inside the tests and as a process of its own."""

import gettext
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from perfrules.cli import run

SMALL = Path(__file__).parents[1] / "packs" / "small"


@dataclass(frozen=True)
class Done:
    """What a run gave back."""

    code: int
    out: str
    err: str


Cli = Callable[..., Done]


@pytest.fixture(autouse=True)
def quiet_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No locale, no colour, a fixed width, a folder of its own; gettext as it was."""
    monkeypatch.chdir(tmp_path)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANGUAGE", "")
    monkeypatch.setenv("COLUMNS", "100")
    domain = gettext.textdomain()
    yield
    gettext.textdomain(domain)


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    """Runs the command line in this process."""

    def made(*args: object) -> Done:
        code = run([str(arg) for arg in args])
        told = capsys.readouterr()
        return Done(code, told.out, told.err)

    return made


def process(*args: object, code: str = "", **options: object) -> subprocess.CompletedProcess[bytes]:
    """Run the command line, or some Python before it, as a process of its own."""
    script = f"import sys\n{code}\nfrom perfrules.cli import main\nmain()"
    return subprocess.run(  # type: ignore[call-overload,no-any-return]  # noqa: S603  # our own program
        [sys.executable, "-c", script, *map(str, args)],
        check=False,
        **{"capture_output": True, "timeout": 60, **options},
    )
