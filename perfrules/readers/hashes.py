"""Hashes of the files that were read, so that a working paper says which files it speaks of."""

import hashlib
from pathlib import Path


def hashes_of(folder: Path, *files: str | None) -> dict[str, str]:
    """The SHA-256 of files of a folder, by name."""
    found = {}
    for file in filter(None, files):
        with (folder / file).open("rb") as held:
            found[file] = hashlib.file_digest(held, "sha256").hexdigest()
    return found
