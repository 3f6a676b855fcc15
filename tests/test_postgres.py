"""The server of the tests."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("databases")
START = """
import time
from tests import postgres
with postgres.running() as server:
    print(server.folder, flush=True)
    time.sleep(600)
"""


def test_it_ends_with_the_tests_however_they_end() -> None:
    command = [sys.executable, "-c", START]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as tests:  # noqa: S603  # our own interpreter
        assert tests.stdout is not None
        folder = Path(tests.stdout.readline().strip())
        held = (folder / "data" / "postmaster.pid").exists()
        tests.kill()
    assert held
    for _ in range(300):
        if not folder.exists():
            return
        time.sleep(0.1)
    pytest.fail(f"{folder} is still there")
