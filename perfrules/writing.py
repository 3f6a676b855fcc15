"""Files written beside and renamed, so that a run that fails leaves no half of a new file and destroys no old one."""

import os
import shutil
from pathlib import Path


def replace(path: Path, content: bytes) -> None:
    """Write a file, or write it anew with the rights that it has; a pipe or a device is written to.

    Raises:
        OSError: The file cannot be written; what was there still is.
    """
    if path.exists() and not path.is_file():  # a pipe or a device cannot be replaced
        path.write_bytes(content)
        return
    home = path.resolve()
    beside = home.with_name(f".{home.name}.{os.getpid()}.tmp")
    try:
        beside.write_bytes(content)
        if home.exists():
            shutil.copymode(home, beside)
        beside.replace(home)
    finally:
        beside.unlink(missing_ok=True)
